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
SCRIPT = ROOT / "ucc_participate" / "static" / "js" / "ucc.js"
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
    css, js = (hashlib.sha256(data).hexdigest()[:10] for data in (joined().encode("utf-8"), SCRIPT.read_bytes()))
    note = "{#- Written by tools/build_css.py: the versions in the addresses of ucc.css and ucc.js. -#}"
    return f'{note}\n{{%- set CSS = "{css}" -%}}\n{{%- set JS = "{js}" -%}}\n'


if __name__ == "__main__":
    (FOLDER / "ucc.css").write_text(joined(), encoding="utf-8")
    VERSIONS.write_text(versions(), encoding="utf-8")
