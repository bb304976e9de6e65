"""Who may do what with accounts and roles: every kind of actor against every rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.accounts.making import ACTORS
from tests.conftest import START
from ucc_participate.accounts import policies
from ucc_participate.accounts.models import GRANTABLE_ROLES, Account, RoleGrant
from ucc_participate.kernel.decision import Denied
from ucc_participate.kernel.errors import Conflict, Forbidden, NotFound, SignInNeeded
from ucc_participate.kernel.identity import Actor, Role

COORDINATORS = {"coordinator", "system"}
ANYBODY = pytest.mark.parametrize("who", ACTORS)


def account(**changes: Any) -> Account:
    return Account(**{"id": 5, "display_name": "Sara", "is_active": True, "function": None} | changes)


def owner(*roles: Role) -> Actor:
    return Actor("account:5", 5, frozenset({Role.RESIDENT, *roles}))


def grant(role: Role = Role.CLERK, **changes: Any) -> RoleGrant:
    return RoleGrant(**{"account_id": 5, "role": role, "granted_at": START, "revoked_at": None} | changes)


@ANYBODY
def test_only_coordinators_see_people(who: str) -> None:
    decision = policies.can_see_people(ACTORS[who], Account, now=START)
    assert bool(decision) is (who in COORDINATORS)
    if isinstance(decision, Denied):
        assert decision.error is (SignInNeeded if who == "visitor" else Forbidden)


@ANYBODY
@pytest.mark.parametrize("role", Role)
def test_only_coordinators_give_roles_and_only_those_that_can_be_given(who: str, role: Role) -> None:
    decision = policies.can_grant(ACTORS[who], account(), now=START, role=role)
    assert bool(decision) is (who in COORDINATORS and role in GRANTABLE_ROLES)


def test_a_role_is_not_given_twice_nor_to_a_closed_account() -> None:
    actor, held = ACTORS["coordinator"], frozenset({Role.CLERK})
    twice = policies.can_grant(actor, account(), now=START, role=Role.CLERK, held=held)
    closed = policies.can_grant(actor, account(is_active=False), now=START, role=Role.CLERK)
    assert isinstance(twice, Denied)
    assert isinstance(closed, Denied)
    assert (twice.error, closed.error) == (Conflict, Conflict)


@ANYBODY
@pytest.mark.parametrize("role", GRANTABLE_ROLES)
@pytest.mark.parametrize("coordinators", [1, 2])
def test_the_last_coordinator_stays(who: str, role: Role, coordinators: int) -> None:
    decision = policies.can_revoke(ACTORS[who], grant(role), now=START, coordinators=coordinators)
    keeps_one = role is not Role.COORDINATOR or coordinators > 1
    assert bool(decision) is (who in COORDINATORS and keeps_one)


def test_a_role_ends_once() -> None:
    ended = grant(revoked_at=START + timedelta(hours=1))
    actor = ACTORS["coordinator"]
    assert policies.can_revoke(actor, ended, now=START, coordinators=2)
    assert not policies.can_revoke(actor, ended, now=START + timedelta(hours=1), coordinators=2)


@ANYBODY
def test_nobody_changes_or_erases_the_account_of_another(who: str) -> None:
    erasing = policies.can_erase(ACTORS[who], account(), now=START, is_last_coordinator=False)
    for decision in (
        policies.can_change(ACTORS[who], account(), now=START),
        policies.can_name_function(ACTORS[who], account(), now=START),
        *([] if who == "system" else [erasing]),
    ):
        assert isinstance(decision, Denied)
        assert decision.error is NotFound


def test_people_change_and_erase_their_own_account() -> None:
    assert policies.can_change(owner(), account(), now=START)
    assert policies.can_erase(owner(), account(), now=START, is_last_coordinator=False)
    assert not policies.can_change(owner(), account(is_active=False), now=START)
    assert not policies.can_erase(owner(), account(), now=START, is_last_coordinator=True)


def test_the_clock_erases_what_is_past_its_time_but_neither_the_last_coordinator_nor_twice() -> None:
    system = ACTORS["system"]
    assert policies.can_erase(system, account(), now=START, is_last_coordinator=False)
    assert not policies.can_erase(system, account(), now=START, is_last_coordinator=True)
    assert not policies.can_erase(system, account(is_active=False), now=START, is_last_coordinator=False)


@ANYBODY
def test_only_staff_looks_and_only_the_clock_retains(who: str) -> None:
    actor = ACTORS[who]
    assert bool(policies.can_look(actor, now=START)) is (who in ("system", "coordinator", "clerk", "moderator"))
    assert bool(policies.can_retain(actor, now=START)) is (who == "system")


@pytest.mark.parametrize("role", [*GRANTABLE_ROLES, Role.RESIDENT])
def test_only_officials_name_their_function(role: Role) -> None:
    is_official = role in (Role.COORDINATOR, Role.CLERK, Role.MODERATOR)
    assert bool(policies.can_name_function(owner(role), account(), now=START)) is is_official


@pytest.mark.parametrize(
    ("name", "function", "expected"),
    [
        ("Leila Moradi", "Head of culture", "Leila Moradi, Head of culture"),
        ("لیلا مرادی", "مدیر فرهنگی", "لیلا مرادی، مدیر فرهنگی"),
        ("Sara", None, "Sara"),
    ],
)
def test_officials_are_named_with_their_function(name: str, function: str | None, expected: str) -> None:
    assert account(display_name=name, function=function).official_name == expected
