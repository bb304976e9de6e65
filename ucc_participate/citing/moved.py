"""Numbers of saved texts that have gone out of date: what a sentence counts goes on while the text stands still.

A draft's sentences are counted anew whenever a page asks; once taken over they are a person's words. Here each sentence
of a text is laid beside the sentence of today that says the same but for its numbers. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from ..kernel.i18n import latin_digits
from ..kernel.text import ZWNJ, clean_text

ALIKE = 0.6
"""From this share of equal words on, numbers left aside, two sentences say the same."""
AS_GOOD = 0.02
"""So much less alike than the best one a sentence of today still counts as the same."""
_ENDS = re.compile(r"(?<=[.!?؟…])\s+|\n+")
_GROUPED = re.compile(r"(?<=\d)[,٬’ ](?=\d{3}(?!\d))")
_SCALE = r"thousand|millions?|billions?|trillion|mille|milliards?|هزار|میلیون|میلیارد|تریلیون"
_NUMBER = re.compile(rf"\d+(?:[.,٫]\d+)?(?:\s+(?:{_SCALE})\b)?")
_YEAR = re.compile(r"(?:1[34]|19|20)\d\d")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Moved:
    """``said``: what stands in the text. ``now``: the sentence of today, "" where nothing is left to count."""

    paragraph: str
    code: str
    said: str
    now: str


@dataclass(frozen=True)
class Sentence:
    """``code``: of the fact, or of the part of an initiative, that it tells."""

    text: str
    code: str = ""

    @cached_property
    def _plain(self) -> str:
        return _GROUPED.sub("", latin_digits(clean_text(self.text))).casefold().replace(ZWNJ, "")

    @cached_property
    def numbers(self) -> Counter[str]:
        return Counter(" ".join(each.split()).replace("٫", ".") for each in _NUMBER.findall(self._plain))

    @cached_property
    def words(self) -> list[str]:
        """With every number as 0."""
        return _WORD.findall(_NUMBER.sub("0", self._plain))

    @cached_property
    def own(self) -> frozenset[str]:
        return frozenset(self.words)

    def bears_out(self, said: Sentence) -> bool:
        """Whether one of both only leaves out numbers of the other."""
        return not (said.numbers - self.numbers) or not (self.numbers - said.numbers)


def sentences_of(text: str, code: str = "") -> list[Sentence]:
    return [Sentence(part, code) for part in _ENDS.split(text.strip()) if part.strip()]


def moved_in(
    paragraph: str, text: str, today: Sequence[Sentence], *, outdated: Collection[Sentence], cited: Collection[str]
) -> Iterator[Moved]:
    """What of a paragraph the sentences of ``today`` do not bear out.

    ``outdated``: sentences that were true once and are no more, word for word. ``cited``: codes of facts that it rests
    on; one that is not among today's cannot be counted any more.
    """
    there = {code for sentence in today if (code := sentence.code)}
    found, seen = [], set[str]()
    for said in sentences_of(text):
        same = _same(said, today)
        seen |= {each.code for each in same}
        if same and not any(each.bears_out(said) for each in same):
            found.append(Moved(paragraph, same[0].code, said.text, same[0].text))
    plain = clean_text(text)
    found += [
        Moved(paragraph, each.code, each.text, " ".join(one.text for one in today if one.code == each.code))
        for each in outdated
        if clean_text(each.text) in plain
    ]
    yield from found
    told = {each.code for each in found} | seen
    for code in cited:
        if code not in there:
            yield Moved(paragraph, code, "", "")
        elif code not in told:
            yield from _unheard(paragraph, text, code, [each for each in today if each.code == code])


def _same(said: Sentence, today: Sequence[Sentence]) -> list[Sentence]:
    """Those of today that say it, the likest first; none for a sentence without numbers."""
    if not said.numbers:
        return []
    likeness = {at: _likeness(said, each) for at, each in enumerate(today) if each.numbers}
    best = max(likeness.values(), default=0.0)
    if best < ALIKE:
        return []
    near = [at for at in likeness if likeness[at] >= best - AS_GOOD]
    return [today[at] for at in sorted(near, key=lambda at: -likeness[at])]


def _likeness(one: Sentence, other: Sentence) -> float:
    """0 where both have too little in common to be alike, which is cheaper to tell."""
    together = len(one.words) + len(other.words)
    if 2 * min(len(one.words), len(other.words)) < ALIKE * together or 4 * len(one.own & other.own) < ALIKE * together:
        return 0.0
    matcher = SequenceMatcher(None, one.words, other.words, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def _unheard(paragraph: str, text: str, code: str, today: Sequence[Sentence]) -> Iterator[Moved]:
    """A fact that is cited in other words: none of the paragraph's numbers is one of its own."""
    written = [number for number in Sentence(text).numbers if not _YEAR.fullmatch(number)]
    own = {number for sentence in today for number in sentence.numbers}
    if written and own and not own & set(written):
        yield Moved(paragraph, code, text, " ".join(sentence.text for sentence in today))
