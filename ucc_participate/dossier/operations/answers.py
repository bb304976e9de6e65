"""Writing the text of a section: saving, sending to be reviewed, making final, opening again, and who shall do it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...accounts.queries import roles_of
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.i18n import LOCALES
from ...kernel.identity import STAFF_ROLES, Actor, new_public_id
from ...kernel.text import clean_text
from ...notifications.outbox import queue_mail
from .. import fields, policies, queries
from ..content import LONGEST_TEXT, Written
from ..events import AnswerEvent
from ..models import Answer, AnswerState, AnswerVersion, Dossier
from ..moving import excess
from ..paragraphs import carry
from ..recording import named, note
from ..sections import RUNNING, Section, SectionKind, section_of

STEPS = {
    (AnswerState.DRAFT, AnswerState.IN_REVIEW): AnswerEvent.SENT,
    (AnswerState.IN_REVIEW, AnswerState.DRAFT): AnswerEvent.RETURNED,
    (AnswerState.IN_REVIEW, AnswerState.FINAL): AnswerEvent.FINALISED,
    (AnswerState.FINAL, AnswerState.DRAFT): AnswerEvent.REOPENED,
}


MOVED_ON = _l("Somebody has moved this text on meanwhile. Look at how far it is now, then decide again.")


class Overtaken(Conflict):
    """Somebody has saved another text meanwhile. ``number``: of the version that stands."""

    def __init__(self, number: int) -> None:
        super().__init__(_l("Somebody saved another text while you were writing."))
        self.number = number


def save_answer(
    session: Session,
    dossier: Dossier,
    section_id: str,
    language: str,
    written: Written | None,
    *,
    actor: Actor,
    now: datetime,
    then: AnswerState | None = None,
) -> Answer:
    """Keep a text as a new version, and move it on to the state ``then``. ``written``: None leaves the text alone.

    Raises Overtaken when somebody was faster, Invalid when it cannot become final: empty, or above the form's limit.
    """
    section, answer = _place(session, dossier, section_id, language, now)
    if written is not None:
        require(policies.can_write(actor, dossier, now=now, answer=answer))
        if _keep(session, section, answer, written, actor=actor, now=now):
            note(session, AnswerEvent.SAVED, answer, actor=actor, now=now)
    if then is not None and then is not answer.state:
        _move(session, section, answer, then, actor=actor, now=now)
    return answer


def assign_answer(
    session: Session,
    dossier: Dossier,
    section_id: str,
    language: str,
    person: Account | None,
    *,
    link: str,
    actor: Actor,
    now: datetime,
) -> Answer:
    """Say who shall write a text, or that nobody in particular does. They are told by mail, others than oneself."""
    require(policies.can_edit(actor, dossier, now=now))
    section, answer = _place(session, dossier, section_id, language, now)
    if person is not None and not STAFF_ROLES & roles_of(session, person, now):
        raise Invalid(_l("Choose somebody of the city’s staff."), field="person")
    if answer.assigned_to_id == (person.id if person else None):
        return answer
    answer.assigned_to = person
    note(session, AnswerEvent.ASSIGNED, answer, actor=actor, now=now)
    if person is not None and person.id != actor.account_id:
        told = {"title": _in(section.title, person.locale), "number": section.id, "link": link}
        queue_mail(
            session,
            to=person.email,
            locale=person.locale,
            template="answer_assigned",
            data=told,
            now=now,
            owner=person.key,
        )
    return answer


def _place(session: Session, dossier: Dossier, section_id: str, language: str, now: datetime) -> tuple[Section, Answer]:
    """The section and its row, a new one before anything was written. The dossier is locked by whoever calls."""
    section = section_of(dossier.form.content, section_id)
    if section is None or not section.is_answered or language not in LOCALES:
        raise NotFound()
    found = queries.find_answer(session, dossier, section_id, language)
    if found is None:
        found = Answer(
            dossier=dossier,
            section=section_id,
            language=language,
            text="",
            paragraphs=[],
            state=AnswerState.DRAFT,
            number=0,
            changed_at=now,
            citations=[],
            assigned_to=None,
            frozen_once=False,
        )
        session.add(found)
        session.flush()
    return section, found


def _keep(session: Session, section: Section, answer: Answer, written: Written, *, actor: Actor, now: datetime) -> bool:
    """Whether anything is new."""
    filled = None if section.kind in RUNNING else fields.cleaned(section, written.fields or {})
    text = clean_text(written.text, max_length=LONGEST_TEXT)
    if text == answer.text and (filled is None or filled == answer.fields):
        return _translates(answer, written)
    if written.based_on is not None and written.based_on != answer.number:
        raise Overtaken(answer.number)
    answer.text, answer.fields = text, filled
    answer.paragraphs = carry(answer.paragraphs or [], text, new_key=lambda: new_public_id(6))
    answer.number += 1
    answer.of_number = written.of_number
    answer.changed_by, answer.changed_at = named(session, actor), now
    kept = "" if section.kind is SectionKind.CONTACT else text
    session.add(AnswerVersion(answer_id=answer.id, number=answer.number, text=kept, by=answer.changed_by, saved_at=now))
    return True


def _translates(answer: Answer, written: Written) -> bool:
    """The same text again, beside a newer source: it still translates it."""
    if written.of_number is None or written.of_number == answer.of_number or not answer.is_written:
        return False
    answer.of_number = written.of_number
    return True


def _move(
    session: Session, section: Section, answer: Answer, then: AnswerState, *, actor: Actor, now: datetime
) -> None:
    event = STEPS.get((answer.state, then))
    if event is None:
        raise Conflict(MOVED_ON)
    by_writer = event is AnswerEvent.SENT
    dossier = answer.dossier
    require(
        policies.can_write(actor, dossier, now=now, answer=answer)
        if by_writer
        else policies.can_review(actor, dossier, now=now)
    )
    if then is AnswerState.FINAL:
        _require_final(section, answer)
    answer.move_to(then)
    note(session, event, answer, actor=actor, now=now)


def _require_final(section: Section, answer: Answer) -> None:
    """Rule Z1: nothing empty, nothing above the limit."""
    if not answer.is_written:
        raise Invalid(
            _l("Nothing is written here. If there is nothing to say, take the phrase of the form."), field="text"
        )
    fields.require_complete(section, answer.fields, answer.text)
    over = excess(section, answer)
    if over:
        raise Invalid(
            lazy_ngettext(
                "This is %(num)s word above the limit of the form. Shorten it; nothing is cut for you.",
                "This is %(num)s words above the limit of the form. Shorten it; nothing is cut for you.",
                over,
            ),
            field="text",
        )


def _in(texts: Mapping[str, str], locale: str) -> str:
    return texts.get(locale) or next((text for text in texts.values() if text), "")
