"""Every change of votes, rolls and ballots."""

from .agreeing import agree_on_ballot, cast_open_ballot, forget_agreements, withdraw_agreement
from .analysing import keep_analysis
from .casting import CastBallot, cast_ballot
from .holding import (
    BATCH_LEAST,
    announce_vote,
    batch_ballots,
    close_vote,
    extend_roll,
    extend_vote,
    open_vote,
    publish_tally,
)

__all__ = [
    "BATCH_LEAST",
    "CastBallot",
    "agree_on_ballot",
    "announce_vote",
    "batch_ballots",
    "cast_ballot",
    "cast_open_ballot",
    "close_vote",
    "extend_roll",
    "extend_vote",
    "forget_agreements",
    "keep_analysis",
    "open_vote",
    "publish_tally",
    "withdraw_agreement",
]
