"""Turns letters.typ and its data into a PDF, and joins several; programs of their own, so that memory goes as they end.

``python -m ucc_participate.outreach.typesetting < data.json > letters.pdf``: data as ``letters.letters`` makes it.
``python -m ucc_participate.outreach.typesetting a.pdf b.pdf > joined.pdf``. The record's fonts are used; none of the
system's.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

HERE = Path(__file__).parent
FONTS = HERE.parent / "record" / "fonts"


def typeset(data: str) -> bytes:
    import typst

    return typst.compile(
        str(HERE / "letters.typ"),
        root=str(HERE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        format="pdf",
        pdf_tags=False,  # the letters are for paper; without the tree of tags the file is half as large
    )


def join(paths: list[str]) -> bytes:
    from pypdf import PdfWriter

    joined = PdfWriter()
    for path in paths:
        joined.append(path, import_outline=False)
    written = io.BytesIO()
    joined.write(written)
    return written.getvalue()


if __name__ == "__main__":
    files = sys.argv[1:]
    sys.stdout.buffer.write(join(files) if files else typeset(sys.stdin.buffer.read().decode("utf-8")))
