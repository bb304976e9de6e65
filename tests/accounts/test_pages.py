"""Pages about personal data in a browser: no finding of axe-core, nothing wider than the screen."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser

from tests.accounts.making import make_account, sign_in
from tests.browser import DESK, PHONE
from tests.stakeholders.making import make_organisation
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.identity import Role

PAGES = ("/privacy", "/account", "/account/looks", "/account/erase", "/account/terms/withdraw", "/staff/privacy",
         "/staff/people")  # fmt: skip


@pytest.mark.parametrize(("locale", "size"), [("fa", PHONE), ("en", DESK)], ids=["fa-phone", "en-desk"])
def test_pages_have_no_finding_and_fit(
    app: Flask, perform: Any, clock: FrozenClock, browser: Browser, live_server: str, locale: str, size: Any
) -> None:
    facts: dict[str, Any] = {"locale": locale, "function": "Head of registers", "now": clock.now()}
    sara = make_account(perform, "sara@example.org", roles=(Role.COORDINATOR,), **facts)
    other = make_account(perform, "other@example.org", roles=(Role.COORDINATOR,), **facts)
    make_organisation(perform, "Old weavers", contact_email="a@example.org", now=clock.now())
    sign_in(app, other, now=clock.now()).get(f"/staff/people/{sara.public_id}")
    clock.advance(days=1200)
    make_account(perform, "idle@example.org", now=clock.now())
    client = sign_in(app, sara, now=clock.now())
    cookie = client.get_cookie("session")
    assert cookie is not None
    context = browser.new_context(viewport=size)
    names = {"session": cookie.value, "language": locale}
    context.add_cookies([{"name": name, "value": value, "url": live_server} for name, value in names.items()])
    page = context.new_page()
    for path in PAGES:
        page.goto(live_server + path)
        assert page.url == live_server + path
        assert page.locator("html").get_attribute("lang") == locale
        found = Axe().run(page).response["violations"]
        assert [(finding["id"], finding["nodes"][0]["html"]) for finding in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    context.close()
