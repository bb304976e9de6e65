"""The job that empties the outbox. A machine that dies after sending and before noting it sends a mail twice."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from smtplib import SMTP, SMTP_SSL
from urllib.parse import unquote, urlsplit

from flask import current_app

from ..kernel import clock
from ..kernel.db import db, perform
from ..settings import Settings
from . import mailbox, outbox, queries
from .models import Medium, OutboxMessage
from .sms import gateway
from .writing import render, write_mail

SMTP_SECONDS = 20
ERROR_LENGTH = 200

Deliver = Callable[[OutboxMessage, EmailMessage], None]


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round did."""

    delivered: int
    failed: int


def send_due() -> Sent:
    """Send what is due, at most one batch; does nothing when nothing is."""
    now = clock.now()
    if not queries.is_mail_due(db.session(), now):
        return Sent(0, 0)
    messages = perform(lambda session: outbox.claim(session, now=now))
    outcomes = _deliver_all(messages, now)
    finished = clock.now()
    perform(lambda session: outbox.settle(session, outcomes, now=finished))
    failed = sum(1 for outcome in outcomes if outcome.error is not None)
    return Sent(len(outcomes) - failed, failed)


def remove_old() -> None:
    """Throw away rows and, where a folder stands in for the post, files of messages that are a month old."""
    now = clock.now()
    names = perform(lambda session: outbox.remove_old(session, now=now))
    settings: Settings = current_app.extensions["ucc.settings"]
    mailbox.remove(settings.instance_path / mailbox.FOLDER, names, before=now - outbox.KEPT)


def _deliver_all(messages: Sequence[OutboxMessage], now: datetime) -> list[outbox.Outcome]:
    settings: Settings = current_app.extensions["ucc.settings"]
    texts = [message for message in messages if message.medium is Medium.SMS]
    mails = [message for message in messages if message.medium is Medium.MAIL]
    return _send_texts(texts, settings, now) + (_send_mails(mails, settings, now) if mails else [])


def _send_texts(messages: Sequence[OutboxMessage], settings: Settings, now: datetime) -> list[outbox.Outcome]:
    """Text messages, each by itself: one that is not taken does not hold up the others."""
    through, outcomes = gateway(settings, format_datetime(now)), []
    for message in messages:
        try:
            _subject, text = render(message, settings)
            through.send(f"{message.id:08}", message.to, text.strip(), message.data)
        except Exception as fault:
            current_app.logger.warning("text message %s was not sent: %s", message.id, type(fault).__name__)
            outcomes.append(outbox.Outcome(message.id, _named(fault)))
        else:
            outcomes.append(outbox.Outcome(message.id, None))
    return outcomes


def _send_mails(messages: Sequence[OutboxMessage], settings: Settings, now: datetime) -> list[outbox.Outcome]:
    outcomes: list[outbox.Outcome] = []
    try:
        with _backend(settings) as deliver:
            for message in messages:
                outcomes.append(_deliver_one(message, deliver, settings, now))  # noqa: PERF401  # kept when closing fails
    except OSError as fault:  # the server of mails cannot be reached; smtplib's own errors are OSErrors too
        current_app.logger.warning("mails cannot be sent: %s", fault)
        outcomes += [outbox.Outcome(message.id, _named(fault)) for message in messages[len(outcomes) :]]
    return outcomes


def _deliver_one(message: OutboxMessage, deliver: Deliver, settings: Settings, now: datetime) -> outbox.Outcome:
    try:
        deliver(message, write_mail(message, settings=settings, now=now))
    except Exception as fault:  # one mail that cannot be written or sent must not hold up the others
        current_app.logger.exception("mail %s was not sent", message.id)
        return outbox.Outcome(message.id, _named(fault))
    return outbox.Outcome(message.id, None)


def _named(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:ERROR_LENGTH]


@contextmanager
def _backend(settings: Settings) -> Iterator[Deliver]:
    if settings.mail_backend == "folder":
        folder = settings.instance_path / mailbox.FOLDER
        yield lambda message, mail: mailbox.store(folder, f"{message.id:08}", mail)
        return
    with _smtp(settings.smtp_url) as server:
        yield lambda _message, mail: _hand_over(server, mail)


def _hand_over(server: SMTP, mail: EmailMessage) -> None:
    server.send_message(mail)


def _smtp(url: str) -> SMTP:
    """A connection to the server of a ``smtp://`` or ``smtps://`` address; a password is never sent in the clear."""
    parts = urlsplit(url)
    host, context = parts.hostname or "localhost", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: SMTP = SMTP_SSL(host, parts.port or 465, timeout=SMTP_SECONDS, context=context)
    else:
        server = SMTP(host, parts.port or 25, timeout=SMTP_SECONDS)
        server.ehlo_or_helo_if_needed()
        if server.has_extn("starttls") or parts.username:
            server.starttls(context=context)
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server
