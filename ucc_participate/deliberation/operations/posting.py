"""Saying something: comments, replies, and changing one's words for a short while."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.i18n import lazy_number
from ...kernel.identity import Actor, new_public_id
from ...kernel.text import clean_text
from ...moderation.models import Mode, Standing
from ...moderation.queries import rules_of
from ...moderation.screening import refuse_blocked, screen
from ...processes.participation import join
from ...stakeholders.queries import get_organisation
from .. import policies, queries
from ..events import CommentEvent
from ..models import (
    LOTS,
    QUOTE_LENGTH,
    REASON_LENGTH,
    SIDES,
    TEXT_LENGTH,
    Comment,
    CommentDraft,
    CommentEdition,
    CommentTally,
    Guest,
    Said,
    Stance,
    Thread,
    Voice,
)
from ..quoting import links_in, require_quoted
from ..recording import count, record_comment, role_of
from ..subjects import Topic
from ..telling import Addresses, tell


def post_comment(
    session: Session,
    topic: Topic,
    said: Said,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
    addresses: Addresses | None = None,
    network: str | None = None,
) -> Comment:
    """Say something about a topic, which must have been loaded in this unit of work: its phases are asked again.

    A second press of the button, with the same ``key``, changes nothing. The authors of the topic are told by mail when
    ``addresses`` are given. Raises Conflict when the phase has closed, Invalid for a text that does not do, and what
    ``moderation.screening.screen`` raises.
    """
    known = queries.by_key(session, key, actor.account_id)
    if known is not None:
        return known
    guest = queries.guest_of(session, actor)
    voice = _voice(said, guest)
    facts: dict[str, Any] = {"voice": voice, "organisation": said.organisation, "guest": guest}
    require(policies.can_comment(actor, topic, now=now, **facts))
    stance = said.stance
    if stance is None:
        raise Invalid(_l("Choose whether you are for it, against it, ask or remark something."), field="stance")
    thread = queries.thread_to_change(session, topic)
    comment = _written(session, topic, thread, said, guest, actor=actor, now=now, key=key)
    comment.stance = stance
    comment.turn = queries.turns_of(session, thread, stance, actor.account_id) + 1
    _publish(session, topic, comment, actor=actor, now=now, addresses=addresses, network=network)
    return comment


def reply_to_comment(
    session: Session,
    topic: Topic,
    parent: Comment,
    said: Said,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
    addresses: Addresses | None = None,
    network: str | None = None,
) -> Comment:
    """Reply to a comment, one level deep: a reply to a reply stands below the same comment. Raises as post_comment.

    ``said.quote`` must stand, word for word, in the edition of ``parent`` that it names.
    """
    known = queries.by_key(session, key, actor.account_id)
    if known is not None:
        return known
    guest = queries.guest_of(session, actor)
    facts: dict[str, Any] = {"voice": _voice(said, guest), "organisation": said.organisation, "guest": guest}
    require(policies.can_reply(actor, parent, topic, now=now, **facts))
    comment = _written(session, topic, parent.thread, said, guest, actor=actor, now=now, key=key)
    comment.parent, comment.parent_id = parent, parent.id
    quote = clean_text(said.quote, max_length=QUOTE_LENGTH)
    if quote:
        edition = said.quoted_edition or parent.edition
        require_quoted(quote, parent, queries.editions_of(session, parent), edition)
        comment.quote, comment.quoted, comment.quoted_edition = quote, parent.ref, edition
    if parent.parent_id is not None:
        above = queries.comment_to_change(
            session, topic.process.public_id, queries.public_id_of(session, parent.parent_id), actor=actor, now=now
        )
        comment.parent, comment.parent_id = above, above.id
    _publish(session, topic, comment, actor=actor, now=now, addresses=addresses, network=network)
    return comment


def edit_comment(
    session: Session,
    comment: Comment,
    text: str,
    *,
    topic: Topic | None = None,
    actor: Actor,
    now: datetime,
    minutes: int,
) -> None:
    """Change one's words within ``minutes``; the earlier ones stay readable. The same words again change nothing."""
    guest = queries.guest_of(session, actor)
    require(policies.can_edit(actor, comment, now=now, minutes=minutes, guest=guest, topic=topic))
    refuse_blocked(session, comment.process, actor=actor, now=now)
    words = _checked(text, comment.stance)
    if words == comment.text:
        return
    if comment.is_public and rules_of(session, comment.process).mode is Mode.BEFORE:
        raise Conflict(_l("A moderator has read this text, so it stays. Withdraw it, or add something in a reply."))
    if links_in(words) - links_in(comment.text):
        raise Invalid(_l("Links cannot be added afterwards. Write a reply with the link instead."), field="text")
    tally = queries.tally_of(session, comment.id)
    was_answered = bool(tally.replies or tally.helpful)
    since = comment.changed_at or comment.written_at
    earlier = CommentEdition(comment_id=comment.id, number=comment.edition, text=comment.text)
    earlier.was_answered, earlier.written_at = was_answered, since
    session.add(earlier)
    comment.text, comment.changed_at, comment.edition = words, now, comment.edition + 1
    comment.thread.version += 1
    record_comment(session, CommentEvent.REVISED, comment, actor=actor, now=now, role=role_of(comment))


def _voice(said: Said, guest: Guest | None) -> Voice:
    """A guest speaks as a guest, whatever the form said."""
    return Voice.GUEST if guest is not None else said.voice


def _written(
    session: Session,
    topic: Topic,
    thread: Thread,
    said: Said,
    guest: Guest | None,
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
) -> Comment:
    """The comment as far as it is the same for comments and replies; in no session yet."""
    comment = Comment(
        public_id=new_public_id(),
        process_id=topic.process.id,
        process=topic.process,
        thread_id=thread.id,
        thread=thread,
        parent=None,
        organisation=None,
        author_id=actor.account_id,
        text=_checked(said.text, said.stance),
        language=said.language,
        standing=Standing.SHOWN,
        edition=1,
        turn=1,
        lot=secrets.randbelow(LOTS),
        idempotency_key=key,
        written_at=now,
    )
    _sign(session, comment, said, guest, actor)
    return comment


def _sign(session: Session, comment: Comment, said: Said, guest: Guest | None, actor: Actor) -> None:
    """Put the name under it that everybody reads."""
    comment.voice = _voice(said, guest)
    account = queries.get_account(session, actor)
    name = account.display_name if account is not None else None
    if guest is not None:
        comment.author_name, comment.city, comment.country = guest.name, guest.city, guest.country
    elif comment.voice is Voice.ORGANISATION and said.organisation is not None:
        speaking = get_organisation(session, said.organisation)
        comment.organisation, comment.organisation_id = speaking, speaking.id
        comment.author_name, comment.sector = speaking.name, speaking.sector
    elif comment.voice is Voice.CITY:
        if account is None or not account.function:
            raise Conflict(_l("To speak for the city, first add your function to your account."))
        comment.author_name = account.official_name
    else:
        comment.author_name = name if said.shows_name else None


def _publish(
    session: Session,
    topic: Topic,
    comment: Comment,
    *,
    actor: Actor,
    now: datetime,
    addresses: Addresses | None,
    network: str | None,
) -> None:
    """Have it screened unless the city speaks, write it, note it, count it, tell whom it answers; its draft goes."""
    words = "\n".join(filter(None, [comment.quote, comment.text]))
    if comment.voice is not Voice.CITY:
        about: dict[str, Any] = {"kind": "comment", "ref": comment.ref, "place": topic.ref, "network": network}
        comment.standing = screen(session, topic.process, actor=actor, text=words, now=now, **about)
    session.add(comment)
    session.flush()
    counted = {"comment_id": comment.id, "thread_id": comment.thread_id, "stance": comment.stance}
    session.add(CommentTally(**counted, helpful=0, replies=0))
    session.flush()
    place = comment.parent.ref if comment.parent is not None else topic.ref
    session.execute(
        delete(CommentDraft).where(CommentDraft.account_id == actor.account_id, CommentDraft.place == place)
    )
    count(session, comment, was_public=False)
    if actor.account_id is not None and comment.voice in (Voice.RESIDENT, Voice.ORGANISATION):
        join(session, topic.process, actor.account_id, actor=actor, now=now)
    record_comment(session, CommentEvent.POSTED, comment, actor=actor, now=now, role=role_of(comment))
    if addresses is not None and comment.is_public:
        tell(session, topic, comment, addresses=addresses, now=now)


def _checked(text: str, stance: Stance | None) -> str:
    """The text, cleaned. Raises Invalid when it is too long, or too short to say anything."""
    least, most = TEXT_LENGTH
    words = clean_text(text, max_length=most)
    if stance in SIDES and len(words) < REASON_LENGTH:
        reason = _l("Say why, in at least %(least)s characters: a reason helps more than a number.",
                    least=lazy_number(REASON_LENGTH))  # fmt: skip
        raise Invalid(reason, field="text")
    if len(words) < least:
        raise Invalid(_l("Write something."), field="text")
    return words
