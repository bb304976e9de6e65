"""A person's own page: what they change about themselves, and what the log and the mail say of it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.making import (
    PASSWORD,
    acting,
    entries,
    is_signed_in,
    make_account,
    newest_link,
    send_mails,
    sign_in,
    types,
    without_tokens,
)
from ucc_participate.accounts import operations, passwords, queries
from ucc_participate.accounts.models import AboutYou, Account, Profile, Sex
from ucc_participate.accounts.references import account_ref
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.errors import Forbidden, NotFound
from ucc_participate.kernel.identity import Role

DETAILS = {"details-display_name": "Sara K.", "details-locale": "fr", "details-calendar": "jalali"}


@pytest.fixture
def sara(perform: Any, clock: FrozenClock) -> Account:
    return make_account(perform, now=clock.now())


@pytest.fixture
def omid(perform: Any, clock: FrozenClock) -> Account:
    return make_account(perform, "omid@example.org", display_name="Omid", roles=(Role.CLERK,), now=clock.now())


@pytest.fixture
def client(app: Flask, sara: Account, clock: FrozenClock) -> FlaskClient:
    """Sara's browser."""
    return sign_in(app, sara, now=clock.now())


def stored(read: Any, account: Account) -> Account:
    found: Account = read(lambda s: s.get(Account, account.id))
    return found


def last_entry(app: Flask) -> tuple[str, str]:
    values = entries(app)[-1].values
    return values["type"], values["subject"]


def subject(perform: Any, account: Account) -> str:
    name: str = perform(lambda s: account_ref(s, account))
    return name


def test_name_language_and_calendar_change_together(
    app: Flask, client: FlaskClient, sara: Account, read: Any, perform: Any
) -> None:
    assert client.post("/account/details", data=DETAILS).location == "/account"
    account = stored(read, sara)
    assert (account.display_name, account.locale, account.calendar) == ("Sara K.", "fr", "jalali")
    assert last_entry(app) == ("account.updated", subject(perform, sara))
    assert entries(app)[-1].payload == {}
    assert '<html lang="fr"' in client.get("/account").text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"details-display_name": ""}, "Fill this in."),
        ({"details-locale": "de"}, "Choose one of the options."),
        ({"details-calendar": ""}, "Choose one."),
    ],
)
def test_wrong_details_are_said_and_nothing_changes(
    app: Flask, client: FlaskClient, sara: Account, read: Any, changes: dict[str, str], message: str
) -> None:
    before = types(app)
    answer = client.post("/account/details", data=DETAILS | changes)
    assert answer.status_code == 422
    assert message in answer.text
    assert stored(read, sara).display_name == "Sara"
    assert types(app) == before


def test_officials_have_a_function_and_others_have_no_field_for_it(
    app: Flask, client: FlaskClient, sara: Account, omid: Account, read: Any, clock: FrozenClock
) -> None:
    typed = DETAILS | {"details-function": "Head of culture"}
    client.post("/account/details", data=typed)
    sign_in(app, omid, now=clock.now()).post("/account/details", data=typed)
    assert "details-function" not in client.get("/account").text
    assert (stored(read, sara).function, stored(read, omid).function) == (None, "Head of culture")


def test_an_operation_refuses_a_function_to_residents_and_everything_to_strangers(
    app: Flask, perform: Any, sara: Account, omid: Account, clock: FrozenClock
) -> None:
    facts: dict[str, Any] = {"display_name": "X", "locale": "en", "calendar": None, "now": clock.now()}
    before = types(app)

    def update(actor: Any, function: str | None) -> None:
        perform(
            lambda s: operations.update_account(
                s, queries.get_account(s, sara.public_id), **facts, function=function, actor=actor
            )
        )

    with pytest.raises(Forbidden):
        update(acting(sara), "Mayor")
    with pytest.raises(NotFound):
        update(acting(omid, Role.COORDINATOR), None)
    assert types(app) == before


def test_what_a_person_says_of_themselves_is_replaced_and_removed(
    app: Flask, client: FlaskClient, sara: Account, read: Any, perform: Any
) -> None:
    client.post("/account/about-you", data={"about-sex": "female", "about-birth_band": "1990"})
    profile = read(lambda s: s.get(Profile, sara.id))
    assert (profile.sex, profile.birth_band, profile.district) == (Sex.FEMALE, 1990, None)
    assert 'selected value="1990"' in client.get("/account").text
    client.post("/account/about-you", data={"about-district": "Old town"})
    profile = read(lambda s: s.get(Profile, sara.id))
    assert (profile.sex, profile.birth_band, profile.district) == (None, None, "Old town")
    client.post("/account/about-you", data={})
    assert read(lambda s: s.get(Profile, sara.id)) is None
    assert types(app)[-3:] == ["account.updated"] * 3
    assert all(entry.payload == {} for entry in entries(app))


def test_a_password_is_set_and_ends_every_other_sign_in(
    app: Flask, client: FlaskClient, sara: Account, read: Any, clock: FrozenClock
) -> None:
    other = sign_in(app, sara, now=clock.now())
    assert client.post("/account/password", data={"password-new_password": PASSWORD}).location == "/account"
    assert passwords.is_right(PASSWORD, stored(read, sara).password_hash)
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert types(app)[-1] == "account.signed_in_method_changed"
    assert send_mails(app)[0].subject == "Your password was changed"


@pytest.mark.parametrize("weak", ["", "short", "sara-sara-sara"])
def test_a_weak_password_is_refused(client: FlaskClient, sara: Account, read: Any, weak: str) -> None:
    assert client.post("/account/password", data={"password-new_password": weak}).status_code == 422
    assert stored(read, sara).password_hash is None


def test_a_password_is_removed(app: Flask, client: FlaskClient, sara: Account, read: Any) -> None:
    client.post("/account/password", data={"password-new_password": PASSWORD})
    assert client.post("/account/password/remove").location == "/account"
    assert stored(read, sara).password_hash is None
    assert is_signed_in(client)
    assert types(app)[-2:] == ["account.signed_in_method_changed"] * 2


def test_an_address_changes_when_its_new_mailbox_says_so(
    app: Flask, client: FlaskClient, sara: Account, read: Any, perform: Any
) -> None:
    client.post("/account/email", data={"email-email": "New@example.org"})
    path = newest_link(app)
    assert send_mails(app)[0].to == "new@example.org"
    assert client.get(path).status_code == 200
    assert stored(read, sara).email == "sara@example.org"
    stranger = app.test_client()
    assert stranger.post(path).location == "/account"
    assert stored(read, sara).email == "new@example.org"
    assert last_entry(app) == ("account.signed_in_method_changed", subject(perform, sara))
    told = send_mails(app)[0]
    assert (told.to, told.subject) == ("sara@example.org", "Your e-mail address was changed")
    assert client.post(path).status_code == 410


def test_the_address_of_another_gets_no_mail_and_the_answer_is_the_same(
    app: Flask, client: FlaskClient, omid: Account
) -> None:
    taken = client.post("/account/email", data={"email-email": "omid@example.org"}, follow_redirects=True)
    free = client.post("/account/email", data={"email-email": "free@example.org"}, follow_redirects=True)
    assert "If this address can be used" in taken.text
    assert without_tokens(taken.text) == without_tokens(free.text)
    assert [mail.to for mail in send_mails(app)] == ["free@example.org"]


def test_an_address_that_was_taken_meanwhile_changes_nothing(
    app: Flask, client: FlaskClient, sara: Account, perform: Any, read: Any, clock: FrozenClock
) -> None:
    client.post("/account/email", data={"email-email": "new@example.org"})
    path = newest_link(app)
    make_account(perform, "new@example.org", now=clock.now())
    assert client.post(path).status_code == 409
    assert stored(read, sara).email == "sara@example.org"


def test_a_link_for_a_new_address_cannot_be_renewed_by_strangers(
    app: Flask, client: FlaskClient, clock: FrozenClock
) -> None:
    client.post("/account/email", data={"email-email": "new@example.org"})
    path = newest_link(app)
    clock.advance(hours=1)
    app.test_client().post(f"{path}/again")
    assert len(send_mails(app)) == 1


def test_people_download_everything_that_is_stored_about_them(
    app: Flask, client: FlaskClient, sara: Account, perform: Any
) -> None:
    app.extensions["ucc.personal_data"].append(lambda session, account: {"proposals": [account.public_id]})
    client.post("/account/about-you", data={"about-birth_band": "1990", "about-sector": "public"})
    answer = client.get("/account/data.json")
    assert answer.headers["Content-Disposition"] == "attachment; filename=my-data.json"
    data = answer.get_json()
    assert data["account"]["email"] == "sara@example.org"
    assert data["about_you"] == {
        "sex": None, "born_from": 1990, "born_until": 1994, "district": None, "sector": "public",
    }  # fmt: skip
    assert [consent["terms_version"] for consent in data["consents"]] == ["1"]
    assert data["names_in_the_log"] == {"server": subject(perform, sara).removeprefix("account/")}
    assert data["proposals"] == [sara.public_id]
    assert "password_hash" not in answer.text


def test_consent_is_recorded_once(app: Flask, perform: Any, sara: Account, clock: FrozenClock) -> None:
    def agree(version: str) -> None:
        perform(
            lambda s: operations.give_consent(
                s, queries.get_account(s, sara.public_id), terms_version=version, actor=acting(sara), now=clock.now()
            )
        )

    before = types(app)
    agree("1")
    assert types(app) == before
    agree("2")
    assert types(app) == [*before, "consent.given"]


def test_nobody_changes_another_account_through_the_operations(
    app: Flask, perform: Any, sara: Account, omid: Account, clock: FrozenClock
) -> None:
    other: dict[str, Any] = {"actor": acting(omid, Role.COORDINATOR), "now": clock.now()}
    before = types(app)
    attempts: list[Any] = [
        lambda s, a: operations.update_profile(s, a, about=AboutYou(), **other),
        lambda s, a: operations.set_password(s, a, password_hash=None, **other),
        lambda s, a: operations.renew_password_hash(s, a, password_hash="x", **other),
        lambda s, a: operations.sign_out_everywhere(s, a, **other),
        lambda s, a: operations.give_consent(s, a, terms_version="9", **other),
        lambda s, a: operations.request_email_change(s, a, email="x@y.zz", address=str, **other),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            perform(lambda s, act=attempt: act(s, queries.get_account(s, sara.public_id)))
    assert types(app) == before
