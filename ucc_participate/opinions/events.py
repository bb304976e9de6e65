"""What happens to opinion maps, as the log says it. Nobody's answer is ever in it."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class OpinionMapEvent(AuditEvent):
    """The whole public state of a map; once closed with its result."""

    ANNOUNCED = "opinion_map.announced", _l("The city announced an opinion map.")
    REVISED = "opinion_map.revised", _l("An opinion map was changed before it opened.")
    CLOSED = "opinion_map.closed", _l("An opinion map was closed, and its result published."), True
    IMPORTED = "opinion_map.imported", _l("An opinion map was taken over from another place.")


class StatementEvent(AuditEvent):
    """The whole public state of a statement; its text only while everybody may read it."""

    ADDED = "statement.added", _l("A statement was added to an opinion map.")
    MODERATED = "statement.moderated", _l("A moderator decided whether a statement of an opinion map is shown.")


class OpinionEvent(AuditEvent):
    """That somebody took part in a map: at the first answer, and nothing of the answer."""

    JOINED = "opinion.joined", _l("Somebody began to answer an opinion map.")
