"""What no form of any domain lets through: endless text, characters that turn a page round, numbers beyond the log."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import wtforms
from flask import Flask
from werkzeug.datastructures import MultiDict

from ucc_participate.kernel.forms import Form
from ucc_participate.kernel.forms.compound import CompoundField
from ucc_participate.kernel.forms.fields import HiddenField

LARGEST_LOGGED = 2**53 - 1
"""docs/record-format.md: integers of the log."""
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff\0\x07\x1b"
HOSTILE = f'a{TURNING}<script>alert("1")</script>'
FAR_TOO_LONG = "ک" * 100_000


def forms(kind: type[Form] = Form) -> Iterator[type[Form]]:
    """Every form of the product; those that others are built from are no forms of their own."""
    for each in kind.__subclasses__():
        if each.__module__.startswith("ucc_participate.") and ".kernel." not in each.__module__:
            yield each
        yield from forms(each)


def inputs(form: Form) -> Iterator[tuple[wtforms.Field, wtforms.Field]]:
    """(field, the input in it) of everything into which can be typed."""
    for field in form:
        parts = field.parts.values() if isinstance(field, CompoundField) else [field]
        yield from ((field, part) for part in parts)


def filled(kind: type[Form], value: str, wanted: type[wtforms.Field]) -> Form:
    """The form with this value in every input of the wanted kind."""
    names = [part.name for _field, part in inputs(kind()) if isinstance(part, wanted)]
    return kind(MultiDict([(name, value) for name in names]))


@pytest.fixture
def kinds(app: Flask) -> Iterator[list[type[Form]]]:
    with app.test_request_context("/", method="POST"):
        yield sorted(set(forms()), key=lambda kind: (kind.__module__, kind.__name__))


TYPED = (wtforms.StringField, wtforms.TextAreaField)
UNTYPED = (HiddenField, wtforms.PasswordField, wtforms.HiddenField, wtforms.SelectField, wtforms.IntegerField)


def is_free_text(part: wtforms.Field) -> bool:
    return isinstance(part, TYPED) and not isinstance(part, UNTYPED)


def test_no_form_takes_a_hundred_thousand_characters(kinds):
    checked = 0
    for kind in kinds:
        form = filled(kind, FAR_TOO_LONG, wtforms.StringField)
        form.validate()
        for field, part in inputs(form):
            if is_free_text(part):
                checked += 1
                assert part.errors or field.errors, f"{kind.__module__}.{kind.__name__}.{part.name}"
    assert checked > 50


def test_no_text_that_is_kept_turns_a_page_round(kinds):
    """HTML stays what was typed, and is shown as text; control characters and those of direction go."""
    checked = 0
    for kind in kinds:
        form = filled(kind, HOSTILE, wtforms.StringField)
        form.validate()
        for _field, part in inputs(form):
            if is_free_text(part):
                checked += 1
                assert not set(str(part.data)) & set(TURNING), f"{kind.__module__}.{kind.__name__}.{part.name}"
    assert checked > 50


def test_no_form_takes_a_number_that_the_log_cannot_hold(kinds):
    checked = 0
    for kind in kinds:
        for number in (LARGEST_LOGGED + 1, -(LARGEST_LOGGED + 1), 10**40, 2**63):
            form = filled(kind, str(number), wtforms.IntegerField)
            form.validate()
            for field, part in inputs(form):
                if isinstance(part, wtforms.IntegerField):
                    checked += 1
                    assert part.errors or field.errors, f"{kind.__module__}.{kind.__name__}.{part.name} takes {number}"
    assert checked > 20


def test_what_is_carried_along_holds_no_null_character(kinds):
    """PostgreSQL takes none, and no page of ours has written one."""
    for kind in kinds:
        form = filled(kind, "a\0b", wtforms.HiddenField)
        for field in form:
            if isinstance(field, wtforms.HiddenField) and field.name != "csrf_token":
                assert "\0" not in str(field.data), f"{kind.__module__}.{kind.__name__}.{field.name}"


@pytest.mark.parametrize(
    "text", ["31.02.2026", "2026-02-30", "1405-13-01", "0000-00-00", "9" * 40, "٠", "-1", "\0", "T"]
)
def test_no_day_is_made_up_from_what_is_none(kinds, text):
    checked = 0
    for kind in kinds:
        form = kind()
        names = [field.name for field in form if type(field).__name__ in ("DayField", "MomentField")]
        parts = [part.name for field, part in inputs(form) if field.name in names]
        typed = kind(MultiDict([(name, text) for name in {*names, *parts}]))
        typed.validate()
        for name in names:
            checked += 1
            assert typed[name].data is None, f"{kind.__module__}.{kind.__name__}.{name}"
            assert typed[name].errors or text == "\0", f"{kind.__module__}.{kind.__name__}.{name}"
    assert checked > 5
