"""Writing a vote of ours as a `.pb` file that Pabulib's checker accepts.

No attribute of a voter is written, the votes are sorted and numbered afresh, so that neither order nor number leads to
a person; and the same ballots always give the same bytes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, BinaryIO

import numpy as np

from ...audit import canonical
from ..rules import BallotKind, BallotSet, Election, Outcome, schema
from ..rules.ballots import Numbers
from ..rules.values import FIRST_PREFERENCES, values
from .election import OWN_RULES, SHARES
from .kinds import by_length, sums

META_ORDER = (
    *("description", "country", "unit", "district", "subunit", "instance", "num_projects", "num_votes", "budget"),
    *("vote_type", "rule", "date_begin", "date_end", "min_length", "max_length", "min_sum_cost", "max_sum_cost"),
    *("min_points", "max_points", "min_sum_points", "max_sum_points", "default_score", "min_project_cost"),
    *("max_project_cost", "min_project_score_threshold", "neighborhoods", "subdistricts", "categories", "edition"),
    *("language", "currency", "fully_funded", "experimental", "comment", "acknowledgments", "leftover_budget"),
    *("budget_per_category", "budget_per_neighborhood", "min_length_per_category", "max_length_per_category"),
    *("min_sum_cost_per_category", "max_sum_cost_per_category"),
)
GIVEN = ("description", "country", "unit", "instance", "date_begin", "date_end")
PROJECT_ORDER = (
    *("project_id", "cost", "votes", "score", "name", "category", "beneficiaries", "selected", "neighborhood"),
    *("subunit", "district", "description", "proposer", "public_id", "latitude", "longitude"),
)
VOTE_ORDER = (
    *("voter_id", "vote", "points", "age", "sex", "voting_method", "district", "neighborhood", "education"),
    *("topic_preference_transport", "topic_preference_culture", "topic_preference_nature", "district_preference"),
    *("time_taken_seconds", "format_easiness", "format_expressiveness", "format_rank"),
)
BY_VOTES = ("votes", "greedy")
OF_SETS = ("approval", "choose", "knapsack")
_BLOCK = 1 << 16


def write(stream: BinaryIO, election: Election, outcome: Outcome, ballots: BallotSet, meta: Mapping[str, str]) -> None:
    """Write the file as UTF-8 without a byte order mark to an open binary ``stream``.

    ``meta`` gives what an election does not know: description, country (English name), unit, instance, date_begin and
    date_end (dd.mm.yyyy), and optionally the other keys of the format. ValueError names a key that is missing.
    """
    stream.writelines(part.encode() for part in _parts(election, outcome, ballots, meta))


def _parts(election: Election, outcome: Outcome, ballots: BallotSet, meta: Mapping[str, str]) -> Iterator[str]:
    case = replace(election, rules=schema.complete(election.rules))
    points = _points(case, ballots)
    yield "META\nkey;value\n"
    yield from map(row, _meta(case, outcome, ballots, meta).items())
    yield "PROJECTS\n"
    yield from map(row, _projects(case, outcome, ballots, points))
    yield f"VOTES\nvoter_id;vote{'' if points is None else ';points'}\n"
    yield from _votes(case, ballots, points)


def _points(election: Election, ballots: BallotSet) -> Numbers | None:
    """The points of all choices, where others would not get at them by themselves."""
    kind = BallotKind(election.rules["ballot"])
    if not kind.has_points and not kind.is_ranked:
        return None
    if election.rules["method"] in FIRST_PREFERENCES:
        return None
    worth = values(ballots, election)
    if worth is None or (kind.is_ranked and np.array_equal(worth, by_length(ballots))):
        return None
    return worth


def _meta(election: Election, outcome: Outcome, ballots: BallotSet, given: Mapping[str, str]) -> dict[str, str]:
    """META in the checker's order."""
    missing = [key for key in GIVEN if not given.get(key)]
    unknown = sorted(set(given) - set(META_ORDER))
    if missing or unknown:
        raise ValueError(f"meta lacks {missing}, does not know {unknown}")
    found = {**given, **_rule(election, outcome), **_limits(election)}
    found["num_projects"] = str(len(election.options))
    found["num_votes"] = str(len(ballots) - ballots.blank)
    found["comment"] = _comment(election, outcome, ballots, given.get("comment", ""))
    return {key: found[key] for key in META_ORDER if found.get(key)}


def _rule(election: Election, outcome: Outcome) -> dict[str, str]:
    """The budget and how it is spent. Where there is no money it is one unit for each winner."""
    rules = election.rules
    budget = rules["winners"] if rules["budget"] is None else rules["budget"]
    threshold = rules["threshold"]
    return {
        "budget": amount(budget, _scale(election)),
        "rule": rule_of(election, outcome),
        "min_project_score_threshold": str(threshold) if threshold else "",
        "currency": rules["currency"] or "",
        "fully_funded": "1" if sum(_costs(election)) <= budget else "",
    }


def rule_of(election: Election, outcome: Outcome) -> str:
    """The format's name of the rule; ``greedy-custom`` and ``unknown`` where it has none, with ours in the comment."""
    rules = election.rules
    if rules["method"] == "equal_shares":
        return _name_of_shares(election, outcome)
    if rules["method"] not in BY_VOTES:
        return "unknown"
    if rules["per_cost"] or rules["exclusive"] or _is_special(election, outcome):
        return "greedy-custom"
    if not rules["skip"]:
        return "greedy-no-skip"
    return "greedy-threshold" if rules["threshold"] else "greedy"


def _is_special(election: Election, outcome: Outcome) -> bool:
    """Whether something decided that the format has no field for."""
    missed = (outcome.details or {}).get("quorum_missed", False)
    return bool(election.rules["envelopes"] or election.rules["majority"] or missed)


def _name_of_shares(election: Election, outcome: Outcome) -> str:
    """The name where the format's rule gives the same, what was bought at the end with the rest of the money apart."""
    rules, completion = election.rules, election.rules["completion"]
    has_steps = completion in ("add1", "add1u")
    is_plain = rules["ballot"] in OF_SETS and rules["satisfaction"] == "cost" and rules["budget"] is not None
    is_odd = rules["threshold"] or rules["exclusive"] or (has_steps and rules["increment"] != rules["scale"])
    is_mixed = rules["comparison"] and _topped_up(outcome)
    if not is_plain or is_odd or is_mixed or _is_special(election, outcome):
        return "unknown"
    return next(name for name, wants in SHARES.items() if wants == (has_steps, rules["comparison"]))


def _topped_up(outcome: Outcome) -> frozenset[str]:
    """What was bought with the money that was left."""
    rounds = (outcome.details or {}).get("rounds", ())
    return frozenset(option_id for each in rounds for option_id in each.get("topped_up", ()))


def _limits(election: Election) -> dict[str, str]:
    """The ballot: a choice of exactly one has a type of its own."""
    rules, kind = election.rules, BallotKind(election.rules["ballot"])
    least, most = max(1, rules["min_choices"]), rules["max_choices"]
    lengths = {"min_length": str(least), "max_length": str(most) if most else ""}
    if kind is BallotKind.CUMULATIVE:
        cap = rules["max_points"]
        points = {"max_sum_points": str(rules["sum_points"]), "max_points": str(cap) if cap else ""}
        return {"vote_type": "cumulative", **lengths, **points}
    if kind.has_points:
        floor, cap = (0, 1) if kind is BallotKind.YESNO else (rules["min_points"], rules["max_points"])
        return {"vote_type": "scoring", **lengths, "min_points": str(floor), "max_points": str(cap)}
    if kind.is_ranked:
        return {"vote_type": "ordinal", **lengths}
    purse = amount(rules["budget"], _scale(election)) if kind is BallotKind.KNAPSACK else ""
    return {"vote_type": "choose-1" if most == 1 else "approval", **lengths, "max_sum_cost": purse}


def _comment(election: Election, outcome: Outcome, ballots: BallotSet, given: str) -> str:
    """Remarks numbered as the format wants them, those of the caller first."""
    remarks = [part.strip() for part in re.split(r"#\d+:", given) if part.strip()]
    if election.rules["budget"] is None:
        remarks.append("No money was voted on: every project costs 1, the budget is the number of winners.")
    if ballots.blank:
        remarks.append(f"Blank ballots left out: {ballots.blank}.")
    if _needs_rules(election, outcome):
        remarks.append(OWN_RULES + canonical.dumps(_own_rules(election)).decode())
    return " ".join(f"#{number}: {remark}" for number, remark in enumerate(remarks, start=1))


def _needs_rules(election: Election, outcome: Outcome) -> bool:
    """Whether the fields of the format alone would not give our rules back."""
    rules, name = election.rules, rule_of(election, outcome)
    if rules["ballot"] not in OF_SETS or name in ("unknown", "greedy-custom"):
        return True
    return rules["method"] == "equal_shares" and rules["completion"] in ("utilitarian", "add1u")


def _own_rules(election: Election) -> dict[str, Any]:
    """The rules object, a lot replaced by the order of the projects in the file."""
    rules = schema.canonical(election.rules)
    rules.pop("lot", None)
    if rules["tie"] == "cost_votes_lot":
        rules["tie"] = "cost_then_order"
    elif rules["tie"] == "lot" or rules["method"] in BY_VOTES:
        rules["tie"] = "option_order"
    if rules["budget"] is None:
        rules.pop("scale", None)
    return rules


def _order(election: Election, outcome: Outcome) -> Sequence[str]:
    """The options so that equal ones stand as the tie rule decided: in counting order, of the ballot, or of the lot."""
    rules, ids = election.rules, [option.id for option in election.options]
    if rules["method"] in BY_VOTES:
        return outcome.order
    if election.lot is None:
        return ids
    if rules["tie"] == "lot":
        return election.lot
    votes, place = dict(zip(ids, outcome.counts, strict=True)), {name: at for at, name in enumerate(election.lot)}
    return sorted(ids, key=lambda name: (-votes[name], place[name]))


def _projects(
    election: Election, outcome: Outcome, ballots: BallotSet, points: Numbers | None
) -> Iterator[Sequence[str]]:
    """The header, and the options in their order."""
    scores = _scores(election, ballots, points)
    yield ("project_id", "cost", "votes", *([] if scores is None else ["score"]), "name", "selected")
    winners, scale = frozenset(outcome.winners), _scale(election)
    extra = frozenset() if rule_of(election, outcome) == "unknown" else _topped_up(outcome)
    facts = zip(election.options, _costs(election), outcome.named or outcome.counts, strict=True)
    rows = {
        option.id: (option.id, amount(cost, scale), str(votes), option.title, _selected(option.id, winners, extra))
        for option, cost, votes in facts
    }
    places = {option.id: at for at, option in enumerate(election.options)}
    for option_id in _order(election, outcome):
        cells = rows[option_id]
        yield cells if scores is None else (*cells[:3], str(scores[places[option_id]]), *cells[3:])


def _selected(option_id: str, winners: frozenset[str], extra: frozenset[str]) -> str:
    """1 what the rule took, 2 what was bought with the rest of the money, 0 the others."""
    if option_id not in winners:
        return "0"
    return "2" if option_id in extra else "1"


def _scores(election: Election, ballots: BallotSet, points: Numbers | None) -> list[int] | None:
    """The points of each option as whoever reads the file counts them."""
    if points is not None:
        return sums(ballots, points, len(election.options))
    if BallotKind(election.rules["ballot"]).is_ranked:
        return sums(ballots, by_length(ballots), len(election.options))
    return None


def _votes(election: Election, ballots: BallotSet, points: Numbers | None) -> Iterator[str]:
    """One line a ballot that is not blank, numbered from 1 in the order of their bytes."""
    ids = [option.id for option in election.options]
    for option_id in ids:
        if not re.fullmatch(r"[^\s,;\"]+", option_id):
            raise ValueError(f"{option_id!r} cannot be an id in a list of projects")
    said = ballots if points is None else replace(ballots, points=points.astype(np.uint16))
    ordered = BallotSet.from_packed(sorted(filter(None, said.to_packed())), has_points=said.points is not None)
    if ordered.points is not None:
        ordered = most_points_first(ordered)
    for first in range(0, len(ordered), _BLOCK):
        yield _lines(ordered, ids, first)


def _lines(ordered: BallotSet, ids: list[str], first: int) -> str:
    """The lines of some ballots."""
    bounds = ordered.offsets[first : first + _BLOCK + 1]
    names = [ids[position] for position in ordered.choices[bounds[0] : bounds[-1]].tolist()]
    spans = list(pairwise((bounds - bounds[0]).tolist()))
    votes = (",".join(names[start:end]) for start, end in spans)
    if ordered.points is None:
        return "".join(f"{voter};{vote}\n" for voter, vote in enumerate(votes, start=first + 1))
    given = list(map(str, ordered.points[bounds[0] : bounds[-1]].tolist()))
    lists = zip(votes, (",".join(given[start:end]) for start, end in spans), strict=True)
    return "".join(f"{voter};{vote};{points}\n" for voter, (vote, points) in enumerate(lists, start=first + 1))


def most_points_first(ballots: BallotSet) -> BallotSet:
    """The same votes, each with its most points first, equal ones as they stand."""
    points = np.asarray(ballots.points, dtype=np.int64)
    owner = np.repeat(np.arange(len(ballots), dtype=np.int64), ballots.lengths)
    order = np.lexsort((-points, owner))
    return replace(ballots, choices=ballots.choices[order], points=points[order].astype(np.uint16))


def _costs(election: Election) -> list[int]:
    if election.rules["budget"] is None:
        return [1] * len(election.options)
    return [option.cost or 0 for option in election.options]


def _scale(election: Election) -> int:
    return 1 if election.rules["budget"] is None else int(election.rules["scale"])


def amount(minor: int, scale: int) -> str:
    """Minor units as major ones with a decimal point, no more decimals than needed."""
    whole, rest = divmod(minor, scale)
    return f"{whole}.{rest:0{len(str(scale)) - 1}d}".rstrip("0") if rest else str(whole)


def row(cells: Iterable[str]) -> str:
    """One line of cells, quoted where they must be, blanks collapsed."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerow(" ".join(cell.split()) for cell in cells)
    return text.getvalue()
