"""The code on the wall: it says that somebody stands in the room now, and opens nothing on any other day.

Two kinds. A printed sheet has the code of the meeting's date: good while the doors are open. The facilitator's screen
shows one that changes every few minutes: a photograph of it that was sent elsewhere is soon worth nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from ..kernel.clock import utc_text
from ..kernel.codes import Digests
from .models import Meeting

TURN = timedelta(minutes=5)
LENGTH = 20


def wall_code(meeting: Meeting, digests: Digests) -> str:
    """As it is printed; another one as soon as the meeting is moved."""
    return "w" + digests("meeting-wall", meeting.public_id, utc_text(meeting.starts_at))[:LENGTH]


def screen_code(meeting: Meeting, digests: Digests, now: datetime) -> str:
    """As the screen shows it at this moment."""
    return _turning(meeting, digests, _turn(now))


def opens(meeting: Meeting, code: str, digests: Digests, now: datetime) -> bool:
    """Whether the code lets somebody say now that they are here: doors open, and for turning codes this turn or the
    last one, so that nobody who types slowly is turned away."""
    if not meeting.doors_are_open(now):
        return False
    good = {wall_code(meeting, digests), *(_turning(meeting, digests, _turn(now) - back) for back in (0, 1))}
    return code in good


def _turn(now: datetime) -> int:
    return int(now.timestamp() // TURN.total_seconds())


def _turning(meeting: Meeting, digests: Digests, turn: int) -> str:
    return "s" + digests("meeting-screen", meeting.public_id, turn)[:LENGTH]
