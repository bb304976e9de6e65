"""The proof that one entry is in the log, as a file of its own: C2SP tlog-proof with the entry as extra data."""

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from . import notes, tree
from .tree import ProofError

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 64
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry, its place, the hashes that lead from it to the root, and the signed checkpoint with that root."""

    index: int
    entry: bytes
    hashes: tuple[bytes, ...]
    checkpoint: str


def build(index: int, entry: bytes, hashes: Sequence[bytes], checkpoint_note: str) -> str:
    """The text of a proof file."""
    lines = [HEADER, f"extra {_encode(entry)}", f"index {index}", *map(_encode, hashes)]
    return "\n".join(lines) + "\n\n" + checkpoint_note


def parse(text: str) -> Proof:
    """A proof from the text of its file; nothing is verified. Raises ProofError when it is malformed."""
    head, separator, checkpoint = text.partition("\n\n")
    header, *lines = head.split("\n")
    if not separator or header != HEADER or len(lines) < 2 or not lines[0].startswith("extra "):
        raise ProofError("this is not a tlog-proof file with the entry in it")
    index = _INDEX.fullmatch(lines[1])
    if not index or len(lines) > 2 + MAX_HASHES:
        raise ProofError("the proof names no index, or has too many hashes")
    entry, *hashes = (_decode(line) for line in (lines[0][6:], *lines[2:]))
    return Proof(int(index[1]), entry, tuple(hashes), checkpoint)


def verify(text: str, vkeys: Iterable[str], origin: str | None = None) -> tuple[Proof, notes.Checkpoint]:
    """The proof and its checkpoint when both hold; raises ProofError or NoteError when one does not."""
    proof = parse(text)
    signed, _ = notes.open_note(proof.checkpoint, vkeys)
    checkpoint = notes.parse_checkpoint(signed)
    if origin is not None and checkpoint.origin != origin:
        raise ProofError(f"the proof is from another log: {checkpoint.origin}")
    leaf = tree.leaf_hash(proof.entry)
    tree.verify_inclusion(proof.index, checkpoint.size, leaf, proof.hashes, checkpoint.root)
    return proof, checkpoint


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise ProofError(f"this is not base64: {text[:100]!r}") from None
    if not data or _encode(data) != text:
        raise ProofError(f"this is not canonical base64: {text[:100]!r}")
    return data
