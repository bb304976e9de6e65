"""How moderation hooks into the application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, url_for
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..audit import drift
from ..kernel import clock
from ..kernel.clock import utc_text
from ..kernel.db import db
from . import jobs, operations, queries
from .kinds import EXTENSION
from .models import Block
from .wording import ACTS, HOLDS, MODES, OUTCOMES, REASONS

FORGET_SECONDS = 3600.0
TELL_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Concealed:
    """In words: ``reason`` is lazy text, ``address`` the page on which the author reads what was decided."""

    is_held: bool = False
    reason: Any = None
    words: str | None = None
    address: str | None = None


def concealed_words(found: queries.Concealment | None) -> Concealed:
    if found is None:
        return Concealed()
    address = url_for("moderation.own", process_id=found.process, case_id=found.case)
    return Concealed(found.is_held, REASONS[found.reason] if found.reason else None, found.words, address)


def concealment(ref: str) -> Concealed:
    """Why a contribution is not shown, for the macro ``concealed``."""
    return concealed_words(queries.concealments(db.session(), [ref]).get(ref))


def blocks_that_hold(account: Account) -> list[Block]:
    """What keeps an account from contributing now, for its own page."""
    return [block for block in queries.blocks_of(db.session(), account) if block.holds(clock.now())]


def init_app(app: Flask) -> None:
    """``ucc.moderated``: the kinds of contributions that rooms register (kinds.register)."""
    app.extensions.setdefault(EXTENSION, {})
    app.jinja_env.globals.update(concealment=concealment, blocks_that_hold=blocks_that_hold)
    drift.register(app, "ucc.moderation/1", queries.live_rules)
    app.extensions["ucc.jobs"].add("moderation.forget", jobs.forget_traces, every_seconds=FORGET_SECONDS)
    app.extensions["ucc.jobs"].add("moderation.tell", jobs.tell_moderators, every_seconds=TELL_SECONDS)
    app.extensions.setdefault("ucc.erasers", []).append(operations.forget_person)
    app.extensions.setdefault("ucc.personal_data", []).append(_about)
    app.extensions.setdefault("ucc.personal_words", {}).update(_PERSONAL_WORDS)


def _about(session: Session, account: Account) -> dict[str, Any]:
    """What moderation knows of an account, as data for that person. Who reported something of theirs is not in it."""
    return {
        "blocks": [
            {
                "process": block.process.public_id,
                "reason": block.reason.value,
                "words": block.words,
                "since": utc_text(block.at),
                "until": utc_text(block.ended_at or block.until),
            }
            for block in queries.blocks_of(session, account)
        ],
        "reports": [
            {"reason": flag.reason.value, "words": flag.words, "at": utc_text(flag.at)}
            for flag in queries.flags_by(session, account)
        ],
        "appeals": [
            {"words": appeal.words, "at": utc_text(appeal.at), "answer": appeal.answer}
            for appeal in queries.appeals_by(session, account)
        ],
        "decisions": [
            {
                "what": decision.act.value,
                "reason": decision.reason.value if decision.reason else None,
                "words": decision.words,
                "at": utc_text(decision.at),
            }
            for decision in queries.decisions_about(session, account)
        ],
    }


_PERSONAL_WORDS = {
    "blocks.reason": REASONS,
    "reports.reason": REASONS,
    "decisions.reason": REASONS,
    "decisions.what": ACTS,
    "moderation.reason": REASONS,
    "moderation.because": HOLDS,
    "moderation.mode": MODES,
    "moderation.outcome": OUTCOMES,
    "person.reason": REASONS,
}
