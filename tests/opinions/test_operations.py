"""What people, the city and the clock do with opinion maps: the rows and the entries of the log."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.moderation.making import ADDRESSES
from tests.opinions.making import (
    AGREE,
    DISAGREE,
    PASS,
    TEXTS,
    answer,
    change,
    delegate_of,
    later,
    make_map,
    open_process,
    people,
    plan,
    statement,
)
from tests.processes.making import day
from tests.stakeholders.making import CITY, acting, told
from ucc_participate.accounts import operations as accounts
from ucc_participate.accounts.models import Account
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from ucc_participate.kernel.identity import VISITOR, Actor, Role
from ucc_participate.moderation.models import Reason, Standing
from ucc_participate.moderation.operations import hide_contribution, restore_contribution
from ucc_participate.opinions import jobs, operations, queries
from ucc_participate.opinions.models import Adding, OpinionAnswer, OpinionMap, OpinionParticipant, Showing
from ucc_participate.opinions.operations import LooksAlike
from ucc_participate.vocabularies.uccn import Sector

OWN = "Libraries should stay open on Friday evenings."


@pytest.fixture
def process(perform, now):
    return open_process(perform, now)


@pytest.fixture
def asked(perform, process, now):
    """An announced map with eight statements of the city."""
    return make_map(perform, process, now)


@pytest.fixture
def then(now):
    """A moment at which the map is open."""
    return day(now, 10)


@pytest.fixture
def sara(perform, now):
    return people(perform, 1, now)[0]


def answers(read: Any) -> dict[int, str]:
    rows = read(lambda s: s.execute(select(OpinionAnswer.statement_id, OpinionAnswer.answer)).all())
    return {at: said.value for at, said in rows}


def add(perform: Any, asked: OpinionMap, person: Account, text: str = OWN, *, now: Any, **facts: Any) -> Any:
    facts = {"language": "en"} | facts
    return change(perform, asked, operations.add_statement, text, actor=acting(person), now=now, **facts)


def tick(app: Any) -> None:
    with app.app_context():
        jobs.tick()


# --- the city


def test_a_map_is_announced_with_its_seed(asked, entries, drift) -> None:
    [entry] = entries(asked.ref)
    assert entry.values["type"] == "opinion_map.announced"
    assert entry.payload["seed"] == asked.seed
    assert entry.payload["status"] == "running"
    assert "result" not in entry.payload
    assert drift() == []


def test_the_citys_statements_are_public_entries(asked, read, entries) -> None:
    [entry] = entries(statement(read, asked, 3).ref)
    assert entry.values["type"] == "statement.added"
    assert (entry.payload["text"], entry.payload["by"], entry.payload["author"]) == (TEXTS[2], "city", None)


def test_the_same_statements_again_add_nothing(perform, asked, now) -> None:
    again = change(perform, asked, operations.seed_statements, [*TEXTS, OWN], actor=CITY, now=now, language="en")
    assert [made.number for made in again] == [9]


@pytest.mark.parametrize(("opens", "closes"), [(3, 20), (8, 36), (30, 9)])
def test_times_outside_of_discussing_are_refused(perform, process, now, opens: int, closes: int) -> None:
    with pytest.raises(Invalid):
        make_map(perform, process, now, opens_at=day(now, opens), closes_at=day(now, closes))


def test_a_map_changes_until_it_opens(perform, asked, now, entries) -> None:
    changed = plan(asked.process, now, adding=Adding.CITY)
    change(perform, asked, operations.revise_map, changed, actor=CITY, now=now)
    assert entries(asked.ref)[-1].payload["adding"] == "city"
    with pytest.raises(Conflict):
        change(perform, asked, operations.revise_map, changed, actor=CITY, now=day(now, 8))


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.CLERK, Role.MODERATOR, Role.EVALUATOR])
def test_only_coordinators_set_up_maps(perform, asked, now, role: Role) -> None:
    actor = Actor("account:77", 77, frozenset({Role.RESIDENT, role}))
    with pytest.raises(Forbidden):
        change(perform, asked, operations.seed_statements, [OWN], actor=actor, now=now, language="en")


# --- answering


def test_an_answer_is_kept_and_the_log_knows_only_that_somebody_took_part(
    app, perform, asked, sara, then, read, drift
) -> None:
    answer(perform, asked, sara, 1, AGREE, now=then)
    answer(perform, asked, sara, 2, PASS, now=then)
    assert sorted(answers(read).values()) == ["agree", "pass"]
    [entry] = joined(app, asked)
    assert (entry.payload, entry.values["role"]) == ({}, "resident")
    assert drift() == []


def joined(app: Any, asked: OpinionMap) -> list[Any]:
    """The entries that say that somebody took part in a map."""
    return [each for each in told(app, process=asked.process.ref) if each.type == "opinion.joined"]


def test_a_mind_is_changed_without_a_trace_of_the_first_word(app, perform, asked, sara, then, read) -> None:
    answer(perform, asked, sara, 1, AGREE, now=then)
    answer(perform, asked, sara, 1, DISAGREE, now=later(then, hours=1))
    assert list(answers(read).values()) == ["disagree"]
    assert len(joined(app, asked)) == 1


def test_pressing_twice_counts_once(perform, asked, sara, then, read) -> None:
    for _press in range(2):
        answer(perform, asked, sara, 1, AGREE, now=then)
    assert list(answers(read).values()) == ["agree"]
    assert read(lambda s: s.scalar(select(func.count()).select_from(OpinionParticipant))) == 1


def test_two_first_answers_at_once_make_one_participant(app, perform, asked, sara, then, read) -> None:
    faults: list[BaseException] = []

    def press(number: int) -> None:
        try:
            answer(perform, asked, sara, number, AGREE, now=then)
        except BaseException as fault:
            faults.append(fault)

    hands = [threading.Thread(target=press, args=(1 + at % 2,)) for at in range(6)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert faults == []
    assert read(lambda s: s.scalar(select(func.count()).select_from(OpinionParticipant))) == 1
    assert len(answers(read)) == 2


def test_who_is_not_signed_in_or_only_watches_cannot_answer(perform, asked, then) -> None:
    with pytest.raises(SignInNeeded):
        answer(perform, asked, VISITOR, 1, now=then)
    with pytest.raises(Forbidden):
        answer(perform, asked, Actor("account:9", 9, frozenset({Role.EVALUATOR})), 1, now=then)


@pytest.mark.parametrize("days", [7, 30, 40])
def test_before_it_opens_and_after_it_closes_nobody_answers(perform, asked, sara, now, days: int) -> None:
    with pytest.raises(Conflict):
        answer(perform, asked, sara, 1, now=day(now, days))


def test_a_statement_of_another_map_or_none_is_not_there(perform, asked, sara, then) -> None:
    with pytest.raises(NotFound):
        answer(perform, asked, sara, 99, now=then)


def test_a_delegate_answers_for_the_organisation_and_counts_in_its_sector(perform, asked, now, then, read) -> None:
    _account, guild, actor = delegate_of(perform, "Potters", Sector.PRIVATE, now, "mina@potters.example")
    answer(perform, asked, actor, 1, now=then, organisation=guild)
    assert read(lambda s: s.scalars(select(OpinionParticipant.sector)).all()) == [Sector.PRIVATE]


def test_nobody_answers_for_an_organisation_without_a_mandate(perform, asked, sara, now, then) -> None:
    _account, guild, _actor = delegate_of(perform, "Potters", Sector.PRIVATE, now, "mina@potters.example")
    with pytest.raises(Forbidden):
        answer(perform, asked, sara, 1, now=then, organisation=guild)


# --- statements of people


def test_a_statement_is_public_without_a_name_unless_wanted(perform, asked, sara, then, entries, drift) -> None:
    made = add(perform, asked, sara, now=then)
    [entry] = entries(made.ref)
    assert (entry.payload["text"], entry.payload["author"], entry.payload["by"]) == (OWN, None, "resident")
    assert made.number == 9
    assert drift() == []


def test_a_statement_with_a_script_is_text(perform, asked, sara, then) -> None:
    made = add(perform, asked, sara, "<script>alert(1)</script> \u202eis no opinion\nat all", now=then)
    assert made.text == "<script>alert(1)</script> is no opinion at all"


@pytest.mark.parametrize("text", ["", "short", "x" * 141, "!?!?!?!?!?!?!?"])
def test_a_statement_is_one_sentence(perform, asked, sara, then, text: str) -> None:
    with pytest.raises(Invalid):
        add(perform, asked, sara, text, now=then)


def test_the_same_words_are_refused_and_near_ones_need_a_word(perform, asked, sara, then) -> None:
    with pytest.raises(Conflict):
        add(perform, asked, sara, TEXTS[0].upper(), now=then)
    near = "The bazaar should be free of cars every Friday."
    with pytest.raises(LooksAlike) as refused:
        add(perform, asked, sara, near, now=then)
    assert refused.value.numbers == (1,)
    assert add(perform, asked, sara, near, now=then, is_different=True).number == 9


def test_sending_a_statement_twice_adds_it_once(perform, asked, sara, then) -> None:
    assert add(perform, asked, sara, now=then).id == add(perform, asked, sara, now=then).id


def test_where_only_the_city_writes_nobody_else_does(perform, process, sara, now, then) -> None:
    closed = make_map(perform, process, now, adding=Adding.CITY)
    with pytest.raises(Forbidden):
        add(perform, closed, sara, now=then)


def test_a_hidden_statement_leaves_the_log_without_its_text_and_nobody_answers_it(
    perform, asked, sara, then, entries
) -> None:
    made = add(perform, asked, sara, now=then)
    perform(lambda s: operations.conceal_statement(s, made.ref, Standing.HIDDEN, actor=CITY, now=then))
    last = entries(made.ref)[-1]
    assert last.values["type"] == "statement.moderated"
    assert (last.payload["text"], last.payload["standing"]) == (None, "hidden")
    with pytest.raises(NotFound):
        answer(perform, asked, sara, made.number, now=then)


def test_moderation_takes_the_text_out_of_the_log_and_restoring_brings_it_back(
    app, perform, asked, sara, now, then, entries, drift
) -> None:
    made = add(perform, asked, sara, now=then)
    moderator = acting(people(perform, 1, now, first=1)[0], Role.MODERATOR)
    facts = {"words": "It names a person who is not here.", "actor": moderator, "addresses": ADDRESSES, "now": then}
    kinds = app.extensions["ucc.moderated"]
    perform(lambda s: hide_contribution(s, kinds, made.ref, reason=Reason.PERSONAL_DATA, **facts))
    own = [entry for entry in entries(made.ref) if entry.values["schema"] == "ucc.statement/1"]
    assert [entry.payload.get("text") for entry in own] == [None, None]
    assert "text" not in own[0].payload
    perform(lambda s: restore_contribution(s, kinds, made.ref, **facts))
    own = [entry for entry in entries(made.ref) if entry.values["schema"] == "ucc.statement/1"]
    assert own[-1].payload["text"] == OWN
    assert drift() == []


def test_a_statement_full_of_links_waits_and_its_text_is_not_in_the_log(perform, asked, sara, then, entries) -> None:
    made = add(perform, asked, sara, "Buy at http://a.example http://b.example http://c.example now", now=then)
    assert made.standing is Standing.HELD
    added = [each for each in entries(made.ref) if each.values["type"] == "statement.added"]
    assert [each.payload["text"] for each in added] == [None]


# --- the clock


def crowd(perform: Any, asked: OpinionMap, now: Any, then: Any, number: int = 12, *, first: int = 0) -> list[Account]:
    """Two camps that differ on the even statements and agree on the odd ones."""
    found = people(perform, number, now, first=first)
    for at, person in enumerate(found):
        for place in range(1, len(TEXTS) + 1):
            said = AGREE if place % 2 or at % 2 else DISAGREE
            answer(perform, asked, person, place, said, now=then)
    return found


def test_a_map_is_closed_by_the_clock_with_its_result_in_the_log(
    app, perform, asked, clock, now, then, read, entries, drift
) -> None:
    crowd(perform, asked, now, then)
    clock.at = day(now, 30)
    tick(app)
    found = read(lambda s: s.get(OpinionMap, asked.id))
    entry = entries(asked.ref)[-1]
    assert entry.values["type"] == "opinion_map.closed"
    assert entry.payload["result"] == found.result
    assert (found.result["people"], found.result["seed"]) == (12, asked.seed)
    assert [row["number"] for row in found.result["statements"] if row["is_accepted"]] == [1, 3, 5, 7]
    assert [group["people"] for group in found.result["groups"]] == [6, 6]
    assert drift() == []
    tick(app)
    assert len([each for each in entries(asked.ref) if each.values["type"] == "opinion_map.closed"]) == 1


def test_a_map_is_not_closed_before_its_time(app, perform, asked, clock, then, read) -> None:
    clock.at = then
    tick(app)
    assert not read(lambda s: s.get(OpinionMap, asked.id)).is_closed
    with pytest.raises(Conflict):
        change(perform, asked, operations.close_map, {}, actor=CITY, now=then, mark="")


def test_a_result_of_other_answers_is_not_frozen(perform, asked, now) -> None:
    with pytest.raises(Conflict):
        change(perform, asked, operations.close_map, {}, actor=CITY, now=day(now, 31), mark="another")


def test_nobody_answered_and_the_map_closes_with_no_number(app, perform, asked, clock, now, read) -> None:
    clock.at = day(now, 31)
    tick(app)
    assert read(lambda s: s.get(OpinionMap, asked.id)).result["people"] is None


def test_results_of_an_open_map_lag_behind_by_five_people(app, perform, process, clock, now, then, read) -> None:
    open_one = make_map(perform, process, now, showing=Showing.ALWAYS)
    clock.at = later(then, hours=1)

    def shown() -> Any:
        kept = read(lambda s: queries.analysis_of(s, open_one))
        return kept and kept.shown and kept.shown["people"]

    crowd(perform, open_one, now, then, 6)
    tick(app)
    assert not shown()
    clock.advance(hours=1)
    crowd(perform, open_one, now, clock.now(), 4, first=6)
    clock.advance(hours=1)
    tick(app)
    assert not shown()
    crowd(perform, open_one, now, clock.now(), 1, first=10)
    clock.advance(hours=1)
    tick(app)
    assert shown() == 6


def test_counts_for_choosing_follow_the_answers(app, perform, asked, clock, now, then, read) -> None:
    clock.at = then
    crowd(perform, asked, now, then, 3)
    tick(app)
    left = read(lambda s: queries.unanswered(s, asked, None))
    assert left == dict.fromkeys(range(1, 9), 3)


# --- erasing


def test_an_erased_person_leaves_the_open_map_and_their_statement_its_name(
    app, perform, asked, sara, then, read, entries, drift
) -> None:
    answer(perform, asked, sara, 1, now=then)
    made = add(perform, asked, sara, now=then, author_name="Sara of the looms")
    erase(app, perform, sara, then)
    assert answers(read) == {}
    assert read(lambda s: s.scalar(select(func.count()).select_from(OpinionParticipant))) == 0
    kept = statement(read, asked, made.number)
    assert (kept.text, kept.author_id, kept.author_name) == (OWN, None, None)
    assert "author" not in entries(made.ref)[0].payload
    assert drift() == []


def test_a_frozen_result_stays_when_one_of_many_is_erased(app, perform, asked, clock, now, then, read) -> None:
    crowded = crowd(perform, asked, now, then)
    clock.at = day(now, 31)
    tick(app)
    before = read(lambda s: s.get(OpinionMap, asked.id)).result
    erase(app, perform, crowded[0], clock.now())
    assert read(lambda s: s.get(OpinionMap, asked.id)).result == before
    assert read(lambda s: s.scalar(select(func.count()).select_from(OpinionParticipant))) == 11


def erase(app: Any, perform: Any, person: Account, now: Any) -> None:
    erasers = app.extensions["ucc.erasers"]

    def work(session: Any) -> None:
        account = session.get(Account, person.id)
        accounts.erase_account(session, account, erasers=erasers, actor=acting(person), now=now)

    perform(work)
