"""Who may file a minority statement, and until when."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ...kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ...kernel.errors import Conflict, NotFound, SignInNeeded
from ...kernel.i18n import lazy_end
from ...kernel.identity import Actor, Role
from ...moderation.models import Standing
from ...processes.policies import GUESTS_COMMENT
from ...processes.policies import can_view as can_view_process
from ..disputed import Disputed
from ..models import Dissent


def can_dissent(actor: Actor, disputed: Disputed, *, days: int, takes_part: bool, now: datetime) -> Decision:
    """Whoever took part, or speaks for an organisation, from the decision until ``days`` after it."""
    return first_refusal(
        [
            _is_somebody(actor),
            can_view_process(actor, disputed.process, now=now),
            _has_part(actor, takes_part),
            _is_in_time(disputed, days, now),
        ]
    )


def can_mark_withdrawn(actor: Actor, dissent: Dissent, *, now: datetime) -> Decision:
    """By its author alone, at any time: it is a mark, the text stays."""
    if actor.account_id is None or actor.account_id != dissent.author_id:
        if dissent.standing is Standing.HELD and not actor.has(Role.MODERATOR, Role.COORDINATOR):
            return Denied(None, NotFound)
        return Denied(_l("Only its author may do this."))
    if dissent.withdrawn_at is not None:
        return Denied(_l("This statement is marked as withdrawn already."), Conflict)
    return ALLOWED


def sees_text(actor: Actor, dissent: Dissent) -> bool:
    """A held or hidden text is seen by its author and by moderators."""
    is_own = actor.account_id is not None and actor.account_id == dissent.author_id
    return dissent.is_shown or is_own or actor.has(Role.MODERATOR, Role.COORDINATOR)


def _is_somebody(actor: Actor) -> Decision:
    if not actor.is_signed_in:
        return Denied(_l("Sign in to file a minority statement."), SignInNeeded)
    if actor.has(Role.EVALUATOR):
        return Denied(_l("Evaluators read everything and take no part. Use an account of your own."))
    return Denied(GUESTS_COMMENT) if actor.is_guest else ALLOWED


def _has_part(actor: Actor, takes_part: bool) -> Decision:
    if takes_part or actor.delegations:
        return ALLOWED
    return Denied(_l("Minority statements are filed by people and organisations that took part in this process."))


def _is_in_time(disputed: Disputed, days: int, now: datetime) -> Decision:
    if disputed.decided_at is None or now < disputed.decided_at:
        return Denied(_l("There is no decision yet to disagree with."), Conflict)
    ends_at = disputed.ends_at(days)
    if ends_at is not None and now >= ends_at:
        return Denied(_l("Minority statements on this could be filed until %(day)s.", day=lazy_end(ends_at)), Conflict)
    return ALLOWED
