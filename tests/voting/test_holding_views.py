"""Announcing by purpose, what voters will read, and what everybody can check: pages as browsers see them."""

from __future__ import annotations

import io
import json
import re

import pytest

from tests.processes.making import day
from tests.proposals.making import person
from tests.stakeholders.making import staff_browser
from tests.voting.making import (
    ANNOUNCED_ON,
    BY_VOTES,
    CLOSES_ON,
    OPENS_ON,
    cast,
    change,
    codes,
    make_vote,
    reload,
    residents,
    voting_process,
)
from tests.voting.test_views import moment, send_announcement
from ucc_participate.kernel.identity import Role
from ucc_participate.voting import operations, queries, rule_words
from ucc_participate.voting.models import VoteState
from ucc_participate.voting.purposes import PURPOSES, offered
from ucc_participate.voting.rules import METHODS, BallotKind


@pytest.fixture
def desk(app, perform, now, clock):
    """A coordinator's browser on the day of announcing, with process and proposals."""
    process, proposals = voting_process(perform, now)
    clock.at = day(now, ANNOUNCED_ON)
    return staff_browser(app, perform, Role.COORDINATOR, now=clock.at), process, proposals


def new(process, purpose=""):
    return f"/staff/processes/{process.public_id}/votes/new" + (f"?purpose={purpose}" if purpose else "")


def typed(proposals, now, **changes):
    fields = {
        "purpose": "law",
        "title-en": "Which ideas first?",
        "franchise": "individual",
        "shortlist": [each.public_id for each in proposals],
        "ballot": "approval",
        "max_choices": "2",
        "method": "greedy",
        "budget": "9,000,000,000",
        "tie": "option_order",
        "decides": "person",
        **moment("opens_at", day(now, OPENS_ON)),
        **moment("closes_at", day(now, CLOSES_ON)),
    }
    return fields | changes


def announced(read, process):
    return read(lambda session: queries.list_votes(session, process))


def test_every_purpose_that_is_offered_has_a_page_with_its_own_counts(desk):
    browser, process, _proposals = desk
    choice = browser.get(new(process)).text
    for purpose in offered():
        assert f"purpose={purpose.id}" in choice
        page = browser.get(new(process, purpose.id))
        assert page.status_code == 200
        for method in purpose.offered_methods():
            assert f'value="{method}"' in page.text


def test_every_ballot_and_count_of_every_purpose_can_be_announced_as_the_form_begins(desk, now):
    browser, process, proposals = desk
    refused = {}
    for purpose in offered():
        begins = {name: value for name, value in purpose.begins_with().items() if value not in (None, False)}
        for method in purpose.offered_methods():
            for ballot in set(purpose.offered_ballots()) & METHODS[method].ballots:
                if (method, ballot) == ("votes", "knapsack"):
                    continue  # baskets need a budget, and a count by votes refuses one: the form says so
                sent = typed(proposals, now, send="preview") | begins | {"purpose": purpose.id, "method": method}
                sent |= {"ballot": ballot, "winners": "1", "sum_points": "10", "max_points": "5"}
                has_places = method in ("phragmen", "equal_shares") and purpose.id in ("rank", "committee")
                answer = browser.post(new(process), data=sent | {"budget": "" if has_places else sent["budget"]})
                if answer.status_code != 200 or "This is how voters" not in answer.text:
                    errors = re.findall(r'class="error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
                    refused[purpose.id, method, str(ballot)] = [re.sub("<[^>]+>", "", each) for each in errors]
    assert refused == {}


def test_every_way_of_counting_and_every_ballot_has_words():
    assert METHODS.keys() <= rule_words.METHODS.keys()
    assert METHODS.keys() <= rule_words.COUNTED.keys()
    assert METHODS.keys() <= set(PURPOSES["other"].methods)
    assert set(BallotKind) == set(rule_words.BALLOTS)


def test_voters_words_are_seen_before_anything_is_sealed(desk, read, now):
    browser, process, proposals = desk
    looked = browser.post(new(process), data=typed(proposals, now, send="preview"))
    assert looked.status_code == 200
    assert "This is how voters will read the rules" in looked.text
    assert "Options are taken from the most votes downwards" in looked.text
    assert announced(read, process) == []


def test_what_was_changed_after_the_look_is_looked_at_again(desk, read, now):
    browser, process, proposals = desk
    looked = browser.post(new(process), data=typed(proposals, now, send="preview")).text
    [seen] = re.findall(r'name="seen" value="([0-9a-f]{64})"', looked)
    changed = typed(proposals, now, send="announce", seen=seen, budget="8,000,000,000")
    again = browser.post(new(process), data=changed)
    assert (again.status_code, announced(read, process)) == (200, [])
    done = browser.post(new(process), data=typed(proposals, now, send="announce", seen=seen))
    assert done.status_code == 303
    [vote] = announced(read, process)
    assert vote.rules["budget"] == 9_000_000_000


def test_parts_exclusions_limits_and_lot_become_rules(desk, read, now):
    browser, process, proposals = desk
    first, second, third = (str(each.number) for each in proposals)
    sent = typed(
        proposals,
        now,
        envelope_by="hand",
        envelope_lines=f"Old town; 4,000,000,000; {first}",
        exclusive=f"{second}، {third}",
        threshold="3",
        quorum="5",
        canvass_days="7",
        order="random",
        tie="lot",
        public_value="the lottery of 12 May",
    )
    assert send_announcement(browser, process, **sent).status_code == 303
    [vote] = announced(read, process)
    ids = [each.public_id for each in proposals]
    assert vote.rules["envelopes"] == [
        {
            "id": "part-1",
            "title": {"en": "Old town"},
            "options": ids[:1],
            "budget": 4_000_000_000,
            "winners": None,
            "reserve": False,
        }
    ]
    assert vote.rules["exclusive"] == [ids[1:]]
    assert (vote.rules["threshold"], vote.rules["quorum"], vote.rules["canvass_days"]) == (3, 5, 7)
    assert (vote.rules["order"], vote.rules["lot"]["public_value"]) == ("random", "the lottery of 12 May")
    page = browser.get(f"/p/{process.public_id}/votes/{vote.public_id}").text
    assert "“Old town” has" in page
    assert "of its own (1 option)" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"budget": "0"}, "Please change this first"),
        ({"budget": ""}, "Say how much money there is."),
        ({"budget": "5"}, "costs more than the whole budget"),
        ({"envelope_by": "hand", "envelope_lines": "Old town"}, "write name; amount; numbers"),
        ({"envelope_by": "hand", "envelope_lines": "Old town; much; 1"}, "is not an amount"),
        ({"envelope_by": "area"}, "Type the amount of at least one part"),
        ({"exclusive": "1, 77"}, "is not the number of a chosen proposal"),
        ({"min_choices": "3", "max_choices": "2"}, "Please change this first"),
    ],
)
def test_what_cannot_be_counted_is_said_at_its_field_and_nothing_typed_is_lost(desk, read, now, changes, words):
    browser, process, proposals = desk
    refused = browser.post(new(process), data=typed(proposals, now, send="preview", **changes))
    assert (refused.status_code, announced(read, process)) == (422, [])
    assert words in refused.text
    assert "Which ideas first?" in refused.text
    assert all(value in refused.text for value in changes.values())


@pytest.fixture
def vote(perform, now):
    """Open, with a lot; three people have voted."""
    people = residents(perform, 3, now=now)
    made = make_vote(perform, now, VoteState.OPEN, rules=BY_VOTES | {"tie": "lot"}, public_value="the lottery")
    cast_ballots = [cast(perform, made, actor, codes(made)[:1], now=day(now, OPENS_ON)) for _account, actor in people]
    return made, [ballot.commitment for ballot in cast_ballots]


def at(vote, what):
    return f"/p/{vote.process.public_id}/votes/{vote.public_id}/{what}"


def test_a_ballot_is_found_by_its_code_first_waiting_then_in_its_batch_then_in_its_line(
    client, perform, read, now, vote, clock
):
    made, (code, *_rest) = vote
    found = client.post(at(made, "find"), data={"code": f" {code.upper()} "})
    assert "waits for its batch" in found.text
    assert found.headers["Cache-Control"] == "no-store"
    change(perform, made, operations.batch_ballots, now=day(now, OPENS_ON), least=1)
    receipt = (io.BytesIO(json.dumps({"ballot": {"commitment": code}}).encode()), "receipt.json")
    by_file = client.post(at(made, "find"), data={"receipt": receipt}, content_type="multipart/form-data").text
    assert ("The log holds your ballot, sealed" in by_file) or ("waits for its batch" in by_file)
    clock.at = day(now, CLOSES_ON)
    change(perform, made, operations.close_vote, now=clock.at)
    closed = client.post(at(made, "find"), data={"code": code}).text
    assert "The log holds your ballot, sealed" in closed
    assert "Your ballot was counted" not in closed
    change(perform, made, operations.draw_lot, now=clock.at, public_value="7")
    counted = client.post(at(made, "find"), data={"code": code}).text
    assert "Your ballot was counted" in counted
    assert made.options[0].title in counted


def test_a_wrong_code_is_told_from_an_unknown_one(client, vote):
    made, _codes = vote
    assert client.post(at(made, "find"), data={"code": "abc"}).status_code == 422
    assert "No ballot has this code" in client.post(at(made, "find"), data={"code": "0" * 64}).text


def test_the_lot_is_shown_step_by_step_only_after_the_draw(client, app, perform, read, now, vote, clock):
    made, _codes = vote
    secret = read(lambda session: queries.lot_secret(session, made)).hex()
    before = client.get(at(made, "lot")).text
    assert "Not drawn yet" in before
    assert secret not in before
    clock.at = day(now, CLOSES_ON)
    change(perform, made, operations.close_vote, now=clock.at)
    browser = staff_browser(app, perform, Role.COORDINATOR, now=clock.at)
    draw = f"/staff/processes/{made.process.public_id}/votes/{made.public_id}/draw"
    assert "not counted yet" in client.get(at(made, "")[:-1]).text
    unchecked = browser.post(draw, data={"public_value": "7 14 21"})
    assert (unchecked.status_code, reload(read, made).result) == (422, None)
    assert "7 14 21" in unchecked.text
    assert browser.post(draw, data={"public_value": "7 14 21", "is_checked": "y"}).status_code == 303
    after = client.get(at(made, "lot")).text
    assert secret in after.replace("<wbr>", "")
    assert "shasum -a 256" in after


def test_the_roll_in_numbers_tells_of_changes_with_their_reasons(client, perform, now, vote):
    made, _codes = vote
    late, _actor = person(perform, "Late", now=now)
    change(perform, made, operations.extend_roll, late, now=day(now, OPENS_ON), reason="The counter was closed.")
    page = client.get(at(made, "roll")).text
    assert "The counter was closed." in page
    assert "Somebody was added" in page
    assert late.email not in page
