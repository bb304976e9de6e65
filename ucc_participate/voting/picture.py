"""Where numbers go, as a picture: bands between two columns of boxes. Geometry only; templates draw it as SVG.

Boxes carry numbers and the words stand beside the picture, so that they wrap and are read aloud.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, BOX, GAP, LEAST = 320.0, 220.0, 14.0, 5.0, 1.2


@dataclass(frozen=True, slots=True)
class Box:
    """One end: its number, and where it stands."""

    number: int
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Band:
    """What goes from one box to another: ``path`` for an SVG ``d``; ``tone`` from 1 to 5, by the box that it leaves."""

    path: str
    tone: int


@dataclass(frozen=True, slots=True)
class Flow:
    """``width`` and ``height`` of the picture, its boxes on both sides and the bands between."""

    width: float
    height: float
    left: list[Box]
    right: list[Box]
    bands: list[Band]


def flow(links: Mapping[tuple[int, int], float], left: Sequence[int], right: Sequence[int]) -> Flow | None:
    """``links``: (number on the left, number on the right) → amount. None where nothing goes anywhere."""
    total = sum(amount for amount in links.values() if amount > 0)
    if total <= 0:
        return None
    scale = (HEIGHT - GAP * (max(len(left), len(right)) - 1)) / total
    starts = _boxes(left, 0.0, {at: sum(v for (a, _), v in links.items() if a == at) for at in left}, scale)
    ends = _boxes(right, WIDTH - BOX, {at: sum(v for (_, b), v in links.items() if b == at) for at in right}, scale)
    return Flow(WIDTH, HEIGHT, list(starts.values()), list(ends.values()), _bands(links, starts, ends, scale))


def _boxes(numbers: Sequence[int], x: float, amounts: Mapping[int, float], scale: float) -> dict[int, Box]:
    boxes, y = {}, 0.0
    for number in numbers:
        height = max(LEAST, amounts[number] * scale)
        boxes[number] = Box(number, x, round(y, 2), round(height, 2))
        y += height + GAP
    return boxes


def _bands(
    links: Mapping[tuple[int, int], float], starts: Mapping[int, Box], ends: Mapping[int, Box], scale: float
) -> list[Band]:
    out, into, bands = dict.fromkeys(starts, 0.0), dict.fromkeys(ends, 0.0), []
    tones = {number: at % 5 + 1 for at, number in enumerate(starts)}
    for (a, b), amount in sorted(links.items()):
        if amount <= 0:
            continue
        width = amount * scale
        y1, y2 = starts[a].y + out[a], ends[b].y + into[b]
        out[a], into[b] = out[a] + width, into[b] + width
        bands.append(Band(_path(y1, y2, width), tones[a]))
    return bands


def _path(y1: float, y2: float, width: float) -> str:
    x1, x2, middle = BOX, WIDTH - BOX, WIDTH / 2
    return (
        f"M{x1} {y1:.2f}C{middle} {y1:.2f} {middle} {y2:.2f} {x2} {y2:.2f}"
        f"V{y2 + width:.2f}C{middle} {y2 + width:.2f} {middle} {y1 + width:.2f} {x1} {y1 + width:.2f}Z"
    )
