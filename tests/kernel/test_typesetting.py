"""Characters that no font here has must not keep anybody from a PDF."""

from __future__ import annotations

import io
import json

import pytest
from pypdf import PdfReader

from ucc_participate.kernel.typesetting import SQUARE, squared, typeset

ZWNJ, ZWJ = "\u200c", "\u200d"
SOURCE = """#set document(title: "Words")
#set text(font: "Vazirmatn", lang: "fa")
#json(bytes(sys.inputs.data)).words"""


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "words.typ"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def words_in(pdf: bytes) -> str:
    return PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


@pytest.mark.parametrize("standards", [["ua-1"], ["ua-1", "a-3a"]])
def test_what_cannot_be_drawn_becomes_a_square_and_the_rest_stays(source, standards):
    typed = f"Kütahya 和平 🎉 👩🏽{ZWJ}🎨 ✌\ufe0f ሰላም Łódź a fair"
    made = words_in(typeset(source, json.dumps({"words": typed}), standards=standards))
    for word in ("Kütahya", SQUARE, "Łódź", "a fair"):
        assert word in made
    assert "和" not in made


def test_what_can_be_drawn_is_not_touched(source):
    data = json.dumps({"words": "Peace"})
    assert words_in(typeset(source, data, standards=["ua-1"])) == "Peace"


def test_a_script_goes_at_once_and_persian_is_left_alone():
    text = f"می{ZWNJ}رود 和平と 🎉"
    assert squared(json.dumps({"a": text}), "和") == json.dumps({"a": f"می{ZWNJ}رود □□と 🎉"}, ensure_ascii=False)
    assert ZWNJ in squared(json.dumps({"a": text}), f"🎉{ZWJ}")
    assert squared(json.dumps({"a": "a\ufe0fb"}), "\ufe0f") == '{"a": "ab"}'
