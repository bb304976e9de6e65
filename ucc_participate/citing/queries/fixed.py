"""Facts as they were fixed, and what the texts of a dossier cite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from ...dossier.models import Answer, Dossier
from ...dossier.sections import section_of
from ...processes.models import Process
from ..models import FixedFact


def facts_fixed(session: Session, dossier: Dossier) -> dict[str, FixedFact]:
    """By code: as the dossier is frozen; none while it is open. What could not be counted any more at the last freezing
    is not among them."""
    if not dossier.is_frozen:
        return {}
    return {code: fact for code, fact in facts_known(session, dossier).items() if fact.size == dossier.frozen_size}


def facts_known(session: Session, dossier: Dossier) -> dict[str, FixedFact]:
    """By code: as each was fixed last, at whichever freezing."""
    query = select(FixedFact).where(FixedFact.dossier_id == dossier.id).options(joinedload(FixedFact.dossier))
    return {fact.code: fact for fact in session.scalars(query.order_by(FixedFact.id))}


def live_facts(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every fixed fact, for the drift check."""
    for fact in session.scalars(select(FixedFact).options(joinedload(FixedFact.dossier))):
        yield fact.ref, fact.public_payload()


def refs_cited(session: Session, process: Process) -> set[str]:
    """Everything that a paragraph of any dossier of the process cites: one that stands in its text, of a section that
    the form has. Two queries."""
    mine = select(Answer).join(Dossier).where(Dossier.process_id == process.id, Answer.citations.any())
    whole = mine.options(selectinload(Answer.citations), joinedload(Answer.dossier).joinedload(Dossier.form))
    return {
        citation.subject
        for answer in session.scalars(whole)
        if section_of(answer.dossier.form.content, answer.section) is not None
        for citation in answer.citations
        if citation.paragraph in {part["key"] for part in answer.paragraphs}
    }
