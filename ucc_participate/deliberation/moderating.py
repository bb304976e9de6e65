"""Comments and their translations as moderation knows them."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..audit.events import LogEvent
from ..audit.log import settle
from ..audit.operations import withhold_fields
from ..kernel.identity import Actor
from ..moderation.kinds import Contribution, ModeratedKind, register
from ..moderation.models import Standing
from ..moderation.queries import concealments
from . import queries
from .events import CommentEvent, TranslationEvent
from .models import Comment, CommentTranslation
from .recording import count, record_comment, record_translation


def init_app(app: Flask) -> None:
    register(app, ModeratedKind("comment", _l("Comment"), load_comment, conceal_comment, ("text", "quote")))
    register(app, ModeratedKind("translation", _l("Translation"), load_translation, conceal_translation, ("text",)))


def load_comment(session: Session, ref: str) -> Contribution | None:
    """A comment as moderators see it; None when there is none, or its author took it back."""
    found = queries.comment_by_ref(session, ref)
    return _contribution(found) if found is not None else None


def conceal_comment(session: Session, ref: str, standing: Standing, *, actor: Actor, now: datetime) -> None:
    """Hide it or let it be shown; counts follow what everybody sees."""
    found = queries.comment_by_ref_to_change(session, ref)
    if found is None or found.standing is standing:
        return
    was_public = found.is_public
    found.standing = standing
    count(session, found, was_public)
    event = CommentEvent.RESTORED if standing is Standing.SHOWN else CommentEvent.CONCEALED
    record_comment(session, event, found, actor=actor, now=now)
    _carry_over(session, found, actor=actor, now=now)


def _carry_over(session: Session, comment: Comment, *, actor: Actor, now: datetime) -> None:
    """Translations say what the comment says: they are hidden and shown with it, unless hidden by themselves."""
    translations = queries.translations_of(session, comment)
    judged = concealments(session, [each.ref for each in translations])
    moving = [each for each in translations if each.ref not in judged and each.standing is not comment.standing]
    if comment.standing is not Standing.SHOWN and moving:
        _withhold(session, comment, [each.ref for each in moving], actor=actor, now=now)
    for each in moving:
        each.standing, each.comment = comment.standing, comment
        event = TranslationEvent.RESTORED if comment.is_public else TranslationEvent.CONCEALED
        record_translation(session, event, each, comment, actor=actor, now=now)


def _withhold(session: Session, comment: Comment, refs: list[str], *, actor: Actor, now: datetime) -> None:
    settle(session)
    for process, fields in queries.logged_fields(session, refs, ["text"]).items():
        withhold_fields(
            session,
            fields,
            actor=actor,
            now=now,
            event=LogEvent.REDACTION_DECLARED,
            subject=process,
            process=process,
            reason="Moderation has hidden the comment that these translate.",
        )


def load_translation(session: Session, ref: str) -> Contribution | None:
    found = queries.translation_to_read(session, ref)
    if found is None:
        return None
    comment = found.comment
    return Contribution(
        ref=found.ref,
        process=comment.process,
        author_ids=_people(found.translator_id),
        title="",
        text=found.text,
        address=address_of(comment),
        written_at=found.written_at,
        standing=found.standing,
    )


def conceal_translation(session: Session, ref: str, standing: Standing, *, actor: Actor, now: datetime) -> None:
    found: CommentTranslation | None = queries.translation_to_change(session, ref.partition("/")[2])
    if found is None or found.standing is standing:
        return
    found.standing = standing
    found.comment.thread.version += 1
    event = TranslationEvent.RESTORED if standing is Standing.SHOWN else TranslationEvent.CONCEALED
    record_translation(session, event, found, found.comment, actor=actor, now=now)


def address_of(comment: Comment) -> str:
    """The path of a comment's own page; moderation asks for it where no request is."""
    return f"/p/{comment.process.public_id}/comments/{comment.public_id}"


def _contribution(comment: Comment) -> Contribution:
    return Contribution(
        ref=comment.ref,
        process=comment.process,
        author_ids=_people(comment.author_id),
        title="",
        text="\n\n".join(filter(None, [comment.quote, comment.text])),
        address=address_of(comment),
        written_at=comment.written_at,
        standing=comment.standing,
        organisation=comment.organisation.public_id if comment.organisation is not None else None,
    )


def _people(account_id: int | None) -> tuple[int, ...]:
    return () if account_id is None else (account_id,)
