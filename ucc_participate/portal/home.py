"""What the home page says in ten seconds: what this is, what is open now, what I can do, who has taken part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ..kernel.identity import Actor
from ..processes.models import Capability, Process
from ..processes.queries import other_processes
from ..processes.timetable import PhaseMark, phase_line
from ..processes.wording import PHASE_HINTS
from ..proposals import policies
from ..proposals import queries as proposals
from ..proposals.models import Proposal
from ..representation import charts
from ..representation.queries import presence
from ..voting import queries as voting

LATEST = 6
OTHERS = 4


@dataclass(frozen=True, slots=True)
class Deed:
    """Something the reader can do now."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Other:
    """Another process of the city: from when to when it runs, the phase that is open, one thing to do."""

    process: Process
    starts_at: datetime | None
    ends_at: datetime | None
    now_open: PhaseMark | None
    deed: Deed


@dataclass(frozen=True, slots=True)
class Home:
    """Everything the page shows about the current process."""

    process: Process
    phases: list[PhaseMark]
    now_open: PhaseMark | None
    hint: Any
    next_up: PhaseMark | None
    deeds: list[Deed]
    counts: proposals.Counts
    rows: list[charts.Row]
    latest: list[Proposal]
    others: list[Other]


def build(session: Session, process: Process, *, actor: Actor, now: datetime) -> Home:
    line = phase_line(process, now)
    now_open = next((phase for phase in line if phase.state == "open"), None)
    return Home(
        process=process,
        phases=line,
        now_open=now_open,
        hint=PHASE_HINTS[now_open.kind] if now_open else None,
        next_up=next((phase for phase in line if phase.state == "next"), None),
        deeds=_deeds(session, process, actor=actor, now=now),
        counts=proposals.counts(session, process, now=now),
        rows=charts.rows(presence(session, process, now=now)),
        latest=proposals.latest(session, process, LATEST),
        others=_others(session, process, now=now),
    )


def _others(session: Session, process: Process, *, now: datetime) -> list[Other]:
    """Those in which a vote is open first: their time is the shortest."""
    found = other_processes(session, besides=process, limit=OTHERS)
    in_vote, counted = voting.with_votes(session, found, now) if found else (set(), set())
    in_order = sorted(found, key=lambda other: other.id not in in_vote)
    return [_other(each, is_in_vote=each.id in in_vote, is_counted=each.id in counted, now=now) for each in in_order]


def _other(process: Process, *, is_in_vote: bool, is_counted: bool, now: datetime) -> Other:
    line = phase_line(process, now)
    votes = url_for("voting.index", process_id=process.public_id)
    if is_in_vote:
        deed = Deed(_("Vote now"), votes)
    elif is_counted:
        deed = Deed(_("See the result"), votes)
    else:
        deed = Deed(_("Read what it is about"), url_for("processes.show", public_id=process.public_id))
    return Other(
        process,
        starts_at=line[0].starts_at if line else None,
        ends_at=line[-1].ends_at if line else None,
        now_open=next((phase for phase in line if phase.state == "open"), None),
        deed=deed,
    )


def _deeds(session: Session, process: Process, *, actor: Actor, now: datetime) -> list[Deed]:
    """The primary deed first: what the open phase is for."""
    deeds = []
    if process.allows(Capability.VOTE, now):
        deeds += [
            Deed(_("Vote now"), url_for("voting.show", process_id=process.public_id, public_id=vote.public_id))
            for vote in voting.list_votes(session, process)[:1]
            if vote.takes_ballots(now)
        ]
    may_propose = policies.can_submit(actor, process, now=now)
    if may_propose or (not actor.is_signed_in and process.allows(Capability.PROPOSE, now)):
        deeds.append(Deed(_("Write a proposal"), url_for("proposals.new", process_id=process.public_id)))
    deeds.append(Deed(_("Read the proposals"), url_for("proposals.index", process_id=process.public_id)))
    deeds.append(Deed(_("About this process"), url_for("processes.show", public_id=process.public_id)))
    return deeds[:3]
