"""Moderation in the demonstration: rules, what was reported, held, hidden and appealed against, in the candidacy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from ..kernel.identity import Actor
from ..moderation import operations, queries
from ..moderation.deciding import Addresses
from ..moderation.models import Mode, Reason, Rules
from ..processes.models import Process
from ..proposals import operations as proposals
from ..proposals.models import Content, Level, ProposalKind
from ..proposals.moderating import MODERATED
from .city import City, text
from .people import OFFICIALS

PROCESS = "candidacy"
KINDS = {MODERATED.name: MODERATED}
Work = Callable[..., Any]


def moderate(city: City) -> None:
    """Plan everything; what waits at the end waits for the coordinator of the logins."""
    told = text("moderation")
    _plan(city, told["rules_day"], OFFICIALS["culture"], _set_rules)
    for number, said in enumerate(told["contribution"]):
        city.days.plan(city.days.moment(said["day"], minutes=960 + number), partial(_write, city, said))
    for number, about in enumerate(told["report"]):
        at = city.days.moment(about["day"], minutes=1020 + 7 * number)
        city.days.plan(at, partial(_report, city, about, number))


def _plan(city: City, day: int, official: str, work: Work) -> None:
    at = city.days.moment(day, minutes=560)
    city.days.plan(at, lambda now: city.change(PROCESS, now, work, actor=city.official(official)))


def _set_rules(session: Session, process: Process, *, actor: Actor, now: datetime) -> None:
    operations.set_rules(session, process, Rules(mode=Mode.AFTER, most_links=1, notice_hours=48), actor=actor, now=now)


def _write(city: City, said: dict[str, Any], at: datetime) -> None:
    """Somebody who takes part sends a proposal that moderators look at later."""
    content = Content(
        title=said["title"],
        summary=said["summary"],
        body=said["body"],
        kind=ProposalKind.PROJECT,
        level=Level.LOCAL,
        objectives=("OBJ-1",),
        areas=("AREA-1",),
        for_whom=("artists",),
    )
    work = partial(proposals.submit_proposal, content=content, currency="IRR", network=said["title"][:32])
    made = city.change(PROCESS, at, work, actor=city.resident(said["by"]))
    city.proposals[PROCESS, said["title"]] = made.public_id
    if "refused" in said:
        _later(city, said["refused"], made.ref, operations.refuse_contribution)


def _report(city: City, about: dict[str, Any], number: int, at: datetime) -> None:
    ref = f"proposal/{city.proposals[PROCESS, about['title']]}"
    for place, email in enumerate(about["by"]):
        facts: dict[str, Any] = {"reason": Reason(about["reason"]), "words": about.get("words")}
        work = _on(operations.flag_contribution, ref, network=f"{number}-{place}", **facts)
        city.change(PROCESS, at, work, actor=city.resident(email))
    if "hidden" in about:
        _later(city, about["hidden"], ref, operations.hide_contribution)
    if "kept" in about:
        _later(city, about["kept"], ref, operations.keep_contribution)
    if "appeal" in about:
        moment = city.days.moment(about["appeal"]["day"], minutes=1100)
        city.days.plan(moment, partial(_appeal, city, about, ref))


def _later(city: City, told: dict[str, Any], ref: str, operation: Work) -> None:
    facts = {"reason": Reason(told["reason"]), "words": told["words"]} if "reason" in told else {}
    work = _on(operation, ref, addresses=_addresses(), **facts)
    official = city.official(OFFICIALS["crafts"])
    city.days.plan(
        city.days.moment(told["day"], minutes=610), lambda at: city.change(PROCESS, at, work, actor=official)
    )


def _on(operation: Work, ref: str, **facts: Any) -> Work:
    """The operation on this contribution, as a unit of work that is given the process."""

    def work(session: Session, _process: Process, **by: Any) -> None:
        operation(session, KINDS, ref, **facts, **by)

    return work


def _appeal(city: City, about: dict[str, Any], ref: str, at: datetime) -> None:
    def work(session: Session, _process: Process, **by: Any) -> None:
        case = queries.case_to_change(session, ref)
        if case is not None:
            [decision, *_older] = queries.decisions_of(session, case)
            operations.appeal(session, KINDS, case, decision, words=about["appeal"]["words"], **by)

    city.change(PROCESS, at, work, actor=city.resident(about["appeal"]["by"]))


def _addresses() -> Addresses:
    site = current_app.extensions["ucc.settings"].public_url
    return Addresses(own=lambda process, case: f"{site}/p/{process.public_id}/moderation/case/{case}", site=site)
