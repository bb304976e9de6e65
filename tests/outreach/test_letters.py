"""Letters as one PDF: a page each, in the language of each, with a QR code that leads to the invitation."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import segno
from pypdf import PdfReader

from tests.processes.making import make_process
from ucc_participate.kernel.codes import new_code
from ucc_participate.outreach.letters import letters
from ucc_participate.outreach.operations import Slip
from ucc_participate.processes.models import ProcessState


@pytest.fixture
def process(perform, clock):
    return make_process(perform, clock.now(), ProcessState.PUBLISHED)


def made(app, process, slips, **how) -> PdfReader:
    with app.app_context():
        pdf = letters(
            process,
            slips,
            city=app.extensions["ucc.settings"].city,
            address=lambda code: f"https://city.example/i/{code}",
            short_address="city.example/i",
            today=date(2026, 3, 21),
            expires_on=date(2026, 4, 20),
            **{"contact": ""} | how,
        )
    return PdfReader(io.BytesIO(pdf))


def test_a_page_for_each_in_its_own_language(app, process):
    slips = [
        Slip("a", "انجمن بافندگان", "زهرا", "fa", new_code()),
        Slip("b", "Weavers", "Zahra", "en", new_code()),
        Slip("c", "Tisserands", "", "fr", new_code()),
    ]
    pages = [page.extract_text() for page in made(app, process, slips).pages]
    assert len(pages) == 3
    for page, slip in zip(pages, slips, strict=True):
        assert slip.code in page.replace(" ", "")
        assert "city.example/i" in page
    assert ("Weavers" in pages[1], "21 March 2026" in pages[1], "20 April 2026" in pages[1]) == (True, True, True)
    assert "۱۴۰۵" in pages[0] or "۵۰۴۱" in pages[0]
    assert ("Tisserands" in pages[2], "21 mars 2026" in pages[2]) == (True, True)


def test_many_letters_are_set_some_at_a_time_and_joined_in_their_order(app, process):
    slips = [Slip(f"o{number}", f"Group {number:02}", "", "en", new_code()) for number in range(7)]
    pages = [page.extract_text() for page in made(app, process, slips, at_once=3).pages]
    assert len(pages) == len(slips)
    assert all(slip.name in page for page, slip in zip(pages, slips, strict=True))


def test_the_picture_on_the_letter_is_the_code_of_its_address(app, process):
    slip = Slip("b", "Weavers", "Zahra", "en", new_code())
    [page] = made(app, process, [slip]).pages
    [picture] = page.images
    assert picture.image is not None
    grey: Any = picture.image.convert("L")
    modules = [[grey.getpixel((x, y)) < 128 for x in range(grey.width)] for y in range(grey.height)]
    expected = segno.make(f"https://city.example/i/{slip.code}", error="m", boost_error=False).matrix
    assert modules == [[bool(module) for module in row] for row in expected]


def test_the_letter_says_how_to_reach_the_city_without_the_internet(app, process):
    slip = Slip("b", "Weavers", "Zahra", "en", new_code())
    [page] = made(app, process, [slip], contact="Telephone 013 555, Bazaar street").pages
    assert "Telephone 013 555, Bazaar street" in page.extract_text()
    [without] = made(app, process, [slip]).pages
    assert "Telephone" not in without.extract_text()
