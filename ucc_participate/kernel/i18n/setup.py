"""Joining language support to an application."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import Babel

from ...settings import Settings
from .filters import register_filters
from .languages import LANGUAGE_NAMES, LOCALES, text_direction
from .messages import Messages, ensure_compiled, make_lazy_text_escape_itself, teach_templates
from .readers import EXTENSION, SiteLanguage, reader, select_locale

TRANSLATIONS = Path(__file__).resolve().parents[3] / "translations"


def init_app(app: Flask, settings: Settings, *, translations_dir: Path = TRANSLATIONS) -> None:
    """Register flask_babel, the filters, and ``locale``, ``text_direction``, ``calendar`` in every template.

    Catalogues that are stale are compiled here. Accounts add their preferences with ``use_preferences``.
    """
    ensure_compiled(translations_dir)
    app.extensions[EXTENSION] = SiteLanguage(
        settings.default_locale, settings.timezone, settings.honour_browser_language, settings.currency
    )
    babel = Babel(configure_jinja=False)
    babel.init_app(
        app,
        default_locale=settings.default_locale,
        default_timezone=settings.timezone,
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
