"""Every page of the demonstration city answers, for everybody, and fits its screen."""

from __future__ import annotations

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest

from tests.browser import DESK, PHONE
from ucc_participate.demo.people import PASSWORD

LINK = re.compile(r'<a\b[^>]*\bhref="([^"#]+)')
ID = re.compile(r"/[23456789abcdefghjkmnpqrstuvwxyz]{8}(?=/|$)")
VISITOR = None
EVERYBODY = [VISITOR, "resident", "delegate", "coordinator", "clerk", "evaluator"]
OF_ONE_KIND = 5
LEAST_KINDS = {VISITOR: 18, "resident": 22, "delegate": 22, "coordinator": 36, "clerk": 24, "evaluator": 24}
LEFT_ALONE = ("/language/", "/sign-out", "/log/tile/", "/static/")


def kind_of(path):
    """The address with ids taken out: pages of one kind share it."""
    return re.sub(r"/\d+", "/N", ID.sub("/ID", path))


def links_in(page, at):
    """Addresses on this site that a page leads to, without what follows the question mark."""
    for link in LINK.findall(page):
        parts = urlsplit(urljoin(at, unescape(link)))
        if not parts.scheme and not parts.netloc and not parts.path.startswith(LEFT_ALONE):
            yield parts.path


def walk(client):
    """(path, status) of the pages that links lead to from the home page, a few of each kind."""
    seen, waiting, kinds = {"/"}, deque(["/"]), Counter[str]()
    while waiting:
        path = waiting.popleft()
        kinds[kind_of(path)] += 1
        if kinds[kind_of(path)] > OF_ONE_KIND:
            continue
        with client.get(path) as answer:
            status, page = answer.status_code, answer.text if answer.mimetype == "text/html" else ""
        yield path, status
        new = [link for link in dict.fromkeys(links_in(page, path)) if status == 200 and link not in seen]
        seen.update(new)
        waiting.extend(new)


def signed_in(city, who):
    client = city.test_client()
    if who is not VISITOR:
        form = {"by-password-email": f"{who}@sepidrud.example", "by-password-password": PASSWORD}
        assert client.post("/sign-in/password", data=form).status_code == 303
    return client


@pytest.mark.parametrize("who", EVERYBODY, ids=str)
def test_every_link_leads_to_a_page(city, who):
    found = dict(walk(signed_in(city, who)))
    assert {path: status for path, status in found.items() if status not in (200, 302, 303)} == {}
    assert len({kind_of(path) for path in found}) >= LEAST_KINDS[who]


def test_home_tells_what_else_is_under_way_and_leads_there(city):
    page = city.test_client().get("/?", headers={"Cookie": "ucc_language=fa"}).text
    section = page[page.index("هنر در محله") :]
    vote = re.search(r'href="(/p/\w+/votes)"', section)
    assert vote is not None
    assert "شصت میلیارد ریال برای هنر در محله‌ها" in city.test_client().get(vote[1]).text
    assert "پاتوق جوانان" in section
    assert "سه کارگاه نخست" in section
    assert "سال نخست پس از نام‌گذاری" not in page


def test_menus_lead_to_the_open_vote_from_everywhere(city):
    visitor, resident = signed_in(city, VISITOR), signed_in(city, "resident")
    vote = re.search(r'href="(/p/\w+/votes)"', visitor.get("/stakeholders").text)
    assert vote is not None
    assert "شصت میلیارد ریال" in visitor.get(vote[1]).text
    of_visitor, of_resident = (each.get("/stakeholders").text.count(vote[1]) for each in (visitor, resident))
    assert of_resident > of_visitor, "the account's menu has it too"


@pytest.mark.parametrize("who", [VISITOR, "delegate", "coordinator"], ids=str)
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("locale", ["fa", "fr"])
def test_no_page_is_wider_than_its_screen(city, city_address, browser, who, viewport, locale):
    pages: dict[str, str] = {}
    for path, status in walk(signed_in(city, who)):
        if status == 200 and not re.search(r"\.\w+$|/documents/|/receipt$|vkey|checkpoint", path):
            pages.setdefault(kind_of(path), path)
    context = browser.new_context(base_url=city_address, viewport=viewport, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"/language/{locale}")
    if who is not VISITOR:
        context.add_cookies(_cookies(city, who, city_address))
    overflowing = [path for path in pages.values() if _overflows(page, path)]
    context.close()
    assert overflowing == []
    assert len(pages) > 15


def _cookies(city, who, address):
    client = signed_in(city, who)
    return [{"name": each.key, "value": each.value, "url": address} for each in client._cookies.values()]


def _overflows(page, path):
    page.goto(path)
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return wide > screen
