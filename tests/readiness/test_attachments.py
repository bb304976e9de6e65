"""How far an attachment is: its state, its file, its signature, and what the log says of it."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.dossier.making import act, begin, enter, official
from tests.processes.making import make_process
from tests.readiness.making import FORM, add, add_photo, application, paper, photo, picture, picture_with_place, signed
from tests.stakeholders.making import CITY, drift_faults
from ucc_participate.audit import log
from ucc_participate.audit.models import LogOpening
from ucc_participate.documents.models import Document
from ucc_participate.dossier.blockers import blockers_of
from ucc_participate.dossier.queries import application_of, get_dossier
from ucc_participate.dossier.shipped import shipped
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.models import ProcessState
from ucc_participate.readiness import operations, queries, wording
from ucc_participate.readiness.checklist import rows_of
from ucc_participate.readiness.models import COUNCIL, Attachment, AttachmentState, Told
from ucc_participate.readiness.photos import check_photo, without_words

TODAY = date(2026, 3, 21)


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def leila(perform, now):
    return official(perform, now)


@pytest.fixture
def made(perform, now):
    return application(perform, now)


def change(
    perform: Any, made: Any, attachment: Attachment, operation: Any, *facts: Any, actor: Any, now: Any, **kw: Any
):
    def work(session: Any, dossier: Any, *, actor: Any, now: Any) -> Any:
        found = queries.attachment_to_change(session, dossier, attachment.public_id)
        return operation(session, found, *facts, actor=actor, now=now, **kw)

    return act(perform, made, work, actor=actor, now=now)


def logged(read: Any, subject: str) -> list[dict[str, Any]]:
    query = select(LogOpening.fields).where(LogOpening.subject == subject).order_by(LogOpening.position)

    def work(session: Any) -> list[dict[str, Any]]:
        log.sequence(db.engine)
        return [json.loads(fields) for fields in session.scalars(query)]

    found: list[dict[str, Any]] = read(work)
    assert found
    return found


def rows(read: Any, made: Any) -> dict[str, Any]:
    def work(session: Any) -> Any:
        dossier = application_of(session, made[0])
        assert dossier is not None
        return rows_of(dossier.form.content, queries.attachments_of(session, dossier), wording.OWN)

    return {row.id: row for row in read(work)}


def blockers(app: Any, made: Any, now: Any) -> dict[str, bool]:
    with app.test_request_context():
        dossier = application_of(db.session(), made[0])
        assert dossier is not None
        return {each.code: each.can_override for each in blockers_of(db.session(), dossier, now)}


def test_a_signed_letter_is_kept_with_its_day_and_its_fingerprint(app, perform, read, made, leila, now):
    file = paper(app)
    letter = add(perform, made, "A1", signed(TODAY, note="In the safe"), file, actor=leila, now=now)
    [state] = logged(read, letter.ref)
    assert state["state"] == "signed"
    assert (state["signer"], state["signed_on"]) == ("Mayor", "2026-03-21")
    assert state["file"] == {"kind": "attachment", "sha256": file.stored.sha256, "size": file.stored.size}
    assert "safe" not in json.dumps(state)
    assert not rows(read, made)["A1"].missing
    assert drift_faults(app) == []


def test_the_log_never_learns_who_took_a_photo(app, perform, read, made, leila, now):
    kiln = add_photo(app, perform, made, actor=leila, now=now)
    assert "Sara" not in json.dumps(logged(read, kiln.ref))
    assert "kilns" not in json.dumps(logged(read, kiln.ref))


def test_each_step_is_an_entry_and_what_is_there_cannot_be_asked_for_by_nobody(app, perform, read, made, leila, now):
    letter = add(perform, made, "A2", Told(), actor=leila, now=now)
    asked = Told(AttachmentState.ASKED, asked_of="National Commission", asked_on=TODAY)
    change(perform, made, letter, operations.revise_attachment, asked, None, actor=leila, now=now)
    change(perform, made, letter, operations.revise_attachment, signed(TODAY), paper(app), actor=leila, now=now)
    assert [state["state"] for state in logged(read, letter.ref)] == ["wanted", "asked", "signed"]


REFUSED = [
    (Told(AttachmentState.ASKED), "asked_of"),
    (Told(AttachmentState.RECEIVED), "file"),
    (Told(AttachmentState.SIGNED, signer="Mayor", signed_on=TODAY), "file"),
    (Told(asked_on=TODAY + timedelta(days=1)), "asked_on"),
    (Told(AttachmentState.VOID), "state"),
]


@pytest.mark.parametrize(("told", "field"), REFUSED)
def test_what_is_not_whole_is_refused_at_its_field_and_leaves_nothing(perform, read, made, leila, now, told, field):
    with pytest.raises(Invalid) as refused:
        add(perform, made, "A1", told, actor=leila, now=now)
    assert refused.value.field == field
    assert read(lambda s: s.scalar(select(func.count(Attachment.id)))) == 0


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (Told(AttachmentState.SIGNED, signed_on=TODAY), "signer"),
        (Told(AttachmentState.SIGNED, signer="Mayor"), "signed_on"),
        (signed(TODAY + timedelta(days=1)), "signed_on"),
    ],
)
def test_a_signature_has_a_function_and_a_day_that_has_come(app, perform, made, leila, now, told, field):
    with pytest.raises(Invalid) as refused:
        add(perform, made, "A1", told, paper(app), actor=leila, now=now)
    assert refused.value.field == field


@pytest.mark.parametrize("section", ["A0", "8", "10.1", "A6", "A9", "nothing"])
def test_only_sections_that_take_files_get_one(perform, made, leila, now, section):
    with pytest.raises(NotFound):
        add(perform, made, section, Told(), actor=leila, now=now)


@pytest.mark.parametrize("role", [Role.CLERK, Role.MODERATOR, Role.EVALUATOR])
def test_only_coordinators_note_attachments(perform, made, now, role):
    with pytest.raises(Forbidden):
        add(perform, made, "A1", Told(), actor=official(perform, now, role, "Omid"), now=now)


def test_a_photo_needs_its_author_and_a_signed_sheet(app, perform, read, made, leila, now):
    with pytest.raises(Invalid) as refused:
        add(perform, made, "A4", Told(AttachmentState.RECEIVED), photo(app), actor=leila, now=now)
    assert refused.value.field == "author"
    kiln = add_photo(app, perform, made, actor=leila, now=now)
    assert (len(rows(read, made)["A4"].ready), rows(read, made)["A4"].missing) == (0, 3)
    assert blockers(app, made, now)["attachment.A4.rights"] is False
    add(perform, made, "A5", signed(TODAY, photo=kiln.public_id), paper(app), actor=leila, now=now)
    assert len(rows(read, made)["A4"].ready) == 1
    assert "attachment.A4.rights" not in blockers(app, made, now)
    assert blockers(app, made, now)["attachment.A4.missing"] is True


def test_a_sheet_for_a_photo_that_is_void_is_not_handed_in(app, perform, read, made, leila, now):
    kiln = add_photo(app, perform, made, actor=leila, now=now)
    add(perform, made, "A5", signed(TODAY, photo=kiln.public_id), paper(app), actor=leila, now=now)
    assert len(rows(read, made)["A5"].ready) == 1
    change(perform, made, kiln, operations.void_attachment, actor=leila, now=now, reason="A better one came")
    assert rows(read, made)["A5"].ready == ()
    assert read(lambda s: list(queries.files_of(s, made[1]))) == []


def test_another_picture_does_not_inherit_the_rights_of_the_one_before(app, perform, read, made, leila, now):
    kiln = add_photo(app, perform, made, actor=leila, now=now)
    told = Told(AttachmentState.RECEIVED, author="Sara Karimi", caption="The kilns")
    other = photo(app, picture(size=(90, 90)))
    change(perform, made, kiln, operations.revise_attachment, told, other, actor=leila, now=now)
    add(perform, made, "A5", signed(TODAY, photo=kiln.public_id), paper(app), actor=leila, now=now)
    with pytest.raises(Invalid, match="cedes the rights") as refused:
        change(perform, made, kiln, operations.revise_attachment, told, photo(app), actor=leila, now=now)
    assert refused.value.field == "file"
    change(perform, made, kiln, operations.revise_attachment, told, other, actor=leila, now=now)
    assert len(rows(read, made)["A4"].ready) == 1


def test_the_form_of_2021_wants_one_sheet_per_photo(app, perform, made, leila, now):
    with pytest.raises(Invalid) as refused:
        add(perform, made, "A5", signed(TODAY), paper(app), actor=leila, now=now)
    assert refused.value.field == "photo"


def test_where_the_form_takes_one_sheet_it_is_for_all_photos(app, perform, read, leila, now):
    made = application(perform, now, form="uccn-2017")
    for _time in range(3):
        add_photo(app, perform, made, actor=leila, now=now)
    assert rows(read, made)["A4"].missing == 3
    add(perform, made, "A5", signed(TODAY), paper(app), actor=leila, now=now)
    assert rows(read, made)["A4"].missing == 0


def test_a_photo_of_another_dossier_is_no_photo_here(app, perform, made, leila, now):
    other = application(perform, now)
    strange = add_photo(app, perform, other, actor=leila, now=now)
    with pytest.raises(Invalid):
        add(perform, made, "A5", signed(TODAY, photo=strange.public_id), paper(app), actor=leila, now=now)


def test_what_is_void_stays_with_its_reason_and_makes_room(app, perform, read, made, leila, now):
    letter = add(perform, made, "A1", signed(TODAY), paper(app), actor=leila, now=now)
    with pytest.raises(Invalid):
        change(perform, made, letter, operations.void_attachment, actor=leila, now=now, reason="no")
    change(perform, made, letter, operations.void_attachment, actor=leila, now=now, reason="The mayor has changed")
    row = rows(read, made)["A1"]
    assert (row.missing, len(row.void), row.takes_more) == (1, 1, True)
    assert logged(read, letter.ref)[-1]["void_because"] == "The mayor has changed"
    with pytest.raises(Conflict):
        change(perform, made, letter, operations.revise_attachment, Told(), None, actor=leila, now=now)
    again = add(perform, made, "A1", signed(TODAY), paper(app), actor=leila, now=now)
    assert again.number == 2


def test_one_photo_more_than_the_form_takes_blocks_and_nobody_can_pass_over_it(app, perform, made, leila, now):
    for _time in range(4):
        add_photo(app, perform, made, actor=leila, now=now)
    assert blockers(app, made, now)["attachment.A4.too_many"] is False


def test_a_report_does_not_wait_for_the_councils_decision_as_an_application_does(app, perform, made, now):
    assert "attachment.council.missing" in blockers(app, made, now)
    report = begin(perform, made[0], "mmr-2015", now)
    with app.test_request_context():
        by: dict[str, Any] = {"actor": CITY, "now": now}
        found = get_dossier(db.session(), made[0], report.public_id, **by)
        codes = {each.code for each in blockers_of(db.session(), found, now)}
    assert codes
    assert not any(code.startswith("attachment.") for code in codes)


def test_cleaning_a_photo_removes_the_file_with_the_place_from_the_store(app, perform, read, made, leila, now):
    kiln = add_photo(app, perform, made, actor=leila, now=now, data=picture_with_place())
    add(perform, made, "A5", signed(TODAY, photo=kiln.public_id), paper(app), actor=leila, now=now)
    before = read(lambda s: s.scalar(select(Document).where(Document.subject == kiln.ref)))
    with app.app_context():
        clean = without_words(app.extensions["ucc.store"].read(before.sha256))
    gone = change(perform, made, kiln, operations.clean_photo, photo(app, clean), actor=leila, now=now)
    assert gone == [before.sha256]
    [left] = read(lambda s: list(s.scalars(select(Document).where(Document.subject == kiln.ref))))
    assert check_photo(clean, name="x.jpg")[1].tells == ()
    assert logged(read, kiln.ref)[-1]["file"]["sha256"] == left.sha256
    assert len(rows(read, made)["A4"].ready) == 1
    assert drift_faults(app) == []


def test_a_row_that_was_changed_behind_the_log_is_named(app, perform, made, leila, now):
    letter = add(perform, made, "A1", signed(TODAY), paper(app), actor=leila, now=now)
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE dossier_attachment SET signed_on = '2026-01-01'")
    [fault] = drift_faults(app)
    assert letter.ref in fault
    assert "signed_on" in fault


def test_the_freezing_is_told_of_everything_that_is_missing(app, perform, made, now):
    found = blockers(app, made, now)
    mine = {code for code in found if not code.startswith("answer.")}
    letters = {f"attachment.{section}.missing" for section in ("A1", "A2", "A3", "A4", COUNCIL)}
    assert mine == letters | {"plan.not_frozen", "gate.sector_participated"}
    assert all(found[code] for code in mine)


def test_an_unknown_deadline_is_something_that_is_missing(app, perform, now):
    from ucc_participate.dossier.operations import Terms

    made = application(perform, now, terms=Terms("en"))
    assert "deadline.national" in blockers(app, made, now)


def test_a_frozen_dossier_keeps_its_photos_and_takes_letters_that_come_later(app, perform, made, leila, now):
    kiln = add_photo(app, perform, made, actor=leila, now=now)
    letter = add(perform, made, "A2", Told(), actor=leila, now=now)
    mayor = add(perform, made, "A1", signed(TODAY), paper(app), actor=leila, now=now)
    _freeze(perform, made, now)
    for fixed in (kiln, mayor):
        with pytest.raises(Conflict):
            change(perform, made, fixed, operations.void_attachment, actor=leila, now=now, reason="A better one came")
    with pytest.raises(Conflict):
        add_photo(app, perform, made, actor=leila, now=now)
    change(perform, made, letter, operations.revise_attachment, signed(TODAY), paper(app), actor=leila, now=now)


def _freeze(perform: Any, made: Any, now: Any) -> None:
    from ucc_participate.dossier.events import DossierEvent
    from ucc_participate.dossier.models import DossierState
    from ucc_participate.dossier.recording import note

    def work(session: Any, dossier: Any, *, actor: Any, now: Any) -> None:
        dossier.status, dossier.frozen_at, dossier.frozen_size = DossierState.FROZEN, now, 1
        note(session, DossierEvent.FROZEN, dossier, actor=actor, now=now, payload=dossier.public_payload())

    act(perform, made, work, actor=CITY, now=now)


def test_what_another_form_does_not_ask_for_stays_beside_it(app, perform, read, leila, now):
    content = copy.deepcopy(shipped()[FORM])
    content["code"], content["year"] = "test-2029", 2029
    content["sections"] = [each for each in content["sections"] if each["id"] not in ("A3", "A5")]
    made = application(perform, now)
    add(perform, made, "A3", signed(TODAY), paper(app), actor=leila, now=now)
    code = enter(perform, content, now)
    from ucc_participate.dossier.operations import change_form

    act(perform, made, change_form, code, actor=CITY, now=now)
    row = rows(read, made)["A3"]
    assert not row.is_official
    assert len(row.live) == 1


def test_a_form_without_attachments_has_only_what_the_city_keeps(perform, read, now):
    process = make_process(perform, now, ProcessState.OPEN)
    made = process, begin(perform, process, "uccn-2013", now)
    assert set(rows(read, made)) == {"council", "support"}
