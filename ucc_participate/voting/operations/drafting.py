"""Drafts of ballots: kept while somebody ticks, destroyed when the ballot is cast and at the latest at the closing.

Nothing of a draft reaches the log: that somebody hesitates is nobody's business, the city's neither.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...kernel.decision import require
from ...kernel.errors import Conflict, Forbidden
from ...kernel.identity import Actor
from ...stakeholders.models import Organisation
from .. import marking, policies, queries
from ..dropping import drop_draft
from ..models import BallotDraft, RollEntry, Vote
from ..packing import marks_of

FRESH = ""
"""The stamp of a page that has seen no draft."""


class Overtaken(Conflict):
    """Another phone has saved, cast or thrown away meanwhile; ``newest`` is the stamp of what is there now."""

    def __init__(self, newest: str) -> None:
        super().__init__(
            _l("This ballot was changed on another device meanwhile. What you see here is not saved: save it again.")
        )
        self.newest = newest


def save_draft(
    session: Session,
    vote: Vote,
    *,
    actor: Actor,
    now: datetime,
    typed: Mapping[str, str],
    based_on: str,
    organisation: Organisation | None = None,
) -> str:
    """Keep what stands on the page, right or wrong; the new stamp, FRESH where nothing differs from what counts.

    ``based_on``: the stamp that the page was made with. ``organisation``: whose ballot it is, None: one's own. Raises
    Overtaken, and what casting raises where the vote takes no ballots or the person is not on its roll.
    """
    entry, account_id = _entry_for(session, vote, organisation, actor=actor, now=now)
    draft = session.get(BallotDraft, (entry.id, account_id), with_for_update=True)
    there = draft.stamp if draft is not None else FRESH
    if there != based_on:
        raise Overtaken(there)
    if dict(typed) == _standing(session, vote, entry, organisation):
        drop_draft(session, entry, account_id)
        return FRESH
    if draft is None:
        draft = BallotDraft(roll_entry_id=entry.id, account_id=account_id)
        session.add(draft)
    draft.typed, draft.stamp, draft.saved_at = dict(typed), secrets.token_hex(8), now
    return draft.stamp


def discard_draft(
    session: Session, vote: Vote, *, actor: Actor, now: datetime, organisation: Organisation | None = None
) -> None:
    """Throw away what is not cast; the ballot that counts, if there is one, stays."""
    entry, account_id = _entry_for(session, vote, organisation, actor=actor, now=now)
    drop_draft(session, entry, account_id)


def forget_drafts(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """When a person is erased. Part of the erasing operation."""
    session.execute(delete(BallotDraft).where(BallotDraft.account_id == account.id))


def _entry_for(
    session: Session, vote: Vote, organisation: Organisation | None, *, actor: Actor, now: datetime
) -> tuple[RollEntry, int]:
    """The locked slot and the account of who may cast there now."""
    owner: dict[str, Any]
    if organisation is None:
        require(policies.can_cast(actor, vote, now=now))
        owner = {"account_id": actor.account_id}
    else:
        require(policies.can_cast_for(actor, vote, now=now, organisation=organisation.public_id))
        owner = {"organisation_id": organisation.id}
    entry = queries.roll_entry_to_use(session, vote, **owner)
    if entry is None or actor.account_id is None:
        raise Forbidden(_l("You are not on the roll of this vote. The roll was frozen when the vote opened."))
    return entry, actor.account_id


def _standing(session: Session, vote: Vote, entry: RollEntry, organisation: Organisation | None) -> Any:
    """What the page would show without a draft, None while nothing is cast."""
    if organisation is None:
        ballot: Any = queries.current_ballot(session, entry)
    else:
        waiting = queries.ballot_proposal_of(session, vote, organisation)
        ballot = waiting or queries.open_ballot_of(session, vote, organisation)
    return marking.typed_from(vote, marks_of(vote, ballot.choices)) if ballot is not None else None
