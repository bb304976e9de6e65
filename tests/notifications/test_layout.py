"""Every mail as HTML: it says what the text says, leads where the text leads, and is read from the right side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.applications import close_app, make_app
from ucc_participate.kernel.i18n import LOCALES
from ucc_participate.notifications import layout
from ucc_participate.notifications.models import OutboxMessage
from ucc_participate.notifications.writing import Written, write

SITE = "http://127.0.0.1:8000"
TEMPLATES = Path(__file__).parents[2] / "templates" / "notifications"
UNSEEN = "[\\s\u2066-\u2069\u200e\u200f]"
CITIES = {"fa": "سپیدرود", "en": "Sepidrud", "fr": "Sépidroud"}
VOID = {"meta", "br", "hr", "img", "base", "link"}
ALLOWED = {
    "html",
    "head",
    "title",
    "body",
    "table",
    "tr",
    "td",
    "h1",
    "h2",
    "h3",
    "p",
    "a",
    "bdi",
    "div",
    "strong",
    "em",
    "ul",
    "li",
}
LETTER = {
    "text": "# What comes\n\n**Read** [the plan](https://example.org/plan) and come.\n\n- one\n- two",
    "language": "en",
}
INVITED = {
    "organisation": "شرکت Nour",
    "contact": "Sara",
    "title": "هنرهای دستی",
    "purpose": "Why: <all> & more",
    "responsible": "Omid",
    "address": f"{SITE}/i/ABC",
    "until": "21 March",
    "stop_link": f"{SITE}/stop/x",
}
ANSWER = {
    "title": "Kilns",
    "outcome": 0,
    "reason": "First.\n\nدوم، سپس A.",
    "answered_by": "Omid",
    "address": f"{SITE}/p/a",
}
NEWS = [
    ["phase", "Propose", "هنرها", "21 March", f"{SITE}/p/a"],
    ["answer", "کوره‌ها", "Crafts", "", f"{SITE}/p/a/proposals/b"],
    ["vote", "Budget", "Crafts", "21 March", f"{SITE}/p/a"],
    *([kind, "کوره‌ها", "Crafts", "21 March", f"{SITE}/p/{kind}"] for kind in ("version", "comment", "merged", "split")),
    *(
        [sentence, "Evening", "هنرها", "21 March", f"{SITE}/p/{sentence}"]
        for sentence in ("meeting", "meeting_moved", "meeting_cancelled", "minutes", "minutes_draft", "opinions")
    ),
]
PAGE = f"{SITE}/p/a"
TYPED = "First, of the kilns.\n\nدوم، سپس A."
"""What people typed: several lines, against the mail's direction in some language."""
CHANGE = {"title": "کوره‌ها", "answer": TYPED, "reason": TYPED, "change": "Four kilns, not three.", "address": PAGE}
COMMENT = {"name": "Sara", "title": "کوره‌ها", "author": "Omid", "text": TYPED, "address": f"{PAGE}/comments/b"}
MEETING = {
    "name": "Sara",
    "title": "شب‌های کارگاه",
    "process": "Crafts",
    "moment": "21 March",
    "place": "Hall of the weavers",
    "because": "The hall has no lift.",
    "days": 7,
    "link": "",
    "organisation": "شرکت Nour",
    "contact": "Sara",
    "address": f"{PAGE}/meetings/b",
}
MODERATED = {
    "name": "Sara",
    "title": "Kilns",
    "reason": 0,
    "words": TYPED,
    "outcome": 1,
    "until": "21 March",
    "address": PAGE,
}
REGROUPED = {
    "is_merge": True,
    "title": "کوره‌ها",
    "reason": TYPED,
    "override_reason": "One author could not be reached.",
    "done_by": "Leila Moradi",
    "address": PAGE,
}
STOPS = [["کوره‌ها", f"{SITE}/stop/y"]]
SAMPLES: dict[str, dict[str, Any]] = {
    "promises_due": {"number": 2, "lines": ["خرید خانه، ۱ مهر ۱۴۰۷", "سنجش هنرجویان"], "address": PAGE},
    "amendment_accepted": CHANGE | {"answer": ""},
    "amendment_declined": CHANGE,
    "amendment_lapsed": {"title": "کوره‌ها", "is_merge": True, "address": PAGE},
    "amendment_proposed": CHANGE,
    "answer_assigned": {"number": "8", "title": "فرایند تهیه درخواست", "link": PAGE},
    "appraisal_assigned": {"title": "کوره‌ها", "address": PAGE},
    "ballot_waits": {"organisation": "Nour", "title": "بودجه", "path": "/p/a/votes/b"},
    "change_email": {"link": f"{SITE}/x?a=1&b=2", "minutes": 30},
    "co_author_asked": {"inviter": "Omid", "title": "Kilns", "organisation": "شرکت Nour", "path": "/proposals/x"},
    "comment_answered": COMMENT,
    "comment_posted": COMMENT | {"author": ""},
    "digest": {"name": "زهرا", "news": NEWS, "stops": STOPS, "stop_everything": f"{SITE}/stop/x"},
    "email_changed": {},
    "evaluator_invited": {"name": "Parvin", "title": "هنرها", "link": f"{SITE}/evaluator/x"},
    "guest_invited": {"name": "Léa", "title": "هنرها", "link": f"{SITE}/guest/x"},
    "invitation": INVITED,
    "invitation_reminder": INVITED,
    "meeting_cancelled": MEETING,
    "meeting_invitation": MEETING,
    "meeting_minutes": MEETING,
    "meeting_moved": MEETING,
    "meeting_place": MEETING,
    "meeting_reminder": MEETING,
    "moderation_appeal_decided": MODERATED,
    "moderation_blocked": MODERATED,
    "moderation_hidden": MODERATED,
    "moderation_published": MODERATED,
    "moderation_refused": MODERATED | {"reason": None},
    "moderation_restored": MODERATED,
    "moderation_unblocked": MODERATED,
    "moderation_waits": {"waiting": 3, "hours": 24, "address": PAGE},
    "newsletter": {
        "title": "شب‌های کارگاه",
        "letter": {"text": "# What comes\n\n**Read** what we plan, and come.", "language": "en"},
        "is_in_other_language": True,
        "process": "هنرها",
        "is_of_people": True,
        "address": f"{SITE}/p/a/newsletters/b",
        "stop_link": f"{SITE}/stop/x",
        "stop_everything": f"{SITE}/stop/y",
    },
    "password_changed": {},
    "proposal_answer_corrected": ANSWER,
    "proposal_answered": ANSWER,
    "proposal_new_version": CHANGE,
    "proposal_regrouped": REGROUPED,
    "proposal_regrouping_asked": REGROUPED | {"is_merge": False},
    "sign_in": {"link": f"{SITE}/x?a=1&b=2", "minutes": 30},
    "sign_up": {"link": f"{SITE}/x?a=1&b=2", "minutes": 30},
    "stay": {"months": 2},
}
NAMES = sorted(
    path.stem for path in TEMPLATES.glob("*.txt") if not path.stem.startswith("_") and path.stem != "phone_code"
)

WORD_BY_WORD = [name for name in NAMES if name != "newsletter"]
"""Markdown loses its signs on the page."""


class Reading(HTMLParser):
    """Reads HTML as strictly as a person who wrote it: every element closed in its turn, every attribute once."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str | None]] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _value in attrs}) == len(attrs)
        self.tags.add(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            assert not (tag == "p" and "p" in self.open)
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "title" not in self.open:
            self.words.append(data)

    @property
    def links(self) -> list[str]:
        return [value or "" for tag, name, value in self.attributes if (tag, name) == ("a", "href")]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One for all mails: writing one asks no database."""
    folder = tmp_path_factory.mktemp("mails")
    environment = {"UCC_DATABASE_URL": f"sqlite:///{folder}/none.sqlite", "UCC_INSTANCE_PATH": str(folder)}
    environment |= {"UCC_SECRET_KEY": "a secret that only tests know, long enough", "UCC_DEFAULT_LOCALE": "en"}
    application = make_app(environment)
    yield application
    close_app(application)


@pytest.fixture
def written(app: Flask) -> Any:
    def run(template: str, locale: str, data: dict[str, Any] | None = None) -> Written:
        facts = SAMPLES[template] if data is None else data
        with app.app_context():
            mail = OutboxMessage(id=7, to="s@example.org", locale=locale, template=template, data=facts)
            return write(mail, app.extensions["ucc.settings"])

    return run


def addresses_in(text: str) -> list[str]:
    return [line for line in text.splitlines() if re.fullmatch(rf"{SITE}\S*", line)]


def test_every_template_of_a_mail_is_tried_here() -> None:
    assert sorted(SAMPLES) == NAMES


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", NAMES)
def test_the_page_of_a_mail_is_well_formed_and_fetches_nothing(written: Any, template: str, locale: str) -> None:
    page = Reading(written(template, locale).html)
    assert page.tags - VOID <= ALLOWED
    assert not page.tags & {"img", "link", "script", "style", "iframe"}
    assert not [
        name
        for _tag, name, _value in page.attributes
        if name in ("src", "srcset", "background", "class") or name.startswith("on")
    ]
    assert not [value for _tag, name, value in page.attributes if name == "style" and value and "url(" in value]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", NAMES)
def test_page_and_text_lead_to_the_same_places(written: Any, template: str, locale: str) -> None:
    mail = written(template, locale)
    assert sorted(set(Reading(mail.html).links)) == sorted(set(addresses_in(mail.text)))
    assert SITE in addresses_in(mail.text)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", WORD_BY_WORD)
def test_page_and_text_say_the_same_in_the_same_order(written: Any, template: str, locale: str) -> None:
    mail = written(template, locale)
    said, at = re.sub(UNSEEN, "", "".join(Reading(mail.html).words)), 0
    assert said.startswith(re.sub(UNSEEN, "", CITIES[locale] + mail.subject))
    for word in re.sub("[\u2066-\u2069\u200e\u200f]", "", mail.text).split():
        found = said.find(word, at)
        assert found >= 0, (word, said[at:])
        at = found


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", NAMES)
def test_page_and_table_run_with_the_language_and_addresses_from_left_to_right(
    written: Any, template: str, locale: str
) -> None:
    page = Reading(written(template, locale).html)
    direction = "rtl" if locale == "fa" else "ltr"
    assert ("html", "dir", direction) in page.attributes
    assert ("html", "lang", locale) in page.attributes
    assert [value for tag, name, value in page.attributes if (tag, name) == ("table", "dir")] == [direction]
    sides = {value for _tag, name, value in page.attributes if name == "style" and value and "text-align:" in value}
    assert all(f"text-align:{'right' if locale == 'fa' else 'left'}" in side for side in sides)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", NAMES)
def test_no_mark_of_the_layout_is_left_anywhere(written: Any, template: str, locale: str) -> None:
    mail = written(template, locale)
    assert not re.search("[\x00-\x08\x0b-\x1f]", mail.subject + mail.text + mail.html)


def test_the_one_thing_that_a_mail_is_for_is_a_button_with_its_address_below(written: Any) -> None:
    page = Reading(written("sign_in", "en").html)
    assert page.links.count(f"{SITE}/x?a=1&b=2") == 2
    assert "".join(page.words).count("Sign in") == 1


def test_what_people_typed_is_text_and_no_link_of_theirs_gets_into_the_frame(written: Any) -> None:
    reason = "Look:\nhttps://evil.example/\nhttp://127.0.0.1:8000.evil.example/\n<b onclick=x>\n\x03\x01en\n[a](https://evil.example)\x02"
    mail = written("proposal_answered", "en", ANSWER | {"reason": reason})
    page = Reading(mail.html)
    assert not [link for link in page.links if "evil" in link]
    assert "b" not in page.tags
    assert "<b onclick=x>" in " ".join(page.words)


def test_typed_text_over_several_lines_finds_its_own_direction(written: Any) -> None:
    page = Reading(written("proposal_answered", "en").html)
    assert ("p", "dir", "auto") in page.attributes
    assert "\u2068" not in "".join(page.words)


@pytest.mark.parametrize(("locale", "marked"), [("en", "کوره‌ها"), ("fa", "Crafts")])
def test_names_against_the_direction_are_isolated_by_an_element(written: Any, locale: str, marked: str) -> None:
    assert f"<bdi>{marked}</bdi>" in written("digest", locale).html


def test_a_letter_keeps_its_headings_lists_and_links(app: Flask) -> None:
    with app.app_context():
        marked = f"Hello\n\n{layout.prose(LETTER)}\n{layout.FOOT}{SITE}\n"
        found = layout.arrange(marked, own_address=SITE)
    [_hello, letter] = found.body
    assert isinstance(letter, layout.Letter)
    page = Reading(letter.html)
    assert {"h2", "strong", "ul", "li", "a"} <= page.tags
    assert page.links == ["https://example.org/plan"]
    assert layout.without_marks(marked) == f"Hello\n\n{LETTER['text']}\n{SITE}\n"
