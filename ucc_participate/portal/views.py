"""Home, language, help, terms, the style guide."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from ..accounts.models import TERMS_VERSION, Account
from ..accounts.queries import retention_entries
from ..accounts.retention import months_before
from ..kernel import clock
from ..kernel.db import db
from ..kernel.decision import require
from ..kernel.i18n import is_locale, remember
from ..kernel.visitor_cache import shared_by_visitors
from ..kernel.web import current_actor, decide, public, safe_next
from ..processes import wording
from ..processes.queries import contacts_past_their_time, current_process
from .forms import SampleForm
from .home import build

bp = Blueprint("portal", __name__)
REMOVALS, CONTACTS = 20, 100
REMOVED = {
    "profiles": _l("What people said of themselves"),
    "unused_accounts": _l("Accounts that nobody used"),
    "invitation_notes": _l("Notes beside invitations"),
    "register_imports": _l("Tables of organisations that nobody took in"),
    "appraisal_notes": _l("Private notes of the staff on proposals"),
    "evaluators": _l("Names of evaluators whose invitation has ended"),
    "meeting_names": _l("Names and wishes of people who came to meetings"),
}
"""What each rule of retention removes."""


@bp.get("/")
@public
@shared_by_visitors
def home() -> str:
    session = db.session()
    process = current_process(session)
    if process is None:
        return render_template("portal/no_process.html")
    shown = build(session, process, actor=current_actor(), now=clock.now())
    return render_template("portal/home.html", home=shown, process=process, wording=wording)


@bp.get("/language/<locale>")
@public
def set_language(locale: str) -> Response:
    """Remember the language in a cookie that holds nothing else; a wish, not a change, so GET may do it."""
    if not is_locale(locale):
        abort(404)
    response = make_response(redirect(_readable(safe_next(request.args.get("next"), url_for("portal.home"))), 303))
    remember(response, locale=locale)
    return response


def _readable(target: str) -> str:
    """The address itself; where only POST goes, as on a form that was refused, the nearest one above it."""
    path = target.partition("?")[0]
    if not _refuses_reading(path, MethodNotAllowed):
        return target
    while path := path.rpartition("/")[0]:
        if not _refuses_reading(path, HTTPException):
            return path
    return url_for("portal.home")


def _refuses_reading(path: str, refusal: type[HTTPException]) -> bool:
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except refusal:
        return True
    except HTTPException:
        return False
    return False


@bp.get("/help")
@public
@shared_by_visitors
def help_page() -> str:
    return render_template("portal/help.html")


@bp.get("/terms")
@public
@shared_by_visitors
def terms() -> str:
    return render_template("portal/terms.html", terms_version=TERMS_VERSION)


@bp.get("/privacy")
@public
@shared_by_visitors
def privacy() -> str:
    return render_template("portal/privacy.html", kinds=current_app.extensions["ucc.personal_data_kinds"])


@bp.route("/styleguide", methods=["GET", "POST"])
@public
def styleguide() -> str:
    """Every component of the pages, for those who build them: on demonstrations and in tests only."""
    if not (current_app.extensions["ucc.settings"].demonstration or current_app.testing):
        abort(404)
    form, now = SampleForm(), clock.now()
    form.validate_on_submit()
    days = [now + timedelta(days=day) for day in (-84, -58, -18, 12, 31, 45)]
    return render_template("portal/styleguide.html", form=form, now=now, days=days)


@bp.get("/staff/privacy")
def staff_privacy() -> str:
    """What is kept how long, what was removed lately, and contact data that nobody has needed for years."""
    require(decide("see_people", Account))
    settings, now, session = current_app.extensions["ucc.settings"], clock.now(), db.session()
    since = months_before(now, settings.contact_months)
    return render_template(
        "portal/staff_privacy.html",
        kinds=current_app.extensions["ucc.personal_data_kinds"],
        removed=retention_entries(session, REMOVED, limit=REMOVALS),
        rules=REMOVED,
        contacts=contacts_past_their_time(session, since, limit=CONTACTS),
        most=CONTACTS,
        months=settings.contact_months,
    )
