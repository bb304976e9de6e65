"""The documents of the demonstration's processes: short papers set with Typst, pictures of tiles drawn here."""

from __future__ import annotations

import io
import json
import math
from typing import Any

import typst
from flask import current_app
from PIL import Image, ImageDraw

from ..kernel import files
from ..processes.operations import NewDocument
from ..record.typesetting import HERE as TYPESETTING
from .city import TEXTS

Point = tuple[float, float]
COLOURS = {
    "turquoise": ("#0b6e74", "#f4efe4", "#d9952b", "#123a63"),
    "saffron": ("#c9812a", "#fbf4e6", "#7d1f2e", "#0b6e74"),
    "lapis": ("#173f73", "#f2ede2", "#1d8a8a", "#d9a441"),
}
TILE, COLUMNS, ROWS, FINER = 160, 8, 5, 2
MOST_BYTES = 2_000_000


def stored(document: dict[str, Any], *, named: str) -> NewDocument:
    """Make a document and keep it in the store as an upload would be; ``named``: the process it belongs to."""
    is_picture = "picture" in document
    data = picture(document["picture"]) if is_picture else paper(document["title"], named, document["paragraphs"])
    kinds, name = (files.IMAGES, "picture.png") if is_picture else (files.DOCUMENTS, "paper.pdf")
    upload = files.check_upload(io.BytesIO(data), name=name, kinds=kinds, max_bytes=MOST_BYTES)
    return NewDocument(
        title=document["title"],
        stored_name=current_app.extensions["ucc.store"].put(upload),
        media_type=upload.kind.mime_type,
        sha256=upload.sha256,
        size=upload.size,
    )


def paper(title: str, named: str, paragraphs: list[str]) -> bytes:
    """A page in Persian as PDF, with the fonts of the record."""
    pdf: bytes = typst.compile(
        str(TEXTS / "paper.typ"),
        root=str(TEXTS),
        font_paths=[str(TYPESETTING / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps({"title": title, "named": named, "paragraphs": paragraphs})},
        format="pdf",
    )
    return pdf


def picture(colours: str) -> bytes:
    """A wall of eight-pointed stars and crosses, as PNG."""
    ground, light, accent, dark = COLOURS[colours]
    side = TILE * FINER
    image = Image.new("RGB", (COLUMNS * side, ROWS * side), light)
    draw = ImageDraw.Draw(image)
    for row in range(-1, ROWS + 1):
        for column in range(-1, COLUMNS + 1):
            centre = (column * side + side / 2, row * side + side / 2)
            _tile(draw, centre, side, ground if (row + column) % 2 else dark, light, accent)
    small = image.resize((COLUMNS * TILE, ROWS * TILE), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    small.save(target, "PNG")
    return target.getvalue()


def _tile(draw: ImageDraw.ImageDraw, centre: Point, side: float, star: str, light: str, accent: str) -> None:
    draw.polygon(_star(centre, side * 0.5, 8, 0.765), fill=star)
    draw.polygon(_star(centre, side * 0.4, 8, 0.765), fill=light)
    draw.polygon(_star(centre, side * 0.36, 8, 0.765), fill=star)
    draw.polygon(_star(centre, side * 0.2, 8, 0.55), fill=accent)
    draw.polygon(_star(centre, side * 0.07, 8, 0.765), fill=light)
    for across, down in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
        corner = (centre[0] + across * side / 2, centre[1] + down * side / 2)
        draw.polygon(_star(corner, side * 0.14, 4, 0.5), fill=accent)


def _star(centre: Point, radius: float, points: int, waist: float) -> list[Point]:
    """Corners of a star; ``waist``: how far its inner corners stand out, of 1."""
    corners = []
    for step in range(points * 2):
        length = radius * (waist if step % 2 else 1)
        angle = math.pi * step / points
        corners.append((centre[0] + length * math.cos(angle), centre[1] + length * math.sin(angle)))
    return corners
