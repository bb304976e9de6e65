"""Unusual rates: information for moderators, no judgement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...processes.models import Process
from ..models import Post, Sign

MOST_POSTS = 2_000


@dataclass(frozen=True, slots=True)
class Burst:
    """Posts that have something in common within a stretch of time: information for moderators, no judgement."""

    sign: Sign
    posts: int
    people: int
    refs: list[str]


def bursts(session: Session, process: Process, *, since: datetime, new_since: datetime) -> list[Burst]:
    """Unusual rates since a moment: many people of one network, the same text, many new accounts at once."""
    here = (Post.process_id == process.id, Post.at > since, Post.ref.is_not(None))
    rows = session.execute(
        select(Post.ref, Post.account_id, Post.network, Post.fingerprint, Account.created_at)
        .join(Account, Account.id == Post.account_id)
        .where(*here)
        .order_by(Post.id.desc())
        .limit(MOST_POSTS)
    ).all()
    groups: dict[tuple[Sign, str], list[Any]] = {}
    for row in rows:
        marks = {Sign.NETWORK: row.network, Sign.TEXT: row.fingerprint}
        marks[Sign.NEW_ACCOUNTS] = "new" if row.created_at > new_since else None
        for sign, mark in marks.items():
            if mark is not None:
                groups.setdefault((sign, mark), []).append(row)
    found = [
        Burst(sign, len(posts), len({row.account_id for row in posts}), [row.ref for row in posts])
        for (sign, _mark), posts in groups.items()
    ]
    return sorted((burst for burst in found if _is_unusual(burst)), key=lambda burst: (-burst.posts, burst.sign.value))


def _is_unusual(burst: Burst) -> bool:
    posts, people = _UNUSUAL[burst.sign]
    return burst.posts >= posts and burst.people >= people


_UNUSUAL = {Sign.NETWORK: (6, 4), Sign.TEXT: (3, 2), Sign.NEW_ACCOUNTS: (6, 4)}
"""From how many posts by how many people on it is worth a look. A library or a school is one network too."""
