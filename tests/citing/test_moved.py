"""Numbers of saved texts that are other ones today: told before the freezing, never changed for anybody."""

from __future__ import annotations

import pytest

from tests.accounts.making import sign_in
from tests.citing.making import adopted_proposal, answer_in, application, drafted, section
from tests.dossier.making import act, begin, enter, finish, person, short_form, write
from tests.proposals.making import proposing_process
from tests.stakeholders.making import acting
from ucc_participate.citing import operations, queries
from ucc_participate.citing.models import fact_ref
from ucc_participate.citing.moved import Sentence, moved_in, sentences_of
from ucc_participate.dossier.blockers import blockers_of
from ucc_participate.dossier.queries import answers_of
from ucc_participate.kernel.db import db
from ucc_participate.kernel.identity import Role

TODAY = [
    *sentences_of(
        "40 proposals were handed in: 35 by residents, 2 by public bodies and 3 by civil society.", "proposals"
    ),
    *sentences_of("Of women’s groups, 4 were invited and 2 took part.", "womens_groups"),
    *sentences_of("Of youth groups, 3 were invited and 2 took part.", "youth_groups"),
    *sentences_of("The initiatives cost IRR 2 billion together; by year: 1406: IRR 2 billion.", "budget"),
]


def told(text, today=TODAY, **more):
    facts = {"outdated": [], "cited": [], **more}
    return [(each.code, each.said) for each in moved_in("p", text, today, **facts)]


@pytest.mark.parametrize(
    "text",
    [
        "40 proposals were handed in: 35 by residents, 2 by public bodies and 3 by civil society.",
        "All in all 40 proposals were handed in: 35 by residents, 2 by public bodies, 3 by civil society.",
        "40 proposals were handed in: 35 by residents and the others by organisations.",
        "40 proposals were handed in, 12 of them at night: 35 by residents, 2 by public bodies, 3 by civil society.",
        "Of youth groups, 3 were invited and 2 took part.",
        "In 1405 we asked 12 weavers.",
        "Nobody was left out.",
    ],
)
def test_what_still_holds_is_not_named(text):
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("38 proposals were handed in: 35 by residents and 3 by civil society.", "proposals"),
        ("In all 38 proposals were handed in: 35 by residents and 3 by civil society.", "proposals"),
        ("Of women’s groups, 3 were invited and 2 took part.", "womens_groups"),
        ("The initiatives cost IRR 2 million together; by year: 1406: IRR 2 million.", "budget"),
    ],
)
def test_another_number_in_the_same_words_is_named(text, code):
    assert told(f"First. {text} Then.") == [(code, text)]


def test_digits_and_groups_are_read_in_every_language():
    today = sentences_of("۱٬۲۳۴ شهروند مشارکت کردند: ۵۶ نفر رأی دادند.", "joined")
    assert told("1234 شهروند مشارکت کردند: 56 نفر رأی دادند.", today) == []
    assert told("۱٬۲۳۳ شهروند مشارکت کردند: ۵۶ نفر رأی دادند.", today) != []
    today = sentences_of("1\u202f234 personnes ont participé : 56 ont voté.", "joined")
    assert told("1 234 personnes ont participé : 56 ont voté.", today) == []
    assert told("1 230 personnes ont participé : 56 ont voté.", today) != []


def test_what_was_true_before_the_process_came_so_far_is_named_word_for_word():
    before = Sentence("None of the proposals has been answered so far.", "answers")
    assert told(f"We asked. {before.text}", outdated=[before]) == [("answers", before.text)]


def test_a_cited_fact_in_other_words_must_have_one_of_its_numbers():
    today = TODAY[:1]
    assert told("We heard 40 ideas.", today, cited=["proposals"]) == []
    assert told("We heard 38 ideas.", today, cited=["proposals"]) == [("proposals", "We heard 38 ideas.")]
    assert told("In 1405 we heard many ideas.", today, cited=["proposals"]) == []
    assert told("We heard ideas.", [], cited=["proposals"]) == [("proposals", "")]


@pytest.fixture
def made(perform, clock):
    process, clock.at = proposing_process(perform, clock.now())
    adopted_proposal(perform, process, now=clock.now())
    return process, begin(perform, process, enter(perform, short_form(), clock.now()), clock.now())


@pytest.fixture
def account(perform, clock):
    return person(perform, clock.now(), Role.COORDINATOR, "Leila Moradi")


@pytest.fixture
def leila(account):
    return acting(account, Role.COORDINATOR)


def moved(app, made, clock):
    with app.test_request_context():
        dossier = application(made[0])
        answers = answers_of(db.session(), dossier)
        found = queries.moved_numbers(db.session(), dossier, answers.values(), now=clock.now())
        return {each.language: found[each.id] for each in answers.values() if each.id in found}


@pytest.mark.parametrize("language", ["fa", "en", "fr"])
def test_a_draft_taken_over_holds_until_somebody_hands_in_another_proposal(app, perform, made, leila, clock, language):
    with app.test_request_context():
        text = drafted(made[0], section("process"), language).text
    write(perform, made, "2", language, text, actor=leila, now=clock.now())
    assert moved(app, made, clock) == {}
    adopted_proposal(perform, made[0], now=clock.now(), title="A second workshop")
    found = moved(app, made, clock)[language]
    assert {each.code for each in found} == {"proposals", "answers"}


def test_before_the_freezing_the_desk_the_text_and_the_blockers_tell_it(app, perform, made, account, leila, clock):
    with app.test_request_context():
        text = drafted(made[0], section("process"), "en").text
    write(perform, made, "2", "en", text, actor=leila, now=clock.now())
    finish(perform, made, "2", "en", actor=leila, now=clock.now())
    adopted_proposal(perform, made[0], now=clock.now(), title="A second workshop")
    desk = sign_in(app, account, now=clock.now())
    home = f"/staff/processes/{made[0].public_id}"
    for page in (f"{home}/citations", f"{home}/application/{made[1].public_id}/texts/2/en"):
        shown = desk.get(page).text
        assert "Numbers that have changed since" in shown
        assert "2 proposals were handed in: 2 by residents." in shown
    with app.test_request_context():
        found = [
            each for each in blockers_of(db.session(), application(made[0]), clock.now()) if "numbers" in each.code
        ]
        assert [(each.code, each.can_override) for each in found] == [("numbers.2.en", True)]
        assert str(found[0].text) == "Section 2 (English): 2 sentences say numbers that are other ones today."


def test_a_cited_number_is_looked_at_in_any_section(app, perform, made, leila, clock):
    text = write(perform, made, "1", "en", "People handed in 12 ideas.", actor=leila, now=clock.now())
    assert moved(app, made, clock) == {}
    place = ("1", "en", text.paragraphs[0]["key"], [fact_ref(made[1], "proposals")])
    act(perform, made, operations.cite, *place, actor=leila, now=clock.now())
    assert [each.said for each in moved(app, made, clock)["en"]] == ["People handed in 12 ideas."]


def test_texts_without_drafts_and_facts_ask_for_nothing(app, perform, made, leila, clock, count_queries):
    write(perform, made, "1", "en", "People handed in 12 ideas.", actor=leila, now=clock.now())
    with app.test_request_context():
        dossier = application(made[0])
        answer = answer_in(made[0], "1", "en")
        look = lambda: queries.moved_numbers(db.session(), dossier, [answer], now=clock.now())  # noqa: E731
        assert count_queries(look) == 0
