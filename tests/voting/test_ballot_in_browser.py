"""The ballot on a phone: it fits, its bar stays in sight, and it says how many options may still be ticked."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE
from tests.processes.making import day
from tests.stakeholders.making import make_account, sign_in
from tests.voting.making import CLOSES_ON, OPENS_ON, cast, change, codes, make_vote, residents
from ucc_participate.voting import jobs, operations
from ucc_participate.voting.models import VoteState

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture
def sara(perform, now):
    return make_account(perform, "sara@city.example", now=now, name="Sara")


@pytest.fixture
def vote(perform, now, clock, sara):
    made = make_vote(perform, now, VoteState.OPEN)
    clock.at = day(now, OPENS_ON + 1)
    return made


@pytest.fixture
def home(vote):
    return f"/p/{vote.process.public_id}/votes/{vote.public_id}"


def let_in(app, page, account, now):
    """Carry the cookie of a signed-in session into the browser."""
    page.goto("/help")
    address = urlsplit(page.url)
    cookie = sign_in(app, account, now=now).get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    url = f"{address.scheme}://{address.netloc}"
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])


def test_the_bar_counts_the_ticks_and_stays_in_sight(app, page, sara, clock, home):
    let_in(app, page, sara, clock.now())
    page.goto(home)
    boxes, bar = page.locator("input[name=choices]"), page.locator(".ballot-bar")
    expect(bar).to_contain_text("Nothing ticked: that is a blank ballot. You can tick up to 2.")
    boxes.first.scroll_into_view_if_needed()
    expect(bar).to_be_in_viewport()
    for place, words in enumerate(["Ticked: 1. You can tick 1 more.", "That is all you can tick.", "1 too many."]):
        boxes.nth(place).check()
        expect(bar).to_contain_text(words)
    assert page.evaluate(FITS)
    boxes.nth(2).uncheck()
    page.get_by_role("button", name="Cast my ballot").click()
    expect(page.get_by_role("heading", name="Your ballot is counted")).to_be_visible()
    assert page.evaluate(FITS)


def test_a_ballot_is_cast_without_scripts_in_persian(app, open_page, sara, clock, home):
    page = open_page(locale="fa", javascript=False)
    let_in(app, page, sara, clock.now())
    page.goto("/language/fa")
    page.goto(home)
    assert page.evaluate("document.documentElement.dir") == "rtl"
    page.locator("input[name=choices]").nth(1).check()
    page.locator(".ballot-bar .button-primary").click()
    expect(page.locator(".receipt")).to_be_visible()


def test_the_tables_of_groups_are_no_wider_than_the_screen(app, perform, now, clock, page, vote, home):
    voters = residents(perform, 12, now=clock.now())
    for place, (account, actor) in enumerate(voters):
        change(
            perform, vote, operations.extend_roll, account, now=clock.now(), reason="The counter was closed that day."
        )
        cast(perform, vote, actor, codes(vote)[place % 2 : place % 2 + 1], now=clock.now())
    clock.at = day(now, CLOSES_ON)
    change(perform, vote, operations.close_vote, now=clock.now())
    with app.app_context():
        jobs.analyse_counted()
    page.goto(f"{home}/groups")
    expect(page.locator(".table-box:visible").first).to_be_visible()
    assert page.evaluate(FITS)
    page.set_viewport_size(PHONE)
    assert page.evaluate(FITS)
