"""Ties by lot: one order of all options, drawn once for a vote, that nobody could know before the voting closed.

Three things make the seed: secret bytes whose hash is published before the opening, what the ballot boxes hold, and a
value from outside that is known only after the closing. Each key is one SHA-256 that anybody repeats with a command of
their own: docs/record-format.md §5, "Ties".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from ...audit import canonical

DOMAIN = b"ucc-lot-1\x00"
SECRET_BYTES = 32


def seal(secret: bytes) -> str:
    """What is published before the opening: it fixes the secret and does not tell it."""
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"the secret of a lot has {SECRET_BYTES} bytes, not {len(secret)}")
    return hashlib.sha256(secret).hexdigest()


def snapshot(commitments: Iterable[str]) -> str:
    """The hash of all standing ballots: their commitments (hex) sorted, each followed by a line feed."""
    return hashlib.sha256("".join(f"{line}\n" for line in sorted(commitments)).encode("ascii")).hexdigest()


def seed(*, secret: bytes, public_value: str, snapshot: str, vote_ref: str) -> str:
    """The seed in hex. ``snapshot``: hex; ``vote_ref``: ``vote/<public id>``."""
    seal(secret)
    parts = {"public_value": public_value, "secret": secret.hex(), "snapshot": snapshot, "vote": vote_ref}
    return hashlib.sha256(DOMAIN + canonical.dumps(parts)).hexdigest()


def key(seed: str, option_id: str) -> str:
    """An option's ticket in hex: SHA-256 of the seed's 32 bytes and the id in UTF-8."""
    return hashlib.sha256(bytes.fromhex(seed) + option_id.encode("utf-8")).hexdigest()


def draw(seed: str, ids: Sequence[str]) -> tuple[str, ...]:
    """The ids in the order of the lot, the lowest ticket first. The order in which they are given does not matter."""
    return tuple(sorted(ids, key=lambda option_id: key(seed, option_id)))
