"""The form in which a vote is announced: what is typed, and the rules object that comes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from ..kernel.errors import Invalid
from ..kernel.forms import (
    BooleanField,
    CheckboxesField,
    Form,
    HiddenField,
    IntegerField,
    Length,
    LocalizedTextField,
    MomentField,
    NumberRange,
    RadioField,
    Required,
    StringField,
    TextAreaField,
)
from ..kernel.forms.fields import number_from
from ..kernel.i18n import LOCALES, lazy_money, lazy_number, reader
from ..kernel.text import clean_line
from ..proposals.models import Proposal
from ..proposals.wording import KINDS
from ..vocabularies.uccn import AREAS, BENEFICIARIES
from . import rule_words
from .models import Franchise
from .purposes import BALLOT_MEMBERS, BUDGET_OR_PLACES, METHOD_MEMBERS, STEPS_TO_BUDGET, Purpose
from .rules.ballots import BallotKind
from .rules.schema import LATER

LARGEST_AMOUNT = 10**15
NO_ENVELOPES, BY_HAND = "none", "hand"
_SEPARATORS = re.compile(r"[;؛]")
_BETWEEN_NUMBERS = re.compile(r"[\s,،]+")
_AMOUNT = "envelope:"
FIELD_OF = {
    "options": "shortlist",
    "currency": "budget",
    "scale": "budget",
    "envelopes": "envelope_by",
    "lot": "public_value",
    "group_floor": "threshold",
}
"""Members of the rules that are typed in a field of another name."""


def _choices(words: Mapping[Any, rule_words.Words]) -> list[tuple[Any, ...]]:
    return [(str(key), each.title, each.hint) if each.hint else (str(key), each.title) for key, each in words.items()]


class AnnouncementForm(Form):
    """A vote to be announced, over a shortlist of proposals. ``purpose``: one of purposes.PURPOSES.

    ``seen``: the digest of what the coordinator has read in the preview; what is announced must be the same.
    """

    purpose = HiddenField()
    seen = HiddenField()
    title = LocalizedTextField(_l("Title"), [Required()])
    franchise = RadioField(
        _l("Who votes"),
        [Required()],
        choices=[
            (Franchise.INDIVIDUAL.value, _l("Residents, in secret")),
            (Franchise.ORGANISATION.value, _l("Organisations, on the record")),
        ],
    )
    shortlist = CheckboxesField(
        _l("Options"),
        [Required()],
        description=_l("The cost of each option is the one its proposal names."),
        choices=(),
        fewest=2,
    )
    ballot = RadioField(_l("What voters do"), [Required()], choices=())
    min_choices = IntegerField(_l("Fewest options on a ballot"), [NumberRange(min=0, max=1000)])
    max_choices = IntegerField(
        _l("Most options on a ballot"), [NumberRange(min=1, max=1000)], description=_l("Empty: as many as there are.")
    )
    min_points = IntegerField(_l("Lowest grade"), [NumberRange(min=0, max=1000)])
    max_points = IntegerField(_l("Highest grade, or most points for one option"), [NumberRange(min=1, max=1000)])
    sum_points = IntegerField(_l("Points to share out"), [NumberRange(min=1, max=10_000)])
    rank_points = StringField(
        _l("Points for the ranks"),
        [Length(max=300)],
        description=_l(
            "From the first rank on, for example 3 2 1. Empty: as many as there are options, one fewer each."
        ),
    )
    order = RadioField(_l("Order of the options"), choices=_choices(rule_words.ORDERS))
    method = RadioField(
        _l("How it is counted"),
        [Required()],
        description=_l("Fixed when you announce the vote. Nobody can change it afterwards."),
        choices=(),
    )
    budget = IntegerField(_l("Budget"), [NumberRange(min=1, max=LARGEST_AMOUNT)], description=_l("In whole units."))
    winners = IntegerField(
        _l("How many win"), [NumberRange(min=1, max=1000)], description=_l("Empty where the budget decides.")
    )
    stops = BooleanField(_l("Stop at the first option that does not fit the budget"))
    per_cost = BooleanField(_l("Count votes for each unit of money, not votes"))
    satisfaction = RadioField(
        _l("What a project counts for its supporters"), choices=_choices(rule_words.SATISFACTIONS)
    )
    completion = RadioField(_l("What happens with money that is left"), choices=_choices(rule_words.COMPLETIONS))
    increment = IntegerField(
        _l("Step by which shares are raised"),
        [NumberRange(min=1, max=LARGEST_AMOUNT)],
        description=_l("Empty: a five-hundredth of what a voter’s share is expected to be."),
    )
    comparison = BooleanField(_l("Take what the most votes give, if more voters prefer that"))
    transfer = RadioField(_l("How votes are passed on"), choices=_choices(rule_words.TRANSFERS))
    envelope_by = RadioField(
        _l("Money or places set aside"),
        choices=[
            (NO_ENVELOPES, _l("Nothing is set aside")),
            ("area", _l("By area of action")),
            ("kind", _l("By kind of proposal")),
            ("district", _l("By district")),
            (BY_HAND, _l("By hand")),
        ],
        description=_l("Each part is counted first, over its own options. What it does not use is not spent."),
    )
    envelope_lines = TextAreaField(
        _l("Parts, one a line"),
        [Length(max=5_000)],
        description=_l("Name; amount; numbers of the proposals. For example: Old town; 200000; 3, 7, 12"),
    )
    reserve_women = IntegerField(
        _l("Kept for proposals by or for women"),
        [NumberRange(min=1, max=LARGEST_AMOUNT)],
        description=_l(
            "Counted first. What is not used flows back, and what did not win competes again with all others."
        ),
    )
    reserve_youth = IntegerField(
        _l("Kept for proposals by or for young people"), [NumberRange(min=1, max=LARGEST_AMOUNT)]
    )
    exclusive = TextAreaField(
        _l("Proposals of which only one can win"),
        [Length(max=5_000)],
        description=_l("Their numbers, a group a line. For example: 3, 7"),
    )
    threshold = IntegerField(_l("Fewest votes that an option needs"), [NumberRange(min=0, max=LARGEST_AMOUNT)])
    quorum = IntegerField(
        _l("Fewest ballots that the vote needs"),
        [NumberRange(min=0, max=LARGEST_AMOUNT)],
        description=_l("With fewer nothing is chosen."),
    )
    majority = BooleanField(_l("An option needs more yes than no"))
    decides = RadioField(_l("Whose votes decide"), choices=_choices(rule_words.DECIDERS))
    weight_alone = IntegerField(_l("One person"), [NumberRange(min=1, max=1000)])
    weight_few = IntegerField(_l("2 to 9 people"), [NumberRange(min=1, max=1000)])
    weight_small = IntegerField(_l("10 to 49 people"), [NumberRange(min=1, max=1000)])
    weight_middle = IntegerField(_l("50 to 249 people"), [NumberRange(min=1, max=1000)])
    weight_large = IntegerField(_l("250 people or more"), [NumberRange(min=1, max=1000)])
    tie = RadioField(_l("What is equal is decided by"), [Required()], choices=_choices(rule_words.TIES))
    public_value = StringField(
        _l("Public value of the lot"),
        [Length(max=300)],
        description=_l(
            "What nobody can know before the closing, for example: the numbers of the national lottery of 12 May. "
            "Empty: the lot is drawn from what is sealed alone."
        ),
    )
    opens_at = MomentField(_l("Opens"), [Required()])
    closes_at = MomentField(_l("Closes"), [Required()])
    canvass_days = IntegerField(
        _l("Days for checking the count"),
        [NumberRange(min=0, max=365)],
        description=_l("Then a coordinator certifies the result. Empty: it holds at once."),
    )

    def refuse(self, error: Invalid) -> None:
        """The operation knows the rules object; most of its members are fields of the same name."""
        name = error.field or ""
        if name == "ballot" and error.field not in self._fields:
            name = "max_choices"
        super().refuse(Invalid(error.reason, field=FIELD_OF.get(name, name)))

    def offer(self, purpose: Purpose, proposals: Sequence[Proposal]) -> None:
        """What can be chosen for this purpose, and from these proposals."""
        methods = purpose.offered_methods()
        self.method.offer(_choices({name: rule_words.METHODS[name] for name in methods}))
        self.ballot.offer(_choices({kind: rule_words.BALLOTS[kind] for kind in purpose.offered_ballots()}))
        self.shortlist.offer([_line(proposal) for proposal in proposals])

    def rules(self, currency: str, proposals: Sequence[Proposal], asides: Asides, *, voters: int) -> dict[str, Any]:
        """The rules object of docs/record-format.md §5, with those members alone that the chosen ballot and count use.

        ``proposals``: those on the ballot. ``voters``: how many there may be. Raises Invalid naming the field.
        """
        method, kind = self.method.data, BallotKind(self.ballot.data)
        uses_budget = method in METHOD_MEMBERS["budget"] and not (
            method in BUDGET_OR_PLACES and self.budget.data is None and self.winners.data is not None
        )
        given: dict[str, Any] = {
            "method": method,
            "ballot": kind.value,
            "currency": currency,
            "min_choices": 1 if self.min_choices.data is None else min(self.min_choices.data, max(1, len(proposals))),
            "max_choices": self.max_choices.data,
            "budget": self.budget.data if uses_budget or kind is BallotKind.KNAPSACK else None,
            "winners": None if uses_budget else self.winners.data,
            "skip": not self.stops.data,
            "threshold": self.threshold.data,
            "tie": self.tie.data,
            "min_points": self.min_points.data,
            "max_points": self.max_points.data,
            "sum_points": self.sum_points.data,
            "rank_points": self._rank_points() if kind is BallotKind.RANKED else None,
            "per_cost": self.per_cost.data,
            "satisfaction": self.satisfaction.data if uses_budget else "cardinality",
            "completion": self.completion.data,
            "increment": self._increment(voters) if uses_budget else self._increment(0),
            "comparison": self.comparison.data,
            "transfer": self.transfer.data,
            "exclusive": self._exclusive(proposals),
            "envelopes": self._envelopes(asides, uses_budget),
            "majority": self.majority.data,
            "quorum": self.quorum.data,
            "decides": self.decides.data,
            "order": self.order.data,
            "canvass_days": self.canvass_days.data,
        }
        return {name: value for name, value in given.items() if _is_used(name, value, method, kind)}

    def _rank_points(self) -> list[int]:
        typed = [part for part in _BETWEEN_NUMBERS.split(self.rank_points.data or "") if part]
        try:
            return [int(number_from(part, locale=reader().locale)) for part in typed]
        except ValueError:
            raise Invalid(_l("Write whole numbers, for example 3 2 1."), field="rank_points") from None

    def _increment(self, voters: int) -> int | None:
        """As typed, else a small part of what a voter’s share is expected to be, never under one."""
        if self.completion.data not in ("add1", "add1u"):
            return None
        if self.increment.data is not None or not self.budget.data:
            return self.increment.data or 1
        return max(1, int(self.budget.data) // (STEPS_TO_BUDGET * max(1, voters)))

    def _exclusive(self, proposals: Sequence[Proposal]) -> list[list[str]]:
        lines = [line for line in (self.exclusive.data or "").splitlines() if line.strip()]
        return [_named(line, proposals, "exclusive") for line in lines]

    def _envelopes(self, asides: Asides, uses_budget: bool) -> list[dict[str, Any]]:
        """Reserves for groups first, then the parts by what was chosen; an option is in the first that it fits."""
        member = "budget" if uses_budget else "winners"
        made: list[dict[str, Any]] = []
        for group, amount in (("women", self.reserve_women.data), ("youth", self.reserve_youth.data)):
            if amount is not None:
                made.append(_reserve(group, amount, _left(asides.by_or_for[group], made), member))
        chosen = self.envelope_by.data or NO_ENVELOPES
        if chosen == BY_HAND:
            made += _by_hand(self.envelope_lines.data or "", asides.proposals, member)
        elif chosen != NO_ENVELOPES:
            parts = asides.parts(chosen, member)
            left = [{**part, "options": _left(part["options"], made)} for part in parts]
            made += [part for part in left if part["options"]]
        return made

    def weights(self) -> dict[str, int]:
        """By size of the organisation, where not 1."""
        typed = {size: self[f"weight_{size}"].data for size in ("alone", "few", "small", "middle", "large")}
        return {size: weight for size, weight in typed.items() if weight not in (None, 1)}


def _line(proposal: Proposal) -> tuple[Any, ...]:
    label = f"{lazy_number(proposal.number or 0)} · {proposal.title}"
    if proposal.cost is None:
        return proposal.public_id, label
    return proposal.public_id, label, lazy_money(proposal.cost, proposal.currency)


def _is_used(name: str, value: Any, method: str, kind: BallotKind) -> bool:
    """Whether the member belongs into the rules: others are left at their default."""
    if value is None or (name in LATER and value in ([], ())):
        return False
    methods, kinds = METHOD_MEMBERS.get(name), BALLOT_MEMBERS.get(name)
    if name == "budget" and kind is BallotKind.KNAPSACK:
        return True
    return (methods is None or method in methods) and (kinds is None or kind in kinds)


@dataclass(frozen=True, slots=True)
class Part:
    """A group of proposals that money may be set aside for. ``field``: the name of its amount in the form."""

    field: str
    id: str
    title: Any
    options: tuple[str, ...]
    amount: str


@dataclass(frozen=True, slots=True)
class Asides:
    """What money can be set aside for, among the proposals on the ballot.

    ``by``: of each way to part them (area, kind, district) its parts. ``by_or_for``: public ids of the proposals by or
    for women and youth.
    """

    proposals: tuple[Proposal, ...]
    by: Mapping[str, tuple[Part, ...]]
    by_or_for: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(
        cls,
        proposals: Sequence[Proposal],
        districts: Mapping[str, Any],
        groups: Mapping[int, frozenset[str]],
        typed: Mapping[str, str],
    ) -> Asides:
        """``districts``: names by code. ``groups``: of each proposal (id) whether its organisation is one of women or
        of young people. ``typed``: what was sent."""
        ways = {
            "area": ([(each, area) for each in proposals for area in each.areas[:1]], AREAS),
            "kind": ([(each, each.kind.value) for each in proposals if each.kind is not None], dict(KINDS)),
            "district": ([(each, each.district) for each in proposals if each.district], districts),
        }
        by = {way: tuple(_parts(way, pairs, dict(words), typed)) for way, (pairs, words) in ways.items()}
        reserved = {
            group: tuple(
                each.public_id for each in proposals if group in each.for_whom or group in groups.get(each.id, ())
            )
            for group in ("women", "youth")
        }
        return cls(tuple(proposals), by, reserved)

    def parts(self, way: str, member: str) -> list[dict[str, Any]]:
        """The envelopes of those parts whose amount was typed."""
        made = [
            _envelope(f"{way}-{part.id}", part.title, part.options, _amount(part.amount), member)
            for part in self.by[way]
            if part.amount
        ]
        if not made:
            raise Invalid(_l("Type the amount of at least one part, or set nothing aside."), field="envelope_by")
        return made


def _parts(
    way: str, pairs: Iterable[tuple[Proposal, str]], words: Mapping[str, Any], typed: Mapping[str, str]
) -> Iterable[Part]:
    found: dict[str, list[str]] = {}
    for proposal, key in pairs:
        found.setdefault(key, []).append(proposal.public_id)
    for key in sorted(found, key=list(words).index if words.keys() >= found.keys() else None):
        name = f"{_AMOUNT}{way}:{key}"
        yield Part(name, key, words.get(key, key), tuple(found[key]), clean_line(typed.get(name)))


def _amount(typed: str, field: str = "envelope_by") -> int:
    try:
        value = number_from(typed, locale=reader().locale)
    except ValueError:
        value = None
    if value is None or value != int(value) or not 0 < value <= LARGEST_AMOUNT:
        raise Invalid(_l("“%(typed)s” is not an amount. Write a whole number.", typed=typed), field=field)
    return int(value)


def _envelope(
    envelope_id: str, title: Any, options: Sequence[str], amount: int, member: str, *, is_reserve: bool = False
) -> dict[str, Any]:
    other = "winners" if member == "budget" else "budget"
    return {
        "id": re.sub(r"[^A-Za-z0-9_-]", "-", envelope_id)[:40],
        "title": _in_all_languages(title),
        "options": list(options),
        member: amount,
        other: None,
        "reserve": is_reserve,
    }


def _in_all_languages(title: Any) -> dict[str, str]:
    """A word of ours in each language; what somebody typed in the language in which they work."""
    if isinstance(title, str):
        return {reader().locale: title}
    found = {}
    for locale in LOCALES:
        with force_locale(locale):
            found[locale] = str(title)
    return found


def _left(options: Iterable[str], made: Iterable[Mapping[str, Any]]) -> list[str]:
    """Those that no envelope before has: they would be counted twice."""
    taken = {option for envelope in made for option in envelope["options"]}
    return [option for option in options if option not in taken]


def _reserve(group: str, amount: int, options: Sequence[str], member: str) -> dict[str, Any]:
    if not options:
        nobody = _l("None of the chosen proposals is by or for this group.")
        raise Invalid(nobody, field=f"reserve_{group}")
    return _envelope(f"reserve-{group}", BENEFICIARIES[group], options, amount, member, is_reserve=True)


def _by_hand(typed: str, proposals: Sequence[Proposal], member: str) -> list[dict[str, Any]]:
    made = []
    for number, line in enumerate((line for line in typed.splitlines() if line.strip()), start=1):
        name, *rest = (clean_line(part) for part in _SEPARATORS.split(line, maxsplit=2))
        if len(rest) < 2 or not name:
            wanted = _l("Line %(number)s: write name; amount; numbers of the proposals.", number=number)
            raise Invalid(wanted, field="envelope_lines")
        options = _named(rest[1], proposals, "envelope_lines")
        made.append(_envelope(f"part-{number}", name, options, _amount(rest[0], "envelope_lines"), member))
    if not made:
        raise Invalid(_l("Write at least one part, or set nothing aside."), field="envelope_lines")
    return made


def _named(line: str, proposals: Sequence[Proposal], field: str) -> list[str]:
    """The public ids of the proposals whose numbers stand in the line."""
    known = {proposal.number: proposal.public_id for proposal in proposals}
    found = []
    for part in filter(None, _BETWEEN_NUMBERS.split(line.strip())):
        try:
            number = int(number_from(part, locale=reader().locale))
        except ValueError:
            number = 0
        if number not in known:
            raise Invalid(_l("“%(typed)s” is not the number of a chosen proposal.", typed=part), field=field)
        found.append(known[number])
    return list(dict.fromkeys(found))
