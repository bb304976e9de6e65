"""What is different between two editions of a form, and what that means for texts that are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .models import Answer, AnswerState
from .sections import Section, SectionKind, sections_of


@dataclass(frozen=True, slots=True)
class SectionChange:
    """``before`` is None for what is new, ``after`` for what is gone; ``members``: names of what differs."""

    id: str
    before: Section | None
    after: Section | None
    members: tuple[str, ...] = ()

    @property
    def shrinks(self) -> bool:
        """Whether its limit of words is tighter than the one that was known before."""
        old, new = (each.words if each else None for each in (self.before, self.after))
        return old is not None and new is not None and new < old

    @property
    def is_about_sources(self) -> bool:
        """Whether the section asks the same as before, and only where that is known from differs."""
        return self.before is not None and self.after is not None and set(self.members) <= {"evidence", "source"}


@dataclass(frozen=True, slots=True)
class Moved:
    """``too_long``: written texts above the new limit. ``reopened``: the final ones among them and
    ``of_another_kind``: filled in otherwise now, or a choice that is not offered any more.
    ``beside``: texts of sections that the new form does not have."""

    changes: list[SectionChange] = field(default_factory=list)
    too_long: list[tuple[Answer, int]] = field(default_factory=list)
    reopened: list[Answer] = field(default_factory=list)
    beside: list[Answer] = field(default_factory=list)

    @property
    def of_another_kind(self) -> list[Answer]:
        long_ = {answer.id for answer, _over in self.too_long}
        return [answer for answer in self.reopened if answer.id not in long_]


MEMBERS = ("title", "asks", "kind", "draft", "words", "items", "rules", "evidence", "source", "options")


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[SectionChange]:
    """Section by section in the order of the new form, then what is gone."""
    old = {section.id: section for section in sections_of(before)}
    new = {section.id: section for section in sections_of(after)}
    found = [
        SectionChange(name, old.get(name), section, _differing(old.get(name), section)) for name, section in new.items()
    ]
    gone = [SectionChange(name, section, None) for name, section in old.items() if name not in new]
    return [change for change in found if change.before is None or change.members] + gone


def changes_of(before: Mapping[str, Any], after: Mapping[str, Any], answers: Iterable[Answer]) -> Moved:
    new = {section.id: section for section in sections_of(after)}
    old = {section.id: section for section in sections_of(before)}
    moved = Moved(differences(before, after))
    for answer in answers:
        section = new.get(answer.section)
        if section is None or not section.is_answered:
            if answer.is_written:
                moved.beside.append(answer)
            continue
        over = excess(section, answer)
        if over:
            moved.too_long.append((answer, over))
        was = old.get(answer.section)
        is_other = (was is not None and was.kind is not section.kind) or not is_offered(section, answer)
        if answer.state is AnswerState.FINAL and (over or is_other):
            moved.reopened.append(answer)
    return moved


def excess(section: Section, answer: Answer) -> int:
    """How many words, or addresses, are too many; 0 when it fits or no limit is known."""
    if section.kind is SectionKind.URLS:
        lines = len([line for line in answer.text.splitlines() if line.strip()])
        return max(0, lines - section.items) if section.items is not None else 0
    return max(0, answer.words - section.words) if section.words is not None else 0


def is_offered(section: Section, answer: Answer) -> bool:
    """Whether what was chosen is among the choices of the form; True where nothing is chosen."""
    chosen = (answer.fields or {}).get("choice")
    return section.kind is not SectionKind.CHOICE or chosen is None or chosen in section.options


def _differing(before: Section | None, after: Section) -> tuple[str, ...]:
    if before is None:
        return ()
    return tuple(name for name in MEMBERS if getattr(before, name) != getattr(after, name))
