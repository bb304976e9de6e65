"""Home, language, help, terms."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..kernel.i18n import is_locale, remember
from ..kernel.web import public, safe_next

bp = Blueprint("portal", __name__)


@bp.get("/")
@public
def home() -> str:
    return render_template("portal/home.html")


@bp.get("/language/<locale>")
@public
def set_language(locale: str) -> Response:
    """Remember the language in a cookie that holds nothing else; a wish, not a change, so GET may do it."""
    if not is_locale(locale):
        abort(404)
    response = redirect(safe_next(request.args.get("next"), url_for("portal.home")), 303)
    remember(response, locale=locale)
    return response


@bp.get("/help")
@public
def help_page() -> str:
    return render_template("portal/help.html")


@bp.get("/terms")
@public
def terms() -> str:
    return render_template("portal/terms.html")


@bp.get("/privacy")
@public
def privacy() -> str:
    return render_template("portal/privacy.html")
