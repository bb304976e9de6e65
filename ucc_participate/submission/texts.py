"""The dossier as plain text: one file, and one for each field, to be pasted into the official form."""

from __future__ import annotations

from collections.abc import Iterator

from ..kernel.i18n import writing_for
from .blocks import draft_note, file_facts, own_heading, section_heading, withheld_note
from .content import Field, HandedIn, title_in

RULE = "─" * 60


def whole(handed_in: HandedIn, language: str) -> bytes:
    """UTF-8 with a mark, so that old editors read Persian; line ends of Windows, where forms are filled in."""
    with writing_for(language):
        lines = [title_in(handed_in.city, language), title_in(handed_in.title, language), ""]
        if not handed_in.dossier.is_frozen:
            lines += [draft_note(), ""]
        for field in handed_in.fields:
            lines += [RULE, section_heading(field, language), RULE, "", *_said(handed_in, field, language), ""]
        lines += _own(handed_in, language)
    lines += [handed_in.seal.citation, handed_in.seal.url, ""]
    return "\r\n".join("\n".join(lines).split("\n")).encode("utf-8-sig")


def _said(handed_in: HandedIn, field: Field, language: str) -> list[str]:
    """The text and nothing else where there is one, for it is pasted; else what lies in its place."""
    text = field.text_in(language)
    if text is not None:
        return [text.text]
    if field.is_withheld and not handed_in.is_whole:
        return [withheld_note()]
    files = [(field.section.id, number, file) for number, file in field.files]
    return [": ".join(file_facts(*file, language)) for file in files] or [""]


def _own(handed_in: HandedIn, language: str) -> list[str]:
    if not handed_in.own:
        return []
    files = [": ".join(file_facts(*file, language)) for file in handed_in.own]
    return [RULE, own_heading(), RULE, "", *files, ""]


def fields(handed_in: HandedIn, language: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the text of each section, exactly as written."""
    for field in handed_in.fields:
        text = field.text_in(language)
        if text is not None:
            yield f"{field.section.id}.txt", text.text.encode("utf-8")
