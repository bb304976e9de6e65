"""The published result object: what docs/record-format.md promises of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from ucc_participate.audit import canonical
from ucc_participate.voting import result
from ucc_participate.voting.groups import breakdown
from ucc_participate.voting.rules import BallotSet, Dimension, Election, Option, count, pack, validate_rules

RULES = {"method": "greedy", "ballot": "approval", "budget": 1000, "currency": "EUR", "scale": 100}
OPTIONS = (
    Option("a1", "کتابخانه", 700, "proposal/a1"),
    Option("b2", "Square", 600, "proposal/b2"),
    Option("c3", "Trees", 300, None),
)
ELECTION = Election("vote/v1", "Which first?", "individual", validate_rules(RULES, OPTIONS), OPTIONS)
CHOICES = [[0, 1]] * 12 + [[1]] * 13 + [[0, 2]] * 15 + [[]] * 2
BALLOTS = BallotSet.from_packed(
    [pack(choices) for choices in CHOICES],
    (Dimension.of("sex", ["female", "male"] * 20 + [None] * 2),),
)


def published(vote: Election = ELECTION) -> dict[str, Any]:
    groups = breakdown(BALLOTS, vote, floor=5)
    return result.build(vote, count(BALLOTS, vote), groups, roll=60, ballots=len(BALLOTS), blank=BALLOTS.blank)


def test_the_result_says_who_was_asked_what_was_counted_and_who_won() -> None:
    built = published()
    assert {key: built[key] for key in ("vote", "title", "franchise", "budget", "roll", "ballots", "blank")} == {
        "vote": "vote/v1",
        "title": "Which first?",
        "franchise": "individual",
        "budget": 1000,
        "roll": 60,
        "ballots": 42,
        "blank": 2,
    }
    assert built["counts"] == [
        {"id": "a1", "title": "کتابخانه", "cost": 700, "votes": 27, "rank": 1, "selected": True},
        {"id": "b2", "title": "Square", "cost": 600, "votes": 25, "rank": 2, "selected": False},
        {"id": "c3", "title": "Trees", "cost": 300, "votes": 15, "rank": 3, "selected": True},
    ]
    assert (built["winners"], built["spent"], built["tie_broken"]) == (["a1", "c3"], 1000, False)
    assert [group["group"] for group in built["groups"]] == ["sex:female", "sex:male", "sex:not_stated"]
    assert set(built["groups"][0]) == {"group", "label_id", "voters", "counts"}


def test_the_result_has_exactly_the_members_of_the_format() -> None:
    assert list(published()) == [
        *("vote", "title", "franchise", "rules", "rules_sha256", "budget", "roll", "ballots", "blank"),
        *("counts", "winners", "spent", "tie_broken", "groups"),
    ]


def test_the_same_count_gives_the_same_bytes_and_they_are_canonical_json() -> None:
    first = canonical.dumps(published())
    assert first == canonical.dumps(published())
    assert canonical.parse_strict(first) == published()


def test_the_hash_is_of_the_options_and_the_rules_that_were_announced() -> None:
    announced = {
        "options": [{"id": o.id, "title": o.title, "cost": o.cost, "proposal": o.proposal} for o in OPTIONS],
        "rules": dict(ELECTION.rules),
    }
    text = json.dumps(announced, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert published()["rules_sha256"] == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "changed",
    [
        replace(ELECTION, rules={**ELECTION.rules, "threshold": 1}),
        replace(ELECTION, options=OPTIONS[::-1]),
        replace(ELECTION, options=(replace(OPTIONS[0], cost=701), *OPTIONS[1:])),
        replace(ELECTION, options=(replace(OPTIONS[0], title="Library"), *OPTIONS[1:])),
        replace(ELECTION, options=(replace(OPTIONS[0], proposal=None), *OPTIONS[1:])),
    ],
)
def test_the_hash_changes_with_anything_that_was_announced(changed: Election) -> None:
    assert result.rules_sha256(changed) != result.rules_sha256(ELECTION)


def test_rules_that_leave_their_defaults_out_are_published_in_full() -> None:
    short = replace(ELECTION, rules=RULES)
    assert published(short) == published()


@pytest.mark.parametrize(("roll", "ballots", "blank"), [(41, 42, 2), (60, 42, 43), (60, 42, -1)])
def test_more_ballots_than_voters_is_no_result(roll: int, ballots: int, blank: int) -> None:
    with pytest.raises(ValueError, match="roll"):
        result.build(ELECTION, count(BALLOTS, ELECTION), [], roll=roll, ballots=ballots, blank=blank)
