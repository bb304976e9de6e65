"""Every column that leads to a person is described to people: purpose, ground, retention, who sees it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.making import make_account, sign_in
from ucc_participate.accounts.purposes import questions
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.db import db
from ucc_participate.kernel.i18n import writing_for

LEADS_TO_A_PERSON = re.compile(
    r"email|phone|contact|guardian|author|_by$|^by$|person|district|birth|^sex$|display_name|password|account|clerk"
    r"|address|owner|^actor$|^to$"
)
# What only sounds like it: rules, coarse counts and seals that name nobody.
NOBODY = {
    "eligibility_rules.guardian_below",
    "organisation.identified_by",
    "register_import.identified_by",
    "activity.district",
    "newsletter.addressed",
    "proposal.district",
    "district_map.districts",
    "vote.districts",
    "meeting.district",
    "show_of_hands.by_phone",
    "meeting_invitation.by_mail",
    "speaking_turn.sex",
    "commitment.owner",
    "reading.late_by",
}


def columns_about_people() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in db.metadata.tables.values()
        for column in table.columns
        if LEADS_TO_A_PERSON.search(column.name)
        or any(key.column.table.name == "account" for key in column.foreign_keys)
    } - NOBODY


def described(app: Flask) -> set[str]:
    return {column for kind in app.extensions["ucc.personal_data_kinds"] for column in kind.columns}


def test_no_column_about_people_is_left_undescribed(app: Flask) -> None:
    assert columns_about_people() - described(app) == set()


def test_no_description_outlives_its_column(app: Flask) -> None:
    there = {f"{table.name}.{column.name}" for table in db.metadata.tables.values() for column in table.columns}
    assert described(app) - there == set()


def test_the_privacy_page_tells_every_kind_with_all_it_has_to_say(app: Flask, client: FlaskClient) -> None:
    page = client.get("/privacy").text
    with app.test_request_context(), writing_for("en"):
        for kind in app.extensions["ucc.personal_data_kinds"]:
            for text in (kind.name, kind.purpose, kind.ground, kind.kept, kind.seen_by):
                assert str(text) in page


@pytest.mark.settings(UCC_PROFILE_MONTHS="17")
def test_each_question_says_what_it_is_for_who_sees_it_and_how_long(
    app: Flask, clock: FrozenClock, perform: object
) -> None:
    page = sign_in(app, make_account(perform, now=clock.now()), now=clock.now()).get("/account").text
    with app.test_request_context(), writing_for("en"):
        asked = questions(app.extensions["ucc.settings"])
        assert set(asked) == {"sex", "birth_band", "district", "sector"}
        for question in asked.values():
            assert str(question.purpose) in page
            assert page.count(str(question.seen_by)) == page.count(str(question.kept)) == len(asked)
            assert "17 months" in str(question.kept)
