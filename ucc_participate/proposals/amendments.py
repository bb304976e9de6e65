"""Proposed changes as something that moderators read: screened when they are proposed, concealed when they are hidden.

A change quotes the text of its proposal: while that is withheld, so is the change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..audit.events import LogEvent
from ..audit.log import record, settle
from ..audit.operations import withhold_fields
from ..kernel.errors import NotFound
from ..kernel.identity import Actor, Role
from ..moderation.kinds import Contribution, ModeratedKind
from ..moderation.models import Standing
from ..moderation.queries import opened_texts
from ..moderation.screening import screen
from ..notifications.operations import queue_mail
from . import queries
from .events import AmendmentEvent
from .models import AMENDMENT_TEXTS, Amendment, AmendmentState, Proposal

KIND = "amendment"
WITHHELD_BECAUSE = "Moderation has hidden the proposal whose text this would change."


def screened(session: Session, amendment: Amendment, *, actor: Actor, network: str | None, now: datetime) -> None:
    """Let it appear, or hold it. Only what it adds is looked at: the rest stands in the proposal. Raises as screen."""
    known = Counter(amendment.old_text.split())
    added = list((Counter(amendment.new_text.split()) - known).elements())
    amendment.standing = screen(
        session,
        amendment.proposal.process,
        actor=actor,
        text="\n".join([" ".join(added), amendment.reason]),
        kind=KIND,
        ref=amendment.moderation_ref,
        place=amendment.proposal.ref,
        network=network,
        is_typed=network is not None,
        now=now,
    )


def record_amendment(
    session: Session,
    event: AmendmentEvent,
    amendment: Amendment,
    *,
    actor: Actor,
    now: datetime,
    role: Role | None = None,
) -> None:
    """Its whole public state after the event."""
    proposal = amendment.proposal
    facts: dict[str, Any] = {"subject": amendment.ref_in(proposal), "process": proposal.process.ref, "role": role}
    record(session, event, actor=actor, now=now, payload=amendment.public_payload(), **facts)


def tell_authors(session: Session, amendment: Amendment, *, now: datetime) -> None:
    """A mail to everybody who may take it over, once they can read it."""
    if amendment.is_concealed:
        return
    proposal = amendment.proposal
    data = {"title": proposal.title, "reason": amendment.reason, "path": path_of(amendment)}
    for account in queries.active_accounts(session, queries.author_ids(session, proposal)):
        facts: dict[str, Any] = {"to": account.email, "owner": account.key, "locale": account.locale}
        queue_mail(session, **facts, template="amendment_proposed", data=data, now=now)


def lapse(session: Session, proposal: Proposal, *, is_merge: bool, address: str, actor: Actor, now: datetime) -> None:
    """End what waits for authors of a text that was merged or split; who proposed it is told what came of that text.

    ``address``: the page of what came of it, where the change can be proposed anew.
    """
    for amendment in queries.open_amendments_to_change(session, proposal):
        amendment.settle(AmendmentState.WITHDRAWN, at=now)
        record_amendment(session, AmendmentEvent.LAPSED, amendment, actor=actor, now=now)
        author = amendment.author
        if author is not None and author.is_active:
            data = {"title": proposal.title, "is_merge": is_merge, "address": address}
            facts: dict[str, Any] = {"to": author.email, "owner": author.key, "locale": author.locale}
            queue_mail(session, **facts, template="amendment_lapsed", data=data, now=now)


def path_of(amendment: Amendment) -> str:
    proposal = amendment.proposal
    return f"/p/{proposal.process.public_id}/proposals/{proposal.public_id}/amendments/{amendment.number}"


def load(session: Session, ref: str) -> Contribution | None:
    return load_many(session, [ref]).get(ref)


def load_many(session: Session, refs: Sequence[str]) -> Mapping[str, Contribution]:
    return {one.moderation_ref: _contribution(one) for one in queries.moderated_amendments(session, refs)}


def _contribution(amendment: Amendment) -> Contribution:
    """While its proposal is withheld it stands as that does: nobody points it out from a page that is not there."""
    proposal = amendment.proposal
    return Contribution(
        ref=amendment.moderation_ref,
        process=proposal.process,
        author_ids=(amendment.author_id,) if amendment.author_id is not None else (),
        title="" if proposal.is_concealed else proposal.title,
        text=f"{amendment.new_text}\n\n{amendment.reason}",
        address=path_of(amendment),
        written_at=amendment.proposed_at,
        standing=amendment.standing if amendment.is_concealed else proposal.standing,
        subject=amendment.ref_in(proposal),
    )


def conceal(session: Session, ref: str, standing: Standing, *, actor: Actor, now: datetime) -> None:
    """Hide it or show it; its proposal is locked with it. What the text says by it already is the proposal's own."""
    amendment = next(iter(queries.moderated_amendments(session, [ref], for_update=True)), None)
    if amendment is None:
        raise NotFound()
    was_held, amendment.standing = amendment.standing is Standing.HELD, standing
    event = AmendmentEvent.SHOWN if standing is Standing.SHOWN else AmendmentEvent.CONCEALED
    record_amendment(session, event, amendment, actor=actor, now=now)
    if was_held and amendment.is_open and not amendment.proposal.is_concealed:
        tell_authors(session, amendment, now=now)


def follow(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """Say in the log anew how the changes to a proposal stand, whose own standing has just changed."""
    found = [one for one in queries.all_amendments(session, proposal) if not one.is_concealed]
    event = AmendmentEvent.CONCEALED if proposal.is_concealed else AmendmentEvent.SHOWN
    for amendment in found:
        record_amendment(session, event, amendment, actor=actor, now=now)
    if proposal.standing is Standing.HIDDEN:
        _withhold(session, proposal, found, actor=actor, now=now)


def _withhold(
    session: Session, proposal: Proposal, amendments: Sequence[Amendment], *, actor: Actor, now: datetime
) -> None:
    """What older entries open of them."""
    settle(session)
    subjects = [one.ref_in(proposal) for one in amendments]
    fields = [each for subject in subjects for each in opened_texts(session, subject, AMENDMENT_TEXTS)]
    facts: dict[str, Any] = {"event": LogEvent.REDACTION_DECLARED, "reason": WITHHELD_BECAUSE}
    if fields:
        process = proposal.process.ref
        withhold_fields(session, fields, actor=actor, now=now, subject=proposal.ref, process=process, **facts)


MODERATED = ModeratedKind(KIND, _l("Proposed change"), load, conceal, AMENDMENT_TEXTS, load_many)
