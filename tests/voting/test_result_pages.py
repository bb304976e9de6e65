"""Pages of counted votes: closed by the gate before, quick after, true to the analysis; and trial counts."""

from __future__ import annotations

import csv
import io
import json

import pytest
from sqlalchemy import event, update

from tests.processes.making import day
from tests.voting.making import CLOSES_ON, GREEDY, OPENS_ON, cast, change, codes, make_vote, residents
from ucc_participate.kernel.db import db
from ucc_participate.voting import jobs, operations
from ucc_participate.voting.models import VoteAnalysis, VoteState

PAGES = ("rounds", "comparison", "groups", "print", "analysis.json", "analysis.csv")


def home(vote):
    return f"/p/{vote.process.public_id}/votes/{vote.public_id}"


@pytest.fixture
def voted(app, perform, now, clock):
    """A closed greedy vote of twelve ballots, not analysed yet."""
    people = residents(perform, 12, now=now, sex="female")
    vote = make_vote(perform, now, VoteState.OPEN, rules=GREEDY)
    clock.at = day(now, OPENS_ON + 1)
    options = codes(vote)
    for at, (_account, actor) in enumerate(people):
        cast(perform, vote, actor, options[: 1 + at % 2], now=clock.at)
    clock.at = day(now, CLOSES_ON)
    change(perform, vote, operations.close_vote, now=clock.at)
    return vote


@pytest.fixture
def analysed(app, voted):
    with app.app_context():
        jobs.analyse_counted()
    return voted


@pytest.mark.parametrize("state", [VoteState.ANNOUNCED, VoteState.OPEN])
def test_before_the_closing_no_page_and_no_download_says_anything(client, perform, now, clock, state) -> None:
    if state is VoteState.OPEN:
        residents(perform, 1, now=now)
    vote = make_vote(perform, now, state)
    clock.at = day(now, OPENS_ON)
    for page in (*PAGES, f"options/{codes(vote)[0]}"):
        answer = client.get(f"{home(vote)}/{page}")
        assert answer.status_code == 409, page
        assert "sealed" in answer.text


def test_a_result_stands_before_its_explanation_does(client, voted) -> None:
    assert client.get(home(voted)).status_code == 200
    assert "is being computed" in client.get(f"{home(voted)}/comparison").text
    assert client.get(f"{home(voted)}/analysis.json").status_code == 404


def test_every_page_of_a_counted_vote_opens(client, analysed) -> None:
    for page in ("", *(f"/{each}" for each in PAGES), *(f"/options/{code}" for code in codes(analysed))):
        assert client.get(home(analysed) + page).status_code == 200, page
    assert client.get(f"{home(analysed)}/options/nothing").status_code == 404


def test_the_downloads_say_the_same_as_the_pages(client, analysed) -> None:
    told = json.loads(client.get(f"{home(analysed)}/analysis.json").data)
    assert told["vote"] == analysed.ref
    assert len(told["result_sha256"]) == 64
    assert {each["key"] for each in told["rules"]} >= {"greedy", "equal_shares"}
    lines = list(csv.DictReader(io.StringIO(client.get(f"{home(analysed)}/analysis.csv").data.decode("utf-8-sig"))))
    assert [line["votes"] for line in lines] == ["12", "6", "0"]


def test_no_page_reads_a_ballot_again(app, client, analysed) -> None:
    statements: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *facts: statements.append(facts[2]))
    for page in ("", "/rounds", "/comparison", "/groups", "/print", f"/options/{codes(analysed)[0]}"):
        client.get(home(analysed) + page)
    assert not [each for each in statements if "ballot.choices" in each or "FROM ballot\n" in each]


def test_a_page_takes_the_same_few_queries_however_many_voted(client, analysed, count_queries) -> None:
    client.get(f"{home(analysed)}/groups")
    assert count_queries(lambda: client.get(f"{home(analysed)}/groups")) <= 13


def test_an_analysis_that_was_changed_is_drift(app, perform, analysed, drift) -> None:
    assert drift() == []
    perform(lambda session: session.execute(update(VoteAnalysis).values(found={"rules": []})))
    assert any("analysis" in str(fault) for fault in drift())


def test_a_trial_count_reads_no_ballot_and_says_that_it_is_invented(app, client, perform, now, clock) -> None:
    vote = make_vote(perform, now, VoteState.ANNOUNCED, rules=GREEDY)
    statements: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *facts: statements.append(facts[2]))
    first, again = client.get(f"{home(vote)}/trial?seed=5"), client.get(f"{home(vote)}/trial?seed=5")
    assert "All ballots on this page are invented" in first.text
    assert first.text.split("<table")[1] == again.text.split("<table")[1]
    assert client.get(f"{home(vote)}/trial?seed=6").text.split("<table")[1] != first.text.split("<table")[1]
    assert not [each for each in statements if "FROM ballot" in each or "FROM open_ballot" in each]
