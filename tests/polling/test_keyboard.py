"""What a clerk types means the same as what stands on the paper, for every kind of ballot."""

from __future__ import annotations

from typing import Any

import pytest

from ucc_participate.kernel.errors import Invalid
from ucc_participate.polling.forms import Marked, marks_from
from ucc_participate.polling.keyboard import read_paper, written
from ucc_participate.polling.models import Invalidity
from ucc_participate.voting.building import Marks, marks_of
from ucc_participate.voting.models import Vote, VoteOption


def vote_of(ballot: str, **rules: Any) -> Vote:
    """A vote over five options, A to E, as it lies in memory."""
    options = [VoteOption(position=at, code=code, title=code, cost=100) for at, code in enumerate("ABCDE")]
    facts = {"ballot": ballot, "min_choices": 1, "max_choices": None, "budget": 250, "currency": "IRR"}
    return Vote(public_id="v", rules=facts | rules, options=options)


@pytest.mark.parametrize(
    ("ballot", "rules", "typed", "codes", "points"),
    [
        ("approval", {}, "3 1", ("A", "C"), None),
        ("approval", {}, "۳، ۱", ("A", "C"), None),
        ("approval", {}, "0", (), None),
        ("choose", {"max_choices": 1}, "5", ("E",), None),
        ("knapsack", {}, "1 2", ("A", "B"), None),
        ("ranked", {}, "3>1 > 5", ("C", "A", "E"), None),
        ("ranked", {}, "٣ ۱", ("C", "A"), None),
        ("score", {"max_points": 5}, "3:5 1: 0", ("A", "C"), (0, 5)),
        ("score", {"max_points": 5}, "۳=۵", ("C",), (5,)),
        ("cumulative", {"sum_points": 6}, "1:4 2:2", ("A", "B"), (4, 2)),
        ("yesno", {}, "1+ 3- 5 +", ("A", "C", "E"), (1, 0, 1)),
        ("yesno", {}, "0", (), ()),
    ],
)
def test_a_typed_paper_says(ballot, rules, typed, codes, points):
    vote = vote_of(ballot, **rules)
    read = read_paper(vote, typed)
    assert read.choices is not None
    assert marks_of(vote, read.choices) == Marks(codes, points)
    assert read_paper(vote, written(vote, read.choices)).choices == read.choices


@pytest.mark.parametrize(
    ("ballot", "rules", "typed", "words"),
    [
        ("approval", {}, "6", "no option"),
        ("approval", {}, "1 1", "twice"),
        ("approval", {}, "1>2", "Type the numbers"),
        ("approval", {}, "one", "Type the numbers"),
        ("approval", {"max_choices": 2}, "1 2 3", "at most"),
        ("knapsack", {}, "1 2 3", "budget"),
        ("ranked", {}, "1>1", "twice"),
        ("score", {"max_points": 5}, "1:6", "cannot get"),
        ("score", {"max_points": 5}, "1", "number and points"),
        ("score", {"max_points": 5}, "1:2 1:3", "twice"),
        ("cumulative", {"sum_points": 6}, "1:4 2:3", "You gave"),
        ("yesno", {}, "1", "yes"),
    ],
)
def test_what_no_paper_can_say_is_refused_in_words(ballot, rules, typed, words):
    with pytest.raises(Invalid) as refusal:
        read_paper(vote_of(ballot, **rules), typed)
    assert words in str(refusal.value.reason)


@pytest.mark.parametrize(("typed", "why"), [("xu", Invalidity.UNCLEAR), ("X s", Invalidity.SURPLUS)])
def test_a_paper_that_cannot_be_counted_has_a_reason(typed, why):
    read = read_paper(vote_of("approval"), typed)
    assert (read.choices, read.invalid) == (None, why)


@pytest.mark.parametrize(
    ("ballot", "sent", "marks"),
    [
        ("approval", Marked(("A", "C"), {}), Marks(("A", "C"))),
        ("ranked", Marked((), {"A": "2", "C": "1"}), Marks(("C", "A"))),
        ("score", Marked((), {"A": "2", "C": "0"}), Marks(("A", "C"), (2, 0))),
        ("cumulative", Marked((), {"A": "2", "C": "0"}), Marks(("A",), (2,))),
        ("yesno", Marked((), {"A": "1", "C": "0"}), Marks(("A", "C"), (1, 0))),
        ("yesno", Marked((), {}), Marks((), ())),
    ],
)
def test_a_ballot_marked_at_a_kiosk_says(ballot, sent, marks):
    assert marks_from(vote_of(ballot), sent) == marks


@pytest.mark.parametrize(
    ("ballot", "values"), [("ranked", {"A": "1", "C": "1"}), ("score", {"A": "two"}), ("score", {"A": "-1"})]
)
def test_a_ballot_that_says_nothing_clear_is_given_back(ballot, values):
    with pytest.raises(Invalid):
        marks_from(vote_of(ballot), Marked((), values))
