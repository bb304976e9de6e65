"""One text: written beside its source, counted, saved as a version; both texts when somebody was faster."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from ...accounts.queries import staff_with_roles
from ...kernel import clock
from ...kernel.comparing import Difference, compare
from ...kernel.db import db
from ...kernel.errors import Forbidden, Invalid
from ...kernel.identity import STAFF_ROLES
from ...kernel.text import clean_text
from ...kernel.web import current_actor, say, see_other, takes_long_texts
from .. import operations, policies, queries
from ..drafts import Draft, draft_of
from ..forms import AnswerForm, AssignForm, CommentForm, form_for
from ..models import Answer, AnswerState, Dossier
from ..moving import excess
from ..operations.answers import Overtaken
from ..sections import RUNNING, Section, sections_of
from ..standing import WORKING, is_behind
from ..wording import number_of
from .blueprint import TEXT, Page, bp, change, desk_page, load_text


@bp.route(TEXT, methods=["GET", "POST"], endpoint="answer")
@takes_long_texts
def write(process_id: str, dossier_id: str, section: str, language: str) -> Page:
    """``?take=phrase`` and ``?take=draft`` lay a text into the form that is not saved yet."""
    dossier, asked, answer = load_text(process_id, dossier_id, section, language)
    form = form_for(asked, _saved(dossier, asked, answer, language))
    typed = form.typed(asked, language) if request.method == "POST" else ""
    if request.method == "GET" or "go_on" in request.form or not form.validate_on_submit():
        return text_page(dossier, asked, language, answer, form, status=422 if form.errors else 200, typed=typed)
    then = AnswerState(request.form["then"]) if request.form.get("then") in set(AnswerState) else None
    try:
        written = form.written(asked, language)
        made = change(process_id, dossier_id, operations.save_answer, section, language, written, then=then)
    except Overtaken as refusal:
        return _side_by_side(dossier, asked, language, form, refusal)
    except (Forbidden, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return text_page(dossier, asked, language, answer, form, status=refusal.status, typed=typed)
    say(_("Section %(id)s is final.", id=number_of(section)) if made.state is AnswerState.FINAL else _("Saved."))
    return see_other("dossier.answer", process_id=process_id, dossier_id=dossier_id, section=section, language=language)


def _saved(dossier: Dossier, section: Section, answer: Answer | None, language: str) -> dict[str, Any]:
    source = _source(dossier, section, language)
    filled = dict(answer.fields or {}) if answer else {}
    if "urls" in filled:
        filled["urls"] = "\n".join(filled["urls"])
    taken = _taken(dossier, section, language) if request.method == "GET" else None
    return {
        "based_on": str(answer.number if answer else 0),
        "of_number": str(source.number) if source and source.is_written else "",
        "text": taken if taken is not None else (answer.text if answer else ""),
        **filled,
    }


def _taken(dossier: Dossier, section: Section, language: str) -> str | None:
    """What the address asks to lay into the form."""
    wanted = request.args.get("take")
    if wanted == "phrase":
        return phrase_of(dossier, language)
    made = draft_of(dossier, section, language) if wanted == "draft" else None
    return made.text if made else None


def phrase_of(dossier: Dossier, language: str) -> str | None:
    """What the form wants to read where there is nothing to say."""
    phrase = dossier.form.content.get("empty_phrase") or {}
    found: str | None = phrase.get("text", {}).get(language)
    return found


def _source(dossier: Dossier, section: Section, language: str) -> Answer | None:
    return queries.find_answer(db.session(), dossier, section.id, WORKING) if language != WORKING else None


def text_page(
    dossier: Dossier,
    section: Section,
    language: str,
    answer: Answer | None,
    form: AnswerForm,
    *,
    status: int = 200,
    comment: CommentForm | None = None,
    typed: str = "",
) -> Page:
    """``comment``: its form, with what was typed and is wrong. ``typed``: what was refused, for who may not write any
    more: it is given back to be kept elsewhere."""
    session, actor, now = db.session(), current_actor(), clock.now()
    source = _source(dossier, section, language)
    before, after = _neighbours(dossier, section)
    return desk_page(
        "dossier/answer.html",
        dossier.process,
        status=status,
        dossier=dossier,
        section=section,
        language=language,
        answer=answer,
        form=form,
        typed=typed,
        source=source if source and source.is_written else None,
        since=_since(answer, source),
        before=before,
        after=after,
        over=excess(section, answer) if answer else 0,
        phrase=phrase_of(dossier, language),
        draft=_offered(dossier, section, language),
        taken=request.args.get("take") if request.method == "GET" else None,
        panels=_panels(answer),
        comments=queries.comments_of(session, answer) if answer else [],
        comment_form=comment or CommentForm(formdata=None),
        assign_form=_assign_form(answer),
        may_write=policies.can_write(actor, dossier, now=now, answer=answer),
        may_review=bool(policies.can_review(actor, dossier, now=now)),
        may_comment=bool(policies.can_comment(actor, dossier, now=now)),
        may_assign=bool(policies.can_edit(actor, dossier, now=now)),
    )


def _since(answer: Answer | None, source: Answer | None) -> Difference | None:
    """What has changed in the source since it was translated."""
    if answer is None or source is None or not is_behind(answer, source):
        return None
    before = queries.text_of_version(db.session(), source, answer.of_number)
    return compare(before or "", source.text)


def _offered(dossier: Dossier, section: Section, language: str) -> Draft | None:
    takes = section.kind in RUNNING and not dossier.is_frozen
    return draft_of(dossier, section, language) if takes else None


def _panels(answer: Answer | None) -> list[tuple[Any, Markup]]:
    if answer is None:
        return []
    actor, now = current_actor(), clock.now()
    made = [ask(answer, actor=actor, now=now) for ask in current_app.extensions["ucc.section_panels"]]
    return [panel for panel in made if panel]


def _assign_form(answer: Answer | None) -> AssignForm:
    chosen = answer.assigned_to.public_id if answer and answer.assigned_to else None
    form = AssignForm(formdata=None, data={"person": chosen})
    form.offer_staff(staff())
    return form


def staff() -> list[Any]:
    """Who may be given a text: whoever has an office at the city."""
    found = staff_with_roles(db.session(), clock.now())
    return [account for account, roles in found if STAFF_ROLES & set(roles)]


def _neighbours(dossier: Dossier, section: Section) -> tuple[Section | None, Section | None]:
    answered = [each for each in sections_of(dossier.form.content) if each.is_answered]
    place = [each.id for each in answered].index(section.id)
    return answered[place - 1] if place else None, answered[place + 1] if place + 1 < len(answered) else None


def _side_by_side(dossier: Dossier, section: Section, language: str, form: AnswerForm, refusal: Overtaken) -> Page:
    """Both texts, what is different, and a form to merge them by hand."""
    theirs = queries.find_answer(db.session(), dossier, section.id, language)
    typed = clean_text(form.written(section, language).text)
    return desk_page(
        "dossier/overtaken.html",
        dossier.process,
        status=refusal.status,
        dossier=dossier,
        section=section,
        language=language,
        theirs=theirs,
        mine=typed,
        difference=compare(theirs.text if theirs else "", typed),
        form=form,
        newest=refusal.number,
        action=url_for(
            "dossier.answer",
            process_id=dossier.process.public_id,
            dossier_id=dossier.public_id,
            section=section.id,
            language=language,
        ),
    )
