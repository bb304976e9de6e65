"""What the page of a ballot says: how to fill it in, how it stands, and what a cast one says, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from ..kernel.i18n import lazy_money, lazy_number
from . import marking
from .models import Vote
from .packing import Marks, amount_in_words, cost_of
from .rules import BallotKind

ANSWERS: Mapping[int, Any] = {1: _l("Yes"), 0: _l("No")}
MOST_WORDS = 6
"""Grades that are still told apart by radio buttons in a row; more become a select."""


class Line(NamedTuple):
    """An option that a ballot names. ``given``: its place, points, yes or no; empty where a tick says all."""

    title: str
    given: Any


def lines(vote: Vote, said: Marks) -> tuple[Line, ...]:
    """What a ballot says, as it is shown to whoever may see it."""
    titles = {option.code: option.title for option in vote.options}
    if vote.kind.is_ranked:
        return tuple(Line(titles[code], place_in_words(at)) for at, code in enumerate(said.codes, start=1))
    if said.points is None:
        return tuple(Line(titles[code], "") for code in said.codes)
    pairs = zip(said.codes, said.points, strict=True)
    return tuple(Line(titles[code], given_in_words(vote, given)) for code, given in pairs)


def place_in_words(place: int) -> str:
    return str(_("place %(place)s", place=lazy_number(place)))


def given_in_words(vote: Vote, given: int) -> str:
    if vote.kind is BallotKind.YESNO:
        return str(ANSWERS[given])
    return str(ngettext("%(num)s point", "%(num)s points", given))


def how_to(vote: Vote) -> list[Any]:
    """How such a ballot is filled in, as short sentences."""
    most, least = vote.most_choices, vote.fewest_choices
    first, last = vote.points_range
    if vote.kind.is_ranked:
        return [
            ngettext("Put up to %(num)s option in order.", "Put up to %(num)s options in order.", most),
            _("Place 1 is what you want most. What you leave without a place comes after all that have one."),
        ]
    if vote.kind is BallotKind.SCORE:
        scale = {"least": lazy_number(first), "most": lazy_number(last)}
        return [
            _("Give each option from %(least)s (worst) to %(most)s (best) points.", **scale),
            _("“No opinion” is not the same as the fewest points."),
        ]
    if vote.kind is BallotKind.CUMULATIVE:
        total = vote.points_to_give or last
        told = [
            ngettext(
                "You have %(num)s point. Share it out as you like.",
                "You have %(num)s points. Share them out as you like.",
                total,
            )
        ]
        if last < total:
            told.append(ngettext("One option gets %(num)s at most.", "One option gets %(num)s at most.", last))
        return told
    if vote.kind is BallotKind.YESNO:
        return [_("Say yes or no to each option, or abstain.")]
    if vote.kind is BallotKind.KNAPSACK:
        return [_("Choose what you want to be paid for, within %(budget)s together.", budget=_budget(vote))]
    if most == 1:
        return [_("Choose one option, or hand in a blank ballot.")]
    if least > 1:
        return [_("Choose between %(least)s and %(most)s options, or hand in a blank ballot.", least=least, most=most)]
    return [ngettext("Choose up to %(num)s option.", "Choose up to %(num)s options.", most)]


def _budget(vote: Vote) -> Any:
    return amount_in_words(vote.rules, int(vote.rules["budget"]))


@dataclass(frozen=True, slots=True)
class Sum:
    """How a ballot stands, in words: ``now`` as the page is sent. The others are for the script that follows each tap,
    with ``{chosen}``, ``{left}``, ``{most}``, ``{used}``, ``{rest}`` and ``{total}`` in them.

    ``kind``: of the ballot. ``total``: points or whole units of money to give out, None where only options are counted.
    ``unit``: ``points`` or ``money``. ``money``: how an amount is written, with ``{n}`` in it.
    """

    kind: str
    most: int
    total: int | None
    unit: str
    money: str
    now: str
    is_over: bool
    none: str
    some: str
    full: str
    over: str
    many: str

    def for_script(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if key not in ("now", "is_over")}


def sum_of(vote: Vote, typed: Mapping[str, str]) -> Sum:
    """The state of a ballot that is being filled in."""
    named = _named(vote, typed)
    words = _words(vote)
    most, total, used = vote.most_choices, _total(vote), _used(vote, typed)
    is_over = len(named) > most or (total is not None and used > total)
    is_full = used == total if total is not None else len(named) == most
    word = (
        "many" if len(named) > most else "over" if is_over else "none" if not named else "full" if is_full else "some"
    )
    write = _money(vote) if vote.kind is BallotKind.KNAPSACK else lazy_number
    numbers: dict[str, Any] = {
        "chosen": lazy_number(len(named)),
        "left": lazy_number(abs(most - len(named))),
        "most": lazy_number(most),
        "used": write(used),
        "rest": write(abs((total or 0) - used)),
        "total": write(total or 0),
    }
    unit = "" if total is None else "money" if vote.kind is BallotKind.KNAPSACK else "points"
    pattern = str(_money(vote)(7)).replace("7", "{n}").replace("۷", "{n}") if unit == "money" else ""
    return Sum(vote.kind.value, most, total, unit, pattern, words[word].format_map(numbers), is_over, **words)


def _named(vote: Vote, typed: Mapping[str, str]) -> list[str]:
    if vote.kind is BallotKind.CUMULATIVE:
        return [code for code in typed if marking.number_of(typed, code)]
    return list(typed)


def _total(vote: Vote) -> int | None:
    if vote.kind is BallotKind.KNAPSACK:
        return int(vote.rules["budget"]) // scale_of(vote)
    return vote.points_to_give


def _used(vote: Vote, typed: Mapping[str, str]) -> int:
    if vote.kind is BallotKind.KNAPSACK:
        return cost_of(vote, typed.keys()) // scale_of(vote)
    return sum(marking.number_of(typed, code) for code in typed)


def scale_of(vote: Vote) -> int:
    """Minor units in a whole one of the vote's currency."""
    return int(vote.rules.get("scale") or 1)


def _money(vote: Vote) -> Any:
    return lambda amount: lazy_money(amount, vote.rules.get("currency"))


def _words(vote: Vote) -> dict[str, str]:
    """``many``: more options than allowed, where ``over`` is about points or money."""
    words = _set_words()
    if vote.kind.is_ranked:
        words |= {
            "none": _("Nothing in order yet: that is a blank ballot. You can give {most} places."),
            "some": _("In order: {chosen}. You can give {left} more places."),
            "full": _("In order: {chosen}. All places are given."),
            "over": _("In order: {chosen}. That is {left} too many."),
        }
    elif vote.kind is BallotKind.KNAPSACK:
        words |= {
            "none": _("Nothing chosen: that is a blank ballot. You have {total}."),
            "some": _("Chosen: {used}. Left: {rest}."),
            "full": _("Chosen: {used}. Nothing is left."),
            "over": _("Chosen: {used}. That is {rest} over the budget."),
        }
    elif vote.kind is BallotKind.CUMULATIVE:
        words |= {
            "none": _("No points given: that is a blank ballot. You have {total}."),
            "some": _("Points left: {rest} of {total}."),
            "full": _("All {total} points are given."),
            "over": _("That is {rest} points too many; you have {total}."),
        }
    elif vote.kind.has_points:
        words |= {
            "none": _("Nothing marked: that is a blank ballot."),
            "some": _("Marked: {chosen} of {most}."),
            "full": _("Marked: {chosen} of {most}."),
            "over": _("Marked: {chosen}. That is {left} too many."),
        }
    return {
        **words,
        "many": words["over"] if _total(vote) is None else _("Options: {chosen}. That is {left} too many."),
    }


def _set_words() -> dict[str, str]:
    return {
        "none": _("Nothing ticked: that is a blank ballot. You can tick up to {most}."),
        "some": _("Ticked: {chosen}. You can tick {left} more."),
        "full": _("Ticked: {chosen}. That is all you can tick."),
        "over": _("Ticked: {chosen}. That is {left} too many."),
    }


def grades(vote: Vote) -> list[tuple[str, Any]]:
    """What one option may be given, best first: value and words; yes or no with abstaining, points with no opinion."""
    first, last = vote.points_range
    if vote.kind is BallotKind.YESNO:
        return [("1", _("Yes")), ("0", _("No")), ("", _("Abstain"))]
    return [*((str(each), lazy_number(each)) for each in range(last, first - 1, -1)), ("", _("No opinion"))]
