"""A table of organisations: kept as a preview, then taken in as a whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.orm import Session

from ...accounts.retention import note_retention
from ...audit.log import record, record_all
from ...kernel.db import table_of
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, new_public_id
from .. import policies, queries
from ..columns import Words
from ..entry import write
from ..events import OrganisationEvent, RegisterImportEvent
from ..models import Fate, ImportState, Organisation, RegisterImport, RegisterImportRow, Tag
from ..sheet import Plan, Planned, Sheet

_rows = table_of(RegisterImportRow)


class RegisterChanged(Conflict):
    """The register is not what it was when the preview was made: what it showed is not what would happen."""


def keep_preview(
    session: Session,
    sheet: Sheet,
    words: Words,
    *,
    file_name: str,
    sha256: str,
    identified_by: str,
    actor: Actor,
    now: datetime,
) -> RegisterImport:
    """Find out what every row would do and keep that to be looked at. The register does not change."""
    require(policies.can_bring(actor, RegisterImport, now=now))
    planned = Plan(words, identified_by, queries.known_entries(session)).of(sheet.lines)
    table = RegisterImport(public_id=new_public_id(), file_name=file_name, sha256=sha256, identified_by=identified_by)
    table.status, table.ignored, table.counts = ImportState.WAITING, list(sheet.ignored), _counts(planned)
    table.brought_by, table.brought_at = actor.key, now
    session.add(table)
    session.flush()
    _write_rows(session, table, planned)
    return table


def look_again(session: Session, table: RegisterImport, words: Words, *, actor: Actor, now: datetime) -> None:
    """Make the preview anew, of the register as it is now; ``table`` locked."""
    require(policies.can_carry_out(actor, table, now=now))
    planned = _planned(session, table, words)
    session.execute(delete(RegisterImportRow).where(RegisterImportRow.import_id == table.id))
    table.counts = _counts(planned)
    _write_rows(session, table, planned)


def carry_out(session: Session, table: RegisterImport, words: Words, *, actor: Actor, now: datetime) -> None:
    """Do what the preview shows: every row that is new or changes something, each with its own entry in the log.

    ``table`` locked. Raises RegisterChanged when the preview shows something else than what would happen now, Invalid
    when no row does anything.
    """
    require(policies.can_carry_out(actor, table, now=now))
    if not table.changes:
        raise Invalid(_l("No row of this table changes anything."))
    queries.lock_register(session)
    planned = _planned(session, table, words)
    if queries.fates_of(planned) != queries.shown_fates(session, table):
        raise RegisterChanged(_l("The register has changed since this was shown. Look at it once more."))
    made = _write(session, [each for each in planned if each.fate.is_done], actor=actor, now=now)
    table.status, table.done_by, table.done_at = ImportState.DONE, actor.key, now
    session.flush()
    _settle_rows(session, table, planned, made)
    payload = table.public_payload()
    record(session, RegisterImportEvent.CARRIED_OUT, actor=actor, subject=table.ref, payload=payload, now=now)


def drop_preview(session: Session, table: RegisterImport, *, actor: Actor, now: datetime) -> None:
    """Throw a table away that was not taken in, with all that was typed in it."""
    require(policies.can_carry_out(actor, table, now=now))
    _forget(session, table)


def forget_previews(session: Session, *, brought_before: datetime, actor: Actor, now: datetime) -> int:
    """Throw away the tables that nobody took in for so long; how many."""
    old = queries.previews_before(session, brought_before)
    for table in old:
        _forget(session, table)
    if old:
        note_retention(session, "register_imports", len(old), actor=actor, now=now)
    return len(old)


def _forget(session: Session, table: RegisterImport) -> None:
    session.execute(delete(RegisterImportRow).where(RegisterImportRow.import_id == table.id))
    session.delete(table)


def _planned(session: Session, table: RegisterImport, words: Words) -> list[Planned]:
    return Plan(words, table.identified_by, queries.known_entries(session)).of(queries.lines_of(session, table))


def _counts(planned: Sequence[Planned]) -> dict[str, int]:
    return dict(Counter(each.fate.value for each in planned))


def _write_rows(session: Session, table: RegisterImport, planned: Sequence[Planned]) -> None:
    rows = [
        {
            "import_id": table.id,
            "place": place,
            "number": each.line.number,
            "name": each.name,
            "fate": each.fate,
            "says": list(each.says),
            "given": dict(each.line.cells),
            "public_id": each.public_id,
        }
        for place, each in enumerate(planned)
    ]
    session.execute(insert(_rows), rows)


def _write(session: Session, planned: Sequence[Planned], *, actor: Actor, now: datetime) -> dict[int, str]:
    """Put the rows into the register and tell the log of each; public ids of the new entries by number of row."""
    tags = queries.tags_by_code(session)
    known = queries.organisations_by_id(session, [each.public_id for each in planned if each.public_id])
    done = [(each, _entry(session, each, known, tags, now)) for each in planned]
    session.flush()
    events = {Fate.NEW: OrganisationEvent.REGISTERED, Fate.CHANGED: OrganisationEvent.REVISED}
    told = [(events[each.fate], organisation.ref, organisation.public_payload()) for each, organisation in done]
    record_all(session, told, actor=actor, now=now)
    return {each.line.number: organisation.public_id for each, organisation in done if each.fate is Fate.NEW}


def _entry(
    session: Session, planned: Planned, known: dict[str, Organisation], tags: dict[str, Tag], now: datetime
) -> Organisation:
    if planned.details is None:
        raise ValueError("a row that changes something says what")
    if planned.public_id is None:
        organisation = Organisation(public_id=new_public_id(), registered_at=now)
        session.add(organisation)
    else:
        organisation = known[planned.public_id]
    write(organisation, planned.details, tags)
    return organisation


def _settle_rows(session: Session, table: RegisterImport, planned: Sequence[Planned], made: dict[int, str]) -> None:
    """What was typed is forgotten; the result leads to the new entries."""
    of_table = _rows.c.import_id == table.id
    session.execute(update(_rows).where(of_table).values(given=None))
    new: list[dict[str, Any]] = [
        {"at": place, "made": made[each.line.number]} for place, each in enumerate(planned) if each.line.number in made
    ]
    if new:
        _fill_in(session, table, new)


def _fill_in(session: Session, table: RegisterImport, new: list[dict[str, Any]]) -> None:
    one = update(_rows).where(_rows.c.import_id == table.id, _rows.c.place == bindparam("at"))
    one = one.values(public_id=bindparam("made"))
    session.connection().execute(one, new)
