"""Who took part, stage by stage: counted from rows that operations wrote together with their log entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from ..accounts.models import Profile
from ..processes.models import Invitation, InvitationState, Participation, Process
from ..proposals.models import Proposal, ProposalState
from ..stakeholders.models import Organisation
from ..vocabularies.uccn import Sector
from ..voting.models import OpenBallot, RollEntry, Vote
from .suppression import FLOOR, suppress

PUBLIC_STATES = (ProposalState.SUBMITTED, ProposalState.ANSWERED)
SEXES = ("female", "male", "other", "not_stated")
AGES = ("under_30", "30_plus", "not_stated")
ORGANISATION_STAGES = ("invited", "answered", "proposing", "voting", "present")
PERSON_STAGES = ("joined", "proposing", "voting")


@dataclass(frozen=True, slots=True)
class Cell:
    """A published number: ``count`` of ``group``, None where hidden; ``of`` the stage's total."""

    group: str
    count: int | None
    of: int | None


@dataclass(frozen=True, slots=True)
class Stage:
    stage: str
    cells: tuple[Cell, ...]

    def count(self, group: str) -> int | None:
        return next((cell.count for cell in self.cells if cell.group == group), None)


@dataclass(frozen=True, slots=True)
class Presence:
    """The funnel of one process: organisations by sector and kind of group, people by sex and age."""

    organisations: tuple[Stage, ...]
    people: tuple[Stage, ...]
    targets: dict[str, int]

    def stage(self, kind: str, name: str) -> Stage:
        stages: tuple[Stage, ...] = getattr(self, kind)
        return next(stage for stage in stages if stage.stage == name)

    def as_figures(self) -> dict[str, Any]:
        """The object of ``figures.published`` (docs/record-format.md §4 and §6)."""
        named = [(f"organisations_{stage.stage}", stage) for stage in self.organisations]
        named += [(f"people_{stage.stage}", stage) for stage in self.people]
        return {
            "stages": [{"stage": name, "cells": [_cell(cell) for cell in stage.cells]} for name, stage in named],
            "targets": self.targets,
        }


def presence(session: Session, process: Process, *, now: datetime) -> Presence:
    """Eight queries, whatever the size of the process."""
    organisations = _organisation_stages(session, process)
    people = tuple(_people_stage(session, process, stage, now=now) for stage in PERSON_STAGES)
    return Presence(organisations, people, dict(process.targets))


def _organisation_stages(session: Session, process: Process) -> tuple[Stage, ...]:
    invited = _ids(session, select(Invitation.organisation_id).where(Invitation.process_id == process.id))
    answered = _ids(
        session,
        select(Invitation.organisation_id).where(
            Invitation.process_id == process.id, Invitation.status == InvitationState.ANSWERED
        ),
    )
    proposing = _ids(
        session,
        select(Proposal.organisation_id)
        .distinct()
        .where(
            Proposal.process_id == process.id,
            Proposal.status.in_(PUBLIC_STATES),
            Proposal.organisation_id.is_not(None),
        ),
    )
    voting = _ids(
        session,
        select(OpenBallot.organisation_id)
        .distinct()
        .join(Vote, Vote.id == OpenBallot.vote_id)
        .where(Vote.process_id == process.id),
    )
    sets = dict(
        zip(ORGANISATION_STAGES, (invited, answered, proposing, voting, answered | proposing | voting), strict=True)
    )
    kinds = _kinds(session, set().union(*sets.values()))
    return tuple(Stage(name, _organisation_cells(ids, kinds)) for name, ids in sets.items())


def _ids(session: Session, query: Select[Any]) -> set[int]:
    return set(session.scalars(query))


def _kinds(session: Session, ids: set[int]) -> dict[int, list[str]]:
    """The groups of each organisation: its sector, women's group, youth group."""
    columns = (Organisation.id, Organisation.sector, Organisation.is_womens_group, Organisation.is_youth_group)
    kinds = {}
    for row in session.execute(select(*columns).where(Organisation.id.in_(ids))):
        groups = [f"sector:{row.sector.value}"]
        groups += ["womens_group"] if row.is_womens_group else []
        groups += ["youth_group"] if row.is_youth_group else []
        kinds[row.id] = groups
    return kinds


def _organisation_cells(ids: Iterable[int], kinds: dict[int, list[str]]) -> tuple[Cell, ...]:
    members = list(ids)
    counts = Counter(group for member in members for group in kinds[member])
    groups = [f"sector:{sector.value}" for sector in Sector] + ["womens_group", "youth_group"]
    return tuple(Cell(group, counts[group], len(members)) for group in groups)


def _people_stage(session: Session, process: Process, stage: str, *, now: datetime) -> Stage:
    if process.is_imported and stage == "voting":
        return _imported_voting(session, process)
    members = _members(process, stage).subquery()
    cutoff = now.year - 30
    columns: list[ColumnElement[int]] = [
        func.count(),
        *(func.count().filter(Profile.sex == sex) for sex in SEXES[:3]),
        func.count().filter(Profile.birth_band > cutoff),
        func.count().filter(Profile.birth_band <= cutoff),
    ]
    query = select(*columns).select_from(members).outerjoin(Profile, Profile.account_id == members.c.account_id)
    total, female, male, other, young, older = tuple(session.execute(query).one())
    sexes = dict(zip(SEXES, (female, male, other, total - female - male - other), strict=True))
    ages = dict(zip(AGES, (young, older, total - young - older), strict=True))
    return Stage(
        stage, (Cell("all", total, total), *_people_cells("sex", sexes, total), *_people_cells("age", ages, total))
    )


def _imported_voting(session: Session, process: Process) -> Stage:
    """A vote that was held elsewhere has no roll of accounts: its voters are counted by the groups of its ballots."""
    results = session.scalars(select(Vote.result).where(Vote.process_id == process.id, Vote.result.is_not(None)))
    result = next(iter(results.all()), None) or {"ballots": 0, "groups": []}
    cells = [Cell("all", result["ballots"], result["ballots"])]
    for dimension in ("sector", "sex", "age"):
        voters = {row["group"]: row["voters"] for row in result["groups"] if row["group"].startswith(f"{dimension}:")}
        cells += [Cell(group, count, result["ballots"]) for group, count in suppress(voters).items()]
    return Stage("voting", tuple(cells))


def _people_cells(dimension: str, counts: dict[str, int], total: int) -> list[Cell]:
    return [Cell(f"{dimension}:{name}", count, total) for name, count in suppress(counts, floor=FLOOR).items()]


def _members(process: Process, stage: str) -> Select[Any]:
    """The accounts that reached a stage, once each."""
    if stage == "joined":
        return select(Participation.account_id).where(Participation.process_id == process.id)
    if stage == "proposing":
        return (
            select(Proposal.author_id.label("account_id"))
            .distinct()
            .where(Proposal.process_id == process.id, Proposal.status.in_(PUBLIC_STATES))
            .where(Proposal.author_id.is_not(None), Proposal.organisation_id.is_(None))
        )
    return (
        select(RollEntry.account_id.label("account_id"))
        .distinct()
        .join(Vote, Vote.id == RollEntry.vote_id)
        .where(Vote.process_id == process.id, RollEntry.has_voted, RollEntry.account_id.is_not(None))
    )


def _cell(cell: Cell) -> dict[str, Any]:
    return {"group": cell.group, "count": cell.count, "of": cell.of}
