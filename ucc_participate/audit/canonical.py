"""Canonical JSON: the one byte string that a value has, and the only one that is accepted back.

The profile is RFC 8785 without floats, with ASCII member names, so that the standard library's encoder gives RFC 8785
exactly (member names sort alike by code point and by UTF-16 unit, and no number needs ECMAScript's formatting).
"""

import json
import re
import unicodedata
from collections.abc import Mapping

MAX_INTEGER = 2**53 - 1
MAX_ENTRY_BYTES = 65_535

ENTRY_PATTERN = re.compile(
    rb'\{"actor":"[0-9a-f]{32}","commit":"[0-9a-f]{64}","prev":(?:null|"[0-9a-f]{64}"),'
    rb'"process":(?:null|"process/[A-Za-z0-9_.-]+"),'
    rb'"role":"(?:visitor|resident|delegate|clerk|moderator|coordinator|evaluator|system)",'
    rb'"schema":"ucc\.[a-z_]+/[1-9][0-9]*","subject":"[a-z_]+(?:/[A-Za-z0-9_.-]+)+",'
    rb'"time":"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z",'
    rb'"type":"[a-z_]+\.[a-z_]+","v":1\}'
)
"""An entry as docs/record-format.md §1 has it, byte for byte."""

_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
).encode


class CanonicalError(ValueError):
    """The value has no canonical form in this profile, or the bytes are not it."""


def dumps(value: object) -> bytes:
    """The RFC 8785 bytes of a value of this profile; raises CanonicalError outside it."""
    try:
        _check(value)
        return _encode(value).encode("utf-8")
    except RecursionError:
        raise CanonicalError("the value is nested too deeply") from None


def dumps_entry(entry: Mapping[str, object]) -> bytes:
    """The bytes of a log entry: exactly the keys and shapes of the record format, under 65,536 bytes."""
    data = dumps(dict(entry))
    if len(data) > MAX_ENTRY_BYTES or not ENTRY_PATTERN.fullmatch(data):
        raise CanonicalError(f"this is not a log entry of the record format: {data[:200]!r}")
    return data


def parse_strict(data: bytes) -> object:
    """The value of canonical bytes; refuses duplicate names, floats and every other spelling of the same value."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique_pairs,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
    except CanonicalError:
        raise
    except (ValueError, RecursionError) as error:
        raise CanonicalError(f"not JSON in UTF-8: {error}") from None
    if dumps(value) != data:
        raise CanonicalError("the bytes are JSON, but not in their canonical form")
    return value


def _check(value: object) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int):
        _check_integer(value)
    elif isinstance(value, dict):
        for name, member in value.items():
            _check_name(name)
            _check(member)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _check(item)
    elif value is not None:
        raise CanonicalError(f"a {type(value).__name__} has no canonical form")


def _check_text(text: str) -> None:
    if text.isascii():
        return
    if not unicodedata.is_normalized("NFC", text):
        raise CanonicalError(f"the text is not in normalisation form NFC: {text[:80]!r}")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise CanonicalError("the text holds half of a surrogate pair") from None


def _check_integer(number: int) -> None:
    if not -MAX_INTEGER <= number <= MAX_INTEGER:
        raise CanonicalError(f"the number has a magnitude over 2^53 - 1: it has {number.bit_length()} bits")


def _check_name(name: object) -> None:
    if not isinstance(name, str) or not name.isascii():
        raise CanonicalError(f"a member name must be ASCII text, not {name!r}")


def _unique_pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise CanonicalError("a member name occurs twice in one object")
    return members


def _refuse_number(text: str) -> object:
    raise CanonicalError(f"numbers must be integers, not {text[:40]}")
