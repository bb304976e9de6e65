"""Organisations for tests, made through the register's own operations."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from ucc_participate.accounts.models import Account
from ucc_participate.accounts.operations import create_account
from ucc_participate.accounts.references import actor_of
from ucc_participate.kernel.identity import VISITOR, Actor, Role, system_actor
from ucc_participate.stakeholders import operations
from ucc_participate.stakeholders.models import Delegate, Organisation
from ucc_participate.stakeholders.operations import OrganisationDetails
from ucc_participate.vocabularies.uccn import CreativeField, Sector

CITY = system_actor("test")
POTTERS = OrganisationDetails(
    name="Potters’ Guild",
    sector=Sector.PRIVATE,
    subtype="guild_chamber",
    identified_by="The chamber of guilds named it",
    creative_field=CreativeField.CRAFTS,
    contact_name="Mina Rahimi",
    contact_email="mina@potters.example",
    contact_phone="013-4242",
    note="Call in the morning",
)
SUBTYPE_OF = {Sector.PUBLIC: "university", Sector.PRIVATE: "company", Sector.CIVIL_SOCIETY: "association"}
ACTORS: dict[str, Actor] = {
    "visitor": VISITOR,
    "resident": Actor("account:901", 901, frozenset({Role.RESIDENT}), name="Resident"),
    "delegate": Actor("account:902", 902, frozenset({Role.RESIDENT, Role.DELEGATE}), name="Delegate"),
    "evaluator": Actor("account:903", 903, frozenset({Role.RESIDENT, Role.EVALUATOR}), name="Evaluator"),
    "moderator": Actor("account:904", 904, frozenset({Role.RESIDENT, Role.MODERATOR}), name="Moderator"),
    "clerk": Actor("account:905", 905, frozenset({Role.RESIDENT, Role.CLERK}), name="Clerk"),
    "coordinator": Actor("account:906", 906, frozenset({Role.RESIDENT, Role.COORDINATOR}), name="Coordinator"),
    "system": CITY,
}


def details(name: str, sector: Sector = Sector.CIVIL_SOCIETY, **changes: Any) -> OrganisationDetails:
    """An organisation of this name and sector, with whatever else is said."""
    plain = OrganisationDetails(name=name, sector=sector, subtype=SUBTYPE_OF[sector], identified_by="Public register")
    return replace(plain, **changes)


def make_organisation(
    perform: Any, name: str, sector: Sector = Sector.CIVIL_SOCIETY, *, now: datetime, **changes: Any
) -> Organisation:
    wanted = details(name, sector, **changes)
    made: Organisation = perform(lambda s: operations.register_organisation(s, wanted, actor=CITY, now=now))
    return made


def make_account(perform: Any, email: str, *, now: datetime, name: str = "Sara") -> Account:
    made: Account = perform(
        lambda s: create_account(s, email=email, display_name=name, locale="en", actor=CITY, now=now)
    )
    return made


def acting(account: Account, *roles: Role) -> Actor:
    return actor_of(account, *roles)


def make_delegate(
    perform: Any, organisation: Organisation, account: Account, *, now: datetime, **changes: Any
) -> Delegate:
    """The account may act for the organisation from today on."""
    mandate: dict[str, Any] = {"mandate": "Decision of its board", "starts_on": now.date(), "ends_on": None} | changes
    made: Delegate = perform(
        lambda s: operations.grant_delegate(s, organisation, account, **mandate, actor=CITY, now=now)
    )
    return made
