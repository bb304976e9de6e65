"""Events of the record."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class RecordEvent(AuditEvent):
    FIGURES_PUBLISHED = "figures.published", _l("The figures on who took part were published."), True
