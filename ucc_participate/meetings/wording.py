"""How meetings, their states and groups are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from ..accounts.models import Sex
from ..vocabularies.uccn import SECTORS
from .models import AttendanceWay, MeetingState, MinutesState, Mode, RegistrationState, VoiceKind

MODES: dict[Mode, Any] = {
    Mode.IN_PERSON: _l("in person"),
    Mode.ONLINE: _l("online"),
    Mode.BOTH: _l("in person and online"),
}
STATES: dict[MeetingState, Any] = {
    MeetingState.ANNOUNCED: _l("announced"),
    MeetingState.HELD: _l("held"),
    MeetingState.MINUTES_DRAFT: _l("draft minutes"),
    MeetingState.MINUTES_FINAL: _l("minutes are final"),
    MeetingState.CANCELLED: _l("cancelled"),
}
MARKS: dict[MeetingState, str] = {
    MeetingState.ANNOUNCED: "open",
    MeetingState.HELD: "quiet",
    MeetingState.MINUTES_DRAFT: "open",
    MeetingState.MINUTES_FINAL: "good",
    MeetingState.CANCELLED: "low",
}
REGISTRATIONS: dict[RegistrationState, Any] = {
    RegistrationState.COMING: _l("comes"),
    RegistrationState.WAITING: _l("on the waiting list"),
    RegistrationState.WITHDRAWN: _l("taken back"),
}
MINUTES_STATES: dict[MinutesState, Any] = {
    MinutesState.DRAFT: _l("draft"),
    MinutesState.FINAL: _l("final"),
}
VOICES: dict[VoiceKind, Any] = {
    VoiceKind.OBJECTION: _l("objects"),
    VoiceKind.CONFIRMATION: _l("confirms"),
}
WAYS: dict[AttendanceWay, Any] = {
    AttendanceWay.CODE: _l("scanned the code"),
    AttendanceWay.FORM: _l("filled in the short form"),
    AttendanceWay.CLERK: _l("on a clerk’s list"),
}
SEXES: dict[str, Any] = {
    Sex.FEMALE.value: _l("Women"),
    Sex.MALE.value: _l("Men"),
    Sex.OTHER.value: _l("Others"),
    "not_stated": _l("Not stated"),
}
AGES: dict[str, Any] = {
    "under_30": _l("Under 30"),
    "30_plus": _l("30 and older"),
    "not_stated": _l("Not stated"),
}
GROUPS: dict[str, Any] = {
    **{f"sector:{sector}": label for sector, label in SECTORS.items()},
    "sector:not_stated": _l("Not stated"),
    **{f"sex:{sex}": label for sex, label in SEXES.items()},
    **{f"age:{age}": label for age, label in AGES.items()},
}
