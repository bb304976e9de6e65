"""From what a voter says to the bytes of a ballot, checked by the rules of the vote, and back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ..kernel.errors import Invalid
from ..kernel.i18n import lazy_money_in_words, lazy_number
from .models import Vote
from .rules import BallotKind, pack, pack_points, pack_ranking, unpack, unpack_points


@dataclass(frozen=True, slots=True)
class Marks:
    """What a ballot says: the options it names, in ballot order or, ranked, in order of preference, and the points of
    each where ballots have points. Nothing named is a blank ballot."""

    codes: tuple[str, ...]
    points: tuple[int, ...] | None = None


def pack_choices(vote: Vote, choices: Sequence[str], points: Sequence[int] | None = None) -> bytes:
    """The bytes of a ballot. ``choices``: option codes, ranked: the most preferred first; ``points``: of each, where
    the kind of ballot has points. Raises Invalid for whatever the rules do not allow, saying what to do."""
    places = {option.code: option.position for option in vote.options}
    if len(set(choices)) != len(choices) or not places.keys() >= set(choices):
        raise Invalid(_l("The ballot names an option that is not on it. Choose again."), field="choices")
    least, most = vote.fewest_choices, vote.most_choices
    if choices and not least <= len(choices) <= most:
        raise Invalid(wording_of_limits(vote.kind, least, most), field="choices")
    if vote.kind.has_points:
        return pack_points(dict(zip((places[code] for code in choices), _checked(vote, choices, points), strict=True)))
    if points is not None:
        raise Invalid(_l("Ballots of this vote have no points. Choose again."), field="choices")
    if vote.kind is BallotKind.KNAPSACK:
        _require_within_budget(vote, choices)
    positions = [places[code] for code in choices]
    return pack_ranking(positions) if vote.kind.is_ranked else pack(positions)


def marks_of(vote: Vote, packed: bytes) -> Marks:
    """What the bytes of a ballot say; the opposite of ``pack_choices``. Needs ``options`` loaded."""
    codes = [option.code for option in vote.options]
    if not vote.kind.has_points:
        return Marks(tuple(codes[at] for at in unpack(packed)))
    pairs = unpack_points(packed)
    return Marks(tuple(codes[at] for at, _given in pairs), tuple(given for _at, given in pairs))


def codes_of(vote: Vote, packed: bytes) -> list[str]:
    return list(marks_of(vote, packed).codes)


def open_marks(vote: Vote, packed: bytes, *, weight: int) -> dict[str, Any]:
    """What the log says of an organisation's ballot: ``points`` where its kind has them, ``weight`` where not one."""
    said = marks_of(vote, packed)
    points = {} if said.points is None else {"points": list(said.points)}
    return {"choices": list(said.codes), **points, **({} if weight == 1 else {"weight": weight})}


def cost_of(vote: Vote, choices: Collection[str]) -> int:
    """What the named options cost together, in minor units."""
    return sum(option.cost or 0 for option in vote.options if option.code in choices)


def wording_of_limits(kind: BallotKind, least: int, most: int) -> Any:
    """How many options a ballot may name, as what to do."""
    if least > 1:
        return _l("Choose between %(least)s and %(most)s options, or none for a blank ballot.", least=least, most=most)
    if kind.is_ranked:
        return lazy_ngettext(
            "Give a place to %(num)s option at most, or to none for a blank ballot.",
            "Give a place to %(num)s options at most, or to none for a blank ballot.",
            most,
        )
    if kind.has_points:
        return lazy_ngettext(
            "Mark %(num)s option at most, or none for a blank ballot.",
            "Mark %(num)s options at most, or none for a blank ballot.",
            most,
        )
    return lazy_ngettext(
        "Choose %(num)s option at most, or none for a blank ballot.",
        "Choose %(num)s options at most, or none for a blank ballot.",
        most,
    )


def _checked(vote: Vote, choices: Sequence[str], points: Sequence[int] | None) -> Sequence[int]:
    """The points, one a choice, within what one option and what all together may get."""
    if not choices and not points:
        return ()
    if points is None or len(points) != len(choices):
        raise Invalid(_l("Each option that the ballot names needs its points."), field="choices")
    titles = {option.code: option.title for option in vote.options}
    least, most = vote.points_range
    for code, given in zip(choices, points, strict=True):
        if not least <= given <= most:
            raise Invalid(_out_of_range(titles[code], given, least, most), field="choices")
    total = vote.points_to_give
    if total is not None and sum(points) > total:
        raise Invalid(_too_many_points(sum(points), total), field="choices")
    return points


def _out_of_range(title: str, given: int, least: int, most: int) -> Any:
    return _l(
        "“%(title)s” cannot get %(given)s points: give from %(least)s to %(most)s, or leave it empty.",
        title=title,
        given=lazy_number(given),
        least=lazy_number(least),
        most=lazy_number(most),
    )


def _too_many_points(given: int, total: int) -> Any:
    return _l(
        "You gave %(given)s points and have %(total)s. Take %(over)s away.",
        given=lazy_number(given),
        total=lazy_number(total),
        over=lazy_number(given - total),
    )


def _require_within_budget(vote: Vote, choices: Sequence[str]) -> None:
    cost, budget = cost_of(vote, choices), int(vote.rules["budget"])
    if cost <= budget:
        return
    over = _l(
        "What you chose costs %(cost)s; the budget is %(budget)s. Leave out options for at least %(over)s.",
        cost=amount_in_words(vote.rules, cost),
        budget=amount_in_words(vote.rules, budget),
        over=amount_in_words(vote.rules, cost - budget),
    )
    raise Invalid(over, field="choices")


def amount_in_words(rules: Mapping[str, Any], minor: int) -> Any:
    """An amount of the rules' currency; minor units are hidden."""
    amount, currency = minor // (rules.get("scale") or 1), rules.get("currency")
    return lazy_money_in_words(amount, currency) if currency else lazy_number(amount)
