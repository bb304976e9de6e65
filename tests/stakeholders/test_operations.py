"""Changes of the register: the row that follows and the entry that tells of it, without a name of a person in it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.accounts.making import CITY, acting
from tests.stakeholders.making import (
    ACTORS,
    POTTERS,
    details,
    make_account,
    make_delegate,
    make_organisation,
    told,
)
from ucc_participate.accounts.models import Account
from ucc_participate.accounts.operations import erase_account
from ucc_participate.accounts.personal_data import everything_about
from ucc_participate.audit import drift, log
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.stakeholders import operations, queries
from ucc_participate.stakeholders.models import CountsAs
from ucc_participate.vocabularies.uccn import Sector


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def entries(app):
    """``entries(organisation)``: what the log tells of it, oldest first."""
    return lambda organisation: told(app, subject=organisation.ref)


def test_an_organisation_is_registered_and_told_without_its_contact(perform, read, now, entries):
    clerk = ACTORS["clerk"]
    made = perform(lambda s: operations.register_organisation(s, POTTERS, actor=clerk, now=now))
    found = read(lambda s: queries.get_organisation(s, made.public_id))
    assert (found.name, found.contact_email, found.folded) == (
        "Potters’ Guild",
        "mina@potters.example",
        "potters’ guild",
    )
    [entry] = entries(made)
    assert (entry.values["type"], entry.values["process"]) == ("organisation.registered", None)
    assert entry.payload == {
        "name": "Potters’ Guild",
        "sector": "private",
        "subtype": "guild_chamber",
        "creative_fields": ["crafts"],
        "tags": [],
        "size": None,
        "is_womens_group": False,
        "is_youth_group": False,
        "identified_by": "The chamber of guilds named it",
        "ballot_confirmations": 1,
    }
    assert "Mina" not in json.dumps(entry.values)


@pytest.mark.parametrize(
    ("changes", "field"), [({"subtype": "university"}, "subtype"), ({"identified_by": ""}, "identified_by")]
)
def test_what_does_not_fit_is_refused_and_leaves_nothing(perform, read, now, changes, field):
    with pytest.raises(Invalid) as fault:
        perform(lambda s: operations.register_organisation(s, replace(POTTERS, **changes), actor=CITY, now=now))
    assert fault.value.field == field
    assert read(queries.count_organisations).total == 0


def test_a_revision_replaces_and_is_found_under_the_new_name(perform, read, now, entries):
    made = make_organisation(perform, "Weavers", now=now)
    new = details("كانون بافندگان", is_womens_group=True)

    def revise(session):
        found = queries.organisation_to_change(session, made.public_id)
        operations.revise_organisation(session, found, new, actor=CITY, now=now)

    perform(revise)
    wanted = queries.RegisterFilter(text="کانون")
    [found] = read(lambda s: queries.list_organisations(s, wanted)).organisations
    assert found.public_id == made.public_id
    assert [entry.values["type"] for entry in entries(made)] == ["organisation.registered", "organisation.revised"]
    assert entries(made)[-1].payload["is_womens_group"] is True


@pytest.mark.parametrize("name", ["visitor", "resident", "delegate", "evaluator"])
def test_nobody_but_staff_changes_the_register(perform, read, now, name):
    with pytest.raises(Forbidden):
        perform(lambda s: operations.register_organisation(s, POTTERS, actor=ACTORS[name], now=now))
    assert read(queries.count_organisations).total == 0


def test_a_mandate_lets_an_account_act_and_the_log_names_nobody(app, perform, read, now, entries):
    organisation = make_organisation(perform, "Weavers", now=now)
    account = make_account(perform, "sara@weavers.example", now=now)
    make_delegate(perform, organisation, account, now=now)
    with app.app_context():
        facts = app.extensions["ucc.actor_facts"][0](account.id, now)
    assert facts["delegations"] == frozenset({organisation.public_id})
    assert {role.value for role in facts["roles"]} == {"delegate"}
    last = entries(organisation)[-1]
    assert (last.values["type"], last.values["schema"], last.payload) == ("delegate.granted", "ucc.delegate/1", {})


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [(0, None, True), (-5, 0, True), (0, 0, True), (-5, -1, False), (1, None, False), (1, 5, False)],
)
def test_a_mandate_holds_from_its_first_to_its_last_day(perform, read, now, starts, ends, holds):
    organisation = make_organisation(perform, "Weavers", now=now)
    account = make_account(perform, "sara@weavers.example", now=now)
    today = now.date()
    ends_on = None if ends is None else today + timedelta(days=ends)
    delegate = make_delegate(
        perform, organisation, account, now=now, starts_on=today + timedelta(days=starts), ends_on=ends_on
    )
    found = read(lambda s: queries.delegations(s, account.id, now=now, today=today))
    assert bool(found) is holds
    assert delegate.is_current(now, today) is holds


def test_a_withdrawn_mandate_ends_at_once_and_its_row_stays(perform, read, now, entries):
    organisation = make_organisation(perform, "Weavers", now=now)
    account = make_account(perform, "sara@weavers.example", now=now)
    delegate = make_delegate(perform, organisation, account, now=now)

    def revoke(session):
        found = queries.delegate_to_change(session, organisation, delegate.public_id)
        operations.revoke_delegate(session, organisation, found, actor=ACTORS["clerk"], now=now)

    perform(revoke)
    assert read(lambda s: queries.delegations(s, account.id, now=now, today=now.date())) == frozenset()
    [row] = read(lambda s: queries.list_delegates(s, organisation))
    assert (row.revoked_by, row.revoked_at, row.mandate) == (ACTORS["clerk"].key, now, "Decision of its board")
    assert entries(organisation)[-1].values["type"] == "delegate.revoked"
    with pytest.raises(Conflict):
        perform(revoke)


def test_erasing_a_person_ends_their_mandates_and_what_was_written_of_them(app, perform, read, now, entries):
    organisation = make_organisation(perform, "Weavers", now=now)
    account = make_account(perform, "sara@weavers.example", now=now)
    make_delegate(perform, organisation, account, now=now, mandate="Letter that names Sara")

    def erase(session):
        found = session.get(Account, account.id)
        erasers = app.extensions["ucc.erasers"]
        erase_account(session, found, erasers=erasers, actor=acting(account), now=now)

    perform(erase)
    assert read(lambda s: queries.delegations(s, account.id, now=now, today=now.date())) == frozenset()
    [row] = read(lambda s: queries.list_delegates(s, organisation))
    assert (row.mandate, row.revoked_at) == ("", now)
    assert entries(organisation)[-1].values["type"] == "delegate.revoked"


def test_a_person_can_read_for_whom_they_speak(app, perform, now):
    organisation = make_organisation(perform, "Weavers", now=now)
    account = make_account(perform, "sara@weavers.example", now=now)
    make_delegate(perform, organisation, account, now=now)
    with app.app_context():
        [mandate] = everything_about(account, now=now)["mandates"]
    assert (mandate["organisation"], mandate["starts_on"]) == ("Weavers", "2026-03-21")


def test_a_mandate_needs_an_account_and_days_in_order(perform, read, now):
    organisation = make_organisation(perform, "Weavers", now=now)
    account = make_account(perform, "sara@weavers.example", now=now)
    with pytest.raises(Invalid) as nobody:
        make_delegate(perform, organisation, None, now=now)  # type: ignore[arg-type]
    assert nobody.value.field == "email"
    with pytest.raises(Invalid) as backwards:
        make_delegate(perform, organisation, account, now=now, ends_on=now.date() - timedelta(days=1))
    assert backwards.value.field == "ends_on"
    assert read(lambda s: queries.list_delegates(s, organisation)) == []


def test_a_delegate_cannot_name_another(perform, now):
    organisation = make_organisation(perform, "Weavers", now=now)
    account = make_account(perform, "sara@weavers.example", now=now)
    mandate = {"mandate": "Mine", "starts_on": now.date(), "ends_on": None, "actor": acting(account), "now": now}
    with pytest.raises(Forbidden):
        perform(lambda s: operations.grant_delegate(s, organisation, account, **mandate))


def test_a_row_changed_behind_the_door_is_named(app, perform, now):
    made = make_organisation(perform, "Weavers", now=now)
    with app.app_context():
        log.sequence(db.engine)
        assert drift.check(db.session()) == []
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE organisation SET sector = 'private'")
        [fault] = drift.check(db.session())
        db.session.rollback()
    assert fault.startswith(f"{made.ref}: sector is not what entry")


def test_sectors_have_kinds_of_their_own(perform, now):
    for sector in Sector:
        make_organisation(perform, f"One of {sector}", sector, now=now)


def test_women_and_youth_follow_from_the_words_and_words_from_the_list(perform, read, now, entries):
    tags = ("women_led", "youth_group")
    made = make_organisation(perform, "Young weavers", now=now, tags=tags)
    found = read(lambda s: queries.get_organisation(s, made.public_id))
    assert (found.tags, found.is_womens_group, found.is_youth_group) == (tags, True, True)
    assert entries(made)[-1].payload["tags"] == list(tags)
    with pytest.raises(Invalid) as fault:
        make_organisation(perform, "Weavers", now=now, tags=("made_up",))
    assert fault.value.field == "tags"


def test_a_new_word_is_told_and_agrees_with_the_log(app, perform, read, now):
    coordinator = ACTORS["coordinator"]
    title = {"en": "Girls’ club"}
    made = perform(lambda s: operations.add_tag(s, title=title, counts_as=CountsAs.WOMEN, actor=coordinator, now=now))
    [entry] = told(app, subject=made.ref)
    assert (entry.type, entry.values["process"]) == ("organisation_tag.added", None)
    assert entry.payload == {"title": title, "counts_as": "women"}
    with app.app_context():
        assert drift.check(db.session()) == []
    with pytest.raises(Forbidden):
        perform(lambda s: operations.add_tag(s, title=title, counts_as=None, actor=ACTORS["clerk"], now=now))
