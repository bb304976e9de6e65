"""What the register holds of an organisation, put on its row and told to the log: part of several operations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..audit.log import record
from ..kernel.errors import Invalid
from ..kernel.identity import Actor
from ..kernel.text import fold, sort_key
from ..vocabularies.uccn import SUBTYPES, CreativeField, Sector
from .events import OrganisationEvent
from .models import Organisation, SizeBand, Tag

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


def record_state(
    session: Session, event: OrganisationEvent, organisation: Organisation, *, actor: Actor, now: datetime
) -> None:
    """Tell the log of the entry as it is now. No operation: part of those that change it."""
    session.flush()  # a new row has its defaults only now
    payload = organisation.public_payload()
    record(session, event, actor=actor, subject=organisation.ref, payload=payload, now=now)
