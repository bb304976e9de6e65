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
ALONE = {
    "SCREEN_CSS": FOLDER / "screen.css",
    "SCREEN_JS": SCRIPT.with_name("screen.js"),
    "KEEPING": SCRIPT.with_name("keeping.js"),
    "BALLOT": SCRIPT.with_name("ballot.js"),
    "WRITING": SCRIPT.with_name("writing.js"),
    "DOSSIER": SCRIPT.with_name("dossier.js"),
}
"""What single pages load beside ucc.css and ucc.js."""
VERSIONS = ROOT / "templates" / "layout" / "assets.html"
PARTS = ("tokens", "base", "components", "forms", "staff", "plan", "print")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
BETWEEN = re.compile(r"\s*([{};])\s*")


def joined() -> str:
    """The text of ucc.css, one rule a line so that a difference can be read."""
    whole = "\n".join((FOLDER / f"{part}.css").read_text(encoding="utf-8") for part in PARTS)
    bare = BETWEEN.sub(r"\1", COMMENT.sub("", whole)).replace(";}", "}")
    return bare.replace("}", "}\n").strip() + "\n"


def versions() -> str:
    """The text of assets.html: the beginnings of the files' SHA-256."""
    files = {"CSS": joined().encode("utf-8"), "JS": SCRIPT.read_bytes()}
    files |= {name: path.read_bytes() for name, path in ALONE.items()}
    note = "{#- Written by tools/build_css.py: the versions in the addresses of style sheets and scripts. -#}"
    lines = (f'{{%- set {name} = "{hashlib.sha256(data).hexdigest()[:10]}" -%}}' for name, data in files.items())
    return "\n".join([note, *lines]) + "\n"


if __name__ == "__main__":
    (FOLDER / "ucc.css").write_text(joined(), encoding="utf-8")
    VERSIONS.write_text(versions(), encoding="utf-8")
