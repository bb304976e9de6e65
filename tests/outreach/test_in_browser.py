"""The pages in a real browser: nothing that axe-core objects to, nothing too small or too wide, both directions."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.accounts.making import make_account
from tests.browser import DESK, PHONE
from tests.journeys.walking import complaints, enter
from tests.outreach.making import activity, correct, invite, opened, record
from tests.processes.making import make_process
from tests.stakeholders.making import make_organisation
from ucc_participate.kernel.identity import Role
from ucc_participate.outreach.addresses import links
from ucc_participate.processes.models import Channel, Process, ProcessState

SHOTS = os.environ.get("UCC_SHOTS")


@pytest.fixture
def process(perform, clock) -> Process:
    made: Process = make_process(perform, clock.now(), ProcessState.OPEN)
    return made


@pytest.fixture
def codes(perform, clock, process) -> list[str]:
    """Of three invited organisations, the first has read its letter; two others are not invited yet."""
    names = ("انجمن بافندگان", "Potters’ Guild", "University of Arts", "Choir", "Dyers")
    people = [make_organisation(perform, name, now=clock.now(), contact_email="office@art.example") for name in names]
    slips = invite(perform, process, people[:3], now=clock.now(), channel=Channel.EMAIL).slips
    opened(perform, slips[0].code, now=clock.now())
    return [slip.code for slip in slips]


@pytest.fixture
def noted(perform, clock, process) -> str:
    """An activity that was corrected."""
    day = clock.now().date()
    made = record(perform, process, activity(day, gap="Few weavers had come"), now=clock.now())
    correct(perform, process, made.public_id, activity(day, reached=21), now=clock.now())
    return made.public_id


class Eye:
    """Looks at page after page and keeps what is wrong with each."""

    def __init__(self, page: Any, shots: str) -> None:
        self.page, self.shots = page, shots
        self.faults: dict[str, Any] = {}
        self.seen = 0

    def go(self, path: str, name: str) -> None:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        self.look(name)

    def look(self, name: str) -> None:
        self.seen += 1
        found = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in Axe().run(self.page).response["violations"]]
        found += complaints(self.page)
        if found:
            self.faults[name] = found
        if SHOTS:
            self.page.screenshot(path=str(Path(SHOTS) / f"{self.shots}-{name}.png"), full_page=True)

    def press(self, selector: str, name: str) -> None:
        self.page.locator(f"main {selector}").first.click()
        self.page.wait_for_load_state()
        self.look(name)


SCREENS = pytest.mark.parametrize(("locale", "viewport"), [("fa", PHONE), ("en", DESK)], ids=["fa-phone", "en-desk"])


@SCREENS
def test_no_page_of_the_invited_has_a_barrier(app, perform, clock, open_page, process, codes, noted, locale, viewport):
    page = open_page(viewport=viewport, locale=locale)
    eye = Eye(page, f"{locale}-{viewport['width']}")
    with app.app_context():
        stop = links().stop_contact("a" * 64)
    page.goto(f"/language/{locale}?next=/i")
    eye.go("/i", "type")
    eye.go(f"/i/{codes[1]}", "cover")
    eye.press("form button", "invitation")
    page.check("[name=answer][value=answered]")
    eye.press("form[action$='/answer'] button", "answered")
    eye.press("form[action$='/delegate'] button", "delegate-refused")
    page.fill("[name=name]", "مینا رحیمی")
    page.fill("[name=reach]", "mina@art.example")
    eye.press("form[action$='/delegate'] button", "named")
    eye.go(stop, "stop")
    eye.press("form button", "stopped")
    eye.go(stop, "stopped-before")
    eye.go(f"/p/{process.public_id}/outreach", "activities")
    eye.go(f"/p/{process.public_id}/outreach/{noted}", "activity")
    enter(page, app, make_account(perform, now=clock.now(), locale=locale), now=clock.now())
    eye.go(f"/p/{process.public_id}", "process")
    eye.press("form[action$='/follow'] button", "followed")
    eye.go("/account/reminders", "wishes")
    assert eye.faults == {}
    assert eye.seen == 14


@SCREENS
def test_no_page_of_the_desk_has_a_barrier(app, perform, clock, open_page, process, codes, noted, locale, viewport):
    page = open_page(viewport=viewport, locale=locale)
    eye, desk = Eye(page, f"{locale}-{viewport['width']}"), f"/staff/processes/{process.public_id}"
    page.goto(f"/language/{locale}?next=/i")
    clock.advance(days=4)
    enter(page, app, make_account(perform, now=clock.now(), roles=(Role.COORDINATOR,), locale=locale), now=clock.now())
    for deed in ("attendance", "call", "remind", "codes"):
        page.goto(f"{desk}/invitations")
        page.check("#everyone")
        eye.press(f"[formaction$='/{deed}']", deed)
    eye.press("form.form-dense button[type=submit]", "new-codes")
    page.goto(f"{desk}/invite")
    page.locator("[name=organisations]").first.check()
    page.select_option("[name=channel]", "letter")
    eye.look("invite")
    eye.press("form.form button[type=submit]", "invite-confirm")
    eye.press("form.form-dense button[type=submit]", "slips")
    eye.go(f"{desk}/invitations", "stages")
    page.goto(page.locator("main a[href$='/withdraw']").first.get_attribute("href"))
    eye.look("withdraw")
    eye.go(f"{desk}/outreach/new", "record")
    eye.go(f"{desk}/outreach/{noted}/correct", "correct")
    eye.go(f"{desk}/outreach/bring", "bring")
    day = (clock.now() - timedelta(days=1)).date()
    rows = f"kind,date,place\nvisit,{day},Old bazaar\nvisit,tomorrow,Nowhere\n".encode()
    page.set_input_files("[name=file]", {"name": "deeds.csv", "mimeType": "text/csv", "buffer": rows})
    eye.press("form.form button[type=submit]", "fates")
    eye.press("form.form button[type=submit]", "brought")
    eye.go(f"{desk}/invitations?silent_days=abc&sector=private", "stages-wrong")
    eye.go(f"{desk}/invite?q=nobody", "invite-nobody")
    assert eye.faults == {}
    assert eye.seen == 17
