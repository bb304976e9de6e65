"""Words for what moderation knows by codes."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from .models import Act, AppealOutcome, Hold, Mode, Reason, Standing, Waiting

REASONS: dict[Reason, Any] = {
    Reason.SPAM: _l("Advertising or spam"),
    Reason.INSULT: _l("Insult or threat"),
    Reason.PERSONAL_DATA: _l("Somebody’s personal data"),
    Reason.UNLAWFUL: _l("Against the law"),
    Reason.OFF_TOPIC: _l("Off topic"),
    Reason.OTHER: _l("Another reason"),
}
REASON_HINTS: dict[Reason, Any] = {
    Reason.SPAM: _l("Sells something, or says the same again and again"),
    Reason.INSULT: _l("Attacks a person or a group instead of an opinion"),
    Reason.PERSONAL_DATA: _l("An address, a telephone number, something private about somebody"),
    Reason.UNLAWFUL: _l("Calls for violence, slanders, breaks copyright"),
    Reason.OFF_TOPIC: _l("Has nothing to do with this process"),
    Reason.OTHER: _l("Say it in your own words"),
}
HOLDS: dict[Hold, Any] = {
    Hold.BEFORE_PUBLICATION: _l("everything is read first here"),
    Hold.FIRST_POST: _l("first contribution of this person"),
    Hold.LINKS: _l("many links"),
    Hold.REPEATED: _l("the same text again"),
    Hold.SHOUTING: _l("capitals or marks throughout"),
}
WAITINGS: dict[Waiting, Any] = {
    Waiting.HELD: _l("Held back"),
    Waiting.FLAGGED: _l("Pointed out"),
    Waiting.APPEALED: _l("Appeal"),
}
STANDINGS: dict[Standing, Any] = {
    Standing.SHOWN: _l("Shown"),
    Standing.HELD: _l("Waits for a moderator"),
    Standing.HIDDEN: _l("Hidden"),
}
ACTS: dict[Act, Any] = {
    Act.PUBLISHED: _l("Published"),
    Act.REFUSED: _l("Not published"),
    Act.HIDDEN: _l("Hidden"),
    Act.RESTORED: _l("Shown again"),
    Act.KEPT: _l("Left as it is"),
}
OUTCOMES: dict[AppealOutcome, Any] = {
    AppealOutcome.UPHELD: _l("The decision stands"),
    AppealOutcome.OVERTURNED: _l("The decision is taken back"),
}
MODES: dict[Mode, Any] = {
    Mode.AFTER: _l("They appear at once; moderators look at what is pointed out"),
    Mode.BEFORE: _l("They appear when a moderator has read them"),
}
