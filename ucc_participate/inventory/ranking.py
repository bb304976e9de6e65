"""Which needs matter most: choices are counted, and nothing is told of fewer people than the smallest group (rule B1).

A count is published whole, once at least ``floor`` choices are new or changed since the last one: who compares two
publications learns only what so many people did together. Figures by sector stand beside it where in every sector
nobody or at least ``floor`` changed something since such figures were last told. A number from 1 to ``floor`` - 1 is
hidden, and where it alone is hidden in its row, the next smallest too: otherwise it would be the rest of the total.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

UNSAID = "unsaid"
"""The sector of residents who have not said one."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One choice. ``sector``: id or None; ``needs``: public ids, none: taken back."""

    sector: str | None
    needs: tuple[str, ...]
    is_untold: bool = True
    is_untold_by_sector: bool = True

    @property
    def group(self) -> str:
        return self.sector or UNSAID


def may_tell(choices: Iterable[Chosen], floor: int) -> bool:
    """Whether enough is new since the last publication, and enough people have chosen at all."""
    known = list(choices)
    return sum(each.is_untold for each in known) >= floor and sum(bool(each.needs) for each in known) >= floor


def may_tell_sectors(choices: Iterable[Chosen], floor: int) -> bool:
    """Whether every sector has nobody or enough people, of whom nobody or enough changed something."""
    known = list(choices)
    sizes = Counter(each.group for each in known if each.needs)
    changes = Counter(each.group for each in known if each.is_untold_by_sector)
    return all(count >= floor for count in [*sizes.values(), *changes.values()])


def count(choices: Sequence[Chosen], needs: Iterable[str], *, floor: int) -> dict[str, Any]:
    """What is published: ``voices``, ``needs`` from the most chosen on, ``sectors`` (or None).

    ``needs``: public ids on the list, in its order; numbers below the floor are None.
    """
    voices = [each for each in choices if each.needs]
    with_sectors = may_tell_sectors(choices, floor)
    groups = sorted({each.group for each in voices}) if with_sectors else []
    rows = [_row(need, voices, groups, floor) for need in needs]
    rows.sort(key=lambda row: -(row["chosen"] or 0))
    sizes = Counter(each.group for each in voices)
    return {
        "voices": len(voices),
        "needs": rows,
        "sectors": {group: sizes[group] for group in groups} if with_sectors else None,
    }


def _row(need: str, voices: Sequence[Chosen], groups: Sequence[str], floor: int) -> dict[str, Any]:
    chosen = Counter(each.group for each in voices if need in each.needs)
    total = sum(chosen.values())
    shown = total if total == 0 or total >= floor else None
    row: dict[str, Any] = {"need": f"inventory/{need}", "chosen": shown}
    if groups:
        row["sectors"] = hide({group: chosen[group] for group in groups}, floor)
    return row


def hide(cells: Mapping[str, int], floor: int) -> dict[str, int | None]:
    """The cells of a row whose sum is public, None for those that stay hidden: none of them can be worked out."""
    small = {name for name, number in cells.items() if 0 < number < floor}
    others = sorted((number, name) for name, number in cells.items() if name not in small and number)
    if len(small) == 1 and others:
        small.add(others[0][1])
    return {name: None if name in small else number for name, number in cells.items()}
