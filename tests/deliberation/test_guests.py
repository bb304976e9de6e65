"""Guests from other cities: they comment, are marked as guests, and count nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.accounts.making import acting
from tests.deliberation.making import REASON
from tests.proposals.making import content, official
from tests.stakeholders.making import staff_browser
from ucc_participate.accounts.links import LinkSpent
from ucc_participate.accounts.models import Account
from ucc_participate.accounts.operations import erase_account
from ucc_participate.deliberation import operations, queries
from ucc_participate.deliberation.models import Guest, Voice
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.notifications.models import OutboxMessage
from ucc_participate.processes.models import Participation
from ucc_participate.processes.participation import join
from ucc_participate.processes.queries import process_to_change
from ucc_participate.proposals.operations import submit_proposal
from ucc_participate.representation.queries import organisation_stages
from ucc_participate.voting.models import Franchise, Vote, VoteState
from ucc_participate.voting.policies import can_cast


@pytest.fixture
def coordinator(hall, perform):
    return official(perform, now=hall.clock.now())


def as_guest(hall, account):
    return replace(acting(account), guest_of=hall.process.public_id)


def test_an_invitation_goes_by_mail_and_the_log_says_whence_and_not_who(hall, coordinator, told, read, drift):
    guest, token = hall.invite(coordinator)
    [mail] = read(lambda s: s.scalars(select(OutboxMessage).where(OutboxMessage.template == "guest_invited")).all())
    assert (mail.to, mail.locale, token in mail.data["link"]) == ("lea@lyon.example", "fr", True)
    [(kind, payload, role)] = told(guest.ref(hall.process))
    assert (kind, role, payload["city"]) == ("guest.invited", "coordinator", "Lyon")
    assert "Léa" not in str(payload)
    assert token not in str(read(lambda s: s.get(Guest, guest.id)).token_hash)
    assert drift() == []


def test_a_guest_comments_marked_as_one_and_is_no_participant(hall, coordinator, told, read, drift, client):
    guest, token = hall.invite(coordinator)
    account = hall.come(token)
    assert account.guest_of == hall.process.public_id
    made = hall.say(as_guest(hall, account), "In Lyon the looms run until ten; the neighbours have got used to it.")
    _kind, payload, role = told(made.ref)[0]
    assert (payload["voice"], payload["author"], payload["city"], role) == ("guest", "Léa Martin", "Lyon", "visitor")
    assert read(lambda s: s.get(Participation, (hall.process.id, account.id))) is None
    assert account.id not in read(lambda s: s.scalars(queries.people_commenting(hall.process)).all())
    assert [kind for kind, _payload, _role in told(guest.ref(hall.process))] == ["guest.invited", "guest.came"]
    assert "Guest from Lyon, France" in client.get(hall.url).text
    assert read(lambda s: s.get(Guest, guest.id)).email is None
    stages = read(lambda s: organisation_stages(s, hall.process))
    assert all(cell.count == 0 for stage in stages for cell in stage.cells if cell.group == "all")
    assert drift() == []


def test_a_guest_cannot_pretend_to_be_a_resident(hall, coordinator):
    _guest, token = hall.invite(coordinator)
    actor = as_guest(hall, hall.come(token))
    assert hall.say(actor, voice=Voice.RESIDENT, shows_name=False).voice is Voice.GUEST


def test_a_guest_neither_proposes_nor_votes_nor_marks_nor_joins(hall, coordinator, perform):
    _guest, token = hall.invite(coordinator)
    actor, now = as_guest(hall, hall.come(token)), hall.clock.now()

    def propose(session):
        process = process_to_change(session, hall.process.public_id, actor=actor)
        return submit_proposal(session, process, content(), actor=actor, now=now, currency="IRR")

    with pytest.raises(Forbidden):
        perform(propose)
    with pytest.raises(Forbidden):
        perform(lambda s: join(s, process_to_change(s, hall.process.public_id, actor=actor), 1, actor=actor, now=now))
    made = hall.say("Sara")
    with pytest.raises(Forbidden):
        hall.change(made, operations.mark_helpful, who=actor)
    vote = Vote(franchise=Franchise.INDIVIDUAL, status=VoteState.OPEN, opens_at=now, closes_at=now + timedelta(1))
    assert can_cast(hall.person("Sara"), vote, now=now)
    assert not can_cast(actor, vote, now=now)


def test_an_invitation_ends_on_its_day_and_when_it_is_revoked(hall, coordinator, perform, told):
    guest, token = hall.invite(coordinator, days=3)
    actor = as_guest(hall, hall.come(token))
    hall.say(actor)
    hall.clock.at = guest.until
    with pytest.raises(Forbidden):
        hall.say(actor, "Once more, after the last day of the invitation.")
    other, second = hall.invite(coordinator, email="b@lyon.example")
    stays = as_guest(hall, hall.come(second))
    now = hall.clock.now()

    def revoke(session):
        process = process_to_change(session, hall.process.public_id, actor=coordinator)
        found = queries.guest_to_change(session, process, other.public_id)
        operations.revoke_guest(session, process, found, actor=coordinator, now=now)

    perform(revoke)
    with pytest.raises(Forbidden):
        hall.say(stays, "Once more, after the end of the invitation.")
    assert told(other.ref(hall.process))[-1][0] == "guest.revoked"


def test_a_guest_of_one_process_only_reads_another(hall, coordinator):
    _guest, token = hall.invite(coordinator)
    actor = replace(as_guest(hall, hall.come(token)), guest_of="another2")
    with pytest.raises(Forbidden):
        hall.say(actor)


def test_a_link_works_once(hall, coordinator):
    _guest, token = hall.invite(coordinator)
    hall.come(token)
    with pytest.raises(LinkSpent):
        hall.come(token)
    with pytest.raises(LinkSpent):
        hall.come("no-such-token")


def test_people_of_the_city_are_no_guests_and_only_coordinators_invite(hall, coordinator):
    sara = hall.person("Sara")
    with pytest.raises(Conflict):
        hall.invite(coordinator, email="sara@city.example")
    with pytest.raises(Forbidden):
        hall.invite(sara)
    with pytest.raises(Invalid):
        hall.invite(coordinator, days=-1)
    with pytest.raises(Invalid):
        hall.invite(coordinator, days=4_000)


def test_looking_at_the_link_changes_nothing_and_its_button_brings_the_guest_in(hall, coordinator, app, read):
    guest, token = hall.invite(coordinator)
    browser = app.test_client()
    page = browser.get(f"/guest/{token}")
    assert (page.status_code, "Léa Martin" in page.text) == (200, True)
    assert read(lambda s: s.get(Guest, guest.id)).came_at is None
    assert browser.post(f"/guest/{token}").status_code == 303
    form = browser.get(f"{hall.url}/write")
    assert form.status_code == 200
    assert 'name="author"' not in form.text
    sent = browser.post(f"{hall.url}/write", data={"stance": "for", "text": REASON, "language": "fr"})
    assert sent.status_code == 303
    assert "Lyon, France" in browser.get(sent.location).text
    assert browser.get(f"/p/{hall.process.public_id}/proposals/new").status_code == 403
    assert app.test_client().get(f"/guest/{token}").status_code == 410


def test_the_desk_lists_guests_and_ends_invitations(hall, app, read, perform):
    browser = staff_browser(app, perform, Role.COORDINATOR, now=hall.clock.now())
    desk = f"/staff/processes/{hall.process.public_id}/guests"
    day = hall.clock.now() + timedelta(days=10)
    facts = {"name": "Ana Silva", "email": "ana@braga.example", "city": "Braga", "country": "Portugal", "locale": "en"}
    until = {"until-day": str(day.day), "until-month": f"gregorian-{day.month}", "until-year": str(day.year)}
    assert browser.post(desk, data=facts | until).status_code == 303
    page = browser.get(desk).text
    assert "Ana Silva" in page
    [guest] = read(lambda s: queries.list_guests(s, hall.process))
    assert browser.post(f"{desk}/{guest.public_id}/revoke").status_code == 303
    assert "Ended" in browser.get(desk).text
    assert hall.browser("Sara").get(desk).status_code == 403


def test_an_erased_guest_leaves_the_words_without_the_name(hall, coordinator, told, drift, perform):
    guest, token = hall.invite(coordinator)
    account = hall.come(token)
    actor: Actor = as_guest(hall, account)
    made = hall.say(actor)
    erasers, now = hall.app.extensions["ucc.erasers"], hall.clock.now()
    perform(lambda s: erase_account(s, s.get(Account, account.id), erasers=erasers, actor=actor, now=now))
    payload = told(made.ref)[0][1]
    assert "author" not in payload
    assert (payload["city"], hall.again(made).author_name) == ("Lyon", None)
    assert hall.read(lambda s: s.get(Guest, guest.id)).name == "—"
    assert drift() == []
