"""What changes: population tables are added, one is named for a process, figures go into the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..audit.log import record
from ..kernel.decision import require
from ..kernel.errors import Conflict, Invalid
from ..kernel.identity import Actor, new_public_id
from ..processes.models import Process
from . import policies, queries
from .events import FiguresEvent, PopulationEvent, YardstickEvent
from .models import Population, Yardstick
from .population import Census, check


@dataclass(frozen=True, slots=True)
class Source:
    """Where the numbers of a population table come from."""

    words: str
    year: int
    url: str | None
    entered_by: str


def add_population(session: Session, census: Census, source: Source, *, actor: Actor, now: datetime) -> Population:
    """Keep a new version of the city's population table. Figures that were measured against older ones stay.

    Raises Invalid when the table does not add up.
    """
    require(policies.can_add_population(actor, Population, now=now))
    faults = check(list(enumerate(census.lines, start=1)), census.sectors)
    if faults:
        raise Invalid(faults[0].says)
    made = Population(
        public_id=new_public_id(),
        number=queries.next_number(session),
        source=source.words,
        year=source.year,
        url=source.url,
        lines=[[line.sex, line.band, line.district, line.people] for line in census.lines],
        sectors=dict(census.sectors),
        sha256=census.sha256,
        added_by=source.entered_by,
        added_at=now,
    )
    session.add(made)
    session.flush()
    record(session, PopulationEvent.ADDED, actor=actor, subject=made.ref, now=now, payload=made.public_payload())
    return made


def choose_population(
    session: Session, process: Process, population: Population, *, actor: Actor, now: datetime
) -> None:
    """Name the table that a process is measured against: until it opens, or once where there is none.

    Raises Conflict when figures by other age bands were published: old and new ones could be subtracted.
    """
    chosen, current = queries.yardstick_of(session, process), queries.population_of(session, process)
    require(policies.can_choose_population(actor, process, now=now, has_one=current is not None))
    bands = queries.measures(session, process, now=now).bands
    if population.census.bands != bands and queries.last_figures(session, process.ref) is not None:
        raise Conflict(_l("Figures by other age bands have been published. Bring a table with the same bands."))
    if chosen is None:
        session.add(Yardstick(process_id=process.id, population_id=population.id, chosen_at=now))
    else:
        chosen.population_id, chosen.chosen_at = population.id, now
    record(
        session,
        YardstickEvent.CHOSEN,
        actor=actor,
        subject=f"{process.ref}/yardstick",
        process=process.ref,
        now=now,
        payload={"population": population.ref, "number": population.number, "sha256": population.sha256},
    )


def publish_figures(
    session: Session, process: Process, figures: dict[str, Any], *, after: int | None, actor: Actor, now: datetime
) -> bool:
    """Put figures on who took part into the log; ``process`` is locked. ``after``: the index of those that they follow.

    False, and nothing changes, when others were published meanwhile: beside those they might say too much.
    """
    require(policies.can_publish_figures(actor, process, now=now))
    if queries.last_published(session, process.ref).index != after or queries.figures_wait(session, process.ref):
        return False
    record(
        session,
        FiguresEvent.PUBLISHED,
        actor=actor,
        subject=process.ref,
        process=process.ref,
        now=now,
        payload={"figures": figures},
    )
    return True
