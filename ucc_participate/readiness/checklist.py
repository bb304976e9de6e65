"""The checklist of attachments: what the form asks for, beside what is there. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from ..dossier.sections import Section, SectionKind, section_of, sections_of
from ..kernel.i18n import in_language
from .models import COUNCIL, OWN_SECTIONS, SUPPORT, Attachment, AttachmentState

LIST, PHOTOS, CESSIONS = "A0", "A4", "A5"
"""Ids of the official form that are more than a letter."""
FILED = frozenset({SectionKind.ATTACHMENT, SectionKind.SIGNATURE})


class Want(StrEnum):
    """What a row asks for: ``made`` is made by us from the others."""

    MADE = "made"
    PAPER = "paper"
    PHOTO = "photo"
    CESSION = "cession"


@dataclass(frozen=True, slots=True)
class Row:
    """``items``: how many the form takes, None for any number. ``live``: all that is not void.

    ``is_official``: asked for by the form. ``others_ready``: of what is made from the other rows, whether they are.
    """

    id: str
    title: Any
    asks: Any
    want: Want
    items: int | None
    is_official: bool
    evidence: str
    source: str
    live: tuple[Attachment, ...]
    void: tuple[Attachment, ...]
    cessions: tuple[Attachment, ...] = ()
    others_ready: bool = False

    def title_in(self, locale: str) -> str:
        """Official titles are data in three languages, ours are lazy texts."""
        if not isinstance(self.title, Mapping):
            return str(self.title)
        return str(in_language(self.title, locale) or self.id)

    @property
    def needed(self) -> int:
        return 0 if self.id == SUPPORT else self.items or 1

    @property
    def ready(self) -> tuple[Attachment, ...]:
        """Those that could be handed in: a photo with its rights ceded, any paper signed."""
        return tuple(each for each in self.live if self.is_ready(each))

    def is_ready(self, attachment: Attachment) -> bool:
        if self.want is Want.PHOTO:
            return attachment.state.has_file and self.is_ceded(attachment)
        if attachment.is_idle:
            return False
        return attachment.state is AttachmentState.SIGNED

    def is_ceded(self, photo: Attachment) -> bool:
        """Whether a signed sheet cedes the rights of this photo, or of all photos."""
        signed = (each for each in self.cessions if each.state is AttachmentState.SIGNED)
        return any(each.photo_id in (photo.id, None) for each in signed)

    @property
    def missing(self) -> int:
        """How many are still to come."""
        if self.want is Want.MADE:
            return 0 if self.others_ready else 1
        return max(0, self.needed - len(self.ready))

    @property
    def too_many(self) -> int:
        return max(0, len(self.live) - self.items) if self.items is not None and self.is_official else 0

    @property
    def takes_more(self) -> bool:
        return self.want is not Want.MADE and (self.items is None or len(self.live) < self.items)

    def is_late(self, today: date) -> bool:
        return any(each.due_on and each.due_on < today and not self.is_ready(each) for each in self.live)


def rows_of(content: dict[str, Any], attachments: Sequence[Attachment], own: dict[str, tuple[Any, Any]]) -> list[Row]:
    """The rows of a form version, then ours. ``own``: title and question of each of OWN_SECTIONS.

    A sheet that cedes rights is wanted for each photo, or once for all where the form takes one sheet.
    """
    asked = [section for section in sections_of(content) if section.kind in FILED]
    cessions = tuple(each for each in attachments if each.section == CESSIONS and not each.is_void)
    rows = [_official(section, attachments, cessions) for section in asked]
    kept = {row.id for row in rows} | set(OWN_SECTIONS)
    rows += [_own(code, *own[code], attachments) for code in OWN_SECTIONS]
    beside = sorted({each.section for each in attachments} - kept)
    rows += [_own(code, code, "", attachments) for code in beside]
    ready = all(row.missing == 0 for row in rows if row.is_official and row.want is not Want.MADE)
    return [replace(row, others_ready=ready) if row.want is Want.MADE else row for row in rows]


def takes_files(content: dict[str, Any], section: str) -> bool:
    """Whether files are noted for this section; the list of documents is made from the others."""
    if section in OWN_SECTIONS:
        return True
    found = section_of(content, section)
    return found is not None and found.kind in FILED and section != LIST


def _official(section: Section, attachments: Sequence[Attachment], cessions: tuple[Attachment, ...]) -> Row:
    want = {LIST: Want.MADE, PHOTOS: Want.PHOTO, CESSIONS: Want.CESSION}.get(section.id, Want.PAPER)
    return Row(
        section.id,
        section.title,
        section.asks,
        want,
        1 if section.kind is SectionKind.SIGNATURE else section.items,
        True,
        section.evidence,
        section.source,
        _of(section.id, attachments, void=False),
        _of(section.id, attachments, void=True),
        cessions,
    )


def _own(code: str, title: Any, asks: Any, attachments: Sequence[Attachment]) -> Row:
    live, void = _of(code, attachments, void=False), _of(code, attachments, void=True)
    return Row(code, title, asks, Want.PAPER, 1 if code == COUNCIL else None, False, "", "", live, void)


def _of(section: str, attachments: Sequence[Attachment], *, void: bool) -> tuple[Attachment, ...]:
    return tuple(each for each in attachments if each.section == section and each.is_void is void)
