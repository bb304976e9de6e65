#!/usr/bin/env python3
"""Verify a participation record: `python3 verify.py record.zip --vkey "<name>+<id>+<key>"`.

This file needs Python 3.9 or newer and nothing else. It trusts nothing in the package: give it the log's verification
key, earlier checkpoints and participants' receipts that you got elsewhere. It says what is PROVED, what is NOT PROVABLE
with what it was given, what it has NOT CHECKED, and what FAILED. docs/record-format.md describes every format.
Exit status: 0 nothing failed, 1 something failed, 2 the input could not be read as a record.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import csv
import gc
import hashlib
import heapq
import io
import json
import math
import re
import stat
import sys
import unicodedata
import zipfile
import zlib
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from functools import cmp_to_key
from itertools import accumulate
from operator import itemgetter, mul
from pathlib import Path
from typing import IO, Any, Callable, NamedTuple, Optional

FORMAT = "ucc-verification/1"
MIB = 1 << 20
MAX_MEMBERS = 120_000
MAX_DIRECTORY = 12 * MIB
MAX_RATIO = 200
MAX_JSON = 16 * MIB
MAX_LINE = 16 * MIB
MAX_TABLE = 256 * MIB
MAX_INTEGER = 2**53 - 1
MAX_LISTED = 20
MERGE_SECONDS = 300
WIDTH = 256
HASH = 32

sha256 = hashlib.sha256
EMPTY_COMMITMENT = sha256(b"ucc-c1\0").hexdigest().encode()
LOG, VOTES, OPENINGS = "data/log/", "data/votes/", "data/openings.jsonl"
CHECKPOINTS = LOG + "checkpoints/"
UNREAD = ("data/README.html", "data/record.pdf", "data/record.en.pdf", "data/prov.json", "data/datapackage.json")


class Unreadable(Exception):
    """The input is not a record, or is too hostile to be read as one."""


class Malformed(ValueError):
    """A part of the record does not have its form; `where` names the part."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(what)
        self.where = where


class Failure(NamedTuple):
    """One thing that is wrong: which check found it, in which entry, file or cell, and what it is."""

    check: str
    where: str
    what: str


class Report:
    """What was found, in three columns, and what failed; at most 20 failures of one kind are kept."""

    def __init__(self) -> None:
        self.header: dict[str, Any] = {"process": None, "origin": None, "size": None, "root": None}
        self.not_provable: list[str] = []
        self.not_checked: list[str] = []
        self.shown: list[str] = []
        self.failed: list[Failure] = []
        self._proved: list[tuple[str, str]] = []
        self._failures: Counter[str] = Counter()

    def fail(self, check: str, where: str, what: str) -> None:
        self._failures[check] += 1
        if self._failures[check] <= MAX_LISTED:
            self.failed.append(Failure(check, where, what))

    def prove(self, check: str, statement: str) -> None:
        """The statement holds unless this check fails, now or later."""
        self._proved.append((check, statement))

    @property
    def proved(self) -> list[str]:
        return [statement for check, statement in self._proved if not self._failures[check]]

    @property
    def exit(self) -> int:
        return 1 if self.failed else 0

    def all_failures(self) -> list[Failure]:
        """The kept failures, and for each kind that was cut short how many more there are."""
        more = [
            Failure(check, "", f"… and {count - MAX_LISTED} more of this kind")
            for check, count in self._failures.items()
            if count > MAX_LISTED
        ]
        return self.failed + more

    def as_dict(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "exit": self.exit,
            **self.header,
            "proved": self.proved,
            "not_provable": self.not_provable,
            "not_checked": self.not_checked,
            "shown": self.shown,
            "failed": [failure._asdict() for failure in self.all_failures()],
        }


def attempt(report: Report, check: str, where: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """Run one step; content without the documented form is a failure of the record, never of this program."""
    try:
        return function(*arguments)
    except Malformed as error:
        report.fail(check, error.where or where, str(error))
    except Exception as error:
        report.fail(check, where, f"not in the documented form ({type(error).__name__})")
    return None


# ---------------------------------------------------------------------------------------------- the package


_MEMBER_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")


class Package:
    """A ZIP file read within bounds: plain names, no links, no bombs; every member read is hashed on the way."""

    def __init__(self, path: str) -> None:
        try:
            self._file: IO[bytes] = open(path, "rb")  # noqa: SIM115  closed by close()
        except OSError as error:
            raise Unreadable(f"{path}: {error.strerror}") from None
        self.digests: dict[str, str] = {}
        try:
            self.members = self._directory()
        except Unreadable:
            self.close()
            raise
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
            self.close()
            raise Unreadable(f"{path} is not a ZIP file: {error}") from None

    def close(self) -> None:
        self._file.close()

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def under(self, prefix: str) -> list[str]:
        return [name for name in self.members if name.startswith(prefix)]

    def _directory(self) -> dict[str, zipfile.ZipInfo]:
        length = self._require_small_directory()
        with zipfile.ZipFile(self._file) as archive:
            infos = archive.infolist()
        members: dict[str, zipfile.ZipInfo] = {}
        folded: set[str] = set()
        for info in infos:
            check_member(info)
            if info.filename.lower() in folded:
                raise Unreadable(f"the package has two files of the name {info.filename}")
            folded.add(info.filename.lower())
            members[info.filename] = info
        check_sizes(infos, length)
        return members

    def _require_small_directory(self) -> int:
        """Refuse a huge table of contents before it is read into memory; the file's length."""
        length = self._file.seek(0, 2)
        self._file.seek(max(0, length - 42))
        tail = self._file.read(42)
        end = tail[-22:]
        if len(end) < 22 or end[:4] != b"PK\5\6" or end[20:22] != b"\0\0":
            raise Unreadable("this is not a ZIP file, or something stands behind its end")
        count, size = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
        if tail[:4] == b"PK\6\7":
            self._file.seek(int.from_bytes(tail[8:16], "little"))
            large = self._file.read(56)
            count, size = int.from_bytes(large[32:40], "little"), int.from_bytes(large[40:48], "little")
        if count > MAX_MEMBERS or size > MAX_DIRECTORY:
            raise Unreadable(f"the package claims {count} files, listed in {size} bytes: more than this program reads")
        return length

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of a member, piece by piece; Malformed when it is missing or damaged."""
        info = self.members.get(name)
        if info is None:
            raise Malformed(name, "the file is missing")
        digest, crc, size = sha256(), 0, 0
        for piece in self._unpacked(info):
            size += len(piece)
            if size > info.file_size:
                raise Malformed(name, "the file is longer than the package says")
            crc = zlib.crc32(piece, crc)
            digest.update(piece)
            yield piece
        if size != info.file_size or crc != info.CRC:
            raise Malformed(name, "the file is damaged: its length or checksum is wrong")
        self.digests[name] = digest.hexdigest()

    def _unpacked(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        self._seek_content(info)
        left = info.compress_size
        if info.compress_type == zipfile.ZIP_STORED:
            while left > 0 and (piece := self._file.read(min(left, MIB))):
                left -= len(piece)
                yield piece
            return
        inflater, waiting = zlib.decompressobj(-15), b""
        try:
            while not inflater.eof:
                if not waiting and left:
                    waiting = self._file.read(min(left, MIB))
                    left -= len(waiting)
                piece = inflater.decompress(waiting, MIB)
                if not piece and not waiting:
                    break
                waiting = inflater.unconsumed_tail
                yield piece
        except zlib.error:
            raise Malformed(info.filename, "the file is damaged: it cannot be decompressed") from None
        if not inflater.eof or left or inflater.unused_data:
            raise Malformed(info.filename, "the file is damaged: its compressed data do not end where they should")

    def _seek_content(self, info: zipfile.ZipInfo) -> None:
        """Stand at the member's data, which must be the ones that the table of contents names."""
        self._file.seek(info.header_offset)
        header = self._file.read(30)
        name = self._file.read(int.from_bytes(header[26:28], "little"))
        if header[:4] != b"PK\3\4" or name != info.filename.encode():
            raise Malformed(info.filename, "the file's own header does not agree with the table of contents")
        self._file.seek(int.from_bytes(header[28:30], "little"), 1)

    def read(self, name: str, limit: int) -> bytes:
        """A whole member of at most `limit` bytes."""
        info = self.members.get(name)
        if info is not None and info.file_size > limit:
            raise Malformed(name, f"the file has {info.file_size} bytes, at most {limit} are allowed")
        return b"".join(self.chunks(name))

    def blocks(self, name: str) -> Iterator[bytes]:
        """The content of a text member in pieces that end with a line; a line has at most 16 MiB."""
        rest: list[bytes] = []
        waiting = 0
        for piece in self.chunks(name):
            cut = piece.rfind(b"\n") + 1
            if cut:
                yield b"".join(rest) + piece[:cut]
                rest, waiting = [piece[cut:]], len(piece) - cut
            else:
                rest.append(piece)
                waiting += len(piece)
            if waiting > MAX_LINE:
                raise Malformed(name, f"a line is longer than {MAX_LINE} bytes")
        if waiting:
            raise Malformed(name, "the last line has no end")

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a text member without their ends."""
        for block in self.blocks(name):
            yield from block[:-1].split(b"\n")

    def digest(self, name: str) -> str:
        """SHA-256 of a member in hex, read for it if nobody has read it before."""
        if name not in self.digests:
            for _ in self.chunks(name):
                pass
        return self.digests[name]


def check_member(info: zipfile.ZipInfo) -> None:
    """A plain file of a plain name, packed in a known way, whose size can be true."""
    name = info.filename
    if info.orig_filename != name or len(name) > 255 or not _MEMBER_NAME.fullmatch(name):
        raise Unreadable(f"the package has a file of a forbidden name: {info.orig_filename[:100]!r}")
    mode = info.external_attr >> 16
    if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        raise Unreadable(f"{name} is a link or a special file")
    if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unreadable(f"{name} is encrypted or packed in an unknown way")
    if info.file_size > MIB + MAX_RATIO * info.compress_size:
        raise Unreadable(f"{name} claims {info.file_size} bytes out of {info.compress_size}: this looks like a bomb")


def check_sizes(infos: Sequence[zipfile.ZipInfo], length: int) -> None:
    """The files fit into the package, and what comes out of it stays in proportion."""
    packed, unpacked = sum(info.compress_size for info in infos), sum(info.file_size for info in infos)
    if packed > length:
        raise Unreadable("files overlap inside the package")
    if unpacked > 64 * MIB + MAX_RATIO // 2 * length:
        raise Unreadable(f"the package claims {unpacked} bytes out of {length}: this looks like a bomb")


# ---------------------------------------------------------------------------------------------- JSON, base64


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False).encode
_LONG_NUMBER = re.compile(rb"[\[:,-][0-9]{16}")


def jcs(value: object) -> bytes:
    """The RFC 8785 bytes of a value of the record's profile (integers, ASCII member names)."""
    return _encode(value).encode("utf-8")


def _refuse_number(text: str) -> object:
    raise ValueError(f"the number {text[:40]} is not an integer")


def parse_canonical(data: bytes, where: str) -> Any:
    """The value of canonical JSON. Equality with its own encoding also rules out duplicate names and surrogates."""
    try:
        text = data.decode("utf-8")
        value = json.loads(text, parse_float=_refuse_number, parse_constant=_refuse_number)
        canonical = jcs(value) == data
    except UnicodeEncodeError:
        raise Malformed(where, "the text holds half of a surrogate pair") from None
    except UnicodeDecodeError:
        raise Malformed(where, "not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise Malformed(where, f"not JSON of the record's profile: {_clean(str(error))[:120]}") from None
    if not canonical:
        raise Malformed(where, "JSON that is not in its canonical form (RFC 8785), or names a member twice")
    if _LONG_NUMBER.search(data) or not (text.isascii() or unicodedata.is_normalized("NFC", text)):
        _require_profile(value, where)
    elif not text.isascii():
        _require_ascii_names(value, where)
    return value


def _require_profile(value: object, where: str) -> None:
    """Integers below 2^53, texts in NFC, at any depth."""
    if isinstance(value, dict):
        for name, member in value.items():
            if not name.isascii():
                raise Malformed(where, f"the member name {name!r} is not ASCII")
            _require_profile(member, where)
    elif isinstance(value, list):
        for item in value:
            _require_profile(item, where)
    elif isinstance(value, str) and not unicodedata.is_normalized("NFC", value):
        raise Malformed(where, "a text is not in normalisation form NFC")
    elif isinstance(value, int) and not -MAX_INTEGER <= value <= MAX_INTEGER:
        raise Malformed(where, "a number has a magnitude of 2^53 or more")


def _require_ascii_names(value: object, where: str) -> None:
    if isinstance(value, dict):
        if not all(map(str.isascii, value)):
            raise Malformed(where, "a member name is not ASCII")
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            _require_ascii_names(item, where)


def parse_json(data: bytes, where: str) -> Any:
    """Any JSON without duplicate names, lone surrogates or non-numbers."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse_number)
        _encode(value).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Malformed(where, f"not strict JSON: {_clean(str(error))[:120]}") from None
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member name occurs twice in one object")
    return members


def decode_base64(text: str, where: str) -> bytes:
    """Standard base64 in its one canonical spelling."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Malformed(where, "not base64") from None
    if base64.b64encode(data).decode() != text:
        raise Malformed(where, "base64 that is not in its canonical form")
    return data


# ---------------------------------------------------------------------------------------------- Ed25519, RFC 8032


_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_SQRT_MINUS_1 = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]


def _point_add(a: _Point, b: _Point) -> _Point:
    left, right = (a[1] - a[0]) * (b[1] - b[0]) % _P, (a[1] + a[0]) * (b[1] + b[0]) % _P
    t, z = 2 * a[3] * b[3] * _D % _P, 2 * a[2] * b[2] % _P
    e, f, g, h = right - left, z - t, z + t, right + left
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _point_multiply(scalar: int, point: _Point) -> _Point:
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _point_add(result, point)
        point = _point_add(point, point)
        scalar >>= 1
    return result


def _point_decode(data: bytes) -> Optional[_Point]:
    """RFC 8032 §5.1.3; None for what is not the canonical encoding of a point."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * _SQRT_MINUS_1 % _P
    if x * x % _P != square or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _point_encode(point: _Point) -> bytes:
    inverse = pow(point[2], _P - 2, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


_BASE = _point_decode((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little")) or (0, 1, 1, 0)


def verify_ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is by this key (RFC 8032 §5.1.7, without the cofactor, S below the group order)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    point = _point_decode(public)
    scalar = int.from_bytes(signature[32:], "little")
    if point is None or scalar >= _ORDER:
        return False
    challenge = hashlib.sha512(signature[:32] + public + message).digest()
    minus = (_P - point[0], point[1], point[2], _P - point[3])
    k = int.from_bytes(challenge, "little") % _ORDER
    return _point_encode(_point_add(_point_multiply(scalar, _BASE), _point_multiply(k, minus))) == signature[:32]


# ---------------------------------------------------------------------------------------------- notes, checkpoints


_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")


class Key(NamedTuple):
    """A verification key of a signed note."""

    name: str
    id: bytes
    public: bytes


class Checkpoint(NamedTuple):
    """What a log says of itself."""

    origin: str
    size: int
    root: bytes


def parse_vkey(text: str) -> Key:
    """`<name>+<8 hex>+<base64 of 0x01 ‖ public key>` [C2SP signed-note]."""
    match = re.fullmatch(r"([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", text.strip())
    if not match:
        raise Malformed("--vkey", "this is not a verification key")
    blob = decode_base64(match[3], "--vkey")
    if len(blob) != 33 or blob[0] != 1:
        raise Malformed("--vkey", "only Ed25519 keys (type 0x01) can be checked")
    if sha256(match[1].encode() + b"\n" + blob).hexdigest()[:8] != match[2]:
        raise Malformed("--vkey", "the key does not match its own id")
    return Key(match[1], bytes.fromhex(match[2]), blob[1:])


def split_note(data: bytes, where: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """Text and signatures (name, key id, signature) of a note, none of them verified."""
    try:
        content = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed(where, "a signed note is UTF-8 text") from None
    text, separator, tail = content.rpartition("\n\n")
    lines = tail.split("\n")[:-1]
    if not separator or not tail.endswith("\n") or not lines or len(lines) > 100 or len(data) > MIB:
        raise Malformed(where, "this is not a signed note")
    if any(c < " " and c != "\n" for c in content):
        raise Malformed(where, "a signed note has no control characters")
    return text + "\n", [_parse_signature(line, where) for line in lines]


def _parse_signature(line: str, where: str) -> tuple[str, bytes, bytes]:
    match = _SIGNATURE_LINE.fullmatch(line)
    if not match:
        raise Malformed(where, "a line of the note is not a signature line")
    blob = decode_base64(match[2], where)
    if len(blob) < 5:
        raise Malformed(where, "a signature is shorter than its key's id")
    return match[1], blob[:4], blob[4:]


def open_note(data: bytes, keys: Iterable[Key], where: str) -> tuple[str, list[str]]:
    """The text of a note and who of `keys` signed it, each once; unknown keys are ignored, wrong signatures are not."""
    known = {(key.name, key.id): key for key in keys}
    text, signatures = split_note(data, where)
    signed: dict[tuple[str, bytes], str] = {}
    for name, key_id, signature in signatures:
        key = known.get((name, key_id))
        if key is None or (name, key_id) in signed:
            continue
        if not verify_ed25519(key.public, text.encode(), signature):
            raise Malformed(where, f"the signature of {name} is not valid")
        signed[name, key_id] = name
    return text, list(signed.values())


def parse_checkpoint(text: str, where: str) -> Checkpoint:
    """A checkpoint from the text of its note [C2SP tlog-checkpoint]."""
    lines = text.split("\n")[:-1]
    if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]):
        raise Malformed(where, "this is not a checkpoint")
    root = decode_base64(lines[2], where)
    if len(root) != HASH:
        raise Malformed(where, "a checkpoint's root has 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root)


# ---------------------------------------------------------------------------------------------- the tree


def merkle_root(level: bytes) -> bytes:
    """The root over hashes of equal, complete subtrees (the last one may be smaller), concatenated [RFC 6962 §2.1]."""
    if not level:
        return sha256(b"").digest()
    while (length := len(level)) > HASH:
        even = length - length % (2 * HASH)
        nodes = [sha256(b"\1" + level[at : at + 64]).digest() for at in range(0, even, 64)]
        if even < length:
            nodes.append(level[even:])
        level = b"".join(nodes)
    return level


def leaf_hashes(entries: Iterable[bytes]) -> bytes:
    """The leaf hashes of entries, concatenated."""
    return b"".join([sha256(b"\0" + entry).digest() for entry in entries])


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162 §2.1.3.2."""
    at, last = index, size - 1
    if not 0 <= index < size or any(len(digest) != HASH for digest in (leaf, root, *proof)):
        return False
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            leaf = sha256(b"\1" + sibling + leaf).digest()
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            leaf = sha256(b"\1" + leaf + sibling).digest()
        at, last = at >> 1, last >> 1
    return last == 0 and leaf == root


def tile_name(level: str, number: int, width: int) -> str:
    """The member that holds a tile (level "0" …) or an entry bundle (level "entries") [C2SP tlog-tiles]."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03d}")
    return f"{LOG}tile/{level}/{'/'.join(groups)}" + ("" if width == WIDTH else f".p/{width}")


def decode_bundle(data: bytes, start: int, where: str) -> list[bytes]:
    """The entries of a bundle whose first entry has the index `start`."""
    entries: list[bytes] = []
    at, end = 0, len(data)
    while at < end:
        begin = at + 2
        at = begin + int.from_bytes(data[at:begin], "big")
        if at > end or begin > end:
            raise Malformed(where, f"the bundle ends in the middle of entry {start + len(entries)}")
        entries.append(data[begin:at])
    return entries


# ---------------------------------------------------------------------------------------------- entries


ENTRY_KEYS = ["actor", "commit", "prev", "process", "role", "schema", "subject", "time", "type", "v"]
_FRAMED_ENTRY = re.compile(
    rb'(..)(\{"actor":"(.{32})","commit":"(.{64})","prev":(?:null|"(.{64})"),'
    rb'"process":(?:null|"(process/[A-Za-z0-9_.-]+)"),'
    rb'"role":"(?:resident|visitor|delegate|clerk|moderator|coordinator|evaluator|system)",'
    rb'"schema":"ucc\.[a-z_]+/1","subject":"(([a-z_]+/[A-Za-z0-9_.-]+)(?:/[A-Za-z0-9_.-]+)*)",'
    rb'"time":"([0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)",'
    rb'"type":"([a-z_]+\.[a-z_]+)","v":1\})',
    re.DOTALL,
)
_HEX_DIGITS = b"0123456789abcdef"
_SCHEMA = re.compile(r"ucc\.[a-z_]+/[1-9][0-9]*")


class Row(NamedTuple):
    """What the checks need of an entry; prev and process are empty for null, root is the subject's first two parts."""

    entry: bytes
    actor: bytes
    commit: bytes
    prev: bytes
    process: bytes
    subject: bytes
    root: bytes
    time: bytes
    kind: bytes


class Batch(NamedTuple):
    """The entries of a bundle, column by column."""

    entries: tuple[bytes, ...]
    actors: tuple[bytes, ...]
    commits: tuple[bytes, ...]
    prevs: tuple[bytes, ...]
    processes: tuple[bytes, ...]
    subjects: tuple[bytes, ...]
    roots: tuple[bytes, ...]
    times: tuple[bytes, ...]
    kinds: tuple[bytes, ...]

    def row(self, place: int) -> Row:
        return Row(*[column[place] for column in self])


def parse_batch(bundle: bytes) -> Optional[Batch]:
    """All entries of a bundle at once, by one pattern that only canonical entries match; None when one does not.

    The matches must fill the bundle, and each must be as long as the two bytes before it say. Dots stand in the pattern
    where hexadecimal digits belong, which are looked at together afterwards: half the time of a pattern for each digit.
    """
    rows = _FRAMED_ENTRY.findall(bundle)
    if not rows:
        return None
    prefixes, *columns = zip(*rows)
    batch = Batch(*columns)
    lengths = array("H", map(len, batch.entries))
    if sum(lengths) + 2 * len(lengths) != len(bundle):
        return None
    if sys.byteorder == "little":
        lengths.byteswap()
    if lengths.tobytes() != b"".join(prefixes):
        return None
    if b"".join(batch.actors + batch.commits + batch.prevs).translate(None, _HEX_DIGITS):
        return None
    return batch


def parse_row(entry: bytes) -> Optional[Row]:
    """One entry; None when it is not canonical or not of the documented form."""
    batch = parse_batch(len(entry).to_bytes(2, "big") + entry) if len(entry) < 1 << 16 else None
    return batch.row(0) if batch else None


def parse_entry(entry: bytes, index: int) -> tuple[Optional[Row], str]:
    """One entry that the pattern did not match: what can be read of it, and what is wrong (empty: newer schema)."""
    where = f"entry {index}"
    try:
        value = parse_canonical(entry, where)
    except Malformed as error:
        return None, str(error)
    if not isinstance(value, dict) or sorted(value) != ENTRY_KEYS:
        return None, "it does not have the members of an entry"
    schema = value["schema"]
    if isinstance(schema, str) and _SCHEMA.fullmatch(schema) and not schema.endswith("/1"):
        row = parse_row(jcs({**value, "schema": "ucc.newer/1"}))
        if row:
            return row, ""
    return None, "a member does not have the form of the record format"


def read_entry(data: bytes) -> tuple[str, str, str]:
    """Type, subject and time of an entry from its bytes, for derive_tables(); raises Malformed when it is none."""
    row = parse_row(data)
    if not row:
        raise Malformed("entry", "not an entry of the record format")
    return row.kind.decode(), row.subject.decode(), row.time.decode()


# ---------------------------------------------------------------------------------------------- what the entries tell


Fields = Mapping[str, Any]


class Vote:
    """One vote as its opened entries tell it, in log order; each list holds (entry index, …)."""

    def __init__(self, ref: str) -> None:
        self.ref = ref
        self.states: list[tuple[int, str, Fields]] = []
        self.rolls: list[tuple[int, str, Fields]] = []
        self.committed: list[str] = []
        self.imported = 0
        self.superseded: list[str] = []
        self.unlinked: list[int] = []
        self.open_ballots: dict[str, tuple[int, Fields]] = {}
        self.tallies: list[tuple[int, Fields]] = []
        self.times: dict[int, str] = {}
        self.lots: list[tuple[int, Fields]] = []
        self.certifications: list[tuple[int, Fields]] = []
        self.entered: list[tuple[int, Fields]] = []

    @property
    def id(self) -> str:
        return self.ref.partition("/")[2]

    @property
    def state(self) -> Fields:
        return self.states[-1][2] if self.states else {}

    @property
    def result(self) -> Optional[Fields]:
        result = self.tallies[-1][1].get("result") if self.tallies else None
        return result if isinstance(result, dict) else None

    def opened(self) -> Optional[tuple[int, Fields]]:
        """Index and state of the opening."""
        return next(((index, state) for index, kind, state in self.states if kind == "vote.opened"), None)

    def slots(self) -> int:
        """Slots of the roll at the end."""
        return int(self.rolls[-1][2]["slots"]) if self.rolls else 0

    def agreed(self) -> Fields:
        """The rules that hold: those it was opened with, members that are left out filled in."""
        opened = self.opened()
        return {**DEFAULTS, **(opened[1] if opened else self.state)["rules"]}

    def on_roll(self, member: str) -> dict[str, Any]:
        """An object of the roll by sector or by organisation, later entries on top."""
        return {name: value for _, _, roll in self.rolls for name, value in (roll.get(member) or {}).items()}

    def drawn(self) -> Optional[list[str]]:
        """The order of the lot, as it was logged."""
        return _texts(self.lots[-1][1].get("order"), f"entry {self.lots[-1][0]}") if self.lots else None


AS_THEY_ARE = {
    "plan": "plan",
    "initiatives": "initiative",
    "plan_versions": "plan_version",
    "resources": "resource",
    "bodies": "management_body",
    "partner_cities": "partner_city",
    "exchanges": "exchange",
    "practices": "practice",
    "attachments": "attachment",
    "facts": "fact",
    "evaluators": "evaluator",
    "questions": "evaluator_question",
    "designation": "designation",
    "commitments": "commitment",
    "readings": "reading",
    "conferences": "conference",
}
"""Tables whose rows are the last states of all subjects of one kind, the subject in the first column."""
NO_STATES = {"designation.reminded"}
"""Types of entries that say of such a subject that something was done, not how it stands."""
STATES = (
    *("proposal", "proposal_field", "inventory", "comment", "opinion_map", "statement", "lineage", "dissent"),
    *("meeting", "minutes"),
    *AS_THEY_ARE.values(),
    "answer",
)
"""Kinds of subjects of which the last state is all that counts."""
VOTE_STATES = ("vote.announced", "vote.revised", "vote.opened", "vote.extended", "vote.closed")


class Story:
    """What the opened entries of one process say now: the last public state of every subject."""

    def __init__(self) -> None:
        self.process: Fields = {}
        self.states: dict[str, dict[str, Fields]] = {noun: {} for noun in STATES}
        self.proposals = self.states["proposal"]
        self.comments = self.states["comment"]
        self.lineage = self.states["lineage"]
        self.stakeholders: dict[str, dict[str, Any]] = {}
        self.outreach: dict[str, dict[str, Any]] = {}
        self.votes: dict[str, Vote] = {}
        self.figures: Any = None
        self.overrides: list[Fields] = []
        self.withheld_lists: list[tuple[int, Any]] = []
        self.events: dict[str, list[Any]] = {}

    def count(self, kind: str, number: int, first: str, last: str) -> None:
        """`number` more entries of a type, the first and the last of them at these times."""
        event = self.events.setdefault(kind, [0, first, last])
        event[0] += number
        event[2] = last

    def tell(self, index: int, kind: str, subject: str, time: str, fields: Fields) -> None:
        """Take in one opened entry; entries come in log order."""
        noun = kind.partition(".")[0]
        if noun == "process":
            self.process = fields
        elif noun == "stakeholder":
            self._tell_stakeholder(kind, subject, time, fields)
        elif noun == "outreach":
            self._tell_outreach(kind, subject, time, fields)
        elif noun in self.states:
            if kind not in NO_STATES:
                self.states[noun][subject] = fields
        elif noun in ("vote", "roll", "ballot", "ballots"):
            ref = "/".join(subject.split("/")[:2])
            vote = self.votes.setdefault(ref, Vote(ref))
            vote.times[index] = time
            self._tell_vote(vote, index, kind, subject, fields)
        elif kind == "gate.overridden":
            self.overrides.append(fields)
        elif kind == "figures.published":
            self.figures = fields.get("figures")
        elif kind in ("erasure.executed", "redaction.declared"):
            self.withheld_lists.append((index, fields.get("withheld")))

    def _tell_stakeholder(self, kind: str, subject: str, time: str, fields: Fields) -> None:
        row = self.stakeholders.setdefault(subject, {})
        row.update(fields)
        if kind == "stakeholder.invited":
            row.setdefault("invited_at", time)
        elif kind in ("stakeholder.answered", "stakeholder.declined"):
            row["answered_at"] = time

    def _tell_outreach(self, kind: str, subject: str, time: str, fields: Fields) -> None:
        row = self.outreach.setdefault(subject, {"activity": subject.rpartition("/")[2], "recorded_at": time})
        row.update(fields)
        if kind == "outreach.corrected":
            row["corrected_at"] = time

    def _tell_vote(self, vote: Vote, index: int, kind: str, subject: str, fields: Fields) -> None:
        if kind == "vote.tallied":
            vote.tallies.append((index, fields))
        elif kind in VOTE_STATES:
            vote.states.append((index, kind, fields))
        elif kind == "vote.lot_drawn":
            vote.lots.append((index, fields))
        elif kind == "vote.certified":
            vote.certifications.append((index, fields))
        elif kind.startswith("roll."):
            vote.rolls.append((index, kind, fields))
        elif kind in ("ballots.batched", "ballots.imported", "ballots.entered"):
            commitments = _texts(fields.get("commitments"), f"entry {index}")
            vote.committed += commitments
            vote.imported += len(commitments) if kind == "ballots.imported" else 0
            vote.entered += [(index, fields)] if kind == "ballots.entered" else []
        elif kind == "ballots.superseded":
            vote.superseded += _texts(fields.get("commitments"), f"entry {index}")
        elif kind == "ballots.unlinked":
            vote.unlinked.append(index)
        elif kind in ("ballot.cast_openly", "ballot.recast_openly"):
            vote.open_ballots[subject] = (index, fields)


def _texts(value: object, where: str) -> list[str]:
    if not isinstance(value, list) or not set(map(type, value)) <= {str}:
        raise Malformed(where, "a list of texts is expected")
    return value


# ---------------------------------------------------------------------------------------------- tables


TABLES: dict[str, list[str]] = {
    "process": [
        *("part", "kind", "title", "starts_at", "ends_at", "status", "purpose", "scope", "open_questions"),
        *("promise_level", "promise", "decision_maker", "responsible", "min_open_days", "published_at"),
    ],
    "stakeholders": [
        *("organisation", "name", "sector", "subtype", "is_womens_group", "is_youth_group", "channel", "status"),
        *("invited_at", "answered_at"),
    ],
    "proposals": [
        *("proposal", "number", "title", "summary", "body", "kind", "level", "objectives", "areas", "dimensions"),
        *("for_whom", "place", "cost", "currency", "proposer", "organisation", "sector", "author", "language"),
        *("status", "submitted_at", "outcome", "reason", "answered_by", "answered_at"),
    ],
    "votes": [
        *("vote", "title", "franchise", "status", "opens_at", "closes_at", "roll", "ballots", "option"),
        *("option_title", "proposal", "cost", "votes", "rank", "selected"),
    ],
    "events": ["type", "count", "first", "last"],
    "presence": ["stage", "group", "count", "of"],
    "outreach": [
        *("activity", "kind", "held_on", "place", "district", "group", "group_words", "reached", "counted", "done"),
        *("gap", "is_void", "recorded_at", "corrected_at", "corrected_because"),
    ],
    "statements": [
        *("statement", "map", "map_title", "number", "text", "language", "by", "author", "organisation", "standing"),
        *("added_at", "agrees", "disagrees", "passes", "is_accepted"),
    ],
    "comments": [
        *("comment", "about", "in_reply_to", "stance", "voice", "author", "organisation", "sector", "city", "country"),
        *("language", "text", "quote", "quoted", "quoted_edition", "edition", "status", "standing", "written_at"),
        *("changed_at",),
    ],
    "particulars": [
        *("proposal", "district", "latitude", "longitude", "needs", "assets", "attachments", "given"),
    ],
    "answers": ["proposal", "field", "question", "answer"],
    "inventory": ["item", "kind", "title", "text", "evidence", "place", "author", "status", "reason"],
    "lineage": ["from", "to", "kind", "at", "by", "reason", "consent"],
    "dissents": [
        *("dissent", "on", "about", "text", "language", "author", "organisation", "sector", "filed_at"),
        *("withdrawn_at", "standing"),
    ],
    "meetings": [
        *("meeting", "title", "mode", "place", "district", "starts_at", "ends_at", "places", "is_for_women"),
        *("is_for_youth", "status", "people", "announced_at", "short_notice_because", "moved_because"),
        *("cancelled_because", "source"),
    ],
    "decisions": ["meeting", "minutes", "state", "decision", "text", "proposals", "organisations"],
    "plan": [
        *("plan", "begins_on", "calendar", "currency", "vision", "gap_plan", "status", "published_at", "frozen_at"),
    ],
    "initiatives": [
        *("initiative", "number", "kind", "level", "title", "summary", "description", "objectives", "areas", "sdgs"),
        *("beneficiaries", "access", "enters", "effects", "particulars", "steps", "owner", "partners"),
        *("partner_search", "starts_on", "ends_on", "costs", "uses", "sources", "origin", "added_because", "status"),
        *("dropped_because",),
    ],
    "indicators": [
        *("indicator", "initiative", "kind", "title", "unit", "baseline", "target", "frequency", "data_source"),
        *("responsible",),
    ],
    "plan_versions": ["plan_version", "number", "stage", "note", "sha256", "initiatives", "overrides"],
    "resources": [
        *("resource", "kind", "year", "source", "amount", "certainty", "basis", "initiative", "is_void"),
        *("void_because", "evidence"),
    ],
    "bodies": ["management_body", "name", "duties", "rhythm", "since", "until", "members", "women", "men"],
    "partner_cities": ["partner_city", "name", "country", "creative_field", "since", "cooperation", "about", "status"],
    "exchanges": [
        *("exchange", "city", "kind", "direction", "held_on", "what", "result", "people", "is_void"),
        *("corrected_because",),
    ],
    "practices": ["practice", "title", "parts", "areas", "objectives", "initiative", "status", "reason"],
    "application": ["answer", "section", "language", "paragraph", "text", "cites"],
    "attachments": [
        *("attachment", "dossier", "section", "number", "state", "asked_on", "received_on", "signed_on", "signer"),
        *("photo", "file", "void_because"),
    ],
    "facts": ["fact", "definition", "value", "size", "root", "fixed_at"],
    "evaluators": ["evaluator", "office", "until", "came_at", "revoked_at"],
    "questions": [
        *("evaluator_question", "office", "section", "text", "put_at", "answer", "answered_by", "answered_at"),
    ],
    "designation": ["designation", "designated_on", "decision", "recorded_by"],
    "commitments": [
        *("commitment", "kind", "plan_version", "initiative", "indicator", "year", "title", "owner", "planned_on"),
        *("due_on", "status", "note", "evidence", "about", "settled_on", "moved_by"),
    ],
    "readings": [
        *("reading", "initiative", "indicator", "period", "measured_on", "value", "note", "evidence", "late_by"),
        *("signed_by", "corrects", "because", "files"),
    ],
    "conferences": [
        *("conference", "year", "held_on", "place", "attendance", "sent", "achievements", "recorded_by", "files"),
    ],
}
LATER_TABLES = {
    *("answers", "comments", "decisions", "dissents", "inventory", "lineage", "meetings", "outreach", "particulars"),
    *("statements", "indicators", "application", *AS_THEY_ARE),
}
"""Tables that records made before them do not have: such a record is whole without them, if its log has none of it."""

Table = list[list[str]]


def derive_tables(entries: Iterable[tuple[int, str, str, str]], openings: Mapping[int, Fields]) -> dict[str, Table]:
    """The tables of the record, header rows first, from a process's entries and what opens them.

    `entries`: (index, type, subject, time) of every entry of the process, in log order; `openings`: index → opened
    fields (name → value). Every cell is a string; table_csv() renders a table.
    """
    story = Story()
    for index, kind, subject, time in entries:
        story.count(kind, 1, time, time)
        fields = openings.get(index)
        if fields:
            story.tell(index, kind, subject, time, fields)
    return tables_of(story)


def tables_of(story: Story) -> dict[str, Table]:
    """The tables of what has been told."""
    rows: dict[str, Iterable[Mapping[str, Any]]] = {
        "process": _process_rows(story.process),
        "stakeholders": story.stakeholders.values(),
        "proposals": ({**state, "proposal": subject} for subject, state in story.proposals.items()),
        "votes": (row for vote in story.votes.values() for row in _vote_rows(vote)),
        "events": (dict(zip(TABLES["events"], [kind, *story.events[kind]])) for kind in sorted(story.events)),
        "presence": _presence_rows(story.figures),
        "outreach": story.outreach.values(),
        "statements": _statement_rows(story),
        "comments": ({**state, "comment": subject} for subject, state in story.comments.items()),
        "particulars": (row for subject, state in story.proposals.items() for row in _particulars_rows(subject, state)),
        "answers": _answer_rows(story),
        "inventory": ({**state, "item": subject} for subject, state in story.states["inventory"].items()),
        "lineage": story.lineage.values(),
        "dissents": ({**state, "dissent": ref.partition("/")[2]} for ref, state in story.states["dissent"].items()),
        "meetings": (_meeting_row(ref, state) for ref, state in story.states["meeting"].items()),
        "decisions": _decision_rows(story),
        "indicators": (row for ref, state in story.states["initiative"].items() for row in _indicators(ref, state)),
        "application": (row for ref, state in story.states["answer"].items() for row in _paragraphs(ref, state)),
    }
    for name, noun in AS_THEY_ARE.items():
        rows[name] = [{**state, noun: subject} for subject, state in story.states[noun].items()]
    return {
        name: [columns, *([_cell(row.get(column)) for column in columns] for row in rows[name])]
        for name, columns in TABLES.items()
    }


def _process_rows(state: Fields) -> Iterator[Mapping[str, Any]]:
    if not state:
        return
    first = {
        "kind": state.get("creative_field"),
        "starts_at": state.get("opened_at"),
        "ends_at": state.get("closed_at"),
    }
    yield {**state, **first, "part": "process"}
    for phase in state.get("phases") or []:
        yield {**{name: phase.get(name) for name in ("kind", "title", "starts_at", "ends_at")}, "part": "phase"}


def _vote_rows(vote: Vote) -> Iterator[Mapping[str, Any]]:
    state, result = vote.state, vote.result or {}
    lines = {line["id"]: line for line in result.get("counts", [])}
    for option in state.get("options") or []:
        line = lines.get(option["id"], {})
        yield {
            **{name: state.get(name) for name in ("title", "franchise", "status", "opens_at", "closes_at")},
            **{name: line.get(name) for name in ("votes", "rank", "selected")},
            **{name: result.get(name) for name in ("roll", "ballots")},
            "roll": result.get("roll", state.get("roll_size")),
            "vote": vote.ref,
            "option": option["id"],
            "option_title": option.get("title"),
            "proposal": option.get("proposal"),
            "cost": option.get("cost"),
        }


def _statement_rows(story: Story) -> Iterator[Mapping[str, Any]]:
    """Statements of opinion maps, with what a closed map found of each."""
    lines = {ref: _found_of_statements(state.get("result")) for ref, state in story.states["opinion_map"].items()}
    for subject, state in story.states["statement"].items():
        ref, number = str(state.get("map")), str(state.get("number"))
        line = lines.get(ref, {}).get(number, {})
        numbers = {name: line.get(name) for name in ("agrees", "disagrees", "passes", "is_accepted")}
        title = story.states["opinion_map"].get(ref, {}).get("title")
        yield {**state, **numbers, "statement": subject, "map_title": title}


def _found_of_statements(result: Any) -> dict[str, Fields]:
    """The lines of a result by the number of the statement."""
    lines = result.get("statements") if isinstance(result, dict) else None
    found = lines if isinstance(lines, list) else []
    return {str(line.get("number")): line for line in found if isinstance(line, dict)}


def _meeting_row(ref: str, state: Fields) -> Mapping[str, Any]:
    """A meeting, with how many people came; None: fewer than five, or it was not held."""
    counts = state.get("counts")
    return {**state, "meeting": ref, "people": counts.get("people") if isinstance(counts, dict) else None}


def _decision_rows(story: Story) -> Iterator[Mapping[str, Any]]:
    """What meetings decided, by the newest version of the minutes of each."""
    newest = {"/".join(ref.split("/")[:2]): state for ref, state in story.states["minutes"].items()}
    for meeting, state in newest.items():
        decisions = state.get("decisions")
        for decision in decisions if isinstance(decisions, list) else []:
            if isinstance(decision, dict):
                told = {name: decision.get(name) for name in ("text", "proposals", "organisations")}
                of = {"meeting": meeting, "minutes": state.get("number"), "state": state.get("state")}
                yield {**told, **of, "decision": decision.get("number")}


def _paragraphs(subject: str, state: Fields) -> Iterator[Mapping[str, Any]]:
    """A text of the application, paragraph by paragraph, with what each rests on."""
    told = state.get("paragraphs")
    for place, paragraph in enumerate(told if isinstance(told, list) else [], 1):
        if isinstance(paragraph, dict):
            of = {"answer": subject, "section": state.get("section"), "language": state.get("language")}
            yield {**of, "paragraph": place, "text": paragraph.get("text"), "cites": paragraph.get("cites")}


def _indicators(subject: str, state: Fields) -> Iterator[Mapping[str, Any]]:
    """What an initiative is measured by."""
    told = state.get("indicators")
    for indicator in told if isinstance(told, list) else []:
        if isinstance(indicator, dict):
            yield {**indicator, "indicator": f"indicator/{indicator.get('id')}", "initiative": subject}


def _particulars_rows(subject: str, state: Fields) -> Iterator[Mapping[str, Any]]:
    """What a proposal says beside its text, if it says any of it."""
    row = {name: state.get(name) for name in TABLES["particulars"][1:]}
    if any(value is not None for value in row.values()):
        yield {**row, "proposal": subject}


def _answer_rows(story: Story) -> Iterator[Mapping[str, Any]]:
    """Answers to the questions of the process, by the codes of these."""
    questions = {ref.rpartition("/")[2]: asked for ref, asked in story.states["proposal_field"].items()}
    for subject, state in story.proposals.items():
        given = state.get("fields")
        answers = given if isinstance(given, dict) else {}
        for code in sorted(answers):
            asked = questions.get(code, {})
            answer = _answer(answers[code], asked.get("options"))
            yield {"proposal": subject, "field": code, "question": asked.get("label"), "answer": answer}


def _answer(value: Any, options: Any) -> Any:
    """Choices as their labels, anything else as it is."""
    known = options if isinstance(options, list) else []
    labels = {one["id"]: one.get("label") for one in known if isinstance(one, dict) and isinstance(one.get("id"), str)}
    chosen = value if isinstance(value, list) else [value]
    if chosen and all(isinstance(one, str) and one in labels for one in chosen):
        return "|".join(_cell(labels[one]) for one in chosen)
    return value


def _presence_rows(figures: Any) -> Iterator[Mapping[str, Any]]:
    for stage in (figures or {}).get("stages", []):
        for cell in stage["cells"]:
            yield {"stage": stage["stage"], **cell}


def _cell(value: Any) -> str:
    """The text of one cell (docs/record-format.md §6)."""
    if value is None:
        return ""
    if value is True or value is False:
        return str(value).lower()
    if isinstance(value, (str, int)):
        return str(value)
    if isinstance(value, list) and all(isinstance(item, (str, int)) for item in value):
        return "|".join(map(str, value))
    if isinstance(value, dict) and value and set(value) <= {"fa", "en", "fr"}:
        return " / ".join(str(value[language]) for language in ("fa", "en", "fr") if language in value)
    return jcs(value).decode()


def table_csv(table: Table) -> bytes:
    """A table as CSV: UTF-8, comma, \\n; cells that a spreadsheet would take for a formula begin with an apostrophe."""
    out = io.BytesIO()  # encoded row by row: as one text a table of Persian comments takes three times the memory
    out.writelines((",".join(map(_csv_cell, row)) + "\n").encode("utf-8") for row in table)
    return out.getvalue()


def _csv_cell(text: str) -> str:
    if text[:1] in ("=", "+", "-", "@"):
        text = "'" + text
    if any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


# ---------------------------------------------------------------------------------------------- counting


SETS = ("approval", "choose", "knapsack")
POINTED = ("score", "cumulative", "yesno")
BY_LOT = ("lot", "cost_votes_lot")
MOST_STEPS = 1_000_000
"""A step of Equal Shares is this part of the budget at least; after twice as many all that can be bought is bought."""
DEFAULTS: Fields = {
    "min_points": 0,
    "max_points": None,
    "sum_points": None,
    "rank_points": [],
    "per_cost": False,
    "satisfaction": "cost",
    "completion": "none",
    "increment": None,
    "comparison": False,
    "transfer": "scottish",
    "envelopes": [],
    "exclusive": [],
    "majority": False,
    "quorum": 0,
    "decides": "person",
    "lot": None,
    "order": "fixed",
    "canvass_days": 0,
}
"""Members of the rules that are left out where they have these values."""


class Ballot(NamedTuple):
    """What a ballot says: ids as written, the points of each where it has points, the sector where that decides."""

    choices: tuple[str, ...]
    points: Optional[tuple[int, ...]] = None
    sector: str = ""


def _as_ballot(said: Any) -> Ballot:
    """A ballot, or a tuple of its choices alone, or of its choices, points and sector."""
    if isinstance(said, Ballot):
        return said
    return Ballot(said) if all(isinstance(part, str) for part in said) else Ballot(*said)


class Round(NamedTuple):
    """What is counted on its own: an envelope, or at last all the rest. Costs and money, or one a place."""

    envelope: str
    places: list[int]
    costs: list[int]
    budget: int


class Election:
    """Ballots as columns of places on the ballot paper, and what all rules share (docs/record-format.md §5)."""

    def __init__(
        self,
        ballots: Mapping[Any, int],
        options: Sequence[Fields],
        rules: Fields,
        lot: Optional[Sequence[str]] = None,
        heads: Optional[int] = None,
        units: Optional[Mapping[str, int]] = None,
    ) -> None:
        self.units = units or {}
        self.rules: dict[str, Any] = {**DEFAULTS, **rules}
        self.options = options
        self.ids = [option["id"] for option in options]
        self.costs = [option["cost"] or 0 for option in options]
        self.heads = sum(ballots.values()) if heads is None else heads
        self.named: list[tuple[int, ...]] = []
        self.values: list[tuple[int, ...]] = []
        self.sectors: list[str] = []
        self.weights: list[int] = []
        self._read(ballots)
        if self.rules["decides"] == "sectors":
            self._balance()
        self.namings = self._sum(1)
        self.counts = self._first_preferences() if self.rules["method"] in _PREFERENCES else self._sum(None)
        self.tie = self._tie_places(lot)
        self.rivals = self._rivals()
        self.barred = self._barred()

    def _read(self, ballots: Mapping[Any, int]) -> None:
        place = {option_id: at for at, option_id in enumerate(self.ids)}
        worth: dict[int, tuple[int, ...]] = {}
        for said, number in ballots.items():
            ballot = _as_ballot(said)
            named = tuple([place[choice] for choice in ballot.choices])
            values = ballot.points
            if self.rules["ballot"] not in POINTED or values is None:
                values = worth.get(len(named))
                if values is None:
                    values = worth[len(named)] = self._worth(len(named))
            self.named.append(named)
            self.values.append(values)
            self.sectors.append(ballot.sector)
            self.weights.append(number)

    def _worth(self, length: int) -> tuple[int, ...]:
        """The values on a ballot without points that names so many options."""
        if self.rules["ballot"] != "ranked":
            return (1,) * length
        points, highest = self.rules["rank_points"], self.rules["max_choices"] or len(self.ids)
        if points:
            return tuple([points[rank] if rank < len(points) else 0 for rank in range(length)])
        return tuple([highest - rank for rank in range(length)])

    def _balance(self) -> None:
        """Every sector with ballots weighs the same."""
        totals: Counter[str] = Counter()
        for sector, weight in zip(self.sectors, self.weights):
            totals[sector] += weight
        factor = {sector: math.prod(totals[other] for other in totals if other != sector) for sector in totals}
        divisor = math.gcd(*(each * self.units.get(sector, 1) for sector, each in factor.items())) or 1
        # Put together as they are, equal ballots do not show what one of them weighs: the unit of a sector says it.
        self.weights = [w * factor[sector] // divisor for sector, w in zip(self.sectors, self.weights)]

    def _sum(self, value: Optional[int]) -> list[int]:
        """Of each option the weight of the ballots that name it, times ``value`` or else what they give it."""
        sums = [0] * len(self.ids)
        by_itself = value is None and self.rules["ballot"] not in SETS
        for named, values, weight in zip(self.named, self.values, self.weights):
            if by_itself:
                for place, points in zip(named, values):
                    sums[place] += weight * points
            else:
                for place in named:
                    sums[place] += weight
        return sums

    def _first_preferences(self) -> list[int]:
        sums = [0] * len(self.ids)
        for named, weight in zip(self.named, self.weights):
            if named:
                sums[named[0]] += weight
        return sums

    def _tie_places(self, lot: Optional[Sequence[str]]) -> list[int]:
        """The place of each option in the order by the tie rule alone."""
        tie, drawn = self.rules["tie"], {option_id: at for at, option_id in enumerate(lot or ())}
        if tie in BY_LOT and sorted(drawn) != sorted(self.ids):
            raise Malformed("", "the rules ask for a lot, and none was drawn of these options")
        keys: dict[str, Callable[[int], Any]] = {
            "option_order": lambda at: at,
            "cost_then_order": lambda at: (self.costs[at], at),
            "lot": lambda at: drawn[self.ids[at]],
            "cost_votes_lot": lambda at: (self.costs[at], -self.counts[at], drawn[self.ids[at]]),
        }
        places = [0] * len(self.ids)
        for place, at in enumerate(sorted(range(len(self.ids)), key=keys[tie])):
            places[at] = place
        return places

    def _rivals(self) -> list[set[int]]:
        """Of each option those that are passed over once it is taken."""
        place = {option_id: at for at, option_id in enumerate(self.ids)}
        rivals: list[set[int]] = [set() for _ in self.ids]
        for group in self.rules["exclusive"]:
            members = {place[option_id] for option_id in group}
            for member in members:
                rivals[member] |= members - {member}
        return rivals

    def _barred(self) -> set[int]:
        """Options that cannot win, whatever the rule finds."""
        barred = {at for at, count in enumerate(self.counts) if count < self.rules["threshold"]}
        if self.rules["majority"]:
            yes = self._sum(None)
            barred |= {at for at in range(len(self.ids)) if yes[at] <= self.namings[at] - yes[at]}
        if self.rules["decides"] == "double_majority":
            barred |= set(range(len(self.ids))) - self._doubly_supported()
        return barred

    def _doubly_supported(self) -> set[int]:
        """Named (given a point at least) by half of all ballots that are not blank, and by half in most sectors."""
        totals: Counter[str] = Counter()
        support: dict[str, Counter[int]] = {}
        has_points = self.rules["ballot"] in POINTED
        for named, values, sector, weight in zip(self.named, self.values, self.sectors, self.weights):
            if named:
                totals[sector] += weight
                inside = support.setdefault(sector, Counter())
                for place, value in zip(named, values):
                    inside[place] += weight if value or not has_points else 0
        return {
            at
            for at in range(len(self.ids))
            if 2 * sum(inside[at] for inside in support.values()) >= sum(totals.values()) > 0
            and 2 * sum(2 * support[sector][at] >= totals[sector] for sector in totals) > len(totals)
        }

    def ordered(self, places: Iterable[int], counts: Sequence[Any]) -> list[int]:
        """Greatest counts first, equal ones by the tie rule."""
        return sorted(places, key=lambda at: (-counts[at], self.tie[at]))


_PREFERENCES = ("stv", "schulze", "ranked_pairs")
Decision = tuple[list[int], list[int], dict[str, Any]]
"""All options in the order of the rule, those taken in the order taken, and details."""


def count_ballots(
    ballots: Mapping[Any, int],
    options: Sequence[Fields],
    rules: Fields,
    lot: Optional[Sequence[str]] = None,
    heads: Optional[int] = None,
    units: Optional[Mapping[str, int]] = None,
) -> dict[str, Any]:
    """The reference count, written from docs/record-format.md §5; options in ballot order.

    ``ballots`` maps a Ballot, or a tuple of choices, or one of choices and points, to the weight of the ballots that
    say so. ``lot``: all ids in the order drawn, where the tie rule asks for it. ``heads``: how many ballots there are,
    where the weights do not say it; ``units``: by sector the greatest common divisor of the weights of single ballots,
    where these are not 1. Gives counts, winners, spent, tie_broken, and details where the rule has some.
    """
    election = Election(ballots, options, rules, lot, heads, units)
    missed, described = election.heads < election.rules["quorum"], _RANKINGS.get(rules["method"])
    if described is not None:
        decision: Decision = _count_by_ranking(election, *described(election), missed=missed)
    elif missed:
        decision = (election.ordered(range(len(options)), _merits(election)), [], {"quorum_missed": True})
    else:
        decision = _METHODS[rules["method"]](election)
    return _outcome(election, *decision)


def _outcome(election: Election, order: list[int], taken: list[int], details: dict[str, Any]) -> dict[str, Any]:
    rules, counts, chosen = election.rules, election.counts, set(taken)
    rank = {at: place for place, at in enumerate(order, 1)}
    equal = {counts[at] for at in chosen} & {counts[at] for at in rank if at not in chosen}
    lines = [
        {
            **{name: option[name] for name in ("id", "title", "cost")},
            "votes": counts[at],
            "rank": rank[at],
            "selected": at in chosen,
            **({} if rules["ballot"] in SETS else {"named": election.namings[at]}),
        }
        for at, option in enumerate(election.options)
    ]
    if rules["majority"] or rules["decides"] == "double_majority":
        details = {**details, "barred": [election.ids[at] for at in sorted(election.barred)]}
    spent = 0 if rules["budget"] is None else sum(election.costs[at] for at in chosen)
    winners = [election.ids[at] for at in taken]
    found = {"counts": lines, "winners": winners, "spent": spent, "tie_broken": bool(equal)}
    return {**found, "details": details} if details else found


# ------------------------------------------------------------------------------------ counting: rounds and budgets


Taken = tuple[list[int], dict[str, Any]]
Take = Callable[[Election, Round, set[int]], Taken]
"""How a rule counts one round: from the round and the options that are out of it to what is taken, and its details."""


def _by_rounds(election: Election, take: Take, *, always_told: bool = False) -> tuple[list[int], list[Any]]:
    """Envelope after envelope, then all the rest; what is told of each."""
    told: list[Any] = []
    taken: list[int] = []
    place = {option_id: at for at, option_id in enumerate(election.ids)}
    rest = set(range(len(election.ids)))
    budget, winners = election.rules["budget"], election.rules["winners"]

    def count(envelope: str, places: list[int], money: Optional[int], number: Optional[int]) -> list[int]:
        gone = election.barred.union(*(election.rivals[at] for at in taken))
        won, said = take(election, _round(election, envelope, places, money, number), gone)
        taken.extend(won)
        told.append({"envelope": envelope, **said})
        return won

    for envelope in election.rules["envelopes"]:
        inside = sorted(place[option_id] for option_id in envelope["options"])
        won = count(envelope["id"], inside, envelope["budget"], envelope["winners"])
        rest -= set(won) if envelope["reserve"] else set(inside)
        if budget is not None:
            budget -= sum(election.costs[at] for at in won) if envelope["reserve"] else envelope["budget"]
        if winners is not None:
            winners -= len(won) if envelope["reserve"] else envelope["winners"]
    count("", sorted(rest), budget, winners)
    return taken, told if always_told or election.rules["envelopes"] else []


def _round(election: Election, envelope: str, places: list[int], budget: Any, winners: Any) -> Round:
    """With a number of winners each option costs one, and the budget is that number."""
    if election.rules["budget"] is None:
        return Round(envelope, places, [1] * len(election.ids), winners)
    return Round(envelope, places, election.costs, budget)


def _count_simply(election: Election, take: Take) -> Decision:
    taken, told = _by_rounds(election, take)
    order = election.ordered(range(len(election.ids)), _merits(election))
    return order, taken, {"rounds": told} if told else {}


def _merits(election: Election) -> Sequence[Any]:
    """What options are ordered by: counts, or counts per cost, where what costs nothing comes first, by counts."""
    if not election.rules["per_cost"]:
        return election.counts
    return [_per_cost(count, cost) for count, cost in zip(election.counts, election.costs)]


FOR_NOTHING = 1 << 200
"""More votes per cost than there can be: what costs nothing comes first, and among its kind by counts."""


def _per_cost(count: int, cost: int) -> Fraction:
    return Fraction(count, cost) if cost else Fraction(FOR_NOTHING + count)


def _take_in_order(
    election: Election, counted: Round, gone: set[int], *, merits: Any = None, skip: bool = True
) -> Taken:
    """By merit, each that fits what is left of the money, until one does not where none may be skipped."""
    left, taken, out = counted.budget, [], set(gone)
    for at in election.ordered(counted.places, _merits(election) if merits is None else merits):
        if at in out:
            continue
        if counted.costs[at] <= left:
            left -= counted.costs[at]
            taken.append(at)
            out |= election.rivals[at]
        elif not skip:
            break
    return taken, {"taken": [election.ids[at] for at in taken]}


def _count_votes(election: Election) -> Decision:
    """By votes, and by Borda: the greatest sums, as many as there are places."""
    return _count_simply(election, _take_in_order)


def _count_greedily(election: Election) -> Decision:
    return _count_simply(election, _take_greedily)


def _take_greedily(election: Election, counted: Round, gone: set[int]) -> Taken:
    return _take_in_order(election, counted, gone, skip=election.rules["skip"])


# ------------------------------------------------------------------------------------ counting: knapsack


def _count_knapsack(election: Election) -> Decision:
    return _count_simply(election, _take_best_set)


Bundle = tuple[int, int, int]
"""Options that are taken together or not at all: cost, counts, and a bit for each, the highest for the first by tie."""


def _take_best_set(election: Election, counted: Round, gone: set[int]) -> Taken:
    """The affordable set with the greatest sum of counts; then the cheapest; then the first by the tie rule.

    Sets are built up option by option. One is dropped where another is no dearer and no worse (with bits as last
    word), or where all that could still be added, fractions too, leaves it below a set that is known.
    """
    bit = {at: 1 << (len(election.ids) - 1 - election.tie[at]) for at in counted.places}
    able = [
        at
        for at in counted.places
        if at not in gone and election.counts[at] > 0 and counted.costs[at] <= counted.budget
    ]
    kinds = _alternatives(election, counted, able, bit)
    kinds.sort(key=lambda kind: max(Fraction(value, cost or 1) for cost, value, _ in kind), reverse=True)
    least = _some_set(kinds, counted.budget)
    states: list[Bundle] = [(0, 0, 0)]
    for number, kind in enumerate(kinds, 1):
        more = [(c + cost, v + value, b | bits) for c, v, b in states for cost, value, bits in kind]
        better = _undominated(states + more, counted.budget)
        bound = _Bound(kinds[number:])
        limits = [state[1] + bound.most(counted.budget - state[0]) for state in better]
        cost, value, _ = better[limits.index(max(limits))]
        least = max(least, value + _some_set(kinds[number:], counted.budget - cost))
        states = [state for state, limit in zip(better, limits) if limit >= least]
    _, _, bits = min(states, key=lambda state: (-state[1], state[0], -state[2]))
    taken = election.ordered([at for at in able if bit[at] & bits], election.counts)
    return taken, {"taken": [election.ids[at] for at in taken]}


def _alternatives(
    election: Election, counted: Round, able: Sequence[int], bit: Mapping[int, int]
) -> list[list[Bundle]]:
    """Options that exclude each other, directly or round some corners, together: what can be taken of them."""
    left, kinds = set(able), []
    while left:
        group = [left.pop()]
        for at in group:
            joined = election.rivals[at] & left
            left -= joined
            group += joined
        sets: list[tuple[tuple[int, ...], Bundle]] = [((), (0, 0, 0))]
        for at in sorted(group):
            free = [(chosen, bundle) for chosen, bundle in sets if election.rivals[at].isdisjoint(chosen)]
            cost, value = counted.costs[at], election.counts[at]
            sets += [((*chosen, at), (c + cost, v + value, b | bit[at])) for chosen, (c, v, b) in free]
        kinds.append([bundle for _, bundle in sets[1:] if bundle[0] <= counted.budget])
    return kinds


def _some_set(kinds: Sequence[Sequence[Bundle]], budget: int) -> int:
    """The sum of counts of some affordable set: kind by kind the best that fits."""
    total = 0
    for kind in kinds:
        cost, value, _ = max((b for b in kind if b[0] <= budget), key=itemgetter(1), default=(0, 0, 0))
        budget, total = budget - cost, total + value
    return total


def _undominated(states: list[Bundle], budget: int) -> list[Bundle]:
    states.sort(key=lambda state: (state[0], -state[1], -state[2]))
    kept: list[Bundle] = []
    for state in states:
        if state[0] > budget:
            break
        if not kept or state[1] > kept[-1][1]:
            kept.append(state)
    return kept


class _Bound:
    """How much could be added at most, if options could be taken in part and excluded nothing."""

    def __init__(self, kinds: Sequence[Sequence[Bundle]]) -> None:
        singles = [(cost, value) for kind in kinds for cost, value, bits in kind if not bits & (bits - 1)]
        singles.sort(key=lambda single: _per_cost(single[1], single[0]), reverse=True)
        self._singles = singles
        self._costs = list(accumulate((cost for cost, _ in singles), initial=0))
        self._values = list(accumulate((value for _, value in singles), initial=0))

    def most(self, money: int) -> int:
        whole = bisect_right(self._costs, money) - 1
        if whole == len(self._singles):
            return self._values[whole]
        cost, value = self._singles[whole]
        return self._values[whole] + (money - self._costs[whole]) * value // cost


# ------------------------------------------------------------------------------------ counting: equal shares


class Supporters(NamedTuple):
    """The ballots that give an option one and the same value: those of weight one, the others, and their weights."""

    value: int
    ones: array[int]
    many: array[int]
    weights: list[int]


class Backing:
    """Who supports what in a round, how strongly, and with how much weight."""

    def __init__(self, election: Election, counted: Round) -> None:
        inside = set(counted.places)
        found: dict[int, dict[int, Supporters]] = {at: {} for at in counted.places}
        self.weight = 0
        for ballot, (named, values, weight) in enumerate(zip(election.named, election.values, election.weights)):
            supports = False
            for at, value in zip(named, values):
                if value > 0 and at in inside:
                    supports = True
                    of = found[at].get(value)
                    if of is None:
                        of = found[at][value] = Supporters(value, array("L"), array("L"), [])
                    if weight == 1:
                        of.ones.append(ballot)
                    else:
                        of.many.append(ballot)
                        of.weights.append(weight)
            self.weight += weight if supports else 0
        self.of = {at: list(by_value.values()) for at, by_value in found.items() if by_value}
        self.ballots = len(election.named)

    def sums(self, at: int) -> tuple[int, int]:
        """Weight of an option's supporters, and the sum of the values that they give."""
        weights = [(of.value, len(of.ones) + sum(of.weights)) for of in self.of[at]]
        return sum(weight for _, weight in weights), sum(value * weight for value, weight in weights)


class Shares:
    """One run of Equal Shares. Ballots with the same money left are of one state; money is in whole parts of a common
    denominator, which grows with each option bought, so that no fraction is ever rounded."""

    def __init__(self, election: Election, counted: Round, backing: Backing, endowment: Fraction) -> None:
        self._election, self._counted, self._backing = election, counted, backing
        self._money = [0, endowment.numerator]
        self._parts = endowment.denominator
        self._of = [self._parts, self._parts]
        self._state = [1] * backing.ballots

    def run(self, gone: set[int]) -> list[tuple[int, Fraction]]:
        """What is bought, and each time how much a unit of utility costs."""
        out, bought = set(gone), []
        waiting = [(self._at_least(at), at) for at in self._backing.of]
        heapq.heapify(waiting)
        while waiting:
            rho, equal = self._cheapest(waiting, out)
            if rho is None:
                break
            at = min(equal, key=self._election.tie.__getitem__)
            bought.append((at, rho))
            out |= {at} | self._election.rivals[at]
            self._pay(at, rho)
            for other in equal:
                heapq.heappush(waiting, (rho, other))
        return bought

    def _utility(self, at: int) -> int:
        """Of one unit of value."""
        return self._counted.costs[at] if self._election.rules["satisfaction"] == "cost" else 1

    def _at_least(self, at: int) -> Fraction:
        """What a unit of utility costs while everybody can pay for it; later it is never less."""
        cost = self._counted.costs[at]
        return Fraction(cost, self._backing.sums(at)[1] * self._utility(at)) if cost else Fraction(0)

    def _cheapest(self, waiting: list[tuple[Fraction, int]], out: set[int]) -> tuple[Optional[Fraction], list[int]]:
        """The least price, and all options that have it; what is not affordable now never will be."""
        found: list[tuple[Fraction, int]] = []
        best: Optional[Fraction] = None
        while waiting and (best is None or waiting[0][0] <= best):
            _, at = heapq.heappop(waiting)
            price = None if at in out else self._price(at)
            if price is not None:
                found.append((price, at))
                best = price if best is None or price < best else best
        for price, at in found:
            if price != best:
                heapq.heappush(waiting, (price, at))
        return best, [at for price, at in found if price == best]

    def _price(self, at: int) -> Optional[Fraction]:
        """The least ρ at which min(left, ρ · utility) of all supporters together is the cost."""
        cost = self._counted.costs[at]
        if not cost:
            return Fraction(0)
        purses = [purse for of in self._backing.of[at] for purse in self._purses(of)]
        due, rest = cost * self._parts, sum(value * weight for _, value, weight in purses)
        if sum(money * weight for money, _, weight in purses) < due:
            return None
        common = math.lcm(*{value for _, value, _ in purses})
        purses.sort(key=lambda purse: purse[0] * (common // purse[1]))
        for money, value, weight in purses:
            if money * rest >= value * due:
                break
            due -= money * weight
            rest -= value * weight
        return Fraction(due, rest * self._utility(at) * self._parts)

    def _purses(self, of: Supporters) -> list[tuple[int, int, int]]:
        """(money, value, weight) of the supporters who have some left."""
        state = self._state
        weights = Counter(map(state.__getitem__, of.ones))
        for ballot, weight in zip(of.many, of.weights):
            weights[state[ballot]] += weight
        return [(self._left(at), of.value, weight) for at, weight in weights.items() if at]

    def _left(self, state: int) -> int:
        """The money of a state in parts of today."""
        if self._of[state] != self._parts:
            self._money[state] *= self._parts // self._of[state]
            self._of[state] = self._parts
        return self._money[state]

    def _pay(self, at: int, rho: Fraction) -> None:
        unit = rho * self._utility(at)
        if not unit:
            return
        self._parts = math.lcm(self._parts, unit.denominator)
        price = unit.numerator * (self._parts // unit.denominator)
        for of in self._backing.of[at]:
            due, after, state = price * of.value, {0: 0}, self._state
            for ballots in (of.ones, of.many):
                for ballot in ballots:
                    before = state[ballot]
                    if before not in after:
                        after[before] = self._new_state(self._left(before) - due)
                    state[ballot] = after[before]

    def _new_state(self, money: int) -> int:
        if money <= 0:
            return 0
        self._money.append(money)
        self._of.append(self._parts)
        return len(self._money) - 1


def _count_equal_shares(election: Election) -> Decision:
    taken, told = _by_rounds(election, _take_equal_shares, always_told=True)
    order = election.ordered(range(len(election.ids)), election.counts)
    details: dict[str, Any] = {"rounds": told}
    if election.rules["comparison"]:
        everything = _round(
            election, "", list(range(len(election.ids))), election.rules["budget"], election.rules["winners"]
        )
        greedily, _ = _take_in_order(election, everything, election.barred, merits=election.counts)
        preferred = _compare(election, everything, taken, greedily)
        details["comparison"] = {"equal_shares": preferred[0], "greedy": preferred[1]}
        taken = greedily if preferred[1] > preferred[0] else taken
    return order, taken, details


def _compare(election: Election, counted: Round, ours: Iterable[int], others: Iterable[int]) -> tuple[int, int]:
    """The weight of the ballots that get more utility from the one, and from the other."""
    by_cost = election.rules["satisfaction"] == "cost"
    worth = [0] * len(election.ids)
    for sign, winners in ((1, ours), (-1, others)):
        for at in winners:
            worth[at] += sign * (counted.costs[at] if by_cost else 1)
    first = second = 0
    for named, values, weight in zip(election.named, election.values, election.weights):
        gain = sum(map(mul, values, map(worth.__getitem__, named)))
        if gain > 0:
            first += weight
        elif gain < 0:
            second += weight
    return first, second


def _take_equal_shares(election: Election, counted: Round, gone: set[int]) -> Taken:
    backing = Backing(election, counted)
    share = Fraction(counted.budget, backing.weight) if backing.weight else Fraction(0)
    completion = election.rules["completion"]
    bought, steps = Shares(election, counted, backing, share).run(gone), 0
    if completion in ("add1", "add1u"):
        bought, steps = _add_ones(election, counted, backing, gone, bought, share)
    taken, topped = [at for at, _ in bought], []
    if completion in ("utilitarian", "add1u"):
        topped = _top_up(election, counted, gone, taken)
    return taken + topped, {
        "endowment": _ratio(share + steps * _increment(election)),
        "steps": steps,
        "taken": [{"option": election.ids[at], "rho": _ratio(rho)} for at, rho in bought],
        "topped_up": [election.ids[at] for at in topped],
    }


def _increment(election: Election) -> int:
    return int(election.rules["increment"] or 1)


Bought = list[tuple[int, Fraction]]


def _add_ones(
    election: Election, counted: Round, backing: Backing, gone: set[int], bought: Bought, share: Fraction
) -> tuple[Bought, int]:
    """More money for everybody, step by step, until more is bought than there is money for, or all that can be."""
    if _increment(election) * MOST_STEPS < election.rules["budget"]:
        raise Malformed("", "the steps of Equal Shares are too small")
    payable = {at for at in backing.of if counted.costs[at] <= counted.budget}
    for step in range(1, 2 * MOST_STEPS + 2):
        taken = {at for at, _ in bought}
        if payable <= gone.union(taken, *(election.rivals[at] for at in taken)):
            return bought, step - 1
        more = Shares(election, counted, backing, share + step * _increment(election)).run(gone)
        if sum(counted.costs[at] for at, _ in more) > counted.budget:
            return bought, step - 1
        bought = more
    raise Malformed("", "Equal Shares does not come to an end")


def _top_up(election: Election, counted: Round, gone: set[int], taken: Sequence[int]) -> list[int]:
    """What is left of the money, by utility per cost."""
    left = counted.budget - sum(counted.costs[at] for at in taken)
    out = gone.union(taken, *(election.rivals[at] for at in taken))
    merits: Sequence[Any] = election.counts
    if election.rules["satisfaction"] == "cardinality":
        merits = [_per_cost(count, cost) for count, cost in zip(election.counts, counted.costs)]
    more, _ = _take_in_order(election, counted._replace(budget=left), out, merits=merits)
    return more


def _ratio(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


# ------------------------------------------------------------------------------------ counting: Phragmén


def _count_phragmen(election: Election) -> Decision:
    taken, told = _by_rounds(election, _take_phragmen, always_told=True)
    return election.ordered(range(len(election.ids)), election.counts), taken, {"rounds": told}


def _take_phragmen(election: Election, counted: Round, gone: set[int]) -> Taken:
    """Everybody earns at the same speed; the load of a ballot is the moment at which it paid last."""
    backing = Backing(election, counted)
    paid, moments = [0] * backing.ballots, [Fraction(0)]
    waiting = [(Fraction(counted.costs[at], backing.sums(at)[0]), at) for at in backing.of if at not in gone]
    heapq.heapify(waiting)
    left, taken, out = counted.budget, [], set(gone)
    while waiting:
        found = _earliest(counted, backing, paid, moments, waiting, out)
        if not found:
            break
        moment, at = min(found, key=lambda pair: (pair[0], election.tie[pair[1]]))
        for pair in found:
            if pair[1] != at:
                heapq.heappush(waiting, pair)
        if counted.costs[at] > left:
            if not election.rules["skip"]:
                break
            continue
        left -= counted.costs[at]
        taken.append((at, moment))
        out |= {at} | election.rivals[at]
        moments.append(moment)
        for of in backing.of[at]:
            for ballots in (of.ones, of.many):
                for ballot in ballots:
                    paid[ballot] = len(moments) - 1
    told = [{"option": election.ids[at], "load": _ratio(moment)} for at, moment in taken]
    return [at for at, _ in taken], {"taken": told}


def _earliest(
    counted: Round,
    backing: Backing,
    paid: Sequence[int],
    moments: Sequence[Fraction],
    waiting: list[tuple[Fraction, int]],
    out: set[int],
) -> list[tuple[Fraction, int]]:
    """The options that may be bought next, each with its moment; moments only move on."""
    found: list[tuple[Fraction, int]] = []
    best: Optional[Fraction] = None
    while waiting and (best is None or waiting[0][0] <= best):
        _, at = heapq.heappop(waiting)
        if at in out:
            continue
        weights: Counter[int] = Counter()
        for of in backing.of[at]:
            weights.update(map(paid.__getitem__, of.ones))
            for ballot, weight in zip(of.many, of.weights):
                weights[paid[ballot]] += weight
        spent = sum((moments[place] * weight for place, weight in weights.items()), Fraction(counted.costs[at]))
        moment = spent / sum(weights.values())
        found.append((moment, at))
        best = moment if best is None or moment < best else best
    return found


# ------------------------------------------------------------------------------------ counting: STV


class Stages:
    """Votes stage by stage, and who was elected and excluded in each."""

    def __init__(self, election: Election, counted: Round, gone: set[int]) -> None:
        self.election = election
        self.seats = int(counted.budget)
        self.hopeful = [at for at in counted.places if at not in gone]
        self.elected: list[int] = []
        self.excluded: list[int] = []
        self.history: list[list[int]] = []
        self.told: list[dict[str, Any]] = []

    @property
    def free(self) -> int:
        return self.seats - len(self.elected)

    @property
    def is_over(self) -> bool:
        """All places are filled, or there is one for each who is left."""
        return not self.free or len(self.hopeful) <= self.free

    def begin(self, votes: Sequence[int], valid: int) -> None:
        """``valid``: the value of all valid ballots."""
        self.history.append(list(votes))
        self.told.append({"votes": list(votes), "exhausted": valid - sum(votes), "elected": [], "excluded": []})

    def finish(self) -> None:
        if self.free:
            self.elect(self.hopeful)

    def before(self, at: int) -> list[int]:
        """The votes of an option at earlier stages, the latest first."""
        return [votes[at] for votes in self.history[-2::-1]]

    def by_votes(self, places: Iterable[int]) -> list[int]:
        """Most votes first; equal ones by the latest earlier stage at which they differed, then by the tie rule."""
        votes, tie = self.history[-1], self.election.tie
        return sorted(places, key=lambda at: ([-number for number in (votes[at], *self.before(at))], tie[at]))

    def elect(self, places: Iterable[int]) -> list[int]:
        won = self.by_votes(places)
        self.elected += won
        self.hopeful = [at for at in self.hopeful if at not in won]
        self.told[-1]["elected"] += [self.election.ids[at] for at in won]
        return won

    def exclude(self, tied: Iterable[int]) -> int:
        """Of equal ones that which had fewest at the latest earlier stage, or comes last by the tie rule."""
        out = min(tied, key=lambda at: (self.before(at), -self.election.tie[at]))
        self.hopeful.remove(out)
        self.excluded.append(out)
        self.told[-1]["excluded"].append(self.election.ids[out])
        return out

    def order(self) -> list[int]:
        """Elected, those left at the end, those excluded, the last one first, at last all others."""
        order = self.elected + self.by_votes(self.hopeful) + self.excluded[::-1]
        others = [at for at in range(len(self.election.ids)) if at not in order]
        return order + self.election.ordered(others, self.election.counts)


def _count_stv(election: Election) -> Decision:
    """Each envelope fills its own places."""
    count = _count_meek if election.rules["transfer"] == "meek" else _count_scottish
    counted: list[Stages] = []

    def take(election: Election, this: Round, gone: set[int]) -> Taken:
        stages = Stages(election, this, gone)
        counted.append(stages)
        quota = count(election, stages)
        won = [election.ids[at] for at in stages.elected]
        return stages.elected, {"taken": won, "quota": quota, "stages": stages.told}

    taken, told = _by_rounds(election, take, always_told=True)
    if election.rules["envelopes"]:
        others = [at for at in range(len(election.ids)) if at not in taken]
        return taken + election.ordered(others, election.counts), taken, {"rounds": told}
    return counted[0].order(), taken, {name: told[0][name] for name in ("quota", "stages")}


VOTE_PARTS = 100_000
"""Scottish STV counts in hundred-thousandths of a vote."""


class Papers:
    """Ballot papers in piles, one for each continuing or elected option, each pile of (ballot, value, next place)."""

    def __init__(self, election: Election) -> None:
        self.rankings, self.weights = election.named, election.weights
        self.piles: list[list[tuple[int, int, int]]] = [[] for _ in election.ids]

    def move(self, papers: Iterable[tuple[int, int, int]], continuing: set[int], votes: list[int]) -> None:
        """Each paper to the next continuing option that it names."""
        for ballot, value, place in papers:
            ranking, worth = self.rankings[ballot], value * self.weights[ballot]
            while place < len(ranking) and ranking[place] not in continuing:
                place += 1
            if place < len(ranking):
                votes[ranking[place]] += worth
                self.piles[ranking[place]].append((ballot, value, place + 1))


def _count_scottish(election: Election, stages: Stages) -> int:
    """Weighted inclusive Gregory with values truncated to five decimals, one surplus a stage. Gives the quota."""
    papers, votes = Papers(election), [0] * len(election.ids)
    filled = ((ballot, VOTE_PARTS, 0) for ballot, named in enumerate(election.named) if named)
    papers.move(filled, set(stages.hopeful), votes)
    valid = sum(votes)
    quota = (valid // VOTE_PARTS // (stages.seats + 1) + 1) * VOTE_PARTS
    surpluses: list[int] = []
    while True:
        stages.begin(votes, valid)
        surpluses += stages.elect([at for at in stages.hopeful if votes[at] >= quota])
        surpluses = [at for at in surpluses if votes[at] > quota]
        if not stages.is_over and surpluses:
            giver = stages.by_votes(surpluses)[0]
            surpluses.remove(giver)
            total, surplus = votes[giver], votes[giver] - quota
            moved = [(ballot, surplus * value // total, place) for ballot, value, place in papers.piles[giver]]
            votes[giver] = quota
        else:
            if not stages.is_over:
                fewest = min(votes[at] for at in stages.hopeful)
                giver = stages.exclude([at for at in stages.hopeful if votes[at] == fewest])
            if stages.is_over:
                stages.finish()
                return quota
            moved, votes[giver] = papers.piles[giver], 0
        papers.piles[giver] = []
        papers.move(moved, set(stages.hopeful), votes)


MEEK_PARTS, OMEGA = 10**9, 10**3
"""Meek counts in thousand-millionths; a total surplus under a millionth is none."""


def _count_meek(election: Election, stages: Stages) -> int:
    """The reference rule of the Proportional Representation Foundation, step by step. Gives the last quota."""
    keep = [MEEK_PARTS if at in stages.hopeful else 0 for at in range(len(election.ids))]
    rankings = _merged_rankings(election, stages.hopeful)
    valid = MEEK_PARTS * sum(number for _, number in rankings)
    while True:
        last: Optional[int] = None
        while True:
            votes = _distribute(rankings, keep)
            quota = sum(votes) // (stages.seats + 1) + 1
            won = [at for at in stages.hopeful if votes[at] >= quota]
            surplus = max(0, sum(votes[at] - quota for at in stages.elected))
            if won or surplus < OMEGA or (last is not None and surplus >= last):
                break
            last = surplus
            for at in stages.elected:
                keep[at] = _up(_up(keep[at] * quota, MEEK_PARTS) * MEEK_PARTS, votes[at])
        stages.begin(votes, valid)
        stages.elect(won)
        if not stages.is_over and not won:
            limit = min(votes[at] for at in stages.hopeful) + surplus
            keep[stages.exclude([at for at in stages.hopeful if votes[at] <= limit])] = 0
        if stages.is_over:
            stages.finish()
            return quota


def _up(number: int, divisor: int) -> int:
    return -(-number // divisor)


def _merged_rankings(election: Election, standing: Sequence[int]) -> list[tuple[tuple[int, ...], int]]:
    """Rankings of those who stand, and weights, without ballots that name none of them; equal ones once."""
    merged: Counter[tuple[int, ...]] = Counter()
    among = set(standing)
    for named, weight in zip(election.named, election.weights):
        ranking = tuple(at for at in named if at in among)
        if ranking:
            merged[ranking] += weight
    return list(merged.items())


def _distribute(rankings: Iterable[tuple[tuple[int, ...], int]], keep: Sequence[int]) -> list[int]:
    """The votes of each option."""
    votes = [0] * len(keep)
    for ranking, number in rankings:
        left = MEEK_PARTS
        for at in ranking:
            if keep[at]:
                share = -(-left * keep[at] // MEEK_PARTS)
                votes[at] += share * number
                left -= share
                if not left:
                    break
    return votes


# ------------------------------------------------------------------------------------ counting: pairs and medians


def _pairs(election: Election) -> list[list[int]]:
    """The weight of the ballots that rank the row's option above the column's; what is not named is below what is."""
    size = len(election.ids)
    below: list[list[int]] = [[0] * size for _ in range(size)]
    for named, weight in zip(election.named, election.weights):
        for place, at in enumerate(named):
            row = below[at]
            for better in named[:place]:
                row[better] += weight
    return [
        [0 if row == column else election.namings[row] - below[row][column] for column in range(size)]
        for row in range(size)
    ]


Rank = Callable[[Iterable[int]], list[int]]
"""Ranks some of the options as if there were no others."""


def _count_by_ranking(election: Election, rank: Rank, details: dict[str, Any], *, missed: bool) -> Decision:
    """Round by round the first that may win, as many as there are places, exclusive ones passed over."""

    def take(election: Election, this: Round, gone: set[int]) -> Taken:
        taken: list[int] = []
        out = set(gone)
        for at in rank(this.places):
            if at not in out and len(taken) < this.budget:
                taken.append(at)
                out |= election.rivals[at]
        return taken, {"taken": [election.ids[at] for at in taken]}

    order = rank(range(len(election.ids)))
    if missed:
        return order, [], {**details, "quorum_missed": True}
    taken, told = _by_rounds(election, take)
    return order, taken, {**details, **({"rounds": told} if told else {})}


def _unbeaten(election: Election, among: Iterable[int], beats: Callable[[int, int], bool]) -> list[int]:
    """Of those that nobody left beats the first by the tie rule, again and again."""
    left, ranking = sorted(among, key=lambda at: election.tie[at]), []
    while left:
        first = next(at for at in left if not any(beats(other, at) for other in left))
        left.remove(first)
        ranking.append(first)
    return ranking


def _schulze(election: Election) -> tuple[Rank, dict[str, Any]]:
    """Strongest paths by winning votes."""
    wins = _pairs(election)

    def rank(places: Iterable[int]) -> list[int]:
        among = list(places)
        paths = {a: {b: wins[a][b] if wins[a][b] > wins[b][a] else 0 for b in among} for a in among}
        for middle in among:
            through = paths[middle]
            for row in paths.values():
                to = row[middle]
                if to:
                    for end in among:
                        row[end] = max(row[end], min(to, through[end]))
        return _unbeaten(election, among, lambda a, b: a != b and paths[a][b] > paths[b][a])

    return rank, {"matrix": wins}


def _ranked_pairs(election: Election) -> tuple[Rank, dict[str, Any]]:
    """Majorities from the strongest down, each locked unless it closes a circle."""
    wins, tie = _pairs(election), election.tie

    def locked(among: Sequence[int]) -> list[tuple[int, int]]:
        majorities = [(a, b) for a in among for b in among if wins[a][b] > wins[b][a]]
        majorities.sort(key=lambda pair: (-wins[pair[0]][pair[1]], wins[pair[1]][pair[0]], tie[pair[0]], tie[pair[1]]))
        above = {at: 1 << at for at in among}
        kept: list[tuple[int, int]] = []
        for winner, loser in majorities:
            if above[winner] >> loser & 1:
                continue
            kept.append((winner, loser))
            for at in among:
                if above[at] >> loser & 1:
                    above[at] |= above[winner]
        return kept

    def rank(places: Iterable[int]) -> list[int]:
        among = list(places)
        pairs = set(locked(among))
        return _unbeaten(election, among, lambda a, b: (a, b) in pairs)

    told = [[election.ids[a], election.ids[b]] for a, b in locked(range(len(election.ids)))]
    return rank, {"matrix": wins, "locked": told}


def _judgment(election: Election) -> tuple[Rank, dict[str, Any]]:
    """Majority judgment: by the lower median, then by those that come after taking medians away."""
    low, high = election.rules["min_points"], election.rules["max_points"]
    grades = [[0] * (high - low + 1) for _ in election.ids]
    voters = sum(weight for named, weight in zip(election.named, election.weights) if named)
    for named, values, weight in zip(election.named, election.values, election.weights):
        for at, value in zip(named, values):
            grades[at][value - low] += weight
    for at, row in enumerate(grades):
        row[0] += voters - election.namings[at]
    medians = [low + _grade_at(row, (voters - 1) // 2) if voters else low for row in grades]

    def compare(one: int, other: int) -> int:
        return _judge(grades[other], grades[one], voters) or election.tie[one] - election.tie[other]

    def rank(places: Iterable[int]) -> list[int]:
        return sorted(places, key=cmp_to_key(compare))

    return rank, {"medians": medians, "grades": grades}


def _grade_at(row: Sequence[int], place: int) -> int:
    """The grade at a place of all grades in order, the lowest first."""
    for grade, number in enumerate(row):
        place -= number
        if place < 0:
            return grade
    return len(row) - 1


def _judge(one: Sequence[int], other: Sequence[int], voters: int) -> int:
    """Above 0 where the first of two is better. Medians that are taken away one by one lie in turn below and above
    the middle, so that it is enough to look where one of the two changes its grade."""
    first = (voters - 1) // 2
    turns = (-1, 1) if voters % 2 else (1, -1)
    ends = {end for row in (one, other) for end in accumulate(row)}
    looks = sorted({abs(end - first) + near for end in ends for near in (-1, 0, 1)} | {0})
    for away in looks:
        for turn in turns:
            place = first + turn * away
            if away >= 0 and 0 <= place < voters and _grade_at(one, place) != _grade_at(other, place):
                return _grade_at(one, place) - _grade_at(other, place)
    return 0


_METHODS: dict[str, Callable[[Election], Decision]] = {
    "votes": _count_votes,
    "borda": _count_votes,
    "greedy": _count_greedily,
    "knapsack": _count_knapsack,
    "equal_shares": _count_equal_shares,
    "phragmen": _count_phragmen,
    "stv": _count_stv,
}
_RANKINGS: dict[str, Callable[[Election], tuple[Rank, dict[str, Any]]]] = {
    "schulze": _schulze,
    "ranked_pairs": _ranked_pairs,
    "majority_judgment": _judgment,
}


# ---------------------------------------------------------------------------------------------- the record


class Casts:
    """The secret ballots of one vote as the log shows them: who of the slots voted, not what."""

    def __init__(self) -> None:
        self.cast = self.recast = self.highest = 0
        self.first = self.last = -1
        self.on_paper: set[bytes] = set()
        self.returned: set[bytes] = set()

    @property
    def used(self) -> int:
        """How many slots have voted, on paper or not."""
        return self.cast + len(self.on_paper)


class Record:
    """The package and what has been read of it so far."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.info: dict[str, Any] = parse_json(package.read("data/record.json", MAX_JSON), "data/record.json")
        self.process = str(self.info["process"])
        self.note = package.read(LOG + "checkpoint", MIB)
        self.checkpoint = parse_checkpoint(split_note(self.note, LOG + "checkpoint")[0], LOG + "checkpoint")
        self.story = Story()
        self.read = 0
        self.blocks: list[bytes] = []
        self.block_roots = b""
        self.last_commit: dict[bytes, bytes] = {}
        self.last_time = b""
        self.payloads: dict[int, tuple[bytes, bytes, bytes, bytes, bool]] = {}
        self.casts: dict[bytes, Casts] = {}
        self.vote_entries: dict[str, list[tuple[int, str]]] = {}
        self.own_roots: dict[bytes, int] = {}
        self.other_roots: dict[bytes, int] = {}
        self.newer = 0
        self.withheld: dict[int, Optional[list[str]]] = {}
        self.watched: dict[bytes, list[tuple[int, Row]]] = {}
        self.covered = 0

    @property
    def size(self) -> int:
        return self.checkpoint.size

    def bundle(self, number: int) -> bytes:
        """The bundle of the entries number·256 … of the log."""
        return self.package.read(tile_name("entries", number, self.width(number)), WIDTH * 65_537)

    def width(self, number: int) -> int:
        """How many entries that bundle must have."""
        return min(WIDTH, self.size - number * WIDTH)

    def entries(self, number: int) -> list[bytes]:
        """The entries of that bundle, one by one."""
        name = tile_name("entries", number, self.width(number))
        entries = decode_bundle(self.bundle(number), number * WIDTH, name)
        if len(entries) != self.width(number):
            raise Malformed(name, f"the bundle has {len(entries)} entries, not {self.width(number)}")
        return entries

    def entry(self, index: int) -> bytes:
        return self.entries(index // WIDTH)[index % WIDTH]

    def root_at(self, size: int) -> bytes:
        """The root of the first `size` entries, all of which have been read."""
        full, rest = divmod(size, WIDTH)
        level = self.block_roots[: full * HASH]
        if rest:
            level += merkle_root(leaf_hashes(self.entries(full)[:rest]))
        return merkle_root(level)


def open_record(path: str) -> Record:
    """The record in the package, or Unreadable."""
    package = Package(path)
    try:
        record = Record(package)
        if record.info.get("format") != "ucc-record/1":
            raise Unreadable("data/record.json is not of the format ucc-record/1")
        return record
    except Malformed as error:
        package.close()
        raise Unreadable(f"{error.where}: {error}") from None
    except (KeyError, TypeError, AttributeError):
        package.close()
        raise Unreadable("data/record.json does not describe a record") from None
    except Unreadable:
        package.close()
        raise


# ---------------------------------------------------------------------------------------------- checks: bag


def check_bag(record: Record, report: Report) -> None:
    """Manifests name every file with its digest, and nothing else [RFC 8493]."""
    package = record.package
    if package.read("bagit.txt", MIB) != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
        report.fail("bag", "bagit.txt", "this is not a BagIt 1.0 bag")
    payload = _manifest(package, "manifest-sha256.txt")
    tags = _manifest(package, "tagmanifest-sha256.txt")
    _compare_manifest(record, report, payload, set(package.under("data/")))
    outside = {name for name in package.members if not name.startswith("data/")} - {"tagmanifest-sha256.txt"}
    _compare_manifest(record, report, tags, outside)
    report.prove(
        "bag", f"The package is whole: {len(payload)} files have the digests of its manifests, and there are no others."
    )


def _manifest(package: Package, name: str) -> dict[str, str]:
    digests: dict[str, str] = {}
    for line in package.lines(name):
        match = re.fullmatch(rb"([0-9a-f]{64})  ([\x21-\x7e]+)", line)
        if not match or match[2].decode() in digests:
            raise Malformed(name, "a line is not a digest and a file name, or names a file again")
        digests[match[2].decode()] = match[1].decode()
    return digests


def _compare_manifest(record: Record, report: Report, listed: Mapping[str, str], present: set[str]) -> None:
    for name in sorted(present - listed.keys()):
        report.fail("bag", name, "the file is in no manifest")
    for name in sorted(listed.keys() - present):
        report.fail("bag", name, "the manifest names a file that is not there")
    for name in sorted(present & listed.keys()):
        try:
            if record.package.digest(name) != listed[name]:
                report.fail("bag", name, "the file differs from its digest in the manifest")
        except Malformed as error:
            report.fail("bag", name, str(error))


# ---------------------------------------------------------------------------------------------- checks: log


def check_signature(record: Record, keys: Sequence[Key], report: Report) -> None:
    """The checkpoint is signed by the log's own key, whose name is the checkpoint's origin."""
    if not keys:
        report.not_checked.append("The signature of the checkpoint: no --vkey was given.")
        return
    _, names = open_note(record.note, keys, LOG + "checkpoint")
    if record.checkpoint.origin not in names:
        report.fail("signature", LOG + "checkpoint", "no key that you gave has signed this checkpoint for its origin")
    report.prove("signature", f"The checkpoint is signed by {record.checkpoint.origin} with the key that you gave.")


def read_log(record: Record, report: Report) -> None:
    """Read all entries once, bundle by bundle, and check them on the way."""
    for number in range((record.size + WIDTH - 1) // WIDTH):
        start = number * WIDTH
        batch = parse_batch(record.bundle(number))
        if batch is None or len(batch.entries) != record.width(number):
            batch = read_irregular(record, start, record.entries(number), report)
        leaves = leaf_hashes(batch.entries)
        check_leaf_tile(record, number, leaves, report)
        record.block_roots += merkle_root(leaves)
        check_time_order(record, start, batch, report)
        check_chains(record, start, batch, report)
        collect(record, start, batch)
        watch(record, start, batch)
        record.last_time = batch.times[-1]
        record.read = start + len(batch.entries)


def read_irregular(record: Record, start: int, entries: Sequence[bytes], report: Report) -> Batch:
    """Entries one by one where not all of them match the pattern; what is unreadable stands as a row of blanks."""
    rows: list[Row] = []
    for index, entry in enumerate(entries, start):
        row = parse_row(entry)
        if row is None:
            row, problem = parse_entry(entry, index)
            record.newer += row is not None
            if row is None:
                check_entry_form(index, problem, report)
            else:
                row = row._replace(entry=entry)
        before = rows[-1].time if rows else record.last_time
        rows.append(row or Row(entry, b"", b"", b"", b"", b"", b"", before, b""))
    return Batch(*zip(*rows))


def check_entry_form(index: int, problem: str, report: Report) -> None:
    """Every entry is canonical JSON of the documented form."""
    report.fail("entry_form", f"entry {index}", f"this is not an entry: {problem}")


def check_leaf_tile(record: Record, number: int, leaves: bytes, report: Report) -> None:
    """The stored leaf hashes are those of the stored entries."""
    name = tile_name("0", number, len(leaves) // HASH)
    stored = attempt(report, "leaf_tile", name, record.package.read, name, WIDTH * HASH)
    if stored is None or stored == leaves:
        return
    for at in range(0, max(len(stored), len(leaves)), HASH):
        if stored[at : at + HASH] != leaves[at : at + HASH]:
            index = number * WIDTH + at // HASH
            report.fail("leaf_tile", f"entry {index}", f"the entry and its hash in {name} do not agree")


def check_time_order(record: Record, start: int, batch: Batch, report: Report) -> None:
    """Time never goes back along the log."""
    times = [record.last_time, *batch.times]
    if times != sorted(times):
        for index, (before, after) in enumerate(zip(times, times[1:]), start):
            if after < before:
                what = f"time goes back, from {before.decode()} to {after.decode()}"
                report.fail("time_order", f"entry {index}", what)


_SAME_EMPTY = {EMPTY_COMMITMENT: EMPTY_COMMITMENT}


def check_chains(record: Record, start: int, batch: Batch, report: Report) -> None:
    """`prev` is the commitment of the subject's previous entry."""
    last, subjects, prevs = record.last_commit, batch.subjects, batch.prevs
    commits = map(_SAME_EMPTY.get, batch.commits, batch.commits)
    if not any(prevs) and len(set(subjects)) == len(subjects) and last.keys().isdisjoint(subjects):
        last.update(zip(subjects, commits))
        return
    for index, (subject, prev, commit) in enumerate(zip(subjects, prevs, commits), start):
        if last.get(subject, b"") != prev and subject:
            report.fail("chains", f"entry {index}", f"prev does not name the previous entry of {subject.decode()}")
        last[subject] = commit


_VOTING = (b"vote.", b"roll.", b"ballot")
_OF_BOXES = b"ballot_box."
_WHOLE_SERVER = (b"account/", b"organisation/", b"log/")


def collect(record: Record, start: int, batch: Batch) -> None:
    """Keep what later checks need: counts by type, who voted, commitments that wait for their opening."""
    process = record.process.encode()
    if set(batch.processes) != {process}:
        batch, places = _collect_others(record, start, batch, process)
    else:
        places = list(range(len(batch.kinds)))
    kinds, commits = batch.kinds, batch.commits
    for kind, number in Counter(kinds).items():
        first, last = batch.times[kinds.index(kind)], batch.times[len(kinds) - 1 - kinds[::-1].index(kind)]
        record.story.count(kind.decode(), number, first.decode(), last.decode())
    for root in set(batch.roots) - record.own_roots.keys():
        if not root.startswith(_WHOLE_SERVER):
            record.own_roots[root] = start + places[batch.roots.index(root)]
    voting = {kind for kind in set(kinds) if kind.startswith(_VOTING) and not kind.startswith(_OF_BOXES)}
    if not voting and set(commits) == {EMPTY_COMMITMENT}:
        return
    for at, kind in enumerate(kinds):
        if commits[at] != EMPTY_COMMITMENT:
            row = batch.row(at)
            record.payloads[start + places[at]] = (row.commit, row.subject, row.time, kind, True)
        if kind in (b"ballot.cast", b"ballot.cast_on_paper"):
            _collect_cast(record, start + places[at], batch.roots[at], batch.subjects[at], batch.prevs[at], kind)
        elif kind in voting:
            _collect_vote_entry(record, start + places[at], batch.row(at))


def _collect_vote_entry(record: Record, index: int, row: Row) -> None:
    entries = record.vote_entries.setdefault(row.root.decode(), [])
    if row.kind == b"ballot.recast":
        casts = record.casts.setdefault(row.root, Casts())
        casts.recast += 1
        casts.last = index
        if not row.prev:
            entries.append((index, "recast without cast"))
        if row.subject in casts.on_paper:
            entries.append((index, "recast of paper"))
    elif row.kind == b"ballot.paper_returned":
        casts = record.casts.setdefault(row.root, Casts())
        if row.subject not in casts.on_paper:
            entries.append((index, "returned without paper"))
        casts.on_paper.discard(row.subject)
        casts.returned.add(row.subject)
        casts.last = index
    else:
        entries.append((index, row.kind.decode()))


def _collect_cast(record: Record, index: int, root: bytes, subject: bytes, prev: bytes, kind: bytes) -> None:
    casts = record.casts.get(root)
    if casts is None:
        casts = record.casts[root] = Casts()
    if casts.first < 0:
        casts.first = index
    again = bool(prev) and subject not in casts.returned
    casts.returned.discard(subject)
    if kind == b"ballot.cast":
        casts.cast += 1
    else:
        casts.on_paper.add(subject)
    casts.last = index
    vote, _, slot = subject.rpartition(b"/slot/")
    is_slot = vote == root and slot.isdigit() and (len(slot) == 6 or (len(slot) > 6 and slot[:1] != b"0"))
    number = int(slot) if is_slot else 0
    if again or not number:
        record.vote_entries.setdefault(root.decode(), []).append((index, "again" if again else "no slot"))
    elif number > casts.highest:
        casts.highest = number


def _collect_others(record: Record, start: int, batch: Batch, process: bytes) -> tuple[Batch, list[int]]:
    """Note entries of the whole server or of other processes; the rest of the batch, and the places it comes from."""
    own: list[int] = []
    for place, owner in enumerate(batch.processes):
        if owner == process:
            own.append(place)
        elif batch.subjects[place]:
            row = batch.row(place)
            record.other_roots.setdefault(row.root, start + place)
            if not owner and row.commit != EMPTY_COMMITMENT:
                record.payloads[start + place] = (row.commit, row.subject, row.time, row.kind, False)
    return Batch(*[tuple([column[place] for place in own]) for column in batch]), own


def watch(record: Record, start: int, batch: Batch) -> None:
    """Remember where the subjects of waiting receipts occur."""
    if not record.watched.keys().isdisjoint(batch.subjects):
        for place, subject in enumerate(batch.subjects):
            if subject in record.watched:
                record.watched[subject].append((start + place, batch.row(place)))


def check_root(record: Record, report: Report) -> None:
    """The tree over the stored entries has the root that the checkpoint signs."""
    if record.read != record.size or merkle_root(record.block_roots) != record.checkpoint.root:
        report.fail("root", LOG + "checkpoint", "the entries do not give the root of the checkpoint")
    report.prove("root", f"All {record.size} entries are unaltered: their Merkle tree has the root of the checkpoint.")
    report.prove("entry_form", "Every entry is canonical and of a documented form.")
    report.prove("chains", "Every subject's entries form a gapless chain.")
    report.prove("time_order", "Time never goes back along the log.")
    if record.newer:
        report.not_checked.append(f"{record.newer} entries follow a newer schema than this program knows.")


def check_upper_tiles(record: Record, report: Report) -> None:
    """The stored inner nodes are those of the tree, and there are no other files of the log."""
    level, hashes, expected = 0, b"", set()
    count = record.size
    while count:
        for number in range((count + WIDTH - 1) // WIDTH):
            width = min(WIDTH, count - number * WIDTH)
            name = tile_name(str(level), number, width)
            expected |= {name} if level else {name, tile_name("entries", number, width)}
            content = hashes[number * WIDTH * HASH : (number * WIDTH + width) * HASH]
            if level and attempt(report, "upper_tiles", name, record.package.read, name, WIDTH * HASH) != content:
                report.fail("upper_tiles", name, "the tile does not hold the hashes of the tree")
        parents = record.block_roots if level == 0 else _tile_roots(hashes)
        level, count = level + 1, count // WIDTH
        hashes = parents[: count * HASH]
    for name in sorted(set(record.package.under(LOG + "tile/")) - expected):
        report.fail("upper_tiles", name, "the log of this size has no such file")
    report.prove("upper_tiles", "The tiles are those of the tree.")


def _tile_roots(hashes: bytes) -> bytes:
    step = WIDTH * HASH
    return b"".join([merkle_root(hashes[at : at + step]) for at in range(0, len(hashes), step)])


def check_stored_checkpoints(record: Record, keys: Sequence[Key], report: Report) -> None:
    """The checkpoints of the process's milestones that lie in the package are of the beginnings of this very log."""
    names = record.package.under(CHECKPOINTS)
    for name in names:
        attempt(report, "checkpoints", name, _check_stored_checkpoint, record, name, keys)
    if names:
        report.prove("checkpoints", f"{len(names)} earlier checkpoints in the package are of this very log.")


def _check_stored_checkpoint(record: Record, name: str, keys: Sequence[Key]) -> None:
    text, signed = open_note(record.package.read(name, MIB), keys, name)
    stored = parse_checkpoint(text, name)
    if stored.origin != record.checkpoint.origin or name != f"{CHECKPOINTS}{stored.size}":
        raise Malformed(name, "this is a checkpoint of another log, or of another size than its name says")
    if keys and stored.origin not in signed:
        raise Malformed(name, "no key that you gave has signed this checkpoint for its origin")
    if stored.size > record.read or record.root_at(stored.size) != stored.root:
        raise Malformed(name, f"the first {stored.size} entries are not those of this checkpoint: the log was forked")


def check_scopes(record: Record, report: Report) -> None:
    """Nothing of this process is logged outside it, where its opening would not be asked for."""
    for root in sorted(record.own_roots.keys() & record.other_roots.keys()):
        index = record.other_roots[root]
        report.fail("scopes", f"entry {index}", f"{root.decode()} belongs to this process, but not in this entry")


# ---------------------------------------------------------------------------------------------- checks: evidence


class Evidence:
    """What the verifier got elsewhere: checkpoints and receipts, by the names of their files."""

    def __init__(self, checkpoints: Iterable[str], receipts: Iterable[str]) -> None:
        self.checkpoints: list[tuple[str, bytes]] = [(path, _read_file(path)) for path in checkpoints]
        self.proofs: list[tuple[str, bytes]] = []
        self.receipts: list[tuple[str, dict[str, Any]]] = []
        for path in receipts:
            data = _read_file(path)
            if data.startswith(b"c2sp.org/tlog-proof@v1\n"):
                self.proofs.append((path, data))
                continue
            try:
                self.receipts.append((path, _parse_receipt(data, path)))
            except Malformed as error:
                raise Unreadable(f"{path} is not a receipt: {error}") from None


def _read_file(path: str) -> bytes:
    try:
        with open(path, "rb") as handle:
            data = handle.read(MIB + 1)
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from None
    if len(data) > MIB:
        raise Unreadable(f"{path} is too long")
    return data


def _parse_receipt(data: bytes, path: str) -> dict[str, Any]:
    receipt = parse_json(data, path)
    texts = ("origin", "commit", "subject", "type", "promise")
    if not isinstance(receipt, dict) or receipt.get("format") != "ucc-receipt/1":
        raise Malformed(path, "it is not of the format ucc-receipt/1")
    index = receipt.get("index")
    if not all(isinstance(receipt.get(name), str) for name in texts):
        raise Malformed(path, "a member is missing")
    if index is not None and (type(index) is not int or index < 0 or not isinstance(receipt.get("entry"), str)):
        raise Malformed(path, "a receipt with an index has the entry")
    return receipt


def check_earlier_checkpoint(record: Record, path: str, note: bytes, keys: Sequence[Key], report: Report) -> None:
    """The log of an earlier checkpoint is a prefix of this one."""
    text, names = open_note(note, keys, path)
    earlier = parse_checkpoint(text, path)
    if earlier.origin != record.checkpoint.origin:
        raise Malformed(path, f"this is a checkpoint of another log: {_clean(earlier.origin)}")
    if keys and earlier.origin not in names:
        raise Malformed(path, "no key that you gave has signed this earlier checkpoint")
    if earlier.size > record.size:
        raise Malformed(path, f"the record ends at {record.size} entries, the checkpoint had {earlier.size}: truncated")
    if record.read < earlier.size or record.root_at(earlier.size) != earlier.root:
        raise Malformed(
            path, f"the first {earlier.size} entries are not those of the earlier checkpoint: the log was forked"
        )
    record.covered = max(record.covered, earlier.size)
    report.prove("earlier", f"The first {earlier.size} entries are those of the earlier checkpoint {_clean(path)}.")


def check_proof(record: Record, path: str, data: bytes, keys: Sequence[Key], report: Report) -> None:
    """The entry of a tlog-proof file is in this record, and its checkpoint is of this log."""
    head, _, note = data.partition(b"\n\n")
    lines = head.decode("ascii").split("\n")
    if len(lines) < 3 or not lines[1].startswith("extra ") or not re.fullmatch("index (0|[1-9][0-9]{0,17})", lines[2]):
        raise Malformed(path, "this is not a tlog-proof file with the entry in it")
    entry, *hashes = [decode_base64(line, path) for line in (lines[1][6:], *lines[3:])]
    index = int(lines[2][6:])
    checkpoint = parse_checkpoint(split_note(note, path)[0], path)
    if not verify_inclusion(index, checkpoint.size, sha256(b"\0" + entry).digest(), hashes, checkpoint.root):
        raise Malformed(path, "the proof does not lead to the root of its own checkpoint")
    check_earlier_checkpoint(record, path, note, keys, report)
    if index >= record.read or record.entry(index) != entry:
        raise Malformed(path, f"the record has another entry {index}: the proof contradicts the record")
    report.prove("receipts", f"The entry of the proof {_clean(path)} is entry {index} of this record.")


def check_receipt_promise(path: str, receipt: Fields, keys: Sequence[Key], report: Report) -> None:
    """The receipt carries the log's signed word for exactly what it says."""
    where = f"receipt {path}"
    text, names = open_note(receipt["promise"].encode(), keys, where)
    if keys and receipt["origin"] not in names:
        raise Malformed(where, "the log's key has not signed this receipt: it proves nothing")
    if not keys:
        report.not_checked.append(f"The signature of the receipt {_clean(path)}: no --vkey was given.")
    ballot = receipt.get("ballot")
    said = [receipt["origin"] + "/promise", receipt["commit"], receipt["subject"], receipt["type"]]
    if text.split("\n")[:-2] != [*said, ballot["commitment"] if ballot else "-"]:
        raise Malformed(where, "the signed promise says something else than the receipt")


def check_receipt_entry(record: Record, path: str, receipt: Fields, report: Report) -> None:
    """The entry of the receipt stands in the record, where the receipt says."""
    where = f"receipt {path}"
    if receipt["origin"] != record.checkpoint.origin:
        raise Malformed(where, "the receipt is from another log")
    index = receipt.get("index")
    if index is None:
        _require_promised(record, where, receipt, report)
        return
    entry = decode_base64(receipt["entry"], where)
    row = parse_row(entry)
    said = tuple(receipt[name].encode() for name in ("commit", "subject", "type"))
    if not row or (row.commit, row.subject, row.kind) != said:
        raise Malformed(where, "the entry in the receipt is not what the receipt says")
    if index >= record.size:
        raise Malformed(where, f"the receipt is for entry {index}, the record ends at {record.size}: truncated")
    if index >= record.read or record.entry(index) != entry:
        raise Malformed(where, f"the record has another entry {index}: the receipt contradicts the record")
    report.prove("receipts", f"The entry of the receipt {_clean(path)} is entry {index} of this record.")


def _require_promised(record: Record, where: str, receipt: Fields, report: Report) -> None:
    """A promised entry is in the record, or the record ends before it had to be."""
    said = (receipt["commit"].encode(), receipt["type"].encode())
    for index, row in record.watched.get(receipt["subject"].encode(), []):
        if (row.commit, row.kind) == said:
            report.prove("receipts", f"The entry promised in the {_clean(where)} is entry {index} of this record.")
            return
    promised = receipt["promise"].split("\n")[5]
    if record.last_time and _seconds(record.last_time.decode()) > _seconds(promised) + MERGE_SECONDS:
        raise Malformed(where, "the promised entry is missing: the promise was broken")
    report.not_provable.append(
        f"That the promise of the {_clean(where)} was kept: the record ends before it had to be."
    )


def _seconds(time: str) -> float:
    return datetime.strptime(time, "%Y-%m-%dT%H:%M:%S%z").timestamp()


def check_receipt_ballot(record: Record, path: str, receipt: Fields, report: Report) -> None:
    """The voter's own ballot is among the published ones, or was replaced by a later ballot of theirs."""
    ballot, where = receipt.get("ballot"), f"receipt {path}"
    if not ballot:
        return
    ref = "/".join(receipt["subject"].split("/")[:2])
    said = jcs({**{name: ballot[name] for name in ("choices", "points", "sector") if name in ballot}, "vote": ref})
    if sha256(b"ucc-b1\0" + bytes.fromhex(ballot["salt"]) + said).hexdigest() != ballot["commitment"]:
        raise Malformed(where, "the ballot in the receipt does not fit its own commitment")
    vote = record.story.votes.get(ref)
    name = f"{VOTES}{ref.partition('/')[2]}.ballots.csv"
    if vote is None or name not in record.package:
        report.not_checked.append(f"The ballot of the {_clean(where)}: the vote is not counted yet.")
    elif ballot["commitment"] in vote.superseded:
        report.prove("receipts", f"The ballot of the {_clean(where)} was replaced by a later one of the same voter.")
    elif not any(line.startswith(ballot["commitment"].encode() + b",") for line in record.package.lines(name)):
        raise Malformed(where, f"the ballot is not among those of {name}: the receipt contradicts the record")
    else:
        report.prove("receipts", f"The ballot of the {_clean(where)} is among those counted.")


def judge_completeness(record: Record, report: Report) -> None:
    """Say how far evidence from outside reaches: a log cannot prove on its own that its end was not cut off."""
    if record.covered >= record.size > 0:
        return
    if record.covered:
        what = f"Completeness after entry {record.covered - 1}: no checkpoint from elsewhere covers the rest."
    else:
        what = "Completeness: without a checkpoint or a receipt from elsewhere a shortened log looks the same."
    report.not_provable.append(what)


# ---------------------------------------------------------------------------------------------- checks: openings


_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,199}")
_HEX_32 = re.compile(r"[0-9a-f]{64}")


def read_openings(record: Record, report: Report) -> None:
    """Read every opening once, check it against the entry's commitment, and let it tell its part of the story."""
    before, opened = -1, set()
    for number, line in enumerate(record.package.lines(OPENINGS), 1):
        opening = attempt(report, "openings", f"{OPENINGS} line {number}", parse_opening, line, number)
        if opening is None:
            continue
        index, fields, withheld = opening
        if index <= before:
            report.fail("openings", f"entry {index}", "openings are not in the order of their entries")
        before = index
        entry = record.payloads.get(index)
        if entry is None:
            report.fail("openings", f"entry {index}", "there is no payload of this process to be opened")
            continue
        opened.add(index)
        check_opening(index, entry[0], fields, withheld, report)
        if withheld:
            record.withheld[index] = list(withheld)
        _, subject, time, kind, _ = entry
        values = {name: value for name, (_, value) in fields.items()}
        told = (index, kind.decode(), subject.decode(), time.decode(), values)
        attempt(report, "openings", f"entry {index}", record.story.tell, *told)
    for index, entry in record.payloads.items():
        if entry[4] and index not in opened:
            record.withheld[index] = None
    report.prove("openings", f"{len(opened)} opened payloads are those that were committed to when they were logged.")


def parse_opening(line: bytes, number: int) -> tuple[int, dict[str, list[Any]], dict[str, str]]:
    """Index, opened fields and withheld digests of one line."""
    where = f"{OPENINGS} line {number}"
    value = parse_canonical(line, where)
    if (
        not isinstance(value, dict)
        or sorted(value) != ["fields", "index", "withheld"]
        or type(value["index"]) is not int
    ):
        raise Malformed(where, "this is not an opening")
    index, fields, withheld = value["index"], value["fields"], value["withheld"]
    where = f"entry {index}"
    pairs = all(isinstance(pair, list) and len(pair) == 2 and _is_hex(pair[0]) for pair in fields.values())
    if not pairs or not all(map(_is_hex, withheld.values())) or fields.keys() & withheld.keys():
        raise Malformed(where, "the opening's fields are not salts and values, or its withheld ones not digests")
    if not all(map(_FIELD_NAME.fullmatch, [*fields, *withheld])):
        raise Malformed(where, "the opening has a field of a forbidden name")
    return index, fields, withheld


def _is_hex(value: object) -> bool:
    return isinstance(value, str) and _HEX_32.fullmatch(value) is not None


def commitment_of(fields: Mapping[str, Sequence[Any]], withheld: Mapping[str, str]) -> bytes:
    """The commitment that opened fields (name → salt, value) and withheld digests make together, in hex."""
    digests = [bytes.fromhex(digest) for digest in withheld.values()]
    for name, (salt, value) in fields.items():
        encoded = name.encode()
        prefix = b"ucc-f1\0" + bytes.fromhex(salt) + len(encoded).to_bytes(2, "big") + encoded
        digests.append(sha256(prefix + jcs(value)).digest())
    return sha256(b"ucc-c1\0" + b"".join(sorted(digests))).hexdigest().encode()


def check_opening(
    index: int, commit: bytes, fields: Mapping[str, Sequence[Any]], withheld: Mapping[str, str], report: Report
) -> None:
    """What is opened is what was committed to."""
    if commitment_of(fields, withheld) != commit:
        report.fail("openings", f"entry {index}", "the opening does not fit the entry's commitment")


def check_withheld(record: Record, report: Report) -> None:
    """Whatever is withheld is covered by a later entry that says so, with a reason."""
    explained = _explained(record.story)
    count = sealed = 0
    for index, names in sorted(record.withheld.items()):
        if names is None and _is_sealed(record, index):
            sealed += 1
            continue
        for name in [None] if names is None else names:
            count += 1
            if max(explained.get((index, name), -1), explained.get((index, None), -1)) <= index:
                what = "the whole payload is" if name is None else f"the field {name} is"
                report.fail(
                    "withheld", f"entry {index}", f"unexplained withholding: {what} withheld, no later entry says so"
                )
    if sealed:
        report.not_checked.append(f"{sealed} ballots of organisations: sealed until their vote closes.")
    if count:
        report.prove("withheld", f"{count} withheld fields or payloads are all explained by later entries of the log.")


def _is_sealed(record: Record, index: int) -> bool:
    """Whether the entry is an organisation's ballot in a vote that the log has not closed yet."""
    _, subject, _, kind, _ = record.payloads[index]
    entries = record.vote_entries.get("/".join(subject.decode().split("/")[:2]), [])
    openly = kind in (b"ballot.cast_openly", b"ballot.recast_openly")
    return openly and all(kind != "vote.closed" for _, kind in entries)


def _explained(story: Story) -> dict[tuple[int, Optional[str]], int]:
    """(entry, field or None) → the index of the last entry that explains its withholding."""
    explained: dict[tuple[int, Optional[str]], int] = {}
    for index, pairs in story.withheld_lists:
        for pair in pairs or []:
            if isinstance(pair, list) and len(pair) == 2 and type(pair[0]) is int:
                explained[pair[0], pair[1] if isinstance(pair[1], str) else None] = index
    return explained


# ---------------------------------------------------------------------------------------------- checks: votes


class Ballots:
    """The ballots of a vote that count: how many say what, and their commitments when secret.

    ``weights``: of organisations' ballots, which may weigh more than one each; ``sectors``: of theirs, by sector.
    """

    def __init__(self) -> None:
        self.said: Counter[Ballot] = Counter()
        self.weights: Optional[Counter[Ballot]] = None
        self.units: dict[str, int] = {}
        self.commitments: list[str] = []
        self.sectors: dict[str, Counter[Ballot]] = {}

    @property
    def number(self) -> int:
        return sum(self.said.values())

    @property
    def blank(self) -> int:
        return sum(number for ballot, number in self.said.items() if not ballot.choices)


def check_votes(record: Record, report: Report) -> None:
    """Every vote of the process."""
    for ref in sorted(record.vote_entries.keys() | {vote.decode() for vote in record.casts}):
        record.story.votes.setdefault(ref, Vote(ref))
    for vote in record.story.votes.values():
        _check_vote(record, vote, report)
    known = {
        f"{VOTES}{vote.id}.{end}"
        for vote in record.story.votes.values()
        for end in ("result.json", "ballots.csv", "pb")
    }
    for name in sorted(set(record.package.under(VOTES)) - known):
        report.fail("votes", name, "the log knows no such vote")


def _check_vote(record: Record, vote: Vote, report: Report) -> None:
    def run(check: str, function: Callable[..., Any], *more: Any) -> Any:
        return attempt(report, check, vote.ref, function, record, vote, *more, report)

    run("rules", check_rules_fixed)
    run("roll", check_roll)
    run("order", check_order)
    run("kinds", check_ballot_kinds)
    run("slots", check_slots)
    run("paper", check_paper)
    if vote.result is None:
        report.not_checked.append(f"The ballots of {vote.ref}: it is not counted yet.")
        return
    secret = vote.state.get("franchise") != "organisation"
    ballots = run("ballots", read_ballots if secret else read_open_ballots)
    if ballots is None:
        return
    if secret:
        run("commitments", check_commitments, ballots)
    else:
        run("sectors", check_sectors, ballots)
        run("weights", check_weights)
    if vote.agreed()["decides"] != "person":
        run("sector_groups", check_sector_groups, ballots)
    run("lot", check_lot, ballots)
    run("recount", check_recount, ballots)
    run("pabulib", check_pabulib, ballots)
    run("certification", check_certification)


def check_rules_fixed(_record: Record, vote: Vote, report: Report) -> None:
    """Options and rules were logged before the opening and never changed after it."""
    opened = vote.opened()
    before = [
        state
        for index, kind, state in vote.states
        if kind in ("vote.announced", "vote.revised") and (opened is None or index < opened[0])
    ]
    if not before:
        report.fail("rules", vote.ref, "the rules were not logged before the vote was opened")
        return
    agreed = before[-1]
    for index, kind, state in vote.states:
        if state["rules_sha256"] != sha256(jcs({"options": state["options"], "rules": state["rules"]})).hexdigest():
            report.fail(
                "rules", f"entry {index}", f"rules_sha256 of {vote.ref} is not the hash of its options and rules"
            )
        if opened is None or index < opened[0]:
            continue
        for part in ("options", "rules", "rules_sha256"):
            if state.get(part) != agreed.get(part):
                report.fail("rules", f"entry {index}", f"{part} of {vote.ref} changed after they were agreed ({kind})")
    _require_no_earlier_closing(vote, opened, report)
    if opened is not None:
        report.prove("rules", f"Options and rules of {vote.ref} were logged before it opened and did not change.")


def _require_no_earlier_closing(vote: Vote, opened: Optional[tuple[int, Fields]], report: Report) -> None:
    states = [(index, kind, state["closes_at"]) for index, kind, state in vote.states if kind != "vote.closed"]
    for (_, _, before), (index, kind, after) in zip(states, states[1:]):
        if opened is not None and index > opened[0] and after < before:
            report.fail("rules", f"entry {index}", f"{vote.ref} closes earlier than it was opened for ({kind})")


def check_roll(record: Record, vote: Vote, report: Report) -> None:
    """The roll was frozen once, before the first ballot; extensions are shown, shrinking is refused."""
    opened = vote.opened()
    if opened is None:
        return
    casts = record.casts.get(vote.ref.encode())
    frozen = [index for index, kind, _ in vote.rolls if kind == "roll.frozen"]
    if len(frozen) != 1 or (casts is not None and casts.first < frozen[0]):
        report.fail("roll", vote.ref, "the roll was not frozen exactly once, before the first ballot")
        return
    slots = 0
    for index, kind, roll in vote.rolls:
        if roll["slots"] < slots:
            report.fail("roll", f"entry {index}", f"the roll of {vote.ref} shrank from {slots} to {roll['slots']}")
        if kind == "roll.extended":
            report.shown.append(
                f"The roll of {vote.ref} was extended in entry {index}, from {slots} to {roll['slots']}: "
                f"{_clean(str(roll.get('reason') or 'no reason given'))}"
            )
        if kind == "roll.reduced":
            report.shown.append(
                f"Slot {roll.get('slot')} was taken off the roll of {vote.ref} in entry {index}: "
                f"{_clean(str(roll.get('reason') or 'no reason given'))}"
            )
        slots = roll["slots"]
    first = vote.rolls[0][2]["slots"]
    if opened[1]["roll_size"] != first:
        report.fail(
            "roll", f"entry {opened[0]}", f"roll_size of {vote.ref} is not the size of the frozen roll, {first}"
        )
    report.prove("roll", f"The roll of {vote.ref} was frozen before the first ballot.")


def check_order(record: Record, vote: Vote, report: Report) -> None:
    """No ballot before the opening; no ballot and no change of the roll after the closing; the tally comes last."""
    entries = record.vote_entries.get(vote.ref, [])
    opened = min((index for index, kind in entries if kind == "vote.opened"), default=None)
    closed = min((index for index, kind in entries if kind == "vote.closed"), default=record.size)
    tallied = min((index for index, kind in entries if kind == "vote.tallied"), default=record.size)
    ballots = [index for index, kind in entries if kind.startswith("ballot.")]
    casts = record.casts.get(vote.ref.encode())
    if casts is not None:
        ballots += [index for index in (casts.first, casts.last) if index >= 0]
    for index in ballots:
        if opened is None or not opened < index < closed:
            report.fail(
                "order", f"entry {index}", f"a ballot of {vote.ref} outside the time between opening and closing"
            )
    for index, kind in entries:
        if kind.startswith("roll.") and index > closed:
            report.fail("order", f"entry {index}", f"{kind} after {vote.ref} was closed")
        if kind.startswith("ballots.") and kind != "ballots.unlinked" and index > tallied:
            report.fail("order", f"entry {index}", f"{kind} after {vote.ref} was counted")
    if tallied < closed:
        report.fail("order", f"entry {tallied}", f"{vote.ref} was counted before it was closed")
    if sum(kind == "vote.tallied" for _, kind in entries) > 1:
        report.fail("order", vote.ref, "the vote was counted more than once")
    report.prove("order", f"All ballots of {vote.ref} were cast between its opening and its closing.")


BALLOT_KINDS = {
    *("ballot.cast", "ballot.recast", "ballot.cast_openly", "ballot.recast_openly", "ballot.statement_filed"),
    *("ballot.cast_on_paper", "ballot.paper_returned"),
    *("ballot.proposed_openly", "ballot.confirmed_openly", "ballot.agreement_withdrawn"),
    *("ballots.batched", "ballots.superseded", "ballots.unlinked", "ballots.lapsed", "ballots.imported"),
    "ballots.entered",
}


def check_ballot_kinds(record: Record, vote: Vote, report: Report) -> None:
    """Of ballots the log tells what the format knows and nothing else: no drafts, nothing that might count besides."""
    for index, kind in record.vote_entries.get(vote.ref, []):
        if kind.startswith("ballot") and kind not in BALLOT_KINDS:
            report.fail("kinds", f"entry {index}", f"{kind} of {vote.ref}: the log may not tell this of a ballot")


def check_paper(record: Record, vote: Vote, report: Report) -> None:
    """Ballots from boxes: each box once, no more than slots whose paper went into one, none after the lot."""
    casts = record.casts.get(vote.ref.encode(), Casts())
    batches: set[str] = set()
    entered = 0
    for index, box in vote.entered:
        number = len(box["commitments"])
        entered += number
        if box["papers"] != number + box["invalid"]:
            report.fail("paper", f"entry {index}", f"a box of {vote.ref} with another number of papers than it holds")
        if box["batch"] in batches:
            report.fail("paper", f"entry {index}", f"the box {_short(box['batch'])} of {vote.ref} was entered before")
        batches.add(box["batch"])
        if vote.lots and index > vote.lots[0][0]:
            report.fail("paper", f"entry {index}", f"ballots of {vote.ref} were entered after the lot was drawn")
    if entered > len(casts.on_paper):
        what = f"{entered} ballots from boxes, but only {len(casts.on_paper)} slots of {vote.ref} voted on paper"
        report.fail("paper", vote.ref, what)
    if vote.entered:
        report.prove("paper", f"{entered} ballots of {vote.ref} from boxes are no more than slots that voted on paper.")


def check_slots(record: Record, vote: Vote, report: Report) -> None:
    """Every secret ballot has a slot of the roll, no slot casts twice."""
    wrong = {
        "again": "a slot casts a second ballot without replacing the first",
        "no slot": "a ballot without a slot of the roll",
        "recast without cast": "a ballot is replaced that was never cast",
        "recast of paper": "a ballot is replaced whose paper went into the box",
        "returned without paper": "a paper comes back that was never handed out",
    }
    for index, kind in record.vote_entries.get(vote.ref, []):
        if kind in wrong:
            report.fail("slots", f"entry {index}", f"{vote.ref}: {wrong[kind]}")
    casts = record.casts.get(vote.ref.encode())
    if casts is not None and casts.highest > vote.slots():
        report.fail("slots", vote.ref, f"slot {casts.highest} has voted, the roll has {vote.slots()} slots")
    if casts is not None:
        report.prove("slots", f"{casts.used} slots of {vote.ref} voted, none twice, none beyond the roll.")


_WHOLE_NUMBER = "(?:0|[1-9][0-9]{0,15})"


class BallotFile(NamedTuple):
    """How the lines of V.ballots.csv look under the rules of the vote."""

    header: str
    pattern: re.Pattern[str]
    has_points: bool
    has_sector: bool


def ballot_file(rules: Fields) -> BallotFile:
    """Commitment, salt, choices, and points and sector where ballots have them."""
    has_points, has_sector = rules["ballot"] in POINTED, rules["decides"] != "person"
    header = "commitment,salt,choices" + ",points" * has_points + ",sector" * has_sector
    points = rf",(?:{_WHOLE_NUMBER}(?:\|{_WHOLE_NUMBER})*)?" if has_points else ""
    said = "[A-Za-z0-9_.:/|-]*" + points + (",[a-z_+]*" if has_sector else "")
    pattern = re.compile(rf"^([0-9a-f]{{64}}),([0-9a-f]{{64}}),({said})$", re.MULTILINE)
    return BallotFile(header, pattern, has_points, has_sector)


def read_ballots(record: Record, vote: Vote, report: Report) -> Ballots:
    """The published secret ballots, each checked against its commitment."""
    name = f"{VOTES}{vote.id}.ballots.csv"
    ballots, line, form = Ballots(), 2, ballot_file(vote.agreed())
    suffixes: dict[str, bytes] = {}
    texts: Counter[str] = Counter()
    for block in _ballot_blocks(record.package, name, form.header):
        rows = form.pattern.findall(block)
        if len(rows) != block.count("\n"):
            raise Malformed(f"{name} lines {line}-{line + len(rows)}", f"a line is not {form.header}")
        check_ballot_openings(vote, name, line, rows, suffixes, form, report)
        ballots.commitments += [row[0] for row in rows]
        texts.update([row[2] for row in rows])
        line += len(rows)
    suffixes.clear()
    check_ballot_order(name, ballots.commitments, report)
    ids = {option["id"]: option["id"] for option in vote.state["options"]}
    while texts:
        text, number = texts.popitem()
        ballot = _parse_ballot(text, form, ids)
        check_choices(vote, name, ballot, report)
        ballots.said[ballot] += number
    report.prove("ballots", f"{line - 2} ballots of {vote.ref} fit the commitments that were logged.")
    return ballots


def _parse_ballot(text: str, form: BallotFile, ids: Mapping[str, str]) -> Ballot:
    """What a line says after commitment and salt; ids are the same objects on all ballots, to save memory."""
    choices, *more = text.split(",")
    picked = tuple([ids.get(choice, choice) for choice in choices.split("|")]) if choices else ()
    points = None
    if form.has_points:
        points = tuple(map(int, more[0].split("|"))) if more[0] else ()
    return Ballot(picked, points, sys.intern(more[-1]) if form.has_sector else "")


def _ballot_blocks(package: Package, name: str, expected: str) -> Iterator[str]:
    """The lines after the header, many at a time."""
    first = True
    for block in package.blocks(name):
        text = block.decode("ascii")
        if first:
            header, _, text = text.partition("\n")
            if header != expected:
                raise Malformed(name, f"the first line is not the header {expected}")
        first = False
        yield text


def check_ballot_openings(
    vote: Vote,
    name: str,
    line: int,
    rows: Sequence[tuple[str, str, str]],
    suffixes: dict[str, bytes],
    form: BallotFile,
    report: Report,
) -> None:
    """Salt and choices of each line give its commitment."""
    for number, (commitment, salt, said) in enumerate(rows, line):
        suffix = suffixes.get(said)
        if suffix is None:
            suffix = suffixes[said] = _committed_text(said, form, vote.ref)
        if sha256(b"ucc-b1\0" + bytes.fromhex(salt) + suffix).hexdigest() != commitment:
            report.fail("ballots", f"{name} line {number}", "the ballot does not fit its commitment")


def _committed_text(said: str, form: BallotFile, ref: str) -> bytes:
    """The canonical object that is committed to, put together from the line's own texts."""
    choices, *more = said.split(",")
    ids = '"' + choices.replace("|", '","') + '"' if choices else ""
    points = f'"points":[{more[0].replace("|", ",")}],' if form.has_points else ""
    sector = f'"sector":"{more[-1]}",' if form.has_sector else ""
    return f'{{"choices":[{ids}],{points}{sector}"vote":"{ref}"}}'.encode()


def check_ballot_order(name: str, commitments: Sequence[str], report: Report) -> None:
    """Lines are sorted and none occurs twice."""
    if list(commitments) != sorted(set(commitments)):
        report.fail("ballots", name, "the lines are not sorted, or a ballot occurs twice")


def check_choices(vote: Vote, where: str, ballot: Ballot, report: Report) -> None:
    """A ballot is blank, or what the rules of the vote allow: known options, each once, in order, within all limits."""
    order = {option["id"]: place for place, option in enumerate(vote.state["options"])}
    places = [order.get(choice, -1) for choice in ballot.choices]
    rules = vote.agreed()
    most = rules["max_choices"] or len(order)
    in_order = places if rules["ballot"] == "ranked" else sorted(places)
    if -1 in places or len(set(places)) < len(places) or places != in_order:
        named = "|".join(ballot.choices)[:200]
        report.fail("choices", where, f"a ballot names {named}: unknown, repeated or not in ballot order")
    elif places and not rules["min_choices"] <= len(places) <= most:
        report.fail("choices", where, f"a ballot names {len(places)} options, the rules allow another number")
    else:
        check_points(where, ballot, rules, report)
        check_purse(where, [vote.state["options"][place]["cost"] for place in places], rules, report)


def check_points(where: str, ballot: Ballot, rules: Fields, report: Report) -> None:
    """As many points as choices, each and all together within the limits; none where ballots have none."""
    kind, points = rules["ballot"], ballot.points
    if kind not in POINTED or points is None:
        if (kind in POINTED) != (points is not None):
            report.fail("choices", where, "a ballot has points where it may have none, or none where it must")
        return
    least, most = {
        "score": (rules["min_points"], rules["max_points"]),
        "cumulative": (1, rules["max_points"] or rules["sum_points"]),
        "yesno": (0, 1),
    }[kind]
    if len(points) != len(ballot.choices) or not all(type(p) is int and least <= p <= most for p in points):
        report.fail("choices", where, f"a ballot gives the points {str(points)[:200]}, allowed are {least} to {most}")
    elif kind == "cumulative" and sum(points) > rules["sum_points"]:
        report.fail("choices", where, f"a ballot gives {sum(points)} points, there are {rules['sum_points']}")


def check_purse(where: str, costs: Sequence[int], rules: Fields, report: Report) -> None:
    """What a knapsack ballot names can be paid for."""
    if rules["ballot"] == "knapsack" and sum(costs) > rules["budget"]:
        report.fail("choices", where, f"a ballot costs {sum(costs)}, the budget is {rules['budget']}")


def check_commitments(record: Record, vote: Vote, ballots: Ballots, report: Report) -> None:
    """The ballots counted are exactly those committed to while the vote was open, but for those that were replaced."""
    replaced = Counter(vote.superseded)
    expected = list(vote.committed)
    if replaced:
        left = Counter(expected)
        left.subtract(replaced)
        if min(left.values(), default=0) < 0 or set(replaced) & set(ballots.commitments):
            report.fail(
                "commitments", vote.ref, "a ballot is called replaced that was never logged, or that is still counted"
            )
        expected = list((+left).elements())
    expected.sort()
    if expected != sorted(ballots.commitments):
        _name_differences(vote, expected, ballots.commitments, report)
    _compare_numbers(record, vote, ballots, report)
    report.prove(
        "commitments", f"The {ballots.number} ballots of {vote.ref} are those logged while it was open, each once."
    )


def _name_differences(vote: Vote, expected: Sequence[str], found: Sequence[str], report: Report) -> None:
    for commitment in sorted(set(expected) - set(found)):
        report.fail(
            "commitments", f"ballot {commitment}", f"the ballot was logged, but is not among those of {vote.ref}"
        )
    for commitment in sorted(set(found) - set(expected)):
        report.fail("commitments", f"ballot {commitment}", f"the ballot of {vote.ref} was never logged")
    if set(expected) == set(found):
        report.fail("commitments", vote.ref, "a ballot occurs a different number of times than it was logged")


def _compare_numbers(record: Record, vote: Vote, ballots: Ballots, report: Report) -> None:
    casts = record.casts.get(vote.ref.encode(), Casts())
    if ballots.number > vote.slots():
        report.fail("commitments", vote.ref, f"{ballots.number} ballots, but the roll has {vote.slots()} slots")
    boxed = sum(len(box["commitments"]) for _, box in vote.entered)
    if casts.cast + vote.imported + boxed != ballots.number:
        taken_over = f"{vote.imported} ballots were imported" + (f", {boxed} came from boxes" if boxed else "")
        what = f"{casts.cast} slots voted and {taken_over}, but {ballots.number} are counted"
        report.fail("commitments", vote.ref, what)
    if casts.recast != len(vote.superseded):
        what = f"{casts.recast} ballots were cast again, but {len(vote.superseded)} replaced"
        report.fail("commitments", vote.ref, what)


def read_open_ballots(_record: Record, vote: Vote, report: Report) -> Ballots:
    """The organisations' ballots, on the record by name; an organisation's last one counts."""
    ballots, groups = Ballots(), vote.on_roll("sector_groups")
    ballots.weights = Counter()
    decides = vote.agreed()["decides"] != "person"
    for subject, (index, fields) in vote.open_ballots.items():
        points = fields.get("points")
        sector = str(fields["sector"])
        picked = tuple(_texts(fields["choices"], f"entry {index}"))
        group = str(groups.get(sector, sector)) if decides else ""
        ballot = Ballot(picked, None if points is None else tuple(points), group)
        check_choices(vote, f"entry {index}", ballot, report)
        if subject != f"{vote.ref}/{fields['organisation']}":
            report.fail("ballots", f"entry {index}", "the ballot names another organisation than its subject")
        ballots.said[ballot] += 1
        weight = fields.get("weight", 1)
        ballots.weights[ballot] += weight
        ballots.units[group] = math.gcd(ballots.units.get(group, 0), weight)
        ballots.sectors.setdefault(sector, Counter())[ballot] += 1
    return ballots


def check_weights(_record: Record, vote: Vote, report: Report) -> None:
    """Each organisation's ballot weighs what the roll says."""
    weights = vote.on_roll("weights")
    for index, fields in vote.open_ballots.values():
        due = weights.get(fields["organisation"], 1)
        if fields.get("weight", 1) != due:
            what = f"a ballot of {vote.ref} weighs {_short(fields.get('weight', 1))}, by the roll {_short(due)}"
            report.fail("weights", f"entry {index}", what)
    if weights:
        report.prove("weights", f"The ballots of {vote.ref} have the weights of its roll.")


def check_sector_groups(_record: Record, vote: Vote, ballots: Ballots, report: Report) -> None:
    """Sectors were put together on the roll, before the first ballot, and no group has more ballots than people."""
    groups = vote.on_roll("sector_groups") or {sector: sector for sector in SECTORS}
    for group in set(groups.values()):
        members = sorted(sector for sector in groups if groups[sector] == group)
        if sorted(str(group).split("+")) != members:
            report.fail("sector_groups", vote.ref, f"the group {_short(group)} is not of {', '.join(members)}")
    if set(groups) != set(SECTORS) or any(
        kind != "roll.frozen" for _, kind, roll in vote.rolls if "sector_groups" in roll
    ):
        report.fail("sector_groups", vote.ref, "the groups of sectors do not cover all sectors, or came after freezing")
    cast: Counter[str] = Counter()
    for ballot, number in ballots.said.items():
        cast[ballot.sector] += number
    for group, number in cast.items():
        if group not in groups.values():
            report.fail("sector_groups", vote.ref, f"ballots of {_short(group)}, which is no group of sectors")
        room = _room(vote, [sector for sector in groups if groups[sector] == group])
        if number > room:
            report.fail("sector_groups", vote.ref, f"{number} ballots of {group}, the roll has {room} people of it")
    report.prove("sector_groups", f"The sectors that decide {vote.ref} were fixed on the roll, none too full.")


SECTORS = ("public", "private", "civil_society")


def _room(vote: Vote, sectors: Iterable[str]) -> int:
    """How many of these sectors can be on the roll at most; cells under ten are not in it."""
    cells = (vote.rolls[-1][2].get("by_sector") or {}) if vote.rolls else {}
    known = [cells.get(sector) for sector in sectors]
    return vote.slots() if None in known else sum(cell for cell in known if cell is not None)


def check_lot(_record: Record, vote: Vote, ballots: Ballots, report: Report) -> None:
    """The lot follows from what was sealed before the opening, the public value, and all ballots."""
    rules = vote.agreed()
    if rules["tie"] not in BY_LOT:
        if vote.lots:
            report.fail("lot", f"entry {vote.lots[0][0]}", f"a lot of {vote.ref}, whose rules know none")
        return
    if len(vote.lots) != 1:
        report.fail("lot", vote.ref, f"{len(vote.lots)} lots were drawn, not one")
        return
    index, lot = vote.lots[0]
    where, secret = f"entry {index}", str(lot["secret"])
    if not _is_hex(secret) or sha256(bytes.fromhex(secret)).hexdigest() != rules["lot"]["sha256"]:
        report.fail("lot", where, f"the secret of the lot of {vote.ref} is not the one that was sealed in its rules")
    if not rules["lot"]["public_value"] and lot["public_value"]:
        report.fail("lot", where, f"a public value decides the lot of {vote.ref}, whose rules name none")
    if lot["snapshot"] != snapshot_of(vote, ballots):
        report.fail("lot", where, f"the snapshot of the lot is not of the ballots of {vote.ref}")
    said = {name: lot[name] for name in ("public_value", "secret", "snapshot")}
    seed = sha256(b"ucc-lot-1\0" + jcs({**said, "vote": vote.ref})).digest()
    if lot["seed"] != seed.hex():
        report.fail("lot", where, f"the seed of the lot of {vote.ref} does not follow from what it is made of")
    ids = [option["id"] for option in vote.state["options"]]
    if lot["order"] != sorted(ids, key=lambda option: sha256(seed + option.encode()).digest()):
        report.fail("lot", where, f"the order of the lot of {vote.ref} does not follow from its seed")
    closed = [at for at, kind, _ in vote.states if kind == "vote.closed"]
    if not closed or not closed[0] < index < vote.tallies[0][0]:
        report.fail("lot", where, f"the lot of {vote.ref} was not drawn between its closing and its count")
    report.prove("lot", f"The lot of {vote.ref} follows from its seal, the public value and all ballots.")


def snapshot_of(vote: Vote, ballots: Ballots) -> str:
    """SHA-256 of all ballots that count, in the one order that they have."""
    lines = [commitment.encode() for commitment in sorted(ballots.commitments)]
    if ballots.weights is not None:
        cast = sorted((fields for _, fields in vote.open_ballots.values()), key=itemgetter("organisation"))
        told = ("choices", "organisation", "points")
        lines = [jcs({name: fields[name] for name in told if name in fields}) for fields in cast]
    return sha256(b"".join([line + b"\n" for line in lines])).hexdigest()


def check_certification(record: Record, vote: Vote, report: Report) -> None:
    """The certified result is the counted one, after all days of the canvass; nothing happens to the vote after it."""
    if not vote.certifications:
        if vote.agreed()["canvass_days"]:
            report.not_checked.append(f"The certification of {vote.ref}: there is none yet.")
        return
    index, said = vote.certifications[0]
    where = f"entry {index}"
    if said["result_sha256"] != sha256(jcs(vote.result)).hexdigest():
        report.fail("certification", where, f"another result of {vote.ref} was certified than counted")
    tallied = datetime.strptime(vote.times[vote.tallies[0][0]], TIME).replace(tzinfo=timezone.utc)
    due = tallied + timedelta(days=vote.agreed()["canvass_days"])
    if min(vote.times[index], said["certified_at"]) < due.strftime(TIME):
        report.fail("certification", where, f"{vote.ref} was certified before its days of canvass were over")
    for later, kind in record.vote_entries.get(vote.ref, []):
        if later > index:
            report.fail("certification", f"entry {later}", f"{kind} after {vote.ref} was certified")
    report.prove("certification", f"The result of {vote.ref} was certified as counted, after its days of canvass.")


TIME = "%Y-%m-%dT%H:%M:%SZ"


def check_sectors(_record: Record, vote: Vote, ballots: Ballots, report: Report) -> None:
    """No more ballots of a sector than the roll has organisations of it, and the result's sectors are those cast."""
    roll = vote.rolls[-1][2] if vote.rolls else {}
    if ballots.number > vote.slots():
        report.fail("sectors", vote.ref, f"{ballots.number} ballots, but the roll has {vote.slots()} slots")
    for sector, cast in ballots.sectors.items():
        if sum(cast.values()) > (roll.get("by_sector") or {}).get(sector, 0):
            report.fail("sectors", vote.ref, f"more ballots of the sector {sector} than the roll allows")
    options = [option["id"] for option in vote.state["options"]]
    for place, group in enumerate((vote.result or {}).get("groups", [])):
        dimension, _, sector = group["group"].partition(":")
        cast = ballots.sectors.get(sector, Counter())
        counts = [sum(n for ballot, n in cast.items() if option in ballot.choices) for option in options]
        if dimension == "sector" and (group["voters"], group["counts"]) != (sum(cast.values()), counts):
            report.fail(
                "sectors", f"{vote.ref} groups[{place}]", f"the figures of {sector} are not those of its ballots"
            )
    report.prove("sectors", f"{ballots.number} organisations voted in {vote.ref}, by name, none twice.")


def check_recount(record: Record, vote: Vote, ballots: Ballots, report: Report) -> None:
    """Counting again gives the published result."""
    opened = vote.opened()
    state = opened[1] if opened else vote.state
    rules = state["rules"]
    expected = {
        "vote": vote.ref,
        "title": vote.state["title"],
        "franchise": state["franchise"],
        "rules": rules,
        "rules_sha256": state["rules_sha256"],
        "budget": rules["budget"],
        "roll": vote.slots(),
        "ballots": ballots.number,
        "blank": ballots.blank,
        "details": None,
        **count_ballots(
            ballots.weights or ballots.said, state["options"], rules, vote.drawn(), ballots.number, ballots.units
        ),
    }
    logged = vote.result or {}
    name = f"{VOTES}{vote.id}.result.json"
    file = parse_json(record.package.read(name, MAX_JSON), name)
    for path in differences(expected, {key: logged.get(key) for key in expected}):
        report.fail(
            "recount",
            f"entry {vote.tallies[-1][0]}",
            f"the logged result of {vote.ref} differs from the recount in {path}",
        )
    for path in differences(logged, file):
        report.fail("recount", name, f"the file differs from the logged result in {path}")
    report.prove("recount", f"Counting {ballots.number} ballots of {vote.ref} again gives the published result.")


def differences(expected: Any, found: Any, path: str = "") -> Iterator[str]:
    """Where two JSON values differ: `counts[2].votes (3, not 4)`."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in sorted({*expected, *found}):
            yield from differences(expected.get(name), found.get(name), f"{path}.{name}" if path else name)
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for place, (left, right) in enumerate(zip(expected, found)):
            yield from differences(left, right, f"{path}[{place}]")
    elif type(expected) is not type(found) or expected != found:
        yield f"{path} ({_short(found)}, not {_short(expected)})"


def _short(value: object) -> str:
    return _clean(json.dumps(value, ensure_ascii=False))[:80]


def check_pabulib(record: Record, vote: Vote, ballots: Ballots, report: Report) -> None:
    """The Pabulib file has the ballots and the numbers of the result."""
    name = f"{VOTES}{vote.id}.pb"
    if name not in record.package:
        report.not_checked.append(f"{name}: there is none.")
        return
    meta, projects, votes = _read_pabulib(record.package, name)
    result = {line["id"]: line for line in (vote.result or {})["counts"]}
    if sorted(result) != sorted(projects):
        report.fail("pabulib", name, "PROJECTS are not the options of the vote")
    for project, row in projects.items():
        line = result.get(project, {"votes": None, "selected": None})
        for column, values in _of_project(line, vote.agreed()["method"]):
            if row.get(column) not in values:
                where = f"{name} PROJECTS {project} {column}"
                report.fail("pabulib", where, f"{_short(row.get(column))}, not {values[0]}")
    cast = Counter[Any]()
    kind = vote.agreed()["ballot"]
    for ballot, number in ballots.said.items():
        if ballot.choices:
            cast[_pabulib_vote(ballot.choices, ballot.points, kind)] += number
    written = Counter[Any]()
    for (picked, points), number in votes.items():
        written[_pabulib_vote(picked, points, kind)] += number
    if written != cast or meta.get("num_votes") not in (str(sum(cast.values())), str(ballots.number)):
        report.fail("pabulib", f"{name} VOTES", "these are not the ballots of the vote")
    report.prove("pabulib", f"{name} holds the same ballots and numbers.")


def _of_project(line: Fields, method: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What the columns of a project may hold: ballots naming it, their points, and whether it was taken (2: with the
    money that was left)."""
    yield "votes", (str(line.get("named", line["votes"])),)
    yield "selected", ("1", "2") if line["selected"] else ("0",)
    if "named" in line and method not in _PREFERENCES:
        yield "score", (str(line["votes"]),)


def _pabulib_vote(picked: tuple[str, ...], points: Optional[tuple[int, ...]], kind: str) -> Any:
    """A vote so that equal ones are equal: in a ranking the order counts, elsewhere it does not."""
    if kind in POINTED and points is not None:
        return frozenset(zip(picked, points))
    return picked if kind == "ranked" else frozenset(picked)


PabulibVotes = Counter[tuple[tuple[str, ...], Optional[tuple[int, ...]]]]


def _read_pabulib(package: Package, name: str) -> tuple[dict[str, str], dict[str, dict[str, str]], PabulibVotes]:
    """META, PROJECTS by id, and how many VOTES there are of each kind (blank ones left out)."""
    lines = (line for block in package.blocks(name) for line in block.decode("utf-8").split("\n")[:-1])
    rows = csv.reader(lines, delimiter=";")
    sections: dict[str, list[list[str]]] = {"": [], "META": [], "PROJECTS": []}
    section = ""
    for row in rows:
        if row == ["VOTES"]:
            break
        section = row[0] if len(row) == 1 and row[0] in sections else section
        sections[section].append(row)
    meta = {row[0]: row[1] for row in sections["META"][2:]}
    _, header, *lines_of_projects = sections["PROJECTS"]
    projects = {row[header.index("project_id")]: dict(zip(header, row)) for row in lines_of_projects}
    columns = next(rows, [""])
    vote = columns.index("vote")
    points = columns.index("points") if "points" in columns else None
    texts = Counter((row[vote], "" if points is None else row[points]) for row in rows)
    votes: PabulibVotes = Counter()
    for (text, given), number in texts.items():
        if text:
            votes[tuple(text.split(",")), tuple(map(int, given.split(","))) if given else None] += number
    return meta, projects, votes


# ---------------------------------------------------------------------------------------------- checks: figures


def check_tables(record: Record, tables: Mapping[str, Table], report: Report) -> None:
    """Every table is what the log yields, cell by cell."""
    for name, table in tables.items():
        path, content = f"data/tables/{name}.csv", table_csv(table)
        if name in LATER_TABLES and len(table) == 1 and path not in record.package:
            continue
        listed = record.info.get("tables", {}).get(name, {})
        if listed != {"rows": len(table) - 1, "sha256": sha256(content).hexdigest()}:
            report.fail("tables", f"data/record.json tables.{name}", "not the table that the log yields")
        found = attempt(report, "tables", path, record.package.read, path, MAX_TABLE)
        if found is not None and found != content:
            attempt(report, "tables", path, _name_cell, path, table, found, report)
    report.prove("tables", f"The {len(tables)} tables are those that the log yields.")


def _name_cell(path: str, table: Table, found: bytes, report: Report) -> None:
    rows, expected = (
        list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""))) for data in (found, table_csv(table))
    )
    for number, (left, right) in enumerate(zip(expected, rows), 1):
        for column, one, other in zip(table[0], left, right):
            if one != other:
                report.fail(
                    "tables", f"{path} row {number} {column}", f"{_short(other)}, not {_short(one)} as in the log"
                )
        if len(left) != len(right):
            report.fail("tables", f"{path} row {number}", "another number of cells than the log yields")
    if len(rows) != len(expected):
        report.fail("tables", path, f"{len(rows) - 1} rows, the log yields {len(expected) - 1}")
    if rows == expected:
        report.fail("tables", path, "the same cells as the log yields, written in another way")


def check_summary(record: Record, report: Report) -> None:
    """record.json says of the record what the record is."""
    checkpoint, info = record.checkpoint, record.info
    root = base64.b64encode(checkpoint.root).decode()
    expected = {
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": root,
        "title": record.story.process.get("title"),
        "process_state": dict(record.story.process),
        "presence": record.story.figures,
    }
    for path in differences(expected, {name: info.get(name) for name in expected}):
        report.fail("summary", f"data/record.json {path.partition(' ')[0]}", f"not as in the log: {path}")
    if not str(info.get("citation")).startswith(f"{checkpoint.origin} · {checkpoint.size} · {root} · "):
        report.fail("summary", "data/record.json citation", "it does not name origin, size and root of the checkpoint")
    report.prove("summary", "The summary in record.json is that of the log.")


# ---------------------------------------------------------------------------------------------- the whole


LIMITS = (
    "That a person is real, eligible, single or uncoerced.",
    "That something which never entered the log did not happen, or that statements in it are true.",
    "That slots of people who did not vote were not used by somebody who controls the roll.",
    "Figures by sex and age: the log holds no personal data, they are the server's statement.",
)


def verify(
    path: str, vkeys: Sequence[str] = (), checkpoints: Sequence[str] = (), receipts: Sequence[str] = ()
) -> Report:
    """Verify a package with what was got elsewhere: keys as text, paths of earlier checkpoints and of receipts.

    Raises Unreadable when an input cannot be read at all.
    """
    report = Report()
    try:
        keys = [parse_vkey(vkey) for vkey in vkeys]
    except Malformed as error:
        raise Unreadable(f"--vkey: {error}") from None
    evidence = Evidence(checkpoints, receipts)
    record = open_record(path)
    try:
        _verify_log(record, keys, evidence, report)
        if record.read == record.size:
            _verify_content(record, report)
        else:
            report.not_checked.append("Openings, votes, tables and the summary: the log could not be read to its end.")
        _verify_evidence(record, keys, evidence, report)
        attempt(report, "bag", "manifest-sha256.txt", check_bag, record, report)
        _state_limits(record, evidence, report)
    finally:
        record.package.close()
    return report


def _verify_log(record: Record, keys: Sequence[Key], evidence: Evidence, report: Report) -> None:
    checkpoint = record.checkpoint
    root = base64.b64encode(checkpoint.root).decode()
    report.header.update(process=record.process, origin=checkpoint.origin, size=checkpoint.size, root=root)
    record.watched = {
        receipt["subject"].encode(): [] for _, receipt in evidence.receipts if receipt.get("index") is None
    }
    attempt(report, "signature", LOG + "checkpoint", check_signature, record, keys, report)
    attempt(report, "bundles", LOG + "tile/entries", read_log, record, report)
    attempt(report, "root", LOG + "checkpoint", check_root, record, report)
    if record.read == record.size:
        attempt(report, "upper_tiles", LOG + "tile", check_upper_tiles, record, report)
    attempt(report, "checkpoints", CHECKPOINTS, check_stored_checkpoints, record, keys, report)
    attempt(report, "scopes", LOG, check_scopes, record, report)


def _verify_content(record: Record, report: Report) -> None:
    attempt(report, "openings", OPENINGS, read_openings, record, report)
    attempt(report, "withheld", OPENINGS, check_withheld, record, report)
    attempt(report, "votes", VOTES, check_votes, record, report)
    tables = attempt(report, "tables", "data/tables", tables_of, record.story)
    if tables is not None:
        attempt(report, "tables", "data/tables", check_tables, record, tables, report)
    attempt(report, "summary", "data/record.json", check_summary, record, report)


def _verify_evidence(record: Record, keys: Sequence[Key], evidence: Evidence, report: Report) -> None:
    for path, note in evidence.checkpoints:
        attempt(report, "earlier", path, check_earlier_checkpoint, record, path, note, keys, report)
    for path, data in evidence.proofs:
        attempt(report, "receipts", path, check_proof, record, path, data, keys, report)
    for path, receipt in evidence.receipts:
        where = f"receipt {path}"
        attempt(report, "receipts", where, check_receipt_promise, path, receipt, keys, report)
        attempt(report, "receipts", where, check_receipt_entry, record, path, receipt, report)
        attempt(report, "receipts", where, check_receipt_ballot, record, path, receipt, report)


def _state_limits(record: Record, evidence: Evidence, report: Report) -> None:
    judge_completeness(record, report)
    report.not_provable += LIMITS
    unread = [name for name in UNREAD if name in record.package]
    if unread:
        report.not_checked.append("What these files say (only that they are unchanged): " + ", ".join(unread) + ".")
    report.not_checked.append("Time stamps and witnesses' signatures.")
    if record.other_roots:
        report.not_checked.append("Payloads of entries that belong to the whole server or to other processes.")


_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def _clean(text: str) -> str:
    """Without characters that change what a terminal shows."""
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def render(report: Report) -> str:
    """The report for people."""
    lines = [
        "Record of {process}".format(**report.header),
        "{origin} · {size} · {root}".format(**report.header),
    ]
    failed = [
        f"{failure.where}: {failure.what}" if failure.where else failure.what for failure in report.all_failures()
    ]
    columns = (
        ("PROVED", report.proved),
        ("NOT PROVABLE", report.not_provable),
        ("NOT CHECKED", report.not_checked),
        ("SHOWN", report.shown),
        ("FAILED", failed),
    )
    for title, statements in columns:
        if statements:
            lines += ["", title, *(f"  - {_clean(statement)}" for statement in statements)]
    verdict = f"{len(failed)} checks failed." if failed else "Nothing failed."
    return "\n".join([*lines, "", verdict])


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="verify.py", description="Verify a participation record offline.")
    parser.add_argument("record", help="the package, record.zip")
    parser.add_argument("--vkey", action="append", default=[], help="the log's verification key, obtained elsewhere")
    parser.add_argument("--checkpoint", action="append", default=[], help="an earlier checkpoint of the log (file)")
    parser.add_argument("--receipt", action="append", default=[], help="a participant's receipt or tlog-proof (file)")
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        report = verify(options.record, options.vkey, options.checkpoint, options.receipt)
    except Unreadable as error:
        return _refuse(str(error), options.json)
    except (MemoryError, OSError, RecursionError) as error:
        return _refuse(f"{Path(options.record).name}: {type(error).__name__}", options.json)
    if not options.json:
        print(render(report))
    print(json.dumps(report.as_dict(), sort_keys=True))
    return report.exit


def _refuse(reason: str, only_json: bool) -> int:
    if not only_json:
        print(f"This could not be read as a record: {_clean(reason)}", file=sys.stderr)
    print(json.dumps({"format": FORMAT, "exit": 2, "reason": _clean(reason)}, sort_keys=True))
    return 2


if __name__ == "__main__":
    gc.disable()  # millions of small objects and no cycles among them: a quarter of the time for nothing
    sys.exit(main())
