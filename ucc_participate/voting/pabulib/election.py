"""The rules of a city's vote as an election of ours."""

from __future__ import annotations

from typing import Any

from ..rules import Election, Option, validate_rules
from .files import PabulibFile

UNKNOWN_CURRENCY = "XXX"
"""ISO 4217 for “no currency”."""


def election_of(file: PabulibFile, *, vote_ref: str) -> Election:
    """The election that the file describes, ties in the order of the file.

    A city's own rule outside PLAIN_GREEDY is counted greedily all the same, for information.
    """
    options = tuple(Option(project.code, project.title, project.cost) for project in file.projects)
    rules = validate_rules(_rules(file), options)
    return Election(vote_ref, file.meta["description"], "individual", rules, options)


def _rules(file: PabulibFile) -> dict[str, Any]:
    most = _number(file, "max_length")
    single = file.meta["vote_type"] == "choose-1"
    return {
        "method": "greedy",
        "ballot": "choose" if single else "approval",
        "min_choices": 1 if single else max(1, _number(file, "min_length") or 1),
        "max_choices": 1 if single else most,
        "budget": file.budget,
        "currency": file.meta.get("currency") or UNKNOWN_CURRENCY,
        "scale": file.scale,
        "skip": file.meta["rule"] != "greedy-no-skip",
        "threshold": _number(file, "min_project_score_threshold") or 0,
        "tie": "option_order",
    }


def _number(file: PabulibFile, key: str) -> int | None:
    return int(file.meta[key]) if file.meta.get(key) else None
