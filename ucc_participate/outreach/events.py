"""Events of reaching out: codes of invitations, what was done to reach people, who wants to be reminded."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class CodeEvent(AuditEvent):
    """What happens to the personal codes of invitations; the codes themselves are nowhere."""

    ISSUED = "invitation.codes_issued", _l("Personal codes were made for invitations.")
    WITHDRAWN = "invitation.codes_withdrawn", _l("Personal codes of invitations were withdrawn.")


class OutreachEvent(AuditEvent):
    """What the city did to reach people."""

    RECORDED = "outreach.recorded", _l("It was noted what the city did to reach people.")
    CORRECTED = "outreach.corrected", _l("A note of what the city did to reach people was corrected.")


class ReminderEvent(AuditEvent):
    """What a person wants to be told. Subject ``account/<pseudonym>``, never within a process."""

    CHANGED = "account.reminders_changed", _l("Somebody changed of what they want to be reminded.")


class NewsletterEvent(AuditEvent):
    """What the city writes to many: only ``sent`` has a payload, the letter itself."""

    WRITTEN = "newsletter.written", _l("A newsletter was written.")
    DISCARDED = "newsletter.discarded", _l("The draft of a newsletter was thrown away.")
    SENT = "newsletter.sent", _l("A newsletter was sent.")
    STOPPED = "newsletter.stopped", _l("The sending of a newsletter was stopped.")
    RESUMED = "newsletter.resumed", _l("The sending of a newsletter goes on.")
    FINISHED = "newsletter.finished", _l("A newsletter has gone out to all.")
