"""The application of the demonstration city, half written: a form with limits, texts in Persian and English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import current_app

from ..dossier import operations, queries
from ..dossier.content import Written
from ..dossier.fields import in_words
from ..dossier.models import AnswerState
from ..dossier.sections import section_of
from ..dossier.shipped import shipped
from ..kernel.db import perform
from ..kernel.identity import Actor
from ..processes.models import Process
from .city import City, text
from .people import CLERK, OFFICIALS

PROCESS, FORM = "candidacy", "uccn-2025"
BEGUN = -36
STEPS = {"draft": (), "in_review": (AnswerState.IN_REVIEW,), "final": (AnswerState.IN_REVIEW, AnswerState.FINAL)}
FIELD = "4"
GIVEN = ("9.7", "fa")
"""What the clerk is to write."""


def write(city: City) -> None:
    """Plan the form, the dossier, and every text on its day."""
    told, days = text("sections"), city.days
    days.plan(days.moment(BEGUN, minutes=560), partial(_begin, city))
    days.plan(days.moment(BEGUN, minutes=600), partial(_correct, city, told["form"]))
    days.plan(days.moment(BEGUN + 1, minutes=600), partial(_fill, city, told["contact"]))
    for number, each in enumerate(told["text"]):
        days.plan(days.moment(each["day"], minutes=560 + 3 * number), partial(_write, city, each))
    days.plan(days.moment(-9, minutes=700), partial(_give, city))


def _begin(city: City, at: datetime) -> None:
    today = city.days.today
    terms = operations.Terms("en", today + timedelta(days=150), today + timedelta(days=181))
    city.change(
        PROCESS,
        at,
        lambda s, p, **by: operations.begin_dossier(s, p, FORM, terms, **by),
        actor=_office(city, "culture"),
    )


def _correct(city: City, told: Mapping[str, Any], at: datetime) -> None:
    """An edition with limits, and the dossier on it."""
    content, actor = {**shipped()[FORM]}, _office(city, "culture")
    content["sections"] = [
        {**each, "limit": {**each["limit"], "words": told["words"].get(each["id"])}} for each in content["sections"]
    ]
    made = perform(
        lambda s: operations.correct_form(s, FORM, content, because=told["because"], actor=actor, now=at).code
    )
    _change(city, at, "culture", operations.change_form, made)


def _fill(city: City, contacts: list[dict[str, str]], at: datetime) -> None:
    """Who answers questions, and the creative field in both languages."""
    for each in contacts:
        _save(city, at, "culture", each["section"], "en", {key: each[key] for key in each if key != "section"}, "final")
    for language in ("fa", "en"):
        _save(city, at, "culture", FIELD, language, {"choice": "crafts"}, "final")


def _save(
    city: City, at: datetime, office: str, section: str, language: str, typed: Mapping[str, Any], until: str
) -> None:
    asked = section_of(shipped()[FORM], section)
    assert asked is not None  # noqa: S101 - the form is ours
    written = Written(text=in_words(asked, typed, language), fields=typed)
    _change(city, at, office, operations.save_answer, section, language, written)
    _move(city, at, section, language, until)


def _write(city: City, told: Mapping[str, Any], at: datetime) -> None:
    """The Persian text, its translation beside it, and what happens to both."""
    section, office = told["section"], told["by"]
    _change(city, at, office, operations.save_answer, section, "fa", Written(text=told["fa"]))
    if told["en"]:
        _change(city, at, office, operations.save_answer, section, "en", Written(text=told["en"], of_number=1))
    if "again" in told:
        longer = Written(text=told["again"] + told["fa"])
        _change(city, at, office, operations.save_answer, section, "fa", longer)
    for language in ("fa", "en") if told["en"] else ("fa",):
        _move(city, at, section, language, told["until"])
    if "comment" in told:
        _change(city, at, "budget", operations.comment_on, section, "en", told["comment"])


def _move(city: City, at: datetime, section: str, language: str, until: str) -> None:
    for then in STEPS[until]:
        _change(city, at, "culture", operations.save_answer, section, language, None, then=then)


def _give(city: City, at: datetime) -> None:
    person, (section, language) = city.people[CLERK], GIVEN
    root = current_app.extensions["ucc.settings"].public_url
    link = f"{root}/staff/processes/{city.processes[PROCESS]}/application"
    _change(city, at, "culture", operations.assign_answer, section, language, person, link=link)


def _change(city: City, at: datetime, office: str, operation: Any, *args: Any, **facts: Any) -> Any:
    """Run an operation on the application, in the name of an official."""

    def work(session: Any, process: Process, *, actor: Actor, now: datetime) -> Any:
        found = queries.application_of(session, process)
        assert found is not None  # noqa: S101 - it was begun on an earlier day
        dossier = queries.dossier_to_change(session, process, found.public_id, actor=actor, now=now)
        return operation(session, dossier, *args, actor=actor, now=now, **facts)

    return city.change(PROCESS, at, work, actor=_office(city, office))


def _office(city: City, name: str) -> Actor:
    return city.official(OFFICIALS[name])
