"""What followers are told of meetings and minutes, and what the feed says of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.accounts.making import make_account
from tests.meetings.making import AHEAD, HOURS, announce, change, hold, mailing, notice, publish, register, scan
from tests.meetings.test_minutes import finalise
from tests.outreach.test_following import follow
from tests.outreach.test_jobs import digests, run
from tests.processes.making import make_process
from ucc_participate.meetings import operations
from ucc_participate.meetings.entry import NewDecision
from ucc_participate.processes.models import ProcessState

BECAUSE = "The hall has no lift."


@pytest.fixture
def process(perform, clock):
    return make_process(perform, clock.now(), ProcessState.OPEN)


@pytest.fixture
def meeting(perform, process, clock):
    return announce(perform, process, now=clock.now())


def told(app) -> list[tuple[str, str]]:
    run(app)
    return sorted((mail.to, mail.body) for mail in digests(app))


def move(perform, meeting, *, now):
    moved = notice(meeting.starts_at + timedelta(days=1))
    facts = {"because": BECAUSE, "mailing": mailing(now), "now": now}
    change(perform, meeting, operations.revise_meeting, moved, **facts)


def test_a_meeting_is_told_to_who_follows_it_or_its_process_and_leads_to_its_page(
    app, perform, clock, process, meeting
):
    follow(perform, process, process.ref, now=clock.now())
    follow(perform, process, meeting.ref, now=clock.now(), email="omid@e.org")
    [(_omid, first), (_sara, second)] = told(app)
    page = f"http://127.0.0.1:8000/p/{process.public_id}/meetings/{meeting.public_id}"
    for body in (first, second):
        assert "the city invites to the meeting “Crafts in the old bazaar”" in body
        assert page in body.splitlines()


def test_that_it_is_moved_is_told_once_and_not_to_who_registered_and_has_a_mail_of_it(
    app, perform, clock, process, meeting
):
    follow(perform, process, meeting.ref, now=clock.now())
    comes = follow(perform, process, meeting.ref, now=clock.now(), email="omid@e.org")
    register(perform, meeting, comes, now=clock.now())
    clock.advance(days=4)
    assert told(app) == []
    move(perform, meeting, now=clock.now())
    for _day in range(3):
        [(to, body)] = told(app)
        assert (to, "time or place of the meeting “Crafts in the old bazaar” were changed" in body) == (
            "sara@example.org",
            True,
        )
        clock.advance(days=1)


def test_that_it_is_called_off_is_told_and_stands_in_the_feed_with_the_reason(
    app, client, perform, clock, process, meeting
):
    follow(perform, process, process.ref, now=clock.now())
    clock.advance(days=4)
    facts = {"because": BECAUSE, "mailing": mailing(clock.now()), "now": clock.now()}
    change(perform, meeting, operations.cancel_meeting, **facts)
    [(_to, body)] = told(app)
    assert "was called off. Its page says why." in body
    feed = client.get(f"/p/{process.public_id}/news.en.atom").text
    assert "A meeting is called off: Crafts in the old bazaar" in feed
    assert BECAUSE in feed


def test_draft_minutes_are_told_while_one_can_object_then_that_they_are_final(app, perform, clock, process, meeting):
    follow(perform, process, meeting.ref, now=clock.now())
    there = make_account(perform, "omid@e.org", now=clock.now())
    follow(perform, process, meeting.ref, now=clock.now(), email="mina@e.org")
    clock.at = meeting.starts_at
    scan(perform, meeting, there, now=clock.now())
    clock.advance(hours=2)
    hold(perform, meeting, now=clock.now())
    publish(perform, meeting, now=clock.now(), decisions=(NewDecision("Open the hall.", (), ()),))
    clock.advance(days=1)
    bodies = [body for _to, body in told(app)]
    assert len(bodies) == 2
    assert all("draft minutes of the meeting “Crafts in the old bazaar” can be read" in body for body in bodies)
    clock.advance(days=8)
    finalise(perform, meeting, now=clock.now())
    bodies = [body for _to, body in told(app) if "are final" in body]
    assert len(bodies) == 2


def test_the_feed_of_the_process_names_meetings_and_minutes(client, perform, clock, process, meeting):
    hold(perform, meeting, now=clock.now() + AHEAD + HOURS)
    publish(perform, meeting, now=clock.now() + AHEAD + HOURS)
    clock.advance(days=12)
    feed = client.get(f"/p/{process.public_id}/news.en.atom").text
    assert "A meeting is announced: Crafts in the old bazaar" in feed
    assert "Draft minutes: Crafts in the old bazaar" in feed
    assert f"/p/{process.public_id}/meetings/{meeting.public_id}/minutes" in feed


def test_the_pages_of_a_meeting_offer_to_follow_it(client, process, meeting):
    page = client.get(f"/p/{process.public_id}/meetings/{meeting.public_id}").text
    assert "Sign in to be told what happens here" in page
