"""Tables of activities: our own heads in three languages."""

from __future__ import annotations

import io
from datetime import date

import pytest

from ucc_participate.kernel.errors import Invalid
from ucc_participate.kernel.i18n import writing_for
from ucc_participate.kernel.tables import Table, read_table
from ucc_participate.outreach.models import ActivityKind, Counted
from ucc_participate.outreach.sheet import read_activities
from ucc_participate.outreach.wording import ACTIVITY_KINDS

TODAY = date(2026, 3, 21)


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


@pytest.mark.parametrize("locale", ["fa", "en", "fr"])
def test_every_kind_may_be_called_what_the_pages_call_it(app, locale):
    with app.app_context(), writing_for(locale):
        shown = [str(label) for label in ACTIVITY_KINDS.values()]
        lines = "".join(f"\n{label},2026-02-01,Bazaar" for label in shown)
        fates = read_activities(table(f"kind,date,place{lines}"), today=TODAY)
    assert [fate.activity.kind for fate in fates if fate.activity] == list(ACTIVITY_KINDS)
