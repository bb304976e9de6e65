"""Who endorses, amends and writes along in the demonstration: one text from several hands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from ..kernel.identity import Actor
from ..processes.models import Process
from ..proposals import operations
from ..proposals.models import AmendedField, Proposal
from ..proposals.queries import asked_to_change, proposal_to_change
from ..proposals.versioning import content_of
from ..stakeholders.models import Organisation
from .city import City, text
from .people import DELEGATE, OFFICIALS

PROCESS = "candidacy"
FIRST_SUPPORTER = 64


def write(city: City) -> None:
    """Plan the rule, endorsements, a new version, amendments, co-authors."""
    told, days = text("together"), city.days
    days.plan(days.moment(told["rule_day"], minutes=600), partial(_set_rule, city, told["needed"]))
    for number, facts in enumerate(told["endorsed"]):
        _plan_endorsements(city, facts, number)
    for facts in told["version"]:
        days.plan(days.moment(facts["day"], minutes=1140), partial(_rewrite, city, facts))
    for number, facts in enumerate(told["amendment"], 1):
        days.plan(days.moment(facts["day"], minutes=1090 + number), partial(_amend, city, facts))
    days.plan(days.moment(told["along"]["day"], minutes=660), partial(_write_along, city, told["along"]))
    days.plan(days.moment(told["shared_draft"]["day"], minutes=1230), partial(_share, city, told["shared_draft"]))
    days.plan(days.moment(-1, minutes=180), lambda at: city.change(PROCESS, at, _recount))


def _plan_endorsements(city: City, facts: dict[str, Any], number: int) -> None:
    """A few a day after the first week, by residents in an order of their own."""
    days = city.days
    for at in range(facts["residents"]):
        who = f"r{FIRST_SUPPORTER + (at * 7 + number * 11) % 30:03}@sepidrud.example"
        moment = days.moment(-18 + at, minutes=500 + (at * 131 + number * 61) % 800)
        days.plan(moment, partial(_endorse, city, facts["title"], who, None))
    for at, key in enumerate(facts["organisations"]):
        moment = days.moment(-16 + 2 * at, minutes=640 + number)
        days.plan(moment, partial(_endorse, city, facts["title"], None, key))


def _set_rule(city: City, needed: int, at: datetime) -> None:
    facts: dict[str, Any] = {"needed": needed, "is_needed_for_ballot": True}

    def work(session: Session, process: Process, **by: Any) -> None:
        operations.set_rule(session, process, **by, **facts)

    city.change(PROCESS, at, work, actor=city.official(OFFICIALS["culture"]))


def _recount(session: Session, _process: Process, **by: Any) -> None:
    operations.recount_endorsements(session, **by)


def _on(
    city: City, title: str, at: datetime, operation: Any, *args: Any, actor: Actor | None = None, **facts: Any
) -> Any:
    """Run an operation on a proposal, as its author unless somebody else acts."""
    public_id = city.proposals[PROCESS, title]

    def work(session: Session, process: Process, **by: Any) -> Any:
        found = proposal_to_change(session, process, public_id, **by)
        return operation(session, found, *args, **by, **facts)

    return city.change(PROCESS, at, work, actor=actor or city.authors[PROCESS, title])


def _endorse(city: City, title: str, resident: str | None, organisation: str | None, at: datetime) -> None:
    actor = city.resident(resident) if resident else city.delegate(organisation or "")
    whose = city.organisations[organisation].public_id if organisation else None
    _on(city, title, at, operations.endorse_proposal, actor=actor, organisation=whose)


def _rewrite(city: City, facts: dict[str, Any], at: datetime) -> None:
    told = {"change": facts["change"], "address": _page(city, facts)}

    def work(session: Session, found: Proposal, **by: Any) -> None:
        said = replace(content_of(found), summary=facts["summary"])
        operations.change_text(session, found, said, **told, **by)

    _on(city, facts["title"], at, work)


def _amend(city: City, facts: dict[str, Any], at: datetime) -> None:
    """Proposed now; answered on the day that the file says, if it says one."""
    address, title = _page(city, facts), facts["title"]
    given = {"field": AmendedField.SUMMARY, "text": facts["summary"], "reason": facts["reason"]}
    amender = city.resident(f"r{facts['by']:03}@sepidrud.example")
    number = _on(city, title, at, operations.propose_amendment, actor=amender, **given).number
    if "accepted" in facts:
        accept = partial(_on, city, title, operation=operations.accept_amendment, number=number, address=address)
        city.days.plan(city.days.moment(facts["accepted"], minutes=1210), lambda moment: accept(at=moment))
    if "declined" in facts:
        said = {"number": number, "reason": facts["answer"], "address": address}
        decline = partial(_on, city, title, operation=operations.decline_amendment, **said)
        city.days.plan(city.days.moment(facts["declined"], minutes=1215), lambda moment: decline(at=moment))


def _write_along(city: City, facts: dict[str, Any], at: datetime) -> None:
    """An organisation stands behind a resident's proposal."""
    organisation = city.organisations[facts["organisation"]]

    def ask(session: Session, found: Proposal, **by: Any) -> str:
        whose = session.get_one(Organisation, organisation.id)
        return operations.invite_co_author(session, found, organisation=whose, locale="fa", **by).code

    code = _on(city, facts["title"], at, ask)
    _accept(city, code, city.delegate(facts["organisation"]), at)


def _share(city: City, facts: dict[str, Any], at: datetime) -> None:
    """A draft of the resident whom a newcomer can be: one writes along, one has not answered yet."""
    friend = city.people[f"r{facts['by']:03}@sepidrud.example"]
    invite = operations.invite_co_author
    code = _on(city, facts["title"], at, invite, locale="fa", email=friend.email).code
    _on(city, facts["title"], at, invite, locale="fa", email=DELEGATE)
    _accept(city, code, city.resident(friend.email), at)


def _accept(city: City, code: str, actor: Actor, at: datetime) -> None:
    def work(session: Session, _process: Process, **by: Any) -> None:
        operations.accept_invitation(session, asked_to_change(session, code), **by)

    city.change(PROCESS, at, work, actor=actor)


def _page(city: City, facts: dict[str, Any]) -> str:
    return city.address(PROCESS, city.proposals[PROCESS, facts["title"]])
