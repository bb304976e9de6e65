"""A vote that a city held elsewhere, taken over whole from a Pabulib file: process, proposals, roll, ballots, result.

It makes a closed process of its own, or goes into an open one, where its proposals are answered and planned with.
One operation, one transaction: nothing is half imported. The ballots get commitments and salts as if they had been cast
here; there are no slots one by one, since nobody here knows who voted (docs/record-format.md §4, `ballots.imported`).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import numpy.typing as npt
from flask_babel import lazy_gettext as _l
from sqlalchemy import insert
from sqlalchemy.orm import Session

from ..audit import commitments
from ..audit.log import record
from ..kernel.decision import require
from ..kernel.errors import Conflict
from ..kernel.identity import Actor, new_public_id
from ..processes.events import ProcessEvent
from ..processes.models import Process, ProcessState
from ..processes.policies import can_create
from ..proposals.models import BODY_LENGTH, LONGEST_TITLE, Imported, Proposal
from ..proposals.operations import import_proposals
from ..proposals.policies import can_take_plan
from ..proposals.taking_over import take_over
from . import operations, pabulib, queries
from .ballot_groups import BASE, ORDER
from .building import OptionLine, new_vote
from .events import BallotsEvent, RollEvent, VoteEvent
from .models import Ballot, Franchise, Vote, VoteState
from .rules.ballots import LABELS

BLOCK = 5_000
COMMITMENTS_PER_ENTRY = 2_000


@dataclass(frozen=True, slots=True)
class ImportedVote:
    """What came of an import: the process and vote that were made."""

    process: Process
    vote: Vote


def import_vote(
    session: Session, file: pabulib.PabulibFile, *, source: str, actor: Actor, now: datetime
) -> ImportedVote:
    """Make a closed process from a city's vote. ``source``: the file's name and digest, shown with the process.

    Raises Invalid when the file's rules cannot be used here.
    """
    require(can_create(actor, Process, now=now))
    began, ended = _days(file)
    process = _process(file, source, began, ended, now)
    session.add(process)
    session.flush()
    _record_process(session, process, actor=actor, now=now)
    proposals = import_proposals(session, process, _proposals(file), actor=actor, now=now)
    return _vote_held(session, file, process, proposals, {"en": file.meta["description"]}, actor=actor, now=now)


def take_vote(
    session: Session, process: Process, file: pabulib.PabulibFile, *, name: str, actor: Actor, now: datetime
) -> ImportedVote:
    """Take the vote into an open process, with its proposals behind those that are there; the city answers them.

    ``name``: of the file, said in the title of the vote. The process must be locked. Raises Invalid, Conflict; Conflict
    too for a file whose vote the process has already.
    """
    require(can_take_plan(actor, process, now=now))
    title = f"{file.meta['description']} ({file.meta['instance']}, held elsewhere: {name})"
    if any(vote.title.get("en") == title for vote in queries.list_votes(session, process)):
        raise Conflict(_l("The vote of this file is in the process already."))
    proposals = take_over(session, process, _proposals(file), actor=actor, now=now)
    for proposal in proposals:
        proposal.put_on_ballot(at=now)
    return _vote_held(session, file, process, proposals, {"en": title}, actor=actor, now=now)


def _vote_held(
    session: Session,
    file: pabulib.PabulibFile,
    process: Process,
    proposals: list[Proposal],
    title: dict[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> ImportedVote:
    vote = _vote(file, process, proposals, title, now)
    session.add(vote)
    session.flush()
    _hold(session, vote, file, actor=actor, now=now)
    return ImportedVote(process, vote)


def _days(file: pabulib.PabulibFile) -> tuple[datetime, datetime]:
    """First moment and end of the voting days; a file that gives a year alone means the whole year."""
    began, ended = (_day(file.meta[name]) for name in ("date_begin", "date_end"))
    length = timedelta(days=366 if file.meta["date_end"].isdigit() else 1)
    return began, max(ended + length, began + timedelta(days=1))


def _day(text: str) -> datetime:
    form = "%Y" if text.isdigit() else "%d.%m.%Y"
    return datetime.strptime(text, form).replace(tzinfo=timezone.utc)


def _process(file: pabulib.PabulibFile, source: str, began: datetime, ended: datetime, now: datetime) -> Process:
    return Process(
        public_id=new_public_id(),
        title={"en": file.meta["description"]},
        purpose={"en": _origin(file, source)},
        scope={"en": f"{file.meta['unit']}, {file.meta['country']}, {file.meta['instance']}"},
        open_questions={},
        promise={},
        decision_maker={"en": file.meta["unit"]},
        responsible="",
        targets={},
        min_open_days=21,
        is_imported=True,
        status=ProcessState.CLOSED,
        created_at=now,
        published_at=began,
        opened_at=began,
        closed_at=ended,
        phases=[],
        documents=[],
    )


def _origin(file: pabulib.PabulibFile, source: str) -> str:
    """Where the vote comes from and, where that matters, why other projects may be chosen here."""
    said = [str(reason.text) for reason in pabulib.reasons(file)]
    if said:
        said.append("The ballots are the city’s, the projects chosen here may be others.")
    return " ".join([f"A vote held elsewhere, imported from the Pabulib file {source}.", *said])


def _record_process(session: Session, process: Process, *, actor: Actor, now: datetime) -> None:
    for event in (ProcessEvent.CREATED, ProcessEvent.CLOSED):
        record(
            session,
            event,
            actor=actor,
            subject=process.ref,
            process=process.ref,
            now=now,
            payload=process.public_payload(),
        )


def _proposals(file: pabulib.PabulibFile) -> list[Imported]:
    currency = file.meta.get("currency") or pabulib.UNKNOWN_CURRENCY
    return [
        Imported(
            title=_shortened(project.title, LONGEST_TITLE),
            body=project.title[:BODY_LENGTH] if len(project.title) > LONGEST_TITLE else "",
            cost=project.cost // file.scale,
            currency=currency,
            language=_language(file),
        )
        for project in file.projects
    ]


def _shortened(title: str, most: int) -> str:
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"


def _language(file: pabulib.PabulibFile) -> str:
    """Two letters; a language that is not named in the format's way is taken for English."""
    given = (file.meta.get("language") or "").lower()
    return given if re.fullmatch("[a-z]{2}", given) else "en"


def _vote(
    file: pabulib.PabulibFile,
    process: Process,
    proposals: list[Proposal],
    title: dict[str, str],
    now: datetime,
) -> Vote:
    began, ended = _days(file)
    lines = [
        OptionLine(project.code, _shortened(project.title, LONGEST_TITLE), project.cost, proposal.id, proposal.ref)
        for project, proposal in zip(file.projects, proposals, strict=True)
    ]
    vote = new_vote(
        process,
        title=title,
        franchise=Franchise.INDIVIDUAL,
        rules=pabulib.election_of(file, vote_ref="vote/import").rules,
        options=lines,
        opens_at=began,
        closes_at=ended,
        now=now,
        fewest_options=1,
    )
    vote.process = process
    return vote


def _hold(session: Session, vote: Vote, file: pabulib.PabulibFile, *, actor: Actor, now: datetime) -> None:
    """Let the vote pass through its states with the ballots of the file."""

    def note(event: Any, payload: dict[str, Any]) -> None:
        record(session, event, actor=actor, subject=vote.ref, process=vote.process.ref, now=now, payload=payload)

    note(VoteEvent.ANNOUNCED, vote.public_payload())
    vote.roll_size = len(file.votes)
    note(RollEvent.FROZEN, {"slots": vote.roll_size, "by_sector": {}})
    vote.move_to(VoteState.OPEN)
    note(VoteEvent.OPENED, vote.public_payload())
    sealed = _insert_ballots(session, vote, file)
    for start in range(0, len(sealed), COMMITMENTS_PER_ENTRY):
        note(BallotsEvent.IMPORTED, {"commitments": sealed[start : start + COMMITMENTS_PER_ENTRY]})
    vote.move_to(VoteState.CLOSED)
    note(VoteEvent.CLOSED, vote.public_payload())
    operations.publish_tally(session, vote, actor=actor, now=now)


def _insert_ballots(session: Session, vote: Vote, file: pabulib.PabulibFile) -> list[str]:
    """Store every ballot with a commitment of its own; the commitments, sorted."""
    sealed: list[str] = []
    for rows in _blocks(_ballots(vote, file)):
        session.execute(insert(Ballot), rows)
        sealed += [row["commitment"] for row in rows]
    return sorted(sealed)


def _ballots(vote: Vote, file: pabulib.PabulibFile) -> Iterator[dict[str, Any]]:
    codes = [option.code for option in vote.options]
    packed, groups = file.votes.ballots.to_packed(), _group_codes(file)
    has_points = file.votes.ballots.points is not None
    for at, choices in enumerate(packed):
        salt = commitments.new_salt()
        numbers = np.frombuffer(choices, dtype="<u2").tolist()
        names = [codes[place] for place in (numbers[::2] if has_points else numbers)]
        points = numbers[1::2] if has_points else None
        yield {
            "key": secrets.token_hex(16),
            "vote_id": vote.id,
            "choices": choices,
            "salt": salt,
            "commitment": commitments.ballot(salt, vote.ref, names, points=points),
            "group_codes": int(groups[at]),
            "channel": pabulib.CHANNELS[file.votes.channels[at]],
            "is_batched": True,
            "is_superseded": False,
        }


def _group_codes(file: pabulib.PabulibFile) -> npt.NDArray[np.int64]:
    """The group code of each ballot from the columns that the file has; a column that is missing is not stated."""
    given = {dimension.name: dimension.codes.astype(np.int64) for dimension in file.votes.ballots.dimensions}
    total = np.zeros(len(file.votes), dtype=np.int64)
    for power, name in enumerate(ORDER):
        total += given.get(name, len(LABELS[name]) - 1) * BASE**power
    return total


def _blocks(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    block: list[dict[str, Any]] = []
    for row in rows:
        block.append(row)
        if len(block) == BLOCK:
            yield block
            block = []
    if block:
        yield block
