"""Tables of activities: our own heads in three languages, and Barcelona's 410 meetings with theirs."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from tests.processes.making import make_process
from tests.stakeholders.making import told
from ucc_participate.audit import drift
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Invalid
from ucc_participate.kernel.identity import system_actor
from ucc_participate.kernel.tables import Table, read_table
from ucc_participate.outreach import operations, queries
from ucc_participate.outreach.models import ActivityKind, Counted
from ucc_participate.outreach.queries import ActivityFilter
from ucc_participate.outreach.sheet import read_activities
from ucc_participate.processes.models import ProcessState
from ucc_participate.processes.queries import process_to_change

TODAY = date(2026, 3, 21)
BARCELONA = {
    "held_on": ("Data",),
    "place": ("Adreça",),
    "district": ("Districte",),
    "reached": ("Assistents",),
    "done": ("Títol",),
}


def table(text: str) -> Table:
    return read_table(io.BytesIO(text.encode()), name="t.csv", max_bytes=1_000_000)


PERSIAN = "نوع;تاریخ;محل;گروه;تعداد;شمارش\nکارگاه;۱۴۰۴/۱۱/۱۲;بازار;women;۳۰;شمرده"
FRENCH = "type,jour,lieu,personnes\nréunion,01/02/2026,Bazar,12"
FIRST = date(2026, 2, 1)


@pytest.mark.parametrize(
    ("text", "kind", "day", "group", "reached", "counted"),
    [
        ("kind,date,place\nVISIT,2026-02-01,Bazaar", ActivityKind.VISIT, FIRST, "all", None, None),
        (PERSIAN, ActivityKind.WORKSHOP, FIRST, "women", 30, Counted.COUNTED),
        (FRENCH, ActivityKind.MEETING, FIRST, "all", 12, Counted.ESTIMATED),
    ],
)
def test_heads_and_days_of_three_languages(text, kind, day, group, reached, counted):
    [fate] = read_activities(table(text), today=TODAY)
    assert fate.refused is None
    found = fate.activity
    assert found is not None
    assert (found.kind, found.held_on, found.group, found.reached, found.counted) == (
        kind,
        day,
        group,
        reached,
        counted,
    )


def test_a_group_of_its_own_is_kept_in_its_words():
    [fate] = read_activities(table("kind,date,place,group\nvisit,2026-01-31,Bazaar,Deaf people"), today=TODAY)
    assert fate.activity is not None
    assert (fate.activity.group, fate.activity.group_words) == ("other", "Deaf people")


def test_a_table_without_our_heads_is_no_table_of_activities():
    with pytest.raises(Invalid):
        read_activities(table("a,b\n1,2"), today=TODAY)


def test_barcelona_s_meetings_become_the_outreach_of_a_large_process(
    app, client, perform, read, clock, shared, count_queries
):
    path = shared / "data" / "barcelona" / "meetings.csv"
    brought = read_table(io.BytesIO(path.read_bytes()), name="meetings.csv", max_bytes=20_000_000)
    fates = read_activities(brought, today=TODAY, heads=BARCELONA, kind=ActivityKind.MEETING)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(keepends=True)))
    good = [fate.activity for fate in fates if fate.activity is not None]
    assert len(fates) == len(rows) == 410
    process = make_process(perform, clock.now(), ProcessState.OPEN)
    actor = system_actor("test")

    def work(session):
        found = process_to_change(session, process.public_id, actor=actor)
        return operations.import_activities(session, found, good, today=TODAY, actor=actor, now=clock.now())

    taken = perform(work)
    kept = [activity for activity, is_taken in zip(good, taken, strict=True) if is_taken]
    [total] = read(lambda s: queries.reached(s, process))
    assert total.activities == len(kept)
    assert total.people == sum(activity.reached or 0 for activity in kept)
    by_row = {fate.row: fate.activity for fate in fates}
    for row, activity in zip(rows, (by_row[number] for number in sorted(by_row)), strict=True):
        if activity is not None:
            assert activity.held_on.strftime("%d/%m/%Y") == row["Data"]
            assert activity.reached == (int(row["Assistents"]) if row["Assistents"] else None)
            assert (activity.district or "") == row["Districte"].strip()
    address = f"/p/{process.public_id}/outreach"
    assert count_queries(lambda: client.get(address)) <= 10
    seen, after, pages = 0, None, 0
    while pages == 0 or after is not None:
        page = read(lambda s, after=after: queries.list_activities(s, process, ActivityFilter(), after=after))
        seen, after, pages = seen + len(page.activities), page.after, pages + 1
    assert seen == len(kept)
    assert [entry.type for entry in told(app, process=process.ref)].count("outreach.recorded") == len(kept)
    with app.app_context():
        assert drift.check(db.session()) == []
        db.session.rollback()
