"""Events of attached documents."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class DocumentEvent(AuditEvent):
    """What happens to a document by itself; that it was attached stands in the entry of the act it belongs to."""

    READ = "document.read", _l("Somebody of the city’s staff opened a document that is not public.")
