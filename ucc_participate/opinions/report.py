"""A result as the page tells it: what almost everybody accepts, what divides, what each group stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .floors import FLOOR
from .models import Statement

MOST_ACCEPTED: Final = 8
MOST_DIVIDING: Final = 5
DIVIDES: Final = 250
"""Groups are apart on a statement when their shares of agreement differ by so many thousandths."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with its numbers; ``statement`` None when it is not shown any more."""

    numbers: Row
    statement: Statement | None


@dataclass(frozen=True, slots=True)
class Portrait:
    """A group: ``place`` from 1, ``people`` None when that may not be told; ``typical``: (statement, agrees, in it)."""

    place: int
    name: str
    people: int | None
    typical: list[tuple[Said, bool, list[int] | None]]


@dataclass(frozen=True, slots=True)
class Report:
    """``ranked``: every statement, what all groups and all sectors accept first, then by consensus.

    ``ungrouped``: how many have answered too little to stand in a group; None where that may not be told.
    """

    result: Row
    accepted: list[Said]
    dividing: list[Said]
    portraits: list[Portrait]
    ranked: list[Said]
    sectors: list[str]
    ungrouped: int | None = None


def numbers_in(result: Row) -> list[int]:
    return [row["number"] for row in result.get("statements", [])]


def make(result: Row, statements: Mapping[int, Statement]) -> Report:
    ranked = [_said(row, statements) for row in sorted(result.get("statements", []), key=_rank)]
    readable = [said for said in ranked if said.statement is not None]
    apart = sorted(readable, key=lambda said: (-said.numbers["spread"], said.numbers["number"]))
    return Report(
        result,
        [said for said in readable if said.numbers["is_accepted"]][:MOST_ACCEPTED],
        [said for said in apart if said.numbers["spread"] >= DIVIDES][:MOST_DIVIDING],
        list(_portraits(result, {said.numbers["number"]: said for said in ranked})),
        ranked,
        [name for name, people in result.get("sectors", {}).items() if people != 0],
        _ungrouped(result),
    )


def _ungrouped(result: Row) -> int | None:
    """Nothing of fewer than five people, and nothing from which the size of a group that is not told would follow."""
    sizes = [group["people"] for group in result.get("groups", [])]
    if not sizes or None in sizes:
        return None
    found: int = result["people"] - sum(sizes)
    return found if found >= FLOOR else None


def _said(row: Row, statements: Mapping[int, Statement]) -> Said:
    found = statements.get(row["number"])
    return Said(row, found if found is not None and found.is_shown else None)


def _rank(row: Row) -> tuple[bool, int, int]:
    both = (row["consensus"] if row["consensus"] is not None else 1000) * row["sector_consensus"]
    return not row["is_accepted"], -both, row["number"]


def _portraits(result: Row, said: Mapping[int, Said]) -> Iterator[Portrait]:
    for place, group in enumerate(result.get("groups", []), 1):
        typical = [
            (said[each["number"]], each["agrees"], said[each["number"]].numbers["groups"].get(group["name"]))
            for each in group["typical"]
            if said[each["number"]].statement is not None
        ]
        yield Portrait(place, group["name"], group["people"], typical)


def csv_rows(report: Report, sides: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Exactly what the page shows, a row a statement; "<5" where fewer than five people are behind a number."""
    groups = [group["name"] for group in report.result.get("groups", [])]
    head = [
        "number",
        "statement",
        "agree",
        "disagree",
        "pass",
        "accepted_by_all",
        "group_consensus",
        "sector_consensus",
    ]
    columns = [f"group {place} {word}" for place in range(1, len(groups) + 1) for word in ("agree %", "disagree %")]
    columns += [f"{side} {word}" for side in report.sectors for word in ("agree %", "disagree %")]
    yield [*head, *columns]
    for said in report.ranked:
        yield _csv_row(said, groups, report.sectors)


def _csv_row(said: Said, groups: Sequence[str], sectors: Sequence[str]) -> list[Any]:
    row = said.numbers
    told = [_told(row[name]) for name in ("agrees", "disagrees", "passes")]
    accepted = "yes" if row["is_accepted"] else "no"
    figures = ["" if row[name] is None else row[name] / 1000 for name in ("consensus", "sector_consensus")]
    shares = [*_shares(row["groups"], groups), *_shares(row["sectors"], sectors)]
    return [row["number"], said.statement.text if said.statement else "", *told, accepted, *figures, *shares]


def _shares(cells: Mapping[str, list[int] | None], names: Iterable[str]) -> Iterator[Any]:
    for name in names:
        cell = cells.get(name)
        yield from ("<5", "<5") if cell is None else cell


def _told(number: int | None) -> Any:
    return "<5" if number is None else number
