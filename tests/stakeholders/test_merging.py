"""Two entries that are one organisation: what moves, what stays as it was written, and who is counted."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.outreach import making as outreach
from tests.processes.making import change, close, invite_organisations, make_process
from tests.stakeholders.making import (
    ACTORS,
    CITY,
    POTTERS,
    drift_faults,
    make_account,
    make_delegate,
    make_organisation,
    told,
)
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.outreach.models import InvitationCode
from ucc_participate.outreach.queries import StageFilter, count_stages, list_stages
from ucc_participate.processes import invitations
from ucc_participate.processes.models import Invitation, InvitationState, ProcessState
from ucc_participate.processes.queries import (
    get_process,
    list_invitations,
    presence_of_stakeholders,
)
from ucc_participate.representation.queries import organisation_stages
from ucc_participate.stakeholders import operations, queries
from ucc_participate.stakeholders.likeness import Likely, pairs
from ucc_participate.stakeholders.models import NominationOutcome, Organisation
from ucc_participate.stakeholders.operations import Nominated
from ucc_participate.vocabularies.uccn import Sector

REASON = "Both are the guild at 5 Bazaar street"


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def merge(app: Flask, perform):
    """``merge(merged, survivor)`` as a clerk does it, with every part that the product has."""

    def run(merged, survivor, *, now, actor=ACTORS["clerk"], reason=REASON):
        parts = app.extensions["ucc.merge_parts"]

        def work(session):
            both = queries.organisations_to_merge(session, merged.public_id, survivor.public_id)
            return operations.merge_organisations(session, *both, reason=reason, parts=parts, actor=actor, now=now)

        return perform(work)

    return run


@pytest.fixture
def two(perform, now):
    """The same guild twice: the one that goes, the one that stays."""
    return make_organisation(perform, "Guild of potters", now=now), make_organisation(
        perform, "Potters’ guild", now=now
    )


def entry(read, organisation) -> Organisation:
    return read(lambda s: queries.get_organisation(s, organisation.public_id))


def test_a_merge_names_both_and_its_reason_and_keeps_what_the_merged_entry_said(app, merge, read, two, now):
    merged, survivor = two
    merge(merged, survivor, now=now)
    gone = entry(read, merged)
    assert (gone.name, gone.merged_into_id) == ("Guild of potters", survivor.id)
    [registered, event] = told(app, subject=merged.ref)
    assert event.type == "organisation.merged"
    assert event.payload == registered.payload | {"merged_into": survivor.ref, "reason": REASON}
    assert (event.values["process"], event.values["role"]) == (None, "clerk")
    assert [each.type for each in told(app, subject=survivor.ref)] == ["organisation.registered"]
    assert drift_faults(app) == []


def test_the_register_lists_and_counts_the_survivor_once(merge, read, two, now):
    merge(*two, now=now)
    listed = read(lambda s: queries.list_organisations(s, queries.RegisterFilter())).organisations
    assert [each.name for each in listed] == ["Potters’ guild"]
    assert read(queries.count_organisations).total == 1
    assert [each.name for each in read(lambda s: queries.similar_organisations(s, "potters"))] == ["Potters’ guild"]
    assert read(lambda s: queries.registered_as(s, "guild of potters")).public_id == two[1].public_id


def test_mandates_and_contact_data_move_and_nothing_private_stays_behind(perform, merge, read, two, now):
    _, survivor = two
    known = perform(lambda s: operations.register_organisation(s, POTTERS, actor=CITY, now=now))
    bare = make_organisation(perform, "Pottery guild", Sector.PRIVATE, now=now, contact_phone="013-7")
    sara = make_account(perform, "sara@example.org", now=now)
    make_delegate(perform, known, sara, now=now)
    merge(known, bare, now=now)
    gone, stays = entry(read, known), entry(read, bare)
    assert (gone.contact_name, gone.contact_email, gone.contact_phone, gone.note) == (None,) * 4
    assert (stays.contact_name, stays.contact_email, stays.contact_phone) == (
        "Mina Rahimi",
        "mina@potters.example",
        "013-7",
    )
    assert stays.note == "013-4242\nCall in the morning"
    acting = read(lambda s: queries.delegations(s, sara.id, now=now, today=now.date()))
    assert acting == {bare.public_id}
    assert survivor.public_id not in acting


def test_a_chain_of_merges_leads_straight_to_the_last(app, perform, merge, read, client, two, now):
    first, second = two
    third = make_organisation(perform, "Potters of the city", now=now)
    merge(first, second, now=now)
    merge(second, third, now=now)
    assert {entry(read, each).merged_into_id for each in two} == {third.id}
    for gone in two:
        page = client.get(f"/stakeholders/{gone.public_id}")
        assert page.status_code == 200
        assert f"/stakeholders/{third.public_id}" in page.text
        assert REASON in page.text
    assert [each.merged.name for each in read(lambda s: queries.merged_into(s, third))] == [
        "Potters’ guild",
        "Guild of potters",
    ]
    assert drift_faults(app) == []


def test_an_entry_is_not_merged_with_itself_nor_twice_nor_across_sectors(app, perform, merge, two, now):
    merged, survivor = two
    other = make_organisation(perform, "Potters Ltd", Sector.PRIVATE, now=now)
    with pytest.raises(Conflict, match="one entry"):
        merge(merged, merged, now=now)
    with pytest.raises(Conflict, match="different sectors"):
        merge(merged, other, now=now)
    with pytest.raises(Invalid, match="reason"):
        merge(merged, survivor, now=now, reason="")
    merge(merged, survivor, now=now)
    with pytest.raises(Conflict):
        merge(merged, survivor, now=now)
    with pytest.raises(Conflict):
        merge(survivor, merged, now=now)
    assert len(told(app, subject=merged.ref)) == 2
    assert len(told(app, subject=survivor.ref)) == 1


def test_a_merged_entry_takes_no_revision_and_no_delegate(perform, merge, two, now):
    merge(*two, now=now)
    sara = make_account(perform, "sara@example.org", now=now)

    def revise(session):
        found = queries.organisation_to_change(session, two[0].public_id)
        operations.revise_organisation(session, found, POTTERS, actor=CITY, now=now)

    def name_delegate(session):
        found = queries.organisation_to_change(session, two[0].public_id)
        operations.grant_delegate(
            session, found, sara, mandate="m", starts_on=now.date(), ends_on=None, actor=CITY, now=now
        )

    for work in (revise, name_delegate):
        with pytest.raises(Conflict, match="merged into another"):
            perform(work)


def keep_apart(perform, one, other, *, now, actor=ACTORS["clerk"]):
    def work(session):
        both = queries.organisations_to_merge(session, one.public_id, other.public_id)
        operations.keep_apart(session, *both, actor=actor, now=now)

    perform(work)


def test_two_that_only_look_alike_are_not_shown_again_and_the_log_says_so(app, perform, read, two, now):
    third = make_organisation(perform, "Guild of potters", now=now)
    one, other = two
    before = read(queries.list_pairs).total
    keep_apart(perform, other, one, now=now)
    keep_apart(perform, one, other, now=now)
    left = read(queries.list_pairs)
    assert left.total == before - 1
    assert {one.public_id, other.public_id} not in [pair.ids for pair in left.pairs]
    assert any(third.public_id in pair.ids for pair in left.pairs)
    [entry] = [each for each in told(app, subject=other.ref) if each.type == "organisation.kept_apart"]
    assert entry.payload == {"other": one.ref}
    assert drift_faults(app) == []


@pytest.mark.parametrize("who", ["visitor", "resident", "delegate", "evaluator"])
def test_only_staff_keeps_two_apart_and_nobody_one_from_itself(perform, read, two, now, who):
    before = read(queries.list_pairs).total
    with pytest.raises(Forbidden):
        keep_apart(perform, *two, now=now, actor=ACTORS[who])
    with pytest.raises(Conflict):
        keep_apart(perform, two[0], two[0], now=now)
    assert read(queries.list_pairs).total == before


@pytest.mark.parametrize("who", ["visitor", "resident", "delegate", "evaluator"])
def test_only_staff_merges(app, merge, read, two, now, who):
    with pytest.raises(Forbidden):
        merge(*two, now=now, actor=ACTORS[who])
    assert entry(read, two[0]).merged_into_id is None
    assert len(told(app, subject=two[0].ref)) == 1


def invite(perform, process, *organisations, now, said=None):
    for each in organisations:
        change(perform, process, invite_organisations, [each], now=now)
        if said is not None:
            change(perform, process, answer, each, said=said, now=now)


def answer(session, process, organisation, *, said, actor, now):
    of_it = (Invitation.process_id == process.id, Invitation.organisation_id == organisation.id)
    invitation = session.scalars(select(Invitation).where(*of_it)).one()
    invitations.take_answer(session, invitation, process, organisation, answer=said, through=None, actor=actor, now=now)


def board(read, process):
    def counts(session):
        found = get_process(session, process.public_id, actor=CITY)
        rows = presence_of_stakeholders(session, found)
        [row] = [row for row in rows if row.group == "sector:civil_society"]
        return row.invited, row.answered, row.declined

    return read(counts)


def funnel(read, process):
    stages = read(lambda s: organisation_stages(s, get_process(s, process.public_id, actor=CITY)))
    return {stage.stage: stage.cells[-1].of for stage in stages if stage.cells[-1].of}


def test_the_survivor_is_invited_in_place_of_the_merged_entry(app, perform, merge, read, two, now):
    process = make_process(perform, now, ProcessState.OPEN)
    invite(perform, process, two[0], now=now, said=InvitationState.ANSWERED)
    merge(*two, now=now)
    listed = read(lambda s: list_invitations(s, get_process(s, process.public_id, actor=CITY)))
    assert [(each.organisation.name, each.status) for each in listed] == [("Potters’ guild", InvitationState.ANSWERED)]
    entries = told(app, subject=f"{process.ref}/{two[1].ref}")
    assert [each.type for each in entries] == ["stakeholder.invited", "stakeholder.answered"]
    last = told(app, subject=f"{process.ref}/{two[0].ref}")[-1]
    assert (last.type, last.payload["merged_into"]) == ("stakeholder.merged", two[1].ref)
    assert board(read, process) == (1, 1, 0)
    assert funnel(read, process) == {"invited": 1, "answered": 1, "present": 1}
    assert drift_faults(app) == []


def test_of_two_invitations_the_last_answer_holds_and_both_count_once(app, perform, merge, read, two, now):
    process = make_process(perform, now, ProcessState.OPEN)
    invite(perform, process, two[1], now=now, said=InvitationState.DECLINED)
    invite(perform, process, two[0], now=now + timedelta(days=1), said=InvitationState.ANSWERED)
    assert board(read, process) == (2, 1, 1)
    merge(*two, now=now + timedelta(days=2))
    assert board(read, process) == (1, 1, 0)
    assert funnel(read, process)["invited"] == 1
    assert drift_faults(app) == []


def test_letters_of_the_merged_entry_open_the_invitation_of_the_survivor(app, perform, merge, read, two, now):
    process = make_process(perform, now, ProcessState.OPEN)
    outreach.invite(perform, process, two[:1], now=now)
    merge(*two, now=now)

    def opened(session):
        rows = select(Organisation.name).join(Invitation).join(InvitationCode)
        return session.scalars(rows).all()

    assert read(opened) == ["Potters’ guild"]
    page = read(lambda s: list_stages(s, get_process(s, process.public_id), StageFilter(), beyond={}, now=now))
    assert [each.organisation.name for each in page.rows] == ["Potters’ guild"]
    assert read(lambda s: count_stages(s, get_process(s, process.public_id), beyond={}))["invited"] == 1
    assert drift_faults(app) == []


def test_a_closed_process_keeps_its_entries_and_counts_the_survivor(app, perform, merge, read, two, now):
    process = make_process(perform, now, ProcessState.OPEN)
    invite(perform, process, *two, now=now, said=InvitationState.ANSWERED)
    close(perform, process, now=now + timedelta(days=60))
    before = len(told(app, process=process.ref))
    merge(*two, now=now + timedelta(days=61))
    assert len(told(app, process=process.ref)) == before
    assert board(read, process) == (1, 1, 0)
    assert funnel(read, process)["answered"] == 1
    assert drift_faults(app) == []


def test_nominations_lead_on_and_naming_the_old_name_finds_the_survivor(app, perform, merge, read, two, now):
    merged, survivor = two

    perform(lambda s: name_and_answer(s, merged, now))
    merge(merged, survivor, now=now)
    assert len(read(lambda s: queries.nominations_of(s, survivor))) == 1
    with pytest.raises(Invalid, match="in the register already"):
        perform(lambda s: nominate(s, "Guild of potters", now))
    assert drift_faults(app) == []


def nominate(session, name, now, key="again"):
    said = Nominated(name=name, sector=Sector.CIVIL_SOCIETY, why="They fire", contact=None, idempotency_key=key)
    return operations.nominate(session, said, actor=ACTORS["visitor"], now=now)


def name_and_answer(session, organisation, now):
    nomination = nominate(session, "Potters", now, key="first")
    meant = session.get_one(Organisation, organisation.id)
    facts = {"outcome": NominationOutcome.KNOWN, "reason": "It is there", "organisation": meant}
    operations.answer_nomination(session, nomination, **facts, actor=CITY, now=now)


# --- what looks alike ---------------------------------------------------------------------------------------------


def likely(name, sector=Sector.CIVIL_SOCIETY, website=None, mail=None):
    return Likely(name, name, sector, website, mail)


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (likely("كتابخانهٔ شهر"), likely("کتابخانه شهر", Sector.PUBLIC), ("name",)),
        (likely("چاپ‌خانهٔ سنگی"), likely("چاپخانه سنگی"), ("name",)),
        (likely("Weavers of Rasht"), likely("Weaver of Rasht"), ("near",)),
        (likely("Weavers of Rasht"), likely("Weavors of Rasht"), ("near",)),
        (likely("بافندگان گیلان"), likely("انجمن بافندگان گیلان"), ("words",)),
        (likely("Rasht weavers association"), likely("Weavers of Rasht"), ()),
        (likely("Weavers association of Rasht"), likely("Rasht, weavers"), ("words",)),
        (
            likely("Loom", website="https://www.loom.example/fa"),
            likely("Tar", website="http://loom.example"),
            ("website",),
        ),
        (likely("Loom", mail="Office@loom.example"), likely("Tar", mail="office@loom.example"), ("email",)),
        (likely("Loom", website="https://instagram.com/loom"), likely("Tar", website="https://instagram.com/tar"), ()),
        (likely("Loom", website="https://[loom"), likely("Tar", website="https://[loom"), ()),
        (likely("School no. 12"), likely("School no. 13"), ()),
        (likely("Weavers of Rasht"), likely("Weaver of Rasht", Sector.PRIVATE), ()),
        (likely("Association of weavers"), likely("Company of weavers"), ()),
        (likely("Loom"), likely("Looms of the north"), ()),
    ],
    ids=lambda value: value.name if isinstance(value, Likely) else None,
)
def test_entries_look_alike_for_a_reason_or_not_at_all(one, other, reasons):
    for ordered in ([one, other], [other, one]):
        assert [pair.reasons for pair in pairs(ordered)] == ([reasons] if reasons else [])


def test_a_website_that_many_share_belongs_to_a_platform():
    many = [likely(f"Choir {'abcdefghijklmnop'[at] * 6}", website="https://choirs.example") for at in range(16)]
    assert len(pairs(many[:5])) == 10
    assert len(pairs(many)) == 78


def test_the_surest_pairs_come_first_and_pages_follow_by_key(perform, read, now):
    for name in ("Weavers of Rasht", "Weaver of Rasht", "Bakers of Rasht", "bakers of rasht"):
        make_organisation(perform, name, now=now)
    first = read(lambda s: queries.list_pairs(s, limit=1))
    assert (first.total, [pair.reasons for pair in first.pairs]) == (2, [("name",)])
    second = read(lambda s: queries.list_pairs(s, after=first.after, limit=1))
    assert ([pair.reasons for pair in second.pairs], second.after) == ([("near",)], None)


def test_two_clerks_who_merge_the_same_two_at_once_merge_them_once(app, merge, read, two, now):
    one, other = two
    outcomes = []

    def press(merged, survivor):
        try:
            merge(merged, survivor, now=now)
            outcomes.append("done")
        except Conflict:
            outcomes.append("refused")

    clerks = [threading.Thread(target=press, args=pair) for pair in ((one, other), (other, one))]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert sorted(entry(read, each).is_merged for each in two) == [False, True]
    assert drift_faults(app) == []
