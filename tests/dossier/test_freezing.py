"""Freezing a dossier: what stands in the way, reasons that are published, what becomes public, a changed row."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dossier.making import act, finish, make_dossier, official, short_form, write, write_all
from tests.stakeholders.making import CITY, drift_faults, told
from ucc_participate.dossier import operations, queries
from ucc_participate.dossier.blockers import BLOCKERS, FROZEN, Blocker, blockers_of, rooms
from ucc_participate.dossier.models import Answer, AnswerState, AnswerVersion, Dossier
from ucc_participate.dossier.operations.freezing import Blocked
from ucc_participate.kernel.db import db, table_of
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.kernel.identity import Role

WHY = "The Commission asked for it on paper."


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def made(perform, now):
    return make_dossier(perform, now)


@pytest.fixture
def leila(perform, now):
    return official(perform, now)


def freeze(app: Any, perform: Any, made: Any, *, actor: Any, now: Any, reasons: Any = None) -> None:
    with app.app_context():
        all_rooms = rooms()
    act(perform, made, operations.freeze_dossier, all_rooms, reasons=reasons or {}, actor=actor, now=now)


def codes(app: Any, made: Any, now: Any) -> list[str]:
    with app.test_request_context():
        dossier = queries.application_of(db.session(), made[0])
        assert dossier is not None
        return [each.code for each in blockers_of(db.session(), dossier, now)]


def test_everything_that_is_missing_is_named_one_by_one(app, perform, made, leila, now):
    assert codes(app, made, now) == [f"answer.{section}.en.missing" for section in "12345"]
    write_all(perform, made, actor=leila, now=now)
    assert codes(app, made, now) == []
    act(perform, made, operations.save_answer, "2", "en", None, actor=leila, now=now, then=AnswerState.DRAFT)
    assert codes(app, made, now) == ["answer.2.en.not_final"]
    with pytest.raises(Blocked) as refused:
        freeze(app, perform, made, actor=leila, now=now)
    assert [each.code for each in refused.value.blockers] == ["answer.2.en.not_final"]


def test_what_can_be_passed_over_needs_a_reason_that_is_published(app, perform, made, leila, now):
    write_all(perform, made, actor=leila, now=now)
    act(perform, made, operations.comment_on, "2", "en", "Whom?", actor=leila, now=now)
    [code] = codes(app, made, now)
    assert code == "answer.2.en.comments"
    with pytest.raises(Blocked):
        freeze(app, perform, made, actor=leila, now=now)
    with pytest.raises(Invalid):
        freeze(app, perform, made, actor=leila, now=now, reasons={code: "so"})
    freeze(app, perform, made, actor=leila, now=now, reasons={code: WHY, "made.up": WHY})
    entry = told(app, subject=f"dossier/{made[1].public_id}")[-1]
    assert entry.payload["overrides"] == [{"code": code, "reason": WHY}]


def test_everybody_reads_in_words_what_was_passed_over_and_why(app, client, perform, made, leila, now):
    write_all(perform, made, actor=leila, now=now)
    codes_passed = ["answer.2.en.behind", "numbers.2.fa", "attachment.A2.missing", "attachment.council.missing", "x.y"]
    app.extensions[BLOCKERS].append(lambda *_asked: [Blocker(code, "x", "", True) for code in codes_passed])
    freeze(app, perform, made, actor=leila, now=now, reasons=dict.fromkeys(codes_passed, WHY))
    page = client.get(f"/p/{made[0].public_id}/application?dossier={made[1].public_id}").text
    for says in (
        "Section 2: the source text has changed since it was translated.",
        "Section 2 (Persian): numbers of the text were other ones on that day.",
        "Attachment A2 is not there, or not all of it.",
        "The decision of the city council is still to come.",
        "x.y",
    ):
        assert f"<strong>{says}</strong> <bdi>{WHY}</bdi>" in page


def test_what_cannot_be_passed_over_is_not_passed_over_with_a_reason(app, perform, made, leila, now):
    reasons = {f"answer.{section}.en.missing": WHY for section in "12345"}
    with pytest.raises(Blocked):
        freeze(app, perform, made, actor=leila, now=now, reasons=reasons)


def test_a_translation_behind_its_source_is_named(app, perform, made, leila, now):
    write(perform, made, "2", "fa", "پرسیدیم.", actor=leila, now=now)
    write_all(perform, made, actor=leila, now=now)
    act(perform, made, operations.save_answer, "2", "en", None, actor=leila, now=now, then=AnswerState.DRAFT)
    write(perform, made, "2", "en", "We asked.", actor=leila, now=now, of_number=1)
    finish(perform, made, "2", "en", actor=leila, now=now)
    write(perform, made, "2", "fa", "از همه پرسیدیم.", actor=leila, now=now)
    assert codes(app, made, now) == ["answer.2.en.behind"]


def test_freezing_fixes_and_publishes_every_final_text_but_how_people_are_reached(app, perform, read, made, leila, now):
    write_all(perform, made, actor=leila, now=now)
    write(perform, made, "2", "fa", "پیش‌نویس", actor=leila, now=now)
    freeze(app, perform, made, actor=leila, now=now)
    entry = told(app, subject=f"answer/{made[1].public_id}-2-en")[-1]
    assert entry.type == "answer.frozen"
    assert entry.payload["paragraphs"] == [
        {"text": "First we asked.", "cites": []},
        {"text": "Then we listened.", "cites": []},
    ]
    assert entry.payload["state"] == "frozen"
    contact = told(app, subject=f"answer/{made[1].public_id}-3-en")[-1]
    assert (contact.payload["paragraphs"], contact.payload["sha256"]) == ([], None)
    assert "Karimi" not in str([each.payload for each in told(app, process=made[0].ref)])
    draft = told(app, subject=f"answer/{made[1].public_id}-2-fa")[-1]
    assert draft.payload == {}, "what was not final stays inside"
    dossier = read(lambda s: queries.application_of(s, made[0]))
    frozen = told(app, subject=dossier.ref)[-1]
    assert frozen.type == "dossier.frozen"
    assert 0 < frozen.payload["frozen_size"] == dossier.frozen_size
    assert drift_faults(app) == []


def test_a_final_text_that_the_form_does_not_ask_for_stays_inside(app, perform, read, made, leila, now):
    write_all(perform, made, actor=leila, now=now)
    shorter = short_form()
    shorter["sections"] = [each for each in shorter["sections"] if each["id"] != "2"]
    code = perform(lambda s: operations.correct_form(s, "test-2027", shorter, because=WHY, actor=CITY, now=now).code)
    act(perform, made, operations.change_form, code, actor=leila, now=now)
    freeze(app, perform, made, actor=leila, now=now)
    assert [entry.payload for entry in told(app, subject=f"answer/{made[1].public_id}-2-en")][-1] == {}
    assert "Then we listened." not in str([entry.payload for entry in told(app, process=made[0].ref)])
    assert read(lambda s: queries.find_answer(s, made[1], "2", "en")).state is AnswerState.FINAL
    assert drift_faults(app) == []


def test_a_text_frozen_once_and_beside_the_form_now_is_no_drift(app, perform, made, leila, now):
    write_all(perform, made, actor=leila, now=now)
    freeze(app, perform, made, actor=leila, now=now)
    act(perform, made, operations.unfreeze_dossier, reason=WHY, actor=leila, now=now)
    shorter = short_form()
    shorter["sections"] = [each for each in shorter["sections"] if each["id"] != "2"]
    code = perform(lambda s: operations.correct_form(s, "test-2027", shorter, because=WHY, actor=CITY, now=now).code)
    act(perform, made, operations.change_form, code, actor=leila, now=now)
    freeze(app, perform, made, actor=leila, now=now)
    assert drift_faults(app) == []


def test_a_text_that_calls_itself_frozen_without_an_entry_is_found(app, perform, made, leila, now):
    write_all(perform, made, actor=leila, now=now)
    write(perform, made, "2", "fr", "Un brouillon.", actor=leila, now=now)
    freeze(app, perform, made, actor=leila, now=now)
    assert drift_faults(app) == []
    with app.app_context(), db.engine.begin() as connection:
        rows = table_of(Answer)
        connection.execute(rows.update().where(rows.c.language == "fr").values(state="frozen"))
    assert any(f"answer/{made[1].public_id}-2-fr" in fault for fault in drift_faults(app))


def test_a_frozen_dossier_is_not_written(app, perform, made, leila, now):
    write_all(perform, made, actor=leila, now=now)
    freeze(app, perform, made, actor=leila, now=now)
    for language in ("en", "fa"):
        with pytest.raises(Conflict):
            write(perform, made, "2", language, "x", actor=leila, now=now)
    for operation, facts in (
        (operations.change_form, ("uccn-2021",)),
        (operations.comment_on, ("2", "en", "Now?")),
        (operations.revise_dossier, (operations.Terms("fr"),)),
    ):
        with pytest.raises(Conflict):
            act(perform, made, operation, *facts, actor=leila, now=now)


ALTERED = [
    (Answer, {"text": "Nobody was asked."}, "answer/{id}-2-en: sha256 is not what entry"),
    (Answer, {"paragraphs": [{"key": "a", "text": "Nobody."}]}, "answer/{id}-2-en: paragraphs is not what entry"),
    (Answer, {"state": "final"}, "answer/{id}-2-en: state is not what entry"),
    (Dossier, {"status": "draft"}, "dossier/{id}: status is not what entry"),
    (Dossier, {"frozen_size": 3}, "dossier/{id}: frozen_size is not what entry"),
    (AnswerVersion, {"text": "Nobody was asked."}, "answer/{id}-2-en: its text is not version 1"),
]


@pytest.mark.parametrize(("model", "values", "says"), ALTERED)
def test_a_frozen_dossier_changed_in_the_database_is_found(app, perform, made, leila, now, model, values, says):
    write_all(perform, made, actor=leila, now=now)
    freeze(app, perform, made, actor=leila, now=now)
    assert drift_faults(app) == []
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(table_of(model).update().values(**values))
    faults = drift_faults(app)
    assert any(fault.startswith(says.format(id=made[1].public_id)) for fault in faults), faults


def test_opening_again_needs_a_reason_and_leaves_the_log_as_it_was(app, perform, read, made, leila, now):
    write_all(perform, made, actor=leila, now=now)
    freeze(app, perform, made, actor=leila, now=now)
    with pytest.raises(Invalid):
        act(perform, made, operations.unfreeze_dossier, reason="so", actor=leila, now=now)
    act(perform, made, operations.unfreeze_dossier, reason=WHY, actor=leila, now=now)
    entry = told(app, subject=f"dossier/{made[1].public_id}")[-1]
    assert (entry.type, entry.payload["reason"], entry.payload["status"]) == ("dossier.unfrozen", WHY, "draft")
    states = read(lambda s: {each.state for each in queries.answers_of(s, made[1]).values()})
    assert states == {AnswerState.FINAL}
    act(perform, made, operations.save_answer, "2", "en", None, actor=leila, now=now, then=AnswerState.DRAFT)
    write(perform, made, "2", "en", "We asked all.", actor=leila, now=now, then=AnswerState.IN_REVIEW)
    assert drift_faults(app) == []
    act(perform, made, operations.save_answer, "2", "en", None, actor=leila, now=now, then=AnswerState.FINAL)
    freeze(app, perform, made, actor=leila, now=now)
    assert drift_faults(app) == []
    with pytest.raises(Conflict):
        freeze(app, perform, made, actor=leila, now=now)


def test_other_rooms_block_and_are_told(app, perform, made, leila, now):
    write_all(perform, made, actor=leila, now=now)
    asked: list[Any] = []
    app.extensions[BLOCKERS].append(lambda session, dossier, at: [Blocker("photos.missing", "Photos", "", True)])
    app.extensions[FROZEN].append(
        lambda session, dossier, *, actor, now, size: asked.append((dossier.public_id, actor.name, size))
    )
    with pytest.raises(Blocked):
        freeze(app, perform, made, actor=leila, now=now)
    assert asked == []
    freeze(app, perform, made, actor=leila, now=now, reasons={"photos.missing": WHY})
    [(known, _name, size)] = asked
    assert known == made[1].public_id
    assert size > 0


def test_clerks_do_not_freeze(app, perform, made, now):
    omid = official(perform, now, Role.CLERK, "Omid Sadeghi")
    with pytest.raises(Forbidden):
        freeze(app, perform, made, actor=omid, now=now)
