"""From a table that was brought to activities: every row is taken or refused with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.errors import Invalid
from ..kernel.i18n import date_from_parts, latin_digits
from ..kernel.tables import Row, Table
from .entry import MOST_REACHED, NewActivity
from .models import ActivityKind, Counted
from .wording import ACTIVITY_KINDS, GROUPS

JALALI_BEFORE = 1700
HEADS: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind", "نوع", "type"),
    "held_on": ("day", "date", "روز", "تاریخ", "jour"),
    "place": ("place", "محل", "جا", "lieu"),
    "district": ("district", "منطقه", "محله", "quartier"),
    "group": ("group", "گروه", "groupe"),
    "group_words": ("which group", "کدام گروه", "quel groupe"),
    "reached": ("reached", "شمار", "تعداد", "personnes"),
    "counted": ("counted", "شمارش", "compté"),
    "done": ("what was done", "شرح", "description"),
    "gap": ("gap", "کمبود", "lacune"),
}
"""Field → what its column may be called, in small letters."""
KINDS: dict[str, ActivityKind] = {
    **{kind.value: kind for kind in ActivityKind},
    "بازدید": ActivityKind.VISIT, "کارگاه": ActivityKind.WORKSHOP, "جلسه": ActivityKind.MEETING,
    "پوستر": ActivityKind.POSTER, "رادیو": ActivityKind.RADIO, "روزنامه": ActivityKind.PRESS,
    "تلفن": ActivityKind.CALL, "شبکه‌های اجتماعی": ActivityKind.SOCIAL_MEDIA,
    "visite": ActivityKind.VISIT, "atelier": ActivityKind.WORKSHOP, "réunion": ActivityKind.MEETING,
    "affiche": ActivityKind.POSTER, "presse": ActivityKind.PRESS, "appel": ActivityKind.CALL,
    "réseaux sociaux": ActivityKind.SOCIAL_MEDIA, "social media": ActivityKind.SOCIAL_MEDIA,
}  # fmt: skip
"""Beside what the pages call them in the reader's language."""
HOW: Mapping[str, Counted] = {
    "counted": Counted.COUNTED, "شمرده": Counted.COUNTED, "compté": Counted.COUNTED, "yes": Counted.COUNTED,
    "estimated": Counted.ESTIMATED, "برآورد": Counted.ESTIMATED, "estimé": Counted.ESTIMATED, "no": Counted.ESTIMATED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a row, counted as a spreadsheet does. ``refused``: lazy text, None when it can be taken."""

    row: int
    activity: NewActivity | None
    refused: Any


def read_activities(
    table: Table, *, today: date, heads: Mapping[str, Sequence[str]] = HEADS, kind: ActivityKind | None = None
) -> list[Fate]:
    """The fate of every row below the heads. ``kind``: of rows that name none. Raises Invalid without usable heads."""
    if not table.rows:
        raise Invalid(_l("This file is empty. Choose another one."), field="file")
    columns = _columns(table.rows[0], heads)
    needed = {"held_on", "place"} | (set() if kind is not None else {"kind"})
    if not needed <= columns.keys():
        raise Invalid(_l("The first row must name the columns: kind, date, place. The page shows how."), field="file")
    return [_fate(row, columns, kind, today) for row in table.rows[1:]]


def _columns(row: Row, heads: Mapping[str, Sequence[str]]) -> dict[str, int]:
    titles = [cell.casefold().replace("\u200c", " ") for cell in row.cells]
    known = {name: [head.casefold() for head in names] for name, names in heads.items()}
    found = {name: _first(titles, names) for name, names in known.items()}
    return {name: place for name, place in found.items() if place is not None}


def _first(titles: Sequence[str], names: Sequence[str]) -> int | None:
    return next((place for place, title in enumerate(titles) if title in names), None)


def _fate(row: Row, columns: Mapping[str, int], kind: ActivityKind | None, today: date) -> Fate:
    def cell(name: str) -> str:
        place = columns.get(name, len(row.cells))
        return row.cells[place].strip() if place < len(row.cells) else ""

    try:
        return Fate(row.number, _activity(cell, kind, today), None)
    except Invalid as fault:
        return Fate(row.number, None, fault.reason)


def _activity(cell: Callable[[str], str], kind: ActivityKind | None, today: date) -> NewActivity:
    held_on = _day(cell("held_on"))
    if held_on > today:
        raise Invalid(_l("This day is still to come. Note what has been done."))
    reached = _number(cell("reached"))
    group, words = _group(cell("group"), cell("group_words"))
    return NewActivity(
        kind=_kind(cell("kind"), kind),
        held_on=held_on,
        place=_within(cell("place"), 300, needed=True),
        district=_within(cell("district"), 80) or None,
        group=group,
        group_words=words,
        reached=reached,
        counted=None if reached is None else _how(cell("counted")),
        done=_within(cell("done"), 2000),
        gap=_within(cell("gap"), 1000) or None,
    )


def _kind(typed: str, otherwise: ActivityKind | None) -> ActivityKind:
    shown = {str(label).casefold(): kind for kind, label in ACTIVITY_KINDS.items()}
    found = (KINDS | shown).get(typed.casefold(), otherwise if not typed else None)
    if found is None:
        raise Invalid(_l("“%(typed)s” is no kind of activity.", typed=typed[:40]))
    return found


def _day(typed: str) -> date:
    """``2026-03-21``, ``21/03/2026``, ``1405/1/1``: a year first or last; one under 1700 is Jalali."""
    parts = latin_digits(typed).replace("/", "-").replace(".", "-").split("-")
    if len(parts) == 3 and all(part.strip().isdigit() and len(part) <= 4 for part in parts):
        numbers = [int(part) for part in parts]
        year, month, day = numbers if numbers[0] > 31 else numbers[::-1]
        try:
            return date_from_parts(year, month, day, "jalali" if year < JALALI_BEFORE else "gregorian")
        except ValueError:
            pass
    raise Invalid(_l("“%(typed)s” is no day. Write it like 1405/01/31 or 2026-04-20.", typed=typed[:20]))


def _number(typed: str) -> int | None:
    digits = latin_digits(typed)
    if not digits:
        return None
    if not digits.isdigit() or len(digits) > 9 or int(digits) > MOST_REACHED:
        raise Invalid(_l("“%(typed)s” is no number of people.", typed=typed[:20]))
    return int(digits)


def _how(typed: str) -> Counted:
    """Without a word it is an estimate: nobody may take it for more."""
    if not typed:
        return Counted.ESTIMATED
    if typed.casefold() not in HOW:
        raise Invalid(_l("Write “counted” or “estimated”, not “%(typed)s”.", typed=typed[:20]))
    return HOW[typed.casefold()]


def _group(typed: str, words: str) -> tuple[str, str | None]:
    """One of our groups by its id or name; anything else is a group of its own, in words."""
    if not typed and not words:
        return "all", None
    names = {**{name: name for name in GROUPS}, **{str(label).casefold(): name for name, label in GROUPS.items()}}
    found = names.get(typed.casefold())
    if found is not None and found != "other":
        return found, None
    return "other", _within(words or typed, 120, needed=True)


def _within(typed: str, most: int, *, needed: bool = False) -> str:
    if needed and not typed:
        raise Invalid(_l("Something is missing in this row."))
    if len(typed) > most:
        raise Invalid(_l("A text in this row is too long: at most %(most)s characters.", most=most))
    return typed
