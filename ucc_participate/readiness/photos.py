"""Photos that are handed in: told by their content, kept byte for byte, and what a camera wrote into them.

UNESCO wants the original JPEG, so nothing is encoded again here. What the camera wrote (place, owner, serial number)
can be taken out without touching a pixel: whole segments of the file are left away.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from PIL import ExifTags, Image, UnidentifiedImageError

from ..kernel.files import MOST_PIXELS, Kind, Upload, UploadRefused, recognise
from ..kernel.i18n import lazy_number

MOST_BYTES = 3_000_000
"""The form says 3 MB (uccn.md S1): the smaller way of reading it, which satisfies both."""
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_BARE = {0x01, *range(0xD0, 0xD8)}
_PRIVATE = {0xE1, 0xED, 0xFE}
"""Segments that hold words about the picture: Exif and XMP, IPTC, comments."""
_COLOURS = {"RGB", "L"}
_ORIENTATION = ExifTags.Base.Orientation
_TOLD = {
    "camera": (ExifTags.Base.Make, ExifTags.Base.Model),
    "time": (ExifTags.Base.DateTime,),
    "owner": (ExifTags.Base.Artist, ExifTags.Base.Copyright),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """``tells``: what the file gives away beside the picture: gps, camera, time, owner, words."""

    width: int
    height: int
    tells: tuple[str, ...]

    def told(self) -> dict[str, Any]:
        return {"width": self.width, "height": self.height, "tells": list(self.tells)}


def check_photo(data: bytes, *, name: str) -> tuple[Upload, Picture]:
    """The file as it was sent, and what it is. Raises UploadRefused saying what to do."""
    if not data:
        raise UploadRefused(_l("This file is empty. Choose another one."))
    kind = recognise(data)
    if kind is not Kind.JPEG:
        raise UploadRefused(_refusal(kind))
    if len(data) > MOST_BYTES:
        raise UploadRefused(
            _l(
                "This photo has %(size)s MB; the form takes at most 3. Save it again as JPEG with a lower quality.",
                size=lazy_number(round(len(data) / 1_000_000, 1)),
            )
        )
    picture = _look(data)
    upload = Upload(f"{name.rpartition('.')[0][:100] or 'photo'}.jpg", kind, data, hashlib.sha256(data).hexdigest())
    return upload, picture


def without_words(data: bytes) -> bytes:
    """The same picture, bit for bit, without what was written into it; it stays upright. For a checked JPEG."""
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        turned = image.getexif().get(_ORIENTATION, 1)
    kept = [b"\xff\xd8"]
    if turned != 1:
        kept.append(_only_orientation(turned))
    kept += [part for marker, part in _segments(data) if not _is_words(marker, part)]
    return b"".join(kept)


def _refusal(kind: Kind | None) -> Any:
    if kind is not None and kind.is_image:
        return _l(
            "This is a %(kind)s picture, whatever its name says. Save it as JPEG and choose the new file.",
            kind=kind.name,
        )
    return _l("This is no picture that we know. The form takes JPEG photos only.")


def _look(data: bytes) -> Picture:
    damaged = UploadRefused(_l("This photo is damaged or not complete. Copy it again from the camera and choose it."))
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise UploadRefused(_l("This photo has too many pixels. Save it smaller."))
            if image.mode not in _COLOURS:
                raise UploadRefused(
                    _l("This photo has the colours of print (CMYK); screens show them wrong. Save it again in RGB.")
                )
            image.load()
            tells = _tells(image, data)
            size = image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UploadRefused(_l("This photo has too many pixels. Save it smaller.")) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, struct.error):
        raise damaged from None
    if not any(marker == _EOI for marker, _part in _segments(data)):
        raise damaged
    return Picture(*size, tells)


def _tells(image: Image.Image, data: bytes) -> tuple[str, ...]:
    exif = image.getexif()
    found = ["gps"] if exif.get_ifd(ExifTags.IFD.GPSInfo) else []
    found += [name for name, tags in _TOLD.items() if any(exif.get(tag) for tag in tags)]
    parts = list(_segments(data))
    behind = len(data) > 2 + sum(len(part) for _marker, part in parts)
    others = behind or any(_is_words(marker, part) and part[4:8] != b"Exif" for marker, part in parts)
    return tuple([*found, "words"] if others else found)


def _is_words(marker: int, part: bytes) -> bool:
    """Also the second pictures that telephones add (MPF): they have words of their own."""
    return marker in _PRIVATE or (marker == 0xE2 and part[4:8] == b"MPF\0")


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of every segment after the start, the picture's own bits with their SOS; ends at the first EOI.

    What stands behind it is no part of the picture. ITU-T T.81 annex B.
    """
    at = 2
    while at + 2 <= len(data):
        if data[at] != 0xFF:
            return
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == _EOI:
            yield marker, data[at : at + 2]
            return
        end = at + 2 if marker in _BARE else at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SOS:
            end = _end_of_bits(data, end)
        yield marker, data[at:end]
        at = end


def _end_of_bits(data: bytes, at: int) -> int:
    """Where the next marker stands: within bits 0xFF is followed by zero or a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] != 0 and data[at + 1] not in _BARE:
            return at
        at += 2


def _only_orientation(turned: int) -> bytes:
    exif = Image.Exif()
    exif[_ORIENTATION] = turned
    block = exif.tobytes()
    body = block if block.startswith(b"Exif\0\0") else b"Exif\0\0" + block
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
