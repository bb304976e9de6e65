"""Reading the facts: a fixed number of queries, whatever the size of process, plan and dossier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from ...citing.queries import moved_numbers
from ...citing.similar import repetitions
from ...dossier.models import Answer, AnswerState, Dossier
from ...dossier.queries import answers_of, application_of
from ...dossier.sections import RUNNING, phrases_of, sections_of
from ...inventory.queries import counts
from ...kernel.i18n import site_day
from ...moderation.models import Standing
from ...objections import checks
from ...objections.queries import gather as gather_proven
from ...partners.models import PartnerCity
from ...plan.models import Initiative, InitiativeSource, InitiativeState, Plan, PlanVersion, Stage
from ...plan.queries import initiatives_of, plan_of
from ...processes.models import Process
from ...proposals.models import Outcome, Proposal
from ...resources.models import Body, BodyMember, Resource
from .. import wording
from ..checklist import rows_of
from ..facts import Facts
from ..schedule import steps_of
from .attachments import attachments_of, step_days_of

TAKEN = (Outcome.ADOPTED, Outcome.PARTLY_ADOPTED)


def gather(session: Session, process: Process, *, now: datetime) -> Facts:
    """Everything that the rules look at. ``process`` has its phases and documents loaded."""
    proven = gather_proven(session, process, now=now)
    plan = plan_of(session, process)
    initiatives = initiatives_of(session, plan) if plan is not None else []
    dossier = application_of(session, process)
    answers = answers_of(session, dossier) if dossier is not None else {}
    attachments = attachments_of(session, dossier) if dossier is not None else []
    moved = step_days_of(session, dossier) if dossier is not None else []
    versions = _versions(session, plan)
    asked = _asked(dossier, answers.values())
    uncited, paragraphs = _citing(dossier, asked)
    return Facts(
        process=process,
        now=now,
        today=site_day(now),
        proven=proven,
        objections=_by_rule(checks.find(proven)),
        plan=plan,
        initiatives=initiatives,
        fixed=frozenset(stage for stage, _passed in versions),
        passed=_passed(plan, versions),
        items=counts(session, process),
        resources=_resources(session, process),
        bodies=_bodies(session, process),
        cities=_cities(session, process),
        adopted=_adopted(session, process),
        used=_used(session, process),
        dossier=dossier,
        answers=answers,
        rows=rows_of(dossier.form.content, attachments, wording.OWN) if dossier is not None else [],
        steps=steps_of(process, dossier, moved),
        uncited=uncited,
        paragraphs=paragraphs,
        alike=_repeated(asked),
        moved=_moved(session, dossier, answers.values(), now),
    )


def _by_rule(findings: Sequence[checks.Finding]) -> dict[str, list[checks.Finding]]:
    found: dict[str, list[checks.Finding]] = {}
    for finding in findings:
        found.setdefault(finding.rule, []).append(finding)
    return found


def _asked(dossier: Dossier | None, answers: Iterable[Answer]) -> list[Answer]:
    """Running texts of sections that the form has: how somebody is reached rests on nothing, and what stands beside
    the form is not handed in."""
    if dossier is None:
        return []
    texts = {section.id for section in sections_of(dossier.form.content) if section.kind in RUNNING}
    return [answer for answer in answers if answer.section in texts]


def _citing(dossier: Dossier | None, answers: list[Answer]) -> tuple[int, int]:
    """Paragraphs of final texts without anything that they rest on, and all of them; the phrase for nothing to say is
    none."""
    phrases = phrases_of(dossier.form.content) if dossier is not None else frozenset()
    final = [each for each in answers if each.state in (AnswerState.FINAL, AnswerState.FROZEN)]
    cited = {(each.id, citation.paragraph) for each in final for citation in each.citations}
    keys = [(each.id, part["key"]) for each in final for part in each.paragraphs if part["text"] not in phrases]
    return sum(key not in cited for key in keys), len(keys)


def _repeated(answers: list[Answer]) -> list[tuple[str, str]]:
    """Pairs of sections that say the same, in the order of the form (rule Z4)."""
    return sorted({(found.one.section, found.other.section) for found in repetitions(answers)})


def _moved(session: Session, dossier: Dossier | None, answers: Iterable[Answer], now: datetime) -> int:
    """Sentences that say numbers which are other ones today (rule P12)."""
    if dossier is None:
        return 0
    return sum(len(found) for found in moved_numbers(session, dossier, answers, now=now).values())


def _versions(session: Session, plan: Plan | None) -> Sequence[tuple[Stage, Mapping[str, str]]]:
    """Stage of each version, and what was passed over in fixing it; oldest first."""
    if plan is None:
        return []
    query = select(PlanVersion.stage, PlanVersion.overrides).where(PlanVersion.plan_id == plan.id)
    return [(row[0], row[1] or {}) for row in session.execute(query.order_by(PlanVersion.number))]


def _passed(plan: Plan | None, versions: Sequence[tuple[Stage, Mapping[str, str]]]) -> Mapping[str, str]:
    """Of the plan as it is frozen now; what was passed over before it was opened again holds no more."""
    submitted = [passed for stage, passed in versions if stage is Stage.SUBMITTED]
    return submitted[-1] if submitted and plan is not None and plan.is_frozen else {}


def _resources(session: Session, process: Process) -> Sequence[Resource]:
    mine = (Resource.process_id == process.id, Resource.is_void.is_(False))
    return list(session.scalars(select(Resource).where(*mine).order_by(Resource.id)))


def _bodies(session: Session, process: Process) -> Sequence[Body]:
    mine = select(Body).where(Body.process_id == process.id, Body.until.is_(None)).order_by(Body.id)
    return list(session.scalars(mine.options(selectinload(Body.members).joinedload(BodyMember.organisation))))


def _cities(session: Session, process: Process) -> Sequence[PartnerCity]:
    return list(
        session.scalars(select(PartnerCity).where(PartnerCity.process_id == process.id).order_by(PartnerCity.id))
    )


def _adopted(session: Session, process: Process) -> int:
    return session.scalar(select(func.count()).where(*_taken(process))) or 0


def _taken(process: Process) -> tuple[Any, ...]:
    """What moderation withholds cannot be carried into a plan that everybody reads."""
    shown = Proposal.standing.not_in((Standing.HELD, Standing.HIDDEN))
    return Proposal.process_id == process.id, Proposal.outcome.in_(TAKEN), shown


def _used(session: Session, process: Process) -> int:
    """Adopted proposals from which an initiative that is still planned was made."""
    query = (
        select(func.count(InitiativeSource.proposal_id.distinct()))
        .join(Proposal, Proposal.id == InitiativeSource.proposal_id)
        .join(Initiative, Initiative.id == InitiativeSource.initiative_id)
        .where(*_taken(process), Initiative.status == InitiativeState.PLANNED)
    )
    return session.scalar(query) or 0
