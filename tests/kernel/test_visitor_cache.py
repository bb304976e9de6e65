"""Visitors share pages for some seconds; whoever has a session never gets or leaves one there."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import request

from ucc_participate.kernel import visitor_cache
from ucc_participate.kernel.i18n import LANGUAGE_COOKIE
from ucc_participate.kernel.visitor_cache import shared_by_visitors
from ucc_participate.kernel.web import public


@pytest.fixture
def pages(app):
    """The list of bodies that a counting page has made; the cache is on."""
    made: list[str] = []

    @public
    @shared_by_visitors
    def page():
        made.append(f"page {len(made)}")
        return made[-1]

    app.add_url_rule("/counting", "counting", page)
    app.extensions["ucc.visitor_cache"].seconds = 60
    return made


def test_a_second_visitor_gets_the_page_of_the_first(app, pages):
    assert app.test_client().get("/counting").text == "page 0"
    second = app.test_client().get("/counting")
    assert (second.text, second.headers["X-Frame-Options"]) == ("page 0", "DENY")


def test_address_query_and_language_make_pages_of_their_own(app, pages):
    client = app.test_client()
    client.get("/counting")
    client.get("/counting?after=3")
    client.set_cookie(LANGUAGE_COOKIE, "fr")
    client.get("/counting")
    assert len(pages) == 3


def test_somebody_with_a_session_is_never_answered_from_it(app, pages):
    app.test_client().get("/counting")
    client = app.test_client()
    client.set_cookie("session", "anything")
    assert client.get("/counting").text == "page 1"
    assert app.test_client().get("/counting").text == "page 0"


def test_a_page_that_sets_a_cookie_is_not_kept(app, client):
    @public
    @shared_by_visitors
    def page():
        response = app.make_response("mine")
        response.set_cookie("x", "y")
        return response

    app.add_url_rule("/personal", "personal", page)
    app.extensions["ucc.visitor_cache"].seconds = 60
    client.get("/personal")
    assert app.test_client().get("/personal").headers.get("Set-Cookie")


def test_a_page_that_is_asked_for_again_and_again_is_made_anew_in_time(app, pages, monkeypatch):
    passed = iter(range(0, 1000, 25))
    monkeypatch.setattr(visitor_cache, "time", SimpleNamespace(monotonic=lambda: next(passed)))
    seen = [app.test_client().get("/counting").text for _visit in range(8)]
    assert seen[0] == "page 0"
    assert seen[-1] != "page 0"


def test_a_kept_page_with_a_tag_answers_who_has_it_already(app):
    made: list[int] = []

    @public
    @shared_by_visitors
    def page():
        made.append(1)
        response = app.make_response("news")
        response.set_etag("t", weak=True)
        return response.make_conditional(request)

    app.add_url_rule("/tagged", "tagged", page)
    app.extensions["ucc.visitor_cache"].seconds = 60
    tag = app.test_client().get("/tagged").headers["ETag"]
    again = app.test_client().get("/tagged", headers={"If-None-Match": tag})
    other = app.test_client().get("/tagged", headers={"If-None-Match": 'W/"old"'})
    assert (again.status_code, again.data) == (304, b"")
    assert (other.status_code, other.text, other.headers["ETag"]) == (200, "news", tag)
    assert len(made) == 1
