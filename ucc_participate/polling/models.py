"""Polling places of a vote: boxes, what clerks typed from their papers, code letters, kiosks.

Nothing here says how anybody voted. What was typed is a paper's and leads to nobody; it is destroyed when the papers of
its box are entered, because papers lie in a box in the order in which people came.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..kernel.clock import utc_text
from ..kernel.db import Model, choice
from ..kernel.errors import Conflict
from ..voting.models import RollEntry, Vote

PILE = 25
"""So many papers are typed and compared together: a slip in their order disturbs no more than these."""


class BoxState(StrEnum):
    """``OPEN``: papers go in. ``COUNTED``: they were counted, two clerks type them. ``AGREED``: both say the same, or
    it was decided, and the numbers add up or a reason is given. ``ENTERED``: among the ballots."""

    OPEN = "open"
    COUNTED = "counted"
    AGREED = "agreed"
    ENTERED = "entered"


TRANSITIONS = {
    BoxState.OPEN: {BoxState.COUNTED},
    BoxState.COUNTED: {BoxState.COUNTED, BoxState.AGREED},
    BoxState.AGREED: {BoxState.ENTERED},
    BoxState.ENTERED: set(),
}


class Invalidity(StrEnum):
    """Why a paper cannot be counted. A paper without any mark is no invalid one: it is blank."""

    UNCLEAR = "unclear"
    TOO_MANY = "too_many"
    SIGNED = "signed"
    NOT_OURS = "not_ours"
    SURPLUS = "surplus"


class Mishap(StrEnum):
    """``RETURNED``: the paper of a slot came back unused, the slot is free again. ``REPLACED``: a voter spoiled the
    paper and got another one."""

    RETURNED = "returned"
    REPLACED = "replaced"


class MishapReason(StrEnum):
    WRONG_PERSON = "wrong_person"
    LEFT = "left"
    MARKED_WRONGLY = "marked_wrongly"
    DAMAGED = "damaged"


REASONS = {
    Mishap.RETURNED: (MishapReason.WRONG_PERSON, MishapReason.LEFT),
    Mishap.REPLACED: (MishapReason.MARKED_WRONGLY, MishapReason.DAMAGED),
}


class PollingPlace(Model):
    """Where people vote in person, and when. ``printed``: how many papers were brought there, as the staff says."""

    __tablename__ = "polling_place"
    __table_args__ = (CheckConstraint("opens_at < closes_at", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    vote_id: Mapped[int] = mapped_column(ForeignKey("vote.id"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    location: Mapped[str] = mapped_column(String(300))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    printed: Mapped[int | None]
    created_at: Mapped[datetime]

    vote: Mapped[Vote] = relationship(lazy="raise")
    boxes: Mapped[list[BallotBox]] = relationship(lazy="raise", order_by="BallotBox.number", back_populates="place")

    @property
    def ref(self) -> str:
        return f"polling_place/{self.public_id}"

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``vote`` loaded."""
        return {
            "vote": self.vote.ref,
            "name": self.name,
            "location": self.location,
            "opens_at": utc_text(self.opens_at),
            "closes_at": utc_text(self.closes_at),
        }


class BallotBox(Model):
    """One box. ``handed_out``: papers for it, less those that came back; ``spoiled``: papers that were replaced.

    ``found``: papers in it when it was opened; ``blank``, ``invalid`` (by reason) and ``differences`` (papers on which
    the two clerks did not agree at first) are known from AGREED on. ``reason``: why the numbers do not add up, public.
    ``batch`` and ``batch_sha256``: of the entry ``ballots.entered`` with its papers, and of its commitments.
    """

    __tablename__ = "ballot_box"
    __table_args__ = (UniqueConstraint("place_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("polling_place.id"))
    number: Mapped[int]
    state: Mapped[BoxState] = mapped_column(choice(BoxState), default=BoxState.OPEN)
    handed_out: Mapped[int] = mapped_column(default=0)
    spoiled: Mapped[int] = mapped_column(default=0)
    found: Mapped[int | None]
    blank: Mapped[int | None]
    invalid: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    differences: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(Text)
    batch: Mapped[str | None] = mapped_column(String(12))
    batch_sha256: Mapped[str | None] = mapped_column(String(64))

    place: Mapped[PollingPlace] = relationship(lazy="raise", back_populates="boxes")
    typists: Mapped[list[Typist]] = relationship(lazy="raise", order_by="Typist.side")

    @property
    def ref(self) -> str:
        return f"polling_place/{self.place.public_id}/box/{self.number}"

    @property
    def piles(self) -> int:
        return -(-(self.found or 0) // PILE)

    @property
    def invalid_papers(self) -> int:
        return sum(self.invalid.values())

    @property
    def valid_papers(self) -> int:
        """Blank ones too; known from AGREED on."""
        return (self.found or 0) - self.invalid_papers

    def pile_size(self, pile: int) -> int:
        """Papers of a pile, from 1: PILE, fewer in the last one."""
        return min(PILE, (self.found or 0) - PILE * (pile - 1))

    def seats(self) -> dict[int | None, int]:
        """Which clerk (account id) types first (1) and second (2), as far as it is known; needs ``typists``."""
        return {typist.account_id: typist.side for typist in self.typists}

    def move_to(self, state: BoxState) -> None:
        """Change the state along TRANSITIONS. Raises Conflict for any other step."""
        if state not in TRANSITIONS[self.state]:
            raise Conflict()
        self.state = state

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``place`` loaded with its ``vote``. Blank papers are a matter of the
        result and are told by it."""
        is_told = self.state is not BoxState.OPEN
        return {
            "vote": self.place.vote.ref,
            "state": self.state.value,
            "handed_out": self.handed_out if is_told else None,
            "spoiled": self.spoiled if is_told else None,
            "found": self.found,
            "invalid": self.invalid_papers if self.state in (BoxState.AGREED, BoxState.ENTERED) else None,
            "differences": self.differences,
            "reason": self.reason,
            "batch": self.batch,
            "batch_sha256": self.batch_sha256,
        }


class Typist(Model):
    """One of the two clerks who type the papers of a box. ``is_done``: has typed all of them."""

    __tablename__ = "typist"
    __table_args__ = (
        UniqueConstraint("box_id", "account_id"),
        {"info": {"housekeeping": "that all papers were typed, and by whom, is in the log"}},
    )

    box_id: Mapped[int] = mapped_column(ForeignKey("ballot_box.id"), primary_key=True)
    side: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    is_done: Mapped[bool] = mapped_column(default=False)


class TypedPaper(Model):
    """What one clerk typed from one paper: ``side`` 1 or 2, or 3 for what a third one decided where they differ.

    ``choices``: packed as on a ballot; None for an invalid paper. ``text``: as it was typed, to be typed over.
    """

    __tablename__ = "typed_paper"
    __table_args__ = (
        {"info": {"housekeeping": "typed papers wait until two clerks agree; what they gave is in the log"}},
    )

    box_id: Mapped[int] = mapped_column(ForeignKey("ballot_box.id"), primary_key=True)
    side: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(2000))
    choices: Mapped[bytes | None] = mapped_column(LargeBinary)
    invalid: Mapped[Invalidity | None] = mapped_column(choice(Invalidity))
    reason: Mapped[str | None] = mapped_column(Text)

    @property
    def said(self) -> tuple[bytes | None, Invalidity | None]:
        """What two of them are compared by."""
        return (bytes(self.choices) if self.choices is not None else None, self.invalid)


class PaperMishap(Model):
    """A paper that came back or was replaced: one of the staff asks, another one confirms."""

    __tablename__ = "paper_mishap"
    __table_args__ = ({"info": {"housekeeping": "waits for a second person, whose act is in the log"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    box_id: Mapped[int] = mapped_column(ForeignKey("ballot_box.id"), index=True)
    kind: Mapped[Mishap] = mapped_column(choice(Mishap))
    reason: Mapped[MishapReason] = mapped_column(choice(MishapReason))
    roll_entry_id: Mapped[int | None] = mapped_column(ForeignKey("roll_entry.id"))
    asked_by: Mapped[str] = mapped_column(String(120))
    asked_at: Mapped[datetime]
    confirmed_by: Mapped[str | None] = mapped_column(String(120))

    box: Mapped[BallotBox] = relationship(lazy="raise")
    entry: Mapped[RollEntry | None] = relationship(lazy="raise")


class CodeLetters(Model):
    """Code letters of a vote made at one time; the codes were shown once, on the letters."""

    __tablename__ = "code_letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    vote_id: Mapped[int] = mapped_column(ForeignKey("vote.id"), index=True)
    size: Mapped[int]
    issued_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class VotingCode(Model):
    """The digest of a code by which the voter of a slot votes once, at a kiosk or with paper."""

    __tablename__ = "voting_code"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    letters_id: Mapped[int] = mapped_column(ForeignKey("code_letters.id"), index=True)
    roll_entry_id: Mapped[int] = mapped_column(ForeignKey("roll_entry.id"), index=True)


class Kiosk(Model):
    """A tablet of a polling place. ``token``: digest of what its browser holds; ``wrong_codes``: since it was started.

    ``idle_minutes``: after so long without a tap the page forgets its voter.
    """

    __tablename__ = "kiosk"
    __table_args__ = ({"info": {"housekeeping": "its starting and stopping are in the log"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("polling_place.id"), index=True)
    number: Mapped[int]
    token: Mapped[str] = mapped_column(String(64), unique=True)
    idle_minutes: Mapped[int]
    wrong_codes: Mapped[int] = mapped_column(default=0)
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    place: Mapped[PollingPlace] = relationship(lazy="raise")

    def is_running(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.ends_at


class KioskTurn(Model):
    """One voter at a kiosk, for minutes: which slot may cast its ballot there. Removed when the voter is done.

    ``token``: digest of what the browser holds, None while a released ballot waits to be taken at its kiosk.
    ``has_cast``: the receipt may still be shown.
    """

    __tablename__ = "kiosk_turn"
    __table_args__ = ({"info": {"housekeeping": "a voter stands at a kiosk; the ballot itself is in the log"}},)

    roll_entry_id: Mapped[int] = mapped_column(ForeignKey("roll_entry.id"), primary_key=True)
    kiosk_id: Mapped[int] = mapped_column(ForeignKey("kiosk.id"), index=True)
    token: Mapped[str | None] = mapped_column(String(64), unique=True)
    ends_at: Mapped[datetime]
    has_cast: Mapped[bool] = mapped_column(default=False)

    entry: Mapped[RollEntry] = relationship(lazy="raise")
    kiosk: Mapped[Kiosk] = relationship(lazy="raise")
