"""Dossiers with attachments, and photos as cameras and impatient people send them."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from PIL import ExifTags, Image

from tests.dossier.making import TERMS, act, begin
from tests.processes.making import make_process
from ucc_participate.documents.uploads import store_upload
from ucc_participate.kernel.files import Kind, check_upload
from ucc_participate.processes.models import ProcessState
from ucc_participate.readiness import operations
from ucc_participate.readiness.models import Attachment, AttachmentState, Told
from ucc_participate.readiness.operations import File
from ucc_participate.readiness.photos import check_photo

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
FORM = "uccn-2021"


def picture(*, mode: str = "RGB", kind: str = "JPEG", size: tuple[int, int] = (120, 80), **more: Any) -> bytes:
    target = io.BytesIO()
    image = Image.new(mode, size)
    image.putdata([_dot(mode, x) for x in range(size[0] * size[1])])
    image.save(target, kind, **more)
    return target.getvalue()


def _dot(mode: str, x: int) -> Any:
    values = (x % 251, (x * 7) % 253, (x * 13) % 255, x % 11)
    return values[0] if mode == "L" else values[: len(mode)]


def picture_with_place(*, turned: int = 1, comment: bytes = b"") -> bytes:
    """What a telephone takes: GPS, the camera, its owner; upright only when one reads the orientation."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Tabriz Optics"
    exif[ExifTags.Base.Artist] = "Sara Karimi"
    exif[ExifTags.Base.Orientation] = turned
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (35.0, 41.0, 21.0)
    more: dict[str, Any] = {"comment": comment} if comment else {}
    return picture(exif=exif, **more)


def paper(app: Any, data: bytes = PDF, name: str = "letter.pdf") -> File:
    with app.app_context():
        upload = check_upload(io.BytesIO(data), name=name, kinds=[Kind.PDF], max_bytes=10_000)
        return File(store_upload(upload))


def photo(app: Any, data: bytes | None = None) -> File:
    with app.app_context():
        upload, told = check_photo(data or picture(), name="kiln.jpg")
        return File(store_upload(upload), told)


def application(perform: Any, now: datetime, *, form: str = FORM, terms: Any = TERMS) -> Any:
    process = make_process(perform, now, ProcessState.OPEN)
    return process, begin(perform, process, form, now, terms=terms)


def signed(day: date, **more: Any) -> Told:
    return Told(**{"state": AttachmentState.SIGNED, "signer": "Mayor", "signed_on": day, **more})


def add(
    perform: Any, made: Any, section: str, told: Told, file: File | None = None, *, actor: Any, now: datetime
) -> Any:
    found: Attachment = act(perform, made, operations.record_attachment, section, told, file, actor=actor, now=now)
    return found


def add_photo(app: Any, perform: Any, made: Any, *, actor: Any, now: datetime, data: bytes | None = None) -> Any:
    told = Told(AttachmentState.RECEIVED, author="Sara Karimi", caption="The kilns")
    return add(perform, made, "A4", told, photo(app, data), actor=actor, now=now)
