"""What an evaluator would object to: one function a question, pure, answered from the facts alone.

Rule ids (P1, O3 …) are those of the guidelines, listed in docs/rules.md; the norms are named by their publishers, and
said in our own words: OECD guidelines for citizen participation 2022, IAP2 core values, Aarhus Convention art. 6, the
Gunning principles, EIGE on gender in consultations, Lundy's model of youth participation.
"""

from __future__ import annotations

from ..facts import Facts
from . import discussion, presence, promise, proof, proposals, vote, women_and_youth
from .asking import CHECKS, STATE, Check, Finding, Standing, Theme

__all__ = [
    "CHECKS",
    "STATE",
    "Check",
    "Finding",
    "Standing",
    "Theme",
    "discussion",
    "find",
    "presence",
    "promise",
    "proof",
    "proposals",
    "vote",
    "women_and_youth",
]


def find(facts: Facts) -> list[Finding]:
    """Every question answered, the objections first, otherwise in the order of the themes."""
    found = [check(facts) for check in CHECKS]
    themes, standings = list(Theme), list(Standing)
    return sorted(found, key=lambda each: (standings.index(each.standing), themes.index(each.theme)))
