"""Where initiatives come from: back to each person's proposal, through merges and splits; what a vote chose of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload, undefer

from ..inventory.queries import titles_of as items_called
from ..kernel.i18n import lazy_number
from ..processes.models import Process
from ..proposals.models import Proposal, ProposalLineage
from ..proposals.queries import Credit, ancestors_of, credits_by_id
from ..voting.models import Vote, VoteState
from .models import Initiative, Plan, PlanVersion, Stage
from .versions import chosen_by


@dataclass(frozen=True, slots=True)
class Root:
    """A proposal that went into an initiative, what of it was taken, and everything that it came from itself."""

    credit: Credit
    how: str
    before: list[Credit]


@dataclass(frozen=True, slots=True)
class Voted:
    """What a version of a vote holds. ``vote``: None when it is gone; ``left``: chosen, and in no initiative then."""

    vote: Vote | None
    chosen: int
    left: list[Credit]


def roots_of(session: Session, initiative: Initiative) -> list[Root]:
    """The lineage of an initiative back to each person's proposal: four queries and one for each further generation."""
    ids = [source.proposal_id for source in initiative.sources]
    if not ids:
        return []
    parents = _parents(session, ids)
    before = {one: _before(one, parents) for one in ids}
    known = credits_by_id(session, set(ids).union(*before.values()))
    return [
        Root(known[source.proposal_id], source.how, [known[one] for one in sorted(before[source.proposal_id])])
        for source in initiative.sources
    ]


def carried_by(session: Session, initiatives: Sequence[Initiative], refs: Collection[str]) -> dict[str, set[str]]:
    """By public id of each initiative, which of these proposals (refs) it was made from, merged and split ones too."""
    ids = {source.proposal_id for each in initiatives for source in each.sources}
    parents = _parents(session, ids)
    behind = {one: {one} | _before(one, parents) for one in ids}
    known = _ids_of(session, refs)
    return {
        each.public_id: {known[one] for source in each.sources for one in behind[source.proposal_id] if one in known}
        for each in initiatives
    }


def voted_in(session: Session, plan: Plan) -> dict[int, Voted]:
    """By number of each version that holds what a vote has chosen: which vote, and what no initiative carried."""
    told = {version.number: version.content["vote"] for version in _voted_versions(session, plan)}
    votes = _votes_by_ref(session, plan.process, [each["ref"] for each in told.values()])
    ids = _ids_of(session, [ref for each in told.values() for ref in each["not_carried"]])
    named = credits_by_id(session, ids) if ids else {}
    by_ref = {ref: named[one] for one, ref in ids.items()}
    return {number: _voted(each, votes, by_ref) for number, each in told.items()}


def counted_votes(session: Session, process: Process) -> list[Vote]:
    """Votes of the process that have chosen proposals, with their options."""
    query = select(Vote).where(Vote.process_id == process.id, Vote.status == VoteState.CLOSED)
    found = session.scalars(query.order_by(Vote.id).options(selectinload(Vote.options)))
    return [vote for vote in found if chosen_by(vote)]


def _votes_by_ref(session: Session, process: Process, refs: Collection[str]) -> dict[str, Vote]:
    """Those of these votes that belong to the process."""
    wanted = [ref.partition("/")[2] for ref in refs]
    query = select(Vote).where(Vote.process_id == process.id, Vote.public_id.in_(wanted))
    return {vote.ref: vote for vote in session.scalars(query)} if wanted else {}


def _voted_versions(session: Session, plan: Plan) -> list[PlanVersion]:
    """Versions of what a vote has chosen, with what they hold."""
    query = select(PlanVersion).where(PlanVersion.plan_id == plan.id, PlanVersion.stage == Stage.VOTED)
    return list(session.scalars(query.order_by(PlanVersion.number).options(undefer(PlanVersion.content))))


def _voted(told: dict[str, Any], votes: dict[str, Vote], named: dict[str, Credit]) -> Voted:
    left = [named[ref] for ref in told["not_carried"] if ref in named]
    return Voted(votes.get(told["ref"]), len(told["chosen"]), left)


def names_of(session: Session, refs: Collection[str]) -> dict[str, str]:
    """What proposals, needs and assets are called, by ref; a proposal that is not shown has its number alone."""
    by_id = _ids_of(session, [ref for ref in refs if ref.startswith("proposal/")])
    found = {by_id[one]: _name_of(credit.proposal) for one, credit in credits_by_id(session, by_id).items()}
    items = items_called(session, [ref.partition("/")[2] for ref in refs if ref.startswith("inventory/")])
    return found | {f"inventory/{public_id}": title for public_id, title in items.items()}


def _name_of(proposal: Proposal) -> str:
    number = str(_l("No. %(number)s", number=lazy_number(proposal.number or 0)))
    return number if proposal.is_concealed else f"{number}: {proposal.title}"


def _ids_of(session: Session, refs: Collection[str]) -> dict[int, str]:
    wanted = [ref.partition("/")[2] for ref in refs]
    rows = select(Proposal.id, Proposal.public_id).where(Proposal.public_id.in_(wanted))
    return {row.id: f"proposal/{row.public_id}" for row in session.execute(rows)} if wanted else {}


def _parents(session: Session, ids: Collection[int]) -> dict[int, set[int]]:
    """What these proposals and everything before them came from, one generation back each."""
    every = {*ids, *ancestors_of(session, ids)} if ids else set()
    rows = select(ProposalLineage.source_id, ProposalLineage.result_id).where(ProposalLineage.result_id.in_(every))
    parents: dict[int, set[int]] = {}
    for row in session.execute(rows) if every else ():
        parents.setdefault(row.result_id, set()).add(row.source_id)
    return parents


def _before(known: int, parents: dict[int, set[int]]) -> set[int]:
    found: set[int] = set()
    new = parents.get(known, set())
    while new:
        found |= new
        new = {each for one in new for each in parents.get(one, ())} - found
    return found - {known}
