"""What is done to many proposals at once: taking them over, erasing their author, holding counts to the rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from ...accounts.leftovers import leave_uploads
from ...accounts.models import Account
from ...audit.events import LogEvent
from ...audit.log import settle
from ...audit.operations import withhold_fields
from ...documents.attaching import detach_all, with_small_copies
from ...kernel.decision import require
from ...kernel.identity import Actor
from ...processes.models import Process
from .. import policies, queries, search
from ..company import drop_invitations
from ..models import Imported, Proposal
from ..taking_over import take_over

ERASURE_REASON = "The author asked for erasure."


def import_proposals(
    session: Session, process: Process, rows: Sequence[Imported], *, actor: Actor, now: datetime
) -> list[Proposal]:
    """Take over the proposals of a process held elsewhere, numbered in the order of ``rows``; one entry for each."""
    require(policies.can_import(actor, process, now=now))
    return take_over(session, process, rows, actor=actor, now=now)


def forget_author(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Erase a person: drafts go, proposals stay without the name, which the log withholds from now on.

    An organisation's name is no personal data and stays.
    """
    written = queries.written_by_to_change(session, account)
    named = [proposal for proposal in written if not proposal.is_draft and proposal.organisation_id is None]
    settle(session)
    for process, positions in queries.logged_authors(session, named).items():
        fields = [(position, "author") for position in positions]
        withhold_fields(
            session,
            fields,
            actor=actor,
            now=now,
            event=LogEvent.ERASURE_EXECUTED,
            subject=process,
            process=process,
            reason=ERASURE_REASON,
        )
    for proposal in written:
        if proposal.is_draft:
            drop_invitations(session, proposal)
            leave_uploads(session, with_small_copies(detach_all(session, proposal.ref), proposal.attachments), now=now)
            session.delete(proposal)
    for proposal in named:
        proposal.author_name = None


def recount_tags(session: Session, *, actor: Actor, now: datetime) -> int:
    """Hold the counts that lists show to the rows; how many were wrong. Nothing that the log speaks of changes."""
    return search.recount(session)
