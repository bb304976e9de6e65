"""Tables of activities: our own heads in three languages."""

from __future__ import annotations

import io
from datetime import date

import pytest

from ucc_participate.kernel.errors import Invalid
from ucc_participate.kernel.i18n import writing_for
from ucc_participate.kernel.tables import Table, read_table
from ucc_participate.outreach.models import ActivityKind, Counted
from ucc_participate.outreach.sheet import Fate, carried, empty_table, read_activities, read_carried
from ucc_participate.outreach.wording import ACTIVITY_KINDS, COUNTED, GROUPS

TODAY = date(2026, 3, 21)


def table(text: str) -> Table:
    return read_table(io.BytesIO(text.encode()), name="t.csv", max_bytes=1_000_000)


def fates_of(app, text: str) -> list[Fate]:
    with app.app_context():
        return read_activities(table(text), today=TODAY)


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
def test_heads_and_days_of_three_languages(app, text, kind, day, group, reached, counted):
    [fate] = fates_of(app, text)
    assert fate.faults == ()
    found = fate.activity
    assert found is not None
    assert (found.kind, found.held_on, found.group, found.reached, found.counted) == (
        kind,
        day,
        group,
        reached,
        counted,
    )


def test_a_group_of_its_own_is_kept_in_its_words(app):
    [fate] = fates_of(app, "kind,date,place,group\nvisit,2026-01-31,Bazaar,Deaf people")
    assert fate.activity is not None
    assert (fate.activity.group, fate.activity.group_words) == ("other", "Deaf people")


def test_a_table_without_our_heads_is_no_table_of_activities():
    with pytest.raises(Invalid):
        read_activities(table("a,b\n1,2"), today=TODAY)


@pytest.mark.parametrize("locale", ["fa", "en", "fr"])
def test_every_value_may_be_called_what_the_pages_call_it_whoever_reads(app, locale):
    """Kinds, groups and how people were counted, in every language, whatever the language of the reader."""
    with app.app_context():
        with writing_for(locale):
            kinds, groups, counted = (list(map(str, each.values())) for each in (ACTIVITY_KINDS, GROUPS, COUNTED))
        lines = [f"{kind};2026-02-01;Bazaar;;;1;" for kind in kinds]
        lines += [
            f"visit;2026-02-01;Bazaar;{group};{'Deaf people' if group == groups[-1] else ''};1;" for group in groups
        ]
        lines += [f"visit;2026-02-01;Bazaar;;;1;{how}" for how in counted]
        fates = read_activities(
            table("\n".join(["kind;date;place;group;which group;reached;counted", *lines])), today=TODAY
        )
    found = [fate.activity for fate in fates if fate.activity]
    assert len(found) == len(fates)
    assert [each.kind for each in found[: len(kinds)]] == list(ACTIVITY_KINDS)
    assert [each.group for each in found[len(kinds) : -len(counted)]] == list(GROUPS)
    assert [each.counted for each in found[-len(counted) :]] == list(COUNTED)


def test_everything_that_is_wrong_with_a_row_is_said(app):
    [fate] = fates_of(app, "kind,date,place,reached,counted\npigeon,2026-02-30,,many,perhaps")
    said = " ".join(map(str, fate.faults))
    assert fate.activity is None
    for words in ("“pigeon”", "“2026-02-30”", "The place is missing.", "“many”", "“perhaps”"):
        assert words in said, words


@pytest.mark.parametrize("locale", ["fa", "en", "fr"])
def test_the_empty_table_has_heads_that_are_read_back(app, locale):
    line = "visit,2026-02-01,Bazaar,Old town,women,,12,counted,Tea,Nobody came before"
    [fate] = fates_of(app, ",".join(empty_table(locale)) + "\n" + line)
    assert fate.activity is not None
    assert (fate.activity.group, fate.activity.counted, fate.activity.gap) == (
        "women",
        Counted.COUNTED,
        "Nobody came before",
    )


def test_a_table_comes_back_from_the_page_that_carried_it(app):
    brought = table("kind,date,place\n\nvisit,2026-02-01,=1+1")
    assert read_carried(carried(brought)).rows == brought.rows
    with pytest.raises(Invalid):
        read_carried("[1, 2")
    with pytest.raises(Invalid):
        carried(table("kind,date,place\n" + "visit,2026-02-01,Bazaar\n" * 20_000))
