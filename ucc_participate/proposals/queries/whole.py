"""Proposals of a process or of a person as a whole: what gates, ballots, figures and people themselves ask for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from ...accounts.models import Account
from ...kernel.identity import Actor
from ...moderation.models import Standing
from ...outreach.models import NewsKind
from ...outreach.news import WINDOW, News
from ...processes.models import Process
from ..models import Outcome, Proposal, ProposalState
from .endorsing import get_rule

MOST_OWN = 200
MOST_NEWS = 500


def list_own(session: Session, actor: Actor, *, limit: int = MOST_OWN) -> list[Proposal]:
    """A person's drafts and proposals in every process, the newest first, each with its process."""
    query = select(Proposal).where(Proposal.author_id == actor.account_id).options(joinedload(Proposal.process))
    return list(session.scalars(query.order_by(Proposal.updated_at.desc(), Proposal.id.desc()).limit(limit)))


def count_unanswered(session: Session, process: Process) -> int:
    """Counted from the proposals themselves: a gate depends on it. Held ones count: somebody must read them first."""
    waiting = (
        Proposal.process_id == process.id,
        Proposal.status == ProposalState.SUBMITTED,
        Proposal.standing != Standing.HIDDEN,
    )
    return session.scalar(select(func.count()).where(*waiting)) or 0


def shortlist_candidates(session: Session, process: Process) -> list[Proposal]:
    """What may go on a ballot, by number: what waits for its answer, and what was adopted or partly adopted.

    Where the process asks for endorsements before the ballot, only what has reached them.
    """
    adopted = Proposal.outcome.in_([Outcome.ADOPTED, Outcome.PARTLY_ADOPTED])
    answered = (Proposal.status == ProposalState.ANSWERED) & adopted
    query = select(Proposal).where(
        Proposal.process_id == process.id,
        Proposal.standing == Standing.SHOWN,
        or_(Proposal.status == ProposalState.SUBMITTED, answered),
    )
    rule = get_rule(session, process)
    if rule is not None and rule.is_needed_for_ballot:
        query = query.where(Proposal.supported_at.is_not(None))
    return list(session.scalars(query.order_by(Proposal.number)))


def count_proposers(session: Session, process: Process) -> dict[int, int]:
    """How many proposals that everybody reads each account has handed in, for itself or for an organisation."""
    on_list = Proposal.status.in_([ProposalState.SUBMITTED, ProposalState.ANSWERED])
    query = select(Proposal.author_id, func.count()).where(
        Proposal.process_id == process.id, on_list, Proposal.standing == Standing.SHOWN
    )
    rows = session.execute(query.group_by(Proposal.author_id))
    return {account_id: number for account_id, number in rows if account_id is not None}


def written_by(session: Session, account: Account) -> list[Proposal]:
    """Everything an account has written, drafts too, in the order in which it was begun, with its process."""
    return list(session.scalars(_written_by(account)))


def written_by_to_change(session: Session, account: Account) -> list[Proposal]:
    """As written_by, locked until the unit of work ends."""
    return list(session.scalars(_written_by(account).with_for_update(of=Proposal)))


def _written_by(account: Account) -> Select[Proposal]:
    query = select(Proposal).where(Proposal.author_id == account.id).options(joinedload(Proposal.process))
    return query.order_by(Proposal.id)


def live_states(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every proposal that the log knows the state of, with that state, for the drift check."""
    public = select(Proposal).where(Proposal.status != ProposalState.DRAFT).options(selectinload(Proposal.organisation))
    for proposal in session.scalars(public.execution_options(yield_per=500)):
        yield proposal.ref, proposal.public_payload()


def organisations_proposing(process: Process) -> Select[Any]:
    """A select of the ids of organisations for which a proposal was handed in that everybody reads."""
    on_list = Proposal.status.in_([ProposalState.SUBMITTED, ProposalState.ANSWERED])
    return select(Proposal.organisation_id).where(
        Proposal.process_id == process.id,
        Proposal.organisation_id.is_not(None),
        on_list,
        Proposal.standing == Standing.SHOWN,
    )


def answer_news(session: Session, now: datetime) -> Iterator[News]:
    """Answers that the city gave lately, for those who follow the process; their authors are told at once."""
    answered = (Proposal.status == ProposalState.ANSWERED, Proposal.standing == Standing.SHOWN)
    gone_on = Proposal.outcome.in_([Outcome.MERGED, Outcome.SPLIT])  # told as what it is
    query = select(Proposal).where(*answered, Proposal.answered_at > now - WINDOW, ~gone_on)
    for proposal in session.scalars(query.order_by(Proposal.answered_at).limit(MOST_NEWS)):
        others = select(Account.id).where(Account.id != proposal.author_id) if proposal.author_id else None
        key = f"answer/{proposal.public_id}"
        yield News(proposal.process_id, NewsKind.ANSWER, key, proposal.title, accounts=others, subject=proposal.ref)
