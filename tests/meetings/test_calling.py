"""Announcing, changing, inviting, cancelling: the state, the log, and who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.accounts.making import CITY, make_account, send_mails
from tests.meetings.making import AHEAD, announce, change, mailing, notice, register, reload
from tests.processes.making import change as change_process
from tests.processes.making import invite_every_sector, invite_organisations, make_process
from tests.stakeholders.making import drift_faults, make_organisation, told
from ucc_participate.kernel.errors import Conflict, Invalid
from ucc_participate.meetings import operations, queries
from ucc_participate.meetings.models import MeetingState, Mode
from ucc_participate.processes.models import ProcessState
from ucc_participate.vocabularies.uccn import Sector


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def process(perform, now):
    return make_process(perform, now, ProcessState.OPEN)


@pytest.fixture
def meeting(perform, process, now):
    return announce(perform, process, now=now)


def revise(perform, meeting, starts_at, *, now, because="", **changes):
    facts = {"because": because, "mailing": mailing(now)}
    return change(perform, meeting, operations.revise_meeting, notice(starts_at, **changes), now=now, **facts)


def test_a_notice_is_public_and_in_the_log_without_the_link_and_without_names(app, perform, read, process, now):
    link = "https://meet.example/secret"
    made = announce(perform, process, now=now, mode=Mode.BOTH, link=link, latitude=36_560_000, longitude=53_060_000)
    assert reload(read, made).link == link
    [entry] = told(app, subject=made.ref)
    assert (entry.type, entry.payload["status"], entry.payload["latitude"]) == (
        "meeting.announced", "announced", 36_560_000,
    )  # fmt: skip
    assert entry.payload["agenda"] == [
        {"title": "Welcome", "minutes": 10}, {"title": "What is missing", "minutes": 60},
    ]  # fmt: skip
    assert link not in str(entry.payload)
    assert "Leila" not in str(entry.payload)
    assert drift_faults(app) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": {}}, "title"),
        ({"starts_at": timedelta(days=-1)}, "starts_at"),
        ({"ends_at": timedelta(days=9)}, "ends_at"),
        ({"ends_at": timedelta(days=20)}, "ends_at"),
        ({"place": ""}, "place"),
        ({"mode": Mode.ONLINE}, "link"),
        ({"places": 0}, "places"),
        ({"ends_at": AHEAD + timedelta(minutes=30)}, "agenda"),
    ],
)
def test_a_notice_that_makes_no_sense_is_refused(app, perform, process, now, changes, field):
    said = {name: now + value if isinstance(value, timedelta) else value for name, value in changes.items()}
    with pytest.raises(Invalid) as refusal:
        announce(perform, process, now=now, **said)
    assert refusal.value.field == field
    assert [entry for entry in told(app, process=process.ref) if entry.type.startswith("meeting.")] == []


def test_less_than_a_week_before_needs_a_reason_that_everybody_reads(perform, read, process, now):
    soon = now + timedelta(days=6, hours=23)
    with pytest.raises(Invalid) as refusal:
        announce(perform, process, now=now, starts_at=soon)
    assert refusal.value.field == "because"
    made = announce(perform, process, now=now, starts_at=soon, because="The hall is free on this day alone")
    assert made.short_notice_because == "The hall is free on this day alone"
    assert announce(perform, process, now=now, starts_at=now + timedelta(days=7)).short_notice_because is None


def test_the_days_are_data_of_the_process(app, perform, process, now):
    change_process(perform, process, operations.set_rules, notice_days=3, objection_days=14, now=now)
    assert announce(perform, process, now=now, starts_at=now + timedelta(days=3)).short_notice_because is None
    [entry] = told(app, subject=f"{process.ref}/meetings")
    assert (entry.type, entry.payload) == ("meeting_rules.set", {"notice_days": 3, "objection_days": 14})
    with pytest.raises(Invalid):
        change_process(perform, process, operations.set_rules, notice_days=0, objection_days=14, now=now)
    assert drift_faults(app) == []


def test_who_registered_is_told_at_once_when_it_is_moved_and_nobody_when_a_word_changes(
    app, perform, read, meeting, now
):
    register(perform, meeting, make_account(perform, now=now), now=now)
    send_mails(app)
    assert revise(perform, meeting, now + AHEAD, now=now, text={"en": "Bring your tools."}) is False
    assert len(send_mails(app)) == 0
    with pytest.raises(Invalid) as refusal:
        revise(perform, meeting, now + AHEAD, now=now, place="Hall of the potters")
    assert refusal.value.field == "because"
    assert revise(perform, meeting, now + AHEAD, now=now, place="Hall of the potters", because="The roof leaks") is True
    [mail] = send_mails(app)
    assert "Changed" in mail.subject
    assert "The roof leaks" in mail.body
    assert "Hall of the potters" in mail.body
    assert [entry.type for entry in told(app, subject=meeting.ref)] == [
        "meeting.announced", "meeting.revised", "meeting.moved",
    ]  # fmt: skip
    assert reload(read, meeting).revision == 2


def test_cancelling_needs_a_reason_tells_everybody_and_is_the_end(app, perform, read, meeting, now):
    register(perform, meeting, make_account(perform, now=now), now=now)
    with pytest.raises(Invalid):
        change(perform, meeting, operations.cancel_meeting, because="", mailing=mailing(now), now=now)
    facts = {"because": "Flood in the bazaar", "mailing": mailing(now), "now": now}
    assert change(perform, meeting, operations.cancel_meeting, **facts) == 1
    assert "Flood in the bazaar" in send_mails(app)[0].body
    assert reload(read, meeting).status is MeetingState.CANCELLED
    with pytest.raises(Conflict):
        change(perform, meeting, operations.cancel_meeting, **facts)
    with pytest.raises(Conflict):
        register(perform, meeting, make_account(perform, "later@example.org", now=now), now=now)
    assert drift_faults(app) == []


def test_organisations_are_invited_by_sector_once_and_written_to_where_they_have_an_address(
    app, perform, read, process, meeting, now
):
    people = invite_every_sector(perform, process, now=now)
    guild = make_organisation(perform, "Guild of dyers", Sector.PRIVATE, now=now, contact_email="guild@example.org")
    change_process(perform, process, invite_organisations, [guild], now=now)
    left = read(lambda s: queries.count_to_invite(s, meeting))
    assert left == {Sector.PUBLIC: (1, 0), Sector.PRIVATE: (2, 1), Sector.CIVIL_SOCIETY: (1, 0)}
    facts = {"locale": "en", "mailing": mailing(now), "now": now}
    assert change(perform, meeting, operations.invite_to_meeting, [Sector.PUBLIC, Sector.PRIVATE], **facts) == 3
    [mail] = send_mails(app)
    assert (mail.to, "Guild of dyers" in mail.body) == ("guild@example.org", True)
    assert read(lambda s: queries.invited_by_sector(s, meeting)) == {Sector.PUBLIC: 1, Sector.PRIVATE: 2}
    with pytest.raises(Invalid):
        change(perform, meeting, operations.invite_to_meeting, [Sector.PUBLIC], **facts)
    entry = told(app, subject=meeting.ref)[-1]
    assert entry.type == "meeting_invitation.sent"
    assert entry.payload == {"organisations": sorted([people[0].ref, people[1].ref, guild.ref])}
    assert drift_faults(app) == []


@pytest.mark.parametrize("state", [ProcessState.DRAFT, ProcessState.CLOSED])
def test_a_draft_or_closed_process_has_no_new_meetings(perform, now, state):
    other = make_process(perform, now, state)
    later = now + timedelta(days=61)
    with pytest.raises(Conflict):
        announce(perform, other, now=later, actor=CITY)


def test_past_meetings_are_read_page_by_page_and_none_is_lost(perform, read, process, now):
    made = [
        announce(perform, process, now=now, starts_at=now + timedelta(days=8 + number // 2)).public_id
        for number in range(7)
    ]
    later, seen, after = now + timedelta(days=40), [], None
    while True:
        page = read(lambda s, after=after: queries.list_past(s, process, now=later, after=after, limit=2))
        seen += [each.public_id for each in page.meetings]
        after = page.after
        if after is None:
            break
    assert sorted(seen) == sorted(made)
    assert len(set(seen)) == 7
    assert seen == list(reversed(made))
