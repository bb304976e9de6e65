"""A city with a population, and people who take part, for tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from tests.accounts.making import CITY
from ucc_participate.accounts.models import Account, Profile, Sex
from ucc_participate.audit.log import record
from ucc_participate.processes.events import ParticipantEvent
from ucc_participate.processes.models import Participation, Process, WayIn
from ucc_participate.representation import operations
from ucc_participate.representation.models import Population
from ucc_participate.representation.operations import Source
from ucc_participate.representation.population import DEFAULT_BANDS, Census, Line

SOURCE = Source("Census of 1395", 1395, "https://amar.org.ir/", "Leila Moradi")
BIRTH = {"0-17": 2010, "18-24": 2000, "25-29": 1995, "30-44": 1985, "45-59": 1970, "60+": 1950}


def census(districts: Iterable[str | None] = ("Old town", "New town"), each: int = 1000) -> Census:
    """``each`` people of either sex in every band of every district."""
    lines = [
        Line(sex, band, district, each)
        for district in districts
        for band in DEFAULT_BANDS
        for sex in ("female", "male")
    ]
    return Census(tuple(lines), {"public": 40, "private": 300, "civil_society": 60})


def make_population(perform: Any, now: datetime, table: Census | None = None, source: Source = SOURCE) -> Population:
    made: Population = perform(
        lambda session: operations.add_population(session, table or census(), source, actor=CITY, now=now)
    )
    return made


def take_part(
    perform: Any,
    process: Process,
    number: int,
    *,
    now: datetime,
    sex: str | None = "female",
    band: str | None = "30-44",
    district: str | None = "Old town",
    way: WayIn = WayIn.INTERNET,
) -> None:
    """So many more people join, all alike: rows in bulk, and the entry that ``join`` would have written for each."""

    def work(session: Any) -> None:
        for _ in range(number):
            account = Account(
                public_id=f"p{_unique()}",
                email=f"{_unique()}@example.org",
                display_name="—",
                locale="en",
                created_at=now,
            )
            session.add(account)
            session.flush()
            profile = {
                "account_id": account.id,
                "sex": Sex(sex) if sex else None,
                "birth_band": BIRTH[band] if band else None,
                "district": district,
            }
            session.execute(insert(Profile), profile)
            row = {"process_id": process.id, "account_id": account.id, "joined_at": now, "way_in": way}
            session.execute(insert(Participation), row)
            _note(session, process, account.id, way, now)

    perform(work)


def _note(session: Any, process: Process, account_id: int, way: WayIn, now: datetime) -> None:
    payload = {"way_in": way.value} if way is not WayIn.INTERNET else {}
    subject = f"{process.ref}/participant/{account_id:032x}"
    record(session, ParticipantEvent.JOINED, actor=CITY, subject=subject, process=process.ref, now=now, payload=payload)


_numbers = iter(range(1, 10_000_000))


def _unique() -> str:
    return f"{next(_numbers):09d}"
