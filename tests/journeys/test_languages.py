"""The same city in French with the Solar Hijri calendar, and in English with the Gregorian one."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser import OpenPage
from tests.journeys.walking import complaints, enter, is_told
from tests.proposals.making import proposing_process, submit
from tests.stakeholders.making import acting, make_account
from ucc_participate.kernel.clock import FrozenClock

SAID = {
    ("fr", "jalali"): ("farvardin 1405", "Vos indications sont enregistrées"),
    ("en", "gregorian"): ("March 2026", "Your details are saved"),
}


@pytest.mark.parametrize(("locale", "calendar"), SAID)
def test_language_and_calendar_are_chosen_apart_and_hold_on_every_page(
    app: Flask, open_page: OpenPage, perform, clock: FrozenClock, locale: str, calendar: str
) -> None:
    month, saved = SAID[locale, calendar]
    process, now = proposing_process(perform, clock.now())
    clock.at = now
    account = make_account(perform, "luc@city.example", now=now, name="Luc", locale="fa")
    proposal = submit(perform, process, acting(account), now=now)
    page = open_page(locale="fa-IR")
    enter(page, app, account, now=now)
    page.goto("/account")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.select_option("[name='details-locale']", locale)
    page.check(f"[name='details-calendar'][value={calendar}]")
    page.locator("form[action$='/account/details'] button").click()
    is_told(page, saved)
    expect(page.locator("html")).to_have_attribute("lang", locale)
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    for path in (f"/p/{process.public_id}", f"/p/{process.public_id}/proposals/{proposal.public_id}", "/my/proposals"):
        page.goto(path)
        expect(page.locator("main")).to_contain_text(month)
        assert complaints(page) == []
