"""Mail servers and machines that fail: nothing is lost, nothing arrives twice but where no program can know better."""

from __future__ import annotations

import os
import signal
import socketserver
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from email.policy import default
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.notifications import outbox, sending
from ucc_participate.notifications.models import MessageState, OutboxMessage
from ucc_participate.notifications.operations import queue_mail

ROOT = Path(__file__).parents[2]
LINK: dict[str, Any] = {"link": "http://127.0.0.1:8000/x", "minutes": 30}


class _Conversation(socketserver.StreamRequestHandler):
    """SMTP that does to each mail what ``server.fate(address)`` says.

    ``taken`` · ``later`` (451) · ``nobody`` (550) · ``closing`` (421) · ``spam`` (554 after DATA) · ``silent`` (takes
    it and hangs up before saying so) · ``stuck`` (gets it and says nothing for ever).
    """

    server: Any

    def handle(self) -> None:
        if self.server.is_down:
            return
        self._say("220 test")
        address, fate = "", "taken"
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                address = line.decode().partition("<")[2].partition(">")[0]
                fate = self.server.fate(address)
                self._say(
                    {"later": "451 later", "nobody": f"550 <{address}>: unknown", "closing": "421 bye"}.get(fate, "250")
                )
                if fate == "closing":
                    return
            elif verb == b"DATA":
                if not self._take(address, fate):
                    return
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _take(self, address: str, fate: str) -> bool:
        """Whether the conversation goes on."""
        self._say("354 go on")
        mail = message_from_bytes(b"".join(iter(self.rfile.readline, b".\r\n")), policy=default)
        if fate == "spam":
            self._say("554 refused")
            return True
        if fate == "stuck":
            self.server.is_stuck.set()
            self.rfile.read()
            return False
        self.server.taken.append((address, mail["Message-ID"]))
        self.server.after(address)
        if fate == "silent":
            return False
        self._say("250 taken")
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def smtp() -> Iterator[Any]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation) as server:
        known: Any = server
        known.taken, known.is_down, known.is_stuck = [], False, threading.Event()
        known.fate, known.after = (lambda _address: "taken"), (lambda _address: None)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def environment(environment: dict[str, str], smtp: Any) -> dict[str, str]:
    return environment | {"UCC_MAIL_BACKEND": "smtp", "UCC_SMTP_URL": f"smtp://127.0.0.1:{smtp.server_address[1]}"}


@pytest.fixture
def queue(perform: Any, clock: FrozenClock) -> Callable[..., None]:
    def put(*addresses: str) -> None:
        def work(session: Any) -> None:
            for address in addresses:
                queue_mail(session, to=address, locale="en", template="sign_in", data=LINK, now=clock.now())

        perform(work)

    return put


@pytest.fixture
def send(app: Flask) -> Callable[[], sending.Sent]:
    def run() -> sending.Sent:
        with app.app_context():
            return sending.send_due()

    return run


@pytest.fixture
def rows(read: Any) -> Callable[[], dict[int, tuple[MessageState, str | None]]]:
    query = select(OutboxMessage).order_by(OutboxMessage.id)
    return lambda: read(lambda s: {row.id: (row.state, row.error) for row in s.scalars(query)})


def run_dry(send: Callable[[], sending.Sent]) -> None:
    while send() != sending.Sent(0, 0):
        pass


def pass_time(clock: FrozenClock, send: Callable[[], sending.Sent], minutes: int) -> None:
    for _minute in range(minutes):
        run_dry(send)
        clock.advance(minutes=1)


def test_a_server_that_is_down_for_an_hour_costs_time_and_nothing_else(
    smtp: Any, queue: Any, send: Any, clock: FrozenClock
) -> None:
    wanted = [f"p{at}@d{at % 3}.example" for at in range(30)]
    smtp.is_down = True
    queue(*wanted)
    pass_time(clock, send, 60)
    assert smtp.taken == []
    smtp.is_down = False
    pass_time(clock, send, 60)
    assert Counter(address for address, _id in smtp.taken) == Counter(wanted)


def test_a_refused_address_fails_alone_and_at_once(smtp: Any, queue: Any, send: Any, rows: Any) -> None:
    smtp.fate = lambda address: address.partition("@")[0]
    queue("taken@a.example", "nobody@a.example", "spam@a.example", "taken@b.example")
    run_dry(send)
    assert [address for address, _id in smtp.taken] == ["taken@a.example", "taken@b.example"]
    assert rows() == {
        1: (MessageState.SENT, None),
        2: (MessageState.FAILED, "SMTPRecipientsRefused: 550 <…>: unknown"),
        3: (MessageState.FAILED, "SMTPDataError: 554 refused"),
        4: (MessageState.SENT, None),
    }


def test_who_is_put_off_is_asked_again_after_each_pause_and_given_up_after_days(
    smtp: Any, queue: Any, send: Any, rows: Any, clock: FrozenClock
) -> None:
    asked: list[datetime] = []

    def put_off(_address: str) -> str:
        asked.append(clock.now())
        return "later"

    smtp.fate = put_off
    queue("sara@a.example")
    run_dry(send)
    for pause in outbox.PAUSES:
        clock.at += pause
        run_dry(send)
    assert [after - before for before, after in pairwise(asked)] == list(outbox.PAUSES)
    assert rows() == {1: (MessageState.FAILED, "SMTPRecipientsRefused: 451 later")}
    clock.advance(days=5)
    run_dry(send)
    assert len(asked) == outbox.MOST_ATTEMPTS


def test_a_server_that_hangs_up_is_called_again_for_the_next_mail(
    smtp: Any, queue: Any, send: Any, clock: FrozenClock
) -> None:
    fates = {"sara@a.example": iter(["closing", "taken"])}
    smtp.fate = lambda address: next(fates[address]) if address in fates else "taken"
    queue("sara@a.example", "omid@a.example")
    run_dry(send)
    assert [address for address, _id in smtp.taken] == ["omid@a.example"]
    pass_time(clock, send, 3)
    assert [address for address, _id in smtp.taken] == ["omid@a.example", "sara@a.example"]


def test_a_server_that_dies_after_taking_a_mail_gets_it_again_under_the_same_message_id(
    smtp: Any, queue: Any, send: Any, rows: Any, clock: FrozenClock
) -> None:
    """The one way to a second copy: nobody can know that the first one was taken."""
    fates = iter(["silent", "taken"])
    smtp.fate = lambda _address: next(fates)
    queue("sara@a.example")
    pass_time(clock, send, 10)
    assert len(smtp.taken) == 2
    assert len(set(smtp.taken)) == 1
    assert rows() == {1: (MessageState.SENT, None)}


def test_what_was_claimed_by_a_machine_that_died_is_sent_once_when_patience_ends(
    smtp: Any, queue: Any, send: Any, perform: Any, clock: FrozenClock
) -> None:
    queue("sara@a.example", "omid@a.example")
    perform(lambda session: outbox.claim(session, now=clock.now()))
    run_dry(send)
    assert smtp.taken == []
    clock.at += outbox.PATIENCE
    run_dry(send)
    run_dry(send)
    assert Counter(address for address, _id in smtp.taken) == Counter(["sara@a.example", "omid@a.example"])


def test_a_process_killed_in_the_middle_of_a_round_repeats_nothing_and_loses_nothing(
    smtp: Any, environment: dict[str, str], queue: Any, send: Any, rows: Any, clock: FrozenClock
) -> None:
    fates = iter(["taken", "taken", "stuck"])
    smtp.fate = lambda _address: next(fates, "taken")
    wanted = [f"p{at}@a.example" for at in range(5)]
    queue(*wanted)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "notifications", "send"]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        assert smtp.is_stuck.wait(60)
        process.send_signal(signal.SIGKILL)
    assert [state for state, _error in rows().values()].count(MessageState.SENT) == 2
    clock.at = datetime.now(timezone.utc) + outbox.PATIENCE + timedelta(minutes=1)
    run_dry(send)
    assert Counter(address for address, _id in smtp.taken) == Counter(wanted)


def test_a_slow_server_leaves_the_rest_to_the_next_round_before_others_may_take_it(
    smtp: Any, queue: Any, send: Any, clock: FrozenClock
) -> None:
    smtp.after = lambda _address: clock.advance(minutes=3)
    queue("sara@a.example", "omid@a.example")
    assert send() == sending.Sent(1, 0)
    assert send() == sending.Sent(0, 0)
    clock.advance(minutes=3)
    assert send() == sending.Sent(1, 0)
    assert [address for address, _id in smtp.taken] == ["sara@a.example", "omid@a.example"]
