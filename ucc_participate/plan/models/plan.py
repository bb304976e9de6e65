"""The action plan of a process: what it begins from, and which of its versions were fixed for what."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...kernel.clock import utc_text
from ...kernel.db import Model, choice
from ...kernel.errors import Conflict
from ...processes.models import Process
from ..years import Calendar, budget_years, end_of

Texts = dict[str, str]


class PlanState(StrEnum):
    """``draft``: the city writes. ``consulted``: public, people comment. ``frozen``: fixed, as submitted."""

    DRAFT = "draft"
    CONSULTED = "consulted"
    FROZEN = "frozen"


TRANSITIONS = {
    PlanState.DRAFT: {PlanState.CONSULTED, PlanState.FROZEN},
    PlanState.CONSULTED: {PlanState.DRAFT, PlanState.FROZEN},
    PlanState.FROZEN: {PlanState.DRAFT},
}


class Stage(StrEnum):
    """What a version was fixed for (rule K6)."""

    CONSULTED = "consulted"
    VOTED = "voted"
    SUBMITTED = "submitted"


class Vocabulary(StrEnum):
    """Which words of the Network objectives and areas are shown in (rule O2); what is stored is the 2013 ids."""

    HANDBOOK_2013 = "2013"
    MISSION_STATEMENT = "now"


class Plan(Model):
    """The four-year action plan of a process.

    ``begins_on``: the expected day of designation; the plan ends four years later. ``calendar``: of the budget years.
    ``currency``: ISO code; amounts are whole units of it. ``vision``: what the plan as a whole is to bring.
    ``gap_plan``: how money that is neither secured nor expected is to be found (rule B2). ``limits``: how many
    initiatives of a level the form takes, by level; None where it does not say. ``published_at``: when its drafts
    first became public; before that its log entries are empty.
    """

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), unique=True)
    begins_on: Mapped[date]
    calendar: Mapped[Calendar] = mapped_column(choice(Calendar))
    currency: Mapped[str] = mapped_column(String(3))
    vocabulary: Mapped[Vocabulary] = mapped_column(choice(Vocabulary), default=Vocabulary.HANDBOOK_2013)
    vision: Mapped[Texts] = mapped_column(JSON, default=dict)
    gap_plan: Mapped[Texts] = mapped_column(JSON, default=dict)
    limits: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    status: Mapped[PlanState] = mapped_column(choice(PlanState), default=PlanState.DRAFT)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    comments_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")
    versions: Mapped[list[PlanVersion]] = relationship(
        lazy="raise", back_populates="plan", order_by="PlanVersion.number"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"plan/{self.public_id}"

    @property
    def ends_on(self) -> date:
        """The first day after the plan."""
        return end_of(self.begins_on)

    @property
    def years(self) -> list[int]:
        return budget_years(self.begins_on, self.calendar)

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    @property
    def is_frozen(self) -> bool:
        return self.status is PlanState.FROZEN

    def takes_comments(self, now: datetime) -> bool:
        """Whether the round on the draft runs: it ends at its announced moment, before anybody presses a button."""
        is_over = self.comments_until is not None and now >= self.comments_until
        return self.status is PlanState.CONSULTED and not is_over

    def move_to(self, state: PlanState, *, at: datetime) -> None:
        """Change the state along TRANSITIONS. Raises Conflict for any other step."""
        if state not in TRANSITIONS[self.status]:
            raise Conflict()
        self.status = state
        if state is not PlanState.DRAFT:
            self.published_at = self.published_at or at
        self.frozen_at = at if state is PlanState.FROZEN else None

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps once the plan is public."""
        return {
            "begins_on": self.begins_on.isoformat(),
            "calendar": self.calendar.value,
            "currency": self.currency,
            "vocabulary": self.vocabulary.value,
            "vision": self.vision,
            "gap_plan": self.gap_plan,
            "limits": self.limits,
            "status": self.status.value,
            "published_at": utc_text(self.published_at) if self.published_at else None,
            "frozen_at": utc_text(self.frozen_at) if self.frozen_at else None,
            "comments_until": utc_text(self.comments_until) if self.comments_until else None,
        }


class PlanVersion(Model):
    """The whole plan as it was at one moment, never changed (rule K6).

    ``content``: ``{"plan": …, "initiatives": {public id: …}, "resources": …}``, each part the public payload of its
    rows; ``sha256`` is of its canonical JSON. ``overrides``: ``{blocker: published reason}``.
    """

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("plan_id", "number"), CheckConstraint("number > 0", name="number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    number: Mapped[int]
    stage: Mapped[Stage] = mapped_column(choice(Stage))
    note: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    overrides: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    fixed_by: Mapped[str] = mapped_column(String(220))
    fixed_at: Mapped[datetime]

    plan: Mapped[Plan] = relationship(lazy="raise", back_populates="versions")

    @property
    def ref(self) -> str:
        return f"plan_version/{self.plan.public_id}-{self.number}"
