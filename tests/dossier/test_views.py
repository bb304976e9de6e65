"""Pages of the dossier and of official forms, as the staff uses them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from markupsafe import Markup

from tests.accounts.making import sign_in
from tests.dossier.making import (
    CONTACT,
    act,
    enter,
    finish,
    make_dossier,
    official,
    person,
    short_form,
    write,
    write_all,
)
from tests.processes.making import make_process
from tests.stakeholders.making import acting, staff_browser
from ucc_participate.dossier import operations, queries
from ucc_participate.dossier.blockers import blockers_of, rooms
from ucc_participate.dossier.drafts import Draft
from ucc_participate.dossier.models import AnswerState
from ucc_participate.kernel.db import db
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.models import ProcessState


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def leila(perform, now):
    return person(perform, now, Role.COORDINATOR, "Leila Moradi")


@pytest.fixture
def actor(leila):
    return acting(leila, Role.COORDINATOR)


@pytest.fixture
def desk(app, leila, now):
    return sign_in(app, leila, now=now)


@pytest.fixture
def made(perform, now):
    return make_dossier(perform, now, form=short_form(words_1=5))


@pytest.fixture
def home(made):
    return f"/staff/processes/{made[0].public_id}/application"


@pytest.fixture
def one(home, made):
    return f"{home}/{made[1].public_id}"


def answer_of(read: Any, made: Any, section: str, language: str = "en") -> Any:
    return read(lambda s: queries.find_answer(s, made[1], section, language))


def save(desk: Any, one: str, section: str, language: str = "en", **typed: Any) -> Any:
    return desk.post(f"{one}/texts/{section}/{language}", data=typed)


def test_the_desk_begins_a_dossier_on_a_form_of_the_release(perform, read, desk, now):
    process = make_process(perform, now, ProcessState.OPEN)
    home = f"/staff/processes/{process.public_id}/application"
    page = desk.get(home).text
    assert "uccn-2025" in page
    assert "mmr-2015" not in page, "a form for reports is no form for applying"
    wrong = {"form_code": "uccn-2021", "submits_in": "en", "national_deadline-day": "31"}
    answer = desk.post(f"{home}/begin", data=wrong)
    assert answer.status_code == 422
    typed = {"form_code": "uccn-2021", "submits_in": "fr"}
    assert desk.post(f"{home}/begin", data=typed).status_code == 303
    dossier = read(lambda s: queries.application_of(s, process))
    assert (dossier.form.code, dossier.submits_in) == ("uccn-2021", "fr")
    assert "Process of preparing the application" in desk.get(home).text
    assert desk.post(f"{home}/begin", data=typed).status_code == 409


def test_the_desk_says_how_far_each_text_is_in_a_fixed_number_of_queries(
    perform, desk, count_queries, made, actor, one, now
):
    before = count_queries(lambda: desk.get(one))
    write_all(perform, made, actor=actor, now=now)
    write(perform, made, "1", "fa", "one two three four five six", actor=actor, now=now)
    page = desk.get(one).text
    assert "5 of 5 sections are final" in page
    assert "1 too many" in page
    assert count_queries(lambda: desk.get(one)) <= before + 3
    assert 'href="#' not in desk.get(f"{one}?show=long").text.partition("<table")[2].partition("Section 2")[0]
    assert "No section is like that." in desk.get(f"{one}?show=mine").text


def test_a_text_is_saved_counted_and_sent_on(read, desk, made, one):
    page = desk.get(f"{one}/texts/1/en").text
    assert 'data-limit="5"' in page
    assert "What is it?" in page
    answer = save(desk, one, "1", text="Sepidrud on the river", based_on="0", then="in_review")
    assert answer.status_code == 303
    saved = answer_of(read, made, "1")
    assert (saved.text, saved.state) == ("Sepidrud on the river", AnswerState.IN_REVIEW)
    assert "4 of 5 words" in desk.get(f"{one}/texts/1/en").text
    assert save(desk, one, "1", text="Sepidrud", based_on="1", then="final").status_code == 303
    assert "This text is final." in desk.get(f"{one}/texts/1/en").text
    assert desk.post(f"{one}/texts/1/en/state", data={"then": "draft"}).status_code == 303
    assert answer_of(read, made, "1").state is AnswerState.DRAFT


def test_what_is_too_long_is_refused_as_final_and_stays_in_the_form(read, desk, made, one):
    save(desk, one, "1", text="one", based_on="0", then="in_review")
    typed = "one two three four five six seven"
    answer = save(desk, one, "1", text=typed, based_on="1", then="final")
    assert answer.status_code == 422
    assert "2 words above the limit" in answer.text
    assert typed in answer.text
    assert answer_of(read, made, "1").text == "one", "nothing is half done"


def test_two_editors_see_both_texts_and_merge_by_hand(read, desk, made, one):
    save(desk, one, "2", text="We asked the guilds.", based_on="0")
    answer = save(desk, one, "2", text="We asked <b>everybody</b>.", based_on="0")
    assert answer.status_code == 409
    assert "We asked the guilds." in answer.text
    assert "We asked &lt;b&gt;everybody&lt;/b&gt;." in answer.text
    assert "<ins>" in answer.text
    assert 'name="based_on" value="1"' in answer.text
    merged = save(desk, one, "2", text="We asked the guilds and everybody.", based_on="1")
    assert merged.status_code == 303
    assert answer_of(read, made, "2").number == 2


def test_what_was_typed_is_given_back_when_the_text_became_final_meanwhile(
    app, perform, read, desk, made, actor, one, now
):
    save(desk, one, "1", text="one", based_on="0")
    finish(perform, made, "1", "en", actor=actor, now=now)
    answer = save(desk, one, "1", text="my long words", based_on="1")
    assert answer.status_code == 409
    assert "What you typed is not saved" in answer.text
    assert "my long words" in answer.text
    finish_all(app, perform, made, actor, now)
    filled = desk.post(f"{one}/texts/3/en", data={"family_name": "Sohrabi", "email": "no address"})
    assert filled.status_code in (409, 422)
    assert "Sohrabi" in filled.text
    assert answer_of(read, made, "1").number == 1


def finish_all(app, perform, made, actor, now):
    for section, typed in (
        ("2", {"text": "We asked."}),
        ("3", {"fields": CONTACT}),
        ("4", {"fields": {"choice": "crafts"}}),
    ):
        write(perform, made, section, "en", actor=actor, now=now, **typed)
        finish(perform, made, section, "en", actor=actor, now=now)


def test_whoever_the_text_was_taken_from_gets_back_what_was_typed(app, perform, made, actor, one, now):
    clerk = person(perform, now, Role.CLERK, "Omid Sadeghi")
    place = ("1", "en")
    act(perform, made, operations.assign_answer, *place, clerk, link="https://x", actor=actor, now=now)
    desk = sign_in(app, clerk, now=now)
    assert save(desk, one, "1", text="first words", based_on="0").status_code == 303
    act(perform, made, operations.assign_answer, *place, None, link="https://x", actor=actor, now=now)
    answer = save(desk, one, "1", text="second words", based_on="1")
    assert answer.status_code == 403
    assert "second words" in answer.text


def test_a_comment_typed_while_the_dossier_was_frozen_is_given_back(app, perform, desk, made, actor, one, now):
    write_all(perform, made, actor=actor, now=now)
    with app.app_context():
        everybody = rooms()
    found = {each.code: "The Commission takes it so." for each in blocked(app, made, now)}
    act(perform, made, operations.freeze_dossier, everybody, reasons=found, actor=actor, now=now)
    answer = desk.post(f"{one}/texts/2/en/comments", data={"comment": "Whose words are these?"})
    assert answer.status_code == 409
    assert "Whose words are these?" in answer.text


def blocked(app, made, now):
    with app.test_request_context():
        dossier = queries.application_of(db.session(), made[0])
        assert dossier is not None
        return blockers_of(db.session(), dossier, now)


def test_a_step_that_somebody_else_has_taken_is_said_in_words(desk, one):
    save(desk, one, "1", text="one", based_on="0")
    answer = save(desk, one, "1", text="two words", based_on="1", then="final")
    assert answer.status_code == 409
    assert "Somebody has moved this text on meanwhile." in answer.text
    assert "two words</textarea>" in answer.text


def test_the_phrase_of_the_form_is_offered_where_nothing_is_written(read, desk, made, one):
    page = desk.get(f"{one}/texts/2/en").text
    assert "take=phrase" in page
    laid = desk.get(f"{one}/texts/2/en?take=phrase").text
    assert ">\r\nNo relevant information to provide</textarea>" in laid
    assert answer_of(read, made, "2") is None
    save(desk, one, "2", text="We asked.", based_on="0")
    assert "take=phrase" not in desk.get(f"{one}/texts/2/en").text


def test_a_draft_from_facts_is_offered_by_another_room_and_saved_by_a_person(app, read, desk, made, one):
    asked: list[Any] = []

    def drafted(dossier: Any, section: Any, language: str) -> Draft:
        asked.append((dossier.public_id, section.id, language))
        return Draft("In 41 days 312 people took part.", ("people",), ("days", "meetings"))

    app.extensions["ucc.section_drafts"]["process"] = drafted
    assert "Draft from facts" in desk.get(f"{one}/texts/2/fr").text
    assert "Draft from facts" not in desk.get(f"{one}/texts/1/fr").text
    laid = desk.get(f"{one}/texts/2/fr?take=draft").text
    assert "In 41 days 312 people took part.</textarea>" in laid
    assert "2 facts did not fit" in laid
    assert set(asked) == {(made[1].public_id, "2", "fr")}
    assert answer_of(read, made, "2", "fr") is None


def test_panels_of_other_rooms_stand_beside_the_text(app, desk, made, one):
    app.extensions["ucc.section_panels"].append(
        lambda answer, *, actor, now: ("Who shaped it", Markup("<p>%s</p>") % answer.text)
    )
    assert "Who shaped it" not in desk.get(f"{one}/texts/2/en").text
    save(desk, one, "2", text="We <asked>.", based_on="0")
    assert "<p>We &lt;asked&gt;.</p>" in desk.get(f"{one}/texts/2/en").text


def test_the_source_stands_beside_its_translation_and_says_what_has_changed(desk, made, one):
    save(desk, one, "2", "fa", text="از صنف‌ها پرسیدیم.", based_on="0")
    page = desk.get(f"{one}/texts/2/en").text
    assert "از صنف‌ها پرسیدیم." in page
    assert 'name="of_number" type="hidden" value="1"' in page
    save(desk, one, "2", text="We asked the guilds.", based_on="0", of_number="1")
    assert "has changed since" not in desk.get(f"{one}/texts/2/en").text
    save(desk, one, "2", "fa", text="از همهٔ صنف‌ها پرسیدیم.", based_on="1")
    page = desk.get(f"{one}/texts/2/en").text
    assert "The source text has changed since this was translated" in page
    assert "همهٔ" in page.partition("<ins>")[2].partition("</ins>")[0]
    save(desk, one, "2", text="We asked the guilds.", based_on="1", of_number="2")
    assert "has changed since" not in desk.get(f"{one}/texts/2/en").text


def test_contacts_choices_and_addresses_are_filled_in(read, desk, made, one):
    assert save(desk, one, "3", "fr", **CONTACT).status_code == 303
    assert "Nom de famille : Karimi" in answer_of(read, made, "3", "fr").text
    assert 'value="Karimi"' in desk.get(f"{one}/texts/3/fr").text
    assert save(desk, one, "4", choice="music").status_code == 303
    assert answer_of(read, made, "4").text == "Music"
    assert save(desk, one, "4", choice="film").status_code == 422
    wrong = save(desk, one, "5", urls="city.example\nnot one")
    assert wrong.status_code == 422
    assert "not one" in wrong.text.partition("<textarea")[2]
    assert save(desk, one, "5", urls="city.example").status_code == 303
    assert answer_of(read, made, "5").text == "https://city.example"


def test_versions_are_compared(desk, made, one):
    assert desk.get(f"{one}/texts/2/en/versions").status_code == 404
    save(desk, one, "2", text="We asked the guilds.", based_on="0")
    save(desk, one, "2", text="We asked all the guilds.", based_on="1")
    page = desk.get(f"{one}/texts/2/en/versions").text
    assert "1 word added" in page
    assert page.count("Leila Moradi, Head of the culture office") >= 2
    assert desk.get(f"{one}/texts/2/en/versions?old=77&new=-3").status_code == 200


def test_comments_and_writers_stand_on_the_page_of_the_text(app, perform, read, desk, made, one, now):
    assert desk.post(f"{one}/texts/2/en/comments", data={"comment": "Whom?"}).status_code == 409
    save(desk, one, "2", text="We asked.", based_on="0")
    assert desk.post(f"{one}/texts/2/en/comments", data={"comment": ""}).status_code == 422
    assert desk.post(f"{one}/texts/2/en/comments", data={"comment": "Whom <i>exactly</i>?"}).status_code == 303
    page = desk.get(f"{one}/texts/2/en").text
    assert "Whom &lt;i&gt;exactly&lt;/i&gt;?" in page
    settle = page.partition("/comments/")[2].partition("/settle")[0]
    assert desk.post(f"{one}/texts/2/en/comments/{settle}/settle").status_code == 303
    omid = person(perform, now, Role.CLERK, "Omid Sadeghi")
    assert desk.post(f"{one}/texts/2/en/assign", data={"person": omid.public_id}).status_code == 303
    assert answer_of(read, made, "2").assigned_to.display_name == "Omid Sadeghi"
    clerk = sign_in(app, omid, now=now)
    assert "Section 2" in clerk.get(f"{one}?show=mine").text
    assert save(clerk, one, "2", text="We asked all.", based_on="1").status_code == 303
    assert save(clerk, one, "1", text="Sepidrud", based_on="0").status_code == 403
    assert desk.post(f"{one}/texts/2/en/assign", data={"person": "nobody"}).status_code == 422


def test_moving_shows_what_would_change_before_it_is_done(perform, read, desk, made, actor, one, now):
    write(perform, made, "1", "en", "one two three four five", actor=actor, now=now)
    finish(perform, made, "1", "en", actor=actor, now=now)
    shorter = short_form(code="other-2027", words_1=3)
    shorter["sections"] = shorter["sections"][:4]
    enter(perform, shorter, now)
    write(perform, made, "5", "en", actor=actor, now=now, fields={"urls": "a.example"})
    page = desk.get(f"{one}/form?to=other-2027").text
    assert "1 text would be too long" in page
    assert "is final, becomes a draft" in page
    assert "1 text has no section in that form" in page
    assert "The limit is tighter." in page
    assert answer_of(read, made, "1").state is AnswerState.FINAL
    assert desk.post(f"{one}/form", data={"to": "other-2027"}).status_code == 303
    assert answer_of(read, made, "1").state is AnswerState.DRAFT
    page = desk.get(one).text
    assert "Kept beside the form" in page
    assert desk.get(f"{one}/form?to=nothing").status_code == 404


def test_freezing_names_what_is_missing_and_keeps_typed_reasons(perform, read, desk, made, actor, one, now):
    page = desk.get(f"{one}/freeze").text
    assert "5 things have to be put right" in page
    assert f"{one}/texts/1/en" in page
    assert desk.post(f"{one}/freeze").status_code == 409
    write_all(perform, made, actor=actor, now=now)
    act(perform, made, operations.comment_on, "2", "en", "Whom?", actor=actor, now=now)
    typed = {"code-1": "answer.2.en.comments", "reason-1": "short"}
    answer = desk.post(f"{one}/freeze", data=typed)
    assert answer.status_code == 422
    assert "short</textarea>" in answer.text
    typed["reason-1"] = "It was answered by telephone."
    assert desk.post(f"{one}/freeze", data=typed).status_code == 303
    assert read(lambda s: queries.application_of(s, made[0])).is_frozen
    page = desk.get(one).text
    assert "Frozen as it is handed in" in page
    assert "It was answered by telephone." in page
    assert "<textarea" not in desk.get(f"{one}/texts/2/en").text
    assert desk.get(f"{one}/freeze").status_code == 409
    assert desk.post(f"{one}/unfreeze", data={"reason": "x"}).status_code == 422
    assert desk.post(f"{one}/unfreeze", data={"reason": "The mayor found a mistake."}).status_code == 303
    assert not read(lambda s: queries.application_of(s, made[0])).is_frozen


def test_a_form_is_corrected_on_a_page_into_a_new_edition(read, desk):
    page = desk.get("/staff/forms/uccn-2021/edit").text
    assert 'name="words-9.3"' in page
    looked = desk.post("/staff/forms/uccn-2021/edit", data={"words-9.3": "250"})
    assert looked.status_code == 200
    assert "250" in looked.text.partition("What would be different")[2]
    wrong = desk.post("/staff/forms/uccn-2021/edit", data={"words-9.3": "-4", "enter": "1"})
    assert wrong.status_code == 422
    assert 'value="-4"' in wrong.text
    nothing = desk.post("/staff/forms/uccn-2021/edit", data={"words-9.3": "250", "because": "so", "enter": "1"})
    assert (nothing.status_code, 'value="250"' in nothing.text) == (422, True)
    typed = {"words-9.3": "250", "because": "Page 6 of the official form", "enter": "1"}
    entered = desk.post("/staff/forms/uccn-2021/edit", data=typed)
    assert entered.location.endswith("/staff/forms/uccn-2021+1")
    page = desk.get(entered.location).text
    assert "Page 6 of the official form" in page
    assert "What is different from uccn-2021" in page
    assert desk.post("/staff/forms/uccn-2021/edit", data={**typed, "words-9.3": ""}).status_code == 409
    assert "uccn-2021+1" in desk.get("/staff/forms").text


def test_a_form_comes_from_a_file_and_a_faulty_one_is_told_where(desk):
    form = short_form()
    typed = {"file": json.dumps(form), "because": "From the Commission, by mail"}
    form["sections"][1]["kind"] = "essay"
    faulty = desk.post("/staff/forms/new", data={**typed, "file": json.dumps(form)})
    assert faulty.status_code == 422
    assert "Section 2: “essay” is not a known kind" in faulty.text
    assert "essay" in faulty.text.partition("<textarea")[2]
    assert desk.post("/staff/forms/new", data={**typed, "file": "{"}).status_code == 422
    assert desk.post("/staff/forms/new", data={**typed, "file": "[" * 90_000}).status_code == 422
    assert desk.post("/staff/forms/new", data=typed).status_code == 303
    assert desk.post("/staff/forms/new", data=typed).status_code == 422
    assert desk.get("/staff/forms/test-2027.json").json == json.loads(typed["file"])
    assert desk.get("/staff/forms/none").status_code == 404


@pytest.mark.parametrize("role", [Role.CLERK, Role.MODERATOR, Role.EVALUATOR])
def test_others_read_the_dossier_and_change_nothing(app, perform, desk, made, one, home, now, role):
    save(desk, one, "2", text="We asked.", based_on="0")
    reader = staff_browser(app, perform, role, now=now)
    assert reader.get(home).status_code == 200
    page = reader.get(f"{one}/texts/2/en")
    assert page.status_code == 200
    assert "We asked." in page.text
    assert save(reader, one, "2", text="Nobody", based_on="1").status_code == 403
    for address in (f"{one}/freeze", f"{one}/settings", f"{one}/form", "/staff/forms/uccn-2021/edit"):
        assert reader.get(address).status_code == 403, address


def test_a_dossier_of_another_process_is_not_found_here(perform, desk, made, now):
    other = make_process(perform, now, ProcessState.OPEN)
    assert desk.get(f"/staff/processes/{other.public_id}/application/{made[1].public_id}").status_code == 404


def test_a_text_far_too_long_is_refused_and_given_back(desk, made, one):
    answer = save(desk, one, "2", text="word " * 20_000, based_on="0")
    assert answer.status_code == 422
    assert answer.text.count("word ") > 19_000


def test_settings_are_saved(read, desk, made, one):
    assert desk.get(f"{one}/settings").status_code == 200
    assert desk.post(f"{one}/settings", data={"submits_in": "fr"}).status_code == 303
    assert read(lambda s: queries.application_of(s, made[0])).submits_in == "fr"
    assert desk.post(f"{one}/settings", data={"submits_in": "fa"}).status_code == 422


def test_a_frozen_text_of_an_unwritten_language_is_still_read(app, perform, desk, made, actor, one, now):
    write_all(perform, made, actor=actor, now=now)
    assert official(perform, now, Role.CLERK, "Omid Sadeghi").is_staff
    assert desk.post(f"{one}/freeze").status_code == 303
    assert "Nothing is written here yet." in desk.get(f"{one}/texts/2/fr").text
