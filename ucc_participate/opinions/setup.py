"""How opinion maps hook into the application."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..accounts.purposes import DataKind
from ..audit import drift
from ..kernel import clock, web
from ..kernel.clock import utc_text
from ..kernel.identity import Actor
from ..moderation import kinds
from ..moderation.kinds import Contribution, ModeratedKind
from ..outreach.feeds import Happening
from ..outreach.subjects import Followed
from ..processes.models import Process
from . import jobs, operations, policies, queries
from .models import OpinionMap

TICK_SECONDS = 30.0


def init_app(app: Flask) -> None:
    web.register_policies(app, policies, OpinionMap)
    drift.register(app, "ucc.opinion_map/1", queries.live_maps)
    drift.register(app, "ucc.statement/1", queries.live_statements)
    app.extensions.setdefault("ucc.erasers", []).append(operations.forget_participant)
    app.extensions.setdefault("ucc.personal_data", []).extend([_answers, _statements])
    app.extensions["ucc.jobs"].add("opinions.tick", jobs.tick, every_seconds=TICK_SECONDS)
    app.extensions.setdefault("ucc.personal_data_kinds", []).append(_KIND)
    app.extensions.setdefault("ucc.news", []).append(queries.closed_news)
    app.extensions.setdefault("ucc.followable", {})["opinion_map"] = _followable
    app.extensions.setdefault("ucc.feeds", []).append(_happenings)
    kinds.register(app, ModeratedKind("statement", _l("Statement"), _contribution, operations.conceal_statement))


_KIND = DataKind(
    "opinions",
    _l("What you say to statements of an opinion map, and statements of your own"),
    _l("To find what groups of people have in common, and what all accept."),
    _l("The city’s public task of consulting its people."),
    _l("Answers until you erase your account; published numbers are of many and stay. Statements for good, without your"
       " name once you erase your account."),
    _l("Answers: only you. Statements: everybody, with your name if you chose so."),
    frozenset({
        "opinion_participant.account_id", "opinion_statement.author_id", "opinion_statement.author_name",
    }),
)  # fmt: skip


def _followable(session: Session, ref: str, actor: Actor) -> Followed | None:
    """A map of the city's own. Its results are where one goes: they say when they can be read."""
    found = queries.find_by_ref(session, ref)
    if found is None or found.process.is_imported or not policies.can_view(actor, found, now=clock.now()):
        return None
    return Followed(found.title, _results(found.process, found), found.process)


def _results(process: Process, found: OpinionMap) -> str:
    return url_for("opinions.results", process_id=process.public_id, public_id=found.public_id)


def _happenings(session: Session, process: Process, now: datetime) -> list[Happening]:
    """Maps that opened and closed, for the feed of the process: that they did, and no figures."""
    happened = []
    for found in queries.list_maps(session, process):
        page = url_for("opinions.show", process_id=process.public_id, public_id=found.public_id)
        if found.opens_at <= now and not process.is_imported:
            happened.append(
                Happening(f"{found.ref}/open", _l("An opinion map is open"), found.title, found.opens_at, page)
            )
        if found.closed_at is not None:
            what, at = _l("An opinion map has closed"), found.closed_at
            happened.append(Happening(f"{found.ref}/closed", what, found.title, at, _results(process, found)))
    return happened


def _contribution(session: Session, ref: str) -> Contribution | None:
    """A statement as moderators see it."""
    statement = queries.get_statement(session, ref)
    if statement is None:
        return None
    process, of = statement.map.process, statement.map.public_id
    return Contribution(
        ref=statement.ref,
        process=process,
        author_ids=() if statement.author_id is None else (statement.author_id,),
        title="",
        text=statement.text,
        address=f"/p/{process.public_id}/opinions/{of}/statements#statement-{statement.number}",
        written_at=statement.created_at,
        standing=statement.standing,
        organisation=statement.speaks_for.partition("/")[2] if statement.speaks_for else None,
    )


def _answers(session: Session, account: Account) -> dict[str, Any]:
    """Where the account answers, and what it says to each statement, as data for that person."""
    given = [
        {
            "map": found.title,
            "sector": participant.sector.value if participant.sector else None,
            "joined_at": utc_text(participant.joined_at),
            "answers": [
                {"statement": statement.text, "answer": answer.value}
                for statement, answer in queries.answers_of(session, participant, limit=None)
            ],
        }
        for found, participant in queries.taken_part_by(session, account)
    ]
    return {"opinions": given}


def _statements(session: Session, account: Account) -> dict[str, Any]:
    written = [
        {
            "process": statement.map.process.public_id,
            "number": statement.number,
            "text": statement.text,
            "shown_name": statement.author_name,
            "written_at": utc_text(statement.created_at),
        }
        for statement in queries.written_by(session, account)
    ]
    return {"statements": written}
