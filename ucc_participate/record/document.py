"""What the record holds for people: README.html and the PDFs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import verify


def documents(summary: dict[str, Any], story: verify.Story) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every document, the same for the same summary and story."""
    yield "README.html", b"<!doctype html><title>Participation record</title>"
