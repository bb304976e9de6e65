"""Inviting with codes, answering, noting attendance and calls, reminding: the state and the audit entry of each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.accounts.making import ACTORS, send_mails
from tests.outreach.making import DIGESTS, activity, correct, invite, on_invitations, opened, record, remind, terms
from tests.processes.making import make_draft, make_process
from tests.stakeholders.making import make_organisation, told
from ucc_participate.audit import drift
from ucc_participate.audit.models import LogEntry, LogOpening
from ucc_participate.kernel.codes import read_code
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from ucc_participate.kernel.identity import VISITOR, Actor, Role
from ucc_participate.outreach import operations, queries
from ucc_participate.outreach.digests import address_digest, code_digest
from ucc_participate.outreach.models import Activity, InvitationCode, InvitationNote, NoteKind
from ucc_participate.processes.models import Channel, Invitation, InvitationState, ProcessState, WayIn


@pytest.fixture
def now(clock) -> datetime:
    return clock.now()


@pytest.fixture
def process(perform, now):
    return make_process(perform, now, ProcessState.PUBLISHED)


@pytest.fixture
def weavers(perform, now):
    return make_organisation(perform, "Weavers", now=now, contact_email="Zahra@weavers.example", contact_name="Zahra")


def types_of(app, process) -> list[str]:
    return [entry.type for entry in told(app, process=process.ref)]


def invitation_of(read, organisation) -> Invitation:
    return read(lambda s: s.scalar(select(Invitation).where(Invitation.organisation_id == organisation.id)))


def answer(perform, slip, *, now, said=InvitationState.ANSWERED, because="", day=None) -> Any:
    code = code_digest(DIGESTS, slip.code)
    facts = {"answer": said, "because": because, "today": day or now.date(), "actor": VISITOR, "now": now}
    return perform(lambda s: operations.answer_invitation(s, code, **facts))


def test_each_invited_organisation_gets_a_code_of_its_own_that_is_kept_as_a_digest_alone(
    app, perform, read, now, process, weavers
):
    choir = make_organisation(perform, "Choir", now=now)
    issued = invite(perform, process, [weavers, choir], now=now)
    codes = [slip.code for slip in issued.slips]
    assert len(set(codes)) == 2
    assert all(read_code(code) for code in codes)
    assert {slip.name for slip in issued.slips} == {"Weavers", "Choir"}
    kept = {row.code for row in read(lambda s: s.scalars(select(InvitationCode)).all())}
    assert kept == {code_digest(DIGESTS, code) for code in codes}
    entries = told(app, process=process.ref)
    assert [entry.type for entry in entries[-3:]] == [
        "stakeholder.invited",
        "stakeholder.invited",
        "invitation.codes_issued",
    ]
    assert entries[-1].payload["size"] == 2
    with app.app_context():
        told_all = [entry.entry for entry in db.session.scalars(select(LogEntry))]
        openings = [row.fields or "" for row in db.session.scalars(select(LogOpening))]
    plain = [code.replace("-", "") for code in codes]
    assert not [code for code in codes + plain if any(code.encode() in entry for entry in told_all)]
    assert not [code for code in codes + plain if any(code in fields for fields in openings)]


def test_who_was_invited_before_gets_no_second_invitation(perform, read, now, process, weavers):
    invite(perform, process, [weavers], now=now)
    choir = make_organisation(perform, "Choir", now=now)
    assert [slip.name for slip in invite(perform, process, [weavers, choir], now=now).slips] == ["Choir"]
    with pytest.raises(Invalid, match="invited already"):
        invite(perform, process, [weavers], now=now)
    assert len(read(lambda s: s.scalars(select(Invitation)).all())) == 2


def test_an_invitation_by_email_leads_to_the_code_in_the_language_of_the_organisation(
    app, perform, now, process, weavers
):
    choir = make_organisation(perform, "Choir without an address", now=now)
    issued = invite(
        perform, process, [weavers, choir], now=now, channel=Channel.EMAIL, locales={weavers.public_id: "fa"}
    )
    slip = next(slip for slip in issued.slips if slip.name == "Weavers")
    [mail] = send_mails(app)
    assert (mail.to, mail.language) == ("Zahra@weavers.example", "fa")
    assert "شهر صنایع دستی" in mail.subject
    lines = mail.body.splitlines()
    assert f"http://city.example/i/{slip.code}" in lines
    assert f"http://city.example/stop/{address_digest(DIGESTS, 'zahra@weavers.example')}" in lines
    assert not any("weavers.example" in str(entry.payload) for entry in told(app, process=process.ref))


def test_in_quiet_hours_the_mail_waits(app, perform, now, clock, process, weavers):
    morning = now + timedelta(hours=9)
    invite(perform, process, [weavers], now=now, channel=Channel.EMAIL, not_before=morning)
    assert send_mails(app) == []
    clock.advance(hours=9)
    assert len(send_mails(app)) == 1


def test_a_draft_is_mailed_to_nobody_but_letters_can_be_printed(app, perform, now, weavers):
    draft = make_draft(perform, now)
    before = len(told(app, process=draft.ref))
    with pytest.raises(Invalid, match="Publish the process first"):
        invite(perform, draft, [weavers], now=now, channel=Channel.EMAIL)
    assert (send_mails(app), len(told(app, process=draft.ref))) == ([], before)
    [slip] = invite(perform, draft, [weavers], now=now).slips
    with pytest.raises(Conflict, match="not public yet"):
        opened(perform, slip.code, now=now)


@pytest.mark.parametrize(
    ("who", "may"), [("coordinator", True), ("clerk", True), ("resident", False), ("evaluator", False)]
)
def test_coordinators_and_clerks_invite(perform, now, process, weavers, who, may):
    actor = ACTORS[who]
    if may:
        assert len(invite(perform, process, [weavers], now=now, actor=actor).slips) == 1
    else:
        with pytest.raises(Forbidden):
            invite(perform, process, [weavers], now=now, actor=actor)


def test_codes_that_would_have_expired_are_not_made(perform, read, now, process, weavers):
    with pytest.raises(Invalid) as refusal:
        invite(perform, process, [weavers], now=now, expires_on=(now - timedelta(days=1)).date())
    assert refusal.value.field == "expires_on"
    assert invitation_of(read, weavers) is None


def test_reading_is_noted_once_as_an_act_of_a_visitor_about_the_organisation(app, perform, read, now, process, weavers):
    [slip] = invite(perform, process, [weavers], now=now).slips
    later = now + timedelta(days=1)
    opened(perform, slip.code.lower().replace("-", " "), now=later)
    opened(perform, slip.code, now=later + timedelta(days=1))
    assert invitation_of(read, weavers).opened_at == later
    entries = [entry for entry in told(app, process=process.ref) if entry.type == "stakeholder.opened"]
    assert [(entry.values["role"], entry.values["subject"]) for entry in entries] == [
        ("visitor", f"{process.ref}/{weavers.ref}")
    ]
    assert entries[0].payload["opened_at"] == "2026-03-22T08:00:00Z"


@pytest.mark.parametrize(
    ("said", "event"), [("answered", "stakeholder.answered"), ("declined", "stakeholder.declined")]
)
def test_the_answer_comes_through_the_internet_and_its_reason_stays_with_the_staff(
    app, perform, read, now, process, weavers, said, event
):
    [slip] = invite(perform, process, [weavers], now=now).slips
    answer(perform, slip, now=now, said=InvitationState(said), because="Ask Mina instead of us")
    found = invitation_of(read, weavers)
    assert (found.status.value, found.answered_through) == (said, WayIn.INTERNET)
    last = told(app, process=process.ref)[-1]
    assert (last.type, last.payload["answered_through"], last.payload["channel"]) == (event, "internet", "letter")
    assert "Mina" not in str(last.payload)
    [note] = read(lambda s: queries.notes_of(s, process, beyond={}, now=now))
    assert (note.kind, note.text, note.written_by) == (NoteKind.REASON, "Ask Mina instead of us", "visitor")


def test_an_organisation_may_change_its_mind_until_the_code_expires(perform, read, now, process, weavers):
    [slip] = invite(perform, process, [weavers], now=now).slips
    answer(perform, slip, now=now, said=InvitationState.DECLINED)
    last_day = now + timedelta(days=30)
    answer(perform, slip, now=last_day)
    assert invitation_of(read, weavers).status is InvitationState.ANSWERED
    with pytest.raises(NotFound):
        answer(perform, slip, now=last_day + timedelta(days=1), said=InvitationState.DECLINED)
    assert invitation_of(read, weavers).status is InvitationState.ANSWERED


def test_a_withdrawn_batch_opens_nothing_and_a_new_code_does(app, perform, read, now, process, weavers):
    issued = invite(perform, process, [weavers], now=now)

    def withdraw(session: Any) -> None:
        batch = queries.get_batch(session, process, issued.batch.public_id)
        operations.withdraw_batch(session, process, batch, actor=ACTORS["clerk"], now=now)

    perform(withdraw)
    with pytest.raises(NotFound):
        opened(perform, issued.slips[0].code, now=now)
    with pytest.raises(Conflict):
        perform(withdraw)
    again = on_invitations(perform, process, [weavers], _reissue, now=now, terms=terms(now))
    opened(perform, again.slips[0].code, now=now)
    assert types_of(app, process)[-3:] == [
        "invitation.codes_withdrawn",
        "invitation.codes_issued",
        "stakeholder.opened",
    ]


def _reissue(session, process, invited, *, terms, actor, now):
    return operations.reissue_codes(
        session, process, invited, terms, today=now.date(), digests=DIGESTS, actor=actor, now=now
    )


def test_new_codes_put_the_old_ones_out_of_use(app, perform, now, process, weavers):
    [old] = invite(perform, process, [weavers], now=now).slips
    new = on_invitations(perform, process, [weavers], _reissue, now=now, terms=terms(now, locale="fr"))
    with pytest.raises(NotFound):
        opened(perform, old.code, now=now)
    assert opened(perform, new.slips[0].code, now=now).locale == "fr"
    assert told(app, process=process.ref)[-2].payload["replaces"] is True


def test_attendance_is_noted_with_its_day(app, perform, read, now, process, weavers):
    invite(perform, process, [weavers], now=now)
    facts = {"at": now - timedelta(days=2), "text": "Opening evening"}
    on_invitations(perform, process, [weavers], operations.note_attendance, now=now, **facts)
    assert invitation_of(read, weavers).attended_at == now - timedelta(days=2)
    last = told(app, process=process.ref)[-1]
    assert (last.type, last.payload["attended_at"]) == ("stakeholder.attended", "2026-03-19T08:00:00Z")
    assert [note.text for note in read(lambda s: queries.notes_of(s, process, beyond={}, now=now))] == [
        "Opening evening"
    ]
    facts = {"at": now + timedelta(days=1), "text": "Tomorrow"}
    with pytest.raises(Invalid):
        on_invitations(perform, process, [weavers], operations.note_attendance, now=now, **facts)


def test_what_was_said_on_the_telephone_is_noted_by_a_clerk(app, perform, read, now, process, weavers):
    invite(perform, process, [weavers], now=now)
    said = {"answer": InvitationState.ANSWERED, "through": WayIn.PHONE, "text": "Zahra called"}
    on_invitations(perform, process, [weavers], operations.note_call, now=now, actor=ACTORS["clerk"], **said)
    assert invitation_of(read, weavers).answered_through is WayIn.PHONE
    last = told(app, process=process.ref)[-1]
    assert (last.type, last.values["role"], last.payload["answered_through"]) == (
        "stakeholder.answered",
        "clerk",
        "phone",
    )
    said["answer"] = InvitationState.INVITED
    with pytest.raises(Invalid):
        on_invitations(perform, process, [weavers], operations.note_call, now=now, **said)


def test_a_silent_organisation_is_reminded_at_most_three_times_never_within_three_days(
    app, perform, read, clock, process, weavers
):
    [first] = invite(perform, process, [weavers], now=clock.now()).slips
    sent = []
    for _day in range(20):
        sent.append(remind(perform, process, [weavers], now=clock.now()))
        clock.advance(days=1)
    assert sent == [0, 0, 0, 1, 0, 0, 1, 0, 0, 1, *[0] * 10]
    assert invitation_of(read, weavers).reminders == 3
    reminded = [entry for entry in told(app, process=process.ref) if entry.type == "stakeholder.reminded"]
    assert [entry.payload["reminders"] for entry in reminded] == [1, 2, 3]
    mails = send_mails(app)
    assert len(mails) == 3
    links = [line for line in mails[0].body.splitlines() if line.startswith("http://city.example/i/")]
    for code in (first.code, links[0].rpartition("/")[2]):
        assert opened(perform, code, now=clock.now() - timedelta(days=10)).invitation.organisation.name == "Weavers"


@pytest.mark.parametrize("reason", ["answered", "no_address", "stopped", "closed"])
def test_some_are_never_reminded(perform, clock, process, weavers, reason):
    start = clock.now()
    choir = make_organisation(perform, "Choir", now=start)
    chosen = choir if reason == "no_address" else weavers
    [slip] = invite(perform, process, [chosen], now=start).slips
    later = start + timedelta(days=5)
    if reason == "answered":
        answer(perform, slip, now=start)
    if reason == "stopped":
        digest = address_digest(DIGESTS, "zahra@weavers.example")
        perform(lambda s: operations.stop_contact(s, digest, actor=VISITOR, now=start))
        perform(lambda s: operations.stop_contact(s, digest, actor=VISITOR, now=later))
    if reason == "closed":
        from tests.processes.making import close, open_process

        open_process(perform, process, now=start)
        close(perform, process, now=start + timedelta(days=60))
        with pytest.raises(Conflict):
            remind(perform, process, [chosen], now=start + timedelta(days=61))
        return
    assert remind(perform, process, [chosen], now=later) == 0


def test_what_was_done_is_noted_and_a_correction_is_an_entry_of_its_own(app, perform, read, now, process):
    made = record(perform, process, activity(now.date()), now=now)
    corrected = correct(perform, process, made.public_id, activity(now.date(), reached=42), now=now)
    assert (corrected.public_id, corrected.number) == (made.public_id, 2)
    rows = read(lambda s: s.scalars(select(Activity).order_by(Activity.number)).all())
    assert [(row.number, row.reached, row.is_current) for row in rows] == [(1, 24, False), (2, 42, True)]
    entries = [entry for entry in told(app, process=process.ref) if entry.type.startswith("outreach.")]
    assert [(entry.type, entry.payload["reached"]) for entry in entries] == [
        ("outreach.recorded", 24),
        ("outreach.corrected", 42),
    ]
    assert entries[0].values["commit"] == entries[1].values["prev"]
    assert entries[1].payload["corrected_because"] == "We counted again"


def test_the_older_version_cannot_be_corrected_once_more(perform, now, process):
    made = record(perform, process, activity(now.date()), now=now)
    correct(perform, process, made.public_id, activity(now.date(), reached=42), now=now)

    def work(session: Any) -> None:
        old = session.scalar(select(Activity).where(Activity.number == 1))
        facts = {"because": "Again", "is_void": False, "evidence": None, "today": now.date(), "now": now}
        operations.correct_activity(session, process, old, activity(now.date()), actor=ACTORS["clerk"], **facts)

    with pytest.raises(Conflict):
        perform(work)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"counted": None}, "counted"),
        ({"reached": None}, "counted"),
        ({"group": "other"}, "group_words"),
    ],
)
def test_an_activity_that_does_not_say_enough_is_refused(app, perform, now, process, changes, field):
    before = len(types_of(app, process))
    with pytest.raises(Invalid) as refusal:
        record(perform, process, activity(now.date(), **changes), now=now)
    assert refusal.value.field == field
    assert len(types_of(app, process)) == before


def test_nothing_is_noted_before_it_has_been_done_or_by_residents(perform, now, process):
    with pytest.raises(Invalid):
        record(perform, process, activity(now.date() + timedelta(days=1)), now=now)
    with pytest.raises(Forbidden):
        record(perform, process, activity(now.date()), now=now, actor=ACTORS["resident"])


def test_people_reached_are_added_up_as_they_were_stated(perform, read, now, process):
    from ucc_participate.outreach.models import ActivityKind, Counted

    day = now.date()
    record(perform, process, activity(day), now=now)
    record(perform, process, activity(day, reached=100, counted=Counted.ESTIMATED), now=now)
    record(perform, process, activity(day, reached=None, counted=None), now=now)
    radio = record(perform, process, activity(day, kind=ActivityKind.RADIO, group="all", reached=9000), now=now)
    [everybody, women] = sorted(read(lambda s: queries.reached(s, process)), key=lambda each: each.group)
    assert (women.activities, women.counted, women.estimated, women.unknown, women.people) == (3, 24, 100, 1, 124)
    assert (everybody.kind, everybody.people) == (ActivityKind.RADIO, 9000)
    correct(perform, process, radio.public_id, activity(day, group="all"), now=now, is_void=True)
    assert [each.group for each in read(lambda s: queries.reached(s, process))] == ["women"]


def test_tables_changed_behind_the_log_are_named_by_the_drift_check(app, perform, now, process, weavers):
    [slip] = invite(perform, process, [weavers], now=now).slips
    opened(perform, slip.code, now=now)
    made = record(perform, process, activity(now.date()), now=now)
    correct(perform, process, made.public_id, activity(now.date(), reached=42), now=now)
    with app.app_context():
        told(app)
        assert drift.check(db.session()) == []
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE activity SET reached = 4200 WHERE number = 2")
            connection.exec_driver_sql("UPDATE invitation SET reminders = 2")
        faults = drift.check(db.session())
        db.session.rollback()
    assert any("outreach/" in fault and "reached is not what entry" in fault for fault in faults)


def test_notes_stand_beside_the_invitation_for_staff_alone(read, perform, now, process, weavers):
    invite(perform, process, [weavers], now=now)
    said = {"answer": InvitationState.DECLINED, "through": WayIn.PHONE, "text": ""}
    on_invitations(perform, process, [weavers], operations.note_call, now=now, **said)
    assert read(lambda s: s.scalars(select(InvitationNote)).all()) == []


def test_the_actor_of_a_job_may_remind(perform, clock, process, weavers):
    invite(perform, process, [weavers], now=clock.now())
    job = Actor("system:reminders", roles=frozenset({Role.SYSTEM, Role.COORDINATOR}))
    assert remind(perform, process, [weavers], now=clock.advance(days=4), actor=job) == 1
