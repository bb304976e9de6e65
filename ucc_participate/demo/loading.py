"""Making the demonstration city through the operations that people use, day after day, up to yesterday."""

from __future__ import annotations

from sqlalchemy import select

from ..kernel import clock
from ..kernel.db import db
from ..processes.models import Process
from ..processes.timetable import first_day
from ..record import exporting
from ..voting.jobs import analyse_counted
from . import (
    answering,
    census,
    citing,
    commitments,
    discussions,
    ideas,
    initiatives,
    inventory,
    meetings,
    moderation,
    newsletters,
    opinions,
    organisations,
    outreach,
    people,
    planning,
    processes,
    readiness,
    register,
    resources,
    seats,
    sections,
    sharing,
    together,
    votes,
)
from .city import City, text
from .timeline import Timeline

FUNDED = -231
"""When money and people of the closed process's plan are written down: it was begun by then."""
WITH_IDEAS = ("candidacy", "neighbourhoods", "house")


def is_loaded() -> bool:
    return db.session.scalar(select(Process.id).limit(1)) is not None


def load() -> City:
    """A year of a city: a process that is closed, one in its vote, one that takes proposals, one announced, a draft."""
    city = City(Timeline(first_day(clock.now())))
    people.settle(city)
    census.count(city)
    organisations.register(city)
    register.keep(city)
    processes.announce_all(city)
    outreach.reach_out(city)
    newsletters.write_to_many(city)
    inventory.gather(city)
    initiatives.plan_ahead(city)
    for process in WITH_IDEAS:
        ideas.propose(city, process)
    discussions.talk(city)
    moderation.moderate(city)
    opinions.ask(city)
    together.write(city)
    answering.prepare(city)
    meetings.meet(city)
    votes.hold(city)
    seats.fill(city)
    resources.provide(city)
    resources.fund(city, FUNDED)
    planning.settle(city)
    commitments.keep_promises(city)
    sharing.give_and_take(city)
    sections.write(city)
    readiness.attach(city)
    citing.cite(city)
    city.days.play()
    analyse_counted()
    _export_closed(city)
    return city


def _export_closed(city: City) -> None:
    """Seal the log and put the record of each closed process on the shelf."""
    for name, facts in text("processes").items():
        if "closed" in facts:
            exporting.export(city.processes[name])
