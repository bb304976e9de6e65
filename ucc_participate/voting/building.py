"""Making votes and ballots in memory: checked, sealed, packed; nothing here writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.errors import Invalid
from ..kernel.identity import new_public_id
from ..processes.models import Process
from . import counting
from .models import Franchise, Vote, VoteOption, VoteState
from .packing import Marks, codes_of, marks_of, pack_choices
from .result import rules_sha256
from .rules import Option, RulesError, validate_rules

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
