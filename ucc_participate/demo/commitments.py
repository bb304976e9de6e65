"""What became of the promises of the demonstration's closed process, whose plan is frozen by then."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from ..commitments import operations, queries
from ..commitments.models import Attendance, Commitment, CommitmentKind, CommitmentState
from ..commitments.operations import Moved, Read, Told
from ..commitments.promises import Measured, indicators_of
from ..kernel.i18n import site_day
from ..kernel.identity import Actor
from ..processes.models import Process
from .city import City, text
from .people import OFFICIALS

PROCESS = "house"
DESIGNATED, ENTERED = -190, -186
STATES = (CommitmentState.KEPT, CommitmentState.UNDER_WAY, CommitmentState.NOT_KEPT)
FIRST, CORRECTED = -60, -55


def keep_promises(city: City) -> None:
    """Plan the designation, the fate of three steps, a reading with its correction, and a conference.

    To be called after whatever freezes the plan of the process before the day ENTERED.
    """
    city.days.plan(city.days.moment(ENTERED, minutes=600), partial(_designate, city))
    for number, state in enumerate(STATES):
        city.days.plan(city.days.moment(-150 + 30 * number, minutes=615), partial(_move, city, number, state))
    city.days.plan(city.days.moment(FIRST, minutes=630), partial(_read, city))
    city.days.plan(city.days.moment(CORRECTED, minutes=560), partial(_correct, city))
    city.days.plan(city.days.moment(-40, minutes=700), partial(_meet, city))


def _run(city: City, at: datetime, work: Any, **facts: Any) -> Any:
    official = city.official(OFFICIALS["crafts"])
    return city.change(PROCESS, at, work, actor=official, today=site_day(at), **facts)


def _designate(city: City, at: datetime) -> None:
    designated_on = site_day(city.days.moment(DESIGNATED, minutes=600))
    facts = {"designated_on": designated_on, "decision": text("commitments")["decision"], "stored": None}
    _run(city, at, operations.record_designation, **facts)


def _move(city: City, number: int, state: CommitmentState, at: datetime) -> None:
    told = text("commitments")
    evidence = told["kept_evidence"] if state is CommitmentState.KEPT else ""
    moved = Moved(state, told[state.value], evidence)

    def work(session: Session, process: Process, **facts: Any) -> None:
        steps = _steps(session, process)
        if number < len(steps):
            operations.move_commitment(session, steps[number], moved, stored=None, **facts)

    _run(city, at, work)


def _steps(session: Session, process: Process) -> list[Commitment]:
    return [each for each in queries.register_of(session, process) if each.kind is CommitmentKind.STEP]


def _read(city: City, at: datetime) -> None:
    """Somewhat more than there was, for the first indicator whose beginning is known."""
    evidence = text("commitments")["reading_evidence"]

    def work(session: Session, process: Process, *, today: date, actor: Actor, now: datetime) -> None:
        measured = _first(session, process)
        read = Read(_part(measured, Decimal("0.3")), today, evidence)
        facts: dict[str, Any] = {"stored": None, "today": today, "actor": actor, "now": now}
        operations.enter_reading(session, process, measured.id, 1, read, **facts)

    _run(city, at, work)


def _correct(city: City, at: datetime) -> None:
    told = text("commitments")

    def work(session: Session, process: Process, *, today: date, actor: Actor, now: datetime) -> None:
        measured = _first(session, process)
        [wrong] = queries.readings_of(session, process, measured.id)
        found = queries.get_reading(session, process, wrong.public_id)
        read = Read(_part(measured, Decimal("0.25")), wrong.measured_on, told["correction_evidence"])
        facts: dict[str, Any] = {"stored": None, "today": today, "actor": actor, "now": now}
        operations.correct_reading(session, found, read, because=told["because"], **facts)

    _run(city, at, work)


def _first(session: Session, process: Process) -> Measured:
    version = queries.submitted_version(session, process)
    found = indicators_of(version.content) if version is not None else []
    return next(each for each in found if each.target is not None)


def _part(measured: Measured, share: Decimal) -> Decimal:
    begin = measured.baseline or Decimal(0)
    return (begin + ((measured.target or Decimal(0)) - begin) * share).quantize(Decimal(1))


def _meet(city: City, at: datetime) -> None:
    told = text("commitments")
    conference = Told(
        site_day(at), told["conference_place"], Attendance.ONLINE, told["conference_sent"], told["achievements"]
    )
    _run(city, at, operations.record_conference, year=1, told=conference, stored=None)
