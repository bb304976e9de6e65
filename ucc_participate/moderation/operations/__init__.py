"""Every change of moderation."""

from .appealing import appeal, decide_appeal
from .blocking import block_person, end_block
from .flagging import flag_contribution
from .judging import (
    hide_contribution,
    judge_many,
    keep_contribution,
    publish_contribution,
    refuse_contribution,
    restore_contribution,
)
from .keeping import forget_person, forget_traces, tell_moderators
from .ruling import set_rules

__all__ = [
    "appeal",
    "block_person",
    "decide_appeal",
    "end_block",
    "flag_contribution",
    "forget_person",
    "forget_traces",
    "hide_contribution",
    "judge_many",
    "keep_contribution",
    "publish_contribution",
    "refuse_contribution",
    "restore_contribution",
    "set_rules",
    "tell_moderators",
]
