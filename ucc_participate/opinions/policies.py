"""Who may do what with an opinion map: role × visibility × phase × state, the first refusal wins."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict, NotFound, SignInNeeded
from ..kernel.i18n import lazy_end, lazy_moment, lazy_number
from ..kernel.identity import Actor, Role
from ..processes import policies as processes
from ..processes.models import CAPABILITIES, Capability, Process, ProcessState
from .models import Adding, OpinionMap, Showing, Statement

SIGN_IN = _l("Sign in to answer. No page shows what you say to a statement, not even to the city’s staff.")
COORDINATORS_ONLY = _l("Only a coordinator of the city sets up opinion maps.")


def can_view(actor: Actor, opinion_map: OpinionMap, *, now: datetime) -> Decision:
    """Needs ``process`` loaded, as all of these."""
    return processes.can_view(actor, opinion_map.process, now=now)


def can_see_desk(actor: Actor, process: Process, *, now: datetime) -> Decision:
    if not (actor.is_staff or actor.has(Role.EVALUATOR)):
        return Denied(_l("This page is for the city’s staff."))
    return processes.can_view(actor, process, now=now)


def can_announce(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """In a process that is not closed; the times are checked by the operation (fits_phases)."""
    if not actor.has(Role.COORDINATOR):
        return Denied(COORDINATORS_ONLY)
    closed = Denied(_l("This process is closed. Its record is complete."), Conflict)
    return first_refusal(
        [processes.can_view(actor, process, now=now), ALLOWED if process.status is not ProcessState.CLOSED else closed]
    )


def can_revise(actor: Actor, opinion_map: OpinionMap, *, now: datetime) -> Decision:
    """Until it opens; afterwards people have answered a question that must stay."""
    opened = Denied(_l("This map has opened. Its question and its rules stay as they are."), Conflict)
    return first_refusal(
        [can_announce(actor, opinion_map.process, now=now), ALLOWED if now < opinion_map.opens_at else opened]
    )


def can_seed(actor: Actor, opinion_map: OpinionMap, *, now: datetime) -> Decision:
    """The city may add statements until the map closes."""
    return first_refusal([can_announce(actor, opinion_map.process, now=now), _has_not_ended(opinion_map, now)])


def can_answer(actor: Actor, opinion_map: OpinionMap, *, now: datetime) -> Decision:
    return first_refusal([can_view(actor, opinion_map, now=now), _takes_part(actor), _is_open(opinion_map, now)])


def can_speak_for(actor: Actor, organisation: str | None) -> Decision:
    """May answer as somebody of this organisation (public id), or for oneself."""
    if organisation is None or organisation in actor.delegations:
        return ALLOWED
    return Denied(_l("You are not a delegate of this organisation, or your mandate has ended."))


def can_add(actor: Actor, opinion_map: OpinionMap, *, now: datetime) -> Decision:
    """May add a statement of one’s own."""
    city_only = Denied(_l("In this map only the city writes statements."))
    by_everybody = ALLOWED if opinion_map.adding is Adding.EVERYBODY else city_only
    return first_refusal([can_answer(actor, opinion_map, now=now), by_everybody])


def can_close(actor: Actor, opinion_map: OpinionMap, *, now: datetime) -> Decision:
    """Once its time is over, and not before: people were told how long they have."""
    if not actor.has(Role.COORDINATOR):
        return Denied(COORDINATORS_ONLY)
    if opinion_map.is_closed:
        return Denied(_l("This map has been closed already."), Conflict)
    if now < opinion_map.closes_at:
        return Denied(_l("This map is open until %(moment)s.", moment=lazy_end(opinion_map.closes_at)), Conflict)
    return ALLOWED


def can_see_results(
    actor: Actor, opinion_map: OpinionMap, *, now: datetime, answered: int = 0, of: int = 0
) -> Decision:
    """The same for everybody, staff included. ``answered``: by this person; ``of``: statements that there are."""
    view = can_view(actor, opinion_map, now=now)
    if not view or opinion_map.is_closed or opinion_map.showing is Showing.ALWAYS:
        return view
    if opinion_map.showing is Showing.CLOSED or now >= opinion_map.closes_at:
        return Denied(_l("Results are shown when the map has closed."), Conflict)
    least = min(opinion_map.least_answered, of)
    if answered >= least > 0:
        return ALLOWED
    return Denied(
        _l(
            "You see results once you have answered %(number)s statements: what others think should not come first.",
            number=lazy_number(max(least, 1)),
        ),
        Conflict,
    )


def can_import(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Into a process that was held elsewhere, and only there."""
    if not actor.has(Role.COORDINATOR):
        return Denied(COORDINATORS_ONLY)
    elsewhere = Denied(_l("Maps can be imported only into a process that was held elsewhere."), Conflict)
    return ALLOWED if process.is_imported else elsewhere


def can_read_statement(actor: Actor, statement: Statement) -> Decision:
    """What waits or is hidden is for its author and the city’s staff."""
    is_own = actor.account_id is not None and actor.account_id == statement.author_id
    return ALLOWED if statement.is_shown or is_own or actor.is_staff else Denied(None, NotFound)


def fits_phases(process: Process, opens_at: datetime, closes_at: datetime) -> bool:
    """Whether phases in which people discuss cover the whole time without a gap; needs ``phases`` loaded."""
    phases = [phase for phase in process.phases if Capability.COMMENT in CAPABILITIES[phase.kind]]
    reached = opens_at
    for phase in sorted(phases, key=lambda phase: phase.starts_at):
        if phase.starts_at <= reached < phase.ends_at:
            reached = phase.ends_at
    return reached >= closes_at


def _takes_part(actor: Actor) -> Decision:
    if not actor.is_signed_in:
        return Denied(SIGN_IN, SignInNeeded)
    if actor.has(Role.EVALUATOR):
        return Denied(_l("Evaluators read everything and take no part. Use an account of your own."))
    return Denied(processes.GUESTS_COMMENT) if actor.is_guest else ALLOWED


def _has_not_ended(opinion_map: OpinionMap, now: datetime) -> Decision:
    if opinion_map.is_closed or now >= opinion_map.closes_at:
        return Denied(_l("This map has closed. Its answers stay as they were then."), Conflict)
    return ALLOWED


def _is_open(opinion_map: OpinionMap, now: datetime) -> Decision:
    if not _has_not_ended(opinion_map, now):
        return _has_not_ended(opinion_map, now)
    opens: Any = _l("This map opens on %(moment)s.", moment=lazy_moment(opinion_map.opens_at))
    if now < opinion_map.opens_at:
        return Denied(opens, Conflict)
    if not opinion_map.process.allows(Capability.COMMENT, now):
        return Denied(_l("This process is not open for discussion now."), Conflict)
    return ALLOWED
