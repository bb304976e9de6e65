"""The dossier as plain text: one file, and one for each field, to be pasted into the official form."""

from __future__ import annotations

from collections.abc import Iterator

from ..kernel.i18n import writing_for
from .blocks import section_heading
from .content import HandedIn, title_in

RULE = "─" * 60


def whole(handed_in: HandedIn, language: str) -> bytes:
    """UTF-8 with a mark, so that old editors read Persian; line ends of Windows, where forms are filled in."""
    with writing_for(language):
        lines = [title_in(handed_in.city, language), title_in(handed_in.title, language), ""]
        for field in handed_in.fields:
            text = field.text_in(language)
            lines += [RULE, section_heading(field, language), RULE, "", text.text if text else "", ""]
    lines += [handed_in.seal.citation, handed_in.seal.url, ""]
    return "\r\n".join("\n".join(lines).split("\n")).encode("utf-8-sig")


def fields(handed_in: HandedIn, language: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the text of each section, exactly as written."""
    for field in handed_in.fields:
        text = field.text_in(language)
        if text is not None:
            yield f"{field.section.id}.txt", text.text.encode("utf-8")
