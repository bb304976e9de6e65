"""Dossiers for tests, made through the domain's own operations."""

from __future__ import annotations

import copy
from datetime import date, datetime
from typing import Any

from tests.accounts.making import make_account
from tests.processes.making import make_process
from tests.stakeholders.making import CITY, acting
from ucc_participate.accounts.models import Account
from ucc_participate.dossier import operations, queries
from ucc_participate.dossier.content import Written
from ucc_participate.dossier.models import Answer, AnswerState, Dossier
from ucc_participate.dossier.shipped import shipped
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.processes.models import Process, ProcessState
from ucc_participate.processes.queries import process_to_change

Made = tuple[Process, Dossier]
TERMS = operations.Terms("en", date(2026, 5, 30), date(2026, 6, 30))
SHORT = {"1": "text", "2": "text", "3": "contact", "4": "choice", "5": "urls"}
"""A form of five sections."""


def official(perform: Any, now: datetime, role: Role = Role.COORDINATOR, name: str = "Leila Moradi") -> Actor:
    account = person(perform, now, role, name)
    return acting(account, role)


def person(perform: Any, now: datetime, role: Role, name: str) -> Account:
    address = f"{name.split(maxsplit=1)[0].lower()}@city.example"
    return make_account(
        perform, address, now=now, roles=(role,), display_name=name, function="Head of the culture office"
    )


def short_form(code: str = "test-2027", **limits: int | None) -> dict[str, Any]:
    """``words_1=50``: the limit of section 1."""
    sections = [
        {
            "id": known,
            "kind": kind,
            "title": {"en": f"Section {known}", "fa": f"بخش {known}"},
            "asks": {"en": "What is it?"},
            "draft": "process" if known == "2" else None,
            "limit": {"words": limits.get(f"words_{known}"), "items": 2 if kind == "urls" else None},
            "rules": ["P12"],
            "evidence": "F",
            "source": "S1",
        }
        for known, kind in SHORT.items()
    ]
    sections[3]["options"] = ["crafts", "music"]
    return {
        "format": "ucc-form/1",
        "code": code,
        "purpose": "application",
        "year": 2027,
        "title": {"en": "Form of 2027"},
        "note": {},
        "languages": ["en", "fr"],
        "words": {"rule": "whitespace"},
        "empty_phrase": {"text": {"en": "No relevant information to provide"}, "evidence": {"en": "F"}, "source": "S1"},
        "sources": {"S1": "https://city.example/form"},
        "sections": sections,
    }


def enter(perform: Any, content: dict[str, Any], now: datetime) -> str:
    because = "The form of the call, page one"
    code: str = perform(lambda s: operations.import_form(s, content, because=because, actor=CITY, now=now).code)
    return code


def make_dossier(
    perform: Any, now: datetime, *, form: dict[str, Any] | None = None, terms: Any = TERMS
) -> tuple[Process, Dossier]:
    process = make_process(perform, now, ProcessState.OPEN)
    code = enter(perform, form or short_form(), now)
    return process, begin(perform, process, code, now, terms=terms)


def begin(
    perform: Any, process: Process, code: str, now: datetime, *, terms: Any = TERMS, actor: Any = CITY
) -> Dossier:
    def work(session: Any) -> Dossier:
        here = process_to_change(session, process.public_id, actor=CITY)
        return operations.begin_dossier(session, here, code, terms, actor=actor, now=now)

    made: Dossier = perform(work)
    return made


def act(perform: Any, made: Made, operation: Any, *args: Any, actor: Actor, now: datetime, **kw: Any) -> Any:
    process, dossier = made

    def work(session: Any) -> Any:
        here = process_to_change(session, process.public_id, actor=CITY)
        found = queries.dossier_to_change(session, here, dossier.public_id, actor=actor, now=now)
        return operation(session, found, *args, actor=actor, now=now, **kw)

    return perform(work)


def write(
    perform: Any,
    made: Made,
    section: str,
    language: str,
    text: str = "",
    *,
    actor: Actor,
    now: datetime,
    then: Any = None,
    **more: Any,
) -> Answer:
    """``fields``: of a section that is no text; their values stand for them."""
    for value in more.get("fields", {}).values():
        text += f"{value}\n"
    written = Written(text=text, **more)
    saved: Answer = act(
        perform, made, operations.save_answer, section, language, written, actor=actor, now=now, then=then
    )
    return saved


def finish(perform: Any, made: Made, section: str, language: str, *, actor: Actor, now: datetime) -> None:
    for then in (AnswerState.IN_REVIEW, AnswerState.FINAL):
        act(perform, made, operations.save_answer, section, language, None, actor=actor, now=now, then=then)


CONTACT = {"family_name": "Karimi", "given_name": "Nasrin", "function": "Mayor", "email": "mayor@city.example"}


def write_all(perform: Any, made: Made, *, actor: Actor, now: datetime, language: str = "en") -> None:
    """Every section of the short form, final."""
    filled: dict[str, dict[str, Any]] = {
        "1": {"text": "Sepidrud"},
        "2": {"text": "First we asked.\n\nThen we listened."},
        "3": {"fields": CONTACT},
        "4": {"fields": {"choice": "crafts"}},
        "5": {"fields": {"urls": "city.example/record"}},
    }
    for section, typed in filled.items():
        write(perform, made, section, language, actor=actor, now=now, **typed)
        finish(perform, made, section, language, actor=actor, now=now)


def content_of(code: str = "uccn-2021") -> dict[str, Any]:
    return copy.deepcopy(shipped()[code])
