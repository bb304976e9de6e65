"""Turns one of the .typ files here and its data into a PDF; a program of its own, so that memory goes as it ends.

``python -m ucc_participate.polling.typesetting ballots < data.json > ballots.pdf``. The record's fonts, none of the
system's.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
FONTS = HERE.parent / "record" / "fonts"
KINDS = ("ballots", "letters", "protocol")


def typeset(kind: str, data: str) -> bytes:
    import typst

    return typst.compile(
        str(HERE / f"{kind}.typ"),
        root=str(HERE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        format="pdf",
        pdf_tags=False,
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(typeset(KINDS[KINDS.index(sys.argv[1])], sys.stdin.buffer.read().decode("utf-8")))
