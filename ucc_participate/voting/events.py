"""Events of votes, rolls and ballots (docs/record-format.md §4)."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class VoteEvent(AuditEvent):
    ANNOUNCED = "vote.announced", _l("A vote was announced, with its rules and options."), True
    OPENED = "vote.opened", _l("A vote was opened."), True
    EXTENDED = "vote.extended", _l("A vote was extended."), True
    CLOSED = "vote.closed", _l("A vote was closed."), True
    LOT_DRAWN = "vote.lot_drawn", _l("The lot that decides equal numbers was drawn."), True
    TALLIED = "vote.tallied", _l("A vote was counted and its result published."), True
    CERTIFIED = "vote.certified", _l("The result of a vote was certified."), True


class RollEvent(AuditEvent):
    FROZEN = "roll.frozen", _l("The roll of voters was frozen."), True
    EXTENDED = "roll.extended", _l("Somebody was added to the roll, with a reason."), True
    REDUCED = "roll.reduced", _l("Somebody was taken off the roll, with a reason."), True


class BallotEvent(AuditEvent):
    CAST = "ballot.cast", _l("A voter cast a ballot.")
    RECAST = "ballot.recast", _l("A voter replaced their ballot.")
    CAST_OPENLY = "ballot.cast_openly", _l("An organisation cast its ballot on the record.")
    PROPOSED_OPENLY = "ballot.proposed_openly", _l("A delegate proposed a ballot of an organisation to the others.")
    CONFIRMED_OPENLY = "ballot.confirmed_openly", _l("A delegate agreed with the proposed ballot of an organisation.")
    AGREEMENT_WITHDRAWN = (
        "ballot.agreement_withdrawn",
        _l("A delegate took back the agreement with the proposed ballot of an organisation."),
    )
    STATEMENT = "ballot.statement_filed", _l("An organisation filed a signed statement about its ballot.")
    RECAST_OPENLY = "ballot.recast_openly", _l("An organisation replaced its ballot.")


class BallotsEvent(AuditEvent):
    BATCHED = "ballots.batched", _l("Sealed ballots were committed to, shuffled.")
    SUPERSEDED = "ballots.superseded", _l("Replaced ballots were listed.")
    UNLINKED = "ballots.unlinked", _l("The table that joined voters and ballots was destroyed."), True
    LAPSED = (
        "ballots.lapsed",
        _l("Ballots of organisations on which their delegates had not agreed were thrown away."),
        True,
    )
    IMPORTED = "ballots.imported", _l("Ballots of a vote held elsewhere were taken over."), True
