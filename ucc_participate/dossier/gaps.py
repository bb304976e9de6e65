"""What of the texts stands in the way of freezing: nothing written, not final, a translation behind its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from . import queries
from .blockers import Blocker
from .models import Answer, AnswerState, Dossier
from .moving import excess
from .sections import Section, languages_of, sections_of
from .standing import WORKING, is_behind
from .wording import LANGUAGES, number_of

Answers = dict[tuple[str, str], Answer]


def blockers(session: Session, dossier: Dossier, now: datetime) -> list[Blocker]:
    """Every section that is answered in writing must be final in the language that is handed in."""
    answers = queries.answers_of(session, dossier)
    waiting = queries.open_comments(session, dossier)
    found = list(_of_language(dossier))
    for section in sections_of(dossier.form.content):
        if section.is_answered:
            found += _of_section(dossier, section, answers, waiting)
    return found


def words(code: str) -> LazyString | None:
    """Of what may be passed over here (``ucc.blocker_words``)."""
    found = re.fullmatch(r"answer\.(.+)\.(?:fa|en|fr)\.(behind|comments)", code)
    if found is None:
        return None
    if found[2] == "behind":
        return _l("Section %(id)s: the source text has changed since it was translated.", id=number_of(found[1]))
    return _l("Section %(id)s: comments of the staff waited.", id=number_of(found[1]))


def _of_language(dossier: Dossier) -> Iterator[Blocker]:
    """The dossier may have moved to a form that does not take its language."""
    if dossier.submits_in not in languages_of(dossier.form.content):
        url = url_for("dossier.settings", process_id=dossier.process.public_id, dossier_id=dossier.public_id)
        says = _l("The form is not handed in in this language: %(language)s.", language=LANGUAGES[dossier.submits_in])
        yield Blocker("form.language", says, url)


def _of_section(dossier: Dossier, section: Section, answers: Answers, waiting: dict[int, int]) -> Iterator[Blocker]:
    language = dossier.submits_in
    answer = answers.get((section.id, language))
    url = url_for(
        "dossier.answer",
        process_id=dossier.process.public_id,
        dossier_id=dossier.public_id,
        section=section.id,
        language=language,
    )
    mark = f"answer.{section.id}.{language}"
    if answer is None or not answer.is_written:
        yield Blocker(f"{mark}.missing", _l("Section %(id)s: nothing is written.", id=number_of(section.id)), url)
        return
    yield from _of_answer(section, answer, mark, url)
    if is_behind(answer, answers.get((section.id, WORKING))):
        says = _l("Section %(id)s: the source text has changed since it was translated.", id=number_of(section.id))
        yield Blocker(f"{mark}.behind", says, url, can_override=True)
    if count := waiting.get(answer.id):
        known = number_of(section.id)
        says = lazy_ngettext(
            "Section %(id)s: %(num)s comment waits.", "Section %(id)s: %(num)s comments wait.", count, id=known
        )
        yield Blocker(f"{mark}.comments", says, url, can_override=True)


def _of_answer(section: Section, answer: Answer, mark: str, url: str) -> Iterator[Blocker]:
    over = excess(section, answer)
    if over:
        says = lazy_ngettext(
            "Section %(id)s: %(num)s word above the limit.",
            "Section %(id)s: %(num)s words above the limit.",
            over,
            id=number_of(section.id),
        )
        yield Blocker(f"{mark}.too_long", says, url)
    elif answer.state is not AnswerState.FINAL:
        yield Blocker(f"{mark}.not_final", _l("Section %(id)s: the text is not final.", id=number_of(section.id)), url)
