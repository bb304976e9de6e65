"""A table of organisations: what each row would do, and that all of it happens or nothing."""

from __future__ import annotations

import io
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.stakeholders.making import ACTORS, CITY, POTTERS, drift_faults, make_organisation, told
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.kernel.i18n import writing_for
from ucc_participate.kernel.tables import read_table, write_csv, write_xlsx
from ucc_participate.stakeholders import columns, operations, queries
from ucc_participate.stakeholders.models import Fate, ImportState
from ucc_participate.stakeholders.queries import RegisterFilter
from ucc_participate.stakeholders.sheet import MOST_ROWS, read_sheet
from ucc_participate.vocabularies.uccn import CreativeField, Sector

HEAD = ("Name of the organisation", "Sector", "Kind", "How the city came to know of it")
FOUND = "List of the chamber"


@pytest.fixture
def now(clock):
    return clock.now()


def table_of(rows, kind="csv"):
    data = write_csv(rows) if kind == "csv" else write_xlsx(rows, title="Rows", is_right_to_left=False)
    return read_table(io.BytesIO(data), name=f"rows.{kind}", max_bytes=10_000_000)


def words_of(app: Flask) -> columns.Words:
    with app.test_request_context():
        return columns.words(queries.list_tags(db.session()))


@pytest.fixture
def words(app: Flask):
    return words_of(app)


@pytest.fixture
def bring(app, perform, now):
    """``bring(rows)`` keeps a preview of a table as a clerk brings it."""

    def run(rows, *, kind="csv", actor=ACTORS["clerk"], at=now):
        table, words = table_of(rows, kind), words_of(app)
        facts = {"file_name": table.name, "sha256": table.sha256, "identified_by": FOUND}
        sheet = read_sheet(table, words)
        return perform(lambda s: operations.keep_preview(s, sheet, words, **facts, actor=actor, now=at))

    return run


@pytest.fixture
def carry_out(perform, words, now):
    def run(table, *, operation=operations.carry_out, actor=ACTORS["clerk"]):
        def work(session):
            operation(session, queries.import_to_change(session, table.public_id), words, actor=actor, now=now)

        perform(work)

    return run


@pytest.fixture
def fates(read):
    """``fates(table)``: number of row → what becomes of it and why."""

    def run(table):
        rows = read(lambda s: list(queries.all_rows(s, queries.get_import(s, table.public_id))))
        return {row.number: (row.fate, row.says) for row in rows}

    return run


def registered(read):
    return {each.name: each for each in read(lambda s: list(queries.exported(s, RegisterFilter(), with_merged=False)))}


def row(name, sector="civil_society", kind="association", found="", **more):
    return (name, sector, kind, found, *more.values())


def test_a_preview_changes_nothing_and_says_what_would_happen(app, bring, fates, read, now):
    table = bring([HEAD, row("Weavers’ union"), row("", "private", "company"), row("Bakers", "private", "association")])
    assert fates(table) == {
        2: (Fate.NEW, []),
        3: (Fate.REFUSED, [{"code": "missing", "column": "name"}]),
        4: (Fate.REFUSED, [{"code": "other_sector", "column": "subtype", "typed": "association"}]),
    }
    assert registered(read) == {}
    assert (table.status, table.changes, table.rows) == (ImportState.WAITING, 1, 3)
    assert told(app, subject=table.ref) == []


def test_broken_rows_come_first_and_the_preview_is_paged_by_key(bring, read):
    rows = [row(f"Choir of street {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[at % 26] * 4}{at}") for at in range(120)]
    table = bring([HEAD, *rows, row("", kind="x")])
    first = read(lambda s: queries.list_rows(s, table))
    assert (first.rows[0].fate, first.rows[0].number) == (Fate.REFUSED, 122)
    assert [each.number for each in first.rows[1:]] == list(range(2, 51))
    second = read(lambda s: queries.list_rows(s, table, after=first.after))
    assert second.rows[0].number == 51
    last = read(
        lambda s: queries.list_rows(
            s, table, after=read(lambda s: queries.list_rows(s, table, after=first.after)).after
        )
    )
    assert last.after is None


def test_carrying_out_enters_every_good_row_with_its_own_entry_in_the_log(app, bring, carry_out, read, now, fates):
    table = bring(
        [HEAD, row("Weavers’ union"), row("Bakers", "private", "company", "Their letter"), row("Nobody", "x")]
    )
    carry_out(table)
    found = registered(read)
    assert {name: (each.sector, each.identified_by) for name, each in found.items()} == {
        "Weavers’ union": (Sector.CIVIL_SOCIETY, FOUND),
        "Bakers": (Sector.PRIVATE, "Their letter"),
    }
    for each in found.values():
        [event] = told(app, subject=each.ref)
        assert (event.type, event.values["role"]) == ("organisation.registered", "clerk")
        assert event.payload == each.public_payload()
    [event] = told(app, subject=table.ref)
    assert event.type == "register_import.carried_out"
    assert event.payload == {
        "sha256": table.sha256,
        "new": 2,
        "refused": 1,
        **dict.fromkeys(("alike", "double", "merged", "changed", "unchanged"), 0),
    }
    rows = read(lambda s: list(queries.all_rows(s, table)))
    assert [each.given for each in rows] == [None] * 3
    assert {each.name: each.public_id for each in rows if each.public_id} == {
        name: each.public_id for name, each in found.items()
    }
    assert drift_faults(app) == []


def test_a_row_changes_the_entry_of_its_id_or_of_its_name_and_sector(app, perform, bring, carry_out, read, fates, now):
    weavers = make_organisation(perform, "Weavers’ union", now=now, website="https://weavers.example")
    bakers = make_organisation(perform, "Bakers", Sector.PRIVATE, now=now)
    head = ("id", *HEAD, "website", "size", "creative fields")
    rows = [
        (weavers.public_id, "Union of weavers", "", "", "", "-", "", ""),
        ("", "bakers", "private", "", "", "bakers.example", "few", "Gastronomy; music"),
    ]
    table = bring([head, *rows])
    assert fates(table)[2] == (
        Fate.CHANGED,
        [
            {"code": "changes", "column": "name", "old": "Weavers’ union", "new": "Union of weavers"},
            {"code": "changes", "column": "website", "old": "https://weavers.example", "new": None},
        ],
    )
    carry_out(table)
    found = registered(read)
    assert found["Union of weavers"].website is None
    assert found["bakers"].website == "https://bakers.example"
    assert found["bakers"].creative_fields == (CreativeField.GASTRONOMY, CreativeField.MUSIC)
    assert [each.type for each in told(app, subject=bakers.ref)] == ["organisation.registered", "organisation.revised"]
    assert drift_faults(app) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("locale", ["fa", "en", "fr"])
def test_what_is_taken_away_comes_back_unchanged_in_every_language(app, perform, bring, fates, read, now, kind, locale):
    perform(lambda s: operations.register_organisation(s, POTTERS, actor=CITY, now=now))
    title = {language: f"Women، men; {language}" for language in ("fa", "en", "fr")}
    tag = perform(lambda s: operations.add_tag(s, title=title, counts_as=None, actor=CITY, now=now))
    odd: dict[str, Any] = {
        "contact_phone": "+98 13 4242",
        "note": "First line\nsecond line",
        "website": "https://choir.example",
    }
    make_organisation(perform, "=1+1 گروه كُر", now=now, is_youth_group=True, tags=("minorities", "womens_group"), **odd)
    make_organisation(perform, "Choir", now=now, tags=(tag.code,))

    def everything(session):
        tags = queries.list_tags(session)
        found = queries.exported(session, RegisterFilter(), with_merged=True)
        return list(columns.rows(found, (*columns.PUBLIC, *columns.CONTACT), tags, locale=locale))

    with app.test_request_context(), writing_for(locale):
        rows = everything(db.session())
    table = bring(rows, kind=kind)
    assert fates(table) == dict.fromkeys((2, 3, 4), (Fate.UNCHANGED, []))
    assert table.ignored == []


def test_the_same_table_brought_again_does_nothing(bring, carry_out, fates):
    rows = [HEAD, row("Weavers’ union"), row("Bakers", "private", "company")]
    carry_out(bring(rows))
    again = bring(rows)
    assert {fate for fate, _says in fates(again).values()} == {Fate.UNCHANGED}
    with pytest.raises(Invalid, match="No row"):
        carry_out(again)


def test_the_second_of_two_rows_for_one_organisation_is_left_out(bring, carry_out, fates, read):
    table = bring(
        [HEAD, row("Weavers’ union"), row("WEAVERS’  UNION", kind="ngo"), row("Bakers", "private", "company")]
    )
    assert fates(table)[3] == (Fate.DOUBLE, [{"code": "double", "row": 2}])
    carry_out(table)
    assert registered(read)["Weavers’ union"].subtype == "association"


def test_a_row_that_looks_like_an_entry_waits_until_it_is_said_to_be_another(perform, bring, carry_out, fates, now):
    there = make_organisation(perform, "Weavers of Rasht", now=now, contact_email="office@weavers.example")
    head = (*HEAD, "E-mail", "another")
    alike = row("Weaver of Rasht", mail="", another="")
    said = {"code": "alike", "name": there.name, "public_id": there.public_id}
    by_mail = row("Carpets", "private", "company", mail="office@weavers.example", another="")
    table = bring([head, alike, by_mail, row("Weavers of rasht ", mail="", another="")])
    found = fates(table)
    assert found[2] == (Fate.ALIKE, [said | {"reasons": ["near"]}])
    assert found[3] == (Fate.ALIKE, [said | {"reasons": ["email"]}])
    assert found[4][0] is Fate.CHANGED
    again = bring([head, row("Weaver of Rasht", mail="", another="yes")])
    assert fates(again)[2] == (Fate.NEW, [])


def test_names_that_differ_by_a_number_are_different_organisations(bring, fates):
    table = bring([HEAD, row("School no. 12", "public", "university"), row("School no. 13", "public", "university")])
    assert [fate for fate, _ in fates(table).values()] == [Fate.NEW, Fate.NEW]


def test_contact_data_of_a_preview_is_told_nowhere(perform, bring, read, now):
    made = perform(lambda s: operations.register_organisation(s, POTTERS, actor=CITY, now=now))
    head = ("id", "E-mail", "Telephone")
    table = bring([head, (made.public_id, "new@potters.example", ""), ("nobody", "not an address", "")])
    said = str([each.says for each in read(lambda s: list(queries.all_rows(s, table)))])
    assert "potters.example" not in said
    assert "not an address" not in said


def test_a_register_that_changed_meanwhile_is_shown_again_and_nothing_is_done(
    perform, bring, carry_out, fates, read, now
):
    table = bring([HEAD, row("Weavers’ union"), row("Bakers", "private", "workshop")])
    make_organisation(perform, "Bakers", Sector.PRIVATE, now=now)
    with pytest.raises(operations.RegisterChanged):
        carry_out(table)
    assert set(registered(read)) == {"Bakers"}
    carry_out(table, operation=operations.look_again)
    changed = {"code": "changes", "column": "subtype", "old": "company", "new": "workshop"}
    assert fates(table)[3] == (Fate.CHANGED, [changed])
    carry_out(table)
    assert set(registered(read)) == {"Bakers", "Weavers’ union"}


def test_an_entry_merged_meanwhile_is_not_written_to(app, perform, bring, carry_out, fates, read, now):
    gone = make_organisation(perform, "Guild of potters", now=now)
    stays = make_organisation(perform, "Potters’ guild", now=now)
    table = bring([("id", "website"), (gone.public_id, "https://potters.example")])

    def merge(session):
        both = queries.organisations_to_merge(session, gone.public_id, stays.public_id)
        operations.merge_organisations(session, *both, reason="One guild", parts=(), actor=CITY, now=now)

    perform(merge)
    with pytest.raises(operations.RegisterChanged):
        carry_out(table)
    carry_out(table, operation=operations.look_again)
    assert fates(table)[2] == (Fate.MERGED, [{"code": "merged", "name": "Potters’ guild"}])
    assert len(told(app, subject=gone.ref)) == 2


def test_a_table_and_a_merge_at_once_leave_nothing_half_done(app, perform, bring, carry_out, read, now):
    """Whichever is first, the other one notices: the table is refused, or it was taken in before the merge."""
    gone, stays = (make_organisation(perform, name, now=now) for name in ("Guild of potters", "Potters’ guild"))
    others = [row(f"Choir {letter * 5}") for letter in "abcdefgh"]
    cells = [("", *each, "") for each in others]
    table = bring([("id", *HEAD, "size"), (gone.public_id, "", "", "", "", "few"), *cells])
    outcomes = {}

    def take_in():
        try:
            carry_out(table)
            outcomes["table"] = "taken in"
        except operations.RegisterChanged:
            outcomes["table"] = "refused"

    def merge():
        def work(session):
            both = queries.organisations_to_merge(session, gone.public_id, stays.public_id)
            operations.merge_organisations(session, *both, reason="One guild", parts=(), actor=CITY, now=now)

        perform(work)
        outcomes["merge"] = "done"

    clerks = [threading.Thread(target=each) for each in (take_in, merge)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    types = [each.type.partition(".")[2] for each in told(app, subject=gone.ref)]
    wanted = {"taken in": ["registered", "revised", "merged"], "refused": ["registered", "merged"]}
    assert outcomes["merge"] == "done"
    assert types == wanted[outcomes["table"]]
    assert len(registered(read)) == (9 if outcomes["table"] == "taken in" else 1)
    assert drift_faults(app) == []


def test_a_table_is_taken_in_once(bring, carry_out):
    table = bring([HEAD, row("Weavers’ union")])
    carry_out(table)
    for operation in (operations.carry_out, operations.look_again):
        with pytest.raises(Conflict, match="already"):
            carry_out(table, operation=operation)


def test_two_clerks_who_take_in_one_table_at_once_take_it_in_once(bring, carry_out, read):
    table = bring([HEAD, *[row(f"Choir {'abcdefgh'[at] * 5}") for at in range(8)]])
    outcomes = []

    def press():
        try:
            carry_out(table)
            outcomes.append("done")
        except Conflict:
            outcomes.append("refused")

    clerks = [threading.Thread(target=press) for _ in range(2)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert len(registered(read)) == 8


@pytest.mark.parametrize("who", ["visitor", "resident", "delegate", "evaluator"])
def test_only_staff_brings_tables(bring, carry_out, read, who):
    with pytest.raises(Forbidden):
        bring([HEAD, row("Weavers’ union")], actor=ACTORS[who])
    table = bring([HEAD, row("Weavers’ union")])
    with pytest.raises(Forbidden):
        carry_out(table, actor=ACTORS[who])
    assert registered(read) == {}


def test_tables_that_nobody_takes_in_are_forgotten_after_a_week(app, perform, bring, carry_out, read, now):
    done, waiting = bring([HEAD, row("Weavers’ union")]), bring([HEAD, row("Bakers", "private", "company")])
    carry_out(done)

    def forget(session):
        return operations.forget_previews(
            session, brought_before=now + timedelta(seconds=1), actor=CITY, now=now + timedelta(days=8)
        )

    assert (perform(forget), perform(forget)) == (1, 0)
    assert [each.public_id for each in read(queries.list_imports)] == [done.public_id]
    [event] = told(app, subject="retention/register_imports")
    assert event.payload == {"rule": "register_imports", "count": 1}
    assert waiting.ref not in str(read(queries.list_imports))


# --- files that are no tables of organisations --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words_of_refusal"),
    [
        ("نام;بخش\nبافندگان;خصوصي".encode("cp1256"), "no table"),
        (b"%PDF-1.7 something", "first row must name"),
        (b"PK\x03\x04 no spreadsheet", "cannot be read"),
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no table"),
        (b"just,some\nwords,here", "first row must name"),
        (b"name,sector\n", "nothing under the headers"),
    ],
    ids=["another encoding", "PDF", "broken XLSX", "empty", "picture", "no headers", "headers alone"],
)
def test_what_is_no_table_of_organisations_is_refused_in_words(words, data, words_of_refusal):
    with pytest.raises(Invalid, match=words_of_refusal):
        read_sheet(read_table(io.BytesIO(data), name="x.csv", max_bytes=1_000_000), words)


def test_more_rows_than_can_be_looked_at_are_refused(app, words):
    rows = [HEAD, *[row(f"Choir {at}") for at in range(MOST_ROWS + 1)]]
    with pytest.raises(Invalid) as refusal:
        read_sheet(table_of(rows), words)
    with app.test_request_context(), writing_for("en"):
        assert "10,001 rows. At most 10,000" in str(refusal.value.reason)
