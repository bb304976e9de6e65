"""Fixing the facts of a dossier while it is frozen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ...audit.log import record
from ...audit.reading import head
from ...dossier.models import Dossier
from ...kernel.i18n import writing_for
from ...kernel.identity import Actor, Role
from .. import queries
from ..events import FactEvent
from ..facts import FACTS, values_of
from ..models import FixedFact


def fix_facts(
    session: Session, dossier: Dossier, *, url: str, actor: Actor, now: datetime, size: int
) -> list[FixedFact]:
    """Every fact that can be counted, with its definition, the ``size`` of the log and its root then.

    Part of the unit of work that freezes the dossier, which has asked its policy. ``url``: address of the record.
    Facts of an earlier freezing are counted again; their older numbers stay in the log. A fact that cannot be counted
    any more stays as it was fixed then (``facts_fixed`` leaves it out).
    """
    known = queries.facts_known(session, dossier)
    tree = head(session.connection())
    if tree.size != size:
        raise AssertionError(f"the log has {tree.size} entries within a freezing at {size}")
    ground = queries.ground_of(session, dossier.process, now=now, url=url)
    fixed = []
    for code, value in values_of(ground).items():
        fact = known.get(code) or FixedFact(dossier=dossier, dossier_id=dossier.id, code=code)
        fact.definition, fact.value = _definition(code), dict(value)
        fact.size, fact.root, fact.fixed_at = size, tree.root.hex(), now
        session.add(fact)
        fixed.append(fact)
    session.flush()
    _tell(session, dossier, fixed, actor=actor, now=now)
    return fixed


def _definition(code: str) -> str:
    """In English, as the log keeps it; pages say it in the reader's language."""
    with writing_for("en"):
        return str(FACTS[code].definition)


def _tell(session: Session, dossier: Dossier, fixed: list[FixedFact], *, actor: Actor, now: datetime) -> None:
    role = Role.COORDINATOR if actor.has(Role.COORDINATOR) and not actor.is_system else None
    for fact in fixed:
        record(
            session,
            FactEvent.FIXED,
            actor=actor,
            subject=fact.ref,
            process=dossier.process.ref,
            payload=fact.public_payload(),
            now=now,
            role=role,
        )
