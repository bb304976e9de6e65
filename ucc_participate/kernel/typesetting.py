"""PDFs whose every character can be read aloud, also where somebody wrote one that no font here has.

The standards for readers (PDF/UA) and archives (PDF/A) refuse a page with a letter that cannot be drawn, and so does
the compiler. One emoji in a title must not keep a city from its papers: such characters become a square.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent.parent / "record" / "fonts"
SQUARE = "□"
MOST_TRIES = 60
_UNDRAWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_JOINED = re.compile(f"{SQUARE}[\u200d\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]+")
"""A square with what changed the sign that it stands for: colours of skin, variants, joiners."""
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")


def typeset(source: Path, data: str, *, standards: Sequence[Any], timestamp: datetime | None = None) -> bytes:
    """The PDF of a Typst file from its data (JSON): the same data gives the same bytes."""
    import typst  # a heavy library, which the application itself never loads

    for _ in range(MOST_TRIES):
        try:
            made: bytes = typst.compile(
                str(source),
                root=str(source.parent),
                font_paths=[str(FONTS)],
                ignore_system_fonts=True,
                sys_inputs={"data": data},
                format="pdf",
                pdf_standards=list(standards),
                timestamp=timestamp,
            )
            return made
        except typst.TypstError as refusal:
            undrawn = _UNDRAWN.search(str(refusal))
            if undrawn is None:
                raise
            before, data = data, squared(data, _ESCAPE.sub(lambda found: chr(int(found[1], 16)), undrawn[1]))
            if data == before:
                raise
    raise RuntimeError(f"{source.name} holds more letters that no font here has than can be replaced")


def squared(data: str, undrawn: str) -> str:
    """JSON with a square for each character of this text, and for those of the same script or the same signs.

    What has no shape of its own (joiners, variants, accents) goes, and only where nothing else is to blame.
    """
    kinds = {kind for char in undrawn if (kind := _kind(char)) is not None}
    text = json.dumps(json.loads(data), ensure_ascii=False)
    if not kinds:
        return "".join(char for char in text if char.isascii() or char not in undrawn)
    return _JOINED.sub(SQUARE, "".join(SQUARE if _kind(char) in kinds else char for char in text))


def _kind(char: str) -> tuple[str, str] | None:
    """Letters by the first word of their name, which is their script; signs by category and a part of Unicode."""
    category = unicodedata.category(char)
    if char.isascii() or category == "Cf" or category.startswith("M"):
        return None
    if category.startswith("L"):
        return "L", unicodedata.name(char, hex(ord(char))).partition(" ")[0]
    return category, hex(ord(char) >> 8)
