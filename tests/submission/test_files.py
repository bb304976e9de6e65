"""What is handed in: text by field, TXT, DOCX with its direction, PDF, plan, and the whole with the record."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from tests.stakeholders.making import CITY, staff_browser
from tests.submission.making import PERSIAN, freeze, plan_of_two
from ucc_participate.dossier.models import Dossier
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import NotFound
from ucc_participate.kernel.identity import Role
from ucc_participate.record import verify
from ucc_participate.submission import exporting, files, queries
from ucc_participate.submission.word import pieces


@pytest.fixture
def handed(app, perform, made, leila, now):
    """``handed(is_whole=True)``: the frozen dossier with a plan, within an application context."""
    with_plan(perform, made, now)
    freeze(app, perform, made, actor=leila, now=now)

    def make(*, is_whole=True):
        exporting.renew()
        return exporting.at_newest_checkpoint(found(made), is_whole=is_whole)

    with app.app_context():
        yield make


def with_plan(perform, made, now):
    perform(lambda session: plan_of_two(session, made[0], now))


def found(made) -> Dossier:
    dossier = queries.find_dossier(db.session(), made[0], None)
    assert dossier is not None
    return dossier


def made_file(handed_in, name):
    return files.make(handed_in, name, exporting.words(handed_in))


def test_the_text_file_holds_every_field_in_the_order_of_the_form(handed):
    text = made_file(handed(), "dossier.en.txt").decode("utf-8-sig")
    places = [text.index(f"{known}. Section {known}") for known in "12345"]
    assert places == sorted(places)
    assert "First we asked.\r\n\r\nThen we listened." in text
    assert "mayor@city.example" in text
    assert handed().seal.citation in text


def test_the_edition_for_everybody_says_of_nobody_how_they_are_reached(handed):
    open_edition = handed(is_whole=False)
    for name in ("dossier.en.txt", "dossier.json"):
        assert "mayor@city.example" not in made_file(open_edition, name).decode()
    paragraphs = [each.text for each in Document(io.BytesIO(made_file(open_edition, "dossier.en.docx"))).paragraphs]
    assert not any("mayor@" in text for text in paragraphs)
    assert "How people are reached stands in the edition that is handed in." in paragraphs


def test_a_text_file_says_when_it_is_a_draft_and_what_is_left_out_of_it(app, handed, made):
    assert "A draft: this dossier is not frozen yet" not in made_file(handed(), "dossier.en.txt").decode()
    open_edition = made_file(handed(is_whole=False), "dossier.en.txt").decode()
    assert "How people are reached stands in the edition that is handed in." in open_edition


def test_word_files_run_right_to_left_where_the_language_does(handed):
    document = Document(io.BytesIO(made_file(handed(), "dossier.fa.docx")))
    texts = {paragraph.text: paragraph for paragraph in document.paragraphs}
    asked: Any = texts["نخست پرسیدیم: UCCN 2027 چیست؟"]
    assert asked._p.pPr.find(qn("w:bidi")) is not None
    directions = {run.text: run._r.rPr.find(qn("w:rtl")) is not None for run in asked.runs}
    assert directions == {"نخست پرسیدیم: ": True, "UCCN 2027": False, " چیست؟": True}
    spoken = {run.text: run._r.rPr.find(qn("w:lang")).attrib for run in asked.runs}
    assert spoken["UCCN 2027"] == {qn("w:val"): "en-GB"}
    assert spoken[" چیست؟"] == {qn("w:bidi"): "fa-IR"}
    assert all(section._sectPr.find(qn("w:bidi")) is not None for section in document.sections)
    assert document.core_properties.language == "fa-IR"
    assert PERSIAN.split("\n\n")[1] in texts


def test_an_english_word_file_has_no_direction_of_persian(handed):
    with zipfile.ZipFile(io.BytesIO(made_file(handed(), "dossier.en.docx"))) as packed:
        body = packed.read("word/document.xml").decode()
    assert "<w:bidi/>" not in body
    assert "<w:rtl/>" not in body
    assert "Then we listened." in body


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("سلام", [("سلام", False)]),
        ("UNESCO", [("UNESCO", True)]),
        ("شهر Łódź 2022 و بس", [("شهر ", False), ("Łódź 2022", True), (" و بس", False)]),
        ("۱۲ نفر", [("۱۲ نفر", False)]),
        ("", []),
    ],
)
def test_runs_are_cut_where_latin_begins_and_ends(text, cut):
    assert list(pieces(text, is_rtl=True)) == cut
    assert "".join(piece for piece, _is_latin in pieces(text, is_rtl=True)) == text


def test_the_plan_is_a_table_that_no_spreadsheet_takes_for_formulas_and_the_same_in_json(handed):
    handed_in = handed()
    rows = list(csv.DictReader(io.StringIO(made_file(handed_in, "plan.csv").decode("utf-8-sig"))))
    assert [row["level"] for row in rows] == ["local", "international"]
    assert rows[0]["cost"] == "4500000000"
    assert rows[0]["title_en"] == "'=Open looms, open doors"
    told = json.loads(made_file(handed_in, "plan.json"))
    assert told["initiatives"]["init2341"]["title"]["en"] == "=Open looms, open doors"
    assert told["initiatives"]["init2341"]["indicators"][0]["target"] == "12.5"


def test_every_file_is_the_same_bytes_when_it_is_made_again(handed):
    first, second = handed(), handed()
    assert first.digest() == second.digest()
    for name in files.names(first):
        assert made_file(first, name) == made_file(second, name), name


def test_pdfs_are_tagged_and_archivable_and_hold_what_was_written(handed):
    for name in ("dossier.fa.pdf", "plan.en.pdf"):
        pdf = made_file(handed(), name)
        assert pdf.startswith(b"%PDF-")
        assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
        assert b"<pdfaid:part>3</pdfaid:part>" in pdf


@pytest.mark.parametrize("name", ["../secret", "dossier.de.txt", "plan.en.docx", "dossier.zip.txt", "dossier", ""])
def test_there_are_no_other_files(handed, name):
    with pytest.raises(NotFound):
        made_file(handed(), name)


def test_the_whole_dossier_can_be_checked_with_its_record(app, handed, made, tmp_path):
    exporting.renew()
    path = exporting.package_of(found(made), is_whole=True, actor=CITY)
    first = path.read_bytes()
    path.unlink()
    assert exporting.package_of(found(made), is_whole=True, actor=CITY).read_bytes() == first
    with zipfile.ZipFile(io.BytesIO(first)) as bag:
        names = set(bag.namelist())
        manifest = bag.read("manifest-sha256.txt").decode().splitlines()
        for line in manifest:
            digest, name = line.split("  ")
            assert hashlib.sha256(bag.read(name)).hexdigest() == digest
        assert {line.split("  ")[1] for line in manifest} == {name for name in names if name.startswith("data/")}
        (tmp_path / "record.zip").write_bytes(bag.read("data/record/record.zip"))
        citation = bag.read("data/record/citation.txt").decode().splitlines()
        assert bag.read("data/dossier/fields/fa/2.txt").decode() == PERSIAN
        assert b"<svg" in bag.read("data/record/qr.svg")
    with zipfile.ZipFile(tmp_path / "record.zip") as inner:
        told = json.loads(inner.read("data/record.json"))
        vkey = told["vkey"]
    assert citation == [told["citation"], told["url"]]
    command = [sys.executable, verify.__file__, str(tmp_path / "record.zip"), "--vkey", vkey]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_desk_gives_every_text_to_be_copied_and_the_preview_is_what_evaluators_see(
    app, perform, made, now, count_queries
):
    browser = staff_browser(app, perform, Role.COORDINATOR, now=now)
    here = f"/staff/processes/{made[0].public_id}/submission"
    page = browser.get(f"{here}?language=en").text
    for text in ("Sepidrud", "First we asked.\n\nThen we listened.", "mayor@city.example"):
        assert text in page
    assert page.count("data-copy=") >= 7
    preview = browser.get(f"{here}/preview?language=en").text
    assert "Then we listened." in preview
    assert "mayor@city.example" not in preview
    sent = browser.get(f"{here}/files/dossier.en.txt")
    assert (sent.status_code, sent.headers["Cache-Control"]) == (200, "private, no-store")
    assert "mayor@city.example" in sent.text
    sent.close()
    assert browser.get(f"{here}/files/dossier.de.txt").status_code == 404
    assert browser.get(f"{here}?dossier=nobody23").status_code == 404
    assert count_queries(lambda: browser.get(here)) <= 25


def test_a_visitor_takes_the_open_edition_away(app, perform, made, leila, now):
    freeze(app, perform, made, actor=leila, now=now)
    address = f"/p/{made[0].public_id}/application/files/dossier.en.txt"
    sent = app.test_client().get(address)
    assert (sent.status_code, "Then we listened." in sent.text, "mayor@" in sent.text) == (200, True, False)
    sent.close()
    shelf = {path.name for path in (Path(app.instance_path) / exporting.SHELF).iterdir()}
    assert len(shelf) == 1


def test_word_files_are_of_the_paper_of_the_country_with_their_pages_numbered(handed):
    document = Document(io.BytesIO(made_file(handed(), "dossier.fa.docx")))
    section: Any = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    footer = section.footer.paragraphs[0]._p
    assert [each.text for each in footer.iter(qn("w:instrText"))] == ["PAGE"]
    assert footer.pPr.find(qn("w:bidi")) is not None


def test_no_style_of_a_word_file_pulls_persian_letters_apart_or_slants_them(handed):
    document = Document(io.BytesIO(made_file(handed(), "dossier.fa.docx")))
    for name in ("Title", "Subtitle", "Heading 1", "Normal"):
        properties = document.styles[name].element.rPr
        assert [properties.find(qn(each)) for each in ("w:spacing", "w:i", "w:iCs")] == [None, None, None]
        fonts = properties.find(qn("w:rFonts"))
        assert fonts.get(qn("w:cs")) == "Tahoma"
        assert fonts.get(qn("w:cstheme")) is None


def test_every_page_but_the_cover_has_its_number(handed):
    cover, *pages = PdfReader(io.BytesIO(made_file(handed(), "dossier.en.pdf"))).pages
    assert "Form of 2027" in cover.extract_text()
    for at, page in enumerate(pages, 1):
        assert page.extract_text().rstrip().endswith(str(at))
