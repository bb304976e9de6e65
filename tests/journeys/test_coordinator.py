"""A coordinator makes a process from nothing and brings it to its end, with everything that can go wrong on the way."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page, expect

from tests.accounts.making import CITY, make_account, send_mails
from tests.browser import DESK, OpenPage
from tests.journeys.walking import (
    complaints,
    enter,
    fill_day,
    follow,
    is_told,
    keep,
    mailed_link,
    press,
    run_jobs,
    verify,
    vkey,
)
from tests.proposals.making import submit
from tests.stakeholders.making import make_organisation
from tests.voting.making import residents
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.queries import list_processes
from ucc_participate.vocabularies.uccn import Sector

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
TITLES = ("Looms for the evening school", "Archive of patterns")
PLAN = {"invite": (0, 6), "propose": (7, 20), "discuss": (21, 34), "vote": (35, 41), "report": (42, 60)}


def test_a_coordinator_brings_a_process_from_nothing_to_its_record(
    app: Flask, open_page: OpenPage, perform, read, clock: FrozenClock, tmp_path: Path
) -> None:
    start = clock.now()
    coordinator = make_account(
        perform,
        "maryam@city.example",
        now=start,
        roles=(Role.COORDINATOR,),
        display_name="Maryam",
        function="Head of culture",
    )
    make_organisation(perform, "University", Sector.PUBLIC, now=start, contact_email="arts@university.example")
    make_organisation(perform, "Potters", Sector.PRIVATE, now=start)
    page = open_page(viewport=DESK)
    enter(page, app, coordinator, now=start)
    describes_it(page, clock)
    plans_it(page, clock)
    adds_what_people_need(page, tmp_path)
    publishes_and_invites(page, app)
    answers_the_invitation(open_page(), app)
    sees_the_answer(page)
    opens_although_a_sector_is_missing(page)
    [process] = read(lambda session: list_processes(session, CITY).processes)
    [(_account, author), *_others] = residents(perform, 6, now=start)
    clock.advance(days=8)
    for title in TITLES:
        submit(perform, process, author, now=clock.now(), title=title)
    answers_every_proposal(page, process.public_id)
    clock.advance(days=26)
    enter(page, app, coordinator, now=clock.now())
    announces_a_vote(page, process.public_id)
    closes_vote_and_process(page, app, process.public_id, clock)
    exports_the_record(page, app, process.public_id, tmp_path)


def describes_it(page: Page, clock: FrozenClock) -> None:
    page.goto("/staff/processes")
    page.locator("main a[href='/staff/processes/new']").first.click()
    page.fill("[name=title-fa]", "شهر صنایع دستی")
    press(page, "Keep the texts")
    expect(page.locator(".error-summary")).to_contain_text("Write this in English too")
    expect(page.locator("[name=title-fa]")).to_have_value("شهر صنایع دستی")
    page.fill("[name=title-en]", "A city of crafts")
    for name in ("purpose", "scope", "open_questions", "promise", "decision_maker"):
        page.fill(f"[name={name}-en]", f"What we say of {name}")
    page.select_option("[name=creative_field]", "crafts")
    page.check("[name=promise_level][value=involve]")
    fill_day(page, "answers_due_on", (clock.now() + timedelta(days=30)).date())
    page.fill("[name=responsible]", "Maryam, head of culture")
    press(page, "Keep the texts")
    is_told(page, "The draft is kept.")


def plans_it(page: Page, clock: FrozenClock) -> None:
    """Discussion begins while proposals still come in: refused, named, and everything typed is still there."""
    today = clock.now().date()
    page.locator("a[href$='/timetable']:visible").first.click()
    for kind, (first, last) in PLAN.items():
        fill_day(page, kind, today + timedelta(days=first))
        fill_day(page, f"{kind}_until", today + timedelta(days=last))
    fill_day(page, "discuss", today + timedelta(days=20))
    press(page, "Keep the timetable")
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Discussion: first day")
    expect(page.locator("[name='propose-day']")).to_have_value(str((today + timedelta(days=7)).day))
    fill_day(page, "discuss", today + timedelta(days=21))
    press(page, "Keep the timetable")
    is_told(page, "The timetable is kept.")


def adds_what_people_need(page: Page, folder: Path) -> None:
    study = folder / "study.pdf"
    study.write_bytes(PDF)
    page.locator("a[href$='/documents']:visible").first.click()
    page.fill("[name=title]", "Study of the crafts")
    page.set_input_files("[name=file]", study)
    page.locator("main form[enctype] button").click()
    is_told(page, "The document is there.")
    page.locator("a[href$='/targets']:visible").first.click()
    page.fill("[name=women]", "45")
    page.locator("main form .button-primary").click()
    is_told(page, "The targets are kept.")
    page.locator("a[href$='/eligibility']:visible").first.click()
    page.check("[name=is_unchecked]")
    page.fill("[name=reason]", "A small city in which everybody knows everybody")
    press(page, "Fix the rules")
    expect(page.locator(".error-summary")).to_have_count(0)


def publishes_and_invites(page: Page, app: Flask) -> None:
    page.locator("a[href$='/checklist']:visible").first.click()
    expect(page.locator(".state-low")).to_have_count(0)
    follow(page, "Look at it and publish")
    press(page, "Publish the process")
    is_told(page, "The process is public.")
    follow(page, "See who is there and invite the others")
    follow(page, "Invite organisations")
    for name in ("University", "Potters"):
        page.get_by_label(name).check()
    page.select_option("[name=channel]", "email")
    press(page, "Go on: see what will happen")
    expect(page.locator("main")).to_contain_text("art…@university.example")
    expect(page.locator("main")).to_contain_text("No address in the register")
    press(page, "Invite them by e-mail")
    expect(page.locator(".notice")).to_contain_text("2 organisations have their codes.")
    expect(page.locator("main code")).to_have_count(2)
    with page.expect_download() as letters:
        press(page, "Letters as one PDF")
    assert letters.value.path().read_bytes().startswith(b"%PDF-")
    [mail] = send_mails(app)
    assert mail.to == "arts@university.example"


def answers_the_invitation(page: Page, app: Flask) -> None:
    """The university follows the link in its mail, without an account."""
    page.goto(mailed_link(app))
    press(page, "Read the invitation")
    expect(page.locator("main")).to_contain_text("University")
    assert complaints(page) == []
    page.check("[name=answer][value=answered]")
    press(page, "Send the answer")
    is_told(page, "the city counts on you")


def sees_the_answer(page: Page) -> None:
    follow(page, "Go on")
    row = page.get_by_role("row").filter(has_text="University")
    expect(row).to_contain_text("Takes part")
    expect(page.get_by_role("row").filter(has_text="Potters")).not_to_contain_text("Takes part")


def opens_although_a_sector_is_missing(page: Page) -> None:
    """The gate asks for a reason, and publishes it."""
    page.locator("a[href$='/checklist']:visible").first.click()
    follow(page, "Look at the gate and open")
    expect(page.locator("main")).to_contain_text("Nobody has been invited from: Civil society.")
    press(page, "Open the process")
    expect(page.locator(".error-summary")).to_be_visible()
    page.fill("[name=sector_invited]", "No association has been founded yet")
    press(page, "Open the process")
    is_told(page, "The process is open.")
    page.goto(re.sub(r"/staff/processes/(\w+)/.*", r"/p/\1", page.url))
    expect(page.locator("main")).to_contain_text("No association has been founded yet")
    assert complaints(page) == []


def answers_every_proposal(page: Page, process_id: str) -> None:
    page.goto(f"/staff/processes/{process_id}/answers")
    follow(page, TITLES[0])
    page.check("[name=outcome][value=adopted]")
    page.fill("[name=reason]", "No")
    press(page, "Publish the answer and go on")
    expect(page.locator(".error-summary")).to_be_visible()
    for title in TITLES:
        expect(page.locator("article h2")).to_have_text(title)
        page.check("[name=outcome][value=adopted]")
        page.fill("[name=reason]", "The council pays for it from next year’s budget.")
        press(page, "Publish the answer and go on")
        is_told(page, title)


def announces_a_vote(page: Page, process_id: str) -> None:
    page.goto(f"/p/{process_id}/votes")
    follow(page, "Announce a vote")
    follow(page, "Something else")
    page.fill("[name=title-en]", "Which first?")
    for name, value in (("franchise", "individual"), ("ballot", "choose"), ("method", "votes")):
        page.check(f"[name={name}][value={value}]")
    page.fill("[name=winners]", "1")
    page.fill("[name=max_choices]", "1")
    page.check("[name=tie][value=option_order]")
    for title in TITLES:
        page.get_by_label(title).check()
    press(page, "Show what voters will read")
    expect(page.locator("#preview")).to_contain_text("Which first?")
    press(page, "Announce the vote")
    is_told(page, "The vote is announced.")


def closes_vote_and_process(page: Page, app: Flask, process_id: str, clock: FrozenClock) -> None:
    """Nobody votes; the vote is counted all the same, and closing asks why no organisation took part."""
    clock.advance(days=2)
    run_jobs(app)
    page.reload()
    expect(page.locator("main")).to_contain_text("Open now")
    clock.advance(days=7)
    page.reload()
    press(page, "Close and count the vote")
    is_told(page, "The vote is closed and counted.")
    page.goto(f"/staff/processes/{process_id}/checklist")
    follow(page, "Look at the gates and close")
    page.fill("[name=sector_participated]", "The organisations were asked twice and sent nothing")
    press(page, "Close the process for good")
    is_told(page, "The process is closed.")


def exports_the_record(page: Page, app: Flask, process_id: str, folder: Path) -> None:
    run_jobs(app)
    page.goto(f"/record/{process_id}")
    record = keep(page, "Download record.zip", folder)
    program = keep(page, "Download verify.py", folder)
    done = verify(program, record, "--vkey", vkey(app))
    assert done.returncode == 0, done.stdout[-2000:]
