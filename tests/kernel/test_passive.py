"""Documents that act when they are opened are refused; plain ones are not."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from ucc_participate.kernel.files import Kind, Upload, UploadRefused
from ucc_participate.kernel.passive import require_passive


def pdf(change: Any = None) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    if change is not None:
        change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def upload(kind: Kind, data: bytes) -> Upload:
    return Upload("a", kind, data, "0" * 64)


def named_script(writer: PdfWriter) -> None:
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x")})
    names = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("a"), script])})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): names})


def launch(writer: PdfWriter) -> None:
    action = {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)


def script_of_a_link(writer: PdfWriter) -> None:
    action = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x")})
    link = DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): action})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(link)])


def page_action(writer: PdfWriter) -> None:
    writer.pages[0][NameObject("/AA")] = DictionaryObject()


def nowhere_named(writer: PdfWriter) -> None:
    writer._add_object(DictionaryObject({NameObject("/S"): NameObject("/SubmitForm")}))


@pytest.mark.parametrize(
    "change",
    [
        named_script,
        lambda writer: writer.add_attachment("a.exe", b"MZ"),
        launch,
        script_of_a_link,
        page_action,
        nowhere_named,
    ],
)
def test_a_pdf_that_acts_is_refused(change):
    with pytest.raises(UploadRefused, match="scripts, actions or other files"):
        require_passive(upload(Kind.PDF, pdf(change)))


def packed(hidden: bytes) -> bytes:
    """A PDF whose object 5 lies in a compressed stream of objects, as most programs write them today."""
    inner = b"5 0 " + hidden
    stream = zlib.compress(inner)
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[<</Subtype/Link/A 5 0 R>>]>>",
        4: b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    }
    data, places = b"%PDF-1.7\n", {}
    for number, content in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = [(0, 0, 255), *((1, places[number], 0) for number in objects), (2, 4, 0), (1, len(data), 0)]
    table = b"".join(
        kind.to_bytes(1, "big") + at.to_bytes(3, "big") + last.to_bytes(1, "big") for kind, at, last in rows
    )
    head = b"<</Type/XRef/Size 7/W[1 3 1]/Root 1 0 R/Length %d>>" % len(table)
    start = len(data)
    return data + b"6 0 obj\n%sstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % (head, table, start)


def test_a_script_inside_a_compressed_stream_of_objects_is_found():
    acting, plain = packed(b"<</S/JavaScript/JS(app.alert)>>"), packed(b"<</S/URI/URI(https://x.example)>>")
    assert b"/JavaScript" not in acting
    require_passive(upload(Kind.PDF, plain))
    with pytest.raises(UploadRefused, match="scripts"):
        require_passive(upload(Kind.PDF, acting))


def test_a_pdf_that_is_locked_or_broken_is_refused():
    locked = pdf(lambda writer: writer.encrypt("secret"))
    for data in (locked, b"%PDF-1.7\nrubbish", pdf()[:200]):
        with pytest.raises(UploadRefused, match="cannot be read"):
            require_passive(upload(Kind.PDF, data))


def test_plain_documents_are_taken():
    require_passive(upload(Kind.PDF, pdf()))
    require_passive(upload(Kind.DOCX, word()))
    require_passive(upload(Kind.WEBP, b"whatever"))


def word(**parts: bytes | str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return target.getvalue()


RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{to}" '
    'TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    "parts",
    [
        {"word__vbaProject_dot_bin": b"x"},
        {"word__embeddings__oleObject1_dot_bin": b"x"},
        {"word__activeX__activeX1_dot_xml": b"x"},
        {"word___rels__settings_dot_xml_dot_rels": RELATION.format(kind="attachedTemplate", to="https://x.example/t")},
        {"word___rels__more_dot_xml_dot_rels": RELATION.format(kind="image", to="https://x.example/pixel.png")},
        {"word___rels__more_dot_xml_dot_rels": RELATION.format(kind="hyperlink", to="file:///etc/passwd")},
        {"word___rels__more_dot_xml_dot_rels": "<!DOCTYPE x><Relationships/>"},
        {"word___rels__more_dot_xml_dot_rels": "no xml"},
    ],
)
def test_a_word_document_that_acts_or_fetches_is_refused(parts):
    with pytest.raises(UploadRefused):
        require_passive(upload(Kind.DOCX, word(**parts)))


def test_links_that_a_reader_follows_by_hand_may_lead_outside():
    link = RELATION.format(kind="hyperlink", to="https://x.example/")
    require_passive(upload(Kind.DOCX, word(word___rels__more_dot_xml_dot_rels=link)))
