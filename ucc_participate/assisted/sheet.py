"""From a table that somebody typed or a workshop left behind to entries: each row taken, or refused with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from ..accounts.models import AboutYou, Sex
from ..kernel.errors import Invalid
from ..kernel.i18n import birth_year_of, latin_digits, lazy_number
from ..kernel.tables import Row, Table
from ..kernel.text import fold
from ..proposals.content import public_values
from ..proposals.models import SHORTEST_ON_PAPER, SUMMARY_LENGTH, TITLE_LENGTH, Content, Level, ProposalKind
from ..vocabularies.uccn import AREAS, BENEFICIARIES, OBJECTIVES, Sector
from .entry import Entry, Person

COLUMNS: Mapping[str, Sequence[str]] = {
    "title": ("title", "عنوان", "titre", "títol"),
    "summary": ("summary", "in short", "خلاصه", "résumé"),
    "body": ("body", "text", "شرح", "متن", "texte", "descripció"),
    "kind": ("kind", "نوع", "type"),
    "objectives": ("objectives", "هدف‌ها", "objectifs"),
    "areas": ("areas", "زمینه‌ها", "domaines"),
    "for_whom": ("for whom", "برای چه کسانی", "pour qui"),
    "place": ("place", "جا", "lieu", "districte"),
    "cost": ("cost", "هزینه", "coût"),
    "name": ("name", "نام", "nom"),
    "sex": ("sex", "جنسیت", "sexe"),
    "birth_year": ("birth year", "سال تولد", "année de naissance"),
    "district": ("district", "محله", "quartier"),
    "sector": ("sector", "بخش", "secteur"),
}
SEXES = {
    **dict.fromkeys(("f", "female", "woman", "زن", "femme"), Sex.FEMALE),
    **dict.fromkeys(("m", "male", "man", "مرد", "homme"), Sex.MALE),
    **dict.fromkeys(("other", "دیگر", "autre"), Sex.OTHER),
}


@dataclass(frozen=True, slots=True)
class Taken:
    row: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be taken. ``row`` as a spreadsheet counts it; ``reason``: lazy text."""

    row: int
    reason: Any


@dataclass(frozen=True, slots=True)
class Sheet:
    taken: tuple[Taken, ...]
    refused: tuple[Refused, ...]


def read_sheet(table: Table, *, language: str) -> Sheet:
    """The first row names the columns, in any of the three languages. Raises Invalid when there is no title column."""
    columns = _columns(table.rows[0]) if table.rows else {}
    if "title" not in columns and "name" not in columns:
        raise Invalid(
            _l("The first row must name the columns: “title” at least, or “name” for a list of who was there.")
        )
    taken: list[Taken] = []
    refused: list[Refused] = []
    for row in table.rows[1:]:
        try:
            taken.append(Taken(row.number, _entry(row, columns, language)))
        except Invalid as fault:
            refused.append(Refused(row.number, fault.reason))
    return Sheet(tuple(taken), tuple(refused))


def _columns(head: Row) -> dict[str, int]:
    """The place of each column that we know."""
    known = {fold(word): name for name, words in COLUMNS.items() for word in words}
    found: dict[str, int] = {}
    for place, cell in enumerate(head.cells):
        name = known.get(fold(cell))
        if name is not None:
            found.setdefault(name, place)
    return found


def _entry(row: Row, columns: Mapping[str, int], language: str) -> Entry:
    cells = {name: row.cells[place] if place < len(row.cells) else "" for name, place in columns.items()}
    person = Person(name=cells.get("name", "")[:80], about=_about(cells))
    if not cells.get("title"):
        if not cells.get("name") and person.about.is_empty:
            raise Invalid(_l("The row has neither a title nor a person."))
        return Entry(person)
    content = _content(cells, language)
    public_values(content, longest_title=TITLE_LENGTH[1])
    if len(content.title) < SHORTEST_ON_PAPER:
        raise Invalid(_l("Write a title of at least %(least)s characters.", least=lazy_number(SHORTEST_ON_PAPER)))
    return Entry(person, content)


def _content(cells: Mapping[str, str], language: str) -> Content:
    title, body = cells["title"], cells.get("body", "")
    summary = cells.get("summary") or body or title
    return Content(
        title=title[: TITLE_LENGTH[1]],
        summary=summary[:SUMMARY_LENGTH],
        body=body if cells.get("summary") or len(body) > SUMMARY_LENGTH or len(title) > TITLE_LENGTH[1] else "",
        kind=ProposalKind(_word(cells.get("kind", ""), {kind.value: kind.value for kind in ProposalKind}) or "project"),
        level=Level.LOCAL,
        objectives=_words(cells.get("objectives", ""), OBJECTIVES) or ("OBJ-3",),
        areas=_words(cells.get("areas", ""), AREAS),
        for_whom=_words(cells.get("for_whom", ""), BENEFICIARIES),
        place=cells.get("place") or None,
        cost=_amount(cells.get("cost", "")),
        language=language,
        shows_name=bool(cells.get("name")),
    )


def _about(cells: Mapping[str, str]) -> AboutYou:
    sex = cells.get("sex", "")
    if sex and fold(sex) not in SEXES:
        raise Invalid(_l("“%(typed)s” is not known as a sex here: female, male, other.", typed=sex[:20]))
    sector = cells.get("sector", "")
    return AboutYou(
        sex=SEXES[fold(sex)] if sex else None,
        birth_year=_year(cells.get("birth_year", "")),
        district=cells.get("district") or None,
        sector=Sector(sector) if sector in set(Sector) else None,
    )


def _year(typed: str) -> int | None:
    year = birth_year_of(typed) if typed else None
    if typed and year is None:
        raise Invalid(_l("“%(typed)s” is no year of birth.", typed=typed[:20]))
    return year


def _amount(typed: str) -> int | None:
    digits = latin_digits(typed).replace(",", "").replace("٬", "").replace(" ", "")
    if not digits:
        return None
    if not digits.isdigit():
        raise Invalid(_l("“%(typed)s” is no amount.", typed=typed[:20]))
    return int(digits)


def _words(typed: str, known: Mapping[str, Any]) -> tuple[str, ...]:
    """Ids of a vocabulary, separated by commas or bars. Raises Invalid for one that is not in it."""
    words = [word.strip() for word in typed.replace("|", ",").replace("،", ",").split(",") if word.strip()]
    return tuple(word for word in (_word(each, {key: key for key in known}) for each in words) if word)


def _word(typed: str, known: Mapping[str, str]) -> str | None:
    if not typed:
        return None
    found = {fold(name): value for name, value in known.items()}.get(fold(typed))
    if found is None:
        raise Invalid(_l("“%(typed)s” is not on the list.", typed=typed[:40]))
    return found
