"""The job that empties the outbox.

Nothing is lost: what is claimed and not noted as sent is due again. A mail can arrive twice in one way only: the
server took it, and the connection, the machine or the database died before that was noted. It then has the same
Message-ID as the first copy (docs/operators-guide.md, “Mail”).
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from smtplib import SMTP, SMTP_SSL, SMTPDataError, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import unquote, urlsplit

from flask import current_app

from ..kernel import clock
from ..kernel.db import db, perform
from ..settings import Settings
from . import mailbox, outbox, queries
from .models import Medium, OutboxMessage
from .sms import SmsGateway, gateway
from .writing import render, write_mail

SMTP_SECONDS = 20
ERROR_LENGTH = 200
LASTING = 500
MARGIN = timedelta(minutes=4)
"""Longer than connecting and one conversation take, with every reply at the last moment."""

Deliver = Callable[[OutboxMessage, EmailMessage], None]


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round did."""

    delivered: int
    failed: int


def send_due() -> Sent:
    """Send what is due, at most one batch; does nothing when nothing is.

    Each message is noted as soon as it is handed over: who dies meanwhile repeats one mail at most.
    """
    now = clock.now()
    if not queries.is_mail_due(db.session(), now):
        return Sent(0, 0)
    delivered = failed = 0
    for outcome in _deliver_all(perform(lambda session: outbox.claim(session, now=now)), now):
        _settle(outcome)
        delivered, failed = delivered + (outcome.error is None), failed + (outcome.error is not None)
    return Sent(delivered, failed)


def _settle(outcome: outbox.Outcome) -> None:
    finished = clock.now()
    perform(lambda session: outbox.settle(session, [outcome], now=finished))


def remove_old() -> None:
    """Throw away rows and, where a folder stands in for the post, files of messages that are a month old."""
    now = clock.now()
    names = perform(lambda session: outbox.remove_old(session, now=now))
    settings: Settings = current_app.extensions["ucc.settings"]
    mailbox.remove(settings.instance_path / mailbox.FOLDER, names, before=now - outbox.KEPT)


def _deliver_all(messages: Sequence[OutboxMessage], now: datetime) -> Iterator[outbox.Outcome]:
    """One outcome after the other, each to be noted before the next message is begun.

    It ends before others may take the rest (PATIENCE): a slow server must not make two workers send one mail.
    """
    settings: Settings = current_app.extensions["ucc.settings"]
    texts = gateway(settings, format_datetime(now))
    with _backend(settings) as deliver:
        for message in messages:
            if clock.now() >= now + outbox.PATIENCE - MARGIN:
                return
            if message.medium is Medium.SMS:
                yield _attempt(message, partial(_send_text, message, texts, settings))
            else:
                yield _attempt(message, partial(_send_mail, message, deliver, settings, now))


def _send_text(message: OutboxMessage, through: SmsGateway, settings: Settings) -> None:
    _subject, text = render(message, settings)
    through.send(f"{message.id:08}", message.to, text.strip(), message.data)


def _send_mail(message: OutboxMessage, deliver: Deliver, settings: Settings, now: datetime) -> None:
    deliver(message, write_mail(message, settings=settings, now=now))


def _attempt(message: OutboxMessage, work: Callable[[], None]) -> outbox.Outcome:
    """One message that cannot be written or sent must not hold up the others."""
    try:
        work()
    except Exception as fault:
        error = _named(fault, message)
        # No traceback: its words hold addresses and telephone numbers.
        current_app.logger.warning("%s %s was not sent: %s", message.medium.value, message.id, error)
        return outbox.Outcome(message.id, error, is_final=_is_final(fault))
    return outbox.Outcome(message.id, None)


def _is_final(fault: Exception) -> bool:
    """Whether the server has said for good that it does not take this mail for this person (5yz, RFC 5321 §4.2.1).

    A refused sender or password is the city's own mistake, which somebody will mend: those are tried again.
    """
    if isinstance(fault, SMTPRecipientsRefused):
        return all(code >= LASTING for code, _said in fault.recipients.values())
    return isinstance(fault, SMTPDataError) and fault.smtp_code >= LASTING


def _named(fault: Exception, message: OutboxMessage) -> str:
    """What went wrong, without the address."""
    said = str(fault)
    if isinstance(fault, SMTPRecipientsRefused):
        said = "; ".join(f"{code} {_plain(words)}" for code, words in fault.recipients.values())
    elif isinstance(fault, SMTPResponseException):
        said = f"{fault.smtp_code} {_plain(fault.smtp_error)}"
    return re.sub(re.escape(message.to), "…", f"{type(fault).__name__}: {said}", flags=re.IGNORECASE)[:ERROR_LENGTH]


def _plain(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


@contextmanager
def _backend(settings: Settings) -> Iterator[Deliver]:
    if settings.mail_backend == "folder":
        folder = settings.instance_path / mailbox.FOLDER
        yield lambda message, mail: mailbox.store(folder, f"{message.id:08}", mail)
        return
    post = Post(settings.smtp_url)
    try:
        yield lambda _message, mail: post.send(mail)
    finally:
        post.close()


class Post:
    """The connection of one round to the mail server: opened for the first mail, and anew when it broke.

    A server that cannot be reached is not asked again in the same round: each mail would wait for its silence.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._server: SMTP | None = None
        self._unreachable: OSError | None = None

    def send(self, mail: EmailMessage) -> None:
        server = self._connected()
        try:
            server.send_message(mail)
        except OSError as fault:
            is_refusal = isinstance(fault, SMTPResponseException | SMTPRecipientsRefused)
            if not is_refusal or server.sock is None:  # broken, or closing (421): smtplib has hung up then
                self.close()
            raise

    def _connected(self) -> SMTP:
        if self._unreachable is not None:
            raise self._unreachable
        if self._server is None:
            try:
                self._server = _smtp(self._url)
            except OSError as fault:  # smtplib's own errors are OSErrors too
                self._unreachable = fault
                raise
        return self._server

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError):
                server.quit()
            server.close()


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
