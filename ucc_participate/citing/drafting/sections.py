"""Which facts a section's draft is made from, and making it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...dossier.drafts import Draft
from ...dossier.sections import Section
from ...kernel.i18n import in_language, reader, writing_for
from ...plan.models import Level
from ..facts import FACTS, Value, values_of
from ..ground import Ground
from .choosing import Piece, compose
from .initiatives import pieces_of_initiatives

LEVELS = {"local": Level.LOCAL, "international": Level.INTERNATIONAL}
DRAFTS = ("process", "groups", "vulnerable", "local", "international", "budget", "structure")
BODY_RANK = 10


def draft_section(ground: Ground, section: Section, language: str) -> Draft | None:
    """Within the section's limits; None when there is nothing to say, or no such draft.

    Where the form takes only so many initiatives, those that stand first in the plan are taken.
    """
    if section.draft not in DRAFTS:
        return None
    with writing_for(language):
        pieces = pieces_of(ground, section.draft, values_of(ground), items=section.items)
        return compose(pieces, words=section.words)


def pieces_of(ground: Ground, draft: str, values: Mapping[str, Value], *, items: int | None = None) -> list[Piece]:
    """Every sentence that a draft could have, in the reader's language."""
    pieces: list[Piece] = []
    if draft in LEVELS and ground.plan is not None:
        wanted = [each for each in ground.initiatives if each.level is LEVELS[draft]]
        pieces += pieces_of_initiatives(wanted[:items] if items else wanted, currency=ground.plan.currency)
    if draft == "structure":
        pieces += _bodies(ground)
    facts = [fact for code, fact in FACTS.items() if draft in fact.ranks and code in values]
    told = [Piece(fact.code, 100 + fact.part, fact.ranks[draft], fact.write(values[fact.code])) for fact in facts]
    return pieces + sorted(told, key=lambda piece: piece.part)


def _bodies(ground: Ground) -> list[Piece]:
    """A body by name with its duties, in the language that is being written."""
    return [
        Piece(f"body.{body.public_id}", at, BODY_RANK + at, _body(body.name, body.duties))
        for at, body in enumerate(ground.bodies)
    ]


def _body(name: Mapping[str, Any], duties: Mapping[str, Any]) -> str:
    locale = reader().locale
    title, told = in_language(name, locale).text.rstrip("."), str(duties.get(locale) or "").strip().rstrip(".")
    return f"{title}: {told}." if told else f"{title}."
