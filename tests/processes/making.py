"""Processes for tests, made through the domain's own operations, in whatever state a test needs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.accounts.making import CITY
from tests.stakeholders.making import make_organisation
from ucc_participate.kernel.identity import Actor
from ucc_participate.processes import invitations, operations, queries
from ucc_participate.processes.models import Channel, Gate, PhaseKind, Process, ProcessState, PromiseLevel
from ucc_participate.processes.operations import Description, NewDocument
from ucc_participate.processes.timetable import PhasePlan
from ucc_participate.vocabularies.uccn import CreativeField, Sector

DOCUMENT = NewDocument(
    title="Study of the crafts",
    stored_name="k3x9abcdefghjkmnpqrs.pdf",
    media_type="application/pdf",
    sha256="ab" * 32,
    size=1200,
)
REASONS = dict.fromkeys(Gate, "Nobody of this sector could be found in time")


def day(now: datetime, days: float) -> datetime:
    return now + timedelta(days=days)


def plan(kind: PhaseKind, starts_at: datetime, ends_at: datetime) -> PhasePlan:
    return PhasePlan(kind, {"en": kind.value.title()}, starts_at, ends_at)


def timetable(now: datetime) -> list[PhasePlan]:
    """Invitation now, proposals from day 7 to 21, discussion to 35, vote to 42, report to 60."""
    edges = [
        (PhaseKind.INVITE, 0, 7),
        (PhaseKind.PROPOSE, 7, 21),
        (PhaseKind.DISCUSS, 21, 35),
        (PhaseKind.VOTE, 35, 42),
        (PhaseKind.REPORT, 42, 60),
    ]
    return [plan(kind, day(now, start), day(now, end)) for kind, start, end in edges]


def description(now: datetime, **changes: Any) -> Description:
    """Everything that a process must say of itself before it can open."""
    facts: dict[str, Any] = {
        "title": {"en": "A city of crafts", "fa": "شهر صنایع دستی"},
        "creative_field": CreativeField.CRAFTS,
        "purpose": {"en": "Prepare the application together"},
        "scope": {"en": "Projects for the next four years"},
        "open_questions": {"en": "Everything but the place of the bazaar"},
        "promise_level": PromiseLevel.INVOLVE,
        "promise": {"en": "Every proposal gets an answer with a reason"},
        "answers_due_at": day(now, 50),
        "decision_maker": {"en": "The city council"},
        "responsible": "Leila Moradi, head of the culture office",
    }
    return Description(**facts | changes)


def make_draft(perform: Any, now: datetime, *, plans: list[PhasePlan] | None = None, **changes: Any) -> Process:
    """A complete draft: texts, timetable, one document."""

    made: Process = perform(lambda s: operations.create_process(s, description(now, **changes), actor=CITY, now=now))
    change(perform, made, operations.schedule_phases, timetable(now) if plans is None else plans, now=now)
    change(perform, made, operations.add_document, DOCUMENT, now=now)
    return made


def make_process(perform: Any, now: datetime, state: ProcessState, **changes: Any) -> Process:
    """A process in this state; opened and closed with reasons in place of invitations and participants."""
    made = make_draft(perform, now, **changes)
    if state is not ProcessState.DRAFT:
        change(perform, made, operations.publish_process, now=now)
    if state in (ProcessState.OPEN, ProcessState.CLOSED):
        open_process(perform, made, now=now)
    if state is ProcessState.CLOSED:
        close(perform, made, now=day(now, 60))
    return made


def open_process(perform: Any, process: Process, *, now: datetime) -> None:
    change(perform, process, operations.open_process, now=now, reasons=REASONS)


def change(
    perform: Any, process: Process, operation: Any, *args: Any, now: datetime, actor: Actor = CITY, **kw: Any
) -> Any:
    """Run an operation on the process, loaded in the same unit of work."""

    def work(session: Any) -> Any:
        found = queries.process_to_change(session, process.public_id, actor=CITY)
        return operation(session, found, *args, actor=actor, now=now, **kw)

    return perform(work)


def close(perform: Any, process: Process, *, now: datetime, unanswered: int = 0, **kw: Any) -> None:
    kw.setdefault("reasons", REASONS)
    change(perform, process, operations.close_process, now=now, unanswered=lambda _s, _p: unanswered, **kw)


def invite_every_sector(perform: Any, process: Process, *, now: datetime) -> list[Any]:
    """One organisation of each sector, registered and invited by letter."""
    named = {Sector.PUBLIC: "University of Arts", Sector.PRIVATE: "Potters’ Guild", Sector.CIVIL_SOCIETY: "Weavers"}
    made = [make_organisation(perform, name, sector, now=now) for sector, name in named.items()]
    change(perform, process, invite_organisations, made, now=now)
    return made


def invite_organisations(
    session: Any,
    process: Process,
    organisations: list[Any],
    *,
    actor: Actor,
    now: datetime,
    channel: Channel = Channel.LETTER,
) -> None:
    """Invited without a code, as inside an operation."""
    for organisation in organisations:
        invitations.invite(session, process, organisation, channel=channel, actor=actor, now=now)


def reload(read: Any, process: Process) -> Process:
    """The process as it is now, with phases and documents."""
    found: Process = read(lambda session: queries.get_process(session, process.public_id, actor=CITY))
    return found
