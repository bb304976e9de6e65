"""Every select of polling places, boxes, codes and kiosks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from ..accounts.models import PAPER_DOMAIN, Account
from ..eligibility.queries import account_by_use
from ..kernel.errors import NotFound
from ..voting.models import RollEntry, Vote
from .comparing import Pile, Side, compare_pile
from .models import (
    BallotBox,
    BoxState,
    CodeLetters,
    Kiosk,
    KioskTurn,
    PaperMishap,
    PollingPlace,
    TypedPaper,
    Typist,
    VotingCode,
)

FOUND = 20
"""So many people at most are shown for a name: whoever sees more should type more of it."""


def places_of(session: Session, vote: Vote) -> list[PollingPlace]:
    """In the order in which they open, with their boxes."""
    query = select(PollingPlace).where(PollingPlace.vote_id == vote.id)
    query = query.order_by(PollingPlace.opens_at, PollingPlace.id)
    return list(session.scalars(query.options(selectinload(PollingPlace.boxes))))


def get_place(session: Session, vote: Vote, public_id: str) -> PollingPlace:
    """With its vote and boxes, and who types their papers. Raises NotFound."""
    query = select(PollingPlace).where(PollingPlace.vote_id == vote.id, PollingPlace.public_id == public_id)
    found = session.scalars(
        query.options(selectinload(PollingPlace.boxes).selectinload(BallotBox.typists), selectinload(PollingPlace.vote))
    ).one_or_none()
    if found is None:
        raise NotFound
    for box in found.boxes:
        set_committed_value(box, "place", found)
    return found


def place_to_change(session: Session, vote: Vote, public_id: str) -> PollingPlace:
    """As get_place, locked."""
    rows = select(PollingPlace).where(PollingPlace.public_id == public_id).with_for_update(of=PollingPlace)
    session.scalars(rows).one_or_none()
    return get_place(session, vote, public_id)


def get_box(session: Session, vote: Vote, place_id: str, number: int) -> BallotBox:
    """With its place, vote and typists. Raises NotFound."""
    found: BallotBox = _one(session, _box(vote, place_id, number))
    return found


def box_to_change(session: Session, vote: Vote, place_id: str, number: int) -> BallotBox:
    """As get_box, locked."""
    found: BallotBox = _one(session, _box(vote, place_id, number).with_for_update(of=BallotBox))
    return found


def _box(vote: Vote, place_id: str, number: int) -> Select[Any]:
    mine = (PollingPlace.vote_id == vote.id, PollingPlace.public_id == place_id, BallotBox.number == number)
    query = select(BallotBox).join(PollingPlace, PollingPlace.id == BallotBox.place_id).where(*mine)
    return query.options(
        selectinload(BallotBox.typists),
        selectinload(BallotBox.place).selectinload(PollingPlace.vote).selectinload(Vote.options),
    )


def boxes_in_state(session: Session, vote: Vote, state: BoxState) -> list[BallotBox]:
    """Locked, with their places, in the order of places and numbers."""
    query = select(BallotBox).join(PollingPlace, PollingPlace.id == BallotBox.place_id)
    query = query.where(PollingPlace.vote_id == vote.id, BallotBox.state == state)
    query = query.order_by(PollingPlace.id, BallotBox.number).with_for_update(of=BallotBox)
    around = selectinload(BallotBox.place).selectinload(PollingPlace.vote)
    return list(session.scalars(query.options(around, selectinload(BallotBox.typists))))


def boxes_missing(session: Session, vote: Vote) -> int:
    """How many boxes are not entered yet."""
    query = select(func.count()).select_from(BallotBox).join(PollingPlace, PollingPlace.id == BallotBox.place_id)
    return session.scalar(query.where(PollingPlace.vote_id == vote.id, BallotBox.state != BoxState.ENTERED)) or 0


def _one(session: Session, query: Select[Any]) -> Any:
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


# --- what was typed


def typed_by(session: Session, box: BallotBox, side: int) -> Side:
    rows = select(TypedPaper).where(TypedPaper.box_id == box.id, TypedPaper.side == side).order_by(TypedPaper.number)
    return {paper.number: paper for paper in session.scalars(rows)}


def compared(session: Session, box: BallotBox) -> list[Pile]:
    """Every pile of the box, whether the two clerks agree on it, and where they do not."""
    first, second, third = (typed_by(session, box, side) for side in (1, 2, 3))
    return [compare_pile(at, box.pile_size(at), first, second, third) for at in range(1, box.piles + 1)]


# --- the roll


@dataclass(frozen=True, slots=True)
class Voter:
    """A place on the roll and whose it is; ``account`` is None for a line of the city's list."""

    entry: RollEntry
    account: Account | None


def voter_by_code(session: Session, vote: Vote, code: str) -> Voter | None:
    """``code``: its digest. None for unknown and withdrawn codes."""
    query = _voters(vote).join(VotingCode, VotingCode.roll_entry_id == RollEntry.id)
    query = query.join(CodeLetters, CodeLetters.id == VotingCode.letters_id)
    return _voter(session, query.where(VotingCode.code == code, CodeLetters.withdrawn_at.is_(None)))


def voter_by_line(session: Session, vote: Vote, line: str) -> Voter | None:
    """``line``: the digest of a number: of a person without an account, or of an account that has proved it so."""
    return _voter(session, _voters(vote).where(RollEntry.line == line))


def voter_by_slot(session: Session, vote: Vote, slot: int) -> Voter | None:
    return _voter(session, _voters(vote).where(RollEntry.slot == slot))


def voters_named(session: Session, vote: Vote, name: str) -> list[Voter]:
    """People on the roll whose shown name has these words, FOUND + 1 at most."""
    words = [func.lower(Account.display_name).contains(word.lower(), autoescape=True) for word in name.split()]
    query = _voters(vote).where(Account.id.is_not(None), *words).order_by(Account.display_name, RollEntry.slot)
    return [Voter(row.RollEntry, row.Account) for row in session.execute(query.limit(FOUND + 1))]


def _voters(vote: Vote) -> Select[Any]:
    query: Any = select(RollEntry, Account).outerjoin(Account, Account.id == RollEntry.account_id)
    mine: Select[Any] = query.where(RollEntry.vote_id == vote.id)
    return mine


def _voter(session: Session, query: Select[Any]) -> Voter | None:
    row = session.execute(query).one_or_none()
    return Voter(row.RollEntry, row.Account) if row is not None else None


# --- code letters


@dataclass(frozen=True, slots=True)
class LettersUse:
    """Letters made at one time: how many of their codes belong to slots that have been used."""

    letters: CodeLetters
    used: int


def letters_of(session: Session, vote: Vote) -> list[LettersUse]:
    """Oldest first."""
    used = func.count(RollEntry.id).filter(RollEntry.has_voted)
    query = (
        select(CodeLetters, used.label("used"))
        .outerjoin(VotingCode, VotingCode.letters_id == CodeLetters.id)
        .outerjoin(RollEntry, RollEntry.id == VotingCode.roll_entry_id)
        .where(CodeLetters.vote_id == vote.id)
        .group_by(CodeLetters.id)
        .order_by(CodeLetters.id)
    )
    return [LettersUse(row.CodeLetters, row.used) for row in session.execute(query)]


def letters_to_change(session: Session, vote: Vote, public_id: str) -> CodeLetters:
    query = select(CodeLetters).where(CodeLetters.vote_id == vote.id, CodeLetters.public_id == public_id)
    found: CodeLetters = _one(session, query.with_for_update())
    return found


def voters_without_address(session: Session, vote: Vote) -> list[Voter]:
    """People on the roll whom no mail reaches, who have not voted and hold no valid code: those who came on paper."""
    query = _voters(vote).where(Account.email.endswith(f"@{PAPER_DOMAIN}"), ~RollEntry.has_voted, ~_has_code())
    return [Voter(row.RollEntry, row.Account) for row in session.execute(query.order_by(RollEntry.slot))]


def entries_by_line(session: Session, vote: Vote, lines: Sequence[str]) -> dict[str, RollEntry]:
    """The slots of these digests that have not been used and hold no valid code."""
    found: dict[str, RollEntry] = {}
    for start in range(0, len(lines), 500):
        part = RollEntry.line.in_(lines[start : start + 500])
        rows = select(RollEntry).where(RollEntry.vote_id == vote.id, part, ~RollEntry.has_voted, ~_has_code())
        found |= {entry.line: entry for entry in session.scalars(rows) if entry.line is not None}
    return found


def _has_code() -> Any:
    valid = select(CodeLetters.id).where(CodeLetters.id == VotingCode.letters_id, CodeLetters.withdrawn_at.is_(None))
    return exists().where(VotingCode.roll_entry_id == RollEntry.id, valid.exists())


def count_unused(session: Session, letters: CodeLetters) -> int:
    query = select(func.count()).select_from(VotingCode).join(RollEntry, RollEntry.id == VotingCode.roll_entry_id)
    return session.scalar(query.where(VotingCode.letters_id == letters.id, ~RollEntry.has_voted)) or 0


# --- mishaps


def mishaps_waiting(session: Session, place: PollingPlace) -> list[PaperMishap]:
    boxes = select(BallotBox.id).where(BallotBox.place_id == place.id)
    query = select(PaperMishap).where(PaperMishap.box_id.in_(boxes), PaperMishap.confirmed_by.is_(None))
    around = selectinload(PaperMishap.box).selectinload(BallotBox.place).selectinload(PollingPlace.vote)
    return list(session.scalars(query.order_by(PaperMishap.id).options(around)))


def mishap_to_confirm(session: Session, public_id: str) -> PaperMishap:
    """Locked, with its box (locked too), place and vote. Raises NotFound."""
    query = select(PaperMishap).where(PaperMishap.public_id == public_id).with_for_update(of=PaperMishap)
    mishap: PaperMishap = _one(session, query)
    rows = select(BallotBox).where(BallotBox.id == mishap.box_id).with_for_update(of=BallotBox)
    around = selectinload(PaperMishap.box).selectinload(BallotBox.place).selectinload(PollingPlace.vote)
    session.scalars(rows).one()
    found: PaperMishap = _one(
        session, select(PaperMishap).where(PaperMishap.id == mishap.id).options(around, selectinload(PaperMishap.entry))
    )
    return found


def mishaps_of(session: Session, place: PollingPlace) -> dict[tuple[str, str], int]:
    """(kind, reason) → how many were confirmed, for the protocol."""
    boxes = select(BallotBox.id).where(BallotBox.place_id == place.id)
    rows = select(PaperMishap.kind, PaperMishap.reason, func.count()).where(
        PaperMishap.box_id.in_(boxes), PaperMishap.confirmed_by.is_not(None)
    )
    found = session.execute(rows.group_by(PaperMishap.kind, PaperMishap.reason))
    return {(kind.value, reason.value): number for kind, reason, number in found}


def is_waiting_for(session: Session, entry: RollEntry) -> bool:
    """Whether the return of this slot's paper waits for a second person."""
    query = select(PaperMishap.id).where(PaperMishap.roll_entry_id == entry.id, PaperMishap.confirmed_by.is_(None))
    return session.scalar(query.limit(1)) is not None


# --- kiosks


def kiosks_of(session: Session, place: PollingPlace) -> list[Kiosk]:
    return list(session.scalars(select(Kiosk).where(Kiosk.place_id == place.id).order_by(Kiosk.number)))


def kiosk_by_token(session: Session, token: str) -> Kiosk | None:
    """With place, vote, options and process. ``token``: its digest."""
    return session.scalars(_with_vote(select(Kiosk).where(Kiosk.token == token))).one_or_none()


def kiosk_to_change(session: Session, place: PollingPlace, public_id: str) -> Kiosk:
    query = select(Kiosk).where(Kiosk.place_id == place.id, Kiosk.public_id == public_id).with_for_update(of=Kiosk)
    found: Kiosk = _one(session, _with_vote(query))
    return found


def kiosk_to_count_at(session: Session, token: str) -> Kiosk | None:
    """As kiosk_by_token, locked: wrong codes are counted there, and turns taken."""
    return session.scalars(
        _with_vote(select(Kiosk).where(Kiosk.token == token)).with_for_update(of=Kiosk)
    ).one_or_none()


def _with_vote(query: Select[Any]) -> Select[Any]:
    vote = selectinload(Kiosk.place).selectinload(PollingPlace.vote)
    return query.options(vote.selectinload(Vote.options), vote.selectinload(Vote.process))


def turn_by_token(session: Session, kiosk: Kiosk, token: str, now: datetime) -> KioskTurn | None:
    """The voter who stands there; None when the time is over. ``token``: its digest."""
    mine = (KioskTurn.kiosk_id == kiosk.id, KioskTurn.token == token, KioskTurn.ends_at > now)
    return session.scalars(select(KioskTurn).where(*mine).options(selectinload(KioskTurn.entry))).one_or_none()


def turn_waiting(session: Session, kiosk: Kiosk, now: datetime) -> KioskTurn | None:
    """The ballot that a clerk released for this kiosk and nobody has taken, locked."""
    mine = (KioskTurn.kiosk_id == kiosk.id, KioskTurn.token.is_(None), KioskTurn.ends_at > now)
    rows = select(KioskTurn).where(*mine).order_by(KioskTurn.roll_entry_id).limit(1)
    return session.scalars(rows.with_for_update(of=KioskTurn)).first()


def turn_of_entry(session: Session, entry: RollEntry) -> KioskTurn | None:
    """Whether this slot stands at a kiosk already, wherever it is; locked."""
    return session.scalars(
        select(KioskTurn).where(KioskTurn.roll_entry_id == entry.id).with_for_update(of=KioskTurn)
    ).one_or_none()


def turns_over(session: Session, now: datetime) -> list[KioskTurn]:
    ended = select(Kiosk.id).where(or_(Kiosk.ended_at.is_not(None), Kiosk.ends_at <= now))
    rows = select(KioskTurn).where(or_(KioskTurn.ends_at <= now, KioskTurn.kiosk_id.in_(ended)))
    return list(session.scalars(rows))


# --- the drift check


def live_places(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    for place in session.scalars(select(PollingPlace).options(selectinload(PollingPlace.vote))):
        yield place.ref, place.public_payload()


def live_boxes(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """What papers were handed out is told when the box is counted; what follows until then has no entry of its own."""
    around = selectinload(BallotBox.place).selectinload(PollingPlace.vote)
    for box in session.scalars(select(BallotBox).options(around)):
        yield box.ref, box.public_payload()


def issued_codes(session: Session, vote: Vote) -> tuple[int, int]:
    """(codes issued, codes withdrawn unused or not): public numbers."""
    total = func.coalesce(func.sum(CodeLetters.size), 0)
    gone = func.coalesce(func.sum(CodeLetters.size).filter(CodeLetters.withdrawn_at.is_not(None)), 0)
    row = session.execute(select(total, gone).where(CodeLetters.vote_id == vote.id)).one()
    return int(row[0]), int(row[1])


def typed_boxes(session: Session, account: Account) -> list[tuple[PollingPlace, BallotBox]]:
    """Of which boxes this account has typed papers."""
    query = (
        select(PollingPlace, BallotBox)
        .join(BallotBox, BallotBox.place_id == PollingPlace.id)
        .join(Typist, Typist.box_id == BallotBox.id)
        .where(Typist.account_id == account.id)
        .order_by(BallotBox.id)
    )
    return [(row.PollingPlace, row.BallotBox) for row in session.execute(query)]


def voter_by_use(session: Session, vote: Vote, used: str) -> Voter | None:
    """An account on the roll that has proved who it is by the number of this digest."""
    account_id = account_by_use(session, used)
    return None if account_id is None else _voter(session, _voters(vote).where(RollEntry.account_id == account_id))
