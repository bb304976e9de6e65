"""The register of stakeholders and its delegates."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from ..accounts.models import Account
from ..kernel.db import WriteSession, perform
from ..stakeholders import operations
from ..stakeholders.models import Organisation
from ..stakeholders.operations import OrganisationDetails
from ..vocabularies.uccn import CreativeField, Sector
from .city import OFFICE, City, text

FOUND = ("فهرست ادارهٔ فرهنگ", "دفتر اتاق اصناف", "معرفی انجمن استادکاران", "جست‌وجوی کارکنان شهرداری")


def register(city: City) -> None:
    """Enter every organisation, then those who speak for it."""
    for number, (key, facts) in enumerate(text("organisations").items()):
        at = city.days.moment(-348, minutes=500 + number * 6)
        city.days.plan(at, partial(_register, city, key, _details(number, key, facts)))
        if key in city.delegates:
            city.days.plan(city.days.moment(-344, minutes=500 + number * 5), partial(_name_delegate, city, key, number))


def _details(number: int, key: str, facts: dict[str, Any]) -> OrganisationDetails:
    field = facts.get("field", "crafts")
    return OrganisationDetails(
        name=facts["name"],
        sector=Sector(facts["sector"]),
        subtype=facts["subtype"],
        identified_by=FOUND[number % len(FOUND)],
        creative_fields=() if field == "none" else (CreativeField(field),),
        tags=tuple(tag for tag, name in (("womens_group", "women"), ("youth_group", "youth")) if facts.get(name)),
        website=f"https://{key.replace('_', '-')}.example" if number % 3 == 0 else None,
        contact_name=facts.get("delegate"),
        contact_email=f"office@{key.replace('_', '-')}.example",
    )


def _register(city: City, key: str, details: OrganisationDetails, at: datetime) -> None:
    city.organisations[key] = perform(lambda s: operations.register_organisation(s, details, actor=OFFICE, now=at))


def _name_delegate(city: City, key: str, number: int, at: datetime) -> None:
    organisation, account = city.organisations[key], city.people[city.delegates[key]]

    def work(session: WriteSession) -> None:
        operations.grant_delegate(
            session,
            session.get_one(Organisation, organisation.id),
            session.get_one(Account, account.id),
            mandate=f"حکم شمارهٔ {_persian(100 + number * 3)}",
            starts_on=at.date(),
            ends_on=None,
            actor=OFFICE,
            now=at,
        )

    perform(work)


def _persian(number: int) -> str:
    """Digits as the office writes them on its letters."""
    return str(number).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
