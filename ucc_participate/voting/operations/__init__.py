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
from .holding import announce_vote, extend_vote, open_vote
from .rolls import extend_roll, reduce_roll

__all__ = [
    "BATCH_LEAST",
    "CastBallot",
    "agree_on_ballot",
    "announce_vote",
    "batch_at_the_end",
    "batch_ballots",
    "cast_ballot",
    "cast_open_ballot",
    "certify_vote",
    "close_vote",
    "draw_lot",
    "extend_roll",
    "extend_vote",
    "forget_agreements",
    "keep_analysis",
    "open_vote",
    "publish_tally",
    "reduce_roll",
    "tally_vote",
    "withdraw_agreement",
]
