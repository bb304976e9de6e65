"""Staff that looks at personal data is seen to look, by the person, and at no cost to lists."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.accounts.making import entries, make_account, sign_in
from tests.processes.making import make_process
from tests.stakeholders.making import make_delegate, make_organisation
from ucc_participate.accounts.models import Account
from ucc_participate.audit.models import LogPseudonym
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.models import ProcessState


@pytest.fixture
def sara(perform: Any, clock: FrozenClock) -> Account:
    return make_account(perform, "sara.looked.at@example.org", display_name="Sara Looked-at", now=clock.now())


@pytest.fixture
def officer(perform: Any, clock: FrozenClock) -> Account:
    facts = {"display_name": "Mina", "function": "Head of registers"}
    return make_account(perform, "mina@example.org", roles=(Role.COORDINATOR,), now=clock.now(), **facts)


@pytest.fixture
def staff(app: Flask, officer: Account, clock: FrozenClock) -> FlaskClient:
    return sign_in(app, officer, now=clock.now())


@pytest.fixture
def own(app: Flask, sara: Account, clock: FrozenClock) -> FlaskClient:
    return sign_in(app, sara, now=clock.now())


def looks(app: Flask) -> list[Any]:
    return [entry for entry in entries(app) if entry.values["type"] == "personal_data.read"]


def test_a_look_stands_in_the_log_by_random_names_role_and_kind_of_page(
    app: Flask, staff: FlaskClient, sara: Account, officer: Account, read: Any
) -> None:
    assert sara.email in staff.get(f"/staff/people/{sara.public_id}").text
    [look] = looks(app)
    names = {row.person: row.pseudonym for row in read(lambda s: s.scalars(select(LogPseudonym)).all())}
    assert look.values["subject"] == f"account/{names[sara.key]}"
    assert (look.values["actor"], look.values["role"]) == (names[officer.key], "coordinator")
    assert (look.values["process"], look.payload) == (None, {"page": "person"})


def test_looking_again_within_the_hour_is_the_same_look(
    app: Flask, staff: FlaskClient, sara: Account, clock: FrozenClock
) -> None:
    for minutes in (0, 20, 39):
        clock.advance(minutes=minutes)
        staff.get(f"/staff/people/{sara.public_id}")
    assert len(looks(app)) == 1
    clock.advance(minutes=1)
    staff.get(f"/staff/people/{sara.public_id}")
    assert len(looks(app)) == 2


def test_another_official_and_another_kind_of_page_are_other_looks(
    app: Flask, perform: Any, staff: FlaskClient, sara: Account, clock: FrozenClock
) -> None:
    process = make_process(perform, clock.now(), ProcessState.PUBLISHED)
    staff.get(f"/staff/people/{sara.public_id}")
    staff.get(f"/staff/processes/{process.public_id}/counter/{sara.public_id}")
    second = make_account(perform, "second@example.org", roles=(Role.COORDINATOR,), now=clock.now())
    sign_in(app, second, now=clock.now()).get(f"/staff/people/{sara.public_id}")
    assert [look.payload["page"] for look in looks(app)] == ["person", "counter", "person"]


def test_a_list_notes_nothing_and_shows_no_whole_address(app: Flask, staff: FlaskClient, sara: Account) -> None:
    page = staff.get("/staff/people?email=sara").text
    assert sara.display_name in page
    assert sara.email not in page
    assert looks(app) == []


def test_a_noted_look_costs_the_page_one_statement_more_at_most_two(
    staff: FlaskClient, sara: Account, count_queries: Any, app: Flask
) -> None:
    address = f"/staff/people/{sara.public_id}"
    staff.get(address)
    noted = count_queries(lambda: staff.get(address))
    own = count_queries(lambda: staff.get("/staff/people"))
    assert noted <= own + 5


def test_contact_data_is_noted_for_the_organisation_and_shown_to_its_delegates(
    app: Flask, perform: Any, staff: FlaskClient, sara: Account, own: FlaskClient, clock: FrozenClock
) -> None:
    organisation = make_organisation(perform, "Weavers of the bazaar", now=clock.now())
    make_delegate(perform, organisation, sara, now=clock.now())
    app.test_client().get(f"/stakeholders/{organisation.public_id}")
    assert looks(app) == []
    staff.get(f"/stakeholders/{organisation.public_id}")
    [look] = looks(app)
    assert (look.values["subject"], look.payload) == (organisation.ref, {"page": "contact"})
    page = own.get("/account/looks").text
    assert "contact data and delegates of an organisation" in page


def test_the_person_sees_who_by_role_and_function_never_by_name(
    staff: FlaskClient, sara: Account, own: FlaskClient, app: Flask, perform: Any, clock: FrozenClock
) -> None:
    assert "Nobody yet" in own.get("/account/looks").text
    staff.get(f"/staff/people/{sara.public_id}")
    assert len(looks(app)) == 1
    page = own.get("/account/looks").text
    assert re.search(r"Coordinator · <bdi>Head of registers</bdi>", page)
    assert "your name, e-mail address and roles" in page
    assert "Mina" not in page
    stranger = make_account(perform, "other@example.org", now=clock.now())
    assert "Nobody yet" in sign_in(app, stranger, now=clock.now()).get("/account/looks").text


def test_nobody_is_noted_for_looking_at_themselves(app: Flask, staff: FlaskClient, officer: Account) -> None:
    assert staff.get(f"/staff/people/{officer.public_id}").status_code == 200
    assert looks(app) == []


def test_what_is_refused_is_not_noted(app: Flask, sara: Account, perform: Any, clock: FrozenClock) -> None:
    other = make_account(perform, "other@example.org", now=clock.now())
    assert sign_in(app, other, now=clock.now()).get(f"/staff/people/{sara.public_id}").status_code == 403
    assert looks(app) == []


def test_a_page_loaded_in_advance_is_no_look(app: Flask, staff: FlaskClient, sara: Account) -> None:
    answer = staff.get(f"/staff/people/{sara.public_id}", headers={"Sec-Purpose": "prefetch"})
    assert answer.status_code == 503
    assert sara.email not in answer.text
    assert looks(app) == []


def test_without_its_entry_there_is_no_look(app: Flask, staff: FlaskClient, sara: Account) -> None:
    app.extensions["ucc.audit"].signer._alarm_file.write_text("a test")
    answer = staff.get(f"/staff/people/{sara.public_id}")
    assert answer.status_code == 503
    assert sara.email not in answer.text


def staff_pages(app: Flask, values: dict[str, str]) -> list[str]:
    """Every address of the desk that can be opened with these values."""
    addresses = app.url_map.bind("localhost")
    return [
        addresses.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/staff") and "GET" in (rule.methods or ()) and rule.arguments <= values.keys()
    ]


def test_no_page_of_the_desk_shows_an_address_and_keeps_quiet_about_it(
    app: Flask, perform: Any, staff: FlaskClient, sara: Account, clock: FrozenClock
) -> None:
    process = make_process(perform, clock.now(), ProcessState.PUBLISHED)
    values = {"public_id": process.public_id, "account_id": sara.public_id, "process_id": process.public_id}
    pages = staff_pages(app, values) + staff_pages(app, {"public_id": sara.public_id})
    assert len(pages) > 20
    for address in pages:
        before = len(looks(app))
        clock.advance(hours=2)
        answer = staff.get(address)
        if answer.status_code == 200 and sara.email in answer.text:
            assert len(looks(app)) == before + 1, address
