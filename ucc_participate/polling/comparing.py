"""Two clerks have typed the same pile: do they say the same? As a multiset first, then paper by paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .models import PILE, TypedPaper

Side = Mapping[int, TypedPaper]
"""Number of the paper → what was typed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A paper of a pile on which the two do not agree. ``decided``: what a third person typed, None while it waits."""

    number: int
    first: TypedPaper
    second: TypedPaper
    decided: TypedPaper | None


@dataclass(frozen=True, slots=True)
class Pile:
    """``is_typed``: both clerks have typed every paper. ``same_in_another_order``: they have the same papers, though
    not one after the other: nothing is to be decided. ``only_first`` and ``only_second``: what one alone has typed."""

    number: int
    size: int
    is_typed: bool
    same_in_another_order: bool = False
    differences: tuple[Difference, ...] = ()
    only_first: tuple[str, ...] = ()
    only_second: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        return self.is_typed and all(each.decided is not None for each in self.differences)


def compare_pile(number: int, size: int, first: Side, second: Side, third: Side) -> Pile:
    """``first``, ``second``, ``third``: of the whole box; papers of a pile have the numbers that follow each other."""
    numbers = range(PILE * (number - 1) + 1, PILE * (number - 1) + size + 1)
    if any(at not in first or at not in second for at in numbers):
        return Pile(number, size, is_typed=False)
    ones, twos = [first[at] for at in numbers], [second[at] for at in numbers]
    differing = [at for at in numbers if first[at].said != second[at].said]
    if Counter(each.said for each in ones) == Counter(each.said for each in twos):
        return Pile(number, size, is_typed=True, same_in_another_order=bool(differing))
    return Pile(
        number,
        size,
        is_typed=True,
        differences=tuple(Difference(at, first[at], second[at], third.get(at)) for at in differing),
        only_first=_beyond(ones, twos),
        only_second=_beyond(twos, ones),
    )


def _beyond(ones: Sequence[TypedPaper], others: Sequence[TypedPaper]) -> tuple[str, ...]:
    """What stands more often on one side, as it was typed."""
    words = {each.said: each.text or "0" for each in ones}
    more = Counter(each.said for each in ones) - Counter(each.said for each in others)
    return tuple(sorted(words[said] for said in more.elements()))


def agreed_papers(piles: Sequence[Pile], first: Side) -> list[TypedPaper]:
    """One paper for each that lay in the box; all piles are settled."""
    decided = {each.number: each.decided for pile in piles for each in pile.differences}
    return [decided.get(number) or paper for number, paper in sorted(first.items())]
