"""What screening asks: rules, what a person has contributed lately, texts that say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from ...processes.models import Process
from ..models import ModerationRules, Post, Rules, Shingle


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


def posts_alike(
    session: Session, process: Process, sketch: Sequence[int], *, least: int, since: datetime, besides: str | None
) -> list[int]:
    """Accounts of posts that share at least ``least`` shingles with a sketch, one for each post.

    ``besides``: the ref that is looked at: a text that its author changes is no repetition of itself.
    """
    shared = (
        select(Shingle.post_id)
        .where(Shingle.process_id == process.id, Shingle.shingle.in_(sketch))
        .group_by(Shingle.post_id)
        .having(func.count() >= least)
    )
    query = select(Post.account_id).where(Post.id.in_(shared), Post.at > since)
    if besides is not None:
        query = query.where(Post.ref.is_(None) | (Post.ref != besides))
    return list(session.scalars(query.limit(20)))
