"""Codes and what people make of them when they type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucc_participate.eligibility.telephones import read_phone
from ucc_participate.kernel.codes import ALPHABET, Digests, new_code, read_code, read_number


def test_a_code_reads_back_however_it_is_typed():
    code = new_code()
    bare = code.replace("-", "")
    assert len(bare) == 11
    for typed in (code, code.lower(), bare, f"  {code.replace('-', ' ')} "):
        assert read_code(typed) == bare


def test_persian_digits_are_digits():
    code = next(code for code in iter(new_code, None) if any(char.isdigit() for char in code))
    assert read_code(code.translate(str.maketrans("23456789", "۲۳۴۵۶۷۸۹"))) == code.replace("-", "")


@given(st.integers(0, 10), st.integers(1, 28))
def test_any_one_wrong_letter_is_a_slip(place, step):
    bare = read_code(new_code()) or ""
    wrong = ALPHABET[(ALPHABET.index(bare[place]) + step) % len(ALPHABET)]
    assert read_code(bare[:place] + wrong + bare[place + 1 :]) is None


@given(st.integers(0, 8))
def test_two_exchanged_neighbours_are_a_slip(place):
    bare = read_code(new_code()) or ""
    if bare[place] != bare[place + 1]:
        assert read_code(bare[:place] + bare[place + 1] + bare[place] + bare[place + 2 :]) is None


@pytest.mark.parametrize("typed", ["", "K7QM", "K7QM-3XPA-R2W-9", "سلام", "K7QM-3XPA-R2!"])
def test_what_is_no_code_is_none(typed):
    assert read_code(typed) is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0912 345 6789", "+989123456789"),
        ("۰۹۱۲۳۴۵۶۷۸۹", "+989123456789"),
        ("+98 (912) 345-6789", "+989123456789"),
        ("00989123456789", "+989123456789"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("021 8888 0000", None),
        ("12", None),
        ("+0123456789", None),
    ],
)
def test_a_telephone_has_one_form(typed, number):
    assert read_phone(typed) == number


def test_a_number_is_compared_without_spaces_and_in_latin_digits():
    assert read_number(" ۰۰۱-۲۳۴ ۵۶۷۸۹ ") == "00123456789"


def test_digests_of_different_purposes_and_secrets_differ():
    one, other = Digests("a"), Digests("b")
    assert len({one("code", "X"), one("phone", "X"), other("code", "X"), one("code", "X", "Y"), one("code", "XY")}) == 5
