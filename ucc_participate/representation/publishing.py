"""Publishing figures: counted while reading, so that nobody waits for it, then put into the log in one short write."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from ..kernel.clock import utc_text
from ..kernel.db import WriteSession, db, perform
from ..kernel.identity import Actor
from ..kernel.text import fold
from ..processes.models import Process
from ..processes.queries import get_process, process_to_change
from . import operations, queries
from .snapshots import renew, tally


def publish(process_id: str, *, actor: Actor, now: datetime) -> bool:
    """Publish what may be published of a process now; False when it would say nothing new."""
    session = db.session()
    process = get_process(session, process_id, actor=actor)
    last = queries.last_published(session, process.ref)
    floor = current_app.extensions["ucc.settings"].smallest_group
    figures = make_figures(session, process, floor=floor, now=now)
    if _without_time(figures) == _without_time(queries.last_figures(session, process.ref)):
        return False

    def work(write: WriteSession) -> bool:
        own = process_to_change(write, process_id, actor=actor)
        return operations.publish_figures(write, own, figures, after=last.index, actor=actor, now=now)

    return perform(work)


def make_figures(session: Session, process: Process, *, floor: int, now: datetime) -> dict[str, Any]:
    """The object of ``figures.published`` (docs/record-format.md §4 and §6). ``floor``: the least number of people that
    a published number, or a difference of two, may stand for."""
    if process.is_imported:
        shown = queries.presence(session, process, now=now)
        stages = [_stage(f"organisations_{stage.stage}", stage) for stage in shown.organisations]
        stages += [_stage(f"people_{stage.stage}", stage) for stage in shown.people]
    else:
        organisations = queries.organisation_stages(session, process)
        stages = [_stage(f"organisations_{stage.stage}", stage) for stage in organisations]
        measures = queries.measures(session, process, now=now)
        true = tally(queries.count_people(session, process), measures, fold)
        earlier = queries.all_figures(session, process.ref)
        stages += renew(true, measures, earlier, floor=floor, at=utc_text(now))
    population = queries.population_of(session, process)
    figures = {"stages": stages, "targets": dict(process.targets)}
    return figures | ({"population": population.public_payload()} if population is not None else {})


def _stage(name: str, stage: queries.Stage) -> dict[str, Any]:
    cells = [{"group": cell.group, "count": cell.count, "of": cell.of} for cell in stage.cells]
    return {"stage": name, "cells": cells}


def _without_time(figures: Any) -> Any:
    """What figures say: the same numbers an hour later are no news."""
    if figures is None:
        return None
    stages = [{name: value for name, value in stage.items() if name != "at"} for stage in figures["stages"]]
    return {**figures, "stages": stages}
