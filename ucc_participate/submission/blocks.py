"""What stands on paper, as a list of plain blocks in one language; word.py and paper.typ only set them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from ..documents.models import Document
from ..dossier.sections import SectionKind
from ..kernel.i18n import code_digits, in_language, listed, number, text_direction
from ..kernel.text import strip_bidi
from ..readiness.wording import OWN
from .content import Field, HandedIn, Text, file_name, title_in

ISOLATES = ("\u2068", "\u2069")
_ISOLATE = re.compile(f"([{''.join(ISOLATES)}])")
KINDS = ("heading", "text", "note", "facts", "table")


@dataclass(frozen=True, slots=True)
class Block:
    """``heading``: ``level`` 1 or 2; ``note``: small print; ``facts``: rows of two; ``table``: the first row heads it,
    and ``wide`` are the columns that share what the others, of dates and amounts, leave.

    ``language``: of ``text``; rows are in the language of the paper but for what people wrote.
    """

    kind: str
    text: str = ""
    language: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = field(default=())
    wide: tuple[int, ...] = (1,)

    def as_data(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "text": _printed(self.text) if self.kind == "note" else strip_bidi(self.text),
            "language": self.language,
            "direction": text_direction(self.language),
            "level": self.level,
            "wide": list(self.wide),
            "rows": [[strip_bidi(cell) for cell in row] for row in self.rows],
        }


def _printed(text: str) -> str:
    """Ours, with what people wrote isolated in it; of what reorders only these isolates stay."""
    return "".join(part if part in ISOLATES else strip_bidi(part) for part in _ISOLATE.split(text))


def of_dossier(handed_in: HandedIn, language: str, *, shaped: Mapping[str, str] | None = None) -> Iterator[Block]:
    """The form, section by section. ``shaped``: words by ref of what is cited, to print who shaped each paragraph.

    To be called while writing for ``language``.
    """
    if not handed_in.dossier.is_frozen:
        yield Block("note", draft_note(), language)
    for each in handed_in.fields:
        yield from _of_field(each, language, shaped or {}, is_whole=handed_in.is_whole)
    if handed_in.own:
        yield Block("heading", own_heading(), language, 1)
        yield Block("facts", language=language, rows=tuple(_file(*file, language) for file in handed_in.own))


def draft_note() -> str:
    return str(_("A draft: this dossier is not frozen yet, its texts may change."))


def withheld_note() -> str:
    return str(_("How people are reached stands in the edition that is handed in."))


def own_heading() -> str:
    return str(_("Papers that the form does not ask for"))


def file_facts(known: str, number_in: int, file: Document, language: str) -> tuple[str, str]:
    """Which file it is, and what it is called: by people and in the package."""
    at, name = number(number_in, locale=language), file_name(known, number_in, file)
    label = f"{OWN[known][0]} {at}" if known in OWN else _("File %(number)s", number=at)
    return label, f"{strip_bidi(file.title)} ({name})"


def _file(known: str, number_in: int, file: Document, language: str) -> tuple[str, str]:
    label, told = file_facts(known, number_in, file, language)
    return label, f"{told} · SHA-256 {file.sha256}"


def section_heading(each: Field, language: str) -> str:
    return f"{code_digits(each.section.id, locale=language)}. {title_in(each.section.title, language)}"


def _of_field(each: Field, language: str, shaped: Mapping[str, str], *, is_whole: bool) -> Iterator[Block]:
    level = 1 if "." not in each.section.id else 2
    yield Block("heading", section_heading(each, language), language, level)
    text = each.text_in(language)
    if text is not None:
        yield from _of_text(text, language, shaped)
    elif each.section.is_answered:
        yield Block("note", _not_said(each, is_whole=is_whole), language)
    if each.files:
        files = tuple(_file(each.section.id, at, file, language) for at, file in each.files)
        yield Block("facts", language=language, rows=files)
    if each.section.kind is SectionKind.SIGNATURE:
        yield Block("note", _("Signed on paper."), language)


def _not_said(each: Field, *, is_whole: bool) -> str:
    if each.is_withheld and not is_whole:
        return withheld_note()
    return str(_("Nothing is written here in this language."))


def _of_text(text: Text, language: str, shaped: Mapping[str, str]) -> Iterator[Block]:
    for part in text.paragraphs:
        yield Block("text", part.text, text.language)
        who = [shaped[ref] for ref in part.cites if ref in shaped]
        if who:
            yield Block("note", _("Who shaped this: %(whom)s", whom=listed(who)), language)
    yield Block("note", ngettext("%(num)s word", "%(num)s words", text.words), language)


def in_words(texts: Any, language: str) -> str:
    return str(in_language(texts, language)) if texts else ""
