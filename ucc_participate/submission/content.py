"""What is handed in, read once: the fields of the form with their texts, the plan, the files, the seal of the record.

The texts, the DOCX, the PDF and the package are all made from this, so that they cannot say different things.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from ..documents.models import Document
from ..dossier.models import Answer, AnswerState, Dossier
from ..dossier.queries import answers_of
from ..dossier.sections import Section, SectionKind, sections_of
from ..kernel.clock import from_utc_text
from ..kernel.files import KIND_OF, Store
from ..kernel.i18n import LOCALES, in_language
from ..kernel.text import word_count
from ..plan.models import Plan
from ..plan.queries import initiatives_of, plan_of
from ..record.source import RecordSource
from . import queries

FILES = "ucc.dossier_files"
"""``app.extensions``: a list of functions (session, dossier) → (section, number, Document) of files to be handed in;
where the form has no such section, it is a paper of the city's own."""
Files = dict[str, list[tuple[int, Document]]]


@dataclass(frozen=True, slots=True)
class Paragraph:
    key: str
    text: str
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """The answer of a section in one language."""

    language: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    state: str
    words: int
    number: int


@dataclass(frozen=True, slots=True)
class Field:
    """A section of the form. ``texts``: by language, the written ones; ``files``: (number, document)."""

    section: Section
    texts: Mapping[str, Text]
    files: tuple[tuple[int, Document], ...] = ()

    def text_in(self, language: str) -> Text | None:
        return self.texts.get(language)

    @property
    def is_withheld(self) -> bool:
        """Whether only the edition that is handed in says it: how people are reached."""
        return self.section.kind is SectionKind.CONTACT


@dataclass(frozen=True, slots=True)
class Seal:
    """The record that is handed in with it: its citation line, address and moment, of one checkpoint."""

    citation: str
    url: str
    size: int
    root: str
    moment: datetime

    @classmethod
    def of(cls, source: RecordSource) -> Seal:
        root = base64.b64encode(source.root).decode("ascii")
        return cls(source.citation, source.url, source.size, root, source.moment)

    @classmethod
    def of_summary(cls, told: Mapping[str, Any]) -> Seal:
        """From the record.json of a record that is made."""
        return cls(told["citation"], told["url"], told["size"], told["root"], from_utc_text(told["checkpoint_time"]))


@dataclass(frozen=True, slots=True)
class HandedIn:
    """``is_whole``: with what only the office that receives it may read: how people are reached, papers not public.

    ``plan``: ``{"plan": …, "initiatives": {id: …}, "version": number or None}``, None before there is a plan.
    ``own``: files that the form does not ask for, as (what for, number, document). ``missing``: digests of files whose
    content is not in the store any more.
    """

    dossier: Dossier
    title: Mapping[str, str]
    city: Mapping[str, str]
    fields: tuple[Field, ...]
    plan: dict[str, Any] | None
    seal: Seal
    is_whole: bool
    own: tuple[tuple[str, int, Document], ...] = ()
    missing: frozenset[str] = frozenset()

    @property
    def languages(self) -> list[str]:
        """Every language in which something is written, the one that is handed in first."""
        written = {language for field in self.fields for language in field.texts}
        first = [self.dossier.submits_in]
        return first + [each for each in LOCALES if each in written and each not in first]

    @property
    def attached(self) -> Iterable[tuple[str, Document]]:
        """Every file with its path in the package: those of the form by section, the city's own in their own folder."""
        asked = [(field.section.id, number, file) for field in self.fields for number, file in field.files]
        folders = (("attachments", asked), ("own", self.own))
        return [
            (f"{folder}/{file_name(known, number, file)}", file)
            for folder, files in folders
            for known, number, file in files
        ]

    def as_data(self) -> dict[str, Any]:
        """For machines; the same as what people read."""
        return {
            "format": "ucc-dossier/1",
            "dossier": self.dossier.ref,
            "process": self.dossier.process.ref,
            "state": self.dossier.public_payload(),
            "form": {"code": self.dossier.form.code, "sha256": self.dossier.form.sha256},
            "title": dict(self.title),
            "city": dict(self.city),
            "sections": [_field_data(field) for field in self.fields],
            "own": [{"for": known, **_file_data(number, file)} for known, number, file in self.own],
            "record": {"citation": self.seal.citation, "url": self.seal.url, "size": self.seal.size},
        }

    def digest(self) -> str:
        """Of everything that goes into any file: the same state at the same checkpoint has the same."""
        whole: dict[str, Any] = {
            "dossier": self.as_data(),
            "plan": self.plan,
            "whole": self.is_whole,
            "root": self.seal.root,
        }
        whole["titles"] = [file.title for _path, file in self.attached]
        whole["missing"] = sorted(self.missing)
        return hashlib.sha256(as_json(whole)).hexdigest()


def as_json(data: Any) -> bytes:
    """One way of writing: sorted, indented, UTF-8, a line end."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8") + b"\n"


def gather(session: Session, dossier: Dossier, seal: Seal, *, is_whole: bool) -> HandedIn:
    """Needs ``process`` and ``form`` of the dossier loaded. Some ten queries, whatever the size."""
    settings = current_app.extensions["ucc.settings"]
    files = _files(session, dossier, is_whole=is_whole)
    fields = _fields(session, dossier, files, is_whole=is_whole)
    asked = {field.section.id for field in fields}
    return HandedIn(
        dossier=dossier,
        title=dossier.form.title,
        city={"fa": settings.city_name_fa, "en": settings.city_name, "fr": settings.city_name_fr},
        fields=fields,
        plan=plan_content(session, dossier, is_whole=is_whole),
        seal=seal,
        is_whole=is_whole,
        own=tuple((known, *file) for known in sorted(files.keys() - asked) for file in files[known]),
        missing=_missing([file for found in files.values() for _number, file in found]),
    )


def file_name(known: str, number: int, file: Document) -> str:
    """What a file is called in the package: ``A1-1.pdf``. Titles that people wrote stand inside, not in names."""
    return f"{known}-{number}.{KIND_OF[file.media_type].value}"


def _missing(files: Iterable[Document]) -> frozenset[str]:
    store: Store = current_app.extensions["ucc.store"]
    return frozenset(file.sha256 for file in files if not store.path(file.sha256).is_file())


def plan_content(session: Session, dossier: Dossier, *, is_whole: bool) -> dict[str, Any] | None:
    """The plan as it was fixed for handing in; before that as it is now, for those who may read drafts."""
    plan = plan_of(session, dossier.process)
    if plan is None:
        return None
    version = queries.submitted_version(session, plan)
    if version is not None:
        return {**version.content, "version": version.number, "sha256": version.sha256}
    if dossier.is_frozen and not is_whole and not plan.is_public:
        return None
    return {**live_plan(session, plan), "version": None, "sha256": None}


def live_plan(session: Session, plan: Plan) -> dict[str, Any]:
    found = initiatives_of(session, plan)
    return {
        "plan": plan.public_payload(),
        "initiatives": {each.public_id: each.public_payload() for each in found},
    }


def _fields(session: Session, dossier: Dossier, files: Files, *, is_whole: bool) -> tuple[Field, ...]:
    """Of a frozen dossier only what was frozen: a text that was still a draft then was not handed in."""
    written = {place: answer for place, answer in answers_of(session, dossier).items() if answer.is_written}
    if dossier.is_frozen:
        written = {place: answer for place, answer in written.items() if answer.state is AnswerState.FROZEN}
    return tuple(
        Field(section, _texts(section, written, is_whole=is_whole), tuple(files.get(section.id, ())))
        for section in sections_of(dossier.form.content)
    )


def _files(session: Session, dossier: Dossier, *, is_whole: bool) -> Files:
    found: Files = {}
    for ask in current_app.extensions[FILES]:
        for section, number, document in ask(session, dossier):
            if is_whole or document.is_public:
                found.setdefault(section, []).append((number, document))
    return {section: sorted(files, key=lambda file: file[0]) for section, files in found.items()}


def _texts(section: Section, answers: Mapping[tuple[str, str], Answer], *, is_whole: bool) -> dict[str, Text]:
    if section.kind is SectionKind.CONTACT and not is_whole:
        return {}
    found = [answers.get((section.id, language)) for language in LOCALES]
    return {answer.language: _text(answer) for answer in found if answer is not None}


def _text(answer: Answer) -> Text:
    cited: dict[str, list[str]] = {}
    for citation in answer.citations:
        cited.setdefault(citation.paragraph, []).append(citation.subject)
    parts = answer.paragraphs or [{"key": "", "text": answer.text}]
    paragraphs = tuple(Paragraph(part["key"], part["text"], tuple(cited.get(part["key"], ()))) for part in parts)
    return Text(answer.language, answer.text, paragraphs, answer.state.value, word_count(answer.text), answer.number)


def _field_data(field: Field) -> dict[str, Any]:
    texts = {
        language: {
            "text": text.text,
            "words": text.words,
            "state": text.state,
            "paragraphs": [{"text": part.text, "cites": list(part.cites)} for part in text.paragraphs],
        }
        for language, text in field.texts.items()
    }
    files = [_file_data(number, file) for number, file in field.files]
    section = field.section
    limit = {"words": section.words, "items": section.items}
    head = {"id": section.id, "title": dict(section.title), "kind": section.kind.value, "limit": limit}
    return {**head, "texts": texts, "files": files}


def _file_data(number: int, file: Document) -> dict[str, Any]:
    return {"number": number, "sha256": file.sha256, "size": file.size}


def title_in(texts: Mapping[str, str], language: str) -> str:
    return str(in_language(texts, language))
