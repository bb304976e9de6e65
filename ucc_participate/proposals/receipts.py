"""What an author keeps of a proposal: the entry of the log that tells of it, and the server's signed word for it."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..audit.checkpoints import LogSigner
from ..audit.queries import LoggedEntry
from .events import ProposalEvent

FORMAT = "ucc-receipt/1"
SENT = frozenset({ProposalEvent.SUBMITTED.value, ProposalEvent.IMPORTED.value})


@dataclass(frozen=True, slots=True)
class Receipt:
    """The entry with which a proposal was sent. ``is_sealed``: a signed checkpoint covers it, so there is a proof."""

    logged: LoggedEntry
    salt: bytes | None
    is_sealed: bool

    @property
    def position(self) -> int:
        return self.logged.position

    @property
    def commit(self) -> str:
        return str(self.logged.values["commit"])


def sending_entry(entries: Sequence[LoggedEntry]) -> LoggedEntry | None:
    """The entry with which the proposal became public, None while it waits for its index."""
    return next((entry for entry in entries if entry.values["type"] in SENT), None)


def receipt_file(receipt: Receipt, signer: LogSigner) -> str:
    """The file of docs/record-format.md §7, as JSON text."""
    values = receipt.logged.values
    said = [values["commit"], values["subject"], values["type"]]
    contents: dict[str, Any] = {
        "format": FORMAT,
        "origin": signer.origin,
        "entry": base64.b64encode(receipt.logged.entry).decode("ascii"),
        "index": receipt.position,
        "commit": said[0],
        "subject": said[1],
        "type": said[2],
        "salt": receipt.salt.hex() if receipt.salt is not None else None,
        "ballot": None,
        "promise": signer.promise([*said, "-", values["time"]]),
    }
    return json.dumps(contents, indent=2) + "\n"
