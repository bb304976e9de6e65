"""What the staff finds out about a proposal before the city answers: tasks, scores by criteria, notes, a summary."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import Account
from ...kernel.clock import utc_text
from ...kernel.db import Model, choice
from ...processes.models import Texts
from .proposal import Proposal

WIDEST_SCALE = (0, 10)
NOTE_LENGTH = 8_000
DISSENT_DAYS = 30
LONGEST_DISSENT_DAYS = 365
FEWEST_PUBLISHED = 3
"""Scores of a proposal are published only when so many people gave them, so that none is told from the mean."""


class Feasibility(StrEnum):
    FEASIBLE = "feasible"
    WITH_CHANGES = "with_changes"
    NOT_FEASIBLE = "not_feasible"


class AnsweringRules(Model):
    """How a process appraises and answers. A process without a row has the defaults.

    ``dissent_days``: how long after a decision people may file a minority statement on it.
    """

    __tablename__ = "answering_rules"

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True)
    publishes_scores: Mapped[bool] = mapped_column(default=False)
    dissent_days: Mapped[int] = mapped_column(default=DISSENT_DAYS)


class AppraisalCriterion(Model):
    """What scores are given for, on a scale of whole numbers. One that has scores is retired, not removed."""

    __tablename__ = "appraisal_criterion"
    __table_args__ = (CheckConstraint("lowest < highest", name="scale"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    name: Mapped[Texts] = mapped_column(JSON)
    lowest: Mapped[int]
    highest: Mapped[int]
    added_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    def public_payload(self) -> dict[str, Any]:
        return {
            "id": self.public_id,
            "name": self.name,
            "lowest": self.lowest,
            "highest": self.highest,
            "retired_at": utc_text(self.retired_at) if self.retired_at else None,
        }


class Appraisal(Model):
    """What the staff knows of a proposal. ``notes`` and ``legal`` stay inside, ``summary`` goes out with the answer."""

    __tablename__ = "appraisal"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    feasibility: Mapped[Feasibility | None] = mapped_column(choice(Feasibility))
    why: Mapped[str] = mapped_column(Text, default="")
    cost: Mapped[int | None] = mapped_column(BigInteger)
    legal: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    updated_at: Mapped[datetime]
    updated_by: Mapped[str] = mapped_column(String(40))
    published: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class AppraisalTask(Model):
    """That somebody of the staff shall appraise a proposal by a day. ``conflict``: why they do not, in their words."""

    __tablename__ = "appraisal_task"
    __table_args__ = (UniqueConstraint("proposal_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    due_on: Mapped[date | None]
    assigned_by: Mapped[str] = mapped_column(String(40))
    assigned_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    conflict: Mapped[str | None] = mapped_column(Text)
    excluded_at: Mapped[datetime | None]

    proposal: Mapped[Proposal] = relationship(lazy="raise")
    account: Mapped[Account] = relationship(lazy="raise")

    @property
    def is_waiting(self) -> bool:
        return self.done_at is None and self.excluded_at is None


class AppraisalScore(Model):
    """The score that one person gave for one criterion."""

    __tablename__ = "appraisal_score"

    task_id: Mapped[int] = mapped_column(ForeignKey("appraisal_task.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("appraisal_criterion.id"), primary_key=True)
    score: Mapped[int]
