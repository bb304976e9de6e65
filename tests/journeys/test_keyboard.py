"""Somebody who uses the keyboard alone: signs in, writes a proposal, votes, and always sees where they are."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.accounts.making import PASSWORD
from tests.browser import DESK, OpenPage
from tests.journeys.walking import focused, is_told, run_jobs
from tests.processes.making import day
from tests.proposals.making import proposing_process
from tests.stakeholders.making import make_account
from tests.voting.making import OPENS_ON, TITLES, announce, voting_process
from ucc_participate.kernel.clock import FrozenClock

MOST_STEPS = 70


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page(viewport=DESK)


def go_to(page: Page, selector: str) -> None:
    """Step on with Tab until the wanted thing has the focus; every step on the way must be seen, downwards."""
    lowest = -1.0
    for _step in range(MOST_STEPS):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
        here = focused(page)
        assert here["seen"], here
        if here["inMain"] and not page.locator(".split").count():
            assert here["top"] >= lowest - 120, f"the focus jumps back up to {here}"
            lowest = max(lowest, here["top"])
    pytest.fail(f"{selector} is not reached with {MOST_STEPS} steps")


def skip_to_text(page: Page) -> None:
    """The first thing that Tab reaches leads past the menus."""
    page.keyboard.press("Tab")
    assert focused(page)["seen"]
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def write(page: Page, selector: str, words: str) -> None:
    go_to(page, selector)
    page.keyboard.type(words)


def press(page: Page, selector: str, key: str = "Enter") -> None:
    go_to(page, selector)
    page.keyboard.press(key)


def test_the_keyboard_is_enough_to_sign_in_and_propose(app: Flask, page: Page, perform, clock: FrozenClock) -> None:
    process, now = proposing_process(perform, clock.now())
    clock.at = now
    make_account(perform, "sara@city.example", now=now, password=PASSWORD)
    page.goto(f"/p/{process.public_id}/proposals/new")
    skip_to_text(page)
    write(page, "[name='by-password-email']", "sara@city.example")
    write(page, "[name='by-password-password']", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Write a proposal")
    skip_to_text(page)
    write(page, "[name=title]", "Benches under the plane trees")
    write(page, "[name=summary]", "Old people have nowhere to rest between the bazaar and the river.")
    press(page, "[name=kind]", "Space")
    press(page, "[name=level]", "Space")
    press(page, ".button[name=send]")
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    press(page, ".error-summary a")
    page.keyboard.press("Tab" if focused(page)["tag"] != "INPUT" else "Shift+Tab")
    press(page, "[name=objectives]", "Space")
    press(page, "[name=author]", "Space")
    press(page, ".button[name=send]")
    is_told(page, "Your proposal has been sent.")


def test_the_keyboard_is_enough_to_vote(app: Flask, page: Page, perform, clock: FrozenClock) -> None:
    start = clock.now()
    process, proposals = voting_process(perform, start)
    make_account(perform, "sara@city.example", now=start, password=PASSWORD)
    vote = announce(perform, process, proposals, start=start)
    clock.at = day(start, OPENS_ON)
    run_jobs(app)
    page.goto(f"/p/{process.public_id}/votes/{vote.public_id}")
    skip_to_text(page)
    press(page, "main a[href*='/sign-in']")
    expect(page.locator("h1")).to_have_text("Sign in")
    write(page, "[name='by-password-email']", "sara@city.example")
    write(page, "[name='by-password-password']", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Which ideas first?")
    skip_to_text(page)
    press(page, "#choice-2", "Space")
    expect(page.get_by_label(TITLES[1])).to_be_checked()
    press(page, ".ballot .button-primary")
    expect(page.locator("h1")).to_have_text("Your ballot is counted")
    press(page, "main summary")
    expect(page.locator("details[open]").first).to_contain_text(TITLES[1])
