"""Editions of official forms: all of them, one, correcting it into a new one, taking one from a file."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.i18n import LANGUAGE_NAMES, reader
from ...kernel.web import current_actor, say, see_other
from ...processes.frame import desk_menu
from .. import operations, policies, queries, wording
from ..checking import problems
from ..editing import edited
from ..forms import ImportForm
from ..models import FormVersion
from ..moving import differences
from ..sections import SectionKind, sections_of
from ..shipped import digest, shipped
from .blueprint import Page, bp

FORMS = "/staff/forms"
UNTOLD: dict[str, Any] = {"limit": {}, "asks": {}, "evidence": "G"}
"""What a section of a file may leave out (docs/forms.md)."""


@bp.get(FORMS)
def forms() -> Page:
    require(policies.can_see_forms(current_actor(), FormVersion, now=clock.now()))
    used = queries.forms(db.session())
    there = {form.code for form in used}
    return _page(
        "dossier/forms.html",
        forms=used,
        uses=queries.uses_of_forms(db.session()),
        unused=[content for code, content in reversed(list(shipped().items())) if code not in there],
    )


@bp.get(f"{FORMS}/<code>")
def form(code: str) -> Page:
    require(policies.can_see_forms(current_actor(), FormVersion, now=clock.now()))
    row, content = _content(code)
    base = _content(row.based_on)[1] if row and row.based_on else None
    return _page(
        "dossier/form.html",
        form=row,
        content=content,
        digest=digest(content),
        sections=sections_of(content),
        changes=differences(base, content) if base else None,
    )


@bp.get(f"{FORMS}/<code>.json")
def form_file(code: str) -> Response:
    """The form as a file, for another installation."""
    require(policies.can_see_forms(current_actor(), FormVersion, now=clock.now()))
    data = json.dumps(_content(code)[1], ensure_ascii=False, indent=1) + "\n"
    name = f'attachment; filename="{code.replace("+", "-")}.json"'
    return Response(data, mimetype="application/json", headers={"Content-Disposition": name})


@bp.route(f"{FORMS}/<code>/edit", methods=["GET", "POST"])
def edit_form(code: str) -> Page:
    """Nothing is saved before the button that enters the new edition; the other one shows what would be different."""
    require(policies.can_correct(current_actor(), FormVersion, now=clock.now()))
    content = _content(code)[1]
    if request.method == "GET":
        return _editor(code, content, content, {})
    made, errors = edited(content, request.form, locale=reader().locale)
    errors |= {f"form-{place}": says for place, says in enumerate(problems(made))}
    if errors or "enter" not in request.form:
        return _editor(code, content, made, errors, status=422 if errors else 200)
    because, actor, now = request.form.get("because", ""), current_actor(), clock.now()
    try:
        entered = perform(lambda s: operations.correct_form(s, code, made, because=because, actor=actor, now=now).code)
    except (Conflict, Invalid) as refusal:
        at = getattr(refusal, "field", None) or "form"
        return _editor(code, content, made, {at: str(refusal.reason)}, status=refusal.status)
    say(_("“%(code)s” is entered. Dossiers stay on their form until you move them.", code=entered))
    return see_other("dossier.form", code=entered)


@bp.route(f"{FORMS}/new", methods=["GET", "POST"])
def import_form() -> Page:
    require(policies.can_correct(current_actor(), FormVersion, now=clock.now()))
    typed = ImportForm()
    if not typed.validate_on_submit():
        return _page("dossier/import_form.html", status=422 if typed.errors else 200, form=typed)
    actor, now, because = current_actor(), clock.now(), typed.because.data or ""
    content, faults = _parsed(typed.file.data or "")
    if faults:
        typed.file.errors = [*typed.file.errors, *faults]
        return _page("dossier/import_form.html", status=422, form=typed)
    try:
        entered = perform(lambda s: operations.import_form(s, content, because=because, actor=actor, now=now).code)
    except Invalid as refusal:
        typed.refuse(refusal)
        return _page("dossier/import_form.html", status=422, form=typed)
    say(_("“%(code)s” is entered.", code=entered))
    return see_other("dossier.form", code=entered)


def _parsed(text: str) -> tuple[Any, list[str]]:
    """The content, or what is wrong with it."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None, [_("This is not JSON. Take the file as it was downloaded.")]
    return content, problems(content)


def _content(code: str) -> tuple[FormVersion | None, dict[str, Any]]:
    """What is in use, else what the release brings. Raises NotFound."""
    row = queries.find_form(db.session(), code)
    content = row.content if row else shipped().get(code)
    if content is None:
        raise NotFound()
    return row, content


def _editor(code: str, old: dict[str, Any], new: dict[str, Any], errors: dict[str, str], *, status: int = 200) -> Page:
    changes = [] if any(not place.startswith("because") for place in errors) else differences(old, new)
    return _page(
        "dossier/edit_form.html",
        status=status,
        code=code,
        content={**old, "sections": [{**UNTOLD, **section} for section in old["sections"]]},
        changes=changes,
        looked=request.method == "POST",
        errors=errors,
        typed=request.form,
        kinds=[kind for kind in SectionKind if kind is not SectionKind.CHOICE],
        tongues=LANGUAGE_NAMES,
    )


def _page(template: str, *, status: int = 200, **facts: Any) -> Page:
    return render_template(template, staff_navigation=desk_menu(), words=wording, **facts), status
