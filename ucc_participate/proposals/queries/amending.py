"""Changes to proposals that others have proposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from ...accounts.models import Account
from ...kernel.errors import NotFound
from ..models import Amendment, AmendmentState, CoAuthor, CoAuthorState, Proposal

MOST_AMENDMENTS = 200


def list_amendments(session: Session, proposal: Proposal) -> list[Amendment]:
    """Those that wait first, then the newest."""
    query = select(Amendment).where(Amendment.proposal_id == proposal.id)
    waiting = (Amendment.state == AmendmentState.PROPOSED).desc()
    return list(session.scalars(query.order_by(waiting, Amendment.number.desc()).limit(MOST_AMENDMENTS)))


@dataclass(frozen=True, slots=True)
class Around:
    """What to look for around a proposal, told by one query: most have nothing of it."""

    waiting_amendments: int
    amendments: int
    has_co_authors: bool


def around(session: Session, proposal: Proposal) -> Around:
    waiting = func.count().filter(Amendment.state == AmendmentState.PROPOSED)
    along = exists().where(CoAuthor.proposal_id == proposal.id, CoAuthor.state == CoAuthorState.ACCEPTED)
    query = select(waiting, func.count(), along).select_from(Amendment).where(Amendment.proposal_id == proposal.id)
    found = session.execute(query).one()
    return Around(found[0], found[1], bool(found[2]))


def get_amendment(session: Session, proposal: Proposal, number: int) -> Amendment:
    """With its ``proposal`` as given. Raises NotFound."""
    found = _found(session.scalar(_one(proposal, number)))
    set_committed_value(found, "proposal", proposal)
    return found


def amendment_to_change(session: Session, proposal: Proposal, number: int) -> Amendment:
    """Locked, with its author's account."""
    query = _one(proposal, number).options(joinedload(Amendment.author)).with_for_update(of=Amendment)
    found = _found(session.scalar(query))
    set_committed_value(found, "proposal", proposal)
    return found


def _one(proposal: Proposal, number: int) -> Any:
    return select(Amendment).where(Amendment.proposal_id == proposal.id, Amendment.number == number)


def _found(amendment: Amendment | None) -> Amendment:
    if amendment is None:
        raise NotFound()
    return amendment


def amendment_with_key(session: Session, key: str | None, author_id: int | None) -> Amendment | None:
    if key is None or author_id is None:
        return None
    query = select(Amendment).where(Amendment.idempotency_key == key, Amendment.author_id == author_id)
    return session.scalar(query)


def last_amendment_number(session: Session, proposal: Proposal) -> int:
    return session.scalar(select(func.max(Amendment.number)).where(Amendment.proposal_id == proposal.id)) or 0


def amendments_of(session: Session, account: Account) -> list[Amendment]:
    query = select(Amendment).where(Amendment.author_id == account.id)
    whole = joinedload(Amendment.proposal).joinedload(Proposal.process)
    return list(session.scalars(query.options(whole).order_by(Amendment.id)))


def live_amendments(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    query = select(Amendment).join(Amendment.proposal).options(contains_eager(Amendment.proposal))
    for one in session.scalars(query.execution_options(yield_per=500)):
        yield one.ref_in(one.proposal), one.public_payload()
