"""Who may merge and split proposals, and which ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from ...kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ...kernel.errors import Conflict
from ...kernel.i18n import lazy_number
from ...kernel.identity import Actor, Role
from ...processes.models import Process, ProcessState
from ...processes.policies import can_view as can_view_process
from ...processes.policies import sees_drafts
from ..models import MOST_SOURCES, LineageKind, Proposal, ProposalState, Regrouping, RegroupingState

MERGERS_ONLY = _l("Only a coordinator of the city merges and splits proposals.")


def can_regroup(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """While the process is open, as answers are given."""
    role: Decision = ALLOWED if actor.has(Role.COORDINATOR) else Denied(MERGERS_ONLY)
    ended = Denied(_l("Proposals are merged and split only while the process is open."), Conflict)
    is_open = process.status is ProcessState.OPEN
    return first_refusal([can_view_process(actor, process, now=now), role, ALLOWED if is_open else ended])


def sees_regrouping(actor: Actor, regrouping: Regrouping, *, is_asked: bool) -> bool:
    """What was done is public; a plan is seen by those who are asked, and by the desk."""
    return regrouping.status is RegroupingState.DONE or is_asked or sees_drafts(actor)


def can_consent(actor: Actor, regrouping: Regrouping, process: Process, *, is_asked: bool, now: datetime) -> Decision:
    """Whoever is asked says yes or no, and otherwise until it is decided."""
    if not is_asked:
        return Denied(_l("Only the authors of these proposals are asked."))
    if not regrouping.is_open or process.status is not ProcessState.OPEN:
        return Denied(_l("This is decided already."), Conflict)
    return ALLOWED


def can_end(actor: Actor, regrouping: Regrouping, process: Process, *, now: datetime) -> Decision:
    """Carry out or drop, once."""
    decided = Denied(_l("This is decided already."), Conflict)
    return first_refusal([can_regroup(actor, process, now=now), ALLOWED if regrouping.is_open else decided])


def may_be_regrouped(
    kind: LineageKind, sources: Sequence[Proposal], *, ancestors: Collection[int], waiting: Collection[int]
) -> Decision:
    """Whether these proposals can become one, or this one several. ``ancestors``: the ids of all they came from."""
    return first_refusal([_are_enough(kind, sources), *(_may_go(each, ancestors, waiting) for each in sources)])


def is_in_no_plan(proposal: Proposal, waiting: Collection[int]) -> Decision:
    """An answer would settle what its authors were asked. ``waiting``: as queries.waiting_elsewhere."""
    if proposal.id not in waiting:
        return ALLOWED
    number: Any = lazy_number(proposal.number or 0)
    reason = _l(
        "The authors of No. %(number)s have been asked whether it may be merged or split. Carry that plan out or give"
        " it up before you answer.",
        number=number,
    )
    return Denied(reason, Conflict)


def _are_enough(kind: LineageKind, sources: Sequence[Proposal]) -> Decision:
    if any(times > 1 for times in Counter(each.public_id for each in sources).values()):
        return Denied(_l("A proposal cannot be merged with itself."), Conflict)
    if kind is LineageKind.MERGE and len(sources) < 2:
        return Denied(_l("Choose at least two proposals to merge."), Conflict)
    if len(sources) > MOST_SOURCES:
        most = lazy_number(MOST_SOURCES)
        return Denied(_l("Merge at most %(most)s proposals at once.", most=most), Conflict)
    if len({each.process_id for each in sources}) > 1:
        return Denied(_l("Proposals of different processes cannot be merged."), Conflict)
    return ALLOWED


def _may_go(proposal: Proposal, ancestors: Collection[int], waiting: Collection[int]) -> Decision:
    number: Any = lazy_number(proposal.number or 0)
    if proposal.id in ancestors:
        return Denied(
            _l("No. %(number)s has gone into another of these already. That would make a circle.", number=number),
            Conflict,
        )
    reasons = {
        ProposalState.DRAFT: _l("A draft has not been sent. It cannot be merged or split."),
        ProposalState.WITHDRAWN: _l(
            "No. %(number)s was withdrawn by its author. It cannot be merged or split.", number=number
        ),
        ProposalState.ANSWERED: _l("No. %(number)s has its answer. It cannot be merged or split.", number=number),
    }
    if proposal.is_carried_on:
        return Denied(_l("No. %(number)s has been merged or split already.", number=number), Conflict)
    if proposal.is_concealed:
        return Denied(_l("Moderation withholds No. %(number)s. It cannot be merged or split.", number=number), Conflict)
    if proposal.status in reasons:
        return Denied(reasons[proposal.status], Conflict)
    if proposal.on_ballot_at is not None:
        return Denied(
            _l("No. %(number)s is on the ballot of a vote. What is on a ballot stays.", number=number), Conflict
        )
    if proposal.id in waiting:
        return Denied(
            _l("The authors of No. %(number)s have been asked already, in another plan.", number=number), Conflict
        )
    return ALLOWED
