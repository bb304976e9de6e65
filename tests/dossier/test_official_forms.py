"""Official forms as data: what ships, what a faulty file is told, how a correction becomes a new edition."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dossier.making import content_of, enter, short_form
from tests.stakeholders.making import ACTORS, CITY, drift_faults, staff_browser, told
from ucc_participate.dossier import operations, queries
from ucc_participate.dossier.checking import problems
from ucc_participate.dossier.editing import edited
from ucc_participate.dossier.models import FormVersion
from ucc_participate.dossier.moving import differences
from ucc_participate.dossier.sections import Section, SectionKind, section_of, sections_of
from ucc_participate.dossier.shipped import digest, shipped
from ucc_participate.kernel.db import db, table_of
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.kernel.identity import Role
from ucc_participate.vocabularies.uccn import CREATIVE_FIELDS

# What was released. A form that is known better gets a file and a code of its own; these never change.
RELEASED = {
    "uccn-2013": "6eb0a8426f11415c",
    "mmr-2015": "b116f54858495235",
    "uccn-2017": "5147e4e04a7d5d33",
    "uccn-2019": "7ce535ded7e35849",
    "uccn-2021": "3e0124905b60ca4a",
    "uccn-2025": "71fd9620a1d83396",
}
LANGUAGES = ("fa", "en", "fr")


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.mark.parametrize("code", sorted(shipped()))
def test_a_form_that_ships_can_be_used_and_speaks_three_languages(app, code):
    content = shipped()[code]
    with app.test_request_context():
        assert problems(content) == []
    for section in sections_of(content):
        assert all(section.title.get(language) for language in LANGUAGES), section.id
        assert section.words is None, "no number of words was found in any source"


def test_what_was_released_never_changes():
    assert {code: digest(content)[:16] for code, content in shipped().items()} == RELEASED


def asked(code: str, section: str) -> Section:
    found = section_of(shipped()[code], section)
    assert found is not None
    return found


def test_the_eighth_field_is_offered_from_2025_on():
    fields = {code: asked(code, "4").options for code, content in shipped().items() if code[:7] == "uccn-20"}
    assert "architecture" not in fields["uccn-2021"]
    assert set(fields["uccn-2025"]) == set(CREATIVE_FIELDS)


def test_what_is_only_recalled_or_guessed_says_so():
    recalled = asked("uccn-2021", "9.5")
    assert (recalled.evidence, recalled.source) == ("R", "")
    assert asked("uccn-2021", "3.1").evidence == "F"
    assert {section.evidence for section in sections_of(shipped()["uccn-2025"])} == {"F", "G"}


FAULTS = [
    (lambda form: form["sections"][1].update(kind="essay"), "Section 2: “essay” is not a known kind"),
    (lambda form: form["sections"][1].update(id="1"), "Section 1: stands twice"),
    (lambda form: form["sections"][1].update(id="../x"), "“id” is a number"),
    (lambda form: form["sections"][1].update(wordlimit=300), "Section 2: “wordlimit” is no part of a section"),
    (lambda form: form["sections"][1].update(limit={"words": 0}), "“words” is a number from 1 on"),
    (lambda form: form["sections"][1].update(limit={"words": True}), "“words” is a number from 1 on"),
    (lambda form: form["sections"][1].update(source="S9"), "“S9” is not among the sources"),
    (lambda form: form["sections"][1].update(title={}), "“title” needs a text"),
    (lambda form: form["sections"][1].update(draft="poem"), "“poem” is no draft"),
    (lambda form: form["sections"][3].pop("options"), "A choice needs “options”"),
    (lambda form: form["sections"].append("9"), "Section 6: this is not an object"),
    (lambda form: form.update(sections=[]), "“sections” must list"),
    (lambda form: form.update(words={"rule": "characters"}), "a rule of counting that is not known"),
    (lambda form: form.update(code="Über 2027"), "“code” takes small Latin letters"),
    (lambda form: form.update(colour="red"), "“colour” is no part of a form"),
    (lambda form: form.update(code=2027), "“code” takes small Latin letters"),
    (lambda form: form.update(purpose=["application"]), "“purpose” is application or report"),
    (lambda form: form.update(words={"rule": ["whitespace"]}), "a rule of counting that is not known"),
    (lambda form: form.update(sources={"S1": "javascript:alert(1)"}), "“sources” gives an address"),
    (lambda form: form.update(title={"en": "Form \ud800"}), "cannot be kept as it is"),
    (lambda form: form.update(empty_phrase={"text": {"en": "None"}, "evidence": 0.5}), "cannot be kept as it is"),
    (lambda form: form["sections"][1].update(id=2), "“id” is a number such as 9.3"),
    (lambda form: form["sections"][1].update(kind={"text": 1}), "is not a known kind"),
    (lambda form: form["sections"][1].update(draft=["process"]), "is no draft"),
    (lambda form: form["sections"][1].update(source=["S1"]), "is not among the sources"),
]


def test_a_form_that_says_only_what_it_must_can_be_looked_at_and_corrected(app, perform, now):
    form = short_form()
    form["sections"] = [{"id": "1", "kind": "text", "title": {"en": "The city"}}]
    for name in ("note", "languages", "words", "empty_phrase", "sources"):
        del form[name]
    code = enter(perform, form, now)
    desk = staff_browser(app, perform, Role.COORDINATOR, now=now)
    for path in ("", "/edit"):
        assert desk.get(f"/staff/forms/{code}{path}").status_code == 200


def test_correcting_a_limit_changes_no_title_that_one_language_lacks(app):
    with app.test_request_context():
        typed = {"words-1": "9", "title-1-fa": "بخش 1", "title-1-en": "Section 1", "title-1-fr": "", "asks-1-fa": ""}
        made, errors = edited(short_form(), typed, locale="en")
        assert not errors
        assert [change.members for change in differences(short_form(), made)] == [("words",)]


@pytest.mark.parametrize(("spoil", "says"), FAULTS)
def test_a_file_with_a_fault_is_told_where_and_what(app, spoil, says):
    form = short_form()
    spoil(form)
    with app.test_request_context():
        assert any(says in fault for fault in problems(form)), problems(form)


@pytest.mark.parametrize("junk", [None, [], "x", 3, {"sections": None}])
def test_what_is_no_form_at_all_is_refused_without_breaking(app, junk):
    with app.test_request_context():
        assert problems(junk)


def correct(
    perform: Any, code: str, content: Any, now: Any, *, actor: Any = CITY, because: str = "Page 4 of it"
) -> Any:
    return perform(lambda s: operations.correct_form(s, code, content, because=because, actor=actor, now=now))


def alter(app: Any, **values: Any) -> None:
    """As somebody with access to the database would."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(table_of(FormVersion).update().values(**values))


def test_a_correction_is_a_new_edition_and_what_it_corrects_stays(app, perform, read, now):
    content = content_of()
    content["sections"][13]["limit"]["words"] = 250
    made = correct(perform, "uccn-2021", content, now)
    assert (made.code, made.based_on, made.changed_because) == ("uccn-2021+1", "uccn-2021", "Page 4 of it")
    rows = read(lambda s: {form.code: form.content for form in queries.forms(s)})
    before, after = rows["uccn-2021"], rows["uccn-2021+1"]
    assert before == shipped()["uccn-2021"]
    [change] = differences(before, after)
    assert change.after is not None
    assert (change.id, change.members, change.after.words) == (content["sections"][13]["id"], ("words",), 250)
    entry = told(app, subject="form_version/uccn-2021.1")[-1]
    assert entry.type == "form_version.added"
    assert entry.values["process"] is None
    assert {"section": change.id, "words": 250, "items": None} in entry.payload["limits"]
    assert entry.payload["sha256"] == made.sha256
    again = correct(perform, "uccn-2021+1", {**after, "title": {"en": "Form of 2021, corrected"}}, now)
    assert (again.code, again.based_on) == ("uccn-2021+2", "uccn-2021+1")
    assert drift_faults(app) == []


def test_a_correction_needs_a_reason_a_difference_and_a_coordinator(perform, now):
    content = content_of()
    with pytest.raises(Conflict):
        correct(perform, "uccn-2021", content, now)
    content["sections"][0]["limit"]["words"] = 9
    with pytest.raises(Invalid) as refused:
        correct(perform, "uccn-2021", content, now, because="so")
    assert refused.value.field == "because"
    with pytest.raises(Forbidden):
        correct(perform, "uccn-2021", content, now, actor=ACTORS["clerk"])


def test_a_shipped_form_that_says_something_else_than_the_row_is_not_taken_over(app, perform, read, now):
    perform(lambda s: operations.load_shipped_form(s, "uccn-2019", actor=CITY, now=now))

    alter(app, sha256="0" * 64)
    with pytest.raises(Conflict, match="a code of its own"):
        perform(lambda s: operations.load_shipped_form(s, "uccn-2019", actor=CITY, now=now))


def test_a_form_changed_in_the_database_is_found(app, perform, now):
    enter(perform, short_form(), now)
    changed = short_form()
    changed["sections"][0]["limit"]["words"] = 999
    alter(app, content=changed)
    faults = drift_faults(app)
    assert any(fault.startswith("form_version/test-2027: sha256 is not what entry") for fault in faults)
    assert any("limits" in fault for fault in faults)


def test_a_known_code_is_not_entered_twice(perform, now):
    enter(perform, short_form(), now)
    with pytest.raises(Invalid, match="already"):
        enter(perform, short_form(), now)
    with pytest.raises(Invalid, match="already"):
        enter(perform, short_form(code="uccn-2021"), now)


def test_persian_digits_and_new_sections_are_read_from_the_page(app):
    typed = {
        "words-1": "۲۵۰",
        "words-2": "many",
        "gone-3": "y",
        "new-id": "۱٫۱",
        "new-title-en": "Motto",
        "new-after": "1",
        "new-words": "",
    }
    with app.test_request_context():
        made, errors = edited(short_form(), typed, locale="fa")
    sections = sections_of(made)
    assert [section.id for section in sections] == ["1", "1.1", "2", "4", "5"]
    assert sections[0].words == 250
    assert sections[1].kind is SectionKind.TEXT
    assert list(errors) == ["words-2"]


def test_loading_on_the_command_line_enters_every_form_once(app, read):
    for _time in range(2):
        outcome = app.test_cli_runner().invoke(args=["forms", "load"])
        assert outcome.exit_code == 0, outcome.output
    assert sorted(read(lambda s: [form.code for form in queries.forms(s)])) == sorted(shipped())
    assert len(told(app, subject="form_version/uccn-2013")) == 1
