"""How opinion maps hook into the application."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..accounts.purposes import DataKind
from ..audit import drift
from ..kernel import web
from ..kernel.clock import utc_text
from ..moderation import kinds
from ..moderation.kinds import Contribution, ModeratedKind
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
