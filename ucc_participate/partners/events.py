"""What happens to partner cities, as the log says it."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class PartnerEvent(AuditEvent):
    """Each entry carries the whole public state, with the files that show it; the contact is in none."""

    RECORDED = "partner_city.recorded", _l("The city wrote down a partner city, or how far it has come with it.")
