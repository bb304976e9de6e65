"""Following anything: who is told what of it, once a day or at once, and how it is stopped."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from tests.accounts.making import make_account, send_mails, sign_in
from tests.outreach.test_jobs import digests, follower, run
from tests.proposals import making as proposals
from tests.stakeholders.making import told
from ucc_participate.accounts.models import Account
from ucc_participate.accounts.references import actor_of
from ucc_participate.kernel.db import db, table_of
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.outreach import operations, queries
from ucc_participate.outreach.models import NARROW_KINDS, Following, NewsKind, ReminderWish
from ucc_participate.outreach.news import News
from ucc_participate.outreach.queries.following import PORTION
from ucc_participate.processes.queries import get_process
from ucc_participate.proposals.operations import withdraw_proposal


@pytest.fixture
def place(perform, clock):
    """A process that takes proposals, and a proposal in it."""
    process, at = proposals.proposing_process(perform, clock.now())
    clock.at = at
    _author, actor = proposals.person(perform, "Omid", now=clock.now())
    return process, proposals.submit(perform, process, actor, now=clock.now())


def follow(perform, process, subject, *, now, email="sara@example.org", **wishes: Any) -> Account:
    """Somebody who follows just this, and has these wishes."""
    account = make_account(perform, email, now=now)
    facts = {"subject": subject, "actor": actor_of(account), "now": now}
    perform(lambda s: operations.follow(s, get_process(s, process.public_id), s.get(Account, account.id), **facts))
    if wishes:
        said = {"kinds": list(NewsKind), "quiet_from": None, "quiet_until": None} | wishes
        who = {"actor": actor_of(account), "now": now}
        perform(lambda s: operations.set_wishes(s, s.get(Account, account.id), **said, **who))
    return account


def bring(app, *news: News) -> None:
    """From now on, this is news."""
    app.extensions["ucc.news"].append(lambda _session, _now: news)


def head(app, to: str) -> str:
    """List-Unsubscribe of the one mail to this address."""
    from email import message_from_bytes
    from email.policy import default

    send_mails(app)
    paths = (app.extensions["ucc.settings"].instance_path / "mails").glob("*.eml")
    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in paths]
    [mine] = [mail for mail in mails if mail["To"] == to]
    return str(mine["List-Unsubscribe"]).strip("<>")


def test_who_follows_a_proposal_is_told_of_its_answer_and_of_nothing_else(app, perform, clock, place):
    process, proposal = place
    follow(perform, process, proposal.ref, now=clock.now())
    other = News(process.id, NewsKind.ANSWER, "answer/x", "Kilns")
    bring(app, News(process.id, NewsKind.ANSWER, "answer/y", proposal.title, subject=proposal.ref), other)
    run(app)
    [mail] = [mail for mail in digests(app) if mail.to == "sara@example.org"]
    assert f"the city has answered the proposal “{proposal.title}”" in mail.body
    assert "Kilns" not in mail.body
    address = f"http://127.0.0.1:8000/p/{process.public_id}/proposals/{proposal.public_id}"
    assert address in mail.body.splitlines()


def test_who_follows_process_and_proposal_is_told_once(app, perform, clock, place):
    process, proposal = place
    account = follow(perform, process, proposal.ref, now=clock.now())
    who = {"actor": actor_of(account), "now": clock.now()}
    perform(lambda s: operations.follow(s, get_process(s, process.public_id), s.get(Account, account.id), **who))
    bring(app, News(process.id, NewsKind.ANSWER, "answer/y", proposal.title, subject=proposal.ref))
    run(app)
    [mail] = [mail for mail in digests(app) if mail.to == account.email]
    assert mail.body.count("has answered") == 1


@pytest.mark.parametrize("kind", [kind for kind in NewsKind if kind is not NewsKind.NEWSLETTER])
def test_followers_of_a_process_hear_of_its_parts_but_not_of_every_comment(app, perform, clock, place, kind):
    process, proposal = place
    clock.advance(days=5)  # the phase that has begun is no news any more
    follower(perform, process, now=clock.now())
    bring(app, News(process.id, kind, "k", "Title", clock.now() + timedelta(days=1), subject=proposal.ref))
    run(app)
    mails = [mail for mail in digests(app) if mail.to == "sara@example.org"]
    assert len(mails) == (0 if kind in NARROW_KINDS else 1)


def test_every_kind_has_a_sentence_of_its_own(app, perform, clock, place):
    process, proposal = place
    follow(perform, process, proposal.ref, now=clock.now())
    kinds = [kind for kind in NewsKind if kind is not NewsKind.NEWSLETTER]
    at = clock.now() + timedelta(days=1)
    bring(app, *(News(process.id, kind, kind.value, "Title", at, subject=proposal.ref) for kind in kinds))
    run(app)
    [mail] = [mail for mail in digests(app) if mail.to == "sara@example.org"]
    sentences = [line for line in mail.body.splitlines() if "“Title”" in line]
    assert len(set(sentences)) == len(kinds)


def test_ten_comments_are_one_sentence_and_are_not_told_again(app, perform, clock, place):
    process, proposal = place
    follow(perform, process, proposal.ref, now=clock.now())
    bring(app, *(News(process.id, NewsKind.COMMENT, f"c/{at}", "T", subject=proposal.ref) for at in range(10)))
    for _day in range(3):
        run(app)
        clock.advance(days=1)
    [mail] = [mail for mail in digests(app) if mail.to == "sara@example.org"]
    assert mail.body.count("has commented") == 1


def test_what_is_wanted_at_once_does_not_wait_for_the_mail_of_the_day_nor_use_it_up(app, perform, clock, place):
    process, proposal = place
    follow(perform, process, proposal.ref, now=clock.now(), at_once=[NewsKind.COMMENT])
    found: list[News] = []
    app.extensions["ucc.news"].append(lambda _session, _now: list(found))

    def happens(kind: NewsKind, title: str) -> list[str]:
        found.append(News(process.id, kind, title, title, subject=proposal.ref))
        clock.advance(minutes=10)
        run(app)
        return [mail.body for mail in digests(app) if mail.to == "sara@example.org"]

    assert len(happens(NewsKind.COMMENT, "One")) == 1
    assert "Two" in happens(NewsKind.VERSION, "Two")[0]
    assert len(happens(NewsKind.VERSION, "Three")) == 2
    newest = happens(NewsKind.COMMENT, "Four")
    assert (len(newest), "Four" in newest[0], "Three" in newest[0]) == (3, True, False)
    clock.advance(days=1)
    assert "Three" in happens(NewsKind.COMMENT, "Five")[0]


def test_at_once_is_not_at_night(app, perform, clock, place):
    process, proposal = place
    follow(perform, process, proposal.ref, now=clock.now(), at_once=[NewsKind.COMMENT])
    clock.advance(hours=10)  # 21:30 in the city
    bring(app, News(process.id, NewsKind.COMMENT, "c", "T", subject=proposal.ref))
    run(app)
    assert not [mail for mail in digests(app) if mail.to == "sara@example.org"]
    clock.advance(hours=11)
    run(app)
    assert [mail for mail in digests(app) if mail.to == "sara@example.org"]


def test_authors_follow_what_they_hand_in_until_they_stop(app, perform, read, clock, place):
    process, proposal = place
    [author] = read(lambda s: s.scalars(select(Account).where(Account.id == proposal.author_id)).all())
    assert read(lambda s: queries.is_following(s, author.id, proposal.ref))
    who = {"actor": actor_of(author), "now": clock.now()}
    perform(lambda s: operations.unfollow(s, proposal.ref, s.get(Account, author.id), **who))
    bring(app, News(process.id, NewsKind.COMMENT, "c", "T", subject=proposal.ref))
    run(app)
    assert digests(app) == []
    assert told(app)[-1].type == "account.reminders_changed"


def test_one_press_stops_one_thing_when_a_mail_is_of_one_thing(app, client, perform, read, clock, place):
    process, proposal = place
    account = follow(perform, process, proposal.ref, now=clock.now())
    bring(app, News(process.id, NewsKind.COMMENT, "c", "T", subject=proposal.ref))
    run(app)
    mine = head(app, account.email)
    assert f"You are told no more of “{proposal.title}”." in client.get(mine.partition("8000")[2]).text
    assert client.post(mine.partition("8000")[2], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert "They are stopped already" in client.get(mine.partition("8000")[2]).text
    wish = read(lambda s: s.scalar(select(ReminderWish).where(ReminderWish.account_id == account.id)))
    assert not read(lambda s: queries.is_following(s, account.id, proposal.ref))
    assert wish is None


def test_one_press_stops_everything_when_a_mail_is_of_several_things(app, client, perform, read, clock, place):
    process, proposal = place
    account = follow(perform, process, proposal.ref, now=clock.now())
    who = {"actor": actor_of(account), "now": clock.now()}
    perform(lambda s: operations.follow(s, get_process(s, process.public_id), s.get(Account, account.id), **who))
    bring(app, News(process.id, NewsKind.ANSWER, "a", "T", subject=proposal.ref))
    run(app)
    [mail] = [mail for mail in digests(app) if mail.to == account.email]
    links = [line for line in mail.body.splitlines() if "/stop/" in line]
    assert len(links) == 3
    assert links[0] == head(app, account.email)
    assert client.post(links[0].partition("8000")[2]).status_code == 200
    wish = read(lambda s: s.scalar(select(ReminderWish).where(ReminderWish.account_id == account.id)))
    assert wish.stopped_at == clock.now()


def test_nothing_is_told_of_what_was_withdrawn_meanwhile(app, perform, clock, place):
    process, proposal = place
    follow(perform, process, proposal.ref, now=clock.now())
    bring(app, News(process.id, NewsKind.COMMENT, "c", "T", subject=proposal.ref))
    author = Actor(f"account:{proposal.author_id}", proposal.author_id, frozenset({Role.RESIDENT}))
    proposals.change(perform, proposal, withdraw_proposal, actor=author, now=clock.now())
    run(app)
    assert digests(app) == []


def test_a_proposal_is_followed_and_left_on_its_page_and_among_the_wishes(app, perform, read, clock, place):
    process, proposal = place
    browser = sign_in(app, make_account(perform, now=clock.now()), now=clock.now())
    page = f"/p/{process.public_id}/proposals/{proposal.public_id}"
    assert "Tell me what happens here" in browser.get(page).text
    assert browser.post(f"/on/{proposal.ref}/follow", data={"next": page}).location == page
    assert "Tell me no more of it" in browser.get(page).text
    wishes = browser.get("/account/reminders").text
    assert proposal.title in wishes
    assert "A city of crafts" in wishes
    data: Any = browser.get("/account/data.json").json
    [mine] = data["followed"]
    assert mine["subject"] == proposal.ref
    assert browser.post(f"/on/{proposal.ref}/unfollow", data={"next": "//evil.example"}).location == page
    assert read(lambda s: s.scalars(select(Following).where(Following.since == clock.now())).all())[1:] == []


@pytest.mark.parametrize("ref", ["on/proposal/nothing", "on/vote/x", "p/nothing", "on/no/such"])
def test_what_is_not_there_or_cannot_be_followed_is_not_found(app, perform, clock, ref):
    browser = sign_in(app, make_account(perform, now=clock.now()), now=clock.now())
    assert browser.post(f"/{ref}/follow").status_code == 404


def test_somebody_elses_draft_cannot_be_followed(app, perform, clock, place):
    process, _proposal = place
    _author, actor = proposals.person(perform, "Zahra", now=clock.now())
    draft = proposals.draft(perform, process, actor, now=clock.now())
    browser = sign_in(app, make_account(perform, now=clock.now()), now=clock.now())
    assert browser.post(f"/on/{draft.ref}/follow").status_code == 404


def test_kinds_at_once_are_chosen_beside_the_others_and_kept_only_with_them(app, perform, read, clock):
    browser = sign_in(app, make_account(perform, now=clock.now()), now=clock.now())
    browser.post("/account/reminders", data={"kinds": ["phase", "comment"], "at_once": ["comment", "answer"]})
    wish = read(lambda s: s.scalar(select(ReminderWish)))
    assert (wish.kinds, wish.at_once) == (["phase", "comment"], ["comment"])
    boxes = re.findall(r'<input[^>]* name="at_once"[^>]*>', browser.get("/account/reminders").text)
    assert [" checked" in box for box in boxes] == ['value="comment"' in box for box in boxes]
    assert len(boxes) == len(NewsKind) - 1
    assert browser.post("/account/reminders", data={"at_once": ["newsletter"]}).status_code == 422


def test_no_other_form_touches_what_somebody_wants_to_be_told(app, client, perform, read, clock, place):
    """Name, language, profile, password, consent, signing in and out: the wishes stay as they are."""
    process, proposal = place
    account = follow(
        perform, process, proposal.ref, now=clock.now(), kinds=[NewsKind.VOTE], quiet_from=1, quiet_until=2
    )

    def state() -> Any:
        wish = read(lambda s: s.scalar(select(ReminderWish))).public_payload()
        mine = select(Following.subject, Following.since).where(Following.account_id == account.id)
        return wish, read(lambda s: [tuple(row) for row in s.execute(mine)])

    before, browser = state(), sign_in(app, account, now=clock.now())
    details = {"details-display_name": "Sara B", "details-locale": "fa", "details-calendar": "", "details-function": ""}
    for path, data in (
        ("/account/details", details),
        ("/account/about-you", {"about-sex": "female", "about-birth_band": "1990"}),
        ("/account/about-you", {}),
        ("/account/password", {"password-new_password": "seven blue lanterns"}),
        ("/account/terms", {"agree": "y", "terms": "y"}),
        ("/account/sign-out-everywhere", {}),
        ("/sign-in/password", {"email": account.email, "password": "seven blue lanterns"}),
        ("/sign-in", {"email": account.email}),
        ("/sign-out", {}),
    ):
        browser.post(path, data=data)
        assert state() == before, path
    browser.get("/language/fr")
    assert state() == before


def test_a_hundred_thousand_followers_would_be_looked_at_a_portion_at_a_time(app, perform, clock, count_queries, place):
    process, proposal = place
    follow(perform, process, proposal.ref, now=clock.now())
    many = PORTION * 2

    def work(session: Any) -> None:
        base = {"locale": "en", "session_version": 1, "is_active": True, "created_at": clock.now(), "version": 1}
        rows = [
            {"id": 10_000 + at, "public_id": f"m{at}", "email": f"m{at}@e.org", "display_name": "M"} | base
            for at in range(many)
        ]
        session.execute(insert(table_of(Account)), rows)
        facts = {"subject": process.ref, "process_id": process.id, "since": clock.now()}
        session.execute(insert(table_of(Following)), [{"account_id": row["id"]} | facts for row in rows])
        own = session.scalar(select(Account).where(Account.email == "sara@example.org"))
        operations.follow(session, get_process(session, process.public_id), own, actor=actor_of(own), now=clock.now())

    perform(work)
    news = [(News(process.id, NewsKind.ANSWER, f"a/{at}", "T"), (process.ref,)) for at in range(20)]
    sizes: list[int] = []

    def look() -> None:
        with app.app_context():
            sizes.extend(len(portion) for portion in queries.due_accounts(db.session(), news))

    assert count_queries(look) <= 3 * 4 + 2  # the last one finds nobody; SQLite begins with one of its own
    assert sizes == [PORTION, PORTION, 1]
