"""Ballots of other kinds on a phone, by thumb, by keyboard and without scripts; nothing is lost on the way."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import select

from tests.processes.making import day
from tests.stakeholders.making import make_account
from tests.voting.making import OPENS_ON, TITLES, codes, make_vote
from tests.voting.test_ballot_in_browser import FITS, let_in
from tests.voting.test_every_kind import KNAPSACK, POINTS, RANKED, SCORE, YESNO, counted, home
from ucc_participate.voting.models import BallotDraft, VoteState
from ucc_participate.voting.packing import Marks


@pytest.fixture
def sara(perform, now):
    return make_account(perform, "sara@city.example", now=now, name="Sara")


@pytest.fixture
def vote_by(perform, now, clock, sara):
    def make(rules):
        made = make_vote(perform, now, VoteState.OPEN, rules=rules)
        clock.at = day(now, OPENS_ON + 1)
        return made

    return make


def is_clean(page):
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate(FITS)


def drafted(read):
    return [draft.typed for draft in read(lambda session: session.scalars(select(BallotDraft)).all())]


def test_a_ranking_is_made_by_thumb_kept_and_cast(app, page, read, sara, clock, vote_by):
    vote = vote_by(RANKED)
    first, second, third = codes(vote)
    let_in(app, page, sara, clock.now())
    page.goto(home(vote))
    for title in (TITLES[2], TITLES[0], TITLES[1]):
        page.get_by_role("button", name=f"Next place: {title}").click()
    page.get_by_role("button", name=f"Further up: {TITLES[1]}").click()
    expect(page.locator(".ranking li > span:first-child")).to_have_text([TITLES[2], TITLES[1], TITLES[0]])
    expect(page.locator(".ballot-bar")).to_contain_text("In order: 3. All places are given.")
    expect(page.locator(".ballot-bar")).to_contain_text("Saved here, not counted yet.")
    assert drafted(read) == [{third: "1", second: "2", first: "3"}]
    is_clean(page)
    page.reload()
    expect(page.locator(".notice", has_text="Your draft is not counted yet")).to_be_visible()
    page.get_by_role("button", name="Cast my ballot").click()
    expect(page.get_by_role("heading", name="Your ballot is counted")).to_be_visible()
    assert counted(read, vote) == [Marks((third, second, first))]
    assert drafted(read) == []


@pytest.mark.parametrize("rules", [RANKED, POINTS, SCORE, YESNO, KNAPSACK])
def test_no_kind_of_ballot_has_barriers(app, open_page, sara, clock, vote_by, rules):
    vote = vote_by(rules)
    for locale in ("fa", "en"):
        page = open_page(locale=locale, viewport={"width": 390, "height": 844})
        let_in(app, page, sara, clock.now())
        page.goto(f"/language/{locale}")
        page.goto(home(vote))
        is_clean(page)


def test_points_are_given_by_steppers_and_by_keys(app, page, read, sara, clock, vote_by):
    vote = vote_by(POINTS)
    let_in(app, page, sara, clock.now())
    page.goto(home(vote))
    more = page.get_by_role("button", name=f"One point more: {TITLES[0]}")
    for _ in range(4):
        more.click()
    bar = page.locator(".ballot-bar")
    expect(bar).to_contain_text("Points left: 6 of 10.")
    page.locator(".stepper input").nth(1).fill("8")
    expect(bar).to_contain_text("That is 2 points too many; you have 10.")
    page.locator(".stepper input").nth(1).press("Enter")
    expect(page.locator(".flashes")).to_contain_text("Saved, and not counted yet.")
    page.locator(".stepper input").nth(1).fill("6")
    page.get_by_role("button", name="Cast my ballot").click()
    expect(page.get_by_role("heading", name="Your ballot is counted")).to_be_visible()
    assert counted(read, vote) == [Marks(tuple(codes(vote)[:2]), (4, 6))]


@pytest.mark.parametrize("rules", [RANKED, POINTS, {**KNAPSACK, "budget": 10**12}])
def test_each_kind_is_cast_without_scripts(app, open_page, read, sara, clock, vote_by, rules):
    vote = vote_by(rules)
    page = open_page(javascript=False, viewport={"width": 390, "height": 844})
    let_in(app, page, sara, clock.now())
    page.goto(home(vote))
    words = {"ranked": "Next place", "cumulative": "One point more"}.get(rules["ballot"])
    for title in TITLES[1::-1]:
        if words is None:
            page.get_by_label(title).check()
        else:
            page.get_by_role("button", name=f"{words}: {title}").click()
    page.get_by_role("button", name="Save without casting").last.click()
    assert counted(read, vote) == []
    page.get_by_role("button", name="Cast my ballot").click()
    expect(page.locator(".receipt")).to_be_visible()
    said = {"ranked": Marks((codes(vote)[1], codes(vote)[0])), "cumulative": Marks(tuple(codes(vote)[:2]), (1, 1))}
    assert counted(read, vote) == [said.get(rules["ballot"], Marks(tuple(codes(vote)[:2])))]


UNDER_THE_BAR = """() => {
  const bar = document.querySelector(".ballot-bar"), focused = document.activeElement;
  if (bar.contains(focused) || !bar.closest("form").contains(focused)) return null;
  return focused.getBoundingClientRect().bottom > bar.getBoundingClientRect().top;
}"""


def test_what_has_the_focus_is_never_under_the_bar(app, open_page, sara, clock, vote_by):
    vote = vote_by(POINTS)
    page = open_page(locale="en", viewport={"width": 390, "height": 600})
    let_in(app, page, sara, clock.now())
    page.goto(home(vote))
    seen = []
    for _step in range(50):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(UNDER_THE_BAR))
    assert seen.count(False) >= 6
    assert True not in seen
