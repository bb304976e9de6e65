"""The pages of the register, as a visitor and as the city's staff meet them."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import event

from tests.accounts.making import CITY, sign_in
from tests.stakeholders.making import POTTERS, make_account, make_delegate, make_organisation, staff_browser
from ucc_participate.kernel.db import db
from ucc_participate.kernel.identity import Role
from ucc_participate.stakeholders import operations, queries
from ucc_participate.stakeholders.models import SizeBand
from ucc_participate.vocabularies.uccn import CreativeField, Sector

TYPED = {
    "name": "Weavers’ association",
    "sector": "civil_society",
    "subtype": "association",
    "creative_fields": ["crafts", "music"],
    "tags": ["womens_group", "minorities"],
    "size": "few",
    "identified_by": "Named by the guild",
    "contact_email": "HELLO@weavers.example",
}


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def clerk(app, perform, now):
    return staff_browser(app, perform, Role.CLERK, now=now)


def registered(read):
    return read(lambda s: queries.list_organisations(s, queries.RegisterFilter())).organisations


def test_everybody_reads_the_register_and_its_counts(client, perform, now):
    make_organisation(perform, "كتابخانهٔ شهر", Sector.PUBLIC, now=now, is_youth_group=True)
    page = client.get("/stakeholders")
    assert page.status_code == 200
    assert "كتابخانهٔ شهر" in page.text
    assert "Youth group" in page.text
    assert "Enter an organisation" not in page.text


def test_a_visitor_sees_nothing_of_the_contact_and_staff_sees_it(client, clerk, perform, now):
    made = perform(lambda s: operations.register_organisation(s, POTTERS, actor=CITY, now=now))
    address = f"/stakeholders/{made.public_id}"
    for private in ("Mina Rahimi", "mina@potters.example", "013-4242", "Call in the morning"):
        assert private not in client.get(address).text
        assert private in clerk.get(address).text


def test_the_register_is_narrowed_by_its_address(client, perform, now):
    make_organisation(perform, "Choir", now=now, creative_field=CreativeField.MUSIC, is_womens_group=True)
    make_organisation(perform, "Orchestra", Sector.PUBLIC, now=now, creative_field=CreativeField.MUSIC)
    assert "Orchestra" not in client.get("/stakeholders?womens=y").text
    assert "Choir" not in client.get("/stakeholders?sector=public").text
    assert "No organisation fits" in client.get("/stakeholders?q=nobody").text
    odd = client.get("/stakeholders?sector=nonsense&creative_field=&after=nowhere&q=" + "x" * 5000)
    assert odd.status_code == 200


@pytest.mark.parametrize("path", ["stakeholders?after=%00", "stakeholders/%00", "p/a%00b", "stakeholders?q=a&q=%00"])
def test_an_address_with_a_null_character_leads_nowhere(client, path):
    assert client.get(f"/{path}").status_code == 404


def test_the_next_page_keeps_the_filters(client, perform, now):
    for number in range(queries.PAGE + 1):
        make_organisation(perform, f"Choir {number}", now=now)
    first = client.get("/stakeholders?sector=civil_society")
    assert f"Choir {queries.PAGE}" not in first.text
    following = first.text.split("after=")[1].split('"')[0].replace("&amp;", "&")
    second = client.get(f"/stakeholders?after={following}")
    assert "sector=civil_society" in following
    assert f"Choir {queries.PAGE}" in second.text


def test_the_number_of_statements_does_not_grow_with_the_register(app: Flask, client, perform, now):
    counts = []
    for _ in range(2):
        statements: list[str] = []
        note = lambda *args, seen=statements: seen.append(args[2])  # noqa: E731
        make_organisation(perform, "One more", now=now)
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", note)
            client.get("/stakeholders")
            event.remove(db.engine, "before_cursor_execute", note)
        counts.append(sum(statement.startswith("SELECT organisation.") for statement in statements))
    assert counts == [2, 2]


def test_staff_enters_an_organisation(clerk, read):
    answer = clerk.post("/staff/stakeholders/new", data=TYPED)
    assert answer.status_code == 303
    [made] = registered(read)
    assert (made.name, made.sector, made.is_womens_group) == ("Weavers’ association", Sector.CIVIL_SOCIETY, True)
    assert (made.creative_fields, made.tags) == (("crafts", "music"), ("minorities", "womens_group"))
    assert (made.size, made.is_youth_group) == (SizeBand.FEW, False)
    assert (made.contact_email, made.website) == ("hello@weavers.example", None)


@pytest.mark.parametrize("missing", ["name", "sector", "subtype", "identified_by"])
def test_what_must_be_said_is_asked_for_and_the_rest_stays(clerk, read, missing):
    answer = clerk.post("/staff/stakeholders/new", data=TYPED | {missing: ""})
    assert answer.status_code == 422
    assert "hello@weavers.example" in answer.text
    assert registered(read) == []


def test_a_kind_of_another_sector_is_refused(clerk, read):
    answer = clerk.post("/staff/stakeholders/new", data=TYPED | {"subtype": "university"})
    assert answer.status_code == 422
    assert "Choose a kind that belongs to the sector." in answer.text
    assert registered(read) == []


def test_a_double_is_warned_of_and_entered_when_it_is_another(clerk, read):
    clerk.post("/staff/stakeholders/new", data=TYPED)
    again = TYPED | {"name": "WEAVERS’  association"}
    answer = clerk.post("/staff/stakeholders/new", data=again)
    assert answer.status_code == 422
    assert "Is this one of these?" in answer.text
    assert len(registered(read)) == 1
    assert clerk.post("/staff/stakeholders/new", data=again | {"is_another": "y"}).status_code == 303
    assert len(registered(read)) == 2


def test_staff_revises_an_entry(clerk, read, perform, now):
    made = make_organisation(perform, "Weavers", now=now)
    form = clerk.get(f"/staff/stakeholders/{made.public_id}/edit")
    assert 'value="Weavers"' in form.text
    answer = clerk.post(f"/staff/stakeholders/{made.public_id}/edit", data=TYPED)
    assert answer.status_code == 303
    assert [organisation.name for organisation in registered(read)] == ["Weavers’ association"]


@pytest.mark.parametrize("role", [None, Role.EVALUATOR])
def test_others_are_turned_away_from_the_desk(app, client, perform, read, now, role):
    made = make_organisation(perform, "Weavers", now=now)
    browser = client if role is None else staff_browser(app, perform, role, now=now)
    refused = 303 if role is None else 403
    for path in ("new", f"{made.public_id}/edit", f"{made.public_id}/delegates"):
        assert browser.get(f"/staff/stakeholders/{path}").status_code == refused
        assert browser.post(f"/staff/stakeholders/{path}", data=TYPED).status_code == refused
    assert [organisation.name for organisation in registered(read)] == ["Weavers"]


def test_an_organisation_that_is_not_there_is_not_found(client, clerk):
    assert client.get("/stakeholders/nowhere").status_code == 404
    assert clerk.get("/staff/stakeholders/nowhere/edit").status_code == 404


def test_a_mandate_is_given_by_address_and_withdrawn(app, clerk, read, perform, now):
    made = make_organisation(perform, "Weavers", now=now)
    account = make_account(perform, "sara@weavers.example", now=now)
    desk = f"/staff/stakeholders/{made.public_id}/delegates"
    typed = {
        "email": "Sara@Weavers.example",
        "mandate": "Letter no. 12",
        "starts_on-day": "21",
        "starts_on-month": "gregorian-3",
        "starts_on-year": "2026",
    }
    assert clerk.post(desk, data=typed).status_code == 303
    today = now.date()
    assert read(lambda s: queries.delegations(s, account.id, now=now, today=today)) == {made.public_id}
    [given] = read(lambda s: queries.list_delegates(s, made))
    revoke = f"{desk}/{given.public_id}/revoke"
    assert "Letter no. 12" in clerk.get(revoke).text
    assert clerk.post(revoke).status_code == 303
    assert read(lambda s: queries.delegations(s, account.id, now=now, today=today)) == set()
    assert clerk.post(revoke).status_code == 409


def test_a_mandate_for_nobody_keeps_what_was_typed(clerk, perform, now):
    made = make_organisation(perform, "Weavers", now=now)
    typed = {"email": "nobody@weavers.example", "mandate": "Letter no. 12", "starts_on-day": "21"}
    typed |= {"starts_on-month": "gregorian-3", "starts_on-year": "2026"}
    answer = clerk.post(f"/staff/stakeholders/{made.public_id}/delegates", data=typed)
    assert answer.status_code == 422
    assert "Ask them to sign up first." in answer.text
    assert "Letter no. 12" in answer.text


def test_a_delegate_acts_for_the_organisation_while_signed_in(app, perform, now):
    made = make_organisation(perform, "Weavers", now=now)
    account = make_account(perform, "sara@weavers.example", now=now)
    make_delegate(perform, made, account, now=now)
    seen = []

    @app.before_request
    def _look():
        from ucc_participate.kernel.web import current_actor

        seen.append(current_actor())

    sign_in(app, account, now=now).get("/stakeholders")
    assert seen[-1].delegations == {made.public_id}
    assert {Role.RESIDENT, Role.DELEGATE} <= seen[-1].roles


HOSTILE = "<script>alert(1)</script>\u202eevil\u202c\u2066x"


def test_hostile_text_is_shown_as_text_and_turns_nothing_round(clerk, client, read):
    answer = clerk.post("/staff/stakeholders/new", data=TYPED | {"name": HOSTILE, "identified_by": HOSTILE})
    assert answer.status_code == 303
    [made] = registered(read)
    assert made.name == "<script>alert(1)</script>evilx"
    for path in ("/stakeholders", f"/stakeholders/{made.public_id}"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "\u202e" not in page


def test_the_next_page_is_asked_for_with_what_the_register_knows_and_nothing_else(client, perform, now):
    """Names that the building of addresses keeps for itself (_scheme, _external, _anchor) mean nothing here."""
    for number in range(queries.PAGE + 1):
        make_organisation(perform, f"Choir {number:02d}", now=now)
    hostile = "_external=1&_scheme=javascript&_anchor=x&_method=POST&unknown=1&endpoint=x&q=choir&sector="
    page = client.get(f"/stakeholders?{hostile}")
    assert page.status_code == 200
    [more] = re.findall(r'href="([^"]*after=[^"]*)"', page.text)
    assert re.fullmatch(r"/stakeholders\?after=\w+&amp;q=choir", more) or re.fullmatch(
        r"/stakeholders\?q=choir&amp;after=\w+", more
    )


def test_a_megabyte_is_refused(clerk, read):
    assert clerk.post("/staff/stakeholders/new", data=TYPED | {"note": "x" * 999_000}).status_code in (413, 422)
    assert clerk.post("/staff/stakeholders/new", data=TYPED | {"note": "x" * 20_000_000}).status_code == 413
    assert registered(read) == []


@pytest.mark.csrf
def test_a_form_without_its_token_changes_nothing(clerk, read):
    assert clerk.post("/staff/stakeholders/new", data=TYPED).status_code == 400
    assert registered(read) == []


@pytest.mark.settings(UCC_DEFAULT_LOCALE="fa")
def test_the_register_reads_from_the_right_in_persian(client, perform, now):
    make_organisation(perform, "Weavers", now=now)
    page = client.get("/stakeholders").text
    assert '<html lang="fa" dir="rtl">' in page
    assert "<bdi>Weavers</bdi>" in page


def test_the_list_is_narrowed_to_a_word_that_organisations_carry(client, perform, now):
    make_organisation(perform, "Blind musicians", now=now, tags=("people_with_disabilities",))
    make_organisation(perform, "Choir", now=now, is_womens_group=True)
    page = client.get("/stakeholders?tag=people_with_disabilities").text
    assert "Blind musicians" in page
    assert "Choir" not in page
    assert client.get("/stakeholders?tag=nonsense").status_code == 200


def test_a_coordinator_adds_a_word_and_organisations_carry_it(app, clerk, perform, read, now):
    coordinator = staff_browser(app, perform, Role.COORDINATOR, now=now)
    typed = {"title-en": "Girls’ club", "title-fa": "باشگاه دختران", "counts_as": "women"}
    assert clerk.post("/staff/stakeholders/tags", data=typed).status_code == 403
    assert coordinator.post("/staff/stakeholders/tags", data=typed).status_code == 303
    added = read(queries.list_tags)[-1]
    clerk.post("/staff/stakeholders/new", data=TYPED | {"tags": [added.code]})
    [made] = registered(read)
    assert (made.tags, made.is_womens_group) == ((added.code,), True)
    assert "Girls’ club" in clerk.get("/stakeholders").text
    again = coordinator.post("/staff/stakeholders/tags", data={"title-en": "girls’ club"})
    assert again.status_code == 422
    assert "There is such a word already." in again.text
