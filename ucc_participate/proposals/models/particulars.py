"""What a proposal says beyond its text: the process's own questions, place, files, needs and assets, given figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ...kernel.db import Model, choice

MICRO = 1_000_000
"""Coordinates are stored and logged as whole millionths of a degree: the log knows no fractions."""
MOST_FIELDS = 20
MOST_OPTIONS = 30
SHORT_LENGTH = 200
LONG_LENGTH = 4_000
ALT_LENGTH = (3, 300)
MOST_LINKS = 12
LARGEST_NUMBER = 10**15

Texts = dict[str, str]


class FieldKind(StrEnum):
    """What is asked. Numbers are whole."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    YES_NO = "yes_no"


class FieldState(StrEnum):
    """A question that is asked; one that is asked no more, whose answers stay; one that nobody had answered."""

    ASKED = "asked"
    RETIRED = "retired"
    REMOVED = "removed"


WITH_OPTIONS = frozenset({FieldKind.CHOICE, FieldKind.CHOICES})


@dataclass(frozen=True, slots=True)
class Particulars:
    """What an author gives beyond the text. ``fields``: answers by the code of the question, None or "" for none.

    ``latitude``, ``longitude``: WGS84, whole millionths of a degree. ``district``: code of the city's map; where there
    is a point on the map, the point decides. ``needs``, ``assets``: public ids of the inventory.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    latitude: int | None = None
    longitude: int | None = None
    district: str | None = None
    needs: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What a coordinator types. ``options``: the labels of the choices, each in the languages that were given."""

    kind: FieldKind
    label: Texts
    hint: Texts = field(default_factory=dict)
    options: Sequence[Texts] = ()
    is_required: bool = False


class WithParticulars:
    """Columns of a proposal that hold its particulars; None where nothing was said.

    ``attachments``: list of {document, name, alt, kind, sha256, size}. ``given``: figures and source of an import, as
    they were published elsewhere; nobody has counted them here.
    """

    fields: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    latitude: Mapped[int | None] = mapped_column(Integer)
    longitude: Mapped[int | None] = mapped_column(Integer)
    district: Mapped[str | None] = mapped_column(String(30))
    needs: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    assets: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    attachments: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    given: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def particular_tags(self) -> list[str]:
        """What lists are filtered by."""
        links = {"need": self.needs, "asset": self.assets, "district": [self.district] if self.district else None}
        return [f"{name}:{value}" for name, values in links.items() for value in values or ()]

    def particulars_payload(self) -> dict[str, Any]:
        """The part of the public state that says them; what was not said is not in it."""
        state: dict[str, Any] = {
            "fields": self.fields,
            "latitude": self.latitude,
            "longitude": self.longitude,
            "district": self.district,
            "needs": [f"inventory/{one}" for one in self.needs or ()],
            "assets": [f"inventory/{one}" for one in self.assets or ()],
            "attachments": [
                {name: file[name] for name in ("alt", "kind", "sha256", "size")} for file in self.attachments or ()
            ],
            "given": self.given,
        }
        return {name: value for name, value in state.items() if value not in (None, [], {})}


class ProposalField(Model):
    """A question of a process's own. ``code`` names it for ever; ``options``: list of {"id", "label": texts}.

    Rows are never deleted: the log tells of them.
    """

    __tablename__ = "proposal_field"
    __table_args__ = (UniqueConstraint("process_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    code: Mapped[str] = mapped_column(String(12))
    kind: Mapped[FieldKind] = mapped_column(choice(FieldKind))
    label: Mapped[Texts] = mapped_column(JSON)
    hint: Mapped[Texts] = mapped_column(JSON, default=dict)
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    is_required: Mapped[bool] = mapped_column(default=False)
    place: Mapped[int]
    state: Mapped[FieldState] = mapped_column(choice(FieldState), default=FieldState.ASKED)

    @property
    def is_asked(self) -> bool:
        return self.state is FieldState.ASKED

    @property
    def known_options(self) -> dict[str, Texts]:
        return {option["id"]: option["label"] for option in self.options}

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps."""
        return {
            "kind": self.kind.value,
            "label": self.label,
            "hint": self.hint,
            "options": self.options,
            "is_required": self.is_required,
            "place": self.place,
            "state": self.state.value,
        }


class DistrictMap(Model):
    """The districts of the city, as somebody of it brought them; the newest is used.

    ``districts``: list of {"code", "name", "shape": polygons of rings of [longitude, latitude] in millionths}.
    """

    __tablename__ = "district_map"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    districts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime]

    @property
    def ref(self) -> str:
        return f"district_map/{self.public_id}"

    @property
    def names(self) -> dict[str, str]:
        return {district["code"]: district["name"] for district in self.districts}

    def public_payload(self) -> dict[str, Any]:
        names = [{"code": code, "name": name} for code, name in self.names.items()]
        return {"source": self.source, "sha256": self.sha256, "districts": names}


class ProposalWord(Model):
    """In how many proposals of a process a folded word stands: common words say little about what is alike."""

    __tablename__ = "proposal_word"
    __table_args__ = {"info": {"housekeeping": "follows from the proposals"}, "sqlite_with_rowid": False}

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True)
    word: Mapped[str] = mapped_column(String(60), primary_key=True)
    proposals: Mapped[int]
