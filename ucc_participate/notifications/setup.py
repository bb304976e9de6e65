"""How notifications hook into the application."""

from flask import Flask

from . import sending

SEND_SECONDS = 2.0
TIDY_SECONDS = 3600.0


def init_app(app: Flask) -> None:
    jobs = app.extensions["ucc.jobs"]
    jobs.add("notifications.send", sending.send_due, every_seconds=SEND_SECONDS)
    jobs.add("notifications.tidy", sending.remove_old, every_seconds=TIDY_SECONDS)
