"""Signed notes and checkpoints: C2SP signed-note and tlog-checkpoint, with Ed25519 keys (signature type 0x01)."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
_SIGNATURE_LINE = re.compile(r"— ([^ ]+) ([A-Za-z0-9+/=]+)")
_VKEY = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteError(ValueError):
    """The note, key or checkpoint is malformed, or no known key has signed it."""


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """The public half of a note's key; `id` is the first 4 bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public)."""

    name: str
    id: bytes
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> "VerificationKey":
        """From `<name>+<8 hex>+<base64 of 0x01 ‖ public key>`."""
        match = _VKEY.fullmatch(vkey)
        if not match:
            raise NoteError(f"this is not a verification key: {vkey[:100]!r}")
        name, key_id, encoded = match.groups()
        key = _decode_base64(encoded)
        if key[:1] != ED25519 or len(key) != 33:
            raise NoteError("only Ed25519 verification keys (type 0x01) are known")
        if _key_id(name, key[1:]).hex() != key_id:
            raise NoteError("the verification key does not match its own id")
        return cls(name, bytes.fromhex(key_id), key[1:])

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature over the message is by this key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class Signer:
    """A name and an Ed25519 key, made from its 32-byte seed."""

    def __init__(self, name: str, seed: bytes) -> None:
        if len(seed) != 32:
            raise NoteError("an Ed25519 seed has 32 bytes")
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._private.public_key().public_bytes_raw()
        self.key = VerificationKey(_checked_name(name), _key_id(name, public), public)
        self.name = name

    @property
    def vkey(self) -> str:
        """The verification key as text, to be published."""
        return str(self.key)

    def sign(self, text: str) -> str:
        """The whole note: the text, an empty line, one signature line."""
        message = _checked_text(text)
        blob = base64.b64encode(self.key.id + self._private.sign(message)).decode()
        return f"{text}\n— {self.name} {blob}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: who it is, how many entries it has, and their Merkle root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def open_note(note: str | bytes, vkeys: Iterable[str]) -> tuple[str, list[str]]:
    """The text of a note and the names of the known keys that signed it, each key counted once.

    Signatures by unknown keys are ignored, a known name with another key's id included. Raises NoteError when the
    note is malformed, when a known key's signature is wrong, or when no known key has signed.
    """
    known = {(key.name, key.id): key for key in map(VerificationKey.parse, vkeys)}
    text, signatures = split_note(note)
    signed: dict[tuple[str, bytes], str] = {}
    for name, key_id, signature in signatures:
        key = known.get((name, key_id))
        if key is None or (name, key_id) in signed:
            continue
        if not key.verifies(text.encode(), signature):
            raise NoteError(f"the signature of {name} is not valid")
        signed[name, key_id] = name
    if not signed:
        raise NoteError(_nobody_known(known, signatures))
    return text, list(signed.values())


def split_note(note: str | bytes) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """A note's text and its signature lines as (name, key id, signature), none of them verified."""
    content = _checked_note(note)
    text, separator, tail = content.rpartition("\n\n")
    if not separator or not tail.endswith("\n") or tail == "\n":
        raise NoteError("the note has no signatures")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(f"the note has more than {MAX_SIGNATURES} signatures")
    return text + "\n", [_parse_signature(line) for line in lines]


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """The text of a checkpoint, ready to be signed."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    parse_checkpoint(text)
    return text


def parse_checkpoint(text: str) -> Checkpoint:
    """A checkpoint from its text (not the whole note); raises NoteError when it is not exactly one."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise NoteError("a checkpoint has an origin, a size, a root and no empty line")
    origin, size, root, *extensions = lines[:-1]
    if not _SIZE.fullmatch(size) or int(size) >= 2**63:
        raise NoteError(f"this is not a tree size: {size[:40]!r}")
    decoded = _decode_base64(root)
    if len(decoded) != 32:
        raise NoteError("a root has 32 bytes")
    return Checkpoint(origin, int(size), decoded, tuple(extensions))


def _key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def _checked_name(name: str) -> str:
    if not name or "+" in name or any(c.isspace() or ord(c) < 0x20 for c in name):
        raise NoteError(f"a key's name has no space and no plus sign: {name[:100]!r}")
    return name


def _checked_text(text: str) -> bytes:
    if not text.endswith("\n"):
        raise NoteError("the text of a note ends with a newline")
    _checked_note(text)
    return text.encode()


def _checked_note(note: str | bytes) -> str:
    try:
        data = note if isinstance(note, bytes) else note.encode("utf-8")
        content = data.decode("utf-8")
    except UnicodeError:
        raise NoteError("a note is UTF-8 text") from None
    if len(data) > MAX_NOTE_BYTES:
        raise NoteError("the note is too long")
    if any(c < " " and c != "\n" for c in content):
        raise NoteError("a note has no control characters")
    return content


def _parse_signature(line: str) -> tuple[str, bytes, bytes]:
    match = _SIGNATURE_LINE.fullmatch(line)
    if not match:
        raise NoteError(f"this is not a signature line: {line[:100]!r}")
    blob = _decode_base64(match[2])
    if len(blob) < 5:
        raise NoteError("a signature is longer than its key's id")
    return _checked_name(match[1]), blob[:4], blob[4:]


def _decode_base64(text: str) -> bytes:
    """Standard base64 in its one canonical spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data or base64.b64encode(data).decode() != text:
        raise NoteError(f"this is not canonical base64: {text[:100]!r}")
    return data


def _nobody_known(known: dict[tuple[str, bytes], VerificationKey], signatures: list[tuple[str, bytes, bytes]]) -> str:
    names = {name for name, _ in known}
    impostor = next((name for name, _, _ in signatures if name in names), None)
    if impostor:
        return f"the signature in the name of {impostor} is by another key"
    return "no known key has signed the note"
