"""Two people at the proposals behind one initiative: what either has typed or added is still there."""

from __future__ import annotations

import pytest

from tests.plan.builders import change
from tests.plan.test_initiative_pages import hidden
from tests.plan.test_small_faults import desk, home
from tests.plan.test_whole import city, initiatives, now
from ucc_participate.plan import operations
from ucc_participate.plan.models import Beginnings

__all__ = ["city", "desk", "home", "now"]


@pytest.fixture
def two(read, city):
    """The initiative and the proposals behind it."""
    made = initiatives(read, city[0])[0]
    return made, [source.proposal.public_id for source in made.sources]


def test_words_on_a_proposal_that_somebody_took_out_meanwhile_are_kept(desk, home, perform, read, city, two):
    (made, (one, other)), (process, leila, later) = two, city
    address = f"{home}/initiatives/{made.public_id}/beginnings"
    seen = hidden(desk.get(address).text)
    told = Beginnings({other: ""})
    change(perform, process, made, operations.revise_initiative, told, actor=leila, now=later)
    typed = {"seen": seen, f"keep_{one}": "y", f"how_{one}": "The looms", f"keep_{other}": "y", f"how_{other}": ""}
    late = desk.post(address, data=typed)
    assert late.status_code == 409
    assert "The looms" in late.text
    again = desk.post(address, data=typed | {"seen": hidden(late.text)})
    assert again.status_code == 303
    sources = {each.proposal.public_id: each.how for each in initiatives(read, process)[0].sources}
    assert sources == {one: "The looms", other: ""}


def test_a_proposal_that_somebody_put_behind_it_meanwhile_stays_ticked(desk, home, perform, read, city, two):
    (made, (one, other)), (process, leila, later) = two, city
    alone = Beginnings({one: ""})
    change(perform, process, made, operations.revise_initiative, alone, actor=leila, now=later)
    address = f"{home}/initiatives/{made.public_id}/beginnings"
    seen = hidden(desk.get(address).text)
    both = Beginnings({one: "", other: "The evenings"})
    change(perform, process, made, operations.revise_initiative, both, actor=leila, now=later)
    late = desk.post(address, data={"seen": seen, f"keep_{one}": "y", f"how_{one}": "The looms"})
    assert late.status_code == 409
    box = late.text.partition(f'name="keep_{other}"')[0].rpartition("<input")[2]
    box += late.text.partition(f'name="keep_{other}"')[2].partition(">")[0]
    assert "checked" in box
    assert late.text.count("The evenings") == 2
