"""Who may do what with the register."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from tests.stakeholders.making import ACTORS
from ucc_participate.kernel.decision import Denied
from ucc_participate.kernel.errors import Conflict
from ucc_participate.stakeholders import policies
from ucc_participate.stakeholders.models import Delegate, Organisation

NOW = datetime(2026, 3, 21, tzinfo=timezone.utc)
STAFF = {"moderator", "clerk", "coordinator", "system"}


@pytest.mark.parametrize("name", ACTORS)
def test_the_register_is_kept_by_staff_and_by_nobody_else(name):
    actor, organisation = ACTORS[name], Organisation()
    decisions = [
        policies.can_register(actor, Organisation, now=NOW),
        policies.can_revise(actor, organisation, now=NOW),
        policies.can_see_contact(actor, organisation, now=NOW),
        policies.can_grant(actor, organisation, now=NOW),
        policies.can_revoke(actor, Delegate(), now=NOW),
    ]
    assert {bool(decision) for decision in decisions} == {name in STAFF}


def test_a_mandate_is_withdrawn_once():
    delegate = Delegate(starts_on=date(2026, 1, 1), revoked_at=NOW)
    decision = policies.can_revoke(ACTORS["clerk"], delegate, now=NOW)
    assert isinstance(decision, Denied)
    assert decision.error is Conflict
