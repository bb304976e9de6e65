"""Every kind of page of the demonstration city: nothing that axe finds, nothing too small to read or to press."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import DESK, PHONE
from tests.demo.walking import VISITOR, of_each_kind, signed_in
from tests.journeys.walking import complaints

PEOPLE = [VISITOR, "delegate", "coordinator"]
NO_PAGE = re.compile(r"\.[\w-]+$|/documents/\w{8}$|vkey|checkpoint")
SEEN = [
    pytest.param("fa", PHONE, "light", id="fa-phone-light"),
    pytest.param("fr", DESK, "dark", id="fr-desk-dark"),
]
"""Persian as most people see it; French, whose words are the longest, in the dark, and on a phone as well."""


@pytest.fixture(scope="module")
def kinds(city, pages_of):
    """Who sees which kinds of page first: person → addresses, no kind twice."""
    known: set[str] = set()
    of: dict[str | None, list[str]] = {}
    for who in PEOPLE:
        answered = [path for path, status in pages_of(who).items() if status == 200 and not NO_PAGE.search(path)]
        new = {kind: path for kind, path in of_each_kind(city, answered).items() if kind not in known}
        known |= new.keys()
        of[who] = list(new.values())
    return of


@pytest.mark.timeout(900)
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
    found = {path: faults for path in kinds[who] if (faults := _faults(page, path, viewport))}
    context.close()
    assert found == {}
    assert len(kinds[who]) >= 4


def _faults(page, path, viewport):
    page.set_viewport_size(viewport)
    page.goto(path)
    faults = complaints(page)
    violations = Axe().run(page).response["violations"]
    page.set_viewport_size(PHONE)
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        faults.append("wider than a phone")
    return faults + [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations]
