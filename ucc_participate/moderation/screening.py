"""Screening: what a room asks inside its own operation before a contribution is public.

    standing = screen(session, process, actor=actor, now=now, text=text, kind="comment", ref=ref, place=thread.ref)

Refusals are the person's to read: blocked (Forbidden, with reason and end), too much at once (TooMany, 429). Anything
suspicious is HELD, which a moderator sees in the queue: nothing is ever dropped.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert
from sqlalchemy.orm import Session

from ..audit.log import record
from ..kernel.db import table_of
from ..kernel.errors import Forbidden, UccError
from ..kernel.i18n import lazy_moment, lazy_number
from ..kernel.identity import Actor, new_public_id
from ..processes.models import Process
from . import queries, suspicion
from .events import ACT, ModerationEvent
from .kinds import kind_of
from .models import Block, Case, Hold, Mode, Post, Rules, Shingle, Standing, Waiting
from .wording import REASONS

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REPETITION_WINDOW = timedelta(days=7)
OTHERS = 2
"""So many posts of other people that say the same make it a repetition; of oneself one is enough."""


class Blocked(Forbidden):
    """A person who cannot contribute here for a time; the reason says why and until when."""


class TooMany(UccError):
    """More contributions in a short time than one person needs; the reason says how long to wait."""

    status = 429


def screen(
    session: Session,
    process: Process,
    *,
    actor: Actor,
    text: str,
    kind: str,
    now: datetime,
    ref: str | None = None,
    place: str | None = None,
    network: str | None = None,
    is_typed: bool = True,
) -> Standing:
    """SHOWN, or HELD with a case in the queue and an entry in the log. No operation: others call it inside theirs.

    ``text``: everything that people would read, title and all. ``ref``: of the contribution; needed to hold it, so
    give it. ``place``: ref of the thread, proposal or session in which it stands. ``network``: ``networks.sketch`` of
    the sender's address, if known. ``is_typed``: False for what nobody typed into a form (imports, demonstrations): it
    is not measured by time, nor looked at for repetition. Raises Blocked and TooMany.
    """
    if actor.is_system:
        return Standing.SHOWN
    refuse_blocked(session, process, actor=actor, now=now)
    rules = queries.rules_of(session, process)
    if is_typed and actor.account_id is not None:
        _refuse_haste(session, process, rules, actor.account_id, place, now)
    holds = _holds(session, process, rules, actor.account_id, ref, text, now, is_typed) if ref else []
    waits = ref is not None and (bool(holds) or queries.is_held(session, ref))
    if actor.account_id is not None:
        _note(session, process, actor.account_id, kind, ref, place, text, network, now, is_cleared=not waits)
    if ref is not None and waits:
        _hold(session, process, ref, holds, actor=actor, now=now)
    return Standing.HELD if waits else Standing.SHOWN


def admit(session: Session, process: Process, *, actor: Actor, kind: str, now: datetime, is_typed: bool = True) -> None:
    """For what appears only once the city has put it on a list itself: nothing is held, and it clears nobody's first
    posts. Raises Blocked and TooMany. ``is_typed``: as in screen."""
    if actor.is_system or actor.account_id is None:
        return
    refuse_blocked(session, process, actor=actor, now=now)
    if is_typed:
        _refuse_haste(session, process, queries.rules_of(session, process), actor.account_id, None, now)
    _note(session, process, actor.account_id, kind, None, None, "", None, now, is_cleared=False)


def refuse_blocked(session: Session, process: Process, *, actor: Actor, now: datetime) -> None:
    """Raise Blocked for a person who is; for acts that publish no text, and for the page with the form."""
    block = queries.block_of(session, process, actor.account_id, now=now)
    if block is not None:
        raise Blocked(why_blocked(block))


def why_blocked(block: Block) -> object:
    """The whole reason as lazy text."""
    return _l(
        "You cannot contribute here until %(moment)s (%(reason)s): %(words)s You can still read and vote. "
        "Under “Your account” it says whom to ask.",
        moment=lazy_moment(block.until),
        reason=REASONS[block.reason],
        words=block.words,
    )


def _refuse_haste(
    session: Session, process: Process, rules: Rules, account_id: int, place: str | None, now: datetime
) -> None:
    moments = queries.post_moments(session, process, account_id, since=now - DAY)
    lately = [moment for moment in moments if moment.at > now - HOUR]
    here = [moment for moment in lately if place is not None and moment.place == place]
    for found, most, span in (
        (here, rules.per_place, HOUR),
        (lately, rules.per_hour, HOUR),
        (moments, rules.per_day, DAY),
    ):
        if len(found) >= most:
            raise TooMany(
                _l(
                    "That was %(number)s contributions in a short time. You can go on at %(moment)s; "
                    "keep your text until then.",
                    number=lazy_number(len(found)),
                    moment=lazy_moment(found[-most].at + span),
                )
            )


def _holds(
    session: Session,
    process: Process,
    rules: Rules,
    account_id: int | None,
    ref: str,
    text: str,
    now: datetime,
    is_typed: bool,
) -> list[Hold]:
    """Why a moderator should read this first, in the order of Hold."""
    found = {
        Hold.BEFORE_PUBLICATION: rules.mode is Mode.BEFORE,
        Hold.FIRST_POST: _is_new_here(session, process, rules, account_id),
        Hold.LINKS: suspicion.count_links(text) > rules.most_links,
        Hold.REPEATED: is_typed and _is_repeated(session, process, account_id, ref, text, now),
        Hold.SHOUTING: suspicion.is_shouting(text),
    }
    return [hold for hold, holds in found.items() if holds]


def _is_new_here(session: Session, process: Process, rules: Rules, account_id: int | None) -> bool:
    """Whether first contributions wait and this is one; who has no account is always new."""
    if not rules.first_posts or account_id is None:
        return bool(rules.first_posts)
    return queries.count_cleared(session, process, account_id) < rules.first_posts


def _is_repeated(
    session: Session, process: Process, account_id: int | None, ref: str, text: str, now: datetime
) -> bool:
    sketch = suspicion.shingles(text)
    if not sketch:
        return False
    alike = queries.posts_alike(
        session,
        process,
        sketch,
        least=suspicion.least_alike(sketch),
        since=now - REPETITION_WINDOW,
        besides=ref,
    )
    return account_id in alike or len(alike) >= OTHERS


def _note(
    session: Session,
    process: Process,
    account_id: int,
    kind: str,
    ref: str | None,
    place: str | None,
    text: str,
    network: str | None,
    now: datetime,
    *,
    is_cleared: bool,
) -> None:
    post = Post(
        process_id=process.id,
        account_id=account_id,
        kind=kind,
        ref=ref,
        place=place,
        is_cleared=is_cleared,
        fingerprint=suspicion.fingerprint(text),
        network=network,
        at=now,
    )
    session.add(post)
    session.flush()
    rows = [{"process_id": process.id, "shingle": each, "post_id": post.id} for each in suspicion.shingles(text)]
    if rows:
        session.execute(insert(table_of(Shingle)), rows)


def _hold(session: Session, process: Process, ref: str, holds: list[Hold], *, actor: Actor, now: datetime) -> None:
    """Into the queue, and into the log; a held text that its author changes keeps its case and its place."""
    because = [hold.value for hold in holds]
    case = queries.case_to_change(session, ref) or _open_case(process, ref, actor=actor, now=now)
    case.held_because = tuple(because) or case.held_because
    case.wait(Waiting.HELD, since=now)
    session.add(case)
    record(
        session,
        ModerationEvent.HELD,
        actor=actor,
        subject=ref,
        process=process.ref,
        now=now,
        payload={"kind": case.kind, "because": because},
        schema=ACT,
    )


def _open_case(process: Process, ref: str, *, actor: Actor, now: datetime) -> Case:
    return Case(
        public_id=new_public_id(),
        process_id=process.id,
        ref=ref,
        kind=kind_of(ref),
        author_id=actor.account_id,
        opened_at=now,
    )
