"""Invited organisations stage by stage, and what is done with the chosen ones: shown before it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from flask import current_app, request
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from ...accounts.looks import shows_each
from ...accounts.references import Page
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import Denied, require
from ...kernel.errors import Invalid
from ...kernel.forms import Form
from ...kernel.i18n import lazy_moment
from ...kernel.web import current_actor, say, see_other
from ...processes.models import Channel, Invitation, Process
from ...processes.queries import process_to_change
from ...processes.timetable import day_begins
from ...stakeholders.models import Organisation
from .. import operations, policies, queries
from ..addresses import city_quiet, digests, links
from ..forms import AttendanceForm, CallForm, ReissueForm, StageSearch
from ..jobs import CODE_LIFE
from ..models import InvitationNote, NoteKind
from ..operations import Terms
from ..queries import OrganisationStages, Stage
from .blueprint import Answer, bp, desk_page, load, today, usual_end
from .inviting import slips_page

Invited = list[tuple[Invitation, Organisation]]


def _beyond() -> OrganisationStages:
    found: OrganisationStages = current_app.extensions["ucc.organisation_stages"]
    return found


@bp.get("/staff/processes/<public_id>/invitations")
def stages(public_id: str) -> Answer:
    process, now = load(public_id), clock.now()
    require(policies.can_see(current_actor(), process, now=now))
    search, session = StageSearch(request.args), db.session()
    after = request.args.get("after")
    known: dict[str, Any] = {"beyond": _beyond(), "now": now}
    counts, wanted = queries.count_stages(session, process, beyond=_beyond()), search.wanted()
    page = queries.list_stages(session, process, wanted, after=after, **known)
    return desk_page(
        "outreach/stages.html",
        process,
        search=search,
        asked={name: value for name, value in request.args.items() if name != "after" and value},
        page=page,
        counts=counts,
        stages=[stage for stage in Stage if stage is not Stage.SILENT and stage.value in counts],
        notes=_grouped(_readable(queries.notes_of(session, process, wanted, limit=60, **known))),
        is_narrowed=wanted != queries.EVERYBODY,
        batches=queries.batches_of(session, process),
        may_act=bool(policies.can_invite(current_actor(), process, now=now)),
        today=today(),
    )


def _readable(notes: list[InvitationNote]) -> list[InvitationNote]:
    """Without the names and addresses of people for evaluators; that staff sees some is noted."""
    if not current_actor().is_staff:
        return [note for note in notes if note.kind is not NoteKind.DELEGATE]
    named = sorted({note.invitation.organisation.ref for note in notes if note.kind is NoteKind.DELEGATE})
    if named:
        shows_each(named, Page.CONTACT)
    return notes


def _grouped(notes: list[InvitationNote]) -> list[tuple[InvitationNote, list[str]]]:
    """What was written of several organisations at once stands once, with their names."""
    grouped = groupby(notes, key=lambda note: (note.kind, note.written_at, note.text))
    several = [list(same) for _known, same in grouped]
    return [(same[0], [note.invitation.organisation.name for note in same]) for same in several]


@bp.post("/staff/processes/<public_id>/invitations/attendance")
def attendance(public_id: str) -> Answer:
    """They came."""
    form = AttendanceForm(_typed(), data={"held_on": today()})

    def do(session: Session, process: Process, invited: Invited, **by: Any) -> int:
        operations.note_attendance(session, process, invited, at=at, text=form.text.data or "", **by)
        return len(invited)

    process, invited = _chosen(public_id)
    if not _is_confirmed() or not form.validate():
        return _preview("attendance", process, invited, form)
    at = min(day_begins(form.held_on.data) + timedelta(hours=12), max(clock.now(), day_begins(form.held_on.data)))
    return _done(process, invited, form, do, "attendance")


@bp.post("/staff/processes/<public_id>/invitations/call")
def call(public_id: str) -> Answer:
    """They said on the telephone, on paper or at the counter whether they take part."""
    form = CallForm(_typed())

    def do(session: Session, process: Process, invited: Invited, **by: Any) -> int:
        said = {"answer": form.answer.data, "through": form.through.data, "text": form.text.data or ""}
        operations.note_call(session, process, invited, **said, **by)
        return len(invited)

    process, invited = _chosen(public_id)
    if not _is_confirmed() or not form.validate():
        return _preview("call", process, invited, form)
    return _done(process, invited, form, do, "call")


@bp.post("/staff/processes/<public_id>/invitations/remind")
def remind(public_id: str) -> Answer:
    """Write to those who are silent, as far as they may be written to."""
    form, now = Form(), clock.now()
    facts: dict[str, Any] = {
        "expires_on": today() + CODE_LIFE,
        "digests": digests(),
        "addresses": links().addresses(),
        "not_before": city_quiet().next_moment(now),
    }

    def do(session: Session, process: Process, invited: Invited, **by: Any) -> int:
        return operations.remind(session, process, invited, **facts, **by)

    process, invited = _chosen(public_id)
    if not _is_confirmed():
        return _preview(
            "remind", process, invited, form, later=facts["not_before"] if facts["not_before"] > now else None
        )
    return _done(process, invited, form, do, "remind", later=facts["not_before"] if facts["not_before"] > now else None)


@bp.post("/staff/processes/<public_id>/invitations/codes")
def codes(public_id: str) -> Answer:
    """New codes in place of the old ones, to print once more."""
    process, invited = _chosen(public_id)
    form = ReissueForm(_typed(), data={"expires_on": usual_end(process)})
    if not _is_confirmed() or not form.validate() or not invited:
        return _preview("codes", process, invited, form)
    actor, now, day, secret = current_actor(), clock.now(), today(), digests()
    ids = [organisation.public_id for _invitation, organisation in invited]
    terms = Terms(channel=Channel.LETTER, expires_on=form.expires_on.data, locale=form.locale.data, locales={})

    def work(session: Session) -> operations.Issued:
        found = process_to_change(session, public_id, actor=actor)
        pairs = queries.invitations_to_change(session, found, ids)
        return operations.reissue_codes(session, found, pairs, terms, today=day, digests=secret, actor=actor, now=now)

    try:
        return slips_page(process, perform(work))
    except Invalid as refusal:
        form.refuse(refusal)
        return _preview("codes", process, invited, form)


def _typed() -> MultiDict[str, str] | None:
    """What was typed into the form of the deed; at first the table alone was sent."""
    return request.form if _is_confirmed() else None


def _is_confirmed() -> bool:
    return bool(request.form.get("confirmed"))


def _chosen(public_id: str) -> tuple[Process, Invited]:
    """The ticked organisations, or all that the table's filter finds."""
    process, now, session = load(public_id), clock.now(), db.session()
    require(policies.can_invite(current_actor(), process, now=now))
    ids = request.form.getlist("organisations")
    if request.form.get("everyone"):
        wanted = StageSearch(request.form).wanted()
        ids = queries.public_ids_of(session, process, wanted, beyond=_beyond(), now=now)
    return process, queries.list_invited(session, process, ids)


def _preview(deed: str, process: Process, invited: Invited, form: Form, **facts: Any) -> Answer:
    """Who is meant, and what will be done; who is left out, and why."""
    fates: list[Any] = [None] * len(invited)
    if deed == "remind":
        asked: dict[str, Any] = {"digests": digests(), "actor": current_actor(), "now": clock.now()}
        decisions = queries.reminder_fates(db.session(), process, invited, **asked)
        fates = [each.reason if isinstance(each, Denied) else None for each in decisions]
    rows = list(zip(invited, fates, strict=True))
    meant = sum(1 for _pair, fate in rows if fate is None)
    return desk_page("outreach/act.html", process, form, deed=deed, rows=rows, meant=meant, **facts)


def _done(
    process: Process,
    invited: Invited,
    form: Form,
    do: Callable[..., int],
    deed: str,
    later: datetime | None = None,
) -> Answer:
    actor, now = current_actor(), clock.now()
    ids = [organisation.public_id for _invitation, organisation in invited]

    def work(session: Session) -> int:
        found = process_to_change(session, process.public_id, actor=actor)
        return do(session, found, queries.invitations_to_change(session, found, ids), actor=actor, now=now)

    try:
        count = perform(work)
    except Invalid as refusal:
        form.refuse(refusal)
        return _preview(deed, process, invited, form)
    say(_told(deed, count, later))
    return see_other("outreach.stages", public_id=process.public_id)


def _told(deed: str, count: int, later: datetime | None) -> str:
    if deed == "remind" and count and later is not None:
        words = ngettext(
            "%(num)s organisation is reminded: the mail goes out on %(moment)s, after the quiet hours.",
            "%(num)s organisations are reminded: the mails go out on %(moment)s, after the quiet hours.",
            count,
            moment=lazy_moment(later),
        )
        return str(words)
    if deed == "remind":
        return str(ngettext("%(num)s organisation is reminded.", "%(num)s organisations are reminded.", count))
    return str(ngettext("It is noted for %(num)s organisation.", "It is noted for %(num)s organisations.", count))
