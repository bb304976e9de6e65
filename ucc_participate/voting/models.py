"""Votes, rolls, ballots. While a vote is open, ballots lie apart from the roll; ``BallotLink`` alone joins them, and is
destroyed at closing (docs/record-format.md §5)."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..audit import canonical
from ..kernel.clock import utc_text
from ..kernel.db import Model, choice
from ..kernel.errors import Conflict
from ..processes.models import Process
from ..proposals.models import Proposal
from ..vocabularies.uccn import Sector
from .rules.ballots import MAX_POINTS, BallotKind


class Franchise(StrEnum):
    """Who votes: every resident with a secret ballot, or organisations on the record."""

    INDIVIDUAL = "individual"
    ORGANISATION = "organisation"


class VoteState(StrEnum):
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"


TRANSITIONS = {
    VoteState.ANNOUNCED: {VoteState.OPEN},
    VoteState.OPEN: {VoteState.CLOSED},
    VoteState.CLOSED: set(),
}


class Vote(Model):
    """One vote over a shortlist. ``rules`` and ``options`` are fixed when announced; ``rules_sha256`` seals them.

    ``result`` is the published object after closing, ``snapshot`` the columns of all ballots (packed), never shown.
    ``districts``: those that enough voters of the roll name for a breakdown, fixed at opening (ballot_groups.py).
    ``weights``: for how many the ballot of an organisation counts, by its ref, where not for one; fixed likewise.
    ``lot_secret``: 32 bytes whose hash is in the rules, never shown before the draw; ``lot_draw``: the payload of
    ``vote.lot_drawn``. ``certified_by``: name and function, as published.
    """

    __tablename__ = "vote"
    __table_args__ = (CheckConstraint("opens_at < closes_at", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    franchise: Mapped[Franchise] = mapped_column(choice(Franchise))
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    rules_sha256: Mapped[str] = mapped_column(String(64))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    status: Mapped[VoteState] = mapped_column(choice(VoteState), default=VoteState.ANNOUNCED)
    roll_size: Mapped[int | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    snapshot: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    districts: Mapped[list[str]] = mapped_column(JSON, default=list)
    weights: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    lot_secret: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    lot_draw: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    lot_drawn_at: Mapped[datetime | None]
    tallied_at: Mapped[datetime | None]
    certified_at: Mapped[datetime | None]
    certified_by: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")
    options: Mapped[list[VoteOption]] = relationship(
        lazy="raise", order_by="VoteOption.position", back_populates="vote"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"vote/{self.public_id}"

    @property
    def kind(self) -> BallotKind:
        """What voters write."""
        return BallotKind(self.rules["ballot"])

    @property
    def points_range(self) -> tuple[int, int]:
        """Fewest and most points of an option that a ballot names; yes is 1, no is 0."""
        if self.kind is BallotKind.YESNO:
            return 0, 1
        least = int(self.rules.get("min_points") or 0)
        if self.kind is BallotKind.SCORE:
            return least, int(self.rules.get("max_points") or MAX_POINTS)
        return max(1, least), int(self.rules.get("max_points") or self.points_to_give or MAX_POINTS)

    @property
    def points_to_give(self) -> int | None:
        """Together, on one ballot; None where only each option has its limit."""
        total = self.rules.get("sum_points")
        return int(total) if total and self.kind is BallotKind.CUMULATIVE else None

    @property
    def fewest_choices(self) -> int:
        """On a ballot that is not blank."""
        return int(self.rules["min_choices"])

    @property
    def most_choices(self) -> int:
        """As the rules have it, and never more than there are options; needs ``options`` loaded."""
        return min(self.rules["max_choices"] or len(self.options), len(self.options))

    @property
    def needs_lot(self) -> bool:
        """Ties are decided by a lot, and it is not drawn yet."""
        return self.rules.get("lot") is not None and self.lot_drawn_at is None

    @property
    def awaits_public_value(self) -> bool:
        """The lot needs a value that somebody must enter: the rules name where it comes from."""
        return self.needs_lot and self.rules["lot"]["public_value"] != ""

    def must_wait(self) -> bool:
        """Closed, and not to be counted before something else has happened."""
        return self.awaits_public_value

    @property
    def canvass_ends_at(self) -> datetime | None:
        """Until when the count is looked over before it is certified; None where the rules ask for none, or before."""
        days = int(self.rules.get("canvass_days", 0))
        return self.tallied_at + timedelta(days=days) if days and self.tallied_at is not None else None

    @property
    def decides_by_sector(self) -> bool:
        """Ballots carry the sector of their voter, because the result depends on it."""
        return str(self.rules.get("decides", "person")) != "person"

    def has_missed_its_time(self, now: datetime) -> bool:
        """Announced and never opened; it cannot be opened any more."""
        return self.status is VoteState.ANNOUNCED and now >= self.closes_at

    def move_to(self, state: VoteState) -> None:
        """Change the state along TRANSITIONS. Raises Conflict for any other step."""
        if state not in TRANSITIONS[self.status]:
            raise Conflict()
        self.status = state

    def takes_ballots(self, now: datetime) -> bool:
        return self.status is VoteState.OPEN and self.opens_at <= now < self.closes_at

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``options`` loaded."""
        weights = {"weights": self.weights} if self.weights else {}
        return {
            "title": self.title,
            "franchise": self.franchise.value,
            "rules": self.rules,
            "options": [option.public_payload() for option in self.options],
            "opens_at": utc_text(self.opens_at),
            "closes_at": utc_text(self.closes_at),
            "status": self.status.value,
            "rules_sha256": self.rules_sha256,
            "roll_size": self.roll_size,
            **weights,
        }

    def certification(self) -> dict[str, Any]:
        """What ``vote.certified`` tells of a certified vote."""
        assert self.certified_at is not None  # noqa: S101 - asked of certified votes alone
        digest = hashlib.sha256(canonical.dumps(self.result)).hexdigest()
        return {"result_sha256": digest, "certified_at": utc_text(self.certified_at), "by": self.certified_by}


class VoteOption(Model):
    """A line of the ballot, in ballot order; ``cost`` in minor units of the rules' currency."""

    __tablename__ = "vote_option"
    __table_args__ = (UniqueConstraint("vote_id", "position"), UniqueConstraint("vote_id", "code"))

    id: Mapped[int] = mapped_column(primary_key=True)
    vote_id: Mapped[int] = mapped_column(ForeignKey("vote.id"), index=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(400))
    cost: Mapped[int | None] = mapped_column(BigInteger)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"))
    proposal_ref: Mapped[str | None] = mapped_column(String(40))

    vote: Mapped[Vote] = relationship(lazy="raise", back_populates="options")
    proposal: Mapped[Proposal | None] = relationship(lazy="raise")

    def public_payload(self) -> dict[str, Any]:
        return {"id": self.code, "title": self.title, "cost": self.cost, "proposal": self.proposal_ref}


class RollEntry(Model):
    """A voter's slot, numbered from 1 in random order when the roll is frozen: a person or an organisation.

    ``confirmations``: how many delegates of the organisation must agree on its ballot, as set when the roll was frozen.
    ``has_lapsed``: no ballot of it counted, because one still waited for their agreement when the vote was closed.
    ``sector_group``: where sectors decide, the one that its ballot counts in; several small ones joined by ``+``.
    ``weight``: of the organisation's ballot. ``struck_at``: taken off the roll; a ballot cast before stays.
    """

    __tablename__ = "roll_entry"
    __table_args__ = (
        UniqueConstraint("vote_id", "slot"),
        UniqueConstraint("vote_id", "account_id"),
        UniqueConstraint("vote_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    vote_id: Mapped[int] = mapped_column(ForeignKey("vote.id"), index=True)
    slot: Mapped[int]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    sector: Mapped[Sector | None] = mapped_column(choice(Sector))
    confirmations: Mapped[int] = mapped_column(default=1)
    has_voted: Mapped[bool] = mapped_column(default=False)
    has_lapsed: Mapped[bool] = mapped_column(default=False)
    sector_group: Mapped[str | None] = mapped_column(String(40))
    weight: Mapped[int] = mapped_column(default=1)
    struck_at: Mapped[datetime | None]

    def slot_ref(self, vote: Vote) -> str:
        return f"{vote.ref}/slot/{self.slot:06d}"


class Ballot(Model):
    """A secret ballot. No time, no address, nothing that leads to the voter.

    ``key``: random, and the order in which SQLite keeps ballots: no row ids tell who was first.
    ``choices``: what it says, packed as its kind is (rules/ballots.py).
    ``salt``: opens ``commitment``. ``is_batched``: whether its commitment is in the log already.
    ``group_codes``: coarse group codes (sector, sex, age, district), for the counts of groups only.
    ``sector``: where sectors decide, the ``sector_group`` of the voter's slot; part of what the commitment says.
    A ballot that was replaced keeps its commitment alone.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        Index("ix_ballot_pending", "vote_id", "is_batched"),
        Index("ix_ballot_commitment", "vote_id", "commitment"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    vote_id: Mapped[int] = mapped_column(ForeignKey("vote.id"))
    choices: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    commitment: Mapped[str] = mapped_column(String(64))
    group_codes: Mapped[int] = mapped_column(default=0)
    sector: Mapped[str | None] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10), default="internet")
    is_batched: Mapped[bool] = mapped_column(default=False)
    is_superseded: Mapped[bool] = mapped_column(default=False)


class BallotLink(Model):
    """Joins a slot and its newest ballot while the vote is open, so that a later ballot can replace it."""

    __tablename__ = "ballot_link"

    roll_entry_id: Mapped[int] = mapped_column(ForeignKey("roll_entry.id"), primary_key=True)
    ballot_key: Mapped[str] = mapped_column(ForeignKey("ballot.key"), unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(40))


class BallotDraft(Model):
    """What a voter has ticked and not cast, so that any phone shows it again; of a delegate for each organisation.

    ``typed``: option code → what stands beside it, right or wrong. ``stamp``: another one at each saving, so that two
    phones do not write over each other. It counts for nothing, is in no log, and goes when the ballot is cast and at
    the latest when the vote closes.
    """

    __tablename__ = "ballot_draft"
    __table_args__ = ({"info": {"housekeeping": "a ballot that is not cast is nobody else’s business"}},)

    roll_entry_id: Mapped[int] = mapped_column(ForeignKey("roll_entry.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    typed: Mapped[dict[str, str]] = mapped_column(JSON)
    stamp: Mapped[str] = mapped_column(String(16))
    saved_at: Mapped[datetime]


class OpenBallot(Model):
    """An organisation's ballot: on the record by design, with the pseudonym of the delegate who cast it in the log."""

    __tablename__ = "open_ballot"
    __table_args__ = (UniqueConstraint("vote_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    vote_id: Mapped[int] = mapped_column(ForeignKey("vote.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    delegate_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    choices: Mapped[bytes] = mapped_column(LargeBinary)
    idempotency_key: Mapped[str] = mapped_column(String(40))
    cast_at: Mapped[datetime]


class BallotProposal(Model):
    """A ballot of an organisation that waits until enough of its delegates agree. It counts for nothing."""

    __tablename__ = "ballot_proposal"
    __table_args__ = (UniqueConstraint("vote_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    vote_id: Mapped[int] = mapped_column(ForeignKey("vote.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    choices: Mapped[bytes] = mapped_column(LargeBinary)
    proposed_at: Mapped[datetime]

    confirmations: Mapped[list[BallotConfirmation]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="BallotConfirmation.confirmed_at"
    )

    @property
    def agreed(self) -> set[int]:
        """Accounts of the delegates who agreed, whether their mandates still hold or not."""
        return {confirmation.account_id for confirmation in self.confirmations}

    def forget(self, account_id: int) -> bool:
        """Take an account's agreement away; whether there was one."""
        mine = [confirmation for confirmation in self.confirmations if confirmation.account_id == account_id]
        for confirmation in mine:
            self.confirmations.remove(confirmation)
        return bool(mine)


class BallotConfirmation(Model):
    """That a delegate agrees with the waiting ballot; whoever proposed it was the first."""

    __tablename__ = "ballot_confirmation"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("ballot_proposal.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    confirmed_at: Mapped[datetime]


class VoteAnalysis(Model):
    """Why options were chosen, other ways of counting, who got something: computed once from the ballots of a closed
    vote (analysing.py), and computed anew when ``edition`` is an older one. ``result_sha256``: of that result.
    """

    __tablename__ = "vote_analysis"
    __table_args__ = {"info": {"housekeeping": "follows from the ballots"}}

    vote_id: Mapped[int] = mapped_column(ForeignKey("vote.id"), primary_key=True)
    edition: Mapped[int]
    result_sha256: Mapped[str] = mapped_column(String(64))
    found: Mapped[dict[str, Any]] = mapped_column(JSON)
    computed_at: Mapped[datetime]
