"""Join the style sheets into the one file that pages load, static/css/ucc.css, without comments, and give it a version.

The versions in templates/layout/assets.html are in the addresses of ucc.css and ucc.js, which browsers keep for a year.
Run this after every change in static/css or static/js; a test fails while a result is older than its sources.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "ucc_participate" / "static" / "css"
SCRIPTS = ROOT / "ucc_participate" / "static" / "js"
VERSIONS = ROOT / "templates" / "layout" / "assets.html"
PARTS = ("tokens", "base", "components", "forms", "staff", "print")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
BETWEEN = re.compile(r"\s*([{};])\s*")


def joined() -> str:
    """The text of ucc.css, one rule a line so that a difference can be read."""
    whole = "\n".join((FOLDER / f"{part}.css").read_text(encoding="utf-8") for part in PARTS)
    bare = BETWEEN.sub(r"\1", COMMENT.sub("", whole)).replace(";}", "}")
    return bare.replace("}", "}\n").strip() + "\n"


def versions() -> str:
    """The text of assets.html: the beginnings of the two files' SHA-256."""
    files = [joined().encode("utf-8"), *((SCRIPTS / name).read_bytes() for name in ("ucc.js", "keeping.js"))]
    marks = zip(("CSS", "JS", "KEEPING"), files, strict=True)
    note = "{#- Written by tools/build_css.py: the versions in the addresses of style sheet and scripts. -#}\n"
    return note + "".join(f'{{%- set {name} = "{hashlib.sha256(file).hexdigest()[:10]}" -%}}\n' for name, file in marks)


if __name__ == "__main__":
    (FOLDER / "ucc.css").write_text(joined(), encoding="utf-8")
    VERSIONS.write_text(versions(), encoding="utf-8")
