"""Events of assisted participation: who wrote down what for whom, where and on which paper. Never names."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class IntakeEvent(AuditEvent):
    """A clerk's session: a pile of forms, a workshop, an hour of telephone calls."""

    OPENED = "intake.opened", _l("A clerk began to write down what people brought.")
    SCANNED = "intake.scanned", _l("A scanned sheet was attached to a clerk’s session.")
    CLOSED = "intake.closed", _l("A clerk’s session ended, with its totals.")


class AssistedEvent(AuditEvent):
    """One item of a session: a proposal, or that somebody was there."""

    ENTERED = "assisted.entered", _l("A clerk wrote down what somebody brought.")
    CHECKED = "assisted.checked", _l("A second clerk compared an item with its paper.")
    CORRECTED = "assisted.corrected", _l("An item was put right, with a reason.")
    WITHDRAWN = "assisted.withdrawn", _l("An item was withdrawn, with a reason.")
    TAKEN_OVER = "assisted.taken_over", _l("A person who came on paper asked for their account.")
