"""The public figures of moderation: acts by month, kind, reason and outcome, and how long people waited.

Numbers are not rounded and small ones are shown: they count acts of moderators, who answer for them, and not people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from ..kernel.i18n import reader, site_day
from ..kernel.i18n.dates import calendar_parts
from .models import Act, Reason
from .queries import ActDone


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the reader's calendar; ``day``: one of its days, for its name."""

    day: date
    acts: Counter[Act]


@dataclass(frozen=True, slots=True)
class Figures:
    """``waited``: median seconds from waiting to decision, None before the first; ``reasons``: of what was hidden."""

    total: int
    acts: Counter[Act]
    reasons: Counter[Reason]
    kinds: dict[str, Counter[Act]]
    months: list[Month]
    waited: float | None

    @property
    def waited_as_time(self) -> timedelta | None:
        return None if self.waited is None else timedelta(seconds=self.waited)


def figures_of(done: Iterable[ActDone]) -> Figures:
    acts: Counter[Act] = Counter()
    reasons: Counter[Reason] = Counter()
    kinds: dict[str, Counter[Act]] = {}
    months: dict[tuple[int, int], Month] = {}
    waits: list[float] = []
    for each in done:
        acts[each.act] += 1
        kinds.setdefault(each.kind, Counter())[each.act] += 1
        _month(months, each.at).acts[each.act] += 1
        if each.reason is not None:
            reasons[each.reason] += 1
        if each.waited is not None:
            waits.append(each.waited)
    newest = sorted(months.values(), key=lambda month: month.day, reverse=True)
    return Figures(acts.total(), acts, reasons, kinds, newest, median(waits) if waits else None)


def _month(months: dict[tuple[int, int], Month], at: datetime) -> Month:
    day = site_day(at)
    year, month, _day = calendar_parts(day, reader().calendar)
    return months.setdefault((year, month), Month(day, Counter()))
