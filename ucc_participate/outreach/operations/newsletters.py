"""Newsletters: written, tried out, sent in portions, stopped and resumed; to no address twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Integer, String, delete, insert, literal, select
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...audit.log import record
from ...kernel.db import table_of
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.i18n import LOCALES
from ...kernel.identity import Actor, new_public_id
from ...notifications.operations import queue_mail
from ...processes.models import Process
from .. import policies, queries
from ..events import NewsletterEvent
from ..models import Newsletter, NewsletterRecipient, NewsletterState, RecipientState
from ..newsletter import WORK_SCHEMA, Letter, Post, mail_data, public_payload
from ..queries import Beyond, Turn
from ..segments import Segment

RECIPIENTS_KEPT = timedelta(days=30)


def write_newsletter(
    session: Session, process: Process, new: Letter, *, draft: Newsletter | None = None, actor: Actor, now: datetime
) -> Newsletter:
    """Keep a draft, a new one or an older one changed. Raises Invalid naming the field."""
    require(policies.can_write_newsletter(actor, process, now=now))
    _require_whole(new)
    letter = draft or Newsletter(public_id=new_public_id(), process_id=process.id, created_at=now, written_by=actor.key)
    _require_draft(letter)
    letter.title, letter.text, letter.segment = new.title, new.text, new.segment.as_data()
    letter.written_by = actor.key
    session.add(letter)
    _note(session, NewsletterEvent.WRITTEN, letter, process, actor=actor, now=now)
    return letter


def discard_newsletter(session: Session, process: Process, letter: Newsletter, *, actor: Actor, now: datetime) -> None:
    """Nothing of a draft stays; the log says only that there was one."""
    require(policies.can_write_newsletter(actor, process, now=now))
    _require_draft(letter)
    _note(session, NewsletterEvent.DISCARDED, letter, process, actor=actor, now=now)
    session.delete(letter)


def try_newsletter(
    session: Session, process: Process, letter: Newsletter, account: Account, post: Post, *, actor: Actor, now: datetime
) -> None:
    """Send it to oneself alone, in every language that it has."""
    require(policies.can_write_newsletter(actor, process, now=now))
    for locale in (each for each in LOCALES if each in letter.title):
        data = mail_data(process, letter, locale, post, account=account)
        facts: dict[str, Any] = {"to": account.email, "owner": account.key, "locale": locale}
        queue_mail(session, **facts, template="newsletter", data=data, now=now)


def send_newsletter(
    session: Session,
    process: Process,
    letter: Newsletter,
    *,
    version: int,
    beyond: Beyond,
    smallest_group: int,
    actor: Actor,
    now: datetime,
) -> int:
    """Decide that it goes out, to those who belong to its segment at this moment; how many they are.

    ``version``: of the text that was looked at. Raises Conflict when it was changed or sent meanwhile, or when it would
    go to nobody. From now on everybody can read it.
    """
    require(policies.can_send_newsletter(actor, process, now=now))
    _require_draft(letter)
    if letter.version != version:
        raise Conflict(_l("Somebody has changed this newsletter meanwhile. Look at it once more."))
    addressed = _address(session, process, letter, Segment.of(letter.segment), beyond)
    if not addressed:
        raise Conflict(_l("It would go to nobody. Choose others."))
    letter.move_to(NewsletterState.SENDING)
    letter.sent_at, letter.addressed = now, addressed
    payload = public_payload(letter, smallest_group)
    subject = letter.ref(process)
    record(session, NewsletterEvent.SENT, actor=actor, subject=subject, process=process.ref, payload=payload, now=now)
    return addressed


def _address(session: Session, process: Process, letter: Newsletter, segment: Segment, beyond: Beyond) -> int:
    """Write down who they are, in one statement however many; how many they are."""
    column = "account_id" if segment.is_of_people else "organisation_id"
    found = queries.addressees(process, segment, beyond).subquery()
    state = literal(RecipientState.WAITING.value, String)
    rows = select(literal(letter.id, Integer), found.c.id, state).order_by(found.c.id)
    columns = ["newsletter_id", column, "state"]
    session.execute(insert(table_of(NewsletterRecipient)).from_select(columns, rows, include_defaults=False))
    return queries.progress(session, letter).waiting


def stop_newsletter(session: Session, process: Process, letter: Newsletter, *, actor: Actor, now: datetime) -> None:
    """Whose turn has not come gets nothing for now."""
    require(policies.can_write_newsletter(actor, process, now=now))
    letter.move_to(NewsletterState.STOPPED)
    _note(session, NewsletterEvent.STOPPED, letter, process, actor=actor, now=now)


def resume_newsletter(session: Session, process: Process, letter: Newsletter, *, actor: Actor, now: datetime) -> None:
    """Go on where it was stopped; nobody gets it twice."""
    require(policies.can_send_newsletter(actor, process, now=now))
    if letter.status is not NewsletterState.STOPPED:
        raise Conflict()
    letter.move_to(NewsletterState.SENDING)
    _note(session, NewsletterEvent.RESUMED, letter, process, actor=actor, now=now)


def queue_portion(session: Session, letter: Newsletter, post: Post, *, limit: int, actor: Actor, now: datetime) -> int:
    """Put the mails of the next portion into the outbox; how many had their turn. At the end the newsletter is sent.

    ``letter``: loaded by newsletter_in_turn. Whoever has stopped newsletters meanwhile is left out.
    """
    if letter.status is not NewsletterState.SENDING:
        return 0
    turns = queries.next_turns(session, letter, digests=post.digests, limit=limit)
    reached = queries.written_to(session, letter, [turn.key for turn in turns if turn.key])
    for turn in turns:
        if turn.is_refused or turn.address is None or turn.key is None or turn.key in reached:
            turn.recipient.state = RecipientState.LEFT_OUT
            continue
        reached.add(turn.key)
        turn.recipient.state, turn.recipient.address = RecipientState.QUEUED, turn.key
        _queue(session, letter, turn, post, now=now)
    if len(turns) < limit:
        letter.move_to(NewsletterState.SENT)
        letter.finished_at = now
        _note(session, NewsletterEvent.FINISHED, letter, letter.process, actor=actor, now=now)
    return len(turns)


def _queue(session: Session, letter: Newsletter, turn: Turn, post: Post, *, now: datetime) -> None:
    locale = turn.locale or post.locale
    data = mail_data(letter.process, letter, locale, post, account=turn.account, contact=turn.key or "")
    owner = turn.account.key if turn.account is not None else None
    facts: dict[str, Any] = {"to": turn.address, "owner": owner, "locale": locale, "is_bulk": True}
    facts["not_before"] = post.quiet_end(turn.wish, now)
    queue_mail(session, **facts, template="newsletter", data=data, now=now)


def forget_recipients(session: Session, *, actor: Actor, now: datetime) -> None:
    """Some time after a newsletter has gone out nothing says any more to whom it went."""
    done = select(Newsletter.id).where(Newsletter.finished_at < now - RECIPIENTS_KEPT)
    session.execute(delete(NewsletterRecipient).where(NewsletterRecipient.newsletter_id.in_(done)))


def _require_whole(new: Letter) -> None:
    new.segment.require_sense()
    if not new.title:
        raise Invalid(_l("Write this in at least one language."), field="title")
    if set(new.title) != set(new.text):
        raise Invalid(_l("Write title and text in the same languages."), field="text")


def _require_draft(letter: Newsletter) -> None:
    if letter.sent_at is not None:
        raise Conflict(_l("This newsletter was sent. It stays as it is."))


def _note(
    session: Session, event: NewsletterEvent, letter: Newsletter, process: Process, *, actor: Actor, now: datetime
) -> None:
    facts: dict[str, Any] = {"subject": letter.ref(process), "process": process.ref, "schema": WORK_SCHEMA}
    record(session, event, actor=actor, now=now, **facts)
