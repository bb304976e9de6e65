"""While a vote is open nothing that leaves the system depends on the ballots.

One city, told twice: same people, same moments, same random numbers; only what is on the ballots differs. Then every
exit is read in both and compared. What may differ is what hides the ballots: hashes, signatures and commitments.
"""

from __future__ import annotations

import difflib
import io
import os
import random
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter, Rule

from tests.accounts.making import send_mails
from tests.applications import close_app, make_app
from tests.conftest import START
from tests.processes.making import day, invite_every_sector
from tests.stakeholders.making import make_account, make_delegate, set_quorum, sign_in
from tests.voting.making import (
    BY_VOTES,
    OPENS_ON,
    announce,
    cast,
    cast_openly,
    change,
    codes,
    delegate,
    describe,
    residents,
    voting_process,
)
from ucc_participate.accounts.models import Account, Sex
from ucc_participate.audit import log, reading
from ucc_participate.audit.extension import audit_log
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.db import db
from ucc_participate.kernel.db import perform as through_the_door
from ucc_participate.kernel.identity import Role
from ucc_participate.record import verify
from ucc_participate.stakeholders.models import Organisation
from ucc_participate.voting import jobs, operations
from ucc_participate.voting.models import Franchise, Vote

VOTERS = 24
FIRST = [[0], [0], [0, 1], [0], []]
"""What people choose in the first telling, by turns, as positions on the ballot."""
SECOND = [[2, 1], [2], [1], [2, 0], [2]]
OPENLY = {"first": [[0], [0], [0]], "second": [[1, 2], [2], []]}

HEX = re.compile(r"[0-9a-f]{16,}")
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")
SHORTENED = re.compile(r"[0-9a-f]{4,}(?=…)|(?<=…)[0-9a-f]{4,}")
TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]*|(?<=name="idempotency_key" type="hidden" value=")[^"]*')
SIZE_OF_ZIP = re.compile(r"\d+ bytes")
PASSING_HEADERS = {"Date", "ETag", "Expires", "Last-Modified", "Set-Cookie", "Content-Disposition"}
NOWHERE = "unknown"
MUST_BE_READ = {
    "accounts.account",
    "audit.checkpoint",
    "audit.index",
    "audit.proof",
    "audit.tile",
    "notifications.mails",
    "portal.home",
    "processes.show",
    "record.download",
    "record.show",
    "representation.show",
    "voting.extend",
    "voting.find",
    "voting.lot",
    "voting.roll",
    "stakeholders.delegates",
    "stakeholders.seats",
    "voting.index",
    "voting.receipt_file",
    "voting.show",
    "voting.slots",
}


@dataclass
class City:
    """One telling, in the middle of its votes."""

    app: Flask
    now: datetime
    process: str = ""
    votes: list[Vote] = field(default_factory=list)
    people: dict[str, Account] = field(default_factory=dict)
    second: Account | None = None
    """Who speaks for the organisation whose ballot waits, and may see it; not among those whose pages are compared."""
    known: dict[str, list[str]] = field(default_factory=dict)

    def perform(self, work: Any) -> Any:
        with self.app.app_context():
            return through_the_door(work)


class Drawn:
    """The machine's random bytes, the same in each telling.

    A stream for each length: libraries draw too, at their first use, and must not move what the application draws.
    """

    def __init__(self) -> None:
        self._streams: dict[int, random.Random] = {}

    def __call__(self, length: int) -> bytes:
        return self._streams.setdefault(length, random.Random(length)).randbytes(length)


@pytest.fixture
def tell(databases: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """``tell(name, secret, open)``: the city with these ballots, from the same random numbers each time."""
    made: list[tuple[Flask, str]] = []

    def telling(name: str, secretly: Sequence[Sequence[int]], openly: Sequence[Sequence[int]]) -> City:
        drawn = Drawn()
        monkeypatch.setattr(os, "urandom", drawn)
        monkeypatch.setattr(random, "_urandom", drawn)
        address = databases.migrated()
        environment = {
            "UCC_DATABASE_URL": address,
            "UCC_INSTANCE_PATH": str(tmp_path / name),
            "UCC_SECRET_KEY": "a secret that only tests know, long enough",
            "UCC_DEFAULT_LOCALE": "en",
            "UCC_RATE_LIMITS": "no",
            "UCC_SHOW_MAILS": "yes",
        }
        app = make_app(environment, FrozenClock(START))
        app.config["WTF_CSRF_ENABLED"] = False
        app.extensions["ucc.visitor_cache"].seconds = 3600
        made.append((app, address))
        return _live(City(app, START), secretly, openly)

    yield telling
    for app, address in made:
        close_app(app)
        databases.drop(address)


def _live(city: City, secretly: Sequence[Sequence[int]], openly: Sequence[Sequence[int]]) -> City:
    """Two votes are announced and opened, everybody casts, some twice, some ballots are committed to."""
    app, now, during = city.app, city.now, day(city.now, OPENS_ON + 1)
    perform = city.perform
    people = residents(perform, VOTERS, now=now)
    for at, (account, actor) in enumerate(people):
        sex, born = (Sex.FEMALE, 2002) if at % 2 else (Sex.MALE, 1970)
        describe(perform, account, actor, now=now, sex=sex, birth_year=born)
    process, proposals = voting_process(perform, now)
    organisations = invite_every_sector(perform, process, now=now)
    delegates = [
        delegate(perform, each, f"delegate{at}@city.example", now=now) for at, each in enumerate(organisations)
    ]
    for role in (Role.COORDINATOR, Role.EVALUATOR, Role.CLERK, Role.MODERATOR):
        city.people[role.value] = make_account(perform, f"{role.value}@city.example", now=now, roles=(role,))
    _with_quorum(city, organisations[2], now)
    sealed_lot: dict[str, Any] = {"rules": BY_VOTES | {"tie": "lot"}, "public_value": "the lottery of 12 May"}
    secret = announce(perform, process, proposals, start=now, **sealed_lot)
    on_record = announce(perform, process, proposals, start=now, franchise=Franchise.ORGANISATION)
    for vote in (secret, on_record):
        change(perform, vote, operations.open_vote, now=day(now, OPENS_ON))
    app.extensions["ucc.clock"].at = during
    # The first voter is the same in both tellings: what she reads must be the same too, her own ballot included.
    city.people["same voter"], same = people[0]
    cast(perform, secret, same, codes(secret)[:1], now=during, key="s" * 22)
    for at, (_account, actor) in enumerate(people[1 : VOTERS - 1]):
        cast(perform, secret, actor, _chosen(secret, secretly, at), now=during)
    for at, (_account, actor) in enumerate(people[1:4]):
        cast(perform, secret, actor, _chosen(secret, secretly, at + 1), now=during)
    for at, (organisation, actor) in enumerate(zip(organisations, delegates, strict=True)):
        # The last one waits for a second delegate in both tellings, with other choices.
        cast_openly(perform, on_record, organisation, actor, _chosen(on_record, openly, at), now=during)
    cast_openly(perform, on_record, organisations[0], delegates[0], _chosen(on_record, openly, 1), now=during)
    with app.app_context():
        jobs.batch_waiting()
        log.sequence(db.engine)
        audit_log().publish()
    city.people["who has not voted"] = people[VOTERS - 1][0]
    city.process, city.votes = process.public_id, [secret, on_record]
    city.known = {
        "voting": [secret.public_id, on_record.public_id],
        "voting_api": [secret.public_id, on_record.public_id],
        "processes": [process.public_id],
        "proposals": [proposals[0].public_id],
        "stakeholders": [organisations[0].public_id, organisations[2].public_id],
        "accounts": [people[1][0].public_id],
    }
    return city


def _with_quorum(city: City, organisation: Organisation, now: datetime) -> None:
    """Two of the organisation's delegates must agree; the second one is known, and has a browser of their own."""
    set_quorum(city.perform, organisation, 2, now=now)
    second = make_account(city.perform, "second@city.example", now=now, name="Second")
    make_delegate(city.perform, organisation, second, now=now)
    city.second = second


def _chosen(vote: Vote, choices: Sequence[Sequence[int]], at: int) -> list[str]:
    return [codes(vote)[place] for place in choices[at % len(choices)]]


# --- what leaves


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


def plain(text: str) -> str:
    """The text without what is random by construction."""
    without_breaks = text.replace("<wbr>", "").replace("&#8203;", "")
    return SHORTENED.sub("#", HEX.sub("#", BASE64.sub("#", TOKEN.sub("#", without_breaks))))


def everything_of(city: City, tmp_path: Path) -> dict[str, Answer]:
    """Every exit of the city, by what it is called."""
    mails = enumerate(send_mails(city.app))
    found = {f"mail {at}": Answer(0, (), plain(f"{mail.to} {mail.subject}\n{mail.body}")) for at, mail in mails}
    return found | dict(_over_http(city)) | _on_the_command_line(city, tmp_path)


def _over_http(city: City, rooms: Sequence[str] = ()) -> Iterator[tuple[str, Answer]]:
    """What everybody reads at every address, or at those of some rooms; what is nowhere is asked for once."""
    browsers: dict[str, FlaskClient] = {"visitor": city.app.test_client()}
    moment = city.app.extensions["ucc.clock"].now()
    browsers |= {who: sign_in(city.app, account, now=moment) for who, account in city.people.items()}
    addresses = [each for each in _addresses(city) if not rooms or each[0].partition(".")[0] in rooms]
    for who, browser in browsers.items():
        for endpoint, address in addresses:
            if NOWHERE in address and who != "visitor":
                continue
            for time in ("first", "again") if who == "visitor" else ("once",):
                yield f"{who} {endpoint} {address} {time}", _read(browser, address)


def _addresses(city: City) -> Iterator[tuple[str, str]]:
    """Every address that can be read, with what is known put in for its variables."""
    adapter = city.app.url_map.bind("127.0.0.1:8000")
    for rule in sorted(city.app.url_map.iter_rules(), key=str):
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            for values in _values(city, rule):
                yield rule.endpoint, adapter.build(rule.endpoint, values)


def _values(city: City, rule: Rule) -> Iterator[dict[str, Any]]:
    blueprint = rule.endpoint.partition(".")[0]
    with city.app.app_context():
        size = reading.head(db.session.connection()).size
        db.session.rollback()
    choices: dict[str, list[Any]] = {
        "process_id": [city.process],
        "public_id": city.known.get(blueprint, [city.process]),
        "position": [0, size - 1, size - 5],
        "rest": [f"entries/000.p/{size % 256}", f"0/000.p/{size % 256}"],
        "locale": ["fa"],
        "kind": ["vote"],
        "role": ["coordinator"],
    }
    values: list[dict[str, Any]] = [{}]
    for name in sorted(rule.arguments):
        is_number = isinstance(rule._converters[name], IntegerConverter)
        offered = choices.get(name, [1] if is_number else [NOWHERE])
        values = [{**known, name: value} for known in values for value in offered]
    yield from values


def _read(browser: FlaskClient, address: str) -> Answer:
    answer = browser.get(address)
    # The length of a package is that of compressed random bytes.
    passing = PASSING_HEADERS | ({"Content-Length"} if answer.mimetype == "application/zip" else set())
    headers = sorted((name, plain(value)) for name, value in answer.headers if name not in passing)
    read = Answer(answer.status_code, tuple(headers), _body(answer.data, answer.mimetype or ""))
    answer.close()
    return read


def _body(data: bytes, kind: str) -> str:
    if kind == "application/zip":
        return _inside(data)
    if kind == "application/octet-stream":
        return f"{len(data)} bytes: " + plain("".join(chr(byte) if 32 <= byte < 127 else " " for byte in data)) * (
            b'"type"' in data
        )
    return plain(data.decode("utf-8"))


@cache
def _text_of(document: bytes) -> str:
    """The text of a PDF; several readers get the same one."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages)


def _inside(data: bytes) -> str:
    """Every file of a package: its name, and its text or, of hashes, its length."""
    parts = []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            content = package.read(name)
            if name.endswith(".pdf"):
                parts.append(f"{name}\n" + plain(re.sub(r"\s+", "", _text_of(content))))
            else:
                kind = "application/octet-stream" if name.startswith("data/log/tile") else "text/plain"
                parts.append(f"{name}\n" + _body(content, kind))
    return "\n".join(parts)


def _on_the_command_line(city: City, tmp_path: Path) -> dict[str, Answer]:
    output = tmp_path / "exported.zip"
    told = {}
    for command in (
        ["record", "export", city.process, "--output", str(output)],
        ["audit", "verify"],
        ["audit", "check"],
        ["audit", "checkpoint"],
    ):
        done = city.app.test_cli_runner().invoke(args=command)
        told[" ".join(["flask", *command[:2]])] = Answer(done.exit_code, (), SIZE_OF_ZIP.sub("#", plain(done.output)))
    told["exported package"] = Answer(0, (), _inside(output.read_bytes()))
    return told


# --- the proof


@pytest.mark.timeout(900)
def test_nothing_that_leaves_before_the_closing_depends_on_the_ballots(tell, tmp_path):
    first = everything_of(tell("first", FIRST, OPENLY["first"]), tmp_path)
    second = everything_of(tell("second", SECOND, OPENLY["second"]), tmp_path)
    assert list(first) == list(second)
    assert {name: difference(first[name], second[name]) for name in first if first[name] != second[name]} == {}
    assert {endpoint for endpoint in MUST_BE_READ if not was_read(first, endpoint)} == set()
    results = [answer.status for name, answer in first.items() if " voting_api.result " in name]
    assert set(results) == {409}
    assert first["exported package"].body.count('"type":"ballot.cast_openly"') == 2
    assert first["exported package"].body.count('"type":"ballot.proposed_openly"') == 1


def was_read(answers: dict[str, Answer], endpoint: str) -> bool:
    return any(f" {endpoint} " in name and answer.status == 200 for name, answer in answers.items())


def difference(one: Answer, other: Answer) -> list[str]:
    """The first lines that differ."""
    told = difflib.unified_diff(str(one).split("\\n"), str(other).split("\\n"), n=0, lineterm="")
    return [line[:300] for line in told][:8]


@pytest.mark.timeout(900)
def test_a_closed_vote_whose_lot_is_not_drawn_tells_as_little_as_an_open_one(tell):
    """Until the count: pages, data, files, for everybody."""
    told = []
    for name, choices in (("first", FIRST), ("second", SECOND)):
        city = tell(name, choices, OPENLY["first"])
        after = day(city.now, 40)
        city.app.extensions["ucc.clock"].at = after
        change(city.perform, city.votes[0], operations.close_vote, now=after)
        city.votes, city.known["voting"] = city.votes[:1], [city.votes[0].public_id]
        city.known["voting_api"] = city.known["voting"]
        told.append(dict(_over_http(city, ("voting", "voting_api", "record"))))
    first, second = told
    assert {name: difference(first[name], second[name]) for name in first if first[name] != second[name]} == {}
    assert {answer.status for name, answer in first.items() if " voting_api.result " in name} == {409}
    assert was_read(first, "voting.show")
    assert was_read(first, "record.download")


def test_the_two_tellings_have_other_results(tell):
    """Without this the test above would prove nothing."""
    totals = []
    for name, choices in (("first", FIRST), ("second", SECOND)):
        city = tell(name, choices, OPENLY[name])
        after = day(city.now, 40)
        city.app.extensions["ucc.clock"].at = after
        for vote in city.votes:
            change(city.perform, vote, operations.close_vote, now=after)
        change(city.perform, city.votes[0], operations.draw_lot, now=after, public_value="7 14 21")
        browser = city.app.test_client()
        answers = [browser.get(f"/api/v1/votes/{vote.public_id}/result.json").get_json() for vote in city.votes]
        totals.append([[line["votes"] for line in answer["counts"]] for answer in answers])
    assert totals[0][0] != totals[1][0]
    assert totals[0][1] != totals[1][1]


def test_what_waits_for_agreement_is_seen_by_the_delegates_of_the_organisation_alone(tell):
    """Without this the first test might be true because nothing is ever shown."""
    city = tell("first", FIRST, OPENLY["first"])
    address = f"/p/{city.process}/votes/{city.votes[1].public_id}"
    moment = city.app.extensions["ucc.clock"].now()
    pages = {
        who: sign_in(city.app, account, now=moment).get(address).text
        for who, account in (city.people | {"second delegate": city.second}).items()
    }
    assert {who for who, page in pages.items() if "This ballot waits for agreement" in page} == {"second delegate"}


def test_the_record_of_an_open_vote_verifies_and_says_what_is_sealed(tell, tmp_path):
    city = tell("first", FIRST, OPENLY["first"])
    output = tmp_path / "open.zip"
    city.app.test_cli_runner().invoke(args=["record", "export", city.process, "--output", str(output)])
    with city.app.app_context():
        vkey = audit_log().signer.vkey
    report = verify.verify(str(output), [vkey], [])
    assert report.failed == []
    assert any("3 ballots of organisations" in text for text in report.not_checked)
    with zipfile.ZipFile(output) as package:
        openings = package.read("data/openings.jsonl").decode()
    assert '"choices"' not in openings
    assert '"delegate"' not in openings
