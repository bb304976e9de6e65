"""Every kind of page of the demonstration city: nothing that axe finds, nothing too small to read or to press."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import DESK, PHONE
from tests.demo.walking import VISITOR, kind_of, signed_in
from tests.journeys.walking import complaints

PEOPLE = [VISITOR, "delegate", "coordinator"]
NO_PAGE = re.compile(r"\.[\w-]+$|/documents/\w{8}$|vkey|checkpoint")
SEEN = [
    pytest.param("fa", PHONE, "light", id="fa-phone-light"),
    pytest.param("en", DESK, "dark", id="en-desk-dark"),
]


@pytest.fixture(scope="module")
def kinds(pages_of):
    """Who sees which kinds of page first: person → addresses, no kind twice."""
    known: set[str] = set()
    of: dict[str | None, list[str]] = {}
    for who in PEOPLE:
        found: dict[str, str] = {}
        for path, status in pages_of(who).items():
            if status == 200 and kind_of(path) not in known and not NO_PAGE.search(path):
                found.setdefault(kind_of(path), path)
        known |= found.keys()
        of[who] = list(found.values())
    return of


@pytest.mark.parametrize("who", PEOPLE, ids=str)
@pytest.mark.parametrize(("locale", "viewport", "scheme"), SEEN)
def test_no_page_shuts_anybody_out(city, city_address, browser, kinds, who, locale, viewport, scheme):
    context = browser.new_context(
        base_url=city_address, viewport=viewport, color_scheme=scheme, reduced_motion="reduce"
    )
    if who is not VISITOR:
        cookies = signed_in(city, who)._cookies.values()
        context.add_cookies([{"name": one.key, "value": one.value, "url": city_address} for one in cookies])
    page = context.new_page()
    page.goto(f"/language/{locale}?next=/help")
    assert complaints(page) == []
    found = {path: faults for path in kinds[who] if (faults := _faults(page, path))}
    context.close()
    assert found == {}
    assert len(kinds[who]) >= 4


def _faults(page, path):
    page.goto(path)
    faults = complaints(page)
    violations = Axe().run(page).response["violations"]
    return faults + [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations]
