"""Turns overview.typ and its data into a PDF; a program of its own, so that the compiler's memory goes when it ends.

``python -m ucc_participate.plan.typesetting < data.json > overview.pdf``: data as ``overview.pdf`` makes it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ..kernel.typesetting import typeset

HERE = Path(__file__).parent


if __name__ == "__main__":
    text = sys.stdin.buffer.read().decode("utf-8")
    sys.stdout.buffer.write(typeset(HERE / "overview.typ", text, standards=["ua-1"]))
