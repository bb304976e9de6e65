"""The lot: one fixed vector that every implementation must give, and what must not be possible."""

from __future__ import annotations

import hashlib

import pytest

from ucc_participate.voting.rules import Election, Option, RulesError, lots, validate_rules
from ucc_participate.voting.rules.ties import tie_key

SECRET = bytes(range(32))
COMMITMENTS = ["bb" * 32, "aa" * 32]
PUBLIC_VALUE = "7 12 19 23 31 44"
IDS = ["park", "library", "a/b:1", "tram"]

SEAL = "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"
SNAPSHOT = "913f9338fb6c17253f3a14816fc08d52522454bfc19a8c99538a197cfb23fb41"
SEED = "b21ba8497995b29a8655c3b7163d24c4a658cffd9665c667cc78705070be2fdc"
KEYS = {
    "a/b:1": "29c7720982c07d6db79c0f0e38156450a2b7e1c0a3065acd3243f586c27471ce",
    "park": "47ad8c442bf72c34a807faf8f02dab47207a0be77e472de6ca72f67fc1c95c32",
    "tram": "721d3c35b680480056d14b3a7e0ea8ec60b5109b56d8671c311420817cf6df46",
    "library": "d5cce8998311a6a9195c97c659a6dd52cb60d7d65da80e76fc18059fc48883ef",
}


def drawn_seed(**changes: object) -> str:
    parts = {"secret": SECRET, "public_value": PUBLIC_VALUE, "snapshot": SNAPSHOT, "vote_ref": "vote/7fk2"}
    return lots.seed(**{**parts, **changes})  # type: ignore[arg-type]


def test_the_fixed_vector() -> None:
    assert lots.seal(SECRET) == SEAL
    assert lots.snapshot(COMMITMENTS) == SNAPSHOT
    assert drawn_seed() == SEED
    assert {option_id: lots.key(SEED, option_id) for option_id in IDS} == KEYS
    assert lots.draw(SEED, IDS) == tuple(KEYS)


def test_the_vector_can_be_repeated_by_hand_from_the_bytes_that_the_format_names() -> None:
    inside = f'{{"public_value":"{PUBLIC_VALUE}","secret":"{SECRET.hex()}","snapshot":"{SNAPSHOT}","vote":"vote/7fk2"}}'
    assert hashlib.sha256(b"ucc-lot-1\0" + inside.encode()).hexdigest() == SEED
    assert hashlib.sha256(bytes.fromhex(SEED) + b"park").hexdigest() == KEYS["park"]
    assert hashlib.sha256(("aa" * 32 + "\n" + "bb" * 32 + "\n").encode()).hexdigest() == SNAPSHOT


def test_the_order_in_which_options_and_ballots_are_given_does_not_matter() -> None:
    assert lots.draw(SEED, IDS[::-1]) == lots.draw(SEED, IDS)
    assert lots.snapshot(COMMITMENTS[::-1]) == SNAPSHOT


@pytest.mark.parametrize(
    "changes",
    [
        {"secret": bytes(32)},
        {"public_value": "7 12 19 23 31 45"},
        {"public_value": ""},
        {"snapshot": SEAL},
        {"vote_ref": "vote/other"},
    ],
)
def test_everything_that_goes_in_changes_the_seed(changes: dict[str, object]) -> None:
    assert drawn_seed(**changes) != SEED


def test_a_secret_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        lots.seal(b"short")


def vote(tie: str, lot: tuple[str, ...] | None) -> Election:
    options = tuple(Option(option_id, option_id, cost) for option_id, cost in zip(IDS, (5, 5, 5, 3), strict=True))
    sealed = {"sha256": SEAL, "public_value": "the lottery of Friday"}
    rules = {"method": "votes", "ballot": "approval", "winners": 1, "tie": tie, "lot": sealed, "currency": "IRR"}
    return Election("vote/v", "A vote", "individual", validate_rules(rules, options), options, lot)


def test_equals_come_in_the_order_of_the_lot() -> None:
    key = tie_key(vote("lot", tuple(KEYS)), (0, 0, 0, 0))
    assert sorted(range(4), key=key) == [2, 0, 3, 1]


def test_the_lot_comes_after_cost_and_votes_where_the_rules_say_so() -> None:
    key = tie_key(vote("cost_votes_lot", tuple(KEYS)), (1, 7, 1, 0))
    assert sorted(range(4), key=key) == [3, 1, 2, 0]


@pytest.mark.parametrize("lot", [None, ("park",), ("park", "park", "library", "tram")])
def test_nothing_is_counted_by_a_lot_that_is_not_drawn_or_not_whole(lot: tuple[str, ...] | None) -> None:
    with pytest.raises(RulesError, match="lot"):
        tie_key(vote("lot", lot), (0, 0, 0, 0))
