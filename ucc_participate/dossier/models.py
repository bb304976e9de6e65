"""The dossier: the application (or a later report) along the sections of a form version, in every language.

A form version is data: what each section asks, its limit in words or none, which attachments it takes. It is never
changed once a dossier uses it; a correction is a new version.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import Account
from ..kernel.clock import utc_text
from ..kernel.db import Model, choice
from ..kernel.errors import Conflict
from ..kernel.text import word_count
from ..processes.models import Process

Texts = dict[str, str]


class Purpose(StrEnum):
    """What a form is for: applying, or the membership monitoring report four years later."""

    APPLICATION = "application"
    REPORT = "report"


class FormVersion(Model):
    """One edition of an official form, as data (docs/forms.md has the members of ``content``).

    ``code``: ``uccn-2021``, with ``+N`` for the N-th correction by a person. ``based_on``: code of the version that it
    corrects, None for what is shipped. ``sha256``: of the canonical JSON of ``content``.
    """

    __tablename__ = "form_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    year: Mapped[int]
    title: Mapped[Texts] = mapped_column(JSON)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    based_on: Mapped[str | None] = mapped_column(String(40))
    changed_because: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]

    @property
    def ref(self) -> str:
        """A log entry's subject has no plus sign: ``form_version/uccn-2021.1`` is the correction ``uccn-2021+1``."""
        return f"form_version/{self.code.replace('+', '.')}"


class DossierState(StrEnum):
    """``frozen``: as submitted; every answer is then fixed, and so are the facts in it."""

    DRAFT = "draft"
    FROZEN = "frozen"


class Dossier(Model):
    """An application or a report of a process, on one form version. ``submits_in``: en or fr, as UNESCO asks.

    Its final texts become public with the freezing. ``frozen_size``: how many entries the log had then.
    ``overrides``: ``[{"code": …, "reason": …}]`` of what was passed over in freezing; the reasons are published.
    """

    __tablename__ = "dossier"
    __table_args__ = (Index("ix_dossier_process", "process_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    form_id: Mapped[int] = mapped_column(ForeignKey("form_version.id"))
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    submits_in: Mapped[str] = mapped_column(String(2))
    national_deadline: Mapped[date | None]
    unesco_deadline: Mapped[date | None]
    status: Mapped[DossierState] = mapped_column(choice(DossierState), default=DossierState.DRAFT)
    created_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]
    frozen_size: Mapped[int | None]
    overrides: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")
    form: Mapped[FormVersion] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"dossier/{self.public_id}"

    @property
    def is_frozen(self) -> bool:
        return self.status is DossierState.FROZEN

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps; needs ``form`` loaded."""
        return {
            "form": self.form.code,
            "form_sha256": self.form.sha256,
            "purpose": self.purpose.value,
            "submits_in": self.submits_in,
            "national_deadline": self.national_deadline.isoformat() if self.national_deadline else None,
            "unesco_deadline": self.unesco_deadline.isoformat() if self.unesco_deadline else None,
            "status": self.status.value,
            "frozen_at": utc_text(self.frozen_at) if self.frozen_at else None,
            "frozen_size": self.frozen_size,
            "overrides": self.overrides or [],
        }


class AnswerState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    FINAL = "final"
    FROZEN = "frozen"


TRANSITIONS = {
    AnswerState.DRAFT: {AnswerState.IN_REVIEW},
    AnswerState.IN_REVIEW: {AnswerState.DRAFT, AnswerState.FINAL},
    AnswerState.FINAL: {AnswerState.DRAFT, AnswerState.FROZEN},
    AnswerState.FROZEN: {AnswerState.FINAL},
}


class Answer(Model):
    """The text of one section in one language.

    ``paragraphs``: ``[{"key": …, "text": …}]``, the text cut at empty lines; a key stays with its paragraph through
    edits (``paragraphs.carry``), so that citations stay with it. ``of_number``: for a translation, the number of the
    source text's version that it was made from, else None. ``assigned_to``: who shall write it. ``number``: of the
    newest AnswerVersion.

    ``frozen_once``: whether the log keeps a state of it. ``fields``: of a section that is no text, what was filled in
    (dossier/fields.py); ``text`` then says it in words.
    """

    __tablename__ = "dossier_answer"
    __table_args__ = (UniqueConstraint("dossier_id", "section", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    section: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text, default="")
    fields: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    paragraphs: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    state: Mapped[AnswerState] = mapped_column(choice(AnswerState), default=AnswerState.DRAFT)
    number: Mapped[int] = mapped_column(default=0)
    of_number: Mapped[int | None]
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    changed_by: Mapped[str] = mapped_column(String(220), default="")
    frozen_once: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    dossier: Mapped[Dossier] = relationship(lazy="raise")
    assigned_to: Mapped[Account | None] = relationship(lazy="raise")
    citations: Mapped[list[Citation]] = relationship(
        lazy="raise", back_populates="answer", order_by="Citation.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return f"answer/{self.dossier.public_id}-{self.section}-{self.language}"

    @property
    def words(self) -> int:
        """By the rule of the form, ``whitespace``: what stands between spaces and has a letter or digit."""
        return word_count(self.text)

    @property
    def is_written(self) -> bool:
        return bool(self.text.strip())

    @property
    def is_personal(self) -> bool:
        """Whether it says how a person is reached: that stays out of the log and off the public page."""
        return bool(self.fields) and "family_name" in (self.fields or {})

    def move_to(self, state: AnswerState) -> None:
        """Change the state along TRANSITIONS. Raises Conflict for any other step."""
        if state not in TRANSITIONS[self.state]:
            raise Conflict()
        self.state = state

    def public_payload(self) -> dict[str, Any]:
        """The state that the log keeps of a frozen text; needs ``dossier`` and ``citations`` loaded.

        ``sha256``: of the text. How a person is reached is not told, nor hashed: a telephone number is soon guessed.
        """
        if self.is_personal:
            return self._told([], None)
        cited: dict[str, list[str]] = {}
        for citation in self.citations:
            cited.setdefault(citation.paragraph, []).append(citation.subject)
        told = [{"text": part["text"], "cites": sorted(cited.get(part["key"], []))} for part in self.paragraphs]
        return self._told(told, sha256(self.text.encode()).hexdigest())

    def _told(self, paragraphs: list[dict[str, Any]], digest: str | None) -> dict[str, Any]:
        return {
            "section": self.section,
            "language": self.language,
            "paragraphs": paragraphs,
            "sha256": digest,
            "state": self.state.value,
            "number": self.number,
        }


class AnswerVersion(Model):
    """A text as it was saved, never changed. ``by``: name and function of who wrote it.

    Of a section that says how a person is reached, only who saved it and when: earlier numbers are nobody's business.
    """

    __tablename__ = "answer_version"
    __table_args__ = (UniqueConstraint("answer_id", "number"), CheckConstraint("number > 0", name="number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("dossier_answer.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(220))
    saved_at: Mapped[datetime]


class AnswerComment(Model):
    """What somebody of the staff says about an answer. ``settled_at``: once it is dealt with."""

    __tablename__ = "answer_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("dossier_answer.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(220))
    made_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = mapped_column(String(220))

    answer: Mapped[Answer] = relationship(lazy="raise")


class Citation(Model):
    """That a paragraph rests on something (rule P8). ``paragraph``: its key. ``subject``: a ref such as
    ``proposal/8f3k``, ``meeting/…``, ``vote/…``, ``inventory/…``, ``indicator/…``, or ``entry/417`` of the log.
    """

    __tablename__ = "citation"
    __table_args__ = (
        UniqueConstraint("answer_id", "paragraph", "subject"),
        Index("ix_citation_subject", "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("dossier_answer.id"))
    paragraph: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(300), default="")
    added_by: Mapped[str] = mapped_column(String(220))
    added_at: Mapped[datetime]

    answer: Mapped[Answer] = relationship(lazy="raise", back_populates="citations")
