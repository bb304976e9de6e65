"""Events of the log itself."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class LogEvent(AuditEvent):
    """What happens to the log as a whole, or to openings of its entries."""

    REDACTION_DECLARED = "redaction.declared", _l("Texts were withheld from publication, with a reason."), True
    ERASURE_EXECUTED = "erasure.executed", _l("Personal data was erased on request."), True
    KEY_ROTATED = "key.rotated", _l("The log got a new signing key."), True
