"""Join the style sheets into the one file that pages load, static/css/ucc.css, without comments.

Run it after every change in static/css; a test fails while ucc.css is older than its parts.
"""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "ucc_participate" / "static" / "css"
PARTS = ("tokens", "base", "components", "forms", "staff", "print")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
BETWEEN = re.compile(r"\s*([{};])\s*")


def joined() -> str:
    """The text of ucc.css, one rule a line so that a difference can be read."""
    whole = "\n".join((FOLDER / f"{part}.css").read_text(encoding="utf-8") for part in PARTS)
    bare = BETWEEN.sub(r"\1", COMMENT.sub("", whole)).replace(";}", "}")
    return bare.replace("}", "}\n").strip() + "\n"


if __name__ == "__main__":
    (FOLDER / "ucc.css").write_text(joined(), encoding="utf-8")
