"""The proposals of the demonstration: who sends what on which day, drafts, one withdrawn, what officials answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from ..kernel.identity import Actor
from ..processes.models import Process
from ..proposals import operations
from ..proposals.models import Content, Level, Outcome, Proposal, ProposalKind
from ..proposals.queries import proposal_to_change
from .city import City, text
from .inventory import particulars_of
from .people import OFFICIALS, RESIDENT

CURRENCY = "IRR"
FROM_ABROAD = {"en": "r041@sepidrud.example", "fr": "r068@sepidrud.example"}
# One in so many residents would rather not be named.
SHY = 5


def propose(city: City, process: str) -> None:
    """Plan every proposal, draft and answer of a process."""
    told = text(process)
    authors = _authors(city, process)
    for number, idea in enumerate(told["idea"]):
        author = _author(idea, authors)
        sent = city.days.moment(idea["day"], minutes=480 + number * 67 % 780)
        city.days.plan(sent, partial(_submit, city, process, idea, author, number % SHY != SHY - 1))
        if "answer" in idea:
            answered = city.days.moment(idea["answer"]["day"], minutes=510 + number * 23 % 420)
            city.days.plan(answered, partial(_answer, city, process, idea))
    for number, idea in enumerate(told.get("withdrawn", [])):
        sent = city.days.moment(idea["day"], minutes=700 + number)
        author = next(authors)
        city.days.plan(sent, partial(_submit, city, process, idea, author, True))
        city.days.plan(city.days.moment(idea["day"] + 5, minutes=700), partial(_withdraw, city, process, idea, author))
    for number, idea in enumerate(told.get("draft", [])):
        kept = city.days.moment(idea["day"], minutes=1200 + number)
        city.days.plan(kept, partial(_draft, city, process, idea, _author(idea, authors)))


def _authors(city: City, process: str) -> Iterator[str]:
    """Residents in an order of their own, each proposing once."""
    people = list(_PROPOSERS[process])
    return iter([f"r{number:03}@sepidrud.example" for number in people])


_PROPOSERS = {
    "candidacy": (1, 2, 3, 8, 5, 6, 7, 11, 9, 10, 25, 12, 14, 15, 16, 18, 29, 32, 17, 19),
    "neighbourhoods": (20, 21, 23, 24, 26, 27, 30),
    "house": (33, 34, 35),
}


def _author(idea: dict[str, Any], authors: Iterator[str]) -> str:
    """Key of an organisation, or a resident's address."""
    if "by" in idea:
        return str(idea["by"])
    if idea.get("demo"):
        return RESIDENT
    return FROM_ABROAD.get(idea.get("lang", "fa")) or next(authors)


def _actor(city: City, author: str) -> Actor:
    return city.delegate(author) if author in city.organisations else city.resident(author)


def _content(city: City, process: str, idea: dict[str, Any], author: str, *, shows_name: bool = True) -> Content:
    organisation = city.organisations.get(author)
    return Content(
        title=idea["title"],
        summary=idea["summary"],
        body=idea["body"],
        kind=ProposalKind(idea.get("kind", "project")),
        level=Level(idea.get("level", "local")),
        objectives=tuple(idea.get("objectives", ())),
        areas=tuple(idea.get("areas", ())),
        dimensions=tuple(idea.get("dimensions", ())),
        for_whom=tuple(idea.get("for_whom", ())),
        place=idea.get("place"),
        cost=idea.get("cost"),
        language=idea.get("lang", "fa"),
        organisation=organisation.public_id if organisation else None,
        shows_name=shows_name,
        particulars=particulars_of(city, process, idea["title"]),
    )


def _submit(city: City, process: str, idea: dict[str, Any], author: str, shows_name: bool, at: datetime) -> None:
    content = _content(city, process, idea, author, shows_name=shows_name)
    actor = _actor(city, author)
    made = city.change(
        process,
        at,
        lambda s, p, **by: operations.submit_proposal(s, p, content, currency=CURRENCY, **by),
        actor=actor,
    )
    _remember(city, process, made, actor)


def _remember(city: City, process: str, made: Proposal, actor: Actor) -> None:
    city.proposals[process, made.title] = made.public_id
    city.authors[process, made.title] = actor


def _draft(city: City, process: str, idea: dict[str, Any], author: str, at: datetime) -> None:
    content = _content(city, process, idea, author)
    actor = _actor(city, author)
    made = city.change(
        process,
        at,
        lambda s, p, **by: operations.draft_proposal(s, p, content, currency=CURRENCY, **by),
        actor=actor,
    )
    _remember(city, process, made, actor)


def _withdraw(city: City, process: str, idea: dict[str, Any], author: str, at: datetime) -> None:
    public_id = city.proposals[process, idea["title"]]

    def work(session: Session, found: Process, **by: Any) -> None:
        operations.withdraw_proposal(session, proposal_to_change(session, found, public_id, **by), **by)

    city.change(process, at, work, actor=_actor(city, author))


def _answer(city: City, process: str, idea: dict[str, Any], at: datetime) -> None:
    """In the name of the official whom the file names; adopted unless it says otherwise."""
    answer, public_id = idea["answer"], city.proposals[process, idea["title"]]
    facts = {
        "outcome": Outcome(answer.get("outcome", "adopted")),
        "reason": answer["reason"],
        "address": city.address(process, public_id),
    }

    def work(session: Session, found: Process, **by: Any) -> None:
        operations.answer_proposal(session, proposal_to_change(session, found, public_id, **by), **by, **facts)

    city.change(process, at, work, actor=city.official(OFFICIALS[answer["by"]]))
