"""How promises, readings and conferences are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from ..plan.models import Frequency, IndicatorKind
from .models import Attendance, CommitmentKind, CommitmentState

KINDS: dict[str, Any] = {
    CommitmentKind.STEP: _l("Step"),
    CommitmentKind.TARGET: lazy_pgettext("indicator", "Target"),
    CommitmentKind.END: _l("Finished initiative"),
    CommitmentKind.REVIEW: _l("Yearly review"),
    CommitmentKind.CONFERENCE: _l("Yearly conference"),
    CommitmentKind.REPORT: _l("Monitoring report"),
}
STATES: dict[str, Any] = {
    CommitmentState.PROMISED: _l("Promised"),
    CommitmentState.UNDER_WAY: _l("Under way"),
    CommitmentState.KEPT: _l("Kept"),
    CommitmentState.NOT_KEPT: _l("Not kept"),
    CommitmentState.WITHDRAWN: _l("No longer promised"),
}
MOVES: dict[CommitmentState, Any] = {
    state: STATES[state] for state in CommitmentState if state is not CommitmentState.WITHDRAWN
}
HINTS: dict[CommitmentState, Any] = {
    CommitmentState.PROMISED: _l("Nothing has begun yet."),
    CommitmentState.UNDER_WAY: _l("It is being worked on."),
    CommitmentState.KEPT: _l("Say how anybody can check it."),
    CommitmentState.NOT_KEPT: _l("Say why. Everybody can read the reason."),
}
TONES: dict[str, str] = {
    CommitmentState.PROMISED: "quiet",
    CommitmentState.UNDER_WAY: "open",
    CommitmentState.KEPT: "good",
    CommitmentState.NOT_KEPT: "low",
    CommitmentState.WITHDRAWN: "quiet",
}
ATTENDANCE: dict[str, Any] = {
    Attendance.IN_PERSON: _l("The city was there in person"),
    Attendance.ONLINE: _l("The city took part online"),
    Attendance.ABSENT: _l("The city was not there"),
}
FREQUENCIES: dict[str, Any] = {
    Frequency.QUARTERLY: _l("every three months"),
    Frequency.HALF_YEARLY: _l("every six months"),
    Frequency.YEARLY: _l("every year"),
    Frequency.ONCE: _l("once, at the end"),
}
INDICATORS: dict[str, Any] = {
    IndicatorKind.OUTPUT: _l("Output"),
    IndicatorKind.IMPACT: _l("Impact"),
}
DUTIES: dict[str, Any] = {
    CommitmentKind.REVIEW: _l("Ask the people of the city how the plan goes, year %(year)s"),
    CommitmentKind.CONFERENCE: _l("Report achievements at the Network’s conference, year %(year)s"),
    CommitmentKind.REPORT: _l("Hand in the membership monitoring report"),
}
