"""How the city reaches out: letters and mails with codes, what is done with them, the log of outreach, a follower."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..accounts.references import actor_of
from ..kernel.db import perform
from ..kernel.identity import VISITOR, Actor, Role
from ..outreach import operations, queries
from ..outreach.addresses import digests, links
from ..outreach.entry import NewActivity
from ..outreach.models import ActivityKind, Counted
from ..processes.models import Channel, InvitationState, Process, WayIn
from ..processes.queries import get_process
from ..stakeholders.queries import get_organisations
from .city import City, text
from .people import CLERK, RESIDENT

CHANNELS = (Channel.LETTER, Channel.VISIT, Channel.PHONE, Channel.MEETING, Channel.EMAIL)
HEARD = {Channel.VISIT: WayIn.PAPER, Channel.PHONE: WayIn.PHONE, Channel.MEETING: WayIn.WORKSHOP}
"""How the answer of those comes who were not written to."""
ANSWERS = {"yes": InvitationState.ANSWERED, "no": InvitationState.DECLINED}
FOLLOWED = ("candidacy", "neighbourhoods")


def invite(
    city: City,
    process: str,
    *,
    since: int,
    until: int,
    silent: tuple[str, ...] = (),
    left_out: tuple[str, ...] = (),
) -> None:
    """Invite everybody within days, each way on one day; most answer within the week, ``silent`` ones read it only.

    ``until``: the last day of the codes. ``left_out``: those who are not invited, so that inviting can be tried.
    """
    everybody = list(text("organisations").items())
    for number, channel in enumerate(CHANNELS):
        chosen = {key: told for key, told in everybody[number :: len(CHANNELS)] if key not in left_out}
        at = city.days.moment(since + number % 3, minutes=540 + number * 11)
        city.days.plan(at, partial(_invite, city, process, chosen, channel, since, until, silent))


def reach_out(city: City) -> None:
    """Note what was done to reach people; let one resident follow what happens."""
    for process in city_processes():
        for number, facts in enumerate(text("outreach")[process]):
            at = city.days.moment(facts["day"], minutes=1_030 + number)
            city.days.plan(at, partial(_record, city, process, facts))
    for process in FOLLOWED:
        city.days.plan(city.days.moment(-20, minutes=1_200), partial(_follow, city, process))


def come(city: City, process: str, *, day: int, organisations: tuple[str, ...]) -> None:
    """Organisations come to a meeting."""
    city.days.plan(city.days.moment(day, minutes=1_140), partial(_come, city, process, organisations))


def remind(city: City, process: str, *, day: int, organisations: tuple[str, ...]) -> None:
    city.days.plan(city.days.moment(day, minutes=600), partial(_remind, city, process, organisations))


def city_processes() -> Iterable[str]:
    return (name for name in text("outreach") if name != "said")


def _clerk(city: City) -> Actor:
    return actor_of(city.people[CLERK], Role.CLERK)


def _ids(city: City, keys: Iterable[str]) -> list[str]:
    return [city.organisations[key].public_id for key in keys]


def _day(city: City, day: int) -> date:
    return city.days.today + timedelta(days=day)


def _invite(
    city: City,
    process: str,
    chosen: dict[str, dict[str, Any]],
    channel: Channel,
    since: int,
    until: int,
    silent: tuple[str, ...],
    at: datetime,
) -> None:
    """One batch; what becomes of each code is planned as soon as the codes are known."""
    terms = operations.Terms(channel=channel, expires_on=_day(city, until), locale="fa", locales={})
    facts: dict[str, Any] = {"digests": digests(), "addresses": links().addresses(), "today": at.date()}

    def work(session: Session, found: Process, **by: Any) -> operations.Issued:
        organisations = get_organisations(session, _ids(city, chosen))
        return operations.invite(session, found, organisations, terms, not_before=at, **facts, **by)

    issued = city.change(process, at, work, actor=_clerk(city))
    codes = {slip.organisation_ref: slip.code for slip in issued.slips}
    for number, (key, told) in enumerate(chosen.items()):
        answer = None if key in silent else ANSWERS.get(told.get("answer", "yes"))
        replied = city.days.moment(since + 3 + number % 2, minutes=500 + number * 13)
        if channel in HEARD:
            if answer is not None:
                city.days.plan(replied, partial(_hear, city, process, key, answer, HEARD[channel]))
        else:
            city.days.plan(replied, partial(_open, key, codes[city.organisations[key].ref], answer))


def _open(key: str, code: str, answer: InvitationState | None, at: datetime) -> None:
    """Whoever holds the letter reads it, and answers; who declines says why, some name who shall speak for them."""
    secret = digests()
    by: dict[str, Any] = {"today": at.date(), "actor": VISITOR, "now": at}
    said = text("outreach")["said"]

    def work(session: Session) -> None:
        found = operations.open_invitation(session, code, digests=secret, **by)
        if answer is None:
            return
        because = said["declined"] if answer is InvitationState.DECLINED else ""
        operations.answer_invitation(session, found.code, answer=answer, because=because, **by)
        if key in said["named"]:
            operations.name_delegate(session, found.code, **said["named"][key], **by)

    perform(work)


def _hear(city: City, process: str, key: str, answer: InvitationState, way: WayIn, at: datetime) -> None:
    said = text("outreach")["said"]
    note = said["declined"] if answer is InvitationState.DECLINED else said["called"] if way is WayIn.PHONE else ""
    _on_invitations(city, process, [key], operations.note_call, at, answer=answer, through=way, text=note)


def _come(city: City, process: str, keys: tuple[str, ...], at: datetime) -> None:
    said = text("outreach")["said"]["came"]
    _on_invitations(city, process, keys, operations.note_attendance, at, at=at, text=said)


def _remind(city: City, process: str, keys: tuple[str, ...], at: datetime) -> None:
    facts: dict[str, Any] = {"digests": digests(), "addresses": links().addresses(), "not_before": at}
    _on_invitations(city, process, keys, operations.remind, at, expires_on=at.date() + timedelta(days=60), **facts)


def _on_invitations(city: City, process: str, keys: Iterable[str], operation: Any, now: datetime, **facts: Any) -> None:
    def work(session: Session, found: Process, **by: Any) -> None:
        invited = queries.invitations_to_change(session, found, _ids(city, keys))
        operation(session, found, invited, **facts, **by)

    city.change(process, now, work, actor=_clerk(city))


def _record(city: City, process: str, facts: dict[str, Any], at: datetime) -> None:
    new = _activity(city, facts)
    by: dict[str, Any] = {"evidence": None, "today": at.date(), "actor": _clerk(city)}
    noted = city.change(process, at, operations.record_activity, new=new, **by)
    if "corrected" in facts:
        later = at + timedelta(days=facts["corrected"]["after"])
        city.days.plan(later, partial(_correct, city, process, noted.public_id, facts))


def _correct(city: City, process: str, public_id: str, facts: dict[str, Any], at: datetime) -> None:
    said = facts["corrected"]
    new = _activity(city, facts | {"reached": said["reached"]})

    def work(session: Session, found: Process, **by: Any) -> None:
        standing = queries.activity_to_change(session, found, public_id)
        how: dict[str, Any] = {"because": said["because"], "is_void": False, "evidence": None, "today": at.date()}
        operations.correct_activity(session, found, standing, new, **how, **by)

    city.change(process, at, work, actor=_clerk(city))


def _activity(city: City, facts: dict[str, Any]) -> NewActivity:
    return NewActivity(
        kind=ActivityKind(facts["kind"]),
        held_on=_day(city, facts["day"]),
        place=facts["place"],
        group=facts["who"],
        group_words=facts.get("group_words"),
        district=facts.get("district"),
        reached=facts.get("reached"),
        counted=Counted(facts["how"]) if "how" in facts else None,
        done=facts["done"],
        gap=facts.get("gap"),
    )


def _follow(city: City, process: str, at: datetime) -> None:
    person = city.people[RESIDENT]

    def work(session: Session) -> None:
        account = session.get_one(Account, person.id)
        found = get_process(session, city.processes[process], actor=actor_of(person))
        operations.follow(session, found, account, actor=actor_of(person), now=at)

    perform(work)
