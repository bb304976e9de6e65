"""Dossiers to be handed in and seats of evaluators, made through the operations."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from tests.dossier.making import act, finish, make_dossier, write, write_all
from tests.stakeholders.making import CITY, told
from ucc_participate.audit.log import record
from ucc_participate.dossier import operations as dossiers
from ucc_participate.dossier.blockers import rooms
from ucc_participate.dossier.models import Answer, Citation
from ucc_participate.kernel.identity import Actor
from ucc_participate.notifications.models import OutboxMessage
from ucc_participate.plan.models import (
    Indicator,
    IndicatorKind,
    Initiative,
    InitiativeCost,
    InitiativeKind,
    Level,
    Origin,
    Plan,
)
from ucc_participate.plan.years import Calendar
from ucc_participate.processes.models import Process
from ucc_participate.processes.queries import process_to_change
from ucc_participate.submission import operations, queries
from ucc_participate.submission.events import EvaluatorEvent
from ucc_participate.submission.models import Evaluator

PERSIAN = "نخست پرسیدیم: UCCN 2027 چیست؟\n\nسپس از ۱۲ گروه شنیدیم که می‌خواهند کارگاه‌های بافندگی باز بماند."
Made = tuple[Process, Any]


def written(perform: Any, now: datetime, leila: Actor) -> Made:
    """A dossier with English texts, all final, and a Persian one of section 2, which cites a proposal."""
    made = make_dossier(perform, now)
    write_all(perform, made, actor=leila, now=now)
    write(perform, made, "2", "fa", PERSIAN, actor=leila, now=now)
    finish(perform, made, "2", "fa", actor=leila, now=now)
    perform(lambda s: _cite(s, made, now))
    return made


def _cite(session: Any, made: Made, now: datetime) -> None:
    """As the room of citations will: a row, with the entry of the text that it belongs to."""
    query = select(Answer).where(Answer.dossier_id == made[1].id, Answer.section == "2")
    for answer in session.scalars(query):
        key = answer.paragraphs[0]["key"]
        session.add(
            Citation(answer_id=answer.id, paragraph=key, subject="proposal/8f3k2m", added_by="Leila", added_at=now)
        )
    note(session, now)


def note(session: Any, now: datetime) -> None:
    """Rows that a test writes by hand want an entry beside them; this one tells nothing."""
    record(session, EvaluatorEvent.CAME, actor=CITY, subject="rows/made", now=now, schema="ucc.rows/1")


def told_of(app: Any, ref: str) -> list[tuple[str, dict[str, Any], str]]:
    """Type, payload and role of every entry of a subject, oldest first."""
    return [(each.type, each.payload, str(each.values["role"])) for each in told(app, subject=ref)]


def freeze(app: Any, perform: Any, made: Made, *, actor: Actor, now: datetime) -> None:
    with app.app_context():
        all_rooms = rooms()
    act(perform, made, dossiers.freeze_dossier, all_rooms, reasons={}, actor=actor, now=now)


def invite(
    perform: Any, read: Any, process: Process, *, actor: Actor = CITY, now: datetime, days: float = 30
) -> tuple[Evaluator, str]:
    """The seat and the token of its link, taken from the mail."""

    def work(session: Any) -> Evaluator:
        return operations.invite_evaluator(
            session,
            process_to_change(session, process.public_id, actor=CITY),
            name="Parvin Azadi",
            office="National Commission",
            email="Parvin@commission.example",
            locale="en",
            until=now + timedelta(days=days),
            address=lambda token: f"https://city.example/evaluator/{token}",
            actor=actor,
            now=now,
        )

    made: Evaluator = perform(work)
    mails = read(lambda s: s.scalars(select(OutboxMessage).where(OutboxMessage.template == "evaluator_invited")).all())
    return made, max(mails, key=lambda mail: mail.id).data["link"].rpartition("/")[2]


def change(perform: Any, process: Process, evaluator: Evaluator, operation: Any, **facts: Any) -> Any:
    """Run an operation on a seat, loaded as the views load it."""

    def work(session: Any) -> Any:
        found = queries.evaluator_to_change(
            session, process_to_change(session, process.public_id, actor=CITY), evaluator.public_id
        )
        return operation(session, found, **facts)

    return perform(work)


def plan_of_two(session: Any, process: Process, now: datetime) -> Plan:
    """A plan with an initiative of each level."""
    plan = Plan(
        public_id="plan2345",
        process_id=process.id,
        begins_on=date(2027, 3, 21),
        calendar=Calendar.JALALI,
        currency="IRR",
        vision={"fa": "شهری که با دست‌هایش فکر می‌کند.", "en": "A city that thinks with its hands."},
        created_at=now,
    )
    session.add(plan)
    session.flush()
    titles = (
        {"fa": "کارگاه باز بافندگی", "en": "=Open looms, open doors"},
        {"fa": "نامه به لیون", "en": "Letters to Lyon"},
    )
    for number, (title, level) in enumerate(zip(titles, Level, strict=True), 1):
        initiative = Initiative(
            public_id=f"init234{number}",
            plan_id=plan.id,
            number=number,
            place=number,
            kind=InitiativeKind.PROJECT,
            level=level,
            title=title,
            summary={"fa": "هر محله یک کارگاه.", "en": "A workshop in each quarter."},
            objectives=("OBJ-1",),
            areas=("AREA-1",),
            starts_on=date(2027, 4, 1),
            ends_on=date(2029, 3, 31),
            owner="Office of crafts",
            origin=Origin.ADDED,
            added_because="Asked for in the meetings",
            created_at=now,
            changed_at=now,
        )
        initiative.costs = [InitiativeCost(year=1406 + at, amount=1_500_000_000 * (at + 1)) for at in range(2)]
        initiative.indicators = [
            Indicator(
                public_id=f"indi23{number}{kind.value[:1]}",
                kind=kind,
                title={"fa": "شمار کارگاه‌ها", "en": "Workshops"},
                unit={"fa": "کارگاه", "en": "workshops"},
                baseline=Decimal(2),
                target=Decimal("12.5"),
                responsible="Office of crafts",
            )
            for kind in IndicatorKind
        ]
        session.add(initiative)
    note(session, now)
    return plan


__all__ = ["CITY", "change", "freeze", "invite", "note", "plan_of_two", "told_of", "written"]
