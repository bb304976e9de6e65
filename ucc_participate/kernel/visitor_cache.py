"""Whole pages kept for some seconds for visitors without a session: what makes a link in the news bearable.

Keyed by address, query and the choices that change a page for a visitor (language, calendar, compression). Nothing with
a session cookie is ever read from it or stored in it, and nothing that sets a cookie.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

from .compression import takes_gzip
from .i18n import CALENDAR_COOKIE, LANGUAGE_COOKIE

ViewT = TypeVar("ViewT", bound=Callable[..., Any])
MOST_PAGES = 500
KEPT_HEADERS = (
    "Content-Type",
    "Content-Language",
    "Cache-Control",
    "Content-Security-Policy",
    "Content-Encoding",
    "Vary",
    "ETag",
)


@dataclass(frozen=True, slots=True)
class _Page:
    good_until: float
    body: bytes
    headers: dict[str, str]


def shared_by_visitors(view: ViewT) -> ViewT:
    """Mark a public view whose page is the same for every visitor with the same language and calendar."""
    view.is_shared_by_visitors = True  # type: ignore[attr-defined]
    return view


class VisitorCache:
    """The pages of one process of the server; ``seconds`` 0 turns it off."""

    def __init__(self, seconds: float, honour_browser_language: bool) -> None:
        self.seconds = seconds
        self._by_browser_language = honour_browser_language
        self._pages: dict[tuple[str, ...], _Page] = {}
        self._lock = threading.Lock()

    def find(self) -> Response | None:
        """The kept page of this request, or None."""
        if not self._applies():
            return None
        page = self._pages.get(self._key())
        if page is None or page.good_until < time.monotonic():
            return None
        g.is_from_visitor_cache = True
        response = current_app.response_class(page.body, headers=page.headers)
        return response.make_conditional(request) if "ETag" in page.headers else response

    def keep(self, response: Response) -> Response:
        """Keep the page that answers this request, if it may be shared. A kept one lives no longer for it."""
        if "is_from_visitor_cache" in g:
            return response
        is_plain = response.status_code == 200 and "Set-Cookie" not in response.headers and not response.is_streamed
        if is_plain and self._applies():
            headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
            with self._lock:
                if len(self._pages) >= MOST_PAGES:
                    self._pages.clear()
                self._pages[self._key()] = _Page(time.monotonic() + self.seconds, response.get_data(), headers)
        return response

    def _applies(self) -> bool:
        view = current_app.view_functions.get(request.endpoint or "")
        return (
            self.seconds > 0
            and request.method == "GET"
            and getattr(view, "is_shared_by_visitors", False)
            and current_app.config["SESSION_COOKIE_NAME"] not in request.cookies
            and "remember_token" not in request.cookies
        )

    def _key(self) -> tuple[str, ...]:
        language = request.headers.get("Accept-Language", "") if self._by_browser_language else ""
        cookies, form = request.cookies, "gzip" if takes_gzip() else ""
        return (request.full_path, cookies.get(LANGUAGE_COOKIE, ""), cookies.get(CALENDAR_COOKIE, ""), language, form)


def init_app(app: Flask, *, seconds: float, honour_browser_language: bool) -> None:
    """Answer from the cache before anything else is asked, fill it after everything else is done."""
    cache = VisitorCache(0 if app.testing else seconds, honour_browser_language)
    app.extensions["ucc.visitor_cache"] = cache
    app.before_request_funcs.setdefault(None, []).insert(0, cache.find)
    app.after_request_funcs.setdefault(None, []).insert(0, cache.keep)
