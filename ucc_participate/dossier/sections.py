"""A form version read: its sections as typed values. docs/forms.md has the members of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Texts = Mapping[str, str]


class SectionKind(StrEnum):
    """``heading`` has no answer; ``signature`` and ``attachment`` are answered on paper or with files."""

    TEXT = "text"
    HEADING = "heading"
    CONTACT = "contact"
    CHOICE = "choice"
    URLS = "urls"
    SIGNATURE = "signature"
    INITIATIVES = "initiatives"
    ATTACHMENT = "attachment"


ANSWERED = frozenset(
    {SectionKind.TEXT, SectionKind.CONTACT, SectionKind.CHOICE, SectionKind.URLS, SectionKind.INITIATIVES}
)


SUBMITTED_IN = ("en", "fr")
"""The languages that UNESCO takes."""
RUNNING = frozenset({SectionKind.TEXT, SectionKind.INITIATIVES})
"""Sections whose answer is a text of paragraphs."""


@dataclass(frozen=True, slots=True)
class Section:
    """One field of an official form. ``words``, ``items``: its limits, None where nobody has typed one in.

    ``draft``: which draft from facts fits it. ``evidence``: F found in ``source``, R recalled, G guessed.
    ``options``: of a choice, the ids that may be chosen.
    """

    id: str
    title: Texts
    asks: Texts
    kind: SectionKind
    draft: str | None = None
    words: int | None = None
    items: int | None = None
    rules: tuple[str, ...] = ()
    evidence: str = "G"
    source: str = ""
    options: tuple[str, ...] = ()

    @property
    def is_answered(self) -> bool:
        return self.kind in ANSWERED

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Section:
        """From a checked section of a form version's content (``checking.problems`` found nothing)."""
        limit = told.get("limit") or {}
        return cls(
            id=told["id"],
            title=told["title"],
            asks=told.get("asks", {}),
            kind=SectionKind(told["kind"]),
            draft=told.get("draft"),
            words=limit.get("words"),
            items=limit.get("items"),
            rules=tuple(told.get("rules", ())),
            evidence=told.get("evidence", "G"),
            source=told.get("source", ""),
            options=tuple(told.get("options", ())),
        )


def sections_of(content: Mapping[str, Any]) -> tuple[Section, ...]:
    """All sections of a form version's ``content``, in the order of the form."""
    return tuple(Section.read(told) for told in content["sections"])


def section_of(content: Mapping[str, Any], section_id: str) -> Section | None:
    return next((section for section in sections_of(content) if section.id == section_id), None)


def languages_of(content: Mapping[str, Any]) -> tuple[str, ...]:
    """In which of UNESCO’s languages the form may be handed in; both where it does not say."""
    said = content.get("languages") or SUBMITTED_IN
    return tuple(code for code in SUBMITTED_IN if code in said)


def phrases_of(content: Mapping[str, Any]) -> frozenset[str]:
    """What the form wants to read where there is nothing to say, in each language that it is known in."""
    phrase = content.get("empty_phrase") or {}
    return frozenset(text for text in phrase.get("text", {}).values() if text)
