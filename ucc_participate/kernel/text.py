"""What people type: cleaned at the boundary, folded for search, keyed for sorting, rendered as safe HTML.

Folding and keys are computed here and stored in columns, so that both databases find and sort alike.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

import nh3
from flask_babel import lazy_ngettext
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from .errors import Invalid

ZWNJ: Final = "\u200c"
PERSIAN_ALPHABET: Final = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
MOST_TERMS: Final = 8

_ZWJ = "\u200d"
_TATWEEL = "\u0640"
_MARKS = (
    "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
)
# Direction overrides, embeddings, isolates and marks; invisible fillers; interlinear and tag characters; surrogates.
_INVISIBLE = re.compile(
    "[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u00ad\u034f\u115f\u1160\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_PILED_MARKS = re.compile(f"([{_MARKS}]{{4}})[{_MARKS}]+")
_SPACES = re.compile(r"[^\S\n]+")
_JOINERS_AT_EDGE = re.compile(f"(?<!\\S){ZWNJ}+|{ZWNJ}+(?!\\S)|(?<={ZWNJ}){ZWNJ}+")
_BLANK_LINES = re.compile(r"\n{3,}")
_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"\S+")

_LETTERS = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ې": "ی", "ے": "ی", "ك": "ک", "ڪ": "ک", "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ٱ": "ا",
        "ٲ": "ا", "ٳ": "ا", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i", _TATWEEL: None, _ZWJ: None,
    }
)  # fmt: skip
# Sort keys: digits, then the Persian letters on the 34 ASCII places before small Latin letters, then Latin.
_SORT_PLACES = {ord(letter): chr(0x3F + place) for place, letter in enumerate("ء" + PERSIAN_ALPHABET)}
_SORT_DIGITS: Final = 20


class TooLong(Invalid):
    """A text has more characters than its place takes."""

    def __init__(self, length: int, most: int) -> None:
        super().__init__(
            lazy_ngettext(
                "Shorten this to %(num)s character. It has %(length)s.",
                "Shorten this to %(num)s characters. It has %(length)s.",
                most,
                length=length,
            )
        )


def strip_bidi(text: str) -> str:
    """Remove characters that reorder or hide their neighbours: bidi controls, control characters but newline and tab,
    zero-width fillers. The half-space (ZWNJ) and the joiner of emoji (ZWJ) stay."""
    return _PILED_MARKS.sub(r"\1", _INVISIBLE.sub("", text))


def clean_line(text: str | None, *, max_length: int | None = None) -> str:
    """One line: NFC, nothing that reorders, single spaces, no blank edges. Raises TooLong."""
    cleaned = clean_text(text).replace("\n", " ")
    return _within(_SPACES.sub(" ", cleaned), max_length)


def clean_text(text: str | None, *, max_length: int | None = None) -> str:
    """Several lines: as clean_line, but line breaks stay, at most one blank line in a row. Raises TooLong."""
    unified = _LINE_END.sub("\n", text or "")
    spaced = _SPACES.sub(" ", strip_bidi(unicodedata.normalize("NFC", unified)))
    lines = [_JOINERS_AT_EDGE.sub("", line).strip() for line in spaced.split("\n")]
    return _within(_BLANK_LINES.sub("\n\n", "\n".join(lines)).strip(), max_length)


def fold(text: str) -> str:
    """The text as it is stored for search: one form for letters, digits and marks that people type in several ways.

    A word with half-spaces stands twice, apart and joined (``می خواهم میخواهم``), so that either spelling finds it.
    """
    return " ".join(_both_spellings(word) for word in _plain(text).split())


def search_terms(query: str) -> list[str]:
    """The words of a query, folded, letters and digits only, at most eight: nothing a search engine could misread."""
    joined = _plain(query).replace(ZWNJ, "")
    return list(dict.fromkeys(_WORD.findall(joined)))[:MOST_TERMS]


def sqlite_match(query: str) -> str:
    """A query for FTS5 MATCH: every word must begin a stored word. Empty when the query has no word."""
    return " ".join(f'"{term}"*' for term in search_terms(query))


def postgres_tsquery(query: str) -> str:
    """A query for ``to_tsquery('simple', …)`` with the meaning of sqlite_match."""
    return " & ".join(f"{term}:*" for term in search_terms(query))


@lru_cache(maxsize=4096)
def sort_key(text: str) -> str:
    """A key whose order by code point (``COLLATE "C"``) is the order of the Persian alphabet, آ first.

    Digits come before letters and count as numbers (2 before 10), Persian before Latin; punctuation is left out.
    """
    folded = _plain(text, keep_alef_madda=True).replace(ZWNJ, " ")
    words = _WORD.findall(folded)
    return " ".join(_padded(word) for word in words).translate(_SORT_PLACES)


def word_count(text: str) -> int:
    """Words as an editor counts them: what stands between spaces and has a letter or digit. A half-space joins."""
    return sum(1 for token in _TOKEN.findall(text) if _WORD.search(token))


@lru_cache(maxsize=1024)
def markdown(text: str) -> Markup:
    """CommonMark without HTML and pictures, as safe HTML. Each block finds its direction.

    The highest headings of a text are at level 3, whether they were typed with one # or with several.
    """
    tokens = _MARKDOWN.parse(text)
    top = min((int(token.tag[1]) for token in tokens if token.type == "heading_open"), default=1)
    for token in tokens:
        _adapt(token, top)
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return Markup(  # noqa: S704  # nh3 has just made it safe
        nh3.clean(
            html,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow noopener noreferrer ugc",
        )
    )


_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")
_BLOCKS = frozenset({"p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote"})
_TAGS = {*_BLOCKS, "a", "br", "code", "em", "hr", "pre", "strong"}
_ATTRIBUTES = {**{tag: {"dir"} for tag in _BLOCKS}, "a": {"href"}, "ol": {"dir", "start"}}


def _adapt(token: Token, top: int) -> None:
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(6, int(token.tag[1]) - top + 3)}"
    if token.nesting == 1 and token.level == 0 and token.tag in _BLOCKS:
        token.attrSet("dir", "auto")  # of the outermost: it would not look into blocks that have a direction themselves


def _within(text: str, max_length: int | None) -> str:
    if max_length is not None and len(text) > max_length:
        raise TooLong(len(text), max_length)
    return text


def _plain(text: str, *, keep_alef_madda: bool = False) -> str:
    """Letters in one form, digits 0-9, no marks, small letters; half-spaces stay. Alef with madda becomes alef."""
    if keep_alef_madda:
        parts = unicodedata.normalize("NFC", text).split("آ")
        return "آ".join(_plain(part) for part in parts)
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", strip_bidi(text)).casefold())
    bare = "".join(character for character in decomposed if not unicodedata.category(character).startswith("M"))
    return "".join(map(_latin_digit, bare.translate(_LETTERS)))


def _latin_digit(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def _both_spellings(word: str) -> str:
    parts = [part for part in word.split(ZWNJ) if part]
    return " ".join([*parts, "".join(parts)]) if len(parts) > 1 else "".join(parts)


def _padded(word: str) -> str:
    return re.sub(r"\d+", lambda run: run.group().lstrip("0").rjust(_SORT_DIGITS, "0"), word)
