"""Passwords: hashed as OWASP advises, checked in the same time for everybody, refused when easy to guess."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from hypothesis import given, settings
from hypothesis import strategies as st

from ucc_participate.accounts import passwords

EMAIL, NAME = "sara.karimi@example.org", "سارا کریمی"


@settings(max_examples=8, deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_a_password_opens_its_own_hash_and_no_other(password: str) -> None:
    stored = passwords.hash_password(password)
    assert passwords.is_right(password, stored)
    assert not passwords.is_right(password + "x", stored)


def test_parameters_are_those_of_owasp() -> None:
    assert passwords.hash_password("seven blue lanterns").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_without_a_stored_hash_nothing_is_right_and_the_work_is_the_same() -> None:
    assert not passwords.is_right("seven blue lanterns", None)
    assert not passwords.needs_rehash(passwords._NOBODYS)
    assert not passwords.needs_rehash(None)


def test_a_broken_hash_opens_nothing() -> None:
    assert not passwords.is_right("x", "not a hash")


def test_a_hash_of_older_parameters_is_renewed() -> None:
    assert passwords.needs_rehash(PasswordHasher.from_parameters(CHEAPEST).hash("x"))
    assert not passwords.needs_rehash(passwords.hash_password("x"))


def test_keyboards_that_write_the_same_letter_differently_open_the_same_account() -> None:
    assert passwords.is_right("cafe\u0301 au lait", passwords.hash_password("caf\u00e9 au lait"))


@pytest.mark.parametrize(
    "password",
    ["", "nine char", "x" * 201, "aaaabbbbcccc", "sara.karimi-2026", "my سارا کریمی", "کريمي1234567"],
)
def test_passwords_that_are_guessed_first_are_refused(password: str) -> None:
    assert passwords.weakness(password, email=EMAIL, name=NAME) is not None


@pytest.mark.parametrize("password", ["seven blue lanterns", "هفت فانوس آبی", "x1y2z3w4v5", "ali" * 4 + "ben"])
def test_long_passwords_of_plain_words_are_taken(password: str) -> None:
    assert passwords.weakness(password, email="ali@example.org", name="Ali") is None
