"""What the city does with a process: the state that follows, and the entry that tells of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.accounts.making import CITY, acting
from tests.processes.making import (
    DOCUMENT,
    REASONS,
    change,
    close,
    day,
    description,
    invite_every_sector,
    invite_organisations,
    make_draft,
    make_process,
    plan,
    reload,
    timetable,
)
from tests.stakeholders.making import ACTORS, details, make_account, make_delegate, make_organisation, told
from ucc_participate.accounts.personal_data import everything_about
from ucc_participate.audit import drift, log
from ucc_participate.audit.models import LogEntry
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from ucc_participate.processes import operations, queries
from ucc_participate.processes.models import (
    Channel,
    Gate,
    PhaseKind,
    ProcessState,
)
from ucc_participate.processes.participation import join
from ucc_participate.stakeholders import operations as register
from ucc_participate.vocabularies.uccn import Sector


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def entries(app):
    """``entries(process)``: what the log tells of it, oldest first."""
    return lambda process: told(app, process=process.ref)


def extend(perform, process, ends_at, *, now, reason="Snow"):
    change(perform, process, operations.extend_phase, PhaseKind.PROPOSE, ends_at=ends_at, reason=reason, now=now)


def span(read, process, kind):
    """Beginning and end of the phase of this kind."""
    return next((phase.starts_at, phase.ends_at) for phase in reload(read, process).phases if phase.kind is kind)


def types(found):
    return [entry.values["type"] for entry in found]


def test_a_draft_is_created_and_told(perform, read, now, entries):
    made = perform(lambda s: operations.create_process(s, description(now), actor=ACTORS["coordinator"], now=now))
    assert reload(read, made).status is ProcessState.DRAFT
    [entry] = entries(made)
    assert (entry.values["type"], entry.values["role"]) == ("process.created", "coordinator")
    assert entry.payload["title"] == {"en": "A city of crafts", "fa": "شهر صنایع دستی"}
    assert entry.payload["status"] == "draft"


def test_a_process_runs_from_draft_to_closing_and_the_log_tells_each_step(perform, read, now, entries):
    made = make_draft(perform, now)
    change(perform, made, operations.publish_process, now=now)
    change(perform, made, operations.open_process, now=day(now, 1), reasons=REASONS)
    close(perform, made, now=day(now, 43))
    found = reload(read, made)
    assert (found.status, found.published_at, found.opened_at) == (ProcessState.CLOSED, now, day(now, 1))
    assert types(entries(made)) == [
        "process.created",
        "process.revised",
        "process.revised",
        "process.published",
        "gate.overridden",
        "process.opened",
        "gate.overridden",
        "process.closed",
    ]


def test_only_a_coordinator_changes_a_process(perform, now):
    made = make_draft(perform, now)
    with pytest.raises(Forbidden):
        change(perform, made, operations.publish_process, now=now, actor=ACTORS["clerk"])
    with pytest.raises(NotFound):
        change(perform, made, operations.publish_process, now=now, actor=ACTORS["resident"])


def test_an_incomplete_process_is_not_published(perform, read, now):
    made = make_draft(perform, now, promise={})
    with pytest.raises(Conflict):
        change(perform, made, operations.publish_process, now=now)
    assert reload(read, made).status is ProcessState.DRAFT


def test_answers_promised_for_before_the_last_proposal_are_not_enough(perform, now):
    made = make_draft(perform, now, answers_due_at=day(now, 20))
    with pytest.raises(Conflict):
        change(perform, made, operations.publish_process, now=now)


def test_a_process_cannot_be_created_without_a_title(perform, now):
    with pytest.raises(Invalid) as fault:
        perform(lambda s: operations.create_process(s, description(now, title={"en": " "}), actor=CITY, now=now))
    assert fault.value.field == "title"


@pytest.mark.parametrize("days", [6, 0, -3, 366])
def test_the_open_time_has_a_least_and_a_most(perform, now, days):
    with pytest.raises(Invalid) as fault:
        perform(lambda s: operations.create_process(s, description(now, min_open_days=days), actor=CITY, now=now))
    assert fault.value.field == "min_open_days"


def test_a_draft_may_promise_fewer_days_and_a_published_process_may_not(perform, read, now):
    made = make_draft(perform, now, min_open_days=21)
    change(perform, made, operations.revise_process, description(now, min_open_days=14), now=now)
    change(perform, made, operations.publish_process, now=now)
    with pytest.raises(Invalid) as fault:
        change(perform, made, operations.revise_process, description(now, min_open_days=10), now=now)
    assert fault.value.field == "min_open_days"
    assert reload(read, made).min_open_days == 14


def test_a_published_process_stays_complete(perform, read, now):
    made = make_process(perform, now, ProcessState.PUBLISHED)
    with pytest.raises(Invalid):
        change(perform, made, operations.revise_process, description(now, scope={}), now=now)
    assert reload(read, made).scope


def test_texts_of_an_open_process_stay(perform, read, now):
    made = make_process(perform, now, ProcessState.OPEN)
    with pytest.raises(Conflict):
        change(perform, made, operations.revise_process, description(now, promise={"en": "Less"}), now=now)
    with pytest.raises(Conflict):
        change(perform, made, operations.schedule_phases, timetable(now), now=now)
    assert reload(read, made).promise == {"en": "Every proposal gets an answer with a reason"}


def test_rescheduling_keeps_rows_of_kinds_that_stay(perform, read, now):
    made = make_draft(perform, now)
    before = {phase.kind: phase.id for phase in reload(read, made).phases}
    plans = [
        plan(PhaseKind.DISCUSS, day(now, 2), day(now, 30)),
        plan(PhaseKind.ANSWER, day(now, 30), day(now, 31)),
    ]
    change(perform, made, operations.schedule_phases, plans, now=now)
    after = {phase.kind: phase.id for phase in reload(read, made).phases}
    assert list(after) == [PhaseKind.DISCUSS, PhaseKind.ANSWER]
    assert after[PhaseKind.DISCUSS] == before[PhaseKind.DISCUSS]


def test_a_refused_timetable_leaves_the_old_one(perform, read, now):
    made = make_draft(perform, now)
    wrong = [*timetable(now)[:2], plan(PhaseKind.DISCUSS, day(now, 20), day(now, 50))]
    with pytest.raises(Invalid) as fault:
        change(perform, made, operations.schedule_phases, wrong, now=now)
    assert fault.value.field == "discuss"
    assert len(reload(read, made).phases) == 5


def test_targets_are_set_before_opening_and_then_fixed(perform, read, now):
    made = make_draft(perform, now)
    wanted = {"sex:female": 45, "age:under_30": 30, "sector:private": 8}
    change(perform, made, operations.set_targets, wanted, now=now)
    change(perform, made, operations.publish_process, now=now)
    change(perform, made, operations.open_process, now=now, reasons=REASONS)
    with pytest.raises(Conflict):
        change(perform, made, operations.set_targets, {"sex:female": 10}, now=now)
    assert reload(read, made).targets == wanted


@pytest.mark.parametrize("targets", [{"sex:female": 101}, {"sector:private": -1}, {"sex:male": 50}])
def test_a_target_that_makes_no_sense_is_refused(perform, now, targets):
    made = make_draft(perform, now)
    with pytest.raises(Invalid) as fault:
        change(perform, made, operations.set_targets, targets, now=now)
    assert fault.value.field in targets


def test_documents_are_added_while_open_and_removed_from_drafts_only(perform, read, now):
    made = make_draft(perform, now)
    more = replace(DOCUMENT, title="Map", stored_name="m.pdf")
    change(perform, made, operations.add_document, more, now=now)
    drop = lambda s, p, **who: operations.remove_document(s, p, p.documents[0].public_id, **who)  # noqa: E731
    change(perform, made, drop, now=now)
    assert [document.title for document in reload(read, made).documents] == ["Map"]
    change(perform, made, operations.publish_process, now=now)
    with pytest.raises(Conflict):
        change(perform, made, drop, now=now)
    change(perform, made, operations.open_process, now=now, reasons=REASONS)
    change(perform, made, operations.add_document, DOCUMENT, now=now)
    assert len(reload(read, made).documents) == 2


def test_opening_waits_until_every_sector_is_invited(perform, read, now, entries):
    made = make_process(perform, now, ProcessState.PUBLISHED)
    with pytest.raises(operations.GateClosed) as fault:
        change(perform, made, operations.open_process, now=now, reasons={Gate.ALL_ANSWERED: "Another gate"})
    assert fault.value.gate is Gate.SECTOR_INVITED
    invite_every_sector(perform, made, now=now)
    change(perform, made, operations.open_process, now=now, reasons={})
    assert reload(read, made).status is ProcessState.OPEN
    assert "gate.overridden" not in types(entries(made))


def test_an_override_is_kept_with_its_reason_and_who_gave_it(perform, read, now, entries):
    made = make_process(perform, now, ProcessState.PUBLISHED)
    actor = ACTORS["coordinator"]
    reasons = {Gate.SECTOR_INVITED: "The chamber has been dissolved"}
    change(perform, made, operations.open_process, now=now, reasons=reasons, actor=actor)
    [kept] = read(lambda s: queries.list_overrides(s, made))
    assert (kept.gate, kept.reason, kept.by, kept.at) == (
        Gate.SECTOR_INVITED,
        "The chamber has been dissolved",
        "Coordinator",
        now,
    )
    told = entries(made)[-2]
    assert told.payload == {"gate": "sector_invited", "reason": "The chamber has been dissolved"}


def test_a_process_does_not_open_with_too_few_days_left(perform, now):
    made = make_process(perform, now, ProcessState.PUBLISHED)
    late = day(now, 35 - 20)
    with pytest.raises(Conflict):
        change(perform, made, operations.open_process, now=late, reasons=REASONS)


def test_a_phase_is_extended_and_those_in_its_way_move(perform, read, now, entries):
    made = make_process(perform, now, ProcessState.OPEN)
    extend(perform, made, day(now, 26), now=day(now, 8), reason="Nowruz")
    spans = {phase.kind: (phase.starts_at - now, phase.ends_at - now) for phase in reload(read, made).phases}
    days = {kind: (start.days, end.days) for kind, (start, end) in spans.items()}
    assert days == {
        PhaseKind.INVITE: (0, 7),
        PhaseKind.PROPOSE: (7, 26),
        PhaseKind.DISCUSS: (26, 40),
        PhaseKind.VOTE: (40, 47),
        PhaseKind.REPORT: (47, 65),
    }
    last = entries(made)[-1]
    assert last.values["type"] == "process.phase_extended"
    assert [phase["extended_because"] for phase in last.payload["phases"]] == [None, "Nowruz", None, None, None]


def test_an_extension_into_a_pause_moves_nothing(perform, read, now):
    plans = [plan(PhaseKind.PROPOSE, day(now, 1), day(now, 25)), plan(PhaseKind.VOTE, day(now, 35), day(now, 42))]
    made = make_process(perform, now, ProcessState.OPEN, plans=plans)
    extend(perform, made, day(now, 35), now=day(now, 2))
    assert span(read, made, PhaseKind.VOTE) == (day(now, 35), day(now, 42))


@pytest.mark.parametrize("days", [21, 20, 8])
def test_a_phase_is_never_shortened(perform, read, now, days):
    made = make_process(perform, now, ProcessState.OPEN)
    with pytest.raises(Invalid):
        extend(perform, made, day(now, days), now=day(now, 8))
    assert span(read, made, PhaseKind.PROPOSE) == (day(now, 7), day(now, 21))


def test_a_phase_that_is_over_gets_no_more_time(perform, now):
    made = make_process(perform, now, ProcessState.OPEN)
    with pytest.raises(Conflict):
        extend(perform, made, day(now, 30), now=day(now, 21))


def test_a_process_does_not_close_while_people_can_still_act(perform, read, now):
    made = make_process(perform, now, ProcessState.OPEN)
    with pytest.raises(Conflict) as fault:
        close(perform, made, now=day(now, 42) - timedelta(seconds=1))
    assert not isinstance(fault.value, operations.GateClosed)
    close(perform, made, now=day(now, 42))
    assert reload(read, made).status is ProcessState.CLOSED


def test_closing_waits_for_every_answer(perform, read, now):
    made = make_process(perform, now, ProcessState.OPEN)
    only_presence = {Gate.SECTOR_PARTICIPATED: "Nobody came"}
    with pytest.raises(operations.GateClosed) as fault:
        close(perform, made, now=day(now, 43), unanswered=1, reasons=only_presence)
    assert fault.value.gate is Gate.ALL_ANSWERED
    assert read(lambda s: [override.gate for override in queries.list_overrides(s, made)]) == [Gate.SECTOR_INVITED]
    close(perform, made, now=day(now, 43), unanswered=0, reasons=only_presence)
    gates = read(lambda s: [override.gate for override in queries.list_overrides(s, made)])
    assert gates == [Gate.SECTOR_INVITED, Gate.SECTOR_PARTICIPATED]


def test_closing_waits_until_every_sector_takes_part(perform, read, now):
    made = make_process(perform, now, ProcessState.OPEN)
    organisations = invite_every_sector(perform, made, now=now)
    accounts = [make_account(perform, f"d{n}@city.example", now=now) for n in range(3)]
    for organisation, account in zip(organisations, accounts, strict=True):
        make_delegate(perform, organisation, account, now=now)
    for account in accounts[:2]:
        change(perform, made, join, account.id, now=day(now, 8))
    with pytest.raises(operations.GateClosed) as fault:
        close(perform, made, now=day(now, 43), reasons={})
    assert fault.value.gate is Gate.SECTOR_PARTICIPATED
    assert read(lambda s: queries.sectors_without_participants(s, made)) == [Sector.CIVIL_SOCIETY]
    change(perform, made, join, accounts[2].id, now=day(now, 9))
    close(perform, made, now=day(now, 43), reasons={})
    assert reload(read, made).status is ProcessState.CLOSED


def test_somebody_whose_mandate_had_ended_counts_for_nobody(perform, read, now):
    made = make_process(perform, now, ProcessState.OPEN)
    [organisation, *_others] = invite_every_sector(perform, made, now=now)
    account = make_account(perform, "former@city.example", now=now)
    delegate = make_delegate(perform, organisation, account, now=now)

    def revoke(session):
        found = session.merge(delegate)
        register.revoke_delegate(session, organisation, found, actor=CITY, now=day(now, 1))

    perform(revoke)
    change(perform, made, join, account.id, now=day(now, 8))
    board = {group.group: group for group in read(lambda s: queries.presence_of_stakeholders(s, made))}
    assert board["sector:public"].participating == 0


def test_joining_is_told_once_under_a_pseudonym(perform, read, now, entries):
    made = make_process(perform, now, ProcessState.OPEN)
    account = make_account(perform, "sara@city.example", now=now)
    assert change(perform, made, join, account.id, actor=acting(account), now=day(now, 8)) is True
    revise = operations.add_document
    change(perform, made, revise, DOCUMENT, now=day(now, 8))

    def again(session, process, **who):
        operations.add_document(session, process, DOCUMENT, actor=CITY, now=day(now, 9))
        return join(session, process, account.id, **who)

    assert change(perform, made, again, actor=acting(account), now=day(now, 9)) is False
    joined = [entry for entry in entries(made) if entry.values["type"] == "participant.joined"]
    assert len(joined) == 1
    assert joined[0].values["subject"] == f"{made.ref}/participant/{joined[0].values['actor']}"
    assert read(lambda s: queries.count_participants(s, made)) == 1


def test_many_first_acts_at_once_make_one_participant(app, perform, read, now, entries):
    made = make_process(perform, now, ProcessState.OPEN)
    account = make_account(perform, "sara@city.example", now=now)

    def act(number):
        def work(session):
            process = queries.get_process(session, made.public_id)
            register.register_organisation(session, details(f"No. {number}"), actor=CITY, now=now)
            return join(session, process, account.id, actor=acting(account), now=now)

        return perform(work)

    with ThreadPoolExecutor(8) as threads:
        firsts = list(threads.map(act, range(24)))
    assert firsts.count(True) == 1
    assert types(entries(made)).count("participant.joined") == 1


def test_a_person_can_read_where_they_took_part(app, perform, now):
    made = make_process(perform, now, ProcessState.OPEN)
    account = make_account(perform, "sara@city.example", now=now)
    change(perform, made, join, account.id, now=day(now, 8))
    with app.app_context():
        [taken] = everything_about(account, now=now)["participations"]
    assert (taken["process"], taken["since"]) == (made.public_id, "2026-03-29T08:00:00Z")


def test_a_clerk_who_enters_somebody_is_not_the_one_who_took_part(perform, now, entries):
    made = make_process(perform, now, ProcessState.OPEN)
    person = make_account(perform, "sara@city.example", now=now)
    clerk = make_account(perform, "clerk@city.example", now=now)
    change(perform, made, join, person.id, actor=acting(clerk), now=now)
    values = entries(made)[-1].values
    assert values["type"] == "participant.joined"
    assert not values["subject"].endswith(values["actor"])


def test_an_invitation_stands_in_the_log_with_what_the_register_says(perform, now, entries):
    made = make_draft(perform, now)
    new = make_organisation(perform, "New school", now=now, is_youth_group=True)
    change(perform, made, invite_organisations, [new], channel=Channel.PHONE, now=now)
    last = entries(made)[-1]
    assert last.values["subject"] == f"{made.ref}/{new.ref}"
    assert last.payload == {
        "organisation": new.ref,
        "name": "New school",
        "sector": "civil_society",
        "subtype": "association",
        "is_womens_group": False,
        "is_youth_group": True,
        "channel": "phone",
        "status": "invited",
    }


def test_tables_and_log_agree_and_a_change_behind_the_door_is_named(app, perform, read, now):
    made = make_process(perform, now, ProcessState.OPEN)
    [organisation, *_others] = invite_every_sector(perform, made, now=now)
    new = details("Another name", Sector.PUBLIC)
    perform(lambda s: register.revise_organisation(s, s.merge(organisation), new, actor=CITY, now=now))
    with app.app_context():
        log.sequence(db.engine)
        assert [fault for fault in drift.check(db.session()) if "account" not in fault] == []
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE process SET responsible = 'Somebody else'")
            connection.exec_driver_sql("UPDATE invitation SET status = 'answered'")
        faults = drift.check(db.session())
        db.session.rollback()
    assert any(fault.startswith(f"{made.ref}: responsible is not what entry") for fault in faults)
    assert any(f"{made.ref}/{organisation.ref}: status" in fault for fault in faults)


def test_every_entry_of_a_process_carries_it(perform, read, now):
    made = make_process(perform, now, ProcessState.OPEN)
    invite_every_sector(perform, made, now=now)
    rows = read(lambda s: s.execute(select(LogEntry.subject, LogEntry.process)).all())
    assert all(row.process == made.ref for row in rows if row.subject.startswith(made.ref))
