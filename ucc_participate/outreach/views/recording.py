"""What was done to reach people: the public list, noting and correcting it, bringing many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from ...documents.queries import documents_of
from ...documents.uploads import StoredUpload, store_upload
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.web import current_actor, public, say, see_other
from ...processes.queries import process_to_change
from .. import operations, policies, queries, wording
from ..forms import ActivitiesForm, ActivityForm, ActivitySearch, CorrectionForm
from ..queries import ActivityFilter
from ..sheet import HEADS, Fate, read_activities
from .blueprint import Answer, bp, desk_page, load, today

SHOWN_FATES = 500


@bp.get("/p/<public_id>/outreach")
@public
def activities(public_id: str) -> Answer:
    process, session, search = load(public_id), db.session(), ActivitySearch(request.args)
    search.validate()
    wanted = ActivityFilter(*(None if field.errors else field.data for field in (search.kind, search.group)))
    return render_template(
        "outreach/activities.html",
        process=process,
        search=search,
        asked={name: value for name, value in request.args.items() if name != "after" and value},
        page=queries.list_activities(session, process, wanted, after=request.args.get("after")),
        totals=queries.reached(session, process),
        may_record=bool(policies.can_record(current_actor(), process, now=clock.now())),
        wording=wording,
    )


@bp.get("/p/<public_id>/outreach/<activity_id>")
@public
def activity(public_id: str, activity_id: str) -> Answer:
    process, session = load(public_id), db.session()
    found = queries.get_activity(session, process, activity_id)
    return render_template(
        "outreach/activity.html",
        process=process,
        activity=found,
        history=queries.history_of(session, found),
        evidence=documents_of(session, found.ref(process)),
        may_record=bool(policies.can_record(current_actor(), process, now=clock.now())),
        wording=wording,
    )


@bp.route("/staff/processes/<public_id>/outreach/new", methods=["GET", "POST"])
def record(public_id: str) -> Answer:
    process = load(public_id)
    require(policies.can_record(current_actor(), process, now=clock.now()))
    begun = {"held_on": today(), **_about(request.args.get("about", ""))}
    form = ActivityForm(data=begun) if request.method == "GET" else ActivityForm()
    if form.validate_on_submit():
        made = _kept(public_id, form, operations.record_activity)
        if made is not None:
            say(_("It is noted. Everybody can read it on the pages of the process."))
            return see_other("outreach.activity", public_id=public_id, activity_id=made)
    return desk_page("outreach/record.html", process, form)


def _about(missing: str) -> dict[str, str]:
    """What is filled in already when the page of who is missing leads here: its name of the group."""
    group = {"sex:female": "women", "age:under_30": "youth"}.get(missing, missing)
    if group.startswith("district:"):
        return {"district": unquote(group.removeprefix("district:"))[:80]}
    return {"group": group} if group in wording.GROUPS else {}


@bp.route("/staff/processes/<public_id>/outreach/<activity_id>/correct", methods=["GET", "POST"])
def correct(public_id: str, activity_id: str) -> Answer:
    process = load(public_id)
    require(policies.can_record(current_actor(), process, now=clock.now()))
    found = queries.get_activity(db.session(), process, activity_id)
    form = CorrectionForm.of(found) if request.method == "GET" else CorrectionForm()
    if form.validate_on_submit():
        said: dict[str, Any] = {"because": form.because.data or "", "is_void": form.is_void.data}

        def put_right(session: Session, process: Any, new: Any, **facts: Any) -> Any:
            standing = queries.activity_to_change(session, process, activity_id)
            return operations.correct_activity(session, process, standing, new, **said, **facts)

        if _kept(public_id, form, put_right) is not None:
            say(_("It is corrected. What it said before can still be read."))
            return see_other("outreach.activity", public_id=public_id, activity_id=activity_id)
    return desk_page("outreach/record.html", process, form, activity=found)


def _kept(public_id: str, form: ActivityForm, operation: Callable[..., Any]) -> str | None:
    """Run one operation on what was typed; the public id of the activity, None when it was refused."""
    actor, now, day = current_actor(), clock.now(), today()
    stored: StoredUpload | None = store_upload(form.evidence.data) if form.evidence.data is not None else None
    new = form.activity()

    def work(session: Session) -> str:
        process = process_to_change(session, public_id, actor=actor)
        made = operation(session, process, new, evidence=stored, today=day, actor=actor, now=now)
        return str(made.public_id)

    try:
        return perform(work)
    except Invalid as refusal:
        form.refuse(refusal)
        return None


@bp.route("/staff/processes/<public_id>/outreach/bring", methods=["GET", "POST"])
def bring(public_id: str) -> Answer:
    """A table of activities: good rows are noted in one go, the fate of every row is shown."""
    process = load(public_id)
    require(policies.can_record(current_actor(), process, now=clock.now()))
    form = ActivitiesForm()
    if form.validate_on_submit():
        try:
            fates = read_activities(form.file.data, today=today())
            taken = _bring(public_id, fates)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            count = sum(fate is None for _row, fate in taken)
            told = ngettext("%(num)s activity is noted.", "%(num)s activities are noted.", count)
            return desk_page("outreach/brought.html", process, taken=taken[:SHOWN_FATES], told=told, count=len(taken))
    return desk_page("outreach/bring.html", process, form, heads=HEADS)


def _bring(public_id: str, fates: list[Fate]) -> list[tuple[int, Any]]:
    """Row and reason of its refusal, None for those that were taken."""
    good = [(fate.row, fate.activity) for fate in fates if fate.activity is not None]
    actor, now, day = current_actor(), clock.now(), today()

    def work(session: Session) -> list[bool]:
        process = process_to_change(session, public_id, actor=actor)
        many = [activity for _row, activity in good]
        return operations.import_activities(session, process, many, today=day, actor=actor, now=now)

    taken = perform(work) if good else []
    double = {row for (row, _activity), is_taken in zip(good, taken, strict=True) if not is_taken}
    twice = _("This stands in the log already: the same kind, day, place and deed.")
    return [(fate.row, twice if fate.row in double else fate.refused) for fate in fates]
