"""An organisation whose delegates must agree: a ballot waits, uncounted, until enough of them have."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.accounts.making import acting, send_mails
from tests.processes.making import day
from tests.stakeholders.making import make_account, make_delegate, revoke, set_quorum
from tests.voting.making import (
    CLOSES_ON,
    OPENS_ON,
    agree,
    cast_openly,
    change,
    codes,
    make_open_vote_of_organisations,
    result_of,
    speaking_for,
    take_back,
)
from ucc_participate.accounts.models import Account
from ucc_participate.accounts.operations import erase_account
from ucc_participate.accounts.personal_data import everything_about
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, SignInNeeded
from ucc_participate.kernel.identity import VISITOR, Actor
from ucc_participate.notifications.models import OutboxMessage
from ucc_participate.stakeholders.models import Delegate, Organisation
from ucc_participate.voting import operations, queries
from ucc_participate.voting.models import BallotConfirmation, BallotProposal, OpenBallot, Vote
from ucc_participate.voting.rules import unpack


@dataclass
class Guild:
    """An organisation of an open vote, two of whose three delegates must agree."""

    vote: Vote
    organisation: Organisation
    accounts: list[Account]
    actors: list[Actor]
    mandates: list[Delegate]
    others: list[tuple[Organisation, Actor]]
    perform: Any
    now: Any

    def cast(self, who: int, *choices: int, now: Any = None) -> Any:
        chosen = [codes(self.vote)[at] for at in choices]
        return cast_openly(self.perform, self.vote, self.organisation, self.actors[who], chosen, now=now or self.now)

    def agree(self, who: int, *choices: int, now: Any = None) -> Any:
        chosen = [codes(self.vote)[at] for at in choices]
        return agree(self.perform, self.vote, self.organisation, self.actors[who], chosen, now=now or self.now)

    def take_back(self, who: int, now: Any = None) -> Any:
        return take_back(self.perform, self.vote, self.organisation, self.actors[who], now=now or self.now)

    def close(self) -> None:
        change(self.perform, self.vote, operations.close_vote, now=self.now + timedelta(days=10))

    @property
    def subject(self) -> str:
        return f"{self.vote.ref}/{self.organisation.ref}"


@pytest.fixture
def during(now):
    return day(now, OPENS_ON + 1)


@pytest.fixture
def guild(perform, now, during):
    """The first delegate comes with the vote, two more are named beside."""
    vote, organisations, delegates = make_open_vote_of_organisations(perform, now, quorum=2)
    accounts, mandates = [], []
    for name in ("Ada", "Bita", "Cyrus"):
        accounts.append(make_account(perform, f"{name}@guild.example", now=now, name=name))
        mandates.append(make_delegate(perform, organisations[0], accounts[-1], now=now))
    actors = [speaking_for(account, organisations[0]) for account in accounts]
    others = list(zip(organisations[1:], delegates[1:], strict=True))
    return Guild(vote, organisations[0], accounts, actors, mandates, others, perform, during)


@pytest.fixture
def counted(read, guild):
    """``counted()``: positions on the ballot of the guild that counts, None without one."""

    def look():
        ballot = read(lambda session: queries.open_ballot_of(session, guild.vote, guild.organisation))
        return unpack(ballot.choices) if ballot else None

    return look


@pytest.fixture
def waits(read, guild):
    """``waits()``: positions on the ballot that waits and the accounts that agreed, None when nothing waits."""

    def look():
        found = read(lambda session: queries.ballot_proposal_of(session, guild.vote, guild.organisation))
        return (unpack(found.choices), found.agreed) if found else None

    return look


@pytest.fixture
def used(read, guild):
    return lambda: read(lambda session: queries.turnout(session, guild.vote))[0]


def kinds(entries):
    return [entry.type for entry in entries]


# --- a ballot waits


def test_the_first_delegate_proposes_and_nothing_counts(guild, counted, waits, used, entries, drift):
    guild.cast(0, 1)
    assert waits() == ((1,), {guild.accounts[0].id})
    assert (counted(), used()) == (None, 0)
    [entry] = entries(guild.subject)
    assert (entry.type, entry.values["role"], entry.payload) == ("ballot.proposed_openly", "delegate", {})
    assert drift() == []


def test_those_whose_agreement_is_lacking_get_a_mail_that_tells_no_choice(app, guild, read, clock):
    guild.cast(0, 1)
    guild.cast(0, 1)
    waiting = read(lambda s: s.scalars(select(OutboxMessage).where(OutboxMessage.template == "ballot_waits")).all())
    others = {account.email for account in guild.accounts[1:]}
    assert others < {mail.to for mail in waiting}, "and the delegate whom every organisation has"
    assert len(waiting) == len(guild.accounts)
    clock.at = guild.now
    mails = [mail for mail in send_mails(app) if "waits for your agreement" in mail.subject]
    assert len(mails) == len(waiting)
    for mail in mails:
        assert f"/p/{guild.vote.process.public_id}/votes/{guild.vote.public_id}" in mail.body
        assert not any(option.title in mail.body for option in guild.vote.options)


def test_the_second_one_agrees_and_it_counts(guild, counted, waits, used, entries, drift):
    guild.cast(0, 1)
    guild.agree(1, 1)
    assert (counted(), waits(), used()) == ((1,), None, 1)
    told = entries(guild.subject)
    assert kinds(told) == ["ballot.proposed_openly", "ballot.confirmed_openly", "ballot.cast_openly"]
    assert {entry.values["role"] for entry in told} == {"delegate"}
    assert told[-1].payload["choices"] == codes(guild.vote)[1:2]
    assert told[-1].payload["delegate"] == told[1].values["actor"] != told[0].values["actor"]
    assert drift() == []


def test_filling_in_the_same_ballot_is_agreeing_too(guild, counted, entries):
    guild.cast(0, 1)
    guild.cast(1, 1)
    assert counted() == (1,)
    assert kinds(entries(guild.subject))[1:] == ["ballot.confirmed_openly", "ballot.cast_openly"]


def test_agreeing_twice_is_agreeing_once(guild, counted, waits, entries):
    guild.cast(0, 1)
    assert guild.agree(0, 1) is None
    assert guild.cast(0, 1) is None
    assert (counted(), waits()) == (None, ((1,), {guild.accounts[0].id}))
    assert len(entries(guild.subject)) == 1


def test_other_choices_take_the_place_of_what_waits_and_of_its_agreement(guild, counted, waits, entries):
    guild.cast(0, 1)
    guild.cast(1, 2)
    assert waits() == ((2,), {guild.accounts[1].id})
    assert counted() is None
    assert kinds(entries(guild.subject)) == ["ballot.proposed_openly"] * 2


def test_nobody_agrees_with_what_was_replaced_meanwhile(guild, counted, waits):
    guild.cast(0, 1)
    guild.cast(1, 2)
    with pytest.raises(Conflict) as refused:
        guild.agree(2, 1)
    assert "changed what waits" in str(refused.value.reason)
    assert (counted(), waits()) == (None, ((2,), {guild.accounts[1].id}))


def test_agreeing_with_what_counts_by_now_changes_nothing(guild, counted, entries):
    guild.cast(0, 1)
    guild.agree(1, 1)
    assert guild.agree(2, 1) is None
    assert guild.cast(2, 1) is None
    assert counted() == (1,)
    assert len(entries(guild.subject)) == 3


def test_with_nothing_that_waits_there_is_nothing_to_agree_with(guild):
    with pytest.raises(Conflict):
        guild.agree(0, 1)


def test_a_delegate_takes_the_agreement_back(guild, counted, waits, entries):
    guild.cast(0, 1)
    guild.take_back(0)
    assert waits() is None
    assert kinds(entries(guild.subject)) == ["ballot.proposed_openly", "ballot.agreement_withdrawn"]
    assert guild.take_back(0) is None
    with pytest.raises(Conflict):
        guild.agree(1, 1)
    assert counted() is None


@pytest.fixture
def two_agreed(perform, guild):
    """Two agreed and it waits on: the first one's mandate was withdrawn in between."""
    guild.cast(0, 1)
    revoke(perform, guild.organisation, guild.mandates[0], now=guild.now)
    guild.agree(1, 1)
    return guild


def test_what_others_agreed_with_waits_on(two_agreed, counted, waits):
    two_agreed.take_back(1)
    assert (counted(), waits()) == (None, ((1,), {two_agreed.accounts[0].id}))


def test_a_counted_ballot_stands_until_enough_agree_on_another(guild, counted, waits, used, entries, drift):
    guild.cast(0, 1)
    guild.agree(1, 1)
    guild.cast(2, 0, 2)
    assert (counted(), waits()[0], used()) == ((1,), (0, 2), 1)
    guild.agree(0, 0, 2)
    assert (counted(), waits(), used()) == ((0, 2), None, 1)
    assert kinds(entries(guild.subject))[-1] == "ballot.recast_openly"
    assert drift() == []


def test_what_counts_already_is_not_proposed_against_what_waits(guild, counted, waits):
    guild.cast(0, 1)
    guild.agree(1, 1)
    guild.cast(2, 2)
    with pytest.raises(Conflict) as refused:
        guild.cast(0, 1)
    assert "counts already" in str(refused.value.reason)
    assert (counted(), waits()) == ((1,), ((2,), {guild.accounts[2].id}))


def test_a_blank_ballot_needs_agreement_like_any_other(guild, counted, waits):
    guild.cast(0)
    assert waits() == ((), {guild.accounts[0].id})
    guild.agree(1)
    assert counted() == ()


def test_what_the_rules_do_not_allow_is_not_proposed(guild, waits):
    with pytest.raises(Invalid):
        guild.cast(0, 0, 1, 2)
    assert waits() is None


# --- the quorum


def test_the_quorum_is_the_one_of_the_frozen_roll(perform, guild, now, counted):
    set_quorum(perform, guild.organisation, 1, now=guild.now)
    guild.cast(0, 1)
    assert counted() is None
    guild.agree(1, 1)
    assert counted() == (1,)


def test_organisations_without_a_quorum_cast_alone(guild, perform, read, entries):
    organisation, actor = guild.others[0]
    cast_openly(perform, guild.vote, organisation, actor, codes(guild.vote)[:1], now=guild.now)
    assert kinds(entries(f"{guild.vote.ref}/{organisation.ref}")) == ["ballot.cast_openly"]


def test_somebody_with_two_seats_counts_once(perform, guild, counted, waits):
    make_delegate(perform, guild.organisation, guild.accounts[0], now=guild.now, mandate="Second letter")
    guild.cast(0, 1)
    guild.agree(0, 1)
    assert (counted(), waits()) == (None, ((1,), {guild.accounts[0].id}))


# --- mandates


def mandate_of(guild, perform, name, **days):
    account = make_account(perform, f"{name}@guild.example", now=guild.now, name=name)
    make_delegate(perform, guild.organisation, account, now=guild.now, **days)
    return speaking_for(account, guild.organisation)


@pytest.mark.parametrize("days", [{"ends_on": -1}, {"starts_on": 1}], ids=["expired", "begins tomorrow"])
def test_a_mandate_that_does_not_hold_today_does_nothing(guild, perform, counted, waits, days):
    """Even with a page on which it still seemed to: the mandate is looked up under the lock."""
    shift = {name: (guild.now + timedelta(days=number)).date() for name, number in days.items()}
    actor = mandate_of(guild, perform, "dara", **({"starts_on": shift.get("ends_on", guild.now.date())} | shift))
    guild.cast(0, 1)
    for act in (agree, cast_openly):
        with pytest.raises(Forbidden):
            act(perform, guild.vote, guild.organisation, actor, codes(guild.vote)[1:2], now=guild.now)
    with pytest.raises(Forbidden):
        take_back(perform, guild.vote, guild.organisation, actor, now=guild.now)
    assert (counted(), waits()) == (None, ((1,), {guild.accounts[0].id}))


def test_the_first_and_the_last_day_of_a_mandate_are_part_of_it(guild, perform, counted):
    today = guild.now.date()
    actor = mandate_of(guild, perform, "dara", starts_on=today, ends_on=today)
    guild.cast(0, 1)
    agree(perform, guild.vote, guild.organisation, actor, codes(guild.vote)[1:2], now=guild.now)
    assert counted() == (1,)


def test_a_delegate_revoked_between_page_and_press_does_nothing(guild, perform, counted, waits, entries):
    """The actor was made with the page's request and still says that they speak for the guild."""
    guild.cast(0, 1)
    revoke(perform, guild.organisation, guild.mandates[1], now=guild.now)
    for press in (lambda: guild.agree(1, 1), lambda: guild.cast(1, 2), lambda: guild.take_back(1)):
        with pytest.raises(Forbidden):
            press()
    assert (counted(), waits()) == (None, ((1,), {guild.accounts[0].id}))
    assert kinds(entries(guild.subject)) == ["ballot.proposed_openly"]


def test_a_revoked_delegate_casts_alone_for_nobody_either(perform, read, now, during):
    """Without a quorum as well."""
    vote, organisations, _delegates = make_open_vote_of_organisations(perform, now)
    account = make_account(perform, "sara@guild.example", now=now)
    mandate = make_delegate(perform, organisations[0], account, now=now)
    revoke(perform, organisations[0], mandate, now=during)
    with pytest.raises(Forbidden):
        cast_openly(
            perform, vote, organisations[0], speaking_for(account, organisations[0]), codes(vote)[:1], now=during
        )
    assert read(lambda session: session.scalar(select(func.count()).select_from(OpenBallot))) == 0


def test_the_agreement_of_a_revoked_delegate_counts_no_more(guild, perform, counted, waits):
    guild.cast(0, 1)
    revoke(perform, guild.organisation, guild.mandates[0], now=guild.now)
    guild.agree(1, 1)
    assert counted() is None
    guild.agree(2, 1)
    assert (counted(), waits()) == ((1,), None)


def test_the_agreement_of_an_expired_delegate_counts_no_more(guild, perform, counted):
    today = guild.now.date()
    actor = mandate_of(guild, perform, "dara", starts_on=today, ends_on=today)
    chosen = codes(guild.vote)[1:2]
    cast_openly(perform, guild.vote, guild.organisation, actor, chosen, now=guild.now)
    tomorrow = guild.now + timedelta(days=1)
    guild.agree(0, 1, now=tomorrow)
    assert counted() is None
    guild.agree(1, 1, now=tomorrow)
    assert counted() == (1,)


def test_a_counted_ballot_outlives_the_mandates_of_those_who_agreed(guild, perform, counted):
    guild.cast(0, 1)
    guild.agree(1, 1)
    for mandate in guild.mandates:
        revoke(perform, guild.organisation, mandate, now=guild.now)
    guild.close()
    assert counted() == (1,)


@pytest.mark.parametrize("act", [agree, cast_openly])
def test_delegates_of_others_staff_and_visitors_do_nothing_for_the_guild(guild, perform, waits, act):
    guild.cast(0, 1)
    for actor, error in [(guild.others[0][1], Forbidden), (VISITOR, SignInNeeded)]:
        with pytest.raises(error):
            act(perform, guild.vote, guild.organisation, actor, codes(guild.vote)[1:2], now=guild.now)
    assert waits() == ((1,), {guild.accounts[0].id})


# --- at once


def test_two_delegates_who_propose_different_ballots_at_once_leave_one(guild, counted, waits, entries):
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda who: guild.cast(who, who), (0, 1)))
    choices, agreed = waits()
    assert (counted(), len(choices), len(agreed)) == (None, 1, 1)
    assert agreed == {guild.accounts[choices[0]].id}
    assert kinds(entries(guild.subject)) == ["ballot.proposed_openly"] * 2


def test_two_delegates_who_choose_alike_at_once_have_cast_it(guild, counted, waits, used, entries):
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda who: guild.cast(who, 1), (0, 1)))
    assert (counted(), waits(), used()) == ((1,), None, 1)
    told = kinds(entries(guild.subject))
    assert told == ["ballot.proposed_openly", "ballot.confirmed_openly", "ballot.cast_openly"]


# --- the closing


def test_after_the_closing_time_everything_is_refused(guild, counted, waits, now):
    guild.cast(0, 1)
    late = day(now, CLOSES_ON)
    for press in (lambda: guild.agree(1, 1, now=late), lambda: guild.cast(1, 2, now=late)):
        with pytest.raises(Conflict):
            press()
    with pytest.raises(Conflict):
        guild.take_back(0, now=late)
    assert (counted(), waits()) == (None, ((1,), {guild.accounts[0].id}))


def test_what_never_found_agreement_is_removed_and_the_organisation_did_not_vote(guild, read, perform, entries, drift):
    organisation, actor = guild.others[0]
    cast_openly(perform, guild.vote, organisation, actor, codes(guild.vote)[:1], now=guild.now)
    guild.cast(0, 1)
    guild.close()
    rows = read(lambda s: [s.scalar(select(func.count()).select_from(t)) for t in (BallotProposal, BallotConfirmation)])
    assert rows == [0, 0]
    assert [each.public_id for each in read(lambda s: queries.lapsed_organisations(s, guild.vote))] == [
        guild.organisation.public_id
    ]
    result = result_of(read, guild.vote)
    assert (result["ballots"], [line["votes"] for line in result["counts"]]) == (1, [1, 0, 0])
    told = entries(guild.vote.ref)
    assert kinds(told)[-3:] == ["ballots.lapsed", "vote.closed", "vote.tallied"]
    assert told[-3].payload == {"organisations": [guild.organisation.ref]}
    assert drift() == []


def test_a_replacement_that_never_found_agreement_leaves_the_ballot_as_it_was(guild, read, counted, waits, entries):
    guild.cast(0, 1)
    guild.agree(1, 1)
    guild.cast(2, 2)
    guild.close()
    assert (counted(), waits()) == ((1,), None)
    assert read(lambda s: queries.lapsed_organisations(s, guild.vote)) == []
    assert "ballots.lapsed" not in kinds(entries(guild.vote.ref))


def test_a_lapsed_ballot_that_the_log_does_not_know_is_named(app, guild, drift):
    guild.close()

    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE roll_entry SET has_lapsed = true WHERE organisation_id = {guild.organisation.id}"
        )
    assert any("whether its ballot lapsed" in fault for fault in drift())


# --- personal data


def erase(app, perform, account, now):
    def work(session):
        found = session.get(Account, account.id)
        erase_account(session, found, erasers=app.extensions["ucc.erasers"], actor=acting(account), now=now)

    perform(work)


def test_whoever_agreed_alone_and_is_erased_takes_what_waits_along(app, perform, guild, counted, waits, entries):
    guild.cast(0, 1)
    erase(app, perform, guild.accounts[0], guild.now)
    assert (counted(), waits()) == (None, None)
    assert kinds(entries(guild.subject)) == ["ballot.proposed_openly", "ballot.agreement_withdrawn"]


def test_an_erased_delegate_leaves_the_agreement_of_the_others(app, perform, two_agreed, counted, waits):
    erase(app, perform, two_agreed.accounts[0], two_agreed.now)
    assert (counted(), waits()) == (None, ((1,), {two_agreed.accounts[1].id}))
    two_agreed.agree(2, 1)
    assert counted() == (1,)


def test_people_read_with_what_they_agreed_and_what_they_cast(app, guild):
    guild.cast(0, 1)
    with app.app_context():
        before: Any = everything_about(guild.accounts[0], now=guild.now)
    [agreed] = before["agreements"]
    assert agreed["organisation"] == guild.organisation.name
    assert agreed["agreed_at"] == guild.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    guild.agree(1, 1)
    with app.app_context():
        told = [everything_about(account, now=guild.now) for account in guild.accounts[:2]]
    assert [each["agreements"] for each in told] == [[], []]
    assert [[row["organisation"] for row in each["organisation_ballots"]] for each in told] == [
        [],
        [guild.organisation.name],
    ]
