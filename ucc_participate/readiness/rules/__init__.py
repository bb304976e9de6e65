"""Every rule of the guidelines, in our own words, answered from the facts alone: one function a rule, pure.

Ids are those of docs/rules.md. The objectives and areas of action are rules of their own, in ``lists``; what the linter
of the process (``objections``) finds is taken over in ``participation``. Nothing here adds up: there is no score.
"""

from __future__ import annotations

from ..facts import Facts, Standing
from . import big, dossier, exchange, forward, levels, lists, long_term, participation, plan
from .asking import RULES, Group, Line, answer

__all__ = [
    "RULES",
    "Group",
    "Line",
    "Standing",
    "big",
    "dossier",
    "exchange",
    "find",
    "forward",
    "levels",
    "lists",
    "long_term",
    "participation",
    "plan",
]


def find(facts: Facts) -> list[Line]:
    """Every rule answered once, by group in the order of the guidelines."""
    lines = [answer(rule, facts) for rule in RULES]
    groups = list(Group)
    return sorted(lines, key=lambda line: groups.index(line.group))
