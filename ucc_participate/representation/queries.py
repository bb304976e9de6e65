"""Who took part, stage by stage: counted from rows that operations wrote together with their log entries."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from ..accounts.models import Profile
from ..audit.models import LogEntry, LogOpening, LogQueue
from ..audit.queries import visible_fields
from ..deliberation.queries import organisations_commenting, people_commenting
from ..kernel.clock import from_utc_text
from ..kernel.db import table_of
from ..kernel.errors import NotFound
from ..kernel.text import fold
from ..processes.models import Invitation, InvitationState, Participation, Process, ProcessState
from ..proposals.models import Proposal, ProposalState
from ..stakeholders.models import Organisation
from ..stakeholders.queries import survivors
from ..vocabularies.uccn import Sector
from ..voting.models import OpenBallot, RollEntry, Vote
from .events import FiguresEvent
from .models import Population, Yardstick
from .population import DEFAULT_BANDS
from .snapshots import PERSON_STAGES, Measures, Someone
from .suppression import suppress

PUBLIC_STATES = (ProposalState.SUBMITTED, ProposalState.ANSWERED)
ORGANISATION_STAGES = (
    "invited",
    "opened",
    "answered",
    "attended",
    "proposing",
    "commenting",
    "voting",
    "present",
    "declined",
)
KINDS = ("womens_group", "youth_group")
SCHEMA = "ucc.figures/1"
_entries = table_of(LogEntry)


@dataclass(frozen=True, slots=True)
class Cell:
    """A published number: ``count`` of ``group``, None where hidden; ``of`` the stage's total.

    ``at``: the time from which both are, when that is before the stage's own.
    """

    group: str
    count: int | None
    of: int | None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    stage: str
    cells: tuple[Cell, ...]

    def count(self, group: str) -> int | None:
        cell = self.cell(group)
        return None if cell is None else cell.count

    def cell(self, group: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.group == group), None)


@dataclass(frozen=True, slots=True)
class Presence:
    """The funnel of one process: organisations by sector and kind of group as they are now, people by sex, age,
    district and way in as last published (``at``; None before the first publication)."""

    organisations: tuple[Stage, ...]
    people: tuple[Stage, ...]
    targets: dict[str, int]
    at: str | None = None

    def stage(self, kind: str, name: str) -> Stage:
        stages: tuple[Stage, ...] = getattr(self, kind)
        return next(stage for stage in stages if stage.stage == name)


def presence(session: Session, process: Process, *, now: datetime) -> Presence:
    """What everybody may see now: seven queries, whatever the size of the process."""
    organisations = organisation_stages(session, process)
    if process.is_imported:
        return Presence(organisations, _imported(session, process), dict(process.targets))
    figures = last_figures(session, process.ref)
    people = {stage["stage"]: stage for stage in (figures or {}).get("stages", [])}
    stages = tuple(_people_stage(name, people.get(f"people_{name}")) for name in PERSON_STAGES)
    at = next((stage.get("at") for name, stage in people.items() if name == "people_joined"), None)
    return Presence(organisations, stages, dict(process.targets), at)


def _people_stage(name: str, published: Mapping[str, Any] | None) -> Stage:
    cells = published["cells"] if published is not None else []
    return Stage(name, tuple(Cell(each["group"], each["count"], each["of"], each.get("at")) for each in cells))


def last_figures(session: Session, process_ref: str) -> Any:
    """The figures that were published last, or None."""
    row = session.scalars(_figures(process_ref).order_by(LogOpening.position.desc()).limit(1)).one_or_none()
    return None if row is None else visible_fields(row).get("figures")


def all_figures(session: Session, process_ref: str) -> list[dict[str, Any]]:
    """Everything that was ever published of the people of a process, oldest first."""
    rows = session.scalars(_figures(process_ref).order_by(LogOpening.position))
    return [figures for row in rows if (figures := visible_fields(row).get("figures")) is not None]


def _figures(process_ref: str) -> Select[Any]:
    return select(LogOpening).where(LogOpening.process == process_ref, LogOpening.schema == SCHEMA)


@dataclass(frozen=True, slots=True)
class LastPublished:
    """Index and time of the log entry with the newest figures; None before there are any."""

    index: int | None
    at: datetime | None


def last_published(session: Session, process_ref: str) -> LastPublished:
    """The newest figures that have their place in the log."""
    query = select(_entries.c.position, _entries.c.entry).where(
        _entries.c.process == process_ref, _entries.c.type == FiguresEvent.PUBLISHED.value
    )
    row = session.execute(query.order_by(_entries.c.position.desc()).limit(1)).first()
    return (
        LastPublished(row.position, from_utc_text(json.loads(row.entry)["time"])) if row else LastPublished(None, None)
    )


def figures_wait(session: Session, process_ref: str) -> bool:
    """Whether figures of the process are committed and have no index yet (PostgreSQL)."""
    about = (LogQueue.draft.contains(FiguresEvent.PUBLISHED.value), LogQueue.draft.contains(f'"{process_ref}"'))
    return session.scalar(select(LogQueue.id).where(*about).limit(1)) is not None


def list_counted(session: Session) -> list[Process]:
    """Processes of this server whose people are counted: open and closed ones that were held here."""
    states = (ProcessState.OPEN, ProcessState.CLOSED)
    rows = select(Process).where(Process.status.in_(states), Process.is_imported.is_(False)).order_by(Process.id)
    return list(session.scalars(rows))


# --- organisations ------------------------------------------------------------------------------------------------


def organisation_stages(session: Session, process: Process) -> tuple[Stage, ...]:
    """Organisations act on the record: nothing is hidden."""
    sets = _organisations(session, process)
    kinds = _kinds(session, set().union(*sets.values()))
    return tuple(Stage(name, _organisation_cells(sets[name], kinds)) for name in ORGANISATION_STAGES)


def _organisations(session: Session, process: Process) -> dict[str, set[int]]:
    """The organisations that reached each stage; entries that were merged are their survivor, once."""
    sets: dict[str, set[int]] = {name: set() for name in ORGANISATION_STAGES}
    survivor = survivors(session)
    answers: dict[int, InvitationState] = {}
    columns = (Invitation.organisation_id, Invitation.status, Invitation.opened_at, Invitation.attended_at)
    by_answer = (Invitation.answered_at.is_not(None), Invitation.answered_at, Invitation.id)
    rows = select(*columns).where(Invitation.process_id == process.id).order_by(*by_answer)
    for row in session.execute(rows):
        member = survivor.get(row.organisation_id, row.organisation_id)
        answers[member] = row.status
        reached = {"invited": True, "opened": row.opened_at is not None, "attended": row.attended_at is not None}
        for name in (name for name, is_so in reached.items() if is_so):
            sets[name].add(member)
    sets["answered"] = {member for member, said in answers.items() if said is InvitationState.ANSWERED}
    sets["declined"] = {member for member, said in answers.items() if said is InvitationState.DECLINED}
    sets["proposing"] = set(
        session.scalars(
            select(Proposal.organisation_id)
            .distinct()
            .where(Proposal.process_id == process.id, Proposal.status.in_(PUBLIC_STATES))
            .where(Proposal.organisation_id.is_not(None))
        )
    )
    sets["voting"] = set(
        session.scalars(
            select(OpenBallot.organisation_id)
            .distinct()
            .join(Vote, Vote.id == OpenBallot.vote_id)
            .where(Vote.process_id == process.id)
        )
    )
    sets["commenting"] = set(session.scalars(organisations_commenting(process)))
    for name in ("proposing", "commenting", "voting"):
        sets[name] = {survivor.get(each, each) for each in sets[name]}
    acts = ("answered", "attended", "proposing", "commenting", "voting")
    sets["present"] = set().union(*(sets[name] for name in acts))
    return sets


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
    groups = [*(f"sector:{sector.value}" for sector in Sector), *KINDS]
    return tuple(Cell(group, counts[group], len(members)) for group in groups)


# --- people -------------------------------------------------------------------------------------------------------


def count_people(session: Session, process: Process) -> list[Someone]:
    """Participants by everything that is counted of them: one pass over them, a row for each combination there is."""
    proposers = (
        select(Proposal.author_id.label("account_id"))
        .distinct()
        .where(Proposal.process_id == process.id, Proposal.status.in_(PUBLIC_STATES))
        .where(Proposal.author_id.is_not(None), Proposal.organisation_id.is_(None))
        .subquery()
    )
    voters = (
        select(RollEntry.account_id.label("account_id"))
        .distinct()
        .join(Vote, Vote.id == RollEntry.vote_id)
        .where(Vote.process_id == process.id, RollEntry.has_voted, RollEntry.account_id.is_not(None))
        .subquery()
    )
    speakers = people_commenting(process).distinct().subquery()
    by = (Profile.sex, Profile.birth_band, Profile.district, Participation.way_in)
    sources = {"proposing": proposers, "commenting": speakers, "voting": voters}
    reached = [source.c.account_id.is_not(None).label(f"is_{name}") for name, source in sources.items()]
    query = (
        select(*by, *reached, func.count())
        .select_from(Participation)
        .outerjoin(Profile, Profile.account_id == Participation.account_id)
        .outerjoin(proposers, proposers.c.account_id == Participation.account_id)
        .outerjoin(speakers, speakers.c.account_id == Participation.account_id)
        .outerjoin(voters, voters.c.account_id == Participation.account_id)
        .where(Participation.process_id == process.id)
        .group_by(*by, *reached)
    )
    return [
        Someone(
            sex=None if sex is None else sex.value,
            birth_band=birth_band,
            district=district,
            way=way.value,
            stages=frozenset(
                {"joined", *(name for name, has_reached in zip(sources, rest, strict=True) if has_reached)}
            ),
            number=number,
        )
        for sex, birth_band, district, way, *rest, number in session.execute(query)
    ]


def measures(session: Session, process: Process, *, now: datetime) -> Measures:
    """By which bands and districts the people of a process are counted, and in which year ages are taken: the year in
    which it opened, so that nobody grows older between two publications."""
    population = population_of(session, process)
    census = population.census if population is not None else None
    districts = {fold(name): name for name in census.districts} if census is not None else {}
    return Measures(census.bands if census else DEFAULT_BANDS, districts, (process.opened_at or now).year)


def _imported(session: Session, process: Process) -> tuple[Stage, ...]:
    """A vote that was held elsewhere has no accounts: its voters are counted by the groups of its ballots."""
    results = session.scalars(select(Vote.result).where(Vote.process_id == process.id, Vote.result.is_not(None)))
    result = next(iter(results.all()), None) or {"ballots": 0, "groups": []}
    cells = [Cell("all", result["ballots"], result["ballots"])]
    for dimension in ("sector", "sex", "age"):
        voters = {row["group"]: row["voters"] for row in result["groups"] if row["group"].startswith(f"{dimension}:")}
        shown = voters if None in voters.values() else suppress(voters)
        cells += [Cell(group, count, result["ballots"]) for group, count in shown.items()]
    return tuple(Stage(name, tuple(cells) if name == "voting" else (Cell("all", 0, 0),)) for name in PERSON_STAGES)


# --- population ---------------------------------------------------------------------------------------------------


def list_populations(session: Session) -> list[Population]:
    """All versions, newest first."""
    return list(session.scalars(select(Population).order_by(Population.number.desc())))


def newest_population(session: Session, *, before: datetime | None = None) -> Population | None:
    """The last version, or the last of those added until ``before``."""
    query = select(Population).order_by(Population.number.desc()).limit(1)
    if before is not None:
        query = query.where(Population.added_at <= before)
    return session.scalar(query)


def get_population(session: Session, public_id: str) -> Population:
    """Raises NotFound."""
    found = session.scalar(select(Population).where(Population.public_id == public_id))
    if found is None:
        raise NotFound()
    return found


def vote_margins(session: Session, process: Process) -> dict[str, dict[str, float]] | None:
    """What share of the city's people each sex and age has, as the analysis of a vote weighs by; None where the
    process is measured against no table. Districts are left out: voters name them in their own words."""
    population = population_of(session, process)
    if population is None:
        return None
    found: dict[str, dict[str, float]] = {}
    for group, people in population.census.margins().items():
        name, _, label = group.partition(":")
        if name in ("sex", "age") and "&" not in group:
            found.setdefault(name, {})[label] = float(people)
    return {name: {label: people / sum(of.values()) for label, people in of.items()} for name, of in found.items()}


def live_populations(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check."""
    for each in list_populations(session):
        yield each.ref, {**each.public_payload(), "sha256": each.census.sha256}


def next_number(session: Session) -> int:
    return (session.scalar(select(func.max(Population.number))) or 0) + 1


def yardstick_of(session: Session, process: Process) -> Yardstick | None:
    """Against which table the process is measured, when somebody chose one."""
    query = select(Yardstick).where(Yardstick.process_id == process.id).options(selectinload(Yardstick.population))
    return session.scalar(query)


def population_of(session: Session, process: Process) -> Population | None:
    """The table that the process is measured against: the one that was chosen, else the newest at its opening (before
    that, the newest). None where there was none."""
    chosen = yardstick_of(session, process)
    if chosen is not None:
        return chosen.population
    return newest_population(session, before=process.opened_at)
