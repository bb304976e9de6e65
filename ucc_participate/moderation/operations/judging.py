"""What moderators do with a contribution: publish or refuse what was held, hide, restore, leave as it is.

Hiding takes the text out of the public log too: what older entries opened of it is withheld, with an entry that says
so; the row keeps it for its author and for moderators, and restoring writes it into the log anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.identity import Actor
from ...kernel.text import clean_text
from .. import policies
from ..deciding import Addresses, checked_words, locked, note, note_decision, set_standing, tell_authors
from ..events import ModerationEvent
from ..kinds import Kinds, kind_for, load_contribution
from ..models import WORDS_LENGTH, Act, Decision, Reason, Standing

EVENTS = {
    Act.PUBLISHED: ModerationEvent.PUBLISHED,
    Act.REFUSED: ModerationEvent.REFUSED,
    Act.HIDDEN: ModerationEvent.HIDDEN,
    Act.RESTORED: ModerationEvent.RESTORED,
    Act.KEPT: ModerationEvent.KEPT,
}
STANDINGS = {
    Act.PUBLISHED: Standing.SHOWN,
    Act.REFUSED: Standing.HIDDEN,
    Act.HIDDEN: Standing.HIDDEN,
    Act.RESTORED: Standing.SHOWN,
}
MAILS = {
    Act.PUBLISHED: "moderation_published",
    Act.REFUSED: "moderation_refused",
    Act.HIDDEN: "moderation_hidden",
    Act.RESTORED: "moderation_restored",
}


def hide_contribution(
    session: Session,
    kinds: Kinds,
    ref: str,
    *,
    reason: Reason,
    words: str,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> Decision:
    """Hide what everybody could read; its authors are written to at once. Raises Invalid (``words``)."""
    said = checked_words(words)
    return _decide(session, kinds, ref, Act.HIDDEN, reason, said, addresses, actor, now)


def refuse_contribution(
    session: Session,
    kinds: Kinds,
    ref: str,
    *,
    reason: Reason,
    words: str,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> Decision:
    """Do not publish what was held back; else as hide_contribution."""
    said = checked_words(words)
    return _decide(session, kinds, ref, Act.REFUSED, reason, said, addresses, actor, now)


def publish_contribution(
    session: Session, kinds: Kinds, ref: str, *, addresses: Addresses, actor: Actor, now: datetime
) -> Decision:
    """Let appear what was held back."""
    return _decide(session, kinds, ref, Act.PUBLISHED, None, None, addresses, actor, now)


def restore_contribution(
    session: Session,
    kinds: Kinds,
    ref: str,
    *,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
    words: str = "",
) -> Decision:
    """Show again what was hidden or refused."""
    said = clean_text(words, max_length=WORDS_LENGTH[1]) or None
    return _decide(session, kinds, ref, Act.RESTORED, None, said, addresses, actor, now)


def keep_contribution(
    session: Session, kinds: Kinds, ref: str, *, addresses: Addresses, actor: Actor, now: datetime
) -> Decision:
    """Leave as it is what was pointed out; the flags are answered by that."""
    return _decide(session, kinds, ref, Act.KEPT, None, None, addresses, actor, now)


def judge_many(
    session: Session,
    kinds: Kinds,
    refs: Sequence[str],
    act: Act,
    *,
    reason: Reason | None,
    words: str,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> list[Decision]:
    """The same decision about many at once, such as a burst; those that the actor may not judge so are left out."""
    said = checked_words(words) if act in (Act.HIDDEN, Act.REFUSED) else None
    made = []
    for ref in dict.fromkeys(refs):
        contribution = kind_for(kinds, ref).load(session, ref)
        if contribution is not None and policies.can_act(actor, contribution, act, now=now):
            made.append(_decide(session, kinds, ref, act, reason, said, addresses, actor, now))
    return made


def _decide(
    session: Session,
    kinds: Kinds,
    ref: str,
    act: Act,
    reason: Reason | None,
    words: str | None,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> Decision:
    require(policies.can_act(actor, load_contribution(kinds, session, ref), act, now=now))
    contribution, case = locked(session, kinds, ref, now=now)
    require(policies.can_act(actor, contribution, act, now=now))
    decision = note_decision(session, case, act, reason, words, actor=actor, now=now)
    if act in STANDINGS:
        set_standing(session, kinds, contribution, STANDINGS[act], actor=actor, now=now)
    payload = {"kind": case.kind, "reason": reason.value if reason else None, "words": words}
    note(session, EVENTS[act], contribution, payload, actor=actor, now=now)
    if act in MAILS:
        facts = {
            "reason": _place(reason),
            "words": words or "",
            "address": addresses.own(contribution.process, case.public_id),
        }
        tell_authors(session, contribution, MAILS[act], facts, actor=actor, now=now)
    return decision


def _place(reason: Reason | None) -> int | None:
    """Reasons travel to mails as their place in the list: the template says them in the reader's language."""
    return None if reason is None else list(Reason).index(reason)
