"""Proposals, the city's answers to them, and comments, as things that a paragraph rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ...accounts.models import Account
from ...deliberation.models import Comment, CommentState, Voice
from ...kernel.text import search_terms
from ...moderation.models import Standing
from ...processes.models import Process
from ...proposals.models import CoAuthor, CoAuthorState, Proposal, ProposalLineage, ProposalState
from ...proposals.queries import Filters, browse
from ..sources import Cited, Hand, Kind, Known, Part

SENT = (ProposalState.SUBMITTED, ProposalState.ANSWERED)
Hands = dict[int, list[Hand]]


def find(session: Session, process: Process, known: Known) -> Iterator[Cited]:
    wanted = known.of(Kind.PROPOSAL) | known.of(Kind.ANSWER)
    if wanted:
        mine = (Proposal.process_id == process.id, Proposal.public_id.in_(wanted))
        found = _whole(session, select(Proposal).where(*mine, Proposal.status != ProposalState.DRAFT))
        by = hands_of(session, [proposal for proposal, _erased in found])
        for proposal, is_erased in found:
            if proposal.public_id in known.of(Kind.PROPOSAL):
                yield _proposal(process, proposal, is_erased, by)
            if proposal.public_id in known.of(Kind.ANSWER) and proposal.outcome is not None:
                yield _answer(process, proposal)
    if known.of(Kind.COMMENT):
        query = select(Comment).where(Comment.process_id == process.id)
        yield from _comments(session, process, query.where(Comment.public_id.in_(known.of(Kind.COMMENT))))


def search(session: Session, process: Process, words: str, kinds: Collection[str], limit: int) -> Iterator[Cited]:
    if not search_terms(words):
        return
    if Kind.PROPOSAL in kinds or Kind.ANSWER in kinds:
        keys = browse(session, process, Filters(words=words), limit=limit).keys
        found = _whole(session, select(Proposal).where(Proposal.id.in_([key.id for key in keys])))
        by = hands_of(session, [proposal for proposal, _erased in found])
        for proposal, is_erased in found:
            if Kind.PROPOSAL in kinds:
                yield _proposal(process, proposal, is_erased, by)
            if Kind.ANSWER in kinds and proposal.outcome is not None:
                yield _answer(process, proposal)
    if Kind.COMMENT in kinds:
        query = select(Comment).where(Comment.process_id == process.id, Comment.status == CommentState.POSTED)
        for term in words.split():
            query = query.where(Comment.text.icontains(term, autoescape=True))
        yield from _comments(session, process, query.where(Comment.standing == Standing.SHOWN).limit(limit))


def _whole(session: Session, query: Any) -> Sequence[tuple[Proposal, bool]]:
    """With whether the author's data was erased."""
    joined = query.add_columns(Account.is_active).outerjoin(Account, Account.id == Proposal.author_id)
    rows = session.execute(joined.options(joinedload(Proposal.organisation)).order_by(Proposal.number))
    return [(row[0], row[1] is False and row[0].organisation_id is None) for row in rows]


def erased_authors(session: Session, proposals: Sequence[Proposal]) -> set[int]:
    """Keys of those whose author was a person whose data was erased."""
    own = [proposal.id for proposal in proposals if proposal.organisation_id is None]
    query = select(Proposal.id).join(Account, Account.id == Proposal.author_id)
    return set(session.scalars(query.where(Proposal.id.in_(own), Account.is_active.is_(False)))) if own else set()


def hands_of(session: Session, proposals: Sequence[Proposal]) -> Hands:
    """Who shaped each beside its author: who wrote along, and the authors of what was merged into it or split."""
    ids = [proposal.id for proposal in proposals]
    found: Hands = {}
    together = select(CoAuthor).where(CoAuthor.proposal_id.in_(ids), CoAuthor.state == CoAuthorState.ACCEPTED)
    for one in session.scalars(together.options(joinedload(CoAuthor.organisation)).order_by(CoAuthor.id)):
        found.setdefault(one.proposal_id, []).append(_co_author(one))
    made = [proposal.id for proposal in proposals if proposal.origin is not None]
    if made:
        query = (
            select(Proposal)
            .add_columns(ProposalLineage.result_id)
            .join_from(Proposal, ProposalLineage, ProposalLineage.source_id == Proposal.id)
        )
        for source, is_erased, result in _with_results(session, query.where(ProposalLineage.result_id.in_(made))):
            found.setdefault(result, []).append(author_of(source, is_erased=is_erased))
    return found


def _with_results(session: Session, query: Any) -> Iterator[tuple[Proposal, bool, int]]:
    joined = query.add_columns(Account.is_active).outerjoin(Account, Account.id == Proposal.author_id)
    for source, result, is_active in session.execute(joined.options(joinedload(Proposal.organisation))):
        yield source, is_active is False and source.organisation_id is None, result


def _co_author(one: CoAuthor) -> Hand:
    if one.organisation is not None:
        return Hand(Part.ORGANISATION, one.organisation.name, one.organisation.sector.value)
    return Hand(Part.RESIDENT, one.name)


def author_of(proposal: Proposal, *, is_erased: bool) -> Hand:
    if proposal.sector is not None:
        return Hand(Part.ORGANISATION, proposal.author_name, proposal.sector.value)
    return Hand(Part.ERASED) if is_erased else Hand(Part.RESIDENT, proposal.author_name)


def _proposal(process: Process, proposal: Proposal, is_erased: bool, by: Hands) -> Cited:
    own = [author_of(proposal, is_erased=is_erased)] if proposal.origin is None else []
    more = proposal.resident_endorsements + proposal.organisation_endorsements
    return Cited(
        ref=proposal.ref,
        kind=Kind.PROPOSAL,
        title="" if proposal.is_concealed else proposal.title,
        where=("proposals.show", {"process_id": process.public_id, "public_id": proposal.public_id}),
        hands=() if proposal.is_concealed else (*own, *by.get(proposal.id, ())),
        at=proposal.submitted_at,
        state=_state(proposal),
        about={"number": proposal.number, "endorsements": more},
    )


def _state(proposal: Proposal) -> str:
    if proposal.is_concealed:
        return "withheld"
    return "retired" if proposal.status is ProposalState.WITHDRAWN else ""


def _answer(process: Process, proposal: Proposal) -> Cited:
    return Cited(
        ref=f"{proposal.ref}/answer",
        kind=Kind.ANSWER,
        title="" if proposal.is_concealed else proposal.title,
        where=("proposals.show", {"process_id": process.public_id, "public_id": proposal.public_id}),
        hands=(Hand(Part.CITY, proposal.answered_by),),
        at=proposal.answered_at,
        state=_state(proposal),
        about={"outcome": proposal.outcome.value if proposal.outcome else None},
    )


def _comments(session: Session, process: Process, query: Any) -> Iterator[Cited]:
    whole = query.options(joinedload(Comment.organisation), joinedload(Comment.thread))
    rows = whole.add_columns(Account.is_active).outerjoin(Account, Account.id == Comment.author_id)
    for comment, is_active in session.execute(rows.order_by(Comment.id)):
        shown = comment.is_public
        kind, _slash, thing = comment.thread.subject.partition("/")
        about: Mapping[str, Any] = {"process_id": process.public_id, "kind": kind, "thing": thing}
        yield Cited(
            ref=comment.ref,
            kind=Kind.COMMENT,
            title=comment.text if shown else "",
            where=("deliberation.show", about),
            hands=(_speaker(comment, is_active is False),) if shown else (),
            at=comment.written_at,
            state="" if shown else "retired" if comment.status is CommentState.WITHDRAWN else "withheld",
        )


def _speaker(comment: Comment, is_erased: bool) -> Hand:
    if comment.organisation is not None and comment.voice is Voice.ORGANISATION:
        return Hand(Part.ORGANISATION, comment.organisation.name, comment.organisation.sector.value)
    if comment.voice is Voice.CITY:
        return Hand(Part.CITY, comment.author_name)
    if is_erased:
        return Hand(Part.ERASED)
    return Hand(Part.GUEST if comment.voice is Voice.GUEST else Part.RESIDENT, comment.author_name)
