"""From what stands on the page of a ballot to what it says, and back; and what one press of a button changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from ..kernel.errors import Invalid
from ..kernel.i18n import latin_digits, lazy_number
from .models import Vote
from .packing import Marks
from .rules import BallotKind

Typed = dict[str, str]
"""Option code → what stands beside it: ``1`` for a tick, a place, points, ``1`` or ``0`` for yes or no."""

MARK = "mark-"
TICK = "1"
LONGEST = 6
"""Digits of a number that anybody means."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form brought. ``strange``: it named options that are not on the ballot, or one twice."""

    typed: Typed
    strange: bool


def is_set(vote: Vote) -> bool:
    """Options are ticked, and nothing is written beside them."""
    return vote.kind in (BallotKind.APPROVAL, BallotKind.CHOOSE, BallotKind.KNAPSACK)


def sent(vote: Vote, form: MultiDict[str, str]) -> Sent:
    """What was ticked or written, digits of every script made plain; what cannot be meant is kept out and told."""
    if is_set(vote):
        pairs = [(code, TICK) for code in form.getlist("choices") if code]
    else:
        names = [name for name in form if name.startswith(MARK)]
        pairs = [(name.removeprefix(MARK), value) for name in names for value in form.getlist(name)]
    written = [(code, latin_digits(value).strip()) for code, value in pairs]
    written = [(code, value) for code, value in written if value]
    known = {option.code for option in vote.options}
    twice = [code for code, number in Counter(code for code, _value in written).items() if number > 1]
    typed = {code: value[: LONGEST + 1] for code, value in written if code in known}
    return Sent(typed, bool(twice) or any(code not in known for code, _value in written))


def marks(vote: Vote, typed: Mapping[str, str]) -> Marks:
    """What the ballot says. Raises Invalid for what is no number and for places that are no order."""
    codes = [option.code for option in vote.options if option.code in typed]
    if is_set(vote):
        return Marks(tuple(codes))
    numbers = [_number(vote, code, typed[code]) for code in codes]
    if vote.kind.is_ranked:
        return Marks(_in_order(vote, dict(zip(codes, numbers, strict=True))))
    pairs = list(zip(codes, numbers, strict=True))
    if vote.kind is BallotKind.CUMULATIVE:
        pairs = [(code, given) for code, given in pairs if given]  # no points: not named
    return Marks(tuple(code for code, _given in pairs), tuple(given for _code, given in pairs))


def typed_from(vote: Vote, said: Marks) -> Typed:
    """How the page shows a ballot that was cast."""
    if vote.kind.is_ranked:
        return {code: str(place) for place, code in enumerate(said.codes, start=1)}
    if said.points is None:
        return dict.fromkeys(said.codes, TICK)
    return {code: str(given) for code, given in zip(said.codes, said.points, strict=True)}


def pressed(vote: Vote, typed: Mapping[str, str], act: str) -> Typed:
    """After one button beside an option, as a browser without scripts sends it: ``up:CODE``, ``down:CODE``,
    ``add:CODE``, ``remove:CODE`` of a ranking, ``more:CODE`` and ``less:CODE`` of points. Others change nothing."""
    verb, _colon, code = act.partition(":")
    if code not in {option.code for option in vote.options}:
        return dict(typed)
    if vote.kind.is_ranked:
        return _reordered(vote, typed, verb, code)
    if verb in ("more", "less"):
        return _stepped(vote, typed, code, 1 if verb == "more" else -1)
    return dict(typed)


def ranking(vote: Vote, typed: Mapping[str, str]) -> list[str]:
    """The ranked options in the order that their places give; equal and missing places are no hindrance."""
    placed = [code for code in (option.code for option in vote.options) if _digits(typed.get(code, ""))]
    return sorted(placed, key=lambda code: int(typed[code]))


def number_of(typed: Mapping[str, str], code: str) -> int:
    """The points beside an option, 0 where none or no number."""
    value = typed.get(code, "")
    return int(value) if _digits(value) else 0


def _reordered(vote: Vote, typed: Mapping[str, str], verb: str, code: str) -> Typed:
    order = ranking(vote, typed)
    at = order.index(code) if code in order else None
    if verb == "add" and at is None:
        order.append(code)
    elif verb == "remove" and at is not None:
        order.remove(code)
    elif verb in ("up", "down") and at is not None:
        to = min(max(0, at + (1 if verb == "down" else -1)), len(order) - 1)
        order.insert(to, order.pop(at))
    return {each: str(place) for place, each in enumerate(order, start=1)}


def _stepped(vote: Vote, typed: Mapping[str, str], code: str, step: int) -> Typed:
    least, most = vote.points_range
    given = number_of(typed, code) + step
    given = 0 if given < least and step < 0 else max(least, min(most, given))
    rest = {each: value for each, value in typed.items() if each != code}
    return {**rest, code: str(given)} if given else rest


def _digits(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= LONGEST


def _number(vote: Vote, code: str, value: str) -> int:
    if _digits(value):
        return int(value)
    title = next(option.title for option in vote.options if option.code == code)
    reason = _l("“%(title)s”: write a whole number, or leave it empty.", title=title)
    raise Invalid(reason, field="choices")


def _in_order(vote: Vote, places: Mapping[str, int]) -> tuple[str, ...]:
    """The options by their places; every place from the first on must be taken once."""
    titles = {option.code: option.title for option in vote.options}
    at: dict[int, list[str]] = {}
    for code, place in places.items():
        at.setdefault(place, []).append(code)
    for place, codes in sorted(at.items()):
        if len(codes) > 1:
            raise Invalid(_equal(place, [titles[code] for code in codes]), field="choices")
    for place in range(1, len(places) + 1):
        if place not in at:
            raise Invalid(_gap(place, max(at)), field="choices")
    return tuple(at[place][0] for place in range(1, len(places) + 1))


def _equal(place: int, titles: Sequence[str]) -> object:
    return _l(
        "“%(one)s” and “%(other)s” both have place %(place)s. Give each a place of its own.",
        one=titles[0],
        other=titles[1],
        place=lazy_number(place),
    )


def _gap(place: int, last: int) -> object:
    return _l(
        "No option has place %(place)s, but one has place %(last)s. Close the gap.",
        place=lazy_number(place),
        last=lazy_number(last),
    )
