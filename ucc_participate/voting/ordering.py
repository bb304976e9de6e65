"""In which order a voter sees the options: as announced, or in an order of their own that anybody can work out again.

The order is of the page alone: ballots at rest, commitments and results name positions of the announced order.
"""

from __future__ import annotations

from hashlib import sha256

from ..audit import canonical
from .models import Vote, VoteOption


def order_key(vote_ref: str, slot: int, code: str) -> bytes:
    """SHA-256("ucc-o1\\0" ‖ JCS({"option", "slot", "vote"})): options ascending by it (docs/record-format.md §5)."""
    return sha256(b"ucc-o1\0" + canonical.dumps({"option": code, "slot": slot, "vote": vote_ref})).digest()


def options_for(vote: Vote, slot: int | None) -> list[VoteOption]:
    """The options as the voter with this slot sees them; whoever has none sees the announced order."""
    options = list(vote.options)
    if slot is None or vote.rules.get("order", "fixed") != "random":
        return options
    return sorted(options, key=lambda option: order_key(vote.ref, slot, option.code))
