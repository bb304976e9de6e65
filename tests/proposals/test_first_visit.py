"""The first visit of the list page on a slow network: few bytes, few requests, readable before any script (goal B1)."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.first_visit import MOST_BYTES, MOST_REQUESTS, measured_visit
from tests.proposals.making import person, proposing_process, submit

pytestmark = [pytest.mark.settings(UCC_DEFAULT_LOCALE="fa")]
TITLES = ("کارگاه شبانهٔ بافندگان جوان در بازار", "بایگانی نقش‌های قالی شهر", "جشنوارهٔ سازهای دست‌ساز")


@pytest.fixture
def address(perform, clock, live_server) -> str:
    """The list of a process with 30 proposals in Persian, under the real clock's phase."""
    process, now = proposing_process(perform, clock.now())
    clock.advance(days=8)
    _account, actor = person(perform, "Sara", now=now)
    for number in range(30):
        title = f"{TITLES[number % 3]}، شمارهٔ {number + 1}"
        submit(perform, process, actor, now=now, title=title, summary=f"{title} با پنج نشست در هر ماه.", language="fa")
    return f"/p/{process.public_id}/proposals"


def test_the_first_visit_of_the_list_is_small(page: Page, address: str) -> None:
    visit = measured_visit(page, address)
    assert page.locator("h1").is_visible()
    assert visit.bytes <= MOST_BYTES, visit
    assert visit.requests <= MOST_REQUESTS, visit
    assert visit.encodings["document"] == visit.encodings["stylesheet"] == "gzip"


def test_the_list_can_be_read_and_used_before_any_script_arrives(page: Page, address: str) -> None:
    """Scripts are asked for and never come: the page is there, styled, and its links lead on."""
    held: list[Route] = []
    page.route("**/*.js*", lambda route: held.append(route))
    page.goto(address, wait_until="commit")
    link = page.get_by_role("link", name=TITLES[0]).first
    link.wait_for()
    page.wait_for_function("getComputedStyle(document.body).fontFamily.startsWith('Vazirmatn')")
    assert held
    link.click(no_wait_after=True)
    page.wait_for_url("**/proposals/*", wait_until="commit")


def test_the_list_needs_no_script_at_all(open_page, address: str, tmp_path: Path) -> None:
    page = open_page(javascript=False)
    page.goto(address)
    page.get_by_role("link", name=TITLES[1]).first.click()
    expect(page.locator("h1")).to_contain_text(TITLES[1])
