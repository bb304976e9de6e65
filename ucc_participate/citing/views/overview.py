"""What of the application rests on nothing, which numbers have moved, what was adopted and used nowhere, what is said
twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from ...dossier.models import Answer, Dossier
from ...dossier.queries import answers_of
from ...dossier.sections import RUNNING, Section, sections_of
from ...kernel import clock
from ...kernel.db import db
from .. import queries, showing, wording
from ..showing import Shaped
from ..similar import repetitions
from .blueprint import HOME, Page, bp, desk_page, load_application

LANGUAGES = ("fa", "en", "fr")
MOST = 50


@bp.get(HOME)
def desk(process_id: str) -> Page:
    """``?language=``: of which texts; without it, of those that are handed in."""
    process, dossier = load_application(process_id)
    unused = queries.unused_inputs(db.session(), process)
    if dossier is None:
        facts: dict[str, Any] = {"unused": unused, "most": MOST, "cite_words": wording, "address": showing.address_of}
        return desk_page("citing/desk.html", process, dossier=None, **facts)
    answers = answers_of(db.session(), dossier)
    written = {language for (_section, language), answer in answers.items() if answer.paragraphs}
    language = _chosen(dossier, written)
    moved = queries.moved_numbers(db.session(), dossier, answers.values(), now=clock.now())
    rows = _rows(dossier, answers, language)
    return desk_page(
        "citing/desk.html",
        process,
        dossier=dossier,
        language=language,
        tongues=[each for each in LANGUAGES if each in written],
        rows=rows,
        unlinked=[(section, each) for section, _answer, texts in rows for each in texts if each.is_unlinked],
        gone=[(section, each, rest) for section, _answer, texts in rows for each in texts for rest in each.gone],
        paragraphs=sum(len(texts) for _section, _answer, texts in rows),
        moved=[(answer, moved[answer.id]) for answer in answers.values() if answer.id in moved],
        twice=repetitions(answer for answer in answers.values() if answer.language == language),
        unused=unused,
        most=MOST,
        cite_words=wording,
        address=showing.address_of,
    )


def _chosen(dossier: Dossier, written: set[str]) -> str:
    asked = request.args.get("language")
    if asked in LANGUAGES:
        return asked
    return dossier.submits_in if dossier.submits_in in written or not written else next(iter(sorted(written)))


def _rows(
    dossier: Dossier, answers: Mapping[tuple[str, str], Answer], language: str
) -> list[tuple[Section, Answer, list[Shaped]]]:
    """Written running texts in the order of the form."""
    asked = [section for section in sections_of(dossier.form.content) if section.kind in RUNNING]
    found = [(section, answers[section.id, language]) for section in asked if (section.id, language) in answers]
    shown = showing.shaped_paragraphs(db.session(), dossier, [answer for _section, answer in found])
    return [(section, answer, shown[answer.id]) for section, answer in found if shown[answer.id]]
