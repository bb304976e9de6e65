"""The days of a demonstration: acts are planned with their moments and then done in the order of time, as in life."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from ..processes.timetable import day_begins

Act = Callable[[datetime], object]


class Timeline:
    """Acts of many processes side by side. Days count from ``today``; what is planned lies before it."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._acts: list[tuple[datetime, int, Act]] = []
        self._order = count()

    def moment(self, day: int, *, minutes: int = 0) -> datetime:
        """So many minutes after the beginning of a day in the city."""
        return day_begins(self.today + timedelta(days=day)) + timedelta(minutes=minutes)

    def plan(self, at: datetime, act: Act) -> None:
        """Let ``act(at)`` be done at its time; acts of one moment keep the order in which they were planned.

        An act may plan later ones.
        """
        heappush(self._acts, (at, next(self._order), act))

    def play(self) -> None:
        while self._acts:
            at, _order, act = heappop(self._acts)
            act(at)
