"""Every change of moderation."""

from .flagging import flag_contribution
from .judging import (
    hide_contribution,
    judge_many,
    keep_contribution,
    publish_contribution,
    refuse_contribution,
    restore_contribution,
)
from .ruling import set_rules

__all__ = [
    "flag_contribution",
    "hide_contribution",
    "judge_many",
    "keep_contribution",
    "publish_contribution",
    "refuse_contribution",
    "restore_contribution",
    "set_rules",
]
