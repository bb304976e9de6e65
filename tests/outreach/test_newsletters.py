"""Newsletters: for whom, in which language, in portions, stopped and resumed, to no address twice."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.accounts.making import make_account, send_mails, sign_in
from tests.outreach.making import DIGESTS
from tests.outreach.making import invite as invite_organisations
from tests.outreach.test_following import follow
from tests.outreach.test_jobs import run
from tests.processes.making import make_process
from tests.proposals import making as proposals
from tests.stakeholders.making import CITY, make_organisation, staff_browser, told
from ucc_participate.accounts.models import Account
from ucc_participate.accounts.operations import erase_account
from ucc_participate.accounts.references import actor_of
from ucc_participate.audit import drift
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.notifications import outbox
from ucc_participate.notifications.models import MessageState, OutboxMessage
from ucc_participate.outreach import jobs, operations, queries
from ucc_participate.outreach.digests import address_digest
from ucc_participate.outreach.models import (
    NewsKind,
    Newsletter,
    NewsletterRecipient,
    NewsletterState,
    ReminderWish,
)
from ucc_participate.outreach.newsletter import Letter
from ucc_participate.outreach.queries import Beyond
from ucc_participate.outreach.segments import Group, NotYet, Segment, SegmentKind
from ucc_participate.processes.models import ProcessState
from ucc_participate.processes.participation import join
from ucc_participate.processes.queries import get_process, process_to_change
from ucc_participate.stakeholders.models import Organisation
from ucc_participate.vocabularies.uccn import Sector

COORDINATOR = Actor("account:901", 901, frozenset({Role.RESIDENT, Role.COORDINATOR}))
FOLLOWERS = Segment(SegmentKind.FOLLOWERS)
EVERY = Segment(SegmentKind.ORGANISATIONS)
TITLE, TEXT = {"en": "What comes in spring"}, {"en": "## Three evenings\n\n**Come** and say what you think."}


@pytest.fixture
def process(perform, clock):
    return make_process(perform, clock.now(), ProcessState.OPEN)


@pytest.fixture
def change(perform, clock, process):
    """``change(operation, letter, …)``: one operation on a newsletter, loaded in its unit of work."""

    def run_it(operation: Any, letter: Newsletter | None = None, *, actor: Actor = COORDINATOR, **facts: Any) -> Any:
        def work(session: Any) -> Any:
            found = process_to_change(session, process.public_id, actor=actor)
            own = queries.newsletter_to_change(session, found, letter.public_id) if letter is not None else None
            arguments = (found,) if own is None else (found, own)
            return operation(session, *arguments, actor=actor, now=clock.now(), **facts)

        return perform(work)

    return run_it


def letter_for(segment: Segment = FOLLOWERS, **changes: Any) -> Letter:
    return Letter(changes.get("title", TITLE), changes.get("text", TEXT), segment)


@pytest.fixture
def write(change):
    return lambda segment=FOLLOWERS, **changes: change(operations.write_newsletter, new=letter_for(segment, **changes))


@pytest.fixture
def send(app, change):
    def run_it(letter: Newsletter, *, smallest_group: int = 5, **facts: Any) -> int:
        with app.app_context():
            known = Beyond(app.extensions["ucc.account_stages"], app.extensions["ucc.organisation_stages"])
        facts = {"version": letter.version, "beyond": known, "smallest_group": smallest_group} | facts
        return int(change(operations.send_newsletter, letter, **facts))

    return run_it


@pytest.fixture
def names(app, read, process):
    """Who belongs to a segment: addresses of people, names of organisations."""

    def found(segment: Segment) -> set[str]:
        known = Beyond(app.extensions["ucc.account_stages"], app.extensions["ucc.organisation_stages"])
        table: Any = Account if segment.is_of_people else Organisation
        column = table.email if segment.is_of_people else table.name
        ids = queries.addressees(process, segment, known)
        return set(read(lambda s: s.scalars(select(column).where(table.id.in_(ids))).all()))

    return found


def go(app) -> None:
    run(app, jobs.send_newsletters)


def letters(app) -> list[Any]:
    """Mails of newsletters that went out, after the job of mails has done all it can."""
    for _round in range(10):
        mails = send_mails(app)
    return [mail for mail in mails if mail.subject == TITLE["en"]]


def state_of(read, letter: Newsletter) -> NewsletterState:
    found: NewsletterState = read(lambda s: s.scalar(select(Newsletter.status).where(Newsletter.id == letter.id)))
    return found


def followers(perform, process, count: int, *, now: Any) -> list[Account]:
    return [follow(perform, process, process.ref, now=now, email=f"f{at}@d{at % 7}.example") for at in range(count)]


# --- whom it is for


def test_people_get_it_who_follow_something_and_have_not_stopped_it(perform, names, clock, process):
    now = clock.now()
    follow(perform, process, process.ref, now=now, email="process@e.org")
    follow(perform, process, "proposal/x", now=now, email="proposal@e.org")
    follow(perform, process, process.ref, now=now, email="votes.only@e.org", kinds=[NewsKind.VOTE])
    follow(perform, process, process.ref, now=now, email="asks@e.org", kinds=[NewsKind.NEWSLETTER])
    gone = follow(perform, process, process.ref, now=now, email="stopped@e.org")
    who = {"actor": actor_of(gone), "now": now}
    perform(lambda s: operations.stop_account(s, s.get(Account, gone.id), **who))
    follow(perform, process, process.ref, now=now, email="somebody@paper.invalid")
    make_account(perform, "stranger@e.org", now=now)
    assert names(FOLLOWERS) == {"process@e.org", "proposal@e.org", "asks@e.org"}


def test_who_took_part_gets_it_only_with_a_word_of_their_own(perform, names, clock, process):
    now = clock.now()

    def took_part(email: str, kinds: list[NewsKind] | None = None) -> None:
        account = make_account(perform, email, now=now)
        who: dict[str, Any] = {"actor": actor_of(account), "now": now}
        perform(lambda s: join(s, get_process(s, process.public_id), account.id, **who))
        if kinds is not None:
            said: dict[str, Any] = {"kinds": kinds, "quiet_from": None, "quiet_until": None}
            perform(lambda s: operations.set_wishes(s, s.get(Account, account.id), **said, **who))

    took_part("silent@e.org")
    took_part("yes@e.org", [NewsKind.NEWSLETTER])
    took_part("no@e.org", [NewsKind.VOTE])
    make_account(perform, "never@e.org", now=now)
    assert names(Segment(SegmentKind.PARTICIPANTS)) == {"yes@e.org"}


def test_organisations_are_chosen_by_what_the_register_says(perform, names, clock, process):
    now = clock.now()
    own = {"contact_email": "a@org.example", "now": now}
    looms = make_organisation(perform, "Looms", Sector.PRIVATE, **own)
    make_organisation(perform, "Council", Sector.PUBLIC, **own)
    make_organisation(perform, "Women of the river", is_womens_group=True, **own)
    make_organisation(perform, "Without an address", now=now)
    assert names(EVERY) == {"Looms", "Council", "Women of the river"}
    assert names(Segment(SegmentKind.ORGANISATIONS, sector=Sector.PRIVATE)) == {"Looms"}
    assert names(Segment(SegmentKind.ORGANISATIONS, group=Group.WOMEN)) == {"Women of the river"}
    assert names(Segment(SegmentKind.INVITED)) == set()
    invite_organisations(perform, process, [looms], now=now)
    assert names(Segment(SegmentKind.INVITED, not_yet=NotYet.ANSWERED)) == {"Looms"}


def test_an_organisation_that_declined_is_left_in_peace(client, perform, names, clock, process):
    looms = make_organisation(perform, "Looms", now=clock.now(), contact_email="a@org.example")
    [slip] = invite_organisations(perform, process, [looms], now=clock.now()).slips
    assert names(Segment(SegmentKind.INVITED)) == {"Looms"}
    client.post("/i", data={"code": slip.code})
    client.post("/invitation/answer", data={"answer": "declined"})
    assert names(Segment(SegmentKind.INVITED)) == set()
    assert names(EVERY) == set()


def test_who_has_proposed_is_not_asked_to_propose(app, perform, read, clock):
    process, clock.at = proposals.proposing_process(perform, clock.now())
    done = follow(perform, process, process.ref, now=clock.now(), email="done@e.org")
    follow(perform, process, process.ref, now=clock.now(), email="waits@e.org")
    proposals.submit(perform, process, actor_of(done), now=clock.now())
    known = Beyond(app.extensions["ucc.account_stages"], app.extensions["ucc.organisation_stages"])
    wanted = Segment(SegmentKind.FOLLOWERS, not_yet=NotYet.PROPOSED)
    assert read(lambda s: queries.count_addressees(s, process, wanted, known)) == 1
    voted = Segment(SegmentKind.FOLLOWERS, not_yet=NotYet.VOTED)
    assert read(lambda s: queries.count_addressees(s, process, voted, known)) == 2


@pytest.mark.parametrize(
    ("segment", "field"),
    [
        (Segment(SegmentKind.FOLLOWERS, sector=Sector.PUBLIC), "sector"),
        (Segment(SegmentKind.PARTICIPANTS, group=Group.WOMEN), "group"),
        (Segment(SegmentKind.ORGANISATIONS, not_yet=NotYet.ANSWERED), "not_yet"),
    ],
)
def test_people_are_not_chosen_by_what_they_said_of_themselves(write, segment, field):
    with pytest.raises(Invalid) as refusal:
        write(segment)
    assert refusal.value.field == field


# --- writing and sending


def test_title_and_text_stand_in_the_same_languages(write):
    with pytest.raises(Invalid) as refusal:
        write(title=TITLE | {"fa": "بهار"})
    assert refusal.value.field == "text"


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.CLERK, Role.MODERATOR, Role.EVALUATOR])
def test_only_coordinators_write_and_send(change, write, send, role):
    actor = Actor("account:902", 902, frozenset({Role.RESIDENT, role}))
    with pytest.raises(Forbidden):
        change(operations.write_newsletter, new=letter_for(), actor=actor)
    letter = write()
    with pytest.raises(Forbidden):
        send(letter, actor=actor)


def test_sending_tells_the_log_title_text_segment_and_number_and_no_names(app, perform, write, send, clock, process):
    followers(perform, process, 6, now=clock.now())
    letter = write()
    assert send(letter) == 6
    [entry] = [entry for entry in told(app, process=process.ref) if entry.type == "newsletter.sent"]
    assert entry.values["subject"] == f"{process.ref}/newsletter/{letter.public_id}"
    assert entry.payload == {"title": TITLE, "text": TEXT, "segment": {"kind": "followers"}, "addressed": 6}
    assert [each.payload for each in told(app) if each.type == "newsletter.written"] == [{}]
    with app.app_context():
        assert drift.check(db.session()) == []


def test_a_number_of_fewer_than_five_is_told_to_nobody(app, client, perform, write, send, clock, process):
    followers(perform, process, 4, now=clock.now())
    letter = write()
    send(letter)
    [entry] = [entry for entry in told(app, process=process.ref) if entry.type == "newsletter.sent"]
    assert entry.payload["addressed"] is None
    assert "sent to a few addresses" in client.get(f"/p/{process.public_id}/newsletters/{letter.public_id}").text
    with app.app_context():
        assert drift.check(db.session()) == []


def test_what_would_reach_nobody_is_not_sent_and_leaves_nothing(app, read, write, send, process):
    letter = write()
    with pytest.raises(Conflict, match="nobody"):
        send(letter)
    assert state_of(read, letter) is NewsletterState.DRAFT
    assert "newsletter.sent" not in [entry.type for entry in told(app, process=process.ref)]


def test_what_was_changed_after_the_look_is_not_sent(perform, change, write, send, clock, process):
    followers(perform, process, 1, now=clock.now())
    letter = write()
    other = letter_for(title={"en": "Another"})

    def rewrite(session: Any, process: Any, draft: Any, **who: Any) -> Any:
        return operations.write_newsletter(session, process, other, draft=draft, **who)

    change(rewrite, letter)
    with pytest.raises(Conflict, match="changed"):
        send(letter)


def test_what_was_sent_stays_as_it_is(perform, change, write, send, clock, process):
    followers(perform, process, 1, now=clock.now())
    letter = write()
    send(letter)
    with pytest.raises(Conflict):
        send(letter)
    with pytest.raises(Conflict):
        change(operations.discard_newsletter, letter)


# --- going out


def test_everybody_gets_it_once_however_often_the_job_runs(app, perform, read, write, send, clock, process):
    people = followers(perform, process, 12, now=clock.now())
    letter = write()
    send(letter)
    for _time in range(4):
        go(app)
    assert Counter(mail.to for mail in letters(app)) == Counter(person.email for person in people)
    assert state_of(read, letter) is NewsletterState.SENT
    assert [entry.type for entry in told(app, process=process.ref)][-1] == "newsletter.finished"


def test_organisations_that_share_an_address_get_one_mail(app, perform, read, write, send, clock, process):
    for name, address in (("One", "Shared@org.example"), ("Two", "shared@org.example "), ("Three", "own@org.example")):
        make_organisation(perform, name, now=clock.now(), contact_email=address)
    letter = write(EVERY)
    assert send(letter) == 3
    go(app)
    assert sorted(mail.to.lower() for mail in letters(app)) == ["own@org.example", "shared@org.example"]
    assert read(lambda s: queries.progress(s, s.get(Newsletter, letter.id))) == queries.Progress(0, 2, 1)


def test_nothing_goes_out_at_night_and_everything_in_the_morning(app, perform, write, send, clock, process):
    followers(perform, process, 3, now=clock.now())
    clock.advance(hours=10)  # 21:30 in the city
    send(write())
    go(app)
    assert letters(app) == []
    clock.advance(hours=11)
    go(app)
    assert len(letters(app)) == 3


def test_who_has_quiet_hours_of_their_own_gets_it_after_them(app, perform, write, send, clock, process):
    follow(perform, process, process.ref, now=clock.now(), quiet_from=9, quiet_until=20)
    send(write())
    go(app)
    assert letters(app) == []
    clock.advance(hours=9)  # 20:30
    assert [mail.to for mail in letters(app)] == ["sara@example.org"]


def test_stopped_in_the_middle_it_goes_on_later_and_repeats_nothing(
    app, perform, read, change, write, send, clock, process
):
    people = followers(perform, process, jobs.BATCH + 7, now=clock.now())
    letter = write()
    send(letter)
    go(app)
    change(operations.stop_newsletter, letter)
    for _time in range(3):
        go(app)
    first = letters(app)
    waiting = select(OutboxMessage.id).where(OutboxMessage.state == MessageState.WAITING)
    assert read(lambda s: s.scalars(waiting).all()) == []
    assert read(lambda s: queries.progress(s, s.get(Newsletter, letter.id))).waiting == 7
    change(operations.resume_newsletter, letter)
    go(app)
    assert state_of(read, letter) is NewsletterState.SENT
    sent = read(lambda s: [row.state for row in s.scalars(select(OutboxMessage))])
    letters(app)
    assert len(first) <= jobs.BATCH
    assert len(sent) == len(people)
    types = [entry.type for entry in told(app, process=process.ref)]
    assert types[-4:] == ["newsletter.sent", "newsletter.stopped", "newsletter.resumed", "newsletter.finished"]


def test_a_letter_that_is_not_going_out_cannot_be_stopped_nor_resumed(perform, change, write, clock, process):
    letter = write()
    for operation in (operations.stop_newsletter, operations.resume_newsletter):
        with pytest.raises(Conflict):
            change(operation, letter)


def test_who_stops_while_it_goes_out_gets_nothing(app, perform, read, write, send, clock, process):
    [one, two] = followers(perform, process, 2, now=clock.now())
    contact = make_organisation(perform, "Looms", now=clock.now(), contact_email="a@org.example")
    letter, second = write(), write(EVERY)
    send(letter)
    send(second)
    who = {"actor": actor_of(one), "now": clock.now()}
    perform(lambda s: operations.stop_newsletters(s, s.get(Account, one.id), **who))
    perform(lambda s: operations.stop_contact(s, address_digest(DIGESTS, "a@org.example"), actor=CITY, now=clock.now()))
    go(app)
    assert [mail.to for mail in letters(app)] == [two.email]
    assert contact.contact_email == "a@org.example"


def test_a_contact_who_wants_no_newsletters_as_a_person_gets_none_as_a_contact(
    app, perform, write, send, clock, process
):
    follow(perform, process, process.ref, now=clock.now(), email="zahra@org.example", kinds=[NewsKind.VOTE])
    make_organisation(perform, "Looms", now=clock.now(), contact_email="Zahra@org.example")
    send(write(EVERY))
    go(app)
    assert letters(app) == []


@pytest.mark.settings(UCC_MAIL_BACKEND="smtp", UCC_SMTP_URL="smtp://127.0.0.1:1")
def test_while_the_mail_server_is_away_it_waits_where_it_can_be_stopped(
    app, perform, read, write, send, clock, process
):
    followers(perform, process, jobs.MOST_WAITING + jobs.BATCH + 1, now=clock.now())
    letter = write()
    send(letter)
    for _time in range(6):
        go(app)
        clock.advance(minutes=1)
    assert read(lambda s: queries.progress(s, s.get(Newsletter, letter.id))).waiting == jobs.BATCH + 1
    assert outbox.PAUSES[0] == timedelta(minutes=1)


def test_readers_get_their_language_or_the_best_there_is_and_are_told(app, perform, write, send, clock, process):
    now = clock.now()
    for email, locale in (("fa@e.org", "fa"), ("en@e.org", "en"), ("fr@e.org", "fr")):
        account = make_account(perform, email, now=now, locale=locale)
        who = {"actor": actor_of(account), "now": now}
        perform(lambda s: operations.follow(s, get_process(s, process.public_id), s.get(Account, account.id), **who))  # noqa: B023
    send(write(title={"fa": "بهار", "en": "Spring"}, text={"fa": "**بیایید** به Sepidrud", "en": "**Come**"}))
    go(app)
    letters(app)
    mails: dict[str, Any] = {mail.to: mail for mail in send_mails(app)}
    assert [mails[f"{at}@e.org"].subject for at in ("fa", "en", "fr")] == ["بهار", "Spring", "بهار"]
    assert "**Come**" in mails["en@e.org"].body
    assert "<strong>Come</strong>" in mails["en@e.org"].html
    assert '<div lang="fa" dir="rtl"' in mails["fr@e.org"].html
    assert '<html lang="fr" dir="ltr">' in mails["fr@e.org"].html
    assert len(mails["fr@e.org"].body.splitlines()) > len(mails["fa@e.org"].body.splitlines())


def test_one_press_in_its_head_stops_newsletters_and_nothing_else(
    app, client, perform, read, write, send, clock, process
):
    account = follow(perform, process, process.ref, now=clock.now())
    send(write())
    go(app)
    [mail] = letters(app)
    [first, everything] = [line for line in mail.body.splitlines() if "/stop/" in line]
    path = first.partition("8000")[2]
    assert "You get no more newsletters" in client.get(path).text
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert "They are stopped already" in client.get(path).text
    wish = read(lambda s: s.scalar(select(ReminderWish).where(ReminderWish.account_id == account.id)))
    assert wish.kinds == [kind.value for kind in NewsKind if kind is not NewsKind.NEWSLETTER]
    assert wish.stopped_at is None
    client.post(everything.partition("8000")[2])
    assert read(lambda s: s.scalar(select(ReminderWish))).stopped_at is not None


def test_an_erased_person_is_on_no_list(app, perform, read, write, send, clock, process):
    account = follow(perform, process, process.ref, now=clock.now())
    letter = write()
    send(letter)
    who = {"actor": actor_of(account), "now": clock.now()}
    perform(lambda s: erase_account(s, s.get(Account, account.id), erasers=app.extensions["ucc.erasers"], **who))
    assert read(lambda s: s.scalars(select(NewsletterRecipient)).all()) == []
    go(app)
    assert letters(app) == []


def test_to_whom_it_went_is_forgotten_after_a_month(app, perform, read, write, send, clock, process):
    followers(perform, process, 2, now=clock.now())
    send(write())
    go(app)
    for days, left in ((29, 2), (2, 0)):
        clock.advance(days=days)
        perform(lambda s: operations.forget_recipients(s, actor=CITY, now=clock.now()))
        assert len(read(lambda s: s.scalars(select(NewsletterRecipient)).all())) == left


def test_a_portion_looks_up_as_much_however_many_are_in_it(app, perform, write, send, clock, count_queries, process):
    costs = []
    for size in (2, 30):
        followers_of = [
            follow(perform, process, process.ref, now=clock.now(), email=f"q{size}-{at}@e.org") for at in range(size)
        ]
        assert followers_of
        send(write())
        costs.append(count_queries(lambda: go(app)))
        letters(app)
    assert costs[1] - costs[0] <= 30  # thirty more mails are written, and nothing more is asked


# --- the desk and the public pages


@pytest.fixture
def desk(app, perform, clock, process):
    """A coordinator's browser, and the address of the desk."""
    return staff_browser(
        app, perform, Role.COORDINATOR, now=clock.now()
    ), f"/staff/processes/{process.public_id}/newsletters"


FILLED = {"title-en": "Spring", "text-en": "**Come**", "kind": "followers", "sector": "", "group": "", "not_yet": ""}


def test_a_coordinator_writes_looks_tries_and_sends(app, client, perform, read, clock, process, desk):
    browser, address = desk
    followers(perform, process, 5, now=clock.now())
    assert browser.post(f"{address}/new", data=FILLED | {"text-en": ""}).status_code == 422
    page = browser.post(f"{address}/new", data=FILLED).location
    public = page.replace("/staff/processes/", "/p/")
    assert client.get(public).status_code == 404
    shown = browser.get(page).text
    assert re.search(r"How many get it.*?<dd[^>]*>\s*5\s*<", shown, re.DOTALL)
    framed = browser.get(f"{page}/preview.en.html")
    assert "<strong>Come</strong>" in framed.text
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert browser.get(f"{page}/preview.fa.html").status_code == 404
    browser.post(f"{page}/try")
    assert [mail.to for mail in send_mails(app)] == ["coordinator@city.example"]
    asked = browser.get(f"{page}/send").text
    assert "Send it now" in asked
    version = re.findall(r'name="version" value="(\d+)"', asked)[0]
    assert browser.post(f"{page}/send", data={"version": "77"}).status_code == 409
    assert browser.post(f"{page}/send", data={"version": version}).location == page
    assert client.get(public).status_code == 200
    assert "Spring" in client.get(f"/p/{process.public_id}/newsletters").text
    assert "Newsletter: Spring" in client.get(f"/p/{process.public_id}/news.en.atom").text
    assert browser.post(f"{page}/stop").location == page
    assert "Let it go on" in browser.get(page).text
    assert browser.post(f"{page}/resume").location == page
    assert browser.get(f"{page}/edit").location == page
    assert "Is going out" in browser.get(address).text


def test_fewer_than_five_are_called_so_at_the_desk(perform, clock, process, desk):
    browser, address = desk
    followers(perform, process, 3, now=clock.now())
    page = browser.post(f"{address}/new", data=FILLED).location
    for path in (page, f"{page}/send"):
        assert "fewer than 5" in browser.get(path).text


def test_a_draft_is_changed_and_thrown_away(read, process, desk):
    browser, address = desk
    page = browser.post(f"{address}/new", data=FILLED).location
    assert browser.post(f"{page}/edit", data=FILLED | {"kind": "invited", "sector": "private"}).location == page
    assert "Private" in browser.get(page).text
    assert browser.post(f"{page}/discard").location == address
    assert read(lambda s: s.scalars(select(Newsletter)).all()) == []


def test_clerks_read_the_desk_and_others_do_not(app, perform, clock, process, desk):
    _browser, address = desk
    clerk = staff_browser(app, perform, Role.CLERK, now=clock.now())
    assert clerk.get(address).status_code == 200
    assert clerk.get(f"{address}/new").status_code == 403
    resident = sign_in(app, make_account(perform, now=clock.now()), now=clock.now())
    assert resident.get(address).status_code == 403


def test_the_desk_counts_what_did_not_arrive_and_shows_no_address(app, perform, clock, process, desk):
    browser, address = desk
    assert "Every mail arrived." in browser.get(address).text
    facts: dict[str, Any] = {"to": "zahra@nowhere.example", "locale": "en", "template": "sign_in", "data": {}}
    perform(lambda s: outbox.queue_mail(s, **facts, now=clock.now()))
    [taken] = perform(lambda s: outbox.claim(s, now=clock.now()))
    fate = outbox.Outcome(taken.id, "SMTPRecipientsRefused: 550 no", is_final=True)
    perform(lambda s: outbox.settle(s, [fate], now=clock.now()))
    page = browser.get(address).text
    assert "The address does not exist" in page
    assert "Links to sign in" in page
    assert "nowhere.example" not in page
