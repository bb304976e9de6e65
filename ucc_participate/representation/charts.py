"""Presence as rows for the charts: the three sectors, women and young people against their targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from ..kernel.clock import from_utc_text
from ..kernel.i18n import day, lazy_number, percent, reader
from .queries import Presence, Stage
from .wording import GROUPS

SECTORS = ("sector:public", "sector:private", "sector:civil_society")
SHARES = (("sex:female", ("sex:female", "sex:male", "sex:other")), ("age:under_30", ("age:under_30", "age:30_plus")))


@dataclass(frozen=True, slots=True)
class Row:
    """A row of macros/charts.html presence(): value of total, a target between 0 and 1 or None, and the words."""

    label: Any
    value: int
    total: int
    words: str
    target: float | None = None
    target_words: str | None = None
    note: str | None = None


def rows(presence: Presence) -> list[Row]:
    """Sectors by organisations present of those invited; women and under-30s by their share of those who said."""
    return [_sector_row(presence, group) for group in SECTORS] + [_share_row(presence, *share) for share in SHARES]


def _sector_row(presence: Presence, group: str) -> Row:
    invited = presence.stage("organisations", "invited").count(group) or 0
    present = presence.stage("organisations", "present").count(group) or 0
    words = ngettext(
        "%(present)s of %(num)s organisation",
        "%(present)s of %(num)s organisations",
        invited,
        present=lazy_number(present),
    )
    goal = presence.targets.get(group)
    if not goal:
        return Row(GROUPS[group], present, max(invited, present), words)
    target_words = ngettext("%(num)s organisation", "%(num)s organisations", goal)
    return Row(
        GROUPS[group], present, max(invited, present, goal), words, goal / max(invited, present, goal), target_words
    )


def _share_row(presence: Presence, group: str, stated: tuple[str, ...]) -> Row:
    stage = presence.stage("people", "joined")
    goal = presence.targets.get(group)
    target = goal / 100 if goal else None
    target_words = _share(target) if target is not None else None
    value, total = stage.count(group), known(stage, stated)
    if not stage.cells and presence.at is None:
        return Row(GROUPS[group], 0, 0, _("not counted yet"), None, None)
    if value is None or total is None:
        return Row(GROUPS[group], 0, 0, _("too few to show"), None, None, _("Groups under five people stay hidden."))
    if not total:
        return Row(GROUPS[group], 0, 0, _("nobody has said yet"), None, None)
    on = _counted_on(stage, group)
    note = _("of those who told us") if on is None else _("of those who had told us on %(day)s", day=on)
    return Row(GROUPS[group], value, total, _share(value / total), target, target_words, note)


def _counted_on(stage: Stage, group: str) -> str | None:
    """The day of an older count that is shown because a newer one would tell of a few people; None: the newest."""
    cell = stage.cell(group)
    if cell is None or cell.at is None:
        return None
    return day_of(cell.at)


def day_of(at: str | None) -> str:
    """The day of a moment as figures write it."""
    return day(from_utc_text(at).date(), locale=reader().locale) if at else ""


def known(stage: Stage, stated: Sequence[str]) -> int | None:
    """How many said to which of these groups they belong; None where that is hidden, or not of one time.

    An older count stands for all of them where a newer one would tell of a few people.

    Where a few of another sex are hidden together with those who did not say, women and men are the whole.
    """
    for groups in (stated, [group for group in stated if group != "sex:other"]):
        cells = [stage.cell(group) for group in groups]
        counts = [cell.count for cell in cells if cell is not None and cell.count is not None]
        if len(counts) == len(groups) and len({cell.at for cell in cells if cell is not None}) == 1:
            return sum(counts)
    silent = stage.cell(f"{stated[0].partition(':')[0]}:not_stated")
    if silent is None or silent.count is None or silent.at is not None or silent.of is None:
        return None
    return silent.of - silent.count


def _share(value: float) -> str:
    return percent(value, locale=reader().locale)
