"""What paragraphs can rest on, found by words or by ref: each with who shaped it.

Refs are those of the log, but for a city's answer (``proposal/X/answer``) and a decision of minutes
(``meeting/M/decision/N``), which are parts of what the log names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy.orm import Session

from ...dossier.models import Dossier
from ...processes.models import Process
from ..sources import Cited, by_kind
from . import entries, meetings, planned, proposals
from .meetings import minutes_in_force

__all__ = ["find_cited", "minutes_in_force", "search_for"]

MOST_FOUND = 12


def find_cited(session: Session, dossier: Dossier, refs: Collection[str]) -> dict[str, Cited]:
    """By ref. What is not there any more, or was never in this process, is left out. A query or two for each kind."""
    process, known = dossier.process, by_kind(refs)
    found: list[Cited] = [
        *proposals.find(session, process, known),
        *meetings.find(session, process, known),
        *planned.find(session, process, known),
        *entries.find(session, dossier, known),
    ]
    return {cited.ref: cited for cited in found}


def search_for(
    session: Session, dossier: Dossier, words: str, *, kinds: Collection[str], limit: int = MOST_FOUND
) -> Sequence[Cited]:
    """What has these words, of the wanted kinds, everybody's reading only: what moderation withholds is not found."""
    process: Process = dossier.process
    found: Iterable[Cited] = [
        *proposals.search(session, process, words, kinds, limit),
        *meetings.search(session, process, words, kinds, limit),
        *planned.search(session, process, words, kinds, limit),
        *entries.search(session, dossier, words, kinds, limit),
    ]
    return [cited for cited in found if not cited.state]
