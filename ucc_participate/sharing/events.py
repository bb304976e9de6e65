"""What a city gives to others and takes from them, as the log says it."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class PracticeEvent(AuditEvent):
    """Entries of a sheet that is not public are empty."""

    DRAFTED = "practice.drafted", _l("A sheet on a good practice was drafted.")
    PUBLISHED = "practice.published", _l("A sheet on a good practice was published.")
    REVISED = "practice.revised", _l("A sheet on a good practice was put right.")
    WITHDRAWN = "practice.withdrawn", _l("A sheet on a good practice was withdrawn, with a reason.")


class ExchangeEvent(AuditEvent):
    RECORDED = "exchange.recorded", _l("An exchange with another city was noted.")
    CORRECTED = "exchange.corrected", _l("A note on an exchange with another city was corrected.")


class ShareEvent(AuditEvent):
    """Files from other instances; their content stands in no entry, its digest does."""

    RECEIVED = "share.received", _l("A signed file of another city was taken in."), True
    USED = "share.used", _l("Something of another city’s file was taken over.")
