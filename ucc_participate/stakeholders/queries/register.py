"""Reading the register: pages of it, counts, one organisation, the words that organisations carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, selectinload

from ...kernel.db import holds
from ...kernel.errors import NotFound
from ...kernel.text import search_terms
from ...vocabularies.uccn import CreativeField, Sector
from ..models import Merge, Organisation, Tag

PAGE = 30
MOST_SIMILAR = 5
SHORTEST_SIMILAR = 3


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What part of the register is wanted; nothing set means all of it. ``text`` is searched in folded names."""

    sector: Sector | None = None
    creative_field: CreativeField | None = None
    tag: str | None = None
    is_womens_group: bool = False
    is_youth_group: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """A page by the alphabet. ``after`` continues it: the public id of its last organisation, or None at the end."""

    organisations: list[Organisation]
    after: str | None


@dataclass(frozen=True, slots=True)
class RegisterCounts:
    """How many organisations there are: by sector, and among all of them women's and youth groups."""

    by_sector: dict[Sector, int]
    womens_groups: int
    youth_groups: int

    @property
    def total(self) -> int:
        return sum(self.by_sector.values())


def list_organisations(
    session: Session, wanted: RegisterFilter, *, after: str | None = None, limit: int = PAGE
) -> RegisterPage:
    """One page of the register, by the Persian alphabet; ``after`` is the public id of the last organisation seen."""
    query = (
        filtered(select(Organisation).where(_living), wanted)
        .order_by(Organisation.sort_key, Organisation.id)
        .limit(limit + 1)
    )
    if after is not None:
        seen = aliased(Organisation)
        last = select(seen.sort_key, seen.id).where(seen.public_id == after).scalar_subquery()
        query = query.where(tuple_(Organisation.sort_key, Organisation.id) > last)
    found = list(session.scalars(query))
    more = len(found) > limit
    return RegisterPage(found[:limit], found[limit - 1].public_id if more else None)


_living: ColumnElement[bool] = Organisation.merged_into_id.is_(None)


def filtered(query: Select[Any], wanted: RegisterFilter) -> Select[Any]:
    """The part of the register that is wanted."""
    if wanted.sector is not None:
        query = query.where(Organisation.sector == wanted.sector)
    if wanted.creative_field is not None:
        query = query.where(holds(Organisation.creative_fields, wanted.creative_field.value))
    if wanted.tag is not None:
        query = query.where(holds(Organisation.tags, wanted.tag))
    if wanted.is_womens_group:
        query = query.where(Organisation.is_womens_group)
    if wanted.is_youth_group:
        query = query.where(Organisation.is_youth_group)
    return query.where(*(Organisation.folded.contains(term) for term in search_terms(wanted.text)))


def count_organisations(session: Session) -> RegisterCounts:
    women = func.sum(case((Organisation.is_womens_group, 1), else_=0))
    youth = func.sum(case((Organisation.is_youth_group, 1), else_=0))
    query = select(Organisation.sector, func.count(), women, youth).where(_living)
    rows = session.execute(query.group_by(Organisation.sector)).all()
    by_sector = dict.fromkeys(Sector, 0) | {row[0]: row[1] for row in rows}
    return RegisterCounts(by_sector, sum(row[2] for row in rows), sum(row[3] for row in rows))


def similar_organisations(session: Session, name: str, *, besides: str | None = None) -> list[Organisation]:
    """Registered organisations whose name holds this one, however it is spaced or spelt; ``besides``: a public id."""
    terms = search_terms(name)
    joined = "".join(terms)
    if len(joined) < SHORTEST_SIMILAR:
        return []
    as_words = and_(*(Organisation.folded.contains(term) for term in terms))
    as_one = func.replace(Organisation.folded, " ", "").contains(joined)
    query = select(Organisation).where(_living, or_(as_words, as_one)).order_by(Organisation.sort_key, Organisation.id)
    if besides is not None:
        query = query.where(Organisation.public_id != besides)
    return list(session.scalars(query.limit(MOST_SIMILAR)))


def list_merges(session: Session) -> list[Merge]:
    """Every merge with both sides."""
    both = (selectinload(Merge.merged), selectinload(Merge.survivor))
    return list(session.scalars(select(Merge).options(*both).order_by(Merge.id)))


def get_organisation(session: Session, public_id: str) -> Organisation:
    """Raises NotFound."""
    found = session.scalar(select(Organisation).where(Organisation.public_id == public_id))
    if found is None:
        raise NotFound()
    return found


def organisation_to_change(session: Session, public_id: str) -> Organisation:
    """The organisation, locked until the unit of work ends. Raises NotFound."""
    found = session.scalar(select(Organisation).where(Organisation.public_id == public_id).with_for_update())
    if found is None:
        raise NotFound()
    return found


def get_organisations(session: Session, public_ids: list[str]) -> list[Organisation]:
    """Those of the ids that exist and were not merged into others, in alphabetical order."""
    query = select(Organisation).where(_living, Organisation.public_id.in_(public_ids))
    return list(session.scalars(query.order_by(Organisation.sort_key, Organisation.id)))


def live_states(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every organisation with its public state, for the drift check; of a merged one also where it leads."""
    merges = {merge.merged_id: merge for merge in list_merges(session)}
    for organisation in session.scalars(select(Organisation)):
        merge = merges.get(organisation.id)
        yield organisation.ref, merge.public_payload() if merge else organisation.public_payload()


def live_tags(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every tag that somebody added, for the drift check; the built-in ones are not in the log."""
    for tag in session.scalars(select(Tag).where(Tag.added_by.is_not(None))):
        yield tag.ref, tag.public_payload()


def list_tags(session: Session) -> list[Tag]:
    """All tags, the built-in ones first, then as they were added."""
    return list(session.scalars(select(Tag).order_by(Tag.id)))


def tags_by_code(session: Session) -> dict[str, Tag]:
    return {tag.code: tag for tag in list_tags(session)}


def count_by_tag(session: Session) -> Counter[str]:
    """How many organisations carry each tag."""
    carried = session.execute(select(Organisation.tags, func.count()).where(_living).group_by(Organisation.tags))
    counts: Counter[str] = Counter()
    for codes, number in carried:
        counts.update(dict.fromkeys(codes, number))
    return counts
