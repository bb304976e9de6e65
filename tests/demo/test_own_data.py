"""The page of one's own data in Persian: no code of the machine's in it, no date or amount as the machine writes it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.demo.walking import signed_in
from ucc_participate.accounts import readable
from ucc_participate.audit.models import LogEntry, LogOpening
from ucc_participate.audit.queries import visible_fields
from ucc_participate.kernel.db import db, table_of
from ucc_participate.kernel.i18n import listed, writing_for
from ucc_participate.vocabularies.uccn import SECTORS

TYPED = {
    "name",
    "title",
    "summary",
    "body",
    "place",
    "author",
    "shown_name",
    "mandate",
    "district",
    "function",
    "email",
}
TYPED |= {"done", "gap", "reason", "identified_by", "group_words", "corrected_because", "answered_by", "responsible"}
TYPED |= {"hint", "label"}
TYPED |= {
    "guardian",
    "source",
    "purpose",
    "scope",
    "open_questions",
    "promise",
    "decision_maker",
    "vote",
    "organisation",
}
YEARS = {str(year) for year in (*range(1400, 1420), *range(2024, 2040))}
PROPER_NAMES = {"A", "B", "numpy", "scikit-learn", "scipy"}
"""Groups of an opinion map, and the programs with which they were found."""
ID = re.compile(
    r"(?<![a-z0-9])(?:[23456789a-hjkmnp-z]{8}:(?:end|step:[0-9a-f]{12}:[0-9]+|target:[23456789a-hjkmnp-z]{8})"
    r"|[0-9a-f]{64}|[0-9a-f]{32}|[23456789a-hjkmnp-z]{8}|c[0-9]+"
    r"|(?:uccn|mmr)-[0-9]{4}(?:[.+][0-9]+)?)(?![a-z0-9])"
)
LATIN = re.compile(r"[A-Za-z]{2,}")
_entries, _openings = table_of(LogEntry), table_of(LogOpening)


def typed_words(thing: Any, name: str = "") -> Iterator[str]:
    """What people wrote themselves."""
    if isinstance(thing, dict):
        for key, value in thing.items():
            yield from typed_words(value, name if key in ("fa", "en", "fr") else key)
    elif isinstance(thing, list):
        for value in thing:
            yield from typed_words(value, name)
    elif isinstance(thing, str) and name in TYPED:
        yield thing


@pytest.fixture(scope="module", params=["resident", "delegate", "clerk", "coordinator"])
def own(city: Flask, request: pytest.FixtureRequest) -> tuple[dict[str, Any], str]:
    """The data of somebody of the city, and their Persian page as the text that is read."""
    with signed_in(city, request.param).get("/account/data.zip") as answer:
        archive = zipfile.ZipFile(io.BytesIO(answer.data))
    page = archive.read("my-data.fa.html").decode().partition("<body>")[2]
    return json.loads(archive.read("my-data.json")), unescape(re.sub(r"<[^>]+>", "\n", page))


def test_no_word_of_it_is_latin_but_what_people_typed_and_ids(own: tuple[dict[str, Any], str]) -> None:
    data, page = own
    for text in sorted(set(typed_words(data)), key=len, reverse=True):
        page = page.replace(text, " ")
    assert set(LATIN.findall(ID.sub(" ", page).replace("SHA-256", " "))) == set()


def test_no_number_of_it_is_latin_but_in_ids_and_what_people_typed(own: tuple[dict[str, Any], str]) -> None:
    data, page = own
    for text in sorted(set(typed_words(data)), key=len, reverse=True):
        page = page.replace(text, " ")
    assert re.findall(r"[0-9]+", ID.sub(" ", page).replace("SHA-256", " ")) == []


def test_a_text_in_three_languages_stands_there_once(own: tuple[dict[str, Any], str]) -> None:
    data, page = own
    for each in data.get("participations", []):
        assert each["title"]["fa"] in page
        assert each["title"]["en"] not in page


def test_years_of_birth_are_those_of_the_calendar(own: tuple[dict[str, Any], str]) -> None:
    data, page = own
    if data["about_you"] and data["about_you"]["born_from"]:
        year = str(data["about_you"]["born_from"] - 621).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
        assert f"\n{year}\n" in page


def test_amounts_have_their_currency(city: Flask) -> None:
    with signed_in(city, "resident").get("/account/data.zip") as answer:
        page = zipfile.ZipFile(io.BytesIO(answer.data)).read("my-data.fa.html").decode()
    assert "ریال" in page
    assert "IRR" not in page


def test_every_field_that_the_log_opens_has_a_label(city: Flask) -> None:
    with city.app_context():
        query = select(_openings).join(_entries, _entries.c.position == _openings.c.position)
        names = {name for row in db.session.execute(query) for name in keys(visible_fields(row))}
        bare = {name for name in names if readable.label(name) == name and not ID.fullmatch(name)}
    assert bare - set(SECTORS) - YEARS - PROPER_NAMES == {"fa", "en", "fr"}


def keys(thing: Any) -> Iterator[str]:
    if isinstance(thing, dict):
        for name, value in thing.items():
            yield name
            yield from keys(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from keys(value)


def test_what_an_entry_is_about_is_said_in_words(app: Flask) -> None:
    with app.test_request_context(), writing_for("fa"):
        said = [
            readable.label(ref) for ref in ("register/contacts", "vote/xzag5v69/slot/000012", "phase/4mabdpgj/vote")
        ]
    assert [LATIN.findall(ID.sub(" ", each)) for each in said] == [[], [], []]
    assert "۱۲" in said[1]


def test_things_in_a_line_have_the_comma_of_the_language(app: Flask) -> None:
    with app.test_request_context():
        told = {}
        for locale in ("fa", "fr"):
            with writing_for(locale):
                told[locale] = (listed(["a", "b"]), listed(["a، b, c", "d"]))
    assert told == {"fa": ("a، b", "a، b, c؛ d"), "fr": ("a, b", "a، b, c; d")}
