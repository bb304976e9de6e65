from __future__ import annotations

import sqlite3
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ucc_participate.kernel import text
from ucc_participate.kernel.text import ZWNJ, clean_line, clean_text, fold, search_terms, sort_key, strip_bidi

PERSIAN_WORDS = st.text(alphabet=text.PERSIAN_ALPHABET, min_size=1, max_size=8)
TYPED = st.text(
    alphabet=st.one_of(
        st.sampled_from(text.PERSIAN_ALPHABET + "يكةأإؤئۀ۰۱۹٠١٩ـًّ \u200c«»؟!\"'*:()-+^"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)


@pytest.fixture(scope="module")
def index() -> sqlite3.Connection:
    """Full-text search as the product uses it."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE doc USING fts5(body, tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
    )
    return connection


def found(index: sqlite3.Connection, stored: str, query: str) -> bool:
    index.execute("DELETE FROM doc")
    index.execute("INSERT INTO doc VALUES (?)", (fold(stored),))
    return index.execute("SELECT 1 FROM doc WHERE doc MATCH ?", (text.sqlite_match(query),)).fetchone() is not None


# Folding and search


@pytest.mark.parametrize(
    ("stored", "query"),
    [
        ("کتاب", "كتاب"),
        ("کتاب‌خانه", "کتابخانه"),
        ("كتابخانة", "کتابخانه"),
        ("می‌خواهم", "میخواهم"),
        ("می‌خواهم", "می خواهم"),
        ("میخواهم", "می‌خواهم"),
        ("خیابان ۱۲", "12"),
        ("room 12", "١٢"),
        ("مسأله", "مساله"),
        ("خانۀ ما", "خانه"),
        ("آبادی", "ابادی"),
        ("مُحَمَّد", "محمد"),
        ("مـــدرسه", "مدرسه"),
        ("Événement à l’Œuvre", "evenement oeuvre"),
        ("مدرسه", "مدر"),
        ("STRASSE", "straße"),
    ],
)
def test_what_people_spell_differently_is_found(index: sqlite3.Connection, stored: str, query: str) -> None:
    assert found(index, stored, query)


def test_another_word_is_not_found(index: sqlite3.Connection) -> None:
    assert not found(index, "کتاب‌خانه", "کتابدار")


@given(TYPED)
def test_folding_twice_changes_nothing_more(typed: str) -> None:
    assert fold(fold(typed)) == fold(typed)


@given(PERSIAN_WORDS)
def test_arabic_letters_and_vowel_marks_fold_away(word: str) -> None:
    arabic = word.replace("ی", "ي").replace("ک", "ك")
    assert fold("\u064e".join(arabic)) == fold(word)


@given(TYPED)
@example('c++ "foo:bar" OR -x* NEAR(a b)')
@example("a\x00b")
def test_no_query_upsets_the_search_engine(index: sqlite3.Connection, typed: str) -> None:
    query = text.sqlite_match(typed)
    assert len(search_terms(typed)) <= 8
    if query:
        index.execute("SELECT 1 FROM doc WHERE doc MATCH ?", (query,)).fetchone()
    assert not set(text.postgres_tsquery(typed)) & set("'\"!()<>\\")


@given(st.lists(PERSIAN_WORDS, min_size=1, max_size=4))
def test_every_word_of_a_text_finds_it(index: sqlite3.Connection, words: list[str]) -> None:
    assert all(found(index, " ".join(words), word) for word in words)


# Sorting


@given(PERSIAN_WORDS, PERSIAN_WORDS)
def test_persian_words_sort_by_the_alphabet(one: str, other: str) -> None:
    by_alphabet = [text.PERSIAN_ALPHABET.index(letter) for letter in one] < [
        text.PERSIAN_ALPHABET.index(letter) for letter in other
    ]
    assert (sort_key(one) < sort_key(other)) is by_alphabet


@given(TYPED)
def test_a_key_can_be_stored_and_has_no_hidden_characters(typed: str) -> None:
    key = sort_key(typed)
    assert key.encode().decode() == key
    assert strip_bidi(key) == key


def test_a_mixed_list_sorts_as_a_reader_expects() -> None:
    names = [
        "گل",
        "یزد",
        "طرح ۱۰",
        "آبادان",
        "abc",
        "ابهر",
        "«پل»",
        "طرح 2",
        "ژاله",
        "كرمان",
        "12",
        "Ábc",
        "می‌روم",
        "میان",
    ]
    assert sorted(names, key=sort_key) == [
        "12", "آبادان", "ابهر", "«پل»", "ژاله", "طرح 2", "طرح ۱۰", "كرمان", "گل", "می‌روم", "میان", "یزد", "abc", "Ábc",
    ]  # fmt: skip


def test_spellings_of_one_name_have_one_key() -> None:
    assert sort_key("كتاب‌خانهٔ ملي") == sort_key("کتاب خانه ملی")


# Cleaning


@pytest.mark.parametrize(
    "control", ["\u202e", "\u2066", "\u200f", "\u061c", "\x00", "\x1b", "\ufeff", "\u2028", "\ud800"]
)
def test_characters_that_reorder_or_hide_are_removed(control: str) -> None:
    assert strip_bidi(f"a{control}b") == ("a\u2028b" if control == "\u2028" else "ab")
    assert control not in clean_text(f"a{control}b")


def test_half_spaces_and_emoji_survive() -> None:
    assert clean_line("می‌خواهم 👩‍🌾") == "می‌خواهم 👩‍🌾"
    assert clean_line(f" {ZWNJ}می{ZWNJ}{ZWNJ}روم{ZWNJ} ") == f"می{ZWNJ}روم"


def test_a_line_has_no_breaks_and_single_spaces() -> None:
    assert clean_line("  a\r\n b\t\u00a0 c  ") == "a b c"
    assert clean_line(None) == ""


def test_a_text_keeps_paragraphs_but_not_gaps() -> None:
    assert clean_text(" a  b \r\n\r\n\r\n\r\nc\rd ") == "a b\n\nc\nd"


def test_piled_up_marks_are_cut() -> None:
    assert len(clean_line("x" + "\u0338" * 1000)) < 10


def test_a_text_that_is_too_long_is_refused_and_not_cut() -> None:
    assert clean_line("a" * 5, max_length=5) == "a" * 5
    with pytest.raises(text.TooLong) as refusal:
        clean_text("a" * 6, max_length=5)
    assert str(refusal.value.reason) == "Shorten this to 5 characters. It has 6."


@given(TYPED)
def test_clean_text_is_clean_for_good(typed: str) -> None:
    cleaned = clean_text(typed)
    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert "\n" not in clean_line(typed)


@pytest.mark.parametrize(
    ("typed", "count"),
    [("", 0), ("می‌خواهم به خانه بروم", 4), ("a – b", 2), ("l’eau, 3 km", 3), ("«گل»  \n و", 2)],
)
def test_words_are_counted_as_in_an_editor(typed: str, count: int) -> None:
    assert text.word_count(typed) == count


# Markdown


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        "![x](https://evil.example/pixel.png)",
        '<img src=x onerror="alert(1)">',
        "<https://a.b/'onmouseover='x>",
        "[x](https://a.b 'a\" onclick=\"b')",
    ],
)
def test_markdown_gives_no_script_and_no_picture(attack: str) -> None:
    html = str(text.markdown(attack)).lower()
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert 'onclick="' not in html
    assert " onerror=" not in html.replace("&lt;img src=x onerror=", "")


def test_a_picture_in_markdown_is_left_as_a_link() -> None:
    assert 'href="https://a.b/p.png"' in text.markdown("![plan](https://a.b/p.png)")


def test_markdown_blocks_find_their_own_direction() -> None:
    html = str(text.markdown("# سلام\n\n**bold** line\nnext\n\n3. three\n\n> quoted\n\n[x](https://a.b)"))
    assert '<h3 dir="auto">سلام</h3>' in html
    assert '<p dir="auto"><strong>bold</strong> line<br>\nnext</p>' in html
    assert '<ol start="3" dir="auto">' in html
    assert '<blockquote dir="auto">' in html
    assert '<a href="https://a.b" rel="nofollow noopener noreferrer ugc">x</a>' in html


def test_headings_of_a_text_begin_under_those_of_the_page_however_they_were_typed() -> None:
    html = str(text.markdown("### Why\n\n#### Money\n\n### How"))
    assert html.count("<h3") == 2
    assert html.count("<h4") == 1


def test_a_list_takes_its_direction_from_its_points() -> None:
    html = str(text.markdown("- یک\n- دو\n\n> سه\n\n1. چهار\n\n   پنج"))
    assert html.count('<ul dir="auto">') == html.count('<blockquote dir="auto">') == html.count('<ol dir="auto">') == 1
    assert html.count("dir=") == 3
