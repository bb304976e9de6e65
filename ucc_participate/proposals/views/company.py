"""Who stands around a proposal, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from ...kernel import clock
from ...kernel.db import db
from ...kernel.web import current_actor
from ...processes.models import Capability, Process
from ...stakeholders.models import Organisation
from ...stakeholders.queries import get_organisations
from .. import queries
from ..models import CoAuthor, CoAuthorState, Proposal
from ..queries import Own, Support


@dataclass(frozen=True, slots=True)
class Company:
    """``own``: what the present person has endorsed. ``amendments``: how many wait, how many there are.

    ``is_open``: whether anybody may endorse or amend now; ``speaks_for``: organisations of the present person.
    ``sources``: what it was merged or split from, whose authors do not endorse it; looked for when somebody signed in.
    """

    co_authors: list[CoAuthor]
    support: Support
    own: Own
    amendments: tuple[int, int]
    is_open: bool
    speaks_for: list[Organisation]
    sources: list[Proposal]


def company_of(process: Process, proposal: Proposal) -> Company:
    session, actor, now = db.session(), current_actor(), clock.now()
    around = queries.around(session, proposal)
    has_company = proposal.submitted_at is not None and around.has_co_authors
    return Company(
        co_authors=queries.list_co_authors(session, proposal, CoAuthorState.ACCEPTED) if has_company else [],
        support=queries.support_of(session, proposal),
        own=queries.endorsed_by(session, proposal, actor),
        amendments=(around.waiting_amendments, around.amendments),
        is_open=process.allows(Capability.PROPOSE, now) or process.allows(Capability.COMMENT, now),
        sources=queries.sources_of(session, proposal) if actor.is_signed_in else [],
        speaks_for=get_organisations(session, sorted(actor.delegations)) if actor.delegations else [],
    )
