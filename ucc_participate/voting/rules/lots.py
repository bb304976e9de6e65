"""A lot that nobody can have known or chosen: sealed before the vote, drawn after it, repeatable by hand.

32 secret bytes are hashed into the rules when the vote is announced; after the closing they are told, and with a public
value that did not exist before they give the order of the options (docs/record-format.md §5).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

PREFIX = b"ucc-lot-1\0"


def seal(secret: bytes) -> str:
    """What is published of the secret before the vote."""
    return hashlib.sha256(secret).hexdigest()


def seed_text(*, vote: str, secret: bytes, public_value: str, snapshot: str) -> str:
    """What is hashed, behind PREFIX: canonical JSON of everything that goes into the draw."""
    facts = {"public_value": public_value, "secret": secret.hex(), "snapshot": snapshot, "vote": vote}
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def seed(*, vote: str, secret: bytes, public_value: str, snapshot: str) -> bytes:
    text = seed_text(vote=vote, secret=secret, public_value=public_value, snapshot=snapshot)
    return hashlib.sha256(PREFIX + text.encode()).digest()


def ticket(seed: bytes, option_id: str) -> str:
    """The number that decides the place of an option: the smallest comes first."""
    return hashlib.sha256(seed + option_id.encode()).hexdigest()


def draw(seed: bytes, ids: Iterable[str]) -> tuple[str, ...]:
    """All option ids in the order of the lot."""
    return tuple(sorted(ids, key=lambda option_id: ticket(seed, option_id)))
