"""Opinion maps: a question, short statements about it, and what each person says to each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import Account
from ..kernel.clock import utc_text
from ..kernel.db import Model, choice
from ..kernel.errors import Conflict
from ..moderation.models import Standing
from ..processes.models import Process, Texts
from ..vocabularies.uccn import Sector

STATEMENT_LENGTH = (10, 140)
LONGEST_STATEMENT = 300
"""Of what was said elsewhere and is taken over."""
MOST_STATEMENTS = 1_000
MOST_OF_ONE = 20
"""How many statements one person may add to a map."""


class MapState(StrEnum):
    RUNNING = "running"
    CLOSED = "closed"


TRANSITIONS = {MapState.RUNNING: {MapState.CLOSED}, MapState.CLOSED: set()}


class Adding(StrEnum):
    """Who may add statements."""

    EVERYBODY = "everybody"
    CITY = "city"


class Showing(StrEnum):
    """When somebody sees results: after having answered enough, at the end, or at any time."""

    ANSWERED = "answered"
    CLOSED = "closed"
    ALWAYS = "always"


class Answer(StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"
    PASS = "pass"  # noqa: S105  # not a password


@dataclass(frozen=True, slots=True)
class MapPlan:
    """What a coordinator decides about a map; texts by language."""

    title: Texts
    question: Texts
    opens_at: datetime
    closes_at: datetime
    adding: Adding = Adding.EVERYBODY
    showing: Showing = Showing.ANSWERED
    least_answered: int = 10


class OpinionMap(Model):
    """A question with statements to answer from ``opens_at`` until ``closes_at``.

    ``seed``: drawn and published when the map is announced; with it everybody gets the same result from the same
    answers. ``result``: what was found when it closed; ``closed_at`` when that was.
    """

    __tablename__ = "opinion_map"
    __table_args__ = (CheckConstraint("opens_at < closes_at", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    title: Mapped[Texts] = mapped_column(JSON)
    question: Mapped[Texts] = mapped_column(JSON)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    adding: Mapped[Adding] = mapped_column(choice(Adding), default=Adding.EVERYBODY)
    showing: Mapped[Showing] = mapped_column(choice(Showing), default=Showing.ANSWERED)
    least_answered: Mapped[int] = mapped_column(default=10)
    seed: Mapped[int]
    status: Mapped[MapState] = mapped_column(choice(MapState), default=MapState.RUNNING)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"opinion_map/{self.public_id}"

    @property
    def is_closed(self) -> bool:
        return self.status is MapState.CLOSED

    def is_open(self, now: datetime) -> bool:
        return not self.is_closed and self.opens_at <= now < self.closes_at

    def close(self, result: dict[str, Any], *, at: datetime) -> None:
        """Freeze the result. Raises Conflict the second time."""
        if MapState.CLOSED not in TRANSITIONS[self.status]:
            raise Conflict()
        self.status, self.result, self.closed_at = MapState.CLOSED, result, at

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps."""
        state: dict[str, Any] = {
            "title": self.title,
            "question": self.question,
            "opens_at": utc_text(self.opens_at),
            "closes_at": utc_text(self.closes_at),
            "adding": self.adding.value,
            "showing": self.showing.value,
            "least_answered": self.least_answered,
            "seed": self.seed,
            "status": self.status.value,
        }
        if self.closed_at is not None:
            state |= {"closed_at": utc_text(self.closed_at), "result": self.result}
        return state


class Statement(Model):
    """One sentence that people agree with or not. ``number`` counts those of a map from 1.

    ``author_name``: what the public reads: an organisation's name, a resident's who wants to be named, or None.
    ``speaks_for``: ``organisation/…`` as the log names it, with the name that it had then. ``is_seed``: by the city.
    ``folded``: the text as it is compared with others.
    """

    __tablename__ = "opinion_statement"
    __table_args__ = (UniqueConstraint("map_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    map_id: Mapped[int] = mapped_column(ForeignKey("opinion_map.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(LONGEST_STATEMENT))
    folded: Mapped[str] = mapped_column(String(2 * LONGEST_STATEMENT))
    language: Mapped[str] = mapped_column(String(2))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    author_name: Mapped[str | None] = mapped_column(String(160))
    speaks_for: Mapped[str | None] = mapped_column(String(30))
    sector: Mapped[Sector | None] = mapped_column(choice(Sector))
    is_seed: Mapped[bool]
    standing: Mapped[Standing] = mapped_column(choice(Standing), default=Standing.SHOWN)
    created_at: Mapped[datetime]

    map: Mapped[OpinionMap] = relationship(lazy="raise")

    @property
    def ref(self) -> str:
        return f"statement/{self.public_id}"

    @property
    def is_shown(self) -> bool:
        return self.standing is Standing.SHOWN

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``map`` loaded. What waits or is hidden is nobody's to read."""
        return {
            "map": self.map.ref,
            "number": self.number,
            "text": self.text if self.is_shown else None,
            "language": self.language,
            "by": "city" if self.is_seed else "organisation" if self.speaks_for else "resident",
            "author": self.author_name if self.is_shown else None,
            "organisation": self.speaks_for if self.is_shown else None,
            "standing": self.standing.value,
            "added_at": utc_text(self.created_at),
        }


class OpinionParticipant(Model):
    """Somebody who answers a map. ``sector``: of the organisation for which they chose to speak; None: a resident.

    People of a map that was held elsewhere have no account.
    """

    __tablename__ = "opinion_participant"
    __table_args__ = (UniqueConstraint("map_id", "account_id"), Index("ix_opinion_participant_account", "account_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    map_id: Mapped[int] = mapped_column(ForeignKey("opinion_map.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    sector: Mapped[Sector | None] = mapped_column(choice(Sector))
    joined_at: Mapped[datetime]

    account: Mapped[Account | None] = relationship(lazy="raise")


class OpinionAnswer(Model):
    """What somebody says to a statement now. An earlier answer is not kept, and the log has none."""

    __tablename__ = "opinion_answer"
    __table_args__ = {"info": {"housekeeping": "an answer is nobody's business: the log has the sums"}}

    participant_id: Mapped[int] = mapped_column(ForeignKey("opinion_participant.id"), primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("opinion_statement.id"), primary_key=True, index=True)
    answer: Mapped[Answer] = mapped_column(choice(Answer))
    answered_at: Mapped[datetime]


class StatementCount(Model):
    """How often a statement was answered, as of the last count: what the choice of the next one goes by."""

    __tablename__ = "opinion_statement_count"
    __table_args__ = {"info": {"housekeeping": "follows from the answers"}}

    statement_id: Mapped[int] = mapped_column(ForeignKey("opinion_statement.id"), primary_key=True)
    answers: Mapped[int]


class OpinionAnalysis(Model):
    """What is shown while a map is open, and what waits until enough further people have answered (see analysing)."""

    __tablename__ = "opinion_analysis"
    __table_args__ = {"info": {"housekeeping": "follows from the answers"}}

    map_id: Mapped[int] = mapped_column(ForeignKey("opinion_map.id"), primary_key=True)
    shown: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    shown_at: Mapped[datetime | None]
    waiting: Mapped[dict[str, Any]] = mapped_column(JSON)
    waiting_at: Mapped[datetime]
