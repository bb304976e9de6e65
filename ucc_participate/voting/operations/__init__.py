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
from .rolls import extend_roll, reduce_roll
from .statements import file_statement

__all__ = [
    "BATCH_LEAST",
    "FRESH",
    "CastBallot",
    "Overtaken",
    "Papers",
    "agree_on_ballot",
    "announce_vote",
    "await_paper",
    "batch_at_the_end",
    "batch_ballots",
    "cast_at_kiosk",
    "cast_ballot",
    "cast_open_ballot",
    "certify_vote",
    "close_vote",
    "discard_draft",
    "draw_lot",
    "end_paper",
    "enter_ballots",
    "extend_roll",
    "extend_vote",
    "file_statement",
    "forget_agreements",
    "forget_drafts",
    "hand_out_paper",
    "keep_analysis",
    "open_vote",
    "publish_tally",
    "put_lists_on_roll",
    "reduce_roll",
    "save_draft",
    "take_paper_back",
    "tally_vote",
    "withdraw_agreement",
]
