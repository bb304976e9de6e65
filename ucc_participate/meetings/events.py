"""Events of meetings: from the notice to the minutes that stand. Never names of people."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class RulesEvent(AuditEvent):
    """How long before a meeting its notice must be public, and how long minutes are open for objections."""

    SET = "meeting_rules.set", _l("It was set how early meetings are announced and how long minutes are open.")


class MeetingEvent(AuditEvent):
    """A meeting as everybody may see it."""

    ANNOUNCED = "meeting.announced", _l("A meeting was announced."), True
    REVISED = "meeting.revised", _l("The notice of a meeting was changed.")
    MOVED = "meeting.moved", _l("A meeting was moved, with a reason.")
    CANCELLED = "meeting.cancelled", _l("A meeting was cancelled, with a reason.")
    HELD = "meeting.held", _l("A meeting was held; its attendance is counted."), True
    IMPORTED = "meeting.imported", _l("A meeting that was held elsewhere was taken over.")


class MeetingInvitationEvent(AuditEvent):
    INVITED = "meeting_invitation.sent", _l("Organisations were invited to a meeting.")


class RegistrationEvent(AuditEvent):
    """Somebody wants to come. The random name of the person is bound to this one meeting."""

    MADE = "registration.made", _l("Somebody registered for a meeting.")
    WITHDRAWN = "registration.withdrawn", _l("A registration for a meeting was taken back.")


class AttendanceEvent(AuditEvent):
    """Somebody came."""

    NOTED = "attendance.noted", _l("Somebody came to a meeting.")
    WITHDRAWN = "attendance.withdrawn", _l("An entry of an attendance list was a mistake and was taken back.")
    SHEET_KEPT = "attendance.sheet_kept", _l("A signed attendance sheet was kept as evidence.")


class HandsEvent(AuditEvent):
    ASKED = "hands.asked", _l("The room was asked something: no vote.")
    SHOWN = "hands.shown", _l("Hands were shown in a meeting: no vote.")


class MinutesEvent(AuditEvent):
    PUBLISHED = "minutes.published", _l("Draft minutes of a meeting were published, open for objections."), True
    FINALISED = "minutes.finalised", _l("The minutes of a meeting are final."), True


class MinutesVoiceEvent(AuditEvent):
    """What those say of draft minutes who were there."""

    OBJECTED = "minutes_voice.objected", _l("Somebody who was there objected to draft minutes.")
    CONFIRMED = "minutes_voice.confirmed", _l("Somebody who was there confirmed draft minutes.")
    ANSWERED = "minutes_voice.answered", _l("An objection to draft minutes was answered.")
