"""The votes of the demonstration: of residents and of organisations, closed last year, being checked, and open now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from ..accounts.models import Profile, Sex
from ..kernel.db import db, perform
from ..kernel.identity import Actor
from ..processes.models import Process
from ..proposals.queries import get_proposal
from ..stakeholders.models import Organisation
from ..voting import operations
from ..voting.building import OptionLine
from ..voting.models import Franchise
from ..voting.queries import vote_to_cast_in, vote_to_change
from .city import OFFICE, City, text
from .people import RESIDENT, resident_addresses

CURRENCY = "IRR"
MORNING, EVENING = 480, 1200


@dataclass(frozen=True, slots=True)
class Plan:
    """A vote to be, from the morning of one day to the evening of another (days from today).

    ``ballots`` voters of the roll vote, ``changes`` of them think again. ``names``: under which name the texts list
    the people on the ballot, where it has no proposals. ``drawn``: the public value the lot was drawn with.
    """

    name: str
    process: str
    title: dict[str, str]
    franchise: Franchise
    rules: dict[str, Any]
    announced: int
    opens: int
    closes: int
    ballots: int
    changes: int = 0
    names: str | None = None
    public_value: str = ""
    drawn: str = ""

    @property
    def codes_and_ideas(self) -> list[tuple[str, dict[str, Any]]]:
        """The options: under which title or code to find each, and for whom it is."""
        if self.names is None:
            return [(idea["title"], idea) for idea in text(self.process)["idea"] if idea.get("option")]
        people = text(self.process)[self.names]
        return [(f"{self.names}-{at}", person) for at, person in enumerate(people, start=1)]

    @property
    def last_day(self) -> int:
        """The last whole day on which ballots have been cast by now."""
        return min(self.closes, -1)


BUDGET = {
    "method": "greedy",
    "ballot": "approval",
    "max_choices": 4,
    "budget": 60_000_000_000,
    "currency": CURRENCY,
    "tie": "cost_then_order",
}
BEST_THREE = {"method": "votes", "ballot": "approval", "max_choices": 3, "winners": 3, "currency": CURRENCY}
SHARED = {
    "method": "equal_shares",
    "ballot": "approval",
    "max_choices": 4,
    "budget": 7_000_000_000,
    "currency": CURRENCY,
    "completion": "add1u",
    "increment": 500_000,
    "tie": "cost_then_order",
}
"""Seven billion rial in equal shares: they reach three workshops, where most votes first would reach two."""
ORDER = {
    "method": "schulze",
    "ballot": "ranked",
    "max_choices": 6,
    "winners": 3,
    "currency": CURRENCY,
    "order": "random",
}
OBSERVERS = {
    "method": "stv",
    "ballot": "ranked",
    "max_choices": 5,
    "winners": 3,
    "tie": "lot",
    "order": "random",
    "canvass_days": 7,
}
PLANS = [
    Plan(
        "house_residents",
        "house",
        {
            "fa": "هفت میلیارد ریال برای کارگاه‌ها: رأی شهروندان",
            "en": "Seven billion rial for workshops: the residents’ vote",
            "fr": "Sept milliards de rials pour les ateliers : le vote des habitants",
        },
        Franchise.INDIVIDUAL,
        SHARED,
        announced=-297,
        opens=-295,
        closes=-282,
        ballots=117,
        changes=6,
    ),
    Plan(
        "house_organisations",
        "house",
        {
            "fa": "کدام سه کارگاه؟ رأی سازمان‌ها",
            "en": "Which three workshops? The organisations’ vote",
            "fr": "Quels ateliers ? Le vote des organisations",
        },
        Franchise.ORGANISATION,
        BEST_THREE,
        announced=-297,
        opens=-295,
        closes=-282,
        ballots=27,
        changes=1,
    ),
    Plan(
        "neighbourhoods_residents",
        "neighbourhoods",
        {
            "fa": "شصت میلیارد ریال برای هنر در محله‌ها",
            "en": "Sixty billion rial for art in the neighbourhoods",
            "fr": "Soixante milliards de rials pour l’art dans les quartiers",
        },
        Franchise.INDIVIDUAL,
        BUDGET,
        announced=-11,
        opens=-8,
        closes=6,
        ballots=121,
        changes=9,
    ),
    Plan(
        "neighbourhoods_organisations",
        "neighbourhoods",
        {
            "fa": "اولویت سازمان‌ها برای ساخت",
            "en": "What organisations would build first",
            "fr": "Les priorités des organisations",
        },
        Franchise.ORGANISATION,
        BEST_THREE,
        announced=-11,
        opens=-8,
        closes=6,
        ballots=19,
        changes=1,
    ),
    Plan(
        "neighbourhoods_order",
        "neighbourhoods",
        {
            "fa": "کدام کار زودتر آغاز شود؟",
            "en": "Which work should begin first?",
            "fr": "Par quels travaux commencer ?",
        },
        Franchise.INDIVIDUAL,
        ORDER,
        announced=-6,
        opens=-4,
        closes=6,
        ballots=32,
        changes=2,
    ),
    Plan(
        "neighbourhoods_observers",
        "neighbourhoods",
        {
            "fa": "سه ناظر مردمی ساخت",
            "en": "Three residents who watch over the building",
            "fr": "Trois habitants pour suivre les travaux",
        },
        Franchise.INDIVIDUAL,
        OBSERVERS,
        announced=-11,
        opens=-8,
        closes=-3,
        ballots=38,
        changes=2,
        names="observers",
        public_value="شاخص کل بورس تهران در پایان روز پس از رأی‌گیری",
        drawn="۲٬۷۱۴٬۳۰۹",
    ),
]


def hold(city: City) -> None:
    """Plan every vote: announced, opened, its ballots, closed when its time is over."""
    for plan in PLANS:
        moment = city.days.moment
        city.days.plan(moment(plan.announced, minutes=600), partial(_announce, city, plan))
        city.days.plan(moment(plan.opens, minutes=MORNING), partial(_change, city, plan, operations.open_vote))
        _cast_secretly(city, plan) if plan.franchise is Franchise.INDIVIDUAL else _cast_openly(city, plan)
        if plan.closes < 0:
            city.days.plan(moment(plan.closes, minutes=EVENING), partial(_change, city, plan, operations.close_vote))
        if plan.drawn:
            draw = partial(operations.draw_lot, public_value=plan.drawn)
            city.days.plan(moment(plan.closes + 1, minutes=600), partial(_change, city, plan, draw))


def _announce(city: City, plan: Plan, at: datetime) -> None:
    moment = city.days.moment

    def work(session: Session, process: Process, *, actor: Actor, now: datetime) -> str:
        options = _options(session, city, plan, process, actor=actor, now=now)
        made = operations.announce_vote(
            session,
            process,
            actor=actor,
            now=now,
            title=plan.title,
            franchise=plan.franchise,
            rules=plan.rules,
            options=options,
            opens_at=moment(plan.opens, minutes=MORNING),
            closes_at=moment(plan.closes, minutes=EVENING),
            public_value=plan.public_value,
        )
        return made.public_id

    city.votes[plan.name] = city.change(plan.process, at, work)


def _options(
    session: Session, city: City, plan: Plan, process: Process, *, actor: Actor, now: datetime
) -> list[OptionLine]:
    if plan.names is not None:
        return [OptionLine(code, person["title"]) for code, person in plan.codes_and_ideas]
    lines = []
    for title, _idea in plan.codes_and_ideas:
        public_id = city.proposals[plan.process, title]
        proposal = get_proposal(session, process, public_id, actor=actor, now=now)
        lines.append(OptionLine(public_id, proposal.title, proposal.cost, proposal.id, proposal.ref))
    return lines


def _change(city: City, plan: Plan, work: Callable[..., object], at: datetime) -> None:
    """Open, close or batch at its time."""
    public_id = city.votes[plan.name]
    perform(lambda session: work(session, vote_to_change(session, public_id), actor=OFFICE, now=at))


def _cast_secretly(city: City, plan: Plan) -> None:
    """Ballots over the days, some of them replaced later, commitments into the log every night."""
    voters = city.chance.sample(resident_addresses(of_last_year=plan.opens < -100), plan.ballots)
    for voter in voters + city.chance.sample(voters, plan.changes):
        city.days.plan(_some_time(city, plan), partial(_cast, city, plan, voter))
    if plan.closes < 0:  # the newcomer has voted wherever voting is over
        city.days.plan(_some_time(city, plan), partial(_cast, city, plan, RESIDENT))
    for day in range(plan.opens + 1, plan.last_day + 1):
        city.days.plan(city.days.moment(day, minutes=1438), partial(_change, city, plan, operations.batch_ballots))


def _cast_openly(city: City, plan: Plan) -> None:
    """Ballots of organisations that take part and have somebody who speaks for them."""
    waiting = () if plan.closes < 0 else ("weavers",)
    able = [key for key in city.delegates if key not in waiting]
    voters = city.chance.sample(able, plan.ballots)
    for voter in voters + city.chance.sample(voters, plan.changes):
        city.days.plan(_some_time(city, plan), partial(_cast_for, city, plan, voter))


def _some_time(city: City, plan: Plan) -> datetime:
    """In the daytime of one of the vote's days, none of which lies ahead."""
    day = city.chance.randint(plan.opens, plan.last_day)
    return city.days.moment(day, minutes=city.chance.randint(MORNING + 5, EVENING - 5))


def _cast(city: City, plan: Plan, voter: str, at: datetime) -> None:
    choices = _choices(city, plan, _leaning(city, voter))
    public_id, key = city.votes[plan.name], f"{plan.name}-{at:%m%d%H%M}"
    perform(
        lambda session: operations.cast_ballot(
            session,
            vote_to_cast_in(session, public_id),
            actor=city.resident(voter),
            now=at,
            choices=choices,
            idempotency_key=key,
        )
    )


def _cast_for(city: City, plan: Plan, organisation: str, at: datetime) -> None:
    choices = _choices(city, plan, _interests(organisation))
    public_id, key = city.votes[plan.name], f"{plan.name}-{at:%m%d%H%M}"
    perform(
        lambda session: operations.cast_open_ballot(
            session,
            vote_to_cast_in(session, public_id),
            session.get_one(Organisation, city.organisations[organisation].id),
            actor=city.delegate(organisation),
            now=at,
            choices=choices,
            idempotency_key=key,
        )
    )


def _leaning(city: City, voter: str) -> set[str]:
    """For whom a resident would choose: their own, mostly."""
    profile = db.session.get(Profile, city.people[voter].id)
    leaning = {"everybody"}
    if profile is not None:
        leaning |= {"women", "children"} if profile.sex is Sex.FEMALE else set()
        leaning |= {"youth"} if profile.is_under_30(city.days.today.year) else {"elders"}
    return leaning


def _interests(organisation: str) -> set[str]:
    facts = text("organisations")[organisation]
    interests = {"artists"} if facts.get("field", "crafts") == "crafts" else {"everybody", "children"}
    return interests | ({"women"} if facts.get("women") else set()) | ({"youth"} if facts.get("youth") else set())


def _choices(city: City, plan: Plan, leaning: set[str]) -> list[str]:
    """One to as many options as are allowed: those for one's own more often, and some are liked by everybody.

    On a ranked ballot the most liked comes first; on any other they stand in the order of the ballot.
    """
    options = plan.codes_and_ideas
    number = city.chance.choice(range(1, plan.rules["max_choices"] + 1))
    liking = [city.chance.random() ** (1 / _weight(idea, at, leaning)) for at, (_key, idea) in enumerate(options)]
    best = sorted(range(len(options)), key=lambda place: -liking[place])[:number]
    in_order = best if plan.rules["ballot"] == "ranked" else sorted(best)
    keys = [options[place][0] for place in in_order]
    return keys if plan.names is not None else [city.proposals[plan.process, key] for key in keys]


def _weight(idea: dict[str, Any], place: int, leaning: set[str]) -> float:
    shared: Sequence[str] = [group for group in idea["for_whom"] if group in leaning]
    return (2.2 if shared else 1.0) + 0.5 * (place * 7 % 5)
