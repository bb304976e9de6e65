"""How polling places, boxes and what happens at them are called on screen and in print."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..kernel.i18n import lazy_number
from ..voting.models import Channel, Vote
from ..voting.rules import BallotKind
from ..voting.wording import money_of
from .models import BallotBox, BoxState, Invalidity, Mishap, MishapReason

__all__ = [
    "BOX_MARKS",
    "BOX_STATES",
    "INVALIDITIES",
    "MISHAPS",
    "MISHAP_REASONS",
    "USED",
    "box_name",
    "how_to_mark",
    "money_of",
]

BOX_STATES: dict[BoxState, Any] = {
    BoxState.OPEN: _l("Papers go in"),
    BoxState.COUNTED: _l("Being typed"),
    BoxState.AGREED: _l("Agreed"),
    BoxState.ENTERED: _l("Entered"),
}
BOX_MARKS: dict[BoxState, str] = {
    BoxState.OPEN: "open",
    BoxState.COUNTED: "low",
    BoxState.AGREED: "",
    BoxState.ENTERED: "good",
}
INVALIDITIES: dict[Invalidity, Any] = {
    Invalidity.UNCLEAR: _l("Not clear what is meant"),
    Invalidity.TOO_MANY: _l("More marked than the rules allow"),
    Invalidity.SIGNED: _l("Shows who voted: a name, a signature"),
    Invalidity.NOT_OURS: _l("Not one of our papers"),
    Invalidity.SURPLUS: _l("Beyond the papers handed out; drawn by lot"),
}
MISHAPS: dict[Mishap, Any] = {
    Mishap.RETURNED: _l("A paper came back unused"),
    Mishap.REPLACED: _l("A spoiled paper was replaced"),
}
MISHAP_REASONS: dict[MishapReason, Any] = {
    MishapReason.WRONG_PERSON: _l("Marked for the wrong person"),
    MishapReason.LEFT: _l("The voter gave it back and left"),
    MishapReason.MARKED_WRONGLY: _l("The voter marked it wrongly"),
    MishapReason.DAMAGED: _l("Torn or badly printed"),
}
USED: dict[Channel, Any] = {
    Channel.INTERNET: _l("Has voted on the internet"),
    Channel.PAPER: _l("Has got a paper ballot"),
    Channel.KIOSK: _l("Has voted at a kiosk"),
}


def how_to_mark(vote: Vote) -> list[Any]:
    """The instruction on a printed ballot and at the kiosk, for its kind. To be asked in the language of the paper."""
    least, most = vote.fewest_choices, vote.most_choices
    limits = [] if most >= len(vote.options) and least <= 1 else [_limits(least, most)]
    if vote.kind is BallotKind.RANKED:
        return [_("Give your first choice a 1, your second a 2, and so on. Leave the others empty."), *limits]
    if vote.kind is BallotKind.YESNO:
        return [_("Mark yes or no beside each line. Where you mark neither you abstain."), *limits]
    if vote.kind.has_points:
        return [_points(vote), *limits]
    if vote.kind is BallotKind.KNAPSACK:
        budget = money_of(vote, vote.rules["budget"])
        return [_("Mark what you want. Together it may cost %(budget)s at most.", budget=budget), *limits]
    if most == 1:
        return [_("Mark one line.")]
    return [_("Mark each line that you support."), *limits]


def _limits(least: int, most: int) -> Any:
    if least > 1:
        return _("Mark between %(least)s and %(most)s lines.", least=lazy_number(least), most=lazy_number(most))
    return _("Mark %(most)s lines at most.", most=lazy_number(most))


def _points(vote: Vote) -> Any:
    lowest, highest = vote.points_range
    total = vote.points_to_give
    if total is not None:
        return _(
            "You have %(total)s points. Write how many you give beside the lines that you support.",
            total=lazy_number(total),
        )
    return _(
        "Write a number from %(lowest)s to %(highest)s beside each line on which you have an opinion.",
        lowest=lazy_number(lowest),
        highest=lazy_number(highest),
    )


def box_name(box: BallotBox) -> Any:
    return _("Box %(number)s", number=lazy_number(box.number))
