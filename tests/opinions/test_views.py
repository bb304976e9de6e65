"""Pages of opinion maps: what a browser gets, with good input and bad, and at what cost."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.accounts.making import make_account, sign_in
from tests.opinions.making import AGREE, DISAGREE, TEXTS, answer, change, delegate_of, make_map, open_process, people
from tests.processes.making import day
from tests.stakeholders.making import CITY, staff_browser
from ucc_participate.kernel.identity import Role
from ucc_participate.moderation.models import Standing
from ucc_participate.opinions import jobs, operations, queries
from ucc_participate.opinions.models import OpinionMap, Showing
from ucc_participate.vocabularies.uccn import Sector

WORDS = re.compile(r'class="opinion-words"[^>]*>([^<]*)<')
NUMBER = re.compile(r'name="statement" value="(\d+)"')


@pytest.fixture
def process(perform, now, clock):
    made = open_process(perform, now)
    clock.at = day(now, 10)
    return made


@pytest.fixture
def asked(perform, process, now):
    return make_map(perform, process, now)


@pytest.fixture
def sara(perform, now):
    return make_account(perform, "sara@city.example", now=now, display_name="Sara")


@pytest.fixture
def browser(app, sara, clock):
    return sign_in(app, sara, now=clock.now())


def at(asked: OpinionMap, page: str = "") -> str:
    return f"/p/{asked.process.public_id}/opinions/{asked.public_id}{page}"


def tap(browser: Any, asked: OpinionMap, number: int, said: str = "agree", **more: str) -> Any:
    return browser.post(at(asked, "/answer"), data={"statement": str(number), "answer": said, **more})


def close(app: Any, clock: Any, now: Any) -> None:
    clock.at = day(now, 30)
    with app.app_context():
        jobs.tick()


def crowd(perform: Any, asked: OpinionMap, now: Any, number: int = 12, **facts: Any) -> None:
    for place, person in enumerate(people(perform, number, now)):
        for statement in range(1, len(TEXTS) + 1):
            said = AGREE if statement % 2 or place % 2 else DISAGREE
            answer(perform, asked, person, statement, said, now=day(now, 10), **facts)


def test_a_visitor_reads_what_it_is_about_and_is_asked_to_sign_in(client, asked) -> None:
    page = client.get(at(asked)).text
    assert "What should become of the old town?" in page
    assert "Sign in and answer" in page
    assert 'name="answer"' not in page


def test_one_statement_at_a_time_until_all_are_answered(browser, asked) -> None:
    seen = []
    for _turn in TEXTS:
        page = browser.get(at(asked)).text
        seen.append(WORDS.findall(page)[0])
        assert browser.get(at(asked)).text.count(seen[-1]) == page.count(seen[-1])
        assert tap(browser, asked, int(NUMBER.findall(page)[0])).status_code == 303
    assert sorted(seen) == sorted(TEXTS)
    assert "You have answered everything that is there" in browser.get(at(asked)).text


def test_a_mind_is_changed_on_the_page_of_own_answers(browser, asked) -> None:
    tap(browser, asked, 2)
    back = tap(browser, asked, 2, "disagree", **{"from": "mine"})
    assert back.location.endswith("/mine#s2")
    pressed = re.findall(r'value="(\w+)" aria-pressed="true"', browser.get(at(asked, "/mine")).text)
    assert pressed == ["disagree"]


@pytest.mark.parametrize(
    "data", [{}, {"statement": "1"}, {"statement": "x", "answer": "agree"}, {"statement": "1", "answer": "maybe"}]
)
def test_an_answer_that_is_none_is_refused(browser, asked, data: dict[str, str]) -> None:
    assert browser.post(at(asked, "/answer"), data=data).status_code == 422


def test_a_statement_that_is_not_there_is_not_found(browser, asked) -> None:
    assert tap(browser, asked, 77).status_code == 404
    assert tap(browser, asked, 2**40).status_code == 404
    assert tap(browser, asked, -1).status_code == 404


def test_a_delegate_chooses_as_whom_once(app, perform, asked, now, clock, read) -> None:
    account, guild, _actor = delegate_of(perform, "Potters", Sector.PRIVATE, now, "mina@potters.example")
    browser = sign_in(app, account, now=clock.now())
    assert "As whom do you answer?" in browser.get(at(asked)).text
    tap(browser, asked, 1, voice=guild.public_id)
    assert "As whom do you answer?" not in browser.get(at(asked)).text
    assert "Private sector" in browser.get(at(asked, "/mine")).text


def test_a_voice_without_a_mandate_is_refused(browser, perform, asked, now) -> None:
    _account, guild, _actor = delegate_of(perform, "Potters", Sector.PRIVATE, now, "mina@potters.example")
    assert tap(browser, asked, 1, voice=guild.public_id).status_code == 403


def test_a_script_in_a_statement_is_shown_as_text(browser, asked) -> None:
    form = {"text": "<script>alert(1)</script> is no opinion", "language": "en", "author": "unnamed"}
    assert browser.post(at(asked, "/add"), data=form).status_code == 303
    page = browser.get(at(asked, "/statements")).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_a_near_statement_is_shown_before_it_is_taken(browser, asked) -> None:
    form = {"text": "The bazaar should be free of cars every Friday.", "language": "en", "author": "named"}
    asking = browser.post(at(asked, "/add"), data=form)
    assert asking.status_code == 409
    assert TEXTS[0] in asking.text
    assert browser.post(at(asked, "/add"), data={**form, "is_different": "1"}).status_code == 303
    assert "<bdi>Sara</bdi>" in browser.get(at(asked, "/statements")).text


def test_a_form_without_a_sentence_says_so(browser, asked) -> None:
    refused = browser.post(at(asked, "/add"), data={"text": "short", "language": "en", "author": "unnamed"})
    assert refused.status_code == 422
    assert "Please change this first" in refused.text


def test_a_hidden_statement_is_for_its_author_and_staff(app, browser, client, perform, asked, clock, now) -> None:
    form = {"text": "Something that a moderator hides later on.", "language": "en", "author": "unnamed"}
    browser.post(at(asked, "/add"), data=form)

    def hide(session: Any) -> None:
        found = queries.statements_by_number(session, asked, [9])[9]
        operations.conceal_statement(session, found.ref, Standing.HIDDEN, actor=CITY, now=clock.now())

    perform(hide)
    assert form["text"] not in client.get(at(asked, "/statements")).text
    assert form["text"] in browser.get(at(asked, "/statements")).text
    assert "Hidden by moderation" in browser.get(at(asked, "/statements")).text


def test_results_wait_until_one_has_answered(browser, app, perform, asked, now, clock) -> None:
    crowd(perform, asked, now, 6)
    clock.advance(hours=1)
    with app.app_context():
        jobs.tick()
    assert "Results are not shown yet" in browser.get(at(asked, "/results")).text
    for number in range(1, 9):
        tap(browser, asked, number)
    assert "There is nothing to show yet" in browser.get(at(asked, "/results")).text


def test_a_table_before_its_time_is_refused(client, asked) -> None:
    assert client.get(at(asked, "/results.csv")).status_code == 409


def test_the_result_of_a_closed_map_is_for_everybody(app, client, perform, asked, now, clock) -> None:
    crowd(perform, asked, now)
    close(app, clock, now)
    page = client.get(at(asked, "/results")).text
    accepted, rest = page.split('id="divides"', 1)
    assert TEXTS[0] in accepted
    assert TEXTS[1] not in accepted
    assert TEXTS[1] in rest
    assert 'direction="ltr"' in page
    table = client.get(at(asked, "/results.csv")).text.splitlines()
    assert table[0].startswith("\ufeffnumber,") or table[0].startswith("number,")
    assert len(table) == 1 + len(TEXTS)


def test_three_delegates_of_a_sector_are_not_told_of(app, client, perform, asked, now, clock) -> None:
    crowd(perform, asked, now)
    for place in range(3):
        _account, guild, actor = delegate_of(perform, f"Guild {place}", Sector.PRIVATE, now, f"g{place}@city.example")
        for number in range(1, len(TEXTS) + 1):
            answer(perform, asked, actor, number, DISAGREE, now=day(now, 10), organisation=guild)
    close(app, clock, now)
    lines = client.get(at(asked, "/results.csv")).text.splitlines()
    assert all(line.endswith("<5,<5,<5,<5") for line in lines[1:])


def test_with_fewer_than_five_people_nothing_is_published(app, client, perform, asked, now, clock) -> None:
    crowd(perform, asked, now, 4)
    close(app, clock, now)
    page = client.get(at(asked, "/results")).text
    assert "Fewer than five people answered" in page
    assert client.get(at(asked, "/results.csv")).text.strip("\ufeff\r\n ") == ""
    assert "4 people" not in client.get(f"/p/{asked.process.public_id}/opinions").text


@pytest.mark.parametrize(("part", "most"), [("", 16), ("/statements", 12), ("/results", 14), ("/mine", 14)])
def test_pages_ask_the_database_little_whatever_the_number_of_statements(
    browser, perform, asked, now, clock, count_queries, part: str, most: int
) -> None:
    tap(browser, asked, 1)
    few = count_queries(lambda: browser.get(at(asked, part)))
    more = [f"Sentence number {number} says something that no other one says {number}." for number in range(60)]
    change(perform, asked, operations.seed_statements, more, actor=CITY, now=clock.now(), language="en")
    assert count_queries(lambda: browser.get(at(asked, part))) <= few <= most


# --- the desk


def form_of(now: Any, **changes: Any) -> dict[str, Any]:
    facts = {
        "title-en": "Parks",
        "question-en": "What should become of the parks?",
        "opens_at": "2026-04-01 09:00",
        "closes_at": "2026-04-15 09:00",
        "adding": "everybody",
        "showing": "answered",
        "least_answered": "10",
    }
    return facts | changes


def test_a_coordinator_announces_a_map_and_writes_its_statements(app, perform, process, now, clock, client) -> None:
    browser = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    address = f"/staff/processes/{process.public_id}/opinions"
    page = browser.get(f"{address}/new").text
    names = re.findall(r'name="([^"]*(?:title|question|opens_at|closes_at)[^"]*)"', page)
    filled = {name: value_for(name) for name in names}
    made = browser.post(f"{address}/new", data={**form_of(now), **filled})
    assert made.status_code == 303, re.findall(r'class="error"[^>]*>.*?</p>', made.text)
    assert browser.post(made.location, data={"text": "\n".join(TEXTS[:3]), "language": "en"}).status_code == 303
    assert "3 statements were added" in browser.get(made.location).text
    assert TEXTS[2] in browser.get(made.location).text
    assert "Parks" in client.get(f"/p/{process.public_id}/opinions").text


def value_for(name: str) -> str:
    if "title" in name:
        return "Parks"
    if "question" in name:
        return "What should become of the parks?"
    parts = {"year": "2026", "month": "4", "day": "3" if "opens" in name else "15", "hour": "9", "minute": "0"}
    whole = "2026-04-03" if "opens" in name else "2026-04-15"
    return next((value for part, value in parts.items() if part in name), "09:00" if "time" in name else whole)


def test_a_line_that_is_too_long_is_named(app, perform, asked, clock) -> None:
    browser = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    address = f"/staff/processes/{asked.process.public_id}/opinions/{asked.public_id}"
    refused = browser.post(address, data={"text": f"A line that is fine, yes.\n{'x' * 200}", "language": "en"})
    assert refused.status_code == 422
    assert "Line 2" in refused.text


@pytest.mark.parametrize("role", [Role.CLERK, Role.MODERATOR, Role.EVALUATOR])
def test_others_of_the_staff_read_the_desk_and_change_nothing(app, perform, asked, clock, role: Role) -> None:
    browser = staff_browser(app, perform, role, now=clock.now())
    address = f"/staff/processes/{asked.process.public_id}/opinions"
    assert browser.get(address).status_code == 200
    assert browser.get(f"{address}/{asked.public_id}").status_code == 200
    assert browser.get(f"{address}/new").status_code == 403
    assert browser.post(f"{address}/{asked.public_id}", data={"text": TEXTS[0], "language": "en"}).status_code == 403


def test_the_desk_is_no_page_for_residents(browser, asked) -> None:
    assert browser.get(f"/staff/processes/{asked.process.public_id}/opinions").status_code == 403


def test_a_person_gets_what_they_said_with_their_data(app, browser, sara, asked) -> None:
    from ucc_participate.kernel.db import db

    tap(browser, asked, 1, "disagree")
    with app.app_context():
        parts = [part(db.session(), sara) for part in app.extensions["ucc.personal_data"]]
    [given] = next(part["opinions"] for part in parts if "opinions" in part)
    assert given["answers"] == [{"statement": TEXTS[0], "answer": "disagree"}]


def test_a_map_that_shows_at_any_time_shows_to_visitors(app, client, perform, process, now, clock) -> None:
    always = make_map(perform, process, now, showing=Showing.ALWAYS)
    assert "There is nothing to show yet" in client.get(at(always, "/results")).text
