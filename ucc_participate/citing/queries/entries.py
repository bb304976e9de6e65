"""Entries of the log and facts of the dossier, as things that a paragraph rests on."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...audit.models import LogEntry
from ...dossier.models import Dossier
from ...kernel.clock import from_utc_text
from ...kernel.db import table_of
from ...kernel.i18n import latin_digits
from ..facts import FACTS
from ..models import fact_ref
from ..sources import Cited, Kind, Known
from .meetings import says

_entries = table_of(LogEntry)


def find(session: Session, dossier: Dossier, known: Known) -> Iterator[Cited]:
    positions = [int(each) for each in known.of(Kind.ENTRY) if each.isascii() and each.isdigit() and len(each) < 10]
    if positions:
        query = select(_entries.c.position, _entries.c.entry).where(
            _entries.c.position.in_(positions), _entries.c.process == dossier.process.ref
        )
        for position, entry in session.execute(query.order_by(_entries.c.position)):
            yield _entry(position, bytes(entry))
    own = f"{dossier.public_id}-"
    for known_id in sorted(known.of(Kind.FACT)):
        code = known_id.removeprefix(own)
        if known_id.startswith(own) and code in FACTS:
            yield fact_cited(dossier, code)


def search(session: Session, dossier: Dossier, words: str, kinds: Collection[str], limit: int) -> Iterator[Cited]:
    """Entries by their number alone; facts by the words of their name."""
    typed = latin_digits(words).strip()
    if Kind.ENTRY in kinds and typed.isascii() and typed.isdigit():
        yield from find(session, dossier, Known({Kind.ENTRY: {typed}}))
    if Kind.FACT in kinds:
        codes = [code for code, fact in FACTS.items() if says(words, str(fact.label))]
        yield from (fact_cited(dossier, code) for code in codes[:limit])


def fact_cited(dossier: Dossier, code: str) -> Cited:
    return Cited(
        ref=fact_ref(dossier, code),
        kind=Kind.FACT,
        title=str(FACTS[code].label),
        where=("citing.facts", {"process_id": dossier.process.public_id, "_anchor": f"fact-{code}"}),
        hands=(),
        about={"code": code},
    )


def _entry(position: int, entry: bytes) -> Cited:
    values = json.loads(entry)
    return Cited(
        ref=f"entry/{position}",
        kind=Kind.ENTRY,
        title=values["type"],
        where=("audit.index", {"process": values["process"], "before": position + 1}),
        at=from_utc_text(values["time"]),
        about={"position": position, "role": values["role"]},
    )
