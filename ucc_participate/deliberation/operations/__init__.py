"""Every change of discussions."""

from .guests import come_as_guest, invite_guest, revoke_guest
from .keeping import forget_author, recount_discussions
from .marking import keep_draft, mark_helpful, unmark_helpful
from .posting import edit_comment, post_comment, reply_to_comment
from .taking_back import erase_comment, withdraw_comment
from .translating import translate_comment

__all__ = [
    "come_as_guest",
    "edit_comment",
    "erase_comment",
    "forget_author",
    "invite_guest",
    "keep_draft",
    "mark_helpful",
    "post_comment",
    "recount_discussions",
    "reply_to_comment",
    "revoke_guest",
    "translate_comment",
    "unmark_helpful",
    "withdraw_comment",
]
