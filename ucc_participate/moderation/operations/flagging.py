"""Pointing out a contribution to the moderators."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor
from ...kernel.text import clean_text
from .. import policies, queries
from ..deciding import case_for
from ..events import ACT, ModerationEvent
from ..kinds import Contribution, Kinds, load_contribution
from ..models import Case, Flag, Reason, Waiting
from ..screening import TooMany

MOST_A_DAY = 30
BURST = 12
"""A network that points out more contributions than this within an hour makes one line of the queue, not many."""
BURST_WINDOW = timedelta(hours=1)
WORDS = 600


def flag_contribution(
    session: Session,
    kinds: Kinds,
    ref: str,
    *,
    reason: Reason,
    words: str | None,
    network: str | None,
    actor: Actor,
    now: datetime,
) -> Flag:
    """Once for each person and contribution; a second time changes nothing. Nothing is hidden by any number of flags.

    ``network``: sketch of the sender's address. Raises Invalid (``words``) when another reason is not said.
    """
    contribution = load_contribution(kinds, session, ref)
    require(policies.can_flag(actor, contribution, now=now))
    said = clean_text(words, max_length=WORDS) or None
    if reason is Reason.OTHER and said is None:
        raise Invalid(_l("Say in a few words what is wrong."), field="words")
    case = case_for(session, contribution, now=now)
    known = queries.flag_of(session, case, actor)
    if known is not None:
        return known
    if queries.count_flags_by(session, actor, since=now - timedelta(days=1)) >= MOST_A_DAY:
        raise TooMany(_l("You have pointed out many contributions today. Write to the moderators instead."))
    return _flag(session, contribution, case, reason, said, network, actor, now)


def _flag(
    session: Session,
    contribution: Contribution,
    case: Case,
    reason: Reason,
    words: str | None,
    network: str | None,
    actor: Actor,
    now: datetime,
) -> Flag:
    counts = network is None or not queries.has_flag_from(session, case, network)
    in_burst = network is not None and queries.count_flagged_from(session, network, since=now - BURST_WINDOW) >= BURST
    flag = Flag(case_id=case.id, account_id=actor.account_id, reason=reason, words=words, network=network, at=now)
    session.add(flag)
    case.flags += 1
    case.weight += 1 if counts else 0
    case.is_burst = in_burst if case.waits_for is None else case.is_burst and in_burst
    case.wait(Waiting.FLAGGED, since=now)
    session.flush()
    record(
        session,
        ModerationEvent.FLAGGED,
        actor=actor,
        subject=contribution.ref,
        scope=f"{contribution.ref}/flags",
        process=contribution.process.ref,
        payload={"kind": contribution.kind, "reason": reason.value},
        schema=ACT,
        now=now,
    )
    return flag
