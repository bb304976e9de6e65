"""Writing down people and money, putting them right, saying that they do not count any more."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...documents.attaching import attach
from ...documents.queries import documents_of
from ...documents.uploads import Evidence
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, Role, new_public_id
from ...kernel.reasons import required_reason
from ...kernel.text import clean_line, clean_text
from ...processes.models import Process
from .. import policies, queries
from ..events import ResourceEvent
from ..models import (
    BASIS_LENGTH,
    MOST_MONEY,
    MOST_PEOPLE,
    NAME_LENGTH,
    REASON_LENGTH,
    Certainty,
    Resource,
    ResourceKind,
    ResourceText,
    hundredths,
)
from ..terms import PlanTerms, cleaned_texts

KIND = "evidence"
CHANGED = _l("Somebody else has changed this meanwhile. Compare what stands now with what you typed, and save again.")


def record_resource(
    session: Session,
    process: Process,
    told: ResourceText,
    *,
    terms: PlanTerms,
    actor: Actor,
    now: datetime,
    evidence: Evidence | None = None,
) -> Resource:
    """A new line of people or money for a budget year of the plan. Raises Invalid naming the field.

    The same line twice is refused: two presses of a button are one.
    """
    require(policies.can_provide(actor, process, now=now))
    resource = Resource(public_id=new_public_id(), process_id=process.id, process=process, created_at=now)
    _write(resource, told, terms)
    if any(_same(resource, known) for known in queries.resources_of(session, process)):
        raise Invalid(_l("This line is written down already."), field="amount")
    session.add(resource)
    _attach(session, resource, evidence, actor=actor, now=now)
    _note(session, ResourceEvent.RECORDED, resource, actor=actor, now=now)
    return resource


def revise_resource(
    session: Session,
    resource: Resource,
    told: ResourceText,
    *,
    seen: int,
    terms: PlanTerms,
    actor: Actor,
    now: datetime,
    evidence: Evidence | None = None,
) -> None:
    """Put a line right. ``seen``: the version that was on the page; Conflict when there is a newer one."""
    require(policies.can_edit(actor, resource, now=now))
    if seen != resource.version:
        raise Conflict(CHANGED)
    before = resource.public_payload()
    _write(resource, told, terms)
    is_new = _attach(session, resource, evidence, actor=actor, now=now)
    if is_new or resource.public_payload() != before:
        _note(session, ResourceEvent.RECORDED, resource, actor=actor, now=now)


def void_resource(session: Session, resource: Resource, *, reason: str, actor: Actor, now: datetime) -> None:
    """It does not count any more, with a published reason; the line and its history stay."""
    require(policies.can_edit(actor, resource, now=now))
    resource.is_void, resource.void_because = True, required_reason(reason, REASON_LENGTH)
    _note(session, ResourceEvent.VOIDED, resource, actor=actor, now=now)


def _write(resource: Resource, told: ResourceText, terms: PlanTerms) -> None:
    resource.kind, resource.certainty = told.kind, told.certainty
    resource.year = terms.check_year(told.year)
    resource.source = cleaned_texts(told.source, most=NAME_LENGTH, field="source")
    resource.amount = _checked_amount(told)
    resource.basis = clean_text(told.basis, max_length=BASIS_LENGTH)
    if told.certainty is Certainty.SECURED and not resource.basis:
        raise Invalid(_l("What is secured rests on something: name the budget line or the decision."), field="basis")
    initiative = clean_line(told.initiative or "", max_length=12) or None
    if initiative is not None and initiative not in terms.initiatives and initiative != resource.initiative:
        raise Invalid(_l("This initiative is not in the plan."), field="initiative")
    resource.initiative = initiative


def _checked_amount(told: ResourceText) -> int:
    """As it is stored."""
    amount = told.amount
    if not amount.is_finite() or amount <= 0:
        raise Invalid(_l("Write a number above zero."), field="amount")
    if told.kind is ResourceKind.PEOPLE:
        if amount > MOST_PEOPLE or amount != amount.quantize(Decimal("0.01")):
            raise Invalid(_l("Write full-time equivalents with at most two decimals, such as 1.5."), field="amount")
        return hundredths(amount)
    if amount != amount.to_integral_value() or amount > MOST_MONEY:
        raise Invalid(_l("Write a whole amount, without decimals."), field="amount")
    return int(amount)


def _same(one: Resource, other: Resource) -> bool:
    names = ("kind", "year", "source", "amount", "certainty", "basis", "initiative")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _attach(session: Session, resource: Resource, evidence: Evidence | None, *, actor: Actor, now: datetime) -> bool:
    """Whether a file came that the line did not have."""
    if evidence is None:
        return False
    if any(known.sha256 == evidence.stored.sha256 for known in documents_of(session, resource.ref)):
        return False
    attach(
        session,
        resource.ref,
        evidence.stored,
        kind=KIND,
        title=evidence.stored.name[:160],
        is_public=evidence.is_public,
        actor=actor,
        now=now,
    )
    return True


def _note(session: Session, event: ResourceEvent, resource: Resource, *, actor: Actor, now: datetime) -> None:
    session.flush()
    proof = [document.public_payload() for document in documents_of(session, resource.ref)]
    record(
        session,
        event,
        actor=actor,
        subject=resource.ref,
        process=resource.process.ref,
        payload=resource.public_payload() | {"evidence": proof},
        now=now,
        role=Role.COORDINATOR if actor.has(Role.COORDINATOR) and not actor.is_system else None,
    )
