"""People: accounts, sign-in links, roles as dated rows, consent; what they tell of themselves is kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..kernel.db import Model, choice
from ..kernel.identity import Role, new_public_id
from ..vocabularies.uccn import Sector


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


TERMS_VERSION = "1"
"""The version of the published terms to which people agree now; a new text is a new version."""

GRANTABLE_ROLES = (Role.COORDINATOR, Role.CLERK, Role.MODERATOR, Role.EVALUATOR)
ERASED_DOMAIN = "erased.invalid"
PAPER_DOMAIN = "paper.invalid"
"""Mail addresses under it reach nobody (RFC 2606): the account's owner has not given one yet."""
NEXT_LENGTH = 500


class LinkPurpose(StrEnum):
    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"
    CHANGE_EMAIL = "change_email"


class Account(Model):
    """Somebody who can sign in. ``session_version`` rises to sign out everywhere.

    ``guest_of``: public id of the process that somebody from another city may comment on, and do nothing else.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    display_name: Mapped[str] = mapped_column(String(80))
    function: Mapped[str | None] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(2))
    calendar: Mapped[str | None] = mapped_column(String(10))
    session_version: Mapped[int] = mapped_column(default=1)
    is_active: Mapped[bool] = mapped_column(default=True)
    guest_of: Mapped[str | None] = mapped_column(String(12))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    roles: Mapped[list[RoleGrant]] = relationship(
        lazy="raise", foreign_keys="RoleGrant.account_id", back_populates="account", viewonly=True
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def key(self) -> str:
        """How actors and pseudonyms name this account on the server; it never leaves it."""
        return f"account:{self.id}"

    @property
    def official_name(self) -> str:
        """Name and function, as an answer or a process names the person who is responsible."""
        if not self.function:
            return self.display_name
        comma = "،" if any("\u0600" <= letter <= "\u06ff" for letter in self.display_name) else ","
        return f"{self.display_name}{comma} {self.function}"

    def anonymise(self) -> None:
        """Leave nothing that tells who this was; the row stays, because others refer to it."""
        self.public_id = new_public_id()
        self.email = f"{self.public_id}@{ERASED_DOMAIN}"
        self.display_name = "—"
        self.function = self.password_hash = self.calendar = self.guest_of = None
        self.is_active = False
        self.session_version += 1


class Profile(Model):
    """What a person chose to say of themselves; stored apart, shown to nobody, used for counts only."""

    __tablename__ = "profile"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    sex: Mapped[Sex | None] = mapped_column(choice(Sex))
    birth_band: Mapped[int | None]
    district: Mapped[str | None] = mapped_column(String(80))
    sector: Mapped[Sector | None] = mapped_column(choice(Sector))

    def is_under_30(self, year: int) -> bool | None:
        """By the first year of the five-year band of birth; None when not stated."""
        return None if self.birth_band is None else year - self.birth_band < 30


@dataclass(frozen=True, slots=True)
class AboutYou:
    """What a person may say of themselves, kept apart from the account; of the year of birth five years are kept."""

    sex: Sex | None = None
    birth_year: int | None = None
    district: str | None = None
    sector: Sector | None = None

    @property
    def birth_band(self) -> int | None:
        return None if self.birth_year is None else self.birth_year // 5 * 5

    @property
    def is_empty(self) -> bool:
        return self == AboutYou()


class SignInLink(Model):
    """A link that was mailed: the token itself is never stored, only its SHA-256."""

    __tablename__ = "sign_in_link"
    __table_args__ = (
        Index("ix_sign_in_link_email", "email", "created_at"),
        {"info": {"housekeeping": "an unused link changes nothing"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[LinkPurpose] = mapped_column(choice(LinkPurpose))
    email: Mapped[str] = mapped_column(String(254))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    next_url: Mapped[str | None] = mapped_column(String(NEXT_LENGTH))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    def is_usable(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at


class SignInAttempt(Model):
    """A failed password, for throttling: hashed address and account, removed after a day."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_key", "key", "at"), {"info": {"housekeeping": "throttling only"}})

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class RoleGrant(Model):
    """A role held from ``granted_at`` until ``revoked_at``; rows are never edited otherwise, never deleted."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role))
    granted_by: Mapped[str] = mapped_column(String(120))
    granted_at: Mapped[datetime]
    revoked_by: Mapped[str | None] = mapped_column(String(120))
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="raise", back_populates="roles")

    def holds(self, now: datetime) -> bool:
        return self.granted_at <= now and (self.revoked_at is None or now < self.revoked_at)

    def revoke(self, *, by: str, at: datetime) -> None:
        """End the grant; the row stays. ``by``: the key of the actor."""
        self.revoked_by, self.revoked_at = by, at


class Consent(Model):
    """A person's yes to one version of the published terms."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("account_id", "terms_version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    terms_version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime]


class AccountUse(Model):
    """The last day on which somebody signed in, for erasing what nobody uses: only the last, and no moment."""

    __tablename__ = "account_use"
    __table_args__ = ({"info": {"housekeeping": "retention only"}},)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    last_used_on: Mapped[date] = mapped_column(Date)
    asked_at: Mapped[datetime | None]


class DataLook(Model):
    """When an actor last looked at the data of a subject: the log tells of it once an hour and not each time."""

    __tablename__ = "data_look"
    __table_args__ = ({"info": {"housekeeping": "throttling only; the look itself is an entry of the log"}},)

    actor: Mapped[str] = mapped_column(String(120), primary_key=True)
    subject: Mapped[str] = mapped_column(String(120), primary_key=True)
    page: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime]


class Leftover(Model):
    """Something outside the tables that an erasure leaves to be done after its COMMIT; the row goes when it is done.

    ``task`` is ``file:<path in the instance folder>``, ``list:<digest of the account>``, or ``scrub``.
    """

    __tablename__ = "leftover"
    __table_args__ = ({"info": {"housekeeping": "the erasure that left it is in the log"}},)

    task: Mapped[str] = mapped_column(String(200), primary_key=True)
    since: Mapped[datetime]
