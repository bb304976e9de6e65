"""What happens to the attachments and the deadlines of an application, as the log says it."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class AttachmentEvent(AuditEvent):
    """Carries the whole state: hashes and days, the function of who signed, never a name, a title or a file."""

    RECORDED = "attachment.recorded", _l("It was noted how far an attachment of the application is.")


class DeadlineEvent(AuditEvent):
    SET = "deadline.set", _l("The city settled by when a step of the application is done, and by whom.")
