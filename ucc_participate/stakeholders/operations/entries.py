"""Changes of the register of stakeholders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor, new_public_id
from ...kernel.text import fold
from .. import policies, queries
from ..entry import OrganisationDetails, record_state, write
from ..events import OrganisationEvent, OrganisationTagEvent
from ..models import CountsAs, Organisation, Tag


def register_organisation(
    session: Session, details: OrganisationDetails, *, actor: Actor, now: datetime
) -> Organisation:
    """Enter a stakeholder. Raises Invalid when the kind is not one of the sector or nothing says how it was found."""
    require(policies.can_register(actor, Organisation, now=now))
    organisation = Organisation(public_id=new_public_id(), registered_at=now)
    write(organisation, details, queries.tags_by_code(session))
    session.add(organisation)
    record_state(session, OrganisationEvent.REGISTERED, organisation, actor=actor, now=now)
    return organisation


def revise_organisation(
    session: Session, organisation: Organisation, details: OrganisationDetails, *, actor: Actor, now: datetime
) -> None:
    """Replace what the register holds of an organisation. Raises Invalid as register_organisation does."""
    require(policies.can_revise(actor, organisation, now=now))
    write(organisation, details, queries.tags_by_code(session))
    record_state(session, OrganisationEvent.REVISED, organisation, actor=actor, now=now)


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
