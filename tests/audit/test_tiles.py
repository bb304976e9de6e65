"""Paths and contents of the public log's files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucc_participate.audit import tiles
from ucc_participate.audit.tiles import Place, TileError


@pytest.mark.parametrize(
    ("path", "written"),
    [
        (tiles.tile_path(0, 0), "tile/0/000"),
        (tiles.tile_path(1, 1234067), "tile/1/x001/x234/067"),
        (tiles.tile_path(0, 255, 12), "tile/0/255.p/12"),
        (tiles.entries_path(1234), "tile/entries/x001/234"),
        (tiles.entries_path(0, 1), "tile/entries/000.p/1"),
    ],
)
def test_a_path_is_written_as_the_standard_has_it(path, written):
    assert path == written


places = st.builds(Place, st.none() | st.integers(0, 5), st.integers(0, 10**18 - 1), st.integers(1, 256))


@given(places)
def test_a_path_is_read_back(place):
    assert tiles.parse_path(place.path) == place


@pytest.mark.parametrize(
    "path",
    [
        *("tile/0/0", "tile/0/0000", "tile/0/x000/001", "tile/00/001", "tile/6/000", "tile/0/001/", "/tile/0/001"),
        *("tile/0/001.p/0", "tile/0/001.p/256", "tile/0/001.p/01", "tile/0/001.p/257", "tile/0/x001", "tile/-1/000"),
        *("tile/entries/../000", "tile/0/٠٠١", "tile/0/000\n", "tile/0/001.p/"),
    ],
)
def test_any_other_path_is_refused(path):
    with pytest.raises(TileError):
        tiles.parse_path(path)


@pytest.mark.parametrize("arguments", [(-1, 0), (6, 0), (0, -1), (0, 10**18), (0, 0, 0), (0, 0, 257)])
def test_a_tile_that_cannot_be_has_no_path(arguments):
    with pytest.raises(TileError):
        tiles.tile_path(*arguments)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_a_bundle_gives_its_entries_back(entries):
    assert tiles.decode_bundle(tiles.encode_bundle(entries)) == entries


@given(st.lists(st.binary(max_size=30), min_size=1, max_size=256), st.data())
def test_a_slice_of_a_bundle_is_the_bundle_of_the_first_entries(entries, data):
    width = data.draw(st.integers(1, len(entries)))
    assert tiles.slice_bundle(tiles.encode_bundle(entries), width) == tiles.encode_bundle(entries[:width])


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\1", b"\0\3ab", b"\0\1a\0", b"\0\0" * 257])
def test_a_broken_bundle_is_refused(data):
    with pytest.raises(TileError):
        tiles.decode_bundle(data)


def test_a_bundle_has_its_limits():
    with pytest.raises(TileError):
        tiles.encode_bundle([])
    with pytest.raises(TileError):
        tiles.encode_bundle([b""] * 257)
    with pytest.raises(TileError):
        tiles.encode_bundle([b"x" * 65_536])
    assert tiles.decode_bundle(tiles.encode_bundle([b"x" * 65_535])) == [b"x" * 65_535]


@pytest.mark.parametrize("width", [0, 3])
def test_there_is_no_slice_beyond_the_content(width):
    with pytest.raises(TileError):
        tiles.slice_bundle(tiles.encode_bundle([b"a", b"b"]), width)
    with pytest.raises(TileError):
        tiles.slice_tile(b"h" * 64, width)


def test_a_tile_is_sliced_by_hashes():
    tile = b"a" * 32 + b"b" * 32
    assert tiles.slice_tile(tile, 1) == b"a" * 32
    assert tiles.decode_tile(tile) == [b"a" * 32, b"b" * 32]


@pytest.mark.parametrize("data", [b"", b"x" * 31, b"x" * 33, b"x" * 257 * 32])
def test_a_broken_tile_is_refused(data):
    with pytest.raises(TileError):
        tiles.decode_tile(data)


def test_the_files_of_a_log_are_all_its_bundles_and_tiles():
    size = 256 * 256 + 256 + 3
    paths = [place.path for place in tiles.places(size)]
    assert len(paths) == len(set(paths)) == 258 + 258 + 2 + 1
    assert paths[257] == "tile/entries/257.p/3"
    assert paths[-3:] == ["tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1"]
    assert list(tiles.places(0)) == []


@given(st.integers(0, 300_000))
def test_the_width_of_a_tile_is_what_the_size_of_the_log_leaves(size):
    for place in tiles.places(size):
        assert tiles.width_at(place.level, place.n, size) == place.width
    assert tiles.width_at(0, size // 256 + 1, size) == 0
