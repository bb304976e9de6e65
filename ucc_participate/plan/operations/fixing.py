"""Fixing versions of the plan: as it was voted on, as it is submitted; taking a frozen plan up again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Conflict, NotFound
from ...kernel.identity import Actor
from ...kernel.reasons import required_reason
from ...kernel.text import clean_text
from ...voting.models import Vote
from .. import policies, queries
from ..blockers import Blocker
from ..events import PlanEvent, PlanVersionEvent
from ..freezing import standing
from ..lineage import carried_by
from ..models import Initiative, Plan, PlanState, PlanVersion, Stage
from ..models.written import REASON_LENGTH
from ..recording import note_plan, role_of, tell_all
from ..versions import Content, chosen_by, content_of, hash_of, payload_of

Follows = Callable[..., None]


class Standing(Conflict):
    """Something stands against freezing; ``left`` names each thing."""

    def __init__(self, left: Sequence[Blocker]) -> None:
        self.left = tuple(left)
        super().__init__(
            lazy_ngettext(
                "%(num)s thing still stands against freezing the plan.",
                "%(num)s things still stand against freezing the plan.",
                len(self.left),
            )
        )


def freeze_plan(
    session: Session,
    plan: Plan,
    *,
    overrides: Mapping[str, str] | None = None,
    note: str = "",
    follows: Sequence[Follows] = (),
    actor: Actor,
    now: datetime,
) -> PlanVersion:
    """Fix the plan as it is submitted. ``overrides``: by key of a blocker, the reason that everybody can read.

    ``follows``: the callables of ``ucc.plan_frozen``. Raises Standing naming every blocker that is left.
    """
    require(policies.can_freeze_plan(actor, plan, now=now))
    initiatives = queries.initiatives_of(session, plan, with_dropped=True)
    planned = [each for each in initiatives if each.is_planned]
    passed = _passed(standing(session, plan, planned, now=now), overrides or {})
    was_public = plan.is_public
    plan.move_to(PlanState.FROZEN, at=now)
    note_plan(session, PlanEvent.FROZEN, plan, actor=actor, now=now)
    if not was_public:
        tell_all(session, initiatives, actor=actor, now=now)
    version = fix(session, plan, planned, Stage.SUBMITTED, note=note, overrides=passed, actor=actor, now=now)
    for follow in follows:
        follow(session, plan, version, actor=actor, now=now)
    return version


def unfreeze_plan(session: Session, plan: Plan, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take it up again for a new version; the frozen one stays. The reason is published."""
    require(policies.can_unfreeze_plan(actor, plan, now=now))
    told = required_reason(reason, REASON_LENGTH)
    plan.move_to(PlanState.DRAFT, at=now)
    note_plan(session, PlanEvent.UNFROZEN, plan, actor=actor, now=now, reason=told)


def fix_voted(session: Session, plan: Plan, vote: Vote, *, note: str = "", actor: Actor, now: datetime) -> PlanVersion:
    """Fix what a closed vote has chosen: the initiatives that carry its chosen proposals, and those nobody carries.

    A proposal that was merged or split since counts as carried where what came of it is. ``vote`` with its options, of
    the same process. Raises Conflict when there is nothing to fix, or the same is fixed already.
    """
    require(policies.can_edit_plan(actor, plan, now=now))
    if vote.process_id != plan.process_id:
        raise NotFound()
    if vote.result is None:
        raise Conflict(_l("The result is sealed until the vote is closed."))
    if not plan.is_public:
        raise Conflict(_l("Lay the draft open first: people see what the vote has become."))
    chosen, planned = chosen_by(vote), queries.initiatives_of(session, plan)
    carried = carried_by(session, planned, chosen)
    carrying = [each for each in planned if carried[each.public_id]]
    if not carrying:
        raise Conflict(_l("No initiative of the plan is made from a proposal that this vote has chosen."))
    left = set(chosen).difference(*carried.values())
    more = {"vote": {"ref": vote.ref, "chosen": chosen, "not_carried": [ref for ref in chosen if ref in left]}}
    _refuse_the_same(session, plan, carrying, more)
    return fix(session, plan, carrying, Stage.VOTED, note=note, more=more, actor=actor, now=now)


def _refuse_the_same(session: Session, plan: Plan, initiatives: Sequence[Initiative], more: Content) -> None:
    """Two presses of the button are one version."""
    content = content_of(plan, initiatives, queries.resources_of(session, plan.process)) | more
    if hash_of(content) in {version.sha256 for version in queries.versions_of(session, plan)}:
        raise Conflict(_l("This is fixed as a version of the plan already."))


def fix(
    session: Session,
    plan: Plan,
    initiatives: Sequence[Initiative],
    stage: Stage,
    *,
    note: str = "",
    overrides: Mapping[str, str] | None = None,
    more: Content | None = None,
    actor: Actor,
    now: datetime,
) -> PlanVersion:
    """The next version; its hash is in the log, its parts are the states that the log holds at that moment."""
    content = content_of(plan, initiatives, queries.resources_of(session, plan.process)) | (more or {})
    version = PlanVersion(
        plan_id=plan.id,
        plan=plan,
        number=queries.last_version(session, plan) + 1,
        stage=stage,
        note=clean_text(note, max_length=REASON_LENGTH[1]),
        content=content,
        sha256=hash_of(content),
        overrides=dict(overrides or {}),
        fixed_by=queries.official_name(session, actor),
        fixed_at=now,
    )
    session.add(version)
    session.flush()
    record(
        session, PlanVersionEvent.FIXED, actor=actor, subject=version.ref, process=plan.process.ref,
        payload=payload_of(version), now=now, role=role_of(actor),
    )  # fmt: skip
    return version


def _passed(found: Sequence[Blocker], typed: Mapping[str, str]) -> dict[str, Any]:
    """The blockers that a reason was given for; raises Standing for all others, Invalid for a reason that is none."""
    given = {key: text for key, text in typed.items() if text.strip()}
    left = [each for each in found if not (each.can_override and each.key in given)]
    if left:
        raise Standing(left)
    return {each.key: required_reason(given[each.key], REASON_LENGTH, field=each.key) for each in found}
