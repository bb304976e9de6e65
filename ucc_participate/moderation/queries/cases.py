"""One case: its flags, decisions and appeal, and what others read in place of a concealed contribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...audit.models import LogOpening
from ...audit.queries import visible_fields
from ...kernel.errors import NotFound
from ...kernel.identity import Actor
from ...processes.models import Process
from ..models import Appeal, Case, Decision, Flag, Reason, Waiting

MOST_FLAGS = 100


def case_of(session: Session, ref: str) -> Case | None:
    return session.scalar(select(Case).where(Case.ref == ref))


def case_to_change(session: Session, ref: str) -> Case | None:
    return session.scalar(select(Case).where(Case.ref == ref).with_for_update())


def is_held(session: Session, ref: str) -> bool:
    """Whether a contribution waits for a moderator already: changing it does not let it slip through."""
    held = (Case.ref == ref, Case.waits_for == Waiting.HELD)
    return session.scalar(select(Case.id).where(*held)) is not None


def get_case(session: Session, process: Process, public_id: str) -> Case:
    """Raises NotFound."""
    found = session.scalar(select(Case).where(Case.public_id == public_id, Case.process_id == process.id))
    if found is None:
        raise NotFound()
    return found


def cases_by_id(session: Session, process: Process, public_ids: Sequence[str]) -> list[Case]:
    query = select(Case).where(Case.process_id == process.id, Case.public_id.in_(public_ids))
    return list(session.scalars(query.order_by(Case.id)))


def flag_of(session: Session, case: Case, actor: Actor) -> Flag | None:
    return session.scalar(select(Flag).where(Flag.case_id == case.id, Flag.account_id == actor.account_id))


def count_flags_by(session: Session, actor: Actor, *, since: datetime) -> int:
    mine = (Flag.account_id == actor.account_id, Flag.at > since)
    return session.scalar(select(func.count()).select_from(Flag).where(*mine)) or 0


def has_flag_from(session: Session, case: Case, network: str) -> bool:
    """Whether a flag of this network counts for the case already."""
    same = (Flag.case_id == case.id, Flag.network == network, Flag.is_decided.is_(False))
    return session.scalar(select(Flag.id).where(*same).limit(1)) is not None


def count_flagged_from(session: Session, network: str, *, since: datetime) -> int:
    """How many contributions a network has pointed out since a moment."""
    same = (Flag.network == network, Flag.at > since)
    return session.scalar(select(func.count(func.distinct(Flag.case_id))).where(*same)) or 0


def flags_of(session: Session, case: Case) -> list[Flag]:
    """Flags that no moderator has answered yet, oldest first."""
    query = select(Flag).where(Flag.case_id == case.id, Flag.is_decided.is_(False))
    return list(session.scalars(query.order_by(Flag.id).limit(MOST_FLAGS)))


def decisions_of(session: Session, case: Case) -> list[Decision]:
    """What was decided in a case, newest first."""
    return list(session.scalars(select(Decision).where(Decision.case_id == case.id).order_by(Decision.id.desc())))


def get_decision(session: Session, case: Case, public_id: str) -> Decision:
    """Raises NotFound."""
    found = session.scalar(select(Decision).where(Decision.public_id == public_id, Decision.case_id == case.id))
    if found is None:
        raise NotFound()
    return found


def appeal_of(session: Session, decision: Decision) -> Appeal | None:
    return session.scalar(select(Appeal).where(Appeal.decision_id == decision.id))


def appeals_of(session: Session, decisions: Sequence[Decision]) -> dict[int, Appeal]:
    """By id of the decision."""
    ids = [decision.id for decision in decisions]
    return {found.decision_id: found for found in session.scalars(select(Appeal).where(Appeal.decision_id.in_(ids)))}


def open_appeal(session: Session, case: Case) -> tuple[Appeal, Decision]:
    """The appeal that waits in a case, with the decision that it is about. Raises NotFound."""
    query = select(Appeal, Decision).join(Decision, Decision.id == Appeal.decision_id)
    mine = query.where(Decision.case_id == case.id, Appeal.outcome.is_(None)).order_by(Appeal.id.desc())
    found = session.execute(mine.limit(1)).first()
    if found is None:
        raise NotFound()
    return found[0], found[1]


def opened_texts(session: Session, ref: str, names: Sequence[str]) -> list[tuple[int, str]]:
    """Which entries of a subject open which of these fields, for ``withhold_fields``."""
    rows = session.scalars(select(LogOpening).where(LogOpening.subject == ref).order_by(LogOpening.position))
    opened = [(row.position, visible_fields(row)) for row in rows]
    return [(position, name) for position, fields in opened for name in names if fields.get(name) is not None]


def accounts_of(session: Session, ids: Sequence[int]) -> list[Account]:
    """The active accounts among these."""
    query = select(Account).where(Account.id.in_(ids), Account.is_active)
    return list(session.scalars(query.order_by(Account.id)))


@dataclass(frozen=True, slots=True)
class Concealment:
    """Why others do not see a contribution. ``reason``: None while it is held; ``case``: public id of its case."""

    is_held: bool
    reason: Reason | None
    words: str | None
    case: str
    process: str


def concealments(session: Session, refs: Sequence[str]) -> dict[str, Concealment]:
    """By ref, for contributions that are not shown: one query, whatever their number."""
    if not refs:
        return {}
    newest = select(func.max(Decision.id)).where(Decision.case_id == Case.id).correlate(Case).scalar_subquery()
    query = (
        select(Case, Process.public_id, Decision)
        .join(Process, Process.id == Case.process_id)
        .join(Decision, Decision.id == newest, isouter=True)
        .where(Case.ref.in_(refs))
    )
    found = {}
    for case, process, row in session.execute(query):
        decision = _withholding(row)
        reason, words = (decision.reason, decision.words) if decision else (None, None)
        found[case.ref] = Concealment(case.waits_for is Waiting.HELD, reason, words, case.public_id, process)
    return found


def _withholding(decision: Decision | None) -> Decision | None:
    return decision if decision is not None and decision.withholds else None
