"""Erasing leaves no trace: no table, no file of the instance, not the database's own file, and what was sealed holds.

Sara does everything that a person can do, then erases her account. Every word that was hers alone is looked for.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.engine import make_url

from tests.accounts.making import acting, make_account, newest_link, send_mails, sign_in
from tests.eligibility.making import DIGESTS, set_rules
from tests.processes.making import day, make_process, open_process
from tests.proposals.making import draft, submit
from tests.voting.making import announce, cast, change, codes, reload, result_of, voting_process
from ucc_participate.accounts.models import Account, Leftover
from ucc_participate.accounts.queries import account_by_email, get_account
from ucc_participate.audit.extension import audit_log
from ucc_participate.documents.uploads import store_upload
from ucc_participate.eligibility import operations as proving
from ucc_participate.eligibility.models import Rules
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.db import db
from ucc_participate.kernel.files import Kind, check_upload
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.models import Process, ProcessState
from ucc_participate.processes.queries import get_process
from ucc_participate.record import exporting, verify
from ucc_participate.voting import operations as voting
from ucc_participate.voting.models import BallotLink, RollEntry, Vote

pytestmark = pytest.mark.settings(UCC_SMS_GATEWAY="console")

EMAIL, NEW_EMAIL = "zarinkelk.parvaneh@example.org", "parvaneh.zarinkelk@example.net"
TRACES = (
    "zarinkelk",
    "Zarinkelk",
    "Qanatabad lane",
    "9126543217",
    "moonflowerdraft",
    "Guardian Tahmineh",
)


@dataclass
class Life:
    """Sara's browser, her account, and what she took part in."""

    browser: FlaskClient
    account: Account
    process: Process
    vote: Vote
    link: str


@pytest.fixture
def life(app: Flask, perform: Any, read: Any, clock: FrozenClock) -> Life:
    start = clock.now()
    process, proposals = voting_process(perform, start)
    stranger = app.test_client()
    stranger.post("/sign-up", data={"email": EMAIL})
    link = newest_link(app)
    told = {"sex": "female", "birth_band": "1990", "district": "Qanatabad lane", "sector": "private"}
    stranger.post(link, data={"display_name": "Parvaneh Zarinkelk", "consent": "y", **told})
    account = read(lambda s: account_by_email(s, EMAIL))
    sara = acting(account)
    then = day(start, 8)
    submit(perform, process, sara, now=then, title="A proposal that stays with the city", shows_name=True)
    draft(perform, process, sara, now=then, title="The moonflowerdraft that nobody saw", body="moonflowerdraft " * 400)
    vote = announce(perform, process, proposals, start=start)
    change(perform, vote, voting.open_vote, now=day(start, 36))
    clock.at = day(start, 37)
    _prove(app, perform, account, clock, start)
    browser = sign_in(app, account, now=clock.now())
    browser.post(f"/p/{process.public_id}/follow")
    browser.post("/account/reminders", data={"kinds": ["phase", "vote"], "quiet_from": "20", "quiet_until": "7"})
    browser.post("/account/email", data={"email-email": NEW_EMAIL})
    send_mails(app)
    app.test_client().post("/sign-in", data={"email": EMAIL})
    cast(perform, vote, sara, codes(vote)[:1], now=clock.now())
    with app.app_context():
        exporting.export(process.public_id)
    return Life(browser, account, process, vote, link)


def _prove(app: Flask, perform: Any, account: Account, clock: FrozenClock, start: Any) -> None:
    """In another process a guardian agrees before a clerk, and a telephone is typed."""
    other = make_process(perform, start, ProcessState.PUBLISHED)
    set_rules(perform, other, Rules(guardian_below=18), now=start)
    open_process(perform, other, now=start)
    clerk = acting(make_account(perform, "clerk@example.org", now=start, roles=(Role.CLERK,)), Role.CLERK)
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(picture, "PNG")
    picture.seek(0)
    with app.app_context():
        scan = store_upload(check_upload(picture, name="sheet.png", kinds=[Kind.PNG], max_bytes=100_000))

    def guardian(session: Any) -> None:
        facts: dict[str, Any] = {
            "scan": scan,
            "actor": clerk,
            "now": clock.now(),
        }
        person, process = get_account(session, account.public_id), get_process(session, other.public_id)
        proving.record_guardian(session, process, person, guardian="Guardian Tahmineh Zarinkelk", **facts)

    def telephone(session: Any) -> None:
        facts: dict[str, Any] = {
            "digests": DIGESTS,
            "actor": acting(account),
            "now": clock.now(),
        }
        person, process = get_account(session, account.public_id), get_process(session, other.public_id)
        proving.send_phone_code(session, process, person, typed="0912 654 3217", **facts)

    perform(guardian)
    perform(telephone)


def everywhere(app: Flask, db_url: str) -> Iterator[tuple[str, bytes]]:
    """The content of every table and of every file of the instance, and the files of the database itself."""
    with app.app_context():
        for table in db.metadata.sorted_tables:
            yield table.name, str(db.session.execute(select(table)).all()).encode()
        db.session.rollback()
    instance = Path(app.instance_path)
    for path in sorted(instance.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(instance)), path.read_bytes()
    if db_url.startswith("sqlite"):
        file = Path(make_url(db_url).database or "")
        for path in (file, file.with_name(f"{file.name}-wal")):
            yield path.suffix, path.read_bytes() if path.exists() else b""


def traces(app: Flask, db_url: str, words: tuple[str, ...] = TRACES) -> dict[str, list[str]]:
    found = {name: [word for word in words if word.encode() in content] for name, content in everywhere(app, db_url)}
    return {name: seen for name, seen in found.items() if seen}


def records_hold(app: Flask, process: Process) -> verify.Report:
    with app.app_context():
        made = exporting.export(process.public_id)
        return verify.verify(str(made.path), [audit_log().signer.vkey])


def test_no_table_and_no_file_has_a_trace_of_an_erased_person(app: Flask, life: Life, db_url: str) -> None:
    before = traces(app, db_url)
    assert {"account", "profile", "proposal", "guardian_consent", "document", "sign_in_link"} <= before.keys()
    assert any(name.startswith("mails/") for name in before)
    assert list(Path(app.instance_path, "records").glob("*.zip"))
    assert list(Path(app.instance_path, "uploads").glob("??/*"))
    assert life.browser.post("/account/erase").location == "/"
    assert traces(app, db_url) == {}
    assert not Path(app.instance_path, "records").exists()
    assert list(Path(app.instance_path, "uploads").glob("??/*")) == []


def test_the_log_and_a_record_verify_after_it(app: Flask, life: Life, db_url: str) -> None:
    life.browser.post("/account/erase")
    runner = app.test_cli_runner()
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    checked = runner.invoke(args=["audit", "check"])
    assert checked.exit_code == 0, checked.output
    report = records_hold(app, life.process)
    assert report.failed == []
    assert traces(app, db_url) == {}


def test_mails_of_the_days_before_and_to_a_new_address_go_too(app: Flask, life: Life, db_url: str) -> None:
    folder = Path(app.instance_path, "mails")
    others = {path for path in folder.glob("*.eml") if b"arinkelk" not in path.read_bytes()}
    life.browser.post("/account/erase")
    assert set(folder.glob("*.eml")) <= others
    assert traces(app, db_url, (EMAIL, NEW_EMAIL)) == {}


def test_a_ballot_of_somebody_who_left_counts_and_nothing_leads_to_it_after_the_closing(
    app: Flask, perform: Any, read: Any, life: Life, clock: FrozenClock
) -> None:
    page = life.browser.get("/account/erase").text
    assert "your ballot in a vote that is open" in page
    life.browser.post("/account/erase")
    account_id = life.account.id
    entry = read(lambda s: s.scalar(select(RollEntry).where(RollEntry.account_id == account_id)))
    assert entry.has_voted
    assert read(lambda s: s.get(BallotLink, entry.id)) is not None
    clock.at = day(life.vote.opens_at, 5)
    change(perform, reload(read, life.vote), voting.close_vote, now=clock.now())
    assert read(lambda s: s.scalars(select(BallotLink)).all()) == []
    result = result_of(read, life.vote)
    assert sum(option["votes"] for option in result["counts"]) == 1
    assert records_hold(app, life.process).failed == []


def test_the_same_address_again_is_a_stranger_without_a_place_on_the_roll(
    app: Flask, perform: Any, read: Any, life: Life, clock: FrozenClock
) -> None:
    life.browser.post("/account/erase")
    again = make_account(perform, EMAIL, now=clock.now())
    assert again.id != life.account.id
    assert read(lambda s: s.scalar(select(RollEntry).where(RollEntry.account_id == again.id))) is None
    answer = sign_in(app, again, now=clock.now()).get(f"/p/{life.process.public_id}/votes/{life.vote.public_id}")
    assert "not on the roll" in answer.text


def test_when_the_machine_dies_after_the_commit_a_job_does_the_rest(
    app: Flask, perform: Any, life: Life, read: Any, db_url: str, clock: FrozenClock
) -> None:
    from ucc_participate.accounts import operations

    erasers = app.extensions["ucc.erasers"]
    perform(
        lambda s: operations.erase_account(
            s,
            get_account(s, life.account.public_id),
            erasers=erasers,
            actor=acting(life.account),
            now=clock.now(),
        )
    )
    assert any(name.startswith("mails/") for name in traces(app, db_url))
    with app.app_context():
        app.extensions["ucc.jobs"].run_all()
    assert traces(app, db_url) == {}
    assert read(lambda s: s.scalars(select(Leftover)).all()) == []


def test_an_older_copy_that_is_restored_is_erased_again_from_the_list(
    app: Flask, perform: Any, life: Life, read: Any, db_url: str, clock: FrozenClock
) -> None:
    """The copy knows Sara again: the list, which lies outside the database, erases her once more and nobody else."""
    digest_list = Path(app.instance_path, "erasures.jsonl")
    with app.app_context():
        app.extensions["ucc.jobs"].run_all()
    assert not digest_list.exists()
    public_id = life.account.public_id
    life.browser.post("/account/erase")
    line = digest_list.read_text()
    assert line.count("\n") == 1
    assert public_id not in line
    assert clock.now().strftime("%Y-%m-%d") in line
    _restore(perform, life.account)
    assert traces(app, db_url, (EMAIL,)) != {}
    done = app.test_cli_runner().invoke(args=["accounts", "reapply-erasures"])
    assert done.output.splitlines()[-1] == "erased 1"
    assert traces(app, db_url, (EMAIL, "Zarinkelk")) == {}
    assert app.test_cli_runner().invoke(args=["accounts", "reapply-erasures"]).output.splitlines()[-1] == "erased 0"
    assert read(lambda s: s.scalar(select(Account.is_active).where(Account.email == "clerk@example.org")))


def _restore(perform: Any, account: Account) -> None:
    """The account's row as an older copy of the database has it."""
    from ucc_participate.accounts.events import AccountEvent
    from ucc_participate.accounts.references import account_ref
    from ucc_participate.audit.log import record

    def work(session: Any) -> None:
        row = session.get_one(Account, account.id)
        for name in ("public_id", "email", "display_name", "is_active"):
            setattr(row, name, getattr(account, name))
        facts: dict[str, Any] = {
            "actor": acting(account),
            "subject": account_ref(session, row),
            "now": account.created_at,
        }
        record(session, AccountEvent.UPDATED, **facts)

    perform(work)
