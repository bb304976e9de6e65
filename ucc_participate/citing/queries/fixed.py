"""Facts as they were fixed, and what the texts of a dossier cite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ...dossier.models import Answer, Citation, Dossier
from ...processes.models import Process
from ..models import FixedFact


def facts_fixed(session: Session, dossier: Dossier) -> dict[str, FixedFact]:
    """By code: as the dossier was frozen last."""
    query = select(FixedFact).where(FixedFact.dossier_id == dossier.id).options(joinedload(FixedFact.dossier))
    return {fact.code: fact for fact in session.scalars(query.order_by(FixedFact.id))}


def live_facts(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every fixed fact, for the drift check."""
    for fact in session.scalars(select(FixedFact).options(joinedload(FixedFact.dossier))):
        yield fact.ref, fact.public_payload()


def refs_cited(session: Session, process: Process) -> set[str]:
    """Everything that any paragraph of any dossier of the process cites."""
    query = select(Citation.subject).distinct().join(Answer).join(Dossier).where(Dossier.process_id == process.id)
    return set(session.scalars(query))
