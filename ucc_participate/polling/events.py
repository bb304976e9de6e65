"""Events of polling places: where and when, which boxes, which kiosks, which codes. Never who, and never what."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class PlaceEvent(AuditEvent):
    ANNOUNCED = "polling_place.announced", _l("A polling place was announced."), True
    REVISED = "polling_place.revised", _l("A polling place changed its place or hours."), True
    PROTOCOL_KEPT = "polling_place.protocol_kept", _l("The signed protocol of a polling place was kept.")


class BoxEvent(AuditEvent):
    SET_UP = "ballot_box.set_up", _l("A ballot box was set up.")
    COUNTED = "ballot_box.counted", _l("The papers in a ballot box were counted.")
    TYPED = "ballot_box.typed", _l("One of two clerks has typed all papers of a ballot box.")
    AGREED = "ballot_box.agreed", _l("Two clerks agree on every paper of a ballot box."), True
    ENTERED = "ballot_box.entered", _l("The papers of a ballot box were put to the other ballots."), True


class PollingEvent(AuditEvent):
    """Acts at a polling place that say nothing of a voter."""

    PAPER_REPLACED = "polling.paper_replaced", _l("A spoiled paper was replaced; two of the staff have seen it.")
    CODES_ISSUED = "polling.codes_issued", _l("Code letters for a vote were made."), True
    CODES_WITHDRAWN = "polling.codes_withdrawn", _l("Unused code letters of a vote were withdrawn."), True
    KIOSK_STARTED = "polling.kiosk_started", _l("A kiosk was started.")
    KIOSK_STOPPED = "polling.kiosk_stopped", _l("A kiosk was stopped.")


ACT = "ucc.polling_act/1"
"""Schema of entries that are no states."""
