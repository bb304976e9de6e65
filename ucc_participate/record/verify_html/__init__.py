"""verify.html: the verifier as one file that any browser opens, put together from the parts in this folder.

The same parts give the same bytes. The file allows itself its own script and style, by their digests, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
STATIC = FOLDER.parent.parent / "static"
SCRIPTS = (
    *("report", "bytes", "sha2", "ed25519", "json", "package", "notes", "story", "log", "openings", "votes"),
    *("verify", "page"),
)
LANGUAGES = ("fa", "en", "fr")
FONTS = ("vazirmatn-33.0.3-arabic", "vazirmatn-33.0.3-latin")
_FONT_FACE = re.compile(r'@font-face \{[^}]*url\("\.\./fonts/([\w.-]+)\.woff2"\)[^}]*\}\n?')
_GAP = re.compile(r"\{\{ (\w+) \}\}")


@cache
def build() -> bytes:
    """The whole file."""
    parts = {"script": _script(), "style": _style(), "policy": policy()}
    shell = (FOLDER / "shell.html").read_text(encoding="utf-8")
    return _GAP.sub(lambda gap: parts[gap[1]], shell).encode("utf-8")


@cache
def policy() -> str:
    """What the file may do, for its own ``<meta>`` and for the header of whoever serves it."""
    return (
        f"default-src 'none'; script-src '{_source(_script())}'; style-src '{_source(_style())}'; font-src data:; "
        "worker-src blob:; connect-src 'none'; base-uri 'none'; form-action 'none'"
    )


def texts(language: str) -> dict[str, str]:
    """English text with gaps → text in a language; for English only what differs from the words of verify.py."""
    found: dict[str, str] = json.loads((FOLDER / "texts" / f"{language}.json").read_text(encoding="utf-8"))
    return found


def _source(content: str) -> str:
    """A Content-Security-Policy source for exactly this content."""
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


@cache
def _script() -> str:
    spoken = json.dumps({language: texts(language) for language in LANGUAGES}, ensure_ascii=False, sort_keys=True)
    parts = [(FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS]
    script = "\n".join(['"use strict";', "(() => {", f"const TEXTS = {spoken};", *parts, "})();\n"])
    if "</script" in script or "<!--" in script:
        raise ValueError("the script would end before its end")
    return script


@cache
def _style() -> str:
    tokens = (STATIC / "css/tokens.css").read_text(encoding="utf-8")
    return _FONT_FACE.sub(_font_face, tokens) + (FOLDER / "style.css").read_text(encoding="utf-8")


def _font_face(match: re.Match[str]) -> str:
    """The face with its font inside, or nothing where the page does not need it."""
    name = match[1]
    if name not in FONTS:
        return ""
    font = base64.b64encode((STATIC / f"fonts/{name}.woff2").read_bytes()).decode("ascii")
    return match[0].replace(f"../fonts/{name}.woff2", f"data:font/woff2;base64,{font}")
