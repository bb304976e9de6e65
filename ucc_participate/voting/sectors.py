"""Sectors that decide: small ones are put together before the vote opens, so that no ballot says who cast it."""

from __future__ import annotations

from collections.abc import Mapping

from ..vocabularies.uccn import Sector

FLOOR = 10
"""The fewest voters of a sector whose ballots may be told apart."""
JOINT = "+"


def counted_as(sector: Sector | None) -> Sector:
    """Who named no sector votes as one of civil society."""
    return sector or Sector.CIVIL_SOCIETY


def grouped(sizes: Mapping[Sector, int], *, floor: int = FLOOR) -> dict[Sector, str]:
    """The group of each sector: those under ``floor`` voters go together with the next smallest, again and again.

    A sector without voters is in a group too: somebody of it may be added later. Equal sizes: in the order of Sector.
    """
    groups: list[tuple[tuple[Sector, ...], int]] = [((sector,), sizes.get(sector, 0)) for sector in Sector]
    while len(groups) > 1:
        groups.sort(key=lambda group: (group[1], [*Sector].index(group[0][0])))
        if groups[0][1] >= floor:
            break
        (small, few), (next_small, more), *rest = groups
        groups = [(tuple(sorted({*small, *next_small}, key=[*Sector].index)), few + more), *rest]
    return {sector: JOINT.join(part.value for part in members) for members, _size in groups for sector in members}
