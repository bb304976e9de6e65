"""What happens in moderation, as the log says it: reasons and words, never names and never the text in question."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent

ACT = "ucc.moderation_act/1"
"""Schema of entries that are no state of the rules: the drift check leaves them alone."""


class ModerationEvent(AuditEvent):
    """The subject of all but SET is the contribution itself, so that its history tells them."""

    SET = "moderation.set", _l("It was fixed how contributions are moderated.")
    HELD = "moderation.held", _l("A contribution was held back until a moderator reads it.")
    PUBLISHED = "moderation.published", _l("A moderator published a contribution that had been held back.")
    REFUSED = "moderation.refused", _l("A moderator did not publish a contribution that had been held back.")
    FLAGGED = "moderation.flagged", _l("Somebody pointed out a contribution to the moderators.")
    KEPT = "moderation.kept", _l("A moderator read a contribution that had been pointed out, and left it as it is.")
    HIDDEN = "moderation.hidden", _l("A moderator hid a contribution.")
    RESTORED = "moderation.restored", _l("A moderator showed a hidden contribution again.")
    APPEALED = "moderation.appealed", _l("An author appealed against a decision of a moderator.")
    APPEAL_DECIDED = "moderation.appeal_decided", _l("Another moderator decided about an appeal.")


class PersonEvent(AuditEvent):
    """Blocks name nobody: the subject is the block."""

    BLOCKED = "person.blocked", _l("Somebody was kept from contributing for a time.")
    UNBLOCKED = "person.unblocked", _l("A block was ended before its time.")
