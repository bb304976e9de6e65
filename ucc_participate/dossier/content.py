"""What people say of a dossier and write in it, as operations take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

LONGEST_TEXT = 60_000
LONGEST_COMMENT = 2_000


@dataclass(frozen=True, slots=True)
class Terms:
    """In which language it is handed in, and until when: to the National Commission first, then to UNESCO."""

    submits_in: str = "en"
    national_deadline: date | None = None
    unesco_deadline: date | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What was typed. ``based_on``: number of the version that it was typed over, None: whatever stands.

    ``fields``: of a section that is no running text; ``text`` then says them in words (``fields.in_words``).
    ``of_number``: version of the source text that stood beside it.
    """

    text: str = ""
    fields: Mapping[str, Any] | None = None
    based_on: int | None = None
    of_number: int | None = None
