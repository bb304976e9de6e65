"""Ranked and graded elections in few words, and each rule once more in plain Python, as its definition reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise, permutations
from typing import Any

import numpy as np

from ucc_participate.voting import rules
from ucc_participate.voting.rules import (
    BallotSet,
    Election,
    Option,
    pack_points,
    pack_ranking,
)

Profile = list[tuple[int, str]]
"""How many voters rank the options, one letter each, in this order."""

Key = Callable[[int], Any]


def letters(number: int) -> tuple[Option, ...]:
    return tuple(Option(chr(ord("A") + at), f"Option {at}", 100 + at) for at in range(number))


def election(method: str, number: int, *, lot: str | None = None, **changes: Any) -> Election:
    """An election over the options A, B, …; with ``lot`` ties are decided in that order."""
    agreed: dict[str, Any] = {"method": method, "ballot": "ranked", "winners": 1} | changes
    if lot is not None:
        agreed |= {"tie": "lot", "lot": {"sha256": "0" * 64, "public_value": ""}}
    order = None if lot is None else tuple(lot)
    return Election("vote/v", "A vote", "individual", agreed, letters(number), order)


def ranked(profile: Profile, *, expanded: bool = False) -> BallotSet:
    rows = [(times, [ord(letter) - ord("A") for letter in order]) for times, order in profile]
    if expanded:
        rows = [(1, row) for times, row in rows for _ in range(times)]
    ballots = BallotSet.from_packed([pack_ranking(row) for _, row in rows])
    return ballots if expanded else ballots.weighted(np.array([times for times, _ in rows], dtype=np.int64))


def graded(rows: Sequence[dict[int, int]]) -> BallotSet:
    return BallotSet.from_packed([pack_points(row) for row in rows], has_points=True)


def count(ballots: BallotSet, vote: Election) -> Any:
    return rules.count(ballots, vote)


def rank(method: str, profile: Profile, number: int, **changes: Any) -> str:
    return "".join(count(ranked(profile), election(method, number, **changes)).order)


def outcome(method: str, profile: Profile, number: int, **changes: Any) -> Any:
    return count(ranked(profile), election(method, number, **changes))


def plain_matrix(ballots: list[list[int]], number: int) -> list[list[int]]:
    found = [[0] * number for _ in range(number)]
    for ballot in ballots:
        place = {option: at for at, option in enumerate(ballot)}
        for one in range(number):
            for other in range(number):
                if one != other and place.get(one, number) < place.get(other, number):
                    found[one][other] += 1
    return found


def _unbeaten_first(beats: set[tuple[int, int]], number: int) -> list[int]:
    """Positions are in the order of the tie rule."""
    left, order = list(range(number)), []
    while left:
        order.append(next(i for i in left if not any((j, i) in beats for j in left)))
        left.remove(order[-1])
    return order


def plain_schulze(ballots: list[list[int]], number: int) -> list[int]:
    """By every chain there is, without repetition: few options only."""
    votes = plain_matrix(ballots, number)

    def chain(path: Sequence[int]) -> int:
        links = list(pairwise(path))
        return min(votes[i][j] if votes[i][j] > votes[j][i] else 0 for i, j in links)

    def strength(start: int, end: int) -> int:
        others = [i for i in range(number) if i not in (start, end)]
        middles = (middle for size in range(number - 1) for middle in permutations(others, size))
        return max(chain([start, *middle, end]) for middle in middles)

    pairs = [(i, j) for i in range(number) for j in range(number) if i != j]
    return _unbeaten_first({(i, j) for i, j in pairs if strength(i, j) > strength(j, i)}, number)


def plain_ranked_pairs(ballots: list[list[int]], number: int) -> list[int]:
    votes = plain_matrix(ballots, number)
    pairs = [(i, j) for i in range(number) for j in range(number) if votes[i][j] > votes[j][i]]
    locked: set[tuple[int, int]] = set()

    def reaches(start: int, end: int) -> bool:
        seen, todo = {start}, [start]
        while todo:
            here = todo.pop()
            more = {j for i, j in locked if i == here} - seen
            seen |= more
            todo.extend(more)
        return end in seen

    for i, j in sorted(pairs, key=lambda pair: (-votes[pair[0]][pair[1]], votes[pair[1]][pair[0]], pair)):
        if not reaches(j, i):
            locked.add((i, j))
    return _unbeaten_first(locked, number)


def plain_majority_judgment(rows: list[dict[int, int]], number: int, least: int) -> list[int]:
    """One median taken away after the other."""
    filled = [row for row in rows if row]

    def medians(option: int) -> list[int]:
        grades, found = sorted(row.get(option, least) for row in filled), []
        while grades:
            found.append(grades.pop((len(grades) - 1) // 2))
        return found

    return sorted(range(number), key=lambda option: ([-grade for grade in medians(option)], option))


def plain_scottish(ballots: list[list[int]], number: int, places: int) -> tuple[list[int], list[list[Fraction]]]:
    """The elected in order and the votes at each stage: papers one by one, with a value each."""
    papers: list[list[Any]] = [[list(ballot), Fraction(1)] for ballot in ballots if ballot]
    held: dict[int, list[list[Any]]] = {i: [] for i in range(number)}
    for paper in papers:
        held[paper[0][0]].append(paper)
    votes = {i: Fraction(len(held[i])) for i in range(number)}
    quota = len(papers) // (places + 1) + 1
    history: list[list[Fraction]] = []
    elected: list[int] = []
    pending: list[int] = []
    hopeful = set(range(number))

    def strong(i: int) -> Any:
        return [-stage[i] for stage in reversed(history)], i

    def hand_on(source: int) -> None:
        for paper in held.pop(source):
            rest = [i for i in paper[0][paper[0].index(source) + 1 :] if i in hopeful]
            if rest:
                held[rest[0]].append(paper)
                votes[rest[0]] += paper[1]

    while True:
        history.append([votes[i] for i in range(number)])
        new = sorted((i for i in hopeful if votes[i] >= quota), key=strong)
        elected += new
        pending += [i for i in new if votes[i] > quota]
        hopeful -= set(new)
        if len(hopeful) <= places - len(elected) or len(elected) == places:
            break
        if pending:
            source = min(pending, key=strong)
            pending.remove(source)
            for paper in held[source]:
                exact = (votes[source] - quota) * paper[1] / votes[source]
                paper[1] = Fraction(int(exact * 100000), 100000)
            votes[source] = Fraction(quota)
            hand_on(source)
            continue
        low = max(hopeful, key=strong)
        hopeful.remove(low)
        if len(hopeful) <= places - len(elected):
            break
        votes[low] = Fraction(0)
        hand_on(low)
    if len(elected) < places:
        elected += sorted(hopeful, key=strong)
    return elected, history


def plain_shares(ballots: list[list[int]], keep: list[int]) -> list[int]:
    """What each option keeps of every ballot's vote, in whole numbers of 10⁻⁹, rounded up."""
    votes = [0] * len(keep)
    for ballot in ballots:
        weight = 10**9
        for i in ballot:
            part = -(-weight * keep[i] // 10**9)
            votes[i] += part
            weight -= part
    return votes


def plain_meek(ballots: list[list[int]], number: int, places: int) -> list[int]:
    """The reference rule step by step, in whole numbers of 10⁻⁹, ballot by ballot."""
    one = 10**9
    keep = [one] * number
    hopeful = set(range(number))
    elected: list[int] = []
    history: list[list[int]] = []

    def strong(i: int) -> Any:
        return [-stage[i] for stage in reversed(history)], i

    def done() -> bool:
        return len(elected) == places or len(hopeful) + len(elected) <= places

    first = True
    while first or not done():
        first, earlier = False, None
        while True:
            votes = plain_shares(ballots, keep)
            quota = sum(votes) // (places + 1) + 1
            new = [i for i in hopeful if votes[i] >= quota]
            surplus = max(0, sum(votes[i] - quota for i in elected))
            if new or surplus < 1000 or (earlier is not None and surplus >= earlier):
                break
            earlier = surplus
            for i in elected:
                kept = -(-keep[i] * quota // one)
                keep[i] = -(-kept * one // votes[i])
        before, now = list(history), votes
        history.append(votes)
        if new:
            elected += sorted(new, key=strong)
            hopeful -= set(new)
        elif not done():
            least = min(now[i] for i in hopeful)
            tied = [i for i in hopeful if now[i] <= least + surplus]
            low = max(tied, key=lambda i: ([-stage[i] for stage in reversed(before)], i))
            hopeful.remove(low)
            keep[low] = 0
    if len(elected) < places:
        elected += sorted(hopeful, key=strong)
    return elected
