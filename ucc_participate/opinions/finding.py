"""From the answers of a map to its result, named by statements, with what somebody needs to find the same again."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from sqlalchemy.orm import Session

from . import analysis, queries
from .models import OpinionMap

LIBRARIES = ("numpy", "scikit-learn", "scipy")


@dataclass(frozen=True, slots=True)
class Found:
    """A result (JSON; docs/record-format.md §4), and the mark of the answers in which it was found."""

    result: dict[str, Any]
    mark: str


def find(session: Session, opinion_map: OpinionMap) -> Found:
    """Takes seconds of the processor for thousands of people: for jobs and the command line, not for requests."""
    table, numbers = queries.table_of_answers(session, opinion_map)
    mark = queries.mark_of_answers(session, opinion_map)
    return Found(named(analysis.analyse(table, seed=opinion_map.seed), numbers), mark)


def named(found: dict[str, Any], numbers: list[int]) -> dict[str, Any]:
    """The analysis with numbers of statements in place of columns."""
    result = {**found, "libraries": {name: version(name) for name in LIBRARIES}}
    for each in ("groups", "statements"):
        if each in found:
            result[each] = [_numbered(row, numbers) for row in found[each]]
    return result


def _numbered(row: dict[str, Any], numbers: list[int]) -> dict[str, Any]:
    if "typical" in row:
        return {**row, "typical": [_numbered(each, numbers) for each in row["typical"]]}
    return {"number": numbers[row["column"]], **{name: value for name, value in row.items() if name != "column"}}
