"""Appraising: the staff's own notes stay inside, scores are given alone, and only what is meant for it goes out."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from statistics import mean, median, pstdev
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.accounts.making import make_account, sign_in
from tests.proposals.making import answer, change, official, person, proposing_process, submit
from tests.stakeholders.making import ACTORS, CITY, acting, drift_faults
from ucc_participate.accounts.models import Account
from ucc_participate.kernel.decision import Denied
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.kernel.identity import Role
from ucc_participate.notifications.models import OutboxMessage
from ucc_participate.processes.models import Process, ProcessState
from ucc_participate.processes.queries import process_to_change
from ucc_participate.proposals import jury, operations, policies, queries
from ucc_participate.proposals.models import (
    Appraisal,
    AppraisalCriterion,
    AppraisalTask,
    Feasibility,
    Proposal,
    ProposalState,
)
from ucc_participate.proposals.operations import Findings

SECRET = "The neighbour has threatened to sue; ask the legal office before anything is said."
SUMMARY = "The customs house can be used from October; the roof must be mended first."
FOUND = Findings(Feasibility.WITH_CHANGES, "After the roof", 4_000_000, "Lease needed", SECRET, SUMMARY)


@pytest.fixture
def process(perform, now, clock):
    made, then = proposing_process(perform, now)
    clock.at = then
    return made


@pytest.fixture
def then(clock, process):
    return clock.now()


@pytest.fixture
def leila(perform, now):
    return official(perform, now=now)


@pytest.fixture
def sent(perform, process, then, now):
    return submit(perform, process, person(perform, "Sara", now=now)[1], now=then)


@pytest.fixture
def staff(perform, now):
    """Three clerks and what they act as."""
    facts: Any = {"roles": (Role.CLERK,), "function": "Clerk"}
    made = [
        make_account(perform, f"clerk{at}@city.example", now=now, display_name=f"Clerk {at}", **facts) for at in "123"
    ]
    return [(account, acting(account, Role.CLERK)) for account in made]


def on_process(perform, process, operation, actor, now, **facts):
    def work(session):
        return operation(
            session, process_to_change(session, process.public_id, actor=actor), actor=actor, now=now, **facts
        )

    return perform(work)


@pytest.fixture
def criteria(perform, process, leila, then):
    names = ("Use for many", "Cost and effect")
    add = operations.add_criterion
    return [on_process(perform, process, add, leila, then, name={"en": n}, lowest=1, highest=5) for n in names]


def assign(perform, sent, people, leila, now, *, due_on=None):
    for account, _actor in people:

        def work(session, proposal, *, actor, now, known=account.id):
            found = session.get_one(Account, known)
            operations.assign_appraisal(session, proposal, found, due_on=due_on, actor=actor, now=now, address="/a")

        change(perform, sent, work, actor=leila, now=now)


def score(perform, sent, criteria, actor, now, *values):
    scores = {each.public_id: value for each, value in zip(criteria, values, strict=False)}
    change(perform, sent, operations.score_proposal, scores, actor=actor, now=now)


def appraisal(read, sent):
    return read(lambda session: session.get(Appraisal, sent.id))


def test_criteria_and_rules_are_in_the_log_before_anybody_scores(app, perform, entries, process, leila, then, criteria):
    rules = {"publishes_scores": True, "dissent_days": 45}
    on_process(perform, process, operations.set_answering_rules, leila, then, **rules)
    on_process(perform, process, retire_first(criteria), leila, then)
    *_before, last = entries(f"{process.ref}/appraisal")
    assert (last.values["type"], last.payload["publishes_scores"], last.payload["dissent_days"]) == (
        "appraisal.rules_set",
        True,
        45,
    )
    assert [(each["name"], each["retired_at"] is None) for each in last.payload["criteria"]] == [
        ({"en": "Use for many"}, False),
        ({"en": "Cost and effect"}, True),
    ]
    assert drift_faults(app) == []


def retire_first(criteria):
    def work(session, process, **facts):
        operations.retire_criterion(
            session, process, queries.get_criterion(session, process, criteria[0].public_id), **facts
        )

    return work


@pytest.mark.parametrize(("lowest", "highest"), [(3, 3), (5, 1), (-1, 5), (0, 11)])
def test_a_scale_must_run_upwards_and_stay_small(perform, process, leila, then, lowest, highest):
    facts = {"name": {"en": "x"}, "lowest": lowest, "highest": highest}
    with pytest.raises(Invalid):
        on_process(perform, process, operations.add_criterion, leila, then, **facts)


def test_a_task_is_told_by_mail_once(perform, read, entries, sent, staff, leila, then):
    for _again in range(2):
        assign(perform, sent, staff[:1], leila, then, due_on=date(2026, 5, 1))
    mails = read(lambda session: list(session.scalars(select(OutboxMessage))))
    assert [mail.to for mail in mails if mail.template == "appraisal_assigned"] == ["clerk1@city.example"]
    assert [(entry.values["type"], entry.payload) for entry in entries(f"{sent.ref}/appraisal")] == [
        ("appraisal.assigned", {})
    ]


def test_a_task_is_given_to_the_staff_alone(perform, sent, leila, then, now):
    resident = person(perform, "Reza", now=now)
    with pytest.raises(Invalid):
        assign(perform, sent, [resident], leila, then)


def test_private_notes_are_never_in_the_log_and_never_published(
    app, perform, read, entries, client, process, sent, leila, then
):
    change(perform, sent, operations.write_appraisal, FOUND, actor=leila, now=then)
    assert appraisal(read, sent).notes == SECRET
    [written] = entries(f"{sent.ref}/appraisal")
    assert (written.values["type"], written.payload) == ("appraisal.written", {})
    answer(perform, sent, leila, now=then)
    published = entries(f"{sent.ref}/appraisal")[-1]
    assert published.values["type"] == "appraisal.published"
    assert (published.payload["summary"], published.payload["cost"]) == (SUMMARY, 4_000_000)
    assert SECRET not in str(published.payload)
    assert "Lease needed" not in str(published.payload)
    page = client.get(f"/p/{process.public_id}/proposals/{sent.public_id}").text
    assert SUMMARY in page
    assert SECRET not in page
    assert drift_faults(app) == []


def test_nothing_is_published_before_the_answer_and_nothing_without_a_summary(
    perform, read, entries, client, process, sent, leila, then
):
    change(perform, sent, operations.write_appraisal, Findings(notes=SECRET), actor=leila, now=then)
    assert SUMMARY not in client.get(f"/p/{process.public_id}/proposals/{sent.public_id}").text
    answer(perform, sent, leila, now=then)
    assert appraisal(read, sent).published is None
    assert [entry.values["type"] for entry in entries(f"{sent.ref}/appraisal")] == ["appraisal.written"]


def test_writing_the_same_again_is_no_change(perform, entries, sent, leila, then):
    for _again in range(2):
        change(perform, sent, operations.write_appraisal, FOUND, actor=leila, now=then)
    assert len(entries(f"{sent.ref}/appraisal")) == 1


def test_scores_are_given_once_for_every_criterion_within_the_scale(
    perform, entries, process, sent, staff, leila, then, criteria
):
    assign(perform, sent, staff, leila, then)
    actor = staff[0][1]
    for wrong in ((3,), (3, 6), (0, 3)):
        with pytest.raises(Invalid):
            score(perform, sent, criteria, actor, then, *wrong)
    score(perform, sent, criteria, actor, then, 4, 2)
    with pytest.raises(Conflict):
        score(perform, sent, criteria, actor, then, 5, 5)
    assert entries(f"{sent.ref}/appraisal")[-1].payload == {}


def test_who_has_no_task_scores_nothing(perform, sent, staff, leila, then, criteria):
    assign(perform, sent, staff[:1], leila, then)
    for actor in (staff[1][1], leila, CITY):
        with pytest.raises(Forbidden):
            score(perform, sent, criteria, actor, then, 3, 3)


def test_a_conflict_of_interest_keeps_the_scores_out_and_is_counted(
    perform, read, entries, process, sent, staff, leila, then, criteria
):
    rules = {"publishes_scores": True, "dissent_days": 30}
    on_process(perform, process, operations.set_answering_rules, leila, then, **rules)
    more = [*staff, four(perform, then)]
    assign(perform, sent, more, leila, then)
    change(perform, sent, operations.declare_conflict, "My brother proposed it.", actor=more[3][1], now=then)
    with pytest.raises(Conflict):
        score(perform, sent, criteria, more[3][1], then, 5, 5)
    for (_account, actor), values in zip(staff, ((1, 2), (2, 2), (5, 2)), strict=True):
        score(perform, sent, criteria, actor, then, *values)
    answer(perform, sent, leila, now=then)
    told = entries(f"{sent.ref}/appraisal")[-1].payload
    assert (told["excluded"], [each["scores"] for each in told["figures"]]) == (1, [3, 3])
    assert "brother" not in str([entry.payload for entry in entries(f"{sent.ref}/appraisal")])


def four(perform, now):
    facts: Any = {"roles": (Role.CLERK,), "function": "Clerk", "display_name": "Clerk 4"}
    account = make_account(perform, "clerk4@city.example", now=now, **facts)
    return account, acting(account, Role.CLERK)


@pytest.mark.parametrize(("scorers", "published"), [(2, []), (3, ["2.67", "2.00"])])
def test_figures_go_out_with_the_answer_where_enough_people_scored(
    app, perform, entries, process, sent, staff, leila, then, criteria, scorers, published
):
    rules = {"publishes_scores": True, "dissent_days": 30}
    on_process(perform, process, operations.set_answering_rules, leila, then, **rules)
    change(perform, sent, operations.write_appraisal, FOUND, actor=leila, now=then)
    assign(perform, sent, staff, leila, then)
    for (_account, actor), values in zip(staff[:scorers], ((1, 2), (2, 2), (5, 2)), strict=False):
        score(perform, sent, criteria, actor, then, *values)
    answer(perform, sent, leila, now=then)
    told = entries(f"{sent.ref}/appraisal")[-1].payload
    assert [each["mean"] for each in told["figures"]] == published
    if published:
        first = told["figures"][0]
        assert (first["median"], first["deviation"], first["lowest"], first["highest"]) == ("2.00", "1.70", 1, 5)
    assert drift_faults(app) == []


def test_figures_stay_inside_where_the_process_does_not_publish_them(
    perform, entries, process, sent, staff, leila, then, criteria
):
    change(perform, sent, operations.write_appraisal, FOUND, actor=leila, now=then)
    assign(perform, sent, staff, leila, then)
    for _account, actor in staff:
        score(perform, sent, criteria, actor, then, 3, 3)
    answer(perform, sent, leila, now=then)
    assert entries(f"{sent.ref}/appraisal")[-1].payload["figures"] == []


@given(st.lists(st.integers(0, 10), min_size=1, max_size=30))
def test_mean_median_and_spread_agree_with_the_standard_library(scores):
    found = jury.spread_of(AppraisalCriterion(public_id="c", name={}, lowest=0, highest=10), scores)
    for mine, other in ((found.mean, mean(scores)), (found.median, median(scores)), (found.deviation, pstdev(scores))):
        assert abs(mine - Decimal(other)) <= Decimal("0.0051")
    assert (found.lowest, found.highest, found.scores) == (min(scores), max(scores), len(scores))


def test_private_notes_go_when_their_time_is_over_and_what_was_published_stays(
    app, perform, read, entries, process, sent, leila, then
):
    change(perform, sent, operations.write_appraisal, FOUND, actor=leila, now=then)
    answer(perform, sent, leila, now=then)

    def close(session):
        found = process_to_change(session, process.public_id, actor=CITY)
        found.status, found.closed_at = ProcessState.CLOSED, then
        return operations.purge_notes(session, closed_before=then + timedelta(days=1), actor=CITY, now=then)

    assert perform(close) == 1
    kept = appraisal(read, sent)
    assert (kept.notes, kept.legal, kept.why, kept.summary) == ("", "", "", SUMMARY)
    assert entries("retention/appraisal_notes")[-1].payload == {"rule": "appraisal_notes", "count": 1}


def test_the_matrix_of_appraising():
    process = Process(status=ProcessState.OPEN, is_imported=False)
    waits = Proposal(status=ProposalState.SUBMITTED, process=process)
    answered = Proposal(status=ProposalState.ANSWERED, process=process)

    def allowed(ask):
        return {who for who, actor in ACTORS.items() if ask(actor)}

    now = day_one()
    assert allowed(lambda a: policies.can_see_notes(a, waits, now=now)) == {
        "moderator",
        "clerk",
        "coordinator",
        "system",
    }
    assert allowed(lambda a: policies.can_assign(a, waits, now=now)) == {"coordinator", "system"}
    assert allowed(lambda a: policies.can_assign(a, answered, now=now)) == set()
    assert allowed(lambda a: policies.can_set_up_appraisal(a, process, now=now)) == {"coordinator", "system"}
    tasks = [AppraisalTask(account_id=905)]
    assert allowed(lambda a: policies.can_write_appraisal(a, waits, tasks=tasks, now=now)) == {
        "clerk",
        "coordinator",
        "system",
    }
    assert allowed(lambda a: policies.can_write_appraisal(a, answered, tasks=tasks, now=now)) == set()
    for known in (901, 903, 905):
        task = AppraisalTask(account_id=known)
        assert allowed(lambda a, t=task: policies.can_score(a, waits, task=t, now=now)) == (
            {"clerk"} if known == 905 else set()
        )


def day_one():
    from datetime import datetime, timezone

    return datetime(2026, 4, 1, tzinfo=timezone.utc)


def test_nobody_sees_the_others_scores_before_giving_their_own():
    process = Process(status=ProcessState.OPEN, is_imported=False)
    waits = Proposal(status=ProposalState.SUBMITTED, process=process)
    now = day_one()
    for who in ("clerk", "coordinator"):
        actor = ACTORS[who]
        waiting = AppraisalTask(account_id=actor.account_id)
        done = AppraisalTask(account_id=actor.account_id, done_at=now)
        aside = AppraisalTask(account_id=actor.account_id, excluded_at=now)
        assert isinstance(policies.can_see_scores(actor, waits, task=waiting, now=now), Denied)
        assert policies.can_see_scores(actor, waits, task=done, now=now)
        assert policies.can_see_scores(actor, waits, task=aside, now=now)
        assert policies.can_see_scores(actor, waits, task=None, now=now)
    for who in ("visitor", "resident", "delegate", "evaluator"):
        assert not policies.can_see_scores(ACTORS[who], waits, task=None, now=now)


def test_a_juror_sees_the_table_of_scores_only_after_giving_their_own(
    app, perform, clock, process, sent, staff, leila, then, criteria
):
    assign(perform, sent, staff, leila, then)
    score(perform, sent, criteria, staff[0][1], then, 5, 1)
    address = f"/staff/processes/{process.public_id}/appraisals/{sent.public_id}"
    second = sign_in(app, staff[1][0], now=clock.now())
    page = second.get(address).text
    assert "as soon as you have given your own scores" in page
    assert "What was given" not in page
    given = {f"score_{each.public_id}": "3" for each in criteria}
    assert second.post(f"{address}/scores", data=given).status_code == 303
    assert "What was given" in second.get(address).text
    assert second.post(f"{address}/scores", data=given).status_code == 409


@pytest.mark.parametrize("path", ["", "/scores", "/conflict", "/tasks"])
def test_a_resident_who_opens_private_notes_is_sent_away(app, perform, clock, process, sent, leila, then, now, path):
    change(perform, sent, operations.write_appraisal, FOUND, actor=leila, now=then)
    address = f"/staff/processes/{process.public_id}/appraisals/{sent.public_id}"
    for name, roles in (("Reza", ()), ("Nima", (Role.EVALUATOR,))):
        account = make_account(perform, f"{name.lower()}@city.example", now=now, display_name=name, roles=roles)
        browser = sign_in(app, account, now=clock.now())
        for answered in (browser.get(address), browser.post(f"{address}{path}", data={})):
            assert answered.status_code == 403
            assert SECRET not in answered.text


def test_the_desk_lists_what_is_mine_undone_and_overdue(
    app, perform, clock, process, sent, staff, leila, then, now, count_queries
):
    assign(perform, sent, staff[:1], leila, then, due_on=(then - timedelta(days=2)).date())
    other = submit(perform, process, person(perform, "Reza", now=now)[1], now=then, title="Another idea for evenings")
    browser = sign_in(app, staff[0][0], now=clock.now())
    home = f"/staff/processes/{process.public_id}/appraisals"
    assert all(each.public_id in browser.get(home).text for each in (sent, other))
    for show in ("mine", "undone", "overdue"):
        page = browser.get(home, query_string={"show": show}).text
        assert sent.public_id in page
        assert other.public_id not in page
    few = count_queries(lambda: browser.get(home))
    for at in range(12):
        submit(perform, process, person(perform, f"P{at}", now=now)[1], now=then, title=f"Idea {at:02} for evenings")
    assert count_queries(lambda: browser.get(home)) == few
    assert sign_in(app, make_account(perform, "r@city.example", now=now), now=clock.now()).get(home).status_code == 403


def test_a_coordinator_sets_up_gives_out_and_writes_on_pages(app, perform, clock, process, sent, staff, now, read):
    facts: Any = {"display_name": "Mina", "function": "Head", "roles": (Role.COORDINATOR,)}
    browser = sign_in(app, make_account(perform, "mina@city.example", now=now, **facts), now=clock.now())
    rules = f"/staff/processes/{process.public_id}/appraisal-rules"
    assert browser.get(rules).status_code == 200
    typed = {"name-en": "Use for many", "lowest": "1", "highest": "5"}
    assert browser.post(f"{rules}/criteria", data=typed).status_code == 303
    assert browser.post(f"{rules}/criteria", data=typed | {"highest": "1"}).status_code == 422
    assert browser.post(rules, data={"dissent_days": "20", "publishes_scores": "y"}).status_code == 303
    assert browser.post(rules, data={"dissent_days": "0"}).status_code == 422
    address = f"/staff/processes/{process.public_id}/appraisals/{sent.public_id}"
    assert browser.post(f"{address}/tasks", data={"person": staff[0][0].public_id}).status_code == 303
    assert browser.post(f"{address}/tasks", data={"person": "nobody"}).status_code == 422
    assert browser.post(address, data={"notes": SECRET, "summary": SUMMARY, "cost": "12"}).status_code == 303
    page = browser.get(address).text
    assert SECRET in page
    assert "Clerk 1" in page
    assert browser.post(f"{address}/tasks/{staff[0][0].public_id}/release").status_code == 303
    assert appraisal(read, sent).cost == 12
