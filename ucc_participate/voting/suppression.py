"""Which cells of the breakdown are not published, so that nobody learns how a few people voted.

Hidden first (*primary*): 1 to floor - 1 votes; a cell within floor of the whole group ("all of them voted so"); every
cell of a group with fewer than 2 × floor voters, where nothing else is possible. Then further cells, until what can be
concluded (disclosure.py) leaves each primary cell an interval that is ``floor`` wide, or as wide as it is with the
whole dimension hidden. The choice is a function of the counts alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from .disclosure import Cell, Counts, Mask, Table, named_apart
from .rules import BallotSet

TRIES = 24
"""How many ways of protecting one cell are tried before all that tells something about it is hidden."""


def hide(ballots: BallotSet, tables: Sequence[tuple[Counts, Counts]], *, floor: int) -> list[Mask]:
    """For each table (voters of each group; votes as groups × options) a mask of the cells that stay unpublished."""
    if not tables:
        return []
    apart = named_apart(ballots, tables[0][1].shape[1])
    held = np.concatenate(([0], np.cumsum(np.sort(ballots.lengths))))
    return [protect(Table(voters, votes, apart, held), floor) for voters, votes in tables]


def few_voters(voters: Counts, floor: int) -> Mask:
    """The groups of one dimension whose number of voters stays unpublished: 1 to floor - 1 of them, and the smallest
    others until what is hidden together, which follows from all ballots, is two groups and 2 × floor people. Their
    votes stay unpublished too: where everybody names one option, votes add up to voters."""
    hidden = (voters > 0) & (voters < floor)
    if not hidden.any():
        return hidden
    for place in np.argsort(voters, kind="stable").tolist():
        if hidden.sum() >= 2 and voters[hidden].sum() >= 2 * floor:
            break
        hidden[place] = voters[place] > 0
    return hidden


def protect(table: Table, floor: int) -> Mask:
    """The cells of one dimension to hide."""
    sensitive = primary(table, floor)
    hidden = sensitive.copy()
    if not hidden.any():
        return hidden
    need = np.where(sensitive, np.minimum(floor, table.width(table.occupied)), 0)
    _hide_in_columns(table, hidden, need)
    while (weak := np.argwhere((table.width(hidden) < need).T)).size:
        option, group = weak[0].tolist()
        _hide_for(table, hidden, (group, option), int(need[group, option]))
    return hidden


def primary(table: Table, floor: int) -> Mask:
    """Cells that tell about fewer than ``floor`` people by themselves."""
    voters = table.voters[:, np.newaxis]
    few = (table.votes > 0) & (table.votes < floor)
    nearly_all = voters - table.votes < floor
    return (few | nearly_all | (voters < 2 * floor)) & table.occupied


def _hide_in_columns(table: Table, hidden: Mask, need: Counts) -> None:
    """Hide the smallest cells of an option until its hidden ones can stand for each other."""
    votes = table.votes
    for _ in table.voters:
        spare_down = np.where(hidden, votes - table.least, 0)
        spare_up = np.where(hidden, table.most - votes, 0)
        up = np.minimum(spare_up, spare_down.sum(axis=0) - spare_down)
        down = np.minimum(spare_down, spare_up.sum(axis=0) - spare_up)
        shown = table.occupied & ~hidden
        weak = ((up + down < need) & hidden).any(axis=0) & shown.any(axis=0)
        last = votes.max() + 1
        rank = np.where(shown, np.where(votes > 0, votes, last), last + 1)
        hidden[rank.argmin(axis=0)[weak], np.flatnonzero(weak)] = True


def _hide_for(table: Table, hidden: Mask, cell: Cell, need: int) -> None:
    """Hide the cheapest cells that give ``cell`` its width; when no way that is tried does, all that tell of it."""
    for way in islice(_ways(table, hidden, cell), TRIES):
        trial = hidden.copy()
        _hide_all(trial, way)
        if table.width(trial)[cell] >= need:
            hidden[:] = trial
            return
    _hide_all(hidden, _all_that_tell(table, hidden, cell))


def _ways(table: Table, hidden: Mask, cell: Cell) -> Iterator[tuple[Cell, ...]]:
    """Sets of shown cells that may protect ``cell``, cheapest of a kind first.

    One in its own option; one from which a bound of that option's cells follows; two in one other option, of which
    one is in the cell's group.
    """
    group, option = cell
    groups, options = range(table.votes.shape[0]), range(table.votes.shape[1])
    telling = table.telling(hidden, option)
    kinds: tuple[Iterable[Sequence[Cell]], ...] = (
        ([(other, option)] for other in groups),
        ([cell] for cell in telling),
        ([(other, b)] for _, b in telling for other in groups),
        ([(group, b), (other, b)] for b in options for other in groups),
    )
    for kind in kinds:
        ways = {tuple(sorted(corner for corner in way if _is_shown(table, hidden, corner))) for way in kind} - {()}
        yield from sorted(ways, key=lambda way: (sum(int(table.votes[corner]) for corner in way), way))


def _all_that_tell(table: Table, hidden: Mask, cell: Cell) -> list[Cell]:
    """Every shown cell of the option itself and those that bound it; where there is none, the nearest others."""
    group, option = cell
    groups, options = range(table.votes.shape[0]), range(table.votes.shape[1])
    telling = table.telling(hidden, option)
    nearest = (
        [*((other, option) for other in groups), *telling],
        [(other, b) for _, b in telling for other in groups],
        [(group, b) for b in options],
        [(other, b) for other in groups for b in options],
    )
    shown = ([corner for corner in cells if _is_shown(table, hidden, corner)] for cells in nearest)
    return next(cells for cells in shown if cells)


def _is_shown(table: Table, hidden: Mask, cell: Cell) -> bool:
    return bool(table.occupied[cell]) and not hidden[cell]


def _hide_all(hidden: Mask, cells: Iterable[Cell]) -> None:
    for cell in cells:
        hidden[cell] = True
