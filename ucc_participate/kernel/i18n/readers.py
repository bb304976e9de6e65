"""For whom a page or mail is written: language, calendar and zone of the current request or job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Protocol

import flask_babel
from flask import Flask, Response, current_app, g, has_app_context, has_request_context, request
from flask_babel import force_locale, get_locale

from .dates import DEFAULT_ZONE, zone
from .languages import DEFAULT_LOCALE, LOCALES, default_calendar, is_calendar, is_locale

LANGUAGE_COOKIE: Final = "ucc_lang"
CALENDAR_COOKIE: Final = "ucc_calendar"
EXTENSION: Final = "ucc.i18n"
_COOKIE_SECONDS = 365 * 24 * 3600
_forced_calendar: ContextVar[str | None] = ContextVar("ucc_forced_calendar", default=None)


class Preferences(Protocol):
    """What an account has chosen; an account itself fits. None where it has chosen nothing."""

    @property
    def locale(self) -> str | None: ...

    @property
    def calendar(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class SiteLanguage:
    """How this application speaks to those who have chosen nothing, and where choices of accounts are found."""

    default_locale: str = DEFAULT_LOCALE
    timezone: str = DEFAULT_ZONE
    honour_browser_language: bool = False
    currency: str = "IRR"
    preferences: Callable[[], Preferences | None] | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """The keyword arguments of the pure formatting functions."""

    locale: str
    calendar: str
    tz: str


def site_language() -> SiteLanguage:
    found = current_app.extensions.get(EXTENSION) if has_app_context() else None
    return found if isinstance(found, SiteLanguage) else SiteLanguage()


def use_preferences(app: Flask, preferences: Callable[[], Preferences | None]) -> None:
    """Let the domain of accounts say what the signed-in account has chosen; it answers None for visitors."""
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], preferences=preferences)


def site_timezone() -> str:
    """Name of the zone in which days begin: the setting UCC_TIMEZONE."""
    return site_language().timezone


def site_day(moment: datetime) -> date:
    """The day that it is in the city."""
    return moment.astimezone(zone(site_timezone())).date()


def select_locale() -> str:
    """Account, then cookie, then (if the site wants it) the browser, then the site's default."""
    site = site_language()
    if not has_request_context():
        return site.default_locale
    chosen = _chosen("locale", LANGUAGE_COOKIE)
    if is_locale(chosen):
        return str(chosen)
    wished = request.accept_languages.best_match(LOCALES) if site.honour_browser_language else None
    return wished or site.default_locale


def select_calendar(locale: str) -> str:
    """Account, then cookie, then the calendar that readers of this language expect."""
    chosen = _chosen("calendar", CALENDAR_COOKIE) if has_request_context() else None
    return str(chosen) if is_calendar(chosen) else default_calendar(locale)


def reader() -> Reader:
    """The reader of the current request, of the surrounding ``writing_for``, or of the site when there is neither."""
    forced = _forced_calendar.get()
    if not has_app_context():
        return Reader(DEFAULT_LOCALE, forced or default_calendar(DEFAULT_LOCALE), DEFAULT_ZONE)
    context = g._get_current_object()
    locale = _current_locale(context)
    if forced is not None:
        return Reader(locale, forced, site_timezone())
    known: dict[str, Reader] = context.setdefault("ucc_readers", {})
    if locale not in known:
        known[locale] = Reader(locale, select_calendar(locale), site_timezone())
    return known[locale]


def _current_locale(context: Any) -> str:
    """What ``get_locale()`` answers, read where flask_babel keeps it: asked for every date, its proxies cost most."""
    kept = getattr(context.get("_flask_babel"), "babel_locale", None)
    return str((kept or get_locale()).language)


@contextmanager
def writing_for(locale: str | None, calendar: str | None = None) -> Iterator[None]:
    """Write in somebody else's language and calendar: mails and documents. Needs an application context."""
    locale = locale if locale is not None and is_locale(locale) else site_language().default_locale
    token = _forced_calendar.set(calendar if is_calendar(calendar) else default_calendar(locale))
    try:
        with force_locale(locale):
            yield
    finally:
        _forced_calendar.reset(token)


def remember(response: Response, *, locale: str | None = None, calendar: str | None = None) -> None:
    """Keep a visitor's explicit choice in cookies and use it from now on in this request; ignore unknown values."""
    for name, value, known in ((LANGUAGE_COOKIE, locale, is_locale), (CALENDAR_COOKIE, calendar, is_calendar)):
        if value is not None and known(value):
            response.set_cookie(
                name, value, max_age=_COOKIE_SECONDS, httponly=True, samesite="Lax", secure=_cookies_are_secure()
            )
    refresh()


def refresh() -> None:
    """Forget what this request knew of its reader, after the account's choice has changed."""
    flask_babel.refresh()
    g.pop("ucc_readers", None)


def _cookies_are_secure() -> bool:
    return bool(current_app.config.get("SESSION_COOKIE_SECURE", False))


def _chosen(name: str, cookie: str) -> Any:
    preferences = site_language().preferences
    account = preferences() if preferences is not None else None
    return (getattr(account, name) if account is not None else None) or request.cookies.get(cookie)
