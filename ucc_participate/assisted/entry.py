"""What stands on one form: who brought it, and what they propose."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..accounts.models import AboutYou
from ..proposals.models import Content


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever brought it. ``email``: of an account that they have already; else one without an address is made."""

    name: str = ""
    email: str | None = None
    about: AboutYou = field(default_factory=AboutYou)


@dataclass(frozen=True, slots=True)
class Entry:
    """One form: who, and what they propose; without ``content`` only that they were there."""

    person: Person
    content: Content | None = None
