"""How the portal hooks into the application."""

from flask import Flask

from .frame import frame
from .personal_words import PERSONAL_WORDS


def init_app(app: Flask) -> None:
    app.context_processor(frame)
    app.extensions["ucc.personal_words"].update(
        {name: {str(value): words for value, words in found.items()} for name, found in PERSONAL_WORDS.items()}
    )
