"""Why an option was chosen or not, in sentences, by the rules whose votes move or are compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from ...kernel.i18n import lazy_number
from ..rules import meek, scottish

MOST_NAMED = 3
"""So many options are named that most ballots rank above one."""


def reasons(rules: Mapping[str, Any], result: Mapping[str, Any], code: str) -> list[Any]:
    """What the published details say of one option; nothing by other rules, and where the quorum was missed."""
    details = result.get("details") or {}
    place = [line["id"] for line in result["counts"]].index(code)
    if "stages" in details:
        return [_by_stages(rules, details, place, code)]
    if "matrix" in details:
        return _by_pairs(result, details["matrix"], place)
    if "medians" in details:
        return _by_grades(result, details["medians"], place)
    return []


def unit_of(rules: Mapping[str, Any]) -> int:
    """In how many parts STV counts a vote."""
    return meek.UNIT if rules.get("transfer") == "meek" else scottish.UNIT


def votes_in_words(rules: Mapping[str, Any], parts: int) -> Any:
    """Votes of a stage of STV, to two decimals."""
    return lazy_number(round(parts / unit_of(rules), 2))


def _by_stages(rules: Mapping[str, Any], details: Mapping[str, Any], place: int, code: str) -> Any:
    for number, stage in enumerate(details["stages"], start=1):
        facts = {"stage": lazy_number(number), "votes": votes_in_words(rules, stage["votes"][place])}
        quota = votes_in_words(rules, details["quota"])
        if code in stage["elected"] and stage["votes"][place] >= details["quota"]:
            return _l(
                "It reached the quota at stage %(stage)s with %(votes)s votes: %(quota)s are enough.",
                quota=quota,
                **facts,
            )
        if code in stage["elected"]:
            return _l(
                "It was elected at stage %(stage)s with %(votes)s votes: a place was left for everybody who was left.",
                **facts,
            )
        if code in stage["excluded"]:
            return _l(
                "It was left out at stage %(stage)s with %(votes)s votes: of those who were left nobody had fewer.",
                **facts,
            )
    last = details["stages"][-1]["votes"][place]
    return _l("In the end it had %(votes)s votes, when all places were filled.", votes=votes_in_words(rules, last))


def _by_pairs(result: Mapping[str, Any], matrix: list[list[int]], place: int) -> list[Any]:
    """Whom most ballots rank above the option, the clearest first."""
    above = [(row[place] - matrix[place][at], at) for at, row in enumerate(matrix) if row[place] > matrix[place][at]]
    if not above:
        return [_l("There is no option that more ballots rank above it than below it.")]
    return [
        _l(
            "%(more)s ballots rank “%(other)s” above it, %(fewer)s the other way round.",
            more=lazy_number(matrix[at][place]),
            fewer=lazy_number(matrix[place][at]),
            other=result["counts"][at]["title"],
        )
        for _by, at in sorted(above, key=lambda each: (-each[0], each[1]))[:MOST_NAMED]
    ]


def _by_grades(result: Mapping[str, Any], medians: list[int], place: int) -> list[Any]:
    own = _l("Its grade in the middle is %(grade)s.", grade=lazy_number(medians[place]))
    chosen = [median for median, line in zip(medians, result["counts"], strict=True) if line["selected"]]
    if result["counts"][place]["selected"] or not chosen:
        return [own]
    if medians[place] < min(chosen):
        return [own, _l("Every chosen option has at least %(grade)s.", grade=lazy_number(min(chosen)))]
    return [own, _l("A chosen option has the same: between them the grades nearest to the middle decided.")]
