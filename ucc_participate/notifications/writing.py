"""From a row of the outbox to a mail: the template in the recipient's language, as plain text.

Direction: what people typed is isolated (U+2068 … U+2069) where it runs against the mail's own direction, and a line
of a right-to-left mail that begins with a Latin word gets a right-to-left mark. Lines that are an address alone stay
bare, so that they can be clicked and copied.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Any

from flask import current_app

from ..kernel.i18n import text_direction, writing_for
from ..kernel.text import clean_line, clean_text
from ..settings import Settings
from .models import OutboxMessage

_RIGHT_TO_LEFT_MARK = "\u200f"
_ISOLATE, _POP = "\u2068", "\u2069"
_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}


def write_mail(message: OutboxMessage, *, settings: Settings, now: datetime) -> EmailMessage:
    """The mail as it is sent. Its Message-ID is the same at every attempt, so that a second copy can be recognised."""
    subject, text = render(message, settings)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((settings.city(message.locale), settings.mail_from))
    mail["To"] = message.to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = _message_id(message, settings)
    mail["Auto-Submitted"] = "auto-generated"
    if "stop_link" in message.data:
        mail["List-Unsubscribe"] = f"<{message.data['stop_link']}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(text, cte="quoted-printable")
    mail["Content-Language"] = message.locale  # setting the content would remove it
    return mail


def render(message: OutboxMessage, settings: Settings) -> tuple[str, str]:
    """Subject and body of a mail, in the recipient's language."""
    direction = text_direction(message.locale)
    with writing_for(message.locale):
        template = current_app.jinja_env.get_template(f"notifications/{message.template}.txt")
        data = {name: _isolated(value, direction) for name, value in message.data.items()}
        text = template.render(city=settings.city(message.locale), site_address=settings.public_url, **data)
    subject, _newline, body = text.strip().partition("\n")
    return clean_line(subject), "\n".join(_begun(line, direction) for line in body.strip().split("\n")) + "\n"


def _message_id(message: OutboxMessage, settings: Settings) -> str:
    digest = hashlib.sha256(f"{settings.secret_key} mail {message.id}".encode()).hexdigest()[:24]
    return f"<{message.id}.{digest}@{settings.mail_from.rpartition('@')[2]}>"


def _isolated(value: Any, direction: str) -> Any:
    """Text that somebody typed, cleaned; isolated when part of it runs the other way."""
    if isinstance(value, list):
        return [_isolated(each, direction) for each in value]
    if not isinstance(value, str) or value.startswith(("http://", "https://")):
        return value
    text = clean_text(value)
    runs_against = any(_STRONG.get(unicodedata.bidirectional(letter), direction) != direction for letter in text)
    return f"{_ISOLATE}{text}{_POP}" if runs_against else text


def _begun(line: str, direction: str) -> str:
    """A line that a reader of the mail's language sees begin on the right side."""
    if direction == "ltr" or line.startswith(("http://", "https://")):
        return line
    first = next((kind for letter in line if (kind := _STRONG.get(unicodedata.bidirectional(letter)))), direction)
    return line if first == direction else _RIGHT_TO_LEFT_MARK + line
