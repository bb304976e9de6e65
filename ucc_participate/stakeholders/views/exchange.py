"""The register as a table: fetched by everybody, brought by staff, each row's fate shown before anything happens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...accounts.looks import shows
from ...accounts.queries import names_by_key
from ...accounts.references import Page
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid, NotFound
from ...kernel.i18n import reader, text_direction
from ...kernel.tables import XLSX_TYPE, Table, write_csv, write_xlsx
from ...kernel.web import current_actor, decide, limiter, public, say, see_other
from .. import columns, operations, queries, telling
from ..forms import ImportForm, RegisterSearch, tag_choices
from ..models import Fate, ImportState, Organisation, RegisterImport
from ..queries import RegisterFilter
from ..sheet import read_sheet
from ..wording import LABELS
from .blueprint import Answer, bp

REGISTER = "register/contacts"
"""What the log calls the register when somebody fetches all its contact data at once."""


@bp.get("/stakeholders/register.<kind>")
@public
@limiter.limit("10 per minute")
def download(kind: str) -> Response:
    """The public columns of what the page lists; of the whole register merged entries too, so that old ids lead on."""
    _require_kind(kind)
    tags = queries.list_tags(db.session())
    search = RegisterSearch(request.args, tags)
    wanted = RegisterFilter(**search.wanted())
    return _register_file(kind, columns.PUBLIC, wanted)


@bp.get("/staff/stakeholders/register.<kind>")
def download_contacts(kind: str) -> Response:
    """The whole register with its contact data. The log notes who fetched it."""
    _require_kind(kind)
    require(decide("fetch_contacts", Organisation))
    shows(REGISTER, Page.CONTACT)
    return _register_file(kind, (*columns.PUBLIC, *columns.CONTACT), RegisterFilter())


def _register_file(kind: str, names: Sequence[str], wanted: RegisterFilter) -> Response:
    session = db.session()
    entries = queries.exported(session, wanted, with_merged=wanted == RegisterFilter())
    tags = queries.list_tags(session)
    return _file(columns.rows(entries, names, tags, locale=reader().locale), kind, "register", _("Stakeholders"))


def _require_kind(kind: str) -> None:
    """Before anything is read or noted."""
    if kind not in ("csv", "xlsx"):
        raise NotFound()


def _file(rows: Iterable[Sequence[Any]], kind: str, name: str, title: str) -> Response:
    if kind == "csv":
        answer = Response(write_csv(rows), mimetype="text/csv")
    else:
        right_to_left = text_direction(reader().locale) == "rtl"
        answer = Response(write_xlsx(rows, title=title, is_right_to_left=right_to_left), mimetype=XLSX_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


@bp.get("/staff/stakeholders/template.<kind>")
def template(kind: str) -> Response:
    """An empty table with every column that can be brought."""
    _require_kind(kind)
    require(decide("bring", RegisterImport))
    return _file([columns.headers(columns.READ)], kind, "template", _("Stakeholders"))


@bp.route("/staff/stakeholders/imports", methods=["GET", "POST"])
def imports() -> Answer:
    require(decide("bring", RegisterImport))
    form = ImportForm()
    kept = _kept(form) if form.validate_on_submit() else None
    if kept is not None:
        return see_other("stakeholders.show_import", public_id=kept)
    tables = queries.list_imports(db.session())
    page = render_template(
        "stakeholders/imports.html",
        form=form,
        tables=tables,
        names=names_by_key(db.session(), [each.brought_by for each in tables]),
        columns=columns,
        tags=dict(tag_choices(queries.list_tags(db.session()))),
        labels=LABELS,
        fates=Fate,
        waiting=ImportState.WAITING,
    )
    return (page, 422) if form.errors or form.form_errors else page


def _kept(form: ImportForm) -> str | None:
    """Read the file and keep what each row would do; None, with the reason in the form, when it cannot be read."""
    table: Table = form.table.data
    words = columns.words(queries.list_tags(db.session()))
    actor, now = current_actor(), clock.now()
    facts = {"file_name": table.name, "sha256": table.sha256, "identified_by": form.identified_by.data or ""}
    try:
        sheet = read_sheet(table, words)
        kept = perform(
            lambda session: operations.keep_preview(session, sheet, words, **facts, actor=actor, now=now).public_id
        )
    except Invalid as refusal:
        form.refuse(Invalid(refusal.reason, field="table"))
        return None
    return str(kept)


@bp.get("/staff/stakeholders/imports/<public_id>")
def show_import(public_id: str) -> str:
    """What every row would do, or did."""
    require(decide("bring", RegisterImport))
    session = db.session()
    table = queries.get_import(session, public_id)
    fate = next((each for each in Fate if each.value == request.args.get("fate")), None)
    after = request.args.get("after", type=int)
    tags = dict(tag_choices(queries.list_tags(session)))
    return render_template(
        "stakeholders/import.html",
        table=table,
        names=names_by_key(session, [table.brought_by, table.done_by]),
        is_done=table.status is ImportState.DONE,
        page=queries.list_rows(session, table, fate=fate, after=after),
        fate=fate,
        fates=Fate,
        telling=telling,
        says=lambda row: telling.sentences(row, tags),
    )


@bp.get("/staff/stakeholders/imports/<public_id>/rows.<kind>")
def import_rows(public_id: str, kind: str) -> Response:
    """Every row with its number in the file and what became of it."""
    _require_kind(kind)
    require(decide("bring", RegisterImport))
    session = db.session()
    table = queries.get_import(session, public_id)
    tags = dict(tag_choices(queries.list_tags(session)))
    fates = telling.DONE if table.status is ImportState.DONE else telling.FATES
    heads = [_("Row"), _("Organisation"), _("What becomes of it"), _("Why"), _("Id")]
    rows = (
        [row.number, row.name, str(fates[row.fate.value]), " ".join(telling.sentences(row, tags)), row.public_id or ""]
        for row in queries.all_rows(session, table)
    )
    return _file([heads, *rows], kind, f"import-{public_id}", _("Rows of the file"))


@bp.post("/staff/stakeholders/imports/<public_id>/carry-out")
def carry_out(public_id: str) -> Response:
    table = queries.get_import(db.session(), public_id)
    require(decide("carry_out", table))
    number = table.changes
    try:
        _change(public_id, operations.carry_out)
    except operations.RegisterChanged:
        _change(public_id, operations.look_again)
        say(_("The register has changed since this was shown. Nothing was done; this is what would happen now."))
    else:
        say(ngettext("%(num)s row is in the register.", "%(num)s rows are in the register.", number))
    return see_other("stakeholders.show_import", public_id=public_id)


def _change(public_id: str, operation: Callable[..., None]) -> None:
    words = columns.words(queries.list_tags(db.session()))
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        table = queries.import_to_change(session, public_id)
        operation(session, table, words, actor=actor, now=now)

    perform(work)


@bp.post("/staff/stakeholders/imports/<public_id>/drop")
def drop_import(public_id: str) -> Response:
    require(decide("carry_out", queries.get_import(db.session(), public_id)))
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        table = queries.import_to_change(session, public_id)
        operations.drop_preview(session, table, actor=actor, now=now)

    perform(work)
    say(_("The table is thrown away. The register is as it was."))
    return see_other("stakeholders.imports")
