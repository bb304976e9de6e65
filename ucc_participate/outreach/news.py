"""News of which people who follow a process are told; higher domains bring theirs (``ucc.news``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from ..kernel.i18n import in_language
from .models import NARROW_KINDS, NewsKind

Titles = dict[str, str] | str
"""In several languages, or as somebody wrote it."""

WINDOW = timedelta(days=3)
"""How old news may be and still be told: wider than the longest quiet hours and the longest halt of the job."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that followers are told once. ``key``: the same whenever it is found again.

    ``title``: of the phase, proposal, vote or meeting, in one or several languages; ``at``: when it ends or takes
    place, where that matters. ``accounts``: a select of the ids of those whom it concerns, None: all who follow.
    ``subject``: what it happened to (``proposal/…``), None: the process. Who follows the process is told of its parts,
    too, but for NARROW_KINDS. The subject's name leads to where it is read (``subjects``).
    ``told_as``: which sentence of the mail tells it, where a kind has several (``meeting_moved``).
    """

    process_id: int
    kind: NewsKind
    key: str
    title: Titles
    at: datetime | None = None
    accounts: Select[Any] | None = None
    subject: str | None = None
    told_as: str | None = None

    @property
    def sentence(self) -> str:
        return self.told_as or self.kind.value

    def followed_as(self, process: str) -> tuple[str, ...]:
        """What one follows to be told of it; ``process``: the ref of its process."""
        if self.subject is None or self.subject == process:
            return (process,)
        return (self.subject,) if self.kind in NARROW_KINDS else (self.subject, process)


NewsSource = Callable[[Session, datetime], Iterable[News]]
"""``source(session, now)``: news that is due now and not older than WINDOW."""


def in_words(title: Titles, locale: str) -> str:
    """A title in a reader's language, or in the best that there is."""
    return title if isinstance(title, str) else in_language(title, locale).text
