"""Every change of votes, rolls and ballots."""

from .agreeing import agree_on_ballot, cast_open_ballot, forget_agreements, withdraw_agreement
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
from .on_paper import (
    Papers,
    await_paper,
    cast_at_kiosk,
    end_paper,
    enter_ballots,
    hand_out_paper,
    put_lists_on_roll,
    take_paper_back,
)

__all__ = [
    "BATCH_LEAST",
    "CastBallot",
    "Papers",
    "agree_on_ballot",
    "announce_vote",
    "await_paper",
    "batch_ballots",
    "cast_at_kiosk",
    "cast_ballot",
    "cast_open_ballot",
    "close_vote",
    "end_paper",
    "enter_ballots",
    "extend_roll",
    "extend_vote",
    "forget_agreements",
    "hand_out_paper",
    "open_vote",
    "publish_tally",
    "put_lists_on_roll",
    "take_paper_back",
    "withdraw_agreement",
]
