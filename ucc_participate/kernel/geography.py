"""Districts of a city from GeoJSON (RFC 7946): read with care, asked what lies in them, drawn without any tile server.

Coordinates are whole millionths of a degree (WGS84), longitude first as GeoJSON has them.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flask_babel import lazy_gettext as _l

from .errors import Invalid
from .i18n import lazy_number
from .text import clean_line

MICRO = 1_000_000
MOST_DISTRICTS = 200
MOST_POINTS = 60_000
WIDTH = 640
NAMES = ("name", "name_fa", "nom", "NOM", "title")
CODES = ("code", "id", "codi", "CODI")
FINEST = 0.6
"""Points of a drawn line that lie closer than this (in units of the picture) are one."""

Point = tuple[int, int]
Ring = list[list[int]]
Shape = list[list[Ring]]
_CODE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class District:
    """``shape``: polygons, each an outer ring and its holes, each ring a closed list of [longitude, latitude]."""

    code: str
    name: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Drawn:
    """A district as a picture shows it: the ``d`` of a path, and a place for its number."""

    code: str
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    districts: list[Drawn]


def read_districts(data: bytes) -> list[District]:
    """The districts of a GeoJSON FeatureCollection. Raises Invalid saying what is wrong with it."""
    features = _features(data)
    districts: list[District] = []
    for number, feature in enumerate(features, start=1):
        name = _name(feature, number)
        shape = _shape(feature.get("geometry"), name)
        districts.append(District(_code(feature, number, {one.code for one in districts}), name, shape))
    points = sum(len(ring) for one in districts for polygon in one.shape for ring in polygon)
    if points > MOST_POINTS:
        raise Invalid(
            _l("This map has too many points: at most %(most)s. Simplify it first.", most=lazy_number(MOST_POINTS))
        )
    return districts


def district_at(districts: Iterable[District], longitude: int, latitude: int) -> str | None:
    """Code of the district in which a point lies (the first where they overlap); None outside of all."""
    return next((one.code for one in districts if _is_in_shape(one.shape, longitude, latitude)), None)


def draw(districts: Sequence[District]) -> Picture:
    """All districts in one picture, north up, true to angles at the city's latitude."""
    corners = [point for one in districts for polygon in one.shape for ring in polygon for point in ring]
    west, east = min(x for x, _y in corners), max(x for x, _y in corners)
    south, north = min(y for _x, y in corners), max(y for _x, y in corners)
    narrow = math.cos(math.radians((south + north) / 2 / MICRO))
    scale = WIDTH / max(1.0, (east - west) * narrow)

    def placed(point: Sequence[int]) -> tuple[float, float]:
        return (point[0] - west) * narrow * scale, (north - point[1]) * scale

    drawn = []
    for one in districts:
        rings = [[placed(point) for point in ring] for polygon in one.shape for ring in polygon]
        largest = max((polygon[0] for polygon in one.shape), key=lambda ring: abs(_area(ring)))
        x, y = placed(_middle(largest))
        drawn.append(Drawn(one.code, one.name, " ".join(map(_path, rings)), round(x, 1), round(y, 1)))
    return Picture(WIDTH, max(1, round((north - south) * scale)), drawn)


def _features(data: bytes) -> list[dict[str, Any]]:
    unreadable = Invalid(_l("This file is no GeoJSON. Bring a FeatureCollection of districts, in UTF-8."))
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise unreadable from None
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise unreadable
    features = found.get("features")
    if not isinstance(features, list) or not features or not all(isinstance(one, dict) for one in features):
        raise unreadable
    crs = json.dumps(found["crs"]) if "crs" in found else "CRS84"
    if not re.search(r"CRS84|EPSG:+4326", crs):
        raise Invalid(_l("This map must have degrees of longitude and latitude (WGS84)."))
    if len(features) > MOST_DISTRICTS:
        raise Invalid(_l("This map has too many districts: at most %(most)s.", most=lazy_number(MOST_DISTRICTS)))
    return features


def _name(feature: dict[str, Any], number: int) -> str:
    properties = feature.get("properties")
    told = properties if isinstance(properties, dict) else {}
    name = next((clean_line(str(told[key])) for key in NAMES if told.get(key)), "")
    if not name:
        raise Invalid(_l("District %(number)s of this map has no name (property “name”).", number=lazy_number(number)))
    return name[:120]


def _code(feature: dict[str, Any], number: int, taken: set[str]) -> str:
    """A short name for addresses: what the map says, else the name where it is Latin, else its place in the map."""
    properties = feature.get("properties") or {}
    wanted = [properties.get(key) for key in CODES] + [feature.get("id"), *(properties.get(key) for key in NAMES)]
    words = (_CODE.sub("-", str(one).lower()).strip("-")[:24] for one in wanted if one is not None)
    code = next((word for word in words if word), f"d{number}")
    return code if code not in taken else f"{code}-{number}"


def _shape(geometry: Any, name: str) -> Shape:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise Invalid(_l("“%(name)s” must be drawn as a Polygon or MultiPolygon.", name=name))
    found = geometry.get("coordinates")
    polygons = [found] if kind == "Polygon" else found
    try:
        shape = [[[_point(point) for point in ring] for ring in polygon] for polygon in polygons]
    except (TypeError, ValueError, IndexError, OverflowError):
        raise Invalid(
            _l("“%(name)s” has points that are no degrees of longitude and latitude (WGS84).", name=name)
        ) from None
    whole = shape and all(
        polygon and all(len(ring) >= 4 and ring[0] == ring[-1] for ring in polygon) for polygon in shape
    )
    if not whole or not any(_area(polygon[0]) for polygon in shape):
        raise Invalid(_l("“%(name)s” has a line that does not close.", name=name))
    return shape


def _point(point: Any) -> list[int]:
    longitude, latitude = float(point[0]), float(point[1])
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError("not on Earth")
    return [round(longitude * MICRO), round(latitude * MICRO)]


def _is_in_shape(shape: Shape, x: int, y: int) -> bool:
    return any(
        _is_in_ring(polygon[0], x, y) and not any(_is_in_ring(hole, x, y) for hole in polygon[1:]) for polygon in shape
    )


def _is_in_ring(ring: Ring, x: int, y: int) -> bool:
    """By the number of lines to the east: exact, because everything is whole. A shared line belongs to one side."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y):
            across = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
            if across and (across > 0) == (y2 > y1):
                inside = not inside
    return inside


def _area(ring: Ring) -> int:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))


def _middle(ring: Ring) -> Point:
    """The centre of gravity; where that lies outside, the corner that is nearest to it."""
    doubled = _area(ring)
    origin_x, origin_y = ring[0]
    sums = [0, 0]
    for (x1, y1), (x2, y2) in pairwise([[x - origin_x, y - origin_y] for x, y in ring]):
        across = x1 * y2 - x2 * y1
        sums = [sums[0] + (x1 + x2) * across, sums[1] + (y1 + y2) * across]
    if not doubled:
        return origin_x, origin_y
    middle = origin_x + round(sums[0] / (3 * doubled)), origin_y + round(sums[1] / (3 * doubled))
    if _is_in_ring(ring, *middle):
        return middle
    nearest = min(ring, key=lambda point: (point[0] - middle[0]) ** 2 + (point[1] - middle[1]) ** 2)
    return nearest[0], nearest[1]


def _path(ring: Sequence[tuple[float, float]]) -> str:
    kept = [ring[0]]
    for point in ring[1:-1]:
        if math.dist(point, kept[-1]) >= FINEST:
            kept.append(point)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept) + "Z"
