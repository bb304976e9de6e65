"""The rule of a city as a rules object of ours, or the sentences that say where the two differ."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from ..rules import Election, Option, RulesError, validate_rules
from ..rules.equal_shares import MOST_STEPS
from ..rules.schema import complete
from ..rules.values import require_valid
from .files import PabulibFile

UNKNOWN_CURRENCY = "XXX"
"""ISO 4217 for “no currency”."""
SENTINEL_COST = 999_999_999
"""The price, in major units, by which cities keep a project that was withdrawn from being chosen."""
DIVIDED = {"budget_per_category": "categories", "budget_per_neighborhood": "neighborhoods"}
"""Keys of META that divide the budget, with those that name its parts."""
GREEDY = ("greedy", "greedy-threshold", "greedy-no-skip", "greedy-exclusive")
SHARES: Mapping[str, tuple[bool, bool]] = {
    "equalshares": (False, False),
    "equalshares/add1": (True, False),
    "equalshares-comparison": (False, True),
    "equalshares/add1-comparison": (True, True),
}
"""Rules of Equal Shares: whether shares are raised step by step, and whether the greedy outcome is compared."""
OWN_RULES = "Rules of the vote by docs/record-format.md: "
_OWN = re.compile(r"(?:^|\s)#\d+: " + re.escape(OWN_RULES) + r"(\{.*?\})(?=\s#\d+: |$)")
_MOST_VOTES = _l("Here the projects with the most votes are taken as long as the budget lasts.")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a count here may choose other projects than the city. ``key``: of META."""

    key: str
    text: Any


@dataclass(frozen=True, slots=True)
class Mapped:
    """Our rules for a city's vote. ``is_own``: the file was written here and holds the rules object."""

    rules: dict[str, Any]
    reasons: tuple[Reason, ...]
    is_own: bool = False


def election_of(file: PabulibFile, *, vote_ref: str) -> Election:
    """The election that the file describes; ties that the rule leaves open fall to the project that comes first.

    ``reasons`` says where the city counts in another way.
    """
    return Election(vote_ref, file.meta["description"], "individual", mapped(file).rules, options_of(file))


def reasons(file: PabulibFile) -> tuple[Reason, ...]:
    """In sentences, why the count here may choose other projects than the city; none where it is the city's rule."""
    return mapped(file).reasons


def options_of(file: PabulibFile) -> tuple[Option, ...]:
    return tuple(Option(project.code, project.title, project.cost) for project in file.projects)


def mapped(file: PabulibFile) -> Mapped:
    """The rules, checked; without the parts of the budget where they cannot be had."""
    options, own = options_of(file), _own(file)
    if own is not None:
        return Mapped(own, (), is_own=True)
    rules, found = _rules(file), list(_reasons(file))
    envelopes, why_not = _envelopes(file)
    found += why_not
    try:
        return Mapped(validate_rules(rules | {"envelopes": envelopes}, options), tuple(found))
    except RulesError:
        found.append(Reason(_divider(file) or "rule", _l("The city divides its budget. Here it is spent as one.")))
        return Mapped(validate_rules(rules, options), tuple(found))


def _rules(file: PabulibFile) -> dict[str, Any]:
    rule = file.meta["rule"]
    common = {
        **file.ballot_rules,
        "budget": file.budget,
        "currency": file.meta.get("currency") or UNKNOWN_CURRENCY,
        "scale": file.scale,
        "threshold": int(file.meta.get("min_project_score_threshold") or 0),
    }
    if rule in SHARES:
        return {**common, **_shares(file, *SHARES[rule])}
    exclusive = {"exclusive": groups} if (groups := exclusive_groups(file)) else {}
    return {**common, "method": "greedy", "skip": not _stops(file), "tie": "option_order", **exclusive}


def _shares(file: PabulibFile, has_steps: bool, is_compared: bool) -> dict[str, Any]:
    """Equal Shares: ballots of sets by cost, points as they are."""
    kind = file.ballot_rules["ballot"]
    steps = {"completion": "add1", "increment": increment(file)} if has_steps else {}
    by_cost = kind in ("approval", "choose", "knapsack")
    satisfaction = "cost" if by_cost else "cardinality"
    compared = {"comparison": True} if is_compared else {}
    return {"method": "equal_shares", "tie": "cost_then_order", "satisfaction": satisfaction, **steps, **compared}


def increment(file: PabulibFile) -> int:
    """One unit of the currency, or the smallest step with which a count ends in time."""
    return max(file.scale, -(-file.budget // MOST_STEPS))


def _stops(file: PabulibFile) -> bool:
    """Whether the first project that does not fit ends the count."""
    return file.meta["rule"] == "greedy-no-skip" or is_poznan(file)


def is_poznan(file: PabulibFile) -> bool:
    return (file.meta["rule"], file.meta["unit"]) == ("greedy-custom", "Poznań")


def _reasons(file: PabulibFile) -> Iterator[Reason]:
    meta, rule = file.meta, file.meta["rule"]
    if rule not in SHARES and rule not in GREEDY:
        yield Reason("rule", _other_rule(file))
    if rule == "greedy-exclusive" and not exclusive_groups(file):
        yield Reason("rule", _l("The file does not say which projects exclude each other: none do here."))
    if rule in SHARES and SHARES[rule][0] and increment(file) != file.scale:
        text = _l("Shares are raised by a millionth of the budget at a time instead of 1.")
        yield Reason("rule", text)
    if (meta.get("default_score") or "0").strip("0.-") != "":
        yield Reason("default_score", _l("A project that a vote does not name gets no points here."))
    if meta.get("leftover_budget") and not (_divider(file) and _flows_back(file)):
        yield Reason("leftover_budget", _l("What the city does with money that is left is not done here."))


def _other_rule(file: PabulibFile) -> Any:
    rule = file.meta["rule"]
    if is_poznan(file):
        return _l(
            "Poznań also funds the first project that does not fit when four fifths of its cost are left, which is not "
            "done here."
        )
    if rule == "unknown":
        return _l("The file does not name the city’s rule. %(here)s", here=_MOST_VOTES)
    if rule == "greedy-custom":
        return _l("The city has a rule of its own, which the file tells in words at most. %(here)s", here=_MOST_VOTES)
    return _l("The city’s rule “%(rule)s” is not known here. %(here)s", rule=rule[:80], here=_MOST_VOTES)


def exclusive_groups(file: PabulibFile) -> list[list[str]]:
    """Projects of which one is chosen at most, where a column ``exclusive`` of PROJECTS names their group."""
    groups: dict[str, list[str]] = {}
    for project in file.projects:
        for name in filter(None, map(str.strip, project.fields.get("exclusive", "").split(","))):
            groups.setdefault(name, []).append(project.code)
    return [members for members in groups.values() if len(members) > 1]


# Envelopes


def _divider(file: PabulibFile) -> str | None:
    """The key of META that divides the budget."""
    return next((key for key in DIVIDED if file.meta.get(key)), None)


def _envelopes(file: PabulibFile) -> tuple[list[dict[str, Any]], list[Reason]]:
    """The parts of the budget; where counting would stop at it, a part without money for withdrawn projects."""
    withdrawn = [project.code for project in file.projects if project.cost == SENTINEL_COST * file.scale]
    found: list[dict[str, Any]] = []
    if withdrawn and _stops(file):
        found.append(_envelope("withdrawn", {"en": "Withdrawn"}, withdrawn, 0))
    key = _divider(file)
    if key is None:
        return found, []
    if file.meta["rule"] in SHARES and SHARES[file.meta["rule"]][1]:
        return found, [Reason(key, _l("The city divides its budget. Here it is spent as one."))]
    parts = _parts(file, key, frozenset(withdrawn) if found else frozenset())
    if parts is None:
        text = _l("The city divides its budget, and the file does not say into which part each project falls.")
        return found, [Reason(key, text)]
    return found + parts, []


def _parts(file: PabulibFile, key: str, without: frozenset[str]) -> list[dict[str, Any]] | None:
    """One envelope for each part; None where a project is in none or in several."""
    names = [name.strip() for name in file.meta.get(DIVIDED[key], "").split(",") if name.strip()]
    shares = file.shares.get(key, ())
    if not names or len(names) != len(shares):
        return None
    members: dict[str, list[str]] = {name: [] for name in names}
    for project in file.projects:
        own = project.categories if key == "budget_per_category" else (project.fields.get("neighborhood", ""),)
        if len(own) != 1 or own[0] not in members:
            return None
        if project.code not in without:
            members[own[0]].append(project.code)
    reserve = _flows_back(file)
    return [
        _envelope(f"part-{at}", {"en": name}, members[name], money, reserve=reserve)
        for at, (name, money) in enumerate(zip(names, shares, strict=True), start=1)
        if members[name]
    ]


def _envelope(
    name: str, title: dict[str, str], codes: list[str], money: int, *, reserve: bool = False
) -> dict[str, Any]:
    return {"id": name, "title": title, "options": codes, "budget": money, "winners": None, "reserve": reserve}


def _flows_back(file: PabulibFile) -> bool:
    """Whether what a part leaves pays for further projects of all parts, as Amsterdam words it."""
    return re.match(r"fund additional projects\b", file.meta.get("leftover_budget", ""), re.IGNORECASE) is not None


# Our own files


def _own(file: PabulibFile) -> dict[str, Any] | None:
    """The rules object that a file written here has in its comment, if it fits the file."""
    match = _OWN.search(file.meta.get("comment", ""))
    try:
        rules = json.loads(match[1]) if match else None
        if not isinstance(rules, dict) or rules.get("scale", 1) != file.scale:
            return None
        checked = validate_rules(rules, options_of(file))
        require_valid(file.votes.ballots, Election("vote/own", "", "individual", complete(checked), options_of(file)))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return checked if checked["budget"] in (None, file.budget) else None


def own_scale(meta: Mapping[str, str]) -> int:
    """Minor units to the major one by the rules object in a comment of ours; 1 where there is none."""
    match = _OWN.search(meta.get("comment", ""))
    scale = re.search(r'"scale":(10{1,3})\b', match[1]) if match else None
    return int(scale[1]) if scale else 1


def has_own_ranking(meta: Mapping[str, str]) -> bool:
    """Whether a comment of ours says that the votes are rankings."""
    match = _OWN.search(meta.get("comment", ""))
    return match is not None and '"ballot":"ranked"' in match[1]
