"""The verifier on votes by any rule: honest ones pass whole, each attack is found where it was made."""

from __future__ import annotations

import pytest

from tests.record import attacks_on_votes
from tests.record.attacks import Attack
from tests.record.attacks_on_votes import HONEST, ON_VOTES
from tests.record.held_votes import VOTE, case_of


def places(report):
    return {(failure.check, failure.where) for failure in report.failed}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_vote_is_proved_by_counting_again(name, tmp_path):
    report = case_of(tmp_path, HONEST[name]).verify()
    assert report.failed == []
    number = len(HONEST[name].ballots)
    assert f"Counting {number} ballots of {VOTE} again gives the published result." in report.proved


@pytest.mark.parametrize("attack", ON_VOTES, ids=lambda attack: attack.name)
def test_an_attack_on_a_vote_is_found_where_it_was_made(attack: Attack, tmp_path):
    report = attack.build(tmp_path).verify()
    assert places(report) == attack.found, report.failed


def test_an_organisation_with_the_weight_of_the_roll_is_counted_so_often(tmp_path):
    report = attacks_on_votes.an_organisation_weighs_what_the_roll_says(tmp_path).verify()
    assert report.failed == []
    assert "The ballots of vote/v2 have the weights of its roll." in report.proved


@pytest.mark.parametrize(
    ("name", "proved"),
    [
        ("lot", f"The lot of {VOTE} follows from its seal, the public value and all ballots."),
        ("paper", f"2 ballots of {VOTE} from boxes are no more than slots that voted on paper."),
        ("double majority", f"The sectors that decide {VOTE} were fixed on the roll, none too full."),
        ("certified", f"The result of {VOTE} was certified as counted, after its days of canvass."),
    ],
)
def test_what_was_checked_besides_is_said(name, proved, tmp_path):
    assert proved in case_of(tmp_path, HONEST[name]).verify().proved
