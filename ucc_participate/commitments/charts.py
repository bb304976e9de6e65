"""The line of an indicator through its periods: where baseline, target and readings lie in a picture. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .standing import Series

WIDTH, HEIGHT = 600, 200
EDGE = 16
ROOM = Decimal("0.08")
"""Above the highest and below the lowest value, as a share of what lies between."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A reading that stands, or one that was corrected (``is_old``). ``period``: its number."""

    x: int
    y: int
    period: int
    is_old: bool = False
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Trend:
    """In units of a picture ``WIDTH`` × ``HEIGHT``, x from left to right. ``target`` and ``baseline``: heights."""

    dots: tuple[Dot, ...]
    path: str
    target: int | None
    baseline: int | None
    ticks: tuple[int, ...]
    width: int = WIDTH
    height: int = HEIGHT


def trend_of(series: Series) -> Trend | None:
    """None where nothing was read yet."""
    read = [(period, reading) for period in series.periods for reading in period.readings]
    if not read:
        return None
    measured = series.measured
    values = [reading.value for _period, reading in read]
    values += [value for value in (measured.baseline, measured.target) if value is not None]
    scale = _Scale(min(values), max(values), series.periods[-1].number)
    dots = tuple(
        Dot(
            scale.x(period.number),
            scale.y(reading.value),
            period.number,
            is_old=reading is not period.standing,
            is_late=reading.late_by > 0,
        )
        for period, reading in read
    )
    return Trend(
        dots=dots,
        path=_path([dot for dot in dots if not dot.is_old], _begin(scale, measured.baseline)),
        target=scale.height_of(measured.target),
        baseline=scale.height_of(measured.baseline),
        ticks=tuple(scale.x(period.number) for period in series.periods),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    low: Decimal
    high: Decimal
    periods: int

    def x(self, period: int) -> int:
        """The beginning of the years is 0."""
        return EDGE + round(Decimal(WIDTH - 2 * EDGE) * period / self.periods)

    def y(self, value: Decimal) -> int:
        span = self.high - self.low
        if span == 0:
            return HEIGHT // 2
        low, span = self.low - span * ROOM, span * (1 + 2 * ROOM)
        return round(HEIGHT - HEIGHT * (value - low) / span)

    def height_of(self, value: Decimal | None) -> int | None:
        return self.y(value) if value is not None else None


def _begin(scale: _Scale, baseline: Decimal | None) -> list[tuple[int, int]]:
    return [(scale.x(0), scale.y(baseline))] if baseline is not None else []


def _path(dots: list[Dot], begin: list[tuple[int, int]]) -> str:
    points = [*begin, *((dot.x, dot.y) for dot in dots)]
    return " ".join(f"{'L' if number else 'M'}{x} {y}" for number, (x, y) in enumerate(points))
