"""Carrying a comment over into another language, by a person and under that person's name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor, Role, new_public_id
from ...kernel.text import clean_text
from ...moderation.models import Standing
from ...moderation.screening import screen
from .. import policies, queries
from ..events import TranslationEvent
from ..models import TEXT_LENGTH, Comment, CommentTranslation
from ..recording import record_translation


def translate_comment(
    session: Session,
    comment: Comment,
    text: str,
    *,
    language: str,
    shows_name: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Add a translation, or change one's own; the staff may change anybody's. It is shown beside the original."""
    existing = queries.translation_in(session, comment, language)
    require(policies.can_translate(actor, comment, now=now, existing=existing))
    words = clean_text(text, max_length=2 * TEXT_LENGTH[1])
    if language == comment.language:
        raise Invalid(_l("The comment is written in this language."), field="language")
    if len(words) < TEXT_LENGTH[0]:
        raise Invalid(_l("Write the translation."), field="text")
    if existing is not None and existing.text == words and existing.edition == comment.edition:
        return
    translation = existing or CommentTranslation(
        public_id=new_public_id(), comment_id=comment.id, comment=comment, language=language, standing=Standing.SHOWN
    )
    translation.text, translation.edition, translation.written_at = words, comment.edition, now
    _sign(session, translation, shows_name, actor)
    if existing is None:
        facts: dict[str, Any] = {"kind": "translation", "ref": translation.ref, "place": comment.thread.subject}
        translation.standing = screen(session, comment.process, actor=actor, text=words, now=now, **facts)
    session.add(translation)
    comment.thread.version += 1
    event = TranslationEvent.ADDED if existing is None else TranslationEvent.REVISED
    role = None if actor.is_staff else Role.RESIDENT
    record_translation(session, event, translation, comment, actor=actor, now=now, role=role)


def _sign(session: Session, translation: CommentTranslation, shows_name: bool, actor: Actor) -> None:
    account = queries.get_account(session, actor)
    translation.translator_id = actor.account_id
    translation.translator_name = account.display_name if account is not None and shows_name else None
