from __future__ import annotations

import ast
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import wtforms
from flask import Flask
from flask_babel import lazy_gettext as _l
from wtforms import validators as stock

from ucc_participate.kernel import forms, i18n
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.errors import Invalid
from ucc_participate.kernel.files import Kind
from ucc_participate.kernel.forms import wording
from ucc_participate.settings import Settings

START = datetime(2026, 3, 21, 8, 0, tzinfo=timezone.utc)


class Everything(forms.Form):
    title = forms.StringField("Title", [forms.Required()], max_length=20)
    body = forms.TextAreaField("Body", [forms.WordLimit(3)])
    votes = forms.IntegerField("Votes", [forms.NumberRange(min=1, max=100)])
    cost = forms.DecimalField("Cost")
    starts = forms.DayField("Starts", [forms.DateRange(min=date(2025, 1, 1))])
    closes = forms.MomentField("Closes")
    name = forms.LocalizedTextField("Name", max_length=10)
    sector = forms.SelectField("Sector", choices={"public": _l("Public"), "private": _l("Private")})
    promise = forms.RadioField("Promise", choices=[("consult", "Consult", "We listen."), ("decide", "Decide")])
    fields = forms.CheckboxesField("Fields", choices={"film": "Film", "music": "Music", "design": "Design"}, most=2)
    email = forms.EmailField("E-mail")
    website = forms.WebAddressField("Website")


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(START)


@pytest.fixture
def site(tmp_path: Path, clock: FrozenClock) -> Flask:
    app = Flask("site")
    app.secret_key = "only tests know this"
    app.config["WTF_CSRF_ENABLED"] = False
    app.extensions["ucc.clock"] = clock
    i18n.init_app(app, Settings(), translations_dir=tmp_path)
    return app


Fill = Callable[..., Any]


@pytest.fixture
def fill(site: Flask) -> Fill:
    """``fill({"title": "x"}, locale="en")``: the form as it is after somebody sent this, validated."""

    def send(typed: dict[str, Any], form: type[Any] = Everything, locale: str = "en") -> Any:
        headers = {"Cookie": f"ucc_lang={locale}"}
        with site.test_request_context("/", method="POST", data={"sent": "1", **typed}, headers=headers):
            filled = form()
            filled.validate_on_submit()
            filled.html = {field.name: str(field()) for field in filled}
            filled.told = {name: [str(error) for error in errors] for name, errors in filled.errors.items()}
            return filled

    return send


def day(name: str, day_of_month: str, month: str, year: str, time: str | None = None) -> dict[str, str]:
    typed = {f"{name}-day": day_of_month, f"{name}-month": month, f"{name}-year": year}
    return typed if time is None else {**typed, f"{name}-time": time}


@pytest.mark.parametrize(
    ("kept", "shown"), [("3.000000", "3"), ("1.50", "1.5"), ("6500000000", "6500000000"), ("1E+3", "1000"), ("0", "0")]
)
def test_a_kept_figure_is_shown_without_decimals_that_say_nothing(site: Flask, kept: str, shown: str) -> None:
    with site.test_request_context("/", headers={"Cookie": "ucc_lang=en"}):
        assert f'value="{shown}"' in Everything(data={"cost": Decimal(kept)}).cost()


# Words


def test_every_sentence_of_wtforms_has_one_of_ours() -> None:
    source = Path(wtforms.__file__).parent
    used: set[str] = set()
    for path in [*source.glob("validators.py"), *source.glob("fields/*.py"), *source.glob("csrf/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("gettext", "ngettext"):
                used |= {str(node.args[0].value)} if isinstance(node.args[0], ast.Constant) else set()
    for_developers = {"Choices cannot be None.", "Invalid field name '%s'."}
    said_by_our_own = {"Field cannot be longer than %(max)d character."}
    assert used - for_developers - said_by_our_own - wording.SENTENCES.keys() == set(wording.COUNTED)


def test_our_sentences_use_the_values_that_wtforms_gives() -> None:
    marks = re.compile(r"%\((\w+)\)")
    for theirs, ours in wording.SENTENCES.items():
        allowed = {*marks.findall(theirs), "other_label"} if "other_name" in theirs else set(marks.findall(theirs))
        assert set(marks.findall(str(ours))) <= allowed, theirs


@pytest.mark.parametrize("locale", ["en", "fa"])
def test_messages_have_the_readers_digits(fill: Fill, locale: str) -> None:
    form = fill({"title": "x", "votes": "101"}, locale=locale)
    expected = {"en": "Write a number from 1 to 100.", "fa": "Write a number from ۱ to ۱۰۰."}
    assert form.told == {"votes": [expected[locale]]}


def test_a_standard_validator_speaks_our_words_too(fill: Fill) -> None:
    class Two(forms.Form):
        one = forms.StringField("One", [stock.DataRequired(), stock.Length(min=3)])
        two = forms.StringField("Two", [forms.EqualTo("one")])

    assert fill({"two": "b"}, Two).told == {
        "one": ["Fill this in."],
        "two": ["This must be the same as “One”."],
    }
    assert fill({"one": "a", "two": "a"}, Two, locale="fa").told == {"one": ["Write at least ۳ characters."]}


# Text


def test_blank_text_does_not_satisfy_a_required_field(fill: Fill) -> None:
    assert fill({"title": " \u200f\u00a0 "}).told == {"title": ["Fill this in."]}


def test_text_is_cleaned_and_a_text_that_is_too_long_comes_back_whole(fill: Fill) -> None:
    form = fill({"title": " many\u202e  words " + "a" * 20, "body": "one two\r\nthree four"})
    assert form.title.data == "many words " + "a" * 20
    assert form.body.data == "one two\nthree four"
    assert form.told["title"] == ["Shorten this to 20 characters. It has 31."]
    assert form.told["body"] == ["Shorten this to 3 words. It has 4."]
    assert "a" * 20 in form.html["title"]
    assert "maxlength" not in form.html["title"]


def test_hostile_text_is_escaped_where_it_is_shown_again(fill: Fill) -> None:
    form = fill({"title": '"><script>alert(1)</script>'})
    assert "<script" not in form.html["title"]


@pytest.mark.parametrize(
    "address", ["a@b", "a b@c.ir", "@c.ir", "a..b@c.ir", "a@c..ir", ".a@c.ir", "a@-c.ir", "x" * 250 + "@c.ir"]
)
def test_what_is_no_mail_address_is_refused_and_kept(fill: Fill, address: str) -> None:
    form = fill({"title": "x", "email": address})
    assert form.email.errors
    assert form.email.data == address


def test_a_mail_address_is_kept_in_small_letters_with_latin_digits(fill: Fill) -> None:
    form = fill({"title": "x", "email": " Sara۱۲.Ahmadi+city@Example.org "})
    assert form.told == {}
    assert form.email.data == "sara12.ahmadi+city@example.org"


@pytest.mark.parametrize(
    ("typed", "kept", "is_fine"),
    [
        ("example.org/a", "https://example.org/a", True),
        ("http://example.org", "http://example.org", True),
        ("javascript:alert(1)", "javascript:alert(1)", False),
        ("https://user@evil.example", "https://user@evil.example", False),
        ("nothing", "nothing", False),
        ("", "", True),
    ],
)
def test_web_addresses(fill: Fill, typed: str, kept: str, is_fine: bool) -> None:
    form = fill({"title": "x", "website": typed})
    assert form.website.data == kept
    assert bool(form.website.errors) is not is_fine


# Numbers


@pytest.mark.parametrize("typed", ["12", "۱۲", "١٢", " ۱2 "])
def test_any_of_our_digits_make_a_whole_number(fill: Fill, typed: str) -> None:
    assert fill({"title": "x", "votes": typed}).votes.data == 12


@pytest.mark.parametrize("typed", ["x", "1.5", "1e3", "9" * 5000, str(2**63), "½", "०१"])
def test_what_is_no_whole_number_is_refused_and_kept(fill: Fill, typed: str) -> None:
    form = fill({"title": "x", "votes": typed})
    assert form.told == {"votes": ["Write a whole number, in digits only."]}
    assert form.votes.data is None
    assert f'value="{typed}"' in form.html["votes"]


def test_a_number_left_empty_is_none_and_its_range_is_not_asked(fill: Fill) -> None:
    form = fill({"title": "x", "votes": " "})
    assert form.told == {}
    assert form.votes.data is None


@pytest.mark.parametrize(
    ("typed", "locale", "value"),
    [
        ("۱۲٫۵", "fa", "12.5"),
        ("۱٬۲۰۰٬۰۰۰", "fa", "1200000"),
        ("1,200,000.75", "en", "1200000.75"),
        ("12,5", "en", "12.5"),
        ("12,500", "en", "12500"),
        ("12,500", "fr", "12.500"),
        ("1\u202f200\u00a0000,5", "fr", "1200000.5"),
        ("\u2212۳", "fa", "-3"),
    ],
)
def test_decimals_are_read_as_their_writer_means_them(fill: Fill, typed: str, locale: str, value: str) -> None:
    assert fill({"title": "x", "cost": typed}, locale=locale).cost.data == Decimal(value)


@pytest.mark.parametrize("typed", ["NaN", "Infinity", "1e999", "1,2,3", "."])
def test_what_is_no_number_is_refused(fill: Fill, typed: str) -> None:
    assert fill({"title": "x", "cost": typed}).told == {"cost": ["Write a number, in digits only."]}


def test_numbers_are_shown_in_the_readers_digits(site: Flask) -> None:
    with site.test_request_context("/"):
        form = Everything(data={"votes": 12, "cost": Decimal("1.5")})
        assert 'value="۱۲"' in form.votes()
        assert 'value="۱٫۵"' in form.cost()
        assert 'type="text"' in form.votes()  # number inputs refuse Persian digits


# Days and moments


@pytest.mark.parametrize(
    ("typed", "locale"),
    [
        (("۲", "jalali-7", "۱۴۰۴"), "fa"),
        (("2", "7", "1404"), "fa"),
        (("٢", "jalali-7", "١٤٠٤"), "en"),
        (("24", "gregorian-9", "2025"), "fa"),
        (("24", "9", "2025"), "en"),
    ],
)
def test_a_day_is_read_in_the_calendar_in_which_it_was_written(
    fill: Fill, typed: tuple[str, str, str], locale: str
) -> None:
    form = fill({"title": "x", **day("starts", *typed)}, locale=locale)
    assert form.told == {}
    assert form.starts.data == date(2025, 9, 24)


def test_31_mehr_is_refused_with_the_reason_and_kept(fill: Fill) -> None:
    form = fill({"title": "x", **day("starts", "۳۱", "jalali-7", "۱۴۰۴")}, locale="fa")
    assert form.told == {"starts": ["مهر ۱۴۰۴ has ۳۰ days. There is no day ۳۱ in it."]}
    assert form.starts.data is None
    assert form.starts.wrong == {"day"}
    assert 'value="۳۱"' in form.html["starts"]
    assert 'value="۱۴۰۴"' in form.html["starts"]
    assert '<option selected value="jalali-7">مهر</option>' in form.html["starts"]


@pytest.mark.parametrize(
    ("typed", "message", "wrong"),
    [
        (("", "jalali-7", "1404"), "The date is not complete. Give the day, the month and the year.", {"day"}),
        (("2", "", ""), "The date is not complete. Give the day, the month and the year.", {"month", "year"}),
        (("2", "jalali-7", "04"), "Write the year with four digits, for example 1405.", {"year"}),
        (("24", "gregorian-9", "1404"), "Write the year with four digits, for example 2026.", {"year"}),
        (("two", "jalali-7", "1404"), "Write the day and the year in digits, for example 2 Mehr 1405.", {"day"}),
        (("2", "jalali-13", "1404"), "Choose the month.", {"month"}),
        (("0", "jalali-7", "1404"), "Mehr 1404 has 30 days. There is no day 0 in it.", {"day"}),
        (("30", "jalali-12", "1404"), "Esfand 1404 has 29 days. There is no day 30 in it.", {"day"}),
        (("9" * 5000, "jalali-7", "1404"), "Write the day and the year in digits, for example 2 Mehr 1405.", {"day"}),
    ],
)
def test_a_wrong_day_says_what_is_wrong(fill: Fill, typed: tuple[str, str, str], message: str, wrong: set[str]) -> None:
    form = fill({"title": "x", **day("starts", *typed)})
    assert form.told == {"starts": [message]}
    assert form.starts.wrong == wrong


def test_a_range_of_days_is_told_in_the_readers_calendar(fill: Fill) -> None:
    form = fill({"title": "x", **day("starts", "1", "1", "1403")}, locale="fa")
    assert form.told == {"starts": ["The date must be ۱۲ دی ۱۴۰۳ or later."]}


def test_a_day_that_is_needed_and_missing_is_asked_for(fill: Fill) -> None:
    class Needed(forms.Form):
        on = forms.DayField("On", [forms.Required()])

    assert fill({}, Needed).told == {"on": ["Give the day, the month and the year."]}
    assert fill(day("on", "", "", ""), Needed).told == {"on": ["Give the day, the month and the year."]}
    assert fill(day("on", "x", "1", "1404"), Needed).told["on"][0].startswith("Write the day")


def test_a_stored_day_is_shown_in_the_readers_calendar(site: Flask) -> None:
    with site.test_request_context("/"):
        form = Everything(data={"starts": date(2025, 9, 24), "closes": datetime(2025, 9, 24, 15, tzinfo=timezone.utc)})
        assert form.starts.day.data == "۲"
        assert form.starts.month.data == "jalali-7"
        assert form.starts.year.data == "۱۴۰۴"
        assert form.closes.time.data == "۱۸:۳۰"


@pytest.mark.parametrize("time", ["۱۸:۳۰", "18:30", "18.30", "18h30", "18 h 30"])
def test_a_moment_is_read_in_the_zone_of_the_site(fill: Fill, time: str) -> None:
    form = fill({"title": "x", **day("closes", "2", "jalali-7", "1404", time)})
    assert form.told == {}
    assert form.closes.data == datetime(2025, 9, 24, 15, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize("time", ["24:00", "18:60", "later", "", "1830"])
def test_a_wrong_time_is_refused_and_kept(fill: Fill, time: str) -> None:
    form = fill({"title": "x", **day("closes", "2", "jalali-7", "1404", time)})
    assert form.closes.errors
    assert form.closes.wrong == {"time"}
    assert form.closes.data is None
    assert f'value="{time}"' in form.html["closes"]


def test_a_time_that_the_clocks_skip_is_refused(tmp_path: Path) -> None:
    app = Flask("paris")
    app.config["WTF_CSRF_ENABLED"] = False
    i18n.init_app(app, Settings(timezone="Europe/Paris", default_locale="en"), translations_dir=tmp_path)
    typed = {"title": "x", **day("closes", "29", "gregorian-3", "2026", "2:30")}
    with app.test_request_context("/", method="POST", data=typed):
        form = Everything()
        assert not form.validate_on_submit()
        assert "set forward" in form.closes.errors[0]


# Several languages


def test_a_text_in_several_languages_keeps_what_was_given(fill: Fill) -> None:
    form = fill({"title": "x", "name-fa": " باغ ", "name-en": "", "name-fr": "Jardin"})
    assert form.name.data == {"fa": "باغ", "fr": "Jardin"}
    assert 'lang="fr"' in form.html["name"]
    assert fill({"title": "x"}).name.data == {}


def test_a_required_text_needs_one_language(fill: Fill) -> None:
    class Named(forms.Form):
        name = forms.LocalizedTextField("Name", [forms.Required()], multiline=True)

    assert fill({"name-fa": " ", "name-en": ""}, Named).told == {"name": ["Write this in at least one language."]}
    assert fill({"name-en": "Garden"}, Named).told == {}


def test_a_fault_in_one_language_names_it(fill: Fill) -> None:
    form = fill({"title": "x", "name-fa": "باغ", "name-fr": "a" * 11})
    assert form.told == {"name": ["Français: Shorten this to 10 characters. It has 11."]}
    assert form.error_list[0].anchor == "name-fr"


# Choices


def test_choices_are_taken_from_a_vocabulary(fill: Fill) -> None:
    form = fill({"title": "x", "sector": "public", "promise": "decide", "fields": ["film", "music", "film"]})
    assert form.told == {}
    assert (form.sector.data, form.promise.data, form.fields.data) == ("public", "decide", ["film", "music"])
    assert [(option.label.text, option.hint) for option in form.promise] == [
        ("Consult", "We listen."),
        ("Decide", None),
    ]


def test_nothing_chosen_is_none_and_fine_unless_required(fill: Fill) -> None:
    form = fill({"title": "x", "sector": ""})
    assert form.told == {}
    assert (form.sector.data, form.promise.data, form.fields.data) == (None, None, [])

    class Needed(forms.Form):
        promise = forms.RadioField("Promise", [forms.Required()], choices={"a": "A"})
        sector = forms.SelectField("Sector", [forms.Required()], choices={"a": "A"})
        fields = forms.CheckboxesField("Fields", [forms.Required()], choices={"a": "A"})

    told = fill({"sector": ""}, Needed).told
    assert told == {"promise": ["Choose one."], "sector": ["Choose one."], "fields": ["Choose at least one."]}
    assert "required" not in fill({}, Needed).html["fields"]  # a browser would ask for every box


def test_what_is_not_on_the_list_is_refused(fill: Fill) -> None:
    told = fill({"title": "x", "sector": "x", "promise": "x", "fields": ["film", "x"]}).told
    assert told == {
        "sector": ["Choose one of the options."],
        "promise": ["Choose one of the options."],
        "fields": ["One choice is not on the list."],
    }


def test_too_many_choices_are_refused_and_kept(fill: Fill) -> None:
    form = fill({"title": "x", "fields": ["film", "music", "design"]})
    assert form.told == {"fields": ["Choose at most 2. You chose 3."]}
    assert form.html["fields"].count("checked") == 3


# Files


class WithFile(forms.Form):
    paper = forms.UploadField("Paper", [forms.Required()], kinds=[Kind.PDF], max_bytes=1000)


def test_a_file_is_checked_by_its_content(fill: Fill) -> None:
    form = fill({"paper": (BytesIO(b"%PDF-1.7\n%%EOF"), "plan.pdf")}, WithFile)
    assert form.told == {}
    assert (form.paper.data.kind, form.paper.data.name) == (Kind.PDF, "plan.pdf")
    assert fill({"paper": (BytesIO(b"<html></html>"), "plan.pdf")}, WithFile).told == {
        "paper": ["This kind of file cannot be taken. Choose one of these: PDF."]
    }
    assert fill({}, WithFile).told == {"paper": ["Choose a file."]}


# The form as a whole


def test_the_summary_lists_every_error_with_a_place_to_jump_to(fill: Fill) -> None:
    form = fill({"votes": "x", **day("starts", "2", "jalali-7", "")})
    assert [(error.anchor, error.label) for error in form.error_list] == [
        ("title", "Title"),
        ("votes", "Votes"),
        ("starts-year", "Starts"),
    ]


def test_a_refusal_of_an_operation_is_shown_at_its_field(fill: Fill) -> None:
    form = fill({"title": "x"})
    form.refuse(Invalid(_l("Taken."), field="title"))
    form.refuse(Invalid(_l("Not now.")))
    assert [(error.anchor, str(error.message)) for error in form.error_list] == [
        (None, "Not now."),
        ("title", "Taken."),
    ]


def test_a_form_without_its_token_is_told_so_in_our_words(site: Flask) -> None:
    site.config["WTF_CSRF_ENABLED"] = True
    with site.test_request_context("/", method="POST", data={"title": "x"}):
        form = Everything()
        assert not form.validate_on_submit()
        assert form.errors == {"csrf_token": ["This form was open for too long. Please send it again."]}
        assert form.error_list[0].anchor is None


# Guards


class Guarded(forms.HumanCheck, forms.Idempotent):
    title = forms.StringField("Title")


def opened_form(site: Flask) -> dict[str, str]:
    with site.test_request_context("/"):
        form = Guarded()
        return {"opened": str(form.opened.data), "idempotency_key": str(form.idempotency_key.data), "homepage": ""}


def test_the_same_form_sent_twice_carries_the_same_key(site: Flask, fill: Fill) -> None:
    sent = opened_form(site)
    keys = {fill(sent, Guarded).idempotency_key.data for _press in range(2)}
    assert keys == {sent["idempotency_key"]}
    assert opened_form(site)["idempotency_key"] not in keys


def test_a_made_up_key_is_replaced(fill: Fill) -> None:
    assert re.fullmatch(r"[\w-]{22}", fill({"idempotency_key": "1; DROP"}, Guarded).idempotency_key.data)


@pytest.fixture
def strict(site: Flask) -> Flask:
    site.config["UCC_HUMAN_CHECK"] = True
    return site


def test_a_person_passes_the_check(strict: Flask, clock: FrozenClock, fill: Fill) -> None:
    sent = opened_form(strict)
    clock.advance(seconds=5)
    assert fill({**sent, "title": "x"}, Guarded).told == {}


def test_a_machine_that_fills_everything_is_refused(strict: Flask, clock: FrozenClock, fill: Fill) -> None:
    sent = opened_form(strict)
    clock.advance(seconds=5)
    assert "homepage" in fill({**sent, "homepage": "https://spam.example"}, Guarded).told


def test_a_machine_that_is_quick_is_refused_and_may_try_again(strict: Flask, clock: FrozenClock, fill: Fill) -> None:
    sent = opened_form(strict)
    form = fill(sent, Guarded)
    assert form.told == {"opened": ["That was very quick. Wait a moment, then send the form again."]}
    clock.advance(seconds=5)
    assert fill({**sent, "opened": form.opened.data}, Guarded).told == {}


@pytest.mark.parametrize("token", [None, "", "1.x", "1774000000.AAAA", "é"])
def test_an_opening_time_cannot_be_made_up(strict: Flask, fill: Fill, token: str | None) -> None:
    typed = {} if token is None else {"opened": token}
    assert "opened" in fill(typed, Guarded).told


def test_a_form_that_lay_open_for_days_is_sent_again(strict: Flask, clock: FrozenClock, fill: Fill) -> None:
    sent = opened_form(strict)
    clock.at += timedelta(days=2)
    form = fill(sent, Guarded)
    assert form.told == {"opened": ["This form was open for too long. Please send it again."]}
    clock.advance(seconds=5)
    assert fill({**sent, "opened": form.opened.data}, Guarded).told == {}
