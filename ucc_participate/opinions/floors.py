"""What may be said of groups of people without saying it of a few: nobody sees a number of fewer than ``FLOOR``.

A group that is hidden must not follow from the others and the whole either, so a second one is hidden with it until
the hidden ones are together at least ``FLOOR`` (docs/decisions/0021).
"""

from __future__ import annotations

from collections.abc import Mapping

FLOOR = 5
COARSE_BELOW = 100
"""Shares of fewer answers than this are rounded to steps of ``STEP`` per cent: no exact count follows from them."""
STEP = 5


def shown(cells: Mapping[str, int], *, floor: int = FLOOR) -> dict[str, int | None]:
    """Disjoint groups that make up a whole that everybody knows: counts, None where hidden. Nothing is no secret."""
    hidden = {name for name, people in cells.items() if 0 < people < floor}
    while hidden and (len(hidden) == 1 or sum(cells[name] for name in hidden) < floor):
        others = [name for name, people in cells.items() if people and name not in hidden]
        if not others:
            break
        hidden.add(min(others, key=lambda name: (cells[name], name)))
    return {name: None if name in hidden else people for name, people in cells.items()}


def percent(part: int, whole: int) -> int:
    """A share in per cent, in steps of five where the whole is small."""
    step = 1 if whole >= COARSE_BELOW else STEP
    return step * int(100 * part / (step * whole) + 0.5)
