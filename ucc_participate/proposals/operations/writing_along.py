"""Co-authors: asked, answering, leaving. The proposal is locked by ``queries.proposal_to_change``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...accounts.queries import account_by_email
from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, Role, new_public_id
from ...notifications.operations import queue_mail
from ...outreach.subscribing import begin_following
from ...processes.participation import join
from ...stakeholders.models import Organisation
from .. import policies, queries
from ..events import CoAuthorEvent, ProposalEvent
from ..models import MOST_CO_AUTHORS, CoAuthor, CoAuthorState, Proposal
from ..recording import record_draft

CODE_LENGTH = 14
_COUNTED = (CoAuthorState.INVITED, CoAuthorState.ACCEPTED)


def invite_co_author(
    session: Session,
    proposal: Proposal,
    *,
    actor: Actor,
    now: datetime,
    locale: str,
    email: str | None = None,
    organisation: Organisation | None = None,
) -> CoAuthor:
    """Ask somebody by e-mail address, or an organisation through its delegates, to write along; they get a mail.

    ``locale``: of the mail to an address without an account. Asking again who was asked already changes nothing.
    Raises Invalid for oneself and for an organisation that nobody speaks for.
    """
    require(policies.can_invite(actor, proposal, now=now))
    account = account_by_email(session, email) if email else None
    known = queries.list_co_authors(session, proposal, *_COUNTED)
    again = next((one for one in known if _is_same(one, email, account, organisation)), None)
    if again is not None:
        return again
    if len(known) >= MOST_CO_AUTHORS:
        raise Conflict(_l("A proposal has at most %(most)s co-authors.", most=MOST_CO_AUTHORS))
    _check(actor, proposal, account, organisation)
    invitation = CoAuthor(
        code=new_public_id(CODE_LENGTH),
        proposal_id=proposal.id,
        number=queries.last_co_author_number(session, proposal) + 1,
        account_id=account.id if account is not None and organisation is None else None,
        organisation_id=organisation.id if organisation is not None else None,
        organisation=organisation,
        email=email.strip().lower() if email and organisation is None else None,
        state=CoAuthorState.INVITED,
        invited_at=now,
    )
    session.add(invitation)
    _note(session, proposal, invitation, actor=actor, now=now)
    _mail(session, proposal, invitation, _addressees(session, invitation, account, locale, now), actor=actor, now=now)
    return invitation


def accept_invitation(
    session: Session, invitation: CoAuthor, *, actor: Actor, now: datetime, shows_name: bool = True
) -> None:
    """Stand behind the proposal from now on. Saying yes twice changes nothing. Needs ``proposal`` and what it needs."""
    if invitation.writes and _is_mine(invitation, actor):
        return
    require(policies.can_answer_invitation(actor, invitation, now=now))
    proposal, organisation = invitation.proposal, invitation.organisation
    if policies.is_author(actor, proposal) and organisation is None:
        raise Conflict(_l("You write along on this proposal already."))
    invitation.account_id = actor.account_id
    invitation.name = organisation.name if organisation is not None else (actor.name if shows_name else None)
    invitation.move_to(CoAuthorState.ACCEPTED, at=now)
    proposal.co_authors = (*proposal.co_authors, invitation.mark_of(organisation))
    if actor.account_id is not None and not proposal.is_draft:
        join(session, proposal.process, actor.account_id, actor=actor, now=now)
        begin_following(session, actor.account_id, proposal.ref, proposal.process_id, now=now)
    _tell(session, CoAuthorEvent.JOINED, proposal, invitation, actor=actor, now=now)


def decline_invitation(session: Session, invitation: CoAuthor, *, actor: Actor, now: datetime) -> None:
    """Nobody but the authors learns of it."""
    if invitation.state is CoAuthorState.DECLINED:
        return
    require(policies.can_answer_invitation(actor, invitation, now=now))
    invitation.move_to(CoAuthorState.DECLINED, at=now)
    _note(session, invitation.proposal, invitation, actor=actor, now=now)


def withdraw_invitation(session: Session, proposal: Proposal, code: str, *, actor: Actor, now: datetime) -> None:
    """Take back an invitation that nobody has answered yet."""
    require(policies.can_invite(actor, proposal, now=now))
    invitation = queries.co_author_to_change(session, proposal, code)
    if invitation.state is not CoAuthorState.WITHDRAWN:
        invitation.move_to(CoAuthorState.WITHDRAWN, at=now)
        _note(session, proposal, invitation, actor=actor, now=now)


def leave_proposal(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """Stop being its co-author: the text stays, what the log has said so far too."""
    require(policies.can_leave(actor, proposal, now=now))
    for mine in queries.list_co_authors(session, proposal, CoAuthorState.ACCEPTED):
        if _is_mine(mine, actor):
            mine.move_to(CoAuthorState.LEFT, at=now)
            proposal.co_authors = tuple(mark for mark in proposal.co_authors if mark != mine.mark_of(mine.organisation))
            _tell(session, CoAuthorEvent.LEFT, proposal, mine, actor=actor, now=now)


def name_co_authors(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """Say in the log who stands behind what is being sent, and count them as taking part. No operation."""
    for one in queries.list_co_authors(session, proposal, CoAuthorState.ACCEPTED):
        _tell(session, CoAuthorEvent.JOINED, proposal, one, actor=actor, now=now)
        if one.account_id is not None:
            join(session, proposal.process, one.account_id, actor=actor, now=now)
            begin_following(session, one.account_id, proposal.ref, proposal.process_id, now=now)


def _is_same(one: CoAuthor, email: str | None, account: Account | None, organisation: Organisation | None) -> bool:
    if organisation is not None:
        return one.organisation_id == organisation.id
    by_account = account is not None and one.account_id == account.id and one.organisation_id is None
    return by_account or (one.email is not None and one.email == (email or "").strip().lower())


def _is_mine(one: CoAuthor, actor: Actor) -> bool:
    if one.organisation is not None:
        return one.organisation.public_id in actor.delegations
    return actor.account_id is not None and one.account_id == actor.account_id


def _check(actor: Actor, proposal: Proposal, account: Account | None, organisation: Organisation | None) -> None:
    if organisation is None and account is not None and account.id == actor.account_id:
        raise Invalid(_l("You are its author already."), field="email")
    if organisation is not None and organisation.id == proposal.organisation_id:
        raise Invalid(_l("This organisation is its author already."), field="organisation")


def _addressees(
    session: Session, invitation: CoAuthor, account: Account | None, locale: str, now: datetime
) -> Sequence[tuple[str, str, str | None]]:
    """Address, language and key of everybody who gets the mail. Raises Invalid when an organisation has nobody."""
    if invitation.organisation_id is not None:
        delegates = queries.delegates_to_tell(session, invitation.organisation_id, now=now)
        if not delegates:
            text = _l("Nobody speaks for this organisation here yet. Invite a person by e-mail address instead.")
            raise Invalid(text, field="organisation")
        return [(one.email, one.locale, one.key) for one in delegates]
    if account is not None:
        return [(account.email, account.locale, account.key)] if account.is_active else []
    return [(invitation.email or "", locale, None)]


def _mail(
    session: Session,
    proposal: Proposal,
    invitation: CoAuthor,
    addressees: Sequence[tuple[str, str, str | None]],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    data = {
        "inviter": proposal.author_name or actor.name or "",
        "title": proposal.title,
        "organisation": invitation.organisation.name if invitation.organisation is not None else "",
        "path": f"/proposals/writing-along/{invitation.code}",
    }
    for to, locale, owner in addressees:
        queue_mail(session, to=to, locale=locale, owner=owner, template="co_author_asked", data=data, now=now)


def _note(session: Session, proposal: Proposal, one: CoAuthor, *, actor: Actor, now: datetime) -> None:
    """That something was asked or settled, and nothing of who: for what was sent too, until somebody accepts."""
    if proposal.is_draft:
        record_draft(session, ProposalEvent.REVISED, proposal, actor=actor, now=now)
        return
    facts: dict[str, Any] = {"schema": "ucc.coauthor_invitation/1", "role": Role.RESIDENT}
    subject, process = one.ref_in(proposal), proposal.process.ref
    record(session, CoAuthorEvent.ASKED, actor=actor, subject=subject, process=process, now=now, **facts)


def _tell(
    session: Session, event: CoAuthorEvent, proposal: Proposal, one: CoAuthor, *, actor: Actor, now: datetime
) -> None:
    if proposal.is_draft:
        _note(session, proposal, one, actor=actor, now=now)
        return
    facts: dict[str, Any] = {"payload": one.public_payload(one.organisation), "process": proposal.process.ref}
    role = Role.DELEGATE if one.organisation is not None else Role.RESIDENT
    record(session, event, actor=actor, subject=one.ref_in(proposal), now=now, role=role, **facts)
