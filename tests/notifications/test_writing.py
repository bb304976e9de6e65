"""Mails in the recipient's language, whose direction holds whatever names stand in them."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import FunctionLoader

from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.i18n import LOCALES
from ucc_participate.notifications.models import OutboxMessage
from ucc_participate.notifications.writing import POLICY, render, write_mail

LINK = "http://127.0.0.1:8000/sign-in/link/abc"
WORDS = ("شهر", "خلاق", "«پیشنهاد»", "۱۲", "3", "Pol.is", "–", "به", "City")
TEMPLATES = ("sign_in", "sign_up", "change_email", "email_changed", "password_changed")


def message(locale: str, template: str = "sign_in", **data: Any) -> OutboxMessage:
    data = {"link": LINK, "minutes": 30} | data
    return OutboxMessage(id=7, to="sara@example.org", locale=locale, template=template, data=data)


@pytest.fixture
def rendered(app: Flask) -> Any:
    """``rendered(message, source)``: subject and body; ``source`` stands in for the template's file."""

    def run(mail: OutboxMessage, source: str | None = None) -> tuple[str, str]:
        with app.app_context():
            if source is not None:
                app.jinja_env.loader = FunctionLoader(lambda _name: source)
            return render(mail, app.extensions["ucc.settings"])

    return run


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_mail_has_a_subject_and_a_body_in_every_language(rendered: Any, template: str, locale: str) -> None:
    subject, body = rendered(message(locale, template))
    assert subject
    assert "\n" not in subject
    assert body.strip()
    assert "http://127.0.0.1:8000" in body.splitlines()[-1]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_link_stands_alone_on_its_line_with_nothing_around_it(rendered: Any, locale: str) -> None:
    assert LINK in rendered(message(locale))[1].splitlines()


def test_numbers_are_written_for_the_recipient(rendered: Any) -> None:
    assert "۳۰" in rendered(message("fa"))[1]
    assert "30" in rendered(message("en"))[1]


def test_a_name_that_runs_against_the_mail_is_isolated(rendered: Any) -> None:
    source = "Subject\n\nHello {{ name }}!"
    assert rendered(message("en", name="زهرا"), source)[1] == "Hello \u2068زهرا\u2069!\n"
    assert rendered(message("en", name="Zahra"), source)[1] == "Hello Zahra!\n"


def test_a_line_of_a_persian_mail_that_begins_with_latin_gets_a_mark(rendered: Any) -> None:
    _subject, body = rendered(message("fa"), "س\n\nUNESCO شبکه\nشبکه UNESCO\n" + LINK)
    assert body.splitlines() == ["\u200fUNESCO شبکه", "شبکه UNESCO", LINK]


def test_typed_text_cannot_smuggle_controls_or_a_second_subject_line(rendered: Any) -> None:
    subject, body = rendered(message("en", title="a\u202egnp\nBcc: x@y.zz"), "New: {{ title }}\n\n{{ title }}")
    assert subject == "New: agnp"
    assert "\u202e" not in body


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(["شهر", "خلاق", "«پیشنهاد»", "۱۲", "3", "Pol.is", "–", "به", "City"]), min_size=3, max_size=25
    )
)
def test_a_long_subject_keeps_every_space_on_its_way(words: list[str]) -> None:
    mail = EmailMessage(policy=POLICY)
    mail["Subject"] = " ".join(words)
    mail.set_content("…")
    sent = mail.as_bytes()
    assert max(map(len, sent.split(b"\r\n"))) <= 78
    assert str(message_from_bytes(sent, policy=default)["Subject"]) == " ".join(words)


def test_headers_say_language_sender_and_that_a_machine_wrote(app: Flask, clock: FrozenClock) -> None:
    with app.app_context():
        settings = app.extensions["ucc.settings"]
        first = write_mail(message("fa"), settings=settings, now=clock.now())
        again = write_mail(message("fa"), settings=settings, now=clock.advance(hours=1))
    assert (first["To"], first["Content-Language"]) == ("sara@example.org", "fa")
    assert first["Auto-Submitted"] == "auto-generated"
    assert "سپیدرود" in str(first["From"])
    assert first["Message-ID"] == again["Message-ID"]
    first.as_bytes().decode("ascii")
