"""The single files of a dossier, by name: what each is and how it is made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flask_babel import gettext as _

from ..dossier.wording import PURPOSES
from ..kernel.errors import NotFound
from ..kernel.i18n import LOCALES, writing_for
from . import blocks, paper, planning, texts, word
from .content import HandedIn, as_json, title_in

FORMATS = ("txt", "docx", "pdf")
MEDIA = {
    "txt": "text/plain; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}
_NAME = re.compile(r"(?P<what>dossier|plan)(?:\.(?P<language>fa|en|fr))?\.(?P<format>txt|docx|pdf|json|csv)")
_LANGUAGES = {"dossier": FORMATS, "plan": ("pdf",)}
_PLAIN = {"dossier": ("json",), "plan": ("json", "csv")}

Shaped = Mapping[str, str]


def names(handed_in: HandedIn) -> list[str]:
    """Every file that there is: the dossier in each language that something is written in, the plan in all three."""
    found = [f"dossier.{language}.{kind}" for language in handed_in.languages for kind in FORMATS] + ["dossier.json"]
    if handed_in.plan is not None:
        found += [f"plan.{language}.pdf" for language in LOCALES] + ["plan.json", "plan.csv"]
    return found


def media_type(name: str) -> str:
    return MEDIA[name.rpartition(".")[2]]


def make(handed_in: HandedIn, name: str, shaped: Mapping[str, Shaped]) -> bytes:
    """``shaped``: by language, words by ref. Raises NotFound for a name that is none of ``names``."""
    found = _NAME.fullmatch(name)
    if found is None or name not in names(handed_in):
        raise NotFound()
    what, language, kind = found["what"], found["language"], found["format"]
    if language is None:
        return _for_machines(handed_in, what, kind)
    with writing_for(language):
        if what == "plan":
            return _plan_paper(handed_in, language)
        return _dossier(handed_in, language, kind, shaped.get(language, {}))


def _for_machines(handed_in: HandedIn, what: str, kind: str) -> bytes:
    if what == "dossier":
        return as_json(handed_in.as_data())
    assert handed_in.plan is not None  # noqa: S101 - else the name is none of ``names``
    return planning.as_csv(handed_in.plan) if kind == "csv" else as_json(handed_in.plan)


def _dossier(handed_in: HandedIn, language: str, kind: str, shaped: Shaped) -> bytes:
    if kind == "txt":
        return texts.whole(handed_in, language)
    title = title_in(handed_in.title, language)
    if kind == "docx":
        plain = blocks.of_dossier(handed_in, language)
        city = title_in(handed_in.city, language)
        return word.make(plain, title=title, city=city, language=language, seal=handed_in.seal)
    told = blocks.of_dossier(handed_in, language, shaped=shaped)
    subtitle = str(PURPOSES[handed_in.dossier.purpose])
    return paper.make(handed_in, told, title=title, subtitle=subtitle, language=language)


def _plan_paper(handed_in: HandedIn, language: str) -> bytes:
    assert handed_in.plan is not None  # noqa: S101 - else the name is none of ``names``
    told: Iterator[blocks.Block] = planning.of_plan(handed_in.plan, language)
    return paper.make(handed_in, told, title=_("Action plan"), subtitle=_("Four years"), language=language)
