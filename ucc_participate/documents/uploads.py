"""From a checked upload to what an operation needs to know of it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from ..kernel.files import Upload


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """An upload whose content lies in the store already: what an operation needs to know of it."""

    stored_name: str
    media_type: str
    sha256: str
    size: int
    name: str


def store_upload(upload: Upload) -> StoredUpload:
    """Put the content of a checked upload into the store, before the unit of work that mentions it."""
    stored_name = current_app.extensions["ucc.store"].put(upload)
    return StoredUpload(stored_name, upload.kind.mime_type, upload.sha256, upload.size, upload.name)
