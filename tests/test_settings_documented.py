"""The operator's guide lists every setting as it is, and none that is not."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from ucc_participate.settings import PREFIX, Settings

GUIDE = Path(__file__).parent.parent / "docs" / "operators-guide.md"
ROW = re.compile(rf"^\| `({PREFIX}\w+)` \| (.*?) \| (.*?) \|$", re.MULTILINE)


def shown(default: object) -> str:
    if isinstance(default, bool):
        return "`yes`" if default else "`no`"
    return f"`{default}`" if str(default) else ""


def test_the_guide_lists_every_setting_with_its_default_and_its_help() -> None:
    written = ROW.findall(GUIDE.read_text(encoding="utf-8"))
    actual = [(PREFIX + spec.name.upper(), shown(spec.default), spec.metadata["help"]) for spec in fields(Settings)]
    assert written == actual
