"""On what paragraphs of the demonstration's application rest: looked up by words, as a coordinator would."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from ..citing import operations, queries
from ..dossier import queries as dossiers
from ..kernel.identity import Actor
from ..processes.models import Process
from .city import City, text
from .people import OFFICIALS

PROCESS = "candidacy"
DAY, MINUTE = -4, 560


def cite(city: City) -> None:
    """After demo/sections.py has written the texts and the process has its proposals, needs and assets."""
    for number, told in enumerate(text("citing")["cite"]):
        city.days.plan(city.days.moment(DAY, minutes=MINUTE + number), partial(_cite, city, told))


def _cite(city: City, told: dict[str, Any], at: datetime) -> None:
    """The first things that have the words, for one paragraph in both languages. Nothing found: nothing is cited."""

    def work(session: Session, process: Process, *, actor: Actor, now: datetime) -> None:
        dossier = dossiers.application_of(session, process)
        if dossier is None:
            return
        found = queries.search_for(session, dossier, told["words"], kinds=set(told["kinds"]), limit=told["most"])
        refs = [cited.ref for cited in found][: told["most"]]
        for language in ("fa", "en") if refs else ():
            answer = dossiers.find_answer(session, dossier, told["section"], language)
            if answer is not None and len(answer.paragraphs) > told["paragraph"]:
                key = answer.paragraphs[told["paragraph"]]["key"]
                place = (told["section"], language, key, refs)
                operations.cite(session, dossier, *place, because=told["because"][language], actor=actor, now=now)

    city.change(PROCESS, at, work, actor=city.official(OFFICIALS["culture"]))
