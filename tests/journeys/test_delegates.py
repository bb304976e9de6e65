"""Two delegates agree on the ballot of their organisation; the clerk who named them; the record of it all."""

from __future__ import annotations

import json
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser import DESK, PHONE, OpenPage
from tests.documents.test_documents import PDF
from tests.journeys.walking import complaints, enter, follow, is_told, keep, press, run_jobs, verify, vkey
from tests.processes.making import day, invite_every_sector
from tests.stakeholders.making import make_account
from tests.voting.making import CLOSES_ON, OPENS_ON, TITLES, announce, reload, voting_process
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.identity import Role
from ucc_participate.voting.models import Franchise, VoteState


def test_two_delegates_agree_on_a_ballot(
    app: Flask, open_page: OpenPage, perform, read, clock: FrozenClock, tmp_path: Path
) -> None:
    start = clock.now()
    process, proposals = voting_process(perform, start)
    weavers = invite_every_sector(perform, process, now=start)[2]
    people = [make_account(perform, f"{name}@weavers.example", now=start, name=name) for name in ("Zahra", "Nasrin")]
    office = make_account(perform, "office@city.example", now=start, name="Office", roles=(Role.COORDINATOR,))
    openly = announce(
        perform, process, proposals, start=start, franchise=Franchise.ORGANISATION, title={"en": "Bodies"}
    )
    desk = open_page(viewport=DESK)
    enter(desk, app, office, now=start)
    mandate = tmp_path / "mandate.pdf"
    mandate.write_bytes(PDF)
    for account in people:
        names_a_delegate(desk, weavers.public_id, account.email, mandate)
    asks_for_two(desk)
    clock.at = day(start, OPENS_ON)
    run_jobs(app)
    zahra, nasrin = open_page(viewport=PHONE), open_page(viewport=DESK)
    for page, account in zip((zahra, nasrin), people, strict=True):
        enter(page, app, account, now=clock.now())
    vote = f"/p/{process.public_id}/votes/{openly.public_id}"
    proposes(zahra, vote)
    agrees(nasrin, vote)
    desk.goto(vote)
    expect(desk.locator("main")).not_to_contain_text("This ballot counts:")
    clock.at = day(start, CLOSES_ON)
    run_jobs(app)
    assert reload(read, openly).status is VoteState.CLOSED
    reads_the_result(zahra, vote)
    checks_the_record(zahra, app, process.public_id, tmp_path)


def names_a_delegate(page: Page, organisation: str, email: str, mandate: Path) -> None:
    page.goto(f"/staff/stakeholders/{organisation}/delegates")
    page.get_by_label("E-mail of the person").fill(email)
    page.get_by_label("Mandate", exact=True).fill("Minutes of the board, no. 4")
    page.locator("input[type=file]").set_input_files(mandate)
    press(page, "Give the mandate")
    is_told(page, "They can act for this organisation")
    expect(page.get_by_role("button", name="mandate.pdf").first).to_be_visible()


def asks_for_two(page: Page) -> None:
    page.get_by_label("How many delegates must agree on a ballot").fill("2")
    press(page, "Set it")
    is_told(page, "It is set, for votes that open from now on.")
    nothing_shuts_anybody_out(page)


def proposes(page: Page, vote: str) -> None:
    page.goto("/account/seats")
    expect(page.locator("main")).to_contain_text("2 delegates must agree")
    nothing_shuts_anybody_out(page)
    page.goto(vote)
    expect(page.get_by_role("heading", name="You act for Weavers")).to_be_visible()
    page.get_by_label(TITLES[1]).check()
    press(page, "Put it to the delegates of Weavers")
    is_told(page, "For Weavers: this ballot waits until enough delegates agree.")
    press(page, "Take back my agreement")
    is_told(page, "For Weavers: nothing waits any more")
    page.get_by_label(TITLES[1]).check()
    press(page, "Put it to the delegates of Weavers")
    nothing_shuts_anybody_out(page)


def agrees(page: Page, vote: str) -> None:
    page.goto(vote)
    waiting = page.locator("section", has=page.get_by_role("heading", name="You act for Weavers"))
    expect(waiting).to_contain_text(TITLES[1])
    expect(waiting).to_contain_text("Zahra")
    expect(waiting).to_contain_text("1 more delegate must agree.")
    nothing_shuts_anybody_out(page)
    press(page, "I agree, for Weavers")
    is_told(page, "For Weavers: this ballot is counted.")


def reads_the_result(page: Page, vote: str) -> None:
    page.goto(vote)
    expect(page.locator(".chart-chosen")).to_contain_text(TITLES[1])
    follow(page, "What each organisation chose")
    expect(page.get_by_role("row", name="Weavers")).to_contain_text(TITLES[1])
    nothing_shuts_anybody_out(page)


def checks_the_record(page: Page, app: Flask, process_id: str, folder: Path) -> None:
    page.goto(f"/record/{process_id}")
    record, program = keep(page, "Download record.zip", folder), keep(page, "Download verify.py", folder)
    done = verify(program, record, "--vkey", vkey(app), "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["failed"]) == (0, [])
    assert any("1 organisations voted" in line for line in report["proved"]), report["proved"]


def nothing_shuts_anybody_out(page: Page) -> None:
    assert complaints(page) == []
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
