"""HTTP basics: who asks, default-deny, headers, error pages, rate limits, ``can()`` in templates."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import Template
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from . import clock
from .decision import Decision, Denied
from .errors import SignInNeeded, UccError
from .identity import VISITOR, Actor

ViewT = TypeVar("ViewT", bound=Callable[..., Any])

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POST_LIMIT = "60 per minute"

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, storage_uri="memory://", headers_enabled=False)


def public(view: ViewT) -> ViewT:
    """Mark a view that needs no sign-in. Every other view does; tests/test_access.py lists the public ones by name."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def takes_long_texts(view: ViewT) -> ViewT:
    """Mark a view that reads texts far too long, to give them back to their authors: “shorten this” in place of 413."""
    view.takes_long_texts = True  # type: ignore[attr-defined]
    return view


def current_actor() -> Actor:
    """Who asks: loaded once per request by the accounts domain, or a visitor."""
    if "actor" not in g:
        load: Callable[[], Actor | None] = current_app.extensions.get("ucc.load_actor", lambda: None)
        g.actor = load() or VISITOR
    actor: Actor = g.actor
    return actor


def decide(verb: str, thing: Any, **facts: Any) -> Decision:
    """The domain's policy ``can_<verb>`` for the present actor: Allowed, or Denied with its reason."""
    policies: Mapping[type, ModuleType] = current_app.extensions["ucc.policies"]
    module = policies[thing if isinstance(thing, type) else type(thing)]
    decision: Decision = getattr(module, f"can_{verb}")(current_actor(), thing, now=clock.now(), **facts)
    return decision


def can(verb: str, thing: Any, **facts: Any) -> bool:
    return bool(decide(verb, thing, **facts))


def why_not(verb: str, thing: Any, **facts: Any) -> Any:
    """The reason of a refusal as lazy text, or None when allowed."""
    decision = decide(verb, thing, **facts)
    return decision.reason if isinstance(decision, Denied) else None


def register_policies(app: Flask, module: ModuleType, *models: type) -> None:
    app.extensions.setdefault("ucc.policies", {}).update(dict.fromkeys(models, module))


def safe_next(target: str | None, fallback: str) -> str:
    """``target`` when it stays on this site, else ``fallback``."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return fallback
    return fallback if urlsplit(target).netloc else target


def see_other(endpoint: str, **values: Any) -> Response:
    return redirect(url_for(endpoint, **values), 303)


def say(text: Any) -> None:
    """Show a sentence on the next page: what happened and what comes next."""
    flash(str(text), "done")


def _refuse_null_characters() -> None:
    """No address of ours holds one, and PostgreSQL takes none: such an address leads nowhere."""
    if "\0" in request.path or any("\0" in value for _name, value in request.args.items(multi=True)):
        abort(404)


def _allow_long_texts() -> None:
    """Before anything reads the form, its token too."""
    if getattr(current_app.view_functions.get(request.endpoint or ""), "takes_long_texts", False):
        request.max_form_memory_size = request.max_content_length


def _require_sign_in() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static" or getattr(view, "is_public", False):
        return None
    if current_actor().is_signed_in:
        return None
    return _to_sign_in()


def _to_sign_in() -> Response:
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=target), 303)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-store" if "actor" in g and g.actor.is_signed_in else "no-cache"
    return response


def _page(status: int, reason: Any = None, **facts: Any) -> tuple[str, int]:
    names: list[str | Template] = [f"errors/{status}.html", "errors/error.html"]
    return render_template(names, status=status, reason=reason, **facts), status


def _show_ucc_error(error: UccError) -> Any:
    if isinstance(error, SignInNeeded) and not current_actor().is_signed_in:
        return _to_sign_in()
    return _page(error.status, error.reason)


def _show_http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    return _page(error.code)


def _show_csrf_error(_error: CSRFError) -> Any:
    """The page keeps what was typed: the browser still has it one step back, and the text is shown for copying."""
    typed = {name: value for name, value in request.form.items() if name != "csrf_token" and len(value) > 20}
    return _page(400, _("This form was open for too long. Go back, reload the page and send it again."), typed=typed)


def _show_bug(error: Exception) -> Any:
    reference = secrets.token_hex(4)
    current_app.logger.error("error %s", reference, exc_info=error)
    return _page(500, reference=reference)


def init_app(app: Flask, *, behind_proxy: int, rate_limits: bool) -> None:
    if behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=behind_proxy, x_proto=behind_proxy, x_host=behind_proxy)  # type: ignore[method-assign]
    app.config["RATELIMIT_ENABLED"] = rate_limits
    app.before_request(_allow_long_texts)
    csrf.init_app(app)
    limiter.init_app(app)
    app.before_request(_refuse_null_characters)
    app.before_request(_require_sign_in)
    app.after_request(_add_headers)
    app.register_error_handler(UccError, _show_ucc_error)
    app.register_error_handler(CSRFError, _show_csrf_error)
    app.register_error_handler(HTTPException, _show_http_error)
    if not app.testing:
        app.register_error_handler(Exception, _show_bug)
    app.jinja_env.globals.update(can=can, why_not=why_not, current_actor=current_actor)
