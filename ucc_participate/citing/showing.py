"""Who shaped each paragraph of a text, for pages: what it rests on, with addresses and names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import current_app, url_for
from sqlalchemy.orm import Session

from ..dossier.models import Answer, Citation, Dossier
from ..dossier.sections import phrases_of
from . import queries
from .sources import Cited

FALLBACKS = {"plan.initiative": ("plan.show", ("process_id",))}
"""Where a page leads while the room that shows the thing alone is not installed."""


@dataclass(frozen=True, slots=True)
class Rest:
    """One thing that a paragraph rests on. ``cited``: None when it is not there any more."""

    citation: Citation
    cited: Cited | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Shaped:
    """A paragraph with what it rests on. ``is_phrase``: the form's words for nothing to say, which rest on nothing."""

    key: str
    text: str
    rests: Sequence[Rest]
    is_phrase: bool = False

    @property
    def is_unlinked(self) -> bool:
        return not self.rests and not self.is_phrase

    @property
    def gone(self) -> list[Rest]:
        """What was taken back or withheld since it was cited, or is not there any more."""
        return [rest for rest in self.rests if rest.cited is None or rest.cited.state]


def shaped_paragraphs(session: Session, dossier: Dossier, answers: Iterable[Answer]) -> dict[int, list[Shaped]]:
    """By key of the answer: its paragraphs in order. A few queries for all of them together.

    ``dossier`` with its process and form, answers with their citations loaded.
    """
    texts = list(answers)
    found = queries.find_cited(session, dossier, {each.subject for answer in texts for each in answer.citations})
    phrases = phrases_of(dossier.form.content)
    return {answer.id: [_shaped(answer, part, found, phrases) for part in answer.paragraphs] for answer in texts}


def _shaped(answer: Answer, part: dict[str, str], found: dict[str, Cited], phrases: frozenset[str]) -> Shaped:
    own = [each for each in answer.citations if each.paragraph == part["key"]]
    rests = [Rest(each, found.get(each.subject), address_of(found.get(each.subject))) for each in own]
    return Shaped(part["key"], part["text"], rests, part["text"] in phrases)


def address_of(cited: Cited | None) -> str | None:
    """The page of a thing; None where there is none."""
    if cited is None or cited.where is None:
        return None
    endpoint, values = cited.where
    if endpoint not in current_app.view_functions and endpoint in FALLBACKS:
        endpoint, names = FALLBACKS[endpoint]
        values = {name: values[name] for name in names}
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
