"""From the text of a mail to the blocks of its HTML: paragraphs, addresses, letters in Markdown, and a foot.

The text is the mail; the HTML adds no word but the label of a button, and every address of ours in the text is a link
there, and no other: what people typed cannot put a button of theirs into the city's frame. (A newsletter is the
city's own letter: its Markdown may link anywhere.) Marks that only this file reads stand in the text until it is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from ..kernel.i18n import text_direction
from ..kernel.text import markdown

FOOT = "\x03"
"""In a template: from this line on, what stands below every mail."""
_BEGIN, _END = "\x01", "\x02"
_MARKS = re.compile("\x01[a-z]{2}\n|\x02\n?|[\x01-\x03]")
_ISOLATE, _POP = "\u2068", "\u2069"
_HEADING = re.compile(r"(</?h)([3-6])\b")
_LINK_STYLE = Markup('<a style="color:#0a666c;text-decoration:underline" ')

FRAMED = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'self'; form-action 'none'; frame-ancestors 'self'; "
        "sandbox allow-top-navigation-by-user-activation"
    ),
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "no-store",
}
"""A mail has its styles at its elements; here it can do nothing else, and stand only in the frame on a page of ours."""

BUTTON = _l("Open the page")
BUTTONS: dict[str, Any] = {
    "sign_in": _l("Sign in"),
    "sign_up": _l("Open your account"),
    "change_email": _l("Use this address"),
    "invitation": _l("Read and answer"),
    "invitation_reminder": _l("Read and answer"),
    "stay": _l("Sign in"),
    "newsletter": _l("Read it on the site"),
}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together, as HTML. ``direction``: ``auto`` where they are somebody's own words."""

    html: Markup
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An address on a line of its own. ``is_button``: the one thing that the mail is for."""

    address: str
    is_button: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody wrote in Markdown, in its own language."""

    html: Markup
    language: str
    direction: str


Block = Paragraph | Link | Letter


@dataclass(frozen=True, slots=True)
class Layout:
    body: list[Block]
    foot: list[Block]


def framed(html: str) -> str:
    """The page of a mail for a frame on a page of ours: its links open in the whole window. Send it with FRAMED."""
    return html.replace("<head>", '<head><base target="_top">', 1)


def prose(letter: dict[str, str]) -> str:
    """For templates: a letter ``{"text": Markdown, "language": …}``; the HTML keeps its headings, lists and links."""
    return f"{_BEGIN}{letter['language']}\n{letter['text']}\n{_END}"


def begins_prose(line: str) -> str | None:
    """The language of the letter that begins with this line, or None."""
    return line[1:] if line.startswith(_BEGIN) else None


def ends_prose(line: str) -> bool:
    return line.startswith(_END)


def without_marks(text: str) -> str:
    return _MARKS.sub("", text)


def arrange(marked: str, *, own_address: str) -> Layout:
    """The blocks of a mail's text."""
    body, _mark, foot = marked.partition(FOOT)
    above, below = (list(_blocks(part, own_address)) for part in (body, foot.replace(FOOT, "")))
    links = [each for each in above if isinstance(each, Link)]
    if len(links) == 1:
        above[above.index(links[0])] = Link(links[0].address, is_button=True)
    return Layout(above, below)


def _blocks(text: str, own_address: str) -> Iterator[Block]:
    before, mark, rest = text.partition(_BEGIN)
    yield from _plain_blocks(before, own_address)
    if mark:
        head, _newline, rest = rest.partition("\n")
        letter, _end, after = rest.partition(_END)
        html = _HEADING.sub(_raised, markdown(letter.strip()).replace("<a ", _LINK_STYLE))
        yield Letter(Markup(html), head, text_direction(head))  # noqa: S704  # markdown has made it safe
        yield from _blocks(after, own_address)


def _raised(tag: re.Match[str]) -> str:
    """Headings of a letter stand directly below the mail's own."""
    return f"{tag[1]}{int(tag[2]) - 1}"


def _plain_blocks(text: str, own_address: str) -> Iterator[Block]:
    pending: list[tuple[str, bool]] = []
    for line, is_typed in [*_lines(text), ("", False)]:
        if line and not _is_ours(line, own_address):
            pending.append((line, is_typed))
            continue
        if pending:
            yield _paragraph(pending)
            pending = []
        if line:
            yield Link(line)


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it lies inside of something typed that runs over several lines."""
    is_open = False
    for line in text.split("\n"):
        was_open = is_open
        is_open = (line.count(_ISOLATE) - line.count(_POP) + was_open) > 0
        yield line.strip(), was_open or is_open


def _is_ours(line: str, own_address: str) -> bool:
    return line == own_address or (line.startswith(f"{own_address}/") and " " not in line)


def _paragraph(lines: Iterable[tuple[str, bool]]) -> Paragraph:
    found = list(lines)
    html = Markup("<br>").join(_isolated(line) for line, _typed in found)
    return Paragraph(html, "auto" if any(typed for _line, typed in found) else None)


def _isolated(line: str) -> Markup:
    """Escaped; what the text isolates with characters, the HTML isolates with an element."""
    open_now = 0
    out = []
    for piece in re.split(f"([{_ISOLATE}{_POP}])", line):
        if piece == _ISOLATE:
            open_now += 1
            out.append(Markup("<bdi>"))
        elif piece == _POP:
            out.append(Markup("</bdi>") if open_now else Markup(""))
            open_now = max(open_now - 1, 0)
        else:
            out.append(escape(piece))
    return Markup("").join(out) + Markup("</bdi>") * open_now
