"""Erasing a person: nothing that tells who they were is left in any table, and the log still verifies."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.accounts.making import acting, entries, is_signed_in, make_account, send_mails, sign_in, types
from ucc_participate.accounts import operations, queries
from ucc_participate.accounts.models import Account, RoleGrant
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import NotFound
from ucc_participate.kernel.identity import Role

EMAIL, NAME = "sara.unmistakable@example.org", "Sara Unmistakable"


@pytest.fixture
def sara(perform: Any, clock: FrozenClock) -> Account:
    return make_account(perform, EMAIL, display_name=NAME, function="Unmistakable head", now=clock.now())


@pytest.fixture
def client(app: Flask, sara: Account, clock: FrozenClock) -> FlaskClient:
    """Sara's browser, after she used everything."""
    browser = sign_in(app, sara, now=clock.now())
    browser.post("/account/about-you", data={"about-district": "Unmistakable lane", "about-sex": "female"})
    browser.post("/account/email", data={"email-email": "unmistakable@new.example.org"})
    app.test_client().post("/sign-in", data={"email": EMAIL})
    return browser


def everything(read: Any) -> dict[str, str]:
    """The content of every table as text; digests as hex."""

    def dump(session: Any) -> dict[str, str]:
        return {table.name: str(session.execute(select(table)).all()) for table in db.metadata.sorted_tables}

    found: dict[str, str] = read(dump)
    return found


def test_the_page_says_what_goes_before_anything_goes(client: FlaskClient) -> None:
    page = client.get("/account/erase")
    assert page.status_code == 200
    assert "Erase my account for ever" in page.text
    assert is_signed_in(client)


def test_nothing_in_any_table_tells_who_it_was(app: Flask, client: FlaskClient, sara: Account, read: Any) -> None:
    pseudonym = entries(app)[0].values["actor"]
    before = everything(read)
    assert "nmistakable" in before["account"] + before["profile"] + before["outbox_message"]
    assert client.post("/account/erase").location == "/"
    after = everything(read)
    for trace in ("nmistakable", sara.public_id, sara.key):
        assert [name for name, text in after.items() if trace in text] == []
    assert after["log_pseudonym"] == after["profile"] == after["consent"] == after["sign_in_link"] == "[]"
    assert pseudonym not in "".join(text for name, text in after.items() if name not in ("log_entry", "log_subject"))
    assert not is_signed_in(client)


def test_the_log_says_that_it_happened_and_still_verifies(app: Flask, client: FlaskClient) -> None:
    before = entries(app)
    client.post("/account/erase")
    after = entries(app)
    assert [entry.entry for entry in after[: len(before)]] == [entry.entry for entry in before]
    [erased] = after[len(before) :]
    assert (erased.values["type"], erased.values["role"]) == ("erasure.executed", "resident")
    assert erased.values["subject"] == before[0].values["subject"]
    assert erased.payload == {"reason": "The person asked for it.", "withheld": []}
    runner = app.test_cli_runner()
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    assert runner.invoke(args=["audit", "check"]).exit_code == 0


def test_the_row_stays_closed_and_its_address_is_free_again(
    app: Flask, client: FlaskClient, sara: Account, read: Any
) -> None:
    client.post("/account/erase")
    account = read(lambda s: s.get(Account, sara.id))
    assert (account.is_active, account.display_name, account.session_version) == (False, "—", 2)
    assert account.email.endswith("@erased.invalid")
    stranger = app.test_client()
    stranger.post("/sign-up", data={"email": EMAIL})
    assert "open an account" in send_mails(app)[0].subject


def test_other_domains_erase_in_the_same_transaction_before_the_names_are_forgotten(
    app: Flask, client: FlaskClient, sara: Account
) -> None:
    seen: list[Any] = []
    app.extensions["ucc.erasers"].append(
        lambda session, account, *, actor, now: seen.append((account.email, actor.key, now))
    )
    client.post("/account/erase")
    assert [(email, key) for email, key, _now in seen] == [(EMAIL, sara.key)]


def test_when_another_domain_fails_nothing_is_erased(
    app: Flask, perform: Any, client: FlaskClient, sara: Account, read: Any, clock: FrozenClock
) -> None:
    def failing(session: Any, account: Account, *, actor: Any, now: Any) -> None:
        raise RuntimeError("no")

    before = everything(read)
    with pytest.raises(RuntimeError, match="no"):
        perform(
            lambda s: operations.erase_account(
                s, queries.get_account(s, sara.public_id), erasers=[failing], actor=acting(sara), now=clock.now()
            )
        )
    assert everything(read) == before


def test_roles_end_with_the_account(app: Flask, perform: Any, read: Any, clock: FrozenClock) -> None:
    make_account(perform, "first@example.org", roles=(Role.COORDINATOR,), now=clock.now())
    second = make_account(perform, "second@example.org", roles=(Role.COORDINATOR, Role.CLERK), now=clock.now())
    sign_in(app, second, now=clock.now()).post("/account/erase")
    grants = read(lambda s: s.scalars(select(RoleGrant).where(RoleGrant.account_id == second.id)).all())
    assert {(grant.revoked_by, grant.revoked_at) for grant in grants} == {(second.key, clock.now())}
    assert types(app)[-3:] == ["role.revoked", "role.revoked", "erasure.executed"]


def test_the_last_coordinator_cannot_leave(app: Flask, perform: Any, read: Any, clock: FrozenClock) -> None:
    last = make_account(perform, "last@example.org", roles=(Role.COORDINATOR,), now=clock.now())
    browser = sign_in(app, last, now=clock.now())
    assert "This is the last coordinator." in browser.get("/account/erase").text
    assert browser.post("/account/erase").status_code == 409
    assert read(lambda s: s.get(Account, last.id)).is_active


def test_nobody_erases_another(perform: Any, sara: Account, read: Any, clock: FrozenClock) -> None:
    other = make_account(perform, "other@example.org", now=clock.now(), roles=(Role.COORDINATOR,))
    with pytest.raises(NotFound):
        perform(
            lambda s: operations.erase_account(
                s,
                queries.get_account(s, sara.public_id),
                erasers=[],
                actor=acting(other, Role.COORDINATOR),
                now=clock.now(),
            )
        )
    assert read(lambda s: s.get(Account, sara.id)).is_active
