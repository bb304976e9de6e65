"""The signed file: what is refused, and that signed is not the same as sound."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ucc_participate.audit.notes import NoteError, Signer, open_note, parse_checkpoint
from ucc_participate.kernel.errors import Invalid
from ucc_participate.sharing.bundle import LARGEST, open_share, text_of

ORIGIN = "log.other-city.example"
SIGNER = Signer(ORIGIN, b"s" * 32)
OTHER = Signer(ORIGIN, b"o" * 32)
PRACTICE = {
    "id": "practice/abc",
    "title": {"en": "Night kilns"},
    "parts": {"summary": {"en": "Warm."}},
    "areas": ["AREA-2"],
    "objectives": [],
}
TEMPLATE: dict[str, Any] = {
    **{name: {"en": name} for name in ("title", "purpose", "scope", "open_questions", "promise")},
    "phases": [{"kind": "propose", "title": {"en": "Ideas"}, "starts_after_days": 0, "lasts_days": 30}],
}
INDICATOR = {"kind": "output", "title": {"en": "Women trained"}, "unit": {}, "frequency": "yearly", "data_source": {}}


def content(**changed: Any) -> dict[str, Any]:
    whole = {
        "format": "ucc-share/1",
        "licence": "CC-BY-4.0",
        "origin": ORIGIN,
        "vkey": SIGNER.vkey,
        "city": "Other city",
        "made_at": "2026-11-01T10:00:00Z",
        "practices": [PRACTICE],
        "indicators": [INDICATOR],
        "process": TEMPLATE,
    }
    return whole | changed


def note(signer: Signer = SIGNER, first: str = f"{ORIGIN}/share", **changed: Any) -> bytes:
    return signer.sign(f"{first}\n{text_of(content(**changed))}\n").encode()


def test_a_signed_file_is_read_with_the_key_that_it_names() -> None:
    received = open_share(note())
    assert (received.origin, received.city, received.vkey) == (ORIGIN, "Other city", SIGNER.vkey)
    assert received.content["practices"][0]["title"]["en"] == "Night kilns"


@pytest.mark.parametrize("at", range(0, len(note()), 37))
def test_no_changed_byte_passes(at: int) -> None:
    data = bytearray(note())
    data[at] ^= 1
    with pytest.raises(Invalid):
        open_share(bytes(data))


def test_a_file_signed_by_somebody_else_in_the_name_of_a_city_is_refused() -> None:
    with pytest.raises(Invalid, match="signature of this file is wrong"):
        open_share(note(OTHER))
    with pytest.raises(Invalid, match="another key"):
        open_share(note(OTHER, vkey=OTHER.vkey), vkey=SIGNER.vkey)


def test_a_key_of_another_name_than_the_origin_is_refused() -> None:
    stranger = Signer("log.stranger.example", b"x" * 32)
    with pytest.raises(Invalid, match="signature of this file is wrong"):
        open_share(note(stranger, vkey=stranger.vkey))


@pytest.mark.parametrize(
    "changed",
    [
        {"format": "ucc-share/2"},
        {"practices": [{**PRACTICE, "areas": ["AREA-99"]}]},
        {"practices": [{**PRACTICE, "parts": {"secret": {"en": "x"}}}]},
        {"practices": [{**PRACTICE, "title": "Night kilns"}]},
        {"practices": "none"},
        {"indicators": [{**INDICATOR, "kind": "wish"}]},
        {"process": {**TEMPLATE, "phases": []}},
        {
            "process": {
                **TEMPLATE,
                "phases": [{"kind": "propose", "title": {}, "starts_after_days": "0", "lasts_days": 3}],
            }
        },
        {"made_at": "yesterday"},
        {"city": "x" * 161},
        {"licence": "all rights reserved"},
        {"practices": [{**PRACTICE, "parts": []}]},
        {"practices": [{**PRACTICE, "title": {"en": " "}}]},
        {"practices": [{**PRACTICE, "title": {"en": "x" * 301}}]},
        {"practices": [{**PRACTICE, "areas": [["AREA-2"]]}]},
        {"practices": [{**PRACTICE, "title": {"en": "Night \u202ekilns"}}]},
        {"city": "Other\u0000city"},
        {"process": {**TEMPLATE, "min_open_days": "soon"}},
        {"process": {**TEMPLATE, "min_open_days": []}},
        {"process": {**TEMPLATE, "promise_level": {"is": "hostile"}}},
        {"process": {**TEMPLATE, "phases": [{**TEMPLATE["phases"][0], "lasts_days": 10**9}]}},
        {"process": {**TEMPLATE, "phases": [{**TEMPLATE["phases"][0], "starts_after_days": -1}]}},
    ],
)
def test_what_is_signed_but_unsound_is_refused_in_words(changed: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        open_share(note(**changed))
    assert refusal.value.field == "file"
    assert str(refusal.value.reason)


@pytest.mark.parametrize("value", [r'"\ud800"', "NaN", "1e999", "[" * 900 + "]" * 900])
def test_what_no_page_and_no_database_can_hold_is_refused(value: str) -> None:
    """As JSON of a hand that is not ours: signed all the same."""
    line = text_of(content())[:-1] + f',"z":{value}}}'
    with pytest.raises(Invalid):
        open_share(SIGNER.sign(f"{ORIGIN}/share\n{line}\n").encode())


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"a" * (LARGEST + 1), b"x\n{}\n\n", b"[" * 100_000 + b"\n\n\xe2\x80\x94 a AAAAAAA=\n"]
)
def test_what_is_no_such_file_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Invalid, match="not a file that another city has signed"):
        open_share(data)


def test_a_checkpoint_is_no_shared_file_and_a_shared_file_no_checkpoint() -> None:
    checkpoint = SIGNER.sign(f"{ORIGIN}\n7\n{'A' * 43}=\n").encode()
    with pytest.raises(Invalid):
        open_share(checkpoint)
    text, _names = open_note(note(), [SIGNER.vkey])
    with pytest.raises(NoteError):
        parse_checkpoint(text)


def test_the_second_line_is_json_for_anybody() -> None:
    assert json.loads(note().decode().split("\n")[1])["city"] == "Other city"
