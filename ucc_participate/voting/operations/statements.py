"""Signed statements of organisations about their ballots: evidence, sealed until the vote is closed."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...documents.attaching import attach, detach_all
from ...documents.models import SEALED
from ...documents.uploads import StoredUpload
from ...kernel.decision import require
from ...kernel.errors import Conflict, Forbidden
from ...kernel.identity import Actor, Role
from ...stakeholders.models import Organisation
from .. import policies, queries
from ..events import BallotEvent
from ..models import Vote
from ..recording import record_in


def file_statement(
    session: Session, vote: Vote, organisation: Organisation, *, actor: Actor, now: datetime, stored: StoredUpload
) -> list[str]:
    """Attach a statement to the ballot that counts, in the place of an older one; the hashes whose content nobody needs
    any more, for ``Store.erase`` after the commit. Raises Conflict while no ballot counts."""
    require(policies.can_cast_for(actor, vote, now=now, organisation=organisation.public_id))
    entry = queries.roll_entry_to_use(session, vote, organisation_id=organisation.id)
    if entry is None or actor.account_id not in queries.delegates_now(session, organisation, now):
        raise Forbidden(policies.NO_DELEGATE)
    if queries.open_ballot_of(session, vote, organisation) is None:
        raise Conflict(_l("Cast the ballot first: a statement belongs to a ballot that counts."))
    subject = queries.statement_subject(vote, organisation)
    gone = detach_all(session, subject)
    document = attach(session, subject, stored, kind=SEALED, title=organisation.name[:160], actor=actor, now=now)
    facts = {"subject": subject, "role": Role.DELEGATE, "schema": "ucc.ballot_statement/1"}
    record_in(session, BallotEvent.STATEMENT, vote, actor=actor, now=now, payload=document.public_payload(), **facts)
    return [each for each in gone if each != document.sha256]
