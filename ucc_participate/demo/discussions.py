"""What people of the demonstration say to each other's proposals: reasons, replies, translations, a guest from afar."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from ..accounts.references import actor_of
from ..deliberation import operations, queries
from ..deliberation.models import Comment, Said, Stance, Voice
from ..deliberation.subjects import Topic
from ..kernel.identity import VISITOR, Actor
from ..processes.models import Process
from ..proposals.discussing import KIND
from .city import City, text
from .people import OFFICIALS

PROCESS = "candidacy"
EDIT_MINUTES = 15
GUEST = "guest"


def talk(city: City) -> None:
    """Plan every comment with its replies, changes, marks and translations, and the guest's way in."""
    told = text("discussions")
    _plan_guest(city, told["guest"])
    for number, said in enumerate(told["comment"]):
        at = city.days.moment(said["day"], minutes=600 + number * 41 % 600)
        city.days.plan(at, partial(_say, city, said, number))


def _plan_guest(city: City, guest: dict[str, Any]) -> None:
    tokens: list[str] = []
    until = city.days.moment(guest["until"])
    facts = {name: guest[name] for name in ("name", "email", "city", "country")}

    def invite(at: datetime) -> None:
        official = city.official(OFFICIALS["crafts"])
        address = partial(_remember, tokens)
        more = {**facts, "locale": "en", "until": until, "address": address}
        city.change(PROCESS, at, lambda s, p, **by: operations.invite_guest(s, p, **more, **by), actor=official)

    def come(at: datetime) -> None:
        def work(session: Session, _process: Process, **by: Any) -> Any:
            return operations.come_as_guest(session, tokens[0], terms_version="1", **by)

        city.people[GUEST] = city.change(PROCESS, at, work, actor=VISITOR)

    city.days.plan(city.days.moment(guest["day"], minutes=560), invite)
    city.days.plan(city.days.moment(guest["comes"], minutes=620), come)


def _remember(tokens: list[str], token: str) -> str:
    tokens.append(token)
    return f"https://sepidrud.example/guest/{token}"


def _speaker(city: City, said: dict[str, Any]) -> tuple[Actor, Voice, str | None]:
    """Who speaks, in which voice, for which organisation (public id)."""
    by = str(said["by"])
    if said.get("as") == "city":
        return city.official(OFFICIALS[by]), Voice.CITY, None
    if by in city.organisations:
        return city.delegate(by), Voice.ORGANISATION, city.organisations[by].public_id
    return actor_of(city.people[by if by == GUEST else _address(by)]), Voice.RESIDENT, None


def _address(resident: str) -> str:
    return f"{resident}@sepidrud.example"


def _words(city: City, said: dict[str, Any]) -> tuple[Actor, Said]:
    actor, voice, organisation = _speaker(city, said)
    stance = Stance(said["stance"]) if "stance" in said else None
    quote = str(said.get("quote", ""))
    facts: dict[str, Any] = {"voice": voice, "organisation": organisation, "quote": quote}
    shown = not said.get("unnamed", False)
    return actor, Said(said["text"], stance, said.get("lang", "fa"), shows_name=shown, **facts)


def _topic(city: City, session: Session, said: dict[str, Any], actor: Actor, now: datetime) -> Topic:
    found = KIND.load(session, f"proposal/{city.proposals[PROCESS, said['on']]}", actor, now)
    if found is None:
        raise LookupError(said["on"])
    return found


def _say(city: City, said: dict[str, Any], number: int, at: datetime) -> None:
    actor, words = _words(city, said)

    def work(session: Session, _process: Process, *, now: datetime, **by: Any) -> Comment:
        topic = _topic(city, session, said, actor, now)
        return operations.post_comment(session, topic, words, now=now, **by)

    made = city.change(PROCESS, at, work, actor=actor)
    if "edited" in said:
        soon = city.days.moment(said["day"], minutes=606 + number * 41 % 600)
        city.days.plan(soon, partial(_edit, city, made.public_id, said, actor))
    for place, reply in enumerate(said.get("reply", [])):
        later = city.days.moment(reply["day"], minutes=640 + (number + place) * 53 % 500)
        city.days.plan(later, partial(_reply, city, made.public_id, said, reply))
    _plan_marks(city, made.public_id, said)
    if "translation" in said:
        when = city.days.moment(said["day"] + 1, minutes=700)
        city.days.plan(when, partial(_translate, city, made.public_id, said["translation"]))


def _plan_marks(city: City, public_id: str, said: dict[str, Any]) -> None:
    for place, resident in enumerate(said.get("helpful", [])):
        when = city.days.moment(said["day"] + 1, minutes=500 + place * 70)
        city.days.plan(when, partial(_mark, city, public_id, city.resident(_address(resident))))


def _on_comment(
    city: City, public_id: str, at: datetime, operation: Any, *args: Any, actor: Actor, **facts: Any
) -> Any:
    def work(session: Session, process: Process, **by: Any) -> Any:
        found = queries.comment_to_change(session, process.public_id, public_id, **by)
        return operation(session, found, *args, **by, **facts)

    return city.change(PROCESS, at, work, actor=actor)


def _edit(city: City, public_id: str, said: dict[str, Any], actor: Actor, at: datetime) -> None:
    words, minutes = said["edited"], EDIT_MINUTES
    _on_comment(city, public_id, at, operations.edit_comment, words, actor=actor, minutes=minutes)


def _mark(city: City, public_id: str, actor: Actor, at: datetime) -> None:
    _on_comment(city, public_id, at, operations.mark_helpful, actor=actor)


def _translate(city: City, public_id: str, told: dict[str, Any], at: datetime) -> None:
    actor = city.resident(_address(told["by"]))
    facts = {"language": told["lang"], "shows_name": True}
    _on_comment(city, public_id, at, operations.translate_comment, told["text"], actor=actor, **facts)


def _reply(city: City, parent: str, said: dict[str, Any], reply: dict[str, Any], at: datetime) -> None:
    actor, words = _words(city, reply)

    def work(session: Session, process: Process, *, now: datetime, **by: Any) -> Comment:
        found = queries.comment_to_change(session, process.public_id, parent, now=now, **by)
        topic = _topic(city, session, said, actor, now)
        return operations.reply_to_comment(session, topic, found, words, now=now, **by)

    made = city.change(PROCESS, at, work, actor=actor)
    _plan_marks(city, made.public_id, reply)
