"""Every component at once: accessible in both directions and both colour schemes, on a phone and on a desk."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from tests.browser import DESK, PHONE, OpenPage


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("locale", "viewport"), [("fa", PHONE), ("en", DESK), ("fr", PHONE)])
def test_no_component_shuts_anybody_out(
    open_page: OpenPage, locale: str, viewport: dict[str, int], scheme: str
) -> None:
    page = styleguide(open_page, locale, viewport)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    assert findings(page) == []
    send_empty(page)
    assert findings(page) == []


@pytest.mark.parametrize("locale", ["fa", "en"])
def test_no_component_is_wider_than_the_smallest_phone(open_page: OpenPage, locale: str) -> None:
    page = styleguide(open_page, locale, {"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_on_a_phone_everything_that_is_pressed_is_big_enough_for_a_thumb(open_page: OpenPage) -> None:
    page = styleguide(open_page, "fa", PHONE)
    page.locator(".menu > summary").click()
    sizes = page.locator(".button:visible, .menu a, summary:visible, .input, .choice, .pager a").evaluate_all(
        "all => all.map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height])"
        ".filter(([_, height]) => height > 0 && height < 44)"
    )
    assert sizes == []


def test_a_wrong_form_says_so_first_and_leads_to_each_field(open_page: OpenPage) -> None:
    page = styleguide(open_page, "en", DESK)
    send_empty(page)
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Text").click()
    expect(page.get_by_label("Text")).to_have_attribute("aria-invalid", "true")
    described = str(page.get_by_label("Text").get_attribute("aria-describedby")).split()
    assert [page.locator(f"#{name}").count() for name in described] == [1] * len(described)


def test_bars_grow_from_the_readers_side(open_page: OpenPage) -> None:
    def offset(locale: str) -> float:
        page = styleguide(open_page, locale, DESK)
        return float(
            page.locator(".chart .bar").first.evaluate(
                "bar => bar.querySelector('.bar-fill').getBoundingClientRect().left"
                " - bar.querySelector('.bar-track').getBoundingClientRect().left"
            )
        )

    assert abs(offset("en")) < 1
    assert offset("fa") > 20


def test_the_phones_menu_opens_without_scripts(open_page: OpenPage) -> None:
    page = open_page(javascript=False)
    page.goto("/styleguide")
    expect(page.locator(".menu-panel")).to_be_hidden()
    page.locator(".menu > summary").click()
    expect(page.locator(".menu-panel")).to_be_visible()


def test_the_list_of_languages_names_each_in_itself(client: FlaskClient) -> None:
    text = client.get("/styleguide").get_data(as_text=True)
    assert all(name in text for name in ("فارسی", "English", "Français"))


def styleguide(open_page: OpenPage, locale: str, viewport: dict[str, int]) -> Page:
    page = open_page(viewport=viewport)
    page.goto(f"/language/{locale}?next=/styleguide")
    return page


def send_empty(page: Page) -> None:
    page.locator("form[enctype] .button-primary").click()
    page.locator(".error-summary").wait_for()


def findings(page: Page) -> list[str]:
    """What axe finds, as rule: first offending piece of markup."""
    violations = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations]
