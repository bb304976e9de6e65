from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, make_response, render_template_string
from flask_babel import gettext, lazy_gettext, ngettext
from hypothesis import given
from hypothesis import strategies as st

from ucc_participate.kernel import i18n
from ucc_participate.settings import Settings

DAY = date(2025, 9, 24)  # 2 Mehr 1404, a Wednesday
MOMENT = datetime(2025, 9, 24, 15, 0, tzinfo=timezone.utc)  # 18:30 in Tehran
PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Hello, %(name)s"
msgstr "سلام %(name)s"

msgid "%(num)d vote"
msgid_plural "%(num)d votes"
msgstr[0] "%(num)d رأی (یکی)"
msgstr[1] "%(num)d رأی"

msgid "until %(when)s"
msgstr "تا %(when)s"
"""


@pytest.fixture
def translations(tmp_path: Path) -> Path:
    folder = tmp_path / "translations" / "fa" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(PO, encoding="utf-8")
    return tmp_path / "translations"


@pytest.fixture
def site(translations: Path) -> Flask:
    """A bare application that speaks."""
    return make_site(translations)


def make_site(translations: Path, **settings: object) -> Flask:
    app = Flask("site")
    i18n.init_app(app, Settings(**settings), translations_dir=translations)  # type: ignore[arg-type]

    @app.get("/")
    def page() -> str:
        return render_template_string("{{ locale }} {{ text_direction }} {{ calendar }} {{ day|day }}", day=DAY)

    return app


def test_a_literal_in_a_template_is_written_for_every_reader(site: Flask) -> None:
    template = site.jinja_env.from_string("{{ 21|number }}")
    site.add_url_rule("/literal", "literal", template.render)
    client = site.test_client()
    written = []
    for locale in ("fa", "en"):
        client.set_cookie(i18n.LANGUAGE_COOKIE, locale)
        written.append(client.get("/literal").get_data(as_text=True))
    assert written == ["۲۱", "21"]


# Days, moments, periods


@pytest.mark.parametrize(
    ("calendar", "expected"),
    [
        ("jalali", ["۲ مهر ۱۴۰۴", "2 Mehr 1404", "2 mehr 1404"]),
        ("gregorian", ["۲۴ سپتامبر ۲۰۲۵", "24 September 2025", "24 septembre 2025"]),
        (None, ["۲ مهر ۱۴۰۴", "24 September 2025", "24 septembre 2025"]),
    ],
)
def test_a_day_is_written_in_every_language_and_calendar(calendar: str | None, expected: list[str]) -> None:
    assert [i18n.day(DAY, locale=locale, calendar=calendar) for locale in i18n.LOCALES] == expected


def test_a_weekday_stands_before_its_day_when_asked_for() -> None:
    assert i18n.day(DAY, locale="fa", weekday=True) == "چهارشنبه ۲ مهر ۱۴۰۴"
    assert i18n.day(DAY, locale="fr", weekday=True) == "mercredi 24 septembre 2025"


def test_the_first_of_a_month_is_premier_in_french() -> None:
    assert i18n.day(date(2025, 10, 1), locale="fr") == "1er octobre 2025"


def test_a_moment_is_shown_in_the_zone_of_the_site() -> None:
    assert i18n.moment(MOMENT, locale="fa") == "۲ مهر ۱۴۰۴، ساعت ۱۸:۳۰"
    assert i18n.moment(MOMENT, locale="en", tz="Europe/Paris") == "24 September 2025, 17:00"
    assert i18n.moment(MOMENT, locale="fr", tz="Europe/Paris") == "24 septembre 2025 à 17\u00a0h\u00a000"


def test_a_moment_just_after_midnight_in_tehran_belongs_to_the_new_day() -> None:
    assert i18n.day(datetime(2025, 9, 23, 20, 30, tzinfo=timezone.utc), locale="fa") == "۲ مهر ۱۴۰۴"
    assert i18n.day(datetime(2025, 9, 23, 20, 29, tzinfo=timezone.utc), locale="fa") == "۱ مهر ۱۴۰۴"


def test_what_ends_at_midnight_in_the_city_ends_on_the_day_before() -> None:
    midnight = datetime(2025, 9, 23, 20, 30, tzinfo=timezone.utc)
    assert i18n.moment(i18n.last_minute(midnight), locale="fa") == "۱ مهر ۱۴۰۴، ساعت ۲۳:۵۹"
    assert i18n.last_minute(MOMENT) == MOMENT
    assert i18n.moment(i18n.last_minute(midnight, "UTC"), locale="en", tz="UTC") == "23 September 2025, 20:30"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        i18n.moment(datetime(2025, 9, 24), locale="fa")  # noqa: DTZ001  # the fault under test


@pytest.mark.parametrize(
    ("gregorian", "parts"),
    [
        (date(2024, 3, 20), (1403, 1, 1)),
        (date(2025, 3, 20), (1403, 12, 30)),  # a leap year
        (date(2025, 3, 21), (1404, 1, 1)),
        (date(1979, 2, 11), (1357, 11, 22)),
        (date(2124, 3, 20), (1503, 1, 1)),  # where another library is a day off
    ],
)
def test_known_days_have_their_known_jalali_dates(gregorian: date, parts: tuple[int, int, int]) -> None:
    assert i18n.calendar_parts(gregorian, "jalali") == parts
    assert i18n.date_from_parts(*parts, "jalali") == gregorian


@given(st.dates(date(1900, 1, 1), date(2149, 12, 31)), st.sampled_from(i18n.CALENDARS))
def test_every_day_survives_the_way_through_a_calendar_and_back(value: date, calendar: str) -> None:
    year, month, day_of_month = i18n.calendar_parts(value, calendar)
    assert 1 <= day_of_month <= i18n.days_in_month(year, month, calendar)
    assert i18n.date_from_parts(year, month, day_of_month, calendar) == value


def test_there_is_no_31_mehr() -> None:
    with pytest.raises(ValueError, match="day"):
        i18n.date_from_parts(1404, 7, 31, "jalali")


def test_month_names_stand_alone_in_lists() -> None:
    assert i18n.month_names("jalali", locale="fa")[6] == "مهر"
    assert i18n.month_names("gregorian", locale="fa")[0] == "ژانویه"
    assert i18n.month_year(DAY, locale="fa") == "مهر ۱۴۰۴"


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (date(2025, 9, 24), ("۲ مهر ۱۴۰۴", "24 September 2025", "24 septembre 2025")),
        (date(2025, 9, 28), ("۲ تا ۶ مهر ۱۴۰۴", "24–28 September 2025", "du 24 au 28 septembre 2025")),
        (
            date(2025, 11, 1),
            ("۲ مهر تا ۱۰ آبان ۱۴۰۴", "24 September – 1 November 2025", "du 24 septembre au 1er novembre 2025"),
        ),
        (
            date(2026, 4, 1),
            (
                "۲ مهر ۱۴۰۴ تا ۱۲ فروردین ۱۴۰۵",
                "24 September 2025 – 1 April 2026",
                "du 24 septembre 2025 au 1er avril 2026",
            ),
        ),
        (None, ("از ۲ مهر ۱۴۰۴", "from 24 September 2025", "à partir du 24 septembre 2025")),
    ],
)
def test_a_period_says_month_and_year_once(end: date | None, expected: tuple[str, ...]) -> None:
    assert tuple(i18n.period(DAY, end, locale=locale) for locale in i18n.LOCALES) == expected


def test_a_period_of_moments_excludes_its_end() -> None:
    midnight = datetime(2025, 9, 28, 20, 30, tzinfo=timezone.utc)  # 7 Mehr, 0:00 in Tehran
    assert i18n.period(MOMENT, midnight, locale="fa") == "۲ تا ۶ مهر ۱۴۰۴"


def test_a_period_within_a_day_shows_its_hours() -> None:
    assert i18n.period(MOMENT, MOMENT + timedelta(hours=2), locale="fa") == "۲ مهر ۱۴۰۴، ساعت ۱۸:۳۰ تا ۲۰:۳۰"


@pytest.mark.parametrize(
    ("delta", "expected"),
    [
        (timedelta(days=3, hours=23), "3 days"),
        (timedelta(days=2, hours=23, minutes=59), "2 days and 23 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=1, seconds=3599), "1 hour and 59 minutes"),
        (timedelta(seconds=119), "1 minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(seconds=-5), "less than a minute"),
    ],
)
def test_remaining_time_is_rounded_down(delta: timedelta, expected: str) -> None:
    assert i18n.remaining(delta, locale="en") == expected


def test_remaining_time_is_said_in_each_language() -> None:
    delta = timedelta(days=2, hours=5)
    assert i18n.remaining(delta, locale="fa") == "۲ روز و ۵ ساعت"
    assert i18n.remaining(delta, locale="fr") == "2 jours et 5 heures"


# Numbers


def test_numbers_have_the_digits_and_separators_of_their_language() -> None:
    written = [i18n.number(1234567.5, locale=locale) for locale in i18n.LOCALES]
    assert written == ["۱٬۲۳۴٬۵۶۷٫۵", "1,234,567.5", "1\u202f234\u202f567,5"]


def test_a_negative_number_keeps_its_sign_at_its_left_in_persian() -> None:
    assert i18n.number(-5, locale="fa") == "\u200e\u2212۵"
    assert i18n.number(-0.0001, locale="en") == "0"


def test_a_percentage_takes_a_ratio() -> None:
    assert [i18n.percent(0.125, locale=locale, decimals=1) for locale in i18n.LOCALES] == [
        "۱۲٫۵٪",
        "12.5%",
        "12,5\u202f%",
    ]


@pytest.mark.parametrize(
    ("amount", "currency", "persian", "english", "french"),
    [
        (12_750_000_000, "IRR", "۱۲٫۷۵ میلیارد ریال", "IRR 12.75 billion", "12,75 milliards IRR"),
        (840_000_000, "IRR", "۸۴۰ میلیون ریال", "IRR 840 million", "840 millions IRR"),
        (1_500_000_000, "IRR", "۱٫۵ میلیارد ریال", "IRR 1.5 billion", "1,5 milliard IRR"),
        (1_000_000, "EUR", "۱ میلیون یورو", "€1 million", "1 million €"),
        (1_234_567_890, "IRR", "۱٬۲۳۴٬۵۶۷٬۸۹۰ ریال", "IRR 1,234,567,890", "1 234 567 890 IRR"),
        (999_999, "IRR", "۹۹۹٬۹۹۹ ریال", "IRR 999,999", "999 999 IRR"),
        (0, "IRR", "۰ ریال", "IRR 0", "0 IRR"),
    ],
)
def test_large_sums_are_written_in_words_where_that_is_exact(
    amount: int, currency: str, persian: str, english: str, french: str
) -> None:
    written = [i18n.money_in_words(amount, currency, locale=locale) for locale in ("fa", "en", "fr")]
    assert [re.sub(r"\s", " ", text) for text in written] == [persian, english, french]


def test_money_shows_decimals_only_when_there_are_any() -> None:
    assert i18n.money(1200000, "IRR", locale="fa") == "۱٬۲۰۰٬۰۰۰\u00a0ریال"
    assert i18n.money(1200000, "IRR", locale="en") == "IRR\u00a01,200,000"
    assert i18n.money(12.5, "EUR", locale="en") == "€12.50"
    assert i18n.money(12, "EUR", locale="fr") == "12\u00a0€"
    assert i18n.money(-12, "EUR", locale="en") == "-€12"


@given(st.text())
def test_latin_digits_undo_persian_digits(text: str) -> None:
    assert i18n.latin_digits(i18n.digits(text, locale="fa")) == i18n.latin_digits(text)


def test_persian_text_from_the_formatters_has_no_latin_digit() -> None:
    samples = (
        i18n.day(DAY, locale="fa", calendar="gregorian"),
        i18n.moment(MOMENT, locale="fa"),
        i18n.percent(0.5, locale="fa"),
        i18n.money(15, "PLN", locale="fa"),
    )
    assert not any(character in "0123456789" for sample in samples for character in sample)


# Texts in several languages


def test_a_text_is_taken_in_the_readers_language_or_the_next_one_that_has_it() -> None:
    texts = {"fa": "  ", "en": "Garden", "fr": "Jardin"}
    assert i18n.in_language(texts, "fr") == i18n.TextIn("Jardin", "fr")
    assert i18n.in_language(texts, "fa") == i18n.TextIn("Garden", "en")
    assert i18n.in_language(texts, "fa").direction == "ltr"
    assert not i18n.in_language(None, "fa")


# Who reads


def test_a_visitor_reads_the_default_language_and_gets_no_cookie(site: Flask) -> None:
    answer = site.test_client().get("/", headers={"Accept-Language": "fr"})
    assert answer.text == "fa rtl jalali ۲ مهر ۱۴۰۴"
    assert "Set-Cookie" not in answer.headers


def test_the_browsers_language_counts_only_where_the_site_wants_it(translations: Path) -> None:
    site = make_site(translations, honour_browser_language=True)
    assert site.test_client().get("/", headers={"Accept-Language": "de, fr;q=0.5"}).text.startswith("fr ltr")
    assert site.test_client().get("/", headers={"Accept-Language": "de"}).text.startswith("fa")


def test_a_cookie_beats_the_default_and_an_account_beats_the_cookie(site: Flask) -> None:
    client = site.test_client()
    client.set_cookie("ucc_lang", "fr")
    client.set_cookie("ucc_calendar", "jalali")
    assert client.get("/").text == "fr ltr jalali 2 mehr 1404"
    i18n.use_preferences(site, lambda: SimpleNamespace(locale="en", calendar=None))
    assert client.get("/").text == "en ltr jalali 2 Mehr 1404"
    i18n.use_preferences(site, lambda: None)
    assert client.get("/").text == "fr ltr jalali 2 mehr 1404"


def test_a_made_up_cookie_is_ignored(site: Flask) -> None:
    client = site.test_client()
    client.set_cookie("ucc_lang", "../etc")
    client.set_cookie("ucc_calendar", "mayan")
    assert client.get("/").text == "fa rtl jalali ۲ مهر ۱۴۰۴"


def test_an_explicit_choice_is_remembered_and_used_at_once(site: Flask) -> None:
    with site.test_request_context("/"):
        assert i18n.reader().locale == "fa"
        response = make_response("")
        i18n.use_preferences(site, lambda: SimpleNamespace(locale="en", calendar="jalali"))
        i18n.remember(response, locale="en", calendar="jalali")
        assert (i18n.reader().locale, i18n.reader().calendar) == ("en", "jalali")
        cookies = response.headers.getlist("Set-Cookie")
    assert [cookie.split(";")[0] for cookie in cookies] == ["ucc_lang=en", "ucc_calendar=jalali"]
    assert all("SameSite=Lax" in cookie and "HttpOnly" in cookie for cookie in cookies)


def test_a_job_writes_for_its_reader_and_then_for_the_next(site: Flask) -> None:
    with site.app_context():
        with i18n.writing_for("en", "jalali"):
            assert str(i18n.lazy_day(DAY)) == "2 Mehr 1404"
            with i18n.writing_for("fr"):
                assert str(i18n.lazy_day(DAY)) == "24 septembre 2025"
            assert str(i18n.lazy_day(DAY)) == "2 Mehr 1404"
        assert str(i18n.lazy_day(DAY)) == "۲ مهر ۱۴۰۴"


# Messages


@pytest.fixture
def request_context(site: Flask) -> Iterator[None]:
    with site.test_request_context("/"):
        yield


@pytest.mark.usefixtures("request_context")
def test_messages_are_translated_with_the_readers_digits_and_dates() -> None:
    assert ngettext("%(num)d vote", "%(num)d votes", 1234) == "۱٬۲۳۴ رأی"
    assert ngettext("%(num)d vote", "%(num)d votes", 1) == "۱ رأی (یکی)"
    assert gettext("until %(when)s", when=DAY) == "تا ۲ مهر ۱۴۰۴"
    assert gettext("until %(when)s", when=MOMENT) == "تا ۲ مهر ۱۴۰۴، ساعت ۱۸:۳۰"
    with i18n.writing_for("en"):
        assert ngettext("%(num)d vote", "%(num)d votes", 1234) == "1,234 votes"


@pytest.mark.usefixtures("request_context")
def test_text_in_a_message_keeps_its_own_digits() -> None:
    assert gettext("Hello, %(name)s", name="R2D2") == "سلام R2D2"


def test_a_lazy_message_waits_for_its_reader(site: Flask) -> None:
    message = lazy_gettext("until %(when)s", when=DAY)
    with site.test_request_context("/"):
        assert str(message) == "تا ۲ مهر ۱۴۰۴"
        with i18n.writing_for("en"):
            assert str(message) == "until 24 September 2025"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ _('Hello, %(name)s', name=evil) }}", "سلام &lt;b&gt;"),
        ("{{ lazy }}", "سلام &lt;b&gt;"),
        ("{% trans name=evil %}Hello, {{ name }}{% endtrans %}", "سلام &lt;b&gt;"),
        ("{% trans num=1234 %}{{ num }} vote{% pluralize %}{{ num }} votes{% endtrans %}", "۱٬۲۳۴ votes"),
        ("{{ ngettext('%(num)d vote', '%(num)d votes', 5) }}", "۵ رأی"),
        ("{% trans %}100% sure{% endtrans %} {{ _('100% sure') }}", "100% sure 100% sure"),
        ("{{ none|day }} {{ none|number }} {{ 0.5|percent }} {{ 5|money }}", "– – ۵۰٪ ۵\u00a0ریال"),
        ("{{ ({'fr': 'Oui'}|in_language).locale }}", "fr"),
        ("{{ '*x* <b>'|markdown }}{{ none|markdown }}", '<p dir="auto"><em>x</em> &lt;b&gt;</p>\n'),
    ],
)
@pytest.mark.usefixtures("request_context")
def test_templates_translate_escape_and_count(template: str, expected: str) -> None:
    lazy = lazy_gettext("Hello, %(name)s", name="<b>")
    page = render_template_string("{% autoescape true %}" + template + "{% endautoescape %}", evil="<b>", lazy=lazy)
    assert page == expected


def test_catalogues_are_compiled_once_and_again_after_a_change(translations: Path) -> None:
    assert i18n.ensure_compiled(translations) == ["fa"]
    assert i18n.ensure_compiled(translations) == []
    po = translations / "fa" / "LC_MESSAGES" / "messages.po"
    mo = po.with_suffix(".mo")
    stamp = mo.stat().st_mtime
    os.utime(po, (stamp + 10, stamp + 10))
    assert i18n.ensure_compiled(translations) == ["fa"]
    assert not list(po.parent.glob("*.part"))
