"""What happens in discussions, as the log says it."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class CommentEvent(AuditEvent):
    """All carry the whole public state of the comment; what is held or hidden has no text there."""

    POSTED = "comment.posted", _l("Somebody commented on something.")
    REVISED = "comment.revised", _l("The author of a comment changed its text.")
    WITHDRAWN = "comment.withdrawn", _l("The author of a comment took it back.")
    CONCEALED = "comment.concealed", _l("Moderation hid a comment.")
    RESTORED = "comment.restored", _l("Moderation let a comment be shown.")


class TranslationEvent(AuditEvent):
    """A comment in another language, by a person."""

    ADDED = "translation.added", _l("Somebody translated a comment.")
    REVISED = "translation.revised", _l("The translation of a comment was changed.")
    CONCEALED = "translation.concealed", _l("Moderation hid the translation of a comment.")
    RESTORED = "translation.restored", _l("Moderation let the translation of a comment be shown.")


class GuestEvent(AuditEvent):
    """People of partner cities who may comment on a process and nothing else."""

    INVITED = "guest.invited", _l("Somebody from another city was invited to comment.")
    CAME = "guest.came", _l("A guest from another city took the invitation up.")
    REVOKED = "guest.revoked", _l("The invitation of a guest from another city was ended.")
