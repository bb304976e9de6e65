"""Meetings of the process that takes proposals: with final minutes, with a draft, to come, cancelled."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from ..accounts.models import AboutYou, Account, Sex
from ..accounts.references import actor_of
from ..kernel.db import perform
from ..kernel.i18n import site_timezone
from ..kernel.identity import Actor
from ..meetings import operations, queries
from ..meetings.entry import Came, NewDecision
from ..meetings.mailing import Mailing, mailing
from ..meetings.models import AgendaItem, Attendance, Meeting, Mode, Notice, VoiceKind
from ..processes.queries import process_to_change
from ..stakeholders.queries import get_organisations
from ..vocabularies.uccn import Sector
from .city import City, text
from .people import CLERK, RESIDENT

PROCESS = "candidacy"
FLOOR = 5
TURNS = ((Sector.CIVIL_SOCIETY, Sex.FEMALE, 9), (Sector.PRIVATE, Sex.MALE, 7),
         (Sector.PUBLIC, Sex.FEMALE, 6), (Sector.CIVIL_SOCIETY, Sex.FEMALE, 5),
         (Sector.PUBLIC, Sex.MALE, 8), (Sector.PRIVATE, Sex.FEMALE, 4))  # fmt: skip


def meet(city: City) -> None:
    for facts in text("meetings").values():
        city.days.plan(city.days.moment(facts["announced"], minutes=560), partial(_announce, city, facts))


def _post(at: datetime) -> Mailing:
    return Mailing(mailing().page, site_timezone(), at, at)


def _announce(city: City, facts: dict[str, Any], at: datetime) -> None:
    starts_at = city.days.moment(facts["day"], minutes=facts["from"])
    notice = _notice(facts, starts_at)
    by: dict[str, Any] = {"actor": city.clerk(CLERK)}
    made = city.change(PROCESS, at, operations.announce_meeting, notice=notice, short_because="", **by)
    known = made.public_id
    later = at + timedelta(minutes=20)
    city.days.plan(later, partial(_invite, city, known))
    for number in range(facts.get("registered", 0)):
        city.days.plan(later + timedelta(minutes=37 * (number + 1)), partial(_register, city, known, number))
    if "cancelled" in facts:
        day = city.days.moment(facts["cancelled"], minutes=600)
        city.days.plan(day, partial(_do, city, known, operations.cancel_meeting, because=facts["because"]))
    if "minutes" in facts:
        city.days.plan(starts_at - timedelta(minutes=10), partial(_gather, city, known, facts))
        city.days.plan(notice.ends_at + timedelta(minutes=15), partial(_close, city, known, facts))


def _notice(facts: dict[str, Any], starts_at: datetime) -> Notice:
    return Notice(
        title=facts["title"],
        text=facts.get("text", {}),
        mode=Mode(facts["mode"]),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=facts["length"]),
        place=facts["place"],
        district=facts.get("district"),
        latitude=facts.get("latitude"),
        longitude=facts.get("longitude"),
        link=facts.get("link"),
        places=facts.get("places"),
        is_for_women=facts.get("women", False),
        is_for_youth=facts.get("youth", False),
        accessibility=facts.get("accessibility", ""),
        childcare=facts.get("childcare", ""),
        agenda=tuple(AgendaItem(title, minutes, who) for minutes, title, who in facts["agenda"]),
    )


def _change(city: City, meeting_id: str, at: datetime, work: Any, *, actor: Actor | None = None) -> Any:
    """Run ``work(session, meeting, actor=, now=)`` on the meeting, loaded in its unit of work."""
    by, process_id = actor or city.clerk(CLERK), city.processes[PROCESS]

    def unit(session: Session) -> Any:
        process = process_to_change(session, process_id, actor=by)
        return work(session, queries.meeting_to_change(session, process, meeting_id), actor=by, now=at)

    return perform(unit)


def _do(city: City, meeting_id: str, operation: Any, at: datetime, **facts: Any) -> None:
    post = _post(at)
    _change(
        city, meeting_id, at, lambda session, meeting, **by: operation(session, meeting, mailing=post, **facts, **by)
    )


def _invite(city: City, meeting_id: str, at: datetime) -> None:
    post = _post(at)

    def work(session: Session, meeting: Meeting, **by: Any) -> None:
        if queries.to_invite(session, meeting, Sector):
            operations.invite_to_meeting(session, meeting, Sector, locale="fa", mailing=post, **by)

    _change(city, meeting_id, at, work)


def _residents(city: City) -> list[Account]:
    return [account for email, account in city.people.items() if email != CLERK and account.function is None]


def _register(city: City, meeting_id: str, number: int, at: datetime) -> None:
    person = city.people[RESIDENT] if number == 0 else _residents(city)[20 + 7 * number]
    needs = "صندلی چرخ‌دار دارم و با همراه می‌آیم." if number == 2 else ""

    def work(session: Session, meeting: Meeting, **by: Any) -> None:
        account = session.get_one(Account, person.id)
        operations.register(session, meeting, account, needs=needs, wants_childcare=number % 4 == 1, **by)

    _change(city, meeting_id, at, work, actor=actor_of(person))


def _gather(city: City, meeting_id: str, facts: dict[str, Any], at: datetime) -> None:
    """People come: those of organisations and without an account on the clerk's list, one resident by the code.

    They all took part before, in another way, so that nobody counts twice.
    """
    organisations = [city.organisations[key].public_id for key in facts["came"]]
    person = city.people[RESIDENT]

    def work(session: Session, meeting: Meeting, **by: Any) -> None:
        there = get_organisations(session, organisations)
        came = [Came(organisation=each, took_part_before=True) for each in there]
        for sex, born, district in facts["people"]:
            about = AboutYou(Sex(sex), born, district or None)
            came.append(Came(about=about, took_part_before=True))
        for each in came:
            operations.note_attendance(session, meeting, each, locale="fa", key=None, **by)

    def scan(session: Session, meeting: Meeting, **by: Any) -> Attendance:
        account = session.get_one(Account, person.id)
        how: dict[str, Any] = {"code_opens": True, "locale": "fa", "key": None}
        return operations.attend(session, meeting, account, Came(), **how, **by)

    _change(city, meeting_id, at, work)
    _change(city, meeting_id, at, scan, actor=actor_of(person))


def _close(city: City, meeting_id: str, facts: dict[str, Any], at: datetime) -> None:
    """What happened in the room, the end of the list, and then the minutes on their days."""
    moment = at - timedelta(minutes=facts["length"])
    for sector, sex, minutes in TURNS:
        turn: dict[str, Any] = {"sector": sector, "sex": sex, "is_pause": False}
        _change(city, meeting_id, moment, partial(operations.note_turn, **turn))
        moment += timedelta(minutes=minutes)
    _change(city, meeting_id, moment, partial(operations.note_turn, sector=None, sex=None, is_pause=True))
    if "hands" in facts:
        _show_hands(city, meeting_id, facts["hands"], moment)
    _change(city, meeting_id, at, partial(operations.hold_meeting, floor=FLOOR))
    said = facts["minutes"]
    city.days.plan(city.days.moment(said["published"], minutes=620), partial(_publish, city, meeting_id, said))
    if "objected" in said:
        for name, act in (("objected", _object), ("answered", _answer), ("finalised", _finalise)):
            city.days.plan(city.days.moment(said[name], minutes=640), partial(act, city, meeting_id, said))


def _show_hands(city: City, meeting_id: str, asked: dict[str, Any], at: datetime) -> None:
    question = partial(operations.ask_hands, question=asked["question"], options=asked["options"])
    show = _change(city, meeting_id, at, question)

    def count(session: Session, meeting: Meeting, **by: Any) -> None:
        standing = queries.show_to_change(session, meeting, show.number)
        operations.type_hands(session, meeting, standing, counted=asked["counted"], **by)

    _change(city, meeting_id, at + timedelta(minutes=2), count)


def _decisions(city: City, session: Session, meeting: Meeting, said: dict[str, Any]) -> list[NewDecision]:
    """The first one speaks of the first proposal of the process."""
    proposals = tuple(queries.proposals_by_number(session, meeting.process, [1]).values())
    made = []
    for number, (words, key) in enumerate(said["decisions"]):
        charged = get_organisations(session, [city.organisations[key].public_id]) if key else []
        made.append(NewDecision(words, proposals if number == 0 else (), tuple(charged)))
    return made


def _publish(city: City, meeting_id: str, said: dict[str, Any], at: datetime) -> None:
    post = _post(at)

    def work(session: Session, meeting: Meeting, **by: Any) -> None:
        facts: dict[str, Any] = {"text": said["text"].strip(), "decisions": _decisions(city, session, meeting, said)}
        operations.publish_minutes(session, meeting, mailing=post, **facts, **by)

    _change(city, meeting_id, at, work)


def _object(city: City, meeting_id: str, said: dict[str, Any], at: datetime) -> None:
    person = city.people[RESIDENT]

    def work(session: Session, meeting: Meeting, **by: Any) -> None:
        account = session.get_one(Account, person.id)
        facts: dict[str, Any] = {"text": said["objection"], "organisation": None, "shows_name": False}
        how: dict[str, Any] = {"kind": VoiceKind.OBJECTION, "was_there": True}
        operations.speak_on_minutes(session, meeting, account, **facts, **how, **by)

    _change(city, meeting_id, at, work, actor=actor_of(person))


def _answer(city: City, meeting_id: str, said: dict[str, Any], at: datetime) -> None:
    def work(session: Session, meeting: Meeting, **by: Any) -> None:
        voice = queries.voice_to_change(session, meeting, 1)
        operations.answer_voice(session, meeting, voice, answer=said["answer"], **by)

    _change(city, meeting_id, at, work)


def _finalise(city: City, meeting_id: str, said: dict[str, Any], at: datetime) -> None:
    def work(session: Session, meeting: Meeting, **by: Any) -> None:
        facts: dict[str, Any] = {"text": said["final"].strip(), "decisions": _decisions(city, session, meeting, said)}
        operations.finalise_minutes(session, meeting, **facts, **by)

    _change(city, meeting_id, at, work)
