"""The rules of a vote in short plain sentences, as voters read them before they vote.

Every way of counting that can be registered has its words here; ``wording`` has those of states and groups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from ..kernel.i18n import in_language, lazy_money_in_words, lazy_number, reader
from .models import Franchise, Vote
from .rules.ballots import BallotKind

Rules = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """How something is called in a form: its name and what it means for those who choose it."""

    title: Any
    hint: Any


BALLOTS: Mapping[BallotKind, Words] = {
    BallotKind.APPROVAL: Words(
        _l("Tick what you want"), _l("Any number of options, within limits. The simplest ballot.")
    ),
    BallotKind.CHOOSE: Words(_l("Choose a fixed number"), _l("One option, or a few; as laws often ask for it.")),
    BallotKind.RANKED: Words(_l("Put in order"), _l("First, second, third …; one need not rank everything.")),
    BallotKind.SCORE: Words(
        _l("Give each a grade"), _l("From the lowest to the highest; what is left out has no grade.")
    ),
    BallotKind.CUMULATIVE: Words(_l("Share out points"), _l("So many points together, more on what matters more.")),
    BallotKind.KNAPSACK: Words(_l("Fill a basket"), _l("A set of options that costs no more than the budget.")),
    BallotKind.YESNO: Words(_l("Yes or no to each"), _l("Left open, it is an abstention.")),
}
METHODS: Mapping[str, Words] = {
    "equal_shares": Words(
        _l("Equal shares of the budget"),
        _l(
            "The money is shared equally among all who vote; projects are "
            "paid by those who want them. Fair to small groups."
        ),
    ),
    "phragmen": Words(
        _l("Phragmén: supporters save up"),
        _l("All save equally fast; what its supporters can pay first is taken first. Fair to small groups."),
    ),
    "greedy": Words(
        _l("Most votes first, within a budget"),
        _l("What most cities do. A majority can take all the money."),
    ),
    "knapsack": Words(
        _l("The best basket"),
        _l("The affordable set that has the most votes together. A majority can take all the money."),
    ),
    "votes": Words(_l("Most votes win"), _l("The simplest count. A majority can take all places.")),
    "borda": Words(_l("Points for ranks (Borda)"), _l("A first place brings the most points, a last one the fewest.")),
    "stv": Words(
        _l("Single transferable vote"),
        _l("Places in proportion to how people vote; a vote that is not needed goes on to the next choice."),
    ),
    "schulze": Words(
        _l("Each against each (Schulze)"),
        _l("Wins what wins against every other option, two by two. Good for a single winner."),
    ),
    "ranked_pairs": Words(
        _l("Each against each, clearest first (ranked pairs)"),
        _l("The clearest of these wins count first. Good for a single winner."),
    ),
    "majority_judgment": Words(
        _l("The grade of the middle (majority judgment)"),
        _l("What counts is the grade that at least half of the voters give."),
    ),
}
DECIDERS: Mapping[str, Words] = {
    "person": Words(_l("Every ballot counts the same"), _l("One person, one vote. Sectors are shown beside it.")),
    "sectors": Words(
        _l("Every sector counts the same"),
        _l("A ballot of a small sector then weighs more than one of a large sector."),
    ),
    "double_majority": Words(
        _l("A double majority"),
        _l("What wins needs half of all ballots and half of the ballots of most sectors."),
    ),
}
TIES: Mapping[str, Words] = {
    "lot": Words(
        _l("By lot"), _l("Sealed when the vote is announced, drawn after the closing, repeatable by anybody.")
    ),
    "cost_votes_lot": Words(
        _l("The cheaper one, then more votes, then by lot"), _l("The lot decides only what is equal in everything.")
    ),
    "cost_then_order": Words(_l("The cheaper one, then the order of the ballot"), None),
    "option_order": Words(_l("The order of the ballot"), _l("Those above have an advantage.")),
}
COMPLETIONS: Mapping[str, Words] = {
    "add1u": Words(_l("Raise the shares, then fill up by votes"), _l("Recommended: nearly all of the money is used.")),
    "add1": Words(_l("Raise the shares step by step"), _l("Until the next step would cost more than there is.")),
    "utilitarian": Words(_l("Fill up by votes"), None),
    "none": Words(_l("Leave it unspent"), None),
}
SATISFACTIONS: Mapping[str, Words] = {
    "cost": Words(_l("What it costs"), _l("A large project counts as more than a small one.")),
    "cardinality": Words(_l("Each project the same"), _l("Small projects are taken sooner.")),
}
TRANSFERS: Mapping[str, Words] = {
    "scottish": Words(_l("As in Scotland"), _l("Can be repeated by hand.")),
    "meek": Words(_l("Meek"), _l("A little fairer; needs a computer.")),
}
ORDERS: Mapping[str, Words] = {
    "random": Words(_l("Another order for each voter"), _l("So that no option gains by standing at the top.")),
    "fixed": Words(_l("The same order for everybody"), None),
}


def rule_in_words(vote: Vote) -> list[Any]:
    """The frozen rules as short sentences: how to choose first, how ties are broken last."""
    rules = vote.rules
    kind = BallotKind(rules["ballot"])
    return [
        choosing(kind, rules, vote.fewest_choices, vote.most_choices),
        *_order(rules),
        *_values(kind, rules),
        *COUNTED.get(rules["method"], _by_votes)(vote),
        *_envelopes(vote),
        *_limits(vote),
        *_deciding(vote),
        *_weights(vote),
        *_canvass(rules),
        ties(rules),
    ]


def choosing(kind: BallotKind, rules: Rules, least: int, most: int) -> Any:
    """What the voter does."""
    if kind is BallotKind.RANKED:
        if least > 1:
            return _("Put at least %(least)s options in order, what you want most first.", least=lazy_number(least))
        return _("Put the options in order, what you want most first. You need not rank all.")
    if kind is BallotKind.SCORE:
        least, most = rules.get("min_points", 0), rules.get("max_points") or 5
        return _(
            "Give each option a grade from %(least)s to %(most)s.", least=lazy_number(least), most=lazy_number(most)
        )
    if kind is BallotKind.CUMULATIVE:
        total = rules.get("sum_points") or 0
        if least > 1:
            return _(
                "You have %(total)s points. Share them out among at least %(least)s options.",
                total=lazy_number(total),
                least=lazy_number(least),
            )
        return _("You have %(total)s points. Share them out as you like.", total=lazy_number(total))
    if kind is BallotKind.YESNO:
        return _("Say yes or no to each option, or leave it open.")
    if kind is BallotKind.KNAPSACK:
        return _("Choose what you would pay for; together it may cost no more than the budget.")
    return _set(least, most)


def _set(least: int, most: int) -> Any:
    if most == 1:
        return _("Choose one option, or hand in a blank ballot.")
    if least > 1:
        return _("Choose between %(least)s and %(most)s options, or hand in a blank ballot.", least=least, most=most)
    return ngettext("Choose up to %(num)s option.", "Choose up to %(num)s options.", most)


def _order(rules: Rules) -> list[Any]:
    if rules.get("order") == "random":
        return [_("Each voter sees the options in another order.")]
    return []


def _values(kind: BallotKind, rules: Rules) -> list[Any]:
    """What the ranks or grades are worth, where the count adds them up."""
    points = rules.get("rank_points")
    if kind is BallotKind.RANKED and points and rules["method"] in ("votes", "greedy", "equal_shares", "borda"):
        listed = " · ".join(str(lazy_number(each)) for each in points)
        return [_("Points for the ranks, from the first on: %(points)s.", points=listed)]
    if kind is BallotKind.SCORE and rules["method"] != "majority_judgment":
        return [_("The grades of each option are added up.")]
    return []


def _by_votes(vote: Vote) -> list[Any]:
    kind = BallotKind(vote.rules["ballot"])
    winners = vote.rules["winners"]
    if kind in (BallotKind.APPROVAL, BallotKind.CHOOSE, BallotKind.YESNO):
        return [
            ngettext(
                "The %(num)s option with the most votes wins.", "The %(num)s options with the most votes win.", winners
            )
        ]
    return [
        ngettext(
            "The %(num)s option with the most points wins.", "The %(num)s options with the most points win.", winners
        )
    ]


def _budget(vote: Vote) -> list[Any]:
    if vote.rules["budget"] is None:
        return [ngettext("There is %(num)s place.", "There are %(num)s places.", vote.rules["winners"] or 1)]
    return [_("The budget is %(budget)s.", budget=money_of(vote, vote.rules["budget"]))]


def _greedy(vote: Vote) -> list[Any]:
    skip, per_cost = vote.rules["skip"], vote.rules.get("per_cost", False)
    if per_cost and skip:
        says = _(
            "Options are taken by votes for each unit of money; one that no longer fits the budget is passed over."
        )
    elif per_cost:
        says = _("Options are taken by votes for each unit of money, until one does not fit the budget.")
    elif skip:
        says = _("Options are taken from the most votes downwards; one that no longer fits the budget is passed over.")
    else:
        says = _("Options are taken from the most votes downwards, until one does not fit the budget.")
    return [*_budget(vote), says]


def _knapsack(vote: Vote) -> list[Any]:
    return [*_budget(vote), _("Of all sets that the budget pays for, the one with the most votes together is taken.")]


def _equal_shares(vote: Vote) -> list[Any]:
    rules = vote.rules
    says = [
        *_budget(vote),
        _("The budget is shared equally among all who vote."),
        _("A project is taken when those who want it can pay for it from their shares."),
        _("What costs its supporters least is taken first; they pay alike, as far as their shares last."),
    ]
    if rules["budget"] is not None and rules.get("satisfaction", "cost") == "cardinality":
        says.append(_("A small project counts as much as a large one."))
    return [*says, *_completing(vote, rules.get("completion", "none")), *_compared(rules)]


def _completing(vote: Vote, completion: str) -> list[Any]:
    says = []
    if completion in ("add1", "add1u"):
        step = money_of(vote, vote.rules.get("increment")) if vote.rules["budget"] is not None else ""
        if step:
            says.append(
                _(
                    "If money is left, all shares are raised by %(step)s and it "
                    "is counted anew, again and again, as long as "
                    "what is taken costs no more than the budget.",
                    step=step,
                )
            )
        else:
            says.append(
                _("If money is left, all shares are raised and it is counted anew, as long as the budget is kept.")
            )
    if completion in ("utilitarian", "add1u"):
        says.append(_("What is left then goes to the options with the most votes that still fit."))
    return says


def _compared(rules: Rules) -> list[Any]:
    if not rules.get("comparison"):
        return []
    return [_("If more voters prefer what the most votes alone would give, that is taken instead.")]


def _phragmen(vote: Vote) -> list[Any]:
    says = [
        *_budget(vote),
        _("All voters save at the same speed. What its supporters can pay for first is taken first."),
        _("Supporters of what is taken begin again with nothing."),
    ]
    if vote.rules["budget"] is None:
        return says
    if vote.rules["skip"]:
        return [*says, _("An option that no longer fits the budget is passed over.")]
    return [*says, _("It ends with the first option that does not fit the budget.")]


def _borda(vote: Vote) -> list[Any]:
    says = (
        []
        if vote.rules.get("rank_points")
        else [_("The higher an option stands on a ballot, the more points it gets.")]
    )
    winners = vote.rules["winners"]
    return [
        *says,
        ngettext(
            "The %(num)s option with the most points wins.", "The %(num)s options with the most points win.", winners
        ),
    ]


def _stv(vote: Vote) -> list[Any]:
    places = vote.rules["winners"]
    says = [
        ngettext("There is %(num)s place.", "There are %(num)s places.", places),
        _("Whoever reaches the quota, the ballots divided by the places and one more, has a place."),
        _("Votes beyond the quota go on to the next choice of the same voters, each in part."),
        _("If nobody reaches it, whoever has the fewest votes is left out, and those votes go on to the next choice."),
    ]
    if vote.rules.get("transfer", "scottish") == "meek":
        return [*says, _("It is counted by Meek’s method: the quota falls as ballots run out of choices.")]
    return [*says, _("It is counted as in Scottish local elections, to five decimals.")]


def _pairwise(vote: Vote) -> list[Any]:
    return [
        _("Every two options are compared: which of them more ballots rank higher."),
        _("An option that wins against each other one wins."),
    ]


def _schulze(vote: Vote) -> list[Any]:
    return [
        *_pairwise(vote),
        _("Where they beat each other in a circle, the strongest chains of wins decide (Schulze)."),
        *_first(vote),
    ]


def _ranked_pairs(vote: Vote) -> list[Any]:
    return [
        *_pairwise(vote),
        _("Where they beat each other in a circle, the clearest wins hold and the weakest is dropped (ranked pairs)."),
        *_first(vote),
    ]


def _majority_judgment(vote: Vote) -> list[Any]:
    lowest = lazy_number(vote.rules.get("min_points", 0))
    return [
        _("What counts is the middle grade: at least half of the voters give this grade or a better one."),
        _("No grade counts as %(lowest)s.", lowest=lowest),
        _("Equal middle grades: one of them is taken away from each, and they are compared again."),
        *_first(vote),
    ]


def _first(vote: Vote) -> list[Any]:
    winners = vote.rules["winners"] or 1
    if winners == 1:
        return []
    return [ngettext("The first %(num)s option wins.", "The first %(num)s options win.", winners)]


COUNTED: Mapping[str, Callable[[Vote], list[Any]]] = {
    "votes": _by_votes,
    "greedy": _greedy,
    "knapsack": _knapsack,
    "equal_shares": _equal_shares,
    "phragmen": _phragmen,
    "borda": _borda,
    "stv": _stv,
    "schulze": _schulze,
    "ranked_pairs": _ranked_pairs,
    "majority_judgment": _majority_judgment,
}


def _envelopes(vote: Vote) -> list[Any]:
    says = []
    for envelope in vote.rules.get("envelopes", ()):
        name, options = envelope_title(envelope), envelope["options"]
        facts = {"name": name, "amount": _amount(vote, envelope)}
        if envelope["reserve"]:
            says.append(
                ngettext(
                    "%(amount)s are kept for “%(name)s” (%(num)s option), counted first; what is not used flows back.",
                    "%(amount)s are kept for “%(name)s” (%(num)s options), counted first; what is not used flows back.",
                    len(options),
                    **facts,
                )
            )
        else:
            says.append(
                ngettext(
                    "“%(name)s” has %(amount)s of its own (%(num)s option); what is not used is not spent.",
                    "“%(name)s” has %(amount)s of its own (%(num)s options); what is not used is not spent.",
                    len(options),
                    **facts,
                )
            )
    return says


def envelope_title(envelope: Mapping[str, Any]) -> str:
    """In the reader's language; its id where it has no name."""
    title = envelope.get("title")
    return in_language(title, reader().locale).text if title else str(envelope["id"])


def _amount(vote: Vote, envelope: Mapping[str, Any]) -> Any:
    if envelope["budget"] is not None:
        return money_of(vote, envelope["budget"])
    return ngettext("%(num)s place", "%(num)s places", envelope["winners"] or 0)


def _limits(vote: Vote) -> list[Any]:
    rules, says = vote.rules, []
    titles = {option.code: option.title for option in vote.options}
    for group in rules.get("exclusive", ()):
        names = " · ".join(titles.get(code, code) for code in group)
        says.append(_("Only one of these can win: %(names)s.", names=names))
    if rules["threshold"]:
        says.append(
            ngettext(
                "An option needs at least %(num)s vote.", "An option needs at least %(num)s votes.", rules["threshold"]
            )
        )
    if rules.get("majority"):
        says.append(_("An option needs more yes than no."))
    if quorum := rules.get("quorum", 0):
        says.append(
            ngettext(
                "Nothing is chosen with fewer than %(num)s ballot.",
                "Nothing is chosen with fewer than %(num)s ballots.",
                quorum,
            )
        )
    return says


def _deciding(vote: Vote) -> list[Any]:
    decides = vote.rules.get("decides", "person")
    if decides == "person":
        return []
    says = {
        "sectors": _(
            "Every sector weighs the same, however many of it vote: a ballot of a small sector counts for more."
        ),
        "double_majority": _(
            "What wins must be on at least half of all ballots that are "
            "not blank, and on half of those of most sectors."
        ),
    }[decides]
    if vote.franchise is Franchise.ORGANISATION:
        return [says]
    return [
        says,
        _("Whoever names no sector votes with civil society. Small sectors are put together before the vote opens."),
    ]


def _weights(vote: Vote) -> list[Any]:
    if not vote.weights:
        return []
    most = lazy_number(max(vote.weights.values()))
    return [_("Ballots of organisations have weights, at most %(most)s; the list is public.", most=most)]


def _canvass(rules: Rules) -> list[Any]:
    days = rules.get("canvass_days", 0)
    if not days:
        return []
    return [
        ngettext(
            "After the count everybody can check it for %(num)s day; then the result is certified.",
            "After the count everybody can check it for %(num)s days; then the result is certified.",
            days,
        )
    ]


def ties(rules: Rules) -> Any:
    """How equal numbers are decided."""
    tie = rules["tie"]
    if tie == "cost_then_order":
        return _("With equal votes the cheaper option comes first, then the one higher on the ballot.")
    if tie == "option_order":
        return _("With equal votes the option higher on the ballot comes first.")
    lot = _lot(rules)
    if tie == "cost_votes_lot":
        return (
            _("What is equal: the cheaper option comes first, then the one with more votes, then the lot decides.")
            + lot
        )
    return _("What is equal is decided by lot.") + lot


def _lot(rules: Rules) -> str:
    value = (rules.get("lot") or {}).get("public_value")
    if not value:
        return f" {_('It is sealed now and drawn after the closing; anybody can repeat the draw.')}"
    return f" {_('It is sealed now and drawn after the closing with: %(value)s.', value=value)}"


def money_of(vote: Vote, minor: int | None) -> Any:
    """An amount of the vote's currency; minor units are hidden where they are zero."""
    if minor is None:
        return ""
    scale = vote.rules.get("scale") or 1
    amount = minor // scale
    currency = vote.rules.get("currency")
    return lazy_money_in_words(amount, currency) if currency else lazy_number(amount)
