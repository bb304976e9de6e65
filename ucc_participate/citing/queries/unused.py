"""What the city adopted or listed and then used nowhere: neither in an initiative of the plan nor in a paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...inventory.models import InventoryItem, ItemState
from ...moderation.models import Standing
from ...plan.models import Initiative, InitiativeSource, InitiativeState, InitiativeUse, Plan
from ...processes.models import Process
from ...proposals.models import Outcome, Proposal
from ..sources import Cited
from .fixed import refs_cited
from .meetings import decision_of, minutes_in_force

ADOPTED = (Outcome.ADOPTED, Outcome.PARTLY_ADOPTED)


@dataclass(frozen=True, slots=True)
class Unused:
    """Adopted proposals, decisions of minutes, needs and assets that nothing uses."""

    proposals: Sequence[Proposal]
    decisions: Sequence[Cited]
    listed: Sequence[InventoryItem]

    @property
    def total(self) -> int:
        return len(self.proposals) + len(self.decisions) + len(self.listed)


def unused_inputs(session: Session, process: Process) -> Unused:
    """Seven queries, however many there are. A proposal is used too where its answer is cited."""
    cited = refs_cited(session, process)
    return Unused(
        proposals=[each for each in _adopted(session, process) if not {each.ref, f"{each.ref}/answer"} & cited],
        decisions=[each for each in _decisions(session, process) if each.ref not in cited],
        listed=[each for each in _items(session, process) if each.ref not in cited],
    )


def _adopted(session: Session, process: Process) -> Sequence[Proposal]:
    planned = select(InitiativeSource.proposal_id).join(Initiative).join(Plan)
    planned = planned.where(Plan.process_id == process.id, Initiative.status == InitiativeState.PLANNED)
    query = select(Proposal).where(Proposal.process_id == process.id, Proposal.outcome.in_(ADOPTED))
    shown = query.where(Proposal.standing.not_in((Standing.HELD, Standing.HIDDEN)), Proposal.id.not_in(planned))
    return list(session.scalars(shown.order_by(Proposal.number)))


def _decisions(session: Session, process: Process) -> Sequence[Cited]:
    return [
        decision_of(process, minutes, decision)
        for minutes in minutes_in_force(session, process)
        for decision in minutes.decisions
    ]


def _items(session: Session, process: Process) -> Sequence[InventoryItem]:
    used = select(InitiativeUse.item_id).join(Initiative).join(Plan)
    used = used.where(Plan.process_id == process.id, Initiative.status == InitiativeState.PLANNED)
    query = select(InventoryItem).where(InventoryItem.process_id == process.id)
    listed = query.where(InventoryItem.status == ItemState.LISTED, InventoryItem.id.not_in(used))
    return list(session.scalars(listed.order_by(InventoryItem.id)))
