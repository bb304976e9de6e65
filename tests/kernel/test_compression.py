"""What leaves compressed, what does not, and that a length says nothing where a session is at stake."""

from __future__ import annotations

import gzip

import pytest

from tests.accounts.making import make_account, sign_in
from ucc_participate.kernel.visitor_cache import shared_by_visitors
from ucc_participate.kernel.web import public

GZIP = {"Accept-Encoding": "br, gzip"}
LONG = "<p>باغ موسیقی</p>" * 200


@pytest.fixture
def pages(app):
    """Pages of several kinds: long, short, of bytes, streamed, and one that visitors share."""
    bodies = {
        "/long": lambda: LONG,
        "/short": lambda: "short",
        "/bytes": lambda: app.response_class(LONG, mimetype="application/zip"),
        "/streamed": lambda: app.response_class(iter([LONG] * 2), mimetype="text/html"),
        "/done": lambda: app.response_class(LONG, headers={"Content-Encoding": "br"}),
    }
    for path, body in bodies.items():
        app.add_url_rule(path, path, public(body))
    app.add_url_rule("/shared", "shared", public(shared_by_visitors(lambda: LONG)))
    app.extensions["ucc.visitor_cache"].seconds = 60


def test_a_long_page_leaves_compressed_and_is_the_same_page(client, pages):
    answer = client.get("/long", headers=GZIP)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.vary
    assert gzip.decompress(answer.data).decode() == LONG
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(LONG.encode()) / 10


@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip;q=0"}])
def test_who_does_not_take_gzip_gets_plain_text(client, pages, headers):
    answer = client.get("/long", headers=headers)
    assert "Content-Encoding" not in answer.headers
    assert answer.text == LONG
    assert "Accept-Encoding" in answer.vary


@pytest.mark.parametrize(
    ("path", "encoding"), [("/short", None), ("/bytes", None), ("/streamed", None), ("/done", "br")]
)
def test_what_is_short_packed_streamed_or_compressed_already_stays_as_it_is(client, pages, path, encoding):
    assert client.get(path, headers=GZIP).headers.get("Content-Encoding") == encoding


def test_a_head_request_and_a_part_of_a_file_stay_as_they_are(client, pages):
    assert "Content-Encoding" not in client.head("/long", headers=GZIP).headers
    with client.get("/static/css/ucc.css", headers={**GZIP, "Range": "bytes=0-2000"}) as part:
        assert (part.status_code, "Content-Encoding" in part.headers, len(part.data)) == (206, False, 2001)


def test_styles_and_scripts_leave_compressed_fonts_do_not(client):
    with client.get("/static/css/ucc.css") as plain, client.get("/static/css/ucc.css", headers=GZIP) as packed:
        assert gzip.decompress(packed.data) == plain.data
        assert len(packed.data) < len(plain.data) / 3
    with client.get("/static/fonts/vazirmatn-33.0.3-arabic.woff2", headers=GZIP) as font:
        assert "Content-Encoding" not in font.headers


def test_a_browser_that_has_the_file_is_told_so_however_it_got_it(client):
    with client.get("/static/css/ucc.css", headers=GZIP) as first:
        tag = first.headers["ETag"]
    assert tag.startswith("W/")
    with client.get("/static/css/ucc.css", headers={**GZIP, "If-None-Match": tag}) as again:
        assert (again.status_code, again.data) == (304, b"")


def test_visitors_share_a_page_in_the_form_that_each_can_read(app, pages):
    packed = app.test_client().get("/shared", headers=GZIP)
    assert app.test_client().get("/shared").text == LONG
    kept = app.test_client().get("/shared", headers=GZIP)
    assert (kept.data, kept.headers["Content-Encoding"]) == (packed.data, "gzip")
    assert "Accept-Encoding" in kept.vary
    assert gzip.decompress(kept.data).decode() == LONG


def test_the_length_varies_for_people_with_a_session_and_for_nobody_else(app, client, perform, clock, pages):
    person = sign_in(app, make_account(perform, now=clock.now()), now=clock.now())
    lengths = {len(person.get("/long", headers=GZIP).data) for _ in range(30)}
    assert len(lengths) > 10
    assert gzip.decompress(person.get("/long", headers=GZIP).data).decode() == LONG
    assert len({client.get("/long", headers=GZIP).data for _ in range(5)}) == 1
