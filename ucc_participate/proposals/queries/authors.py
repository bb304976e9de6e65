"""Who wrote a proposal: its author, and those who have agreed to write along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from ...accounts.models import Account
from ...kernel.errors import NotFound
from ...kernel.i18n import site_day
from ...kernel.identity import Actor, Role
from ...moderation.models import Standing
from ...processes.models import Process
from ...stakeholders.queries import current_delegates
from ..models import CoAuthor, CoAuthorState, Proposal

MOST_SHOWN = 50


def author_ids(session: Session, proposal: Proposal) -> list[int]:
    """Accounts of the author and of all co-authors who have accepted, the author first; none that was erased."""
    first = [proposal.author_id] if proposal.author_id else []
    if not proposal.co_authors:
        return first
    accepted = select(CoAuthor.account_id).where(
        CoAuthor.proposal_id == proposal.id,
        CoAuthor.state == CoAuthorState.ACCEPTED,
        CoAuthor.account_id.is_not(None),
        CoAuthor.account_id != (proposal.author_id or 0),
    )
    others = [found for found in session.scalars(accepted.order_by(CoAuthor.number)) if found is not None]
    return list(dict.fromkeys(first + others))


def role_of_author(actor: Actor, proposal: Proposal) -> Role:
    """In which role one of the authors acts: for an organisation, or as a resident."""
    if actor.account_id is not None and actor.account_id == proposal.author_id:
        return Role.DELEGATE if proposal.organisation_id is not None else Role.RESIDENT
    return Role.RESIDENT if f"a:{actor.account_id}" in proposal.co_authors else Role.DELEGATE


def list_co_authors(session: Session, proposal: Proposal, *states: CoAuthorState) -> list[CoAuthor]:
    """Rows of a proposal in these states (all without), in the order of asking, with their organisations."""
    query = select(CoAuthor).where(CoAuthor.proposal_id == proposal.id)
    if states:
        query = query.where(CoAuthor.state.in_(states))
    return list(session.scalars(query.options(joinedload(CoAuthor.organisation)).order_by(CoAuthor.number)))


def last_co_author_number(session: Session, proposal: Proposal) -> int:
    return session.scalar(select(func.max(CoAuthor.number)).where(CoAuthor.proposal_id == proposal.id)) or 0


def count_open_invitations(session: Session, proposal: Proposal) -> int:
    waiting = (CoAuthor.proposal_id == proposal.id, CoAuthor.state == CoAuthorState.INVITED)
    return session.scalar(select(func.count()).where(*waiting)) or 0


def co_author_by_code(session: Session, code: str) -> CoAuthor:
    """An invitation with its proposal, process and organisation, whoever asks: the code is the key. Raises NotFound."""
    return _asked(session, code, select(CoAuthor))


def asked_to_change(session: Session, code: str) -> CoAuthor:
    """As co_author_by_code, locked with its proposal until the unit of work ends."""
    return _asked(session, code, select(CoAuthor).with_for_update(of=[CoAuthor, Proposal]))


def _asked(session: Session, code: str, query: Select[CoAuthor]) -> CoAuthor:
    here = query.join(CoAuthor.proposal).options(contains_eager(CoAuthor.proposal), joinedload(CoAuthor.organisation))
    whole = contains_eager(CoAuthor.proposal)
    found = session.scalar(
        here.where(CoAuthor.code == code).options(
            whole.joinedload(Proposal.process).selectinload(Process.phases),
            whole.joinedload(Proposal.organisation),
        )
    )
    if found is None:
        raise NotFound()
    return found


def co_author_to_change(session: Session, proposal: Proposal, code: str) -> CoAuthor:
    """One of a proposal's, locked. Raises NotFound."""
    query = select(CoAuthor).where(CoAuthor.code == code, CoAuthor.proposal_id == proposal.id)
    found = session.scalar(query.options(joinedload(CoAuthor.organisation)).with_for_update(of=CoAuthor))
    if found is None:
        raise NotFound()
    return found


def invitations_of(session: Session, account: Account) -> list[CoAuthor]:
    """Every row that names the account, for its own data and for erasing it."""
    query = select(CoAuthor).where((CoAuthor.account_id == account.id) | (CoAuthor.email == account.email))
    whole = query.options(
        joinedload(CoAuthor.organisation),
        joinedload(CoAuthor.proposal).joinedload(Proposal.process),
        joinedload(CoAuthor.proposal).joinedload(Proposal.organisation),
    )
    return list(session.scalars(whole.order_by(CoAuthor.id)))


def list_written_along(session: Session, actor: Actor, *, limit: int = MOST_SHOWN) -> list[Proposal]:
    """Proposals of others that the person writes along, the newest first, each with its process."""
    mine = select(CoAuthor.proposal_id).where(
        CoAuthor.account_id == actor.account_id, CoAuthor.state == CoAuthorState.ACCEPTED
    )
    query = select(Proposal).where(Proposal.id.in_(mine)).options(joinedload(Proposal.process))
    return list(session.scalars(query.order_by(Proposal.updated_at.desc(), Proposal.id.desc()).limit(limit)))


def list_asked(session: Session, actor: Actor, *, limit: int = MOST_SHOWN) -> list[CoAuthor]:
    """Invitations to write along that wait for the person's answer."""
    asked = (CoAuthor.account_id == actor.account_id, CoAuthor.state == CoAuthorState.INVITED)
    whole = contains_eager(CoAuthor.proposal).joinedload(Proposal.process)
    shown = select(CoAuthor).join(CoAuthor.proposal).where(Proposal.standing == Standing.SHOWN)
    return list(session.scalars(shown.where(*asked).options(whole).order_by(CoAuthor.id).limit(limit)))


def delegates_to_tell(session: Session, organisation_id: int, *, now: datetime) -> list[Account]:
    """Active accounts that may speak for an organisation now."""
    ids = current_delegates(session, [organisation_id], now=now, today=site_day(now))[organisation_id]
    return list(session.scalars(select(Account).where(Account.id.in_(ids), Account.is_active).order_by(Account.id)))


def active_accounts(session: Session, ids: Sequence[int]) -> list[Account]:
    query = select(Account).where(Account.id.in_(ids), Account.is_active)
    return list(session.scalars(query.order_by(Account.id)))


def live_co_authors(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Who stands behind what was sent, or did, as the log should say it, for the drift check."""
    told = (CoAuthor.state == CoAuthorState.ACCEPTED) | (CoAuthor.ended_at >= Proposal.submitted_at)
    query = select(CoAuthor).join(CoAuthor.proposal).where(Proposal.submitted_at.is_not(None), told)
    query = query.where(CoAuthor.state.in_([CoAuthorState.ACCEPTED, CoAuthorState.LEFT]))
    whole = query.options(contains_eager(CoAuthor.proposal), joinedload(CoAuthor.organisation))
    for one in session.scalars(whole.execution_options(yield_per=500)):
        yield one.ref_in(one.proposal), one.public_payload(one.organisation)
