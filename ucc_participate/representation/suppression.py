"""Small cells of a published row of counts: hidden, together with what would give them away."""

from __future__ import annotations

from collections.abc import Mapping

FLOOR = 5


def suppress(cells: Mapping[str, int], *, floor: int = FLOOR) -> dict[str, int | None]:
    """Hide counts from 1 to ``floor - 1``; the row's total stays public, so a lone hidden cell takes others with it.

    ``cells``: disjoint groups that add up to the published total. Zero is published: it names nobody. Cells are hidden
    from the smallest upwards until at least two are hidden and they hold at least ``floor`` people together.
    """
    hidden = {name for name, count in cells.items() if 0 < count < floor}
    if not hidden:
        return dict(cells)
    for name in sorted(
        (name for name in cells if name not in hidden), key=lambda name: (cells[name] == 0, cells[name])
    ):
        if len(hidden) >= 2 and sum(cells[other] for other in hidden) >= floor:
            break
        hidden.add(name)
    return {name: None if name in hidden else count for name, count in cells.items()}
