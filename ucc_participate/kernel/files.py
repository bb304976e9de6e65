"""Uploads: told by their content, cleaned of what pictures give away, kept by their hash, served without harm."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote

import puremagic
from flask import Response, send_file
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from PIL import Image, ImageOps, UnidentifiedImageError

from .errors import Invalid
from .identity import new_public_id
from .text import clean_line

MOST_PIXELS: Final = 40_000_000
LONGEST_SIDE: Final = 2400
_MOST_UNPACKED = 200_000_000
_MOST_PARTS = 5_000
_CHUNK = 1 << 20
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


class Kind(Enum):
    """What may be uploaded: value = name ending; ``mime_type`` is what is served."""

    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"
    DOCX = "docx"

    @property
    def mime_type(self) -> str:
        return _MIME_TYPES[self]

    @property
    def is_image(self) -> bool:
        return self in IMAGES


_MIME_TYPES: Final[Mapping[Kind, str]] = {
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.WEBP: "image/webp",
    Kind.PDF: "application/pdf",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
KIND_OF: Final[Mapping[str, Kind]] = {mime_type: kind for kind, mime_type in _MIME_TYPES.items()}
IMAGES: Final = (Kind.JPEG, Kind.PNG, Kind.WEBP)
DOCUMENTS: Final = (Kind.PDF, Kind.DOCX)


class UploadRefused(Invalid):
    """The file cannot be taken; the reason says what to do."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A checked file. Pictures have become WebP, so ``data`` need not be what was sent; ``sha256`` is of ``data``."""

    name: str
    kind: Kind
    data: bytes
    sha256: str

    @property
    def size(self) -> int:
        return len(self.data)


def check_upload(stream: BinaryIO, *, name: str, kinds: Collection[Kind], max_bytes: int) -> Upload:
    """Read, recognise and clean a file; what its sender called it decides nothing. Raises UploadRefused."""
    data = _read(stream, max_bytes)
    kind = recognise(data)
    if kind is None or kind not in kinds:
        raise UploadRefused(
            _l("This kind of file cannot be taken. Choose one of these: %(kinds)s.", kinds=_names(kinds))
        )
    if kind.is_image:
        kind, data = Kind.WEBP, _as_webp(data, kind)
    return Upload(_file_name(name, kind), kind, data, hashlib.sha256(data).hexdigest())


def recognise(data: bytes) -> Kind | None:
    """The kind that the content shows, None when it is none of ours."""
    try:
        mime_types = {match.mime_type for match in puremagic.magic_string(data)}
    except (ValueError, puremagic.PureError):
        return None
    kind = next((kind for kind in Kind if kind.mime_type in mime_types), None)
    if kind is Kind.DOCX:
        return kind if _is_word_document(data) else None
    return kind


class Store:
    """Files by the hash of their content, in folders of two letters. The same content is kept once.

    ``put`` answers a random public name for addresses; which name means which content is the caller's to record.
    Files are written before the transaction that mentions them commits: ``sweep`` removes those nobody mentions.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, upload: Upload) -> str:
        """Keep the content and answer a new public name such as ``k3x9…m.pdf`` (100 random bits)."""
        path = self.path(upload.sha256)
        if not path.exists():
            _write_whole(path, upload.data)
        return f"{new_public_id(20)}.{upload.kind.value}"

    def path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not a SHA-256 in hex")
        return self.folder / sha256[:2] / sha256

    def read(self, sha256: str) -> bytes:
        return self.path(sha256).read_bytes()

    def erase(self, sha256: str) -> None:
        """Remove the content; nothing happens when it is gone already."""
        self.path(sha256).unlink(missing_ok=True)

    def damaged(self) -> list[str]:
        """Hashes of the files whose content is no longer what it was."""
        return [path.name for path in self._files() if _hash_of(path) != path.name]

    def sweep(self, mentioned: Collection[str], *, older_than: float) -> int:
        """Remove files that nobody mentions and that were written before ``older_than`` (Unix seconds)."""
        stray = [p for p in self._files() if p.name not in mentioned and p.stat().st_mtime < older_than]
        for path in stray:
            path.unlink(missing_ok=True)
        return len(stray)

    def _files(self) -> list[Path]:
        return [path for path in sorted(self.folder.glob("??/*")) if len(path.name) == 64]


def serving_headers(kind: Kind, name: str) -> dict[str, str]:
    """Headers under which a file can do no harm: pictures are shown, everything else is downloaded."""
    shown = "inline" if kind.is_image else "attachment"
    return {
        "Content-Type": kind.mime_type,
        "Content-Disposition": f"{shown}; filename=\"file.{kind.value}\"; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def serve(store: Store, *, sha256: str, kind: Kind, name: str, is_public: bool) -> Response:
    """The answer with a stored file; ``is_public`` lets shared caches keep it."""
    response = send_file(store.path(sha256), mimetype=kind.mime_type, etag=sha256, conditional=True)
    response.headers.update(serving_headers(kind, name))
    response.headers["Cache-Control"] = f"{'public' if is_public else 'private'}, max-age=3600"
    return response


def _read(stream: BinaryIO, max_bytes: int) -> bytes:
    data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        megabytes = max(1, max_bytes // 1_000_000)
        raise UploadRefused(_l("This file is too large. It may have at most %(most)s MB.", most=megabytes))
    if not data:
        raise UploadRefused(_l("This file is empty. Choose another one."))
    return data


def _is_word_document(data: bytes) -> bool:
    """A ZIP with a Word document in it, without macros, that does not swell when unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    names = {part.filename for part in parts}
    swells = len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED
    has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return {"[Content_Types].xml", "word/document.xml"} <= names and not swells and not has_macros


def _as_webp(data: bytes, kind: Kind) -> bytes:
    """The picture upright, at most LONGEST_SIDE long, without EXIF, place or preview."""
    try:
        with Image.open(io.BytesIO(data), formats=[kind.name]) as image:
            _refuse_too_many_pixels(image)
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _encoded(upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise UploadRefused(_l("This picture cannot be read. Save it again and choose the new file.")) from None


def _encoded(image: Image.Image) -> bytes:
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    plain = image.convert("RGBA" if has_alpha else "RGB")
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    target = io.BytesIO()
    clean.save(target, "WEBP", quality=82, method=4)
    return target.getvalue()


def _refuse_too_many_pixels(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> UploadRefused:
    most = MOST_PIXELS // 1_000_000
    return UploadRefused(_l("This picture has too many pixels. It may have at most %(most)s million.", most=most))


def _names(kinds: Collection[Kind]) -> LazyString:
    return LazyString(lambda: _(", ").join(kind.name for kind in Kind if kind in kinds))


def _file_name(name: str, kind: Kind) -> str:
    """The last part of what the sender called it, cleaned, with the ending of what it is."""
    last = clean_line(name.replace("\\", "/").rpartition("/")[2])
    stem = last.rpartition(".")[0] or last
    return f"{stem.strip('. ')[:100] or 'file'}.{kind.value}"


def _write_whole(path: Path, data: bytes) -> None:
    """Write and flush to disk, then put in place in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as target:
        target.write(data)
        target.flush()
        os.fsync(target.fileno())
    os.replace(name, path)


def _hash_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
