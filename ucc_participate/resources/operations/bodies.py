"""Setting up the bodies that manage the plan; members come and go."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.identity import Actor, Role, new_public_id
from ...kernel.text import clean_line
from ...processes.models import Process
from ...stakeholders.models import Organisation
from .. import policies, queries
from ..events import BodyEvent
from ..models import BASIS_LENGTH, MOST_MEETINGS, NAME_LENGTH, Body, BodyMember, BodyText, MemberText
from ..terms import cleaned_texts
from .providing import CHANGED

SEXES = frozenset({"female", "male"})


def set_body(session: Session, process: Process, told: BodyText, *, actor: Actor, now: datetime) -> Body:
    """A new body without members. Raises Invalid naming the field; a second one of the same name is refused."""
    require(policies.can_provide(actor, process, now=now))
    body = Body(public_id=new_public_id(), process_id=process.id, process=process, created_at=now, members=[])
    _write(body, told, now.date())
    if any(known.name == body.name for known in queries.bodies_of(session, process)):
        raise Invalid(_l("There is a body of this name already."), field="name")
    session.add(body)
    _note(session, body, actor=actor, now=now)
    return body


def revise_body(session: Session, body: Body, told: BodyText, *, seen: int, actor: Actor, now: datetime) -> None:
    """Put it right, or say that it has ended. ``seen``: the version that was on the page; Conflict for an older one."""
    require(policies.can_edit_body(actor, body, now=now))
    if seen != body.version:
        raise Conflict(CHANGED)
    before = body.public_payload()
    _write(body, told, now.date())
    _end_seats(body)
    if body.public_payload() != before:
        _note(session, body, actor=actor, now=now)


def _end_seats(body: Body) -> None:
    """With a body that has ended its seats end too; names and sexes go."""
    for member in body.members:
        if body.until is not None and member.until is None:
            member.until = max(body.until, member.since or body.until)
            member.person, member.sex = None, None
            _touched(body)


def add_member(
    session: Session, body: Body, told: MemberText, *, today: date, actor: Actor, now: datetime
) -> BodyMember:
    """Somebody takes a seat. Raises Invalid naming the field."""
    require(policies.can_edit_body(actor, body, now=now))
    organisation = _organisation(session, body.process, told.organisation)
    sector = organisation.sector if organisation is not None else told.sector
    if sector is None:
        raise Invalid(_l("Choose a sector, or an organisation of the register."), field="sector")
    if told.since is not None and told.since > today:
        raise Invalid(_l("This day has not come yet."), field="since")
    member = BodyMember(
        function=cleaned_texts(told.function, most=NAME_LENGTH, field="function"),
        sector=sector,
        organisation_id=organisation.id if organisation is not None else None,
        organisation=organisation,
        person=clean_line(told.person or "", max_length=NAME_LENGTH) or None,
        sex=told.sex if told.sex in SEXES else None,
        since=told.since,
    )
    body.members.append(member)
    _touched(body)
    _note(session, body, actor=actor, now=now)
    return member


def end_membership(
    session: Session, body: Body, number: int, *, until: date, today: date, actor: Actor, now: datetime
) -> None:
    """A seat ends on a day that has come; name and sex go, the row stays. Raises Invalid, Conflict, NotFound."""
    require(policies.can_edit_body(actor, body, now=now))
    member = _member(body, number)
    if member.until is not None:
        raise Conflict(_l("This seat has ended already."))
    if until > today:
        raise Invalid(_l("This day has not come yet."), field="until")
    if member.since is not None and until < member.since:
        raise Invalid(_l("A seat cannot end before it began."), field="until")
    member.until, member.person, member.sex = until, None, None
    _touched(body)
    _note(session, body, actor=actor, now=now)


def forget_name(session: Session, body: Body, number: int, *, actor: Actor, now: datetime) -> None:
    """Remove the name and the sex of whoever asks for it; the seat stays. Raises NotFound."""
    require(policies.can_edit_body(actor, body, now=now))
    member = _member(body, number)
    member.person, member.sex = None, None
    _touched(body)
    _note(session, body, actor=actor, now=now)


def _write(body: Body, told: BodyText, today: date) -> None:
    body.name = cleaned_texts(told.name, most=NAME_LENGTH, field="name")
    body.duties = cleaned_texts(told.duties, most=BASIS_LENGTH * 2, field="duties")
    if not 1 <= told.rhythm <= MOST_MEETINGS:
        raise Invalid(_l("Say how many times a year it meets, at least once."), field="rhythm")
    if told.since is not None and told.until is not None and told.until < told.since:
        raise Invalid(_l("It cannot end before it began."), field="until")
    if told.until is not None and told.until > today:
        raise Invalid(_l("This day has not come yet."), field="until")
    body.rhythm, body.since, body.until = told.rhythm, told.since, told.until


def _organisation(session: Session, process: Process, public_id: str | None) -> Organisation | None:
    if public_id is None:
        return None
    offered = {each.public_id: each for each in queries.seats_offered(session, process)}
    if public_id not in offered:
        raise Invalid(_l("This organisation was not invited to the process."), field="organisation")
    return offered[public_id]


def _member(body: Body, number: int) -> BodyMember:
    """The seat of this number: seats are counted from 1, and none is ever deleted."""
    if not 1 <= number <= len(body.members):
        raise NotFound()
    return body.members[number - 1]


def _touched(body: Body) -> None:
    """Members are part of the body: a change of theirs makes a new version of it, so that two editors notice."""
    flag_modified(body, "name")


def _note(session: Session, body: Body, *, actor: Actor, now: datetime) -> None:
    session.flush()
    facts: dict[str, Any] = {"subject": body.ref, "process": body.process.ref, "payload": body.public_payload()}
    role = Role.COORDINATOR if actor.has(Role.COORDINATOR) and not actor.is_system else None
    record(session, BodyEvent.SET, actor=actor, now=now, role=role, **facts)
