"""From a table of meetings that were held elsewhere to what can be taken over: every row is taken or refused, and why.

The columns may be called as Barcelona's Decidim publishes them, or by plain names in our three languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.errors import Invalid
from ..kernel.i18n import latin_digits
from ..kernel.tables import Table
from ..processes.timetable import day_begins, day_ends
from .entry import ImportedMeeting

HEADS: Mapping[str, tuple[str, ...]] = {
    "source": ("id de cita", "id", "شناسه"),
    "title": ("títol", "title", "عنوان", "titre"),
    "text": ("descripció", "description", "شرح"),
    "held_on": ("data", "date", "روز", "تاریخ"),
    "place": ("adreça", "place", "محل", "lieu"),
    "district": ("districte", "district", "محله", "quartier"),
    "attended": ("assistents", "attended", "شمار حاضران", "participants"),
    "proposals": ("propostes", "proposals", "پیشنهادها", "propositions"),
    "interventions": ("intervencions", "interventions", "سخنان"),
    "url": ("url",),
}
NEEDED = ("source", "title", "held_on")
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
_LARGEST = 10_000_000


@dataclass(frozen=True, slots=True)
class Fate:
    """What can become of a row, counted as a spreadsheet does: a meeting, or why not, in lazy words."""

    row: int
    meeting: ImportedMeeting | None
    refused: Any = None


def read_meetings(table: Table, *, language: str) -> list[Fate]:
    """The fate of every row below the heads; a second one of the same source is refused. Raises Invalid."""
    if not table.rows:
        raise Invalid(_l("This file is empty. Choose another one."), field="file")
    titles = [cell.casefold() for cell in table.rows[0].cells]
    columns = {name: titles.index(head) for name, heads in HEADS.items() for head in heads[::-1] if head in titles}
    if any(name not in columns for name in NEEDED):
        raise Invalid(_l("The first row must name the columns: ID, title and date at least."), field="file")
    fates, seen = [], set()
    for row in table.rows[1:]:
        cells = row.cells

        def cell(name: str, cells: tuple[str, ...] = cells) -> str:
            place = columns.get(name, len(cells))
            return cells[place].strip() if place < len(cells) else ""

        fate = _fate(row.number, cell, language)
        if fate.meeting is not None and fate.meeting.source in seen:
            fate = Fate(row.number, None, _l("This meeting stands in the table already."))
        if fate.meeting is not None:
            seen.add(fate.meeting.source)
        fates.append(fate)
    return fates


def _fate(row: int, cell: Callable[[str], str], language: str) -> Fate:
    try:
        return Fate(row, _meeting(cell, language))
    except Invalid as fault:
        return Fate(row, None, fault.reason)


def _meeting(cell: Callable[[str], str], language: str) -> ImportedMeeting:
    if not cell("source") or not cell("title"):
        raise Invalid(_l("It has no ID or no title."))
    day = _day(cell("held_on"))
    address = cell("url")
    return ImportedMeeting(
        source=cell("source")[:200],
        title=cell("title")[:300],
        text=cell("text"),
        language=language,
        starts_at=day_begins(day),
        ends_at=day_ends(day),
        place=cell("place")[:300],
        district=cell("district")[:80] or None,
        url=address[:2000] if address.startswith(("http://", "https://")) else None,
        attended=_number(cell("attended")),
        proposals=_number(cell("proposals")),
        interventions=_number(cell("interventions")),
    )


def _day(typed: str) -> date:
    found = _DAY.fullmatch(latin_digits(typed))
    try:
        if found is None:
            raise ValueError
        day, month, year, iso_year, iso_month, iso_day = found.groups()
        return date(int(year or iso_year), int(month or iso_month), int(day or iso_day))
    except ValueError:
        raise Invalid(_l("“%(day)s” is no day.", day=typed[:20])) from None


def _number(typed: str) -> int | None:
    if not typed:
        return None
    digits = latin_digits(typed)
    if not (digits.isascii() and digits.isdigit()) or int(digits) > _LARGEST:
        raise Invalid(_l("“%(number)s” is no number of people.", number=typed[:20]))
    return int(digits)
