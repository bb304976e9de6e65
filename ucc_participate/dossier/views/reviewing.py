"""Moving a text on, giving it to somebody, comments on it, its versions."""

from __future__ import annotations

from datetime import datetime

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...accounts.queries import get_account
from ...kernel import clock
from ...kernel.comparing import compare
from ...kernel.db import db
from ...kernel.decision import Denied, require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.identity import Actor
from ...kernel.web import current_actor, say, see_other
from .. import operations, policies, queries
from ..forms import AssignForm, CommentForm, form_for
from ..models import Answer, AnswerState, Dossier
from .answers import staff, text_page
from .blueprint import TEXT, Page, bp, change, desk_page, load_text


@bp.post(f"{TEXT}/state")
def move(process_id: str, dossier_id: str, section: str, language: str) -> Page:
    """To the state that the button names, the text as it is saved."""
    dossier, asked, answer = load_text(process_id, dossier_id, section, language)
    wanted = request.form.get("then")
    if answer is None or wanted not in set(AnswerState):
        raise NotFound()
    then = AnswerState(wanted)
    try:
        change(process_id, dossier_id, operations.save_answer, section, language, None, then=then)
    except Invalid as refusal:
        form = form_for(asked, {"text": answer.text, "based_on": str(answer.number), **(answer.fields or {})})
        form.refuse(refusal)
        return text_page(dossier, asked, language, answer, form, status=refusal.status)
    say(_("Done."))
    return see_other("dossier.answer", process_id=process_id, dossier_id=dossier_id, section=section, language=language)


@bp.post(f"{TEXT}/assign")
def assign(process_id: str, dossier_id: str, section: str, language: str) -> Page:
    dossier = load_text(process_id, dossier_id, section, language)[0]
    require(policies.can_edit(current_actor(), dossier, now=clock.now()))
    form = AssignForm()
    form.offer_staff(staff())
    if not form.validate_on_submit():
        raise Invalid(_("Choose somebody of the city’s staff."))
    here = {"process_id": process_id, "dossier_id": dossier_id, "section": section, "language": language}
    link = url_for("dossier.answer", _external=True, **here)

    def give(session: Session, dossier: Dossier, *, actor: Actor, now: datetime) -> Answer:
        person: Account | None = get_account(session, form.person.data) if form.person.data else None
        return operations.assign_answer(session, dossier, section, language, person, link=link, actor=actor, now=now)

    given = change(process_id, dossier_id, give)
    say(_("It is given to somebody.") if given.assigned_to_id else _("Nobody in particular writes it now."))
    return see_other("dossier.answer", **here)


@bp.post(f"{TEXT}/comments")
def comment(process_id: str, dossier_id: str, section: str, language: str) -> Page:
    dossier, asked, answer = load_text(process_id, dossier_id, section, language)
    allowed = policies.can_comment(current_actor(), dossier, now=clock.now())
    if not dossier.is_frozen:
        require(allowed)
    form = CommentForm()
    if answer is None:
        raise Conflict(_("Nothing is written here yet."))
    saved = form_for(asked, {"text": answer.text, "based_on": str(answer.number), **(answer.fields or {})})
    if isinstance(allowed, Denied):
        saved.refuse(Invalid(allowed.reason))
        return text_page(dossier, asked, language, answer, saved, status=409, typed=form.comment.data or "")
    if not form.validate_on_submit():
        return text_page(dossier, asked, language, answer, saved, status=422, comment=form)
    change(process_id, dossier_id, operations.comment_on, section, language, form.comment.data)
    say(_("Your comment stands beside the text."))
    here = {"process_id": process_id, "dossier_id": dossier_id, "section": section, "language": language}
    return see_other("dossier.answer", **here, _anchor="comments")


@bp.post(f"{TEXT}/comments/<comment_id>/settle")
def settle(process_id: str, dossier_id: str, section: str, language: str, comment_id: str) -> Page:
    load_text(process_id, dossier_id, section, language)
    change(process_id, dossier_id, operations.settle_comment, section, language, comment_id)
    here = {"process_id": process_id, "dossier_id": dossier_id, "section": section, "language": language}
    return see_other("dossier.answer", **here, _anchor="comments")


@bp.get(f"{TEXT}/versions")
def versions(process_id: str, dossier_id: str, section: str, language: str) -> Page:
    """All versions; ``?old=`` and ``?new=`` choose the two that are compared, the newest two unless said."""
    dossier, asked, answer = load_text(process_id, dossier_id, section, language)
    found = queries.versions_of(db.session(), answer) if answer else []
    if answer is None or not found:
        raise NotFound()
    texts = {each.number: each.text for each in found}
    new = request.args.get("new", answer.number, type=int)
    old = request.args.get("old", new - 1, type=int)
    return desk_page(
        "dossier/versions.html",
        dossier.process,
        dossier=dossier,
        section=asked,
        language=language,
        answer=answer,
        versions=found,
        old=old if old in texts else None,
        new=new if new in texts else answer.number,
        difference=compare(texts.get(old, ""), texts.get(new, answer.text)),
    )
