"""The outbox: messages written in the transaction of the act that causes them, sent by a job after the COMMIT."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ..kernel.db import Model, choice


class MessageState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Medium(StrEnum):
    MAIL = "mail"
    SMS = "sms"


class OutboxMessage(Model):
    """One mail to one address, or one text to one telephone (+98…).

    ``data`` fills ``templates/notifications/<template>.txt``; sending and giving up empty address and data.
    ``is_bulk``: one of many (a newsletter): mails to single people go first. ``error`` names no address.
    ``owner`` stays, so that erasing finds the message: the account's key, or ``address:<digest>`` while nobody has an
    account with the address.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("ix_outbox_message_due", "state", "is_bulk", "send_at"),
        {"info": {"housekeeping": "sending is not an act of anybody; the act that wrote the message is in the log"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    medium: Mapped[Medium] = mapped_column(choice(Medium), default=Medium.MAIL)
    to: Mapped[str] = mapped_column(String(254))
    owner: Mapped[str | None] = mapped_column(String(80), index=True)
    locale: Mapped[str] = mapped_column(String(2))
    template: Mapped[str] = mapped_column(String(60))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[MessageState] = mapped_column(choice(MessageState), default=MessageState.WAITING)
    send_at: Mapped[datetime]
    is_bulk: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(200))
