"""Ballots of every kind: what is taken, what is refused and in which words, drafts, two phones, orders of one's own."""

from __future__ import annotations

import hashlib
import io
import threading

import pytest
from sqlalchemy import func, select

from tests.processes.making import day, invite_every_sector
from tests.stakeholders.making import make_account, make_delegate, sign_in, staff_browser
from tests.voting.making import (
    BY_VOTES,
    CLOSES_ON,
    GREEDY,
    OPENS_ON,
    announce,
    cast_openly,
    change,
    codes,
    delegate,
    make_open_vote_of_organisations,
    make_vote,
    reload,
    result_of,
    voting_process,
)
from ucc_participate.accounts.models import Account
from ucc_participate.audit import canonical, commitments
from ucc_participate.audit.models import LogEntry
from ucc_participate.documents.queries import documents_of
from ucc_participate.kernel.db import perform as through_the_door
from ucc_participate.kernel.errors import Forbidden, Invalid
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.voting import marking, operations, ordering, packing, queries
from ucc_participate.voting.models import Ballot, BallotDraft, BallotLink, Franchise, RollEntry, VoteState
from ucc_participate.voting.packing import Marks

RANKED = {**BY_VOTES, "ballot": "ranked", "max_choices": 3}
SCORE = {**BY_VOTES, "ballot": "score", "max_choices": None, "max_points": 5}
POINTS = {**BY_VOTES, "ballot": "cumulative", "max_choices": None, "sum_points": 10, "max_points": 6}
YESNO = {**BY_VOTES, "ballot": "yesno", "max_choices": None}
KNAPSACK = {**GREEDY, "ballot": "knapsack"}
KEY = "abcdefghijklmnopqrstuv"


@pytest.fixture
def sara(perform, now):
    return make_account(perform, "sara@city.example", now=now, name="Sara")


@pytest.fixture
def vote_by(perform, now, clock, sara):
    """``vote_by(rules)``: an open vote by these rules on whose roll Sara stands; the clock is a day into it."""

    def make(rules):
        made = make_vote(perform, now, VoteState.OPEN, rules=rules)
        clock.at = day(now, OPENS_ON + 1)
        return made

    return make


@pytest.fixture
def hers(app, sara, clock):
    return lambda: sign_in(app, sara, now=clock.now())


def home(vote):
    return f"/p/{vote.process.public_id}/votes/{vote.public_id}"


def marked(vote, *marks):
    """The fields of the options in ballot order; None: left out."""
    return {f"mark-{code}": str(mark) for code, mark in zip(codes(vote), marks, strict=False) if mark is not None}


def send(browser, vote, data, what="", key=KEY):
    return browser.post(f"{home(vote)}/ballot{what}", data={"idempotency_key": key} | data)


def counted(read, vote):
    return [packing.marks_of(vote, packed) for packed, _ in read(lambda s: queries.counted_ballots(s, vote))]


def drafts(read):
    return read(lambda session: session.scalar(select(func.count()).select_from(BallotDraft)))


@pytest.mark.parametrize(
    ("rules", "marks", "order", "points"),
    [
        (RANKED, (2, None, 1), (2, 0), None),
        (SCORE, (5, 0, None), (0, 1), (5, 0)),
        (POINTS, (6, None, "۴"), (0, 2), (6, 4)),
        (YESNO, (1, 0, None), (0, 1), (1, 0)),
    ],
)
def test_a_ballot_of_each_kind_is_cast_and_opens_its_commitment(read, vote_by, hers, rules, marks, order, points):
    vote = vote_by(rules)
    browser = hers()
    assert send(browser, vote, marked(vote, *marks)).status_code == 303
    said = Marks(tuple(codes(vote)[at] for at in order), points)
    assert counted(read, vote) == [said]
    ballot = read(lambda session: session.scalars(select(Ballot)).one())
    assert ballot.commitment == commitments.ballot(ballot.salt, vote.ref, said.codes, points=points)
    assert browser.get(f"{home(vote)}/receipt").status_code == 200
    page = browser.get(home(vote))
    assert page.status_code == 200
    assert "Your ballot counts" in page.text


@pytest.mark.parametrize(
    ("rules", "marks", "words"),
    [
        (RANKED, (1, 1, None), "both have place 1. Give each a place of its own."),
        (RANKED, (1, 3, None), "No option has place 2, but one has place 3. Close the gap."),
        (RANKED, (0, None, None), "No option has place 1"),
        (RANKED, ("first", None, None), "write a whole number"),
        (RANKED, ("-1", None, None), "write a whole number"),
        (SCORE, (6, None, None), "cannot get 6 points: give from 0 to 5"),
        (SCORE, ("99999999", None, None), "write a whole number"),
        (POINTS, (6, 5, None), "You gave 11 points and have 10. Take 1 away."),
        (POINTS, (7, None, None), "cannot get 7 points: give from 1 to 6"),
        (YESNO, (2, None, None), "cannot get 2 points"),
    ],
)
def test_what_the_rules_do_not_allow_is_refused_in_words_and_stays_on_the_page(
    read, vote_by, hers, rules, marks, words
):
    vote = vote_by(rules)
    refused = send(hers(), vote, marked(vote, *marks))
    assert refused.status_code == 422
    assert words in refused.text
    assert str(marks[0])[:7] in refused.text
    assert counted(read, vote) == []


def test_unknown_and_repeated_options_are_refused_by_every_kind(read, vote_by, hers):
    vote = vote_by(POINTS)
    browser, first = hers(), codes(vote)[0]
    strange = send(browser, vote, {"mark-nobody": "3", f"mark-{first}": "2"})
    twice = send(browser, vote, {f"mark-{first}": ["2", "3"]})
    assert [strange.status_code, twice.status_code] == [422, 422]
    assert "names an option that is not on it" in strange.text
    assert counted(read, vote) == []


def test_a_basket_may_cost_what_there_is_and_no_more(read, vote_by, hers):
    vote = vote_by({**KNAPSACK, "budget": 2_500_000_000})
    browser = hers()
    refused = send(browser, vote, {"choices": codes(vote)[:2]})
    assert refused.status_code == 422
    assert "Leave out options for at least" in refused.text
    assert send(browser, vote, {"choices": []}).status_code == 303
    assert counted(read, vote) == [Marks(())]


@pytest.mark.parametrize("rules", [RANKED, SCORE, POINTS, YESNO, KNAPSACK])
def test_nothing_marked_is_a_blank_ballot_of_every_kind(read, vote_by, hers, rules):
    vote = vote_by(rules)
    assert send(hers(), vote, {}).status_code == 303
    assert [each.codes for each in counted(read, vote)] == [()]


def test_points_that_are_none_name_nothing_and_nobody_gets_them_without_their_kind(vote_by):
    vote = vote_by(POINTS)
    first, second = codes(vote)[:2]
    assert marking.marks(vote, {first: "0", second: "3"}) == Marks((second,), (3,))
    with pytest.raises(Invalid):
        packing.pack_choices(vote, [first])
    with pytest.raises(Invalid):
        packing.pack_choices(vote, [first], [1, 2])


def test_buttons_order_and_count_without_scripts(read, vote_by, hers):
    vote = vote_by(RANKED)
    browser, (first, second, third) = hers(), codes(vote)
    stamp = ""
    marks: dict[str, str] = {}
    for act, order in [
        (f"add:{second}", [second]),
        (f"add:{third}", [second, third]),
        (f"up:{third}", [third, second]),
        (f"add:{first}", [third, second, first]),
        (f"remove:{second}", [third, first]),
        (f"down:{third}", [first, third]),
    ]:
        sent = {f"mark-{code}": place for code, place in marks.items()}
        answer = send(browser, vote, {**sent, "act": act, "based_on": stamp}, "/draft")
        assert answer.status_code == 303
        draft = read(lambda session: session.scalars(select(BallotDraft)).one())
        stamp, marks = draft.stamp, draft.typed
        assert marking.ranking(vote, marks) == order
    assert counted(read, vote) == []


def test_a_draft_is_shown_again_says_that_it_is_not_counted_and_goes_when_it_is_cast(app, read, vote_by, hers, sara):
    vote = vote_by(POINTS)
    phone, other = hers(), hers()
    entries = read(lambda session: session.scalar(select(func.count()).select_from(LogEntry)))
    data = marked(vote, 3, 1)
    stamp = phone.post(
        f"{home(vote)}/ballot/draft", data=data | {"based_on": ""}, headers={"Accept": "application/json"}
    ).json["stamp"]
    page = other.get(home(vote)).text
    assert "Your draft is not counted yet" in page
    assert f'value="{stamp}"' in page
    assert 'value="3"' in page
    elsewhere = other.get(f"/p/{vote.process.public_id}/proposals/").text
    assert "Not counted yet: your draft in" in elsewhere
    assert read(lambda session: session.scalar(select(func.count()).select_from(LogEntry))) == entries
    assert send(other, vote, data).status_code == 303
    assert drafts(read) == 0
    assert "Counted: your ballot in" in other.get(f"/p/{vote.process.public_id}/proposals/").text


def test_two_phones_do_not_write_over_each_other_and_nothing_typed_is_lost(read, vote_by, hers):
    vote = vote_by(POINTS)
    one, two = hers(), hers()
    assert send(one, vote, marked(vote, 3) | {"based_on": ""}, "/draft").status_code == 303
    late = send(two, vote, marked(vote, 5) | {"based_on": ""}, "/draft")
    assert late.status_code == 409
    assert "Changed on another device" in late.text
    assert 'value="5"' in late.text
    stamp = read(lambda session: session.scalars(select(BallotDraft)).one()).stamp
    assert send(two, vote, marked(vote, 5) | {"based_on": stamp}, "/draft").status_code == 303
    assert read(lambda session: session.scalars(select(BallotDraft)).one()).typed == {codes(vote)[0]: "5"}


def test_no_draft_survives_the_closing(perform, read, vote_by, hers, now, clock):
    vote = vote_by(SCORE)
    send(hers(), vote, marked(vote, 3) | {"based_on": ""}, "/draft")
    assert drafts(read) == 1
    clock.at = day(now, CLOSES_ON)
    browser = hers()
    assert send(browser, vote, marked(vote, 4) | {"based_on": ""}, "/draft").status_code == 409
    change(perform, vote, operations.close_vote, now=clock.now())
    assert drafts(read) == 0
    late = send(browser, vote, marked(vote, 4))
    assert late.status_code == 409
    assert "4 points" in late.text or ": <strong>4" in late.text
    assert result_of(read, vote)["ballots"] == 0


def test_strangers_and_closed_accounts_keep_no_draft_and_cast_nothing(app, perform, read, vote_by, sara, clock):
    vote = vote_by(RANKED)
    late = sign_in(app, make_account(perform, "late@city.example", now=clock.now()), now=clock.now())
    assert send(late, vote, marked(vote, 1)).status_code == 403
    assert send(late, vote, marked(vote, 1) | {"based_on": ""}, "/draft").status_code == 403
    with app.app_context():
        hers = Actor(f"account:{sara.id}", sara.id, frozenset({Role.RESIDENT}), frozenset(), "Sara")

        def cast(session):
            session.get_one(Account, sara.id).is_active = False
            found = queries.vote_to_cast_in(session, vote.public_id)
            operations.cast_ballot(
                session, found, actor=hers, now=clock.now(), choices=codes(vote)[:1], idempotency_key=KEY
            )

        with pytest.raises(Forbidden):
            through_the_door(cast)
    assert (counted(read, vote), drafts(read)) == ([], 0)


def test_one_form_sent_from_two_phones_at_once_is_one_ballot(app, read, vote_by, hers):
    vote = vote_by(POINTS)
    browsers = [hers() for _ in range(4)]
    start = threading.Barrier(len(browsers))
    answers = []

    def cast(browser):
        start.wait()
        answers.append(send(browser, vote, marked(vote, 4, 2)).status_code)

    threads = [threading.Thread(target=cast, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 4
    assert counted(read, vote) == [Marks(tuple(codes(vote)[:2]), (4, 2))]
    assert read(lambda session: session.scalar(select(func.count()).select_from(BallotLink))) == 1


def test_each_voter_has_an_order_that_can_be_worked_out_again(read, vote_by, hers, sara):
    vote = vote_by({**BY_VOTES, "order": "random"})
    slot = read(lambda session: session.scalars(select(RollEntry).where(RollEntry.account_id == sara.id)).one()).slot

    def key(code):
        told = canonical.dumps({"option": code, "slot": slot, "vote": vote.ref})
        return hashlib.sha256(b"ucc-o1\0" + told).digest()

    expected = sorted(codes(vote), key=key)
    page = hers().get(home(vote)).text
    assert sorted(expected, key=lambda code: page.index(f'data-option="{code}"')) == expected
    assert [option.code for option in ordering.options_for(vote, None)] == codes(vote)
    orders = {tuple(option.code for option in ordering.options_for(vote, at)) for at in range(1, 60)}
    assert len(orders) == 6
    assert "in an order of their own" in page


@pytest.mark.parametrize(("rules", "marks"), [(POINTS, (4, 2)), (RANKED, (2, 1))])
def test_two_delegates_agree_on_a_ballot_of_any_kind(app, perform, read, now, clock, entries, rules, marks):
    vote, organisations, delegates = make_open_vote_of_organisations(perform, now, quorum=2, rules=rules)
    second = make_account(perform, "second@city.example", now=now, name="Second")
    make_delegate(perform, organisations[0], second, now=now)
    first = read(lambda session: session.get_one(Account, delegates[0].account_id))
    clock.at = day(now, OPENS_ON + 1)
    chosen = organisations[0].public_id
    one, two = sign_in(app, first, now=clock.now()), sign_in(app, second, now=clock.now())
    assert send(one, vote, marked(vote, *marks) | {"organisation": chosen}).status_code == 303
    said = marking.marks(vote, dict(zip(codes(vote), map(str, marks), strict=False)))
    agreed = {"organisation": chosen, "choices": list(said.codes), "points": list(said.points or ())}
    assert send(two, vote, agreed, "/agree").status_code == 303
    ballots = read(lambda session: queries.open_ballots(session, vote))
    assert [packing.marks_of(vote, each.choices) for each in ballots] == [said]


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def test_a_signed_statement_is_sealed_until_the_closing_and_goes_with_its_ballot(
    app, perform, read, now, clock, entries
):
    vote, organisations, delegates = make_open_vote_of_organisations(perform, now, rules=POINTS)
    account = read(lambda session: session.get_one(Account, delegates[0].account_id))
    clock.at = day(now, OPENS_ON + 1)
    chosen, subject = organisations[0].public_id, f"{vote.ref}/{organisations[0].ref}"
    browser = sign_in(app, account, now=clock.now())

    def file():
        sent = {"organisation": chosen, f"{chosen}-statement": (io.BytesIO(PDF), "signed.pdf")}
        return browser.post(f"{home(vote)}/ballot/statement", data=sent, content_type="multipart/form-data").status_code

    def held():
        return read(lambda session: documents_of(session, subject))

    assert (file(), held()) == (409, [])
    send(browser, vote, marked(vote, 4, 2) | {"organisation": chosen})
    assert file() == 303
    (filed,) = held()
    assert (filed.is_public, filed.kind) == (False, "sealed")
    clerk = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    assert clerk.get(f"/documents/{filed.public_id}").status_code == 404
    assert entries(subject)[-1].type == "ballot.statement_filed"
    send(browser, vote, marked(vote, 1, 2) | {"organisation": chosen}, key="another_key_of_a_form_")
    assert held() == []
    assert file() == 303
    clock.at = day(now, CLOSES_ON)
    change(perform, vote, operations.close_vote, now=clock.now())
    (filed,) = held()
    assert filed.is_public
    assert f"/documents/{filed.public_id}" in clerk.get(f"{home(vote)}/organisations").text


def test_a_weight_counts_and_is_told(perform, read, now, clock, entries, drift):
    process, proposals = voting_process(perform, now)
    organisations = invite_every_sector(perform, process, now=now)
    actor = delegate(perform, organisations[0], "delegate@city.example", now=now)
    weights = {organisations[0].ref: 3}
    vote = announce(perform, process, proposals, start=now, franchise=Franchise.ORGANISATION, weights=weights)
    change(perform, vote, operations.open_vote, now=day(now, OPENS_ON))
    cast_openly(perform, vote, organisations[0], actor, codes(vote)[:1], now=day(now, OPENS_ON + 1))
    change(perform, vote, operations.close_vote, now=day(now, CLOSES_ON))
    result = result_of(read, vote)
    assert (result["ballots"], [line["votes"] for line in result["counts"]]) == (1, [3, 0, 0])
    assert entries(f"{vote.ref}/{organisations[0].ref}")[-1].payload["weight"] == 3
    assert drift() == []


def test_reminders_go_to_whoever_has_ticked_something_apart_from_those_who_have_not(
    read, vote_by, hers, now, clock, sara
):
    vote = vote_by(POINTS)
    send(hers(), vote, marked(vote, 3) | {"based_on": ""}, "/draft")
    clock.at = day(now, CLOSES_ON - 1)
    told = read(
        lambda session: {
            each.sentence: set(session.scalars(each.accounts)) for each in queries.closing_news(session, clock.now())
        }
    )
    assert told["vote_draft"] == {sara.id}
    assert sara.id not in told["vote"]
    assert len(told["vote"]) == (reload(read, vote).roll_size or 0) - 1
