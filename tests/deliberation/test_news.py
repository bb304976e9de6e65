"""What followers are told of discussions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.accounts.making import sign_in
from tests.deliberation.making import REASON
from tests.outreach.test_following import follow
from tests.outreach.test_jobs import digests, run
from tests.proposals.making import official
from ucc_participate.accounts.models import Account
from ucc_participate.accounts.references import actor_of
from ucc_participate.deliberation import operations
from ucc_participate.kernel.errors import Forbidden
from ucc_participate.outreach import operations as following


def told(hall) -> list[tuple[str, str]]:
    run(hall.app)
    return sorted((mail.to, mail.body) for mail in digests(hall.app) if "has commented on" in mail.body)


def test_ten_comments_are_told_once_to_who_follows_the_proposal(hall, perform, clock):
    follow(perform, hall.process, hall.proposal.ref, now=clock.now())
    follow(perform, hall.process, hall.process.ref, now=clock.now(), email="of.the.process@e.org")
    for number in range(10):
        hall.say(f"Person {number}", f"{REASON} This is reason number {number}.")
    [(to, body)] = told(hall)
    assert to == "sara@example.org"
    assert body.count(f"somebody has commented on “{hall.proposal.title}”") == 1
    clock.advance(days=1)
    assert len(told(hall)) == 1
    hall.say("Omid", "Whoever learns at night needs a bus that goes home.")
    clock.advance(days=1)
    assert len(told(hall)) == 2


def test_neither_who_speaks_nor_an_author_who_has_a_mail_of_it_is_told_once_more(hall, perform, clock):
    hall.person("Omid")
    own = {"subject": hall.proposal.ref, "now": clock.now()}
    for account, actor in (hall.people["Omid"], (hall.author_account, hall.author)):
        perform(
            lambda s, account=account, actor=actor: following.follow(
                s, hall.process, s.get(Account, account.id), actor=actor, **own
            )
        )
    hall.say("Omid")
    assert told(hall) == []


def test_what_was_taken_back_is_no_news(hall, perform, clock):
    follow(perform, hall.process, hall.proposal.ref, now=clock.now())
    made = hall.say("Omid")
    hall.change(made, operations.withdraw_comment, who="Omid")
    assert told(hall) == []


def test_a_guest_of_another_city_is_no_audience(hall, perform):
    _guest, token = hall.invite(official(perform, now=hall.clock.now()))
    account = hall.come(token)
    actor = replace(actor_of(account), guest_of=hall.process.public_id)
    own = {"actor": actor, "now": hall.clock.now()}
    with pytest.raises(Forbidden, match="Guests from other cities comment"):
        perform(lambda s: following.follow(s, hall.process, s.get(Account, account.id), **own))
    browser = sign_in(hall.app, account, now=hall.clock.now())
    assert "Tell me what happens here" not in browser.get(hall.url).text
    assert "Tell me what happens here" in hall.browser("Omid").get(hall.url).text


def test_who_commented_is_known_to_newsletters(hall, read):
    hall.say("Omid")
    stage = hall.app.extensions["ucc.account_stages"]["commented"]
    ids = read(lambda s: s.scalars(stage(hall.process)).all())
    assert read(lambda s: s.scalars(select(Account.display_name).where(Account.id.in_(ids))).all()) == ["Omid"]
