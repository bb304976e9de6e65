"""Who may vote in a process, and how people prove it: lists, personal codes, telephone, a clerk.

What people type to prove it (numbers, codes, telephones) is kept as HMAC-SHA-256 under the server's secret: two uses of
the same one are recognised, nobody can read one out of the table, and nobody without the secret can test a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..kernel.db import Model, choice


class Method(StrEnum):
    """A way to prove that one may take part."""

    LIST = "list"
    CODE = "code"
    SMS = "sms"
    CLERK = "clerk"


class Standing(StrEnum):
    """How an account stands towards a process; ``OPEN``: nothing is checked there."""

    ELIGIBLE = "eligible"
    OPEN = "open"
    UNVERIFIED = "unverified"
    AGE_UNKNOWN = "age_unknown"
    TOO_YOUNG = "too_young"
    NEEDS_GUARDIAN = "needs_guardian"

    @property
    def may_vote(self) -> bool:
        return self in (Standing.ELIGIBLE, Standing.OPEN)


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may vote. Ages count by year of birth: whoever reaches ``min_age`` within the year is old enough.

    ``unchecked_because``: the public reason for checking nobody, None where people are checked (the default).
    ``guardian_below``: younger than this, a guardian must agree.
    """

    methods: tuple[Method, ...] = tuple(Method)
    unchecked_because: str | None = None
    min_age: int | None = None
    guardian_below: int | None = None

    @property
    def is_checked(self) -> bool:
        return self.unchecked_because is None

    @property
    def asks_age(self) -> bool:
        return self.min_age is not None or self.guardian_below is not None

    def standing(self, *, is_verified: bool, birth_year: int | None, has_guardian: bool, year: int) -> Standing:
        """What follows from what is known of a person in ``year``."""
        if not self.is_checked:
            return Standing.OPEN
        if not is_verified:
            return Standing.UNVERIFIED
        if self.asks_age and birth_year is None:
            return Standing.AGE_UNKNOWN
        age = year - birth_year if birth_year is not None else 0
        if self.min_age is not None and age < self.min_age:
            return Standing.TOO_YOUNG
        if self.guardian_below is not None and age < self.guardian_below and not has_guardian:
            return Standing.NEEDS_GUARDIAN
        return Standing.ELIGIBLE

    def public_payload(self) -> dict[str, Any]:
        return {
            "methods": [method.value for method in self.methods],
            "unchecked_because": self.unchecked_because,
            "min_age": self.min_age,
            "guardian_below": self.guardian_below,
        }


class EligibilityRules(Model):
    """The rules of one process; a process without a row has those of ``Rules()``: everybody is checked.

    ``set_at``: None where the row stands for what held before rules were kept; the log has no entry of it.
    """

    __tablename__ = "eligibility_rules"

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True)
    methods: Mapped[list[str]] = mapped_column(JSON)
    unchecked_because: Mapped[str | None] = mapped_column(Text)
    min_age: Mapped[int | None]
    guardian_below: Mapped[int | None]
    set_at: Mapped[datetime | None]

    @property
    def rules(self) -> Rules:
        methods = tuple(method for method in Method if method in self.methods)
        return Rules(methods, self.unchecked_because, self.min_age, self.guardian_below)

    def put(self, rules: Rules, *, at: datetime) -> None:
        self.methods = [method.value for method in rules.methods]
        self.unchecked_because = rules.unchecked_because
        self.min_age, self.guardian_below = rules.min_age, rules.guardian_below
        self.set_at = at


class Verification(Model):
    """What an account proved, once; revoked and never edited. An erased person leaves ``used`` alone behind.

    ``used``: HMAC of the number, code or telephone, None for a clerk's check; the same one proves nothing twice.
    ``process_id``: the process it holds for, None for all of the city's.
    """

    __tablename__ = "verification"
    __table_args__ = (Index("ix_verification_account", "account_id", "process_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    process_id: Mapped[int | None] = mapped_column(ForeignKey("process.id"))
    method: Mapped[Method] = mapped_column(choice(Method))
    used: Mapped[str | None] = mapped_column(String(64), unique=True)
    birth_year: Mapped[int | None]
    verified_by: Mapped[str] = mapped_column(String(120))
    verified_at: Mapped[datetime]
    revoked_by: Mapped[str | None] = mapped_column(String(120))
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str | None] = mapped_column(Text)


class EligibleList(Model):
    """A list that the city uploaded: a census extract, a register of members. Its lines are digests alone."""

    __tablename__ = "eligible_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    asks_for: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    lines: Mapped[int]
    uploaded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class ListLine(Model):
    """One person on a list: digest of the number, digest of number and year of birth where the list has years."""

    __tablename__ = "eligible_list_line"

    list_id: Mapped[int] = mapped_column(ForeignKey("eligible_list.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(64), primary_key=True)
    with_year: Mapped[str | None] = mapped_column(String(64))


class CodeBatch(Model):
    """Personal codes made at one time, for letters or for handing out; they were shown once."""

    __tablename__ = "code_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    size: Mapped[int]
    expires_on: Mapped[date] = mapped_column(Date)
    issued_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    def is_valid(self, today: date) -> bool:
        return self.withdrawn_at is None and today <= self.expires_on


class PersonalCode(Model):
    """The digest of one code."""

    __tablename__ = "personal_code"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("code_batch.id"), index=True)


class PhoneChallenge(Model):
    """A code that was sent to a telephone and waits to be typed; the number itself is not kept."""

    __tablename__ = "phone_challenge"
    __table_args__ = ({"info": {"housekeeping": "an unanswered message proves nothing"}},)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    phone: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]


class ProofAttempt(Model):
    """A try to prove something, for throttling: what identifies it as an HMAC, removed after a day."""

    __tablename__ = "proof_attempt"
    __table_args__ = (Index("ix_proof_attempt_key", "key", "at"), {"info": {"housekeeping": "throttling only"}})

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class GuardianConsent(Model):
    """A guardian's yes to a minor's part in one process, written down by a clerk who saw it; a scan may be attached."""

    __tablename__ = "guardian_consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    guardian: Mapped[str] = mapped_column(String(160))
    recorded_by: Mapped[str] = mapped_column(String(120))
    recorded_at: Mapped[datetime]

    @property
    def ref(self) -> str:
        return f"guardian_consent/{self.public_id}"
