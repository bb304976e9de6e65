"""What a dishonest city, a thief of the key or a vandal could do to a record, each with what must be found.

Every attack leaves all but its own trace in order: manifests fit, tables follow, the true key signs, unless that is the
attack. So each check of the verifier stands alone against at least one of them.
"""

from __future__ import annotations

import base64
import json
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.record import package
from tests.record.package import OPEN, ORIGIN, PROCESS, SECRET, SIGNER, STRANGER, City, sample
from ucc_participate.audit import canonical, notes, tree
from ucc_participate.record import verify


@dataclass
class Case:
    """What the verifier is given."""

    record: Path
    vkeys: list[str] = field(default_factory=lambda: [SIGNER.vkey])
    checkpoints: list[Path] = field(default_factory=list)
    receipts: list[Path] = field(default_factory=list)

    def verify(self) -> verify.Report:
        paths = [[str(path) for path in paths] for paths in (self.checkpoints, self.receipts)]
        return verify.verify(str(self.record), self.vkeys, *paths)


@dataclass(frozen=True)
class Attack:
    """``number`` of the list in the audit promise; ``found``: the exact (check, place) of every failure."""

    number: int
    build: Callable[[Path], Case]
    found: frozenset[tuple[str, str]]

    @property
    def name(self) -> str:
        return f"{self.number}-{self.build.__name__}"


ATTACKS: list[Attack] = []
HOSTILE: list[Attack] = []


def attack(number: int, *found: tuple[str, str], among: list[Attack] = ATTACKS) -> Any:
    def register(build: Callable[[Path], Case]) -> Callable[[Path], Case]:
        among.append(Attack(number, build, frozenset(found)))
        return build

    return register


def seal(folder: Path, files: dict[str, bytes], **evidence: Any) -> Case:
    """A package of these files whose manifests fit."""
    return Case(package.pack(package.bag(files), folder / "record.zip"), **evidence)


def sealed(folder: Path, city: City, **evidence: Any) -> Case:
    return seal(folder, package.files_of(city), **evidence)


def write(path: Path, content: str | bytes | dict[str, Any]) -> Path:
    if isinstance(content, dict):
        content = json.dumps(content)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def edited(files: dict[str, bytes], name: str, change: Callable[[Any], object]) -> dict[str, bytes]:
    """The files with one JSON file changed in place."""
    value = json.loads(files[name])
    change(value)
    return {**files, name: json.dumps(value, ensure_ascii=False).encode()}


# ------------------------------------------------------------------------------------------------ bits


@attack(1, ("bag", "data/README.html"))
def a_file_is_changed_and_not_its_digest(folder):
    files = package.bag(package.files_of(sample()))
    return Case(package.pack({**files, "data/README.html": b"<p>Trust me.</p>\n"}, folder / "record.zip"))


@attack(1, ("bag", "data/extra.txt"))
def a_file_is_slipped_in(folder):
    files = package.bag(package.files_of(sample()))
    return Case(package.pack({**files, "data/extra.txt": b"?"}, folder / "record.zip"))


@attack(1, ("leaf_tile", "entry 5"))
def a_bit_of_a_leaf_tile_is_flipped(folder):
    files = package.files_of(sample())
    tile = bytearray(files["data/log/tile/0/000"])
    tile[5 * 32] ^= 1
    return seal(folder, {**files, "data/log/tile/0/000": bytes(tile)})


@attack(1, ("upper_tiles", "data/log/tile/1/000.p/1"))
def a_bit_of_an_upper_tile_is_flipped(folder):
    files = package.files_of(sample())
    name = "data/log/tile/1/000.p/1"
    return seal(folder, {**files, name: bytes([files[name][0] ^ 1]) + files[name][1:]})


@attack(1, ("upper_tiles", "data/log/tile/0/009"))
def a_tile_beyond_the_log_is_added(folder):
    return seal(folder, {**package.files_of(sample()), "data/log/tile/0/009": bytes(8192)})


@attack(1, ("openings", "entry 273"))
def an_opening_is_changed_and_the_tables_with_it(folder):
    city = sample()
    openings, entries = city.openings(), city.entries()
    opening = next(o for o in openings if o["index"] == city.index("proposal.answered"))
    opening["fields"]["outcome"][1] = "not_adopted"
    return seal(folder, package.files_of(city, entries, openings))


# ------------------------------------------------------------------------------------------------ the log rewritten


@attack(
    2,
    *(("leaf_tile", "entry 20"), ("leaf_tile", "entry 21"), ("time_order", "entry 21")),
    *(("root", "data/log/checkpoint"), ("upper_tiles", "data/log/tile/1/000.p/1")),
)
def two_entries_are_swapped(folder):
    city = sample()
    entries = city.entries()
    entries[20], entries[21] = entries[21], entries[20]
    bundle = package.log_files(entries, SIGNER)["data/log/tile/entries/000"]
    return seal(folder, {**package.files_of(city), "data/log/tile/entries/000": bundle})


@attack(2, ("bundles", "data/log/tile/entries/001.p/51"), ("root", "data/log/checkpoint"))
def two_entries_are_deleted(folder):
    city = sample()
    files, entries = package.files_of(city), city.entries()
    del entries[305:]
    shorter = package.log_files(entries, SIGNER)
    return seal(folder, {**files, "data/log/tile/entries/001.p/51": shorter["data/log/tile/entries/001.p/49"]})


@attack(2, ("root", "data/log/checkpoint"))
def the_checkpoint_signs_a_root_that_the_entries_do_not_have(folder):
    files = package.files_of(sample())
    root, size = bytes(32), json.loads(files["data/record.json"])["size"]
    note = SIGNER.sign(notes.checkpoint_text(ORIGIN, size, root))

    def retell(record):
        record["root"] = base64.b64encode(root).decode()
        record["citation"] = f"{ORIGIN} · {size} · {record['root']} · https://roshanshahr.example/r/p1"

    return seal(folder, {**edited(files, "data/record.json", retell), "data/log/checkpoint": note.encode()})


@attack(3, ("earlier", "earlier"))
def an_entry_is_rewritten_and_signed_again_with_the_true_key(folder):
    city = sample()
    earlier = package.checkpoint(city.entries()[:290])
    city.draft("proposal.answered").payload["outcome"] = "not_adopted"
    return sealed(folder, city, checkpoints=[write(folder / "earlier", earlier)])


@attack(3, ("checkpoints", "data/log/checkpoints/290"), ("checkpoints", "data/log/checkpoints/291"))
def the_record_carries_checkpoints_of_a_fork(folder):
    """One of another log's entries, one that says another size than its name."""
    city = sample()
    entries = city.entries()
    city.draft("proposal.answered").payload["outcome"] = "not_adopted"
    stored = {
        "data/log/checkpoints/290": package.checkpoint(entries[:290]).encode(),
        "data/log/checkpoints/291": package.checkpoint(city.entries()[:292]).encode(),
        "data/log/checkpoints/300": package.checkpoint(city.entries()[:300]).encode(),
    }
    return seal(folder, {**package.files_of(city), **stored})


@attack(10, ("checkpoints", "data/log/checkpoints/290"))
def a_stored_checkpoint_is_signed_by_another_key(folder):
    note = package.checkpoint(sample().entries()[:290], STRANGER)
    return seal(folder, {**package.files_of(sample()), "data/log/checkpoints/290": note.encode()})


@attack(4, ("earlier", "earlier"))
def the_log_is_cut_below_an_earlier_checkpoint(folder):
    city = sample()
    earlier = package.checkpoint(city.entries())
    city.drafts.pop()
    return sealed(folder, city, checkpoints=[write(folder / "earlier", earlier)])


@attack(5, ("receipts", "receipt receipt"))
def the_log_is_cut_past_a_receipt(folder):
    city = sample()
    receipt = package.receipt_of(city, city.entries(), len(city.drafts) - 1)
    city.drafts.pop()
    return sealed(folder, city, receipts=[write(folder / "receipt", receipt)])


@attack(5, ("receipts", "receipt receipt"))
def the_record_has_another_entry_than_the_receipt(folder):
    city = sample()
    index = city.index("proposal.submitted")
    receipt = package.receipt_of(city, city.entries(), index)
    city.drafts[index].payload["title"] = "Another title"
    return sealed(folder, city, receipts=[write(folder / "receipt", receipt)])


@attack(5, ("receipts", "proof"))
def a_proof_leads_nowhere(folder):
    city = sample()
    proof = package.proof_of(city.entries(), 7).split("\n")
    proof[3], proof[4] = proof[4], proof[3]
    return sealed(folder, city, receipts=[write(folder / "proof", "\n".join(proof))])


@attack(3, ("receipts", "proof"))
def a_proof_is_from_a_fork(folder):
    city = sample()
    entries = city.entries()
    city.draft("proposal.submitted").payload["title"] = "Another title"
    proof = package.proof_of(entries, 7)
    return sealed(folder, city, receipts=[write(folder / "proof", proof)])


@attack(9, ("time_order", "entry 101"))
def time_goes_back(folder):
    city = sample()
    city.drafts[101].time = "2026-03-21T08:00:00Z"
    return sealed(folder, city)


@attack(10, ("signature", "data/log/checkpoint"))
def another_key_of_the_same_name_signs(folder):
    city = sample()
    city.signer = STRANGER
    return sealed(folder, city)


@attack(10, ("receipts", "receipt receipt"))
def a_receipt_is_signed_by_another_key(folder):
    city = sample()
    receipt = package.receipt_of(city, city.entries(), 100, signer=STRANGER)
    return sealed(folder, city, receipts=[write(folder / "receipt", receipt)])


@attack(10, ("receipts", "receipt receipt"))
def a_receipt_says_more_than_was_signed(folder):
    city = sample()
    receipt = package.receipt_of(city, city.entries(), 100)
    receipt["promise"] = package.receipt_of(city, city.entries(), 101)["promise"]
    return sealed(folder, city, receipts=[write(folder / "receipt", receipt)])


@attack(10, ("chains", "entry 273"))
def an_entry_hides_its_predecessor(folder):
    city = sample()
    city.draft("proposal.answered").prev = None
    return sealed(folder, city)


@attack(10, ("scopes", "entry 292"))
def a_change_of_the_vote_is_logged_outside_the_process(folder):
    city = sample()
    state = package.vote_state(SECRET, "open", roll_size=9)
    city.insert(city.index("vote.closed"), "vote.revised", SECRET, state, process=None)
    return sealed(folder, city)


# ------------------------------------------------------------------------------------------------ withholding


@attack(17, ("withheld", "entry 272"))
def a_field_is_withheld_without_a_word(folder):
    city = sample()
    city.draft("proposal.submitted").withheld = ("author",)
    return sealed(folder, city)


@attack(17, ("withheld", "entry 305"))
def a_whole_payload_is_withheld_without_a_word(folder):
    city = sample()
    city.draft("figures.published").hidden = True
    return sealed(folder, city)


@attack(
    17,
    *(("withheld", "entry 301"), ("withheld", "entry 302")),
    *(("recount", "entry 304"), ("sectors", "vote/v2 groups[2]")),
)
def a_ballot_stays_sealed_after_the_closing(folder):
    city = sample()
    city.draft("ballot.cast_openly", f"{OPEN}/organisation/o2").hidden = True
    city.draft("ballot.recast_openly").hidden = True
    return sealed(folder, city)


@attack(17, ("withheld", "entry 273"))
def the_excuse_came_before(folder):
    city = sample()
    index = city.index("proposal.submitted")
    city.insert(index, "redaction.declared", PROCESS, {"reason": "?", "withheld": [[index, "author"]]})
    city.drafts[index + 1].withheld = ("author",)
    city.drafts[index].payload["withheld"] = [[index + 1, "author"]]
    return sealed(folder, city)


# ------------------------------------------------------------------------------------------------ ballots


def replace_ballot(city: City, number: int, ballot: tuple[str, str, tuple[str, ...]] | None) -> None:
    """Put another ballot in the place of one that was cast, wherever the log and the record have it."""
    old = package.secret_ballot(number, package.BALLOTS[number])
    for draft in city.drafts:
        if draft.kind == "ballots.batched" and old[0] in draft.payload["commitments"]:
            draft.payload["commitments"].remove(old[0])
            if ballot:
                draft.payload["commitments"] = sorted([*draft.payload["commitments"], ballot[0]])
    city.ballots[SECRET].remove(old)
    if ballot:
        city.ballots[SECRET] = sorted([*city.ballots[SECRET], ballot])
    package.count_again(city, SECRET)


@attack(18, ("commitments", "vote/v1"), ("commitments", "ballot " + package.secret_ballot(50, ("b",))[0]))
def a_ballot_without_a_slot_is_counted(folder):
    city = sample()
    city.ballots[SECRET] = sorted([*city.ballots[SECRET], package.secret_ballot(50, ("b",))])
    package.count_again(city, SECRET)
    return sealed(folder, city)


@attack(18, ("slots", "vote/v1"))
def a_slot_beyond_the_roll_votes(folder):
    city = sample()
    city.draft("ballot.cast", f"{SECRET}/slot/000006").subject = f"{SECRET}/slot/000011"
    return sealed(folder, city)


@attack(18, ("slots", "entry 288"))
def a_slot_is_written_in_another_way(folder):
    city = sample()
    city.draft("ballot.cast", f"{SECRET}/slot/000006").subject = f"{SECRET}/slot/0000005"
    return sealed(folder, city)


@attack(18, ("slots", "entry 288"))
def a_slot_votes_twice(folder):
    city = sample()
    city.draft("ballot.cast", f"{SECRET}/slot/000006").subject = f"{SECRET}/slot/000005"
    return sealed(folder, city)


@attack(18, ("slots", "entry 290"))
def a_ballot_is_replaced_that_was_never_cast(folder):
    city = sample()
    city.draft("ballot.recast").subject = f"{SECRET}/slot/000009"
    return sealed(folder, city)


@attack(18, ("ballots", "data/votes/v1.ballots.csv"))
def a_ballot_is_counted_twice(folder):
    city = sample()
    replace_ballot(city, 1, package.secret_ballot(3, package.BALLOTS[3]))
    return sealed(folder, city)


@attack(18, ("ballots", "data/votes/v1.ballots.csv line 2"))
def a_ballot_is_altered(folder):
    city = sample()
    first = city.ballots[SECRET][0]
    city.ballots[SECRET][0] = (first[0], bytes(32).hex(), first[2])
    return sealed(folder, city)


@attack(18, ("choices", "data/votes/v1.ballots.csv"))
def a_ballot_names_more_options_than_allowed(folder):
    city = sample()
    replace_ballot(city, 1, package.secret_ballot(1, ("a", "b", "c")))
    return sealed(folder, city)


@attack(18, ("order", "entry 292"))
def a_ballot_is_cast_after_the_closing(folder):
    city = sample()
    cast = city.drafts.pop(city.index("ballot.cast", f"{SECRET}/slot/000006"))
    at = city.index("vote.closed", SECRET)
    cast.time = city.drafts[at].time
    city.drafts.insert(at + 1, cast)
    return sealed(folder, city)


@attack(18, ("order", "entry 304"))
def a_delegate_agrees_after_the_closing(folder):
    city = sample()
    package.agreeing(city, city.index("vote.closed", OPEN) + 1, "ballot.confirmed_openly", 0, "late")
    return sealed(folder, city)


@attack(18, ("order", "entry 298"))
def a_delegate_proposes_before_the_opening(folder):
    city = sample()
    package.agreeing(city, city.index("vote.opened", OPEN), "ballot.proposed_openly", 0, "early")
    return sealed(folder, city)


@attack(18, ("order", "entry 304"))
def a_delegate_takes_the_agreement_back_after_the_closing(folder):
    city = sample()
    package.agreeing(city, city.index("vote.closed", OPEN) + 1, "ballot.agreement_withdrawn", 0, "late")
    return sealed(folder, city)


@attack(18, ("commitments", "vote/v1"))
def a_ballot_is_replaced_by_nobody(folder):
    city = sample()
    at = city.index("ballot.recast")
    del city.drafts[at]
    return sealed(folder, city)


@attack(18, ("sectors", "vote/v2"))
def a_sector_has_more_ballots_than_seats(folder):
    city = sample()
    city.draft("roll.frozen", OPEN).payload["by_sector"]["civil_society"] = 0
    return sealed(folder, city)


@attack(18, ("sectors", "vote/v2 groups[1]"))
def the_figures_of_a_sector_are_not_its_ballots(folder):
    city = sample()
    city.draft("vote.tallied", OPEN).payload["result"]["groups"][1]["voters"] = 2
    return sealed(folder, city)


@attack(19, ("receipts", "receipt receipt"))
def an_acknowledged_ballot_was_never_logged(folder):
    city = sample()
    index = city.index("ballot.cast")
    receipt = package.receipt_of(city, city.entries(), index, ballot=package.secret_ballot(77, ("b",)))
    return sealed(folder, city, receipts=[write(folder / "receipt", receipt)])


@attack(19, ("receipts", "receipt receipt"))
def a_promised_entry_never_came(folder):
    city = sample()
    promised = package.receipt_of(city, city.entries(), 100, waiting=True)
    del city.drafts[100]
    return sealed(folder, city, receipts=[write(folder / "receipt", promised)])


# ------------------------------------------------------------------------------------------------ rules and figures


@attack(21, ("rules", "entry 282"))
def the_budget_is_another_one_when_the_vote_opens(folder):
    city = sample()
    rules = {**package.RULES, "budget": 130}
    for kind, status in (("vote.opened", "open"), ("vote.closed", "closed")):
        city.draft(kind, SECRET).payload = package.vote_state(SECRET, status, roll_size=10, rules=rules)
    city.draft("vote.closed", SECRET).payload = package.vote_state(SECRET, "closed", roll_size=10)
    package.count_again(city, SECRET)
    return sealed(folder, city)


@attack(21, ("rules", "entry 289"))
def the_options_change_while_the_vote_is_open(folder):
    city = sample()
    options = [{**package.OPTIONS[0], "cost": 100}, *package.OPTIONS[1:]]
    revised = package.vote_state(SECRET, "open", roll_size=10, options=options)
    city.insert(289, "vote.revised", SECRET, revised)
    return sealed(folder, city)


@attack(21, ("rules", "entry 289"))
def the_vote_closes_earlier_than_announced(folder):
    city = sample()
    state = package.vote_state(SECRET, "open", roll_size=10, closes_at="2026-04-25T00:00:00Z")
    city.insert(289, "vote.extended", SECRET, state)
    return sealed(folder, city)


@attack(21, ("roll", "entry 289"))
def the_roll_shrinks_while_the_vote_is_open(folder):
    city = sample()
    city.insert(289, "roll.extended", SECRET, {"slots": 9, "by_sector": {}, "reason": "Moved away"})
    package.count_again(city, SECRET, roll=9)
    return sealed(folder, city)


@attack(21, ("order", "entry 293"))
def the_roll_grows_after_the_closing(folder):
    city = sample()
    city.insert(293, "roll.extended", SECRET, {"slots": 12, "by_sector": {}, "reason": "Late"})
    package.count_again(city, SECRET, roll=12)
    return sealed(folder, city)


@attack(21, ("order", "entry 297"), ("commitments", "vote/v1"))
def ballots_are_logged_after_the_count(folder):
    city = sample()
    added = package.secret_ballot(60, ("b",))
    city.insert(297, "ballots.batched", SECRET, {"commitments": [added[0]]})
    city.ballots[SECRET] = sorted([*city.ballots[SECRET], added])
    package.count_again(city, SECRET)
    return sealed(folder, city)


@attack(23, ("recount", "entry 295"))
def the_published_result_is_not_the_count(folder):
    city = sample()
    result = city.draft("vote.tallied", SECRET).payload["result"]
    result["counts"][0]["votes"] += 1
    return sealed(folder, city)


@attack(23, ("recount", "data/votes/v2.result.json"))
def the_result_file_is_not_the_logged_result(folder):
    files = package.files_of(sample())
    return seal(folder, edited(files, "data/votes/v2.result.json", lambda result: result.update(spent=1)))


@attack(23, ("pabulib", "data/votes/v1.pb PROJECTS a votes"), ("pabulib", "data/votes/v1.pb VOTES"))
def the_pabulib_file_has_other_numbers_and_ballots(folder):
    files = package.files_of(sample())
    pb = files["data/votes/v1.pb"].replace(b"a;60;3", b"a;60;4").replace(b";b\n", b";a\n")
    return seal(folder, {**files, "data/votes/v1.pb": pb})


@attack(23, ("tables", "data/tables/proposals.csv row 3 outcome"))
def a_cell_of_a_table_is_not_what_the_log_says(folder):
    files = package.files_of(sample())
    head, first, second, third = files["data/tables/proposals.csv"].split(b"adopted")
    table = b"adopted".join([head, first + b"declined" + second, third])
    return seal(folder, {**files, "data/tables/proposals.csv": table})


@attack(23, ("tables", "data/tables/outreach.csv row 2 reached"))
def more_people_were_reached_than_the_log_says(folder):
    files = package.files_of(package.reaching_out(sample()))
    assert files["data/tables/outreach.csv"].count(b",42,") == 1
    return seal(
        folder, {**files, "data/tables/outreach.csv": files["data/tables/outreach.csv"].replace(b",42,", b",420,")}
    )


@attack(
    23, ("tables", "data/tables/outreach.csv row 3 is_void"), ("tables", "data/tables/outreach.csv row 3 corrected_at")
)
def what_was_taken_back_stands_in_the_table_of_outreach(folder):
    files = package.files_of(package.reaching_out(sample()))
    head, first, second = files["data/tables/outreach.csv"].splitlines(keepends=True)
    rewritten = re.sub(rb"true,([^,]*),[^,]*,", rb"false,\1,,", second)
    return seal(folder, {**files, "data/tables/outreach.csv": head + first + rewritten})


@attack(23, ("tables", "data/tables/comments.csv row 4 text"))
def words_that_were_taken_back_stand_in_the_table_of_comments(folder):
    files = package.files_of(package.discussing(sample()))
    table = files["data/tables/comments.csv"]
    assert b"too loud" not in table
    *before, last = table.splitlines(keepends=True)
    cells = last.split(b",")
    cells[11] = b"It is too loud"
    return seal(folder, {**files, "data/tables/comments.csv": b"".join(before) + b",".join(cells)})


@attack(23, ("tables", "data/tables/decisions.csv row 2 text"))
def a_draft_stands_in_the_place_of_what_a_meeting_decided(folder):
    files = package.files_of(package.meeting(sample()))
    table = files["data/tables/decisions.csv"]
    return seal(folder, {**files, "data/tables/decisions.csv": table.replace(b"Open the hall", b"Close it", 1)})


@attack(23, ("tables", "data/tables/lineage.csv row 2 consent"))
def a_merge_without_consent_is_told_as_agreed(folder):
    files = package.files_of(package.merging(sample()))
    table = files["data/tables/lineage.csv"]
    return seal(folder, {**files, "data/tables/lineage.csv": table.replace(b"reasoned", b"agreed", 1)})


@attack(
    23,
    ("tables", "data/tables/dissents.csv"),
    ("tables", "data/tables/dissents.csv row 2 dissent"),
    ("tables", "data/tables/dissents.csv row 2 withdrawn_at"),
)
def a_minority_statement_is_left_out(folder):
    files = package.files_of(package.merging(sample()))
    rows = files["data/tables/dissents.csv"].splitlines(keepends=True)
    return seal(folder, {**files, "data/tables/dissents.csv": b"".join(rows[:1] + rows[2:])})


@attack(23, ("tables", "data/record.json tables.outreach"), ("tables", "data/tables/outreach.csv"))
def the_table_of_outreach_is_left_out(folder):
    return seal(folder, package.without_outreach(package.reaching_out(sample())))


@attack(23, ("tables", "data/tables/statements.csv row 2 agrees"))
def more_people_agree_than_the_map_found(folder):
    files = package.files_of(package.asking(sample()))
    table = files["data/tables/statements.csv"]
    assert table.count(b",7,0,2,true") == 1
    return seal(folder, {**files, "data/tables/statements.csv": table.replace(b",7,0,2,true", b",70,0,2,true")})


@attack(23, ("tables", "data/record.json tables.votes"))
def the_summary_names_another_digest_of_a_table(folder):
    files = package.files_of(sample())
    return seal(folder, edited(files, "data/record.json", lambda record: record["tables"]["votes"].update(rows=7)))


@attack(23, ("summary", "data/record.json presence.stages[0].cells[0].count"))
def a_published_figure_is_not_the_logged_one(folder):
    files = package.files_of(sample())

    def beautify(record):
        record["presence"]["stages"][0]["cells"][0]["count"] = 40

    return seal(folder, edited(files, "data/record.json", beautify))


@attack(23, ("votes", "data/votes/ghost.result.json"))
def a_result_of_no_vote_is_added(folder):
    return seal(folder, {**package.files_of(sample()), "data/votes/ghost.result.json": b"{}"})


# ------------------------------------------------------------------------------------------------ hostile content


def with_entry(index: int, change: Callable[[bytes], bytes]) -> dict[str, bytes]:
    """A well-sealed record, one of whose entries has other bytes."""
    city = sample()
    entries = city.entries()
    entries[index] = change(entries[index])
    return package.files_of(city, entries)


@attack(25, ("entry_form", "entry 0"))
def an_entry_is_not_canonical(folder):
    return seal(folder, with_entry(0, lambda entry: entry.replace(b":", b": ", 1)))


@attack(25, ("entry_form", "entry 1"))
def an_entry_names_a_member_twice(folder):
    return seal(folder, with_entry(1, lambda entry: entry.replace(b'"v":1', b'"v":1,"v":1')))


@attack(25, ("entry_form", "entry 2"))
def an_entry_holds_free_text(folder):
    return seal(folder, with_entry(2, lambda entry: entry[:-1] + b',"w":"Mr. X"}'))


@attack(25, ("entry_form", "entry 2"))
def an_entry_has_half_a_surrogate_pair(folder):
    return seal(folder, with_entry(2, lambda entry: entry.replace(b"ucc.organisation", b"ucc.\\ud800", 1)))


def with_size(size: int) -> dict[str, bytes]:
    """A record whose true key signed another number of entries."""
    files = package.files_of(sample())
    root = json.loads(files["data/record.json"])["root"]
    note = SIGNER.sign(notes.checkpoint_text(ORIGIN, size, base64.b64decode(root)))

    def retell(record):
        record.update(size=size, citation=f"{ORIGIN} · {size} · {root} · https://roshanshahr.example/r/p1")

    return {**edited(files, "data/record.json", retell), "data/log/checkpoint": note.encode()}


@attack(25, ("bundles", "data/log/tile/entries/001"), ("root", "data/log/checkpoint"))
def the_log_is_said_to_have_a_billion_entries(folder):
    return seal(folder, with_size(10**9))


@attack(25, ("slots", "vote/v1"))
def a_slot_has_a_number_beyond_every_roll(folder):
    city = sample()
    city.draft("ballot.cast", f"{SECRET}/slot/000006").subject = f"{SECRET}/slot/{10**12}"
    return sealed(folder, city)


@attack(25, ("receipts", "receipt receipt"))
def a_receipt_has_base64_with_a_line_break(folder):
    city = sample()
    receipt = package.receipt_of(city, city.entries(), 100)
    receipt["entry"] = receipt["entry"][:-1] + "\n" + receipt["entry"][-1]
    return sealed(folder, city, receipts=[write(folder / "receipt", receipt)])


def with_opening(change: Callable[[bytes], bytes]) -> dict[str, bytes]:
    """A record whose last opening has other bytes."""
    files = package.files_of(sample())
    head, line = files["data/openings.jsonl"][:-1].rsplit(b"\n", 1)
    return {**files, "data/openings.jsonl": head + b"\n" + change(line) + b"\n"}


BROKEN_LAST = (
    *(("openings", "data/openings.jsonl line 34"), ("withheld", "entry 306")),
    ("tables", "data/record.json tables.process"),
    *(("tables", f"data/tables/process.csv row 2 {column}") for column in ("ends_at", "status")),
    *(("summary", f"data/record.json process_state.{name}") for name in ("closed_at", "status")),
)


@attack(25, *BROKEN_LAST)
def an_opening_names_a_member_twice(folder):
    return seal(folder, with_opening(lambda line: line.replace(b'"withheld":{}', b'"withheld":{},"withheld":{}')))


@attack(25, *BROKEN_LAST)
def an_opening_has_half_a_surrogate_pair(folder):
    return seal(folder, with_opening(lambda line: line.replace(b'"music"', b'"\\ud800"')))


@attack(25, *BROKEN_LAST)
def an_opening_has_a_number_with_a_leading_zero(folder):
    return seal(folder, with_opening(lambda line: line.replace(b",21]", b",021]")))


@attack(25, *BROKEN_LAST)
def an_opening_is_nested_without_end(folder):
    return seal(folder, with_opening(lambda line: line.replace(b",21]", b"," + b"[" * 100_000 + b"]" * 100_000 + b"]")))


@attack(25, *BROKEN_LAST)
def an_opening_has_a_huge_number(folder):
    return seal(folder, with_opening(lambda line: line.replace(b",21]", b"," + b"9" * 100_000 + b"]")))


@attack(25, ("receipts", "proof"))
def a_proof_has_an_index_with_a_leading_zero(folder):
    city = sample()
    proof = package.proof_of(city.entries(), 7).replace("index 7", "index 07")
    return sealed(folder, city, receipts=[write(folder / "proof", proof)])


@attack(25, ("receipts", "proof"))
def a_proof_has_base64_in_two_spellings(folder):
    city = sample()
    lines = package.proof_of(city.entries(), 7).split("\n")
    assert lines[3].endswith("=")
    lines[3] = lines[3][:-2] + chr(ord(lines[3][-2]) + 1) + "="
    return sealed(folder, city, receipts=[write(folder / "proof", "\n".join(lines))])


@attack(
    25,
    *(("rules", "entry 280"), ("rules", "entry 282"), ("rules", "entry 292"), ("roll", "entry 282")),
    *(("ballots", "vote/v1"), ("tables", "data/tables")),
)
def a_payload_has_values_of_other_kinds(folder):
    city = sample()
    files = package.files_of(city)
    for draft in city.drafts:
        if draft.kind.startswith("vote.") and draft.subject == SECRET and draft.kind != "vote.tallied":
            draft.payload |= {"options": {"a": []}, "rules": "none", "roll_size": "ten"}
    entries, openings = city.entries(), city.openings()
    lines = b"".join(canonical.dumps(opening) + b"\n" for opening in openings)
    checkpoint = json.loads(files["data/record.json"])
    root = base64.b64encode(tree.root_of(map(tree.leaf_hash, entries))).decode()
    checkpoint.update(root=root, citation=f"{ORIGIN} · {len(entries)} · {root} · https://roshanshahr.example/r/p1")
    files |= {**package.log_files(entries, SIGNER), "data/openings.jsonl": lines}
    return seal(folder, {**files, "data/record.json": json.dumps(checkpoint).encode()})


# ------------------------------------------------------------------------------------------------ hostile packages


def zipped(folder: Path, members: Iterable[tuple[zipfile.ZipInfo, bytes]]) -> Case:
    """The sample's package with more members in it, listed in the manifest, as they are."""
    members = list(members)
    files = package.files_of(sample()) | {info.filename: content for info, content in members}
    bagged = package.bag(files)
    path = folder / "record.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(bagged.keys() - {info.filename for info, _ in members}):
            archive.writestr(zipfile.ZipInfo(name), bagged[name], zipfile.ZIP_DEFLATED)
        for info, content in members:
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return Case(path)


@attack(25, among=HOSTILE)
def a_name_leads_out_of_the_folder(folder):
    return zipped(folder, [(zipfile.ZipInfo("data/../../etc/passwd"), b"root")])


@attack(25, among=HOSTILE)
def a_name_is_absolute(folder):
    return zipped(folder, [(zipfile.ZipInfo("/etc/passwd"), b"root")])


@attack(25, among=HOSTILE)
def a_name_leads_out_as_another_system_writes_it(folder):
    return zipped(folder, [(zipfile.ZipInfo("data\\..\\..\\etc\\passwd"), b"root")])


@attack(25, among=HOSTILE)
def a_member_is_a_link(folder):
    link = zipfile.ZipInfo("data/link")
    link.external_attr = 0o120777 << 16
    return zipped(folder, [(link, b"/etc/passwd")])


@attack(25, among=HOSTILE)
def a_member_is_a_bomb(folder):
    return zipped(folder, [(zipfile.ZipInfo("data/zeros"), bytes(30_000_000))])


@attack(25, among=HOSTILE)
def many_members_are_a_bomb_together(folder):
    return zipped(folder, [(zipfile.ZipInfo(f"data/zeros{number}"), bytes(1_000_000)) for number in range(160)])


def broken(folder: Path, change: Callable[[bytearray], object]) -> Case:
    """The sample's package with other bytes."""
    data = bytearray(package.pack(package.bag(package.files_of(sample())), folder / "record.zip").read_bytes())
    change(data)
    return Case(write(folder / "record.zip", bytes(data)))


@attack(25, among=HOSTILE)
def something_stands_behind_the_end(folder):
    return broken(folder, lambda data: data.extend(b"more"))


@attack(25, among=HOSTILE)
def the_package_is_cut_short(folder):
    return broken(folder, lambda data: data.__delitem__(slice(len(data) // 2, None)))


@attack(25, among=HOSTILE)
def the_package_claims_a_list_of_four_gigabytes(folder):
    return broken(folder, lambda data: data.__setitem__(slice(-10, -6), b"\xff\xff\xff\xff"))


@attack(25, among=HOSTILE)
def a_file_claims_a_gigabyte(folder):
    def claim(data):
        at = data.rindex(b"PK\1\2")
        data[at + 24 : at + 28] = (10**9).to_bytes(4, "little")

    return broken(folder, claim)


@attack(25, among=HOSTILE)
def a_file_is_encrypted(folder):
    def encrypt(data):
        at = data.rindex(b"PK\1\2")
        data[at + 8] |= 1

    return broken(folder, encrypt)


@attack(25, among=HOSTILE)
def a_name_occurs_twice_but_for_its_case(folder):
    return zipped(folder, [(zipfile.ZipInfo("data/readme.html"), b"another one")])


@attack(25, among=HOSTILE)
def a_name_occurs_twice(folder):
    case = zipped(folder, [(zipfile.ZipInfo("data/README.htmX"), b"?")])
    content = case.record.read_bytes().replace(b"data/README.htmX", b"data/README.html")
    return Case(write(case.record, content))


@attack(25, among=HOSTILE)
def a_checkpoint_has_a_size_with_a_leading_zero(folder):
    files = package.files_of(sample())
    note = files["data/log/checkpoint"].replace(b"\n307\n", b"\n0307\n")
    return seal(folder, {**files, "data/log/checkpoint": note})


@attack(25, among=HOSTILE)
def a_checkpoint_has_base64_in_two_spellings(folder):
    files = package.files_of(sample())
    line = files["data/log/checkpoint"].split(b"\n")[2]
    other = line[:-2] + bytes([line[-2] + 1]) + b"="
    assert base64.b64decode(other) == base64.b64decode(line)
    return seal(folder, {**files, "data/log/checkpoint": files["data/log/checkpoint"].replace(line, other)})


@attack(25, among=HOSTILE)
def the_summary_names_a_member_twice(folder):
    files = package.files_of(sample())
    summary = files["data/record.json"].replace(b'{"format"', b'{"size": 1, "format"', 1)
    return seal(folder, {**files, "data/record.json": summary})


@attack(25, among=HOSTILE)
def the_summary_has_half_a_surrogate_pair(folder):
    files = package.files_of(sample())
    return seal(folder, {**files, "data/record.json": files["data/record.json"].replace(b"music", b"\\ud800", 1)})


@attack(25, among=HOSTILE)
def there_is_no_summary(folder):
    files = package.files_of(sample())
    return seal(folder, {name: content for name, content in files.items() if name != "data/record.json"})


@attack(25, among=HOSTILE)
def the_summary_is_nested_without_end(folder):
    summary = b'{"format":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    return seal(folder, {**package.files_of(sample()), "data/record.json": summary})


@attack(25, among=HOSTILE)
def the_summary_has_a_huge_number(folder):
    files = package.files_of(sample())
    summary = files["data/record.json"].replace(b'{"format"', b'{"a": ' + b"9" * 100_000 + b', "format"', 1)
    return seal(folder, {**files, "data/record.json": summary})


@attack(25, among=HOSTILE)
def the_summary_has_a_number_with_a_leading_zero(folder):
    files = package.files_of(sample())
    summary = files["data/record.json"].replace(b'{"format"', b'{"a": 01, "format"', 1)
    return seal(folder, {**files, "data/record.json": summary})


@attack(25, among=HOSTILE)
def the_summary_is_a_list(folder):
    return seal(folder, {**package.files_of(sample()), "data/record.json": b"[]"})


@attack(25, among=HOSTILE)
def it_is_not_a_zip_file(folder):
    return Case(write(folder / "record.zip", b"no ZIP"))


@attack(25, among=HOSTILE)
def there_is_no_file(folder):
    return Case(folder / "record.zip")


@attack(25, among=HOSTILE)
def the_given_key_is_none(folder):
    return sealed(folder, sample(), vkeys=["log.example+00000000+AAAA"])


@attack(25, among=HOSTILE)
def the_given_receipt_is_none(folder):
    return sealed(folder, sample(), receipts=[write(folder / "receipt", {"format": "ucc-receipt/1"})])
