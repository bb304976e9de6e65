"""The receipt that a participant keeps (docs/record-format.md §7): an entry, and the server's signed word for it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .checkpoints import LogSigner
from .queries import LoggedEntry

FORMAT = "ucc-receipt/1"


@dataclass(frozen=True, slots=True)
class Said:
    """What the receipt speaks of: ``commit``, ``subject``, ``kind`` of the entry, and its time as written."""

    commit: str
    subject: str
    kind: str
    time: str

    @classmethod
    def of(cls, logged: LoggedEntry) -> Said:
        values = logged.values
        return cls(values["commit"], values["subject"], values["type"], values["time"])


def receipt_text(
    signer: LogSigner,
    said: Said,
    *,
    logged: LoggedEntry | None,
    salt: bytes | None = None,
    ballot: Mapping[str, Any] | None = None,
) -> str:
    """The file as JSON text. ``logged`` is None while the entry waits for its index; ``ballot`` opens a ballot."""
    lines = [said.commit, said.subject, said.kind, ballot["commitment"] if ballot else "-", said.time]
    contents: dict[str, Any] = {
        "format": FORMAT,
        "origin": signer.origin,
        "entry": base64.b64encode(logged.entry).decode("ascii") if logged else None,
        "index": logged.position if logged else None,
        "commit": said.commit,
        "subject": said.subject,
        "type": said.kind,
        "salt": salt.hex() if salt is not None else None,
        "ballot": dict(ballot) if ballot else None,
        "promise": signer.promise(lines),
    }
    return json.dumps(contents, indent=2) + "\n"
