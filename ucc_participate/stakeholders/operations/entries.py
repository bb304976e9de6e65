"""Changes of the register of stakeholders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor, new_public_id
from ...kernel.text import fold, sort_key
from ...vocabularies.uccn import SUBTYPES, CreativeField, Sector
from .. import policies, queries
from ..events import OrganisationEvent, OrganisationTagEvent
from ..models import CountsAs, Organisation, SizeBand, Tag

KEY_LENGTH = 330
WRITTEN = (
    *("name", "sector", "subtype", "identified_by", "size", "website"),
    *("contact_name", "contact_email", "contact_phone", "note"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationDetails:
    """What the register holds of an organisation. Contact data and the note are for staff only; ``tags`` are codes."""

    name: str
    sector: Sector
    subtype: str
    identified_by: str
    creative_fields: tuple[CreativeField, ...] = ()
    tags: tuple[str, ...] = ()
    size: SizeBand | None = None
    website: str | None = None
    contact_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    note: str | None = None


def register_organisation(
    session: Session, details: OrganisationDetails, *, actor: Actor, now: datetime
) -> Organisation:
    """Enter a stakeholder. Raises Invalid when the kind is not one of the sector or nothing says how it was found."""
    require(policies.can_register(actor, Organisation, now=now))
    organisation = Organisation(public_id=new_public_id(), registered_at=now)
    write(organisation, details, queries.tags_by_code(session))
    session.add(organisation)
    _record(session, OrganisationEvent.REGISTERED, organisation, actor=actor, now=now)
    return organisation


def revise_organisation(
    session: Session, organisation: Organisation, details: OrganisationDetails, *, actor: Actor, now: datetime
) -> None:
    """Replace what the register holds of an organisation. Raises Invalid as register_organisation does."""
    require(policies.can_revise(actor, organisation, now=now))
    write(organisation, details, queries.tags_by_code(session))
    _record(session, OrganisationEvent.REVISED, organisation, actor=actor, now=now)


def write(organisation: Organisation, details: OrganisationDetails, tags: Mapping[str, Tag]) -> None:
    """Put the details on the row. No operation: part of those that enter and revise. Raises Invalid."""
    check(details, tags)
    for name in WRITTEN:
        setattr(organisation, name, getattr(details, name))
    organisation.creative_fields = tuple(sorted(field.value for field in set(details.creative_fields)))
    organisation.carry(tags[code] for code in set(details.tags))
    organisation.folded = fold(details.name)[:KEY_LENGTH]
    organisation.sort_key = sort_key(details.name)[:KEY_LENGTH]


def check(details: OrganisationDetails, tags: Mapping[str, Tag]) -> None:
    """Raises Invalid, naming the field."""
    if details.subtype not in SUBTYPES[details.sector.value]:
        raise Invalid(_l("Choose a kind that belongs to the sector."), field="subtype")
    if not details.identified_by:
        raise Invalid(_l("Say how the city came to know of this organisation."), field="identified_by")
    if not set(details.tags) <= set(tags):
        raise Invalid(_l("Choose words that are on the list."), field="tags")


def _record(
    session: Session, event: OrganisationEvent, organisation: Organisation, *, actor: Actor, now: datetime
) -> None:
    payload = organisation.public_payload()
    record(session, event, actor=actor, subject=organisation.ref, payload=payload, now=now)


def add_tag(
    session: Session, *, title: Mapping[str, str], counts_as: CountsAs | None, actor: Actor, now: datetime
) -> Tag:
    """A further word by which organisations are found. Raises Invalid when there is one of that title."""
    require(policies.can_add(actor, Tag, now=now))
    given = {fold(text) for text in title.values() if text}
    if not given:
        raise Invalid(_l("Write this in at least one language."), field="title")
    if any(given & {fold(text) for text in tag.title.values()} for tag in queries.list_tags(session)):
        raise Invalid(_l("There is such a word already."), field="title")
    tag = Tag(code=new_public_id(), title=dict(title), counts_as=counts_as, added_by=actor.key[:120], added_at=now)
    session.add(tag)
    record(session, OrganisationTagEvent.ADDED, actor=actor, subject=tag.ref, payload=tag.public_payload(), now=now)
    return tag
