"""Two entries that are one organisation become one; what was said of either stays readable."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import first_refusal, require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor
from .. import policies
from ..events import OrganisationEvent
from ..lineage import MergePart
from ..models import Apart, Delegate, Merge, Organisation

LONGEST_NOTE = 2000
CONTACT = ("contact_name", "contact_email", "contact_phone")


def merge_organisations(
    session: Session,
    merged: Organisation,
    survivor: Organisation,
    *,
    reason: str,
    parts: Sequence[MergePart],
    actor: Actor,
    now: datetime,
) -> Merge:
    """Let ``survivor`` stand for ``merged`` from now on; both locked. It cannot be undone.

    Mandates and contact data move; ``parts``: what higher domains move (lineage.py). What the log says of the merged
    entry stays, and so does its address. Raises Conflict for one entry given twice, for different sectors, when one of
    them is merged already or a part forbids it; Invalid without a reason.
    """
    require(first_refusal(policies.can_merge(actor, each, now=now) for each in (merged, survivor)))
    require(policies.can_be_one(merged, survivor))
    if not reason:
        raise Invalid(_l("Write the reason. Everybody can read it."), field="reason")
    for part in parts:
        part.lock(session)
    require(first_refusal(part.decide(session, merged, survivor) for part in parts))
    for part in parts:
        part.move(session, merged, survivor, actor=actor, now=now)
    _move_mandates(session, merged, survivor)
    _hand_over_contact(merged, survivor)
    _point_to(session, merged, survivor)
    merge = Merge(reason=reason, merged_by=actor.key, merged_at=now)
    merge.merged, merge.survivor = merged, survivor
    session.add(merge)
    session.flush()
    payload = merge.public_payload()
    record(session, OrganisationEvent.MERGED, actor=actor, subject=merged.ref, payload=payload, now=now)
    return merge


def keep_apart(session: Session, one: Organisation, other: Organisation, *, actor: Actor, now: datetime) -> None:
    """Note that two entries that look alike are two organisations; both locked. Noted twice, it is noted once.

    Raises Conflict for one entry given twice, or one that was merged already.
    """
    require(first_refusal(policies.can_merge(actor, each, now=now) for each in (one, other)))
    if one.id == other.id:
        raise Conflict()
    elder, younger = sorted((one, other), key=lambda each: each.id)
    if session.get(Apart, (elder.id, younger.id)) is not None:
        return
    session.add(Apart(one_id=elder.id, other_id=younger.id, noted_by=actor.key, noted_at=now))
    facts: dict[str, Any] = {"subject": younger.ref, "payload": {"other": elder.ref}}
    record(session, OrganisationEvent.KEPT_APART, actor=actor, schema="ucc.organisation_pair/1", now=now, **facts)


def _move_mandates(session: Session, merged: Organisation, survivor: Organisation) -> None:
    """Whoever spoke for the one speaks for the other, on the same days; documents hang on the mandates."""
    of_merged = Delegate.organisation_id == merged.id
    session.execute(update(Delegate).where(of_merged).values(organisation_id=survivor.id))


def _hand_over_contact(merged: Organisation, survivor: Organisation) -> None:
    """The survivor takes what it lacks, its note the rest; nobody's address stays with an entry that nobody uses."""
    rest = []
    for name in CONTACT:
        value = getattr(merged, name)
        if value and not getattr(survivor, name):
            setattr(survivor, name, value)
        elif value and value != getattr(survivor, name):
            rest.append(value)
        setattr(merged, name, None)
    survivor.website = survivor.website or merged.website
    notes = [survivor.note, " · ".join(rest), merged.note]
    survivor.note = "\n".join(note for note in notes if note)[:LONGEST_NOTE] or None
    merged.note = None


def _point_to(session: Session, merged: Organisation, survivor: Organisation) -> None:
    """Those that lead to the merged entry lead straight to the survivor from now on."""
    lead_here = Organisation.merged_into_id == merged.id
    earlier = update(Organisation).where(lead_here).values(merged_into_id=survivor.id, version=Organisation.version + 1)
    session.execute(earlier.execution_options(synchronize_session=False))
    merged.merged_into_id = survivor.id
