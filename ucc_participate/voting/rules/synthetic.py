"""Made-up ballots for a trial count: the same for the same seed on every machine, and never anybody's real ones.

Every option has an appeal of its own, one more in each sector, age band and sex, and belongs to one of a few themes;
every voter cares for one theme and has a mind of their own. Whole numbers only, drawn from the raw stream of PCG64
(which numpy keeps stable), so that no rounding of a machine changes a ballot. The first voters of a larger election
are those of a smaller one with the same seed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from . import schema
from .ballots import LABELS, BallotError, BallotKind, BallotSet, Dimension, spans
from .election import Option

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

SHARES: Mapping[str, tuple[int, ...]] = {
    "sector": (6, 12, 80, 2),
    "sex": (49, 47, 4),
    "age": (34, 61, 5),
}
"""How many of a hundred voters have each label of ``ballots.LABELS``."""

THEMES = 6
MANY = 10
"""Nobody ticks or ranks more than so many options, unless the ballot demands it."""
BLANK_ONE_IN = 64
_APPEAL, _OF_GROUP, _OF_THEME, _OWN = 1 << 24, {"sector": 3 << 23, "sex": 1 << 22, "age": 1 << 23}, 3 << 22, 1 << 23
_PERSON = len(SHARES) + 4
"""Numbers drawn for each voter before those for the options: labels, theme, blank or not, and twice how many."""
_CELLS = 1 << 20


@dataclass(frozen=True, slots=True)
class _People:
    """Some of the voters: labels, how much each likes each option (all different), how many they name, and in which
    order they would look at the options where looking is not liking."""

    codes: Mapping[str, Integers]
    liking: Integers
    named: Integers
    looking: Integers


def synthesize(options: Sequence[Option], rules: Mapping[str, Any], voters: int, seed: str) -> BallotSet:
    """Ballots of the kind that ``rules`` ask for and within their limits, with sector, sex and age of each voter.

    ``seed``: any text; the same text gives the same ballots. A few are blank. BallotError without options.
    """
    if not options:
        raise BallotError("there is nothing to choose from")
    complete = schema.complete(rules)
    fill = _FILLING[BallotKind(complete["ballot"])]
    parts = [
        _small(people.codes, fill(people, options, complete))
        for people in _groups_of_people(options, complete, voters, seed)
    ]
    joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
    lengths, choices, points, *codes = joined or [np.zeros(0, dtype=np.uint8)] * (3 + len(SHARES))
    dimensions = tuple(Dimension(name, LABELS[name], column) for name, column in zip(SHARES, codes, strict=True))
    has_points = BallotKind(complete["ballot"]).has_points
    return BallotSet(spans(lengths), choices.astype(np.uint16), dimensions, points=points if has_points else None)


def _stream(seed: str, part: str) -> np.random.PCG64:
    digest = hashlib.sha256(f"ucc-synthetic-1\0{part}\0{seed}".encode()).digest()
    return np.random.PCG64(int.from_bytes(digest, "big"))


def _groups_of_people(options: Sequence[Option], rules: Mapping[str, Any], voters: int, seed: str) -> Iterator[_People]:
    """All voters in groups small enough for the processor's cache, in order."""
    width = len(options)
    appeal, theme_of = _appeals(width, seed)
    stream, rows = _stream(seed, "voters"), max(1, _CELLS // (width + _PERSON))
    for start in range(0, voters, rows):
        count = min(rows, voters - start)
        drawn = stream.random_raw(count * (width + _PERSON)).reshape(count, width + _PERSON)
        yield _people(drawn, appeal, theme_of, rules)


def _appeals(width: int, seed: str) -> tuple[Mapping[str, Integers], Integers]:
    """How much each option appeals to all and to each group, as labels × options, and the theme of each option."""
    stream = _stream(seed, "options")
    general = _scaled(stream.random_raw(width), _APPEAL)
    of_groups = {
        name: _scaled(stream.random_raw(len(shares) * width), _OF_GROUP[name]).reshape(-1, width)
        for name, shares in SHARES.items()
    }
    theme_of = _scaled(stream.random_raw(width), THEMES)
    return {"all": general[np.newaxis], **of_groups}, theme_of


def _scaled(raw: npt.NDArray[np.uint64], below: int) -> Integers:
    """Whole numbers from 0 to ``below`` − 1 out of the upper half of raw ones; ``below`` is at most 2³¹."""
    return (((raw >> np.uint64(32)) * np.uint64(below)) >> np.uint64(32)).astype(np.int64)


def _people(
    drawn: npt.NDArray[np.uint64], appeal: Mapping[str, Integers], theme_of: Integers, rules: Mapping[str, Any]
) -> _People:
    person, own = drawn[:, :_PERSON], drawn[:, _PERSON:]
    codes = {
        name: np.searchsorted(np.cumsum(shares), _scaled(person[:, at], 100), side="right").astype(np.int64)
        for at, (name, shares) in enumerate(SHARES.items())
    }
    theme, blank, one, other = person.T[len(SHARES) :]
    liking = (own & np.uint64(_OWN - 1)).astype(np.int64)
    liking += ((own >> np.uint64(23)) & np.uint64(_OWN - 1)).astype(np.int64)
    liking += appeal["all"]
    for name, of_voters in codes.items():
        liking += appeal[name][of_voters]
    liking += (theme_of == _scaled(theme, THEMES)[:, np.newaxis]) * np.int64(_OF_THEME)
    named = _how_many(one, other, rules, liking.shape[1])
    named[_scaled(blank, BLANK_ONE_IN) == 0] = 0
    return _People(codes, _all_different(liking), named, _all_different((own >> np.uint64(46)).astype(np.int64)))


def _all_different(numbers: Integers) -> Integers:
    """The same order in each row, equal numbers put apart: the option higher on the ballot first."""
    width = numbers.shape[1]
    apart: Integers = numbers * width + np.arange(width - 1, -1, -1)
    return apart


def _how_many(
    one: npt.NDArray[np.uint64], other: npt.NDArray[np.uint64], rules: Mapping[str, Any], width: int
) -> Integers:
    """Options that each voter names: few where they are picked out, nearly all that may be where each is judged."""
    least, most = max(1, rules["min_choices"]), min(width, rules["max_choices"] or width)
    is_judging = rules["ballot"] in (BallotKind.SCORE, BallotKind.YESNO)
    if not is_judging:
        most = min(most, max(least, MANY))
    named = _scaled(np.maximum(one, other) if is_judging else np.minimum(one, other), most - least + 1)
    named += least
    return named


Filled = tuple[Integers, Integers, Integers | None]
"""How many options each ballot names, which, and their points."""


def _small(codes: Mapping[str, Integers], filled: Filled) -> list[npt.NDArray[Any]]:
    """The columns of a group of voters in few bytes: there may be a hundred groups."""
    lengths, choices, points = filled
    given = np.zeros(0, dtype=np.uint16) if points is None else points.astype(np.uint16)
    return [lengths, choices.astype(np.uint16), given, *(codes[name].astype(np.uint8) for name in SHARES)]


def _top(keys: Integers, most: int) -> Integers:
    """The places of the ``most`` greatest of each row, the greatest first."""
    if most < keys.shape[1]:
        places = np.argpartition(-keys, most - 1, axis=1)[:, :most]
    else:
        places = np.broadcast_to(np.arange(keys.shape[1]), keys.shape)
    order = np.argsort(-np.take_along_axis(keys, places, axis=1), axis=1)
    return np.take_along_axis(places, order, axis=1)


def _first(named: Integers, width: int) -> Mask:
    """The first ``named`` cells of each row."""
    return np.arange(width) < named[:, np.newaxis]


def _marked(keys: Integers, named: Integers) -> Mask:
    """The ``named`` options with the greatest keys in each row, as a mask over all options."""
    most = max(1, int(named.max(initial=0)))
    marked = np.zeros(keys.shape, dtype=np.bool_)
    np.put_along_axis(marked, _top(keys, most), _first(named, most), axis=1)
    return marked


def _tick(people: _People, options: Sequence[Option], rules: Mapping[str, Any]) -> Filled:
    return people.named, np.nonzero(_marked(people.liking, people.named))[1], None


def _rank(people: _People, options: Sequence[Option], rules: Mapping[str, Any]) -> Filled:
    most = max(1, int(people.named.max(initial=0)))
    return people.named, _top(people.liking, most)[_first(people.named, most)], None


def _fill_basket(people: _People, options: Sequence[Option], rules: Mapping[str, Any]) -> Filled:
    """From the most liked downwards what still fits the budget; who finds too little hands in a blank ballot."""
    costs = np.array([option.cost or 0 for option in options], dtype=np.int64)
    left = np.full(len(people.named), sum(costs.tolist()) if rules["budget"] is None else rules["budget"])
    wanted, marked = people.named.copy(), np.zeros(people.liking.shape, dtype=np.bool_)
    rows = np.arange(len(wanted))
    for looked_at in _top(people.liking, min(len(options), 4 * MANY)).T:
        fits = (wanted > 0) & (costs[looked_at] <= left)
        marked[rows, looked_at] = fits
        left[fits] -= costs[looked_at][fits]
        wanted[fits] -= 1
    marked[marked.sum(axis=1) < rules["min_choices"]] = False
    return marked.sum(axis=1), np.nonzero(marked)[1], None


def _give_points(people: _People, options: Sequence[Option], rules: Mapping[str, Any]) -> Filled:
    """All points that there are, more for what is liked more."""
    total = rules["sum_points"] or rules["max_points"] or MANY
    most_each = rules["max_points"] or total
    named = np.minimum(people.named, total)
    most = max(1, int(named.max(initial=0)))
    places, in_use = _top(people.liking, most), _first(named, most)
    steps = np.maximum(named * (named + 1) // 2, 1)[:, np.newaxis]
    rest = (total - named)[:, np.newaxis] * (named[:, np.newaxis] - np.arange(most)) // steps
    given = np.where(in_use, 1 + np.minimum(rest, most_each - 1), 0)
    given[:, 0] += np.where(named > 0, np.minimum(total - given.sum(axis=1), most_each - given[:, 0]), 0)
    points = np.zeros(people.liking.shape, dtype=np.int64)
    np.put_along_axis(points, places, given, axis=1)
    marked = points > 0
    return named, np.nonzero(marked)[1], points[marked]


def _score(people: _People, options: Sequence[Option], rules: Mapping[str, Any]) -> Filled:
    """Each looked-at option gets a grade: the whole scale lies between what the voter likes least and most."""
    least = rules["min_points"]
    grades = (rules["max_points"] or least + MANY) - least + 1
    return _judged(people, least, grades)


def _say_yes_or_no(people: _People, options: Sequence[Option], rules: Mapping[str, Any]) -> Filled:
    """Yes to what lies in the upper five eighths between least and most liked."""
    named, choices, eighths = _judged(people, 0, 8)
    return named, choices, (eighths >= 3).astype(np.int64)


def _judged(people: _People, least: int, grades: int) -> tuple[Integers, Integers, Integers]:
    marked = _marked(people.looking, people.named)
    low, high = people.liking.min(axis=1, keepdims=True), people.liking.max(axis=1, keepdims=True)
    points = least + (people.liking - low) * grades // (high - low + 1)
    return people.named, np.nonzero(marked)[1], points[marked]


_FILLING: Mapping[BallotKind, Callable[[_People, Sequence[Option], Mapping[str, Any]], Filled]] = {
    BallotKind.APPROVAL: _tick,
    BallotKind.CHOOSE: _tick,
    BallotKind.KNAPSACK: _fill_basket,
    BallotKind.RANKED: _rank,
    BallotKind.SCORE: _score,
    BallotKind.CUMULATIVE: _give_points,
    BallotKind.YESNO: _say_yes_or_no,
}
