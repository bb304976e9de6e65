"""What happens to citations and facts, as the log says it."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class CitingEvent(AuditEvent):
    """Empty while the text is not public: the freezing writes each text with what it cites."""

    CITED = "answer.cited", _l("A paragraph of the application was given something that it rests on.")
    UNCITED = "answer.uncited", _l("A paragraph of the application does not rest on something any more.")


class FactEvent(AuditEvent):
    FIXED = "fact.fixed", _l("A number of the application was fixed, with the state of the log it was counted at.")
