"""Which texts of a dossier say numbers that are other ones today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from ...dossier.models import Answer, Dossier
from ...dossier.sections import RUNNING, Section, sections_of
from ...kernel.i18n import in_language, reader, writing_for
from ...record.exporting import record_url
from ..drafting import DRAFTS, pieces_of
from ..facts import FACTS, Value, values_of
from ..ground import Ground
from ..models import fact_code
from ..moved import Moved, Sentence, moved_in, sentences_of
from .ground import ground_of


def moved_numbers(
    session: Session, dossier: Dossier, answers: Iterable[Answer], *, now: datetime
) -> dict[int, list[Moved]]:
    """By key of the answer. Asked of sections that have a draft from facts and of paragraphs that cite a fact; where
    there are none, and once the dossier is frozen with its facts, nothing is read.

    ``dossier`` with its process and form, answers with their citations loaded. Needs an application context.
    """
    sections = {section.id: section for section in sections_of(dossier.form.content) if section.kind in RUNNING}
    asked = [(sections[each.section], each) for each in answers if each.section in sections and each.is_written]
    asked = [(section, each) for section, each in asked if section.draft in DRAFTS or _cited(dossier, each)]
    if dossier.is_frozen or not asked:
        return {}
    ground = ground_of(session, dossier.process, now=now, url=record_url(dossier.process.public_id))
    values = values_of(ground)
    found = {answer.id: _of_answer(dossier, section, answer, ground, values) for section, answer in asked}
    return {key: moved for key, moved in found.items() if moved}


def _cited(dossier: Dossier, answer: Answer) -> dict[str, set[str]]:
    """Codes of the facts that each paragraph cites, by its key."""
    found: dict[str, set[str]] = {}
    for citation in answer.citations:
        code = fact_code(dossier, citation.subject)
        if code in FACTS and not FACTS[code].is_dated:
            found.setdefault(citation.paragraph, set()).add(code)
    return found


def _of_answer(
    dossier: Dossier, section: Section, answer: Answer, ground: Ground, values: Mapping[str, Value]
) -> list[Moved]:
    cited = _cited(dossier, answer)
    with writing_for(answer.language):
        told = _told(ground, section, values)
        outdated = _outdated(section, values)
        titles = {each.public_id: in_language(each.title, reader().locale).text for each in ground.initiatives}
        facts = {code: _fact(code, values[code]) for codes in cited.values() for code in codes if code in values}
    moved: list[Moved] = []
    for part in answer.paragraphs:
        own = cited.get(part["key"], set())
        known = {each.code for each in told}
        more = [each for code in sorted(own - known) for each in facts.get(code, ())]
        today = [*_spoken_of(told, part["text"], titles), *more]
        moved += moved_in(part["key"], part["text"], today, outdated=outdated, cited=sorted(own))
    return moved


def _told(ground: Ground, section: Section, values: Mapping[str, Value]) -> list[Sentence]:
    """Every sentence that the section's draft could have today, but those that date themselves."""
    if section.draft not in DRAFTS:
        return []
    pieces = pieces_of(ground, section.draft, values)
    kept = (piece for piece in pieces if piece.code not in FACTS or not FACTS[piece.code].is_dated)
    return [sentence for piece in kept for sentence in sentences_of(piece.text, piece.code)]


def _fact(code: str, value: Value) -> list[Sentence]:
    return sentences_of(FACTS[code].write(value), code)


def _outdated(section: Section, values: Mapping[str, Value]) -> list[Sentence]:
    return [
        Sentence(fact.write(before), code)
        for code, fact in FACTS.items()
        if section.draft in fact.ranks and code in values
        for before in fact.earlier(values[code])
    ]


def _spoken_of(told: Sequence[Sentence], text: str, titles: Mapping[str, str]) -> list[Sentence]:
    """Without the sentences of initiatives that the paragraph does not name: all of them cost and end in the same
    words."""
    named = {key for key, title in titles.items() if title and title in text}
    return [each for each in told if not each.code.startswith("initiative.") or each.code.split(".")[1] in named]
