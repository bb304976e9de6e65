"""Changes to proposals that others have proposed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from ...accounts.models import Account
from ...kernel.errors import NotFound
from ...kernel.identity import Actor
from ...moderation.models import Standing
from .. import policies
from ..models import Amendment, AmendmentState, CoAuthor, CoAuthorState, Proposal

MOST_AMENDMENTS = 200


def list_amendments(session: Session, proposal: Proposal, *, actor: Actor) -> list[Amendment]:
    """Those that the actor may read: what waits first, then the newest; with their ``proposal``."""
    query = select(Amendment).where(Amendment.proposal_id == proposal.id)
    waiting = (Amendment.state == AmendmentState.PROPOSED).desc()
    found = session.scalars(query.order_by(waiting, Amendment.number.desc()).limit(MOST_AMENDMENTS))
    return [_with(one, proposal) for one in found if policies.reads_amendment(actor, one)]


@dataclass(frozen=True, slots=True)
class Around:
    """What to look for around a proposal, told by one query: most have nothing of it. Of amendments, those shown."""

    waiting_amendments: int
    amendments: int
    has_co_authors: bool


def around(session: Session, proposal: Proposal) -> Around:
    waiting = func.count().filter(Amendment.state == AmendmentState.PROPOSED)
    along = exists().where(CoAuthor.proposal_id == proposal.id, CoAuthor.state == CoAuthorState.ACCEPTED)
    shown = (Amendment.proposal_id == proposal.id, Amendment.standing == Standing.SHOWN)
    query = select(waiting, func.count(), along).select_from(Amendment).where(*shown)
    found = session.execute(query).one()
    return Around(found[0], found[1], bool(found[2]))


def get_amendment(session: Session, proposal: Proposal, number: int, *, actor: Actor) -> Amendment:
    """With its ``proposal`` as given. Raises NotFound, also for what the actor may not read."""
    found = _with(_found(session.scalar(_one(proposal, number))), proposal)
    return _found(found if policies.reads_amendment(actor, found) else None)


def amendment_to_change(session: Session, proposal: Proposal, number: int) -> Amendment:
    """Locked, with its author's account."""
    query = _one(proposal, number).options(joinedload(Amendment.author)).with_for_update(of=Amendment)
    return _with(_found(session.scalar(query)), proposal)


def all_amendments(session: Session, proposal: Proposal) -> list[Amendment]:
    """Every one, whoever may read it, by number; with its ``proposal``."""
    query = select(Amendment).where(Amendment.proposal_id == proposal.id).order_by(Amendment.number)
    return [_with(one, proposal) for one in session.scalars(query)]


def open_amendments_to_change(session: Session, proposal: Proposal) -> list[Amendment]:
    """Those that wait for the authors, whoever may read them, with accounts; locked until the unit of work ends."""
    query = select(Amendment).where(Amendment.proposal_id == proposal.id, Amendment.state == AmendmentState.PROPOSED)
    whole = query.options(joinedload(Amendment.author)).order_by(Amendment.number)
    return [_with(one, proposal) for one in session.scalars(whole.with_for_update(of=Amendment))]


def moderated_amendments(session: Session, refs: Sequence[str], *, for_update: bool = False) -> list[Amendment]:
    """By their names in moderation (``amendment/<proposal>-<number>``), with proposal and process.

    ``for_update``: locked with their proposals until the unit of work ends.
    """
    keys = [(ref.partition("/")[2].rpartition("-")[0], ref.rpartition("-")[2]) for ref in refs]
    wanted = [and_(Proposal.public_id == key, Amendment.number == int(at)) for key, at in keys if _is_number(at)]
    if not wanted:
        return []
    query = select(Amendment).join(Amendment.proposal).where(or_(*wanted))
    if for_update:
        query = query.with_for_update(of=[Amendment, Proposal]).execution_options(populate_existing=True)
    return list(session.scalars(query.options(contains_eager(Amendment.proposal).joinedload(Proposal.process))))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _with(amendment: Amendment, proposal: Proposal) -> Amendment:
    set_committed_value(amendment, "proposal", proposal)
    return amendment


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
