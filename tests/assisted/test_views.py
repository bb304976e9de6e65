"""The clerk's pages, and the slip."""

from __future__ import annotations

import io
import re

import pytest

from tests.accounts.making import entries, make_account, sign_in
from tests.assisted.making import PROPOSING, TITLE, open_process
from ucc_participate.kernel.identity import Role

CODE = re.compile(r"\b[2-9A-Y]{4}-[2-9A-Y]{4}-[2-9A-Y]{3}\b")
FORM = {
    "title": TITLE,
    "summary": "Old people rest there.",
    "kind": "project",
    "objectives": ["OBJ-3"],
    "language": "en",
    "district": "Bazaar",
}


@pytest.fixture
def process(perform, clock):
    made = open_process(perform, clock.now())
    clock.advance(seconds=PROPOSING.total_seconds())
    return made


@pytest.fixture
def clerk(app, perform, clock, process):
    account = make_account(perform, "clerk@example.org", now=clock.now(), roles=(Role.CLERK,))
    return sign_in(app, account, now=clock.now())


def desk(process, name=""):
    return f"/staff/processes/{process.public_id}/paper{name}"


@pytest.fixture
def sitting(clerk, process, clock):
    """The address of a session that has just begun."""
    day = clock.now()
    data = {
        "way_in": "workshop",
        "place": "Hall of the weavers",
        "held_on-day": str(day.day),
        "held_on-month": str(day.month),
        "held_on-year": str(day.year),
    }
    answer = clerk.post(desk(process, "/new"), data=data)
    assert answer.status_code == 303, answer.text
    return answer.location


def enter(clerk, sitting, **changes):
    return clerk.post(sitting, data=FORM | changes)


def test_a_form_is_entered_and_the_next_one_is_ready(clerk, sitting):
    page = enter(clerk, sitting)
    assert page.status_code == 200
    assert len(set(CODE.findall(page.text))) == 1
    assert 'value="Bazaar"' in page.text
    assert f'value="{TITLE}"' not in page.text
    assert TITLE in page.text


def test_a_mistake_keeps_everything_that_was_typed(clerk, sitting):
    page = enter(clerk, sitting, objectives=[], name="Golnar")
    assert page.status_code == 422
    assert f'value="{TITLE}"' in page.text
    assert 'value="Golnar"' in page.text


def test_all_mistakes_of_a_form_are_said_at_once(clerk, sitting):
    wrong = {"title": "ab", "email": "nobody@example.org", "birth_year": "13650", "summary": "", "objectives": []}
    page = enter(clerk, sitting, **wrong)
    assert page.status_code == 422
    summary = page.text.partition('class="error-summary"')[2].partition("</ul>")[0]
    assert set(re.findall(r'href="#([^"]+)"', summary)) == {"title", "summary", "objectives", "email", "birth_year"}


def test_a_title_is_as_short_as_people_write_it(app, clerk, sitting, process):
    page = enter(clerk, sitting, title="Bin", name="Golnar")
    assert page.status_code == 200
    assert "Bin" in app.test_client().get(f"/p/{process.public_id}/proposals").text


@pytest.mark.parametrize(
    ("language", "words"),
    [("fa", "از ۱۳۰۰ تا ۱۴۰۵، مانند ۱۳۶۵"), ("en", "from 1900 to 2026, such as 1986")],
)
def test_a_wrong_year_of_birth_is_said_in_the_calendar_of_the_reader(clerk, sitting, language, words):
    clerk.get(f"/language/{language}?next=/")
    for year in ("1500", "2040", "365"):
        assert words in enter(clerk, sitting, birth_year=year).text
    assert enter(clerk, sitting, birth_year="۱۳۶۵").status_code == 200


def test_a_code_is_shown_once(clerk, sitting):
    enter(clerk, sitting)
    assert not CODE.search(clerk.get(sitting).text)


def test_the_page_of_the_proposal_says_how_it_came(app, clerk, sitting, process):
    enter(clerk, sitting)
    visitor = app.test_client()
    [address] = set(
        re.findall(rf"/p/{process.public_id}/proposals/\w{{8}}", visitor.get(f"/p/{process.public_id}/proposals").text)
    )
    page = visitor.get(address).text
    for words in ("A clerk wrote this down", "In a workshop", "Hall of the weavers"):
        assert words in page
    assert "clerk@example.org" not in page


def slip_of(app, clerk, sitting):
    [code] = set(CODE.findall(enter(clerk, sitting).text))
    holder = app.test_client()
    answer = holder.post("/slip", data={"code": code.lower()})
    assert answer.status_code == 303
    return holder


def test_whoever_holds_the_slip_sees_corrects_and_takes_back(app, clerk, sitting):
    holder = slip_of(app, clerk, sitting)
    assert TITLE in holder.get("/slip/item").text
    better = FORM | {"title": "A fountain under the plane tree", "reason": "I said fountain", "name": ""}
    assert "A fountain under" in holder.post("/slip/item/correct", data=better, follow_redirects=True).text
    done = holder.post("/slip/item/withdraw", data={"reason": "I changed my mind"}, follow_redirects=True)
    assert "Withdrawn" in done.text


def test_without_the_code_there_is_nothing_to_see_and_after_half_an_hour_neither(app, clerk, sitting, clock):
    assert app.test_client().get("/slip/item").status_code == 404
    holder = slip_of(app, clerk, sitting)
    clock.advance(minutes=31)
    assert holder.get("/slip/item").status_code == 404


def test_guessing_codes_is_stopped_with_a_way_back(app, clerk, sitting):
    from ucc_participate.kernel.codes import new_code

    guesser = app.test_client()
    answers = [guesser.post("/slip", data={"code": new_code()}) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 2
    assert "counter" in answers[-1].text
    assert guesser.post("/slip", data={"code": "AAAA-BBBB-CCC"}).status_code == 422


def test_a_sheet_is_looked_at_first_and_taken_after(clerk, sitting):
    table = b"title,name\nA bench under the plane tree,Golnar\nab,\n"
    page = clerk.post(f"{sitting}/sheet", data={"file": (io.BytesIO(table), "t.csv"), "language": "en"})
    assert "1 row can be taken" in page.text
    assert "1 row would be left out" in page.text
    taken = clerk.post(f"{sitting}/sheet", data={"file": (io.BytesIO(table), "t.csv"), "language": "en", "take": "1"})
    assert taken.mimetype == "text/csv"
    assert len(CODE.findall(taken.text)) == 1
    assert "at least 3 characters" in taken.text


def test_a_scan_is_kept_for_the_staff_alone(app, clerk, sitting):
    sheet = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
    page = clerk.post(
        f"{sitting}/scan", data={"title": "Sheet 1", "scan": (io.BytesIO(sheet), "s.pdf")}, follow_redirects=True
    ).text
    [document] = re.findall(r'action="(/documents/\w+)"', page)
    assert app.test_client().get(document).status_code == 404
    refused = clerk.post(f"{sitting}/scan", data={"title": "Sheet 2", "scan": (io.BytesIO(b"<html>"), "s.pdf")})
    assert refused.status_code == 422
    assert 'value="Sheet 2"' in refused.text


def test_an_ended_session_takes_nothing_more(clerk, sitting):
    clerk.post(f"{sitting}/close")
    assert enter(clerk, sitting).status_code == 409
    assert "This session is over" in clerk.get(sitting).text


def test_looking_at_what_somebody_else_gave_is_noted_once(app, clerk, sitting):
    enter(clerk, sitting, name="Golnar", shows_name="y")
    [item] = set(re.findall(r'href="(/staff/processes/\w+/paper/items/\w+)"', clerk.get(sitting).text))
    for address in (item, f"{item}/correct", item):
        assert "Golnar" in clerk.get(address).text
    [look] = [entry for entry in entries(app) if entry.values["type"] == "personal_data.read"]
    assert (look.values["role"], look.payload) == ("clerk", {"page": "assisted"})


@pytest.mark.parametrize("name", ["", "/new"])
def test_residents_have_no_desk(app, perform, clock, process, name):
    resident = sign_in(app, make_account(perform, now=clock.now()), now=clock.now())
    assert resident.get(desk(process, name)).status_code == 403


def test_the_desk_asks_the_database_as_often_whatever_was_entered(clerk, sitting, process, count_queries):
    enter(clerk, sitting)
    few = count_queries(lambda: clerk.get(sitting)), count_queries(lambda: clerk.get(desk(process)))
    for number in range(4):
        enter(clerk, sitting, title=f"{TITLE} {number}")
    assert (count_queries(lambda: clerk.get(sitting)), count_queries(lambda: clerk.get(desk(process)))) == few


@pytest.mark.parametrize("language", ["fa", "en", "fr"])
def test_the_form_to_print_is_there_in_every_language(app, process, language):
    visitor = app.test_client()
    visitor.get(f"/language/{language}?next=/")
    page = visitor.get(f"/p/{process.public_id}/paper-form")
    assert page.status_code == 200
    assert "<svg" in page.text


def test_an_error_stands_in_the_title_of_the_window_and_not_in_the_heading(clerk, process):
    clerk.get("/language/fa?next=/")
    page = clerk.post(desk(process, "/new"), data={}).text
    assert "<title>خطا:" in page
    heading = page.partition("<h1>")[2].partition("</h1>")[0]
    assert heading
    assert "خطا" not in heading


def test_a_label_that_ends_in_a_mark_gets_no_colon(clerk, sitting):
    page = enter(clerk, sitting, kind="nonsense", for_whom=["nonsense"]).text
    summary = page.partition('class="error-summary"')[2].partition("</ul>")[0]
    assert "What is it?</a> " in summary
    assert not re.search(r"[?؟.]</a>:", summary)


def test_who_came_on_paper_has_no_address_to_be_seen(app, perform, clock, clerk, sitting):
    enter(clerk, sitting, name="Golnar Papersmith")
    boss = sign_in(
        app,
        make_account(perform, "boss@example.org", now=clock.now(), roles=(Role.COORDINATOR,)),
        now=clock.now(),
    )
    people = boss.get("/staff/people").text
    assert "came on paper, no address" in people
    [person] = re.findall(r'href="(/staff/people/\w+)"[^>]*><bdi>Golnar Papersmith', people)
    for page in (people, boss.get(person).text):
        assert ".invalid" not in page
    assert "came on paper, no address" in boss.get(person).text
