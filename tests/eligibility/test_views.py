"""Proving it on a page, the desk that hands things out, the counter."""

from __future__ import annotations

import io
import re

import pytest

from tests.accounts.making import make_account, send_mails, sign_in
from tests.eligibility.making import NOBODY_CHECKED, issue, set_rules, upload
from tests.processes.making import make_process, reload
from ucc_participate.eligibility.models import Rules
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.models import ProcessState

CODE = re.compile(r"\b[2-9A-Y]{4}-[2-9A-Y]{4}-[2-9A-Y]{3}\b")


@pytest.fixture
def process(perform, clock, read):
    return reload(read, make_process(perform, clock.now(), ProcessState.PUBLISHED))


@pytest.fixture
def sara(app, perform, clock):
    return sign_in(app, make_account(perform, now=clock.now()), now=clock.now())


@pytest.fixture
def coordinator(app, perform, clock):
    account = make_account(perform, "leila@example.org", now=clock.now(), roles=(Role.COORDINATOR,))
    return sign_in(app, account, now=clock.now())


def way(process, name=""):
    return f"/p/{process.public_id}/may-i-vote{name}"


def desk(process, name=""):
    return f"/staff/processes/{process.public_id}/eligibility{name}"


def test_a_visitor_is_asked_to_sign_in_first(client, process):
    assert client.get(way(process)).status_code == 303


def test_a_code_from_a_letter_proves_it(sara, perform, process, clock):
    [code] = issue(perform, process, 1, now=clock.now())
    page = sara.get(f"{way(process)}?code={code}").text
    assert f'value="{code}"' in page
    answer = sara.post(way(process, "/code"), data={"code": code}, follow_redirects=True)
    assert "You may vote here." in answer.text
    assert code not in answer.text


def test_a_wrong_code_keeps_what_was_typed_and_says_what_to_do(sara, perform, process, clock):
    issue(perform, process, 1, now=clock.now())
    answer = sara.post(way(process, "/code"), data={"code": "AAAA"})
    assert answer.status_code == 422
    assert 'value="AAAA"' in answer.text
    assert "eleven letters and digits" in answer.text


def test_guessing_is_stopped_with_a_way_back(sara, perform, process, clock):
    upload(perform, process, [("12345678", 1990)], now=clock.now())
    answers = [sara.post(way(process, "/list"), data={"number": f"9999{n}"}) for n in range(7)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 2
    assert "a clerk at the city’s counter" in answers[-1].text
    clock.advance(minutes=16)
    assert sara.post(way(process, "/list"), data={"number": "99999"}).status_code == 422


def test_a_telephone_gets_a_code_and_its_number_is_nowhere_in_the_page(sara, process):
    page = sara.post(way(process, "/telephone"), data={"phone": "0912 345 6789"}, follow_redirects=True).text
    assert "The code from the message" in page
    assert "345 6789" not in page


@pytest.mark.settings(UCC_SMS_GATEWAY="console")
def test_the_code_arrives_and_proves_it(app, sara, process):
    sara.post(way(process, "/telephone"), data={"phone": "09123456789"})
    [message] = [mail for mail in send_mails(app) if mail.to.startswith("+98")]
    [code] = re.findall(r"\b\d{6}\b", message.body)
    answer = sara.post(way(process, "/telephone/code"), data={"sms_code": code}, follow_redirects=True)
    assert "You may vote here." in answer.text


def test_where_nobody_is_checked_every_page_of_the_process_says_so_in_red(client, perform, process, clock):
    set_rules(perform, process, NOBODY_CHECKED, now=clock.now())
    page = client.get(f"/p/{process.public_id}").text
    assert "Nobody is checked here" in page
    assert NOBODY_CHECKED.unchecked_because in page


def test_rules_are_fixed_at_the_desk(coordinator, process, read):
    data = {"methods": ["code", "clerk"], "min_age": "۱۶", "guardian_below": "18"}
    answer = coordinator.post(desk(process), data=data, follow_redirects=True)
    assert "It is fixed who may vote." in answer.text
    assert "turns 16 this year" in coordinator.get(f"{way(process)}").text


def test_checking_nobody_needs_a_reason_and_keeps_what_was_ticked(coordinator, process):
    answer = coordinator.post(desk(process), data={"methods": ["sms"], "is_unchecked": "y", "reason": "short"})
    assert answer.status_code == 422
    assert "at least twenty letters" in answer.text
    assert re.search(r'value="sms"[^>]*checked|checked[^>]*value="sms"', answer.text)


def test_an_uploaded_list_says_what_became_of_each_row(coordinator, process):
    table = "کد ملی;سال تولد\n۰۰۱۲۳۴۵۶۷۸;۱۳۷۰\n12;1990\n0012345678;1370\n99999;banana\n77777;\n"
    data = {"title": "Census", "asks_for": "your national number", "file": (io.BytesIO(table.encode()), "list.csv")}
    page = coordinator.post(desk(process, "/lists/new"), data=data).text
    assert "2 people are on the list." in page
    for words in ("3 rows were not taken", "too short", "stands on the list already", "“banana” is no year of birth"):
        assert words in page


def test_a_file_that_is_no_table_keeps_the_rest_of_the_form(coordinator, process):
    data = {"title": "Census", "asks_for": "your number", "file": (io.BytesIO(b"\xff\xfe\x00"), "list.csv")}
    answer = coordinator.post(desk(process, "/lists/new"), data=data)
    assert answer.status_code == 422
    assert 'value="Census"' in answer.text


def codes_form(kind: str) -> dict[str, str]:
    return {"title": "Letters", "size": "3", "as": kind} | {
        "expires_on-day": "1",
        "expires_on-month": "7",
        "expires_on-year": "2026",
    }


@pytest.mark.parametrize("kind", ["cards", "csv"])
def test_codes_are_shown_once(coordinator, sara, process, kind):
    answer = coordinator.post(desk(process, "/codes/new"), data=codes_form(kind))
    codes = sorted(set(CODE.findall(answer.text)))
    assert (answer.status_code, len(codes)) == (200, 3)
    assert answer.headers["Cache-Control"] in ("no-store", "private, no-store")
    assert not CODE.search(coordinator.get(desk(process)).text)
    assert "You may vote here." in sara.post(way(process, "/code"), data={"code": codes[0]}, follow_redirects=True).text


def test_the_counter_finds_the_person_and_notes_the_paper(app, perform, clock, process):
    clerk = make_account(perform, "clerk@example.org", now=clock.now(), roles=(Role.CLERK,))
    make_account(perform, "ali@example.org", now=clock.now())
    browser = sign_in(app, clerk, now=clock.now())
    counter = f"/staff/processes/{process.public_id}/counter"
    assert "Nobody has an account" in browser.get(f"{counter}?email=nobody@example.org").text
    found = browser.get(f"{counter}?email=ali@example.org")
    assert found.status_code == 303
    assert browser.post(found.location, data={}).status_code == 422
    assert "May vote" in browser.post(found.location, data={"is_seen": "y"}, follow_redirects=True).text


def test_a_guardian_agrees_with_a_sheet_that_only_the_staff_opens(app, perform, clock, process, coordinator):
    set_rules(perform, process, Rules(guardian_below=18), now=clock.now())
    child = make_account(perform, "child@example.org", now=clock.now())
    page = f"/staff/processes/{process.public_id}/counter/{child.public_id}"
    coordinator.post(page, data={"is_seen": "y", "birth_year": "1391"})
    sheet = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
    data = {"guardian": "Maryam Moradi", "scan": (io.BytesIO(sheet), "sheet.pdf")}
    answer = coordinator.post(f"{page}/guardian", data=data, follow_redirects=True)
    assert "May vote" in answer.text
    [document] = re.findall(r'action="(/documents/\w+)"', answer.text)
    assert app.test_client().get(document).status_code == 404
    with coordinator.post(document) as response:
        assert response.data == sheet


def test_revoking_needs_a_reason(perform, clock, process, coordinator):
    ali = make_account(perform, "ali@example.org", now=clock.now())
    page = f"/staff/processes/{process.public_id}/counter/{ali.public_id}"
    coordinator.post(page, data={"is_seen": "y"})
    [address] = re.findall(rf'href="({page}/revoke/\w+)"', coordinator.get(page).text)
    assert coordinator.post(address, data={"reason": "no"}).status_code == 422
    assert (
        "The proof is revoked."
        in coordinator.post(address, data={"reason": "It was another person’s paper"}, follow_redirects=True).text
    )


@pytest.mark.parametrize("name", ["", "/lists/new", "/codes/new"])
def test_residents_have_no_desk(sara, process, name):
    assert sara.get(desk(process, name)).status_code == 403


def test_the_desk_asks_the_database_as_often_whatever_was_handed_out(
    perform, process, clock, coordinator, count_queries
):
    before = count_queries(lambda: coordinator.get(desk(process)))
    for _ in range(3):
        issue(perform, process, 5, now=clock.now())
        upload(perform, process, [("12345", None)], now=clock.now())
    assert count_queries(lambda: coordinator.get(desk(process))) == before
