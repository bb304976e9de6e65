"""Commitments to payloads, field by field, so that one field can be opened and another withheld (record format §2)."""

import os
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from hmac import digest as hmac_digest

from .canonical import dumps

SALT_BYTES = 32
MAX_NAME_BYTES = 65_535
EMPTY = sha256(b"ucc-c1\0").hexdigest()
"""The commitment of an empty payload; it needs no opening."""

Opened = dict[str, list[object]]
"""Field name → [its salt in hex, its value]."""


def new_salt() -> bytes:
    """32 random bytes."""
    return os.urandom(SALT_BYTES)


def field_salt(salt: bytes, name: str) -> bytes:
    """HKDF-SHA256 (RFC 5869) of the entry's salt, with no salt of its own and the name as info; 32 bytes."""
    return _expand(_extract(salt), name)


def field_digest(field_salt: bytes, name: str, value: object) -> bytes:
    """The digest of one field: SHA-256("ucc-f1\\0" ‖ salt ‖ u16be(len(name)) ‖ name ‖ JCS(value))."""
    encoded = name.encode()
    if len(field_salt) != SALT_BYTES or not 0 < len(encoded) <= MAX_NAME_BYTES:
        raise ValueError("a field has a salt of 32 bytes and a name of 1 to 65,535 bytes")
    return sha256(b"ucc-f1\0" + field_salt + len(encoded).to_bytes(2, "big") + encoded + dumps(value)).digest()


def commit(salt: bytes, payload: Mapping[str, object]) -> str:
    """The commitment to a payload, in hex."""
    if not payload:
        return EMPTY
    key = _extract(salt)
    return commit_digests(field_digest(_expand(key, name), name, value) for name, value in payload.items())


def commit_digests(digests: Iterable[bytes]) -> str:
    """The commitment that these field digests, opened or withheld, make together, in hex."""
    return sha256(b"ucc-c1\0" + b"".join(sorted(digests))).hexdigest()


def open_fields(salt: bytes, payload: Mapping[str, object]) -> Opened:
    """What opens every field: its own salt in hex, from which no other field's salt follows, and its value."""
    if not payload:
        return {}
    key = _extract(salt)
    return {name: [_expand(key, name).hex(), value] for name, value in payload.items()}


def opening(index: int, fields: Opened, withheld: Mapping[str, str] | None = None) -> dict[str, object]:
    """One line of openings.jsonl as an object; `withheld` maps field names to their digests in hex."""
    return {"fields": fields, "index": index, "withheld": dict(withheld or {})}


def ballot(
    salt: bytes,
    vote_ref: str,
    choices: Sequence[str],
    *,
    points: Sequence[int] | None = None,
    sector: str | None = None,
) -> str:
    """The commitment to a secret ballot, in hex; `choices` are option ids in the order of the ballot paper, or of
    preference. `points`: of each choice, where ballots have points; `sector`: of the voter, where it decides."""
    if len(salt) != SALT_BYTES:
        raise ValueError("a ballot's salt has 32 bytes")
    said: dict[str, object] = {"choices": list(choices), "vote": vote_ref}
    if points is not None:
        said["points"] = list(points)
    if sector is not None:
        said["sector"] = sector
    return sha256(b"ucc-b1\0" + salt + dumps(said)).hexdigest()


def _extract(salt: bytes) -> bytes:
    if len(salt) != SALT_BYTES:
        raise ValueError("an entry's salt has 32 bytes")
    return hmac_digest(b"", salt, "sha256")


def _expand(key: bytes, name: str) -> bytes:
    return hmac_digest(key, name.encode() + b"\x01", "sha256")
