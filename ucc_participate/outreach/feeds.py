"""What stands in the feed of a process: what happened there, as the domains tell it (``ucc.feeds``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ..kernel.atom import MOST_ENTRIES, Feed, FeedEntry
from ..kernel.i18n import LOCALES
from ..processes.models import Process
from ..settings import Settings
from .news import Titles, in_words


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened in a process and may be read by everybody. No name of a person stands in it.

    ``name``: the same for ever (``answer/…``); ``what``: lazy text, of what kind it is; ``title``: of the thing, in one
    or several languages; ``path``: its page.
    """

    name: str
    what: Any
    title: Titles
    at: datetime
    path: str
    text: Titles | None = None


FeedSource = Callable[[Session, Process, datetime], Iterable[Happening]]
"""``source(session, process, now)``: the newest of its kind, at most MOST_ENTRIES."""


def happenings(session: Session, process: Process, now: datetime) -> list[Happening]:
    """The newest of all kinds, newest first."""
    sources: list[FeedSource] = current_app.extensions["ucc.feeds"]
    found = [each for source in sources for each in source(session, process, now)]
    return sorted(found, key=lambda each: (each.at, each.name), reverse=True)[:MOST_ENTRIES]


def entry_of(happening: Happening, locale: str) -> FeedEntry:
    title = _("%(what)s: %(title)s", what=str(happening.what), title=in_words(happening.title, locale))
    text = None if happening.text is None else in_words(happening.text, locale)
    return FeedEntry(happening.name, title, public_address(happening.path), happening.at, happening.at, text)


def make_feed(
    name: str, title: str, locale: str, entries: Sequence[FeedEntry], *, page: str, since: datetime | None
) -> Feed:
    """The feed that the present address answers with. ``page``: the path of what people read instead."""
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    values = {key: value for key, value in (request.view_args or {}).items() if key != "locale"}
    addresses = {
        each: public_address(url_for(request.endpoint or "", locale=each, **values)) + query for each in LOCALES
    }
    return Feed(
        name=f"{name}/{locale}",
        title=title,
        author=_settings().city(locale),
        language=locale,
        address=addresses.pop(locale),
        page=public_address(page),
        entries=entries,
        others=addresses,
        since=since,
    )


def public_address(path: str) -> str:
    return _settings().public_url + path


def origin() -> str:
    return _settings().log_origin


def _settings() -> Settings:
    found: Settings = current_app.extensions["ucc.settings"]
    return found
