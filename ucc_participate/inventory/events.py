"""What happens to the needs and assets of a process, as the log says it."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class InventoryEvent(AuditEvent):
    """What waits for the city is nobody's business: its entries are empty. Others carry the whole public state."""

    SUGGESTED = "inventory.suggested", _l("Somebody suggested a need or an asset.")
    DECLINED = "inventory.declined", _l("A suggested need or asset was not taken.")
    LISTED = "inventory.listed", _l("A need or an asset was put on the list.")
    REVISED = "inventory.revised", _l("A need or an asset was put right.")
    RETIRED = "inventory.retired", _l("A need or an asset was taken off the list, with a reason.")


class RankingEvent(AuditEvent):
    """Which needs matter most: that somebody chose, without what; and now and then the counts of all."""

    CHOSEN = "need_choice.made", _l("Somebody said which needs matter most.")
    TOLD = "need_ranking.told", _l("The city told how many people named which needs.")
