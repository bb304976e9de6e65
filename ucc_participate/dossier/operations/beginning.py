"""Beginning a dossier, its deadlines, and moving it to another edition of the form."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, new_public_id
from ...processes.models import Process
from .. import policies, queries
from ..content import Terms
from ..events import AnswerEvent, DossierEvent
from ..models import AnswerState, Dossier, DossierState, Purpose
from ..moving import changes_of
from ..recording import note
from ..sections import SUBMITTED_IN, languages_of
from ..shipped import require_form


def begin_dossier(
    session: Session, process: Process, form_code: str, terms: Terms, *, actor: Actor, now: datetime
) -> Dossier:
    """Begin to write on a form. A process has one application, and as many reports as it hands in."""
    require(policies.can_begin(actor, process, now=now))
    form = require_form(session, form_code, actor=actor, now=now)
    if form.purpose is Purpose.APPLICATION and queries.application_of(session, process) is not None:
        raise Conflict(_l("This process has an application already."))
    dossier = Dossier(
        public_id=new_public_id(),
        process=process,
        form=form,
        purpose=form.purpose,
        status=DossierState.DRAFT,
        overrides=[],
        created_at=now,
    )
    _set(dossier, terms)
    session.add(dossier)
    note(session, DossierEvent.BEGUN, dossier, actor=actor, now=now, payload=dossier.public_payload())
    return dossier


def revise_dossier(session: Session, dossier: Dossier, terms: Terms, *, actor: Actor, now: datetime) -> None:
    """Saying the same again changes nothing."""
    require(policies.can_edit(actor, dossier, now=now))
    before = dossier.public_payload()
    _set(dossier, terms)
    if dossier.public_payload() != before:
        note(session, DossierEvent.REVISED, dossier, actor=actor, now=now, payload=dossier.public_payload())


def change_form(session: Session, dossier: Dossier, form_code: str, *, actor: Actor, now: datetime) -> list[str]:
    """Move to another edition of the form. No text is cut or lost: what is final and has become too long is a draft
    again, what the new form does not ask stays beside it. Returns the sections whose final texts were opened."""
    require(policies.can_edit(actor, dossier, now=now))
    form = require_form(session, form_code, actor=actor, now=now)
    if form.purpose is not dossier.purpose:
        raise Conflict(_l("That form is for another purpose."))
    if form.id == dossier.form_id:
        raise Conflict(_l("The dossier stands on this form already."))
    answers = list(queries.answers_of(session, dossier).values())
    moved = changes_of(dossier.form.content, form.content, answers)
    dossier.form = form
    note(session, DossierEvent.FORM_CHANGED, dossier, actor=actor, now=now, payload=dossier.public_payload())
    for answer in moved.reopened:
        answer.move_to(AnswerState.DRAFT)
        note(session, AnswerEvent.REOPENED, answer, actor=actor, now=now)
    return [answer.section for answer in moved.reopened]


def _set(dossier: Dossier, terms: Terms) -> None:
    if terms.submits_in not in SUBMITTED_IN:
        raise Invalid(_l("UNESCO takes applications in English or French."), field="submits_in")
    if terms.submits_in not in languages_of(dossier.form.content):
        raise Invalid(_l("This form is not handed in in that language."), field="submits_in")
    both = terms.national_deadline and terms.unesco_deadline
    if both and terms.national_deadline > terms.unesco_deadline:  # type: ignore[operator]
        raise Invalid(_l("The National Commission’s deadline comes before that of UNESCO."), field="national_deadline")
    dossier.submits_in = terms.submits_in
    dossier.national_deadline, dossier.unesco_deadline = terms.national_deadline, terms.unesco_deadline
