"""A delegate votes for an organisation and, as a resident, in secret; then checks both without believing anybody."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser import PHONE, OpenPage
from tests.journeys.walking import enter, follow, is_told, keep, press, run_jobs, verify, vkey
from tests.processes.making import day, invite_every_sector
from tests.stakeholders.making import make_account, make_delegate
from tests.voting.making import CLOSES_ON, OPENS_ON, TITLES, announce, cast, codes, reload, residents, voting_process
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.voting.models import Franchise, VoteState


def test_a_delegate_votes_twice_and_verifies_it(
    app: Flask, open_page: OpenPage, perform, read, clock: FrozenClock, tmp_path: Path
) -> None:
    start = clock.now()
    process, proposals = voting_process(perform, start)
    weavers = invite_every_sector(perform, process, now=start)[2]
    account = make_account(perform, "zahra@weavers.example", now=start, name="Zahra")
    make_delegate(perform, weavers, account, now=start)
    secret = announce(perform, process, proposals, start=start)
    openly = announce(
        perform, process, proposals, start=start, franchise=Franchise.ORGANISATION, title={"en": "Bodies"}
    )
    neighbours = residents(perform, 6, now=start)
    clock.at = day(start, OPENS_ON)
    run_jobs(app)
    for _account, actor in neighbours:
        cast(perform, secret, actor, codes(secret)[:1], now=clock.now())
    page = open_page(viewport=PHONE)
    enter(page, app, account, now=clock.now())
    votes = f"/p/{process.public_id}/votes"
    votes_for_the_organisation(page, votes)
    receipt = casts_a_secret_ballot_and_replaces_it(page, app, votes, tmp_path)
    clock.at = day(start, CLOSES_ON)
    run_jobs(app)
    assert [reload(read, each).status for each in (secret, openly)] == [VoteState.CLOSED] * 2
    reads_the_results(page, votes)
    checks_receipt_and_record(page, app, process.public_id, receipt, tmp_path)


def choose(page: Page, *titles: str) -> None:
    for title in TITLES:
        page.get_by_label(title).set_checked(title in titles)


def votes_for_the_organisation(page: Page, votes: str) -> None:
    page.goto(votes)
    follow(page, "Bodies")
    expect(page.locator(".ballot")).to_contain_text("Weavers")
    choose(page, TITLES[1])
    press(page, "Cast it for Weavers")
    is_told(page, "For Weavers: this ballot is counted.")


def casts_a_secret_ballot_and_replaces_it(page: Page, app: Flask, votes: str, folder: Path) -> Path:
    """The receipt of the second ballot; the first one no longer counts."""
    page.goto(votes)
    follow(page, "Which ideas first?")
    expect(page.locator("main")).to_contain_text("Your ballot is not counted yet.")
    choose(page, TITLES[0])
    press(page, "Cast my ballot")
    expect(page.locator("h1")).to_have_text("Your ballot is counted")
    follow(page, "Back to the vote")
    expect(page.get_by_label(TITLES[0])).to_be_checked()
    choose(page, TITLES[1], TITLES[2])
    press(page, "Replace my ballot")
    run_jobs(app)
    page.reload()
    kept = keep(page, "Keep the receipt", folder)
    said = json.loads(kept.read_text(encoding="utf-8"))
    assert len(said["ballot"]["choices"]) == 2
    return kept


def reads_the_results(page: Page, votes: str) -> None:
    page.goto(votes)
    follow(page, "Which ideas first?")
    expect(page.locator(".chart-chosen")).to_contain_text(TITLES[0])
    expect(page.locator(".chart-chosen")).to_contain_text("6 votes")
    expect(page.locator("main")).to_contain_text("7")
    assert page.goto(f"{page.url}/receipt").status == 409  # type: ignore[union-attr]
    expect(page.locator("main")).to_contain_text("closed")


def checks_receipt_and_record(page: Page, app: Flask, process_id: str, receipt: Path, folder: Path) -> None:
    page.goto(f"/record/{process_id}")
    record = keep(page, "Download record.zip", folder)
    program = keep(page, "Download verify.py", folder)
    done = verify(program, record, "--vkey", vkey(app), "--receipt", receipt, "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["failed"]) == (0, [])
    assert any("receipt" in line.lower() for line in report["proved"]), report["proved"]
    forged = json.loads(receipt.read_text(encoding="utf-8"))
    forged["ballot"]["choices"] = forged["ballot"]["choices"][:1]
    receipt.write_text(json.dumps(forged), encoding="utf-8")
    assert verify(program, record, "--vkey", vkey(app), "--receipt", receipt).returncode == 1
