"""What is different between two texts."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from ucc_participate.kernel.comparing import LONGEST_SHOWN, Piece, compare
from ucc_participate.kernel.text import ZWNJ


def marks(old, new):
    return [(run.kind.value, run.text.strip()) for run in compare(old, new).runs]


def test_words_that_came_and_went_stand_where_they_belong():
    old = "Open the workshops on three evenings a week."
    new = "Open the workshops on four evenings a week for women."
    assert marks(old, new) == [
        ("same", "Open the workshops on"),
        ("gone", "three"),
        ("new", "four"),
        ("same", "evenings a week"),
        ("new", "for women"),
        ("same", "."),
    ]


def test_a_persian_word_with_a_half_space_is_one_word():
    old, new = f"کارگاه{ZWNJ}ها باز باشند", f"کارگاه{ZWNJ}های شهر باز باشند"
    assert marks(old, new) == [
        ("gone", f"کارگاه{ZWNJ}ها"),
        ("new", f"کارگاه{ZWNJ}های شهر"),
        ("same", "باز باشند"),
    ]
    assert (compare(old, new).added, compare(old, new).removed) == (2, 1)


def test_a_new_line_break_is_a_difference_without_words():
    difference = compare("One. Two.", "One.\n\nTwo.")
    assert (difference.added, difference.removed, difference.is_empty) == (0, 0, False)


def test_long_unchanged_stretches_are_folded_but_for_some_words():
    stays = " ".join(f"word{number}" for number in range(500))
    runs = compare(f"Old. {stays}", f"New. {stays}").runs
    [folded] = [run for run in runs if run.kind is Piece.FOLDED]
    assert 500 - LONGEST_SHOWN < folded.words < 500
    assert runs[0].kind is Piece.GONE


def test_two_texts_of_full_length_that_share_no_word_are_compared_in_time():
    old, new = (" ".join(f"{sign}{number}" for number in range(1_600)) for sign in "ab")
    begun = time.process_time()
    assert compare(old, new).added == 1_600
    assert time.process_time() - begun < 1


words = st.text(alphabet=f"ab ا{ZWNJ}.\n", max_size=60)


@given(words, words)
def test_either_text_can_be_read_out_of_the_difference(old, new):
    runs = compare(old.strip(), new.strip()).runs

    def spelt(*without):
        return "".join("".join(run.text for run in runs if run.kind not in without).split())

    assert spelt(Piece.GONE) == "".join(new.split()) or ZWNJ in new
    assert spelt(Piece.NEW) == "".join(old.split()) or ZWNJ in old
