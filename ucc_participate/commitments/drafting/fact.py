"""What drafts are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ...dossier.sections import Section
from ..overview import Overview


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence with its code. ``weight``: 1 for what comes in first; a paragraph is a run of one ``part``."""

    code: str
    text: str
    weight: int = 2
    part: str = ""


Facts = Callable[[Overview, Section], Iterable[Fact]]
