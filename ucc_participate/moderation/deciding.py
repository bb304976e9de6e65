"""What the operations of moderation share: the case of a contribution, the row of a decision, concealing, telling.

No operations: parts of those that moderators run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..audit.events import LogEvent
from ..audit.log import record, settle
from ..audit.operations import withhold_fields
from ..kernel.errors import Invalid, NotFound
from ..kernel.identity import Actor, new_public_id
from ..kernel.text import clean_text
from ..notifications.operations import queue_mail
from ..processes.models import Process
from . import queries
from .events import ACT, ModerationEvent
from .kinds import Contribution, Kinds, kind_for, load_contribution
from .models import WORDS_LENGTH, Act, Case, Decision, Flag, Post, Reason, Standing

WITHHELD_BECAUSE = "Hidden by moderation."


@dataclass(frozen=True, slots=True)
class Addresses:
    """Public addresses in mails: ``own(process, case id)``, the page of one's own case; ``site``: before a path."""

    own: Callable[[Process, str], str]
    site: str


def checked_words(words: str) -> str:
    """What the author reads, cleaned. Raises Invalid (``words``) when it is too short to be understood."""
    least, most = WORDS_LENGTH
    said = clean_text(words, max_length=most)
    if len(said) < least:
        raise Invalid(_l("Say to the author in at least %(least)s characters why.", least=least), field="words")
    return said


def case_for(session: Session, contribution: Contribution, *, now: datetime) -> Case:
    """The case of a contribution, locked; made when there is none."""
    found = queries.case_to_change(session, contribution.ref)
    if found is not None:
        return found
    row = {
        "public_id": new_public_id(),
        "process_id": contribution.process.id,
        "ref": contribution.ref,
        "kind": contribution.kind,
        "author_id": contribution.author_ids[0] if contribution.author_ids else None,
        "opened_at": now,
        "held_because": (),
        "flags": 0,
        "weight": 0,
        "is_burst": False,
        "version": 1,
    }
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(Case).values(row).on_conflict_do_nothing())
    made = queries.case_to_change(session, contribution.ref)
    if made is None:  # pragma: no cover  # it has just been made
        raise NotFound()
    return made


def locked(session: Session, kinds: Kinds, ref: str, *, now: datetime) -> tuple[Contribution, Case]:
    """The contribution as it stands once its case is locked: a second moderator waits for the first."""
    case = case_for(session, load_contribution(kinds, session, ref), now=now)
    return load_contribution(kinds, session, ref), case


def note_decision(
    session: Session, case: Case, act: Act, reason: Reason | None, words: str | None, *, actor: Actor, now: datetime
) -> Decision:
    """The row of a decision; the case leaves the queue and its flags are answered."""
    decision = Decision(
        public_id=new_public_id(),
        case_id=case.id,
        process_id=case.process_id,
        act=act,
        reason=reason,
        words=words,
        decided_by_id=actor.account_id,
        waited_since=case.waiting_since,
        at=now,
    )
    session.add(decision)
    session.execute(update(Flag).where(Flag.case_id == case.id).values(is_decided=True))
    case.settle()
    case.weight = 0
    session.flush()
    return decision


def set_standing(
    session: Session, kinds: Kinds, contribution: Contribution, standing: Standing, *, actor: Actor, now: datetime
) -> None:
    """Let the room conceal or show it; withhold what older entries open of a hidden text.

    The room goes first: it locks its row, so that no edit comes between it and the look at what the log opens.
    """
    kind = kind_for(kinds, contribution.ref)
    kind.conceal(session, contribution.ref, standing, actor=actor, now=now)
    if standing is Standing.HIDDEN:
        settle(session)
        fields = queries.opened_texts(session, contribution.subject or contribution.ref, kind.text_fields)
        facts: dict[str, Any] = {"event": LogEvent.REDACTION_DECLARED, "reason": WITHHELD_BECAUSE}
        process = contribution.process.ref
        if fields:
            withhold_fields(session, fields, actor=actor, now=now, subject=contribution.ref, process=process, **facts)
    if standing is Standing.SHOWN:
        session.execute(update(Post).where(Post.ref == contribution.ref).values(is_cleared=True))


def note(
    session: Session,
    event: ModerationEvent,
    contribution: Contribution,
    payload: dict[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """The entry about an act of moderation: its subject is the contribution."""
    process = contribution.process.ref
    record(
        session,
        event,
        actor=actor,
        subject=contribution.ref,
        process=process,
        payload=payload,
        schema=ACT,
        now=now,
    )


def tell_authors(
    session: Session, contribution: Contribution, template: str, facts: dict[str, Any], *, actor: Actor, now: datetime
) -> None:
    """A mail to each author who can be reached."""
    for account in queries.accounts_of(session, contribution.author_ids):
        data = {"name": account.display_name, "title": contribution.title, **facts}
        reached: dict[str, Any] = {"to": account.email, "owner": account.key, "locale": account.locale}
        queue_mail(session, **reached, template=template, data=data, now=now)
