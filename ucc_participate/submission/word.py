"""The dossier as a Word file, right to left where the language is: python-docx has no words for that, the XML has.

Every paragraph and every run says its direction and language itself, so that a piece pasted into an official form
keeps them. The same content gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from ..kernel.i18n import text_direction
from ..kernel.text import strip_bidi
from .blocks import Block

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f][^\u0590-\u08ff\n]*[A-Za-z0-9\u00c0-\u024f/=+)]|[A-Za-z]")
TAGS = {"fa": "fa-IR", "en": "en-GB", "fr": "fr-FR"}
LETTERS, COMPLEX = "Calibri", "Tahoma"
SOFT = RGBColor(0x5C, 0x67, 0x6B)
AFTER_BIDI = (
    *("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents"),
    *("w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl"),
    *("w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange"),
)
"""What the schema puts after ``w:bidi`` in the properties of a paragraph."""


def make(blocks: Iterable[Block], *, title: str, city: str, language: str, seal: Any) -> bytes:
    """``seal``: content.Seal, whose moment dates the file."""
    document = Document()
    _set_up(document, language, title=title, city=city, at=seal.moment)
    _paragraph(document, city, language, style="Subtitle")
    _paragraph(document, title, language, style="Title")
    for block in blocks:
        _add(document, block)
    for line in (seal.citation, seal.url):
        _small(_paragraph(document, line, "en"))
    return _fixed(document)


def _set_up(document: Any, language: str, *, title: str, city: str, at: datetime) -> None:
    told = document.core_properties
    told.title, told.author, told.language = title, city, TAGS[language]
    told.created = told.modified = at.replace(tzinfo=None)
    told.last_modified_by, told.revision = city, 1
    for style in document.styles:
        if hasattr(style, "font") and style.type == 1:
            _fonts(style)
    for section in document.sections:
        section.page_width, section.page_height = Mm(210), Mm(297)
        _number_pages(section.footer.paragraphs[0], language)
        if text_direction(language) == "rtl":
            section._sectPr.append(OxmlElement("w:bidi"))


def _number_pages(paragraph: Any, language: str) -> None:
    """A field that the program counts; in Persian a run of complex letters, whose digits are Persian."""
    is_rtl = text_direction(language) == "rtl"
    if is_rtl:
        paragraph._p.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *AFTER_BIDI)
    for kind in ("begin", "PAGE", "end"):
        run = paragraph.add_run()
        _mark(run, language, is_rtl=is_rtl, is_strong=False)
        part = OxmlElement("w:instrText" if kind == "PAGE" else "w:fldChar")
        if kind == "PAGE":
            part.text = kind
        else:
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)
    _small(paragraph)


def _fonts(style: Any) -> None:
    """Latin and Persian letters each have a font and a size of their own; letters are never spaced, for Persian ones
    hold together, nor slanted."""
    properties = style.element.get_or_add_rPr()
    for name in ("w:spacing", "w:i", "w:iCs"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    fonts = properties.get_or_add_rFonts()
    for name in [key for key in fonts.attrib if key.lower().endswith("theme")]:
        del fonts.attrib[name]
    for name, font in (("ascii", LETTERS), ("hAnsi", LETTERS), ("cs", COMPLEX)):
        fonts.set(qn(f"w:{name}"), font)
    style.font.size = style.font.size or Pt(11)
    for old in properties.findall(qn("w:szCs")):
        properties.remove(old)
    size = OxmlElement("w:szCs")
    size.set(qn("w:val"), str(int(style.font.size.pt * 2)))
    properties.find(qn("w:sz")).addnext(size)


def _add(document: Any, block: Block) -> None:
    if block.kind == "heading":
        _paragraph(document, block.text, block.language, style=f"Heading {block.level}")
    elif block.rows:
        _table(document, block)
    elif block.kind == "note":
        _small(_paragraph(document, block.text, block.language))
    else:
        _paragraph(document, block.text, block.language)


def _table(document: Any, block: Block) -> None:
    table = document.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
    if text_direction(block.language) == "rtl":
        visual = OxmlElement("w:bidiVisual")
        table._tbl.tblPr.find(qn("w:tblStyle")).addnext(visual)
    for at, row in enumerate(block.rows):
        cells = table.add_row().cells
        for place, text in enumerate(row):
            is_head = (at == 0) if block.kind == "table" else (place == 0)
            _write(cells[place].paragraphs[0], text, block.language, is_strong=is_head)
    if block.kind == "table":
        head = table.rows[0]._tr.get_or_add_trPr()
        head.append(OxmlElement("w:tblHeader"))
    document.add_paragraph()


def _paragraph(document: Any, text: str, language: str, *, style: str | None = None) -> Any:
    paragraph = document.add_paragraph(style=style)
    _write(paragraph, text, language)
    return paragraph


def _write(paragraph: Any, text: str, language: str, *, is_strong: bool = False) -> None:
    is_rtl = text_direction(language) == "rtl"
    if is_rtl:
        paragraph._p.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *AFTER_BIDI)
    for piece, is_latin in pieces(strip_bidi(text), is_rtl=is_rtl):
        run = paragraph.add_run(piece)
        run.bold = is_strong or None
        _mark(run, "en" if is_latin and is_rtl else language, is_rtl=is_rtl and not is_latin, is_strong=is_strong)


def pieces(text: str, *, is_rtl: bool) -> Iterator[tuple[str, bool]]:
    """The text cut where Latin begins and ends, with whether it is Latin; left-to-right text in one piece."""
    if not is_rtl:
        yield text, True
        return
    end = 0
    for found in LATIN.finditer(text):
        if found.start() > end:
            yield text[end : found.start()], False
        yield found.group(), True
        end = found.end()
    if end < len(text):
        yield text[end:], False


def _mark(run: Any, language: str, *, is_rtl: bool, is_strong: bool) -> None:
    """Bold and direction of complex letters, and the language, in the order of the schema."""
    properties = run._r.get_or_add_rPr()
    if is_strong and is_rtl:
        bold = properties.find(qn("w:b"))
        bold.addnext(OxmlElement("w:bCs"))
    if is_rtl:
        properties.append(OxmlElement("w:rtl"))
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:bidi" if is_rtl else "w:val"), TAGS[language])
    properties.append(spoken)


def _small(paragraph: Any) -> None:
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(9), SOFT
        size = OxmlElement("w:szCs")
        size.set(qn("w:val"), "18")
        run._r.rPr.find(qn("w:sz")).addnext(size)


def _fixed(document: Any) -> bytes:
    """The file packed anew: sorted as it was, every member dated alike."""
    first, second = io.BytesIO(), io.BytesIO()
    document.save(first)
    with zipfile.ZipFile(first) as made, zipfile.ZipFile(second, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in made.namelist():
            info = zipfile.ZipInfo(name, FIXED_TIME)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            packed.writestr(info, made.read(name))
    return second.getvalue()
