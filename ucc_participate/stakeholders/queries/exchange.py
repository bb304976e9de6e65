"""The register as it goes out and comes in as a table, and the tables that were brought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session, aliased, selectinload

from ...kernel.errors import NotFound
from ...vocabularies.uccn import CreativeField
from ..entry import OrganisationDetails
from ..models import Fate, ImportState, Organisation, RegisterImport, RegisterImportRow
from ..sheet import Known, Line, Planned
from .register import RegisterFilter, filtered

ROWS_ON_A_PAGE = 50
TABLES_SHOWN = 30
CHUNK = 500
IMPORT_LOCK: Final = 0x0CC_107
PLAIN = ("name", "subtype", "identified_by", "website", "contact_name", "contact_email", "contact_phone", "note")


@dataclass(frozen=True, slots=True)
class RowPage:
    """``after`` continues it: the place of its last row, or None at the end."""

    rows: list[RegisterImportRow]
    after: int | None


def lock_register(session: Session) -> None:
    """One table is taken in at a time, and no entry changes meanwhile. SQLite has one writer anyway."""
    if session.connection().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IMPORT_LOCK})
        session.execute(select(Organisation.id).order_by(Organisation.id).with_for_update()).all()


def known_entries(session: Session) -> dict[str, Known]:
    """Every entry by its public id, those that were merged too."""
    survivor = aliased(Organisation)
    columns = [getattr(Organisation, name) for name in PLAIN]
    several = (Organisation.public_id, Organisation.sector, Organisation.creative_fields, Organisation.tags)
    query = (
        select(*several, Organisation.size, survivor.public_id, survivor.name, *columns)
        .outerjoin(survivor, survivor.id == Organisation.merged_into_id)
        .order_by(Organisation.id)
    )
    found = {}
    for public_id, sector, fields, tags, size, merged_into, survivor_name, *plain in session.execute(query):
        details = OrganisationDetails(
            sector=sector,
            creative_fields=tuple(map(CreativeField, fields)),
            tags=tags,
            size=size,
            **dict(zip(PLAIN, plain, strict=True)),
        )
        found[public_id] = Known(public_id, details, (merged_into, survivor_name) if merged_into else None)
    return found


def organisations_by_id(session: Session, public_ids: list[str]) -> dict[str, Organisation]:
    """Loaded some hundreds at a time: databases take no statement of any length."""
    found: dict[str, Organisation] = {}
    for begin in range(0, len(public_ids), CHUNK):
        some = select(Organisation).where(Organisation.public_id.in_(public_ids[begin : begin + CHUNK]))
        found |= {each.public_id: each for each in session.scalars(some)}
    return found


def exported(session: Session, wanted: RegisterFilter, *, with_merged: bool) -> Iterator[Organisation]:
    """What a table of the register holds, by the alphabet; then, if wanted, the entries that were merged."""
    loaded = select(Organisation).options(selectinload(Organisation.merged_into)).order_by(Organisation.sort_key)
    living, merged = Organisation.merged_into_id.is_(None), Organisation.merged_into_id.is_not(None)
    yield from session.scalars(filtered(loaded, wanted).where(living).order_by(Organisation.id))
    if with_merged:
        yield from session.scalars(loaded.where(merged).order_by(Organisation.id))


def list_imports(session: Session, *, limit: int = TABLES_SHOWN) -> list[RegisterImport]:
    """The newest first."""
    return list(session.scalars(select(RegisterImport).order_by(RegisterImport.id.desc()).limit(limit)))


def get_import(session: Session, public_id: str) -> RegisterImport:
    """Raises NotFound."""
    return _found(session.scalar(select(RegisterImport).where(RegisterImport.public_id == public_id)))


def import_to_change(session: Session, public_id: str) -> RegisterImport:
    """Locked until the unit of work ends. Raises NotFound."""
    one = select(RegisterImport).where(RegisterImport.public_id == public_id)
    return _found(session.scalar(one.with_for_update()))


def _found(table: RegisterImport | None) -> RegisterImport:
    if table is None:
        raise NotFound()
    return table


def list_rows(
    session: Session,
    table: RegisterImport,
    *,
    fate: Fate | None = None,
    after: int | None = None,
    limit: int = ROWS_ON_A_PAGE,
) -> RowPage:
    """A page of the preview: rows that need a person come first."""
    query = select(RegisterImportRow).where(RegisterImportRow.import_id == table.id)
    if fate is not None:
        query = query.where(RegisterImportRow.fate == fate)
    if after is not None:
        query = query.where(RegisterImportRow.place > after)
    found = list(session.scalars(query.order_by(RegisterImportRow.place).limit(limit + 1)))
    return RowPage(found[:limit], found[limit - 1].place if len(found) > limit else None)


def all_rows(session: Session, table: RegisterImport) -> Iterator[RegisterImportRow]:
    """Every row in the order of the file."""
    query = select(RegisterImportRow).where(RegisterImportRow.import_id == table.id)
    yield from session.scalars(query.order_by(RegisterImportRow.number).execution_options(yield_per=CHUNK))


def lines_of(session: Session, table: RegisterImport) -> list[Line]:
    """The rows as they were typed, in the order of the file; nothing once the table has been taken in."""
    columns = (RegisterImportRow.number, RegisterImportRow.given)
    query = select(*columns).where(RegisterImportRow.import_id == table.id, RegisterImportRow.given.is_not(None))
    return [Line(row.number, row.given) for row in session.execute(query.order_by(RegisterImportRow.number))]


def shown_fates(session: Session, table: RegisterImport) -> list[tuple[int, Fate, list[dict[str, object]], str | None]]:
    """What the preview says of every row, in its order."""
    columns = (RegisterImportRow.number, RegisterImportRow.fate, RegisterImportRow.says, RegisterImportRow.public_id)
    query = select(*columns).where(RegisterImportRow.import_id == table.id).order_by(RegisterImportRow.place)
    return [tuple(row) for row in session.execute(query)]


def fates_of(planned: list[Planned]) -> list[tuple[int, Fate, list[dict[str, object]], str | None]]:
    """The same of a plan that was made anew, to be compared."""
    return [(each.line.number, each.fate, list(each.says), each.public_id) for each in planned]


def previews_before(session: Session, moment: datetime) -> list[RegisterImport]:
    """Tables that were brought before then and not taken in."""
    waiting = (RegisterImport.status == ImportState.WAITING, RegisterImport.brought_at < moment)
    return list(session.scalars(select(RegisterImport).where(*waiting)))
