"""The pages in a real browser: nothing axe-core objects to, nothing too small or too wide, and the screen's clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.accounts.making import make_account
from tests.browser import DESK, PHONE
from tests.journeys.walking import complaints, enter
from tests.meetings.making import (
    DIGESTS,
    HOURS,
    announce,
    change,
    hold,
    publish,
    register,
    scan,
    speak,
    write_down,
)
from tests.processes.making import invite_every_sector, make_process
from ucc_participate.accounts.models import AboutYou, Sex
from ucc_participate.kernel.identity import Role
from ucc_participate.meetings import codes, operations, queries
from ucc_participate.meetings.entry import NewDecision
from ucc_participate.meetings.models import Mode
from ucc_participate.processes.models import ProcessState
from ucc_participate.vocabularies.uccn import Sector

SCREENS = pytest.mark.parametrize(("locale", "viewport"), [("fa", PHONE), ("en", DESK)], ids=["fa-phone", "en-desk"])
DESK_PAGES = ("", "/people", "/list", "/screen", "/room", "/wall", "/cancel", "/sheet")


@pytest.fixture
def made(perform, clock) -> dict[str, Any]:
    """A meeting that is going on, with a question in the room, and one with minutes to which somebody objects."""
    now = clock.now()
    process = make_process(perform, now, ProcessState.OPEN)
    guild = invite_every_sector(perform, process, now=now)[1]
    sara = make_account(perform, "sara@example.org", now=now, display_name="سارا بافنده")
    online: dict[str, Any] = {
        "mode": Mode.BOTH,
        "link": "https://meet.example/7",
        "accessibility": "آسانسور هست",
        "childcare": "از سه سالگی",
    }
    past, live = (announce(perform, process, now=now, places=3, is_for_women=True, **online) for _ in range(2))
    register(perform, live, sara, now=now, needs="سطح شیب‌دار")
    start = past.starts_at
    for number in range(7):
        write_down(perform, past, AboutYou(Sex.FEMALE if number else Sex.MALE, 1990), now=start, organisation=guild)
    scan(perform, past, sara, now=start)
    change(perform, past, operations.note_turn, sector=Sector.PUBLIC, sex=Sex.MALE, is_pause=False, now=start)
    change(perform, past, operations.ask_hands, question="Too hot?", options=["Yes", "No"], now=start)
    hold(perform, past, now=start + timedelta(minutes=5))
    for text in ("The weavers told of their looms.", "The weavers told of all their looms."):
        publish(
            perform, past, now=start + HOURS, text=text, decisions=(NewDecision("The hall is opened", (), (guild,)),)
        )
    speak(perform, past, sara, now=start + HOURS)
    write_down(perform, live, now=start, name="گلنار")
    change(perform, live, operations.ask_hands, question="Too hot?", options=["Yes", "No"], now=start)
    return {"process": process, "past": past, "live": live, "sara": sara, "start": start}


class Eye:
    """Looks at page after page and keeps what is wrong with each."""

    def __init__(self, page: Any) -> None:
        self.page, self.seen = page, 0
        self.faults: dict[str, list[str]] = {}

    def go(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        self.seen += 1
        found = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in Axe().run(self.page).response["violations"]]
        found += complaints(self.page)
        if found:
            self.faults[path.rpartition("/meetings")[2] or path] = found


@SCREENS
def test_no_page_has_a_barrier(app, perform, clock, open_page, made, locale, viewport):
    page = open_page(viewport=viewport, locale=locale)
    process, past, live = made["process"], made["past"], made["live"]
    public, desk = f"/p/{process.public_id}/meetings", f"/staff/processes/{process.public_id}/meetings"
    eye = Eye(page)
    page.goto(f"/language/{locale}?next={public}")
    eye.go(public)
    clock.at = made["start"]
    code = codes.wall_code(live, DIGESTS)
    eye.go(f"{public}/{live.public_id}/here/{code}")
    eye.go(f"{public}/{live.public_id}")
    eye.go(f"{public}/{past.public_id}")
    eye.go(f"{public}/{past.public_id}/minutes")
    clock.at = made["start"] + timedelta(days=1)
    enter(page, app, made["sara"], now=clock.now())
    clock.at = made["start"] + timedelta(minutes=1)
    eye.go(f"{public}/{live.public_id}/here/{code}")
    page.context.clear_cookies()
    page.goto(f"/language/{locale}?next={public}")
    staff = make_account(perform, "staff@city.example", now=clock.now(), roles=(Role.COORDINATOR,), locale=locale)
    enter(page, app, staff, now=clock.now())
    eye.go(desk)
    eye.go(f"{desk}/new")
    for rest in DESK_PAGES:
        eye.go(f"{desk}/{live.public_id}{rest}")
    eye.go(f"{desk}/{past.public_id}/minutes")
    eye.go(f"{desk}/{past.public_id}/voices/1")
    assert eye.faults == {}
    assert eye.seen == 18


def test_the_clock_of_the_screen_counts_down_what_is_left_of_the_item(app, perform, clock, open_page, made):
    page = open_page(viewport=DESK)
    clock.at = made["start"] + timedelta(minutes=3)
    live = made["live"]
    staff = make_account(perform, "staff@city.example", now=clock.now(), roles=(Role.CLERK,))
    enter(page, app, staff, now=clock.now())

    def end_question(session, meeting, **by):
        show = queries.show_to_change(session, meeting, 1)
        operations.type_hands(session, meeting, show, counted=[1, 2], **by)

    change(perform, live, end_question, now=clock.now())
    page.goto(f"/staff/processes/{made['process'].public_id}/meetings/{live.public_id}/screen")
    shown = page.locator(".room-clock").inner_text()
    minutes, _colon, seconds = shown.partition(":")
    assert 400 <= int(minutes) * 60 + int(seconds) <= 420
