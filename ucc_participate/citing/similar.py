"""Texts that say the same in two sections: a form does not want to read anything twice (rule Z4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..dossier.models import Answer
from ..kernel.text import fold

RUN = 4
"""Words in a row that are compared."""
LEAST = 8
"""Runs of a paragraph below which it says too little to be a repetition."""
MOST_PLACES = 60
"""Paragraphs in which a run is looked for: one that stands in more says nothing about any of them."""
ALIKE = 0.4
"""From this share of the shorter paragraph's runs on, both say the same."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Two paragraphs in different sections of one language. ``share``: of the shorter one that stands in the other."""

    one: Answer
    one_text: str
    other: Answer
    other_text: str
    share: float


def repetitions(answers: Iterable[Answer]) -> list[Alike]:
    """Pairs of paragraphs of different sections in one language, the likest first."""
    said = [
        (answer, part["text"], runs)
        for answer in sorted(answers, key=lambda each: each.id)
        for part in answer.paragraphs
        if len(runs := runs_of(part["text"])) >= LEAST
    ]
    shared = _shared([runs for _answer, _text, runs in said])
    found = []
    for (one, other), number in shared.items():
        (first, first_text, runs), (second, second_text, others) = said[one], said[other]
        share = number / min(len(runs), len(others))
        if share >= ALIKE and first.language == second.language and first.section != second.section:
            found.append(Alike(first, first_text, second, second_text, share))
    return sorted(found, key=lambda each: -each.share)


def runs_of(text: str) -> frozenset[tuple[str, ...]]:
    words = fold(text).split()
    return frozenset(tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def _shared(texts: Sequence[frozenset[tuple[str, ...]]]) -> dict[tuple[int, int], int]:
    """How many runs each pair of texts shares; only pairs that share any are looked at."""
    holding: dict[tuple[str, ...], list[int]] = {}
    for at, runs in enumerate(texts):
        for run in runs:
            holding.setdefault(run, []).append(at)
    counts: dict[tuple[int, int], int] = {}
    for places in holding.values():
        for index, one in enumerate(places[:MOST_PLACES]):
            for other in places[index + 1 : MOST_PLACES]:
                counts[one, other] = counts.get((one, other), 0) + 1
    return counts
