"""Making and closing the application under test. Imported late: tests of pure code need none of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask


def make_app(environment: Mapping[str, str], clock: Any = None) -> Flask:
    """The application as these variables set it."""
    from ucc_participate.app import create_app
    from ucc_participate.settings import Settings

    return create_app(Settings.from_environment(environment), testing=True, at=clock)


def close_app(app: Flask) -> None:
    """Let the writer thread end and give every connection back."""
    from ucc_participate.kernel.db import db

    app.extensions["ucc.door"].close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
