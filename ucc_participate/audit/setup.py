"""How the audit domain hooks into the application."""

from flask import Flask

from . import log
from .extension import audit_log

SEQUENCE_SECONDS = 0.1
CHECK_SECONDS = 5.0


def init_app(app: Flask) -> None:
    jobs = app.extensions["ucc.jobs"]
    if not app.extensions["ucc.settings"].is_sqlite:
        jobs.add("audit.sequence", lambda: log.sequence(audit_log().engine), every_seconds=SEQUENCE_SECONDS)
    jobs.add("audit.checkpoint", lambda: audit_log().publish_if_due(), every_seconds=CHECK_SECONDS)
