"""How the portal hooks into the application."""

from flask import Flask

from .frame import frame


def init_app(app: Flask) -> None:
    app.context_processor(frame)
