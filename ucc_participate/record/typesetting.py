"""Turns report.typ and its data into a PDF; a program of its own, so that the compiler's memory goes when it ends.

``python -m ucc_participate.record.typesetting < data.json > report.pdf``: data as ``document.report_data`` makes it.
The same data gives the same bytes: the document's date is that of the checkpoint, fonts come from this folder alone.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timezone
from pathlib import Path

import typst

HERE = Path(__file__).parent


def main() -> None:
    text = sys.stdin.buffer.read().decode("utf-8")
    moment = datetime.strptime(json.loads(text)["moment"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    pdf = typst.compile(
        str(HERE / "report.typ"),
        root=str(HERE),
        font_paths=[str(HERE / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"data": text},
        format="pdf",
        pdf_standards=["ua-1", "a-3a"],
        timestamp=moment,
    )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
