"""How kinds, groups and stages of reaching out are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from ..vocabularies.uccn import SECTORS
from .models import ActivityKind, Counted, NewsKind, NoteKind
from .queries import Stage

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
    NewsKind.MEETING: _l("A meeting is announced"),
}
