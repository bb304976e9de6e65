"""What a vote has chosen, fixed as a version of the plan: through merges, once, with what no initiative carries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.plan.builders import SETTINGS, change_plan
from tests.plan.test_whole import city, consult, initiatives, now, plan_in
from tests.processes.making import make_process
from tests.proposals.making import person, submit
from tests.stakeholders.making import drift_faults, staff_browser
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Conflict, NotFound
from ucc_participate.kernel.identity import Role, new_public_id
from ucc_participate.plan import lineage, operations, queries
from ucc_participate.plan.models import Stage
from ucc_participate.plan.versions import hash_of
from ucc_participate.processes.models import ProcessState
from ucc_participate.proposals.models import Consent, LineageKind, ProposalLineage
from ucc_participate.voting.models import Franchise, Vote, VoteOption, VoteState
from ucc_participate.voting.queries import get_vote

__all__ = ["city", "now"]


@pytest.fixture
def ballot(app, perform, read, city):
    """Three proposals on a ballot: one behind the first initiative, one that was merged into it, one in none."""
    process, _leila, later = city
    _account, sara = person(perform, "Sara Rad", now=later)
    behind = initiatives(read, process)[0].sources[0].proposal
    merged, lone = (submit(perform, process, sara, now=later - timedelta(days=1), title=each) for each in MORE)
    edge = ProposalLineage(
        source_id=merged.id, result_id=behind.id, kind=LineageKind.MERGE, at=later, by="Leila", reason="The same",
        consent=Consent.AGREED,
    )  # fmt: skip
    put(app, lambda session: session.add(edge))
    return [behind, merged, lone]


MORE = ("Looms in the old bath house", "A fair of pots at the river")


def put(app, work) -> Any:
    """Write rows as they are after other rooms have done their work."""
    with app.app_context(), Session(db.engine, expire_on_commit=False) as session:
        done = work(session)
        session.commit()
    return done


def counted(app, process, proposals, chosen, *, later) -> Any:
    """A vote over these proposals that is closed and has chosen those at these places."""

    def work(session: Any) -> str:
        vote = Vote(
            public_id=new_public_id(), process_id=process.id, title={"en": "Which ideas first?"},
            franchise=Franchise.INDIVIDUAL, rules={"ballot": "approval"}, rules_sha256="0" * 64,
            status=VoteState.CLOSED,
            opens_at=later - timedelta(days=2), closes_at=later - timedelta(days=1), created_at=later,
            result={"winners": [str(at) for at in chosen]},
        )  # fmt: skip
        vote.options = [
            VoteOption(position=at, code=str(at), title=each.title, proposal_id=each.id, proposal_ref=each.ref)
            for at, each in enumerate(proposals)
        ]
        session.add(vote)
        session.flush()
        return vote.public_id

    return put(app, work)


def fix(perform, city, vote_id, **facts):
    process, leila, later = city

    def work(session: Any, plan: Any, **by: Any) -> Any:
        return operations.fix_voted(session, plan, get_vote(session, vote_id), **by, **facts)

    return change_plan(perform, process, work, actor=leila, now=later)


def test_what_was_chosen_is_carried_through_merges_and_the_rest_is_named(app, perform, read, city, ballot):
    consult(perform, city)
    vote = counted(app, city[0], ballot, (1, 2), later=city[2])
    version = fix(perform, city, vote)
    told = version.content["vote"]
    assert (version.stage, version.number, list(version.content["initiatives"])) == (
        Stage.VOTED, 2, [initiatives(read, city[0])[0].public_id],
    )  # fmt: skip
    assert (told["chosen"], told["not_carried"]) == ([ballot[1].ref, ballot[2].ref], [ballot[2].ref])
    assert version.sha256 == hash_of(version.content)
    seen = read(lambda session: lineage.voted_in(session, plan_in(session, city[0])))
    assert [credit.proposal.ref for credit in seen[2].left] == [ballot[2].ref]
    assert not [fault for fault in drift_faults(app) if "plan" in fault]


def test_the_same_is_fixed_once_and_again_when_the_plan_has_changed(app, perform, read, city, ballot):
    process, leila, later = city
    consult(perform, city)
    vote = counted(app, process, ballot, (0,), later=later)
    fix(perform, city, vote)
    with pytest.raises(Conflict):
        fix(perform, city, vote)
    told = replace(SETTINGS, vision={"en": "Looms in every quarter"})
    change_plan(perform, process, operations.revise_plan, told, actor=leila, now=later)
    assert fix(perform, city, vote).number == 3


def test_nothing_is_fixed_where_no_initiative_carries_what_was_chosen(app, perform, read, city, ballot):
    process, _leila, later = city
    consult(perform, city)
    with pytest.raises(Conflict):
        fix(perform, city, counted(app, process, ballot, (2,), later=later))
    with pytest.raises(Conflict):
        fix(perform, city, counted(app, process, ballot, (), later=later))
    kept = read(lambda session: queries.versions_of(session, plan_in(session, process)))
    assert [each.number for each in kept] == [1]


def test_a_draft_that_nobody_knows_and_a_vote_of_another_process_are_refused(app, perform, city, ballot):
    process, _leila, later = city
    vote = counted(app, process, ballot, (0,), later=later)
    with pytest.raises(Conflict):
        fix(perform, city, vote)
    consult(perform, city)

    def work(session: Any) -> None:
        get_vote(session, vote).process_id = other.id

    other = make_process(perform, later, ProcessState.PUBLISHED)
    put(app, work)
    with pytest.raises(NotFound):
        fix(perform, city, vote)


def test_the_desk_offers_what_has_chosen_and_the_versions_say_what_it_chose(app, client, perform, clock, city, ballot):
    process, _leila, later = city
    consult(perform, city)
    counted(app, process, ballot, (), later=later)
    vote = counted(app, process, ballot, (1, 2), later=later)
    desk = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    home = f"/staff/processes/{process.public_id}/plan"
    page = desk.get(f"{home}?lang=en").text
    assert page.count("/plan/voted/") == 1
    assert desk.post(f"{home}/voted/{vote}").location.endswith("/plan/versions")
    assert "already" in desk.get(desk.post(f"{home}/voted/{vote}?lang=en").location).text
    versions = client.get(f"/p/{process.public_id}/plan/versions?lang=en").text
    assert "Which ideas first?" in versions
    assert "1 of them was in no initiative" in versions
    assert MORE[1] in versions
