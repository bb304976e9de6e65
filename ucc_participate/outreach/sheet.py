"""From a table that was brought to activities: every row is taken or refused with a reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.errors import Invalid
from ..kernel.i18n import LOCALES, date_from_parts, latin_digits, writing_for
from ..kernel.tables import Row, Table
from ..kernel.text import clean_line
from .entry import MOST_REACHED, NewActivity
from .models import ActivityKind, Counted
from .wording import ACTIVITY_KINDS, COUNTED, GROUPS

JALALI_BEFORE = 1700
MOST_CARRIED = 400_000
"""Bytes that a form may carry beside files."""
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
    """What becomes of a row, counted as a spreadsheet does. ``faults``: all that is wrong with it, in lazy words."""

    row: int
    activity: NewActivity | None
    faults: tuple[Any, ...] = ()


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
    words = _Words.ours()
    return [_fate(row, columns, kind, words, today) for row in table.rows[1:]]


def _columns(row: Row, heads: Mapping[str, Sequence[str]]) -> dict[str, int]:
    titles = [cell.casefold().replace("\u200c", " ") for cell in row.cells]
    known = {name: [head.casefold() for head in names] for name, names in heads.items()}
    found = {name: _first(titles, names) for name, names in known.items()}
    return {name: place for name, place in found.items() if place is not None}


def _first(titles: Sequence[str], names: Sequence[str]) -> int | None:
    return next((place for place, title in enumerate(titles) if title in names), None)


def _fate(row: Row, columns: Mapping[str, int], kind: ActivityKind | None, words: _Words, today: date) -> Fate:
    def cell(name: str) -> str:
        place = columns.get(name, len(row.cells))
        return row.cells[place].strip() if place < len(row.cells) else ""

    return _Reading(cell, words, today).fate(row.number, kind)


class _Reading:
    """Reads the cells of one row, and gathers everything that is wrong with them."""

    def __init__(self, cell: Callable[[str], str], words: _Words, today: date) -> None:
        self.cell, self.words, self.today = cell, words, today
        self.faults: list[Any] = []

    def take(self, read: Callable[..., Any], *args: Any) -> Any:
        try:
            return read(*args)
        except Invalid as fault:
            self.faults.append(fault.reason)
            return None

    def fate(self, row: int, kind: ActivityKind | None) -> Fate:
        cell, take = self.cell, self.take
        facts: dict[str, Any] = {
            "kind": take(_kind, cell("kind"), kind, self.words.kinds),
            "held_on": take(_past_day, cell("held_on"), self.today),
            "place": take(_place, cell("place")),
            "district": take(_within, cell("district"), 80) or None,
            "reached": take(_number, cell("reached")),
            "done": take(_within, cell("done"), 2000),
            "gap": take(_within, cell("gap"), 1000) or None,
        }
        group = take(_group, cell("group"), cell("group_words"), self.words.groups)
        counted = take(_how, cell("counted"), self.words.counted)
        if self.faults:
            return Fate(row, None, tuple(self.faults))
        facts |= {"group": group[0], "group_words": group[1]}
        return Fate(row, NewActivity(**facts, counted=None if facts["reached"] is None else counted))


def _key(typed: str) -> str:
    """As words are compared: small letters, and a space for a half-space."""
    return " ".join(typed.casefold().replace("\u200c", " ").split())


def _shown(labels: Mapping[Any, Any]) -> dict[str, Any]:
    """What the pages show, in every language → what it means."""
    found: dict[str, Any] = {}
    for locale in LOCALES:
        with writing_for(locale):
            found |= {_key(str(label)): value for value, label in labels.items()}
    return found


def _meanings(ours: Mapping[str, Any], labels: Mapping[Any, Any]) -> dict[str, Any]:
    """Every word that a column takes → what it means."""
    return {_key(word): value for word, value in ours.items()} | _shown(labels)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words that columns take."""

    kinds: Mapping[str, ActivityKind]
    counted: Mapping[str, Counted]
    groups: Mapping[str, str]

    @classmethod
    def ours(cls) -> _Words:
        groups = _meanings({name: name for name in GROUPS}, GROUPS)
        return cls(_meanings(KINDS, ACTIVITY_KINDS), _meanings(HOW, COUNTED), groups)


def _kind(typed: str, otherwise: ActivityKind | None, words: Mapping[str, ActivityKind]) -> ActivityKind:
    found = words.get(_key(typed)) if typed else otherwise
    if found is None and not typed:
        raise Invalid(_l("The kind of activity is missing."))
    if found is None:
        raise Invalid(_l("“%(typed)s” is no kind of activity.", typed=typed[:40]))
    return found


def _past_day(typed: str, today: date) -> date:
    held_on = _day(typed)
    if held_on > today:
        raise Invalid(_l("This day is still to come. Note what has been done."))
    return held_on


def _place(typed: str) -> str:
    if not typed:
        raise Invalid(_l("The place is missing."))
    return _within(typed, 300)


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


def _how(typed: str, words: Mapping[str, Counted]) -> Counted:
    """Without a word it is an estimate: nobody may take it for more."""
    if not typed:
        return Counted.ESTIMATED
    found = words.get(_key(typed))
    if found is None:
        raise Invalid(_l("Write “counted” or “estimated”, not “%(typed)s”.", typed=typed[:20]))
    return found


def _group(typed: str, words: str, known: Mapping[str, str]) -> tuple[str, str | None]:
    """One of our groups by its id or name; anything else is a group of its own, in words."""
    if not typed and not words:
        return "all", None
    found = known.get(_key(typed))
    if found is not None and found != "other":
        return found, None
    if found == "other" and not words:
        raise Invalid(_l("Say which group."))
    return "other", _within(words or typed, 120)


def _within(typed: str, most: int) -> str:
    if len(typed) > most:
        raise Invalid(_l("A text in this row is too long: at most %(most)s characters.", most=most))
    return typed


def carried(table: Table) -> str:
    """The table as the page that shows its fate carries it on. Raises Invalid (``file``) when it is too long."""
    text = json.dumps([[row.number, *row.cells] for row in table.rows], ensure_ascii=False)
    if len(text.encode("utf-8")) > MOST_CARRIED:
        raise Invalid(_l("This table is too long. Bring it in parts of a thousand rows."), field="file")
    return text


def read_carried(text: str) -> Table:
    """The table that ``carried`` wrote. Raises Invalid."""
    try:
        rows = tuple(
            Row(int(number), tuple(clean_line(str(cell)) for cell in cells)) for number, *cells in json.loads(text)
        )
    except (ValueError, TypeError):
        raise Invalid(_l("This file is no table. Save it as CSV (UTF-8) or as XLSX."), field="file") from None
    return Table("", "", rows)


def empty_table(locale: str) -> list[str]:
    """The heads of an empty table in a language."""
    return [_head(names, locale) for names in HEADS.values()]


def _head(names: Sequence[str], locale: str) -> str:
    if locale == "fa":
        return next(name for name in names if "\u0600" <= name[0] <= "\u06ff")
    return names[-1] if locale == "fr" else names[0]
