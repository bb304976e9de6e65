"""What votes say to a merge in the register: no slot of a frozen roll may lose its voter."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..kernel.decision import ALLOWED, Decision, Denied
from ..kernel.errors import Conflict
from ..kernel.i18n import in_language, lazy_moment, reader
from ..stakeholders.lineage import Holding, MergePart
from ..stakeholders.models import Organisation
from .models import Franchise, OpenBallot, RollEntry, Vote, VoteState


def _holdings(session: Session, merged: Organisation) -> list[Holding]:
    rolls = session.scalar(select(func.count()).where(RollEntry.organisation_id == merged.id)) or 0
    ballots = session.scalar(select(func.count()).where(OpenBallot.organisation_id == merged.id)) or 0
    stay = _l("Stay as they were; counted for the survivor.")
    return [Holding(_l("Places on rolls of votes"), rolls, stay), Holding(_l("Ballots on the record"), ballots, stay)]


def _decide(session: Session, merged: Organisation, survivor: Organisation) -> Decision:
    """The merged entry must be on the roll of no open vote: nobody could use its slot any more."""
    vote = session.scalar(
        select(Vote)
        .join(RollEntry, RollEntry.vote_id == Vote.id)
        .where(Vote.status == VoteState.OPEN, RollEntry.organisation_id == merged.id)
        .order_by(Vote.closes_at)
        .limit(1)
    )
    if vote is None:
        return ALLOWED
    on_it = (RollEntry.vote_id == vote.id, RollEntry.organisation_id == survivor.id)
    is_on_both = session.scalar(select(func.count()).where(*on_it))
    texts = vote.title
    title = LazyString(lambda: in_language(texts, reader().locale).text)
    day = lazy_moment(vote.closes_at)
    if is_on_both:
        both = _l(
            "Both are on the roll of the vote “%(title)s”, which was frozen when it opened: each has a ballot of its"
            " own. Merge them after it closes (%(day)s).",
            title=title,
            day=day,
        )
        return Denied(both, Conflict)
    one = _l(
        "“%(name)s” is on the roll of the vote “%(title)s”, which was frozen when it opened. Keep this entry and merge"
        " the other one into it, or wait until the vote closes (%(day)s).",
        name=merged.name,
        title=title,
        day=day,
    )
    return Denied(one, Conflict)


def _lock(session: Session) -> None:
    """No vote of organisations opens meanwhile: whoever opens one holds its row."""
    states = (VoteState.ANNOUNCED, VoteState.OPEN)
    waiting = select(Vote.id).where(Vote.franchise == Franchise.ORGANISATION, Vote.status.in_(states))
    session.execute(waiting.order_by(Vote.id).with_for_update()).all()


PART = MergePart(_holdings, _decide, lock=_lock)
