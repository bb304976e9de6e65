"""Who may do what at a polling place. Clerks and coordinators run it, coordinators set it up and put papers to the
ballots, evaluators watch; nobody does both halves of what needs two."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict
from ..kernel.i18n import lazy_end, lazy_moment
from ..kernel.identity import Actor, Role
from ..voting import policies as voting
from ..voting.models import Franchise, Vote, VoteState
from .models import BallotBox, BoxState, CodeLetters, Kiosk, PaperMishap, PollingPlace

CLERKS_ONLY = _l("Only clerks and coordinators of the city work at polling places.")
COORDINATORS_ONLY = _l("Only a coordinator of the city may do this.")
TWICE = _l("You have done one half of this yourself: another person must do the other one.")


def can_watch(actor: Actor, vote: Vote, *, now: datetime) -> Decision:
    """Numbers and protocols: the staff, and evaluators as observers."""
    watching = actor.has(Role.CLERK, Role.COORDINATOR, Role.EVALUATOR)
    return first_refusal([_in_secret(vote), ALLOWED if watching else Denied(CLERKS_ONLY)])


def can_set_up(actor: Actor, vote: Vote, *, now: datetime) -> Decision:
    """A polling place is announced before the vote closes. Papers are possible where persons decide, kiosks always."""
    over = Denied(_l("This vote is closed."), Conflict)
    return first_refusal(
        [
            _in_secret(vote),
            _coordinates(actor),
            over if vote.status is VoteState.CLOSED or now >= vote.closes_at else ALLOWED,
        ]
    )


def can_issue_codes(actor: Actor, vote: Vote, *, now: datetime) -> Decision:
    """For places on a roll, so not before the vote is open."""
    return first_refusal([_coordinates(actor), voting.can_take_in_person(actor, vote, now=now)])


def can_withdraw_codes(actor: Actor, letters: CodeLetters, *, now: datetime) -> Decision:
    gone = Denied(_l("These letters have been withdrawn already."), Conflict)
    return first_refusal([_coordinates(actor), ALLOWED if letters.withdrawn_at is None else gone])


def can_print_ballots(actor: Actor, vote: Vote, *, now: datetime) -> Decision:
    return first_refusal([_in_secret(vote), _works_there(actor)])


def can_serve(actor: Actor, place: PollingPlace, *, now: datetime) -> Decision:
    """Look voters up, hand out paper, start kiosks. Needs ``vote`` loaded."""
    return first_refusal(
        [_works_there(actor), voting.can_take_in_person(actor, place.vote, now=now), _has_opened(place, now)]
    )


def can_put_into(actor: Actor, box: BallotBox, *, now: datetime) -> Decision:
    """A paper for this box is handed out. Needs ``place`` with its ``vote``."""
    shut = Denied(_l("This box has been opened and counted. Nothing more goes into it."), Conflict)
    return first_refusal(
        [
            can_serve(actor, box.place, now=now),
            voting.can_take_paper(actor, box.place.vote, now=now),
            ALLOWED if box.state is BoxState.OPEN else shut,
        ]
    )


def can_confirm(actor: Actor, mishap: PaperMishap, *, now: datetime) -> Decision:
    """Another one of the staff than the one who asked. Needs ``box`` with all around it."""
    done = Denied(_l("This has been confirmed already."), Conflict)
    return first_refusal(
        [
            can_put_into(actor, mishap.box, now=now),
            done if mishap.confirmed_by is not None else ALLOWED,
            Denied(TWICE) if mishap.asked_by == actor.key else ALLOWED,
        ]
    )


def can_count(actor: Actor, box: BallotBox, *, now: datetime) -> Decision:
    """Open the box and count its papers, once its polling place has closed its doors."""
    early = Denied(_l("Voters may still come until %(day)s.", day=lazy_end(box.place.closes_at)), Conflict)
    typed = Denied(_l("This box has been counted, and its papers are being typed."), Conflict)
    return first_refusal(
        [
            _works_there(actor),
            _still_awaited(box),
            early if now < box.place.closes_at else ALLOWED,
            ALLOWED if box.state in (BoxState.OPEN, BoxState.COUNTED) else typed,
        ]
    )


def can_type(actor: Actor, box: BallotBox, *, now: datetime) -> Decision:
    """One of two clerks, the same two for the whole box."""
    full = Denied(_l("Two other clerks type the papers of this box."))
    has_place = len(box.seats()) < 2 or actor.account_id in box.seats()
    return first_refusal([_works_there(actor), _still_awaited(box), _being_typed(box), ALLOWED if has_place else full])


def can_compare(actor: Actor, box: BallotBox, *, now: datetime) -> Decision:
    """See where the two differ: only once both have typed all, lest one copies from the other."""
    return first_refusal([_works_there(actor), _being_typed(box)])


def can_decide(actor: Actor, box: BallotBox, *, now: datetime) -> Decision:
    """A third person than the two who typed."""
    return first_refusal(
        [can_compare(actor, box, now=now), Denied(TWICE) if actor.account_id in box.seats() else ALLOWED]
    )


def can_enter(actor: Actor, vote: Vote, *, now: datetime) -> Decision:
    return voting.can_enter_ballots(actor, vote, now=now)


def can_end(actor: Actor, vote: Vote, *, now: datetime) -> Decision:
    return voting.can_end_paper(actor, vote, now=now)


def can_keep_protocol(actor: Actor, place: PollingPlace, *, now: datetime) -> Decision:
    """The signed paper, once the doors are closed."""
    early = Denied(_l("Voters may still come until %(day)s.", day=lazy_end(place.closes_at)), Conflict)
    return first_refusal([_works_there(actor), early if now < place.closes_at else ALLOWED])


def can_use(actor: Actor, kiosk: Kiosk, *, now: datetime) -> Decision:
    """Whoever stands before it, while it runs and the vote takes ballots. Needs ``place`` with its ``vote``."""
    over = Denied(_l("This kiosk has been stopped. Ask the staff."), Conflict)
    return first_refusal(
        [
            ALLOWED if kiosk.is_running(now) else over,
            voting.can_take_in_person(actor, kiosk.place.vote, now=now),
        ]
    )


def _works_there(actor: Actor) -> Decision:
    return ALLOWED if actor.has(Role.CLERK, Role.COORDINATOR) else Denied(CLERKS_ONLY)


def _coordinates(actor: Actor) -> Decision:
    return ALLOWED if actor.has(Role.COORDINATOR) else Denied(COORDINATORS_ONLY)


def _in_secret(vote: Vote) -> Decision:
    named = Denied(_l("Organisations vote on the record: there is no paper in their votes."), Conflict)
    return ALLOWED if vote.franchise is Franchise.INDIVIDUAL else named


def _has_opened(place: PollingPlace, now: datetime) -> Decision:
    if now < place.opens_at:
        return Denied(_l("This polling place opens on %(day)s.", day=lazy_moment(place.opens_at)), Conflict)
    if now >= place.closes_at:
        return Denied(_l("This polling place closed on %(day)s.", day=lazy_end(place.closes_at)), Conflict)
    return ALLOWED


def _being_typed(box: BallotBox) -> Decision:
    early = Denied(_l("Count the papers of this box first."), Conflict)
    done = Denied(_l("The papers of this box are agreed on."), Conflict)
    return ALLOWED if box.state is BoxState.COUNTED else early if box.state is BoxState.OPEN else done


def _still_awaited(box: BallotBox) -> Decision:
    over = Denied(_l("All boxes of this vote are in. No paper can be entered any more."), Conflict)
    return ALLOWED if box.place.vote.awaits_paper else over
