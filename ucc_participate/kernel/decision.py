"""What a policy answers: allowed, or denied with a reason that the page can show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .errors import Forbidden


@dataclass(frozen=True, slots=True)
class Allowed:
    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Denied:
    """Refused. ``reason`` is lazy text; ``error`` the class to raise (its HTTP status differs: 403, 404, 409)."""

    reason: Any
    error: type[Forbidden] = Forbidden

    def __bool__(self) -> bool:
        return False


Decision = Allowed | Denied
ALLOWED = Allowed()


def require(decision: Decision) -> None:
    """Raise the refusal's own error unless the decision allows."""
    if isinstance(decision, Denied):
        raise decision.error(decision.reason)


def first_refusal(decisions: Iterable[Decision]) -> Decision:
    """The first Denied of the sequence, or Allowed."""
    for decision in decisions:
        if isinstance(decision, Denied):
            return decision
    return ALLOWED
