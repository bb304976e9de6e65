"""Reading the stored log: entries, tiles, node hashes, checkpoints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from ..kernel.db import table_of
from . import tiles, tree
from .models import Checkpoint, LogEntry, LogHead, LogTile

_entries = table_of(LogEntry)
_tiles = table_of(LogTile)
_checkpoints = table_of(Checkpoint)


@dataclass(frozen=True, slots=True)
class Head:
    """The tree as it stands: number of entries and root."""

    size: int
    root: bytes


def head(connection: Connection) -> Head:
    row = connection.execute(select(table_of(LogHead))).first()
    return Head(row.size, row.root) if row is not None else Head(0, tree.EMPTY_ROOT)


def entry_bytes(connection: Connection, start: int, end: int) -> list[bytes]:
    """The stored bytes of the entries start … end-1."""
    rows = select(_entries.c.entry).where(_entries.c.position >= start, _entries.c.position < end)
    return [bytes(entry) for entry in connection.scalars(rows.order_by(_entries.c.position))]


def bundle(connection: Connection, number: int, width: int) -> bytes:
    """Entry bundle ``number`` with its first ``width`` entries."""
    start = number * tiles.WIDTH
    return tiles.encode_bundle(entry_bytes(connection, start, start + width))


def tile(connection: Connection, level: int, number: int, width: int) -> bytes:
    """The first ``width`` hashes of a tile: from the stored full tile, or from what lies below it."""
    stored = select(_tiles.c.hashes).where(_tiles.c.level == level, _tiles.c.number == number)
    found = connection.scalar(stored)
    hashes = bytes(found) if found is not None else b"".join(_below(connection, level, number, width))
    if len(hashes) < width * tiles.HASH_BYTES:
        raise tiles.TileError(f"the log has no tile {level}/{number} of width {width}")
    return hashes[: width * tiles.HASH_BYTES]


def _below(connection: Connection, level: int, number: int, width: int) -> Iterator[bytes]:
    start, end = number * tiles.WIDTH, number * tiles.WIDTH + width
    if level == 0:
        rows = select(_entries.c.leaf).where(_entries.c.position >= start, _entries.c.position < end)
        return (bytes(leaf) for leaf in connection.scalars(rows.order_by(_entries.c.position)))
    rows = select(_tiles.c.root).where(_tiles.c.level == level - 1, _tiles.c.number >= start, _tiles.c.number < end)
    return (bytes(root) for root in connection.scalars(rows.order_by(_tiles.c.number)))


def integrate(connection: Connection) -> int:
    """Store every full tile that is not stored yet, level by level; the number stored. Idempotent, rebuildable."""
    stored, count, level = 0, head(connection).size // tiles.WIDTH, 0
    while count:
        rows = select(_tiles.c.number).where(_tiles.c.level == level).order_by(_tiles.c.number.desc()).limit(1)
        newest = connection.scalar(rows)
        for number in range(0 if newest is None else newest + 1, count):
            hashes = list(_below(connection, level, number, tiles.WIDTH))
            row = {"level": level, "number": number, "hashes": b"".join(hashes), "root": tree.root_of(hashes)}
            connection.execute(insert(_tiles), row)
            stored += 1
        level, count = level + 1, count // tiles.WIDTH
    return stored


class Nodes:
    """Hashes of complete subtrees, ``node(level, index)``, from tiles; for proofs of a tree of ``size`` entries."""

    def __init__(self, connection: Connection, size: int) -> None:
        self._connection, self._size = connection, size
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        tile_level, height = divmod(level, 8)
        number, at = divmod(index << height, tiles.WIDTH)
        hashes = self._hashes(tile_level, number)[at : at + (1 << height)]
        return tree.root_of(hashes)

    def _hashes(self, level: int, number: int) -> list[bytes]:
        if (level, number) not in self._tiles:
            width = tiles.width_at(level, number, self._size)
            self._tiles[level, number] = tiles.decode_tile(tile(self._connection, level, number, width))
        return self._tiles[level, number]


def first_checkpoint_covering(connection: Connection, position: int) -> Checkpoint | None:
    """The oldest signed checkpoint whose tree holds the entry at ``position`` (a detached row)."""
    covering = select(_checkpoints).where(_checkpoints.c.size > position).order_by(_checkpoints.c.size).limit(1)
    row = connection.execute(covering).first()
    if row is None:
        return None
    return Checkpoint(size=row.size, root=bytes(row.root), note=row.note, signed_at=row.signed_at)


def latest_checkpoint(connection: Connection, *, covering: int = 0) -> Checkpoint | None:
    """The newest signed checkpoint, if it covers at least ``covering`` entries (a detached row)."""
    row = connection.execute(select(_checkpoints).order_by(_checkpoints.c.size.desc()).limit(1)).first()
    if row is None or row.size < covering:
        return None
    return Checkpoint(size=row.size, root=bytes(row.root), note=row.note, signed_at=row.signed_at)
