"""Moving a dossier to another edition: a limit that shrinks, sections that go, nothing that is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.dossier.making import TERMS, act, begin, enter, finish, make_dossier, official, short_form, write
from tests.processes.making import make_process
from tests.stakeholders.making import ACTORS, CITY, drift_faults, told
from ucc_participate.dossier import operations, queries
from ucc_participate.dossier.blockers import blockers_of
from ucc_participate.dossier.models import AnswerState, Purpose
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from ucc_participate.processes.models import ProcessState

LONG = "one two three four five six"


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def made(perform, now):
    return make_dossier(perform, now)


@pytest.fixture
def leila(perform, now):
    return official(perform, now)


def state_of(read: Any, made: Any, section: str, language: str = "en") -> tuple[str, AnswerState]:
    answer = read(lambda s: queries.find_answer(s, made[1], section, language))
    return answer.text, answer.state


def correct(perform: Any, content: dict[str, Any], now: Any) -> str:
    because = "Page 4 of the official form"
    code: str = perform(
        lambda s: operations.correct_form(s, "test-2027", content, because=because, actor=CITY, now=now).code
    )
    return code


def test_a_limit_that_shrinks_opens_final_texts_and_cuts_nothing(app, perform, read, made, leila, now):
    for section in ("1", "2"):
        write(perform, made, section, "en", LONG, actor=leila, now=now)
        finish(perform, made, section, "en", actor=leila, now=now)
    code = correct(perform, short_form(words_1=5, words_2=6), now)
    opened = act(perform, made, operations.change_form, code, actor=leila, now=now)
    assert opened == ["1"]
    assert state_of(read, made, "1") == (LONG, AnswerState.DRAFT)
    assert state_of(read, made, "2") == (LONG, AnswerState.FINAL)
    entry = told(app, subject=f"dossier/{made[1].public_id}")[-1]
    assert (entry.type, entry.payload["form"]) == ("dossier.form_changed", "test-2027+1")
    assert told(app, subject=f"answer/{made[1].public_id}-1-en")[-1].type == "answer.reopened"
    assert drift_faults(app) == []


def test_a_section_that_the_new_form_does_not_have_is_kept_and_comes_back(perform, read, made, leila, now):
    write(perform, made, "2", "en", "We asked.", actor=leila, now=now)
    shorter = short_form()
    shorter["sections"] = [each for each in shorter["sections"] if each["id"] != "2"]
    act(perform, made, operations.change_form, correct(perform, shorter, now), actor=leila, now=now)
    with pytest.raises(NotFound):
        write(perform, made, "2", "en", "We asked all.", actor=leila, now=now)
    act(perform, made, operations.change_form, "test-2027", actor=leila, now=now)
    assert state_of(read, made, "2")[0] == "We asked."


def test_a_choice_that_the_new_form_does_not_offer_is_made_again(perform, read, made, leila, now):
    write(perform, made, "4", "en", actor=leila, now=now, fields={"choice": "crafts"})
    finish(perform, made, "4", "en", actor=leila, now=now)
    other = short_form()
    other["sections"][3]["options"] = ["music"]
    assert act(perform, made, operations.change_form, correct(perform, other, now), actor=leila, now=now) == ["4"]
    with pytest.raises(Invalid, match="does not offer"):
        finish(perform, made, "4", "en", actor=leila, now=now)


def test_a_text_is_no_contact_until_it_was_filled_in(perform, read, made, leila, now):
    write(perform, made, "2", "en", "Nasrin Karimi, mayor", actor=leila, now=now)
    other = short_form()
    other["sections"][1]["kind"] = "contact"
    act(perform, made, operations.change_form, correct(perform, other, now), actor=leila, now=now)
    with pytest.raises(Invalid, match="is needed"):
        finish(perform, made, "2", "en", actor=leila, now=now)


def test_a_form_that_takes_only_english_is_not_handed_in_in_french(app, perform, made, leila, now):
    english = short_form(code="english-2027")
    english["languages"] = ["en"]
    code = enter(perform, english, now)
    act(perform, made, operations.revise_dossier, replace(TERMS, submits_in="fr"), actor=leila, now=now)
    act(perform, made, operations.change_form, code, actor=leila, now=now)
    with app.test_request_context():
        dossier = queries.application_of(db.session(), made[0])
        assert dossier is not None
        assert blockers_of(db.session(), dossier, now)[0].code == "form.language"
    with pytest.raises(Invalid, match="not handed in"):
        act(perform, made, operations.revise_dossier, replace(TERMS, submits_in="fr"), actor=leila, now=now)
    act(perform, made, operations.revise_dossier, TERMS, actor=leila, now=now)


def test_a_form_for_reports_does_not_take_an_application(perform, made, leila, now):
    for code, error in (("mmr-2015", Conflict), ("test-2027", Conflict), ("nothing", NotFound)):
        with pytest.raises(error):
            act(perform, made, operations.change_form, code, actor=leila, now=now)


def test_a_process_has_one_application_and_as_many_reports_as_it_hands_in(app, perform, read, made, now):
    with pytest.raises(Conflict):
        begin(perform, made[0], "uccn-2021", now)
    for _time in range(2):
        begin(perform, made[0], "mmr-2015", now)
    found = read(lambda s: [each.purpose for each in queries.dossiers_of(s, made[0])])
    assert found == [Purpose.APPLICATION, Purpose.REPORT, Purpose.REPORT]
    assert drift_faults(app) == []


def test_beginning_enters_the_form_of_the_release_and_says_both(app, perform, now):
    process = make_process(perform, now, ProcessState.DRAFT)
    dossier = begin(perform, process, "uccn-2025", now)
    entry = told(app, subject=f"dossier/{dossier.public_id}")[-1]
    assert entry.values["process"] == process.ref
    assert (entry.payload["form"], entry.payload["national_deadline"]) == ("uccn-2025", "2026-05-30")
    assert told(app, subject="form_version/uccn-2025")[-1].payload["sha256"] == entry.payload["form_sha256"]


def test_only_coordinators_begin_and_the_national_deadline_comes_first(perform, made, leila, now):
    process = make_process(perform, now, ProcessState.OPEN)
    with pytest.raises(Forbidden):
        begin(perform, process, "uccn-2021", now, actor=ACTORS["clerk"])
    late = replace(TERMS, national_deadline=date(2026, 7, 1))
    with pytest.raises(Invalid) as refused:
        act(perform, made, operations.revise_dossier, late, actor=leila, now=now)
    assert refused.value.field == "national_deadline"
    with pytest.raises(Invalid):
        act(perform, made, operations.revise_dossier, replace(TERMS, submits_in="fa"), actor=leila, now=now)


def test_deadlines_are_changed_and_told_once(app, perform, made, leila, now):
    for _time in range(2):
        act(perform, made, operations.revise_dossier, replace(TERMS, submits_in="fr"), actor=leila, now=now)
    entries = told(app, subject=f"dossier/{made[1].public_id}")
    assert [entry.type for entry in entries] == ["dossier.begun", "dossier.revised"]
    assert entries[-1].payload["submits_in"] == "fr"


def test_editions_are_told_apart_by_what_differs(perform, read, made, now):
    enter(perform, short_form(code="other-2027", words_1=3), now)
    both = read(lambda s: [queries.find_form(s, code) for code in ("test-2027", "other-2027")])
    assert both[0].sha256 != both[1].sha256
