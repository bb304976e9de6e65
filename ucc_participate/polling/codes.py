"""What is kept of the codes on letters, and by what the papers of a batch are found again in the record."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ..kernel.codes import Digests, read_code
from ..voting.models import Vote


def digest_of(vote: Vote, code: str, digests: Digests) -> str:
    """What is kept of a code: bound to its vote, so that a code of another vote opens nothing."""
    return digests("voting-code", vote.public_id, read_code(code))


def batch_hash(commitments: Sequence[str]) -> str:
    """SHA-256 of the commitments of ``ballots.entered``, sorted, each followed by a line feed: what the protocol
    prints, and anybody finds again in the record."""
    return hashlib.sha256("".join(f"{each}\n" for each in sorted(commitments)).encode()).hexdigest()
