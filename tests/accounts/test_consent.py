"""Consent is given on its own page and taken back by erasing; no other form touches it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from tests.accounts.making import make_account, sign_in
from ucc_participate.accounts.models import Account, Consent
from ucc_participate.kernel.clock import FrozenClock

PACKAGE = Path(__file__).parents[2] / "ucc_participate"
WRITERS = {
    ("accounts/operations/own_account.py", "give_consent"),
    ("accounts/operations/signing_up.py", "_agree"),
    ("deliberation/operations/guests.py", "_open_account"),
    ("accounts/operations/erasing.py", "_remove_rows"),
}


def functions_that_write_consent() -> set[tuple[str, str]]:
    """Every function of the product that makes a Consent, or changes or deletes its rows."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and any(_writes(node) for node in ast.walk(function)):
                found.add((path.relative_to(PACKAGE).as_posix(), function.name))
    return found


def _writes(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    made = ast.unparse(node.func) in ("Consent", "models.Consent")
    changed = ast.unparse(node.func).split(".")[-1] in ("insert", "update", "delete")
    return made or (changed and any(ast.unparse(argument) == "Consent" for argument in node.args))


def test_only_agreeing_and_erasing_write_consent() -> None:
    assert functions_that_write_consent() == WRITERS


def rows(read: Any) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = read(lambda s: [tuple(row) for row in s.execute(select(Consent.__table__))])
    return found


def test_no_form_of_the_account_changes_it_whatever_is_sent(
    app: Flask, perform: Any, read: Any, clock: FrozenClock
) -> None:
    account = make_account(perform, now=clock.now())
    browser, before = sign_in(app, account, now=clock.now()), rows(read)
    assert len(before) == 1
    clock.advance(days=3)
    forged = {"consent": "", "terms_version": "9", "details-consent": "", "about-consent": ""}
    valid = {
        "details-display_name": "New name",
        "details-locale": "en",
        "details-calendar": "gregorian",
        "about-sex": "female",
        "email-email": "new@example.org",
        "password-new_password": "",
    }
    addresses = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/account/") and "POST" in (rule.methods or ()) and not rule.arguments
    ]
    assert len(addresses) >= 7
    for address in sorted(set(addresses) - {"/account/erase", "/account/sign-out-everywhere"}):
        browser.post(address, data={**valid, **forged})
        assert rows(read) == before, address


def test_the_record_of_consent_shows_version_and_day(app: Flask, perform: Any, clock: FrozenClock) -> None:
    page = sign_in(app, make_account(perform, now=clock.now()), now=clock.now()).get("/account").text
    assert "Version 1 · <time" in page


def test_taking_it_back_leads_to_erasing_and_says_so_first(
    app: Flask, perform: Any, read: Any, clock: FrozenClock
) -> None:
    account = make_account(perform, now=clock.now())
    browser = sign_in(app, account, now=clock.now())
    page = browser.get("/account/terms/withdraw").text
    assert "your account is erased" in page
    assert 'action="/account/erase"' in page
    assert len(rows(read)) == 1
    browser.post("/account/erase")
    assert rows(read) == []
    assert not read(lambda s: s.get(Account, account.id)).is_active
