"""Telling followers and reminding silent organisations, by a clock that the test moves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.accounts.making import make_account, send_mails
from tests.outreach.making import DIGESTS, invite
from tests.processes.making import close, make_process
from tests.stakeholders.making import make_organisation, told
from ucc_participate.accounts import jobs as retention
from ucc_participate.accounts.models import Account
from ucc_participate.accounts.references import actor_of
from ucc_participate.kernel.db import db
from ucc_participate.kernel.identity import VISITOR
from ucc_participate.outreach import jobs, operations
from ucc_participate.outreach.models import InvitationNote, NewsKind, Told
from ucc_participate.outreach.news import News
from ucc_participate.processes.models import Channel, Invitation, InvitationState, ProcessState
from ucc_participate.processes.queries import get_process


@pytest.fixture
def process(perform, clock):
    """Open; proposals can be handed in from the seventh day on, at 08:00 UTC, 11:30 in the city."""
    return make_process(perform, clock.now(), ProcessState.OPEN)


def follower(perform, process, *, now, email="sara@example.org", **wishes: Any) -> Account:
    account = make_account(perform, email, now=now)

    def work(session: Any) -> None:
        own, found = session.get(Account, account.id), get_process(session, process.public_id)
        operations.follow(session, found, own, actor=actor_of(own), now=now)

    perform(work)
    if wishes:
        facts = {"kinds": list(NewsKind), "quiet_from": None, "quiet_until": None} | wishes
        actor = actor_of(account)
        perform(lambda s: operations.set_wishes(s, s.get(Account, account.id), actor=actor, now=now, **facts))
    return account


def run(app, job=jobs.tell_followers) -> None:
    with app.app_context():
        job()


def digests(app) -> list[Any]:
    return [mail for mail in send_mails(app) if "news from the city" in mail.subject]


def test_a_follower_is_told_once_that_a_phase_has_begun(app, perform, clock, process):
    follower(perform, process, now=clock.now())
    clock.advance(days=7, minutes=10)
    for _time in range(3):
        run(app)
    [mail] = digests(app)
    assert "a new phase has begun, “Propose”" in mail.body
    assert f"http://127.0.0.1:8000/p/{process.public_id}" in mail.body.splitlines()
    for _day in range(4):
        clock.advance(days=1)
        run(app)
    assert len(digests(app)) == 1


def test_who_does_not_follow_or_does_not_want_that_kind_is_told_nothing(app, perform, clock, process):
    make_account(perform, "nobody@example.org", now=clock.now())
    follower(perform, process, now=clock.now(), kinds=[NewsKind.VOTE])
    clock.advance(days=7, minutes=10)
    run(app)
    assert digests(app) == []


def test_nobody_is_told_anything_in_quiet_hours_and_everything_afterwards(app, perform, clock, process):
    follower(perform, process, now=clock.now())
    late = follower(perform, process, now=clock.now(), email="owl@example.org", quiet_from=9, quiet_until=20)
    clock.advance(days=7, hours=10)  # 21:30 in the city
    run(app)
    assert [mail.to for mail in digests(app)] == [late.email]
    clock.advance(hours=11)  # 08:30
    run(app)
    assert sorted(mail.to for mail in digests(app)) == ["owl@example.org", "sara@example.org"]


def test_one_mail_a_day_with_everything_in_it(app, perform, clock, process):
    follower(perform, process, now=clock.now())
    found: list[News] = []
    app.extensions["ucc.news"].append(lambda _session, _now: list(found))
    found += [News(process.id, NewsKind.ANSWER, f"answer/{name}", name) for name in ("Kilns", "Dyes")]
    run(app)
    [mail] = digests(app)
    assert ("“Kilns”" in mail.body, "“Dyes”" in mail.body) == (True, True)
    found.append(News(process.id, NewsKind.ANSWER, "answer/Looms", "Looms"))
    clock.advance(hours=3)
    run(app)
    assert len(digests(app)) == 1
    clock.advance(hours=22)
    run(app)
    newest = digests(app)[0]
    assert ("Looms" in newest.body, "Kilns" in newest.body) == (True, False)


def test_news_of_a_job_that_stood_still_for_two_days_is_still_told(app, perform, clock, process):
    follower(perform, process, now=clock.now())
    clock.advance(days=9, hours=2)
    run(app)
    assert len(digests(app)) == 1


def test_a_vote_about_to_close_is_told_to_who_has_not_voted(app, perform, clock, process):
    voted = follower(perform, process, now=clock.now(), email="done@example.org")
    follower(perform, process, now=clock.now())
    waiting = select(Account.id).where(Account.id != voted.id)
    vote = News(process.id, NewsKind.VOTE, "vote/x", {"en": "Budget"}, clock.now() + timedelta(hours=20), waiting)
    app.extensions["ucc.news"].append(lambda _session, _now: [vote])
    run(app)
    mails = {mail.to: mail.body for mail in digests(app)}
    assert "you have not voted yet" in mails["sara@example.org"]
    assert "closes on" in mails["sara@example.org"]
    assert "voted" not in mails["done@example.org"]


def test_stopping_stops_and_following_begins_again(app, perform, read, clock, process):
    account = follower(perform, process, now=clock.now())
    stop = {"actor": actor_of(account), "now": clock.now()}
    perform(lambda s: operations.stop_account(s, s.get(Account, account.id), **stop))
    clock.advance(days=7, minutes=10)
    run(app)
    assert digests(app) == []
    perform(lambda s: operations.follow(s, get_process(s, process.public_id), s.get(Account, account.id), **stop))
    run(app)
    assert len(digests(app)) == 1
    assert [entry.type for entry in told(app)][-2:] == ["account.reminders_changed"] * 2
    assert read(lambda s: s.scalar(select(func.count()).select_from(Told))) == 1


def test_the_link_of_a_mail_stops_it_for_that_account(app, client, perform, clock, process):
    account = follower(perform, process, now=clock.now())
    clock.advance(days=7, minutes=10)
    run(app)
    [mail] = digests(app)
    link = next(line for line in mail.body.splitlines() if "/stop/" in line)
    assert client.post(link.partition("8000")[2]).status_code == 200
    app.extensions["ucc.news"].append(lambda _session, _now: [News(process.id, NewsKind.ANSWER, "answer/a", "Kilns")])
    clock.advance(days=1)
    run(app)
    assert len(digests(app)) == 1
    assert account.email not in link


def reminders(app) -> list[Any]:
    return [mail for mail in send_mails(app) if mail.subject.startswith("A reminder")]


def test_silent_organisations_are_reminded_after_the_days_of_their_batch(app, perform, read, clock, process):
    weavers = make_organisation(perform, "Weavers", now=clock.now(), contact_email="zahra@weavers.example")
    choir = make_organisation(perform, "Choir", now=clock.now(), contact_email="choir@example.org")
    until = (clock.now() + timedelta(days=60)).date()
    invite(perform, process, [weavers], now=clock.now(), expires_on=until, remind_after_days=7, channel=Channel.EMAIL)
    invite(perform, process, [choir], now=clock.now(), expires_on=until, channel=Channel.EMAIL)
    days = []
    for day in range(40):
        before = len(reminders(app))
        run(app, jobs.remind_organisations)
        run(app, jobs.remind_organisations)
        if len(reminders(app)) > before:
            days.append(day)
        clock.advance(days=1)
    assert days == [7, 14, 21]
    assert {mail.to for mail in reminders(app)} == {"zahra@weavers.example"}
    count = read(lambda s: s.scalar(select(Invitation.reminders).where(Invitation.organisation_id == weavers.id)))
    assert count == 3


def test_the_job_keeps_quiet_at_night_and_respects_who_stopped(app, client, perform, clock, process):
    weavers = make_organisation(perform, "Weavers", now=clock.now(), contact_email="zahra@weavers.example")
    facts = {"remind_after_days": 3, "channel": Channel.EMAIL}
    invite(perform, process, [weavers], now=clock.now(), **facts)
    clock.advance(days=4, hours=11)  # 22:30 in the city
    run(app, jobs.remind_organisations)
    assert reminders(app) == []
    clock.advance(hours=11)
    run(app, jobs.remind_organisations)
    [mail] = reminders(app)
    link = next(line for line in mail.body.splitlines() if line.startswith("http") and "/stop/" in line)
    assert client.post(link.partition("8000")[2], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    clock.advance(days=8)
    run(app, jobs.remind_organisations)
    assert len(reminders(app)) == 1


def test_the_link_in_a_reminder_opens_the_invitation(app, client, perform, clock, process):
    weavers = make_organisation(perform, "Weavers", now=clock.now(), contact_email="zahra@weavers.example")
    invite(perform, process, [weavers], now=clock.now(), remind_after_days=3)
    clock.advance(days=4)
    run(app, jobs.remind_organisations)
    [mail] = reminders(app)
    code = next(line for line in mail.body.splitlines() if "/i/" in line).rpartition("/")[2]
    assert client.post("/i", data={"code": code}).location == "/invitation"


def test_every_room_brings_its_news(app):
    names = {source.__name__.removesuffix("_news") for source in app.extensions["ucc.news"]}
    of_proposals = {"answer", "version", "merged"}
    of_votes = {"closing", "certified"}
    assert names == of_proposals | of_votes | {"phase", "comment", "closed", "meeting", "minutes"}
    assert set(app.extensions["ucc.followable"]) == {"process", "proposal", "meeting", "opinion_map"}
    assert VISITOR.is_signed_in is False


def test_what_was_said_goes_a_year_after_the_process_is_closed_with_an_entry_that_counts(app, perform, clock, process):
    weavers = make_organisation(perform, "Weavers", now=clock.now())
    [slip] = invite(perform, process, [weavers], now=clock.now()).slips
    facts: dict[str, Any] = {"digests": DIGESTS, "today": clock.now().date(), "actor": VISITOR, "now": clock.now()}
    found = perform(lambda s: operations.open_invitation(s, slip.code, **facts))
    del facts["digests"]
    perform(
        lambda s: operations.answer_invitation(
            s, found.code, answer=InvitationState.DECLINED, because="Ask Mina", **facts
        )
    )
    clock.advance(days=60)
    close(perform, process, now=clock.now())
    for days, left in ((360, 1), (10, 0), (1, 0)):
        clock.advance(days=days)
        run(app, retention.run)
        with app.app_context():
            assert db.session.scalar(select(func.count(InvitationNote.id))) == left
    [entry] = [entry for entry in told(app) if entry.type == "retention.executed"]
    assert entry.payload == {"rule": "invitation_notes", "count": 1}


def test_that_somebody_was_told_is_forgotten_after_a_month(app, perform, read, clock, process):
    follower(perform, process, now=clock.now())
    clock.advance(days=7, minutes=10)
    run(app)
    [told_first] = read(lambda s: s.scalars(select(Told.key)).all())
    for days, is_kept in ((29, True), (2, False)):
        clock.advance(days=days)
        app.extensions["ucc.jobs"].run_all()
        assert (told_first in read(lambda s: s.scalars(select(Told.key)).all())) is is_kept
