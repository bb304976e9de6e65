"""Recording: what an operation notes, and how finished work reaches the Merkle log in the same transaction.

SQLite: entries get their index inside the writer's transaction. PostgreSQL: they wait in ``log_queue``, committed with
the change, until the sequencer (one at a time, advisory lock) gives them dense indexes. Both end in
:func:`append_drafts`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from ..kernel.clock import utc_text
from ..kernel.db import table_of
from ..kernel.events import AuditEvent
from ..kernel.identity import STAFF_ROLES, SYSTEM_PSEUDONYM, Actor, Role, new_pseudonym
from . import canonical, commitments, tree
from .models import LogEntry, LogHead, LogOpening, LogPseudonym, LogQueue, LogSubject

SEQUENCER_LOCK = 0x0CC_106
SEQUENCER_BATCH = 5_000
SUBJECTS_AT_ONCE = 500
SERVER_SCOPE = "server"
EMPTY_TIME = "1970-01-01T00:00:00Z"

_entries = table_of(LogEntry)
_openings = table_of(LogOpening)
_heads = table_of(LogHead)
_queue = table_of(LogQueue)
_subjects = table_of(LogSubject)
_pseudonyms = table_of(LogPseudonym)


@dataclass(slots=True)
class Draft:
    """An entry before it has an index. ``position`` and ``entry`` are set when the log takes it."""

    values: dict[str, Any]
    salt: bytes | None
    fields: str | None
    is_milestone: bool = False
    position: int | None = None
    entry: bytes | None = None

    @property
    def commit(self) -> str:
        return str(self.values["commit"])

    @property
    def subject(self) -> str:
        return str(self.values["subject"])

    @property
    def type(self) -> str:
        return str(self.values["type"])


def record(
    session: Session,
    event: AuditEvent,
    *,
    actor: Actor,
    subject: str,
    now: datetime,
    process: str | None = None,
    payload: dict[str, Any] | None = None,
    role: Role | None = None,
    scope: str | None = None,
    schema: str | None = None,
) -> Draft:
    """Note one audit entry of this unit of work; it enters the log if and only if the work commits.

    ``payload``: public fields (docs/record-format.md §4), committed to and opened in the record; never names of people.
    ``scope``: what the actor's pseudonym is bound to; the process unless given (votes give themselves).
    Raises canonical.CanonicalError when the payload has floats or text that is not NFC.
    """
    connection = session.connection()
    shared = {
        "actor": pseudonym(connection, actor, scope or process or SERVER_SCOPE),
        "process": process,
        "role": str((role or acting_role(actor)).value),
        "time": utc_text(now),
    }
    draft = _draft(event, subject, payload or {}, shared, schema)
    draft.values["prev"] = _take_previous(connection, subject, draft.commit)
    session.info["entries"].append(draft)
    return draft


def record_all(
    session: Session, told: Sequence[tuple[AuditEvent, str, dict[str, Any]]], *, actor: Actor, now: datetime
) -> None:
    """As ``record`` for many server-wide subjects at once: (event, subject, payload), each subject once.

    Some statements for all of them together, where ``record`` needs four for each.
    """
    connection = session.connection()
    shared = {
        "actor": pseudonym(connection, actor, SERVER_SCOPE),
        "process": None,
        "role": str(acting_role(actor).value),
        "time": utc_text(now),
    }
    drafts = [_draft(event, subject, payload, shared, None) for event, subject, payload in told]
    previous = _take_all_previous(connection, {draft.subject: draft.commit for draft in drafts})
    for draft in drafts:
        draft.values["prev"] = previous[draft.subject]
    session.info["entries"].extend(drafts)


def _draft(
    event: AuditEvent, subject: str, fields: dict[str, Any], shared: dict[str, Any], schema: str | None
) -> Draft:
    """Everything but ``prev``, which the caller must set."""
    salt = commitments.new_salt() if fields else None
    values = {
        **shared,
        "commit": commitments.commit(salt, fields) if salt is not None else commitments.EMPTY,
        "schema": schema or f"ucc.{event.value.partition('.')[0]}/1",
        "subject": subject,
        "type": event.value,
        "v": 1,
    }
    text_of_fields = canonical.dumps(fields).decode("utf-8") if fields else None
    return Draft(values, salt, text_of_fields, event.is_milestone)


def acting_role(actor: Actor) -> Role:
    """The role of an act when the operation names none: the system's, the highest staff role, or resident."""
    if actor.is_system:
        return Role.SYSTEM
    for role in (Role.COORDINATOR, Role.MODERATOR, Role.CLERK):
        if role in actor.roles and role in STAFF_ROLES:
            return role
    if Role.EVALUATOR in actor.roles:
        return Role.EVALUATOR
    return Role.RESIDENT if actor.is_signed_in else Role.VISITOR


def pseudonym(connection: Connection, actor: Actor, scope: str) -> str:
    """The random name of this person within this scope; made at first use."""
    if actor.is_system:
        return SYSTEM_PSEUDONYM
    known = select(_pseudonyms.c.pseudonym).where(_pseudonyms.c.person == actor.key, _pseudonyms.c.scope == scope)
    found = connection.scalar(known)
    if found is not None:
        return str(found)
    row = {"person": actor.key, "scope": scope, "pseudonym": new_pseudonym()}
    if connection.dialect.name == "postgresql":
        connection.execute(pg_insert(_pseudonyms).on_conflict_do_nothing(), row)
        return str(connection.scalar(known))
    connection.execute(insert(_pseudonyms), row)
    return row["pseudonym"]


def _take_previous(connection: Connection, subject: str, commit: str) -> str | None:
    """The commitment of the subject's newest entry, replaced by this one; concurrent writers of one subject wait."""
    if connection.dialect.name == "postgresql":
        connection.execute(pg_insert(_subjects).values(subject=subject, commitment="").on_conflict_do_nothing())
    locked = select(_subjects.c.commitment).where(_subjects.c.subject == subject).with_for_update()
    previous = connection.scalar(locked)
    if previous is None:
        connection.execute(insert(_subjects), {"subject": subject, "commitment": commit})
        return None
    connection.execute(update(_subjects).where(_subjects.c.subject == subject).values(commitment=commit))
    return str(previous) or None


def _take_all_previous(connection: Connection, commits: dict[str, str]) -> dict[str, str | None]:
    """As ``_take_previous`` for many subjects, locked in one order whoever asks."""
    subjects = sorted(commits)
    rows = [{"subject": subject, "commitment": ""} for subject in subjects]
    insert_missing = sqlite_insert if connection.dialect.name == "sqlite" else pg_insert
    connection.execute(insert_missing(_subjects).on_conflict_do_nothing(), rows)
    found: dict[str, str | None] = {}
    for begin in range(0, len(subjects), SUBJECTS_AT_ONCE):
        some = _subjects.c.subject.in_(subjects[begin : begin + SUBJECTS_AT_ONCE])
        locked = select(_subjects.c.subject, _subjects.c.commitment).where(some).order_by(_subjects.c.subject)
        found |= {row.subject: str(row.commitment) or None for row in connection.execute(locked.with_for_update())}
    one = update(_subjects).where(_subjects.c.subject == bindparam("of")).values(commitment=bindparam("commit"))
    connection.execute(one, [{"of": subject, "commit": commits[subject]} for subject in subjects])
    return found


def append(connection: Connection, drafts: Sequence[Draft]) -> None:
    """Hand the entries of finished work to the log, inside its transaction (the Door's ``append``)."""
    if not drafts:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(insert(_queue), [_queued(draft) for draft in drafts])
    else:
        append_drafts(connection, drafts)


def _queued(draft: Draft) -> dict[str, Any]:
    return {"draft": json.dumps(draft.values), "salt": draft.salt, "fields": draft.fields}


def append_drafts(connection: Connection, drafts: Sequence[Draft]) -> None:
    """Give indexes to entries, clamp times so that they never decrease, extend the tree. The caller holds the lock."""
    head = connection.execute(select(_heads)).first()
    frontier = tree.Frontier.from_bytes(head.frontier) if head is not None else tree.Frontier()
    last_time = head.last_time if head is not None else EMPTY_TIME
    entries, openings = [], []
    for draft in drafts:
        values = draft.values
        last_time = values["time"] = max(values["time"], last_time)
        draft.position, draft.entry = frontier.size, canonical.dumps_entry(values)
        leaf = tree.leaf_hash(draft.entry)
        frontier.append(leaf)
        entries.append(_entry_row(draft, leaf))
        if draft.fields is not None:
            openings.append(_opening_row(draft))
    connection.execute(insert(_entries), entries)
    if openings:
        connection.execute(insert(_openings), openings)
    row = {"size": frontier.size, "root": frontier.root(), "frontier": frontier.to_bytes(), "last_time": last_time}
    if head is None:
        connection.execute(insert(_heads), {"id": 1, **row})
    else:
        connection.execute(update(_heads).values(**row))


def _entry_row(draft: Draft, leaf: bytes) -> dict[str, Any]:
    return {
        "position": draft.position,
        "entry": draft.entry,
        "leaf": leaf,
        "subject": draft.subject,
        "process": draft.values["process"],
        "type": draft.type,
    }


def _opening_row(draft: Draft) -> dict[str, Any]:
    return {
        "position": draft.position,
        "subject": draft.subject,
        "process": draft.values["process"],
        "schema": draft.values["schema"],
        "salt": draft.salt,
        "fields": draft.fields,
    }


def settle(session: Session) -> None:
    """Give its index to every entry of work that is done, so that this unit of work can withhold what they open.

    To be called when the rows that the work is about are locked: what is done to them later comes after this unit.
    On PostgreSQL the sequencer rests until the unit of work ends; on SQLite entries of the same batch are meant.
    """
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        session.info["log_what_is_done"]()
        return
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SEQUENCER_LOCK})
    while _take_waiting(connection) == SEQUENCER_BATCH:
        pass


def sequence(engine: Engine) -> int:
    """PostgreSQL: give indexes to whatever waits; the number taken. Waits while another sequencer works.

    Afterwards every change that was committed before the call is in the log.
    """
    if engine.dialect.name != "postgresql":
        return 0
    taken, count = 0, SEQUENCER_BATCH
    while count == SEQUENCER_BATCH:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SEQUENCER_LOCK})
            count = _take_waiting(connection)
        taken += count
    return taken


def _take_waiting(connection: Connection) -> int:
    """Give indexes to a batch of what waits; the number taken. The caller holds the lock."""
    rows = connection.execute(select(_queue).order_by(_queue.c.id).limit(SEQUENCER_BATCH)).all()
    if rows:
        append_drafts(connection, [Draft(json.loads(row.draft), row.salt, row.fields) for row in rows])
        connection.execute(delete(_queue).where(_queue.c.id.in_([row.id for row in rows])))
    return len(rows)
