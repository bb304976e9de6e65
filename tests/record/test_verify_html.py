"""verify.html in a real browser, opened from a folder: it finds what verify.py finds, and says it in the same words."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.record.attacks import ATTACKS, HOSTILE, Attack, Case
from ucc_participate.record import verify_html

COLUMNS = ("proved", "not_provable", "not_checked", "shown")
HEADER = ("process", "origin", "size", "root")


@pytest.fixture(scope="module")
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The file in an offline browser; it asks nobody for anything and logs no error."""
    file = tmp_path_factory.mktemp("verifier") / "verify.html"
    file.write_bytes(verify_html.build())
    faults: list[str] = []
    context = browser.new_context(offline=True, locale="en", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith(("file:", "blob:", "data:")) else faults.append(request.url),
    )
    page.goto(file.as_uri())
    yield page
    context.close()
    assert faults == []


def check(page: Page, case: Case) -> dict[str, Any]:
    """What the page finds, as verify.py --json would say it."""
    page.fill("#vkey", "\n".join(case.vkeys))
    page.set_input_files("#record", case.record)
    page.set_input_files("#receipts", case.receipts)
    page.set_input_files("#checkpoints", case.checkpoints)
    page.click("#check")
    page.wait_for_selector("#report:not([hidden])")
    found: dict[str, Any] = json.loads(page.locator("#json").text_content() or "")
    return found


def by_python(case: Case) -> dict[str, Any]:
    """What verify.py says; files are called by their names alone, as a browser knows them."""
    folder = f"{case.record.parent}/"
    said: dict[str, Any] = json.loads(json.dumps(case.verify().as_dict()).replace(folder, ""))
    return said


def places(report: dict[str, Any]) -> set[tuple[str, str]]:
    return {(failure["check"], failure["where"]) for failure in report["failed"]}


def by_name(attacks: list[Attack]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("attack", attacks, ids=lambda attack: attack.name)


def assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert places(found) == places(expected)
    assert {name: sorted(found[name]) for name in COLUMNS} == {name: sorted(expected[name]) for name in COLUMNS}
    assert [found[name] for name in ("format", "exit", *HEADER)] == [
        expected[name] for name in ("format", "exit", *HEADER)
    ]


@by_name(ATTACKS)
def test_an_attack_is_found_where_verify_py_finds_it(attack, opened, tmp_path):
    case = attack.build(tmp_path)
    found = check(opened, case)
    assert places(found) == attack.found
    assert_same(found, by_python(case))


@by_name([attack for attack in HOSTILE if attack.build.__name__ != "there_is_no_file"])
def test_a_hostile_package_is_refused_in_bounded_time(attack, opened, tmp_path):
    case = attack.build(tmp_path)
    before = time.monotonic()
    found = check(opened, case)
    assert found["exit"] == 2, found
    assert found["reason"]
    assert time.monotonic() - before < 5
