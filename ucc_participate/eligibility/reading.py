"""From an uploaded table to people: every row is taken or refused with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.codes import read_number
from ..kernel.errors import Invalid
from ..kernel.i18n import birth_year_of
from ..kernel.tables import Table

SHORTEST_NUMBER = 4
NUMBER_HEADS = {"number", "national id", "id", "code", "شماره", "کدملی", "کد ملی", "شماره عضویت", "numero", "numéro"}
YEAR_HEADS = {"birth year", "year", "birth_year", "سال تولد", "année de naissance", "annee de naissance"}


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person: a number, and the year of birth (Gregorian) where the list has it."""

    number: str
    birth_year: int | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken. ``row``: counted from 1, the header included; ``reason``: lazy text."""

    row: int
    reason: Any


@dataclass(frozen=True, slots=True)
class ReadList:
    people: tuple[PersonLine, ...]
    refused: tuple[Refused, ...]


def read_list(table: Table) -> ReadList:
    """The people of a table: a number, maybe a year of birth beside it; a header line or none.

    A year under 1700 is Jalali.
    """
    people: dict[str, PersonLine] = {}
    refused: list[Refused] = []
    for row in table.rows:
        if row.number == 1 and _is_header(row.cells):
            continue
        try:
            person = _person(row.cells)
        except Invalid as fault:
            refused.append(Refused(row.number, fault.reason))
            continue
        if person.number in people:
            refused.append(Refused(row.number, _l("This number stands on the list already.")))
            continue
        people[person.number] = person
    return ReadList(tuple(people.values()), tuple(refused))


def _is_header(cells: Sequence[str]) -> bool:
    heads = {cell.casefold().replace("\u200c", " ") for cell in cells}
    return bool(heads & (NUMBER_HEADS | YEAR_HEADS)) or not any(char.isdigit() for cell in cells for char in cell)


def _person(cells: Sequence[str]) -> PersonLine:
    number = read_number(cells[0])
    if len(number) < SHORTEST_NUMBER:
        raise Invalid(_l("The number is missing or too short."))
    return PersonLine(number, _year(cells[1]) if len(cells) > 1 and cells[1] else None)


def _year(typed: str) -> int:
    year = birth_year_of(typed)
    if year is None:
        raise Invalid(_l("“%(typed)s” is no year of birth.", typed=typed[:20]))
    return year
