"""Documents that everybody can download must not act when they are opened: no scripts, no programs, nothing fetched."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final
from xml.etree import ElementTree

from flask_babel import lazy_gettext as _l
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from .files import Kind, Upload, UploadRefused

MOST_OBJECTS: Final = 100_000
MOST_DEPTH: Final = 40
_ACTIONS: Final = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/Rendition",
        "/RichMediaExecute",
        "/Movie",
        "/Sound",
    }
)
_KEYS: Final = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA", "/AA"})
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_PROGRAMS = re.compile(r"vbaproject|vbadata|activex|/embeddings/|oleobject|\.(?:bin|exe|dll|js|vbs)$", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def require_passive(upload: Upload) -> None:
    """Raises UploadRefused for a PDF or Word document that holds programs, other files or calls to the outside."""
    if upload.kind is Kind.PDF:
        _require_passive_pdf(upload.data)
    elif upload.kind is Kind.DOCX:
        _require_passive_word(upload.data)


def _require_passive_pdf(data: bytes) -> None:
    unreadable = UploadRefused(_l("This PDF cannot be read. Save it once more as PDF, without a password."))
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted or not len(reader.pages):
            raise unreadable
        acts = any(_acts(thing) for thing in _objects(reader))
    except UploadRefused:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, RecursionError):
        raise unreadable from None
    if acts:
        raise UploadRefused(
            _l("This PDF holds scripts, actions or other files. Print it into a new PDF and choose that one.")
        )


def _objects(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary of the file, also those that nothing refers to."""
    numbers = {(generation, number) for generation, known in reader.xref.items() for number in known}
    numbers |= {(0, number) for number in reader.xref_objStm}
    if len(numbers) > MOST_OBJECTS:
        raise ValueError("too many objects")
    yield from _within(reader.trailer, 0)
    for generation, number in sorted(numbers):
        if number:
            yield from _within(reader.get_object(IndirectObject(number, generation, reader)), 0)


def _within(thing: Any, depth: int) -> Iterator[DictionaryObject]:
    if depth > MOST_DEPTH:
        raise ValueError("too deep")
    if isinstance(thing, DictionaryObject):
        yield thing
        for value in thing.values():
            yield from _within(value, depth + 1)
    elif isinstance(thing, ArrayObject):
        for value in thing:
            yield from _within(value, depth + 1)


def _acts(thing: DictionaryObject) -> bool:
    if not _KEYS.isdisjoint(thing.keys()):
        return True
    kind, subtype = thing.raw_get("/S") if "/S" in thing else None, thing.get("/Subtype")
    return (isinstance(kind, NameObject) and kind in _ACTIONS) or subtype in ("/FileAttachment", "/RichMedia", "/Movie")


def _require_passive_word(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if any(_PROGRAMS.search(part.filename) for part in parts):
            raise UploadRefused(
                _l("This Word document holds programs or other files. Save it without them, or as PDF.")
            )
        for part in parts:
            if part.filename.lower().endswith(".rels"):
                _require_inner_targets(archive.read(part))
        kinds = archive.read("[Content_Types].xml")
    if b"macroEnabled" in kinds:
        raise UploadRefused(_l("This Word document holds programs or other files. Save it without them, or as PDF."))


def _require_inner_targets(relations: bytes) -> None:
    """Links that a reader follows by hand may lead outside; what Word fetches by itself may not."""
    refused = UploadRefused(_l("This Word document fetches something from outside when it is opened. Save it as PDF."))
    try:
        if _DOCTYPE.search(relations):
            raise refused
        root = ElementTree.fromstring(relations)  # noqa: S314  # no entities: a DOCTYPE was just refused
    except ElementTree.ParseError:
        raise refused from None
    for relation in root.iter(_RELATION):
        is_outside = relation.get("TargetMode", "").lower() == "external"
        is_link = relation.get("Type", "").endswith("/hyperlink") and _LINK.match(relation.get("Target", ""))
        if is_outside and not is_link:
            raise refused
