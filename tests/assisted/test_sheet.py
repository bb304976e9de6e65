"""Whole tables: every row taken or refused with a reason; a real city's plan as assisted input."""

from __future__ import annotations

import csv
import io

import pytest

from tests.assisted.making import DIGESTS, PROPOSING, begin, clerk, open_process
from ucc_participate.accounts.models import Sex
from ucc_participate.assisted import operations, queries
from ucc_participate.assisted.sheet import read_sheet
from ucc_participate.kernel.errors import Invalid
from ucc_participate.kernel.tables import read_table
from ucc_participate.processes.queries import process_to_change
from ucc_participate.proposals.models import ProposalKind

HEAD = "title,summary,kind,objectives,cost,name,sex,birth year,district\n"


def sheet(text: str):
    return read_sheet(read_table(io.BytesIO(text.encode()), name="t.csv", max_bytes=10_000_000), language="fa")


def test_a_row_becomes_a_form_of_the_pile(app):
    read = sheet(HEAD + "A bench under the plane tree,They rest there,policy,OBJ-1|OBJ-2,۱٬۲۰۰,Golnar,زن,۱۳۳۷,Bazaar\n")
    [row] = read.taken
    assert (row.row, row.entry.person.name, row.entry.person.about.sex) == (2, "Golnar", Sex.FEMALE)
    assert row.entry.person.about.birth_year == 1958
    assert row.entry.content.kind is ProposalKind.POLICY
    assert (row.entry.content.objectives, row.entry.content.cost) == (("OBJ-1", "OBJ-2"), 1200)


def test_persian_heads_and_people_who_were_only_there(app):
    read = sheet("نام;جنسیت;سال تولد\nگلنار;زن;۱۳۷۰\n;مرد;\n;;\n")
    assert [each.entry.content for each in read.taken] == [None, None]
    assert read.refused == ()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("ab,,,,,,,,", "at least"),
        ("A bench under the plane tree,,,OBJ-9,,,,,", "“OBJ-9” is not on the list"),
        ("A bench under the plane tree,,,,a lot,,,,", "“a lot” is no amount"),
        ("A bench under the plane tree,,,,,,robot,,", "“robot” is not known"),
        ("A bench under the plane tree,,,,,,,12,", "“12” is no year"),
        (",,,,5,,,,", "neither a title nor a person"),
    ],
)
def test_a_wrong_row_says_why_and_leaves_the_others(app, row, words):
    with app.app_context():
        read = sheet(HEAD + row + "\nA fountain in the yard of the school,,,,,,,,\n")
        assert [each.row for each in read.taken] == [3]
        assert [each.row for each in read.refused] == [2]
        assert words in str(read.refused[0].reason)


def test_a_table_without_names_of_columns_is_refused(app):
    with pytest.raises(Invalid, match="name the columns"):
        sheet("a,b\n1,2\n")


@pytest.fixture
def barcelona(shared):
    """The 1,467 action plans of Barcelona's city plan of 2016, as a table with our columns' Catalan names."""
    path = shared / "data" / "barcelona" / "action_plans.csv"
    return path.read_bytes()


def test_a_citys_plan_is_entered_as_one_sheet(app, perform, read, clock, barcelona, count_queries):
    process = open_process(perform, clock.now())
    _account, actor = clerk(perform, clock.now())
    now = clock.now() + PROPOSING
    sitting = begin(perform, process, actor, now=now)
    plan = read_sheet(read_table(io.BytesIO(barcelona), name="plans.csv", max_bytes=50_000_000), language="fr")
    rows = list(csv.DictReader(io.StringIO(barcelona.decode("utf-8-sig"))))
    assert len(plan.taken) + len(plan.refused) == len(rows) == 1467
    assert {row.row for row in plan.refused} == {
        place for place, row in enumerate(rows, start=2) if len(row["Títol"].strip()) < 3
    }
    assert any(3 <= len(row["Títol"].strip()) < 10 for row in rows)

    def work(session):
        found = process_to_change(session, process.public_id, actor=actor)
        intake = queries.intake_to_change(session, found, sitting.public_id)
        entries = [each.entry for each in plan.taken]
        return operations.enter_many(session, intake, entries, currency="EUR", digests=DIGESTS, actor=actor, now=now)

    made = perform(work)
    assert len({code for _item, code in made}) == len(plan.taken)
    assert read(lambda s: queries.totals(s, process).assisted) == len(plan.taken)
    assert count_queries(lambda: app.test_client().get(f"/p/{process.public_id}/proposals")) < 15
