"""Codes by which people without an account or the skill vote once: made for letters, shown once, revocable."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.codes import Digests, new_code
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor, new_public_id
from ...voting.models import RollEntry, Vote
from .. import policies, queries
from ..codes import digest_of
from ..events import ACT, PollingEvent
from ..models import CodeLetters, VotingCode

MOST_LETTERS = 5_000


def issue_letters(
    session: Session, vote: Vote, entries: Sequence[RollEntry], *, digests: Digests, actor: Actor, now: datetime
) -> list[str]:
    """A new code for each of the slots, in their order; they can be read from nowhere afterwards.

    ``vote`` is locked, with its process. The log says how many, never for whom. Raises Invalid for none or too many.
    """
    require(policies.can_issue_codes(actor, vote, now=now))
    if not entries:
        raise Invalid(_l("There is nobody on the roll who needs a code letter: none of them, or each has one already."))
    if len(entries) > MOST_LETTERS:
        raise Invalid(_l("At most %(most)s letters at a time.", most=MOST_LETTERS))
    letters = CodeLetters(public_id=new_public_id(), vote_id=vote.id, size=len(entries), issued_at=now)
    session.add(letters)
    session.flush()
    codes = _codes(len(entries))
    session.add_all(
        VotingCode(code=digest_of(vote, code, digests), letters_id=letters.id, roll_entry_id=entry.id)
        for entry, code in zip(entries, codes, strict=True)
    )
    _record(session, PollingEvent.CODES_ISSUED, vote, {"letters": letters.public_id, "size": letters.size}, actor, now)
    return codes


def _codes(number: int) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < number:
        made[new_code()] = None
    return list(made)


def withdraw_letters(session: Session, vote: Vote, letters: CodeLetters, *, actor: Actor, now: datetime) -> int:
    """Codes that nobody has used open nothing any more; how many. The number is public."""
    require(policies.can_withdraw_codes(actor, letters, now=now))
    letters.withdrawn_at = now
    unused = queries.count_unused(session, letters)
    payload = {"letters": letters.public_id, "unused": unused}
    _record(session, PollingEvent.CODES_WITHDRAWN, vote, payload, actor, now)
    return unused


def _record(
    session: Session, event: PollingEvent, vote: Vote, payload: dict[str, object], actor: Actor, now: datetime
) -> None:
    about: dict[str, Any] = {"subject": vote.ref, "process": vote.process.ref, "schema": ACT}
    record(session, event, actor=actor, now=now, payload=payload, **about)
