"""The pages of readiness: for the desk and for evaluators; nothing typed is lost; queries do not grow."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage, MultiDict

from tests.accounts.making import make_account, sign_in
from tests.dossier.making import official
from tests.processes.making import invite_every_sector, make_process
from tests.readiness.making import PDF, add, add_photo, application, paper, picture, picture_with_place, signed
from ucc_participate.documents.models import Document
from ucc_participate.inventory.models import InventoryItem, ItemKind, ItemState
from ucc_participate.kernel.identity import Role
from ucc_participate.plan.models import (
    Indicator,
    IndicatorKind,
    Initiative,
    InitiativeCost,
    InitiativeKind,
    InitiativePartner,
    InitiativeState,
    InitiativeUse,
    Level,
    Origin,
    Plan,
)
from ucc_participate.plan.years import Calendar
from ucc_participate.processes.models import ProcessState
from ucc_participate.readiness import queries
from ucc_participate.readiness.forms import PhotoForm
from ucc_participate.readiness.models import Attachment, AttachmentState, Told
from ucc_participate.readiness.rules import RULES
from ucc_participate.resources.models import Body, BodyMember
from ucc_participate.vocabularies.uccn import Sector

TODAY = date(2026, 3, 21)


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def made(perform, now):
    return application(perform, now)


@pytest.fixture
def leila(perform, now):
    return official(perform, now)


@pytest.fixture
def desk(app, perform, now):
    return sign_in(app, make_account(perform, "desk@city.example", now=now, roles=(Role.COORDINATOR,)), now=now)


@pytest.fixture
def home(made):
    return f"/staff/processes/{made[0].public_id}"


def fill(perform: Any, process: Any, count: int, now: Any) -> None:
    """A plan with so many initiatives, each with all its parts. Rows, because only reading is looked at."""

    def work(session: Any) -> None:
        made = Plan(
            public_id="theplan", process_id=process.id, begins_on=date(2026, 11, 1), calendar=Calendar.JALALI,
            currency="IRR", created_at=now,
        )  # fmt: skip
        session.add(made)
        session.flush()
        for number in range(1, count + 1):
            session.add(_initiative(made, process, number, now))
        body = Body(public_id="b", process_id=process.id, name={"en": "Board"}, rhythm=4, created_at=now)
        body.members = [BodyMember(function={"en": "Chair"}, sector=Sector.PUBLIC, sex="female") for _ in range(count)]
        session.add(body)

    _through(perform, work, process, now)


def _through(perform: Any, work: Any, process: Any, now: Any) -> None:
    """The one door wants an entry: an unimportant one."""
    from tests.stakeholders.making import CITY
    from ucc_participate.audit.log import record
    from ucc_participate.readiness.events import DeadlineEvent

    def both(session: Any) -> None:
        work(session)
        record(session, DeadlineEvent.SET, actor=CITY, subject="deadline/filling", now=now)

    perform(both)


def _initiative(plan: Plan, process: Any, number: int, now: Any) -> Initiative:
    item = InventoryItem(
        public_id=f"item{number}", process_id=process.id, kind=ItemKind.NEED, title=f"Need {number}",
        status=ItemState.LISTED, created_at=now, listed_at=now,
    )  # fmt: skip
    return Initiative(
        public_id=f"i{number}", plan_id=plan.id, number=number, place=number, kind=InitiativeKind.PROJECT,
        level=Level.LOCAL, title={"en": f"Initiative {number}"}, origin=Origin.ADDED, added_because="It was wanted",
        status=InitiativeState.PLANNED, created_at=now, changed_at=now,
        uses=[InitiativeUse(item=item)], costs=[InitiativeCost(year=1405, amount=number)],
        partners=[InitiativePartner(name="A guild")],
        indicators=[Indicator(public_id=f"x{number}", kind=IndicatorKind.OUTPUT, title={"en": "Looms"})],
    )  # fmt: skip


def fields(**changes: str) -> dict[str, Any]:
    return {
        "state": "signed",
        "signer": "Mayor",
        "signed_on-day": "20",
        "signed_on-month": "3",
        "signed_on-year": "2026",
    } | changes


def day(name: str, value: date) -> dict[str, str]:
    return {f"{name}-day": str(value.day), f"{name}-month": f"gregorian-{value.month}", f"{name}-year": str(value.year)}


def test_the_page_has_every_rule_and_no_score(desk, made, home):
    page = desk.get(f"{home}/readiness")
    assert page.status_code == 200
    assert len(re.findall(r'<li class="finding" id="', page.text)) == len(RULES)
    assert "It is no score" in page.text
    assert f'href="{home}/attachments"' in page.text


def test_only_rules_that_stand_so_are_shown_when_asked(desk, made, home):
    page = desk.get(f"{home}/readiness?show=missing").text
    assert "finding-objection" in page
    assert "finding-asks finding-met" not in page
    assert desk.get(f"{home}/readiness?show=strange").status_code == 200


@pytest.mark.parametrize("path", ["readiness", "attachments", "attachments/deadlines"])
def test_before_anything_was_begun_the_pages_say_so(desk, perform, now, path):
    process = make_process(perform, now, ProcessState.DRAFT)
    assert desk.get(f"/staff/processes/{process.public_id}/{path}").status_code == 200


@pytest.mark.parametrize("path", ["readiness", "attachments", "attachments/deadlines"])
def test_evaluators_read_and_residents_do_not(app, perform, made, home, now, path):
    evaluator = sign_in(app, make_account(perform, "eva@un.example", now=now, roles=(Role.EVALUATOR,)), now=now)
    page = evaluator.get(f"{home}/{path}")
    assert page.status_code == 200
    assert "/new/" not in page.text
    resident = sign_in(app, make_account(perform, "sara@city.example", now=now), now=now)
    assert resident.get(f"{home}/{path}").status_code == 403


@pytest.mark.parametrize("path", ["readiness", "attachments", "attachments/deadlines"])
def test_visitors_are_asked_to_sign_in(client, made, home, path):
    assert client.get(f"{home}/{path}").status_code == 303


@pytest.mark.parametrize("path", ["readiness", "attachments"])
def test_the_pages_ask_the_database_as_often_whatever_the_size(
    app, desk, perform, made, home, leila, now, count_queries, path
):
    fill(perform, made[0], 2, now)
    add_photo(app, perform, made, actor=leila, now=now)
    desk.get(f"{home}/{path}")
    small = count_queries(lambda: desk.get(f"{home}/{path}"))
    invite_every_sector(perform, made[0], now=now)
    for _time in range(2):
        kiln = add_photo(app, perform, made, actor=leila, now=now)
        add(perform, made, "A5", signed(TODAY, photo=kiln.public_id), paper(app), actor=leila, now=now)

    def more(session: Any) -> None:
        plan = session.scalar(select(Plan))
        for number in range(10, 30):
            session.add(_initiative(plan, made[0], number, now))

    _through(perform, more, made[0], now)
    desk.get(f"{home}/{path}")  # reads what came to the log since, once
    assert count_queries(lambda: desk.get(f"{home}/{path}")) == small


def test_a_letter_comes_in_with_its_signature(desk, read, made, home):
    sent: dict[str, Any] = fields(**day("signed_on", TODAY)) | {"file": (io.BytesIO(PDF), "mayor.pdf")}
    assert desk.post(f"{home}/attachments/new/A1", data=sent).status_code == 303
    [letter] = read(lambda s: queries.attachments_of(s, made[1]))
    assert (letter.state, letter.signed_on) == (AttachmentState.SIGNED, TODAY)
    page = desk.get(f"{home}/attachments").text
    assert "Mayor" in page
    assert f'action="/documents/{letter.document.public_id}"' in page


def test_what_is_refused_comes_back_as_it_was_typed(desk, read, made, home):
    sent = {"state": "signed", "asked_of": "The mayor’s office", "note": "Ask again on Sunday"}
    answer = desk.post(f"{home}/attachments/new/A1", data=sent)
    assert answer.status_code == 422
    assert "Choose the file" in answer.text
    assert "The mayor’s office" in answer.text
    assert "Ask again on Sunday" in answer.text
    assert read(lambda s: s.scalar(select(func.count(Attachment.id)))) == 0


def test_of_two_who_note_the_same_letter_the_slower_sees_both_and_loses_nothing(
    app, desk, perform, read, made, home, leila, now
):
    letter = add(perform, made, "A1", Told(note="First"), actor=leila, now=now)
    address = f"{home}/attachments/{letter.public_id}"
    page = desk.get(address).text
    old = re.search(r'name="based_on"[^>]*value="(\d+)"', page)
    assert old is not None
    sent = {"state": "asked", "asked_of": "The mayor’s office", "based_on": old[1]}
    assert desk.post(address, data=sent).status_code == 303
    late = desk.post(address, data={**sent, "asked_of": "The governor", "note": "By letter"})
    assert late.status_code == 409
    assert "Noted meanwhile by somebody else" in late.text
    assert "The mayor’s office" in late.text
    assert 'value="The governor"' in late.text
    assert "By letter" in late.text
    new = re.search(r'name="based_on"[^>]*value="(\d+)"', late.text)
    assert new is not None
    assert desk.post(address, data={**sent, "asked_of": "The governor", "based_on": new[1]}).status_code == 303
    [saved] = read(lambda s: queries.attachments_of(s, made[1]))
    assert saved.asked_of == "The governor"


BAD = [
    (picture(kind="PNG"), "PNG picture"),
    (picture(mode="CMYK"), "CMYK"),
    (picture(size=(300, 300))[:4000], "damaged or not complete"),
    (PDF, "no picture that we know"),
]


@pytest.mark.parametrize(("data", "says"), BAD)
def test_a_photo_that_cannot_be_handed_in_is_refused_with_what_to_do(desk, read, made, home, data, says):
    sent = {
        "state": "received",
        "author": "Sara Karimi",
        "caption": "The kilns",
        "file": (io.BytesIO(data), "kiln.jpg"),
    }
    answer = desk.post(f"{home}/attachments/new/A4", data=sent)
    assert answer.status_code == 422
    assert says in answer.text
    assert "The kilns" in answer.text
    assert read(lambda s: s.scalar(select(func.count(Document.id)).where(Document.kind == "attachment"))) == 0


def test_a_photo_of_more_than_three_megabytes_is_refused_with_its_size(app):
    data = FileStorage(io.BytesIO(picture() + b"\0" * 3_100_000), "kiln.jpg")
    with app.test_request_context(method="POST"):
        form = PhotoForm(MultiDict({"state": "received", "author": "Sara Karimi", "file": data}))
        assert not form.validate()
        assert "3.1 MB" in form.file.errors[0]
        assert form.author.data == "Sara Karimi"


def test_a_photo_shows_what_its_file_tells_and_lets_it_be_taken_out(app, desk, read, made, home):
    data = picture_with_place(turned=6)
    sent = {"state": "received", "author": "Sara Karimi", "file": (io.BytesIO(data), "kiln.jpg")}
    assert desk.post(f"{home}/attachments/new/A4", data=sent).status_code == 303
    [kiln] = read(lambda s: queries.attachments_of(s, made[1]))
    with app.app_context():
        store = app.extensions["ucc.store"]
        assert store.read(kiln.document.sha256) == data
    page = desk.get(f"{home}/attachments/{kiln.public_id}").text
    assert "where it was taken" in page
    assert desk.post(f"{home}/attachments/{kiln.public_id}/clean").status_code == 303
    page = desk.get(f"{home}/attachments/{kiln.public_id}").text
    assert "where it was taken" not in page
    assert "tells nothing beside the picture" in page
    assert not store.path(kiln.document.sha256).exists()


def test_a_letter_cannot_be_cleaned(app, desk, perform, made, home, leila, now):
    letter = add(perform, made, "A1", signed(TODAY), paper(app), actor=leila, now=now)
    assert desk.post(f"{home}/attachments/{letter.public_id}/clean").status_code == 404


def test_what_cannot_follow_is_said_beside_the_state(app, desk, perform, read, made, home, leila, now):
    letter = add(perform, made, "A1", signed(TODAY), paper(app), actor=leila, now=now)
    answer = desk.post(f"{home}/attachments/{letter.public_id}", data={"state": "wanted", "note": "Lost"})
    assert answer.status_code == 409
    assert "cannot go from its present state" in answer.text
    assert "Lost" in answer.text
    [same] = read(lambda s: queries.attachments_of(s, made[1]))
    assert same.state is AttachmentState.SIGNED


def test_making_void_asks_for_a_reason_first(app, desk, perform, read, made, home, leila, now):
    letter = add(perform, made, "A1", signed(TODAY), paper(app), actor=leila, now=now)
    address = f"{home}/attachments/{letter.public_id}/void"
    assert desk.get(address).status_code == 200
    assert desk.post(address, data={"reason": "no"}).status_code == 422
    assert desk.post(address, data={"reason": "The mayor has changed"}).status_code == 303
    assert "The mayor has changed" in desk.get(f"{home}/attachments").text


@pytest.mark.parametrize("section", ["A0", "8", "strange"])
def test_there_is_no_form_for_what_takes_no_file(desk, made, home, section):
    assert desk.get(f"{home}/attachments/new/{section}").status_code == 404


def test_a_sheet_of_rights_names_its_photo(app, desk, perform, read, made, home, leila, now):
    kiln = add_photo(app, perform, made, actor=leila, now=now)
    assert "The kilns" in desk.get(f"{home}/attachments/new/A5").text
    sent: dict[str, Any] = fields(**day("signed_on", TODAY), signer="Photographer", photo=kiln.public_id)
    sent |= {"file": (io.BytesIO(PDF), "rights.pdf")}
    assert desk.post(f"{home}/attachments/new/A5", data=sent).status_code == 303
    assert "Rights ceded" in desk.get(f"{home}/attachments").text


def test_the_days_stand_in_one_line_with_the_phases(desk, made, home):
    page = desk.get(f"{home}/attachments/deadlines").text
    assert "The file is with the National Commission" in page
    assert "End of the phase" in page
    assert "This phase of the process ends later" in page


def test_a_step_gets_another_day_and_an_office(desk, made, home):
    address = f"{home}/attachments/deadlines/council"
    assert desk.get(address).status_code == 200
    late = desk.post(address, data=day("due_on", date(2026, 6, 10)) | {"responsible": "Council’s office"})
    assert late.status_code == 422
    assert "Council’s office" in late.text
    sent = day("due_on", TODAY + timedelta(days=9)) | {"responsible": "Council’s office"}
    assert desk.post(address, data=sent).status_code == 303
    page = desk.get(f"{home}/attachments/deadlines").text
    assert "Council’s office" in page
    assert "moved" in page
    assert "Council’s office" in desk.get(f"{home}/readiness").text


@pytest.mark.parametrize("step", ["national", "unesco"])
def test_the_official_days_are_settled_in_the_dossier(desk, made, home, step):
    page = desk.get(f"{home}/attachments/deadlines/{step}").text
    assert f"/application/{made[1].public_id}/settings" in page
    assert 'name="due_on-day"' not in page


def test_there_is_no_page_for_another_step(desk, made, home):
    assert desk.get(f"{home}/attachments/deadlines/party").status_code == 404


def test_the_page_is_one_for_all_three_languages(desk, made, home):
    for locale in ("fa", "fr"):
        desk.set_cookie("ucc_language", locale)
        assert desk.get(f"{home}/readiness").status_code == 200
