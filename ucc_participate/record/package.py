"""record.zip: a BagIt bag written in one pass, sorted, with fixed times (docs/record-format.md §6).

Everything comes from the log up to the checkpoint, but the ballots of tallied votes, which the log commits to. The same
checkpoint gives the same bytes. Memory does not grow with the log: entries, tiles, openings and ballots are streamed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, Protocol

from ..audit import canonical, tiles
from ..kernel.errors import Conflict
from . import provenance, verify, verify_html
from .source import RecordSource, has_pabulib

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
COMPRESSION_LEVEL = 1
LARGE = ("data/openings.jsonl",)
PLAIN_FILE = 0o100644 << 16


class Documents(Protocol):
    """What is made for people from the summary: name → bytes."""

    def __call__(self, summary: dict[str, Any], story: verify.Story) -> Iterable[tuple[str, bytes]]: ...


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the package and what writes it to an open stream. ``is_packed``: packing it again gains nothing."""

    name: str
    write_to: Callable[[Output], None]
    is_packed: bool = False


class Output:
    """An open file of the archive that remembers the digest of what goes through it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self._stream.write(data)

    def writelines(self, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            self.write(chunk)


class BagWriter:
    """Writes members in the order given and remembers their digests for the manifests."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION_LEVEL)
        self._digests: dict[str, str] = {}

    def write(self, member: Member) -> None:
        info = zipfile.ZipInfo(member.name, FIXED_TIME)
        info.compress_type = zipfile.ZIP_STORED if member.is_packed else zipfile.ZIP_DEFLATED
        info.external_attr, info.create_system = PLAIN_FILE, 3
        with self._zip.open(info, "w", force_zip64=member.is_packed or member.name in LARGE) as stream:
            out = Output(stream)
            member.write_to(out)
        self._digests[member.name] = out.digest.hexdigest()

    def close(self) -> None:
        """Write the manifests and end the archive."""
        payload = _manifest(self._digests, lambda name: name.startswith("data/"))
        self.write(_whole("manifest-sha256.txt", payload))
        tags = _manifest(self._digests, lambda name: not name.startswith("data/"))
        self.write(_whole("tagmanifest-sha256.txt", tags))
        self._zip.close()


def _manifest(digests: dict[str, str], belongs: Callable[[str], bool]) -> bytes:
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests) if belongs(name)).encode("ascii")


def write(stream: IO[bytes], source: RecordSource, *, documents: Documents) -> dict[str, Any]:
    """Write the whole package; the summary (record.json) is returned. Raises Conflict when nothing was logged yet."""
    story = source.story()
    if not story.process:
        raise Conflict
    tables = verify.tables_of(story)
    rendered = {name: verify.table_csv(table) for name, table in tables.items()}
    rows = {name: len(table) - 1 for name, table in tables.items()}
    summary = summarise(source, story, rendered, rows)
    members = [*_bag_files(source), *_log_files(source), *_table_files(rendered), *_vote_files(source, story)]
    members += [
        _whole("data/record.json", canonical.dumps(summary)),
        Member("data/prov.json", lambda out: out.writelines(provenance.chunks(summary, story))),
        Member("data/openings.jsonl", lambda out: out.writelines(source.opening_lines())),
        _whole("data/verify.py", _verifier()),
        _whole("data/verify.html", verify_html.build()),
    ]
    members += [_whole(f"data/{name}", content) for name, content in documents(summary, story)]
    bag = BagWriter(stream)
    for member in sorted(members, key=lambda member: member.name):
        bag.write(member)
    bag.close()
    return summary


def summarise(
    source: RecordSource, story: verify.Story, tables: dict[str, bytes], rows: dict[str, int]
) -> dict[str, Any]:
    """The object of record.json."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in tables.items()}
    return {
        "format": "ucc-record/1",
        "process": source.process_ref,
        "title": story.process["title"],
        "origin": source.origin,
        "size": source.size,
        "root": base64.b64encode(source.root).decode("ascii"),
        "checkpoint_time": source.time,
        "citation": source.citation,
        "url": source.url,
        "vkey": source.vkey,
        "tables": {name: {"rows": rows[name], "sha256": digests[name]} for name in tables},
        "presence": story.figures,
        "process_state": dict(story.process),
    }


def _whole(name: str, content: bytes) -> Member:
    return Member(name, lambda out: out.writelines([content]))


def _bag_files(source: RecordSource) -> list[Member]:
    info = (
        f"Bagging-Date: {source.time[:10]}\nExternal-Identifier: {source.url}\n"
        "Source-Organization: ucc_participate\nInternal-Sender-Description: Participation record with its audit trail\n"
    )
    bagit = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    return [_whole("bag-info.txt", info.encode()), _whole("bagit.txt", bagit.encode())]


def _log_files(source: RecordSource) -> Iterator[Member]:
    yield _whole("data/log/checkpoint", source.note.encode())
    yield _whole("data/log/vkeys.txt", f"{source.vkey}\n".encode())
    for size, note in source.earlier_checkpoints().items():
        yield _whole(f"data/log/checkpoints/{size}", note.encode())
    for place in tiles.places(source.size):
        yield Member(f"data/log/{place.path}", partial(_write_tile, source, place))


def _write_tile(source: RecordSource, place: tiles.Place, out: Output) -> None:
    out.write(source.tile(place))


def _table_files(tables: dict[str, bytes]) -> Iterator[Member]:
    for name, content in tables.items():
        yield _whole(f"data/tables/{name}.csv", content)
    yield _whole("data/datapackage.json", _datapackage(tables))


def _vote_files(source: RecordSource, story: verify.Story) -> Iterator[Member]:
    for vote in story.votes.values():
        if vote.result is None:
            continue
        yield _whole(f"data/votes/{vote.id}.result.json", canonical.dumps(dict(vote.result)))
        if vote.state["franchise"] == "individual":
            yield Member(f"data/votes/{vote.id}.ballots.csv", partial(_write_ballots, source, vote))
        if has_pabulib(vote):
            yield Member(f"data/votes/{vote.id}.pb", partial(_write_pabulib, source, vote))


def _write_ballots(source: RecordSource, vote: verify.Vote, out: Output) -> None:
    out.writelines(source.ballot_lines(vote))


def _write_pabulib(source: RecordSource, vote: verify.Vote, out: Output) -> None:
    source.write_pabulib(out, vote)


def _verifier() -> bytes:
    return Path(verify.__file__).read_bytes()


def _datapackage(tables: dict[str, bytes]) -> bytes:
    """A Frictionless descriptor: every column is text, as it is in the tables."""
    resources = [
        {
            "name": name,
            "path": f"tables/{name}.csv",
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": len(content),
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
            "schema": {"fields": [{"name": column, "type": "string"} for column in verify.TABLES[name]]},
        }
        for name, content in sorted(tables.items())
    ]
    package = {"name": "participation-record", "profile": "tabular-data-package", "resources": resources}
    return json.dumps(package, indent=1, sort_keys=True).encode() + b"\n"
