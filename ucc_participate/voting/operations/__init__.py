"""Every change of votes, rolls and ballots."""

from .agreeing import agree_on_ballot, cast_open_ballot, forget_agreements, withdraw_agreement
from .casting import CastBallot, cast_ballot
from .drafting import Overtaken, discard_draft, drop_drafts, forget_drafts, save_draft
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
    "Overtaken",
    "agree_on_ballot",
    "announce_vote",
    "batch_ballots",
    "cast_ballot",
    "cast_open_ballot",
    "close_vote",
    "discard_draft",
    "drop_drafts",
    "extend_roll",
    "extend_vote",
    "forget_agreements",
    "forget_drafts",
    "open_vote",
    "publish_tally",
    "save_draft",
    "withdraw_agreement",
]
