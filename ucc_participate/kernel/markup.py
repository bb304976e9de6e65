"""HTML that people paste or that comes from elsewhere, as text: paragraphs, lists, emphasis stay, nothing acts."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Final

_MARKUP = re.compile(
    r"</?(?:p|div|br|ul|ol|li|h[1-6]|span|strong|b|em|i|u|a|blockquote|table|tr|td|th|font|img|iframe|style|script|section)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_SILENT: Final = frozenset(
    {"script", "style", "head", "template", "noscript", "iframe", "object", "svg", "math", "title"}
)
_BLOCKS: Final = frozenset(
    {
        "p",
        "div",
        "section",
        "article",
        "blockquote",
        "table",
        "tr",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
    }
)
_MARKS: Final = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_SPACES = re.compile(r"[ \t\u00a0]+")
_EMPTY_MARKS = re.compile(r"\*\*\s*\*\*")


def has_markup(text: str) -> bool:
    """Whether a text holds tags of HTML, as it does when it is pasted from a web page's source."""
    return _MARKUP.search(text) is not None


def markup_to_text(html: str) -> str:
    """Markdown of what a reader of the page would see: scripts, styles, pictures and attributes are gone."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


def markup_to_line(html: str) -> str:
    """One line without any mark, for titles."""
    plain = markup_to_text(html) if has_markup(html) else unescape(html)
    return " ".join(plain.replace("**", "").split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._silent: list[str] = []
        self._lists: list[int | None] = []
        self._targets: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag == "br":
            self._lines.append("")
        elif tag == "li":
            self._begin_item()
        elif tag in _BLOCKS:
            self._begin_block(tag)
        elif tag in _MARKS:
            self._add(_MARKS[tag])
        elif tag == "a":
            target = dict(attrs).get("href") or ""
            self._targets.append(target if target.startswith(("http://", "https://", "mailto:")) else None)
            self._add("[" if self._targets[-1] else "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            if tag in self._silent:
                del self._silent[self._silent.index(tag) :]
        elif tag in ("ul", "ol"):
            self._lists = self._lists[:-1]
            self._break()
        elif tag in _BLOCKS:
            self._break()
        elif tag in _MARKS:
            self._lines[-1] = self._lines[-1].rstrip()
            self._add(_MARKS[tag])
        elif tag == "a" and self._targets:
            target = self._targets.pop()
            self._add(f"](<{target}>)" if target and not set(target) & set("<>\n") else "]" if target else "")
        elif tag in ("td", "th"):
            self._add(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            text = " ".join(_SPACES.sub(" ", data).split("\n"))
            self._add(text.lstrip() if not self._lines[-1].strip() else text)

    def text(self) -> str:
        lines = [_EMPTY_MARKS.sub("", _SPACES.sub(" ", line)).rstrip() for line in self._lines]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def _begin_block(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        self._break()
        if tag[0] == "h" and tag[1:].isdigit():
            self._add("#" * max(2, int(tag[1])) + " ")
        elif tag == "blockquote":
            self._add("> ")

    def _begin_item(self) -> None:
        number = self._lists[-1] if self._lists else None
        if number is not None:
            self._lists[-1] = number + 1
        if self._lines[-1].strip():
            self._lines.append("")
        self._add("- " if number is None else f"{number + 1}. ")

    def _break(self) -> None:
        """An empty line, unless one is there."""
        if self._lines[-1].strip():
            self._lines += ["", ""]
        elif len(self._lines) > 1 and self._lines[-2].strip():
            self._lines.append("")

    def _add(self, text: str) -> None:
        if not self._silent:
            self._lines[-1] += text
