"""What the pages load: third-party files are what their manifest says, built files are as new as their sources."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from tools import build_css

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "ucc_participate" / "static"
MANIFEST = json.loads((STATIC / "vendor" / "manifest.json").read_text(encoding="utf-8"))
VENDORED = {file: digest for package in MANIFEST["packages"] for file, digest in package["files"].items()}


@pytest.mark.parametrize("file", sorted(VENDORED))
def test_a_vendored_file_is_byte_for_byte_what_was_fetched(file: str) -> None:
    assert hashlib.sha384((ROOT / file).read_bytes()).hexdigest() == VENDORED[file]


def test_every_foreign_file_is_in_the_manifest_with_its_licence() -> None:
    present = {
        path.relative_to(ROOT).as_posix()
        for folder in ("fonts", "vendor")
        for path in (STATIC / folder).iterdir()
        if path.name != "manifest.json"
    }
    assert present <= VENDORED.keys()
    assert {package["licence"] for package in MANIFEST["packages"]} <= {"MIT", "OFL-1.1", "ISC", "0BSD", "BSD-2-Clause"}


def test_the_style_sheet_and_its_version_are_as_new_as_their_parts() -> None:
    assert (STATIC / "css" / "ucc.css").read_text(encoding="utf-8") == build_css.joined()
    assert build_css.VERSIONS.read_text(encoding="utf-8") == build_css.versions()


def test_the_style_sheet_asks_for_files_of_this_site_that_exist() -> None:
    asked = re.findall(r'url\("([^"]+)"\)', build_css.joined())
    assert asked
    assert [name for name in asked if not (STATIC / "css" / name).resolve().is_file()] == []


def test_style_sheet_script_and_both_fonts_leave_a_first_page_thirty_kilobytes_for_its_text() -> None:
    packed = [gzip.compress((STATIC / name).read_bytes()) for name in ("css/ucc.css", "js/ucc.js", "img/favicon.svg")]
    fonts = [(STATIC / "fonts" / f"vazirmatn-33.0.3-{script}.woff2").read_bytes() for script in ("arabic", "latin")]
    assert sum(map(len, packed + fonts)) <= 70_000


# Words and the grounds that they stand on somewhere, for WCAG 2.2 §1.4.3; borders and bars for §1.4.11.
WORDS = {
    "paper": "ink soft firoozeh firoozeh-deep anar-ink saffron-ink lapis",
    "card": "ink soft firoozeh firoozeh-deep anar-ink saffron-ink lapis",
    "sunk": "ink soft firoozeh firoozeh-deep anar-ink",
    "firoozeh-soft": "ink soft firoozeh firoozeh-deep",
    "saffron-soft": "ink saffron-ink",
    "anar-soft": "ink anar-ink",
    "lapis-soft": "ink lapis",
    "firoozeh": "on-firoozeh",
    "firoozeh-deep": "on-firoozeh",
    "anar": "on-anar",
    "anar-ink": "on-anar",
    "ink": "paper",
}
SHAPES = {"paper": "edge focus", "card": "edge focus", "sunk": "firoozeh anar"}


def tokens(scheme: str) -> dict[str, str]:
    light, _rule, dark = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8").partition("@media")
    named = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light))
    return named | dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark)) if scheme == "dark" else named


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def weak(pairs: dict[str, str], scheme: str, least: float) -> dict[str, float]:
    """What stands out too little on its ground."""
    colours = tokens(scheme)
    ratios = {
        f"{thing} on {ground}": contrast(colours[thing], colours[ground])
        for ground, things in pairs.items()
        for thing in things.split()
    }
    return {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < least}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read_on_every_ground_it_stands_on(scheme: str) -> None:
    assert weak(WORDS, scheme, 4.5) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_borders_of_inputs_bars_and_focus_are_seen(scheme: str) -> None:
    assert weak(SHAPES, scheme, 3) == {}
