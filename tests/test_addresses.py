"""Whatever is typed into an address breaks nothing; on every database, which have limits of their own."""

from __future__ import annotations

import pytest

from tests.processes.making import make_process
from tests.stakeholders.making import staff_browser
from tests.test_access import address, rules
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.models import ProcessState


@pytest.fixture
def process_id(perform, clock):
    return make_process(perform, clock.now(), ProcessState.OPEN).public_id


@pytest.fixture
def coordinator(app, perform, clock):
    return staff_browser(app, perform, Role.COORDINATOR, now=clock.now())


@pytest.mark.parametrize("number", [10**30, -1, 2**63, 2**31, 0])
def test_numbers_that_nothing_has_lead_nowhere_and_break_nothing(app, coordinator, process_id, number):
    """Places in lists come in addresses: before, after, and whatever else is a number."""
    for rule, _method in rules(app, "GET"):
        query = {"before": number, "after": number, "page": number}
        answer = coordinator.get(address(app, rule, process_id), query_string=query)
        answer.close()
        assert answer.status_code < 500, rule
    assert app.test_client().get(f"/log/proof/{abs(number)}.tlog-proof").status_code in (200, 404)


def test_what_is_not_utf_8_or_not_text_in_an_address_breaks_nothing(app, coordinator, process_id):
    for rule, _method in rules(app, "GET"):
        for query in ("after=%FF%FE&before=%E2%80%AE", "q=%ED%A0%80&state=%00", "after=" + "x" * 5000):
            answer = coordinator.get(f"{address(app, rule, process_id)}?{query}")
            answer.close()
            assert answer.status_code < 500, (rule, query)
