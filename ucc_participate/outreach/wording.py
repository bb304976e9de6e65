"""How kinds, groups and stages of reaching out are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from ..notifications.queries import Mishap
from ..vocabularies.uccn import SECTORS
from .models import ActivityKind, Counted, NewsKind, NewsletterState, NoteKind
from .queries import Stage
from .segments import Group, NotYet, Segment, SegmentKind

ACTIVITY_KINDS: dict[ActivityKind, Any] = {
    ActivityKind.VISIT: _l("Visit"),
    ActivityKind.WORKSHOP: _l("Workshop"),
    ActivityKind.MEETING: _l("Meeting"),
    ActivityKind.POSTER: _l("Poster"),
    ActivityKind.RADIO: _l("Radio"),
    ActivityKind.PRESS: _l("Newspaper"),
    ActivityKind.CALL: _l("Telephone call"),
    ActivityKind.SOCIAL_MEDIA: _l("Social media"),
}
COUNTED: dict[Counted, Any] = {
    Counted.COUNTED: _l("counted"),
    Counted.ESTIMATED: _l("own estimate"),
}
GROUPS: dict[str, Any] = {
    "all": _l("Everybody"),
    "women": _l("Women"),
    "youth": _l("Young people"),
    **{f"sector:{sector}": label for sector, label in SECTORS.items()},
    "other": _l("Another group"),
}
STAGES: dict[Stage, Any] = {
    Stage.SILENT: _l("No answer yet"),
    Stage.OPENED: _l("Read it"),
    Stage.ANSWERED: _l("Takes part"),
    Stage.REFUSED: _l("Declined"),
    Stage.ATTENDED: _l("Came"),
    Stage.PROPOSED: _l("Proposed"),
    Stage.COMMENTED: _l("Commented"),
    Stage.VOTED: _l("Voted"),
}
NOTE_KINDS: dict[NoteKind, Any] = {
    NoteKind.REASON: _l("With its answer"),
    NoteKind.ATTENDANCE: _l("It came"),
    NoteKind.CALL: _l("Noted by the staff"),
    NoteKind.DELEGATE: _l("Shall speak for it"),
}
NEWS: dict[NewsKind, Any] = {
    NewsKind.PHASE: _l("A phase begins"),
    NewsKind.ANSWER: _l("The city answers a proposal"),
    NewsKind.VOTE: _l("A vote is about to close and I have not voted"),
    NewsKind.VERSION: _l("A proposal that I follow has a new version"),
    NewsKind.COMMENT: _l("Somebody comments on a proposal that I follow"),
    NewsKind.MERGED: _l("A proposal that I follow goes on in another one"),
    NewsKind.MEETING: _l("A meeting is announced, moved or called off"),
    NewsKind.MINUTES: _l("The minutes of a meeting can be read"),
    NewsKind.OPINIONS: _l("An opinion map has closed and shows what was found"),
    NewsKind.NEWSLETTER: _l("The city writes a newsletter"),
}
DAILY_NEWS: dict[NewsKind, Any] = {kind: words for kind, words in NEWS.items() if kind is not NewsKind.NEWSLETTER}
"""What can be told at once instead of once a day; a newsletter is a mail of its own in any case."""

SEGMENT_KINDS: dict[SegmentKind, Any] = {
    SegmentKind.FOLLOWERS: _l("People who follow the process or something in it"),
    SegmentKind.PARTICIPANTS: _l("People who took part, if they follow something or asked for newsletters"),
    SegmentKind.INVITED: _l("Invited organisations that have not declined"),
    SegmentKind.ORGANISATIONS: _l("All organisations of the register"),
}
SEGMENT_GROUPS: dict[Group, Any] = {
    Group.WOMEN: _l("Women’s organisations"),
    Group.YOUTH: _l("Youth organisations"),
}
NOT_YET: dict[NotYet, Any] = {
    NotYet.ANSWERED: _l("have not answered the invitation"),
    NotYet.PROPOSED: _l("have not proposed anything"),
    NotYet.COMMENTED: _l("have not commented"),
    NotYet.VOTED: _l("have not voted"),
}
NEWSLETTER_STATES: dict[NewsletterState, Any] = {
    NewsletterState.DRAFT: _l("Draft"),
    NewsletterState.SENDING: _l("Is going out"),
    NewsletterState.STOPPED: _l("Stopped"),
    NewsletterState.SENT: _l("Sent"),
}
NEWSLETTER_MARKS = {"draft": "", "sending": "open", "stopped": "low", "sent": "good"}
MISHAPS: dict[Mishap, Any] = {
    Mishap.NO_SUCH_ADDRESS: _l("The address does not exist"),
    Mishap.TURNED_AWAY: _l("The other mail server turned it away"),
    Mishap.UNREACHABLE: _l("The mail server could not be reached"),
    Mishap.UNWRITABLE: _l("It could not be written"),
}
MAIL_KINDS: dict[str, Any] = {
    "sign_in": _l("Links to sign in"),
    "sign_up": _l("Links to open an account"),
    "change_email": _l("Links to confirm an address"),
    "phone_code": _l("Codes to telephones"),
    "digest": _l("News for followers"),
    "newsletter": _l("Newsletters"),
    "invitation": _l("Invitations"),
    "invitation_reminder": _l("Reminders of invitations"),
}
"""The others are called “Other mails”."""


def segment_words(data: dict[str, str]) -> str:
    """A segment as one line, in the reader's language."""
    segment = Segment.of(data)
    parts = [SEGMENT_KINDS[segment.kind]]
    if segment.sector is not None:
        parts.append(SECTORS[segment.sector.value])
    if segment.group is not None:
        parts.append(SEGMENT_GROUPS[segment.group])
    if segment.not_yet is not None:
        parts.append(NOT_YET[segment.not_yet])
    return " · ".join(str(part) for part in parts)
