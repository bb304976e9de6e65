"""Taking in a signed file of another city, and using what is in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, Role, new_public_id
from ...plan.models import Frequency, Indicator, IndicatorKind, IndicatorText, Initiative
from ...plan.operations.indicators import add_indicator
from ...processes import policies as processes
from ...processes.events import ProcessEvent
from ...processes.models import Phase, PhaseKind, Process, ProcessState, PromiseLevel
from ...processes.timetable import LEAST_OPEN_DAYS, day_begins
from .. import policies, queries
from ..bundle import Received, open_share
from ..events import ShareEvent
from ..models import KnownOrigin, Share

COMPARE = _l(
    "This city is new here. Compare its key with the one on that city’s own page, better by telephone, and confirm it."
)


def receive_share(
    session: Session, process: Process, data: bytes, *, has_compared: bool, actor: Actor, now: datetime
) -> Share:
    """Keep a signed file. ``has_compared``: the actor has compared the key of an origin that is new here.

    Raises Invalid (``file``: unreadable, bad signature, another key; ``has_compared``), Conflict when it is known.
    """
    require(policies.can_share(actor, process, now=now))
    received = open_share(data)
    origin = queries.origin_of(session, received.origin)
    if origin is not None:
        open_share(data, vkey=origin.vkey)
    elif not has_compared:
        raise Invalid(COMPARE, field="has_compared")
    else:
        origin = _trust(session, received, actor, now)
    if queries.is_known(session, process, received.sha256):
        raise Conflict(_l("This file was taken in before. Nothing has changed."))
    share = _kept(process, received, origin, now)
    session.add(share)
    _note(session, ShareEvent.RECEIVED, share, actor=actor, now=now)
    return share


def take_indicator(
    session: Session, share: Share, number: int, initiative: Initiative, *, actor: Actor, now: datetime
) -> Indicator:
    """Measure in an initiative what the other city measures; baseline and target are still to be written.

    Raises Conflict when it measures that already, as after a second press of the button.
    """
    told = _nth(share.content["indicators"], number)
    text = IndicatorText(
        kind=IndicatorKind(told["kind"]),
        title=told["title"],
        unit=told["unit"],
        frequency=Frequency(told["frequency"]),
        data_source=told["data_source"],
    )
    if any((each.kind, each.title, each.unit) == (text.kind, text.title, text.unit) for each in initiative.indicators):
        raise Conflict(_l("This initiative measures that already."))
    indicator = add_indicator(session, initiative, text, actor=actor, now=now)
    _use(session, share, f"indicators/{number}", indicator.ref, actor=actor, now=now)
    return indicator


def take_process(session: Session, share: Share, *, begins_on: date, actor: Actor, now: datetime) -> Process:
    """Draft a process with the texts and phases of the other city's, beginning on a day of ours."""
    template = share.content["process"]
    require(processes.can_create(actor, Process, now=now))
    if template is None:
        raise Conflict()
    process = Process(public_id=new_public_id(), status=ProcessState.DRAFT, created_at=now, documents=[])
    for name in ("title", "purpose", "scope", "open_questions", "promise"):
        setattr(process, name, template[name])
    level = template.get("promise_level")
    process.promise_level = PromiseLevel(level) if level in set(PromiseLevel) else None
    process.min_open_days = max(LEAST_OPEN_DAYS, min(365, int(template.get("min_open_days") or 21)))
    process.targets, process.decision_maker, process.responsible = {}, {}, ""
    process.phases = _phases(template["phases"], begins_on)
    session.add(process)
    session.flush()
    payload = process.public_payload()
    record(
        session, ProcessEvent.CREATED, actor=actor, subject=process.ref, process=process.ref, payload=payload, now=now
    )
    _use(session, share, "process", process.ref, actor=actor, now=now)
    return process


def _phases(told: list[dict[str, Any]], begins_on: date) -> list[Phase]:
    """One phase of each kind that is known here, in the order told."""
    kinds = {kind.value: kind for kind in PhaseKind}
    phases: dict[PhaseKind, Phase] = {}
    for each in told:
        kind = kinds.get(each["kind"])
        starts, lasts = each["starts_after_days"], max(1, each["lasts_days"])
        if kind is None or kind in phases:
            continue
        first = day_begins(begins_on + timedelta(days=starts))
        after = day_begins(begins_on + timedelta(days=starts + lasts))
        phases[kind] = Phase(kind=kind, title=each["title"], starts_at=first, ends_at=after)
    return list(phases.values())


def _trust(session: Session, received: Received, actor: Actor, now: datetime) -> KnownOrigin:
    account = session.get(Account, actor.account_id) if actor.account_id else None
    origin = KnownOrigin(
        origin=received.origin,
        vkey=received.vkey,
        compared_by=account.official_name if account is not None else actor.key,
        compared_at=now,
    )
    session.add(origin)
    session.flush()
    return origin


def _kept(process: Process, received: Received, origin: KnownOrigin, now: datetime) -> Share:
    return Share(
        public_id=new_public_id(),
        process_id=process.id,
        process=process,
        origin_id=origin.id,
        origin=origin,
        sha256=received.sha256,
        city=received.city,
        made_at=received.made_at,
        content=received.content,
        received_at=now,
        used=[],
    )


def _nth(values: list[dict[str, Any]], number: int) -> dict[str, Any]:
    if not 0 <= number < len(values):
        raise Conflict()
    return values[number]


def _use(session: Session, share: Share, what: str, became: str, *, actor: Actor, now: datetime) -> None:
    session.flush()
    share.used = [*share.used, {"what": what, "became": became}]
    _note(session, ShareEvent.USED, share, actor=actor, now=now)


def _note(session: Session, event: ShareEvent, share: Share, *, actor: Actor, now: datetime) -> None:
    session.flush()
    record(
        session,
        event,
        actor=actor,
        subject=share.ref,
        process=share.process.ref,
        payload=share.public_payload(),
        now=now,
        role=None if actor.is_system else Role.COORDINATOR,
    )
