"""What the file for other instances holds: public things alone, without dates of this city and without names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ..kernel.clock import utc_text
from ..kernel.identity import VISITOR
from ..plan.models import Indicator
from ..processes.models import Phase, Process
from . import queries
from .bundle import FORMAT, LICENCE
from .models import Practice

DAY = 86_400


def content_of(
    session: Session, process: Process, *, origin: str, vkey: str, city: str, now: datetime
) -> dict[str, Any]:
    """The content to be signed; needs ``phases`` of the process loaded. ``vkey`` is of the log that signs."""
    return {
        "format": FORMAT,
        "licence": LICENCE,
        "origin": origin,
        "vkey": vkey,
        "city": city,
        "made_at": utc_text(now),
        "practices": [practice_payload(practice) for practice in queries.practices_of(session, process, actor=VISITOR)],
        "indicators": [indicator_payload(each) for each in queries.public_indicators(session, process)],
        "process": template_of(process),
    }


def practice_payload(practice: Practice) -> dict[str, Any]:
    return {
        "id": practice.ref,
        "title": practice.title,
        "parts": practice.parts,
        "areas": list(practice.areas),
        "objectives": list(practice.objectives),
    }


def indicator_payload(indicator: Indicator) -> dict[str, Any]:
    """What is measured and how; baseline and target are this city's own affair."""
    return {
        "kind": indicator.kind.value,
        "title": indicator.title,
        "unit": indicator.unit,
        "frequency": indicator.frequency.value,
        "data_source": indicator.data_source,
    }


def template_of(process: Process) -> dict[str, Any] | None:
    """The process as a pattern: its phases in days after the first one begins."""
    phases = sorted(process.phases, key=lambda phase: phase.starts_at)
    if not phases:
        return None
    first = phases[0].starts_at
    return {
        "title": process.title,
        "purpose": process.purpose,
        "scope": process.scope,
        "open_questions": process.open_questions,
        "promise_level": process.promise_level.value if process.promise_level else None,
        "promise": process.promise,
        "min_open_days": process.min_open_days,
        "targets": {
            name: value for name, value in process.targets.items() if not name.startswith(("district:", "tag:"))
        },
        "phases": [phase_payload(phase, first) for phase in phases],
    }


def phase_payload(phase: Phase, first: datetime) -> dict[str, Any]:
    return {
        "kind": phase.kind.value,
        "title": phase.title,
        "starts_after_days": round((phase.starts_at - first).total_seconds() / DAY),
        "lasts_days": max(1, round((phase.ends_at - phase.starts_at).total_seconds() / DAY)),
    }
