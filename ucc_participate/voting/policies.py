"""Who may do what with a vote, and when totals may be seen: one gate for every page, export and file."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict, NotFound, SignInNeeded
from ..kernel.i18n import lazy_end, lazy_moment
from ..kernel.identity import Actor, Role
from ..processes.models import CAPABILITIES, Capability, Process, ProcessState
from ..processes.policies import GUESTS_COMMENT
from .models import Franchise, Vote, VoteState

COORDINATORS_ONLY = _l("Only a coordinator of the city may do this.")
NO_DELEGATE = _l("Only a delegate of this organisation may cast its ballot.")


def _is_coordinator(actor: Actor) -> Decision:
    return ALLOWED if actor.has(Role.COORDINATOR) else Denied(COORDINATORS_ONLY)


def can_announce_in(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """A vote is announced while its process is open; its phases must be loaded."""
    is_open = process.status is ProcessState.OPEN
    has_phase = any(Capability.VOTE in CAPABILITIES[phase.kind] and now < phase.ends_at for phase in process.phases)
    return first_refusal(
        [
            _is_coordinator(actor),
            ALLOWED if is_open else Denied(_l("Votes can be announced while the process is open."), Conflict),
            ALLOWED if has_phase else Denied(_l("The timetable has no voting phase any more."), Conflict),
        ]
    )


def can_open(actor: Actor, vote: Vote, *, now: datetime) -> Decision:
    """Within its time, by a coordinator or by the clock; options and rules have been public since the announcement."""
    return first_refusal(
        [
            _is_coordinator(actor),
            _has_state(vote, VoteState.ANNOUNCED),
            ALLOWED
            if vote.opens_at <= now
            else Denied(_l("This vote opens on %(day)s.", day=lazy_moment(vote.opens_at)), Conflict),
            _not_over(vote, now),
        ]
    )


def can_extend(actor: Actor, vote: Vote, *, now: datetime) -> Decision:
    return first_refusal([_is_coordinator(actor), _has_state(vote, VoteState.OPEN), _not_over(vote, now)])


def can_extend_roll(actor: Actor, vote: Vote, *, now: datetime) -> Decision:
    """People only: organisations are on the roll by their invitation."""
    by_invitation = Denied(_l("Organisations are added by inviting them before the vote opens."), Conflict)
    of_people = vote.franchise is Franchise.INDIVIDUAL
    return first_refusal([can_extend(actor, vote, now=now), ALLOWED if of_people else by_invitation])


def can_change_roll(actor: Actor, vote: Vote, *, now: datetime) -> Decision:
    """Adding somebody, and taking somebody off: each in the open, with a reason."""
    return can_extend_roll(actor, vote, now=now)


def can_draw_lot(actor: Actor, vote: Vote, *, now: datetime) -> Decision:
    """After the closing and once: the public value that the rules name exists only then."""
    awaited = vote.awaits_public_value
    return first_refusal(
        [
            _is_coordinator(actor),
            _has_state(vote, VoteState.CLOSED),
            ALLOWED if awaited else Denied(_l("This vote waits for no lot."), Conflict),
        ]
    )


def can_tally(actor: Actor, vote: Vote, *, now: datetime) -> Decision:
    """Once, and when nothing is awaited any more."""
    ready = vote.result is None and not vote.must_wait()
    return first_refusal(
        [
            _is_coordinator(actor),
            _has_state(vote, VoteState.CLOSED),
            ALLOWED if ready else Denied(_l("This vote is counted, or waits for something first."), Conflict),
        ]
    )


def can_certify(actor: Actor, vote: Vote, *, now: datetime) -> Decision:
    """Once, when the days in which the count is checked are over."""
    until = vote.canvass_ends_at
    return first_refusal(
        [
            _is_coordinator(actor),
            _has_state(vote, VoteState.CLOSED),
            ALLOWED if vote.result is not None else Denied(_l("This vote is not counted yet."), Conflict),
            ALLOWED if vote.certified_at is None else Denied(_l("This result is certified already."), Conflict),
            ALLOWED if until is not None else Denied(_l("The rules of this vote ask for no certification."), Conflict),
            ALLOWED
            if until is None or until <= now
            else Denied(_l("The count is being checked until %(day)s.", day=lazy_moment(until)), Conflict),
        ]
    )


def can_close(actor: Actor, vote: Vote, *, now: datetime) -> Decision:
    """Never before its time: the closing time was promised."""
    return first_refusal(
        [
            _is_coordinator(actor),
            _has_state(vote, VoteState.OPEN),
            ALLOWED
            if vote.closes_at <= now
            else Denied(_l("This vote closes on %(day)s, not earlier.", day=lazy_end(vote.closes_at)), Conflict),
        ]
    )


def can_cast(actor: Actor, vote: Vote, *, now: datetime) -> Decision:
    """A secret ballot of one's own; whether the person is on the roll is asked when it is cast."""
    return first_refusal([_signed_in(actor), _of_franchise(vote, Franchise.INDIVIDUAL), _takes_ballots(vote, now)])


def can_cast_for(actor: Actor, vote: Vote, *, now: datetime, organisation: str) -> Decision:
    """An organisation's ballot, by a delegate of it. ``organisation``: its public id."""
    is_delegate = organisation in actor.delegations
    return first_refusal(
        [
            _signed_in(actor),
            _of_franchise(vote, Franchise.ORGANISATION),
            ALLOWED if is_delegate else Denied(NO_DELEGATE),
            _takes_ballots(vote, now),
        ]
    )


def can_see_result(actor: Actor, vote: Vote, *, now: datetime) -> Decision:
    """The gate of every total: nobody, staff included, sees one before the vote is closed and counted."""
    if vote.status is VoteState.CLOSED and vote.result is not None:
        return ALLOWED
    return Denied(_l("The result is sealed until the vote is closed."), Conflict)


def can_view(actor: Actor, vote: Vote, *, now: datetime) -> Decision:
    return ALLOWED


def _signed_in(actor: Actor) -> Decision:
    if not actor.is_signed_in:
        return Denied(_l("Sign in to vote."), SignInNeeded)
    return Denied(GUESTS_COMMENT) if actor.is_guest else ALLOWED


def _of_franchise(vote: Vote, franchise: Franchise) -> Decision:
    return ALLOWED if vote.franchise is franchise else Denied(_l("This vote is not for you."), NotFound)


def _has_state(vote: Vote, state: VoteState) -> Decision:
    if vote.status is state:
        return ALLOWED
    reasons = {
        VoteState.ANNOUNCED: _l("This vote is announced and not open yet."),
        VoteState.OPEN: _l("This vote is open already."),
        VoteState.CLOSED: _l("This vote is closed."),
    }
    return Denied(reasons[vote.status], Conflict)


def _not_over(vote: Vote, now: datetime) -> Decision:
    if now < vote.closes_at:
        return ALLOWED
    return Denied(_l("This vote closed on %(day)s.", day=lazy_end(vote.closes_at)), Conflict)


def _takes_ballots(vote: Vote, now: datetime) -> Decision:
    """Open when ``opens_at <= now < closes_at`` and opened; the reason names the moment."""
    if vote.takes_ballots(now):
        return ALLOWED
    if vote.status is VoteState.CLOSED or now >= vote.closes_at:
        return Denied(_l("This vote closed on %(day)s.", day=lazy_end(vote.closes_at)), Conflict)
    return Denied(_l("This vote opens on %(day)s.", day=lazy_moment(vote.opens_at)), Conflict)
