"""The clerk's desk: sessions, one form after the other by keyboard alone, sheets, scans, the second clerk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from ...accounts.looks import shows_account
from ...accounts.references import Page
from ...documents.queries import documents_of
from ...documents.uploads import store_upload
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid, NotFound
from ...kernel.i18n import in_language, reader, site_day
from ...kernel.qr import qr_svg
from ...kernel.tables import write_csv
from ...kernel.web import current_actor, public, say, see_other
from ...meetings.queries import get_meeting, list_for_sittings
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from ...processes.queries import process_to_change
from ...vocabularies.uccn import BENEFICIARIES, OBJECTIVES
from .. import operations, policies, queries, wording
from ..forms import EntryForm, IntakeForm, MendForm, ScanForm, SheetForm, WithdrawForm
from ..models import AssistedItem, Intake
from ..setup import digests
from ..sheet import Sheet, read_sheet
from .blueprint import Answer, bp, currency, load

SHOWN_REFUSALS = 100


@bp.get("/staff/processes/<public_id>/paper")
def index(public_id: str) -> Answer:
    """Sessions, what waits for a second clerk, and how large a part came with help."""
    process, actor, now = load(public_id), current_actor(), clock.now()
    require(policies.can_see_desk(actor, process, now=now))
    session, before = db.session(), request.args.get("before")
    intakes = queries.list_intakes(session, process, before=before, limit=queries.PAGE + 1)
    return _desk_page(
        "assisted/index.html",
        process,
        None,
        intakes=intakes[: queries.PAGE],
        next_before=intakes[queries.PAGE - 1].public_id if len(intakes) > queries.PAGE else None,
        waiting=queries.list_waiting(session, process),
        totals=queries.totals(session, process),
        may_open=policies.can_open(actor, process, now=now),
        now=now,
    )


@bp.route("/staff/processes/<public_id>/paper/new", methods=["GET", "POST"])
def begin(public_id: str) -> Answer:
    process, actor, now = load(public_id), current_actor(), clock.now()
    require(policies.can_open(actor, process, now=now))
    form = IntakeForm(data={"held_on": site_day(now)}) if request.method == "GET" else IntakeForm()
    meetings = {each.public_id: each for each in list_for_sittings(db.session(), process, now=now)}
    form.meeting.offer([(known, in_language(each.title, reader().locale).text) for known, each in meetings.items()])
    if form.validate_on_submit():
        facts: dict[str, Any] = {name: form[name].data for name in ("way_in", "place", "held_on", "needs_second")}
        today, chosen = site_day(now), form.meeting.data

        def work(session: Session) -> str:
            found = process_to_change(session, public_id, actor=actor)
            at = get_meeting(session, found, chosen) if chosen in meetings else None
            made = operations.open_intake(session, found, today=today, meeting=at, actor=actor, now=now, **facts)
            return made.public_id

        try:
            made = perform(work)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return see_other("assisted.sitting", public_id=public_id, intake_id=made)
    return _desk_page("assisted/begin.html", process, form)


@bp.route("/staff/processes/<public_id>/paper/<intake_id>", methods=["GET", "POST"])
def sitting(public_id: str, intake_id: str) -> Answer:
    """One form of the pile after the other: what was just entered, its code, and the next empty form."""
    process, actor, now = load(public_id), current_actor(), clock.now()
    require(policies.can_see_desk(actor, process, now=now))
    form, entered = EntryForm(), None
    if form.validate_on_submit():
        require(policies.can_enter(actor, _intake(process, intake_id), now=now))
        try:
            entered = _enter(public_id, intake_id, form)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            form = EntryForm(formdata=None, data=form.kept())
    elif request.method == "GET":
        form = EntryForm(formdata=None, data={"language": reader().locale})
    intake = _intake(process, intake_id)
    below = request.args.get("below", type=int)
    items = queries.list_items(db.session(), intake, below=below, limit=queries.PAGE + 1)
    return _desk_page(
        "assisted/sitting.html",
        process,
        form,
        intake=intake,
        entered=entered,
        items=items[: queries.PAGE],
        next_below=items[queries.PAGE - 1].number if len(items) > queries.PAGE else None,
        may_enter=policies.can_enter(actor, intake, now=now),
        may_close=bool(policies.can_close(actor, intake, now=now)),
        scans=documents_of(db.session(), intake.ref),
    )


def _intake(process: Process, intake_id: str) -> Intake:
    return queries.get_intake(db.session(), process, intake_id)


def _enter(public_id: str, intake_id: str, form: EntryForm) -> tuple[AssistedItem, str]:
    actor, now, entry = current_actor(), clock.now(), form.entry()
    facts: dict[str, Any] = {"currency": currency(), "digests": digests(), "key": form.idempotency_key.data}

    def work(session: Session) -> tuple[AssistedItem, str]:
        process = process_to_change(session, public_id, actor=actor)
        intake = queries.intake_to_change(session, process, intake_id)
        return operations.enter_item(session, intake, entry, actor=actor, now=now, **facts)

    return perform(work)


@bp.route("/staff/processes/<public_id>/paper/<intake_id>/sheet", methods=["GET", "POST"])
def sheet(public_id: str, intake_id: str) -> Answer:
    """A whole table at once: first what would become of each row, then, after a second press, all that can be taken."""
    process, actor, now = load(public_id), current_actor(), clock.now()
    intake = _intake(process, intake_id)
    require(policies.can_enter(actor, intake, now=now))
    form = SheetForm(data={"language": reader().locale}) if request.method == "GET" else SheetForm()
    read = None
    if form.validate_on_submit():
        try:
            read = read_sheet(form.file.data, language=form.language.data)
            if read.taken and request.form.get("take"):
                return _codes_file(read, _enter_sheet(public_id, intake_id, read))
        except Invalid as refusal:
            form.refuse(Invalid(refusal.reason, field="file"))
    return _desk_page("assisted/sheet.html", process, form, intake=intake, read=read, shown=SHOWN_REFUSALS)


def _enter_sheet(public_id: str, intake_id: str, read: Sheet) -> list[tuple[AssistedItem, str]]:
    actor, now = current_actor(), clock.now()
    entries = [each.entry for each in read.taken]
    facts: dict[str, Any] = {"currency": currency(), "digests": digests()}

    def work(session: Session) -> list[tuple[AssistedItem, str]]:
        process = process_to_change(session, public_id, actor=actor)
        intake = queries.intake_to_change(session, process, intake_id)
        return operations.enter_many(session, intake, entries, actor=actor, now=now, **facts)

    return perform(work)


def _codes_file(read: Sheet, made: list[tuple[AssistedItem, str]]) -> Response:
    """What became of every row, with the codes: the only place where they can ever be read."""
    rows: list[list[object]] = [["row", "item", "code", "refused"]]
    fates = {each.row: [item.number, code, ""] for each, (item, code) in zip(read.taken, made, strict=True)}
    fates |= {each.row: ["", "", str(each.reason)] for each in read.refused}
    rows += [[row, *fates[row]] for row in sorted(fates)]
    response = Response(write_csv(rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="entered.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/staff/processes/<public_id>/paper/<intake_id>/scan", methods=["GET", "POST"])
def scan(public_id: str, intake_id: str) -> Answer:
    process, actor, now = load(public_id), current_actor(), clock.now()
    require(policies.can_close(actor, _intake(process, intake_id), now=now))
    form = ScanForm()
    if not form.validate_on_submit():
        return _desk_page("assisted/scan.html", process, form, intake=_intake(process, intake_id))
    stored, title = store_upload(form.scan.data), form.title.data or ""

    def work(session: Session) -> None:
        found = process_to_change(session, public_id, actor=actor)
        intake = queries.intake_to_change(session, found, intake_id)
        operations.attach_scan(session, intake, stored, title=title, actor=actor, now=now)

    perform(work)
    say(_("The sheet is kept. Its fingerprint is in the log."))
    return see_other("assisted.sitting", public_id=public_id, intake_id=intake_id)


@bp.post("/staff/processes/<public_id>/paper/<intake_id>/close")
def close(public_id: str, intake_id: str) -> Answer:
    load(public_id)
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> int:
        found = process_to_change(session, public_id, actor=actor)
        intake = queries.intake_to_change(session, found, intake_id)
        operations.close_intake(session, intake, actor=actor, now=now)
        return intake.items

    number = perform(work)
    say(ngettext("The session is closed with %(num)s item.", "The session is closed with %(num)s items.", number))
    return see_other("assisted.index", public_id=public_id)


@bp.route("/staff/processes/<public_id>/paper/items/<item_id>", methods=["GET", "POST"])
def item(public_id: str, item_id: str) -> Answer:
    """One item beside its scans: a second clerk compares it; POST says that it is right."""
    process, found = _load_item(public_id, item_id)
    actor, now = current_actor(), clock.now()
    if request.method == "POST":
        _change(public_id, item_id, operations.check_item)
        say(_("Item %(number)s counts now.", number=found.number))
        return see_other("assisted.index", public_id=public_id)
    shows_account(found.account, Page.ASSISTED)
    return _desk_page(
        "assisted/item.html",
        process,
        None,
        item=found,
        scans=documents_of(db.session(), found.intake.ref),
        may_check=policies.can_check(actor, found, now=now),
        may_correct=policies.can_correct(actor, found, now=now),
    )


def _load_item(public_id: str, item_id: str) -> tuple[Process, AssistedItem]:
    process = load(public_id)
    require(policies.can_see_desk(current_actor(), process, now=clock.now()))
    found = queries.get_item(db.session(), item_id)
    if found.intake.process_id != process.id:
        raise NotFound
    return process, found


def _change(public_id: str, item_id: str, operation: Callable[..., Any], *args: Any, **facts: Any) -> None:
    """Run one operation on the item, while its process is locked: numbers on the list stay gapless."""
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        process_to_change(session, public_id, actor=actor)
        operation(session, queries.get_item(session, item_id), *args, actor=actor, now=now, **facts)

    perform(work)


@bp.route("/staff/processes/<public_id>/paper/items/<item_id>/correct", methods=["GET", "POST"])
def correct(public_id: str, item_id: str) -> Answer:
    process, found = _load_item(public_id, item_id)
    actor, now = current_actor(), clock.now()
    require(policies.can_correct(actor, found, now=now))
    form = MendForm.of(found.proposal) if request.method == "GET" and found.proposal else MendForm()
    if form.validate_on_submit():
        facts: dict[str, Any] = {"name": form.name.data or "", "reason": form.reason.data or "", "holds_code": False}
        content = form.content(shows_name=bool(form.name.data))
        try:
            _change(public_id, item_id, operations.correct_item, content, **facts)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("It is put right. The log keeps what stood there before."))
            return see_other("assisted.item", public_id=public_id, item_id=item_id)
    shows_account(found.account, Page.ASSISTED)
    return _desk_page("assisted/correct.html", process, form, item=found)


@bp.route("/staff/processes/<public_id>/paper/items/<item_id>/withdraw", methods=["GET", "POST"])
def withdraw(public_id: str, item_id: str) -> Answer:
    process, found = _load_item(public_id, item_id)
    actor, now = current_actor(), clock.now()
    require(policies.can_withdraw(actor, found, now=now))
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            _change(public_id, item_id, operations.withdraw_item, reason=form.reason.data or "", holds_code=False)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("It is withdrawn. Totals never go down: that the person took part stays."))
            return see_other("assisted.item", public_id=public_id, item_id=item_id)
    return _desk_page("assisted/withdraw.html", process, form, item=found)


@bp.get("/p/<public_id>/paper-form")
@public
def paper_form(public_id: str) -> Answer:
    """The form to print, in the reader's language."""
    process = load(public_id)
    vocabularies = {"objectives": OBJECTIVES, "beneficiaries": BENEFICIARIES}
    qr = qr_svg(url_for("processes.show", public_id=process.public_id, _external=True))
    return render_template("assisted/paper_form.html", process=process, qr=qr, **vocabularies)


def _desk_page(template: str, process: Process, form: Any, **facts: Any) -> Answer:
    menu = process_desk_menu(process)
    page = render_template(template, process=process, form=form, wording=wording, staff_navigation=menu, **facts)
    return (page, 422) if form is not None and form.error_list else page
