"""Who may invite, note and remind; what an invitation still allows whoever holds its code."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied
from ..kernel.errors import Conflict, NotFound
from ..kernel.identity import Actor
from ..processes import policies as processes
from ..processes.models import Invitation, InvitationState, Process, ProcessState
from .models import InvitationCode

UNKNOWN_CODE = _l(
    "This code opens no invitation: it may be mistyped, expired or replaced by a newer one. "
    "Look at the letter once more, or ask the city for a new code."
)
MOST_AT_ONCE = 10_000
"""Organisations that one deed is done for."""
MOST_REMINDERS = 3
"""For one invitation, whoever sends them."""
LEAST_SILENCE = timedelta(days=3)
"""Between an invitation or reminder and the next one."""


def can_invite(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Coordinators and clerks, until the process is closed."""
    return processes.can_invite(actor, process, now=now)


def can_follow(actor: Actor, process: Process | None, *, now: datetime) -> Decision:
    """Be told what happens in a process, or to something that is part of none. Guests of other cities are no
    audience: they comment, and read what is answered on the page."""
    if actor.is_guest:
        return Denied(processes.GUESTS_COMMENT)
    return ALLOWED if process is None else processes.can_view(actor, process, now=now)


def can_mail(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """May write to organisations: once the process is public, the mail leads to it."""
    decision = can_invite(actor, process, now=now)
    if decision and process.status is ProcessState.DRAFT:
        return Denied(_l("Publish the process first: the e-mail leads to its page."), Conflict)
    return decision


def can_see(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """The table of invitations: with what organisations said to the city, so for its staff and evaluators."""
    view = processes.can_view(actor, process, now=now)
    return view if not view else processes.can_read_desk(actor, Process, now=now)


def can_record(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """May note what was done to reach people."""
    return processes.can_invite(actor, process, now=now)


def can_remind(
    actor: Actor, process: Process, invitation: Invitation, *, has_address: bool, is_stopped: bool, now: datetime
) -> Decision:
    """Only who is silent, has an address, did not say no to reminders, and was not reminded lately or too often."""
    decision = can_mail(actor, process, now=now)
    refusal: Any = None
    if invitation.status is not InvitationState.INVITED:
        refusal = _l("It has answered.")
    elif not has_address:
        refusal = _l("No e-mail address in the register.")
    elif is_stopped:
        refusal = _l("It does not want reminders.")
    elif invitation.reminders >= MOST_REMINDERS:
        refusal = _l("It was reminded %(num)s times; call or visit it.", num=invitation.reminders)
    elif now - invitation.last_contact_at < LEAST_SILENCE:
        refusal = _l("Less than three days have passed since it was written to.")
    return Denied(refusal, Conflict) if decision and refusal is not None else decision


def can_name_delegate(invitation: Invitation) -> Decision:
    """Whoever holds the code of an organisation that takes part says who shall speak for it."""
    if invitation.status is not InvitationState.ANSWERED:
        return Denied(_l("Say first that your organisation takes part."), Conflict)
    return ALLOWED


def can_use_code(found: InvitationCode | None, process: Process | None, *, today: date) -> Decision:
    """One answer for every code that opens nothing: whoever guesses learns nothing from the words."""
    if found is None or process is None or not found.is_valid(today):
        return Denied(UNKNOWN_CODE, NotFound)
    if process.status is ProcessState.DRAFT:
        return Denied(_l("The process is not public yet. Try again in some days."), Conflict)
    if process.status is ProcessState.CLOSED:
        return Denied(_l("This process is closed. Its record is complete."), Conflict)
    return ALLOWED


def can_see_newsletters(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """The desk with drafts and numbers."""
    view = processes.can_view(actor, process, now=now)
    return view if not view else processes.can_manage(actor, Process, now=now)


def can_write_newsletter(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Coordinators, in the city's own processes."""
    decision = processes.can_create(actor, Process, now=now)
    if decision and process.is_imported:
        return Denied(_l("This process was held elsewhere."), Conflict)
    return decision


def can_send_newsletter(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Once the process is public: the letter leads to its page."""
    decision = can_write_newsletter(actor, process, now=now)
    if decision and process.status is ProcessState.DRAFT:
        return Denied(_l("Publish the process first: the e-mail leads to its page."), Conflict)
    return decision
