"""The job that sends: to a folder, or to a mail server that may fail."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.notifications import mailbox, outbox, sending
from ucc_participate.notifications.models import MessageState, OutboxMessage
from ucc_participate.notifications.operations import queue_mail

LINK: dict[str, Any] = {"link": "http://127.0.0.1:8000/x", "minutes": 30}


class _Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs; refuses who is named ``nobody``."""

    server: Any

    def handle(self) -> None:
        self._say("220 test")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._take()
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("550 no such person" if b"nobody" in line else "250 fine")

    def _take(self) -> None:
        self._say("354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        self.server.taken.append(message_from_bytes(b"".join(lines), policy=default))
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def smtp() -> Iterator[Any]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation) as server:
        server.taken = []  # type: ignore[attr-defined]
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def environment(environment: dict[str, str], request: pytest.FixtureRequest) -> dict[str, str]:
    if "smtp" in request.fixturenames:
        port = request.getfixturevalue("smtp").server_address[1]
        return environment | {"UCC_MAIL_BACKEND": "smtp", "UCC_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    return environment


@pytest.fixture
def queue(perform: Any, clock: FrozenClock) -> Any:
    def put(to: str = "sara@example.org", template: str = "sign_in", locale: str = "en") -> None:
        perform(lambda s: queue_mail(s, to=to, locale=locale, template=template, data=LINK, now=clock.now()))

    return put


@pytest.fixture
def send(app: Flask) -> Any:
    def run() -> sending.Sent:
        with app.app_context():
            return sending.send_due()

    return run


@pytest.fixture
def states(read: Any) -> Any:
    rows = select(OutboxMessage).order_by(OutboxMessage.id)
    return lambda: read(lambda session: [message.state for message in session.scalars(rows)])


def in_folder(app: Flask) -> list[mailbox.StoredMail]:
    return mailbox.newest(app.extensions["ucc.settings"].instance_path / mailbox.FOLDER, limit=50)


def test_a_mail_lands_in_the_folder_once_however_often_the_job_runs(
    app: Flask, queue: Any, send: Any, states: Any
) -> None:
    queue()
    assert send() == sending.Sent(1, 0)
    assert send() == sending.Sent(0, 0)
    [mail] = in_folder(app)
    assert (mail.to, mail.language) == ("sara@example.org", "en")
    assert LINK["link"] in mail.body
    assert states() == [MessageState.SENT]


def test_a_mail_sent_by_a_machine_that_died_is_replaced_not_doubled(
    app: Flask, perform: Any, clock: FrozenClock, queue: Any, send: Any
) -> None:
    queue()
    assert send() == sending.Sent(1, 0)

    def forget_that_it_was_sent(session: Any) -> None:
        [message] = session.scalars(select(OutboxMessage))
        message.state, message.to, message.data = MessageState.WAITING, "sara@example.org", LINK
        message.send_at = clock.now()

    perform(forget_that_it_was_sent)
    assert send() == sending.Sent(1, 0)
    assert len(in_folder(app)) == 1


def test_a_mail_that_cannot_be_written_does_not_hold_up_the_others(
    app: Flask, queue: Any, send: Any, states: Any
) -> None:
    queue(template="no_such_template")
    queue(to="omid@example.org")
    assert send() == sending.Sent(1, 1)
    assert [mail.to for mail in in_folder(app)] == ["omid@example.org"]
    assert states() == [MessageState.WAITING, MessageState.SENT]


def test_the_folder_shows_newest_mails_first_and_finds_their_links(app: Flask, queue: Any, send: Any) -> None:
    for name in ("first", "second"):
        queue(to=f"{name}@example.org", locale="fa")
        send()
    mails = in_folder(app)
    assert [mail.to for mail in mails] == ["second@example.org", "first@example.org"]
    assert next(piece for piece, is_address in mails[0].pieces if is_address) == LINK["link"]
    assert "".join(piece for piece, _is_address in mails[0].pieces) == mails[0].body


def test_a_mail_server_gets_the_mail_and_refuses_only_whom_it_does_not_know(
    smtp: Any, queue: Any, send: Any, read: Any, states: Any
) -> None:
    queue(to="nobody@example.org")
    queue(to="sara@example.org", locale="fa")
    assert send() == sending.Sent(1, 1)
    [mail] = smtp.taken
    assert (mail["To"], mail["Content-Language"]) == ("sara@example.org", "fa")
    assert LINK["link"] in mail.get_body(("plain",)).get_content()
    assert states() == [MessageState.FAILED, MessageState.SENT]
    refused = read(lambda session: session.get(OutboxMessage, 1))
    assert refused.error == "SMTPRecipientsRefused: 550 no such person"


@pytest.mark.settings(UCC_MAIL_BACKEND="smtp", UCC_SMTP_URL="smtp://127.0.0.1:1")
def test_a_mail_server_that_is_away_delays_everything_and_loses_nothing(
    queue: Any, send: Any, read: Any, clock: FrozenClock
) -> None:
    queue()
    queue()
    assert send() == sending.Sent(0, 2)
    rows = read(lambda session: session.scalars(select(OutboxMessage)).all())
    assert {(row.state, row.send_at) for row in rows} == {(MessageState.WAITING, clock.now() + outbox.PAUSES[0])}
    assert all("ConnectionRefusedError" in row.error for row in rows)


def test_the_command_sends_everything_and_says_how_much(app: Flask, queue: Any) -> None:
    for _ in range(3):
        queue()
    result = app.test_cli_runner().invoke(args=["notifications", "send"])
    assert (result.exit_code, result.output) == (0, "sent 3 failed 0\n")
    assert app.test_cli_runner().invoke(args=["notifications", "send"]).output == "sent 0 failed 0\n"


def test_the_command_fails_when_a_mail_was_not_sent(app: Flask, queue: Any) -> None:
    queue(template="no_such_template")
    result = app.test_cli_runner().invoke(args=["notifications", "send"])
    assert (result.exit_code, result.output.splitlines()[-1]) == (1, "sent 0 failed 1")


def test_the_jobs_send(app: Flask, queue: Any, states: Any) -> None:
    queue()
    app.extensions["ucc.jobs"].run_all()
    assert states() == [MessageState.SENT]
