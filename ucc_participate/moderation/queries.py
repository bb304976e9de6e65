"""Reading rules, cases, flags, decisions, appeals, blocks and posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..audit.models import LogOpening
from ..audit.queries import visible_fields
from ..kernel.errors import NotFound
from ..kernel.identity import Actor
from ..processes.models import Process
from .models import Block, Case, Decision, Flag, ModerationRules, Post, Reason, Rules, Shingle, Waiting


def rules_of(session: Session, process: Process) -> Rules:
    """How a process is moderated; the default where nobody has said anything else."""
    row = session.get(ModerationRules, process.id)
    return row.rules if row is not None else Rules()


def rules_to_change(session: Session, process: Process) -> ModerationRules | None:
    return session.scalar(select(ModerationRules).where(ModerationRules.process_id == process.id).with_for_update())


def live_rules(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every process whose rules were set, for the drift check."""
    query = select(ModerationRules, Process.public_id).join(Process, Process.id == ModerationRules.process_id)
    for row, public_id in session.execute(query):
        yield f"process/{public_id}/moderation", row.rules.public_payload()


def block_of(session: Session, process: Process, account_id: int | None, *, now: datetime) -> Block | None:
    """The block that keeps this account from contributing now, the one that ends last."""
    if account_id is None:
        return None
    query = select(Block).where(
        Block.account_id == account_id,
        Block.process_id == process.id,
        Block.ended_at.is_(None),
        Block.at <= now,
        Block.until > now,
    )
    return session.scalar(query.order_by(Block.until.desc()).limit(1))


def post_moments(
    session: Session, process: Process, account_id: int, *, since: datetime
) -> list[Row[datetime, str | None]]:
    """When and where a person contributed since a moment, oldest first: rows of ``at`` and ``place``."""
    query = select(Post.at, Post.place).where(
        Post.process_id == process.id, Post.account_id == account_id, Post.at > since
    )
    return list(session.execute(query.order_by(Post.at, Post.id)))


def count_cleared(session: Session, process: Process, account_id: int) -> int:
    """How many contributions of a person have appeared in the process."""
    mine = (Post.process_id == process.id, Post.account_id == account_id, Post.is_cleared)
    return session.scalar(select(func.count()).select_from(Post).where(*mine)) or 0


def posts_alike(session: Session, process: Process, sketch: Sequence[int], *, least: int, since: datetime) -> list[int]:
    """Accounts of posts that share at least ``least`` shingles with a sketch, one for each post."""
    shared = (
        select(Shingle.post_id)
        .where(Shingle.process_id == process.id, Shingle.shingle.in_(sketch))
        .group_by(Shingle.post_id)
        .having(func.count() >= least)
    )
    query = select(Post.account_id).where(Post.id.in_(shared), Post.at > since)
    return list(session.scalars(query.limit(20)))


def case_of(session: Session, ref: str) -> Case | None:
    return session.scalar(select(Case).where(Case.ref == ref))


def case_to_change(session: Session, ref: str) -> Case | None:
    return session.scalar(select(Case).where(Case.ref == ref).with_for_update())


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


def get_case(session: Session, process: Process, public_id: str) -> Case:
    """Raises NotFound."""
    found = session.scalar(select(Case).where(Case.public_id == public_id, Case.process_id == process.id))
    if found is None:
        raise NotFound()
    return found


def decisions_of(session: Session, case: Case) -> list[Decision]:
    """What was decided in a case, newest first."""
    return list(session.scalars(select(Decision).where(Decision.case_id == case.id).order_by(Decision.id.desc())))
