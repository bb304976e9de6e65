"""From a checked upload to what an operation needs to know of it."""

from __future__ import annotations

import io
from dataclasses import dataclass

from flask import current_app
from PIL import Image

from ..kernel.errors import Invalid
from ..kernel.files import Kind, Upload, UploadRefused, check_upload
from ..kernel.passive import require_passive

THUMB = 360
"""Longest side of the small copy of a picture, in pixels."""


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """An upload whose content lies in the store already: what an operation needs to know of it."""

    stored_name: str
    media_type: str
    sha256: str
    size: int
    name: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A checked file whose content lies in the store. ``is_public``: whether everybody may open it."""

    stored: StoredUpload
    is_public: bool = False


def bring_evidence(upload: Upload | None, *, is_public: bool) -> Evidence | None:
    """The file that came with a form, if any. Raises Invalid when it holds programs or calls something outside."""
    if upload is None:
        return None
    try:
        require_passive(upload)
    except UploadRefused as refusal:
        raise Invalid(refusal.reason, field="file") from None
    return Evidence(store_upload(upload), is_public)


def store_upload(upload: Upload) -> StoredUpload:
    """Put the content of a checked upload into the store, before the unit of work that mentions it."""
    stored_name = current_app.extensions["ucc.store"].put(upload)
    return StoredUpload(stored_name, upload.kind.mime_type, upload.sha256, upload.size, upload.name)


def store_thumb(upload: Upload) -> str:
    """A small copy of a checked picture, kept in the store; its hash."""
    with Image.open(io.BytesIO(upload.data), formats=["WEBP"]) as picture:
        picture.thumbnail((THUMB, THUMB))
        target = io.BytesIO()
        picture.convert("RGB").save(target, "PNG")
    target.seek(0)
    small = check_upload(target, name="thumb.png", kinds=[Kind.PNG], max_bytes=5_000_000)
    current_app.extensions["ucc.store"].put(small)
    return small.sha256
