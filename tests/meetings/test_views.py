"""The pages: what everybody reads, what residents must not see, how people come in by the code, the desk."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape

import pytest
from icalendar import Calendar
from PIL import Image
from sqlalchemy import select

from tests.accounts.making import make_account, sign_in
from tests.meetings.making import (
    AHEAD,
    DIGESTS,
    HOURS,
    TEXT,
    announce,
    change,
    hold,
    mailing,
    publish,
    register,
    reload,
    scan,
    speak,
    write_down,
)
from tests.processes.making import invite_every_sector, make_process
from tests.stakeholders.making import staff_browser, told
from ucc_participate.accounts.models import AboutYou, Sex
from ucc_participate.kernel.identity import Role
from ucc_participate.meetings import codes, operations, queries
from ucc_participate.meetings.entry import NewDecision
from ucc_participate.meetings.models import Attendance, Meeting, MeetingState, Mode
from ucc_participate.processes.models import ProcessState


def picture() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(made, "PNG")
    made.seek(0)
    return made


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def process(perform, now):
    return make_process(perform, now, ProcessState.OPEN)


@pytest.fixture
def start(now):
    return now + AHEAD


@pytest.fixture
def meeting(perform, process, now):
    return announce(perform, process, now=now, mode=Mode.BOTH, link="https://meet.example/room7")


@pytest.fixture
def clerk(app, perform, now):
    return staff_browser(app, perform, Role.CLERK, now=now)


@pytest.fixture
def sara(perform, now):
    return make_account(perform, now=now, display_name="Sara Weaver")


@pytest.fixture
def resident(app, sara, now):
    return sign_in(app, sara, now=now)


def public(process, meeting, rest=""):
    return f"/p/{process.public_id}/meetings/{meeting.public_id}{rest}"


def desk(process, meeting, rest=""):
    return f"/staff/processes/{process.public_id}/meetings/{meeting.public_id}{rest}"


def code_of(process, meeting):
    return public(process, meeting, f"/here/{codes.wall_code(meeting, DIGESTS)}")


def notice_form(starts_at, **changes):
    """As a clerk types it, in Gregorian days of the city's zone (Tehran, +03:30)."""
    local, end = starts_at + timedelta(hours=3.5), starts_at + timedelta(hours=5.5)
    typed = {
        "title-en": "Evening of the weavers",
        "text-en": "Bring your questions.",
        "mode": "in_person",
        "place": "Hall of the weavers",
        "agenda": "۱۰ Welcome | Leila\n45 What is missing",
    }
    for name, at in (("starts_at", local), ("ends_at", end)):
        typed |= {f"{name}-day": at.day, f"{name}-month": f"gregorian-{at.month}", f"{name}-year": at.year}
        typed[f"{name}-time"] = at.strftime("%H:%M")
    return typed | changes


def test_a_clerk_announces_and_everybody_reads_it(clerk, client, read, process, start):
    answer = clerk.post(f"/staff/processes/{process.public_id}/meetings/new", data=notice_form(start))
    assert answer.status_code == 303
    [made] = read(lambda s: s.scalars(select(Meeting)).all())
    assert (made.starts_at, made.ends_at) == (start, start + HOURS)
    assert [(item.title, item.minutes, item.who) for item in made.items] == [
        ("Welcome", 10, "Leila"), ("What is missing", 45, ""),
    ]  # fmt: skip
    page = client.get(f"/p/{process.public_id}/meetings").text
    assert "Evening of the weavers" in page
    shown = client.get(f"/p/{process.public_id}/meetings/{made.public_id}").text
    assert "What is missing" in shown
    assert "Hall of the weavers" in client.get(f"/p/{process.public_id}").text


def test_what_is_wrong_with_a_notice_is_said_at_its_field(clerk, process, now, start):
    address = f"/staff/processes/{process.public_id}/meetings/new"
    late = clerk.post(address, data=notice_form(now + timedelta(days=3)))
    assert late.status_code == 422
    assert "Meetings of this process are announced 7 days before" in late.text
    nameless = clerk.post(address, data=notice_form(start, agenda="Welcome"))
    assert nameless.status_code == 422
    assert "Begin each line with a number of minutes" in nameless.text


def test_the_link_is_for_those_who_registered(client, resident, perform, process, meeting, sara, now):
    link = "https://meet.example/room7"
    for browser in (client, resident):
        assert link not in browser.get(public(process, meeting)).text
    assert resident.post(public(process, meeting, "/register"), data={"needs": "A ramp"}).status_code == 303
    assert link in resident.get(public(process, meeting)).text
    for address in ("/p/{}/meetings.ics", "/p/{}/meetings"):
        assert link not in resident.get(address.format(process.public_id)).text
    resident.post(public(process, meeting, "/unregister"))
    assert link not in resident.get(public(process, meeting)).text


def test_calendars_know_when_a_meeting_is_and_that_it_was_cancelled(client, perform, process, meeting, start, now):
    feed = client.get(f"/p/{process.public_id}/meetings.ics")
    assert feed.mimetype == "text/calendar"
    [event] = Calendar.from_ical(feed.data).walk("VEVENT")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (start, start + HOURS)
    assert (str(event["summary"]), str(event["status"]), event["sequence"]) == (
        "Crafts in the old bazaar", "CONFIRMED", 0,
    )  # fmt: skip
    change(perform, meeting, operations.cancel_meeting, because="A flood", mailing=mailing(now), now=now)
    one = client.get(public(process, meeting, ".ics"))
    [event] = Calendar.from_ical(one.data).walk("VEVENT")
    assert (str(event["status"]), event["sequence"]) == ("CANCELLED", 1)


@pytest.mark.parametrize(
    "rest", ["/people", "/list", "/screen", "/room", "/wall", "/edit", "/minutes", "/sheet", "/invite"]
)
def test_residents_and_evaluators_see_nothing_of_the_desk(app, perform, resident, process, meeting, now, rest):
    evaluator = staff_browser(app, perform, Role.EVALUATOR, now=now)
    for browser in (resident, evaluator):
        assert browser.get(desk(process, meeting, rest)).status_code == 403


def test_who_looks_at_the_list_of_people_is_noted_and_sees_what_they_need(
    app, perform, clerk, process, meeting, sara, now
):
    register(perform, meeting, sara, now=now, needs="Sign language, please")
    page = clerk.get(desk(process, meeting, "/people")).text
    assert "Sign language, please" in page
    assert "Sara Weaver" in page
    looks = [entry for entry in told(app, subject=f"{meeting.ref}/people") if entry.type == "personal_data.read"]
    assert [entry.payload for entry in looks] == [{"page": "meeting"}]


def test_whoever_scans_the_code_signed_in_presses_once(read, resident, process, meeting, sara, clock, start):
    clock.at = start
    assert "Yes, I am here" in resident.get(code_of(process, meeting)).text
    assert read(lambda s: queries.count_present(s, meeting)) == 0
    answer = resident.post(code_of(process, meeting), data={}, follow_redirects=True)
    assert "You are on the list" in answer.text
    [line] = read(lambda s: s.scalars(select(Attendance)).all())
    assert (line.account_id, line.way.value) == (sara.id, "code")


def test_whoever_has_no_account_fills_in_a_short_form_or_leaves_it_empty(
    app, read, client, process, meeting, clock, start
):
    clock.at = start
    page = client.get(code_of(process, meeting)).text
    assert "You need no account" in page
    data = {"name": "Golnar", "sex": "female", "birth_year": "1990", "district": "Bazaar", "sector": "private"}
    assert "You are on the list" in client.post(code_of(process, meeting), data=data, follow_redirects=True).text
    client.post(code_of(process, meeting), data=data)
    assert read(lambda s: queries.count_present(s, meeting)) == 1
    other = app.test_client()
    other.post(code_of(process, meeting), data={})
    found = read(lambda s: queries.present(s, meeting))
    assert [(each.sex, each.birth_band, each.has_account) for each in found] == [
        (Sex.FEMALE, 1990, False), (None, None, False),
    ]  # fmt: skip


def test_a_code_from_home_or_of_yesterday_opens_nothing(client, resident, read, process, meeting, clock, start):
    clock.at = start + timedelta(days=1)
    for browser in (client, resident):
        assert browser.post(code_of(process, meeting), data={}).status_code == 409
    clock.at = start
    assert client.post(public(process, meeting, "/here/w0123456789abcdef0123"), data={}).status_code == 409
    assert read(lambda s: queries.count_present(s, meeting)) == 0


def test_those_present_answer_by_telephone_and_nobody_else(app, perform, read, client, process, meeting, clock, start):
    clock.at = start
    client.post(code_of(process, meeting), data={})
    show = change(perform, meeting, operations.ask_hands, question="Too hot?", options=["Yes", "No"], now=start)
    assert "Too hot?" in client.get(code_of(process, meeting)).text
    address = f"{code_of(process, meeting)}/hand"
    assert client.post(address, data={"show": show.number, "option": 1}).status_code == 303
    assert app.test_client().post(address, data={"show": show.number, "option": 0}).status_code == 404
    assert read(lambda s: queries.hands_by_phone(s, show)) == [0, 1]


def test_the_clerks_list_goes_on_by_keyboard_and_a_mistake_is_taken_back(clerk, read, process, meeting, clock, start):
    clock.at = start
    page = clerk.post(desk(process, meeting, "/list"), data={"name": "Reza", "district": "Bazaar"}).text
    assert "Line 1 is written down" in page
    assert 'value="Bazaar"' in page
    assert 'value="Reza"' not in page
    clerk.post(desk(process, meeting, "/list/1/withdraw"))
    assert read(lambda s: queries.count_present(s, meeting)) == 0


def test_the_list_is_closed_at_the_desk_and_counted_on_the_page(
    clerk, client, perform, read, process, meeting, clock, start
):
    for number in range(6):
        write_down(perform, meeting, AboutYou(Sex.FEMALE if number else Sex.MALE), now=start)
    clock.at = start + HOURS
    assert clerk.post(desk(process, meeting, "/hold")).status_code == 303
    assert reload(read, meeting).status is MeetingState.HELD
    page = client.get(public(process, meeting)).text
    assert "Who was there" in page
    assert "fewer than five" in page


def test_a_signed_sheet_is_kept_for_the_staff_alone(app, clerk, client, process, meeting, clock, start):
    clock.at = start + HOURS
    data = {"title": "Page one", "scan": (picture(), "sheet.png")}
    answer = clerk.post(desk(process, meeting, "/sheet"), data=data, content_type="multipart/form-data")
    assert answer.status_code == 303
    [entry] = [each for each in told(app, process=process.ref) if each.type == "attendance.sheet_kept"]
    assert set(entry.payload["sheet"]) == {"kind", "sha256", "size"}
    number = re.search(r"/documents/(\w+)", clerk.get(desk(process, meeting)).text)
    assert number is not None
    assert client.get(f"/documents/{number[1]}").status_code == 404


def test_minutes_are_written_published_objected_to_and_final(
    clerk, client, resident, perform, read, process, meeting, sara, clock, start
):
    end = start + HOURS
    scan(perform, meeting, sara, now=start)
    hold(perform, meeting, now=end)
    clock.at = end
    typed = {"text": TEXT, "decision_0": "The hall is opened", "proposals_0": "", "organisation_0": ""}
    wrong = clerk.post(desk(process, meeting, "/minutes"), data=typed | {"proposals_0": "99", "deed": "publish"})
    assert wrong.status_code == 422
    assert "There is no proposal with the number 99." in wrong.text
    clerk.post(desk(process, meeting, "/minutes"), data=typed | {"deed": "save"})
    assert "The hall is opened" not in client.get(public(process, meeting, "/minutes")).text
    clerk.post(desk(process, meeting, "/minutes"), data=typed | {"deed": "publish"})
    assert "The hall is opened" in client.get(public(process, meeting, "/minutes")).text
    said = {"kind": "objection", "text": "The school was promised the hall."}
    assert resident.post(public(process, meeting, "/minutes/speak"), data=said).status_code == 303
    clock.at = end + timedelta(days=7)
    clerk.post(desk(process, meeting, "/voices/1"), data={"answer": "It is taken up below."})
    final = typed | {"text": TEXT.replace("Everybody", "Nearly everybody"), "deed": "finalise"}
    assert clerk.post(desk(process, meeting, "/minutes"), data=final).status_code == 303
    page = client.get(public(process, meeting, "/minutes")).text
    assert re.search(r"<ins>.*Nearly everybody", page)
    assert "The school was promised the hall." in page
    assert "It is taken up below." in page


def test_two_people_who_write_minutes_at_once_see_both_texts_and_nothing_is_lost(
    clerk, perform, read, process, meeting, sara, clock, start
):
    scan(perform, meeting, sara, now=start)
    hold(perform, meeting, now=start + HOURS)
    clock.at = start + HOURS
    address = desk(process, meeting, "/minutes")
    stamp = re.search(r'name="based_on"[^>]*value="([^"]*)"', clerk.get(address).text)
    assert stamp is not None
    mine = {"text": TEXT, "decision_0": "", "deed": "save", "based_on": stamp[1]}
    assert clerk.post(address, data=mine).status_code == 303
    clock.advance(minutes=1)
    theirs = mine | {"text": TEXT.replace("weavers", "potters"), "decision_0": "The hall is opened"}
    refused = clerk.post(address, data=theirs)
    assert refused.status_code == 409
    assert "Somebody was faster" in refused.text
    assert re.search(r"<del>.*weavers", refused.text)
    assert re.search(r"<ins>.*potters", refused.text)
    assert "The hall is opened" in refused.text
    assert read(lambda s: queries.desk_of(s, meeting)).text == TEXT
    newest = re.search(r'name="based_on"[^>]*value="([^"]*)"', refused.text)
    assert newest is not None
    assert clerk.post(address, data=theirs | {"based_on": newest[1], "deed": "publish"}).status_code == 303
    assert "potters" in read(lambda s: queries.standing(s, meeting)).text
    late = clerk.post(address, data=mine | {"deed": "publish"})
    assert late.status_code == 409


def test_who_disagrees_with_what_a_meeting_decided_files_it_beside_the_final_minutes(
    client, resident, perform, process, meeting, sara, clock, start
):
    end = start + HOURS
    scan(perform, meeting, sara, now=start)
    hold(perform, meeting, now=end)
    publish(perform, meeting, now=end, decisions=(NewDecision("Open the hall.", (), ()),))
    clock.at = end + timedelta(days=7)
    assert "minority statement" not in client.get(public(process, meeting, "/minutes")).text
    decided = (NewDecision("Open the hall.", (), ()),)
    change(perform, meeting, operations.finalise_minutes, text=TEXT, decisions=decided, now=clock.now())
    page = resident.get(public(process, meeting, "/minutes")).text
    assert f"on={meeting.ref}" in page
    link = re.search(r'href="([^"]*on=meeting[^"]*)"', page)
    assert link is not None
    said = {"text": "The hall was promised to the school, and nobody asked it.", "language": "en", "author": "unnamed"}
    assert resident.post(unescape(link[1]), data=said).status_code == 303
    shown = client.get(public(process, meeting, "/minutes")).text
    assert "nobody asked it" in shown


def test_an_objection_that_comes_too_late_is_refused_with_its_text_kept(
    resident, perform, read, process, meeting, sara, clock, start
):
    end = start + HOURS
    scan(perform, meeting, sara, now=start)
    hold(perform, meeting, now=end)
    publish(perform, meeting, now=end)
    clock.at = end + timedelta(days=7)
    said = {"kind": "objection", "text": "I wrote this for an hour, and the hall was promised to the school."}
    answer = resident.post(public(process, meeting, "/minutes/speak"), data=said)
    assert answer.status_code == 409
    assert said["text"] in unescape(answer.text)
    assert "The time for objections was over" in answer.text
    assert read(lambda s: queries.voices(s, meeting)) == []


def test_the_screen_shows_what_is_on_now_and_until_when_without_scripts(clerk, perform, process, meeting, clock, start):
    clock.at = start + timedelta(minutes=3)
    page = clerk.get(desk(process, meeting, "/screen"))
    assert page.headers["Cache-Control"] == "no-store"
    ends = int((start + timedelta(minutes=10)).timestamp())
    assert f'data-ends="{ends}"' in page.text
    assert "until 11:40" in page.text
    assert "<svg" in page.text


def test_the_facilitator_taps_asks_and_counts(clerk, client, perform, read, process, meeting, clock, start):
    clock.at = start
    room = desk(process, meeting, "/room")
    assert clerk.post(f"{room}/turn", data={"who": "private-female"}).status_code == 303
    assert clerk.post(f"{room}/turn", data={"who": "nobody-knows"}).status_code == 404
    clerk.post(room, data={"question": "Too hot?", "options": "Yes\nNo"})
    assert "Too hot?" in clerk.get(desk(process, meeting, "/screen")).text
    clerk.post(f"{room}/hands/1", data={"counted": ["۱۲", "3"]})
    page = client.get(public(process, meeting)).text
    assert "Too hot?" in page
    assert "They are no vote" in page


def test_pages_ask_the_database_as_often_for_many_as_for_few(
    clerk, client, perform, process, meeting, now, start, count_queries
):
    def measured():
        addresses = [f"/p/{process.public_id}/meetings", public(process, meeting)]
        return [count_queries(lambda address=address: client.get(address)) for address in addresses], [
            count_queries(lambda address=address: clerk.get(address))
            for address in (f"/staff/processes/{process.public_id}/meetings", desk(process, meeting, "/list"))
        ]

    measured()
    write_down(perform, meeting, now=start)
    few = measured()
    for _number in range(12):
        announce(perform, process, now=now)
        write_down(perform, meeting, now=start, name="Somebody")
    assert measured() == few
    assert max(few[0] + few[1]) <= 16


def test_organisations_are_invited_at_the_desk_with_their_numbers(clerk, client, perform, process, meeting, now):
    invite_every_sector(perform, process, now=now)
    page = clerk.get(desk(process, meeting, "/invite")).text
    assert "Not invited yet" in page
    answer = clerk.post(desk(process, meeting, "/invite"), data={"sectors": ["public", "private"], "locale": "fa"})
    assert answer.status_code == 303
    assert "Organisations that were invited" in client.get(public(process, meeting)).text


def test_rules_are_set_by_a_coordinator(app, perform, clerk, read, process, now):
    address = f"/staff/processes/{process.public_id}/meetings/rules"
    typed = {"notice_days": "10", "objection_days": "14"}
    assert clerk.post(address, data=typed).status_code == 403
    coordinator = staff_browser(app, perform, Role.COORDINATOR, now=now)
    assert coordinator.post(address, data=typed).status_code == 303
    assert coordinator.post(address, data=typed | {"notice_days": "0"}).status_code == 422
    assert read(lambda s: queries.rules_of(s, process)).notice_days == 10


def test_a_person_gets_what_is_known_of_them_at_meetings(app, perform, resident, process, meeting, sara, start, now):
    register(perform, meeting, sara, now=now, needs="A ramp")
    scan(perform, meeting, sara, now=start)
    hold(perform, meeting, now=start + HOURS)
    publish(perform, meeting, now=start + HOURS)
    speak(perform, meeting, sara, now=start + HOURS, shows_name=True)
    page = resident.get("/account/data.json").text
    assert "A ramp" in page
    assert "The school was promised the hall." in page
