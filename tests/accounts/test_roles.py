"""Roles: dated rows and log entries, through the operations, the staff's pages and the command line."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.accounts.making import CITY, acting, entries, grant, is_signed_in, make_account, sign_in, types
from ucc_participate.accounts import operations, queries
from ucc_participate.accounts.models import Account, RoleGrant
from ucc_participate.audit.models import LogEntry, LogOpening, LogQueue
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.errors import Conflict, Forbidden, NotFound
from ucc_participate.kernel.identity import Role


@pytest.fixture
def boss(perform: Any, clock: FrozenClock) -> Account:
    facts = {"display_name": "Leila Moradi", "function": "Head of culture"}
    return make_account(perform, "leila@example.org", roles=(Role.COORDINATOR,), now=clock.now(), **facts)


@pytest.fixture
def sara(perform: Any, clock: FrozenClock) -> Account:
    return make_account(perform, now=clock.now())


@pytest.fixture
def client(app: Flask, boss: Account, clock: FrozenClock) -> FlaskClient:
    """The coordinator's browser."""
    return sign_in(app, boss, now=clock.now())


def roles(read: Any, account: Account, clock: FrozenClock) -> frozenset[Role]:
    found: frozenset[Role] = read(lambda s: queries.roles_of(s, account, clock.now()))
    return found


def revoke(perform: Any, account: Account, role: str, *, actor: Any, clock: FrozenClock) -> None:
    perform(
        lambda s: operations.revoke_role(
            s, queries.get_account(s, account.public_id), role, actor=actor, now=clock.now()
        )
    )


def test_a_role_is_given_from_now_and_says_who_gave_it(
    app: Flask, perform: Any, read: Any, boss: Account, sara: Account, clock: FrozenClock
) -> None:
    grant(perform, sara, Role.CLERK, actor=acting(boss, Role.COORDINATOR), now=clock.now())
    [row] = read(lambda s: queries.grants_of(s, sara))
    assert (row.role, row.granted_by, row.granted_at, row.revoked_at) == (Role.CLERK, boss.key, clock.now(), None)
    given = entries(app)[-1]
    assert (given.values["type"], given.values["role"]) == ("role.granted", "coordinator")
    assert given.payload == {"role": "clerk"}
    assert given.values["subject"] != f"account/{given.values['actor']}"
    assert given.values["subject"] in {entry.values["subject"] for entry in entries(app)[:-1]}


def test_a_role_ends_from_now_and_the_row_stays(
    app: Flask, perform: Any, read: Any, boss: Account, sara: Account, clock: FrozenClock
) -> None:
    grant(perform, sara, Role.CLERK, now=clock.now())
    started = clock.now()
    clock.advance(days=2)
    revoke(perform, sara, "clerk", actor=acting(boss, Role.COORDINATOR), clock=clock)
    [row] = read(lambda s: queries.grants_of(s, sara))
    assert (row.granted_at, row.revoked_at, row.revoked_by) == (started, clock.now(), boss.key)
    assert (types(app)[-1], entries(app)[-1].payload) == ("role.revoked", {"role": "clerk"})
    assert roles(read, sara, clock) == frozenset()
    clock.at -= timedelta(seconds=1)
    assert roles(read, sara, clock) == {Role.CLERK}


def test_a_role_can_be_given_again_as_a_new_row(perform: Any, read: Any, sara: Account, clock: FrozenClock) -> None:
    for _ in range(2):
        grant(perform, sara, Role.CLERK, now=clock.now())
        clock.advance(days=1)
        revoke(perform, sara, "clerk", actor=CITY, clock=clock)
        clock.advance(days=1)
    assert len(read(lambda s: queries.grants_of(s, sara))) == 2


def test_refused_grants_leave_nothing(
    app: Flask, perform: Any, read: Any, boss: Account, sara: Account, clock: FrozenClock
) -> None:
    before = types(app)
    refused: list[tuple[Any, Role, type[Exception]]] = [
        (acting(sara), Role.COORDINATOR, Forbidden),
        (acting(sara, Role.CLERK), Role.CLERK, Forbidden),
        (CITY, Role.SYSTEM, Forbidden),
        (CITY, Role.DELEGATE, Forbidden),
    ]
    for actor, role, error in refused:
        with pytest.raises(error):
            grant(perform, sara, role, actor=actor, now=clock.now())
    with pytest.raises(Conflict):
        grant(perform, boss, Role.COORDINATOR, now=clock.now())
    assert types(app) == before
    assert roles(read, sara, clock) == frozenset()


def test_the_last_coordinator_keeps_the_role_until_there_is_another(
    app: Flask, perform: Any, read: Any, boss: Account, sara: Account, clock: FrozenClock
) -> None:
    with pytest.raises(Conflict):
        revoke(perform, boss, "coordinator", actor=acting(boss, Role.COORDINATOR), clock=clock)
    assert roles(read, boss, clock) == {Role.COORDINATOR}
    grant(perform, sara, Role.COORDINATOR, now=clock.now())
    revoke(perform, boss, "coordinator", actor=acting(boss, Role.COORDINATOR), clock=clock)
    assert roles(read, boss, clock) == frozenset()


@pytest.mark.parametrize("role", ["clerk", "system", "emperor"])
def test_a_role_that_is_not_held_cannot_end(perform: Any, sara: Account, clock: FrozenClock, role: str) -> None:
    with pytest.raises(NotFound):
        revoke(perform, sara, role, actor=CITY, clock=clock)


def test_coordinators_find_people_by_the_beginning_of_their_address(
    client: FlaskClient, sara: Account, perform: Any, clock: FrozenClock
) -> None:
    make_account(perform, "sar_ah@example.org", display_name="Sarah", now=clock.now())
    page = client.get("/staff/people?email=SARA").text
    assert f'/staff/people/{sara.public_id}"' in page
    assert "sar_ah" not in page
    assert "Nobody found" in client.get("/staff/people?email=%25").text


def test_long_lists_go_on_page_by_page_without_a_gap(client: FlaskClient, perform: Any, clock: FrozenClock) -> None:
    def many(session: Any) -> None:
        for number in range(70):
            facts: dict[str, Any] = {"email": f"p{number:02}@example.org", "display_name": f"P{number}", "locale": "fa"}
            operations.create_account(session, **facts, actor=CITY, now=clock.now())

    perform(many)
    seen: list[str] = []
    path: str | None = "/staff/people?email=p"
    while path:
        page = client.get(path).text
        seen += re.findall(r"(p\d\d)…<wbr>", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = following[1].replace("&amp;", "&") if following else None
    assert seen == [f"p{number:02}" for number in reversed(range(70))]


def test_a_coordinator_gives_and_ends_a_role_on_the_pages(
    client: FlaskClient, sara: Account, read: Any, clock: FrozenClock
) -> None:
    path = f"/staff/people/{sara.public_id}"
    assert client.post(path, data={}).status_code == 422
    assert client.post(path, data={"role": "moderator"}).location == path
    assert roles(read, sara, clock) == {Role.MODERATOR}
    assert "Leila Moradi" in client.get(path).text
    clock.advance(hours=1)
    assert "End the role now" in client.get(f"{path}/revoke/moderator").text
    assert roles(read, sara, clock) == {Role.MODERATOR}
    assert client.post(f"{path}/revoke/moderator").location == path
    assert roles(read, sara, clock) == frozenset()
    assert client.get(f"{path}/revoke/moderator").status_code == 404
    assert client.post(path, data={"role": "system"}).status_code == 422


def test_the_page_says_why_the_last_coordinator_stays(client: FlaskClient, boss: Account) -> None:
    path = f"/staff/people/{boss.public_id}/revoke/coordinator"
    page = client.get(path).text
    assert "This is the last coordinator." in page
    assert "End the role now" not in page
    assert client.post(path).status_code == 409


@pytest.mark.parametrize("role", [None, Role.CLERK, Role.MODERATOR, Role.EVALUATOR])
def test_the_pages_of_people_are_for_coordinators_only(
    app: Flask, perform: Any, boss: Account, clock: FrozenClock, role: Role | None
) -> None:
    account = make_account(perform, "x@example.org", roles=(role,) if role else (), now=clock.now())
    browser = sign_in(app, account, now=clock.now())
    person = f"/staff/people/{boss.public_id}"
    answers = [browser.get("/staff/people"), browser.get(person), browser.get(f"{person}/revoke/coordinator")]
    answers += [browser.post(person, data={"role": "clerk"}), browser.post(f"{person}/revoke/coordinator")]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert "leila@example.org" not in "".join(answer.text for answer in answers)


def test_strangers_are_sent_to_sign_in(app: Flask) -> None:
    assert app.test_client().get("/staff/people").location == "/sign-in?next=/staff/people"


def test_who_holds_a_role_is_listed_once_with_all_roles(
    client: FlaskClient, perform: Any, read: Any, sara: Account, boss: Account, clock: FrozenClock
) -> None:
    for role in (Role.EVALUATOR, Role.CLERK):
        grant(perform, sara, role, now=clock.now())
    listed = read(lambda s: [(a.display_name, roles) for a, roles in queries.staff_with_roles(s, clock.now())])
    assert listed == [("Leila Moradi", [Role.COORDINATOR]), ("Sara", [Role.CLERK, Role.EVALUATOR])]
    assert client.get("/staff/people").status_code == 200


def run(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(args=["accounts", *arguments])


def test_the_first_coordinator_comes_from_the_command_line_and_signs_in_with_the_link(
    app: Flask, read: Any, clock: FrozenClock
) -> None:
    details = ("--name", "Mina Rad", "--function", "Clerk of the council")
    result = run(app, "grant", "Mina@Example.org", "coordinator", *details)
    assert result.exit_code == 0
    link = result.output.splitlines()[-1]
    assert link.startswith("http://127.0.0.1:8000/sign-in/link/")
    account = read(lambda s: queries.account_by_email(s, "mina@example.org"))
    assert account.official_name == "Mina Rad, Clerk of the council"
    assert roles(read, account, clock) == {Role.COORDINATOR}
    assert types(app) == ["account.created", "role.granted"]
    assert {entry.values["actor"] for entry in entries(app)} == {"0" * 32}
    browser = app.test_client()
    browser.post(link.removeprefix("http://127.0.0.1:8000"))
    assert is_signed_in(browser)
    assert browser.get("/staff/people").status_code == 200


def test_the_command_gives_a_role_to_an_account_that_is_there(
    app: Flask, sara: Account, read: Any, clock: FrozenClock
) -> None:
    assert run(app, "grant", "sara@example.org", "clerk", "--name", "Other").exit_code == 0
    assert roles(read, sara, clock) == {Role.CLERK}
    assert read(lambda s: s.get(Account, sara.id)).display_name == "Sara"


def test_commands_that_cannot_be_done_say_why_and_fail(app: Flask, boss: Account, sara: Account) -> None:
    cases = {
        ("revoke", "leila@example.org", "coordinator"): "This is the last coordinator.",
        ("revoke", "sara@example.org", "clerk"): "This person does not have this role.",
        ("revoke", "nobody@example.org", "clerk"): "There is no account with the address nobody@example.org.",
        ("grant", "leila@example.org", "coordinator"): "This person has this role already.",
        ("grant", "not an address", "coordinator"): "is not an e-mail address",
        ("grant", "x@example.org", "emperor"): "'emperor' is not one of",
        ("link", "nobody@example.org"): "There is no account",
    }
    before = types(app)
    for arguments, reason in cases.items():
        result = run(app, *arguments)
        assert result.exit_code != 0
        assert reason in result.output
    assert types(app) == before


def test_the_commands_end_a_role_and_make_a_link(
    app: Flask, sara: Account, perform: Any, read: Any, clock: FrozenClock
) -> None:
    grant(perform, sara, Role.CLERK, now=clock.now())
    clock.advance(hours=1)
    assert run(app, "revoke", "sara@example.org", "clerk").output == "revoked clerk\n"
    assert roles(read, sara, clock) == frozenset()
    link = run(app, "link", "sara@example.org").output.strip()
    browser = app.test_client()
    browser.post(link.removeprefix("http://127.0.0.1:8000"))
    assert is_signed_in(browser)


def test_no_address_or_name_ever_stands_in_the_log(app: Flask, boss: Account, sara: Account, read: Any) -> None:
    def text(session: Any) -> str:
        tables = (LogEntry, LogOpening, LogQueue)
        return "".join(str(session.execute(select(table.__table__)).all()) for table in tables)

    found = read(text).lower()
    for trace in ("leila", "sara", "example.org", boss.public_id, sara.public_id):
        assert trace not in found
    assert read(lambda s: s.scalars(select(RoleGrant)).one()).granted_by == "system:test"
