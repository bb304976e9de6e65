"""What becomes of the promises of a frozen plan, as the log says it."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class CommitmentEvent(AuditEvent):
    """Each carries the whole state of one promise: the plan that it comes from is public."""

    MADE = "commitment.made", _l("A promise of the action plan was entered in the register.")
    MOVED = "commitment.moved", _l("The state or the day of a promise was changed.")


class DesignationEvent(AuditEvent):
    RECORDED = "designation.recorded", _l("It was entered when the city became a member of the Network.")
    REMINDED = "designation.reminded", _l("The city’s staff were reminded of what is due.")


class ReadingEvent(AuditEvent):
    """A correction is a reading of its own that names the one it corrects; nothing is overwritten (rule K4)."""

    ENTERED = "reading.entered", _l("An indicator was read.")
    CORRECTED = "reading.corrected", _l("A reading of an indicator was corrected by a new one.")


class ConferenceEvent(AuditEvent):
    RECORDED = "conference.recorded", _l("It was entered what the city told the Network at a yearly conference.")
