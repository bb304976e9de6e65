"""A citizen on a phone, in Persian, without scripts: is heard, answered, and leaves with their data."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.accounts.making import send_mails
from tests.browser import OpenPage
from tests.journeys.walking import complaints, latin_digits_in_own_words, mailed_link
from tests.proposals.making import official, proposing_process
from ucc_participate.accounts.queries import account_by_email
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.processes.queries import process_to_change
from ucc_participate.proposals.models import Outcome
from ucc_participate.proposals.operations import answer_proposal
from ucc_participate.proposals.queries import proposal_to_change

pytestmark = pytest.mark.settings(UCC_DEFAULT_LOCALE="fa")

EMAIL = "narges@shahr.example"
TITLE = "کارگاه شبانهٔ گلیم"
SUMMARY = "سالن دبیرستان سه شب در هفته خالی است؛ با ده دار می‌شود آغاز کرد."
REASON = "سالن آماده است و کارگاه از ماه آینده آغاز می‌شود."


def test_a_citizen_is_heard_answered_and_forgotten(
    app: Flask, open_page: OpenPage, perform, read, clock: FrozenClock, tmp_path: Path
) -> None:
    process, now = proposing_process(perform, clock.now())
    clock.at = now
    page = open_page(locale="fa", javascript=False)
    opens_an_account(page, app, f"/p/{process.public_id}/proposals/new")
    writes_a_proposal(page)
    finds_it(page, f"/p/{process.public_id}/proposals")
    reads_the_answer(page, app, perform, process.public_id, clock)
    takes_the_data_and_goes(page, read, tmp_path)


def looks_right(page: Page) -> None:
    assert complaints(page) == []
    assert latin_digits_in_own_words(page) == []


def opens_an_account(page: Page, app: Flask, wanted: str) -> None:
    """Wants to write, is led to an account and back to where they wanted to be."""
    page.goto(wanted)
    page.locator("main a[href*='/sign-up']").click()
    looks_right(page)
    page.locator("[name=email]").fill(EMAIL)
    page.locator("main form button").click()
    looks_right(page)
    assert send_mails(app)[0].language == "fa"
    page.goto(mailed_link(app))
    expect(page.locator("[name=consent]")).not_to_be_checked()
    page.locator("[name=display_name]").fill("نرگس بهارلو")
    page.locator("[name=sex]").select_option("female")
    page.locator("form .button-primary").click()
    expect(page.locator(".error-summary a")).to_have_attribute("href", "#consent")
    expect(page.locator("[name=display_name]")).to_have_value("نرگس بهارلو")
    expect(page.locator("[name=sex]")).to_have_value("female")
    looks_right(page)
    page.locator("[name=consent]").check()
    page.locator("form .button-primary").click()
    expect(page).to_have_url(re.compile(f"{wanted}$"))
    expect(page.locator(".flashes")).to_contain_text("نرگس بهارلو")


def writes_a_proposal(page: Page) -> None:
    """Forgets one thing; everything typed is still there; then it goes to the city."""
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=summary]").fill(SUMMARY)
    page.locator("[name=kind][value=project]").check()
    page.locator("[name=level][value=local]").check()
    page.locator("[name=for_whom][value=women]").check()
    page.locator("[name=cost]").fill("۱٬۸۰۰٬۰۰۰٬۰۰۰")
    page.locator("[name=author][value=named]").check()
    page.locator(".button[name=send]").click()
    expect(page.locator(".error-summary a")).to_have_attribute("href", re.compile("^#objectives"))
    expect(page).to_have_title(re.compile("^خطا"))
    expect(page.locator("[name=title]")).to_have_value(TITLE)
    expect(page.locator("[name=summary]")).to_have_value(SUMMARY)
    expect(page.locator("[name=cost]")).to_have_value("۱٬۸۰۰٬۰۰۰٬۰۰۰")
    for ticked in ("kind][value=project", "level][value=local", "for_whom][value=women", "author][value=named"):
        expect(page.locator(f"[name={ticked}]")).to_be_checked()
    looks_right(page)
    page.locator("[name=objectives]").first.check()
    page.locator(".button[name=send]").click()
    expect(page.locator(".flashes")).to_be_visible()
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.locator("main")).to_contain_text("۱٬۸۰۰٬۰۰۰٬۰۰۰ ریال")
    looks_right(page)


def finds_it(page: Page, proposals: str) -> None:
    """In the list, and by words typed on an Arabic keyboard."""
    page.goto(proposals)
    expect(page.locator(".card-title a")).to_have_text([TITLE])
    looks_right(page)
    page.locator("[name=q]").fill("كارگاه گليم")
    page.locator(".search-line button").click()
    expect(page.locator(".card-title a")).to_have_text([TITLE])
    page.locator("[name=q]").fill("دوچرخه")
    page.locator(".search-line button").click()
    expect(page.locator(".card-title")).to_have_count(0)
    looks_right(page)


def city_answers(perform, process_id: str, address: str, *, now: datetime) -> None:
    mayor = official(perform, now=now, name="مریم سادات‌پور", function="معاون فرهنگی")
    said: dict[str, Any] = {"outcome": Outcome.ADOPTED, "reason": REASON, "address": address}

    def work(session: Session) -> None:
        process = process_to_change(session, process_id, actor=mayor)
        public_id = address.rpartition("/")[2]
        proposal = proposal_to_change(session, process, public_id, actor=mayor, now=now)
        answer_proposal(session, proposal, actor=mayor, now=now, **said)

    perform(work)


def reads_the_answer(page: Page, app: Flask, perform, process_id: str, clock: FrozenClock) -> None:
    """A mail in Persian tells of it and leads there."""
    page.goto("/my/proposals")
    page.get_by_role("link", name=TITLE).click()
    city_answers(perform, process_id, page.url, now=clock.advance(days=5))
    mail = send_mails(app)[0]
    assert (mail.to, mail.language, REASON in mail.body) == (EMAIL, "fa", True)
    page.goto(mailed_link(app))
    expect(page.locator(".answer")).to_contain_text(REASON)
    expect(page.locator(".answer")).to_contain_text("مریم سادات‌پور، معاون فرهنگی")
    looks_right(page)


def takes_the_data_and_goes(page: Page, read, folder: Path) -> None:
    page.goto("/account")
    looks_right(page)
    with page.expect_download() as coming:
        page.locator("a[href='/account/data.zip']").click()
    coming.value.save_as(folder / "data.zip")
    with zipfile.ZipFile(folder / "data.zip") as archive:
        data = json.loads(archive.read("my-data.json"))
    assert data["account"]["email"] == EMAIL
    assert data["consents"][0]["terms_version"] == "1"
    assert TITLE in json.dumps(data, ensure_ascii=False)
    page.locator("a[href='/account/erase']").click()
    looks_right(page)
    page.locator("main form .button-danger").click()
    expect(page.locator(".flashes")).to_be_visible()
    assert read(lambda session: account_by_email(session, EMAIL)) is None
    assert page.goto("/account").url.endswith("/sign-in?next=/account")  # type: ignore[union-attr]
    page.goto("/")
    expect(page.locator("body")).not_to_contain_text("نرگس بهارلو")
