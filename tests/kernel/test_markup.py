"""HTML as text: what a reader would see stays, what acts is gone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucc_participate.kernel.markup import has_markup, markup_to_line, markup_to_text
from ucc_participate.kernel.text import markdown


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>One.</div><div>Two.</div>", "One.\n\nTwo."),
        ("First<br>second", "First\nsecond"),
        ("<ul><li>a</li><li>b <b>c</b></li></ul>", "- a\n- b **c**"),
        ("<p>Before</p><ol><li>a</li><li>b</li></ol><p>after</p>", "Before\n\n1. a\n2. b\n\nafter"),
        ("<h2>Why</h2><p>So</p>", "## Why\n\nSo"),
        ("a &amp; b&nbsp;c &lt;d&gt;", "a & b c <d>"),
        ('<p>See <a href="https://x.example/a b" onclick="x()">this</a></p>', "See [this](<https://x.example/a b>)"),
        ('<a href="javascript:alert(1)">press</a>', "press"),
        ("<script>alert(1)</script><style>p{}</style>ok", "ok"),
        ("<p>a<script>x</p></script>b</p>", "ab"),
        ("<p>never <b>closed", "never **closed"),
        ('<img src=x onerror="alert(1)">picture', "picture"),
        ("<svg><script>x</script><text>y</text></svg>z", "z"),
        ("۱ < ۲ و <p>۳</p>", "۱ < ۲ و\n\n۳"),
    ],
)
def test_paragraphs_lists_and_emphasis_stay_and_nothing_else(html, text):
    assert markup_to_text(html) == text


@pytest.mark.parametrize("text", ["2 < 3 and 5 > 4", "a <- b", "# heading", "<3", "plain"])
def test_what_is_no_html_is_not_taken_for_it(text):
    assert not has_markup(text)


def test_a_title_is_one_line_without_marks():
    assert markup_to_line("<div>Parc &amp; <b>jardí</b></div><div>nou</div>") == "Parc & jardí nou"
    assert markup_to_line("Plain &amp; simple") == "Plain & simple"


@given(st.text(alphabet="<>/=\"'&; abpdivscriptonload", max_size=80))
def test_whatever_is_pasted_the_page_has_no_script_and_no_handler(text):
    shown = markdown(markup_to_text(text))
    assert "<script" not in shown.lower()
    assert "<img" not in shown.lower()
