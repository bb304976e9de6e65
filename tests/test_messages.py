"""The tool that keeps the catalogues."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools import messages

SOURCE = """
from flask_babel import gettext as _, ngettext
_("Vote now")
_("Hello, %(name)s")
ngettext("%(num)s vote", "%(num)s votes", 2)
"""
RIGHT: dict[str, Any] = {
    "Vote now": "اکنون رأی دهید",
    "Hello, %(name)s": "سلام %(name)s",
    "%(num)s vote": ["%(num)s رأی", "%(num)s رأی"],
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny product whose French is right, with empty Persian."""
    (tmp_path / "babel.cfg").write_text(
        "[python: ucc_participate/**.py]\n[jinja2: templates/**.html]\nsilent = false\n"
    )
    (tmp_path / "ucc_participate").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "ucc_participate" / "views.py").write_text(SOURCE)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    messages.fill(
        "fr", {"Vote now": "Votez", "Hello, %(name)s": "Bonjour %(name)s", "%(num)s vote": ["%(num)s voix"] * 2}
    )
    return tmp_path


Complaints = Callable[..., list[str]]


@pytest.fixture
def complaints(project: Path) -> Complaints:
    """What ``check`` says when Persian is right but for these."""

    def run(changes: dict[str, Any]) -> list[str]:
        messages.fill("fa", {**RIGHT, **changes})
        return messages.check()

    return run


def test_whole_catalogues_pass_and_english_needs_no_translator(complaints: Complaints) -> None:
    assert complaints({}) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"Vote now": ""}, "not translated"),
        ({"%(num)s vote": ["%(num)s رأی", ""]}, "plural form missing"),
        ({"Hello, %(name)s": "سلام %(nam)s"}, "placeholders differ"),
        ({"Hello, %(name)s": "سلام"}, "placeholders differ"),
        ({"Vote now": "رأي دهید"}, "Arabic letter"),
        ({"Vote now": "تا 12 روز رأی دهید"}, "Latin digit"),
        ({"Vote now": "<b>رأی دهید</b>"}, "markup differs"),
    ],
)
def test_a_wrong_translation_is_named(complaints: Complaints, changes: dict[str, Any], complaint: str) -> None:
    found = complaints(changes)
    assert len(found) == 1
    assert found[0].startswith("fa: ")
    assert complaint in found[0]


def test_latin_names_may_keep_their_digits(complaints: Complaints) -> None:
    assert complaints({"Vote now": "با SHA-256 و RFC 9162 و `v1` رأی دهید"}) == []


def test_what_is_missing_is_listed_with_its_place(project: Path) -> None:
    listed = messages.missing("fa")
    assert [entry["text"] for entry in listed] == ["%(num)s vote", "Hello, %(name)s", "Vote now"]
    assert listed[0]["plural"] == "%(num)s votes"
    assert listed[2]["where"] == ["ucc_participate/views.py"]


def test_a_translation_survives_the_absence_of_its_text(complaints: Complaints, project: Path) -> None:
    complaints({})
    source = project / "ucc_participate" / "views.py"
    source.write_text("")
    messages.update()
    assert messages.check() == []
    source.write_text(SOURCE)
    messages.update()
    assert messages.check() == []


def test_a_half_edited_file_is_named_and_does_not_stop_the_others(project: Path) -> None:
    (project / "templates" / "page.html").write_text("{{ _('Vote now') ")
    assert [problem.split(":")[0] for problem in messages.update()] == ["templates/page.html"]
    assert len(messages.missing("fa")) == 3


def test_translations_of_unknown_texts_are_reported(project: Path) -> None:
    assert messages.fill("fa", {"Nobody says this": "x", **RIGHT}) == ["Nobody says this"]
    assert messages.missing("fa") == []


def test_one_text_for_a_plural_is_refused_and_nothing_is_written(project: Path) -> None:
    path = project / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
    messages.update()
    before = path.read_bytes()
    with pytest.raises(ValueError, match="each of its forms"):
        messages.fill("fr", {"%(num)s vote": "bulletins"})
    assert path.read_bytes() == before


def test_the_same_texts_give_the_same_bytes(project: Path) -> None:
    path = project / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
    before = path.read_bytes()
    messages.update()
    assert path.read_bytes() == before
