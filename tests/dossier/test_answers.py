"""Texts of a dossier: saving, versions, two writers, limits, states, who writes, comments, translation."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.accounts.making import make_account
from tests.dossier.making import (
    CONTACT,
    act,
    make_dossier,
    official,
    person,
    short_form,
    write,
)
from tests.stakeholders.making import ACTORS, CITY, acting, drift_faults, told
from ucc_participate.accounts.operations import erase_account
from ucc_participate.accounts.queries import get_account
from ucc_participate.dossier import fields as fields_of
from ucc_participate.dossier import operations, policies, queries
from ucc_participate.dossier.models import AnswerState, AnswerVersion
from ucc_participate.dossier.operations.answers import Overtaken
from ucc_participate.dossier.paragraphs import carry
from ucc_participate.dossier.sections import sections_of
from ucc_participate.dossier.standing import is_behind, standing_of
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from ucc_participate.kernel.identity import Role
from ucc_participate.notifications.models import OutboxMessage

DRAFT, REVIEW, FINAL = AnswerState.DRAFT, AnswerState.IN_REVIEW, AnswerState.FINAL


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def made(perform, now):
    return make_dossier(perform, now, form=short_form(words_1=5))


@pytest.fixture
def leila(perform, now):
    return official(perform, now)


@pytest.fixture
def clerk(perform, now):
    return person(perform, now, Role.CLERK, "Omid Sadeghi")


def found(read: Any, made: Any, section: str, language: str) -> Any:
    def query(session: Any) -> Any:
        answer = queries.find_answer(session, made[1], section, language)
        if answer is not None:
            session.expunge_all()
        return answer

    return read(query)


def versions(read: Any, answer: Any) -> list[Any]:
    return list(read(lambda s: list(queries.versions_of(s, answer))))


def test_each_saving_is_a_version_with_who_and_when_and_its_text_is_in_no_entry(app, perform, read, made, leila, now):
    write(perform, made, "2", "fa", "نخست پرسیدیم.", actor=leila, now=now)
    answer = write(perform, made, "2", "fa", "نخست از همه پرسیدیم.", actor=leila, now=now, based_on=1)
    assert (answer.number, answer.state, answer.changed_by) == (2, DRAFT, "Leila Moradi, Head of the culture office")
    assert [each.text for each in versions(read, answer)] == ["نخست از همه پرسیدیم.", "نخست پرسیدیم."]
    entries = told(app, subject=f"answer/{made[1].public_id}-2-fa")
    assert [(entry.type, entry.payload) for entry in entries] == [("answer.saved", {})] * 2
    assert drift_faults(app) == []


def test_saving_the_same_again_is_no_version(perform, read, made, leila, now):
    answer = write(perform, made, "2", "fa", "همان", actor=leila, now=now)
    write(perform, made, "2", "fa", "  همان ", actor=leila, now=now, based_on=0)
    assert len(versions(read, answer)) == 1


def test_who_was_slower_is_told_and_overwrites_nothing(perform, read, made, leila, now):
    write(perform, made, "2", "en", "First", actor=leila, now=now, based_on=0)
    write(perform, made, "2", "en", "Second", actor=leila, now=now, based_on=1)
    with pytest.raises(Overtaken) as refused:
        write(perform, made, "2", "en", "Mine", actor=leila, now=now, based_on=1)
    assert refused.value.number == 2
    assert found(read, made, "2", "en").text == "Second"


def test_of_eight_who_save_at_once_one_is_kept_and_seven_are_told(perform, read, made, leila, now):
    """The first text of a section, where there is no row yet to be locked."""

    def save(number: int) -> str:
        try:
            write(perform, made, "2", "en", f"Text {number}", actor=leila, now=now, based_on=0)
        except Overtaken:
            return "told"
        return "kept"

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(save, range(8)))
    assert sorted(outcomes) == ["kept"] + ["told"] * 7
    answer = found(read, made, "2", "en")
    assert answer.text == f"Text {outcomes.index('kept')}"
    assert len(versions(read, answer)) == 1


def test_paragraphs_keep_their_keys_through_an_edit(perform, made, leila, now):
    before = write(perform, made, "2", "en", "We asked all.\n\nWe listened to every one.", actor=leila, now=now)
    keys = [part["key"] for part in before.paragraphs]
    after = write(
        perform, made, "2", "en", "A new beginning.\n\nWe listened to every one of them.\n\nWe asked all.",
        actor=leila, now=now,
    )  # fmt: skip
    assert [part["key"] for part in after.paragraphs][1:] == [keys[1], keys[0]]
    assert len({part["key"] for part in after.paragraphs}) == 3


@given(st.text(alphabet="ab \n", max_size=60), st.text(alphabet="ab \n", max_size=60))
def test_keys_of_paragraphs_are_never_given_twice(one, other):
    numbers = iter(range(1000))
    first = carry([], one, new_key=lambda: str(next(numbers)))
    second = carry(first, other, new_key=lambda: str(next(numbers)))
    keys = [part["key"] for part in second]
    assert len(keys) == len(set(keys))


def test_a_text_of_a_thousand_edited_paragraphs_keeps_its_keys_and_is_soon_compared():
    keys = iter(map(str, range(9_999)))
    before = carry([], "\n\n".join(f"We asked house {n} first." for n in range(1_000)), new_key=lambda: next(keys))
    began = time.process_time()
    after = carry(before, "\n\n".join(f"We asked house {n} twice." for n in range(1_000)), new_key=lambda: next(keys))
    assert time.process_time() - began < 5, "nobody else writes meanwhile"
    assert [part["key"] for part in after] == [part["key"] for part in before]


def test_a_text_goes_from_draft_through_review_to_final_and_back(app, perform, made, leila, now):
    write(perform, made, "2", "en", "We asked.", actor=leila, now=now, then=REVIEW)
    act(perform, made, operations.save_answer, "2", "en", None, actor=leila, now=now, then=FINAL)
    with pytest.raises(Conflict):
        write(perform, made, "2", "en", "We asked all.", actor=leila, now=now)
    opened = act(perform, made, operations.save_answer, "2", "en", None, actor=leila, now=now, then=DRAFT)
    assert opened.state is DRAFT
    types = [entry.type for entry in told(app, subject=f"answer/{made[1].public_id}-2-en")]
    assert types == ["answer.saved", "answer.sent", "answer.finalised", "answer.reopened"]


def test_a_draft_is_not_made_final_past_the_review(perform, made, leila, now):
    write(perform, made, "2", "en", "We asked.", actor=leila, now=now)
    with pytest.raises(Conflict):
        act(perform, made, operations.save_answer, "2", "en", None, actor=leila, now=now, then=FINAL)


def test_what_is_too_long_is_kept_whole_and_cannot_be_final(perform, read, made, leila, now):
    text = "one two three four five six"
    write(perform, made, "1", "en", text, actor=leila, now=now, then=REVIEW)
    with pytest.raises(Invalid, match="1 word above"):
        act(perform, made, operations.save_answer, "1", "en", None, actor=leila, now=now, then=FINAL)
    assert found(read, made, "1", "en").text == text
    write(perform, made, "1", "en", "one two three four – five", actor=leila, now=now, then=FINAL)
    assert found(read, made, "1", "en").state is FINAL


def test_nothing_written_cannot_be_final_and_the_phrase_of_the_form_can(perform, made, leila, now):
    act(perform, made, operations.save_answer, "2", "en", None, actor=leila, now=now, then=REVIEW)
    with pytest.raises(Invalid, match="the phrase"):
        act(perform, made, operations.save_answer, "2", "en", None, actor=leila, now=now, then=FINAL)
    phrase = "No relevant information to provide"
    assert write(perform, made, "2", "en", phrase, actor=leila, now=now, then=FINAL).state is FINAL


def test_words_are_counted_by_the_rule_of_the_form(perform, made, leila, now):
    """Half-spaces join, a dash alone is no word, digits are."""
    answer = write(perform, made, "2", "fa", "می‌رویم – به ۲۵ کارگاه، باهم.", actor=leila, now=now)
    assert answer.words == 5


def test_who_a_text_is_given_to_writes_it_and_does_not_make_it_final(perform, read, made, leila, clerk, now):
    omid = acting(clerk, Role.CLERK)
    with pytest.raises(Forbidden):
        write(perform, made, "2", "fa", "پرسیدیم.", actor=omid, now=now)
    act(perform, made, operations.assign_answer, "2", "fa", clerk, link="http://x/y", actor=leila, now=now)
    answer = write(perform, made, "2", "fa", "پرسیدیم.", actor=omid, now=now, then=REVIEW)
    assert answer.changed_by.startswith("Omid Sadeghi")
    with pytest.raises(Forbidden):
        act(perform, made, operations.save_answer, "2", "fa", None, actor=omid, now=now, then=FINAL)
    with pytest.raises(Forbidden):
        write(perform, made, "1", "fa", "سپیدرود", actor=omid, now=now)
    mail = read(lambda s: s.scalars(select(OutboxMessage)).all())
    assert [(each.to, each.template) for each in mail] == [(clerk.email, "answer_assigned")]


def test_nobody_outside_the_staff_is_given_a_text(perform, made, leila, now):
    sara = person(perform, now, Role.EVALUATOR, "Sara Amini")
    with pytest.raises(Invalid):
        act(perform, made, operations.assign_answer, "2", "fa", sara, link="http://x/y", actor=leila, now=now)


def test_an_official_without_a_function_signs_nothing(perform, made, now):
    account = make_account(perform, "new@city.example", now=now, roles=(Role.COORDINATOR,), display_name="New")
    with pytest.raises(Conflict, match="function"):
        write(perform, made, "2", "en", "We asked.", actor=acting(account, Role.COORDINATOR), now=now)


def test_a_translation_is_behind_once_its_source_has_changed(perform, read, made, leila, now):
    write(perform, made, "2", "fa", "پرسیدیم.", actor=leila, now=now)
    write(perform, made, "2", "en", "We asked.", actor=leila, now=now, of_number=1)
    source, translation = (found(read, made, "2", language) for language in ("fa", "en"))
    assert not is_behind(translation, source)
    source = write(perform, made, "2", "fa", "از همه پرسیدیم.", actor=leila, now=now)
    assert is_behind(found(read, made, "2", "en"), source)
    translation = write(perform, made, "2", "en", "We asked.", actor=leila, now=now, of_number=2)
    assert (translation.number, translation.of_number) == (1, 2)
    assert not is_behind(translation, source)


@pytest.mark.parametrize(
    ("section", "fields", "kept"),
    [
        ("4", {"choice": "music"}, {"choice": "music"}),
        (
            "5",
            {"urls": "city.example/record\n\nhttps://b.example/x\ncity.example/record"},
            {"urls": ["https://city.example/record", "https://b.example/x"]},
        ),
        ("3", CONTACT, {**dict.fromkeys(fields_of.CONTACT, ""), **CONTACT}),
    ],
)
def test_fields_that_are_no_text_are_kept_as_fields(perform, made, leila, now, section, fields, kept):
    assert write(perform, made, section, "en", actor=leila, now=now, fields=fields).fields == kept


def test_fields_are_said_in_the_language_of_the_text_whoever_reads(app):
    _name, _two, contact, choice, links = sections_of(short_form())
    with app.app_context():
        said = {language: fields_of.in_words(choice, {"choice": "music"}, language) for language in ("en", "fa", "fr")}
        assert said == {"en": "Music", "fa": "موسیقی", "fr": "Musique"}
        assert fields_of.in_words(links, {"urls": ["https://a.example"]}, "fa") == "https://a.example"
        assert fields_of.in_words(contact, {"family_name": "Karimi", "other": ""}, "en") == "Family name: Karimi"
        assert fields_of.in_words(choice, {"choice": None}, "en") == ""


@pytest.mark.parametrize(
    ("section", "fields", "field"),
    [
        ("4", {"choice": "gastronomy"}, "choice"),
        ("5", {"urls": "javascript:alert(1)"}, "urls"),
        ("5", {"urls": "not an address"}, "urls"),
        ("3", {"email": "nowhere"}, "email"),
    ],
)
def test_fields_that_make_no_sense_are_refused_by_name(perform, made, leila, now, section, fields, field):
    with pytest.raises(Invalid) as refused:
        write(perform, made, section, "en", actor=leila, now=now, fields=fields)
    assert refused.value.field == field


def test_more_addresses_than_the_form_takes_are_kept_and_not_final(perform, made, leila, now):
    write(
        perform, made, "5", "en", actor=leila, now=now, fields={"urls": "a.example\nb.example\nc.example"}, then=REVIEW
    )
    with pytest.raises(Invalid, match="2 addresses"):
        act(perform, made, operations.save_answer, "5", "en", None, actor=leila, now=now, then=FINAL)


def test_earlier_ways_of_reaching_somebody_are_not_kept(perform, read, made, leila, now):
    write(perform, made, "3", "en", actor=leila, now=now, fields={**CONTACT, "telephone": "013-1"})
    answer = write(perform, made, "3", "en", actor=leila, now=now, fields={**CONTACT, "telephone": "013-2"})
    assert "013-2" in answer.text
    assert [each.text for each in versions(read, answer)] == ["", ""]
    assert read(lambda s: s.scalar(select(AnswerVersion).where(AnswerVersion.text.contains("013")))) is None


def test_a_section_that_is_not_in_the_form_leads_nowhere(perform, made, leila, now):
    for section, language in (("99", "en"), ("2", "de"), ("../2", "en")):
        with pytest.raises(NotFound):
            write(perform, made, section, language, "x", actor=leila, now=now)


def test_comments_wait_until_somebody_has_dealt_with_them(app, perform, read, made, leila, clerk, now):
    answer = write(perform, made, "2", "en", "We asked.", actor=leila, now=now)
    omid = acting(clerk, Role.CLERK)
    comment = act(perform, made, operations.comment_on, "2", "en", "Whom?", actor=omid, now=now)
    assert read(lambda s: queries.open_comments(s, made[1])) == {answer.id: 1}
    for _time in range(2):
        act(perform, made, operations.settle_comment, "2", "en", comment.public_id, actor=leila, now=now)
    assert read(lambda s: queries.open_comments(s, made[1])) == {}
    [kept] = read(lambda s: list(queries.comments_of(s, answer)))
    assert (kept.text, kept.settled_by) == ("Whom?", "Leila Moradi, Head of the culture office")
    types = [(entry.type, entry.payload) for entry in told(app, subject=answer_ref(made, "2", "en"))]
    assert types[1:] == [("answer.commented", {}), ("answer.settled", {})]
    with pytest.raises(NotFound):
        act(perform, made, operations.settle_comment, "1", "en", comment.public_id, actor=leila, now=now)
    with pytest.raises(Invalid):
        act(perform, made, operations.comment_on, "2", "en", "  ", actor=omid, now=now)


def answer_ref(made: Any, section: str, language: str) -> str:
    return f"answer/{made[1].public_id}-{section}-{language}"


def test_erasing_who_was_to_write_a_text_gives_it_back(perform, read, made, leila, clerk, now):
    act(perform, made, operations.assign_answer, "2", "fa", clerk, link="http://x/y", actor=leila, now=now)
    write(perform, made, "2", "fa", "پرسیدیم.", actor=acting(clerk, Role.CLERK), now=now)

    def erase(session: Any) -> None:
        found = get_account(session, clerk.public_id)
        erase_account(session, found, erasers=[operations.forget_writer], actor=CITY, now=now)

    perform(erase)
    answer = found(read, made, "2", "fa")
    assert answer.assigned_to_id is None
    assert answer.changed_by == "Omid Sadeghi, Head of the culture office", "an act of office keeps its name"


def test_the_standing_counts_what_is_handed_in(perform, read, made, leila, now):
    write(perform, made, "1", "en", "one two three four five six", actor=leila, now=now)
    write(perform, made, "2", "fa", "پرسیدیم.", actor=leila, now=now)

    def look(session: Any) -> Any:
        dossier = queries.application_of(session, made[0])
        assert dossier is not None
        return standing_of(dossier, queries.answers_of(session, dossier), {})

    standing = read(look)
    assert standing.languages == ["fa", "en"]
    assert (standing.counts["draft"], standing.counts["empty"], standing.total) == (1, 4, 5)
    assert standing.too_long == 1


WHO = {
    "visitor": (False, False, False, False),
    "resident": (False, False, False, False),
    "delegate": (False, False, False, False),
    "evaluator": (True, False, False, False),
    "moderator": (True, False, False, True),
    "clerk": (True, False, False, True),
    "coordinator": (True, True, True, True),
    "system": (True, True, True, True),
}


@pytest.mark.parametrize("who", WHO)
def test_who_reads_writes_freezes_and_comments(read, made, now, who):
    dossier = read(lambda s: queries.application_of(s, made[0]))
    verbs = (policies.can_read, policies.can_write, policies.can_freeze, policies.can_comment)
    assert tuple(bool(ask(ACTORS[who], dossier, now=now)) for ask in verbs) == WHO[who]
