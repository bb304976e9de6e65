"""Turns letters.typ and its data into a PDF; a program of its own, so that the compiler's memory goes when it ends.

``python -m ucc_participate.outreach.typesetting < data.json > letters.pdf``: data as ``letters.letters`` makes it.
The record's fonts are used; none of the system's.
"""

from __future__ import annotations

import sys
from pathlib import Path

import typst

HERE = Path(__file__).parent
FONTS = HERE.parent / "record" / "fonts"


def main() -> None:
    text = sys.stdin.buffer.read().decode("utf-8")
    pdf = typst.compile(
        str(HERE / "letters.typ"),
        root=str(HERE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": text},
        format="pdf",
        pdf_tags=False,  # the letters are for paper; without the tree of tags the file is half as large
    )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
