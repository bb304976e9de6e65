"""Opening an account: by a mailed link, with a name, a yes to the terms and nothing else that must be said."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.accounts.making import (
    CITY,
    PASSWORD,
    acting,
    entries,
    is_signed_in,
    make_account,
    newest_link,
    send_mails,
    types,
)
from ucc_participate.accounts import operations, passwords, queries
from ucc_participate.accounts.links import LinkSpent
from ucc_participate.accounts.models import TERMS_VERSION, AboutYou, Account, Consent, Profile, Sex, SignInLink
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.errors import Conflict, Forbidden
from ucc_participate.kernel.identity import VISITOR
from ucc_participate.vocabularies.uccn import Sector

FORM = {"display_name": "Sara Karimi", "consent": "y"}


@pytest.fixture
def link(app: Flask, client: FlaskClient) -> Any:
    """``link("x@y.zz")``: ask for a link and find it in the mail."""

    def ask(email: str = "sara@example.org", path: str = "/sign-up") -> str:
        assert client.post(path, data={"email": email}).status_code == 303
        return newest_link(app)

    return ask


def accounts(read: Any) -> list[Account]:
    found: list[Account] = read(lambda session: session.scalars(select(Account).order_by(Account.id)).all())
    return found


def test_a_stranger_opens_an_account_and_is_signed_in(
    app: Flask, client: FlaskClient, link: Any, read: Any, clock: FrozenClock
) -> None:
    path = link("Sara@Example.ORG")
    page = client.get(path)
    assert page.status_code == 200
    assert "sara@example.org" in page.text
    answer = client.post(path, data=FORM)
    assert (answer.status_code, answer.location) == (303, "/")
    [account] = accounts(read)
    assert (account.email, account.display_name, account.locale) == ("sara@example.org", "Sara Karimi", "en")
    assert (account.password_hash, account.is_active, account.created_at) == (None, True, clock.now())
    assert read(lambda s: s.get(Profile, account.id)) is None
    [consent] = read(lambda s: s.scalars(select(Consent)).all())
    assert (consent.account_id, consent.terms_version) == (account.id, TERMS_VERSION)
    assert is_signed_in(client)


def test_the_log_tells_that_somebody_came_and_not_who(app: Flask, client: FlaskClient, link: Any) -> None:
    client.post(link(), data=FORM)
    created, consent = entries(app)
    assert [created.values["type"], consent.values["type"]] == ["account.created", "consent.given"]
    assert created.values["subject"] == f"account/{created.values['actor']}"
    assert consent.values["prev"] == created.values["commit"]
    for entry in (created, consent):
        assert (entry.values["role"], entry.values["process"], entry.payload) == ("resident", None, {})
        assert b"ara" not in entry.entry.replace(entry.values["schema"].encode(), b"")


def test_what_people_say_of_themselves_is_kept_apart_and_coarse(client: FlaskClient, link: Any, read: Any) -> None:
    said = {"sex": "female", "birth_band": "1990", "district": "  Old  town ", "sector": "private"}
    client.post(link(), data=FORM | said | {"new_password": PASSWORD})
    [account] = accounts(read)
    profile = read(lambda s: s.get(Profile, account.id))
    assert (profile.sex, profile.birth_band) == (Sex.FEMALE, 1990)
    assert (profile.district, profile.sector) == ("Old town", Sector.PRIVATE)
    assert passwords.is_right(PASSWORD, account.password_hash)


@pytest.mark.parametrize(("year", "band"), [(1990, 1990), (1994, 1990), (1995, 1995), (None, None)])
def test_a_year_of_birth_becomes_a_span_of_five(year: int | None, band: int | None) -> None:
    assert AboutYou(birth_year=year).birth_band == band


def test_consent_is_an_empty_box_beside_the_terms_and_their_version(client: FlaskClient, link: Any) -> None:
    page = client.get(link()).text
    [box] = re.findall(r'<input[^>]*name="consent"[^>]*>', page)
    assert "checked" not in box
    for shown in ('href="/terms"', 'href="/privacy"', f"Version {TERMS_VERSION}"):
        assert shown in page
    first = client.get("/sign-up").text
    assert 'href="/terms"' in first.partition("<footer")[0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"consent": ""}, "Tick this box to go on."),
        ({"display_name": " \u200b "}, "Fill this in."),
        ({"display_name": "x" * 81}, "Shorten this to 80 characters."),
        ({"new_password": "short"}, "Write at least 10 characters."),
        ({"new_password": "sara karimi 1"}, "Leave your name and your e-mail address out"),
        ({"birth_band": "1991"}, "Choose one of the options."),
        ({"sex": "x"}, "Choose one of the options."),
    ],
)
def test_what_is_missing_is_said_and_the_link_still_works(
    client: FlaskClient, link: Any, read: Any, changes: dict[str, str], message: str
) -> None:
    path = link()
    refused = client.post(path, data=FORM | changes)
    assert refused.status_code == 422
    assert message in refused.text
    assert accounts(read) == []
    assert client.post(path, data=FORM).status_code == 303


def test_opening_the_link_uses_nothing_up(client: FlaskClient, link: Any, read: Any) -> None:
    path = link()
    for _ in range(3):
        assert client.get(path).status_code == 200
    assert read(lambda s: s.scalars(select(SignInLink)).one()).used_at is None


def test_a_link_opens_one_account_only(client: FlaskClient, link: Any, read: Any) -> None:
    path = link()
    client.post(path, data=FORM)
    assert client.get(path).status_code == 410
    assert client.post(path, data=FORM | {"display_name": "Other"}).status_code == 410
    assert [account.display_name for account in accounts(read)] == ["Sara Karimi"]


def test_using_one_link_ends_the_others_of_the_address(client: FlaskClient, link: Any) -> None:
    first, second = link(), link()
    client.post(second, data=FORM)
    assert client.get(first).status_code == 410


def test_a_link_ends_after_half_an_hour_and_can_be_asked_for_again(
    app: Flask, client: FlaskClient, link: Any, clock: FrozenClock
) -> None:
    path = link()
    clock.advance(minutes=29)
    assert client.get(path).status_code == 200
    clock.advance(minutes=1)
    page = client.get(path)
    assert page.status_code == 410
    assert f'action="{path}/again"' in page.text
    assert client.post(f"{path}/again").location == "/sign-in/sent"
    assert client.post(newest_link(app), data=FORM).status_code == 303


def test_an_unknown_link_says_where_to_get_one(client: FlaskClient) -> None:
    page = client.get("/sign-in/link/made-up")
    assert page.status_code == 410
    assert 'href="/sign-in"' in page.text
    assert client.post("/sign-in/link/made-up/again").location == "/sign-in/sent"


def test_only_the_digest_of_a_token_is_stored_once_the_mail_is_sent(app: Flask, link: Any, read: Any) -> None:
    token = link().rpartition("/")[2]

    def dump(session: Any) -> str:
        tables = ("sign_in_link", "outbox_message")
        return "".join(str(session.execute(select(Account.metadata.tables[name])).all()) for name in tables)

    assert token not in read(dump)
    assert read(lambda s: s.scalars(select(SignInLink)).one()).token_hash != token


def test_who_has_an_account_and_signs_up_again_gets_a_link_to_sign_in(
    app: Flask, client: FlaskClient, link: Any, perform: Any, clock: FrozenClock, read: Any
) -> None:
    make_account(perform, "sara@example.org", now=clock.now())
    path = link()
    assert "sign in" in send_mails(app)[0].subject
    client.post(path)
    assert is_signed_in(client)
    assert len(accounts(read)) == 1


def test_the_answer_is_the_same_for_known_and_unknown_addresses(
    client: FlaskClient, perform: Any, clock: FrozenClock
) -> None:
    make_account(perform, "known@example.org", now=clock.now())
    for path in ("/sign-up", "/sign-in"):
        known, unknown = (
            client.post(path, data={"email": email}) for email in ("known@example.org", "stranger@example.org")
        )
        assert (known.status_code, known.location, known.data) == (unknown.status_code, unknown.location, unknown.data)


def test_an_address_gets_a_handful_of_links_and_then_none_for_a_while(
    app: Flask, client: FlaskClient, clock: FrozenClock
) -> None:
    for _ in range(8):
        assert client.post("/sign-in", data={"email": "sara@example.org"}).location == "/sign-in/sent"
    assert len(send_mails(app)) == 5
    clock.advance(minutes=31)
    client.post("/sign-in", data={"email": "sara@example.org"})
    assert len(send_mails(app)) == 6


def test_a_broken_address_is_refused_before_anything_is_mailed(app: Flask, client: FlaskClient) -> None:
    for email in ("", "nobody", "a@b", "a b@example.org"):
        assert client.post("/sign-up", data={"email": email}).status_code == 422
    assert send_mails(app) == []


def test_the_form_asks_years_of_birth_in_the_readers_calendar(client: FlaskClient, link: Any) -> None:
    path = link()
    assert "1990 to 1994" in client.get(path).text
    client.get("/language/fa")
    assert "۱۳۶۹" in client.get(path).text


def test_mail_comes_in_the_language_of_the_page(app: Flask, client: FlaskClient) -> None:
    client.get("/language/fa")
    client.post("/sign-up", data={"email": "sara@example.org"})
    assert send_mails(app)[0].language == "fa"


def test_a_city_opens_accounts_for_others_and_strangers_do_not(app: Flask, perform: Any, clock: FrozenClock) -> None:
    def opening(**changes: Any) -> Account:
        facts: dict[str, Any] = {"email": "a@example.org", "display_name": "A", "locale": "fa", "actor": CITY}
        facts["now"] = clock.now()
        made: Account = perform(lambda s: operations.create_account(s, **(facts | changes)))
        return made

    account = opening(function="Head", about=AboutYou(district="Old town"))
    assert types(app) == ["account.created"]
    assert entries(app)[0].values["role"] == "system"
    with pytest.raises(Conflict):
        opening(email="A@example.org")
    for actor in (VISITOR, acting(account)):
        with pytest.raises(Forbidden):
            opening(email="b@example.org", actor=actor)
    assert types(app) == ["account.created"]


def test_a_link_of_another_kind_opens_no_account(perform: Any, read: Any, clock: FrozenClock) -> None:
    account = make_account(perform, now=clock.now())
    token = perform(
        lambda s: operations.issue_link(s, queries.get_account(s, account.public_id), actor=CITY, now=clock.now())
    )
    with pytest.raises(LinkSpent):
        perform(
            lambda s: operations.sign_up(
                s,
                token,
                display_name="X",
                locale="en",
                password_hash=None,
                about=AboutYou(),
                terms_version="1",
                actor=VISITOR,
                now=clock.now(),
            )
        )
    assert len(accounts(read)) == 1
