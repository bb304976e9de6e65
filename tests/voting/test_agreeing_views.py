"""What delegates of an organisation see and press when several of them must agree, and what everybody reads after."""

from __future__ import annotations

import re

import pytest

from tests.processes.making import day
from tests.stakeholders.making import make_account, make_delegate, revoke, set_quorum, sign_in, staff_browser
from tests.voting.making import (
    CLOSES_ON,
    OPENS_ON,
    TITLES,
    cast_openly,
    change,
    codes,
    make_open_vote_of_organisations,
    make_vote,
    speaking_for,
)
from ucc_participate.kernel.identity import Role
from ucc_participate.voting import operations, queries
from ucc_participate.voting.models import VoteState
from ucc_participate.voting.rules import unpack

AGREE, TAKE_BACK = "I agree, for", "Take back my agreement"
WAITS = "This ballot waits for agreement"


@pytest.fixture
def during(now, clock):
    clock.at = day(now, OPENS_ON + 1)
    return clock.at


@pytest.fixture
def guild(app, perform, now, during):
    """The vote, the guild, its two new delegates and their browsers; two must agree."""
    vote, organisations, _delegates = make_open_vote_of_organisations(perform, now, quorum=2)
    people = [make_account(perform, f"{name}@guild.example", now=now, name=name) for name in ("Ada", "Bita")]
    mandates = [make_delegate(perform, organisations[0], account, now=now) for account in people]
    browsers = [sign_in(app, account, now=during) for account in people]
    return vote, organisations, people, mandates, browsers


def home(vote):
    return f"/p/{vote.process.public_id}/votes/{vote.public_id}"


def press(browser, vote, organisation, what, *choices):
    data = {"choices": list(choices), "organisation": organisation.public_id, "idempotency_key": "k" * 22}
    return browser.post(f"{home(vote)}/ballot{what}", data=data)


def choices_of(read, vote, organisation):
    ballot = read(lambda session: queries.open_ballot_of(session, vote, organisation))
    return unpack(ballot.choices) if ballot else None


def test_the_page_says_for_whom_before_anything_is_pressed(guild):
    vote, organisations, _people, _mandates, browsers = guild
    page = browsers[0].get(home(vote)).text
    name = organisations[0].name
    assert f"You act for {name}" in page
    assert f"Put it to the delegates of {name}" in page
    assert "2 delegates must agree before a ballot of this organisation counts." in page
    assert AGREE not in page


def test_one_proposes_the_other_sees_who_agreed_and_agrees_with_one_press(guild, read):
    vote, organisations, _people, _mandates, (ada, bita) = guild
    sent = press(ada, vote, organisations[0], "", codes(vote)[1])
    assert (sent.status_code, sent.location) == (303, home(vote))
    hers = ada.get(home(vote)).text
    assert f"For {organisations[0].name}: this ballot waits until enough delegates agree." in hers
    assert TAKE_BACK in hers
    assert AGREE not in hers
    seen = bita.get(home(vote)).text
    waiting = seen.split(WAITS)[1].split("</section>")[0]
    assert TITLES[1] in waiting.split("</ul>")[0]
    assert "<bdi>Ada</bdi>" in waiting
    assert "1 more delegate must agree." in waiting
    form = seen.split('/ballot/agree"')[1].split("</form>")[0]
    offered = re.findall(r'name="choices" value="([^"]*)"', form)
    agreed = press(bita, vote, organisations[0], "/agree", *offered)
    assert agreed.status_code == 303
    assert choices_of(read, vote, organisations[0]) == (1,)
    after = bita.get(home(vote)).text
    assert f"For {organisations[0].name}: this ballot is counted." in after
    assert WAITS not in after


def test_agreeing_with_what_was_replaced_says_so_and_changes_nothing(guild, read):
    vote, organisations, _people, _mandates, (ada, bita) = guild
    press(ada, vote, organisations[0], "", codes(vote)[1])
    press(ada, vote, organisations[0], "", codes(vote)[2])
    refused = press(bita, vote, organisations[0], "/agree", codes(vote)[1])
    assert refused.status_code == 409
    assert "Another delegate has changed what waits" in refused.text
    assert choices_of(read, vote, organisations[0]) is None


def test_taking_the_agreement_back_leaves_nothing(guild):
    vote, organisations, _people, _mandates, (ada, bita) = guild
    press(ada, vote, organisations[0], "", codes(vote)[1])
    assert press(ada, vote, organisations[0], "/disagree").status_code == 303
    assert f"For {organisations[0].name}: nothing waits any more" in ada.get(home(vote)).text
    assert WAITS not in bita.get(home(vote)).text


def test_what_waits_is_shown_to_no_other_delegate_no_staff_and_no_visitor(app, client, perform, now, during, guild):
    vote, organisations, _people, _mandates, (ada, _bita) = guild
    press(ada, vote, organisations[0], "", codes(vote)[1])
    other = make_account(perform, "other@city.example", now=now)
    make_delegate(perform, organisations[1], other, now=now)
    browsers = [client, sign_in(app, other, now=during)]
    browsers += [staff_browser(app, perform, role, now=during) for role in (Role.COORDINATOR, Role.EVALUATOR)]
    assert [WAITS in browser.get(home(vote)).text for browser in browsers] == [False] * 4
    assert WAITS in ada.get(home(vote)).text


@pytest.mark.parametrize("what", ["/agree", "/disagree", ""])
@pytest.mark.parametrize("who", ["visitor", "another's delegate", "coordinator"])
def test_nobody_else_presses_anything(app, client, perform, read, now, during, guild, what, who):
    vote, organisations, _people, _mandates, (ada, _bita) = guild
    press(ada, vote, organisations[0], "", codes(vote)[1])
    if who == "another's delegate":
        account = make_account(perform, "other@city.example", now=now)
        make_delegate(perform, organisations[1], account, now=now)
        client = sign_in(app, account, now=during)
    elif who == "coordinator":
        client = staff_browser(app, perform, Role.COORDINATOR, now=during)
    answer = press(client, vote, organisations[0], what, codes(vote)[1])
    assert answer.status_code == (303 if who == "visitor" else 403)
    assert who != "visitor" or "/sign-in" in answer.location
    assert choices_of(read, vote, organisations[0]) is None
    assert "1 more delegate must agree." in ada.get(home(vote)).text


@pytest.mark.parametrize("what", ["/agree", "/disagree"])
def test_an_organisation_that_is_not_on_the_roll_is_not_found(guild, what):
    vote, _organisations, _people, _mandates, (ada, _bita) = guild
    data = {"organisation": "nosuchid", "choices": codes(vote)[:1]}
    assert ada.post(f"{home(vote)}/ballot{what}", data=data).status_code == 404


def test_a_delegate_revoked_between_page_and_press_is_refused(perform, read, during, guild):
    vote, organisations, _people, mandates, (ada, bita) = guild
    press(ada, vote, organisations[0], "", codes(vote)[1])
    assert AGREE in bita.get(home(vote)).text
    revoke(perform, organisations[0], mandates[1], now=during)
    assert press(bita, vote, organisations[0], "/agree", codes(vote)[1]).status_code == 403
    assert WAITS not in bita.get(home(vote)).text
    assert choices_of(read, vote, organisations[0]) is None


def test_after_the_closing_time_the_press_is_refused_on_the_page(guild, read, now, clock):
    vote, organisations, _people, _mandates, (ada, bita) = guild
    press(ada, vote, organisations[0], "", codes(vote)[1])
    clock.at = day(now, CLOSES_ON)
    for what in ("/agree", "/disagree"):
        refused = press(bita, vote, organisations[0], what, codes(vote)[1])
        assert refused.status_code == 409
        assert "This vote closed on" in refused.text
    assert choices_of(read, vote, organisations[0]) is None


def test_too_few_delegates_are_told_what_to_do(app, perform, now, during):
    vote, organisations, _delegates = make_open_vote_of_organisations(perform, now, quorum=3)
    account = make_account(perform, "ada@guild.example", now=now)
    make_delegate(perform, organisations[0], account, now=now)
    page = sign_in(app, account, now=during).get(home(vote)).text
    assert "Too few delegates" in page
    assert "2 people hold a mandate now." in page
    assert "Ask the city’s staff to name another delegate before the vote closes on" in page


def test_enough_delegates_are_told_nothing_of_the_kind(guild):
    vote, _organisations, _people, _mandates, (ada, _bita) = guild
    assert "Too few delegates" not in ada.get(home(vote)).text


# --- the result


@pytest.fixture
def closed(guild, perform, now, during, clock):
    """The guild never agreed, the second organisation voted, the third did not try."""
    vote, organisations, _people, _mandates, browsers = guild
    press(browsers[0], vote, organisations[0], "", codes(vote)[2])
    account = make_account(perform, "other@city.example", now=now)
    make_delegate(perform, organisations[1], account, now=now)
    speaker = speaking_for(account, organisations[1])
    cast_openly(perform, vote, organisations[1], speaker, codes(vote)[:2], now=during)
    clock.at = day(now, CLOSES_ON)
    change(perform, vote, operations.close_vote, now=clock.at)
    return guild


def test_the_result_says_who_did_not_vote_without_what_waited(client, closed):
    vote, organisations, _people, _mandates, (ada, _bita) = closed
    for browser in (client, ada):
        page = browser.get(home(vote)).text
        assert "1 organisation did not vote" in page
        told = page.split("their delegates had not agreed on a ballot:")[1].split("</p>")[0]
        assert organisations[0].name in told
        assert organisations[2].name not in told
        assert TITLES[2] not in told
        assert WAITS not in page


def test_everybody_reads_what_each_organisation_chose(client, closed):
    vote, organisations, _people, _mandates, _browsers = closed
    page = client.get(f"{home(vote)}/organisations").text
    rows = {each.name: row_of(page, each.name) for each in organisations}
    assert "Did not vote" in rows[organisations[0].name]
    assert "Its delegates had not agreed on a ballot." in rows[organisations[0].name]
    assert not any(title in rows[organisations[0].name] for title in TITLES)
    assert [title in rows[organisations[1].name] for title in TITLES] == [True, True, False]
    assert "Did not vote" in rows[organisations[2].name]
    assert "had not agreed" not in rows[organisations[2].name]


def row_of(page, name):
    return next(row for row in page.split("<tr>") if f"<bdi>{name}</bdi>" in row)


def test_nobody_reads_it_before_and_the_page_says_when(client, guild, perform, now):
    vote, organisations, _people, _mandates, (ada, bita) = guild
    for browser in (ada, bita):
        press(browser, vote, organisations[0], "", codes(vote)[1])
    for browser in (client, ada):
        page = browser.get(f"{home(vote)}/organisations").text
        assert "Sealed until the vote is closed" in page
        assert "<tbody" not in page
        assert not any(option.title in page for option in vote.options)


def test_those_who_speak_for_it_see_what_waits_where_they_see_their_seats(client, guild):
    vote, organisations, _people, _mandates, (ada, bita) = guild
    assert "It lacks your agreement." not in bita.get("/account/seats").text
    press(ada, vote, organisations[0], "", codes(vote)[1])
    hers, his = (browser.get("/account/seats").text for browser in (ada, bita))
    assert "It lacks your agreement." in his
    assert "It lacks your agreement." not in hers
    for page in (hers, his):
        assert f'href="{home(vote)}"' in page
        assert vote.options[1].title not in page
    taken = press(ada, vote, organisations[0], "/disagree")
    assert "Your agreement is taken back." in ada.get(taken.location).text


def test_the_list_goes_on_where_a_page_ends(client, closed, monkeypatch):
    monkeypatch.setattr("ucc_participate.voting.views.organisations.ROWS", 2)
    vote, organisations, *_rest = closed
    first = client.get(f"{home(vote)}/organisations").text
    [onwards] = re.findall(r'href="([^"]*organisations\?after=[^"]*)"', first)
    second = client.get(onwards).text
    shown = [sum(f"<bdi>{each.name}</bdi>" in page for each in organisations) for page in (first, second)]
    assert shown == [2, 1]
    assert "organisations?after=" not in second


def test_a_vote_of_residents_has_no_such_page(client, perform, now):
    vote = make_vote(perform, now, VoteState.CLOSED)
    assert client.get(f"{home(vote)}/organisations").status_code == 404


def test_the_page_asks_the_same_for_one_organisation_and_for_many(app, perform, now, during, guild, count_queries):
    vote, organisations, people, _mandates, (ada, _bita) = guild
    press(ada, vote, organisations[0], "", codes(vote)[1])
    ada.get(home(vote))
    one = count_queries(lambda: ada.get(home(vote)))
    for organisation in organisations[1:]:
        set_quorum(perform, organisation, 2, now=during)
        make_delegate(perform, organisation, people[0], now=now)
    assert organisations[2].name in ada.get(home(vote)).text
    assert count_queries(lambda: ada.get(home(vote))) == one
