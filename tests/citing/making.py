"""Plans, adopted proposals and sections for tests of citations and facts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from tests.proposals.making import answer, official, person, submit
from tests.stakeholders.making import CITY
from ucc_participate.audit.events import LogEvent
from ucc_participate.audit.log import record
from ucc_participate.citing.drafting import draft_section
from ucc_participate.citing.ground import Ground
from ucc_participate.citing.queries import ground_of
from ucc_participate.dossier import queries as dossiers
from ucc_participate.dossier.drafts import Draft
from ucc_participate.dossier.models import Answer, Dossier
from ucc_participate.dossier.sections import Section, SectionKind
from ucc_participate.kernel import clock
from ucc_participate.kernel.db import db
from ucc_participate.kernel.identity import new_public_id, system_actor
from ucc_participate.plan.models import (
    Initiative,
    InitiativeCost,
    InitiativeKind,
    InitiativeSource,
    Level,
    Origin,
    Plan,
)
from ucc_participate.plan.years import Calendar
from ucc_participate.processes.models import Process
from ucc_participate.processes.queries import process_in_brief
from ucc_participate.proposals.models import Proposal
from ucc_participate.record.exporting import record_url


def ground(process: Process) -> Ground:
    """Needs a request context."""
    here = process_in_brief(db.session(), process.public_id, actor=CITY)
    return ground_of(db.session(), here, now=clock.now(), url=record_url(process.public_id))


def section(draft: str, *, words: int | None = None, items: int | None = None) -> Section:
    return Section("8", {"en": "Process"}, {}, SectionKind.TEXT, draft=draft, words=words, items=items)


def drafted(process: Process, wanted: Section, language: str) -> Draft:
    """The draft of a section; it must say something."""
    made = draft_section(ground(process), wanted, language)
    assert made is not None
    return made


def application(process: Process) -> Dossier:
    """Needs an application context."""
    found = dossiers.application_of(db.session(), process)
    assert found is not None
    return found


def answer_in(process: Process, section_id: str, language: str) -> Answer:
    found = dossiers.find_answer(db.session(), application(process), section_id, language)
    assert found is not None
    return found


def adopted_proposal(perform: Any, process: Process, *, now: datetime, **changes: Any) -> Proposal:
    """Handed in by a resident called Sara, adopted by the head of culture."""
    name = f"Sara{new_public_id()}"
    _account, sara = person(perform, name, now=now)
    made = submit(perform, process, sara, now=now, **changes)
    answer(perform, made, official(perform, now=now, name=f"Leila {new_public_id()}"), now=now)
    return made


def begin_plan(perform: Any, process: Process, proposals: list[Proposal], *, now: datetime) -> None:
    """An initiative for each proposal, in the process's one plan: rows, until the plan's own pages are there."""

    def work(session: Any) -> None:
        plan = session.scalar(select(Plan).where(Plan.process_id == process.id))
        if plan is None:
            plan = Plan(
                public_id=new_public_id(),
                process_id=process.id,
                begins_on=date(2026, 11, 1),
                calendar=Calendar.JALALI,
                currency="IRR",
                created_at=now,
            )
            session.add(plan)
            session.flush()
        number = session.scalar(select(func.count()).select_from(Initiative)) or 0
        for at, proposal in enumerate(proposals, start=number + 1):
            session.add(
                Initiative(
                    public_id=new_public_id(),
                    plan_id=plan.id,
                    number=at,
                    place=at,
                    kind=InitiativeKind.PROJECT,
                    level=Level.LOCAL,
                    title={"en": f"Evening looms {at}", "fa": f"دار شبانه {'یک'}"},
                    summary={"en": "Looms for the young.", "fa": "دار قالی برای جوانان."},
                    objectives=("OBJ-2",),
                    beneficiaries=("youth", "women"),
                    origin=Origin.ADOPTED,
                    created_at=now,
                    changed_at=now,
                    sources=[InitiativeSource(proposal_id=proposal.id)],
                    costs=[InitiativeCost(year=1406, amount=2_000_000_000)],
                    uses=[],
                    partners=[],
                    indicators=[],
                )
            )
        record(
            session, LogEvent.ERASURE_EXECUTED, actor=system_actor("test"), subject=f"plan/{plan.public_id}", now=now
        )

    perform(work)
