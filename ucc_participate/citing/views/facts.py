"""Every number that drafts are made from: what is counted, its value now, and as it was fixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...kernel import clock
from ...kernel.db import db
from ...record.exporting import record_url
from .. import queries
from ..facts import FACTS, Fact, Value, values_of
from ..models import FixedFact
from .blueprint import HOME, Page, bp, desk_page, load_application


@dataclass(frozen=True, slots=True)
class Line:
    """A fact in the table. ``fixed``, ``was``: as it was fixed, in words; ``has_moved``: it differs now."""

    fact: Fact
    now: str
    fixed: FixedFact | None
    was: str
    has_moved: bool


@bp.get(f"{HOME}/facts")
def facts(process_id: str) -> Page:
    process, dossier = load_application(process_id)
    ground = queries.ground_of(db.session(), process, now=clock.now(), url=record_url(process_id))
    fixed = queries.facts_fixed(db.session(), dossier) if dossier is not None else {}
    values = values_of(ground)
    lines = [_line(fact, values.get(code), fixed.get(code)) for code, fact in FACTS.items()]
    return desk_page("citing/facts.html", process, dossier=dossier, lines=lines, head=ground.head, fixed=fixed)


def _line(fact: Fact, value: Value | None, fixed: FixedFact | None) -> Line:
    return Line(
        fact=fact,
        now=fact.write(value) if value is not None else "",
        fixed=fixed,
        was=fact.write(fixed.value) if fixed is not None else "",
        has_moved=fixed is not None and _told(value) != _told(fixed.value),
    )


def _told(value: Any) -> Any:
    return dict(value) if value is not None else None
