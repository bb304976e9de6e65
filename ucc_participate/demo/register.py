"""The register while the city keeps it: what people miss in it, an entry that was in it twice, a table that came in."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from ..kernel.db import WriteSession, db, perform
from ..kernel.identity import VISITOR
from ..kernel.tables import Row, Table
from ..stakeholders import columns, operations, queries
from ..stakeholders.models import Organisation
from ..stakeholders.operations import Nominated, OrganisationDetails
from ..stakeholders.sheet import read_sheet
from ..vocabularies.uccn import CreativeField, Sector
from .city import OFFICE, City, text
from .people import CLERK


def keep(city: City) -> None:
    """Everything happens in the open process of this year, after the first entries were made."""
    facts, days = text("register"), city.days
    days.plan(days.moment(-346, minutes=600), partial(_enter_again, city, facts["double"]))
    days.plan(days.moment(-330, minutes=610), partial(_merge, city, facts["double"]))
    for at, said in enumerate(facts["nominations"]):
        for voice in said["voices"]:
            days.plan(days.moment(voice["day"], minutes=620 + at), partial(_nominate, said, voice))
        if "answered" in said:
            days.plan(days.moment(said["answered"], minutes=640), partial(_answer, city, said))
    days.plan(days.moment(-16, minutes=650), partial(_bring, city, facts["table"]))


def _enter_again(city: City, facts: dict[str, Any], at: datetime) -> None:
    """The same organisation under another spelling, as it happens when two people keep one list."""
    elder = city.organisations[facts["of"]]
    details = OrganisationDetails(
        name=facts["name"],
        sector=elder.sector,
        subtype=elder.subtype,
        identified_by=facts["found"],
        contact_phone=facts["phone"],
    )
    city.organisations["double"] = perform(lambda s: operations.register_organisation(s, details, actor=OFFICE, now=at))


def _merge(city: City, facts: dict[str, Any], at: datetime) -> None:
    parts, clerk = current_app.extensions["ucc.merge_parts"], city.clerk(CLERK)
    double, elder = city.organisations["double"].public_id, city.organisations[facts["of"]].public_id

    def work(session: Session) -> None:
        both = queries.organisations_to_merge(session, double, elder)
        operations.merge_organisations(session, *both, reason=facts["reason"], parts=parts, actor=clerk, now=at)

    perform(work)


def _nominate(said: dict[str, Any], voice: dict[str, Any], at: datetime) -> None:
    key = hashlib.sha256(f"{said['name']} {voice['day']}".encode()).hexdigest()[:40]
    nominated = Nominated(
        name=said["name"], sector=Sector(said["sector"]), why=voice["why"], contact=None, idempotency_key=key
    )
    perform(lambda session: operations.nominate(session, nominated, actor=VISITOR, now=at))


def _answer(city: City, said: dict[str, Any], at: datetime) -> None:
    """Into the register, with a reason that everybody can read."""
    details = OrganisationDetails(
        name=said["name"],
        sector=Sector(said["sector"]),
        subtype=said["subtype"],
        identified_by=said["found"],
        creative_fields=(CreativeField(said["field"]),),
    )
    clerk = city.clerk(CLERK)

    def work(session: WriteSession) -> Organisation:
        waiting = queries.waiting_nomination(session, queries.name_key(said["name"]))
        if waiting is None:
            raise LookupError(said["name"])
        return operations.accept_nomination(session, waiting, details, reason=said["reason"], actor=clerk, now=at)

    perform(work)


def _bring(city: City, facts: dict[str, Any], at: datetime) -> None:
    """A list of the guilds, with the faults that such lists have; the clerk takes in what can be taken."""
    rows = tuple(Row(number, tuple(cells)) for number, cells in enumerate(facts["rows"], start=1))
    digest = hashlib.sha256(repr(rows).encode()).hexdigest()
    words, clerk = columns.words(queries.list_tags(db.session())), city.clerk(CLERK)
    sheet = read_sheet(Table(facts["file"], digest, rows), words)
    named: dict[str, Any] = {"file_name": facts["file"], "sha256": digest, "identified_by": facts["found"]}
    kept = perform(lambda s: operations.keep_preview(s, sheet, words, **named, actor=clerk, now=at)).public_id
    perform(lambda s: operations.carry_out(s, queries.import_to_change(s, kept), words, actor=clerk, now=at))
