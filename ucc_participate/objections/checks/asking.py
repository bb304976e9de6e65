"""How a question is asked and what an answer looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from flask_babel.speaklater import LazyString

from ...kernel.i18n import lazy_number, percent, reader
from ...representation.wording import GROUPS
from ..facts import Facts

STATE = "process:now"
"""The newest entry that holds the whole state of the process: texts, timetable, targets, who is responsible."""


class Standing(StrEnum):
    """How a question stands: ``LATER`` means that it cannot be asked yet."""

    OBJECTION = "objection"
    WARNING = "warning"
    LATER = "later"
    MET = "met"


class Theme(StrEnum):
    PROMISE = "promise"
    PRESENCE = "presence"
    WOMEN_AND_YOUTH = "women_and_youth"
    DISCUSSION = "discussion"
    PROPOSALS = "proposals"
    VOTE = "vote"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question. ``says``: the evidence in words; ``todo``: what to do, None when nothing is.

    ``proofs``: which entries of the log prove what it says (keys of ``Facts.entries``); ``lines``: their numbers. A
    sentence that no few entries prove cites none. ``page``: the endpoint where it is put right.
    """

    standing: Standing
    says: Any
    todo: Any = None
    page: str | None = None
    proofs: tuple[str, ...] = ()
    rule: str = ""
    norms: tuple[str, ...] = ()
    theme: Theme = Theme.PROMISE
    asks: Any = None
    lines: tuple[int, ...] = ()


Check = Callable[[Facts], Finding]
CHECKS: list[Check] = []


def question(rule: str, theme: Theme, asks: Any, *norms: str) -> Callable[[Check], Check]:
    """Enter a check, which then answers with its rule, norms, theme and question filled in."""

    def enter(check: Check) -> Check:
        def answered(facts: Facts) -> Finding:
            finding = check(facts)
            lines = sorted({line for proof in finding.proofs for line in facts.entries.get(proof, ())})
            return replace(finding, rule=rule, norms=norms, theme=theme, asks=asks, lines=tuple(lines))

        answered.__name__ = check.__name__
        CHECKS.append(answered)
        return answered

    return enter


def met(says: Any, *proofs: str) -> Finding:
    return Finding(Standing.MET, says, proofs=proofs)


def later(says: Any) -> Finding:
    return Finding(Standing.LATER, says)


def objection(says: Any, todo: Any, page: str | None = None, *, proof: str | None = None) -> Finding:
    return Finding(Standing.OBJECTION, says, todo, page, (proof,) if proof else ())


def warning(says: Any, todo: Any, page: str | None = None, *, proof: str | None = None) -> Finding:
    return Finding(Standing.WARNING, says, todo, page, (proof,) if proof else ())


def named_groups(groups: Iterable[str]) -> Any:
    return side_by_side([GROUPS[group] for group in groups])


def listed_numbers(counts: Iterable[int]) -> Any:
    return side_by_side([lazy_number(count) for count in counts])


def percent_of(share: float) -> LazyString:
    return LazyString(lambda: percent(share, locale=reader().locale))


def side_by_side(parts: list[Any]) -> LazyString:
    """Names side by side, in the reader's language when shown."""
    return LazyString(lambda: " · ".join(str(part) for part in parts))
