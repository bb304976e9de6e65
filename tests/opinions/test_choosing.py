"""Which statement comes next: the same until it is answered, and all about as often."""

from __future__ import annotations

from collections import Counter

from ucc_participate.opinions.choosing import choose
from ucc_participate.opinions.likeness import key_of, nearest


def test_nothing_left_is_nothing() -> None:
    assert choose({}, seed=1, person="a", answered=0) is None


def test_loading_again_shows_the_same() -> None:
    left = dict.fromkeys(range(1, 40), 0)
    assert len({choose(left, seed=1, person="a", answered=3) for _ in range(5)}) == 1


def test_people_begin_with_different_statements() -> None:
    left = dict.fromkeys(range(1, 40), 0)
    assert len({choose(left, seed=1, person=f"p{at}", answered=0) for at in range(60)}) > 25


def test_a_statement_that_came_late_catches_up() -> None:
    """Thirty statements were seen a hundred times when the thirty-first comes."""
    seen = Counter(dict.fromkeys(range(1, 31), 100))
    for person in range(150):
        left = {number: seen[number] for number in range(1, 32)}
        for answered in range(5):
            number = choose(left, seed=1, person=str(person), answered=answered)
            assert number is not None
            seen[number] += 1
            del left[number]
    assert seen[31] > 60


def test_sightings_are_more_even_than_by_chance() -> None:
    seen: Counter[int] = Counter()
    for person in range(200):
        left = {number: seen[number] for number in range(50)}
        for answered in range(10):
            number = choose(left, seed=1, person=str(person), answered=answered)
            assert number is not None
            seen[number] += 1
            del left[number]
    assert max(seen.values()) - min(seen.values()) <= 16  # by chance about 28


def test_two_spellings_have_one_key() -> None:
    assert key_of("كتاب‌خانه‌ها باید شب‌ها باز باشند!") == key_of("کتابخانه‌ها باید شبها باز باشند")


def test_near_statements_are_found_and_others_are_not() -> None:
    others = [
        (1, key_of("The bazaar should be free of cars on Fridays.")),
        (2, key_of("Buses should run until midnight.")),
    ]
    assert nearest(key_of("The bazaar should be free of cars every Friday"), others) == [1]
    assert nearest(key_of("Museums should cost nothing"), others) == []
