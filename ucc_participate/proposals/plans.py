"""Plans of a city as another platform publishes them (one row an action), read into proposals of a closed process.

Columns are told by their heads (Catalan, Spanish, English, French, Persian); a title is needed, the rest may be
missing. Counts stand in the proposal as figures that were given, for nobody here has counted them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.errors import Invalid
from ..kernel.i18n import latin_digits
from ..kernel.markup import has_markup, markup_to_line, markup_to_text
from ..kernel.text import clean_line, clean_text, fold
from .models import BODY_LENGTH, LONGEST_TITLE, SHORT_LENGTH, SUMMARY_LENGTH, Imported, Particulars

HEADS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "títol", "titulo", "título", "titre", "عنوان"),
    "body": ("description", "descripció", "descripción", "body", "text", "شرح", "متن"),
    "district": ("district", "districte", "distrito", "arrondissement", "منطقه", "محله"),
    "category": ("category", "categoria", "categoría", "catégorie", "دسته"),
    "subcategory": ("subcategory", "subcategoria", "subcategoría", "sous-catégorie", "زیردسته"),
    "proposals": ("proposals", "propostes", "propuestas", "propositions", "پیشنهادها"),
    "supports": ("supports", "suports", "apoyos", "soutiens", "حمایت‌ها"),
    "comments": ("comments", "comentaris", "comentarios", "commentaires", "دیدگاه‌ها"),
    "participants": ("participants", "participantes", "مشارکت‌کنندگان"),
    "interventions": ("interventions", "intervencions", "intervenciones", "گفته‌ها"),
    "source": ("url", "source", "enllaç", "enlace", "lien", "نشانی"),
}
FIGURES = ("proposals", "supports", "comments", "participants", "interventions")
QUESTIONS = ("category", "subcategory")


@dataclass(frozen=True, slots=True)
class Action:
    """One row: a proposal without its process's own answers yet, and those by the name of their column."""

    row: int
    proposal: Imported
    answers: dict[str, str] = field(default_factory=dict)
    district: str = ""

    @property
    def source(self) -> str | None:
        """The address of this very action, where it was published."""
        found: str | None = (self.proposal.given or {}).get("source")
        return found


@dataclass(frozen=True, slots=True)
class Plan:
    """What a table holds. ``refused``: number of the row → why."""

    actions: list[Action]
    refused: dict[int, Any]
    heads: dict[str, str]


def read_plan(rows: Iterable[Sequence[str]], *, language: str, currency: str) -> Plan:
    """Read a table whose first row names the columns. Raises Invalid when there is no title among them."""
    lines = iter(rows)
    first = next(lines, [])
    places = _places(first)
    if "title" not in places:
        raise Invalid(_l("The first row must name the columns; one of them is the title."))
    actions: list[Action] = []
    refused: dict[int, Any] = {}
    for number, cells in enumerate(lines, start=2):
        told = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        if not any(cell.strip() for cell in cells):
            continue
        if not clean_line(told["title"]):
            refused[number] = _l("This row has no title.")
            continue
        actions.append(_action(number, told, language=language, currency=currency))
    return Plan(actions, refused, {name: clean_line(first[place]) for name, place in places.items()})


def _places(first: Sequence[str]) -> dict[str, int]:
    known = {fold(head): name for name, heads in HEADS.items() for head in heads}
    found: dict[str, int] = {}
    for place, head in enumerate(first):
        name = known.get(fold(clean_line(head)))
        if name is not None:
            found.setdefault(name, place)
    return found


def _action(number: int, told: Mapping[str, str], *, language: str, currency: str) -> Action:
    title = clean_line(markup_to_line(told["title"]))
    body = clean_text(_plain(told.get("body", "")))
    answers = {name: clean_line(told.get(name))[:SHORT_LENGTH] for name in QUESTIONS if clean_line(told.get(name))}
    given: dict[str, Any] = {"figures": {name: int(told[name]) for name in FIGURES if _is_number(told.get(name, ""))}}
    source = clean_line(told.get("source"))
    if source.startswith(("http://", "https://")):
        given["source"] = source[:400]
    proposal = Imported(
        title=_shortened(title, LONGEST_TITLE),
        summary=_summary(body) or title,
        body=_shortened(body, BODY_LENGTH),
        currency=currency,
        language=language,
        given=given if given["figures"] or "source" in given else None,
        particulars=Particulars(),
    )
    return Action(number, proposal, answers, clean_line(told.get("district")))


def _plain(text: str) -> str:
    return markup_to_text(text) if has_markup(text) else text


def _is_number(cell: str) -> bool:
    return latin_digits(cell.strip()).isdecimal() and len(cell.strip()) < 13


def _summary(body: str) -> str:
    """The first paragraph without the marks of lists, as long as a summary may be."""
    first = body.partition("\n\n")[0].removeprefix("- ").replace("**", "")
    return _shortened(clean_line(first), SUMMARY_LENGTH)


def _shortened(text: str, most: int) -> str:
    """Whole words, with an ellipsis where something is left out."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:،؛") + "…"
