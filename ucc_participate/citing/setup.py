"""How citations, facts and drafts hook into the application."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, render_template
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from ..audit import drift
from ..dossier import blockers, drafts
from ..dossier.drafts import Draft
from ..dossier.models import Answer, Dossier
from ..dossier.queries import answers_of
from ..dossier.sections import Section
from ..kernel import clock
from ..kernel.db import db
from ..kernel.identity import Actor
from ..kernel.web import register_policies
from ..record.exporting import record_url
from . import operations, policies, queries, showing, telling, wording
from .drafting import DRAFTS, draft_section
from .similar import repetitions


def init_app(app: Flask) -> None:
    register_policies(app, policies, Answer)
    drift.register(app, "ucc.fact/1", queries.live_facts)
    app.extensions.setdefault("ucc.section_panels", []).extend([_who_shaped, _said_twice])
    app.extensions.setdefault("ucc.cited_words", []).append(telling.tell)
    drafters = app.extensions.setdefault(drafts.EXTENSION, {})
    drafters.update(dict.fromkeys(DRAFTS, _draft))
    app.extensions.setdefault(blockers.FROZEN, []).append(_fix)


def _draft(dossier: Dossier, section: Section, language: str) -> Draft | None:
    now = clock.now()
    ground = queries.ground_of(db.session(), dossier.process, now=now, url=record_url(dossier.process.public_id))
    return draft_section(ground, section, language)


def _fix(session: Session, dossier: Dossier, /, *, actor: Actor, now: datetime, size: int) -> None:
    operations.fix_facts(session, dossier, url=record_url(dossier.process.public_id), actor=actor, now=now, size=size)


def _who_shaped(answer: Answer, *, actor: Actor, now: datetime) -> tuple[Any, Markup] | None:
    if not answer.paragraphs:
        return None
    paragraphs = showing.shaped_paragraphs(db.session(), answer.dossier, [answer])[answer.id]
    may_cite = bool(policies.can_cite(actor, answer, now=now))
    shown = render_template(
        "citing/_panel.html", answer=answer, paragraphs=paragraphs, may_cite=may_cite, cite_words=wording
    )
    return _("Who shaped this text"), Markup(shown)  # noqa: S704  # our own template


def _said_twice(answer: Answer, *, actor: Actor, now: datetime) -> tuple[Any, Markup] | None:
    everything = answers_of(db.session(), answer.dossier).values()
    mine = [each for each in repetitions(everything) if answer.id in (each.one.id, each.other.id)]
    if not mine:
        return None
    shown = render_template("citing/_twice.html", answer=answer, pairs=mine)
    return _("Said twice"), Markup(shown)  # noqa: S704  # our own template
