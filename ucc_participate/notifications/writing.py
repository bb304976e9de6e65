"""From a row of the outbox to a mail: the template in the recipient's language, as plain text and as HTML.

There is one template of each mail, the plain text; the HTML says the same, made from it (``layout``).

Direction: what people typed is isolated (U+2068 … U+2069) where it runs against the mail's own direction, and a line
of a right-to-left mail that begins with a Latin word gets a right-to-left mark. Lines that are an address alone stay
bare, so that they can be clicked and copied.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr
from typing import Any

from flask import current_app

from ..kernel.i18n import text_direction, writing_for
from ..kernel.text import clean_line, clean_text
from ..settings import Settings
from . import layout
from .models import OutboxMessage

_ADDRESS = re.compile(r"(https?:/)?/\S+")
"""Addresses and paths: characters around or within them would break them."""
_RIGHT_TO_LEFT_MARK = "\u200f"
_ISOLATE, _POP = "\u2068", "\u2069"
_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}


class _WholeSubjects(EmailPolicy):
    """Folds subjects by email.header: EmailMessage loses a space where a Latin word stands between Persian ones."""

    def fold(self, name: str, value: Any) -> str:
        return self._subject(name, value) if name.lower() == "subject" else str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() == "subject":
            return self._subject(name, value).encode("ascii")
        return super().fold_binary(name, value)

    def _subject(self, name: str, value: Any) -> str:
        return f"{name}: {Header(str(value), 'utf-8', header_name=name).encode(linesep=self.linesep)}{self.linesep}"


POLICY = _WholeSubjects(linesep="\r\n")


@dataclass(frozen=True, slots=True)
class Written:
    """A mail in the recipient's language: the same words as plain text and as a page."""

    subject: str
    text: str
    html: str


def write_mail(message: OutboxMessage, *, settings: Settings, now: datetime) -> EmailMessage:
    """The mail as it is sent. Its Message-ID is the same at every attempt, so that a second copy can be recognised."""
    written = write(message, settings)
    mail = EmailMessage(policy=POLICY)
    mail["From"] = formataddr((settings.city(message.locale), settings.mail_from))
    mail["To"] = message.to
    mail["Subject"] = written.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = _message_id(message, settings)
    mail["Auto-Submitted"] = "auto-generated"
    if "stop_link" in message.data:
        mail["List-Unsubscribe"] = f"<{message.data['stop_link']}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(written.text, cte="quoted-printable")
    mail.add_alternative(written.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = message.locale  # setting the content would remove it
    return mail


def write(message: OutboxMessage, settings: Settings) -> Written:
    """Subject and body of a mail, as text and as HTML."""
    subject, marked = _fill(message, settings)
    with writing_for(message.locale):
        page = current_app.jinja_env.get_template("notifications/_frame.html").render(
            subject=subject,
            city=settings.city(message.locale),
            locale=message.locale,
            direction=text_direction(message.locale),
            layout=layout.arrange(marked, own_address=settings.public_url),
            button=layout.BUTTONS.get(message.template, layout.BUTTON),
        )
    return Written(subject, layout.without_marks(marked), page)


def render(message: OutboxMessage, settings: Settings) -> tuple[str, str]:
    """Subject and body of a mail or text message, in the recipient's language, as plain text."""
    subject, marked = _fill(message, settings)
    return subject, layout.without_marks(marked)


def _fill(message: OutboxMessage, settings: Settings) -> tuple[str, str]:
    """Subject and body with the marks that ``layout`` reads."""
    direction = text_direction(message.locale)
    with writing_for(message.locale):
        template = current_app.jinja_env.get_template(f"notifications/{message.template}.txt")
        data = {name: _isolated(value, direction) for name, value in message.data.items()}
        known: dict[str, Any] = {"city": settings.city(message.locale), "site_address": settings.public_url}
        text = template.render(foot=layout.FOOT, prose=layout.prose, **known, **data)
    subject, _newline, body = text.strip().partition("\n")
    return layout.without_marks(clean_line(subject)), "\n".join(_directed(body.strip(), direction)) + "\n"


def _directed(body: str, direction: str) -> Iterator[str]:
    """Its lines, each beginning on the right side; a letter that somebody wrote keeps the direction of its language."""
    current = direction
    for line in body.split("\n"):
        if (language := layout.begins_prose(line)) is not None:
            current = text_direction(language)
        elif layout.ends_prose(line):
            current = direction
        yield _begun(line, current)


def _message_id(message: OutboxMessage, settings: Settings) -> str:
    digest = hashlib.sha256(f"{settings.secret_key} mail {message.id}".encode()).hexdigest()[:24]
    return f"<{message.id}.{digest}@{settings.mail_from.rpartition('@')[2]}>"


def _isolated(value: Any, direction: str) -> Any:
    """Text that somebody typed, cleaned; isolated when part of it runs the other way."""
    if isinstance(value, list):
        return [_isolated(each, direction) for each in value]
    if isinstance(value, dict):  # a letter: {"text", "language"}, see layout.prose
        return {name: layout.without_marks(clean_text(str(text))) for name, text in value.items()}
    if not isinstance(value, str) or _ADDRESS.fullmatch(value):
        return value
    text = layout.without_marks(clean_text(value))
    runs_against = any(_STRONG.get(unicodedata.bidirectional(letter), direction) != direction for letter in text)
    return f"{_ISOLATE}{text}{_POP}" if runs_against else text


def _begun(line: str, direction: str) -> str:
    """A line that a reader of the mail's language sees begin on the right side."""
    if direction == "ltr" or line.startswith(("http://", "https://")):
        return line
    first = next((kind for letter in line if (kind := _STRONG.get(unicodedata.bidirectional(letter)))), direction)
    return line if first == direction else _RIGHT_TO_LEFT_MARK + line
