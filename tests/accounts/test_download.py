"""A person's own data as one ZIP: all of it, to read in three languages and for machines, and nobody else's."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.making import entries, make_account, sign_in
from tests.accounts.test_traces import EMAIL, Life, life
from ucc_participate.accounts.readable import LABELS
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.identity import Role

pytestmark = pytest.mark.settings(UCC_SMS_GATEWAY="console")
__all__ = ["life"]


def fetch(browser: FlaskClient) -> zipfile.ZipFile:
    with browser.get("/account/data.zip") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "application/zip")
        assert answer.headers["Cache-Control"] == "private, no-store"
        return zipfile.ZipFile(io.BytesIO(answer.data))


def status(browser: FlaskClient) -> int:
    with browser.get("/account/data.zip") as answer:
        return answer.status_code


def data_of(archive: zipfile.ZipFile) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(archive.read("my-data.json"))
    return data


def test_it_holds_everything_a_person_did(app: Flask, life: Life) -> None:
    entries(app)
    data = data_of(fetch(life.browser))
    assert data["account"]["email"] == EMAIL
    assert data["about_you"]["district"] == "Qanatabad lane"
    assert [consent["terms_version"] for consent in data["consents"]] == ["1"]
    assert {proposal["state"] for proposal in data["proposals"]} == {"draft", "submitted"}
    assert data["guardians"][0]["guardian"] == "Guardian Tahmineh Zarinkelk"
    assert data["participations"]
    assert data["votes"][0]["has_voted"] is True
    assert data["messages"]
    assert {"invitations", "mandates", "proofs", "written_down", "looks", "roles"} <= data.keys()


def test_what_the_log_says_is_every_entry_by_or_about_the_person(app: Flask, life: Life) -> None:
    mine = set(data_of(fetch(life.browser))["names_in_the_log"].values())
    logged = entries(app)
    expected = [
        index
        for index, entry in enumerate(logged)
        if entry.values["actor"] in mine or any(name in entry.values["subject"] for name in mine)
    ]
    log = data_of(fetch(life.browser))["log"]
    assert [entry["index"] for entry in log] == expected
    assert {"account.created", "consent.given", "proposal.submitted", "participant.joined", "ballot.cast"} <= {
        entry["type"] for entry in log
    }
    submitted = next(entry for entry in log if entry["type"] == "proposal.submitted")
    assert submitted["fields"]["author"] == "Parvaneh Zarinkelk"


def test_documents_lie_in_it_as_they_were_stored(life: Life) -> None:
    archive = fetch(life.browser)
    [told] = data_of(archive)["documents"]
    assert told["file"].startswith("documents/")
    assert hashlib.sha256(archive.read(told["file"])).hexdigest() == told["sha256"]


@pytest.mark.parametrize(
    ("locale", "direction", "heading"),
    [("en", "ltr", "What the city knows of me"), ("fa", "rtl", None), ("fr", "ltr", None)],
)
def test_a_page_in_each_language_stands_alone(life: Life, locale: str, direction: str, heading: str | None) -> None:
    page = fetch(life.browser).read(f"my-data.{locale}.html").decode()
    assert f'<html lang="{locale}" dir="{direction}">' in page
    word = {"en": "Woman", "fa": None, "fr": None}[locale]
    assert word is None or f"<bdi>{word}</bdi>" in page
    assert word is None or "Somebody opened an account." in page
    assert word is None or "<bdi>A phase begins" in page
    assert heading is None or f"<h1>{heading}</h1>" in page
    assert "Qanatabad lane" in page
    assert "Guardian Tahmineh Zarinkelk" in page
    assert not re.search(r"<script|<link|<img|https?://(?!127\.0\.0\.1)", page)
    assert not re.search(r"T\d\d:\d\d:\d\dZ", page), "a moment that is not written for people"


def test_every_field_has_a_label(life: Life) -> None:
    data = data_of(fetch(life.browser))
    names = set(data) - {"written_at"}
    for section in data.values():
        for item in section if isinstance(section, list) else [section]:
            names |= set(item) if isinstance(item, dict) else set()
    names -= set(data["names_in_the_log"])
    assert names - set(LABELS) == set()


def test_nobody_gets_what_belongs_to_another(app: Flask, perform: Any, life: Life, clock: FrozenClock) -> None:
    other = make_account(perform, "other@example.org", display_name="Other", now=clock.now(), roles=(Role.CLERK,))
    archive = fetch(sign_in(app, other, now=clock.now()))
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert b"other@example.org" in whole
    assert b"arinkelk" not in whole
    assert status(app.test_client()) == 303


@pytest.mark.settings(UCC_RATE_LIMITS="yes")
def test_it_is_not_made_without_end(app: Flask, perform: Any, clock: FrozenClock) -> None:
    sara, omid = (make_account(perform, f"{name}@example.org", now=clock.now()) for name in ("sara", "omid"))
    browser = sign_in(app, sara, now=clock.now())
    assert [status(browser) for _ in range(6)] == [200] * 5 + [429]
    assert status(sign_in(app, omid, now=clock.now())) == 200
