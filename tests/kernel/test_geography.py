"""Districts from GeoJSON: what is read and refused, what lies where, how it is drawn."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucc_participate.kernel.errors import Invalid
from ucc_participate.kernel.geography import MOST_POINTS, district_at, draw, read_districts


def square(west: float, south: float, size: float = 1.0) -> list[list[float]]:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(name: Any, geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": name, **properties}, "geometry": geometry}


def polygon(*rings: list[Any]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def collection(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


CITY = collection(
    feature("Old town", polygon(square(0, 0)), code="old"),
    feature("محلهٔ رود", polygon(square(1, 0), square(1.25, 0.25, 0.5))),
    feature("Les Corts", {"type": "MultiPolygon", "coordinates": [[square(3, 0)], [square(5, 0)]]}),
)


def micro(degrees: float) -> int:
    return round(degrees * 1_000_000)


@pytest.mark.parametrize(
    ("longitude", "latitude", "code"),
    [
        (0.5, 0.5, "old"),
        (1.1, 0.5, "d2"),
        (1.5, 0.5, None),  # the hole
        (3.5, 0.5, "les-corts"),
        (5.5, 0.5, "les-corts"),
        (4.5, 0.5, None),
        (0.5, 1.5, None),
    ],
)
def test_a_point_finds_its_district(longitude, latitude, code):
    assert district_at(read_districts(CITY), micro(longitude), micro(latitude)) == code


@given(st.floats(-0.5, 2.5), st.floats(-0.5, 1.5))
def test_every_point_of_two_neighbours_is_in_one_of_them_and_not_in_both(longitude, latitude):
    found = read_districts(collection(feature("a", polygon(square(0, 0))), feature("b", polygon(square(1, 0)))))
    x, y = micro(longitude), micro(latitude)
    inside = [one.code for one in found if district_at([one], x, y)]
    assert len(inside) == (1 if 0 <= x < 2_000_000 and 0 <= y < 1_000_000 else 0)


def test_a_picture_has_north_on_top_and_every_district_once():
    picture = draw(read_districts(CITY))
    assert [one.code for one in picture.districts] == ["old", "d2", "les-corts"]
    assert picture.districts[1].path.count("M") == 2
    north_first = picture.districts[0]
    assert 0 < north_first.x < picture.width
    assert 0 < north_first.y < picture.height
    assert north_first.path == "M0.0 106.7L106.7 106.7L106.7 0.0L0.0 0.0Z"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no GeoJSON"),
        (b"\xff\xfe", "no GeoJSON"),
        (b"[" * 100_000, "no GeoJSON"),
        (b'{"type": "Feature"}', "no GeoJSON"),
        (collection(), "no GeoJSON"),
        (collection(feature("", polygon(square(0, 0)))), "has no name"),
        (collection(feature("a", {"type": "Point", "coordinates": [0, 0]})), "Polygon or MultiPolygon"),
        (collection(feature("a", None)), "Polygon or MultiPolygon"),
        (collection(feature("a", polygon(square(500_000, 4_000_000)))), "no degrees"),
        (collection(feature("a", polygon([["x", 1]] * 4))), "no degrees"),
        (collection(feature("a", polygon([[0, 0], [float("nan"), 0], [1, 1], [0, 0]]))), "no degrees"),
        (collection(feature("a", polygon(square(0, 0)[:-1]))), "does not close"),
        (collection(feature("a", polygon([[0, 0]] * 4))), "does not close"),
        (collection(feature("a", {"type": "MultiPolygon", "coordinates": []})), "does not close"),
        (collection(*[feature("a", polygon(square(0, 0)))] * 201), "too many districts"),
        (collection(feature("a", polygon(square(0, 0))), crs={"properties": {"name": "EPSG:25831"}}), "WGS84"),
        (collection(feature("a", polygon([[0, 0], *[[1, 1], [0, 1]] * MOST_POINTS, [0, 0]]))), "too many points"),
    ],
)
def test_what_is_no_map_of_districts_is_refused_with_a_reason(app, data, why):
    with app.test_request_context(), pytest.raises(Invalid) as refusal:
        read_districts(data)
    with app.test_request_context():
        assert why in str(refusal.value.reason)


def test_two_districts_of_one_name_have_two_codes():
    found = read_districts(collection(*[feature("Centre", polygon(square(at, 0))) for at in (0, 1)]))
    assert [one.code for one in found] == ["centre", "centre-2"]
