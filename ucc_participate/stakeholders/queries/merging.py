"""Entries that may be one, and what became of those that were."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, selectinload

from ...kernel.errors import NotFound
from ..likeness import Likely, Pair, pairs
from ..models import Apart, Delegate, Merge, Nomination, Organisation
from .register import PAGE


@dataclass(frozen=True, slots=True)
class PairPage:
    """``after`` continues it: the key of its last pair, or None at the end."""

    pairs: list[Pair]
    after: str | None
    total: int


def likely_entries(session: Session) -> list[Likely]:
    """What is compared of every entry that stands for itself, the eldest first."""
    columns = (Organisation.public_id, Organisation.name, Organisation.sector)
    private = (Organisation.website, Organisation.contact_email)
    query = select(*columns, *private).where(Organisation.merged_into_id.is_(None)).order_by(Organisation.id)
    return [Likely(*row) for row in session.execute(query)]


def list_pairs(session: Session, *, after: str | None = None, limit: int = PAGE) -> PairPage:
    """Probable duplicates that nobody has looked at, the surest first."""
    known = kept_apart(session)
    found = [pair for pair in pairs(likely_entries(session)) if pair.ids not in known]
    keys = [pair.key for pair in found]
    begin = keys.index(after) + 1 if after in keys else 0
    shown = found[begin : begin + limit]
    return PairPage(shown, shown[-1].key if begin + limit < len(found) else None, len(found))


def kept_apart(session: Session) -> set[frozenset[str]]:
    """Public ids of the pairs that look alike and are two organisations."""
    one, other = aliased(Organisation), aliased(Organisation)
    rows = select(one.public_id, other.public_id).select_from(Apart)
    rows = rows.join(one, one.id == Apart.one_id).join(other, other.id == Apart.other_id)
    return {frozenset((row[0], row[1])) for row in session.execute(rows)}


def organisations_to_merge(session: Session, public_id: str, other_id: str) -> tuple[Organisation, Organisation]:
    """Both, locked in one order whoever asks, so that two clerks wait for each other and not for ever.

    Raises NotFound.
    """
    wanted = select(Organisation).where(Organisation.public_id.in_({public_id, other_id})).order_by(Organisation.id)
    found = {each.public_id: each for each in session.scalars(wanted.with_for_update())}
    if not {public_id, other_id} <= set(found):
        raise NotFound()
    return found[public_id], found[other_id]


def living(session: Session, organisation: Organisation) -> Organisation:
    """The entry that stands for this one now: itself, or the one that it was merged into."""
    return (
        organisation
        if organisation.merged_into_id is None
        else session.get_one(Organisation, organisation.merged_into_id)
    )


def merge_of(session: Session, organisation: Organisation) -> Merge | None:
    """How the entry ended, with both sides."""
    return session.scalar(_with_both().where(Merge.merged_id == organisation.id))


def merged_into(session: Session, organisation: Organisation) -> list[Merge]:
    """Everything that the entry stands for besides itself, at one remove or more, the newest first."""
    rows = _with_both().join(Organisation, Organisation.id == Merge.merged_id)
    return list(session.scalars(rows.where(Organisation.merged_into_id == organisation.id).order_by(Merge.id.desc())))


def _with_both() -> Select[Merge]:
    return select(Merge).options(selectinload(Merge.merged), selectinload(Merge.survivor))


def count_mandates(session: Session, organisation: Organisation) -> int:
    return session.scalar(select(func.count()).where(Delegate.organisation_id == organisation.id)) or 0


def count_nominations_of(session: Session, organisation: Organisation) -> int:
    return session.scalar(select(func.count()).where(Nomination.organisation_id == organisation.id)) or 0


def survivors(session: Session) -> dict[int, int]:
    """Every merged entry with the one that it is counted for now, by the keys of the table."""
    rows = select(Organisation.id, Organisation.merged_into_id).where(Organisation.merged_into_id.is_not(None))
    return {row.id: row.merged_into_id for row in session.execute(rows)}
