"""The pages in a real browser: nothing that axe-core objects to, no sideways scrolling, both directions of writing."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from tests.accounts.making import CITY, make_account, sign_in
from tests.browser import DESK, PHONE
from tests.processes.making import REASONS, change, invite_every_sector, make_draft
from tests.representation.making import make_population, take_part
from ucc_participate.kernel.identity import Role
from ucc_participate.processes import operations as processes
from ucc_participate.processes.models import WayIn
from ucc_participate.representation.publishing import publish

SHOTS = os.environ.get("UCC_SHOTS")


@pytest.fixture
def city(app: Any, perform: Any, clock: Any) -> Any:
    population = make_population(perform, clock.now())
    process = make_draft(perform, clock.now())
    targets = {"sex:female": 50, "age:under_30": 30, "sector:private": 3, "district:New%20town": 40}
    change(perform, process, processes.set_targets, targets, now=clock.now())
    change(perform, process, processes.publish_process, now=clock.now())
    change(perform, process, processes.open_process, now=clock.now(), reasons=REASONS)
    invite_every_sector(perform, process, now=clock.now())
    for number, sex, band, district, way in (
        (24, "female", "30-44", "Old town", WayIn.INTERNET),
        (40, "male", "30-44", "Old town", WayIn.INTERNET),
        (9, "female", "18-24", "New town", WayIn.PAPER),
        (12, "male", "60+", "Old town", WayIn.WORKSHOP),
        (3, "other", None, None, WayIn.PHONE),
        (7, None, None, None, WayIn.COUNTER),
    ):
        take_part(perform, process, number, now=clock.now(), sex=sex, band=band, district=district, way=way)
    with app.app_context():
        publish(process.public_id, actor=CITY, now=clock.now())
    return process, population


def look(page: Any, path: str, name: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], (path, width)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(("locale", "viewport"), [("fa", PHONE), ("en", DESK)], ids=["fa-phone", "en-desk"])
def test_no_page_has_a_barrier(
    app: Any, perform: Any, clock: Any, open_page: Any, city: Any, locale: str, viewport: Any
):
    process, population = city
    coordinator = make_account(perform, now=clock.now(), roles=(Role.COORDINATOR,))
    cookie = sign_in(app, coordinator, now=clock.now()).get_cookie("session")
    assert cookie is not None
    page = open_page(viewport=viewport, locale=locale)
    page.goto(f"/language/{locale}?next=/p/{process.public_id}/presence")
    look(page, f"/p/{process.public_id}/presence", f"public-{locale}-{viewport['width']}")
    url = page.evaluate("location.origin")
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": url}])
    shape = "bands=0-17,18-24,25-29,30-44,45-59,60%2B&districts=A%0AB"
    paths = {
        "desk": f"/staff/processes/{process.public_id}/presence",
        "tables": "/staff/population",
        "population": f"/staff/population/{population.public_id}",
        "shape": "/staff/population/shape",
        "grid": f"/staff/population/enter?{shape}",
        "import": "/staff/population/import",
    }
    for name, path in paths.items():
        look(page, path, f"{name}-{locale}-{viewport['width']}")


@pytest.mark.parametrize("locale", ["fa", "en"])
def test_a_table_shows_at_which_edge_there_is_more(open_page: Any, city: Any, locale: str) -> None:
    process, _population = city
    page = open_page(viewport=PHONE, locale=locale)
    page.goto(f"/language/{locale}?next=/p/{process.public_id}/presence")
    box = page.locator("#by-sex .table-box").last
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    end = "left" if locale == "fa" else "right"
    assert shaded_edges(box) == {end}
    box.evaluate("(box, by) => box.scrollLeft = by", -60 if locale == "fa" else 60)
    assert shaded_edges(box) == {"left", "right"}
    box.evaluate("(box, by) => box.scrollLeft = by", -5000 if locale == "fa" else 5000)
    assert shaded_edges(box) == {"left", "right"} - {end}


def shaded_edges(box: Any) -> set[str]:
    """Edges that are darker than the ground beside the caption, where nothing is written."""
    image = Image.open(BytesIO(box.screenshot())).convert("L")
    row = list(image.crop((0, 4, image.width, 5)).tobytes())
    ground = max(row)
    return {name for name, shade in (("left", row[0]), ("right", row[-1])) if shade < ground - 20}
