"""Making votes and ballots in memory: checked, sealed, packed; nothing here writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.errors import Invalid
from ..kernel.identity import new_public_id
from ..processes.models import CAPABILITIES, Capability, Phase, Process
from . import counting
from .models import Franchise, Vote, VoteOption, VoteState
from .packing import Marks, codes_of, marks_of, pack_choices
from .result import rules_sha256
from .rules import Option, RulesError, validate_rules
from .rules.schema import BY_LOT

__all__ = ["Marks", "OptionLine", "codes_of", "marks_of", "new_vote", "pack_choices"]


@dataclass(frozen=True, slots=True)
class OptionLine:
    """A line of the ballot to be: ``cost`` in whole minor units; ``proposal_id`` where it was a proposal here."""

    code: str
    title: str
    cost: int | None = None
    proposal_id: int | None = None
    proposal_ref: str | None = None


def new_vote(
    process: Process,
    *,
    title: Mapping[str, str],
    franchise: Franchise,
    rules: Mapping[str, Any],
    options: Sequence[OptionLine],
    opens_at: datetime,
    closes_at: datetime,
    now: datetime,
    fewest_options: int = 2,
) -> Vote:
    """A vote in state announced with its options, rules checked and sealed. Raises Invalid."""
    lines = tuple(Option(line.code, line.title, line.cost, line.proposal_ref) for line in options)
    if len(lines) < fewest_options:
        raise Invalid(_l("A ballot needs at least two options."), field="options")
    try:
        checked = validate_rules(rules, lines)
    except RulesError as fault:
        raise Invalid(fault.reason, field=fault.key) from fault
    vote = Vote(
        public_id=new_public_id(),
        process_id=process.id,
        title=dict(title),
        franchise=franchise,
        rules=checked,
        opens_at=opens_at,
        closes_at=closes_at,
        status=VoteState.ANNOUNCED,
        created_at=now,
        options=[
            VoteOption(
                position=at,
                code=line.code,
                title=line.title,
                cost=line.cost,
                proposal_id=line.proposal_id,
                proposal_ref=line.proposal_ref,
            )
            for at, line in enumerate(options)
        ],
    )
    vote.rules_sha256 = rules_sha256(counting.election_of(vote))
    return vote


NO_SEAL = "0" * 64
"""In the place of a lot's seal while a vote is only looked at."""


def preview_vote(process: Process, *, rules: Mapping[str, Any], public_value: str, now: datetime, **facts: Any) -> Vote:
    """The vote as it would be announced, in memory: with everything checked but without the seal of its lot.

    ``process`` has its phases loaded. Raises Invalid naming the field.
    """
    require_times(process, facts["opens_at"], facts["closes_at"], now)
    if rules.get("tie") in BY_LOT:
        rules = {**rules, "lot": {"sha256": NO_SEAL, "public_value": public_value.strip()}}
    return new_vote(process, rules=rules, now=now, **facts)


def require_times(process: Process, opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    """Raises Invalid unless the vote lies in the future and within the voting phase."""
    if closes_at <= opens_at:
        raise Invalid(_l("The vote must close after it opens."), field="closes_at")
    if closes_at <= now:
        raise Invalid(_l("The vote must close in the future."), field="closes_at")
    if not any(phase.starts_at <= opens_at and closes_at <= phase.ends_at for phase in voting_phases(process)):
        raise Invalid(_l("The vote must lie within the voting phase of the timetable."), field="opens_at")


def voting_phases(process: Process) -> list[Phase]:
    return [phase for phase in process.phases if Capability.VOTE in CAPABILITIES[phase.kind]]


def require_affordable(rules: Mapping[str, Any], options: Sequence[OptionLine]) -> None:
    """Raises Invalid for an option that could never win, because it costs more than all the money there is."""
    budget = rules.get("budget")
    if budget is None:
        return
    for line in options:
        if line.cost is not None and line.cost > budget:
            reason = _l(
                "“%(title)s” costs more than the whole budget and could never win. Leave it out, or raise the budget.",
                title=line.title,
            )
            raise Invalid(reason, field="options")
