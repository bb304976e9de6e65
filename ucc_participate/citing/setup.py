"""How citations, facts and drafts hook into the application."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Flask, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from flask_babel.speaklater import LazyString
from markupsafe import Markup
from sqlalchemy.orm import Session

from ..audit import drift
from ..dossier import blockers, drafts
from ..dossier.blockers import Blocker
from ..dossier.drafts import Draft
from ..dossier.models import Answer, AnswerState, Dossier
from ..dossier.queries import answers_of
from ..dossier.sections import Section
from ..dossier.wording import LANGUAGES, number_of
from ..kernel import clock
from ..kernel.db import db
from ..kernel.identity import Actor
from ..kernel.web import register_policies
from ..record.exporting import record_url
from . import operations, policies, queries, showing, wording
from .drafting import DRAFTS, draft_section
from .similar import repetitions
from .telling import cited_words


def init_app(app: Flask) -> None:
    register_policies(app, policies, Answer)
    drift.register(app, "ucc.fact/1", queries.live_facts)
    app.extensions.setdefault("ucc.section_panels", []).extend([_has_moved, _who_shaped, _said_twice])
    drafters = app.extensions.setdefault(drafts.EXTENSION, {})
    drafters.update(dict.fromkeys(DRAFTS, _draft))
    app.extensions.setdefault(blockers.BLOCKERS, []).append(_moved_since)
    app.extensions.setdefault(blockers.WORDS, []).append(_moved_words)
    app.extensions.setdefault(blockers.FROZEN, []).append(_fix)
    app.extensions.setdefault("ucc.cited_words", []).append(cited_words)


def _draft(dossier: Dossier, section: Section, language: str) -> Draft | None:
    now = clock.now()
    ground = queries.ground_of(db.session(), dossier.process, now=now, url=record_url(dossier.process.public_id))
    return draft_section(ground, section, language)


def _fix(session: Session, dossier: Dossier, /, *, actor: Actor, now: datetime, size: int) -> None:
    operations.fix_facts(session, dossier, url=record_url(dossier.process.public_id), actor=actor, now=now, size=size)


def _moved_since(session: Session, dossier: Dossier, now: datetime) -> Iterator[Blocker]:
    """Of the texts that are fixed with the dossier: a number that is another one today is handed in knowingly or not
    at all."""
    final = [each for each in answers_of(session, dossier).values() if each.state is AnswerState.FINAL]
    by_key = {answer.id: answer for answer in final}
    for key, moved in queries.moved_numbers(session, dossier, final, now=now).items():
        answer = by_key[key]
        place: dict[str, Any] = {"section": answer.section, "language": answer.language}
        url = url_for(
            "dossier.answer",
            process_id=dossier.process.public_id,
            dossier_id=dossier.public_id,
            **place,
            _anchor="moved",
        )
        says = lazy_ngettext(
            "Section %(id)s (%(language)s): %(num)s sentence says a number that is another one today.",
            "Section %(id)s (%(language)s): %(num)s sentences say numbers that are other ones today.",
            len(moved),
            id=number_of(answer.section),
            language=LANGUAGES[answer.language],
        )
        yield Blocker(f"numbers.{answer.section}.{answer.language}", says, url, can_override=True)


def _moved_words(code: str) -> LazyString | None:
    found = re.fullmatch(r"numbers\.(.+)\.(fa|en|fr)", code)
    if found is None:
        return None
    return _l(
        "Section %(id)s (%(language)s): numbers of the text were other ones on that day.",
        id=number_of(found[1]),
        language=LANGUAGES[found[2]],
    )


def _has_moved(answer: Answer, *, actor: Actor, now: datetime) -> tuple[Any, Markup] | None:
    moved = queries.moved_numbers(db.session(), answer.dossier, [answer], now=now)
    if not moved:
        return None
    shown = render_template("citing/_moved.html", answer=answer, moved=moved[answer.id])
    return _("Numbers that have changed since"), Markup(shown)  # noqa: S704  # our own template


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
