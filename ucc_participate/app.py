"""create_app(settings): the only file that knows every domain."""

from __future__ import annotations

import os
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

from . import cli
from .audit import extension as audit
from .kernel import clock, compression, db, i18n, jobs, visitor_cache, web
from .settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOMAINS = (
    "audit",
    "documents",
    "notifications",
    "accounts",
    "stakeholders",
    "processes",
    "eligibility",
    "outreach",
    "moderation",
    "deliberation",
    "opinions",
    "inventory",
    "proposals",
    "meetings",
    "voting",
    "polling",
    "assisted",
    "representation",
    "objections",
    "record",
    "partners",
    "resources",
    "plan",
    "dossier",
    "citing",
    "readiness",
    "submission",
    "commitments",
    "sharing",
    "portal",
    "demo",
)


def create_app(settings: Settings | None = None, *, testing: bool = False, at: clock.Clock | None = None) -> Flask:
    """One application for any WSGI server. ``at`` replaces the system's clock in tests."""
    settings = settings or Settings.from_environment(os.environ)
    app = Flask(
        __name__,
        instance_path=str(settings.instance_path),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "ucc_participate" / "static"),
    )
    _configure(app, settings, testing)
    app.extensions["ucc.settings"] = settings
    app.extensions["ucc.clock"] = at or clock.SystemClock()
    db.init_app(app, settings.database_url)
    Migrate(app, db.db, directory=str(ROOT / "migrations"), render_as_batch=True)
    jobs.init_app(app, in_server=settings.jobs_in_server and not testing)
    i18n.init_app(app, settings)
    web.init_app(app, behind_proxy=settings.behind_proxy, rate_limits=settings.rate_limits)
    audit.init_app(
        app,
        instance=settings.instance_path,
        origin=settings.log_origin,
        every=timedelta(seconds=settings.checkpoint_seconds),
    )
    app.cli.add_command(cli.worker)
    for domain in DOMAINS:
        _register(app, domain)
    compression.init_app(app)
    visitor_cache.init_app(
        app,
        seconds=settings.visitor_cache_seconds,
        honour_browser_language=settings.honour_browser_language,
    )
    return app


def _configure(app: Flask, settings: Settings, testing: bool) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=testing,
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + 1_000_000,
        MAX_FORM_MEMORY_SIZE=1_000_000,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https"),
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.session_days),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
    )


def _register(app: Flask, domain: str) -> None:
    """A domain hooks itself in by convention: ``setup.init_app(app)``, ``views.bp``, ``api.bp``, ``cli.group``."""
    package = f"{__package__}.{domain}"
    if find_spec(package) is None:
        return
    import_module(f"{package}.models") if find_spec(f"{package}.models") else None
    if find_spec(f"{package}.setup"):
        import_module(f"{package}.setup").init_app(app)
    for module in ("views", "api"):
        if find_spec(f"{package}.{module}"):
            app.register_blueprint(import_module(f"{package}.{module}").bp)
    if find_spec(f"{package}.cli"):
        app.cli.add_command(import_module(f"{package}.cli").group)
