"""Whether votes were fair."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ...processes.models import PhaseKind
from ...voting.models import VoteState
from ..facts import Facts
from .asking import (
    Finding,
    Theme,
    later,
    met,
    objection,
    question,
    warning,
)


@question("P9", Theme.VOTE, _l("Were rules and options fixed before the vote opened?"))
def rules_were_fixed_first(facts: Facts) -> Finding:
    if not facts.votes:
        if facts.is_over(PhaseKind.VOTE):
            return objection(_l("The timetable names a vote, and none was held."), _l("Say in the record why."))
        return later(_l("No vote is announced yet."))
    says = lazy_ngettext(
        "%(num)s vote: its rules were sealed when it was announced.",
        "%(num)s votes: their rules were sealed when they were announced.",
        len(facts.votes),
    )
    return met(says, "vote.announced")


@question("P9", Theme.VOTE, _l("Are the votes counted and their results public?"))
def votes_are_counted(facts: Facts) -> Finding:
    late = [vote for vote in facts.votes if vote.status is not VoteState.CLOSED and vote.closes_at <= facts.now]
    if late:
        return objection(_l("A vote is over and not counted."), _l("Close and count it on its page."), "voting.index")
    if not facts.votes or any(vote.status is not VoteState.CLOSED for vote in facts.votes):
        return later(_l("Not all votes are over yet."))
    return met(_l("All are counted, and anybody can count them again."), "vote.tallied")


@question("P9", Theme.VOTE, _l("Could nobody be added to the roll unseen?"))
def rolls_stayed_frozen(facts: Facts) -> Finding:
    if "roll.frozen" not in facts.entries:
        return later(_l("No roll is frozen yet."))
    if "roll.extended" in facts.entries:
        return warning(
            _l("Somebody was added to a roll after the vote had opened; the reason is public."),
            _l("Be ready to explain it."),
            proof="roll.extended",
        )
    if "roll.reduced" in facts.entries:
        return warning(
            _l("Somebody was taken off a roll after the vote had opened; the reason is public."),
            _l("Be ready to explain it."),
            proof="roll.reduced",
        )
    return met(_l("No roll was changed after its vote had opened."), "roll.frozen")
