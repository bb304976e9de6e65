"""What proposals of the demonstration say beside their text: the city's districts, own questions, needs and assets."""

from __future__ import annotations

import json
import math
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from ..inventory import operations, queries
from ..inventory.models import ItemKind, ItemText
from ..kernel.db import perform
from ..kernel.i18n import digits
from ..kernel.identity import Actor
from ..processes.models import Process
from ..proposals import operations as proposals
from ..proposals.models import MICRO, FieldKind, Particulars, Question
from .city import OFFICE, City, text
from .people import OFFICIALS

PROCESS = "candidacy"
MIDDLE = (52.35, 34.9)
"""Longitude and latitude of a place in the desert where there is no city."""
KILOMETRES = (111.32 * math.cos(math.radians(MIDDLE[1])), 110.57)
CORNERS = {
    "a": (-5.0, 4.0), "b": (-2.0, 5.2), "c": (1.5, 5.0), "d": (4.5, 3.6), "e": (5.6, 0.8), "f": (5.0, -2.4),
    "g": (2.6, -4.6), "h": (-0.8, -5.0), "i": (-4.0, -3.8), "j": (-5.8, -0.6), "k": (-5.5, 1.6), "l": (-5.2, -2.0),
    "p": (-2.6, 1.8), "q": (-2.2, -1.2), "r": (-0.2, 5.15), "s": (0.3, 2.6), "t": (-0.4, 0.4), "u": (0.5, -1.8),
    "v": (0.9, -4.85), "x": (2.8, 1.6), "y": (2.6, -1.4),
}  # fmt: skip
"""Kilometres east and north of the middle; the river runs through r, s, t, u, v."""
DISTRICTS = {
    "sofalgaran": ("محلهٔ سفالگران", "kpqlj"),
    "bazaar": ("بازار کهنه", "pstq"),
    "chenarestan": ("چنارستان", "rcdxs"),
    "balarud": ("بالارود", "abrspk"),
    "payinrud": ("پایین‌رود", "lqtuvhi"),
    "nilgun": ("کوی نیلگون", "sxyfgvut"),
    "daneshgah": ("کوی دانشگاه", "defyx"),
}
QUESTIONS = (
    Question(
        kind=FieldKind.NUMBER,
        label={
            "fa": "چند نفر از آن بهره می‌برند؟",
            "en": "How many people gain from it?",
            "fr": "Combien de personnes en profitent ?",
        },
        hint={
            "fa": "یک عدد تقریبی بس است.",
            "en": "A rough number is enough.",
            "fr": "Un ordre de grandeur suffit.",
        },
    ),
    Question(
        kind=FieldKind.CHOICE,
        label={
            "fa": "از کی می‌شود آغاز کرد؟",
            "en": "When can it begin?",
            "fr": "Quand peut-on commencer ?",
        },
        options=(
            {"fa": "همین امسال", "en": "This very year", "fr": "Dès cette année"},
            {"fa": "سال آینده", "en": "Next year", "fr": "L’an prochain"},
            {"fa": "دیرتر", "en": "Later", "fr": "Plus tard"},
        ),
    ),
)


def gather(city: City) -> None:
    """Plan the map, the questions, and what is put on the lists of needs and assets."""
    city.days.plan(city.days.moment(-300, minutes=600), partial(_bring_map, city))
    city.days.plan(city.days.moment(-38, minutes=560), partial(_ask, city))
    for number, item in enumerate(text("inventory")["item"]):
        at = city.days.moment(item["day"], minutes=600 + number * 7)
        city.days.plan(at, partial(_add, city, item))
    for item in text("inventory")["waiting"]:
        city.days.plan(city.days.moment(item["day"], minutes=1_205), partial(_suggest, city, item))


def particulars_of(city: City, process: str, title: str) -> Particulars:
    """What an idea says beside its text."""
    told = text("inventory")["links"].get(title) if process == PROCESS else None
    if told is None:
        return Particulars()
    latitude, longitude = (round(degrees * MICRO) for degrees in told["point"]) if "point" in told else (None, None)
    answers = {"people": told.get("people"), "start": told.get("start")}
    return Particulars(
        fields={city.inventory[name]: answer for name, answer in answers.items() if answer is not None},
        latitude=latitude,
        longitude=longitude,
        district=told.get("district"),
        needs=tuple(city.inventory[key] for key in told.get("needs", ()) if key in city.inventory),
        assets=tuple(city.inventory[key] for key in told.get("assets", ()) if key in city.inventory),
    )


def geojson() -> bytes:
    """The seven districts of a city that is nowhere."""
    features = []
    for code, (name, corners) in DISTRICTS.items():
        ring: list[list[float]] = []
        for here, there in zip(corners, corners[1:] + corners[0], strict=True):
            ring += _line(here, there)
        geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        properties = {"code": code, "name": name}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def _line(here: str, there: str) -> list[list[float]]:
    """From a corner to the next, without the latter; both neighbours bend their common line alike."""
    first, last = sorted((here, there))
    points = _bent(CORNERS[first], CORNERS[last], f"{first}{last}", 3)
    points = points if here == first else points[::-1]
    return [[round(MIDDLE[0] + x / KILOMETRES[0], 6), round(MIDDLE[1] + y / KILOMETRES[1], 6)] for x, y in points[:-1]]


def _bent(first: tuple[float, float], last: tuple[float, float], name: str, depth: int) -> list[tuple[float, float]]:
    """A line with bends that its name decides."""
    if depth == 0:
        return [first, last]
    bend = (sha256(name.encode()).digest()[0] / 255 - 0.5) * 0.16
    middle = (
        (first[0] + last[0]) / 2 - (last[1] - first[1]) * bend,
        (first[1] + last[1]) / 2 + (last[0] - first[0]) * bend,
    )
    return _bent(first, middle, name + "0", depth - 1)[:-1] + _bent(middle, last, name + "1", depth - 1)


def _bring_map(city: City, at: datetime) -> None:
    source = f"نقشهٔ ساختگی محله‌های سپیدرود، {digits(city.days.today.year - 622, locale='fa')}"
    perform(lambda s: proposals.add_district_map(s, geojson(), source, actor=OFFICE, now=at))


def _ask(city: City, at: datetime) -> None:
    official = city.official(OFFICIALS["culture"])
    for name, question in zip(("people", "start"), QUESTIONS, strict=True):
        made = city.change(PROCESS, at, partial(_add_field, question=question), actor=official)
        city.inventory[name] = made


def _add_field(session: Any, process: Process, *, question: Question, actor: Actor, now: datetime) -> str:
    return proposals.add_field(session, process, question, actor=actor, now=now).code


def _add(city: City, item: dict[str, Any], at: datetime) -> None:
    """By the office at once; by a resident first suggested, and put on the list two days later."""
    city.inventory[item["key"]] = _suggest(city, item, at)
    if "by" in item:
        later = city.days.moment(item["day"] + 2, minutes=640)
        city.days.plan(later, partial(_list, city, city.inventory[item["key"]]))


def _suggest(city: City, item: dict[str, Any], at: datetime) -> str:
    is_own = "by" in item
    actor = city.resident(f"r{item['by']:03}@sepidrud.example") if is_own else city.official(OFFICIALS["crafts"])
    told = ItemText(
        kind=ItemKind(item["kind"]),
        title=item["title"],
        text=item.get("text", ""),
        evidence=item.get("evidence", ""),
        place=item.get("place"),
    )
    made = city.change(PROCESS, at, lambda s, p, **by: operations.add_item(s, p, told, **by), actor=actor)
    return made.public_id


def _list(city: City, public_id: str, at: datetime) -> None:
    def work(session: Any, process: Process, *, actor: Actor, now: datetime) -> None:
        item = queries.item_to_change(session, process, public_id, actor=actor, now=now)
        operations.list_item(session, item, actor=actor, now=now)

    city.change(PROCESS, at, work, actor=city.official(OFFICIALS["culture"]))
