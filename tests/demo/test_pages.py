"""Every page of the demonstration city answers, for everybody."""

from __future__ import annotations

import re

import pytest

from tests.demo.walking import VISITOR, kind_of, signed_in

pytestmark = pytest.mark.timeout(900)  # whoever is first makes the city, and walks through hundreds of pages
EVERYBODY = [VISITOR, "resident", "delegate", "coordinator", "clerk", "evaluator"]
LEAST_KINDS = {VISITOR: 18, "resident": 22, "delegate": 22, "coordinator": 36, "clerk": 24, "evaluator": 24}


@pytest.mark.parametrize("who", EVERYBODY, ids=str)
def test_every_link_leads_to_a_page(pages_of, who):
    found = pages_of(who)
    assert {path: status for path, status in found.items() if status not in (200, 302, 303)} == {}
    assert len({kind_of(path) for path in found}) >= LEAST_KINDS[who]


def test_home_tells_what_else_is_under_way_and_leads_there(city):
    page = city.test_client().get("/?", headers={"Cookie": "ucc_language=fa"}).text
    section = page[page.index("هنر در محله") :]
    vote = re.search(r'href="(/p/\w+/votes)"', section)
    assert vote is not None
    assert "شصت میلیارد ریال برای هنر در محله‌ها" in city.test_client().get(vote[1]).text
    assert "پاتوق جوانان" in section
    assert "سه کارگاه نخست" in section
    assert "سال نخست پس از نام‌گذاری" not in page


def test_menus_lead_to_the_open_vote_from_everywhere(city):
    visitor, resident = signed_in(city, VISITOR), signed_in(city, "resident")
    vote = re.search(r'href="(/p/\w+/votes)"', visitor.get("/stakeholders").text)
    assert vote is not None
    assert "شصت میلیارد ریال" in visitor.get(vote[1]).text
    of_visitor, of_resident = (each.get("/stakeholders").text.count(vote[1]) for each in (visitor, resident))
    assert of_resident > of_visitor, "the account's menu has it too"
