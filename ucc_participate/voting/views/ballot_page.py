"""The ballot as one reader sees it: options in their order, what is ticked, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from ...kernel.identity import Actor
from .. import marking, policies, queries
from ..ballot_words import Sum, sum_of
from ..forms import BallotForm
from ..marking import Typed
from ..models import BallotDraft, Franchise, Vote, VoteOption
from ..ordering import options_for
from ..packing import marks_of
from ..queries import About
from .organisations import Standing, standings

LONG = 12
"""From so many options on a ballot gets its filter and its list to jump by."""


@dataclass(frozen=True, slots=True)
class Row:
    """An option on the page. ``number``: from 1, as this voter sees them. ``typed``: what stands beside it, or ""."""

    option: VoteOption
    number: int
    typed: str
    about: About | None


@dataclass(frozen=True, slots=True)
class BallotPage:
    """What the page of a vote says to this person about their ballot.

    ``form`` is None when they cannot cast one. ``standings``: of the organisations for which they can;
    ``speaks_for``: the public id of the one that is marked. ``draft``: what is ticked and not cast, with ``stamp``.
    ``ranked``: the rows of a ranking in the order of their places.
    """

    form: BallotForm | None
    rows: Sequence[Row] = ()
    typed: Mapping[str, str] | None = None
    slot: int | None = None
    is_counted: bool = False
    standings: tuple[Standing, ...] = ()
    speaks_for: str | None = None
    draft: BallotDraft | None = None
    stamp: str = ""
    sum: Sum | None = None
    ranked: Sequence[Row] = ()

    @property
    def is_long(self) -> bool:
        return len(self.rows) >= LONG


def ballot_of(session: Session, vote: Vote, actor: Actor, now: datetime, form: BallotForm | None) -> BallotPage:
    """Whether the reader may cast a ballot, has cast one, and with what choices."""
    if vote.franchise is Franchise.ORGANISATION:
        return _ballot_of_organisation(session, vote, actor, now, form)
    entry = None
    if actor.account_id is not None and vote.roll_size is not None:
        entry = queries.roll_entry_of(session, vote, account_id=actor.account_id)
    if entry is None:
        return BallotPage(form=None, rows=_rows(session, vote, None, {}))
    own = queries.current_ballot(session, entry)
    cast = marking.typed_from(vote, marks_of(vote, own.choices)) if own is not None else {}
    facts: dict[str, Any] = {"slot": entry.slot, "is_counted": entry.has_voted}
    if entry.struck_at is not None or not policies.can_cast(actor, vote, now=now):
        return BallotPage(form=None, rows=_rows(session, vote, entry.slot, {}), **facts)
    draft = queries.draft_of(session, entry.id, actor.account_id)
    return _filled(session, vote, form, draft, cast, **facts)


def _ballot_of_organisation(
    session: Session, vote: Vote, actor: Actor, now: datetime, form: BallotForm | None
) -> BallotPage:
    """The organisation that was sent is marked, else the first one without a ballot, else the first."""
    found = standings(session, vote, actor, now)
    if not found or not policies.can_cast_for(actor, vote, now=now, organisation=found[0].organisation.public_id):
        return BallotPage(form=None, rows=_rows(session, vote, None, {}))
    lacking = [each for each in found if each.counted is None]
    sent = form.organisation.data if form is not None else None
    marked = next((each for each in found if each.organisation.public_id == sent), (lacking or found)[0])
    draft = queries.draft_of(session, marked.entry.id, actor.account_id)
    return _filled(
        session,
        vote,
        form,
        draft,
        marking.typed_from(vote, marked.marks) if marked.marks is not None else {},
        slot=marked.entry.slot,
        is_counted=not lacking,
        standings=found,
        speaks_for=marked.organisation.public_id,
    )


def _filled(
    session: Session,
    vote: Vote,
    form: BallotForm | None,
    draft: BallotDraft | None,
    cast: Typed,
    *,
    slot: int,
    **facts: Any,
) -> BallotPage:
    """What was sent just now, else the draft, else the ballot that was cast stands on the page."""
    typed: Mapping[str, str] = draft.typed if draft is not None else cast
    if form is not None and form.typed is not None:
        typed = form.typed
    rows = _rows(session, vote, slot, typed)
    order = {code: at for at, code in enumerate(marking.ranking(vote, typed))} if vote.kind.is_ranked else {}
    return BallotPage(
        form=form or BallotForm(formdata=None),
        rows=rows,
        typed=typed,
        slot=slot,
        draft=draft,
        stamp=draft.stamp if draft is not None else "",
        sum=sum_of(vote, typed),
        ranked=sorted((row for row in rows if row.option.code in order), key=lambda row: order[row.option.code]),
        **facts,
    )


def _rows(session: Session, vote: Vote, slot: int | None, typed: Mapping[str, str]) -> list[Row]:
    told = queries.about_options(session, vote)
    return [
        Row(option, at, typed.get(option.code, ""), told.get(option.code))
        for at, option in enumerate(options_for(vote, slot), start=1)
    ]


def picture_url(vote: Vote, about: About) -> str | None:
    """The small copy of the first picture of an option's proposal."""
    if about.picture is None:
        return None
    place: dict[str, Any] = {
        "process_id": vote.process.public_id,
        "public_id": about.public_id,
        "document_id": about.picture,
    }
    return url_for("proposals.file", **place, size="small")
