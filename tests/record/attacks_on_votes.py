"""Attacks on votes by any rule: on ballots of all kinds, lots, paper, groups of sectors, certification.

Like those of ``attacks`` each leaves all but its own trace in order. The verifier in JavaScript does not know these
rules, so they are a list of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.record.attacks import Attack, Case, attack, sealed
from tests.record.held_votes import LOT, SCORE, VOTE, Held, case_of
from tests.record.package import OPEN, City, count_again, sample
from ucc_participate.audit import canonical
from ucc_participate.record.verify import Ballot

ON_VOTES: list[Attack] = []
APPROVALS = [Ballot(("a",)), Ballot(("a", "b")), Ballot(("b", "c")), Ballot(())]
RANKINGS = [Ballot(("b", "a")), Ballot(("c", "b", "a")), Ballot(("a",))]
SCORES = [Ballot(("a", "b"), (3, 1)), Ballot(("c",), (2,)), Ballot((), ())]
RANKED = {"method": "schulze", "ballot": "ranked", "budget": None, "winners": 1}
CUMULATIVE = {"method": "greedy", "ballot": "cumulative", "sum_points": 5}
BY_LOT = {"tie": "lot", "lot": LOT}
GROUPS = {"public": "private+public", "private": "private+public", "civil_society": "civil_society"}
DOUBLE = {"decides": "double_majority"}
OF_SECTORS = [Ballot(("a",), None, "private+public"), Ballot(("a", "c"), None, "civil_society")]
FILE = "data/votes/v3.ballots.csv"


def on_votes(number: int, *found: tuple[str, str]) -> Any:
    return attack(number, *found, among=ON_VOTES)


HONEST: dict[str, Held] = {
    "approval": Held(ballots=APPROVALS),
    "equal shares": Held({"method": "equal_shares", "completion": "add1u", "increment": 1}, APPROVALS),
    "knapsack": Held({"method": "knapsack", "ballot": "knapsack"}, [Ballot(("a", "c")), Ballot(("b",))]),
    "ranked": Held(RANKED, RANKINGS),
    "stv": Held({**RANKED, "method": "stv", "winners": 2}, RANKINGS),
    "score": Held(SCORE, SCORES),
    "cumulative": Held(CUMULATIVE, [Ballot(("a", "b"), (3, 2)), Ballot(("c",), (5,))]),
    "lot": Held(BY_LOT, APPROVALS),
    "paper": Held(ballots=APPROVALS, on_paper=2),
    "sectors": Held({"decides": "sectors"}, OF_SECTORS, {"sector_groups": GROUPS}),
    "double majority": Held(DOUBLE, OF_SECTORS, {"sector_groups": GROUPS}),
    "quorum missed": Held({"quorum": 9}, APPROVALS),
    "certified": Held({"canvass_days": 7}, APPROVALS, certify=dict),
}


def bent(kind: str, change: Callable[[dict[str, Any]], object], subject: str = VOTE) -> Callable[[City], object]:
    """A city in which the payload of the first such entry was changed before it was sealed."""
    return lambda city: change(city.draft(kind, subject).payload)


# ------------------------------------------------------------------------------------------------ ballots


@on_votes(18, ("choices", FILE))
def a_ballot_gives_more_points_than_there_are(folder):
    return case_of(folder, Held(CUMULATIVE, [Ballot(("a", "b"), (3, 3))]))


@on_votes(18, ("choices", FILE))
def a_ballot_gives_more_points_than_an_option_may_get(folder):
    return case_of(folder, Held({**SCORE, "method": "greedy", "budget": 100, "winners": None}, [Ballot(("a",), (4,))]))


@on_votes(18, ("choices", FILE))
def a_knapsack_costs_more_than_there_is(folder):
    return case_of(folder, Held({"method": "knapsack", "ballot": "knapsack"}, [Ballot(("a", "b"))]))


@on_votes(18, ("choices", FILE))
def a_ranking_names_an_option_twice(folder):
    return case_of(folder, Held({**RANKED, "method": "borda"}, [Ballot(("a", "b", "a"))]))


@on_votes(18, ("ballots", f"{FILE} line 2"), ("ballots", f"{FILE} line 3"))
def the_points_of_two_ballots_are_swapped(folder):
    held = Held(SCORE, [Ballot(("a",), (3,)), Ballot(("a",), (1,))])
    content = held.csv().replace(b",a,3\n", b",a,X\n").replace(b",a,1\n", b",a,3\n").replace(b",a,X\n", b",a,1\n")
    files: dict[str, bytes] = {"ballots.csv": content}
    return case_of(folder, held, id, **files)


@on_votes(18, ("kinds", "entry 311"))
def a_draft_of_a_ballot_is_in_the_log(folder):
    return case_of(
        folder, Held(ballots=APPROVALS), lambda city: city.insert(311, "ballot.drafted", f"{VOTE}/slot/000009")
    )


# ------------------------------------------------------------------------------------------------ paper


@on_votes(18, ("slots", "entry 315"), ("commitments", VOTE))
def a_paper_voter_votes_again_on_the_internet(folder):
    def again(city: City) -> None:
        city.insert(315, "ballot.recast", f"{VOTE}/slot/000004", role="resident")

    return case_of(folder, Held(ballots=APPROVALS, on_paper=1), again)


@on_votes(18, ("slots", "entry 315"), ("commitments", VOTE))
def a_slot_votes_on_the_internet_and_on_paper(folder):
    def again(city: City) -> None:
        city.insert(315, "ballot.cast", f"{VOTE}/slot/000004", role="resident")

    return case_of(folder, Held(ballots=APPROVALS, on_paper=1), again)


@on_votes(20, ("paper", VOTE))
def a_box_holds_more_ballots_than_people_put_into_it(folder):
    def forget_one(city: City) -> None:
        del city.drafts[city.index("ballot.cast_on_paper")]

    return case_of(folder, Held(ballots=APPROVALS, on_paper=2), forget_one)


@on_votes(18, ("paper", "entry 316"))
def a_box_is_said_to_hold_another_number_of_papers(folder):
    bend = bent("ballots.entered", lambda box: box.update(papers=9))
    return case_of(folder, Held(ballots=APPROVALS, on_paper=2), bend)


# ------------------------------------------------------------------------------------------------ lots


def _lot(folder: Path, change: dict[str, Any]) -> Case:
    return case_of(folder, Held(BY_LOT, APPROVALS, draw=lambda lot: {**lot, **change}))


@on_votes(21, ("lot", "entry 316"))
def the_lot_is_drawn_in_another_order(folder):
    return _lot(folder, {"order": ["c", "b", "a"]})


@on_votes(21, ("lot", "entry 316"))
def the_lot_has_another_seed(folder):
    return _lot(folder, {"seed": "0" * 64})


@on_votes(21, ("lot", "entry 316"))
def the_lot_has_another_secret_than_was_sealed(folder):
    def reseal(lot: dict[str, Any]) -> dict[str, Any]:
        return with_seed({**lot, "secret": "ff" * 32})

    return case_of(folder, Held(BY_LOT, APPROVALS, draw=reseal))


@on_votes(21, ("lot", "entry 316"))
def the_lot_is_over_other_ballots(folder):
    def other(lot: dict[str, Any]) -> dict[str, Any]:
        return with_seed({**lot, "snapshot": sha256(b"others").hexdigest()})

    return case_of(folder, Held(BY_LOT, APPROVALS, draw=other))


def with_seed(lot: dict[str, Any]) -> dict[str, Any]:
    """The lot, with seed and order that follow from what it says."""
    said = {name: lot[name] for name in ("public_value", "secret", "snapshot")}
    seed = sha256(b"ucc-lot-1\0" + canonical.dumps({**said, "vote": VOTE})).digest()
    order = sorted(lot["order"], key=lambda i: sha256(seed + i.encode()).digest())
    return {**lot, "seed": seed.hex(), "order": order}


@on_votes(21, ("lot", VOTE))
def the_lot_is_drawn_twice(folder):
    def twice(city: City) -> None:
        at = city.index("vote.lot_drawn", VOTE)
        city.insert(at + 1, "vote.lot_drawn", VOTE, city.drafts[at].payload)

    return case_of(folder, Held(BY_LOT, APPROVALS), twice)


# ------------------------------------------------------------------------------------------------ sectors, weights


@on_votes(18, ("sector_groups", VOTE))
def ballots_count_in_a_sector_that_the_roll_does_not_have(folder):
    ballots = [*OF_SECTORS, Ballot(("b",), None, "public")]
    return case_of(folder, Held(DOUBLE, ballots, {"sector_groups": GROUPS}))


@on_votes(18, ("sector_groups", VOTE))
def a_sector_that_decides_has_more_ballots_than_people(folder):
    roll = {"sector_groups": GROUPS, "by_sector": {"civil_society": 10}}
    return case_of(folder, Held(DOUBLE, [OF_SECTORS[1]] * 11, roll))


def _weighty(folder: Path, weight: int) -> Case:
    """An organisation's ballot says this weight; by the roll it is 2."""
    city = sample()
    city.draft("roll.frozen", OPEN).payload["weights"] = {"organisation/o1": 2}
    city.draft("ballot.cast_openly", f"{OPEN}/organisation/o1").payload["weight"] = weight
    votes = {"a": 1, "b": weight, "c": 1 + weight}
    result = count_again(city, OPEN)
    for line in result["counts"]:
        line["votes"] = votes[line["id"]]
    return sealed(folder, _recount(city, result))


def _recount(city: City, result: dict[str, Any]) -> City:
    order = sorted(result["counts"], key=lambda line: -line["votes"])
    left, winners = result["budget"], []
    for rank, line in enumerate(order, 1):
        line["rank"], line["selected"] = rank, line["cost"] <= left
        left -= line["cost"] if line["selected"] else 0
        winners += [line["id"]] if line["selected"] else []
    result |= {"winners": winners, "spent": result["budget"] - left}
    chosen = {line["votes"] for line in order if line["selected"]}
    result["tie_broken"] = bool(chosen & {line["votes"] for line in order if not line["selected"]})
    return city


def an_organisation_weighs_what_the_roll_says(folder):
    return _weighty(folder, 2)


@on_votes(18, ("weights", "entry 300"))
def an_organisation_weighs_more_than_the_roll_says(folder):
    return _weighty(folder, 3)


# ------------------------------------------------------------------------------------------------ certification


def _certified(folder: Path, **said: Any) -> Case:
    return case_of(folder, Held({"canvass_days": 7}, APPROVALS, certify=lambda given: {**given, **said}))


@on_votes(23, ("certification", "entry 317"))
def another_result_is_certified(folder):
    return _certified(folder, result_sha256="0" * 64)


@on_votes(23, ("certification", "entry 317"))
def the_result_is_certified_before_its_time(folder):
    return _certified(folder, certified_at="2026-03-27T00:00:00Z")


# ------------------------------------------------------------------------------------------------ the count


@on_votes(23, ("recount", "entry 316"))
def a_supporter_is_said_to_have_paid_another_price(folder):
    def cheat(result: dict[str, Any]) -> None:
        result["details"]["rounds"][0]["taken"][0]["rho"] = "1/7"

    return case_of(folder, Held({"method": "equal_shares"}, APPROVALS, tally=cheat))


@on_votes(23, ("recount", "entry 315"))
def a_stage_of_stv_is_told_in_another_way(folder):
    def cheat(result: dict[str, Any]) -> None:
        result["details"]["stages"][-1]["exhausted"] += 1

    return case_of(folder, Held({**RANKED, "method": "stv", "winners": 2}, RANKINGS, tally=cheat))
