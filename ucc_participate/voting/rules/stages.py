"""The stages of a count by single transferable vote, and what earlier stages say of those who are equal now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .ties import TieKey


@dataclass
class Stage:
    """The votes at its beginning, in ballot order, and who was elected and excluded in it."""

    votes: list[int]
    exhausted: int
    elected: list[int] = field(default_factory=list)
    excluded: list[int] = field(default_factory=list)


@dataclass
class Count:
    """A count as it goes on: ``hopeful`` are neither elected nor excluded; votes in units of the transfer rule."""

    options: int
    places: int
    tie: TieKey
    hopeful: set[int]
    quota: int = 0
    stages: list[Stage] = field(default_factory=list)
    elected: list[int] = field(default_factory=list)
    excluded: list[int] = field(default_factory=list)

    @property
    def now(self) -> Stage:
        return self.stages[-1]

    @property
    def vacancies(self) -> int:
        return self.places - len(self.elected)

    @property
    def is_over(self) -> bool:
        """All places are filled, or those who are left get theirs without any further transfer."""
        return not self.vacancies or len(self.hopeful) <= self.vacancies

    def strongest(self, options: Iterable[int]) -> int:
        """The one with most votes now; equal: at the latest earlier stage where they differ, then by the tie rule."""
        most = self._those_at(options, max)
        return most[0] if len(most) == 1 else min(most, key=self.by_strength)

    def weakest(self, options: Iterable[int]) -> int:
        """The one with the fewest votes, equal ones likewise: the last by the tie rule."""
        fewest = self._those_at(options, min)
        return fewest[0] if len(fewest) == 1 else max(fewest, key=self.by_strength)

    def by_strength(self, option: int) -> tuple[Any, ...]:
        """A sort key, the strongest first: votes now, at the stage before, …, at the first stage; then the tie rule."""
        return (*(-stage.votes[option] for stage in reversed(self.stages)), self.tie(option))

    def elect(self, options: Iterable[int]) -> None:
        """Elect these in the present stage, the strongest first."""
        for option in sorted(options, key=self.by_strength):
            self.hopeful.discard(option)
            self.elected.append(option)
            self.now.elected.append(option)

    def exclude(self, option: int) -> None:
        self.hopeful.discard(option)
        self.excluded.append(option)
        self.now.excluded.append(option)

    def finish(self) -> None:
        """Who is left when there is a place for each of them is elected."""
        if self.vacancies:
            self.elect(self.hopeful)

    def ranking(self, others: Sequence[int]) -> list[int]:
        """The elected in their order, who was left, the excluded from the last to the first, then the rest of
        ``others``."""
        counted = [*self.elected, *sorted(self.hopeful, key=self.by_strength), *reversed(self.excluded)]
        return list(dict.fromkeys([*counted, *others]))

    def _those_at(self, options: Iterable[int], extreme: Any) -> list[int]:
        among, votes = list(options), self.now.votes
        found = extreme(votes[option] for option in among)
        return [option for option in among if votes[option] == found]
