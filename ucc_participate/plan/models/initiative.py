"""Initiatives: projects, innovations and policies of the plan, where they come from, what they cost and bring."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...inventory.models import InventoryItem
from ...kernel.db import CodeSet, Model, choice
from ...kernel.errors import Conflict
from ...partners.models import PartnerCity
from ...proposals.models import Proposal
from ...stakeholders.models import Organisation
from .plan import Plan, Texts


class InitiativeKind(StrEnum):
    PROJECT = "project"
    INNOVATION = "innovation"
    POLICY = "policy"


class Level(StrEnum):
    LOCAL = "local"
    INTERNATIONAL = "international"


class Origin(StrEnum):
    """``adopted``: made from proposals. ``added``: by the city, with a reason that everybody can read."""

    ADOPTED = "adopted"
    ADDED = "added"


class InitiativeState(StrEnum):
    PLANNED = "planned"
    DROPPED = "dropped"


TRANSITIONS = {
    InitiativeState.PLANNED: {InitiativeState.DROPPED},
    InitiativeState.DROPPED: {InitiativeState.PLANNED},
}


class Initiative(Model):
    """One initiative of the plan (rules K1, D1, O4, O5, A2).

    Texts are ``{"fa": …, "en": …, "fr": …}``. ``objectives``, ``areas``, ``beneficiaries``, ``creative_fields``: ids of
    vocabularies/uccn; ``sdgs``: "1" … "17". ``access``: who gains access and how (O4). ``enters``: the local plan,
    article or budget line that it enters (O5). ``effects``: ``{dimension: {"expected": positive|none|negative, "text":
    Texts, "indicator": public id or null, "trade_off": Texts}}`` (D1, D2). ``particulars``: ``{area: {field: text}}``
    (A2). ``steps``: list of ``{"title": Texts, "due_on": YYYY-MM-DD}``. ``partner_search``: how a member city will be
    found while none is named (X2). ``added_because``: published when ``origin`` is added. ``dropped_because`` and
    ``restored_because``: the last reasons of both, published.
    """

    __tablename__ = "initiative"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    number: Mapped[int]
    place: Mapped[int] = mapped_column(default=0)
    kind: Mapped[InitiativeKind] = mapped_column(choice(InitiativeKind))
    level: Mapped[Level] = mapped_column(choice(Level))
    title: Mapped[Texts] = mapped_column(JSON)
    summary: Mapped[Texts] = mapped_column(JSON, default=dict)
    description: Mapped[Texts] = mapped_column(JSON, default=dict)
    objectives: Mapped[tuple[str, ...]] = mapped_column(CodeSet, default=())
    areas: Mapped[tuple[str, ...]] = mapped_column(CodeSet, default=())
    creative_fields: Mapped[tuple[str, ...]] = mapped_column(CodeSet, default=())
    beneficiaries: Mapped[tuple[str, ...]] = mapped_column(CodeSet, default=())
    sdgs: Mapped[tuple[str, ...]] = mapped_column(CodeSet, default=("11",))
    access: Mapped[Texts] = mapped_column(JSON, default=dict)
    enters: Mapped[Texts] = mapped_column(JSON, default=dict)
    effects: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    particulars: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    owner: Mapped[str] = mapped_column(String(220), default="")
    partner_search: Mapped[Texts] = mapped_column(JSON, default=dict)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    origin: Mapped[Origin] = mapped_column(choice(Origin))
    added_because: Mapped[str | None] = mapped_column(Text)
    dropped_because: Mapped[str | None] = mapped_column(Text)
    restored_because: Mapped[str | None] = mapped_column(Text)
    status: Mapped[InitiativeState] = mapped_column(choice(InitiativeState), default=InitiativeState.PLANNED)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    plan: Mapped[Plan] = relationship(lazy="raise")
    sources: Mapped[list[InitiativeSource]] = relationship(
        lazy="raise", order_by="InitiativeSource.id", cascade="all, delete-orphan"
    )
    uses: Mapped[list[InitiativeUse]] = relationship(
        lazy="raise", order_by="InitiativeUse.id", cascade="all, delete-orphan"
    )
    partners: Mapped[list[InitiativePartner]] = relationship(
        lazy="raise", order_by="InitiativePartner.id", cascade="all, delete-orphan"
    )
    costs: Mapped[list[InitiativeCost]] = relationship(
        lazy="raise", order_by="InitiativeCost.year", cascade="all, delete-orphan"
    )
    indicators: Mapped[list[Indicator]] = relationship(
        lazy="raise", back_populates="initiative", order_by="Indicator.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"initiative/{self.public_id}"

    @property
    def is_planned(self) -> bool:
        return self.status is InitiativeState.PLANNED

    @property
    def total_cost(self) -> int:
        """In whole units of the plan's currency; needs ``costs`` loaded."""
        return sum(cost.amount for cost in self.costs)

    def move_to(self, state: InitiativeState) -> None:
        """Change the state along TRANSITIONS. Raises Conflict for any other step."""
        if state not in TRANSITIONS[self.status]:
            raise Conflict()
        self.status = state

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs every part loaded (``queries.whole_plan``)."""
        return {
            "number": self.number,
            "kind": self.kind.value,
            "level": self.level.value,
            "title": self.title,
            "summary": self.summary,
            "description": self.description,
            "objectives": list(self.objectives),
            "areas": list(self.areas),
            "creative_fields": list(self.creative_fields),
            "beneficiaries": list(self.beneficiaries),
            "sdgs": sorted(self.sdgs, key=int),
            "access": self.access,
            "enters": self.enters,
            "effects": self.effects,
            "particulars": self.particulars,
            "steps": self.steps,
            "owner": self.owner,
            "partner_search": self.partner_search,
            "starts_on": self.starts_on.isoformat() if self.starts_on else None,
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
            "origin": self.origin.value,
            "added_because": self.added_because,
            "dropped_because": self.dropped_because,
            "restored_because": self.restored_because,
            "status": self.status.value,
            "sources": [{"proposal": source.proposal.ref, "how": source.how} for source in self.sources],
            "uses": [use.item.ref for use in self.uses],
            "partners": [partner.public_payload() for partner in self.partners],
            "costs": {str(cost.year): cost.amount for cost in self.costs},
            "indicators": [indicator.public_payload() for indicator in self.indicators],
        }


class InitiativeSource(Model):
    """That an initiative was made from a proposal. ``how``: what of it was taken, in the words of the city."""

    __tablename__ = "initiative_source"
    __table_args__ = (UniqueConstraint("initiative_id", "proposal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    how: Mapped[str] = mapped_column(Text, default="")

    proposal: Mapped[Proposal] = relationship(lazy="raise")


class InitiativeUse(Model):
    """That an initiative builds on an asset, or answers a need (rules F2, B1)."""

    __tablename__ = "initiative_use"
    __table_args__ = (UniqueConstraint("initiative_id", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("inventory_item.id"), index=True)

    item: Mapped[InventoryItem] = relationship(lazy="raise")


class InitiativePartner(Model):
    """Who carries it too: an organisation of the register, a member city, or somebody named in words.

    ``name``: what they were called when it was written; the register may rename them since.
    """

    __tablename__ = "initiative_partner"
    __table_args__ = (
        UniqueConstraint("initiative_id", "organisation_id"),
        UniqueConstraint("initiative_id", "city_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    city_id: Mapped[int | None] = mapped_column(ForeignKey("partner_city.id"), index=True)
    name: Mapped[str | None] = mapped_column(String(220))

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    city: Mapped[PartnerCity | None] = relationship(lazy="raise")

    @property
    def shown_name(self) -> str:
        if self.organisation is not None:
            return self.organisation.name
        return self.city.name if self.city is not None else self.name or ""

    def public_payload(self) -> dict[str, Any]:
        return {
            "organisation": self.organisation.ref if self.organisation is not None else None,
            "city": self.city.ref if self.city is not None else None,
            "name": self.name or self.shown_name,
        }


class InitiativeCost(Model):
    """What it costs in one budget year, in whole units of the plan's currency."""

    __tablename__ = "initiative_cost"
    __table_args__ = (UniqueConstraint("initiative_id", "year"), CheckConstraint("amount >= 0", name="amount"))

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    year: Mapped[int]
    amount: Mapped[int] = mapped_column(BigInteger)


class IndicatorKind(StrEnum):
    """``output``: what is made or done. ``impact``: what becomes different for the city and its people (rule K3)."""

    OUTPUT = "output"
    IMPACT = "impact"


class Frequency(StrEnum):
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    ONCE = "once"


class Indicator(Model):
    """What shows whether an initiative does what it promises (rule K3). ``responsible``: an office, not a person.

    ``baseline`` and ``target``: decimals with up to three places; ``baseline`` None: not known yet.
    """

    __tablename__ = "indicator"
    __table_args__ = (Index("ix_indicator_initiative", "initiative_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    kind: Mapped[IndicatorKind] = mapped_column(choice(IndicatorKind))
    title: Mapped[Texts] = mapped_column(JSON)
    unit: Mapped[Texts] = mapped_column(JSON, default=dict)
    baseline: Mapped[Decimal | None] = mapped_column(Numeric(18, 3))
    target: Mapped[Decimal | None] = mapped_column(Numeric(18, 3))
    frequency: Mapped[Frequency] = mapped_column(choice(Frequency), default=Frequency.YEARLY)
    data_source: Mapped[Texts] = mapped_column(JSON, default=dict)
    responsible: Mapped[str] = mapped_column(String(220), default="")

    initiative: Mapped[Initiative] = relationship(lazy="raise", back_populates="indicators")

    @property
    def ref(self) -> str:
        return f"indicator/{self.public_id}"

    def public_payload(self) -> dict[str, Any]:
        """Numbers as decimal text: the log has no fractions."""
        return {
            "id": self.public_id,
            "kind": self.kind.value,
            "title": self.title,
            "unit": self.unit,
            "baseline": decimal_text(self.baseline),
            "target": decimal_text(self.target),
            "frequency": self.frequency.value,
            "data_source": self.data_source,
            "responsible": self.responsible,
        }


def decimal_text(value: Decimal | None) -> str | None:
    """``12``, ``12.5``: a decimal without needless zeros; None stays None."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
