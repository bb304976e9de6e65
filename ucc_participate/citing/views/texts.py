"""The paragraphs of one text with what they rest on: searching, adding, taking back."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from ...dossier.models import Answer, Dossier
from ...dossier.sections import Section
from ...dossier.views.blueprint import change, load_text
from ...kernel import clock
from ...kernel.db import db
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.i18n import writing_for
from ...kernel.text import clean_line, clean_text
from ...kernel.web import current_actor, say, see_other
from ...record.exporting import record_url
from .. import operations, policies, queries, showing, wording
from ..drafting import DRAFTS, pieces_of
from ..facts import FACTS, values_of
from ..forms import CiteForm
from ..models import fact_ref
from ..showing import Shaped
from ..sources import Cited, Kind
from .blueprint import TEXT, Page, bp, desk_page

LONGEST_QUERY = 200


@bp.get(TEXT, endpoint="text")
def show(process_id: str, dossier_id: str, section: str, language: str) -> Page:
    """``?paragraph=`` opens the search of one; ``q`` and ``kind`` are what is searched for."""
    return _page(*_load(process_id, dossier_id, section, language), CiteForm(formdata=None), status=200)


@bp.post(f"{TEXT}/<paragraph>")
def cite(process_id: str, dossier_id: str, section: str, language: str, paragraph: str) -> Page:
    """Add what is ticked (``subject``), any number of them."""
    loaded, form = _load(process_id, dossier_id, section, language), CiteForm()
    subjects = request.form.getlist("subject")
    if not subjects:
        form.refuse(Invalid(_("Tick at least one thing that this paragraph rests on.")))
    if form.error_list or not form.validate_on_submit():
        return _page(*loaded, form, status=422, paragraph=paragraph)
    place = (section, language, paragraph, subjects)
    try:
        change(process_id, dossier_id, operations.cite, *place, because=form.because.data or "")
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return _page(*loaded, form, status=refusal.status, paragraph=paragraph)
    say(_("The paragraph rests on it now."))
    return _back(process_id, dossier_id, section, language, paragraph)


@bp.post(f"{TEXT}/<paragraph>/remove")
def uncite(process_id: str, dossier_id: str, section: str, language: str, paragraph: str) -> Page:
    subject = request.form.get("subject", "")
    change(process_id, dossier_id, operations.uncite, section, language, paragraph, subject)
    say(_("Taken back. It stays in the log that it was there."))
    return _back(process_id, dossier_id, section, language, paragraph)


def _back(process_id: str, dossier_id: str, section: str, language: str, paragraph: str) -> Page:
    here: dict[str, Any] = {"process_id": process_id, "dossier_id": dossier_id, "section": section}
    return see_other("citing.text", language=language, _anchor=f"p-{paragraph}", **here)


def _load(process_id: str, dossier_id: str, section: str, language: str) -> tuple[Dossier, Section, Answer]:
    dossier, asked, answer = load_text(process_id, dossier_id, section, language)
    if answer is None or not answer.paragraphs:
        raise NotFound()
    return dossier, asked, answer


def _page(
    dossier: Dossier, section: Section, answer: Answer, form: CiteForm, *, status: int, paragraph: str | None = None
) -> Page:
    chosen = paragraph or request.args.get("paragraph")
    words = clean_line(request.values.get("q", ""))[:LONGEST_QUERY]
    kind = request.values.get("kind", "")
    kinds = {Kind(kind)} if kind in set(Kind) else set(Kind)
    paragraphs = showing.shaped_paragraphs(db.session(), dossier, [answer])[answer.id]
    return desk_page(
        "citing/text.html",
        dossier.process,
        status=status,
        dossier=dossier,
        section=section,
        answer=answer,
        paragraphs=paragraphs,
        chosen=next((each for each in paragraphs if each.key == chosen), None),
        found=queries.search_for(db.session(), dossier, words, kinds=kinds) if words else [],
        offered=_offered(dossier, section, answer, paragraphs),
        ticked=request.form.getlist("subject"),
        query=words,
        kind=kind,
        form=form,
        may_cite=policies.can_cite(current_actor(), answer, now=clock.now()),
        cite_words=wording,
        address=showing.address_of,
    )


def _offered(dossier: Dossier, section: Section, answer: Answer, paragraphs: list[Shaped]) -> dict[str, list[Cited]]:
    """By paragraph: facts and initiatives whose sentence stands in it word for word, and that it does not cite yet.

    A saved text has plain spaces where money and French have narrow ones.
    """
    if section.draft not in DRAFTS:
        return {}
    session, url = db.session(), record_url(dossier.process.public_id)
    ground = queries.ground_of(session, dossier.process, now=clock.now(), url=url)
    with writing_for(answer.language):
        pieces = [piece for piece in pieces_of(ground, section.draft, values_of(ground)) if piece.text]
    said: dict[str, list[str]] = {}
    for each in paragraphs:
        cited = {rest.citation.subject for rest in each.rests}
        refs = [_ref(dossier, piece.code) for piece in pieces if clean_text(piece.text) in each.text]
        said[each.key] = [ref for ref in dict.fromkeys(refs) if ref and ref not in cited]
    found = queries.find_cited(session, dossier, {ref for refs in said.values() for ref in refs})
    return {key: [found[ref] for ref in refs if ref in found] for key, refs in said.items()}


def _ref(dossier: Dossier, code: str) -> str | None:
    """``initiative.8f3k.cost`` → ``initiative/8f3k``; a fact's code → its ref."""
    if code in FACTS:
        return fact_ref(dossier, code)
    kind, _dot, rest = code.partition(".")
    return f"initiative/{rest.partition('.')[0]}" if kind == "initiative" else None
