"""`.blt`: numbers of options and places, withdrawn options, ballots with their number, then names and title in quotes.

As described by Hill, Wichmann and Woodall 1987 and used by the Electoral Reform Society, OpenSTV and OpaVote: line ends
mean nothing, ``#`` starts a comment, ``-`` is a rank left empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from .files import MOST_ALTERNATIVES, RankedFile, RankedFileError, Ranking, decode, require_different, whole

_TOKEN = re.compile(r'\s+|#[^\n]*|/\*.*?\*/|"(?P<quoted>(?:\\.|[^"\\\n])*)"|(?P<word>[^\s"#]+)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Token:
    line: int
    text: str
    is_quoted: bool


def read(content: bytes) -> RankedFile:
    """RankedFileError names the line of the first fault."""
    return _Reader(decode(content)).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._last = text.count("\n") + 1
        self._next = next(self._tokens, None)

    def read(self) -> RankedFile:
        options = self._number(most=MOST_ALTERNATIVES)
        places = self._number(most=options)
        withdrawn = frozenset(self._withdrawn(options))
        ballots = tuple(self._ballots(options))
        names = tuple(self._quoted() for _ in range(options))
        title = self._quoted() if self._next else ""
        notes = []
        while self._next:
            notes.append(self._quoted())
        return RankedFile(title, names, ballots, places, withdrawn, tuple(notes))

    def _take(self) -> _Token:
        token = self._next
        if token is None:
            raise RankedFileError(self._last, _l("the file ends too early. A name or a final 0 is missing."))
        self._next = next(self._tokens, None)
        return token

    def _number(self, *, least: int = 1, most: int | None = None) -> int:
        token = self._take()
        if token.is_quoted:
            raise RankedFileError(
                token.line, _l("a name stands where a number is expected. Is there a 0 too few before it?")
            )
        return whole(token.line, token.text, least=least, **({} if most is None else {"most": most}))

    def _quoted(self) -> str:
        token = self._take()
        if not token.is_quoted:
            raise RankedFileError(
                token.line, _l("a name in quotes is expected here: one for each option, then a title.")
            )
        return token.text

    def _withdrawn(self, options: int) -> Iterator[int]:
        while self._next and self._next.text.startswith("-"):
            token = self._take()
            yield whole(token.line, token.text[1:], most=options) - 1

    def _ballots(self, options: int) -> Iterator[tuple[int, Ranking]]:
        while times := self._number(least=0):
            line, ranking = self._last_line, []
            while (token := self._take()).is_quoted or token.text != "0":
                self._refuse_equal(token)
                if token.text != "-":
                    ranking.append(whole(token.line, token.text, most=options) - 1)
            yield times, require_different(line, ranking)

    @property
    def _last_line(self) -> int:
        return self._next.line if self._next else self._last

    @staticmethod
    def _refuse_equal(token: _Token) -> None:
        if token.is_quoted:
            raise RankedFileError(token.line, _l("the ballot before this name does not end. End each ballot with 0."))
        if set(token.text) & set("=()"):
            raise RankedFileError(token.line, _l("two options have the same rank. Give each option a rank of its own."))


def _tokens(text: str) -> Iterator[_Token]:
    at, line = 0, 1
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise RankedFileError(line, _l("a quote is opened and not closed in the same line."))
        if found["quoted"] is not None:
            yield _Token(line, re.sub(r"\\(.)", r"\1", found["quoted"]), True)
        elif found["word"] is not None:
            yield _Token(line, found["word"], False)
        line += found[0].count("\n")
        at = found.end()


def write(file: RankedFile) -> bytes:
    """What ``read`` reads back without loss."""
    lines = [f"{len(file.names)} {file.places}"]
    if file.withdrawn:
        lines.append(" ".join(f"-{position + 1}" for position in sorted(file.withdrawn)))
    lines += [" ".join(map(str, (times, *(i + 1 for i in ranking), 0))) for times, ranking in file.ballots]
    lines += ["0", *map(_in_quotes, (*file.names, file.title, *file.notes))]
    return ("\n".join(lines) + "\n").encode()


def _in_quotes(text: str) -> str:
    """Written on one line: a quote ends where its line ends."""
    return '"' + text.replace("\n", " ").replace("\\", "\\\\").replace('"', '\\"') + '"'
