from __future__ import annotations

import hashlib
import io
import struct
import warnings
import zipfile
import zlib
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from ucc_participate.kernel import files
from ucc_participate.kernel.files import DOCUMENTS, IMAGES, Kind, Store, Upload, UploadRefused, check_upload

ALL = tuple(Kind)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, form, **options)
    return target.getvalue()


def archive(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def word(**more: bytes) -> bytes:
    return archive(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>", **more})


def check(data: bytes, name: str = "file", kinds: tuple[Kind, ...] = ALL, max_bytes: int = 1_000_000) -> Upload:
    return check_upload(io.BytesIO(data), name=name, kinds=kinds, max_bytes=max_bytes)


def declared_png(width: int, height: int) -> bytes:
    """A tiny PNG that claims to be huge."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + png_chunk(b"IDAT", zlib.compress(b"\0")) + png_chunk(b"IEND", b"")


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture("JPEG"), Kind.JPEG),
        (picture("PNG"), Kind.PNG),
        (picture("WEBP"), Kind.WEBP),
        (PDF, Kind.PDF),
        (word(), Kind.DOCX),
        (picture("GIF"), None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", None),
        (b"<!DOCTYPE html><html></html>", None),
        (archive(**{"a.txt": b"x"}), None),
        (archive(**{"[Content_Types].xml": b"x", "xl/workbook.xml": b"x"}), None),
        (word(**{"word/vbaProject.bin": b"macro"}), None),
        (b"PK\x03\x04 broken", None),
        (b"MZ\x90\x00", None),
        (b"hello", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_content_says(data: bytes, kind: Kind | None) -> None:
    assert files.recognise(data) is kind


def test_a_page_that_calls_itself_a_picture_is_refused_with_what_can_be_taken() -> None:
    with pytest.raises(UploadRefused) as refusal:
        check(b"<!DOCTYPE html><script>alert(1)</script>", name="cat.jpg", kinds=IMAGES)
    assert str(refusal.value.reason) == "This kind of file cannot be taken. Choose one of these: JPEG, PNG, WEBP."


def test_a_kind_that_is_known_but_not_wanted_is_refused() -> None:
    with pytest.raises(UploadRefused, match="PDF, DOCX"):
        check(picture(), kinds=DOCUMENTS)


@pytest.mark.parametrize(("data", "words"), [(b"", "empty"), (PDF + b"x" * 1_000_000, "at most 1 MB")])
def test_too_little_and_too_much_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(UploadRefused, match=words):
        check(data)


def test_no_more_than_the_limit_is_read() -> None:
    stream = io.BytesIO(PDF + b"x" * 10_000_000)
    with pytest.raises(UploadRefused):
        check_upload(stream, name="x", kinds=ALL, max_bytes=1000)
    assert stream.tell() == 1001


def test_a_document_is_kept_byte_for_byte() -> None:
    upload = check(PDF, name="C:\\plans\\طرح\u202e نهایی.exe")
    assert upload.data == PDF
    assert upload.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (upload.name, upload.kind, upload.size) == ("طرح نهایی.pdf", Kind.PDF, len(PDF))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("a" * 300 + ".pdf", "a" * 100 + ".pdf"),
    ],
)
def test_names_lose_their_folders_and_lies(name: str, kept: str) -> None:
    assert check(PDF, name=name).name == kept


def test_a_picture_loses_its_place_and_its_maker_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "Maker of the camera"
    exif.get_ifd(0x8825)[1] = "N"
    upload = check(picture("JPEG", (40, 20), exif=exif), name="garden.JPG")
    assert upload.kind is Kind.WEBP
    assert upload.name == "garden.webp"
    with Image.open(io.BytesIO(upload.data)) as image:
        assert image.size == (20, 40)
        assert not image.getexif()
        assert "exif" not in image.info
    assert b"Maker of the camera" not in upload.data


def test_a_large_picture_is_made_smaller_and_a_clear_one_stays_clear() -> None:
    with Image.open(io.BytesIO(check(picture("PNG", (4800, 100))).data)) as image:
        assert image.size == (files.LONGEST_SIDE, 50)
    target = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(target, "PNG")
    with Image.open(io.BytesIO(check(target.getvalue()).data)) as image:
        assert image.mode == "RGBA"


@pytest.mark.parametrize("side", [7_000, 60_000])
def test_a_picture_that_would_swell_is_refused(side: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as on a server, where Pillow's warning stops nothing
        with pytest.raises(UploadRefused, match="at most 40 million"):
            check(declared_png(side, side))


@pytest.mark.parametrize("data", [picture("PNG")[:60], picture("JPEG")[:200], declared_png(10, 10)])
def test_a_broken_picture_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(UploadRefused, match="cannot be read"):
        check(data)


def test_a_document_that_would_swell_is_refused() -> None:
    with pytest.raises(UploadRefused, match="kind of file"):
        check(word(**{"word/media.bin": b"\0" * 201_000_000}))


# The store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "uploads")


def test_the_same_content_is_kept_once_under_names_that_tell_nothing(store: Store) -> None:
    upload = check(PDF)
    names = {store.put(upload), store.put(upload)}
    assert len(names) == 2
    assert all(name.endswith(".pdf") and len(name) == 24 for name in names)
    assert store.read(upload.sha256) == PDF
    assert len([path for path in store.folder.rglob("*") if path.is_file()]) == 1


def test_a_changed_file_is_noticed(store: Store) -> None:
    upload = check(PDF)
    store.put(upload)
    assert store.damaged() == []
    store.path(upload.sha256).write_bytes(b"other")
    assert store.damaged() == [upload.sha256]


def test_erased_and_unmentioned_files_go(store: Store) -> None:
    kept, stray, erased = (check(PDF + bytes([letter])) for letter in b"abc")
    for upload in (kept, stray, erased):
        store.put(upload)
    store.erase(erased.sha256)
    store.erase(erased.sha256)
    written = store.path(stray.sha256).stat().st_mtime
    assert store.sweep({kept.sha256}, older_than=written - 10) == 0
    assert store.sweep({kept.sha256}, older_than=written + 10) == 1
    assert store.read(kept.sha256)
    assert not store.path(stray.sha256).exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", "A" * 64, "ab", "g" * 64])
def test_only_hashes_lead_to_files(store: Store, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        store.path(name)


def test_files_are_served_so_that_they_do_no_harm(store: Store) -> None:
    upload = check(PDF, name="طرح.pdf")
    store.put(upload)
    with Flask("site").test_request_context("/"):
        response = files.serve(store, sha256=upload.sha256, kind=upload.kind, name=upload.name, is_public=False)
        response.direct_passthrough = False
        assert response.data == PDF
        response.close()
    headers = response.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''%D8%B7%D8%B1%D8%AD.pdf" in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "private, max-age=3600"
    assert response.get_etag()[0] == upload.sha256


def test_a_file_that_the_reader_has_is_not_sent_again(store: Store) -> None:
    upload = check(PDF)
    store.put(upload)
    with Flask("site").test_request_context("/", headers={"If-None-Match": f'"{upload.sha256}"'}):
        response = files.serve(store, sha256=upload.sha256, kind=upload.kind, name=upload.name, is_public=True)
        assert response.status_code == 304
        response.close()


def test_pictures_are_shown_and_not_downloaded() -> None:
    assert files.serving_headers(Kind.WEBP, "a.webp")["Content-Disposition"].startswith("inline;")
