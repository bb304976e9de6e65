"""Moderation: rules of a process, the case of each contribution that was held or flagged, decisions, appeals, blocks.

A contribution is anything that people publish under a ref (``comment/…``, ``proposal/…``). Its row lies in its own
room; here is only what was decided about it. Texts of contributions are not copied into these tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..kernel.db import CodeSet, Model, choice
from ..processes.models import Process

LONGEST_REF = 60
WORDS_LENGTH = (10, 1_000)
POLICY_LENGTH = 4_000
Texts = dict[str, str]


class Standing(StrEnum):
    """How a contribution stands: everybody reads it, it waits for a moderator, or a moderator has hidden it."""

    SHOWN = "shown"
    HELD = "held"
    HIDDEN = "hidden"


class Mode(StrEnum):
    """Whether contributions appear at once and are looked at afterwards, or wait for a moderator first."""

    AFTER = "after"
    BEFORE = "before"


class Reason(StrEnum):
    """Why a contribution is flagged or hidden, or a person blocked."""

    SPAM = "spam"
    INSULT = "insult"
    PERSONAL_DATA = "personal_data"
    UNLAWFUL = "unlawful"
    OFF_TOPIC = "off_topic"
    OTHER = "other"


class Hold(StrEnum):
    """Why a contribution was held back before anybody read it."""

    BEFORE_PUBLICATION = "before_publication"
    FIRST_POST = "first_post"
    LINKS = "links"
    REPEATED = "repeated"
    SHOUTING = "shouting"


class Waiting(StrEnum):
    """What a case in the queue waits for."""

    HELD = "held"
    FLAGGED = "flagged"
    APPEALED = "appealed"


class Act(StrEnum):
    """What a moderator did with a contribution."""

    PUBLISHED = "published"
    REFUSED = "refused"
    HIDDEN = "hidden"
    RESTORED = "restored"
    KEPT = "kept"


WITHHOLDING = frozenset({Act.REFUSED, Act.HIDDEN})


class AppealOutcome(StrEnum):
    UPHELD = "upheld"
    OVERTURNED = "overturned"


@dataclass(frozen=True, slots=True)
class Rules:
    """How a process is moderated. A process without a row has these.

    ``first_posts``: how many contributions of a person wait for a moderator before the others appear at once.
    ``per_hour``, ``per_day``: most contributions of one person in the process; ``per_place``: in one thread and hour.
    ``most_links``: more links than this hold a text back. ``notice_hours``: moderators are written to when something
    has waited longer. ``policy``: what the city says of its moderation, by language; empty: the default text.
    """

    mode: Mode = Mode.AFTER
    first_posts: int = 0
    per_hour: int = 20
    per_day: int = 60
    per_place: int = 10
    most_links: int = 2
    notice_hours: int = 24
    policy: Texts = field(default_factory=dict)

    def public_payload(self) -> dict[str, Any]:
        return {
            "mode": self.mode.value,
            "first_posts": self.first_posts,
            "per_hour": self.per_hour,
            "per_day": self.per_day,
            "per_place": self.per_place,
            "most_links": self.most_links,
            "notice_hours": self.notice_hours,
            "policy": self.policy,
        }


class ModerationRules(Model):
    """The rules of one process, as the log knows them."""

    __tablename__ = "moderation_rules"

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True)
    mode: Mapped[Mode] = mapped_column(choice(Mode))
    first_posts: Mapped[int]
    per_hour: Mapped[int]
    per_day: Mapped[int]
    per_place: Mapped[int]
    most_links: Mapped[int]
    notice_hours: Mapped[int]
    policy: Mapped[Texts] = mapped_column(JSON, default=dict)
    set_at: Mapped[datetime]

    @property
    def rules(self) -> Rules:
        return Rules(
            self.mode,
            self.first_posts,
            self.per_hour,
            self.per_day,
            self.per_place,
            self.most_links,
            self.notice_hours,
            self.policy,
        )

    def put(self, rules: Rules, *, at: datetime) -> None:
        for name in Rules.__slots__:
            setattr(self, name, getattr(rules, name))
        self.set_at = at


class Case(Model):
    """What moderators know of one contribution; made when it is held or flagged first.

    ``waits_for`` and ``waiting_since``: why and since when it is in the queue, None when nothing is to be done.
    ``flags``: how many people flagged it; ``weight``: the same, each network counted once a day.
    ``is_burst``: what flags there are come from a network that flagged many contributions at once; they stand in the
    queue as one line together. ``kind`` is the first part of ``ref``. ``author_id``: the first author's account.
    """

    __tablename__ = "moderation_case"
    __table_args__ = (Index("ix_moderation_case_queue", "process_id", "waiting_since", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    ref: Mapped[str] = mapped_column(String(LONGEST_REF), unique=True)
    kind: Mapped[str] = mapped_column(String(30))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    held_because: Mapped[tuple[str, ...]] = mapped_column(CodeSet, default=())
    waits_for: Mapped[Waiting | None] = mapped_column(choice(Waiting))
    waiting_since: Mapped[datetime | None]
    flags: Mapped[int] = mapped_column(default=0)
    weight: Mapped[int] = mapped_column(default=0)
    is_burst: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    def wait(self, reason: Waiting, *, since: datetime) -> None:
        """Put the case into the queue, or leave it where it stands."""
        if self.waits_for is not reason:
            self.waits_for, self.waiting_since = reason, since

    def settle(self) -> None:
        """Take the case out of the queue; flags that come later put it there anew."""
        self.waits_for = self.waiting_since = None
        self.is_burst = False


class Flag(Model):
    """That a person pointed a contribution out, once; ``network``: keyed sketch of the address, gone after a week.

    ``decided``: a moderator has decided since, so that the flag counts no more.
    """

    __tablename__ = "moderation_flag"
    __table_args__ = (UniqueConstraint("case_id", "account_id"), Index("ix_moderation_flag_network", "network", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    reason: Mapped[Reason] = mapped_column(choice(Reason))
    words: Mapped[str | None] = mapped_column(Text)
    network: Mapped[str | None] = mapped_column(String(32))
    is_decided: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]


class Decision(Model):
    """What a moderator decided about a contribution; never edited. ``waited_since``: since when the case had waited.

    ``words``: what its author reads beside the reason. ``decided_by_id``: None for the system.
    """

    __tablename__ = "moderation_decision"
    __table_args__ = (Index("ix_moderation_decision_process", "process_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id"), index=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    act: Mapped[Act] = mapped_column(choice(Act))
    reason: Mapped[Reason | None] = mapped_column(choice(Reason))
    words: Mapped[str | None] = mapped_column(Text)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    waited_since: Mapped[datetime | None]
    at: Mapped[datetime]

    case: Mapped[Case] = relationship(lazy="raise")

    @property
    def withholds(self) -> bool:
        return self.act in WITHHOLDING


class Appeal(Model):
    """An author's word against a decision, once for each; decided by somebody else than who decided first."""

    __tablename__ = "moderation_appeal"
    __table_args__ = (Index("ix_moderation_appeal_process", "process_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("moderation_decision.id"), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    outcome: Mapped[AppealOutcome | None] = mapped_column(choice(AppealOutcome))
    answer: Mapped[str | None] = mapped_column(Text)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    decided_at: Mapped[datetime | None]

    decision: Mapped[Decision] = relationship(lazy="raise")


class Block(Model):
    """That a person cannot contribute in a process until a moment; they still read, vote and appeal.

    It ends by itself at ``until``; ``ended_at`` and ``ended_because`` when somebody ended it earlier.
    """

    __tablename__ = "moderation_block"
    __table_args__ = (Index("ix_moderation_block_account", "account_id", "process_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[Reason] = mapped_column(choice(Reason))
    words: Mapped[str] = mapped_column(Text)
    blocked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(Text)

    process: Mapped[Process] = relationship(lazy="raise")

    @property
    def ref(self) -> str:
        return f"moderation_block/{self.public_id}"

    def holds(self, now: datetime) -> bool:
        return self.ended_at is None and self.at <= now < self.until


class Post(Model):
    """That a person contributed something, for limits, first posts and bursts; ``ref`` None where nobody said it.

    ``is_cleared``: it appeared, at once or after a moderator read it. ``fingerprint``: of the folded text.
    ``network`` and ``fingerprint`` go after a week.
    """

    __tablename__ = "moderation_post"
    __table_args__ = (
        Index("ix_moderation_post_account", "process_id", "account_id", "at"),
        Index("ix_moderation_post_time", "process_id", "at"),
        {"info": {"housekeeping": "limits and repetition only; the contribution itself is in the log"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(30))
    ref: Mapped[str | None] = mapped_column(String(LONGEST_REF), index=True)
    place: Mapped[str | None] = mapped_column(String(LONGEST_REF))
    is_cleared: Mapped[bool]
    fingerprint: Mapped[str | None] = mapped_column(String(32))
    network: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime]


class Shingle(Model):
    """One of the smallest hashes of the runs of words of a post: texts that share most of them say the same."""

    __tablename__ = "moderation_shingle"
    __table_args__ = {"info": {"housekeeping": "repetition only, removed after a week"}, "sqlite_with_rowid": False}

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True)
    shingle: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(
        ForeignKey("moderation_post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )


class Notice(Model):
    """That moderators were written to about what waits in a process, up to a moment: nobody is told of it twice."""

    __tablename__ = "moderation_notice"
    __table_args__ = {"info": {"housekeeping": "mails only"}}

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True)
    told_until: Mapped[datetime]
