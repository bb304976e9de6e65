"""The log of what was done to reach people: an entry for each deed, and for each correction of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...documents.attaching import attach
from ...documents.uploads import StoredUpload
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, new_public_id
from ...processes.models import Process
from .. import policies, queries
from ..entry import NewActivity
from ..events import OutreachEvent
from ..models import Activity

EVIDENCE = "evidence"


def record_activity(
    session: Session,
    process: Process,
    new: NewActivity,
    *,
    evidence: StoredUpload | None,
    today: date,
    actor: Actor,
    now: datetime,
) -> Activity:
    """Note what was done to reach people. Raises Invalid naming the field."""
    require(policies.can_record(actor, process, now=now))
    _require_sense(new, today)
    activity = _add(session, process, new, public_id=new_public_id(), number=1, actor=actor, now=now)
    activity.evidence = [*_attached(session, process, activity, evidence, actor=actor, now=now)]
    _record(session, OutreachEvent.RECORDED, activity, process, actor=actor, now=now)
    return activity


def import_activities(
    session: Session, process: Process, many: Sequence[NewActivity], *, today: date, actor: Actor, now: datetime
) -> list[bool]:
    """Note many at once; for each whether it was taken: not what stands there already, word for word."""
    require(policies.can_record(actor, process, now=now))
    taken = queries.new_among(session, process, many)
    for new, is_new in zip(many, taken, strict=True):
        _require_sense(new, today)
        if is_new:
            activity = _add(session, process, new, public_id=new_public_id(), number=1, actor=actor, now=now)
            _record(session, OutreachEvent.RECORDED, activity, process, actor=actor, now=now)
    return taken


def correct_activity(
    session: Session,
    process: Process,
    activity: Activity,
    new: NewActivity,
    *,
    because: str,
    is_void: bool,
    evidence: StoredUpload | None,
    today: date,
    actor: Actor,
    now: datetime,
) -> Activity:
    """Put right what was noted, in an entry of its own: what it said before stays. ``is_void``: it never took place."""
    require(policies.can_record(actor, process, now=now))
    if not activity.is_current:
        raise Conflict(_l("Somebody has corrected this meanwhile. Look at the newest version."))
    if not because:
        raise Invalid(_l("Say what was wrong: everybody can read it."), field="because")
    _require_sense(new, today)
    activity.is_current = False
    session.flush()
    by: dict[str, Any] = {"public_id": activity.public_id, "number": activity.number + 1, "actor": actor, "now": now}
    corrected = _add(session, process, new, **by)
    corrected.is_void, corrected.corrected_because = is_void, because
    attached = _attached(session, process, corrected, evidence, actor=actor, now=now)
    corrected.evidence = [*activity.evidence, *attached]
    _record(session, OutreachEvent.CORRECTED, corrected, process, actor=actor, now=now)
    return corrected


def _add(
    session: Session, process: Process, new: NewActivity, *, public_id: str, number: int, actor: Actor, now: datetime
) -> Activity:
    said = {field.name: getattr(new, field.name) for field in fields(new)}
    activity = Activity(public_id=public_id, number=number, process_id=process.id, is_current=True, **said)
    activity.is_void, activity.evidence = False, []
    activity.recorded_by, activity.recorded_at = actor.key, now
    session.add(activity)
    return activity


def _attached(
    session: Session,
    process: Process,
    activity: Activity,
    stored: StoredUpload | None,
    *,
    actor: Actor,
    now: datetime,
) -> list[dict[str, Any]]:
    if stored is None:
        return []
    by: dict[str, Any] = {"actor": actor, "now": now, "is_public": True}
    title = stored.name[:160]
    document = attach(session, activity.ref(process), stored, kind=EVIDENCE, title=title, **by)
    return [document.public_payload()]


def _require_sense(new: NewActivity, today: date) -> None:
    if new.held_on > today:
        raise Invalid(_l("This day is still to come. Note what has been done."), field="held_on")
    if (new.reached is None) != (new.counted is None):
        raise Invalid(_l("Say whether people were counted or their number is your own estimate."), field="counted")
    if new.group == "other" and not new.group_words:
        raise Invalid(_l("Say which group."), field="group_words")


def _record(
    session: Session, event: OutreachEvent, activity: Activity, process: Process, *, actor: Actor, now: datetime
) -> None:
    subject, payload = activity.ref(process), activity.public_payload()
    record(session, event, actor=actor, subject=subject, process=process.ref, payload=payload, now=now)
