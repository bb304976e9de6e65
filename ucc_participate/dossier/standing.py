"""How far a dossier is: every section with its texts, what is written, too long, behind, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .models import Answer, AnswerState, Dossier
from .moving import excess
from .sections import Section, sections_of

WORKING = "fa"
"""The language in which the city writes and from which it translates."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A text of a section. ``over``: words, or addresses, above the limit."""

    language: str
    answer: Answer | None
    over: int = 0
    is_behind: bool = False
    comments: int = 0

    @property
    def words(self) -> int:
        return self.answer.words if self.answer else 0

    @property
    def state(self) -> str:
        """``empty`` before anything is written."""
        return self.answer.state.value if self.answer and self.answer.is_written else "empty"


@dataclass(frozen=True, slots=True)
class Row:
    section: Section
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Standing:
    """``counts``: texts in the language that is handed in, by state. ``beside``: texts that the form does not ask."""

    rows: list[Row]
    languages: list[str]
    counts: dict[str, int]
    beside: list[Answer]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def too_long(self) -> int:
        return sum(1 for row in self.rows for cell in row.cells if cell.over)


def languages_of(dossier: Dossier, answers: Mapping[tuple[str, str], Answer]) -> list[str]:
    """The working language, that of the submission, and any other in which something is written."""
    written = [language for (_section, language), answer in answers.items() if answer.is_written]
    return list(dict.fromkeys([WORKING, dossier.submits_in, *sorted(written)]))


def standing_of(dossier: Dossier, answers: Mapping[tuple[str, str], Answer], waiting: Mapping[int, int]) -> Standing:
    """``waiting``: open comments by the key of the answer. Needs ``form`` loaded."""
    sections = sections_of(dossier.form.content)
    languages = languages_of(dossier, answers)
    rows = [Row(section, _cells(section, languages, answers, waiting)) for section in sections]
    counts = dict.fromkeys(["empty", *(state.value for state in AnswerState)], 0)
    for row in rows:
        for cell in row.cells:
            if cell.language == dossier.submits_in:
                counts[cell.state] += 1
    asked = {section.id for section in sections if section.is_answered}
    beside = [answer for answer in answers.values() if answer.is_written and answer.section not in asked]
    return Standing(rows, languages, counts, beside)


def is_behind(answer: Answer, source: Answer | None) -> bool:
    """Whether the source text has changed since this translation was made from it."""
    if source is None or answer.language == WORKING or not answer.is_written or not source.is_written:
        return False
    return answer.of_number is not None and answer.of_number != source.number


def days_left(until: date | None, today: date) -> int | None:
    return (until - today).days if until is not None else None


def _cells(
    section: Section,
    languages: list[str],
    answers: Mapping[tuple[str, str], Answer],
    waiting: Mapping[int, int],
) -> list[Cell]:
    if not section.is_answered:
        return []
    source = answers.get((section.id, WORKING))
    return [_cell(section, language, answers.get((section.id, language)), source, waiting) for language in languages]


def _cell(
    section: Section, language: str, answer: Answer | None, source: Answer | None, waiting: Mapping[int, int]
) -> Cell:
    if answer is None:
        return Cell(language, None)
    behind = is_behind(answer, source)
    return Cell(language, answer, excess(section, answer), behind, waiting.get(answer.id, 0))
