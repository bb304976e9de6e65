"""Pages of votes: what a browser gets, with and without a sign-in, with good input and bad."""

from __future__ import annotations

import base64
import json
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select, update

from tests.processes.making import day
from tests.stakeholders.making import CITY, make_account, make_delegate, sign_in, staff_browser
from tests.voting.making import (
    ANNOUNCED_ON,
    BY_VOTES,
    CLOSES_ON,
    OPENS_ON,
    TITLES,
    cast,
    change,
    codes,
    make_open_vote_of_organisations,
    make_vote,
    reload,
    residents,
    voting_process,
)
from ucc_participate.audit import log
from ucc_participate.audit.extension import audit_log
from ucc_participate.kernel.db import db
from ucc_participate.kernel.identity import Role
from ucc_participate.record import exporting, verify
from ucc_participate.stakeholders import operations as register
from ucc_participate.stakeholders import queries as stakeholders
from ucc_participate.voting import operations, queries
from ucc_participate.voting.models import Ballot, Franchise, OpenBallot, VoteState
from ucc_participate.voting.rules import unpack

ZONE = ZoneInfo("Asia/Tehran")
KEY = "abcdefghijklmnopqrstuv"
TICKED = re.compile(r'<input type="(?:checkbox|radio)" name="choices" value="([^"]*)"[^>]* checked')


@pytest.fixture
def sara(perform, now):
    """Somebody with an account before any roll is frozen."""
    return make_account(perform, "sara@city.example", now=now, name="Sara")


@pytest.fixture
def vote(perform, now, sara):
    return make_vote(perform, now, VoteState.OPEN)


@pytest.fixture
def during(now, clock):
    clock.at = day(now, OPENS_ON + 1)
    return clock.at


@pytest.fixture
def hers(app, sara, vote, during):
    """Sara's browser while the vote is open."""
    return sign_in(app, sara, now=during)


@pytest.fixture
def desk(app, perform, now, clock):
    """The browser of a coordinator who signed up after the roll was frozen."""
    return lambda: staff_browser(app, perform, Role.COORDINATOR, now=clock.now())


def home(vote):
    return f"/p/{vote.process.public_id}/votes/{vote.public_id}"


def staff(vote, what=""):
    return f"/staff/processes/{vote.process.public_id}/votes/{vote.public_id}{what}"


def send(browser, vote, *choices, key=KEY, **more):
    return browser.post(f"{home(vote)}/ballot", data={"choices": list(choices), "idempotency_key": key} | more)


def counted(read, vote):
    """Choices of the ballots that count, as positions."""
    return [unpack(choices) for choices, _groups in read(lambda session: queries.counted_ballots(session, vote))]


def moment(name, when):
    """A moment as it is typed into the three inputs of a day and the one of a time, in the Gregorian calendar."""
    local = when.astimezone(ZONE)
    return {
        f"{name}-day": str(local.day),
        f"{name}-month": str(local.month),
        f"{name}-year": str(local.year),
        f"{name}-time": local.strftime("%H:%M"),
    }


# --- the page of an open vote


def test_a_visitor_reads_the_ballot_and_is_asked_to_sign_in(client, vote, during):
    page = client.get(home(vote))
    assert page.status_code == 200
    assert all(title in page.text for title in TITLES)
    assert "Sign in to vote" in page.text
    assert "Cast my ballot" not in page.text
    assert "Totals are sealed" in page.text


def test_who_is_on_the_roll_gets_the_ballot_and_their_slot(hers, read, vote, sara):
    page = hers.get(home(vote)).text
    slot = read(lambda session: queries.roll_entry_of(session, vote, account_id=sara.id)).slot
    assert "Cast my ballot" in page
    assert "Not counted yet" in page
    assert f"Your slot: {slot}" in page
    assert TICKED.findall(page) == []


def test_who_is_not_on_the_roll_is_told_so_and_cannot_cast(app, perform, read, vote, during):
    late = sign_in(app, make_account(perform, "late@city.example", now=during), now=during)
    page = late.get(home(vote)).text
    assert "You are not on the roll" in page
    assert "Cast my ballot" not in page
    refused = send(late, vote, codes(vote)[0])
    assert (refused.status_code, counted(read, vote)) == (403, [])
    assert "not on the roll" in refused.text


def test_a_visitor_who_casts_is_sent_to_sign_in(client, read, vote, during):
    refused = send(client, vote, codes(vote)[0])
    assert (refused.status_code, counted(read, vote)) == (303, [])
    assert "/sign-in" in refused.location


def test_an_announced_vote_says_when_it_opens_and_takes_nothing(app, perform, read, now, clock, sara):
    vote = make_vote(perform, now, VoteState.ANNOUNCED)
    clock.at = day(now, ANNOUNCED_ON)
    browser = sign_in(app, sara, now=clock.now())
    page = browser.get(home(vote)).text
    assert "It opens on" in page
    assert "Cast my ballot" not in page
    refused = send(browser, vote, codes(vote)[0])
    assert (refused.status_code, counted(read, vote)) == (409, [])


def test_a_vote_that_never_opened_says_so(client, perform, now, clock):
    vote = make_vote(perform, now, VoteState.ANNOUNCED)
    clock.at = day(now, CLOSES_ON)
    page = client.get(home(vote)).text
    assert "Never opened" in page
    assert "It opens on" not in page


def test_a_vote_whose_time_is_over_and_which_is_not_counted_yet_is_not_called_open(hers, vote, now, clock):
    clock.at = day(now, CLOSES_ON)
    page = hers.get(home(vote)).text
    assert "notice-open" not in page
    assert "being counted" in page
    assert "Cast my ballot" not in page


# --- casting


def test_casting_leads_to_the_receipt_and_the_page_says_that_it_counts(hers, read, vote):
    chosen = codes(vote)[:2]
    done = send(hers, vote, *chosen)
    assert (done.status_code, done.location) == (303, f"{home(vote)}/receipt")
    assert counted(read, vote) == [(0, 1)]
    receipt = hers.get(done.location).text
    [ballot] = read(lambda session: list(session.scalars(select(Ballot))))
    assert ballot.commitment in receipt.replace("<wbr>", "")
    assert "You can replace it until the vote closes." in receipt
    page = hers.get(home(vote)).text
    assert TICKED.findall(page) == chosen
    assert "Replace my ballot" in page
    assert "Not counted yet" not in page


def test_one_form_sent_twice_is_one_ballot(hers, read, vote, entries, sara):
    for _press in range(2):
        assert send(hers, vote, codes(vote)[0]).status_code == 303
    assert counted(read, vote) == [(0,)]
    entry = read(lambda session: queries.roll_entry_of(session, vote, account_id=sara.id))
    assert [told.type for told in entries(entry.slot_ref(vote))] == ["ballot.cast"]


def test_going_back_and_choosing_anew_in_the_same_form_replaces_the_ballot(hers, read, vote):
    send(hers, vote, codes(vote)[0])
    send(hers, vote, codes(vote)[2])
    assert counted(read, vote) == [(2,)]


def test_a_form_without_its_key_is_a_ballot_all_the_same(hers, read, vote):
    assert send(hers, vote, codes(vote)[0], key="").status_code == 303
    assert send(hers, vote, codes(vote)[1], key="x" * 5_000).status_code == 303
    assert counted(read, vote) == [(1,)]


def test_a_blank_ballot_is_a_ballot(hers, read, vote):
    done = send(hers, vote)
    assert done.status_code == 303
    assert counted(read, vote) == [()]
    assert "A blank ballot." in hers.get(done.location).text


def test_too_many_choices_keep_their_ticks_and_say_how_many_may_be(hers, read, vote):
    refused = send(hers, vote, *codes(vote))
    assert (refused.status_code, counted(read, vote)) == (422, [])
    assert "Choose 2 options at most" in refused.text
    assert TICKED.findall(refused.text) == codes(vote)
    assert "Ticked: 3. That is 1 too many." in refused.text


def test_an_unknown_option_is_refused_and_the_known_ones_keep_their_ticks(hers, read, vote):
    refused = send(hers, vote, codes(vote)[1], "<script>alert(1)</script>")
    assert (refused.status_code, counted(read, vote)) == (422, [])
    assert TICKED.findall(refused.text) == [codes(vote)[1]]
    assert "<script>alert" not in refused.text


def test_casting_after_the_closing_is_refused_with_the_reason_and_keeps_what_was_chosen(
    hers, read, perform, now, clock, vote
):
    clock.at = day(now, CLOSES_ON)
    chosen = codes(vote)[1:]
    for _before_and_after_the_count in range(2):
        refused = send(hers, vote, *chosen)
        assert refused.status_code == 409
        assert "This vote closed on" in refused.text
        kept = refused.text.split("This is what you had chosen:")[1].split("</ul>")[0]
        assert [title for title in TITLES if title in kept] == list(TITLES[1:])
        if reload(read, vote).status is VoteState.OPEN:
            change(perform, vote, operations.close_vote, now=clock.now())
    assert counted(read, vote) == []


def test_a_ballot_of_one_choice_has_an_own_line_for_none(app, perform, read, now, sara, during):
    vote = make_vote(perform, now, VoteState.OPEN, rules=BY_VOTES | {"ballot": "choose", "max_choices": 1})
    browser = sign_in(app, sara, now=during)
    assert 'type="radio" name="choices" value=""' in browser.get(home(vote)).text
    assert send(browser, vote, "").status_code == 303
    assert counted(read, vote) == [()]
    assert TICKED.findall(browser.get(home(vote)).text) == [""]


@pytest.mark.csrf
def test_a_ballot_from_another_site_is_refused(hers, read, vote):
    refused = send(hers, vote, codes(vote)[0])
    assert refused.status_code in (400, 403)
    assert counted(read, vote) == []


@pytest.mark.parametrize("what", ["", "/receipt", "/receipt.json", "/slots"])
def test_the_vote_of_another_process_is_not_found(hers, perform, now, vote, what):
    process, _proposals = voting_process(perform, now)
    assert hers.get(f"/p/{process.public_id}/votes/{vote.public_id}{what}").status_code == 404
    assert hers.get(f"/p/{vote.process.public_id}/votes/nosuchid{what}").status_code == 404


def test_a_ballot_sent_by_way_of_another_process_is_not_found(hers, perform, read, now, vote):
    process, _proposals = voting_process(perform, now)
    sent = hers.post(f"/p/{process.public_id}/votes/{vote.public_id}/ballot", data={"choices": codes(vote)[0]})
    assert (sent.status_code, counted(read, vote)) == (404, [])


# --- delegates


@pytest.fixture
def guilds(app, perform, now, during):
    """An open vote of organisations; the browser of somebody who speaks for two of them."""
    vote, organisations, _delegates = make_open_vote_of_organisations(perform, now)
    account = make_account(perform, "both@city.example", now=now, name="Both")
    for organisation in organisations[:2]:
        make_delegate(perform, organisation, account, now=now)
    return vote, organisations, account, sign_in(app, account, now=during)


def open_ballots(read):
    query = select(OpenBallot.organisation_id, OpenBallot.choices).order_by(OpenBallot.organisation_id)
    return {owner: unpack(choices) for owner, choices in read(lambda session: session.execute(query)).all()}


def test_a_delegate_casts_for_the_organisation_that_is_marked(guilds, read):
    vote, organisations, _account, browser = guilds
    page = browser.get(home(vote)).text
    assert all(each.name in page for each in organisations[:2])
    assert organisations[2].name not in page
    done = send(browser, vote, codes(vote)[1], organisation=organisations[1].public_id)
    assert (done.status_code, done.location) == (303, home(vote))
    assert open_ballots(read) == {organisations[1].id: (1,)}
    after = browser.get(home(vote)).text
    assert re.search(rf'value="{organisations[0].public_id}"[^>]* checked', after)
    assert TICKED.findall(after) == []
    assert "Its ballot is counted. You can replace it." in after
    assert "Not counted yet" in after


def test_a_refused_ballot_stays_with_its_organisation(guilds, read):
    vote, organisations, _account, browser = guilds
    refused = send(browser, vote, *codes(vote), organisation=organisations[1].public_id)
    assert (refused.status_code, open_ballots(read)) == (422, {})
    assert re.search(rf'value="{organisations[1].public_id}"[^>]* checked', refused.text)
    assert TICKED.findall(refused.text) == codes(vote)


@pytest.mark.parametrize("whose", ["another's", "unknown", "none"])
def test_a_delegate_casts_for_nobody_else(guilds, read, whose):
    vote, organisations, _account, browser = guilds
    named = {"another's": organisations[2].public_id, "unknown": "nosuchid", "none": ""}[whose]
    refused = send(browser, vote, codes(vote)[0], organisation=named)
    assert refused.status_code in (403, 404)
    assert open_ballots(read) == {}


def test_a_mandate_that_ended_or_was_withdrawn_gives_no_ballot(app, perform, read, now, during):
    vote, organisations, _delegates = make_open_vote_of_organisations(perform, now)
    expired = make_account(perform, "expired@city.example", now=now)
    make_delegate(perform, organisations[0], expired, now=now, ends_on=day(now, OPENS_ON).date())
    revoked = make_account(perform, "revoked@city.example", now=now)
    mandate = make_delegate(perform, organisations[0], revoked, now=now)

    def revoke(session):
        organisation = stakeholders.get_organisation(session, organisations[0].public_id)
        found = stakeholders.delegate_to_change(session, organisation, mandate.public_id)
        register.revoke_delegate(session, organisation, found, actor=CITY, now=day(now, 30))

    perform(revoke)
    for account in (expired, revoked):
        browser = sign_in(app, account, now=during)
        assert "Cast it for" not in browser.get(home(vote)).text
        assert send(browser, vote, codes(vote)[0], organisation=organisations[0].public_id).status_code == 403
    assert open_ballots(read) == {}


def test_a_delegate_who_comes_late_keeps_what_was_chosen(guilds, read, now, clock):
    vote, organisations, _account, browser = guilds
    clock.at = day(now, CLOSES_ON)
    refused = send(browser, vote, codes(vote)[2], organisation=organisations[0].public_id)
    assert refused.status_code == 409
    assert TITLES[2] in refused.text.split("This is what you had chosen:")[1].split("</ul>")[0]
    assert open_ballots(read) == {}


# --- receipts


def receipt_file(browser, vote):
    answer = browser.get(f"{home(vote)}/receipt.json")
    assert answer.status_code == 200
    return answer


def settle(app):
    """Let what waits get its place in the log (on PostgreSQL entries wait for the sequencer)."""
    with app.app_context():
        log.sequence(db.engine)


def exported(app, vote):
    with app.app_context():
        return exporting.export(vote.process.public_id).path, audit_log().signer.vkey


def test_the_receipt_opens_the_own_ballot_and_nobody_elses(app, hers, read, vote):
    send(hers, vote, codes(vote)[0])
    settle(app)
    answer = receipt_file(hers, vote)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    told: Any = json.loads(answer.text)
    [ballot] = read(lambda session: list(session.scalars(select(Ballot))))
    assert told["ballot"] == {
        "commitment": ballot.commitment,
        "salt": ballot.salt.hex(),
        "choices": codes(vote)[:1],
    }
    assert json.loads(base64.b64decode(told["entry"]))["type"] == "ballot.cast"


def test_there_is_no_receipt_without_a_ballot_nor_after_the_closing(app, hers, perform, vote, now, clock):
    assert hers.get(f"{home(vote)}/receipt").status_code == 404
    send(hers, vote, codes(vote)[0])
    clock.at = day(now, CLOSES_ON)
    change(perform, vote, operations.close_vote, now=clock.now())
    assert hers.get(f"{home(vote)}/receipt.json").status_code == 404
    assert hers.get(f"{home(vote)}/receipt").status_code in (404, 409)


def closed_with_receipt(app, hers, perform, now, clock, vote, tmp_path):
    """A vote that is over, and the file that its voter kept."""
    send(hers, vote, codes(vote)[0])
    send(hers, vote, *codes(vote)[:2], key="z" * 22)
    settle(app)
    kept = tmp_path / "receipt.json"
    kept.write_bytes(receipt_file(hers, vote).data)
    clock.at = day(now, CLOSES_ON)
    change(perform, vote, operations.close_vote, now=clock.now())
    return kept


def test_the_verifier_accepts_the_receipt_against_the_record(app, hers, perform, now, clock, vote, tmp_path):
    kept = closed_with_receipt(app, hers, perform, now, clock, vote, tmp_path)
    path, vkey = exported(app, vote)
    report = verify.verify(str(path), [vkey], [], [str(kept)])
    assert report.failed == []
    assert any("receipt" in text.lower() for text in report.proved)


def test_a_record_whose_ballot_was_altered_contradicts_the_receipt(app, hers, perform, now, clock, vote, tmp_path):
    kept = closed_with_receipt(app, hers, perform, now, clock, vote, tmp_path)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(update(Ballot).where(~Ballot.is_superseded).values(commitment="ab" * 32))
    path, vkey = exported(app, vote)
    report = verify.verify(str(path), [vkey], [], [str(kept)])
    assert any("receipt" in str(failure).lower() for failure in report.failed)


def test_a_receipt_that_was_altered_is_refused(app, hers, perform, now, clock, vote, tmp_path):
    kept = closed_with_receipt(app, hers, perform, now, clock, vote, tmp_path)
    told = json.loads(kept.read_text())
    told["ballot"]["choices"] = codes(vote)[2:]
    kept.write_text(json.dumps(told))
    path, vkey = exported(app, vote)
    assert verify.verify(str(path), [vkey], [], [str(kept)]).failed != []


# --- results


def test_the_result_is_sealed_until_the_vote_is_closed_and_public_then(client, perform, vote, now, clock, hers):
    send(hers, vote, codes(vote)[0])
    sealed = client.get(f"/api/v1/votes/{vote.public_id}/result.json")
    assert (sealed.status_code, sealed.json["status"]) == (409, 409)
    assert "counts" not in sealed.text
    clock.at = day(now, CLOSES_ON)
    change(perform, vote, operations.close_vote, now=clock.now())
    result = client.get(f"/api/v1/votes/{vote.public_id}/result.json")
    assert (result.status_code, result.json["winners"]) == (200, codes(vote)[:1])
    assert client.get("/api/v1/votes/nosuchid/result.json").status_code == 404
    page = client.get(home(vote)).text
    assert "Result" in page
    assert "1 vote" in page


def test_the_list_of_votes_names_state_and_turnout_and_no_total(client, perform, hers, vote):
    send(hers, vote, codes(vote)[0])
    page = client.get(f"/p/{vote.process.public_id}/votes").text
    assert "1 of 2 have voted" in page
    assert "ballots counted" not in page


def test_used_slots_are_public_and_paged(client, perform, read, now, during, monkeypatch):
    voters = [actor for _account, actor in residents(perform, 3, now=now)]
    vote = make_vote(perform, now, VoteState.OPEN)
    for actor in voters:
        cast(perform, vote, actor, codes(vote)[:1], now=during)
    used = read(lambda session: queries.used_slots(session, vote, limit=10))
    page = client.get(f"{home(vote)}/slots").text
    assert all(f"<code>{slot}</code>" in page for slot in used)
    rest = client.get(f"{home(vote)}/slots?after={used[1]}").text
    assert f"<code>{used[2]}</code>" in rest
    assert f"<code>{used[0]}</code>" not in rest
    assert client.get(f"{home(vote)}/slots?after=-5").status_code == 200
    assert client.get(f"{home(vote)}/slots?after=nonsense").status_code == 200


# --- the coordinators' desk


@pytest.fixture
def announcing(perform, now, clock):
    """A process in which a vote may be announced now, and its proposals."""
    process, proposals = voting_process(perform, now)
    clock.at = day(now, ANNOUNCED_ON)
    return process, proposals


def typed(process, proposals, now, **changes):
    fields = {
        "purpose": "other",
        "title-en": "Which ideas first?",
        "franchise": "individual",
        "ballot": "approval",
        "method": "votes",
        "max_choices": "2",
        "winners": "1",
        "tie": "option_order",
        "shortlist": [each.public_id for each in proposals[:2]],
        **moment("opens_at", day(now, OPENS_ON)),
        **moment("closes_at", day(now, CLOSES_ON)),
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def new(process):
    return f"/staff/processes/{process.public_id}/votes/new"


def send_announcement(browser, process, **sent):
    """As a coordinator does: look at what voters will read, then announce it."""
    looked = browser.post(new(process), data={**sent, "send": "preview"})
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', looked.text)
    if seen is None:
        return looked
    return browser.post(new(process), data={**sent, "send": "announce", "seen": seen[1]})


def votes_of(read, process):
    return read(lambda session: queries.list_votes(session, process))


def test_a_coordinator_announces_a_vote(desk, read, announcing, now):
    process, proposals = announcing
    browser = desk()
    assert "Fund projects from a budget" in browser.get(new(process)).text
    page = browser.get(f"{new(process)}?purpose=law")
    assert page.status_code == 200
    assert all(title in page.text for title in TITLES)
    done = send_announcement(browser, process, **typed(process, proposals, now))
    [vote] = votes_of(read, process)
    assert (done.status_code, done.location) == (303, f"/p/{process.public_id}/votes/{vote.public_id}")
    assert (vote.opens_at, vote.closes_at) == (day(now, OPENS_ON), day(now, CLOSES_ON))
    assert (vote.franchise, vote.rules["winners"], vote.rules["budget"]) == (Franchise.INDIVIDUAL, 1, None)
    assert [option.title for option in vote.options] == list(TITLES[:2])


def test_a_coordinator_announces_a_vote_within_a_budget(desk, read, announcing, now):
    process, proposals = announcing
    changes = {"method": "greedy", "winners": "", "budget": "3,000,000,000", "franchise": "organisation"}
    assert send_announcement(desk(), process, **typed(process, proposals, now, **changes)).status_code == 303
    [vote] = votes_of(read, process)
    assert (vote.franchise, vote.rules["method"], vote.rules["budget"]) == (
        Franchise.ORGANISATION,
        "greedy",
        3_000_000_000,
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title-en": ""}, "Please change this first"),
        ({"shortlist": None}, "Please change this first"),
        ({"max_choices": "many"}, "Please change this first"),
        ({"winners": ""}, "Please change this first"),
        ({"winners": "3"}, "There are fewer options than winners."),
        ({"method": "greedy", "budget": ""}, "Please change this first"),
        ({"opens_at-month": "13"}, "Please change this first"),
        ({"franchise": "everybody"}, "Please change this first"),
        ({"franchise": ""}, "Please change this first"),
        ({"method": ""}, "Please change this first"),
        ({"tie": ""}, "Please change this first"),
    ],
)
def test_a_faulty_announcement_keeps_what_was_typed(desk, read, announcing, now, changes, words):
    process, proposals = announcing
    refused = send_announcement(
        desk(), process, **typed(process, proposals, now, **({"title-en": "Kept title"} | changes))
    )
    assert (refused.status_code, votes_of(read, process)) == (422, [])
    assert words in refused.text
    assert ("Kept title" in refused.text) == ("title-en" not in changes)
    ticked = re.findall(
        r'name="shortlist"[^>]*value="([^"]+)"', re.sub(r"<input(?![^>]*checked)[^>]*>", "", refused.text)
    )
    assert len(ticked) == (0 if "shortlist" in changes else 2)


@pytest.mark.parametrize(("opens", "closes"), [(OPENS_ON, OPENS_ON - 0.5), (OPENS_ON, 45), (1, 2)])
def test_times_outside_the_phase_are_refused_at_their_field(desk, read, announcing, now, opens, closes):
    process, proposals = announcing
    times = {**moment("opens_at", day(now, opens)), **moment("closes_at", day(now, closes))}
    refused = send_announcement(desk(), process, **typed(process, proposals, now, **times))
    assert (refused.status_code, votes_of(read, process)) == (422, [])
    assert "Which ideas first?" in refused.text


def test_what_cannot_be_chosen_is_not_put_on_a_ballot(desk, read, announcing, perform, now):
    process, proposals = announcing
    _other, strangers = voting_process(perform, now)
    shortlist = [proposals[0].public_id, strangers[0].public_id]
    refused = send_announcement(desk(), process, **typed(process, proposals, now, shortlist=shortlist))
    assert (refused.status_code, votes_of(read, process)) == (422, [])


@pytest.mark.parametrize("role", [Role.CLERK, Role.MODERATOR, Role.EVALUATOR])
def test_the_desk_is_for_coordinators(app, perform, vote, during, role):
    browser = staff_browser(app, perform, role, now=during)
    assert browser.get(new(vote.process)).status_code == 403
    assert browser.get(staff(vote, "/extend")).status_code == 403
    assert browser.get(staff(vote, "/roll")).status_code == 403
    assert browser.post(staff(vote, "/open")).status_code == 403
    assert browser.post(staff(vote, "/close")).status_code == 403
    page = browser.get(home(vote)).text
    assert "Extend the vote" not in page


def test_a_coordinator_opens_and_closes_at_their_times(desk, perform, read, now, clock, sara):
    vote = make_vote(perform, now, VoteState.ANNOUNCED)
    clock.at = day(now, OPENS_ON - 1)
    browser = desk()
    early = browser.post(staff(vote, "/open"))
    assert (early.status_code, reload(read, vote).status) == (409, VoteState.ANNOUNCED)
    assert "Open the vote now" not in browser.get(home(vote)).text
    clock.at = day(now, OPENS_ON)
    assert "Open the vote now" in browser.get(home(vote)).text
    assert browser.post(staff(vote, "/open")).status_code == 303
    assert reload(read, vote).status is VoteState.OPEN
    assert browser.post(staff(vote, "/close")).status_code == 409
    clock.at = day(now, CLOSES_ON)
    assert "Close and count the vote" in browser.get(home(vote)).text
    assert browser.post(staff(vote, "/close")).status_code == 303
    assert reload(read, vote).status is VoteState.CLOSED


def test_a_coordinator_extends_a_vote_and_is_told_what_cannot_be(desk, read, vote, now, during):
    browser = desk()
    assert browser.get(staff(vote, "/extend")).status_code == 200
    for wrong in (day(now, CLOSES_ON - 1), day(now, 44)):
        refused = browser.post(staff(vote, "/extend"), data=moment("closes_at", wrong))
        assert (refused.status_code, reload(read, vote).closes_at) == (422, day(now, CLOSES_ON))
        assert f'value="{wrong.astimezone(ZONE).day}"' in refused.text
    nothing = browser.post(staff(vote, "/extend"), data={})
    assert nothing.status_code == 422
    assert browser.post(staff(vote, "/extend"), data=moment("closes_at", day(now, 41))).status_code == 303
    assert reload(read, vote).closes_at == day(now, 41)


def test_a_coordinator_adds_somebody_to_the_roll_and_mistakes_keep_the_reason(desk, perform, read, vote, sara, during):
    late = make_account(perform, "late@city.example", now=during)
    browser = desk()
    reason = "The counter was closed on that day."
    for email in ("nobody@city.example", "", "sara@city.example"):
        refused = browser.post(staff(vote, "/roll"), data={"email": email, "reason": reason})
        assert refused.status_code == 422
        assert reason in refused.text
    short = browser.post(staff(vote, "/roll"), data={"email": "late@city.example", "reason": "Why"})
    assert short.status_code == 422
    assert "late@city.example" in short.text
    added = browser.post(staff(vote, "/roll"), data={"email": " Late@City.example ", "reason": reason})
    assert added.status_code == 303
    entry = read(lambda session: queries.roll_entry_of(session, vote, account_id=late.id))
    assert entry.slot == 3


def test_the_roll_of_organisations_has_no_such_page(desk, perform, now, during):
    vote, _organisations, _delegates = make_open_vote_of_organisations(perform, now)
    browser = desk()
    assert browser.get(staff(vote, "/roll")).status_code == 409
    page = browser.get(home(vote)).text
    assert "Add somebody to the roll" not in page
    assert "Extend the vote" in page


@pytest.mark.parametrize("what", ["/open", "/close", "/extend", "/roll"])
def test_the_desk_finds_no_vote_of_another_process(desk, perform, now, vote, during, what):
    process, _proposals = voting_process(perform, now)
    address = f"/staff/processes/{process.public_id}/votes/{vote.public_id}{what}"
    assert desk().post(address, data={}).status_code == 404


# --- costs


@pytest.fixture
def statements(app):
    """Everything that is sent to the database."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "ROLLBACK")):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_the_page_of_a_vote_costs_as_many_queries_however_many_have_voted(hers, perform, now, vote, statements, during):
    def cost(browser, address):
        statements.clear()
        assert browser.get(address).status_code == 200
        return len(statements)

    pages = [home(vote), f"{home(vote)}/slots", f"/p/{vote.process.public_id}/votes"]
    send(hers, vote, codes(vote)[0])
    few = [cost(hers, address) for address in pages]
    for account, actor in residents(perform, 5, now=during):
        change(perform, vote, operations.extend_roll, account, now=during, reason="The counter was closed.")
        cast(perform, vote, actor, codes(vote)[:2], now=during)
    many = [cost(hers, address) for address in pages]
    assert few == many
    assert max(many) <= 21


def test_the_ballot_can_be_read_on_paper_and_says_that_the_paper_is_not_counted(client, perform, now, vote):
    of_organisations, _organisations, _delegates = make_open_vote_of_organisations(perform, now)
    for each in (vote, of_organisations):
        at = f"/p/{each.process.public_id}/votes/{each.public_id}"
        assert f'href="{at}/sheet"' in client.get(at).text
        page = client.get(f"{at}/sheet").text
        assert all(page.count(option.title) == 1 for option in each.options)
        assert "This sheet is not counted" in page
        assert ("Delegates who want this" in page) is (each is of_organisations)
        assert "<svg" in page
        assert "<form" not in page[page.index("paper-form") :].partition("</main>")[0]
