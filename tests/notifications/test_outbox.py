"""The outbox: claimed by one only, tried again later and later, given up at last, emptied when done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.notifications import outbox, queries
from ucc_participate.notifications.models import MessageState, OutboxMessage
from ucc_participate.notifications.operations import forget_messages, queue_mail
from ucc_participate.notifications.queries import Mishap

LINK = {"link": "http://127.0.0.1:8000/x", "minutes": 30}


@pytest.fixture
def queue(perform: Any, clock: FrozenClock) -> Any:
    def put(count: int = 1, to: str = "sara@example.org") -> None:
        def work(session: Any) -> None:
            for _ in range(count):
                queue_mail(session, to=to, locale="en", template="sign_in", data=LINK, now=clock.now())

        perform(work)

    return put


@pytest.fixture
def messages(read: Any) -> Any:
    return lambda: read(lambda session: session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all())


def claim(perform: Any, clock: FrozenClock, limit: int = 50) -> list[int]:
    return [message.id for message in perform(lambda s: outbox.claim(s, now=clock.now(), limit=limit))]


def settle(perform: Any, clock: FrozenClock, number: int, error: str | None) -> None:
    perform(lambda s: outbox.settle(s, [outbox.Outcome(number, error)], now=clock.now()))


def test_a_claimed_mail_is_nobody_elses_until_patience_ends(perform: Any, clock: FrozenClock, queue: Any) -> None:
    queue(3)
    assert claim(perform, clock, limit=2) == [1, 2]
    assert claim(perform, clock) == [3]
    assert claim(perform, clock) == []
    clock.at += outbox.PATIENCE
    assert claim(perform, clock) == [1, 2, 3]


def test_a_mail_that_waits_for_later_is_not_claimed(perform: Any, clock: FrozenClock, queue: Any) -> None:
    queue()
    clock.at -= timedelta(seconds=1)
    assert claim(perform, clock) == []


def test_what_was_sent_is_emptied_and_never_claimed_again(
    perform: Any, clock: FrozenClock, queue: Any, messages: Any
) -> None:
    queue()
    settle(perform, clock, claim(perform, clock)[0], None)
    [message] = messages()
    assert (message.state, message.sent_at, message.to, message.data) == (MessageState.SENT, clock.now(), "", {})
    clock.advance(days=2)
    assert claim(perform, clock) == []


def test_failures_wait_longer_each_time_and_end_after_the_last(
    perform: Any, clock: FrozenClock, queue: Any, messages: Any
) -> None:
    queue()
    for pause in outbox.PAUSES:
        settle(perform, clock, claim(perform, clock)[0], "SMTPConnectError: no")
        [message] = messages()
        assert (message.state, message.data, message.send_at) == (MessageState.WAITING, LINK, clock.now() + pause)
        clock.at += pause
    settle(perform, clock, claim(perform, clock)[0], "SMTPConnectError: no")
    [message] = messages()
    assert (message.state, message.data, message.attempts) == (MessageState.FAILED, {}, outbox.MOST_ATTEMPTS)
    assert message.to == ""
    assert sum(outbox.PAUSES, timedelta()) > timedelta(days=4)
    assert message.error == "SMTPConnectError: no"
    clock.advance(days=2)
    assert claim(perform, clock) == []


def test_a_mail_of_an_undone_change_is_never_sent(perform: Any, clock: FrozenClock, messages: Any) -> None:
    def failing(session: Any) -> None:
        queue_mail(session, to="sara@example.org", locale="en", template="sign_in", data=LINK, now=clock.now())
        raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        perform(failing)
    assert messages() == []


def test_settling_a_mail_that_was_removed_meanwhile_is_harmless(
    perform: Any, clock: FrozenClock, queue: Any, messages: Any
) -> None:
    queue()
    [number] = claim(perform, clock)
    perform(lambda s: forget_messages(s, "account:1", ["sara@example.org"]))
    settle(perform, clock, number, None)
    assert messages() == []


def test_what_is_done_goes_after_a_month_and_what_waits_stays(
    perform: Any, clock: FrozenClock, queue: Any, messages: Any
) -> None:
    queue(2)
    settle(perform, clock, claim(perform, clock, limit=1)[0], None)
    clock.at += outbox.KEPT - timedelta(days=1)
    perform(lambda s: outbox.remove_old(s, now=clock.now()))
    assert len(messages()) == 2
    clock.advance(days=2)
    perform(lambda s: outbox.remove_old(s, now=clock.now()))
    assert [message.state for message in messages()] == [MessageState.WAITING]


def test_forgetting_an_address_leaves_the_mails_of_others(perform: Any, queue: Any, messages: Any) -> None:
    queue(2, to="sara@example.org")
    queue(1, to="omid@example.org")
    perform(lambda s: forget_messages(s, "account:1", ["sara@example.org"]))
    assert [message.to for message in messages()] == ["omid@example.org"]


def test_one_domain_gets_a_portion_in_each_round_and_does_not_hold_up_the_others(
    perform: Any, clock: FrozenClock, queue: Any
) -> None:
    queue(outbox.PER_DOMAIN + 5, to="sara@big.example")
    queue(1, to="omid@small.example")
    first = claim(perform, clock)
    assert len(first) == outbox.PER_DOMAIN + 1
    assert first[-1] == outbox.PER_DOMAIN + 6
    assert len(claim(perform, clock)) == 5


def test_a_mail_to_one_person_goes_before_a_letter_to_many(perform: Any, clock: FrozenClock) -> None:
    def put(is_bulk: bool) -> None:
        facts: dict[str, Any] = {"to": "s@example.org", "locale": "en", "template": "sign_in", "data": LINK}
        perform(lambda s: queue_mail(s, **facts, now=clock.now(), is_bulk=is_bulk))

    put(is_bulk=True)
    clock.advance(minutes=1)
    put(is_bulk=False)
    assert claim(perform, clock) == [2, 1]


def test_what_did_not_arrive_is_counted_by_kind_and_reason_without_an_address(
    perform: Any, read: Any, clock: FrozenClock, queue: Any
) -> None:
    queue(3)
    claim(perform, clock)
    known = ("SMTPRecipientsRefused: 550 no", "SMTPRecipientsRefused: 450 later", "ConnectionRefusedError: 111")
    outcomes = [outbox.Outcome(at, error, error.endswith("550 no")) for at, error in enumerate(known, start=1)]
    perform(lambda s: outbox.settle(s, outcomes, now=clock.now()))
    found = read(lambda s: queries.undelivered(s, clock.now() - outbox.KEPT))
    assert [(each.template, each.mishap, each.is_given_up, each.count) for each in found] == [
        ("sign_in", Mishap.NO_SUCH_ADDRESS, True, 1),
        ("sign_in", Mishap.TURNED_AWAY, False, 1),
        ("sign_in", Mishap.UNREACHABLE, False, 1),
    ]
