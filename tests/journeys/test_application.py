"""What was adopted becomes a frozen plan and a frozen dossier, an evaluator reads it by link, a promise is public."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.accounts.making import make_account
from tests.browser import DESK, OpenPage
from tests.dossier.making import CONTACT, finish, short_form, write
from tests.dossier.making import enter as enter_form
from tests.journeys.walking import enter, fill_day, follow, is_told, mailed_link, press
from tests.plan.builders import answered_process, change
from ucc_participate.dossier.queries import application_of
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.plan import operations, queries
from ucc_participate.plan.models import (
    Benefit,
    Budget,
    Effects,
    IndicatorKind,
    IndicatorText,
    Particulars,
    Schedule,
    Written,
)
from ucc_participate.processes.models import Process

BEGINS = date(2027, 11, 1)
WHY = "The council decided to leave this to the second year of the plan."
TITLE = "Workshops that are open in the evening"
TEXT = "The evening workshops come out of two proposals of residents."
SECTIONS: dict[str, dict[str, Any]] = {
    "1": {"text": "Sepidrud"},
    "3": {"fields": CONTACT},
    "4": {"fields": {"choice": "crafts"}},
    "5": {"fields": {"urls": "city.example/record"}},
}


@pytest.fixture
def answered(perform, clock: FrozenClock) -> tuple[Process, Actor]:
    process, leila, _proposals, later = answered_process(perform, clock.now())
    clock.at = later
    return process, leila


def test_what_was_adopted_is_planned_applied_with_evaluated_and_promised(
    app: Flask, open_page: OpenPage, perform, read, answered: tuple[Process, Actor], clock: FrozenClock
) -> None:
    process, leila = answered
    now = clock.now()
    desk = f"/staff/processes/{process.public_id}"
    page = open_page(viewport=DESK)
    mina = make_account(perform, "mina@city.example", now=now, roles=(Role.COORDINATOR,), function="Planner")
    enter(page, app, mina, now=now)
    begins_the_plan(page, desk)
    makes_one_initiative_of_two_proposals(page)
    complete(perform, read, process, leila, now)
    freezes_the_plan(page, desk)
    enter_form(perform, short_form(), now)
    begins_the_dossier(page, desk)
    writes_and_cites(page, desk)
    others_write_the_rest(perform, read, process, leila, now)
    finishes_and_freezes(page, desk)
    invites_an_evaluator(page, desk, now)
    evaluates(open_page(), mailed_link(app))
    answers(page, desk)
    records_the_designation(page, desk, clock)
    reads_the_promise(open_page(), process.public_id)


def begins_the_plan(page: Page, desk: str) -> None:
    page.goto(f"{desk}/plan")
    follow(page, "Begin the plan")
    fill_day(page, "begins_on", BEGINS)
    page.fill("[name=vision-en]", "No craft without apprentices.")
    page.fill("[name=gap_plan-en]", "The chamber of guilds lends what is missing in the first year.")
    page.locator("main form .button-primary").click()
    expect(page.locator(".error-summary")).to_have_count(0)


def makes_one_initiative_of_two_proposals(page: Page) -> None:
    page.locator("a[href$='/plan/adopted']").first.click()
    page.wait_for_load_state()
    for tick in page.locator("[name=from]").all():
        tick.check()
    press(page, "Make one initiative from the ticked ones")
    expect(page.locator("main")).to_contain_text("Made from 2 proposals")
    page.fill("[name=title-en]", TITLE)
    page.check("[name=kind][value=project]")
    page.check("[name=level][value=local]")
    page.check("[name=objectives][value='OBJ-2']")
    page.fill("[name=summary-en]", "Two evenings a week, with somebody who teaches.")
    page.fill("[name=description-en]", "The potters and the weavers open their doors after work.")
    press(page, "Put it into the plan")
    expect(page.locator("main h1")).to_contain_text(TITLE)


def complete(perform: Any, read: Any, process: Process, actor: Actor, now: datetime) -> None:
    """What the form of each part writes, tested at its own room."""
    plan = read(lambda session: queries.plan_of(session, process))
    [made] = read(lambda session: queries.initiatives_of(session, plan))
    for kind in IndicatorKind:
        change(perform, process, made, operations.add_indicator, indicator(kind), actor=actor, now=now)
    for part in parts(plan.years):
        change(perform, process, made, operations.revise_initiative, part, actor=actor, now=now)


def indicator(kind: IndicatorKind) -> IndicatorText:
    said = {"en": f"Evenings, {kind.value}"}
    source = {"en": "Attendance book"}
    return IndicatorText(
        kind, said, {"en": "evenings"}, Decimal(0), Decimal(90), data_source=source, responsible="Mina"
    )


def parts(years: Any) -> list[Written]:
    levels = ("economic", "cultural", "social", "environmental")
    effect = {"expected": "none", "text": {"en": "Nothing that could be measured."}, "indicator": None, "trade_off": {}}
    step = ({"en": "The first evening"}, BEGINS + timedelta(days=90))
    return [
        Benefit(("everybody",), {"en": "Free, without steps."}, {"en": "Five-year plan, article 4"}),
        Effects(dict.fromkeys(levels, effect)),
        Schedule("Culture office", BEGINS, BEGINS + timedelta(days=700), (step,)),
        Budget({list(years)[1]: 900_000_000}),
        Particulars({}),
    ]


def freezes_the_plan(page: Page, desk: str) -> None:
    """What stands in the way is named; without a reason nothing is passed over, and nothing typed is lost."""
    page.goto(f"{desk}/plan/freeze")
    reasons = page.locator("textarea[name^=because-]")
    reasons.first.fill(WHY)
    press(page, "Freeze the plan")
    expect(page.locator(".error-summary")).to_contain_text("The plan is not frozen")
    expect(reasons.first).to_have_value(WHY)
    for reason in reasons.all():
        reason.fill(WHY)
    press(page, "Freeze the plan")
    page.goto(f"{desk}/plan")
    expect(page.locator(".page-head")).to_contain_text("Frozen")


def begins_the_dossier(page: Page, desk: str) -> None:
    page.locator(f"a[href='{desk}/application']:visible").first.click()
    page.select_option("[name=form_code]", "test-2027")
    press(page, "Begin the dossier")
    is_told(page, "The dossier is there.")


def writes_and_cites(page: Page, desk: str) -> None:
    page.locator("a[href$='/texts/2/en']").first.click()
    page.fill("[name=text]", TEXT)
    press(page, "Save")
    follow(page, "Say what paragraphs rest on")
    follow(page, "Add")
    page.select_option("[name=kind]", "initiative")
    page.fill("[name=q]", "evening")
    press(page, "Search")
    page.locator("[name=subject]").first.check()
    press(page, "Let it rest on these")
    expect(page.locator(".cited-list")).to_contain_text(TITLE)
    page.locator("main a", has_text=TITLE).first.click()
    expect(page.locator("main h1")).to_contain_text(TITLE)


def others_write_the_rest(perform: Any, read: Any, process: Process, leila: Actor, now: datetime) -> None:
    made = process, read(lambda session: application_of(session, process))
    for section, typed in SECTIONS.items():
        write(perform, made, section, "en", actor=leila, now=now, **typed)
        finish(perform, made, section, "en", actor=leila, now=now)


def finishes_and_freezes(page: Page, desk: str) -> None:
    page.goto(f"{desk}/application")
    page.locator("a[href$='/texts/2/en']").first.click()
    press(page, "Save and send to be reviewed")
    page.locator("a[href$='/texts/2/en']").first.click()
    press(page, "Save and make final")
    page.goto(f"{desk}/application")
    page.locator("a[href$='/freeze']").click()
    page.wait_for_load_state()
    for reason in page.locator("textarea[name^=reason-]").all():
        reason.fill(WHY)
    press(page, "Freeze the dossier")
    expect(page.locator("main")).to_contain_text("Frozen")


def invites_an_evaluator(page: Page, desk: str, now: datetime) -> None:
    page.goto(f"{desk}/submission")
    follow(page, "Let an evaluator read")
    for name, value in (("office", "National Commission"), ("name", "Parvin Azadi"), ("email", "p@unesco.example")):
        page.fill(f"[name={name}]", value)
    fill_day(page, "until", (now + timedelta(days=20)).date())
    press(page, "Send the invitation")
    expect(page.locator("main table")).to_contain_text("National Commission")


def evaluates(page: Page, link: str) -> None:
    """On a phone: who shaped the sentence, and a question."""
    page.goto(link)
    press(page, "Take the seat")
    expect(page.locator(".seat")).to_contain_text("National Commission")
    expect(page.locator(".dossier-paragraph", has_text=TEXT).locator(".who-shaped")).to_contain_text(TITLE)
    page.fill("form [name=text]", "Who pays the teachers?")
    press(page, "Put the question")
    expect(page.locator("#questions")).to_contain_text("Who pays the teachers?")


def answers(page: Page, desk: str) -> None:
    page.goto(f"{desk}/submission/questions")
    page.locator("main textarea").first.fill("The culture office, from its own line of the budget.")
    page.locator("main form .button", has_text="Answer").first.click()
    expect(page.locator("main")).to_contain_text("from its own line of the budget")


def records_the_designation(page: Page, desk: str, clock: FrozenClock) -> None:
    """Then the plan's four years have begun."""
    page.goto(f"{desk}/promises")
    page.locator("main a[href$='/designation']").first.click()
    fill_day(page, "designated_on", clock.now().date())
    page.fill("[name=decision]", "Letter 118 of the secretariat")
    press(page, "Enter it")
    expect(page.locator(".error-summary")).to_have_count(0)


def reads_the_promise(page: Page, process_id: str) -> None:
    """Without an account, from the page of the process."""
    page.goto(f"/p/{process_id}")
    page.locator("details.parts > summary").click()
    page.locator(f"a[href='/p/{process_id}/promises']:visible").first.click()
    expect(page.locator("main")).to_contain_text("The first evening")
    expect(page.locator("main")).to_contain_text("Culture office")
