"""Two windows on one draft: it keeps itself, says when, says why not, and nobody's words are lost."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Page, expect

from tests.accounts.making import make_account
from tests.browser import DESK, OpenPage
from tests.journeys.walking import enter
from tests.proposals.making import proposing_process
from ucc_participate.kernel.clock import FrozenClock

PAUSE, BETWEEN = 4_000, 11_000


def write(page: Page, words: str) -> None:
    page.fill("[name=summary]", words)


def test_a_draft_keeps_itself_and_two_windows_do_not_overwrite_each_other(
    app: Flask, open_page: OpenPage, perform, clock: FrozenClock
) -> None:
    process, now = proposing_process(perform, clock.now())
    clock.at = now
    sara = make_account(perform, "sara@city.example", now=now, display_name="Sara")
    first, second = open_page(viewport=DESK), open_page()
    for page in (first, second):
        enter(page, app, sara, now=now)
        page.clock.install()
    first.goto(f"/p/{process.public_id}/proposals/new")
    said = first.locator("[data-keep]")
    first.fill("[name=title]", "Benches under the plane trees")
    expect(said).to_have_text("Not kept yet")
    first.clock.run_for(PAUSE)
    expect(said).to_contain_text("Kept at")
    assert first.url.endswith("/edit")

    second.goto(first.url)
    write(second, "From the second window.")
    second.clock.run_for(PAUSE)
    expect(second.locator("[data-keep]")).to_contain_text("Kept at")

    first.context.set_offline(True)
    write(first, "From the first window.")
    first.clock.run_for(BETWEEN)
    expect(said).to_contain_text("there is no connection")
    first.context.set_offline(False)
    first.clock.run_for(BETWEEN)
    expect(said).to_contain_text("somebody has saved another text meanwhile")
    assert first.input_value("[name=summary]") == "From the first window."

    first.click(".button[name=save]")
    expect(first.locator("h1")).to_have_text("Somebody was faster")
    expect(first.locator("main")).to_contain_text("From the second window.")
    expect(first.locator("main")).to_contain_text("From the first window.")
    first.click(".button[name=go_on]")
    assert first.input_value("[name=summary]") == "From the first window."
    first.click(".button[name=save]")
    expect(first.locator("h1")).to_have_text("Your draft")
    second.reload()
    assert second.input_value("[name=summary]") == "From the first window."
