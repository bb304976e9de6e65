"""Joining language support to an application."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import Babel

from .dates import DEFAULT_ZONE
from .filters import register_filters
from .languages import DEFAULT_LOCALE, LANGUAGE_NAMES, LOCALES, text_direction
from .messages import Messages, ensure_compiled, make_lazy_text_escape_itself, teach_templates
from .readers import EXTENSION, Preferences, SiteLanguage, reader, select_locale

TRANSLATIONS = Path(__file__).resolve().parents[3] / "translations"


def init_app(
    app: Flask,
    *,
    default_locale: str = DEFAULT_LOCALE,
    timezone: str = DEFAULT_ZONE,
    honour_browser_language: bool = False,
    preferences: Callable[[], Preferences | None] | None = None,
    translations_dir: Path = TRANSLATIONS,
) -> None:
    """Register flask_babel, the filters, and ``locale``, ``text_direction``, ``calendar`` in every template.

    ``preferences()`` answers the signed-in account's choices, or None. Stale catalogues are compiled here.
    """
    ensure_compiled(translations_dir)
    app.extensions[EXTENSION] = SiteLanguage(default_locale, timezone, honour_browser_language, preferences)
    babel = Babel(configure_jinja=False)
    babel.init_app(
        app,
        default_locale=default_locale,
        default_timezone=timezone,
        default_translation_directories=str(translations_dir),
        locale_selector=select_locale,
    )
    messages = Messages()
    babel.domain_instance = messages
    make_lazy_text_escape_itself()
    teach_templates(app, messages)
    register_filters(app)
    app.context_processor(_template_variables)


def _template_variables() -> dict[str, Any]:
    now = reader()
    return {
        "locale": now.locale,
        "text_direction": text_direction(now.locale),
        "calendar": now.calendar,
        "locales": LOCALES,
        "language_names": LANGUAGE_NAMES,
    }
