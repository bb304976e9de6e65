"""Turns paper.typ and its data into a PDF; a program of its own, so that the compiler's memory goes when it ends.

``python -m ucc_participate.submission.typesetting < data.json > paper.pdf``: data as ``paper.data`` makes it. The same
data gives the same bytes: the date is that of the checkpoint, fonts come from the record's folder alone.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timezone
from pathlib import Path

from ..kernel.typesetting import typeset

HERE = Path(__file__).parent


def main() -> None:
    text = sys.stdin.buffer.read().decode("utf-8")
    moment = datetime.strptime(json.loads(text)["moment"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    pdf = typeset(HERE / "paper.typ", text, standards=["ua-1", "a-3a"], timestamp=moment)
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
