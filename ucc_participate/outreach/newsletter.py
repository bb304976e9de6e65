"""A newsletter outside of the database: what is written, what its mail says, and what the log keeps of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..accounts.models import Account
from ..kernel.codes import Digests
from ..kernel.i18n import in_language
from ..processes.models import Process
from .models import Newsletter, ReminderWish
from .segments import Segment

WORK_SCHEMA = "ucc.newsletter_work/1"
"""Of entries that are no state: what was sent stands in the one entry ``newsletter.sent``."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a coordinator writes: title and text in the same languages, and for whom."""

    title: dict[str, str]
    text: dict[str, str]
    segment: Segment


@dataclass(frozen=True, slots=True)
class Post:
    """What a portion needs to know outside of the database.

    ``stops(account)``: the link that stops newsletters, and the one that stops everything; ``stops_contact(digest)``;
    ``address(letter)``: where everybody reads it; ``quiet_end(wish, moment)``: the moment, or the end of quiet hours.
    """

    digests: Digests
    locale: str
    stops: Callable[[Account], tuple[str, str]]
    stops_contact: Callable[[str], str]
    address: Callable[[Process, Newsletter], str]
    quiet_end: Callable[[ReminderWish | None, datetime], datetime]


def mail_data(
    process: Process, letter: Newsletter, locale: str, post: Post, *, account: Account | None = None, contact: str = ""
) -> dict[str, Any]:
    """What the mail says to a reader of this language; the text in the best language that there is."""
    text = in_language(letter.text, locale)
    stop, everything = post.stops(account) if account is not None else (post.stops_contact(contact), "")
    return {
        "title": in_language(letter.title, locale).text,
        "letter": {"text": text.text, "language": text.locale},
        "is_in_other_language": text.locale != locale,
        "process": in_language(process.title, locale).text,
        "is_of_people": account is not None,
        "address": post.address(process, letter),
        "stop_link": stop,
        "stop_everything": everything,
    }


def public_payload(letter: Newsletter, smallest_group: int) -> dict[str, Any]:
    """The state that the log keeps: what was written, to whom, and how many they were; None: too few to say."""
    return {
        "title": letter.title,
        "text": letter.text,
        "segment": letter.segment,
        "addressed": letter.number_for_others(smallest_group),
    }
