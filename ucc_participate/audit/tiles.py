"""Where a log's files are and how they are laid out: C2SP tlog-tiles with tiles and entry bundles of 256."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH = 256
HASH_BYTES = 32
MAX_ENTRY_BYTES = 65_535
MAX_LEVEL = 5
_PATH = re.compile(
    r"tile/(?P<level>entries|[0-5])/(?P<n>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


class TileError(ValueError):
    """The path or the content is not that of a tile or an entry bundle."""


@dataclass(frozen=True, slots=True)
class Place:
    """A tile (level 0 … 5) or an entry bundle (level None): the n-th, with `width` of at most 256 things in it."""

    level: int | None
    n: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Relative to the log's address, without a leading slash."""
        return entries_path(self.n, self.width) if self.level is None else tile_path(self.level, self.n, self.width)


def tile_path(level: int, n: int, width: int = WIDTH) -> str:
    """`tile/<L>/<N>[.p/<W>]`."""
    if not 0 <= level <= MAX_LEVEL:
        raise TileError(f"there is no tile level {level}")
    return f"tile/{level}/{_number(n)}{_partial(width)}"


def entries_path(n: int, width: int = WIDTH) -> str:
    """`tile/entries/<N>[.p/<W>]`."""
    return f"tile/entries/{_number(n)}{_partial(width)}"


def parse_path(path: str) -> Place:
    """The place that a path names; accepts exactly the paths that tile_path() and entries_path() write."""
    match = _PATH.fullmatch(path)
    if not match:
        raise TileError(f"this is not the path of a tile: {path[:100]!r}")
    level = None if match["level"] == "entries" else int(match["level"])
    place = Place(level, int(re.sub("[x/]", "", match["n"])), int(match["width"] or WIDTH))
    if place.width > WIDTH or place.path != path:
        raise TileError(f"this is not the path of a tile: {path[:100]!r}")
    return place


def places(size: int) -> Iterator[Place]:
    """Every tile and entry bundle of a log of `size` entries, the bundles first, then the tiles level by level."""
    yield from _level_places(None, size)
    for level in range(MAX_LEVEL + 1):
        yield from _level_places(level, size >> 8 * level)


def width_at(level: int | None, n: int, size: int) -> int:
    """How many things the n-th tile or bundle has in a log of `size` entries: 0 when it does not exist."""
    count = size >> 8 * (level or 0)
    return max(0, min(WIDTH, count - n * WIDTH))


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Each entry after its length as uint16 big-endian."""
    if not 1 <= len(entries) <= WIDTH:
        raise TileError(f"a bundle has 1 to 256 entries, not {len(entries)}")
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise TileError(f"an entry has at most {MAX_ENTRY_BYTES} bytes, not {len(entry)}")
        parts += (len(entry).to_bytes(2, "big"), entry)
    return b"".join(parts)


def decode_bundle(data: bytes) -> list[bytes]:
    """The entries of a bundle, 1 to 256 of them; raises TileError when a byte is missing or left over."""
    entries: list[bytes] = []
    at, end = 0, len(data)
    while at < end:
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > end or at > end:
            raise TileError("the bundle ends in the middle of an entry")
        entries.append(data[start:at])
    if not 1 <= len(entries) <= WIDTH:
        raise TileError(f"a bundle has 1 to 256 entries, not {len(entries)}")
    return entries


def slice_bundle(data: bytes, width: int) -> bytes:
    """The partial bundle of the first `width` entries of a longer one."""
    entries = decode_bundle(data)
    if not 1 <= width <= len(entries):
        raise TileError(f"a bundle of {len(entries)} entries has no first {width}")
    return encode_bundle(entries[:width])


def decode_tile(data: bytes) -> list[bytes]:
    """The hashes of a tile, 1 to 256 of them."""
    if not data or len(data) % HASH_BYTES or len(data) > WIDTH * HASH_BYTES:
        raise TileError(f"a tile has 1 to 256 hashes of 32 bytes, not {len(data)} bytes")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def slice_tile(data: bytes, width: int) -> bytes:
    """The partial tile of the first `width` hashes of a longer one."""
    if not 1 <= width <= len(decode_tile(data)):
        raise TileError(f"a tile of {len(data)} bytes has no first {width} hashes")
    return data[: width * HASH_BYTES]


def _level_places(level: int | None, count: int) -> Iterator[Place]:
    full, rest = divmod(count, WIDTH)
    yield from (Place(level, n) for n in range(full))
    if rest:
        yield Place(level, full, rest)


def _number(n: int) -> str:
    """Groups of three digits, all but the last after an x: 1234067 → x001/x234/067."""
    if not 0 <= n < 10**18:
        raise TileError(f"there is no tile number {n}")
    groups = [f"{n % 1000:03d}"]
    while n := n // 1000:
        groups.append(f"x{n % 1000:03d}")
    return "/".join(reversed(groups))


def _partial(width: int) -> str:
    if not 1 <= width <= WIDTH:
        raise TileError(f"a tile is 1 to 256 wide, not {width}")
    return "" if width == WIDTH else f".p/{width}"
