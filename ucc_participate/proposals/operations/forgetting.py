"""What erasing a person does to what they wrote along, endorsed and amended: their name goes, the texts stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...audit.events import LogEvent
from ...audit.log import settle
from ...audit.operations import withhold_fields
from ...kernel.identity import Actor
from .. import queries
from ..events import ProposalEvent
from ..models import CoAuthor, CoAuthorState
from ..recording import record_draft
from .keeping import ERASURE_REASON


def forget_company(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Co-authorship, amendments and credits lose the name, which the log withholds; endorsements stay counted."""
    settle(session)
    named = [*_forget_co_author(session, account, actor=actor, now=now), *_forget_amender(session, account)]
    for process, positions in queries.logged_subjects(session, named).items():
        withhold_fields(
            session,
            [(position, "author") for position in positions],
            actor=actor,
            now=now,
            event=LogEvent.ERASURE_EXECUTED,
            subject=process,
            process=process,
            reason=ERASURE_REASON,
        )
    for version in queries.credits_of(session, account):
        version.credit = version.credit_id = None
    for endorsement in queries.endorsements_of(session, account):
        endorsement.account_id = None


def _forget_co_author(session: Session, account: Account, *, actor: Actor, now: datetime) -> Sequence[str]:
    """Invitations are gone, drafts lose who wrote along; of what was sent somebody without a name stays co-author."""
    named = []
    for one in queries.invitations_of(session, account):
        proposal, is_person = one.proposal, one.organisation_id is None
        if one.state is CoAuthorState.INVITED:
            one.move_to(CoAuthorState.WITHDRAWN, at=now)
        elif one.writes and is_person:
            proposal.co_authors = tuple(mark for mark in proposal.co_authors if mark != f"a:{account.id}")
            if proposal.is_draft:
                one.move_to(CoAuthorState.LEFT, at=now)
                record_draft(session, ProposalEvent.REVISED, proposal, actor=actor, now=now)
        if is_person and not proposal.is_draft and one.name is not None:
            named.append(one.ref_in(proposal))
        _unname(one, is_person)
    return named


def _unname(one: CoAuthor, is_person: bool) -> None:
    one.account_id = one.email = None
    if is_person:
        one.name = None


def _forget_amender(session: Session, account: Account) -> Sequence[str]:
    named = []
    for amendment in queries.amendments_of(session, account):
        if amendment.author_name is not None:
            named.append(amendment.ref_in(amendment.proposal))
        amendment.author_id = amendment.author_name = None
    return named
