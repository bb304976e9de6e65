"""Writing minutes at the desk, answering objections, making them final."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...kernel import clock
from ...kernel.comparing import compare
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.i18n import digits, reader
from ...kernel.web import current_actor, say, see_other
from ...stakeholders.models import Organisation
from .. import operations, policies, queries
from ..entry import NewDecision
from ..forms import AnswerForm, minutes_form
from ..forms.minutes import MOST_DECISIONS
from ..mailing import mailing
from ..models import Meeting
from ..operations.minutes import Overtaken
from .blueprint import Answer, bp, change, desk_page, load

SAVE, PUBLISH, FINALISE = "save", "publish", "finalise"


@bp.route("/staff/processes/<process_id>/meetings/<meeting_id>/minutes", methods=["GET", "POST"])
def write(process_id: str, meeting_id: str) -> Answer:
    """One page for the text: save it, publish it as a draft, or as what stays."""
    process, meeting = load(process_id, meeting_id)
    session, actor, now = db.session(), current_actor(), clock.now()
    require(policies.can_publish_minutes(actor, meeting, now=now))
    standing, desk = queries.standing(session, meeting), queries.desk_of(session, meeting)
    written = desk or standing
    offered = queries.organisations_to_choose(session, process) or queries.organisations_to_choose(session, None)
    known: list[dict[str, Any]] = list(written.decisions) if written else []
    rows = sum(name.startswith("decision_") for name in request.form) or len(known)
    named = queries.named_in_rows(session, known)
    stamp = queries.stamp_of(session, meeting)
    typed = _typed(written.text if written else "", known, named) | {"based_on": stamp}
    data = typed if request.method == "GET" else None
    form = minutes_form(rows, offered, data)
    facts: dict[str, Any] = {"minutes": standing, "unanswered": queries.count_unanswered(session, meeting)}
    may_finalise = policies.can_finalise_minutes(actor, meeting, now=now, **facts)
    overtaken = None
    if form.validate_on_submit():
        deed = request.form.get("deed", SAVE)
        try:
            _write(process_id, meeting_id, deed, form, offered)
        except Overtaken as refusal:
            form.based_on.data = stamp
            overtaken = refusal.reason
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_SAID[deed]())
            goal = "meetings.write" if deed == SAVE else "meetings.manage"
            return see_other(goal, process_id=process_id, meeting_id=meeting_id)
    page = desk_page(
        "meetings/write.html",
        process,
        form,
        meeting=meeting,
        standing=standing,
        voices=queries.voices(session, meeting),
        rules=queries.rules_of(session, process),
        may_finalise=may_finalise,
        saved_at=desk.saved_at if desk else None,
        overtaken=overtaken,
        difference_to_saved=compare(_whole(typed), _whole(form.data)) if overtaken else None,
    )
    return (page, Overtaken.status) if overtaken and isinstance(page, str) else page


def _whole(typed: dict[str, Any]) -> str:
    """The text with its decisions, as one reads them."""
    decisions = (typed.get(f"decision_{place}") or "" for place in range(MOST_DECISIONS))
    return "\n".join([typed.get("text") or "", *(each for each in decisions if each)])


_SAID: dict[str, Callable[[], Any]] = {
    SAVE: lambda: _("It is saved. Nobody but the staff sees it."),
    PUBLISH: lambda: _("The draft is public. Those who were there are told that they can object."),
    FINALISE: lambda: _("The minutes are final."),
}


def _typed(text: str, decisions: Sequence[dict[str, Any]], named: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {"text": text}
    locale = reader().locale
    for place, decision in enumerate(decisions):
        data[f"decision_{place}"] = decision["text"]
        numbers = [named[ref].number for ref in decision["proposals"] if ref in named]
        written = [digits(number, locale=locale) for number in numbers if number is not None]
        data[f"proposals_{place}"] = _(", ").join(written)
        data[f"organisation_{place}"] = next((ref.partition("/")[2] for ref in decision["organisations"]), "")
    return data


def _write(process_id: str, meeting_id: str, deed: str, form: Any, offered: list[Organisation]) -> None:
    post = mailing()
    by_id = {each.public_id: each for each in offered}

    def run(session: Session, meeting: Meeting, **facts: Any) -> None:
        def find(numbers: list[int]) -> Any:
            return queries.proposals_by_number(session, meeting.process, numbers)

        decisions: list[NewDecision] = form.decisions(find, by_id)
        said: dict[str, Any] = {"text": form.text.data or "", "decisions": decisions, **facts}
        said["based_on"] = form.based_on.data or None
        if deed == PUBLISH:
            operations.publish_minutes(session, meeting, mailing=post, **said)
        elif deed == FINALISE:
            operations.finalise_minutes(session, meeting, **said)
        else:
            operations.save_minutes(session, meeting, **said)

    change(process_id, meeting_id, run)


@bp.route("/staff/processes/<process_id>/meetings/<meeting_id>/voices/<int:number>", methods=["GET", "POST"])
def answer(process_id: str, meeting_id: str, number: int) -> Answer:
    process, meeting = load(process_id, meeting_id)
    require(policies.can_manage(current_actor(), process, now=clock.now()))
    voice = queries.get_voice(db.session(), meeting, number)
    require(policies.can_answer_voice(current_actor(), voice, now=clock.now()))
    form = AnswerForm()
    if form.validate_on_submit():
        said = form.answer.data or ""

        def run(session: Session, found: Meeting, **facts: Any) -> None:
            standing = queries.voice_to_change(session, found, number)
            operations.answer_voice(session, found, standing, answer=said, **facts)

        try:
            change(process_id, meeting_id, run)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The answer stands beside the objection, for good."))
            return see_other("meetings.minutes", process_id=process_id, meeting_id=meeting_id)
    return desk_page("meetings/answer.html", process, form, meeting=meeting, voice=voice)
