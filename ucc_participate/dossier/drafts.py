"""What another room offers as the text of a section: a draft made from facts only.

``app.extensions["ucc.section_drafts"]`` maps the ``draft`` of a section (docs/forms.md: ``process``, ``groups``,
``budget``, …) to a function ``(dossier, section, language) -> Draft | None``. The answer page offers it; a person takes
it over and saves it as her own text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app

from ..kernel.text import word_count
from .models import Dossier
from .sections import Section

EXTENSION = "ucc.section_drafts"


@dataclass(frozen=True, slots=True)
class Draft:
    """``used``: codes of the facts in the text. ``left_out``: those for which the limit of words had no room."""

    text: str
    used: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        return word_count(self.text)


DraftOf = Callable[[Dossier, Section, str], Draft | None]


def draft_of(dossier: Dossier, section: Section, language: str) -> Draft | None:
    """What some room offers for this section in this language. Needs ``process`` and ``form`` of the dossier loaded."""
    drafters: dict[str, DraftOf] = current_app.extensions.get(EXTENSION, {})
    make = drafters.get(section.draft or "")
    return make(dossier, section, language) if make else None
