"""Organisations for tests, made through the register's own operations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.accounts import making as people
from tests.accounts.making import CITY, acting, sign_in
from ucc_participate.accounts.models import Account
from ucc_participate.audit import drift, log
from ucc_participate.audit import queries as log_queries
from ucc_participate.audit.models import LogOpening
from ucc_participate.kernel.db import db
from ucc_participate.kernel.identity import VISITOR, Actor, Role
from ucc_participate.stakeholders import operations
from ucc_participate.stakeholders.models import Delegate, Organisation
from ucc_participate.stakeholders.operations import OrganisationDetails
from ucc_participate.stakeholders.queries import delegate_to_change, organisation_to_change
from ucc_participate.vocabularies.uccn import CreativeField, Sector

POTTERS = OrganisationDetails(
    name="Potters’ Guild",
    sector=Sector.PRIVATE,
    subtype="guild_chamber",
    identified_by="The chamber of guilds named it",
    creative_fields=(CreativeField.CRAFTS,),
    contact_name="Mina Rahimi",
    contact_email="mina@potters.example",
    contact_phone="013-4242",
    note="Call in the morning",
)
__all__ = ["CITY", "acting", "sign_in"]
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
    """An organisation of this name and sector, with whatever else is said; ``is_womens_group`` and ``is_youth_group``
    give it the built-in tags, ``creative_field`` its only field."""
    tags = [tag for tag in ("womens_group", "youth_group") if changes.pop(f"is_{tag}", False)]
    field = changes.pop("creative_field", None)
    changes = {"tags": tuple(tags), "creative_fields": (field,) if field else ()} | changes
    plain = OrganisationDetails(name=name, sector=sector, subtype=SUBTYPE_OF[sector], identified_by="Public register")
    return replace(plain, **changes)


def make_organisation(
    perform: Any, name: str, sector: Sector = Sector.CIVIL_SOCIETY, *, now: datetime, **changes: Any
) -> Organisation:
    wanted = details(name, sector, **changes)
    made: Organisation = perform(lambda s: operations.register_organisation(s, wanted, actor=CITY, now=now))
    return made


def make_account(perform: Any, email: str, *, now: datetime, name: str = "Sara", **facts: Any) -> Account:
    return people.make_account(perform, email, now=now, display_name=name, **facts)


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of the log: ``values`` are what stands in it, ``payload`` what it commits to."""

    values: dict[str, Any]
    payload: dict[str, Any]

    @property
    def type(self) -> str:
        return str(self.values["type"])


def told(app: Flask, **wanted: Any) -> list[Told]:
    """The entries of a process or a subject, oldest first."""
    with app.app_context():
        log.sequence(db.engine)
        connection = db.session.connection()
        found = log_queries.latest_entries(connection, limit=1000, **wanted)[::-1]
        positions = [entry.position for entry in found]
        openings = connection.execute(select(LogOpening.__table__).where(LogOpening.position.in_(positions))).all()
        db.session.rollback()
    payloads = {row.position: log_queries.visible_fields(row) for row in openings}
    return [Told(entry.values, payloads.get(entry.position, {})) for entry in found]


def drift_faults(app: Flask) -> list[str]:
    """Where tables and log differ, once everything that was done is in the log."""
    with app.app_context():
        log.sequence(db.engine)
        return drift.check(db.session())


def staff_browser(app: Flask, perform: Any, role: Role, *, now: datetime) -> FlaskClient:
    """A browser in which somebody with this role is signed in."""
    account = make_account(perform, f"{role.value}@city.example", now=now, roles=(role,), name=role.value.title())
    return sign_in(app, account, now=now)


def set_quorum(perform: Any, organisation: Organisation, confirmations: int, *, now: datetime) -> None:
    """So many of its delegates must agree on a ballot, in votes that open from now on."""

    def work(session: Any) -> None:
        found = organisation_to_change(session, organisation.public_id)
        operations.set_quorum(session, found, confirmations=confirmations, actor=CITY, now=now)

    perform(work)


def revoke(perform: Any, organisation: Organisation, delegate: Delegate, *, now: datetime) -> None:
    """The mandate is withdrawn."""

    def work(session: Any) -> None:
        found = delegate_to_change(session, organisation, delegate.public_id)
        operations.revoke_delegate(session, organisation, found, actor=CITY, now=now)

    perform(work)


def make_delegate(
    perform: Any, organisation: Organisation, account: Account, *, now: datetime, **changes: Any
) -> Delegate:
    """The account may act for the organisation from today on."""
    mandate: dict[str, Any] = {"mandate": "Decision of its board", "starts_on": now.date(), "ends_on": None} | changes
    made: Delegate = perform(
        lambda s: operations.grant_delegate(s, organisation, account, **mandate, actor=CITY, now=now)
    )
    return made
