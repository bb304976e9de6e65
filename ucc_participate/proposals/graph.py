"""What came from what, as a drawing: boxes in columns, the oldest first in the direction of reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from .queries import Family

BOX = (104, 34)
GAP = (72, 10)
EDGE = 2


@dataclass(frozen=True, slots=True)
class Box:
    """A proposal. ``x`` and ``y``: its upper left corner."""

    id: int
    number: int
    x: int
    y: int

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + BOX[0] // 2, self.y + BOX[1] // 2


@dataclass(frozen=True, slots=True)
class Drawing:
    """All in the units of the drawing. ``lines``: the path of each edge."""

    width: int
    height: int
    boxes: list[Box]
    lines: list[str]


def draw(family: Family, *, runs_left: bool) -> Drawing:
    """``runs_left``: the reader's language runs from right to left, and so does the drawing."""
    columns = _columns({member.proposal.id: member.proposal.number or 0 for member in family.members}, family.edges)
    tallest = max(len(column) for column in columns)
    width = len(columns) * (BOX[0] + GAP[0]) - GAP[0] + 2 * EDGE
    height = tallest * (BOX[1] + GAP[1]) - GAP[1] + 2 * EDGE
    boxes = {}
    for at, column in enumerate(columns):
        x = EDGE + at * (BOX[0] + GAP[0])
        top = (height - len(column) * (BOX[1] + GAP[1]) + GAP[1]) // 2
        for place, (known, number) in enumerate(column):
            left = width - x - BOX[0] if runs_left else x
            boxes[known] = Box(known, number, left, top + place * (BOX[1] + GAP[1]))
    lines = [_line(boxes[source], boxes[result], runs_left) for source, result in family.edges]
    return Drawing(width, height, list(boxes.values()), lines)


def _columns(numbers: dict[int, int], edges: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Ids with numbers by generation: each one stands after all that it came from."""
    before = defaultdict(list)
    for source, result in edges:
        before[result].append(source)
    generation: dict[int, int] = {}
    for known in sorted(numbers, key=lambda each: numbers[each]):  # what came of others has a higher number
        generation[known] = max((generation.get(source, 0) + 1 for source in before[known]), default=0)
    columns: list[list[tuple[int, int]]] = [[] for _at in range(max(generation.values(), default=0) + 1)]
    for known, at in generation.items():
        columns[at].append((known, numbers[known]))
    return columns


def _line(source: Box, result: Box, runs_left: bool) -> str:
    """A curve from the end of one box to the beginning of the other."""
    start = source.x if runs_left else source.x + BOX[0]
    end = result.x + BOX[0] if runs_left else result.x
    bend = (start + end) // 2
    return f"M{start} {source.middle[1]}C{bend} {source.middle[1]} {bend} {result.middle[1]} {end} {result.middle[1]}"
