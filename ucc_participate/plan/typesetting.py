"""Turns overview.typ and its data into a PDF; a program of its own, so that the compiler's memory goes when it ends.

``python -m ucc_participate.plan.typesetting < data.json > overview.pdf``: data as ``overview.pdf`` makes it.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
FONTS = HERE.parent / "record" / "fonts"


def typeset(data: str) -> bytes:
    import typst

    return typst.compile(
        str(HERE / "overview.typ"),
        root=str(HERE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        format="pdf",
        pdf_standards=["ua-1"],
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(typeset(sys.stdin.buffer.read().decode("utf-8")))
