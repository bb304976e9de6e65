"""Writing a vote of ours as a `.pb` file that Pabulib's checker accepts.

No attribute of a voter is written, the votes are sorted and numbered afresh, so that neither order nor number leads to
a person; and the same ballots always give the same bytes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import BinaryIO

from ..rules import BallotSet, Election, Outcome

META_ORDER = (
    "description",
    "country",
    "unit",
    "district",
    "subunit",
    "instance",
    "num_projects",
    "num_votes",
    "budget",
    "vote_type",
    "rule",
    "date_begin",
    "date_end",
    "min_length",
    "max_length",
    "max_sum_cost",
    "min_project_score_threshold",
    "edition",
    "language",
    "currency",
    "fully_funded",
    "comment",
    "acknowledgments",
)
GIVEN = ("description", "country", "unit", "instance", "date_begin", "date_end")
PROJECT_COLUMNS = ("project_id", "cost", "votes", "name", "selected")
_BLOCK = 1 << 16


def write(stream: BinaryIO, election: Election, outcome: Outcome, ballots: BallotSet, meta: Mapping[str, str]) -> None:
    """Write the file as UTF-8 without a byte order mark to an open binary ``stream``.

    ``meta`` gives what an election does not know: description, country (English name), unit, instance, date_begin and
    date_end (dd.mm.yyyy), and optionally the other keys of the format. ValueError names a key that is missing.
    """
    stream.writelines(part.encode() for part in _parts(election, outcome, ballots, meta))


def _parts(election: Election, outcome: Outcome, ballots: BallotSet, meta: Mapping[str, str]) -> Iterator[str]:
    yield "META\nkey;value\n"
    yield from map(_row, _meta(election, ballots, meta).items())
    yield "PROJECTS\n"
    yield _row(PROJECT_COLUMNS)
    yield from map(_row, _projects(election, outcome))
    yield "VOTES\nvoter_id;vote\n"
    yield from _votes(election, ballots)


def _meta(election: Election, ballots: BallotSet, given: Mapping[str, str]) -> dict[str, str]:
    """META in the checker's order."""
    missing = [key for key in GIVEN if not given.get(key)]
    unknown = sorted(set(given) - set(META_ORDER))
    if missing or unknown:
        raise ValueError(f"meta lacks {missing}, does not know {unknown}")
    values = {**given, **_rule(election), **_limits(election)}
    values["num_projects"] = str(len(election.options))
    values["num_votes"] = str(len(ballots) - ballots.blank)
    values["comment"] = _comment(election, ballots, given.get("comment", ""))
    return {key: values[key] for key in META_ORDER if values.get(key)}


def _rule(election: Election) -> dict[str, str]:
    """The budget and how it is spent. A count by votes is greedy with a budget of one unit for each winner."""
    rules = election.rules
    budget = rules["winners"] if rules["method"] == "votes" else rules["budget"]
    threshold = rules.get("threshold", 0)
    with_skip = "greedy-threshold" if threshold else "greedy"
    return {
        "budget": _amount(budget, _scale(election)),
        "rule": with_skip if rules.get("skip", True) else "greedy-no-skip",
        "min_project_score_threshold": str(threshold) if threshold else "",
        "currency": rules.get("currency") or "",
        "fully_funded": "1" if sum(_costs(election)) <= budget else "",
    }


def _limits(election: Election) -> dict[str, str]:
    """The ballot: a choice of exactly one has a type of its own."""
    least, most = max(1, election.rules.get("min_choices", 1)), election.rules.get("max_choices")
    return {
        "vote_type": "choose-1" if most == 1 else "approval",
        "min_length": str(least),
        "max_length": str(most) if most else "",
    }


def _comment(election: Election, ballots: BallotSet, given: str) -> str:
    """Remarks numbered as the format wants them, those of the caller first."""
    remarks = [part.strip() for part in re.split(r"#\d+:", given) if part.strip()]
    if election.rules["method"] == "votes":
        remarks.append("No money was voted on: every project costs 1, the budget is the number of winners.")
    if ballots.blank:
        remarks.append(f"Blank ballots left out: {ballots.blank}.")
    return " ".join(f"#{number}: {remark}" for number, remark in enumerate(remarks, start=1))


def _projects(election: Election, outcome: Outcome) -> Iterator[Sequence[str]]:
    """Options in the order of the count, so that equal numbers of votes stand as the tie rule decided."""
    winners, scale = frozenset(outcome.winners), _scale(election)
    facts = zip(election.options, _costs(election), outcome.counts, strict=True)
    rows = {
        option.id: (option.id, _amount(cost, scale), str(votes), option.title, str(int(option.id in winners)))
        for option, cost, votes in facts
    }
    return (rows[option_id] for option_id in outcome.order)


def _votes(election: Election, ballots: BallotSet) -> Iterator[str]:
    """One line a ballot that is not blank, numbered from 1 in the order of their bytes."""
    ids = [option.id for option in election.options]
    for option_id in ids:
        if not re.fullmatch(r"[^\s,;\"]+", option_id):
            raise ValueError(f"{option_id!r} cannot be an id in a list of projects")
    ordered = BallotSet.from_packed(sorted(filter(None, ballots.to_packed())))
    for first in range(0, len(ordered), _BLOCK):
        bounds = ordered.offsets[first : first + _BLOCK + 1]
        names = [ids[position] for position in ordered.choices[bounds[0] : bounds[-1]].tolist()]
        votes = (",".join(names[start:end]) for start, end in pairwise((bounds - bounds[0]).tolist()))
        yield "".join(f"{voter};{vote}\n" for voter, vote in enumerate(votes, start=first + 1))


def _costs(election: Election) -> list[int]:
    if election.rules["method"] == "votes":
        return [1] * len(election.options)
    return [option.cost or 0 for option in election.options]


def _scale(election: Election) -> int:
    return 1 if election.rules["method"] == "votes" else int(election.rules.get("scale", 1))


def _amount(minor: int, scale: int) -> str:
    """Minor units as major ones with a decimal point, no more decimals than needed."""
    whole, rest = divmod(minor, scale)
    return f"{whole}.{rest:0{len(str(scale)) - 1}d}".rstrip("0") if rest else str(whole)


def _row(cells: Iterable[str]) -> str:
    """One line of cells, quoted where they must be, blanks collapsed."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerow(" ".join(cell.split()) for cell in cells)
    return text.getvalue()
