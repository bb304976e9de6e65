"""The pages of processes, as visitors and as the city's staff meet them."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.accounts.making import CITY, sign_in, without_tokens
from tests.processes.making import (
    change,
    day,
    description,
    invite_every_sector,
    make_draft,
    make_process,
    reload,
)
from tests.stakeholders.making import make_account, make_organisation, staff_browser
from ucc_participate.audit.log import record
from ucc_participate.kernel.clock import utc_text
from ucc_participate.kernel.db import db
from ucc_participate.kernel.identity import Role
from ucc_participate.processes import operations, queries
from ucc_participate.processes.events import ProcessEvent
from ucc_participate.processes.models import Gate, PhaseKind, Process, ProcessState
from ucc_participate.vocabularies.uccn import Sector

PARTS = ("day", "month", "year")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
TEXTS = {
    "title-en": "A city of crafts",
    "title-fa": "شهر صنایع دستی",
    "creative_field": "crafts",
    "purpose-en": "Prepare the application",
    "scope-en": "Four years",
    "open_questions-en": "Everything but the market",
    "promise_level": "involve",
    "promise-en": "An answer with a reason",
    "answers_due_on-day": "10",
    "answers_due_on-month": "gregorian-6",
    "answers_due_on-year": "2026",
    "decision_maker-en": "The council",
    "responsible": "Leila Moradi",
    "min_open_days": "۲۱",
}


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def coordinator(app, perform, now):
    return staff_browser(app, perform, Role.COORDINATOR, now=now)


@pytest.fixture
def clerk(app, perform, now):
    return staff_browser(app, perform, Role.CLERK, now=now)


def on(name, at):
    """What is typed into a date of three parts."""
    return {f"{name}-day": str(at.day), f"{name}-month": f"gregorian-{at.month}", f"{name}-year": str(at.year)}


def days(now, **spans):
    """A typed timetable: kind=(first, last) in days from now; the other phases stay empty, as a browser sends them."""
    names = [f"{kind.value}{end}-{part}" for kind in PhaseKind for end in ("", "_until") for part in PARTS]
    typed = dict.fromkeys(names, "")
    for kind, (first, last) in spans.items():
        typed |= on(kind, now + timedelta(days=first)) | on(f"{kind}_until", now + timedelta(days=last))
    return typed


def end_of_proposals(read, made):
    return next(phase.ends_at for phase in reload(read, made).phases if phase.kind is PhaseKind.PROPOSE)


def only(read):
    """The one process there is."""
    [made] = read(lambda s: queries.list_processes(s, CITY).processes)
    return made


def test_the_page_of_a_process_says_what_rule_p5_asks_for(client, perform, now):
    made = make_process(perform, now, ProcessState.PUBLISHED)
    page = client.get(f"/p/{made.public_id}")
    assert page.status_code == 200
    for told in (
        "A city of crafts",
        "Prepare the application together",
        "Projects for the next four years",
        "Everything but the place of the bazaar",
        "Every proposal gets an answer with a reason",
        "The city council",
        "Leila Moradi",
        "Study of the crafts",
        "Involve",
        "10 May 2026",
    ):
        assert told in page.text, told


def test_the_page_says_what_is_open_and_until_when(client, clock, perform, now):
    made = make_process(perform, now, ProcessState.OPEN)
    assert "Open now: Invite" in client.get(f"/p/{made.public_id}").text
    clock.at = day(now, 10)
    page = client.get(f"/p/{made.public_id}").text
    assert "Open now: Propose" in page
    assert "11 days left" in page


def test_a_process_shows_the_readers_language_and_falls_back(client, perform, now):
    made = make_process(perform, now, ProcessState.PUBLISHED)
    client.set_cookie("ucc_lang", "fa")
    page = client.get(f"/p/{made.public_id}").text
    assert '<h1 dir="auto" lang="fa">شهر صنایع دستی</h1>' in page
    assert 'lang="en">Projects for the next four years' in page


def test_another_ones_draft_is_not_found(app, client, clerk, perform, read, now):
    made = make_draft(perform, now)
    resident = sign_in(app, make_account(perform, "r@city.example", now=now), now=now)
    document = reload(read, made).documents[0].public_id
    for rest in ("", f"/documents/{document}", "/proposals", "/votes", "/presence"):
        for browser in (client, resident):
            hidden, unknown = (browser.get(f"/p/{each}{rest}") for each in (made.public_id, "nobody23"))
            assert hidden.status_code == unknown.status_code == 404
            told = without_tokens(hidden.text).replace(made.public_id, "nobody23")
            assert told == without_tokens(unknown.text)  # not even that it exists
    assert resident.get(f"/staff/processes/{made.public_id}/checklist").status_code == 404
    assert clerk.get(f"/p/{made.public_id}").status_code == 200
    assert "A city of crafts" not in client.get("/processes").text


def test_an_imported_process_shows_what_is_known_of_it(client, perform, now):
    made = Process(public_id="imported", title={"en": "Budget of 2024"}, created_at=now, targets={}, is_imported=True)
    made.status, made.opened_at, made.closed_at = ProcessState.CLOSED, day(now, -400), day(now, -380)
    made.phases, made.documents = [], []

    def enter(session):
        session.add(made)
        record(session, ProcessEvent.CREATED, actor=CITY, subject=made.ref, process=made.ref, now=now)

    perform(enter)
    page = client.get("/p/imported")
    assert page.status_code == 200
    assert "Budget of 2024" in page.text
    assert "Who was invited" not in page.text
    assert "Imported" in client.get("/processes?state=closed").text


def test_the_desk_offers_what_can_be_done_now(coordinator, perform, now):
    announced, running = (make_process(perform, now, state) for state in (ProcessState.PUBLISHED, ProcessState.OPEN))
    for made, offered in ((announced, True), (running, False)):
        page = coordinator.get(f"/staff/processes/{made.public_id}/checklist").text
        assert (f"/staff/processes/{made.public_id}/timetable" in page) is offered
        assert f"/staff/processes/{made.public_id}/documents" in page


@pytest.mark.parametrize("state", list(ProcessState))
def test_the_desk_answers_in_every_state(coordinator, clock, perform, now, state):
    made = make_process(perform, now, state)
    assert coordinator.get(f"/staff/processes/{made.public_id}/checklist").status_code == 200
    assert coordinator.get(f"/staff/processes/{made.public_id}/stakeholders").status_code == 200
    assert coordinator.get("/staff/processes").status_code == 200
    assert coordinator.get(f"/p/{made.public_id}").status_code == 200


def test_a_coordinator_plans_publishes_and_opens_a_process(coordinator, client, read, perform, now):
    answer = coordinator.post("/staff/processes/new", data=TEXTS)
    assert answer.status_code == 303
    made = only(read)
    desk = f"/staff/processes/{made.public_id}"
    assert (made.title, made.min_open_days) == ({"en": "A city of crafts", "fa": "شهر صنایع دستی"}, 21)
    assert 'href="' + desk + '/timetable"' in coordinator.get(f"{desk}/checklist").text
    assert coordinator.post(f"{desk}/publish").status_code == 409
    spans = days(now, invite=(0, 9), propose=(10, 24), discuss=(25, 40), vote=(41, 50))
    assert coordinator.post(f"{desk}/timetable", data=spans).status_code == 303
    upload = {"title": "Study", "file": (io.BytesIO(PDF), "study.pdf")}
    assert coordinator.post(f"{desk}/documents", data=upload).status_code == 303
    targets = {"women": "۴۵", "youth": "30", "private": "8"}
    assert coordinator.post(f"{desk}/targets", data=targets).status_code == 303
    assert "A city of crafts" in coordinator.get(f"{desk}/publish").text
    assert coordinator.post(f"{desk}/publish").status_code == 303
    assert client.get(f"/p/{made.public_id}").status_code == 200
    invite_every_sector(perform, made, now=now)
    assert coordinator.post(f"{desk}/open").status_code == 303
    opened = reload(read, made)
    assert opened.status is ProcessState.OPEN
    assert opened.targets == {"age:under_30": 30, "sector:private": 8, "sex:female": 45}
    assert [phase.kind for phase in opened.phases] == [
        PhaseKind.INVITE,
        PhaseKind.PROPOSE,
        PhaseKind.DISCUSS,
        PhaseKind.VOTE,
    ]
    assert opened.phases[0].title["en"] == "Invitation"


def test_days_begin_and_end_at_midnight_in_the_city(coordinator, read, perform, now):
    made = make_draft(perform, now)
    typed = days(now, propose=(10, 40))
    coordinator.post(f"/staff/processes/{made.public_id}/timetable", data=typed)
    [phase] = reload(read, made).phases
    assert phase.starts_at.isoformat() == "2026-03-30T20:30:00+00:00"
    assert phase.ends_at.isoformat() == "2026-04-30T20:30:00+00:00"
    form = coordinator.get(f"/staff/processes/{made.public_id}/timetable").text
    assert re.search(r'name="propose-day"[^>]* value="31"', form)
    assert re.search(r'name="propose_until-day"[^>]* value="30"', form)


@pytest.mark.parametrize(
    ("spans", "says"),
    [
        ({"propose": (10, 40), "discuss": (40, 50)}, "This phase begins before “Proposals” has ended."),
        ({"propose": (10, 9)}, "This phase would end before it begins."),
        ({"vote": (1, 3), "propose": (10, 40)}, "“Proposals” must come before “Vote”."),
        ({"propose": (10, 20)}, "at least 21 are promised"),
    ],
)
def test_a_timetable_that_cannot_be_keeps_what_was_typed(coordinator, read, perform, now, spans, says):
    made = make_draft(perform, now)
    answer = coordinator.post(f"/staff/processes/{made.public_id}/timetable", data=days(now, **spans))
    assert answer.status_code == 422
    assert says in answer.text
    first = now + timedelta(days=spans["propose"][0])
    assert f'value="{first.day}"' in answer.text
    assert len(reload(read, made).phases) == 5


def test_half_a_phase_and_no_date_at_all_are_named(coordinator, perform, now):
    made = make_draft(perform, now)
    desk = f"/staff/processes/{made.public_id}/timetable"
    half = coordinator.post(desk, data=days(now) | on("propose", now))
    assert half.status_code == 422
    assert "Give both the first and the last day, or neither." in half.text
    vote = [f"vote-{part}" for part in PARTS]
    never = coordinator.post(desk, data=days(now) | dict(zip(vote, ("31", "gregorian-2", "2026"), strict=True)))
    assert never.status_code == 422
    assert "February 2026 has 28 days." in never.text


def test_texts_need_the_main_language(coordinator, read):
    answer = coordinator.post("/staff/processes/new", data={"title-fa": "شهر", "min_open_days": "21"})
    assert answer.status_code == 422
    assert "Write this in English too" in answer.text
    assert "شهر" in answer.text
    assert read(lambda s: queries.list_processes(s, CITY).processes) == []


def test_fewer_days_than_announced_are_refused_in_the_form(coordinator, read, perform, now):
    made = make_process(perform, now, ProcessState.PUBLISHED)
    typed = TEXTS | {"min_open_days": "14"}
    answer = coordinator.post(f"/staff/processes/{made.public_id}/edit", data=typed)
    assert answer.status_code == 422
    assert "Fewer days than were announced cannot be given." in answer.text
    assert reload(read, made).min_open_days == 21


def test_a_document_is_served_without_harm(coordinator, client, read, perform, now):
    made = make_draft(perform, now)
    upload = {"title": "طرح <b>شهر</b>", "file": (io.BytesIO(PDF), "../../evil.html")}
    assert coordinator.post(f"/staff/processes/{made.public_id}/documents", data=upload).status_code == 303
    change(perform, made, operations.publish_process, now=now)
    document = reload(read, made).documents[-1]
    assert document.sha256 == hashlib.sha256(PDF).hexdigest()
    with client.get(f"/p/{made.public_id}/documents/{document.public_id}") as answer:
        assert answer.data == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "<b>" not in client.get(f"/p/{made.public_id}").text
    assert client.get(f"/p/{made.public_id}/documents/other").status_code == 404


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"MZ\x90\x00", b""])
def test_what_is_no_document_is_refused_and_leaves_nothing(coordinator, read, perform, now, content):
    made = make_draft(perform, now)
    upload = {"title": "Study", "file": (io.BytesIO(content), "study.pdf")}
    assert coordinator.post(f"/staff/processes/{made.public_id}/documents", data=upload).status_code == 422
    assert len(reload(read, made).documents) == 1


def test_a_document_leaves_a_draft_after_a_question(coordinator, read, perform, now):
    made = make_draft(perform, now)
    document = reload(read, made).documents[0].public_id
    address = f"/staff/processes/{made.public_id}/documents/{document}/remove"
    assert "Study of the crafts" in coordinator.get(address).text
    assert len(reload(read, made).documents) == 1
    assert coordinator.post(address).status_code == 303
    assert reload(read, made).documents == []


def test_a_closed_gate_asks_for_the_reason_and_publishes_it(coordinator, client, read, perform, now):
    made = make_process(perform, now, ProcessState.PUBLISHED)
    make_organisation(perform, "University", Sector.PUBLIC, now=now)
    address = f"/staff/processes/{made.public_id}/open"
    asked = coordinator.get(address).text
    assert "Nobody has been invited from: Public sector, Private sector, Civil society." in asked
    answer = coordinator.post(address, data={"sector_invited": "  "})
    assert answer.status_code == 422
    assert reload(read, made).status is ProcessState.PUBLISHED
    assert coordinator.post(address, data={"sector_invited": "The chamber <i>was</i> dissolved"}).status_code == 303
    page = client.get(f"/p/{made.public_id}").text
    assert "The chamber &lt;i&gt;was&lt;/i&gt; dissolved" in page
    assert "Coordinator" in page


def test_closing_counts_what_has_no_answer(app, clock, read, perform, now):
    made = make_process(perform, now, ProcessState.OPEN)
    address = f"/staff/processes/{made.public_id}/close"
    clock.at = day(now, 41)
    coordinator = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    assert coordinator.get(address).status_code == 409
    clock.at = day(now, 43)
    app.extensions["ucc.unanswered"] = lambda _session, process: 3 if process.public_id == made.public_id else 0
    assert "3 proposals have no answer." in coordinator.get(address).text
    reasons = {"sector_participated": "Nobody came"}
    assert coordinator.post(address, data=reasons).status_code == 422
    assert coordinator.post(address, data=reasons | {"all_answered": "The office burnt down"}).status_code == 303
    assert reload(read, made).status is ProcessState.CLOSED
    kept = read(lambda s: {override.gate for override in queries.list_overrides(s, made)})
    assert kept == set(Gate)


def test_an_extension_shows_what_moves_before_it_is_done(coordinator, client, clock, read, perform, now):
    made = make_process(perform, now, ProcessState.OPEN)
    clock.at = day(now, 8)
    address = f"/staff/processes/{made.public_id}/extend/propose"
    typed = on("ends_on", day(now, 30)) | {"reason": "Snow on every road"}
    preview = coordinator.post(address, data=typed)
    assert preview.status_code == 200
    assert "These phases move later and keep their length:" in preview.text
    assert end_of_proposals(read, made) == day(now, 21)
    assert coordinator.post(address, data=typed | {"confirmed": "1"}).status_code == 303
    assert end_of_proposals(read, made) > day(now, 30)
    assert "Snow on every road" in client.get(f"/p/{made.public_id}").text


def test_a_phase_is_not_shortened_and_one_that_is_not_there_not_extended(coordinator, clock, read, perform, now):
    made = make_process(perform, now, ProcessState.OPEN)
    desk = f"/staff/processes/{made.public_id}/extend"
    typed = on("ends_on", day(now, 15)) | {"reason": "Enough", "confirmed": "1"}
    answer = coordinator.post(f"{desk}/propose", data=typed)
    assert answer.status_code == 422
    assert "never shortened" in answer.text
    assert end_of_proposals(read, made) == day(now, 21)
    assert coordinator.get(f"{desk}/answer").status_code == 404
    assert coordinator.get(f"{desk}/nonsense").status_code == 404


def test_what_an_organisation_said_is_public(clerk, client, perform, now):
    made = make_process(perform, now, ProcessState.PUBLISHED)
    organisation = invite_every_sector(perform, made, now=now)[2]
    said = {"organisations": organisation.public_id, "confirmed": "1", "answer": "answered", "through": "phone"}
    assert clerk.post(f"/staff/processes/{made.public_id}/invitations/call", data=said).status_code == 303
    assert "Takes part" in client.get(f"/p/{made.public_id}").text
    assert "Takes part" in client.get(f"/stakeholders/{organisation.public_id}").text


@pytest.mark.parametrize("path", ["publish", "open", "close", "edit", "timetable", "targets", "documents"])
def test_a_clerk_runs_no_process(clerk, perform, now, path):
    made = make_process(perform, now, ProcessState.PUBLISHED)
    assert clerk.get(f"/staff/processes/{made.public_id}/{path}").status_code == 403
    assert clerk.post(f"/staff/processes/{made.public_id}/{path}", data=TEXTS).status_code == 403


@pytest.mark.parametrize("path", ["new", "{}/edit", "{}/publish", "{}/open", "{}/invite", "{}/checklist"])
def test_a_visitor_is_sent_to_sign_in(client, perform, now, path):
    made = make_process(perform, now, ProcessState.PUBLISHED)
    answer = client.get("/staff/processes/" + path.format(made.public_id))
    assert answer.status_code == 303
    assert "/sign-in" in answer.location


def test_the_list_is_divided_by_state_and_goes_on(client, perform, now):
    make_process(perform, now, ProcessState.OPEN, title={"en": "Running"})
    for number in range(queries.PAGE):
        make_process(perform, now, ProcessState.PUBLISHED, title={"en": f"Announced {number}"})
    first = client.get("/processes")
    assert "Running" not in first.text
    following = first.text.split("after=")[1].split('"')[0].replace("&amp;", "&")
    assert "Running" in client.get(f"/processes?after={following}").text
    assert "Running" in client.get("/processes?state=open").text
    assert "Announced 1" not in client.get("/processes?state=open").text
    assert client.get("/processes?state=nonsense&after=nowhere").status_code == 200


def test_the_number_of_statements_does_not_grow_with_the_list(app, client, perform, now):
    counts = []
    for _ in range(2):
        make_process(perform, now, ProcessState.PUBLISHED)
        statements: list[str] = []
        note = lambda *args, seen=statements: seen.append(args[2])  # noqa: E731
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", note)
            client.get("/processes")
            event.remove(db.engine, "before_cursor_execute", note)
        counts.append(sum(statement.startswith("SELECT") for statement in statements))
    assert counts[0] == counts[1]


HOSTILE = "<img src=x onerror=alert(1)>\u202eevil\u2066x"


def test_hostile_texts_are_shown_as_text(coordinator, client, read, perform, now):
    typed = TEXTS | {"title-en": HOSTILE, "purpose-en": HOSTILE, "promise-en": HOSTILE, "responsible": HOSTILE}
    assert coordinator.post("/staff/processes/new", data=typed).status_code == 303
    made = only(read)
    page = coordinator.get(f"/p/{made.public_id}").text
    assert made.title["en"] == "<img src=x onerror=alert(1)>evilx"
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert "\u202e" not in page


def test_a_megabyte_is_refused(coordinator, read):
    assert coordinator.post("/staff/processes/new", data=TEXTS | {"purpose-en": "x" * 999_000}).status_code == 422
    assert coordinator.post("/staff/processes/new", data=TEXTS | {"purpose-en": "x" * 20_000_000}).status_code == 413
    assert read(lambda s: queries.list_processes(s, CITY).processes) == []


@pytest.mark.csrf
def test_a_deed_without_its_token_is_not_done(coordinator, read, perform, now):
    made = make_draft(perform, now)
    assert coordinator.post(f"/staff/processes/{made.public_id}/publish").status_code == 400
    assert reload(read, made).status is ProcessState.DRAFT


def test_an_edited_description_comes_back_as_it_was_typed(coordinator, read, perform, now):
    made = make_draft(perform, now)
    change(perform, made, operations.revise_process, description(now, scope={"en": "Roads", "fr": "Rues"}), now=now)
    address = f"/staff/processes/{made.public_id}/edit"
    form = coordinator.get(address).text
    assert "Roads</textarea>" in form
    assert "Rues</textarea>" in form
    assert 'value="10"' in form
    typed = TEXTS | {"scope-en": "Roads and bridges"}
    assert coordinator.post(address, data=typed).status_code == 303
    assert reload(read, made).scope == {"en": "Roads and bridges"}
    due = reload(read, made).answers_due_at
    assert due is not None
    assert utc_text(due) == "2026-06-10T20:29:59Z"


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CLERK, Role.MODERATOR, Role.EVALUATOR])
@pytest.mark.parametrize("state", [ProcessState.PUBLISHED, ProcessState.OPEN])
def test_no_line_of_the_desks_menu_leads_to_a_refusal(app, perform, now, role, state):
    made = make_process(perform, now, state)
    browser = staff_browser(app, perform, role, now=now)
    page = browser.get(f"/staff/processes/{made.public_id}/checklist").text
    side = page.partition('class="staff-side-wide"')[2].partition("</nav>")[0]
    lines = re.findall(r'href="([^"]+)"', side)
    assert len(lines) > 8
    assert [line for line in lines if browser.get(line).status_code not in (200, 303)] == []


@pytest.mark.parametrize(
    ("page", "line", "group"),
    [
        ("merging", "Merge and split", "Answers"),
        ("appraisal-rules", "Appraisal", "Answers"),
        ("endorsements", "Answer proposals", "Answers"),
        ("invite", "Invitations", "Inviting and telling"),
        ("outreach/new", "Reaching people", "Inviting and telling"),
    ],
)
def test_the_group_of_the_page_stands_open_and_the_others_are_folded(coordinator, perform, now, page, line, group):
    made = make_process(perform, now, ProcessState.OPEN)
    text = coordinator.get(f"/staff/processes/{made.public_id}/{page}").text
    side = text.partition('class="staff-side-wide"')[2].partition("</nav>")[0]
    assert re.findall(r'aria-current="page"><span>([^<]+)', side) == [line]
    assert re.findall(r'<details class="staff-group" open><summary>([^<]+?) ?<', side) == [group]
    assert side.count('<details class="staff-group">') == 5


def test_extending_belongs_to_the_checklist(coordinator, perform, now):
    made = make_process(perform, now, ProcessState.OPEN)
    text = coordinator.get(f"/staff/processes/{made.public_id}/extend/vote").text
    assert set(re.findall(r'aria-current="page"><span>([^<]+)', text)) == {"Checklist"}


def test_on_phones_the_parts_of_a_process_are_folded_under_the_one_that_is_shown(client, perform, now):
    made = make_process(perform, now, ProcessState.OPEN)
    fold = client.get(f"/p/{made.public_id}/meetings").text.partition('<details class="parts">')[2]
    assert "Meetings</span>" in fold.partition("</summary>")[0]
    assert f'href="/p/{made.public_id}/proposals"' in fold.partition("</details>")[0]


def test_planning_stands_open_until_the_process_opens(coordinator, perform, now):
    for state, stands_open in ((ProcessState.PUBLISHED, True), (ProcessState.OPEN, False)):
        made = make_process(perform, now, state)
        text = coordinator.get(f"/staff/processes/{made.public_id}/checklist").text
        assert ('<details class="staff-group" open><summary>Planning' in text) is stands_open
