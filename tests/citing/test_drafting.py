"""Drafts from facts: within the words by choosing whole sentences, the same facts in every language."""

from __future__ import annotations

import pytest

from tests.citing.making import adopted_proposal, application, begin_plan, drafted, ground, section
from tests.dossier.making import begin, content_of, enter
from tests.processes.making import change, make_process, open_process
from tests.proposals.making import proposing_process
from tests.representation.making import make_population, take_part
from tests.stakeholders.making import CITY
from tests.voting.test_pabulib_variants import PLAIN
from ucc_participate.citing.drafting import DRAFTS, Piece, compose
from ucc_participate.citing.facts import FACTS, values_of
from ucc_participate.dossier.drafts import draft_of
from ucc_participate.kernel.text import word_count
from ucc_participate.processes.models import ProcessState
from ucc_participate.processes.operations import set_targets
from ucc_participate.representation import publishing


@pytest.fixture
def now(clock):
    return clock.now()


def pieces(*told):
    return [Piece(code, part, rank, text) for code, part, rank, text in told]


THREE = pieces(("a", 1, 2, "One two three."), ("b", 1, 1, "Four five."), ("c", 2, 3, "Six."))


def test_without_a_limit_everything_is_said_in_its_own_order():
    made = compose(THREE, words=None)
    assert made is not None
    assert made.text == "One two three. Four five.\n\nSix."
    assert (made.used, made.left_out) == (("a", "b", "c"), ())


@pytest.mark.parametrize(
    ("words", "text", "left_out"),
    [
        (6, "One two three. Four five.\n\nSix.", ()),
        (5, "One two three. Four five.", ("c",)),
        (4, "Four five.\n\nSix.", ("a",)),
        (2, "Four five.", ("a", "c")),
        (1, "Six.", ("a", "b")),
    ],
)
def test_the_limit_leaves_out_whole_sentences_by_rank(words, text, left_out):
    made = compose(THREE, words=words)
    assert made is not None
    assert (made.text, made.left_out) == (text, left_out)
    assert made.words <= words


def test_what_says_nothing_is_no_draft():
    assert compose(pieces(("a", 1, 1, "")), words=None) is None
    assert compose(THREE, words=0) is None


def test_every_draft_that_a_shipped_application_names_is_made_here():
    named = {each["draft"] for code in ("uccn-2013", "uccn-2021", "uccn-2025") for each in content_of(code)["sections"]}
    assert named - {None} == set(DRAFTS)


@pytest.fixture
def process(perform, now, app, clock):
    """An open process with forty participants, one proposal adopted and planned, figures published."""
    made = make_process(perform, now, ProcessState.PUBLISHED)
    change(perform, made, set_targets, {"sex:female": 60}, now=now)
    open_process(perform, made, now=now)
    clock.advance(days=8)
    make_population(perform, now)
    take_part(perform, made, 10, now=now, sex="female", band="18-24")
    take_part(perform, made, 30, now=now, sex="male")
    with app.app_context():
        publishing.publish(made.public_id, actor=CITY, now=clock.now())
    begin_plan(perform, made, [adopted_proposal(perform, made, now=clock.now())], now=clock.now())
    return made


def test_each_number_is_counted_and_said_in_three_languages(app, process):
    with app.test_request_context():
        values = values_of(ground(process))
        assert values["women"] == {"part": 10, "whole": 40, "target": 60, "city": 5000}
        assert values["joined"]["joined"] == 40
        assert values["proposals"]["all"] == 1
        assert values["answers"]["adopted"] == 1
        assert values["initiatives"] == {"all": 1, "local": 1, "international": 0, "from_proposals": 1, "proposals": 1}
        english = drafted(process, section("vulnerable"), "en").text
        assert (
            "Of 40 participants who stated their sex, 25% are women (the target was 60%, in the city it is 50%)."
            in english
        )
        for draft in ("process", "groups", "vulnerable", "local", "budget"):
            told = {code: drafted(process, section(draft), code).used for code in ("fa", "en", "fr")}
            assert told["fa"] == told["en"] == told["fr"]


def test_a_persian_draft_has_persian_digits_only(app, process):
    with app.test_request_context():
        text = drafted(process, section("vulnerable"), "fa").text
        assert "۲۵٪" in text
        assert not any(letter in "0123456789" for letter in text)


@pytest.mark.parametrize("words", [25, 40, 60, 80])
@pytest.mark.parametrize("language", ["fa", "en", "fr"])
def test_a_draft_keeps_to_the_limit_of_the_form(app, process, words, language):
    with app.test_request_context():
        made = drafted(process, section("process", words=words), language)
        assert word_count(made.text) <= words
        whole = drafted(process, section("process"), language)
        assert set(made.used) | set(made.left_out) == set(whole.used)
        assert made.left_out
        assert all(sentence in whole.text for sentence in made.text.split("\n\n")[0].split(". ")[:1])


def test_the_form_s_number_of_initiatives_is_kept(app, perform, process, clock):
    more = [
        adopted_proposal(perform, process, now=clock.now(), title=f"Another workshop, number {n}") for n in range(3)
    ]
    begin_plan(perform, process, more, now=clock.now())
    with app.test_request_context():
        made = drafted(process, section("local", items=2), "en")
        assert len(made.text.split("\n\n")) == 2


def test_the_answer_page_offers_what_is_made_here(app, perform, process, now):
    begin(perform, process, enter(perform, content_of() | {"code": "mine"}, now), now)
    with app.test_request_context():
        made = draft_of(application(process), section("process"), "en")
        assert made is not None
        assert "record" in made.used
        assert f"/record/{process.public_id}" in made.text


def test_reading_the_ground_takes_the_same_queries_whatever_the_size(app, perform, process, count_queries, clock):
    def look():
        with app.test_request_context():
            ground(process)

    few = count_queries(look)
    for n in range(4):
        begin_plan(
            perform,
            process,
            [adopted_proposal(perform, process, now=clock.now(), title=f"One more for all {n}")],
            now=clock.now(),
        )
    assert count_queries(look) == few


def test_what_was_taken_over_is_not_said_to_be_handed_in_here_and_has_no_turnout(app, perform, clock, tmp_path):
    process, clock.at = proposing_process(perform, clock.now())
    path = tmp_path / "town.pb"
    path.write_text(PLAIN)
    app.test_cli_runner().invoke(args=["voting", "import-pabulib", str(path), "--process", process.public_id])
    with app.test_request_context():
        before = drafted(process, section("process"), "en").text
    assert "3 proposals were taken over from elsewhere." in before
    assert "1 vote was taken over from elsewhere: 5 ballots were counted." in before
    assert "handed in" not in before
    assert "could vote" not in before
    adopted_proposal(perform, process, now=clock.now())
    with app.test_request_context():
        after = drafted(process, section("process"), "en").text
    assert "1 proposal was handed in: 1 by residents. 3 proposals were taken over from elsewhere." in after
    assert "The city answered 1 of 4 proposals" in after


def test_every_fact_has_a_definition_and_a_place_in_some_draft():
    assert all(fact.code == code and str(fact.definition).endswith(".") for code, fact in FACTS.items())
    assert all(set(fact.ranks) <= set(DRAFTS) and fact.ranks for fact in FACTS.values())
