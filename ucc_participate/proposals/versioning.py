"""The texts of a proposal, one after the other: whether somebody was faster, and how a new one is published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..audit.log import record
from ..kernel.errors import Conflict, Invalid
from ..kernel.identity import Actor, Role
from ..kernel.text import clean_line
from . import amendments, particulars, queries, search
from .content import public_values, require_complete
from .events import ProposalEvent
from .models import (
    CHANGE_LENGTH,
    LONGEST_TITLE,
    TITLE_LENGTH,
    Amendment,
    Content,
    Particulars,
    Proposal,
    ProposalVersion,
)
from .moderating import screened
from .recording import role_of

_WORDS = (
    "title",
    "summary",
    "body",
    "kind",
    "level",
    "objectives",
    "areas",
    "dimensions",
    "for_whom",
    "place",
    "cost",
    "language",
)
_BESIDE = ("fields", "latitude", "longitude", "district", "needs", "assets")
TEXT_FIELDS = (*_WORDS, *_BESIDE)
"""What a version keeps. Rows from before particulars were kept have only the words."""


class Overtaken(Conflict):
    """Somebody saved another text meanwhile. ``newest`` is the stamp to go on from."""

    def __init__(self, newest: int) -> None:
        super().__init__(_l("Somebody has saved another text meanwhile. Nothing is lost: see both and choose."))
        self.newest = newest


def text_of(proposal: Proposal) -> dict[str, Any]:
    """What the proposal says now, as a version keeps it."""
    return {name: _plain(getattr(proposal, name)) for name in TEXT_FIELDS}


def content_of(proposal: Proposal) -> Content:
    """What the proposal says now, as its authors would type it again; who proposes is left out."""
    said = {name: _typed(getattr(proposal, name)) for name in _WORDS}
    beside = {name: value for name in _BESIDE if (value := _typed(getattr(proposal, name))) is not None}
    return Content(**said, particulars=Particulars(**beside))


def values_of(session: Session, proposal: Proposal, content: Content, *, longest_title: int) -> dict[str, Any]:
    """Columns of the proposal for all that an author may change: text, and what is said beside it. Raises Invalid."""
    beside = particulars.values_of(session, proposal, content.particulars)
    return public_values(content, longest_title=longest_title) | beside


def require_newest(session: Session, proposal: Proposal, content: Content, based_on: int | None) -> None:
    """Raises Overtaken when the form began with an older text and says something else. None: not asked."""
    if based_on is None or based_on == proposal.text_version:
        return
    if text_of(proposal) != _plain_values(values_of(session, proposal, content, longest_title=LONGEST_TITLE)):
        raise Overtaken(proposal.text_version)


def checked_change(change: str, *, is_required: bool) -> str | None:
    """What is different, in one line. Raises Invalid when it must be said and is not."""
    least, most = CHANGE_LENGTH
    cleaned = clean_line(change, max_length=most)
    if is_required and len(cleaned) < least:
        raise Invalid(_l("Say in a line what is different, for those who have endorsed the text."), field="change")
    return cleaned or None


def publish(
    session: Session,
    proposal: Proposal,
    values: dict[str, Any],
    *,
    actor: Actor,
    now: datetime,
    change: str | None,
    amendment: Amendment | None = None,
    role: Role | None = None,
    network: str | None = None,
) -> bool:
    """Give what was sent another text, as a version of its own; False when nothing is new. No operation.

    It is screened as when it was sent, and may wait for a moderator; an ``amendment`` has been screened itself.
    Raises Blocked and TooMany. ``network``: sketch of the sender's (moderating.screened).
    """
    before, words, old = proposal.tags, search.words_row(proposal), text_of(proposal)
    was_concealed = proposal.is_concealed
    for name, value in values.items():
        setattr(proposal, name, value)
    if text_of(proposal) == old:
        return False
    require_complete(proposal, shortest_title=1 if values["title"] == old["title"] else TITLE_LENGTH[0])
    proposal.updated_at = now
    if amendment is None:
        screened(session, proposal.process, proposal, actor=actor, network=network, now=now, change=change)
    keep_version(session, proposal, old, role=role or role_of(proposal), now=now, change=change, amendment=amendment)
    search.retag(session, proposal, before)
    search.reword(session, proposal, words)
    _record(session, proposal, actor=actor, now=now, change=change, role=role)
    if proposal.is_concealed is not was_concealed:
        amendments.follow(session, proposal, actor=actor, now=now)
    return True


def keep_version(
    session: Session,
    proposal: Proposal,
    old: dict[str, Any],
    *,
    role: Role,
    now: datetime,
    change: str | None,
    amendment: Amendment | None = None,
) -> None:
    """Count the proposal's text as a new version; ``old`` is what it said before, kept too if it was the first."""
    if proposal.text_version == 1:
        session.add(_version(proposal, 1, old, role_of(proposal), proposal.submitted_at or now))
    proposal.text_version += 1
    made = _version(proposal, proposal.text_version, text_of(proposal), role, now)
    made.change = change
    if amendment is not None:
        made.amendment, made.credit, made.credit_id = amendment.number, amendment.author_name, amendment.author_id
    session.add(made)


def _version(proposal: Proposal, number: int, content: dict[str, Any], role: Role, at: datetime) -> ProposalVersion:
    return ProposalVersion(proposal_id=proposal.id, number=number, content=content, by_role=role, published_at=at)


def _record(
    session: Session, proposal: Proposal, *, actor: Actor, now: datetime, change: str | None, role: Role | None
) -> None:
    payload = proposal.public_payload() | {"change": None if proposal.is_concealed else change}
    facts: dict[str, Any] = {"subject": proposal.ref, "process": proposal.process.ref, "payload": payload}
    acting = role or queries.role_of_author(actor, proposal)
    record(session, ProposalEvent.VERSION_PUBLISHED, actor=actor, now=now, role=acting, **facts)


def _typed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _plain_values(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(values[name]) for name in TEXT_FIELDS}


def _plain(value: Any) -> Any:
    """As JSON gives it back."""
    if isinstance(value, str):
        return str(getattr(value, "value", value))
    if isinstance(value, dict):
        return dict(value)
    return list(value) if isinstance(value, (list, tuple)) else value
