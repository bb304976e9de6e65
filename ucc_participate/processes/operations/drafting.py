"""Before a process opens: what the city says about it, when what happens, whom it wants to reach, documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor, new_public_id
from ...vocabularies.uccn import CreativeField
from .. import policies, queries
from ..events import ProcessEvent
from ..models import Phase, Process, ProcessDocument, ProcessState, PromiseLevel, Texts
from ..timetable import LEAST_OPEN_DAYS, USUAL_OPEN_DAYS, PhasePlan, check_open_time, check_timetable
from ..wording import TARGETS
from .recording import record_state

MOST_OPEN_DAYS = 365
MOST_ORGANISATIONS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What the city says about a process; everything but the title may wait until publication."""

    title: Texts
    creative_field: CreativeField | None = None
    purpose: Texts = field(default_factory=dict)
    scope: Texts = field(default_factory=dict)
    open_questions: Texts = field(default_factory=dict)
    promise_level: PromiseLevel | None = None
    promise: Texts = field(default_factory=dict)
    answers_due_at: datetime | None = None
    decision_maker: Texts = field(default_factory=dict)
    responsible: str = ""
    min_open_days: int = USUAL_OPEN_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """A file that lies in the store already; ``size`` in bytes."""

    title: str
    stored_name: str
    media_type: str
    sha256: str
    size: int


def create_process(session: Session, description: Description, *, actor: Actor, now: datetime) -> Process:
    """Begin a draft that only the city's staff sees."""
    require(policies.can_create(actor, Process, now=now))
    process = Process(public_id=new_public_id(), status=ProcessState.DRAFT, created_at=now, targets={})
    process.phases, process.documents = [], []
    _describe(process, description)
    session.add(process)
    record_state(session, ProcessEvent.CREATED, process, actor=actor, now=now)
    return process


def revise_process(
    session: Session, process: Process, description: Description, *, actor: Actor, now: datetime
) -> None:
    """Replace the texts, until the process opens. Once published they stay complete and promise no fewer days."""
    require(policies.can_revise(actor, process, now=now))
    if process.status is ProcessState.PUBLISHED and description.min_open_days < process.min_open_days:
        raise Invalid(_l("Fewer days than were announced cannot be given."), field="min_open_days")
    _describe(process, description)
    check_open_time(process.phases, at_least=process.min_open_days)
    _keep_complete(process, now)
    record_state(session, ProcessEvent.REVISED, process, actor=actor, now=now)


def schedule_phases(
    session: Session, process: Process, plans: Sequence[PhasePlan], *, actor: Actor, now: datetime
) -> None:
    """Replace the timetable, until the process opens. Raises Invalid, its ``field`` the kind of the phase at fault."""
    require(policies.can_revise(actor, process, now=now))
    check_timetable(plans)
    check_open_time(plans, at_least=process.min_open_days)
    _arrange(process, plans)
    _keep_complete(process, now)
    record_state(session, ProcessEvent.REVISED, process, actor=actor, now=now)


def set_targets(session: Session, process: Process, targets: Mapping[str, int], *, actor: Actor, now: datetime) -> None:
    """Say before opening who should be there: percentages of women and youth, organisations of each sector."""
    require(policies.can_set_targets(actor, process, now=now))
    for name, value in targets.items():
        most = MOST_ORGANISATIONS if name.startswith("sector:") else 100
        if name not in TARGETS or not 0 <= value <= most:
            raise Invalid(_l("Write a number from 0 to %(most)s.", most=most), field=name)
    process.targets = dict(sorted(targets.items()))
    record_state(session, ProcessEvent.REVISED, process, actor=actor, now=now)


def add_document(
    session: Session, process: Process, new: NewDocument, *, actor: Actor, now: datetime
) -> ProcessDocument:
    """Add a document that people need; while the process is open too."""
    require(policies.can_add_document(actor, process, now=now))
    document = ProcessDocument(public_id=new_public_id(), added_at=now)
    for part in fields(new):
        setattr(document, part.name, getattr(new, part.name))
    process.documents.append(document)
    record_state(session, ProcessEvent.REVISED, process, actor=actor, now=now)
    return document


def remove_document(session: Session, process: Process, document_id: str, *, actor: Actor, now: datetime) -> None:
    """Take a document, named by its public id, out of a draft. Raises NotFound."""
    require(policies.can_remove_document(actor, process, now=now))
    process.documents.remove(queries.get_document(process, document_id))
    record_state(session, ProcessEvent.REVISED, process, actor=actor, now=now)


def _describe(process: Process, description: Description) -> None:
    if not any(text.strip() for text in description.title.values()):
        raise Invalid(_l("Give the process a title."), field="title")
    if not LEAST_OPEN_DAYS <= description.min_open_days <= MOST_OPEN_DAYS:
        range_text = _l("Write a number from %(least)s to %(most)s.", least=LEAST_OPEN_DAYS, most=MOST_OPEN_DAYS)
        raise Invalid(range_text, field="min_open_days")
    for part in fields(description):
        value = getattr(description, part.name)
        setattr(process, part.name, dict(value) if isinstance(value, dict) else value)


def _arrange(process: Process, plans: Sequence[PhasePlan]) -> None:
    """Make the phases those of the plans, keeping rows of kinds that stay."""
    known = {phase.kind: phase for phase in process.phases}
    arranged = []
    for plan in sorted(plans, key=lambda plan: plan.starts_at):
        phase = known.get(plan.kind) or Phase(kind=plan.kind)
        phase.title, phase.starts_at, phase.ends_at = dict(plan.title), plan.starts_at, plan.ends_at
        arranged.append(phase)
    process.phases = arranged


def _keep_complete(process: Process, now: datetime) -> None:
    """What has been published stays complete."""
    if process.status is not ProcessState.PUBLISHED:
        return
    if policies.missing_requirements(process, now):
        raise Invalid(_l("This process is published: its description must stay complete and leave enough days."))
