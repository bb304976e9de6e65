"""Answers in a batch and the public clock: own words for everybody, one unit of work each, nothing overdue hidden."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.accounts.making import make_account, sign_in
from tests.processes.making import day
from tests.proposals.making import REASON, answer, official, proposing_process, reload, submit
from tests.stakeholders.making import acting
from ucc_participate.kernel.errors import Invalid
from ucc_participate.kernel.identity import Role
from ucc_participate.notifications.models import OutboxMessage
from ucc_participate.proposals import queries
from ucc_participate.proposals.batches import require_own_words, rows_of
from ucc_participate.proposals.models import Outcome, ProposalKind, ProposalState

COMMON = "The council has spoken about all of these on the third of May."
OWN = "For the weavers there is a room from October on, in the old customs house."
OTHER = "For the potters no room was found yet; the office looks on and writes in June."


def common_rows(*typed, common=""):
    return rows_of(common, {number: (Outcome.ADOPTED, words) for number, words in typed})


def test_each_answer_has_words_of_its_own_after_what_is_said_to_all():
    first, second = common_rows((1, OWN), (2, OTHER), common=COMMON)
    assert first.reason == f"{COMMON}\n\n{OWN}"
    assert (second.number, second.own) == (2, OTHER)


@pytest.mark.parametrize("own", ["", "   ", "No money."])
def test_what_is_said_to_all_is_no_answer(own):
    with pytest.raises(Invalid) as refusal:
        common_rows((1, OWN), (7, own), common=COMMON)
    assert refusal.value.field == "reason_7"


def test_a_reason_that_is_too_long_with_the_common_words_is_refused_at_its_row():
    with pytest.raises(Invalid) as refusal:
        common_rows((3, "b" * 2_100), common="a" * 2_000)
    assert refusal.value.field == "reason_3"


def test_merging_is_no_answer_that_can_be_typed():
    with pytest.raises(Invalid):
        rows_of("", {1: (Outcome.MERGED, OWN)})


def test_the_same_reason_is_refused_from_the_third_time_on():
    require_own_words(common_rows((1, OWN), (2, OWN)), {})
    with pytest.raises(Invalid) as refusal:
        require_own_words(common_rows((1, OWN), (2, OWN), (3, OWN.upper())), {})
    assert refusal.value.field == "reason_3"
    with pytest.raises(Invalid):
        require_own_words(common_rows((4, OWN)), {OWN: 2})


@pytest.fixture
def process(perform, now, clock):
    made, then = proposing_process(perform, now)
    clock.at = then
    return made


@pytest.fixture
def sara(perform, now):
    return make_account(perform, "sara@city.example", now=now, display_name="Sara")


@pytest.fixture
def sent(perform, process, sara, clock):
    titles = ("Evening workshops for weavers", "Evening workshops for potters", "Evening workshops for all")
    return [submit(perform, process, acting(sara), now=clock.now(), title=title) for title in titles]


def coordinator(app, perform, clock, now, name):
    facts = {"display_name": name, "function": "Head of culture", "roles": (Role.COORDINATOR,)}
    return sign_in(app, make_account(perform, f"{name.lower()}@city.example", now=now, **facts), now=clock.now())


@pytest.fixture
def desk(app, perform, clock, now, process):
    return coordinator(app, perform, clock, now, "Leila")


@pytest.fixture
def home(process):
    return f"/staff/processes/{process.public_id}/answers/several"


def typed(*rows, common="", give=False):
    data = {"n": [number for number, _outcome, _words in rows], "common": common}
    for number, outcome, words in rows:
        data |= {f"outcome_{number}": outcome, f"reason_{number}": words}
    return data | ({"give": "1"} if give else {})


def states(read, sent):
    return [reload(read, each).status for each in sent]


def test_nothing_is_published_before_somebody_has_looked_whom_it_touches(desk, home, read, sent):
    assert desk.get(home).text.count("<fieldset") == 3
    page = desk.post(home, data=typed((1, "adopted", OWN), (2, "not_adopted", OTHER), (3, "", "")))
    assert page.status_code == 200
    assert "2 answers would be published" in page.text
    assert states(read, sent) == [ProposalState.SUBMITTED] * 3


def test_the_box_of_a_reason_is_folded_until_something_is_in_it(desk, home, sent):
    closed, opened = "<details><summary>Write the reason", "<details open><summary>Write the reason"
    page = desk.get(home).text
    assert (page.count(closed), page.count(opened)) == (3, 0)
    short = typed((1, "adopted", ""), (2, "", OTHER), (3, "", ""), common=COMMON)
    page = desk.post(home, data=short).text
    assert (page.count(closed), page.count(opened)) == (1, 2)
    assert "Say to this author alone" in page
    assert OTHER in page
    looked = desk.post(home, data=typed((1, "adopted", OWN), (2, "", OTHER))).text
    assert f'<textarea name="reason_2" hidden>{OTHER}</textarea>' in looked


def test_a_batch_answers_each_with_its_own_entry_and_mail(desk, home, read, entries, sent):
    rows = typed((1, "adopted", OWN), (2, "not_adopted", OTHER), (3, "", ""), common=COMMON, give=True)
    assert desk.post(home, data=rows).status_code == 200
    assert states(read, sent) == [ProposalState.ANSWERED, ProposalState.ANSWERED, ProposalState.SUBMITTED]
    for proposal, words in zip(sent, (OWN, OTHER), strict=False):
        entry = entries(proposal.ref)[-1]
        assert (entry.values["type"], entry.payload["reason"]) == ("proposal.answered", f"{COMMON}\n\n{words}")
        assert entry.payload["answered_by"] == "Leila, Head of culture"
    mails = read(lambda session: list(session.scalars(select(OutboxMessage))))
    assert [mail.template for mail in mails].count("proposal_answered") == 2


def test_the_second_press_of_the_button_changes_nothing(desk, home, read, entries, sent):
    rows = typed((1, "adopted", OWN), give=True)
    for _press in range(2):
        assert "Not published</span>" not in desk.post(home, data=rows).text
    assert [entry.values["type"] for entry in entries(sent[0].ref)].count("proposal.answered") == 1


def test_two_officials_with_the_same_batch_get_the_fate_of_each_row(app, perform, clock, now, desk, home, read, sent):
    other = coordinator(app, perform, clock, now, "Mina")
    desk.post(home, data=typed((1, "adopted", OWN), give=True))
    page = other.post(home, data=typed((1, "not_adopted", OTHER), (2, "not_adopted", OTHER), give=True)).text
    assert "answered meanwhile" in page
    first, second, _third = (reload(read, each) for each in sent)
    assert (first.outcome, first.answered_by) == (Outcome.ADOPTED, "Leila, Head of culture")
    assert (second.outcome, second.answered_by) == (Outcome.NOT_ADOPTED, "Mina, Head of culture")


def test_a_shared_reason_comes_back_with_what_was_typed(desk, home, read, sent):
    rows = [(number, "not_adopted", OWN) for number in (1, 2, 3)]
    page = desk.post(home, data=typed(*rows, give=True))
    assert page.status_code == 422
    assert "merge those that want the same" in page.text
    assert page.text.count(OWN) >= 3
    assert states(read, sent) == [ProposalState.SUBMITTED] * 3


@pytest.mark.parametrize(
    "data", [{}, {"n": ["1"], "outcome_1": "merged", "reason_1": OWN}, {"n": ["x", "99999999999"]}]
)
def test_nonsense_is_refused_and_leaves_nothing(desk, home, read, sent, data):
    assert desk.post(home, data=data).status_code == 422
    assert states(read, sent) == [ProposalState.SUBMITTED] * 3


def test_residents_answer_nothing(app, sara, clock, home, sent):
    browser = sign_in(app, sara, now=clock.now())
    assert browser.get(home).status_code == 403
    assert browser.post(home, data=typed((1, "adopted", OWN), give=True)).status_code == 403


def test_the_clock_counts_what_is_owed_and_by_how_many_days_it_is_late(perform, read, process, sara, sent, now):
    leila = official(perform, now=now)
    due = process.answers_due_at
    answer(perform, sent[0], leila, now=day(now, 9))
    before = read(lambda session: queries.clock_of(session, process, now=due - timedelta(days=3, hours=2)))
    assert (before.answered, before.waiting, before.overdue, before.days, before.is_late) == (1, 2, 0, 3, False)
    after = read(lambda session: queries.clock_of(session, process, now=due + timedelta(days=5)))
    assert (after.overdue, after.days, after.is_late) == (2, 5, True)
    [projects] = read(lambda session: queries.counts_by_kind(session, process))
    assert (projects.kind, projects.total, projects.answered) == (ProposalKind.PROJECT, 3, 1)


def test_everybody_reads_the_clock_with_the_oldest_first(client, process, sent, clock):
    clock.at = process.answers_due_at + timedelta(days=12)
    page = client.get(f"/p/{process.public_id}/answers").text
    assert "3 answers are overdue" in page
    assert "for 12 days" in page
    places = [page.index(proposal.public_id) for proposal in sent]
    assert places == sorted(places)
    assert "3 answers are overdue" in client.get(f"/p/{process.public_id}").text


def test_the_queries_of_the_clock_do_not_grow_with_the_proposals(
    perform, process, sara, sent, client, clock, count_queries
):
    address = f"/p/{process.public_id}/answers"
    few = count_queries(lambda: client.get(address))
    for at in range(15):
        submit(perform, process, acting(sara), now=clock.now(), title=f"Idea {at:02} of the evenings")
    assert count_queries(lambda: client.get(f"{address}?kind=project")) <= few + 1
    assert few <= 13


def test_reasons_given_before_are_counted_by_their_whole_text(perform, read, process, sent, now):
    leila = official(perform, now=now)
    for proposal in sent[:2]:
        answer(perform, proposal, leila, now=day(now, 9))
    assert read(lambda session: queries.times_given(session, process, [REASON, OWN])) == {REASON: 2}


def test_what_authors_are_asked_about_is_not_answered_behind_their_backs(desk, home, process, read, sent):
    ask = f"/staff/processes/{process.public_id}/merging/new"
    text = {"title": "Open all workshops", "summary": "One timetable for the bazaar.", "reason": OTHER}
    plan = desk.post(ask, query_string=[("n", 1), ("n", 2)], data=text).location
    alone = f"/staff/processes/{process.public_id}/answers/{sent[0].public_id}"
    assert plan in desk.get(alone).text
    assert plan in desk.get(home).text
    refused = desk.post(alone, data={"outcome": "adopted", "reason": OWN})
    assert refused.status_code == 409
    assert "before you answer" in refused.text
    assert OWN in refused.text
    looked = desk.post(home, data=typed((1, "adopted", OWN), (3, "not_adopted", OTHER)))
    assert looked.status_code == 422
    assert "before you answer" in looked.text
    assert OTHER in looked.text
    given = desk.post(home, data=typed((1, "adopted", OWN), (3, "not_adopted", OTHER), give=True)).text
    assert "before you answer" in given
    assert states(read, sent) == [ProposalState.SUBMITTED, ProposalState.SUBMITTED, ProposalState.ANSWERED]
    assert desk.post(f"{plan}/drop", data={}).status_code == 303
    assert plan not in desk.get(alone).text
    assert desk.post(alone, data={"outcome": "adopted", "reason": OWN}).status_code == 303
    assert states(read, sent) == [ProposalState.ANSWERED, ProposalState.SUBMITTED, ProposalState.ANSWERED]
