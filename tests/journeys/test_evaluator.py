"""A sceptical evaluator reads everything, is allowed to change nothing, and believes only what they verified."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.accounts.making import make_account
from tests.browser import DESK, OpenPage
from tests.journeys.walking import enter, keep, run_jobs, verify, vkey
from tests.processes.making import day
from tests.voting.making import CLOSES_ON, cast, codes, make_vote, residents
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.identity import Role
from ucc_participate.voting.models import Vote, VoteState

READ = (
    "/p/{process}",
    "/p/{process}/proposals",
    "/p/{process}/votes/{vote}",
    "/p/{process}/votes/{vote}/slots",
    "/p/{process}/presence",
    "/staff/processes",
    "/staff/processes/{process}/checklist",
    "/staff/processes/{process}/stakeholders",
    "/staff/processes/{process}/answers",
    "/stakeholders",
    "/log?process=process/{process}",
    "/record/{process}",
)
KEPT_FROM = (
    "/staff/processes/new",
    "/staff/processes/{process}/edit",
    "/staff/processes/{process}/timetable",
    "/staff/processes/{process}/invite",
    "/staff/processes/{process}/close",
    "/staff/processes/{process}/votes/new",
    "/staff/processes/{process}/votes/{vote}/roll",
    "/staff/stakeholders/new",
    "/staff/people",
)


@pytest.fixture
def vote(perform, clock: FrozenClock) -> Vote:
    """Closed, with seven ballots."""
    start = clock.now()
    people = residents(perform, 7, now=start)
    made = make_vote(perform, start, VoteState.OPEN)
    for _account, actor in people:
        cast(perform, made, actor, codes(made)[:2], now=day(start, CLOSES_ON - 1))
    clock.at = day(start, CLOSES_ON)
    return made


def test_an_evaluator_reads_everything_changes_nothing_and_verifies(
    app: Flask, open_page: OpenPage, perform, vote: Vote, clock: FrozenClock, tmp_path: Path
) -> None:
    run_jobs(app)
    evaluator = make_account(perform, "kamran@unesco.example", now=clock.now(), roles=(Role.EVALUATOR,))
    page = open_page(viewport=DESK)
    enter(page, app, evaluator, now=clock.now())
    ids = {"process": vote.process.public_id, "vote": vote.public_id}
    before = entries(page)
    for path in READ:
        answer = page.goto(path.format(**ids))
        assert (path, answer and answer.status) == (path, 200)
        assert page.locator("main form[method=post]:not([action$='/follow'])").count() == 0, path
    for path in KEPT_FROM:
        is_kept_from(page, path.format(**ids))
    assert entries(page) == before
    verifies(page, app, ids["process"], tmp_path)


def entries(page: Page) -> str:
    page.goto("/log")
    return str(page.locator(".facts dd").first.inner_text())


def is_kept_from(page: Page, path: str) -> None:
    """The page says why in words, and where to go on."""
    answer = page.goto(path)
    assert (path, answer and answer.status) == (path, 403)
    expect(page.locator("main h1")).not_to_be_empty()
    expect(page.locator("main")).to_contain_text("Only")
    expect(page.locator("main a").first).to_be_visible()


def verifies(page: Page, app: Flask, process_id: str, folder: Path) -> None:
    """With the whole package; then with one byte of it changed, and with a key that is not the log's."""
    page.goto(f"/record/{process_id}")
    record = keep(page, "Download record.zip", folder)
    program = keep(page, "Download verify.py", folder)
    done = verify(program, record, "--vkey", vkey(app), "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["failed"]) == (0, [])
    assert report["not_provable"], "an honest report says where its proof ends"
    broken = bytearray(record.read_bytes())
    at = broken.index(b"data/proposals") if b"data/proposals" in broken else len(broken) // 2
    broken[at + 200] ^= 1
    record.write_bytes(broken)
    assert verify(program, record, "--vkey", vkey(app)).returncode != 0
