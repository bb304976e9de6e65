"""The stand-alone verifier: what it proves of an honest record, and what it finds in a dishonest one."""

from __future__ import annotations

import base64
import json
import random
import subprocess
import sys
import time
import tracemalloc
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.record import package
from tests.record.attacks import ATTACKS, HOSTILE, Attack, Case, seal, sealed, write
from tests.record.package import OPEN, PROCESS, SECRET, SIGNER, STRANGER, sample
from ucc_participate.audit import commitments
from ucc_participate.record import verify
from ucc_participate.voting import rules

BAGGED = package.bag(package.files_of(sample()))
COMPLETENESS = "Completeness: without a checkpoint or a receipt from elsewhere a shortened log looks the same."


def found(report: verify.Report, folder: Path) -> set[tuple[str, str]]:
    return {(failure.check, failure.where.replace(f"{folder}/", "")) for failure in report.failed}


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """The bytes of the sample's ZIP."""
    return package.pack(BAGGED, tmp_path_factory.mktemp("whole") / "record.zip").read_bytes()


def by_name(attacks: list[Attack]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("attack", attacks, ids=lambda attack: attack.name)


# ------------------------------------------------------------------------------------------------ an honest record


def test_an_honest_record_passes_and_says_how_far_that_goes(tmp_path):
    report = sealed(tmp_path, sample()).verify()
    assert report.failed == []
    assert report.exit == 0
    assert "All 307 entries are unaltered: their Merkle tree has the root of the checkpoint." in report.proved
    assert "Counting 6 ballots of vote/v1 again gives the published result." in report.proved
    assert "3 organisations voted in vote/v2, by name, none twice." in report.proved
    assert COMPLETENESS in report.not_provable
    assert "Time stamps and witnesses' signatures." in report.not_checked


def test_without_a_key_the_signature_is_not_checked(tmp_path):
    report = sealed(tmp_path, sample(), vkeys=[]).verify()
    assert report.exit == 0
    assert "The signature of the checkpoint: no --vkey was given." in report.not_checked
    assert not [statement for statement in report.proved if "signed" in statement]


def test_a_shortened_log_passes_the_arithmetic_and_is_never_called_complete(tmp_path):
    city = sample()
    del city.drafts[-2:]
    report = sealed(tmp_path, city).verify()
    assert (report.failed, report.exit) == ([], 0)
    assert COMPLETENESS in report.not_provable


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 300, 307])
def test_an_earlier_checkpoint_is_evidence_up_to_its_size(tmp_path, size):
    city = sample()
    earlier = write(tmp_path / "earlier", package.checkpoint(city.entries()[:size]))
    report = sealed(tmp_path, city, checkpoints=[earlier]).verify()
    assert report.failed == []
    assert f"The first {size} entries are those of the earlier checkpoint {earlier}." in report.proved
    partly = f"Completeness after entry {size - 1}: no checkpoint from elsewhere covers the rest."
    assert (partly in report.not_provable) == (size < 307)
    assert COMPLETENESS not in report.not_provable


def test_unknown_signatures_are_ignored_and_one_is_counted_once(tmp_path):
    files = package.files_of(sample())
    note = files["data/log/checkpoint"].decode()
    text, line = note.rsplit("\n\n", 1)
    stranger = STRANGER.sign(text + "\n").rsplit("\n\n", 1)[1]
    report = seal(tmp_path, {**files, "data/log/checkpoint": (note + stranger + line).encode()}).verify()
    assert report.failed == []


def test_receipts_and_proofs_are_found_in_the_record(tmp_path):
    city = sample()
    entries = city.entries()
    cast, ballot = city.index("ballot.cast"), package.secret_ballot(1, package.BALLOTS[1])
    given_out: dict[str, str | dict[str, Any]] = {
        "plain": package.receipt_of(city, entries, city.index("proposal.submitted")),
        "ballot": package.receipt_of(city, entries, cast + 1, ballot=ballot),
        "replaced": package.receipt_of(city, entries, cast, ballot=package.secret_ballot(99, ("c",))),
        "waiting": package.receipt_of(city, entries, 300, waiting=True),
        "proof": package.proof_of(entries[:290], 33),
    }
    paths = [write(tmp_path / name, content) for name, content in given_out.items()]
    report = sealed(tmp_path, city, receipts=paths).verify()
    assert report.failed == []
    told = {statement.replace(f"{tmp_path}/", "") for statement in report.proved}
    assert told >= {
        "The entry of the receipt plain is entry 272 of this record.",
        "The ballot of the receipt ballot is among those counted.",
        "The ballot of the receipt replaced was replaced by a later one of the same voter.",
        "The entry promised in the receipt waiting is entry 300 of this record.",
        "The entry of the proof proof is entry 33 of this record.",
    }


def test_a_promise_younger_than_the_record_is_neither_kept_nor_broken(tmp_path):
    city = sample()
    late = package.receipt_of(city, city.entries(), 306, waiting=True)
    city.drafts.pop()
    report = sealed(tmp_path, city, receipts=[write(tmp_path / "receipt", late)]).verify()
    assert report.failed == []
    assert any(statement.startswith("That the promise of the receipt") for statement in report.not_provable)


def test_an_erased_person_leaves_a_record_that_verifies_and_cannot_be_guessed(tmp_path):
    city = sample()
    places = [city.index("proposal.submitted"), city.index("proposal.answered")]
    for index in places:
        city.drafts[index].withheld = ("author",)
    payload = {"reason": "On request", "withheld": [[index, "author"] for index in places]}
    city.add("erasure.executed", "account/" + "a" * 32, payload, process=None)
    report = sealed(tmp_path, city).verify()
    assert report.failed == []
    assert "2 withheld fields or payloads are all explained by later entries of the log." in report.proved

    openings = city.openings()
    digest = next(opening["withheld"]["author"] for opening in openings if opening["index"] == places[0])
    salts = [bytes.fromhex(salt) for opening in openings for salt, _ in opening["fields"].values()]
    derived = [commitments.field_salt(salt, "author") for salt in salts]
    guesses = [commitments.field_digest(salt, "author", "Somebody").hex() for salt in [*salts, *derived, bytes(32)]]
    assert digest not in guesses


def test_a_whole_payload_may_be_withheld_with_a_reason(tmp_path):
    city = sample()
    index = city.index("figures.published")
    city.drafts[index].hidden = True
    city.add("redaction.declared", PROCESS, {"reason": "Wrong people counted", "withheld": [[index, None]]})
    assert sealed(tmp_path, city).verify().failed == []


def test_an_extended_roll_is_shown_although_it_was_allowed(tmp_path):
    city = sample()
    city.insert(289, "roll.extended", SECRET, {"slots": 12, "by_sector": {}, "reason": "Two came of age"})
    package.count_again(city, SECRET, roll=12)
    report = sealed(tmp_path, city).verify()
    assert report.failed == []
    assert report.shown == ["The roll of vote/v1 was extended in entry 289, from 10 to 12: Two came of age"]


def test_a_vote_that_is_still_open_is_not_called_counted(tmp_path):
    city = sample()
    del city.drafts[city.index("vote.closed", SECRET) :]
    report = sealed(tmp_path, city).verify()
    assert report.failed == []
    assert "The ballots of vote/v1: it is not counted yet." in report.not_checked


def test_a_ballot_on_which_delegates_agreed_passes(tmp_path):
    report = sealed(tmp_path, package.agreed_sample()).verify()
    assert report.failed == []
    assert "3 organisations voted in vote/v2, by name, none twice." in report.proved
    assert "All ballots of vote/v2 were cast between its opening and its closing." in report.proved


def test_open_ballots_stay_sealed_until_their_vote_closes(tmp_path):
    city = sample()
    del city.drafts[city.index("vote.closed", OPEN) :]
    for draft in city.drafts:
        draft.hidden = draft.kind in ("ballot.cast_openly", "ballot.recast_openly")
    report = sealed(tmp_path, city).verify()
    assert report.failed == []
    assert "4 ballots of organisations: sealed until their vote closes." in report.not_checked


def test_ballots_of_a_vote_held_elsewhere_are_imported_in_bulk(tmp_path):
    city = sample()
    city.drafts = [draft for draft in city.drafts if draft.kind not in ("ballot.cast", "ballot.recast")]
    first, second = [index for index, draft in enumerate(city.drafts) if draft.kind == "ballots.batched"]
    del city.drafts[city.index("ballots.superseded")]
    lines = sorted(line[0] for line in city.ballots[SECRET])
    city.drafts[first].kind, city.drafts[first].payload = "ballots.imported", {"commitments": lines}
    del city.drafts[second]
    assert sealed(tmp_path, city).verify().failed == []


def test_entries_of_a_newer_schema_are_not_checked_but_in_the_tree(tmp_path):
    city = sample()
    entries = city.entries()
    entries[0] = entries[0].replace(b"ucc.organisation/1", b"ucc.organisation/2")
    report = seal(tmp_path, package.files_of(city, entries)).verify()
    assert report.failed == []
    assert "1 entries follow a newer schema than this program knows." in report.not_checked


# ------------------------------------------------------------------------------------------------ dishonest records


@by_name(ATTACKS)
def test_an_attack_is_found_where_it_happened(attack, tmp_path):
    report = attack.build(tmp_path).verify()
    assert found(report, tmp_path) == attack.found
    assert report.exit == 1


@contextmanager
def at_little_cost():
    """Bounded whatever the package claims: 20 MB and five seconds of one processor."""
    started = time.process_time()
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000
    assert time.process_time() - started < 5


@by_name([attack for attack in ATTACKS if attack.number == 25])
def test_hostile_content_costs_little(attack, tmp_path):
    case = attack.build(tmp_path)
    with at_little_cost():
        assert case.verify().exit == 1


@by_name(HOSTILE)
def test_a_hostile_package_is_refused_cleanly(attack, tmp_path, capsys):
    case = attack.build(tmp_path)
    with at_little_cost(), pytest.raises(verify.Unreadable):
        case.verify()
    receipts = [f"--receipt={path}" for path in case.receipts]
    assert verify.main([str(case.record), *(f"--vkey={vkey}" for vkey in case.vkeys), *receipts]) == 2
    printed = capsys.readouterr()
    assert json.loads(printed.out)["exit"] == 2
    assert printed.err.startswith("This could not be read as a record: ")


def test_a_flipped_bit_names_its_entry(tmp_path):
    city = sample()
    files, entries = package.files_of(city), city.entries()
    chance = random.Random(20)
    for index in chance.sample(range(len(entries)), 60):
        name = "data/log/tile/entries/000" if index < 256 else "data/log/tile/entries/001.p/51"
        at = files[name].index(entries[index]) + chance.randrange(len(entries[index]))
        flipped = bytearray(files[name])
        flipped[at] ^= 1 << chance.randrange(8)
        report = seal(tmp_path, {**files, name: bytes(flipped)}).verify()
        places = found(report, tmp_path)
        assert ("leaf_tile", f"entry {index}") in places
        assert ("root", "data/log/checkpoint") in places


def test_a_flipped_bit_in_an_opening_names_its_entry_or_line(tmp_path):
    files = package.files_of(sample())
    lines = files["data/openings.jsonl"].split(b"\n")[:-1]
    chance = random.Random(21)
    for number, line in enumerate(lines):
        index = json.loads(line)["index"]
        flipped = bytearray(line)
        flipped[chance.randrange(len(line))] ^= 1 << chance.randrange(8)
        changed = b"\n".join([*lines[:number], bytes(flipped), *lines[number + 1 :]]) + b"\n"
        report = seal(tmp_path, {**files, "data/openings.jsonl": changed}).verify()
        places = {where for _, where in found(report, tmp_path)}
        assert places & {f"entry {index}", f"data/openings.jsonl line {number + 1}"}, (line, bytes(flipped))


def test_a_flipped_bit_in_the_checkpoint_is_never_accepted(tmp_path):
    files = package.files_of(sample())
    note = files["data/log/checkpoint"]
    for at in range(len(note)):
        flipped = bytearray(note)
        flipped[at] ^= 1 << at % 8
        case = seal(tmp_path, {**files, "data/log/checkpoint": bytes(flipped)})
        try:
            assert case.verify().exit == 1
        except verify.Unreadable:
            continue


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_anywhere_in_the_package_is_never_a_crash(packed, tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("damaged")
    content = bytearray(packed)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    try:
        report = Case(write(folder / "record.zip", bytes(content))).verify()
    except verify.Unreadable:
        return
    assert report.exit in (0, 1)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_in_any_file_is_found_and_never_a_crash(tmp_path_factory, data):
    """The manifests are those of the untouched files, so whatever else is noticed the package is not whole."""
    folder = tmp_path_factory.mktemp("damaged")
    files = dict(BAGGED)
    name = data.draw(st.sampled_from(sorted(set(files) - {"tagmanifest-sha256.txt"})))
    content = bytearray(files[name])
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    try:
        report = Case(package.pack({**files, name: bytes(content)}, folder / "record.zip")).verify()
    except verify.Unreadable:
        return
    assert "bag" in {failure.check for failure in report.failed}


def test_many_failures_of_one_kind_are_counted_and_not_all_listed(tmp_path):
    files = package.files_of(sample())
    report = seal(tmp_path, {**files, "data/log/tile/0/000": bytes(8192)}).verify()
    listed = [failure for failure in report.all_failures() if failure.check == "leaf_tile"]
    assert len(listed) == 21
    assert listed[-1].what == "… and 236 more of this kind"


# ------------------------------------------------------------------------------------------------ the program


def test_the_program_stands_alone(tmp_path):
    case = sealed(tmp_path, sample())
    program = write(tmp_path / "verify.py", Path(verify.__file__).read_bytes())
    command = [sys.executable, "-I", "-S", str(program), str(case.record), "--vkey", SIGNER.vkey]
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/", env=ascii_only)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\nPROVED\n" in done.stdout
    assert "\nNOT PROVABLE\n" in done.stdout
    assert "\nNOT CHECKED\n" in done.stdout
    last = json.loads(done.stdout.splitlines()[-1])
    assert (last["exit"], last["process"], last["size"], last["failed"]) == (0, PROCESS, 307, [])


def test_the_program_names_what_failed_and_ends_with_data(tmp_path, capsys):
    files = package.files_of(sample())
    case = seal(tmp_path, {**files, "data/log/tile/1/000.p/1": bytes(32)})
    assert verify.main([str(case.record), "--vkey", SIGNER.vkey]) == 1
    out = capsys.readouterr().out
    assert "FAILED\n  - data/log/tile/1/000.p/1: the tile does not hold the hashes of the tree\n" in out
    assert verify.main([str(case.record), "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["format"] == "ucc-verification/1"
    assert data["failed"] == [
        {
            "check": "upper_tiles",
            "where": "data/log/tile/1/000.p/1",
            "what": "the tile does not hold the hashes of the tree",
        }
    ]


def test_text_from_the_record_cannot_rewrite_the_terminal(tmp_path):
    city = sample()
    reason = "\x1b[2JNothing failed.\u202e\u2066"
    city.insert(289, "roll.extended", SECRET, {"slots": 12, "by_sector": {}, "reason": reason})
    package.count_again(city, SECRET, roll=12)
    text = verify.render(sealed(tmp_path, city).verify())
    assert "\\u001b[2JNothing failed.\\u202e\\u2066" in text
    assert "\x1b" not in text


# ------------------------------------------------------------------------------------------------ tables, counting


def test_the_tables_say_what_the_log_says():
    city = sample()
    own = [(i, d.kind, d.subject, d.time) for i, d in enumerate(city.drafts) if d.process == PROCESS]
    tables = verify.derive_tables(own, {i: d.payload for i, d in enumerate(city.drafts)})
    assert list(tables) == list(verify.TABLES)
    assert [row[0] for row in tables["process"]] == ["part", "process", "phase"]
    assert tables["process"][1][2] == "شهر موسیقی / City of Music"
    assert tables["stakeholders"][2] == [
        *("organisation/o1", "@name 1", "private", "", "", "", "letter", "answered"),
        *("2026-03-21T08:06:00Z", "2026-03-21T08:07:00Z"),
    ]
    proposal = dict(zip(tables["proposals"][0], tables["proposals"][1], strict=True))
    told = [proposal[name] for name in ("proposal", "outcome", "objectives", "place", "sector")]
    assert told == ["proposal/x1", "adopted", "OBJ-1|OBJ-2", '{"lat":35,"lon":51}', ""]
    votes = [dict(zip(tables["votes"][0], row, strict=True)) for row in tables["votes"][1:]]
    assert [(v["vote"], v["option"], v["votes"], v["rank"], v["selected"]) for v in votes] == [
        (SECRET, "a", "3", "1", "true"),
        (SECRET, "b", "3", "2", "false"),
        (SECRET, "c", "2", "3", "true"),
        (OPEN, "a", "1", "2", "true"),
        (OPEN, "b", "1", "3", "false"),
        (OPEN, "c", "2", "1", "true"),
    ]
    assert ["ballot.cast", "6", "2026-03-21T12:43:00Z", "2026-03-21T12:48:00Z"] in tables["events"]
    assert tables["presence"][1:] == [["invited", "sector:public", "1", "1"], ["voted", "sex:female", "", ""]]


def test_the_table_of_statements_has_what_the_map_found():
    city = package.asking(sample())
    own = [(i, d.kind, d.subject, d.time) for i, d in enumerate(city.drafts) if d.process == PROCESS]
    heads, *rows = verify.derive_tables(own, {i: d.payload for i, d in enumerate(city.drafts)})["statements"]
    told = [dict(zip(heads, row, strict=True)) for row in rows]
    assert [(row["number"], row["text"], row["agrees"], row["is_accepted"]) for row in told] == [
        ("1", "Plant trees", "7", "true"),
        ("2", "", "", ""),
    ]
    assert {row["map_title"] for row in told} == {"Parks"}


def test_a_result_that_is_none_leaves_the_table_without_numbers():
    results: list[Any] = [None, "all agree", [], {"statements": "none"}, {"statements": [None, [1]]}]
    for result in results:
        story = verify.Story()
        story.tell(0, "opinion_map.closed", "opinion_map/m", "", {"title": {"en": "Parks"}, "result": result})
        story.tell(
            1, "statement.added", "statement/s", "", {"map": "opinion_map/m", "number": 1, "text": "Plant trees"}
        )
        assert verify.tables_of(story)["statements"][1][11:] == ["", "", "", ""]


LATER = [
    "particulars",
    "answers",
    "inventory",
    "initiatives",
    "indicators",
    "resources",
    "practices",
    "application",
    "readings",
]


def test_what_a_proposal_says_beside_its_text_stands_in_tables_that_can_be_read(tmp_path):
    city = package.saying_more(sample())
    own = [(i, d.kind, d.subject, d.time) for i, d in enumerate(city.drafts) if d.process == PROCESS]
    tables = verify.derive_tables(own, {i: d.payload for i, d in enumerate(city.drafts)})
    heads, first = tables["particulars"]
    told = dict(zip(heads, first, strict=True))
    assert (told["district"], told["latitude"], told["needs"]) == ("old", "31318300", "inventory/n1")
    assert tables["answers"][1:] == [
        ["proposal/more", "333333aa", "چند نفر؟ / How many?", "40"],
        ["proposal/more", "44444444", "How do you come?", "با اتوبوس / By bus|On foot"],
        ["proposal/more", "unknown1", "", "true"],
    ]
    assert tables["inventory"][1][:3] == ["inventory/n1", "need", "A weaving hall"]
    report = sealed(tmp_path, city).verify()
    assert (report.failed, report.exit) == ([], 0)


def test_the_plan_stands_in_tables_that_can_be_read(tmp_path):
    city = package.planning(sample())
    own = [(i, d.kind, d.subject, d.time) for i, d in enumerate(city.drafts) if d.process == PROCESS]
    tables = verify.derive_tables(own, {i: d.payload for i, d in enumerate(city.drafts)})
    heads, told = tables["initiatives"]
    row = dict(zip(heads, told, strict=True))
    assert (row["initiative"], row["number"], row["title"]) == ("initiative/i1", "1", "کوره‌ها / Kilns")
    assert (row["sdgs"], row["costs"], row["status"]) == ("5|11", '{"1406":2000}', "planned")
    assert tables["indicators"][1][:4] == ["indicator/k1", "initiative/i1", "output", "Potters"]
    assert [line[4] for line in tables["resources"][1:]] == ["900", "150"]
    assert tables["plan"][1][0] == "plan/p1"
    assert tables["plan_versions"][1][2] == "submitted"
    assert tables["application"][1:] == [
        ["answer/d1-8-en", "8", "en", "1", 'We asked, "first".', "proposal/x1|vote/v1"],
        ["answer/d1-8-en", "8", "en", "2", "=Then", ""],
    ]
    assert (tables["readings"][1][5], tables["readings"][1][-1]) == ("12.5", f"{'ab' * 32}|{'cd' * 32}")
    assert tables["evaluators"][1][:3] == ["evaluator/s1", "Commission", "2027-01-01T00:00:00Z"]
    assert tables["designation"][1][:3] == ["designation/x1", "2027-10-31", "Letter 7"]
    assert tables["facts"][1][:3] == ["fact/d1-joined", "People who joined", '{"people":7}']
    report = sealed(tmp_path, city).verify()
    assert (report.failed, report.exit) == ([], 0)


@pytest.mark.parametrize("name", LATER)
def test_a_record_from_before_these_tables_stays_valid(tmp_path, name):
    report = seal(tmp_path, package.without_tables(sample(), name)).verify()
    assert (report.failed, report.exit) == ([], 0)
    more = package.planning(package.saying_more(sample()))
    report = seal(tmp_path, package.without_tables(more, name)).verify()
    assert {failure.check for failure in report.failed} == {"tables"}


def test_a_record_from_before_the_table_of_outreach_stays_valid(tmp_path):
    report = seal(tmp_path, package.without_outreach(sample())).verify()
    assert (report.failed, report.exit) == ([], 0)


def test_a_record_from_before_the_table_of_comments_stays_valid(tmp_path):
    report = seal(tmp_path, package.without_tables(sample(), "comments")).verify()
    assert (report.failed, report.exit) == ([], 0)


def test_the_table_of_comments_holds_what_is_public_now_and_no_more(tmp_path):
    city = package.discussing(sample())
    own = [(i, d.kind, d.subject, d.time) for i, d in enumerate(city.drafts) if d.process == PROCESS]
    heads, *rows = verify.derive_tables(own, {i: d.payload for i, d in enumerate(city.drafts)})["comments"]
    side, reply, gone = (dict(zip(heads, row, strict=True)) for row in rows)
    assert (side["comment"], side["stance"], side["author"]) == ("comment/c1", "for", "Sara")
    assert (reply["in_reply_to"], reply["voice"], reply["city"], reply["quote"]) == (
        "comment/c1",
        "guest",
        "Lyon",
        "شب خالی",
    )
    assert (gone["status"], gone["text"]) == ("withdrawn", "")


def test_a_record_from_before_merging_and_minority_statements_stays_valid(tmp_path):
    report = seal(tmp_path, package.without_tables(sample(), "lineage", "dissents", "outreach")).verify()
    assert (report.failed, report.exit) == ([], 0)


def test_what_came_from_what_and_who_did_not_agree_stand_in_tables(tmp_path):
    city = package.merging(sample())
    own = [(i, d.kind, d.subject, d.time) for i, d in enumerate(city.drafts) if d.process == PROCESS]
    tables = verify.derive_tables(own, {i: d.payload for i, d in enumerate(city.drafts)})
    assert [row[:3] for row in tables["lineage"][1:]] == [
        ["proposal/x1", "proposal/x9", "merge"],
        ["proposal/x2", "proposal/x9", "merge"],
    ]
    heads, first, second = tables["dissents"]
    kept, withdrawn = (dict(zip(heads, row, strict=True)) for row in (first, second))
    assert (kept["dissent"], kept["text"], kept["withdrawn_at"]) == ("d1", "=We do not agree", "")
    assert (withdrawn["text"], withdrawn["withdrawn_at"]) == ("=We do not agree", "2026-04-03T00:00:00Z")
    report = sealed(tmp_path, city).verify()
    assert (report.failed, report.exit) == ([], 0)


def test_a_record_from_before_meetings_stays_valid(tmp_path):
    report = seal(tmp_path, package.without_tables(sample(), "meetings", "decisions")).verify()
    assert (report.failed, report.exit) == ([], 0)


def test_meetings_and_what_their_newest_minutes_decided_stand_in_tables(tmp_path):
    city = package.meeting(sample())
    own = [(i, d.kind, d.subject, d.time) for i, d in enumerate(city.drafts) if d.process == PROCESS]
    tables = verify.derive_tables(own, {i: d.payload for i, d in enumerate(city.drafts)})
    heads, first, second = tables["meetings"]
    held, off = (dict(zip(heads, row, strict=True)) for row in (first, second))
    assert (held["meeting"], held["status"], held["people"], held["is_for_women"]) == (
        "meeting/m1",
        "held",
        "42",
        "true",
    )
    assert (off["status"], off["people"], off["cancelled_because"]) == ("cancelled", "", "Nobody came")
    assert tables["decisions"][1:] == [
        ["meeting/m1", "2", "final", "1", "Open the hall", "proposal/x1|proposal/x2", ""],
    ]
    report = sealed(tmp_path, city).verify()
    assert (report.failed, report.exit) == ([], 0)


def test_a_correction_of_outreach_is_what_the_table_says(tmp_path):
    city = package.reaching_out(sample())
    own = [(i, d.kind, d.subject, d.time) for i, d in enumerate(city.drafts) if d.process == PROCESS]
    heads, first, second = verify.derive_tables(own, {i: d.payload for i, d in enumerate(city.drafts)})["outreach"]
    told, void = (dict(zip(heads, row, strict=True)) for row in (first, second))
    assert (void["activity"], void["is_void"]) == ("a2", "true")
    assert (told["activity"], told["reached"], told["corrected_because"]) == ("a1", "42", "Two lists")
    assert told["recorded_at"] < told["corrected_at"]
    report = sealed(tmp_path, city).verify()
    assert (report.failed, report.exit) == ([], 0)


def test_reading_and_coming_are_no_answers():
    city = sample()
    subject = next(d.subject for d in city.drafts if d.kind == "stakeholder.invited")
    before = next(r for r in _stakeholders(city) if r["organisation"] == "/".join(subject.split("/")[2:]))
    state = next(d.payload for d in reversed(city.drafts) if d.subject == subject)
    for kind in ("stakeholder.opened", "stakeholder.reminded", "stakeholder.attended"):
        city.add(kind, subject, state)
    after = next(r for r in _stakeholders(city) if r["organisation"] == before["organisation"])
    assert after["answered_at"] == before["answered_at"]


def _stakeholders(city: package.City) -> list[dict[str, str]]:
    own = [(i, d.kind, d.subject, d.time) for i, d in enumerate(city.drafts) if d.process == PROCESS]
    heads, *rows = verify.derive_tables(own, {i: d.payload for i, d in enumerate(city.drafts)})["stakeholders"]
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_a_process_that_has_only_begun_has_tables_too():
    tables = verify.derive_tables([], {})
    assert {name: len(table) for name, table in tables.items()} == dict.fromkeys(verify.TABLES, 1)


def test_cells_are_quoted_and_are_no_formulas():
    table = [["a"], ["x,y"], ['say "x"'], ["two\nlines"], ["=1+1"], ["-5"], ["@me,+you"], [""], ["متن"]]
    expected = 'a\n"x,y"\n"say ""x"""\n"two\nlines"\n\'=1+1\n\'-5\n"\'@me,+you"\n\nمتن\n'
    assert verify.table_csv(table).decode() == expected


elections = st.tuples(
    st.lists(st.integers(0, 50), min_size=1, max_size=6),
    st.lists(st.sets(st.integers(0, 5)), max_size=12),
    st.sampled_from(["votes", "greedy"]),
    st.booleans(),
    st.sampled_from(["option_order", "cost_then_order"]),
    st.integers(0, 120),
    st.integers(0, 4),
)


@given(elections)
def test_the_reference_count_is_the_count_of_the_product(election):
    costs, picks, method, skip, tie, budget, threshold = election
    options = [{"id": f"o{n}", "title": "", "cost": cost, "proposal": None} for n, cost in enumerate(costs)]
    money = {"budget": budget, "currency": "IRR", "skip": skip, "threshold": threshold}
    agreed = rules.validate_rules(
        {
            "method": method,
            "ballot": "approval",
            "min_choices": 0,
            "tie": tie,
            **(money if method == "greedy" else {"winners": 1}),
        }
    )
    ballots = [sorted(place for place in pick if place < len(costs)) for pick in picks]
    packed = rules.BallotSet.from_packed([rules.pack(ballot) for ballot in ballots])
    whole = rules.Election("vote/v", "", "individual", agreed, tuple(rules.Option(**option) for option in options))
    theirs = rules.count(packed, whole)
    ours = verify.count_ballots(Counter(tuple(f"o{place}" for place in ballot) for ballot in ballots), options, agreed)
    assert np.array_equal([line["votes"] for line in ours["counts"]], theirs.counts)
    assert tuple(ours["winners"]) == theirs.winners
    assert (ours["spent"], ours["tie_broken"]) == (theirs.spent, theirs.tie_broken)
    ranked = sorted(ours["counts"], key=lambda line: line["rank"])
    assert [line["id"] for line in ranked] == list(theirs.order)


def test_base64_is_read_in_one_spelling_only():
    assert verify.decode_base64("AAE=", "") == b"\0\1"
    for other in ("AAF=", "AAE", "AAE=\n", " AAE=", "AAE==", "é"):
        with pytest.raises(verify.Malformed):
            verify.decode_base64(other, "")
    assert base64.b64decode("AAF=") == b"\0\1"
