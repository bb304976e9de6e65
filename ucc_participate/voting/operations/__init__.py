"""Every change of votes, rolls and ballots."""

from .agreeing import agree_on_ballot, cast_open_ballot, forget_agreements, withdraw_agreement
from .analysing import keep_analysis
from .casting import CastBallot, cast_ballot
from .closing import (
    BATCH_LEAST,
    batch_at_the_end,
    batch_ballots,
    certify_vote,
    close_vote,
    draw_lot,
    publish_tally,
    tally_vote,
)
from .drafting import FRESH, Overtaken, discard_draft, forget_drafts, save_draft
from .holding import announce_vote, extend_vote, open_vote
from .rolls import extend_roll, reduce_roll
from .statements import file_statement

__all__ = [
    "BATCH_LEAST",
    "FRESH",
    "CastBallot",
    "Overtaken",
    "agree_on_ballot",
    "announce_vote",
    "batch_at_the_end",
    "batch_ballots",
    "cast_ballot",
    "cast_open_ballot",
    "certify_vote",
    "close_vote",
    "discard_draft",
    "draw_lot",
    "extend_roll",
    "extend_vote",
    "file_statement",
    "forget_agreements",
    "forget_drafts",
    "keep_analysis",
    "open_vote",
    "publish_tally",
    "reduce_roll",
    "save_draft",
    "tally_vote",
    "withdraw_agreement",
]
