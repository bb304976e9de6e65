"""Making the demonstration city through the same operations that people use, in the order of their days."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from PIL import Image
from sqlalchemy import select

from ..accounts import operations as accounts
from ..accounts.models import TERMS_VERSION, AboutYou, Account, Sex
from ..accounts.passwords import hash_password
from ..accounts.references import actor_of
from ..kernel import clock, files
from ..kernel.db import WriteSession, db, perform
from ..kernel.identity import Actor, Role, system_actor
from ..processes import operations as processes
from ..processes.models import Channel, InvitationState, PhaseKind, Process
from ..processes.operations import Description, NewDocument
from ..processes.queries import invitation_to_change, process_to_change
from ..processes.timetable import PhasePlan, day_begins
from ..proposals import operations as proposals
from ..proposals.queries import proposal_to_change
from ..stakeholders import operations as stakeholders
from ..stakeholders.models import Organisation
from ..stakeholders.operations import OrganisationDetails
from ..vocabularies.uccn import CreativeField
from . import content

CITY = system_actor("demonstration")
RESIDENTS = 24


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody whom a newcomer can be."""

    email: str
    name: str
    role: str
    granted: Role | None = None
    function: str | None = None


LOGINS = [
    Login("resident@sepidrud.example", "نرگس بهارلو", "resident"),
    Login("delegate@sepidrud.example", "زهرا بافنده", "delegate of انجمن بانوان بافنده"),
    Login(
        "coordinator@sepidrud.example",
        "مریم سادات‌پور",
        "coordinator",
        Role.COORDINATOR,
        "معاون فرهنگی شهرداری سپیدرود",
    ),
    Login("evaluator@sepidrud.example", "کامران نیک‌بین", "evaluator", Role.EVALUATOR),
]


def is_loaded() -> bool:
    return db.session.scalar(select(Process.id).limit(1)) is not None


def load() -> None:
    """Forty days of a process, from the register to answers, as of now."""
    now = clock.now()
    start = day_begins((now - timedelta(days=40)).date())
    people = _people(start)
    organisations = _organisations(start + timedelta(hours=2))
    process_id = _process(start + timedelta(hours=3), organisations)
    _delegate(people["delegate@sepidrud.example"], organisations, start + timedelta(days=9))
    made = _proposals(process_id, people, start + timedelta(days=12))
    _answers(process_id, made, people["coordinator@sepidrud.example"], start + timedelta(days=30))


def _people(at: datetime) -> dict[str, Account]:
    password = hash_password(content.PASSWORD)
    people = {}
    for login in LOGINS:
        about = AboutYou(sex=Sex.FEMALE, birth_year=1998)
        people[login.email] = _person(login.email, login.name, about, at, password, login.function)
        if login.granted is not None:
            _grant(people[login.email], login.granted, at)
    for number in range(1, RESIDENTS + 1):
        about = AboutYou(sex=Sex.FEMALE if number % 2 else Sex.MALE, birth_year=1960 + number * 2)
        email = f"resident{number}@sepidrud.example"
        people[email] = _person(email, f"شهروند نمایشی {number}", about, at, None, None)
    return people


def _person(
    email: str, name: str, about: AboutYou, at: datetime, password: str | None, function: str | None
) -> Account:
    def work(session: WriteSession) -> Account:
        return accounts.create_account(
            session,
            email=email,
            display_name=name,
            locale="fa",
            actor=CITY,
            now=at,
            function=function,
            password_hash=password,
            about=about,
            terms_version=TERMS_VERSION,
        )

    return perform(work)


def _grant(account: Account, role: Role, at: datetime) -> None:
    def work(session: WriteSession) -> None:
        accounts.grant_role(session, session.get_one(Account, account.id), role, actor=CITY, now=at)

    perform(work)


def _organisations(at: datetime) -> list[Organisation]:
    made = []
    for name, sector, subtype, women, youth in content.ORGANISATIONS:
        details = OrganisationDetails(
            name=name,
            sector=sector,
            subtype=subtype,
            identified_by="فهرست ادارهٔ فرهنگ",
            creative_field=CreativeField.CRAFTS,
            is_womens_group=women,
            is_youth_group=youth,
        )
        made.append(perform(lambda s, d=details: stakeholders.register_organisation(s, d, actor=CITY, now=at)))  # type: ignore[misc]
    return made


def _process(at: datetime, organisations: list[Organisation]) -> str:
    description = Description(
        title=content.TITLE,
        creative_field=CreativeField.CRAFTS,
        purpose=content.PURPOSE,
        scope=content.SCOPE,
        open_questions=content.OPEN_QUESTIONS,
        promise_level=content.LEVEL,
        promise=content.PROMISE,
        answers_due_at=at + timedelta(days=75),
        decision_maker=content.DECISION_MAKER,
        responsible=content.RESPONSIBLE,
    )
    made = perform(lambda s: processes.create_process(s, description, actor=CITY, now=at))
    plans = _timetable(at)
    document = _document()
    targets = {
        "sex:female": 45,
        "age:under_30": 40,
        "sector:public": 2,
        "sector:private": 3,
        "sector:civil_society": 3,
    }
    later = at + timedelta(hours=1)
    _change(made.public_id, later, lambda s, p, **by: processes.schedule_phases(s, p, plans, **by))
    _change(made.public_id, later, lambda s, p, **by: processes.add_document(s, p, document, **by))
    _change(made.public_id, later, lambda s, p, **by: processes.set_targets(s, p, targets, **by))
    _change(made.public_id, later, processes.publish_process)
    _invite(made.public_id, organisations, at + timedelta(days=1))
    _change(made.public_id, at + timedelta(days=2), lambda s, p, **by: processes.open_process(s, p, reasons={}, **by))
    return made.public_id


def _timetable(at: datetime) -> list[PhasePlan]:
    edges = [
        (PhaseKind.INVITE, 0, 8),
        (PhaseKind.PROPOSE, 8, 55),
        (PhaseKind.DISCUSS, 55, 65),
        (PhaseKind.VOTE, 70, 80),
        (PhaseKind.REPORT, 80, 95),
    ]
    first = day_begins(at.date())
    return [PhasePlan(kind, {}, first + timedelta(days=a), first + timedelta(days=b)) for kind, a, b in edges]


def _document() -> NewDocument:
    """One picture, kept in the store as an upload would be."""
    picture = io.BytesIO()
    Image.new("RGB", (640, 360), "#0b6e74").save(picture, "PNG")
    picture.seek(0)
    upload = files.check_upload(picture, name="crafts.png", kinds=files.IMAGES, max_bytes=1_000_000)
    return NewDocument(
        title=content.DOCUMENT_TITLE,
        stored_name=current_app.extensions["ucc.store"].put(upload),
        media_type=upload.kind.mime_type,
        sha256=upload.sha256,
        size=upload.size,
    )


def _change(process_id: str, at: datetime, work: Callable[..., Any], *, actor: Actor = CITY) -> Any:
    def unit(session: WriteSession) -> Any:
        return work(session, process_to_change(session, process_id, actor=actor), actor=actor, now=at)

    return perform(unit)


def _invite(process_id: str, organisations: list[Organisation], at: datetime) -> None:
    ids = [each.id for each in organisations]

    def invite(session: WriteSession, process: Process, **by: Any) -> None:
        found = [session.get_one(Organisation, each) for each in ids]
        processes.invite_organisations(session, process, found, channel=Channel.LETTER, **by)

    def answer(session: WriteSession, process: Process, **by: Any) -> None:
        for each in ids[:-2]:
            found = session.get_one(Organisation, each)
            invitation = invitation_to_change(session, process, found)
            processes.record_answer(session, invitation, process, found, answer=InvitationState.ANSWERED, **by)

    _change(process_id, at, invite)
    _change(process_id, at + timedelta(hours=5), answer)


def _delegate(account: Account, organisations: list[Organisation], at: datetime) -> None:
    name = "انجمن بانوان بافنده"
    organisation_id = next(each.id for each in organisations if each.name == name)

    def work(session: WriteSession) -> None:
        stakeholders.grant_delegate(
            session,
            session.get_one(Organisation, organisation_id),
            session.get_one(Account, account.id),
            mandate="نامهٔ شمارهٔ ۱۲ هیئت مدیره",
            starts_on=at.date(),
            ends_on=None,
            actor=CITY,
            now=at,
        )

    perform(work)


def _proposals(process_id: str, people: dict[str, Account], at: datetime) -> list[str]:
    authors = [people["resident@sepidrud.example"], *(people[f"resident{n}@sepidrud.example"] for n in range(1, 20))]
    made = []
    for number, idea in enumerate(content.IDEAS):
        actor, moment = actor_of(authors[number]), at + timedelta(days=number)
        made.append(
            _change(
                process_id,
                moment,
                lambda s, p, idea=idea, **by: proposals.submit_proposal(s, p, idea, currency="IRR", **by),
                actor=actor,
            ).public_id
        )
    return made


def _answers(process_id: str, made: list[str], official: Account, at: datetime) -> None:
    actor = actor_of(official, Role.COORDINATOR)
    for number, (place, outcome, reason) in enumerate(content.ANSWERS):
        moment = at + timedelta(days=number)

        def work(
            session: WriteSession, process: Process, *, actor: Actor, now: datetime, place: int = place, **said: Any
        ) -> None:
            proposal = proposal_to_change(session, process, made[place], actor=actor, now=now)
            proposals.answer_proposal(session, proposal, actor=actor, now=now, **said)

        address = f"{current_app.extensions['ucc.settings'].public_url}/p/{process_id}/proposals/{made[place]}"
        facts = {"outcome": outcome, "reason": reason, "address": address}
        _change(process_id, moment, lambda s, p, w=work, f=facts, **by: w(s, p, **f, **by), actor=actor)
