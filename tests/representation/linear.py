"""Linear programming in exact fractions: how small and how great a variable can be under what is known.

Two-phase simplex with Bland's rule; made for a few dozen variables. No solver is among the project's libraries.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction

Row = list[Fraction]
Known = tuple[Mapping[Hashable, int], int]
"""Coefficients by variable, and the sum that they have."""


class Impossible(ValueError):
    """No values satisfy everything that is said to be known."""


class Polytope:
    """All nonnegative values with ``equal`` sums exactly so, and ``most`` sums no greater than said."""

    def __init__(self, equal: Sequence[Known], most: Sequence[Known]) -> None:
        names = {name: None for row, _ in [*equal, *most] for name in row}
        self.columns = {name: place for place, name in enumerate(names)}
        width = len(self.columns) + len(most)
        rows: list[Row] = []
        for number, (coefficients, total) in enumerate([*most, *equal]):
            row = [Fraction(0)] * width + [Fraction(total)]
            for name, factor in coefficients.items():
                row[self.columns[name]] += factor
            if number < len(most):
                row[len(self.columns) + number] = Fraction(1)
            rows.append([-cell for cell in row] if total < 0 else row)
        self.width = width
        self.rows, self.basis = _feasible(rows, width)

    def interval(self, variable: Mapping[Hashable, int]) -> tuple[Fraction, Fraction | None]:
        """Least and greatest value of a sum of variables; None where it has no bound above."""
        goal = [Fraction(0)] * self.width
        for name, factor in variable.items():
            goal[self.columns[name]] += factor
        low = _least([*map(list, self.rows)], [*self.basis], goal)
        high = _least([*map(list, self.rows)], [*self.basis], [-cell for cell in goal])
        assert low is not None
        return low, None if high is None else -high


def _feasible(rows: list[Row], width: int) -> tuple[list[Row], list[int]]:
    """A first corner: every row gets a helper variable, and their sum is brought to nothing."""
    count = len(rows)
    helped = [row[:-1] + [Fraction(int(n == m)) for m in range(count)] + row[-1:] for n, row in enumerate(rows)]
    basis = [width + n for n in range(count)]
    left = _least(helped, basis, [Fraction(0)] * width + [Fraction(1)] * count)
    if left != 0:
        raise Impossible
    kept_rows, kept_basis = [], []
    for n, row in enumerate(helped):
        if basis[n] >= width:
            place = next((at for at in range(width) if row[at]), None)
            if place is None:
                continue
            _pivot(helped, basis, n, place)
    for n, row in enumerate(helped):
        if basis[n] < width:
            kept_rows.append(row[:width] + row[-1:])
            kept_basis.append(basis[n])
    return kept_rows, kept_basis


def _least(rows: list[Row], basis: list[int], goal: Row) -> Fraction | None:
    """The least value of the goal from this corner on; None when there is none. Changes rows and basis."""
    costs = [*goal, Fraction(0)]
    for n, place in enumerate(basis):
        if goal[place]:
            costs = [cost - goal[place] * cell for cost, cell in zip(costs, rows[n], strict=True)]
    while (entering := next((at for at, cost in enumerate(costs[:-1]) if cost < 0), None)) is not None:
        ratios = [(row[-1] / row[entering], basis[n], n) for n, row in enumerate(rows) if row[entering] > 0]
        if not ratios:
            return None
        leaving = min(ratios)[2]
        _pivot(rows, basis, leaving, entering)
        factor = costs[entering]
        costs = [cost - factor * cell for cost, cell in zip(costs, rows[leaving], strict=True)]
    return -costs[-1]


def _pivot(rows: list[Row], basis: list[int], leaving: int, entering: int) -> None:
    factor = rows[leaving][entering]
    pivot = rows[leaving] = [cell / factor if cell else cell for cell in rows[leaving]]
    used = [at for at, cell in enumerate(pivot) if cell]
    for n, row in enumerate(rows):
        if n != leaving and row[entering]:
            times = row[entering]
            for at in used:
                row[at] -= times * pivot[at]
    basis[leaving] = entering
