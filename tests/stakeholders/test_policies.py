"""Who may do what with the register."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from tests.stakeholders.making import ACTORS
from ucc_participate.kernel.decision import Denied
from ucc_participate.kernel.errors import Conflict
from ucc_participate.stakeholders import policies
from ucc_participate.stakeholders.models import Delegate, Organisation, RegisterImport
from ucc_participate.vocabularies.uccn import Sector

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
        policies.can_merge(actor, organisation, now=NOW),
        policies.can_bring(actor, RegisterImport, now=NOW),
        policies.can_carry_out(actor, RegisterImport(), now=NOW),
        policies.can_fetch_contacts(actor, Organisation, now=NOW),
    ]
    assert {bool(decision) for decision in decisions} == {name in STAFF}


def test_a_mandate_is_withdrawn_once():
    delegate = Delegate(starts_on=date(2026, 1, 1), revoked_at=NOW)
    decision = policies.can_revoke(ACTORS["clerk"], delegate, now=NOW)
    assert isinstance(decision, Denied)
    assert decision.error is Conflict


@pytest.mark.parametrize("name", ACTORS)
def test_a_merged_entry_is_changed_by_nobody_and_staff_is_told_why(name):
    merged = Organisation(merged_into_id=1)
    for ask in (policies.can_revise, policies.can_merge, policies.can_grant):
        decision = ask(ACTORS[name], merged, now=NOW)
        assert isinstance(decision, Denied)
        assert (decision.error is Conflict) == (name in STAFF)


@pytest.mark.parametrize("name", ACTORS)
def test_a_table_is_taken_in_once(name):
    decision = policies.can_carry_out(ACTORS[name], RegisterImport(done_at=NOW), now=NOW)
    assert isinstance(decision, Denied)
    assert (decision.error is Conflict) == (name in STAFF)


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        (("a", Sector.PUBLIC), ("b", Sector.PUBLIC), True),
        (("a", Sector.PUBLIC), ("a", Sector.PUBLIC), False),
        (("a", Sector.PUBLIC), ("b", Sector.PRIVATE), False),
    ],
    ids=["two of one sector", "one entry", "two sectors"],
)
def test_only_two_entries_of_one_sector_can_be_one_organisation(one, other, may):
    entries = [Organisation(public_id=public_id, sector=sector) for public_id, sector in (one, other)]
    assert bool(policies.can_be_one(*entries)) is may
