"""News of which people who follow a process are told; higher domains bring theirs (``ucc.news``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from .models import NewsKind

WINDOW = timedelta(days=3)
"""How old news may be and still be told: wider than the longest quiet hours and the longest halt of the job."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that followers of a process are told once. ``key``: the same whenever it is found again.

    ``title``: of the phase, proposal or vote, in one or several languages; ``at``: when it ends, where that matters.
    ``accounts``: a select of the ids of those whom it concerns, None: all who follow the process.
    """

    process_id: int
    kind: NewsKind
    key: str
    title: dict[str, str] | str
    at: datetime | None = None
    accounts: Select[Any] | None = None


NewsSource = Callable[[Session, datetime], Iterable[News]]
"""``source(session, now)``: news that is due now and not older than WINDOW."""
