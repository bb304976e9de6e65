"""One value, one string of bytes: what is written, and what is refused when read."""

import unicodedata
from functools import partial

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ucc_participate.audit import canonical
from ucc_participate.audit.canonical import CanonicalError

ENTRY = {
    "actor": "0" * 32,
    "commit": "a" * 64,
    "prev": None,
    "process": "process/p1",
    "role": "system",
    "schema": "ucc.proposal/1",
    "subject": "proposal/8f3k2m",
    "time": "2026-11-22T21:57:20Z",
    "type": "proposal.submitted",
    "v": 1,
}
texts = st.text(st.characters(codec="utf-8")).map(partial(unicodedata.normalize, "NFC"))
scalars = st.none() | st.booleans() | st.integers(-canonical.MAX_INTEGER, canonical.MAX_INTEGER) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner),
    max_leaves=20,
)


@given(values)
def test_the_bytes_are_those_of_rfc_8785(value):
    assert canonical.dumps(value) == rfc8785.dumps(value)


@given(values)
def test_what_was_written_is_read_back(value):
    assert canonical.parse_strict(canonical.dumps(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        2**53,
        -(2**53),
        10**400,
        "e\u0301",
        "\ud800",
        ["a", {"b": 1.0}],
        {1: "x"},
        {"é": 1},
        b"bytes",
        {"a"},
    ],
    ids=repr,
)
def test_a_value_outside_the_profile_is_refused(value):
    with pytest.raises(CanonicalError):
        canonical.dumps(value)


def test_deep_nesting_is_refused_and_not_a_crash():
    value: list = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(CanonicalError, match="nested"):
        canonical.dumps(value)
    with pytest.raises(CanonicalError):
        canonical.parse_strict(b"[" * 100_000 + b"]" * 100_000)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b"[1.0]",
        b"[1e3]",
        b"[NaN]",
        b"[01]",
        b'["\\u0061"]',
        b'["\\ud800"]',
        b'["\xed\xa0\x80"]',
        b"[9007199254740992]",
        b'["e\xcc\x81"]',
        b"[1]\n",
        b"",
        b"\xef\xbb\xbf[1]",
        b"[" + b"9" * 5000 + b"]",
    ],
)
def test_any_other_spelling_is_refused(data):
    with pytest.raises(CanonicalError):
        canonical.parse_strict(data)


def test_an_entry_is_written_in_the_documented_order():
    assert canonical.dumps_entry(ENTRY).startswith(b'{"actor":"000')
    assert canonical.parse_strict(canonical.dumps_entry(ENTRY)) == ENTRY


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "A" * 32},
        {"commit": "a" * 63},
        {"prev": ""},
        {"process": "p1"},
        {"role": "mayor"},
        {"schema": "ucc.proposal"},
        {"subject": "proposal"},
        {"subject": "proposal/متن"},
        {"subject": "proposal/a\nb"},
        {"subject": "proposal/" + "x" * 65_536},
        {"time": "2026-11-22 21:57:20"},
        {"type": "submitted"},
        {"v": 2},
        {"v": True},
        {"extra": 1},
    ],
    ids=repr,
)
def test_an_entry_of_another_form_is_refused(change):
    with pytest.raises(CanonicalError):
        canonical.dumps_entry({**ENTRY, **change})
