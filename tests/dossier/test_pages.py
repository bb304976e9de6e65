"""Pages of the dossier in a browser: no finding of axe-core, nothing too wide, words counted while typing."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser

from tests.accounts.making import make_account, sign_in
from tests.browser import DESK, PHONE
from tests.dossier.making import act, enter, make_dossier, short_form, write
from tests.stakeholders.making import acting
from ucc_participate.dossier import operations
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.identity import Role
from ucc_participate.kernel.text import word_count

TYPED = "می‌رویم – به ۲۵ کارگاه، باهم. A-b c_d _ (e) 7% 😀 ½ Ⅷ"


@pytest.fixture
def locale() -> str:
    return "en"


@pytest.fixture
def leila(perform: Any, clock: FrozenClock, locale: str) -> Any:
    facts: dict[str, Any] = {"roles": (Role.COORDINATOR,), "display_name": "Leila", "function": "Head of culture"}
    return make_account(perform, "leila@city.example", now=clock.now(), locale=locale, **facts)


@pytest.fixture
def made(perform: Any, clock: FrozenClock, leila: Any) -> Any:
    """A dossier with something of everything that the pages show."""
    now, actor = clock.now(), acting(leila, Role.COORDINATOR)
    made = make_dossier(perform, now, form=short_form(words_2=6))
    write(perform, made, "2", "fa", "از صنف‌ها پرسیدیم.", actor=actor, now=now)
    write(perform, made, "2", "en", "We asked the guilds.", actor=actor, now=now, of_number=1)
    write(perform, made, "2", "en", "We asked the guilds and everybody else.", actor=actor, now=now, of_number=1)
    write(perform, made, "2", "fa", "از همهٔ صنف‌ها پرسیدیم.", actor=actor, now=now)
    write(perform, made, "5", "en", actor=actor, now=now, fields={"urls": "a.example"})
    act(perform, made, operations.comment_on, "2", "en", "Whom?", actor=actor, now=now)
    comment = act(perform, made, operations.comment_on, "2", "en", "When?", actor=actor, now=now)
    act(perform, made, operations.settle_comment, "2", "en", comment.public_id, actor=actor, now=now)
    shorter = short_form(code="other-2027", words_2=3)
    shorter["sections"] = shorter["sections"][:4]
    enter(perform, shorter, now)
    return made


def page_of(app: Flask, clock: FrozenClock, browser: Browser, address: str, leila: Any, locale: str, size: Any) -> Any:
    cookie = sign_in(app, leila, now=clock.now()).get_cookie("session")
    assert cookie is not None
    context = browser.new_context(viewport=size)
    names = {"session": cookie.value, "language": locale}
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in names.items()])
    return context.new_page()


@pytest.mark.parametrize(("locale", "size"), [("fa", PHONE), ("en", DESK)], ids=["fa-phone", "en-desk"])
def test_pages_have_no_finding_and_fit(
    app: Flask,
    clock: FrozenClock,
    browser: Browser,
    live_server: str,
    leila: Any,
    made: Any,
    locale: str,
    size: Any,
) -> None:
    home = f"/staff/processes/{made[0].public_id}/application/{made[1].public_id}"
    texts = ("2/en", "2/fa", "2/fr?take=phrase", "3/en", "4/en", "5/en", "2/en/versions")
    paths = [home, f"{home}/settings", f"{home}/form?to=other-2027", f"{home}/freeze"]
    paths += [f"{home}/texts/{each}" for each in texts]
    paths += ["/staff/forms", "/staff/forms/uccn-2025", "/staff/forms/uccn-2021/edit", "/staff/forms/new"]
    page = page_of(app, clock, browser, live_server, leila, locale, size)
    for path in paths:
        page.goto(live_server + path)
        assert page.url == live_server + path
        found = Axe().run(page).response["violations"]
        assert [(finding["id"], finding["nodes"][0]["html"]) for finding in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    page.context.close()


def test_words_are_counted_while_typing_as_the_server_counts_them(
    app: Flask, clock: FrozenClock, browser: Browser, live_server: str, leila: Any, made: Any
) -> None:
    page = page_of(app, clock, browser, live_server, leila, "en", DESK)
    page.goto(f"{live_server}/staff/processes/{made[0].public_id}/application/{made[1].public_id}/texts/1/en")
    page.fill("#text", TYPED)
    assert page.text_content("#text-count") == f"{word_count(TYPED)} words"
    page.goto(f"{live_server}/staff/processes/{made[0].public_id}/application/{made[1].public_id}/texts/2/en")
    page.fill("#text", "one two")
    assert page.text_content("#text-count") == "2 words, 4 left"
    page.fill("#text", "one two three four five six seven eight")
    assert page.text_content("#text-count") == "8 words, 2 too many"
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    assert page.input_value("#text") == "one two three four five six seven eight", "nothing is cut"
    assert page.text_content("#text-count") == "8 words, 2 too many"
    page.context.close()
