"""Every rule of the guidelines: what is met, by which evidence, what is missing, who does what by when."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import groupby
from typing import Any

from flask import current_app, request

from ...kernel import clock
from ...kernel.db import db
from ...kernel.i18n import lazy_number
from ...processes.models import Process
from .. import queries, rules, wording
from ..facts import Facts, Said, Standing
from ..pages import address_of, way_to
from .blueprint import HOME, Page, bp, desk_page, load


@bp.get(HOME)
def show(process_id: str) -> Page:
    """``?show=missing`` and so on: only the rules that stand so."""
    process, dossier = load(process_id)
    facts = _facts(process)
    lines = rules.find(facts)
    chosen = request.args.get("show", "")
    wanted = [line for line in lines if chosen not in set(Standing) or line.told.standing == chosen]
    counts = Counter(line.told.standing for line in lines)
    return desk_page(
        "readiness/show.html",
        process,
        dossier=dossier,
        groups=[(group, list(found)) for group, found in groupby(wanted, key=lambda line: line.group)],
        counts=counts,
        chosen=chosen,
        standings=list(Standing),
        summary=[(wording.STANDINGS[each], lazy_number(counts[each]), None) for each in Standing],
        today=facts.today,
        way_to=lambda todo: todo.url or way_to(process, todo.page),
        address_of=lambda page: address_of(process, page),
    )


def _facts(process: Process) -> Facts:
    session, now = db.session(), clock.now()
    said: dict[str, list[Said]] = {}
    tellers: list[Any] = current_app.extensions["ucc.readiness"]
    for tell in tellers:
        for rule, each in tell(session, process, now=now).items():
            said.setdefault(rule, []).append(each)
    return replace(queries.gather(session, process, now=now), said=said)
