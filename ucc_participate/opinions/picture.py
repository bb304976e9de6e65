"""The map as a picture of many and never of one: hexagons with at least FLOOR people, and the shape of each group.

Whole numbers only, in a square of SIZE: the page and the log hold the same.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .floors import FLOOR

SIZE: Final = 1000
RADIUS: Final = (28, 90)
"""From the middle of a hexagon to its corner: the fewer people, the larger, so that five meet in one."""
STEPS: Final = (FLOOR, 10, 25, 50)
"""From how many people on a hexagon is one shade darker."""
REACH: Final = 1.5
"""An outline reaches so many standard deviations from the middle of its group."""
MARGIN: Final = 0.08

Points = npt.NDArray[np.float64]


def draw(places: Points, labels: npt.NDArray[np.int64]) -> dict[str, Any]:
    """``hexagons``: [x, y, shade 0 … 3]; ``groups``, in their order: [x, y, half width, half height, degrees]."""
    points = _on_paper(places)
    radius = min(max(RADIUS[0], round(SIZE * 0.7 / np.sqrt(len(points)))), RADIUS[1])
    return {
        "size": SIZE,
        "radius": radius,
        "hexagons": _hexagons(points, radius),
        "groups": [_outline(points[labels == at]) for at in range(int(labels.max()) + 1)],
    }


def _on_paper(places: Points) -> Points:
    """Into the square, with one scale for both directions; the farthest hundredth is drawn in to the edge."""
    low, high = np.percentile(places, [1, 99], axis=0)
    span = float(max((high - low).max(), 1e-9))
    inside = (1 - 2 * MARGIN) * SIZE
    moved = (np.clip(places, low, high) - (low + high) / 2) * inside / span
    return np.asarray(moved + SIZE / 2, dtype=np.float64)


def _hexagons(points: Points, radius: int) -> list[list[int]]:
    width, height = np.sqrt(3) * radius, 1.5 * radius
    row = np.rint(points[:, 1] / height)
    shift = (row % 2) * width / 2
    column = np.rint((points[:, 0] - shift) / width)
    cells, people = np.unique(np.column_stack([row, column]), axis=0, return_counts=True)
    return [
        [round(at[1] * width + (at[0] % 2) * width / 2), round(at[0] * height), _shade(int(number))]
        for at, number in zip(cells, people, strict=True)
        if number >= FLOOR
    ]


def _shade(people: int) -> int:
    return sum(people >= step for step in STEPS) - 1


def _outline(points: Points) -> list[int]:
    centre = points.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(points.T))
    long, short = (max(RADIUS[0], REACH * float(np.sqrt(max(value, 0)))) for value in values[::-1])
    angle = np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1])) % 180
    return [round(centre[0]), round(centre[1]), round(long), round(short), round(angle)]
