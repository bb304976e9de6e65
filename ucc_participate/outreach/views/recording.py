"""What was done to reach people: the public list, noting and correcting it, bringing many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from flask import Response, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from ...documents.queries import documents_of
from ...documents.uploads import StoredUpload, store_upload
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.i18n.readers import reader
from ...kernel.tables import write_csv
from ...kernel.web import current_actor, public, say, see_other
from ...processes.models import Process
from ...processes.queries import process_to_change
from .. import operations, policies, queries, wording
from ..forms import ActivitiesForm, ActivityForm, ActivitySearch, CorrectionForm
from ..queries import ActivityFilter
from ..sheet import HEADS, Fate, carried, empty_table, read_activities, read_carried
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
    """A table of activities: the fate of every row is shown; the second press notes the good ones in one go."""
    process, form = load(public_id), ActivitiesForm()
    require(policies.can_record(current_actor(), process, now=clock.now()))
    rows = request.form.get("rows")
    if form.is_submitted() and (rows or form.validate()):
        try:
            if rows:
                return _brought(process, read_activities(read_carried(rows), today=today()))
            fates, onward = read_activities(form.file.data, today=today()), carried(form.file.data)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return _look(process, fates, onward)
    allowed = (wording.ACTIVITY_KINDS, wording.GROUPS, wording.COUNTED)
    return desk_page("outreach/bring.html", process, form, heads=HEADS, allowed=allowed)


@bp.get("/staff/processes/<public_id>/outreach/bring/empty.csv")
def empty_sheet(public_id: str) -> Answer:
    """An empty table with its heads in the reader's language."""
    require(policies.can_record(current_actor(), load(public_id), now=clock.now()))
    response = Response(write_csv([empty_table(reader().locale)]), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="activities.csv"'
    return response


def _look(process: Process, fates: list[Fate], onward: str) -> Answer:
    """What would become of each row; nothing is written."""
    good = [fate.activity for fate in fates if fate.activity is not None]
    rows = _told(fates, queries.new_among(db.session(), process, good))
    count = sum(not faults for _row, faults in rows)
    told = ngettext("%(num)s row can be noted", "%(num)s rows can be noted", count)
    facts: dict[str, Any] = {"rows": rows[:SHOWN_FATES], "count": len(rows), "meant": count, "onward": onward}
    return desk_page("outreach/bring_look.html", process, told=told, **facts)


def _brought(process: Process, fates: list[Fate]) -> Answer:
    """Note the good rows, and say what became of each."""
    good = [fate.activity for fate in fates if fate.activity is not None]
    actor, now, day = current_actor(), clock.now(), today()

    def work(session: Session) -> list[bool]:
        found = process_to_change(session, process.public_id, actor=actor)
        return operations.import_activities(session, found, good, today=day, actor=actor, now=now)

    rows = _told(fates, perform(work) if good else [])
    count = sum(not faults for _row, faults in rows)
    told = ngettext("%(num)s activity is noted.", "%(num)s activities are noted.", count)
    return desk_page("outreach/brought.html", process, rows=rows[:SHOWN_FATES], told=told, count=len(rows))


def _told(fates: list[Fate], taken: list[bool]) -> list[tuple[int, tuple[Any, ...]]]:
    """Every row and why it is left out, nothing for those taken. ``taken``: of the good ones, in their order."""
    good = [fate.row for fate in fates if fate.activity is not None]
    double = {row for row, is_taken in zip(good, taken, strict=True) if not is_taken}
    twice = _("This stands in the log already: the same kind, day, place and deed.")
    return [(fate.row, (twice,) if fate.row in double else fate.faults) for fate in fates]
