"""Signing in by link or password, staying in, getting out; and what strangers cannot do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.accounts.making import PASSWORD, entries, grant, is_signed_in, make_account, newest_link, send_mails, sign_in
from ucc_participate.accounts import operations, queries
from ucc_participate.accounts.models import Account, SignInAttempt, SignInLink
from ucc_participate.accounts.sessions import load_actor
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.identity import Role, system_actor
from ucc_participate.kernel.web import limiter

WRONG = "The address or the password is not right."
TRIED_TOO_OFTEN = "The password was tried too often."


@pytest.fixture
def sara(perform: Any, clock: FrozenClock) -> Account:
    return make_account(perform, password=PASSWORD, now=clock.now())


def by_password(client: FlaskClient, email: str = "sara@example.org", password: str = PASSWORD, **query: str) -> Any:
    typed = {"by-password-email": email, "by-password-password": password}
    return client.post("/sign-in/password", data=typed, query_string=query)


def ask_for_link(app: Flask, client: FlaskClient, email: str = "sara@example.org", **query: str) -> str:
    client.post("/sign-in", data={"email": email}, query_string=query)
    return newest_link(app)


def test_a_link_signs_in_once_and_leads_where_the_person_wanted(app: Flask, client: FlaskClient, sara: Account) -> None:
    path = ask_for_link(app, client, next="/account?x=1")
    assert not is_signed_in(client)
    assert client.get(path).status_code == 200
    assert not is_signed_in(client)
    assert client.post(path).location == "/account?x=1"
    assert is_signed_in(client)
    other = app.test_client()
    assert other.post(path).status_code == 410
    assert not is_signed_in(other)


def test_a_link_is_too_old_after_half_an_hour(
    app: Flask, client: FlaskClient, sara: Account, clock: FrozenClock
) -> None:
    path = ask_for_link(app, client)
    clock.advance(minutes=30)
    assert client.post(path).status_code == 410
    assert not is_signed_in(client)


def test_a_new_link_keeps_the_old_ones_destination(
    app: Flask, client: FlaskClient, sara: Account, clock: FrozenClock
) -> None:
    path = ask_for_link(app, client, next="/account")
    clock.advance(hours=1)
    client.post(f"{path}/again")
    assert client.post(newest_link(app)).location == "/account"


def test_pages_for_people_with_an_account_send_strangers_to_sign_in_and_back(client: FlaskClient) -> None:
    assert client.get("/account?x=1").location == "/sign-in?next=/account?x%3D1"


def test_a_password_signs_in(client: FlaskClient, sara: Account) -> None:
    answer = by_password(client, " SARA@example.org", next="/account")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert is_signed_in(client)


@pytest.mark.parametrize("email", ["sara@example.org", "stranger@example.org", "omid@example.org"])
def test_a_wrong_password_an_unknown_address_and_an_account_without_one_look_alike(
    client: FlaskClient, sara: Account, perform: Any, clock: FrozenClock, email: str
) -> None:
    make_account(perform, "omid@example.org", now=clock.now())
    answer = by_password(client, email, "nine blue lanterns")
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert answer.text.replace(email, "") == by_password(client, email, "nine blue lanterns").text.replace(email, "")
    assert not is_signed_in(client)


def test_typed_passwords_are_not_sent_back(client: FlaskClient, sara: Account) -> None:
    assert "nine blue lanterns" not in by_password(client, password="nine blue lanterns").text


@pytest.mark.parametrize("email", ["sara@example.org", "stranger@example.org"])
def test_the_sixth_attempt_within_a_quarter_of_an_hour_is_refused_even_if_right(
    client: FlaskClient, sara: Account, clock: FrozenClock, email: str
) -> None:
    for _ in range(5):
        assert by_password(client, email, "wrong").status_code == 422
    refused = by_password(client, email)
    assert refused.status_code == 429
    assert TRIED_TOO_OFTEN in refused.text
    clock.advance(minutes=15)
    assert by_password(client).status_code == 303


def test_one_address_being_throttled_does_not_lock_out_the_owner_elsewhere(app: Flask, sara: Account) -> None:
    attacker, owner = app.test_client(), app.test_client()
    for _ in range(6):
        by_password(attacker, password="wrong")
    assert by_password(attacker).status_code == 429
    typed = {"by-password-email": "sara@example.org", "by-password-password": PASSWORD}
    answer = owner.post("/sign-in/password", data=typed, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert answer.status_code == 303


def test_many_addresses_together_are_throttled_too_and_a_link_still_works(
    app: Flask, client: FlaskClient, sara: Account
) -> None:
    typed = {"by-password-email": "sara@example.org", "by-password-password": "wrong"}
    answers = [
        client.post("/sign-in/password", data=typed, environ_base={"REMOTE_ADDR": f"198.51.100.{number}"}).status_code
        for number in range(31)
    ]
    assert answers == [422] * 30 + [429]
    client.post(ask_for_link(app, client))
    assert is_signed_in(client)


def test_a_right_password_forgets_the_failures(client: FlaskClient, sara: Account, read: Any) -> None:
    for _ in range(4):
        by_password(client, password="wrong")
    by_password(client)
    assert read(lambda s: s.scalar(select(func.count()).select_from(SignInAttempt))) == 0


def test_attempts_are_stored_under_keys_that_tell_nothing(client: FlaskClient, sara: Account, read: Any) -> None:
    by_password(client, password="wrong")
    keys = read(lambda s: s.scalars(select(SignInAttempt.key)).all())
    assert len(set(keys)) == 2
    assert all(len(key) == 64 for key in keys)


def test_a_password_hashed_with_older_parameters_is_hashed_anew(
    app: Flask, client: FlaskClient, perform: Any, read: Any, clock: FrozenClock
) -> None:
    old = PasswordHasher.from_parameters(CHEAPEST).hash(PASSWORD)
    facts: dict[str, Any] = {"email": "old@example.org", "display_name": "Old", "locale": "en", "password_hash": old}
    perform(lambda s: operations.create_account(s, **facts, actor=system_actor("test"), now=clock.now()))
    assert by_password(client, "old@example.org").status_code == 303
    account = read(lambda s: queries.account_by_email(s, "old@example.org"))
    assert account.password_hash.startswith("$argon2id$v=19$m=19456")
    assert entries(app)[-1].values["type"] == "account.signed_in_method_changed"
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example/x", "/\\evil.example", "/\t/evil.example", "evil", "javascript:x"],
)
def test_nobody_is_led_to_another_site(app: Flask, client: FlaskClient, sara: Account, target: str) -> None:
    assert by_password(client, next=target).location == "/"
    other = app.test_client()
    assert other.post(ask_for_link(app, other, next=target)).location == "/"
    assert other.get("/sign-in", query_string={"next": target}).location == "/"


def test_a_destination_too_long_to_store_is_left_out(app: Flask, client: FlaskClient, sara: Account) -> None:
    assert client.post(ask_for_link(app, client, next="/" + "x" * 2000)).location == "/"


def test_nothing_of_the_session_before_stays(client: FlaskClient, sara: Account) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by an attacker"
    by_password(client)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"].startswith(sara.public_id)


def test_signing_out_ends_this_browsers_sign_in_only(app: Flask, sara: Account, clock: FrozenClock) -> None:
    here, there = (sign_in(app, sara, now=clock.now()) for _ in range(2))
    assert here.post("/sign-out").location == "/"
    assert not is_signed_in(here)
    assert is_signed_in(there)


def test_a_get_never_signs_out(app: Flask, sara: Account, clock: FrozenClock) -> None:
    client = sign_in(app, sara, now=clock.now())
    assert client.get("/sign-out").status_code == 405
    assert is_signed_in(client)


def test_signing_out_everywhere_ends_every_sign_in(app: Flask, sara: Account, clock: FrozenClock) -> None:
    here, there = (sign_in(app, sara, now=clock.now()) for _ in range(2))
    assert here.post("/account/sign-out-everywhere").location == "/sign-in"
    assert not is_signed_in(here)
    assert not is_signed_in(there)
    last = entries(app)[-1].values
    assert (last["type"], last["role"]) == ("account.updated", "resident")


@pytest.mark.settings(UCC_SESSION_DAYS="3")
def test_a_sign_in_ends_after_the_days_that_are_set(app: Flask, sara: Account, clock: FrozenClock) -> None:
    client = sign_in(app, sara, now=clock.now())
    clock.advance(days=3)
    assert is_signed_in(client)
    clock.advance(seconds=1)
    assert not is_signed_in(client)


def test_a_cookie_of_an_account_that_does_not_exist_is_a_visitors(
    app: Flask, sara: Account, clock: FrozenClock
) -> None:
    sara.public_id = "nobody22"
    assert not is_signed_in(sign_in(app, sara, now=clock.now()))


@pytest.mark.csrf
@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/sign-in/password", "/sign-out", "/account/erase"])
def test_a_form_of_another_site_is_refused(
    app: Flask, client: FlaskClient, sara: Account, clock: FrozenClock, path: str
) -> None:
    for browser in (client, sign_in(app, sara, now=clock.now())):
        answer = browser.post(path, data={"email": "sara@example.org", "by-password-email": "sara@example.org"})
        assert answer.status_code == 400
    assert send_mails(app) == []


@pytest.mark.csrf
def test_a_link_needs_the_button_of_its_own_page(app: Flask, perform: Any, sara: Account, clock: FrozenClock) -> None:
    client = app.test_client()
    token = perform(
        lambda s: operations.issue_link(
            s, queries.get_account(s, sara.public_id), actor=system_actor("test"), now=clock.now()
        )
    )
    assert client.post(f"/sign-in/link/{token}").status_code == 400
    assert not is_signed_in(client)


@pytest.mark.settings(UCC_RATE_LIMITS="yes")
@pytest.mark.parametrize(("path", "most"), [("/sign-in", 5), ("/sign-up", 5), ("/sign-in/password", 10)])
def test_one_address_asks_so_often_a_minute_and_no_more(client: FlaskClient, path: str, most: int) -> None:
    limiter.reset()
    answers = [client.post(path, data={"email": "not an address"}).status_code for _ in range(most + 1)]
    assert answers == [422] * most + [429]
    limiter.reset()


@pytest.mark.settings(UCC_RATE_LIMITS="yes")
def test_reading_the_sign_in_page_is_not_counted(client: FlaskClient) -> None:
    limiter.reset()
    assert {client.get("/sign-in").status_code for _ in range(20)} == {200}


def test_pages_that_need_no_form_set_no_cookie(client: FlaskClient) -> None:
    for path in ("/sign-in/sent", "/sign-in/link/unknown", "/log/vkey"):
        assert "Set-Cookie" not in client.get(path).headers


def test_the_forms_set_only_the_session_that_guards_them(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    [cookie] = client.get("/sign-in").headers.getlist("Set-Cookie")
    assert cookie.startswith("session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    with client.session_transaction() as session:
        assert set(session) == {"csrf_token"}


def test_a_link_page_is_never_kept_by_the_browser(app: Flask, client: FlaskClient, sara: Account) -> None:
    assert "no-store" in client.get(ask_for_link(app, client)).headers["Cache-Control"]


def test_who_is_signed_in_already_is_led_on(app: Flask, sara: Account, clock: FrozenClock) -> None:
    client = sign_in(app, sara, now=clock.now())
    assert client.get("/sign-in?next=/account").location == "/account"
    assert client.get("/sign-up").location == "/"


def test_who_has_not_agreed_to_the_terms_is_asked_on_the_way_in(
    app: Flask, client: FlaskClient, perform: Any, clock: FrozenClock
) -> None:
    make_account(perform, "new@example.org", terms_version=None, password=PASSWORD, now=clock.now())
    asked = by_password(client, "new@example.org", next="/account").location
    assert asked == "/account/terms?next=/account"
    assert client.post(asked).status_code == 422
    assert client.post(asked, data={"consent": "y"}).location == "/account"
    assert entries(app)[-1].values["type"] == "consent.given"
    client.post("/sign-out")
    assert by_password(client, "new@example.org", next="/account").location == "/account"


def test_the_actor_holds_the_roles_of_now_and_what_other_domains_know(
    app: Flask, perform: Any, sara: Account, clock: FrozenClock
) -> None:
    seen: list[Any] = []
    app.extensions["ucc.actor_facts"].append(
        lambda account_id, now: {"delegations": frozenset({"org2"}), "roles": frozenset({Role.DELEGATE})}
    )

    def look() -> str:
        seen.append(load_actor())
        return ""

    app.add_url_rule("/look", "look", look)
    client = sign_in(app, sara, now=clock.now())
    client.get("/look")
    grant(perform, sara, Role.CLERK, now=clock.now() + timedelta(hours=1))
    client.get("/look")
    clock.advance(hours=1)
    client.get("/look")
    assert [actor.roles for actor in seen] == [
        {Role.RESIDENT, Role.DELEGATE},
        {Role.RESIDENT, Role.DELEGATE},
        {Role.RESIDENT, Role.DELEGATE, Role.CLERK},
    ]
    assert {(actor.key, actor.name, actor.delegations) for actor in seen} == {(sara.key, "Sara", frozenset({"org2"}))}


def test_links_and_attempts_go_a_day_after_their_use(
    app: Flask, client: FlaskClient, sara: Account, read: Any, perform: Any, clock: FrozenClock
) -> None:
    ask_for_link(app, client)
    by_password(client, password="wrong")

    def left() -> tuple[int, int]:
        tables = (SignInLink, SignInAttempt)
        counts = [read(lambda s, t=table: s.scalar(select(func.count()).select_from(t))) for table in tables]
        return counts[0], counts[1]

    def tidy() -> None:
        perform(lambda s: operations.remove_stale(s, actor=system_actor("tidy"), now=clock.now()))

    clock.advance(hours=23)
    tidy()
    assert left() == (1, 2)
    clock.advance(hours=2)
    tidy()
    assert left() == (0, 0)


def test_a_language_switched_in_this_browser_holds_until_the_next_sign_in(
    app: Flask, client: FlaskClient, sara: Account
) -> None:
    client.get("/language/fa")
    by_password(client)
    assert '<html lang="en"' in client.get("/account").text
    client.get("/language/fr")
    assert '<html lang="fr"' in client.get("/account").text
    client.post("/sign-out")
    by_password(client)
    assert '<html lang="en"' in client.get("/account").text
