"""The demonstration city loads once, shows every phase, and its log and record tell the truth about it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from tests.demo.conftest import TODAY
from tests.demo.walking import signed_in
from ucc_participate.accounts.models import Account, Profile, Sex
from ucc_participate.audit.models import LogEntry
from ucc_participate.demo.people import DELEGATE, RESIDENT
from ucc_participate.kernel.db import db
from ucc_participate.kernel.files import DOCUMENTS, recognise
from ucc_participate.outreach import queries
from ucc_participate.outreach.models import Activity, Following, InvitationBatch, Newsletter, NoteKind
from ucc_participate.processes.models import Invitation, PhaseKind, Process, ProcessState, WayIn
from ucc_participate.processes.policies import missing_requirements
from ucc_participate.processes.queries import current_process, list_uninvited
from ucc_participate.proposals.models import Outcome, Proposal, ProposalState
from ucc_participate.proposals.queries import counts
from ucc_participate.representation import charts
from ucc_participate.representation.queries import presence
from ucc_participate.stakeholders import queries as register
from ucc_participate.stakeholders.models import NominationOutcome, Organisation
from ucc_participate.voting.models import Ballot, Franchise, OpenBallot, RollEntry, Vote, VoteState

LATIN_DIGIT = re.compile("[0-9]")
ARABIC_LETTER = re.compile("[يك]")


@pytest.fixture
def look(city):
    """``look(query)`` runs ``query(session)`` in the city."""

    def run(query):
        with city.test_request_context():
            return query(db.session())

    return run


def process_titled(session, words):
    processes = session.scalars(select(Process).options(selectinload(Process.phases), selectinload(Process.documents)))
    return next(process for process in processes if words in process.title["en"])


def votes_of(session, process):
    """The first vote of residents and the first of organisations."""
    mine = select(Vote).where(Vote.process_id == process.id).order_by(Vote.id.desc())
    return {vote.franchise: vote for vote in session.scalars(mine.options(selectinload(Vote.options)))}


def test_it_loads_once(city):
    before = city.test_client().get("/log/checkpoint").text
    again = city.test_cli_runner().invoke(args=["demo", "load"])
    assert again.output.splitlines()[-1] == "demo already loaded"
    assert city.test_client().get("/log/checkpoint").text == before


def test_it_says_who_one_can_be_and_what_to_try_first(city):
    lines = city.test_cli_runner().invoke(args=["demo", "load"]).output.splitlines()
    for who in ("resident", "delegate", "coordinator", "clerk", "evaluator"):
        assert any(line.startswith(f"{who}@sepidrud.example") for line in lines)
    assert lines[-2].startswith("First: ")


@pytest.mark.parametrize("command", ["verify", "check"])
def test_the_log_is_whole_and_agrees_with_the_tables(city, command):
    result = city.test_cli_runner().invoke(args=["audit", command])
    assert result.exit_code == 0, result.output


def test_a_changed_ballot_of_an_organisation_would_be_noticed(city, look):
    from ucc_participate.voting.queries import live_open_ballots

    subject, state = look(lambda session: next(iter(live_open_ballots(session))))
    assert state == look(lambda session: _last_payload(session, subject))
    assert state["choices"]


def _last_payload(session, subject):
    from ucc_participate.audit.queries import last_states

    return last_states(session.connection(), "ucc.ballot/1")[subject][1]


def test_its_days_are_in_order_and_none_lies_ahead(look):
    entries = look(lambda session: list(session.scalars(select(LogEntry.entry).order_by(LogEntry.position))))
    times = [json.loads(entry)["time"] for entry in entries]
    assert times == sorted(times)
    assert times[-1] <= TODAY.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert len({time[:10] for time in times}) > 60


def test_people_of_all_kinds_live_there(look):
    def query(session):
        locales = Counter(session.scalars(select(Account.locale)))
        profiles = session.scalars(select(Profile)).all()
        return session.scalar(select(func.count()).select_from(Account)), locales, profiles

    total, locales, profiles = look(query)
    assert total > 180
    assert locales["en"] >= 3
    assert locales["fr"] >= 3
    assert len(profiles) < total, "some say nothing of themselves"
    assert {profile.sex for profile in profiles} >= {Sex.FEMALE, Sex.MALE}
    bands = [profile.birth_band for profile in profiles if profile.birth_band]
    assert min(bands) <= TODAY.year - 70
    assert max(bands) >= TODAY.year - 21
    assert len({profile.district for profile in profiles}) > 5


def test_nobody_but_the_logins_has_a_password(look):
    with_password = look(lambda s: set(s.scalars(select(Account.email).where(Account.password_hash.is_not(None)))))
    assert {email.partition("@")[0] for email in with_password} == {
        *("resident", "delegate", "coordinator", "clerk", "evaluator")
    }


def test_organisations_of_three_sectors_were_invited_and_answered_in_different_ways(look):
    def query(session):
        process = process_titled(session, "creative city")
        invitations = session.scalars(select(Invitation.status).where(Invitation.process_id == process.id)).all()
        return session.scalars(select(Organisation)).all(), Counter(invitations)

    organisations, answers = look(query)
    assert len(organisations) >= 30
    assert min(Counter(each.sector for each in organisations).values()) >= 8
    assert sum(each.is_womens_group for each in organisations) >= 3
    assert sum(each.is_youth_group for each in organisations) >= 3
    assert min(answers.values()) >= 2
    assert len(answers) == 3


def test_the_register_has_a_merged_double_a_table_that_came_in_and_two_nominations(look):
    def query(session):
        merged = session.scalars(select(Organisation).where(Organisation.merged_into_id.is_not(None))).all()
        [table] = register.list_imports(session)
        nominations = register.list_nominations(session).nominations
        return merged, table, [each.outcome for each in nominations], register.list_pairs(session).total

    [double], table, outcomes, pairs = look(query)
    assert double.name == "انجمن عکاسان سپید رود"
    assert (table.counts, table.done_at is not None) == (
        {"refused": 3, "alike": 1, "double": 1, "changed": 1, "new": 3},
        True,
    )
    assert outcomes == [None, NominationOutcome.REGISTERED]
    assert pairs == 1


def test_the_home_page_shows_the_candidacy_with_proposals_open(look):
    def query(session):
        process = current_process(session)
        assert process is not None
        return process.title["en"], [phase.kind for phase in process.open_phases(TODAY)]

    title, phases = look(query)
    assert "creative city" in title
    assert phases == [PhaseKind.PROPOSE]


def test_the_candidacy_has_proposals_of_every_kind_a_third_of_them_answered(look):
    def query(session):
        process = process_titled(session, "creative city")
        proposals = session.scalars(select(Proposal).where(Proposal.process_id == process.id)).all()
        return counts(session, process, now=TODAY), proposals

    count, proposals = look(query)
    assert count.total >= 36
    assert count.total / 4 < count.answered < count.total / 2
    assert {each.outcome for each in proposals} == {*Outcome, None}
    states = Counter(each.status for each in proposals)
    assert states[ProposalState.DRAFT] == 2
    assert states[ProposalState.WITHDRAWN] == 1
    assert {each.language for each in proposals} == {"fa", "en", "fr"}
    assert len({each.answered_by for each in proposals if each.answered_by}) >= 4
    sent = [each for each in proposals if each.status is not ProposalState.DRAFT]
    assert all(each.body and each.cost != 0 and each.objectives and each.for_whom for each in sent)
    assert 15 <= sum(each.organisation_id is not None for each in sent) <= 25


def test_presence_shows_every_group_and_one_shortfall(look):
    def query(session):
        return charts.rows(presence(session, process_titled(session, "creative city"), now=TODAY))

    rows = look(query)
    shares = [(row.value / row.total, row.target) for row in rows]
    assert len(rows) == 5
    assert all(target for _share, target in shares)
    assert [share >= target for share, target in shares] == [True, True, True, True, False]


def test_two_votes_are_open_and_the_logins_have_theirs_to_cast(look):
    def query(session):
        process = process_titled(session, "neighbourhood")
        votes = votes_of(session, process)
        secret, open_one = votes[Franchise.INDIVIDUAL], votes[Franchise.ORGANISATION]
        citizen = session.scalar(select(Account.id).where(Account.email == RESIDENT))
        slot = select(RollEntry.has_voted).where(RollEntry.vote_id == secret.id, RollEntry.account_id == citizen)
        weavers = session.scalar(select(Organisation.id).where(Organisation.name == "انجمن بانوان بافنده"))
        theirs = select(RollEntry.has_voted).where(
            RollEntry.vote_id == open_one.id, RollEntry.organisation_id == weavers
        )
        ballots = session.scalars(select(Ballot).where(Ballot.vote_id == secret.id)).all()
        named = session.scalar(select(func.count()).where(OpenBallot.vote_id == open_one.id))
        late = counts(session, process, now=TODAY).overdue
        return votes, session.scalar(slot), session.scalar(theirs), ballots, named, late

    votes, citizen_voted, weavers_voted, ballots, named, late = look(query)
    assert all(vote.takes_ballots(TODAY) for vote in votes.values())
    assert citizen_voted is False
    assert weavers_voted is False
    assert len(votes[Franchise.INDIVIDUAL].options) == 10
    assert sum(not ballot.is_superseded for ballot in ballots) >= 60
    assert sum(ballot.is_superseded for ballot in ballots) >= 3
    assert sum(ballot.is_batched for ballot in ballots) >= 60
    assert named >= 10
    assert late == 1


def test_last_years_process_is_closed_answered_and_counted(look):
    def query(session):
        process = process_titled(session, "House of Crafts")
        return process, counts(session, process, now=TODAY), votes_of(session, process)

    process, count, votes = look(query)
    assert process.status is ProcessState.CLOSED
    assert (count.total, count.answered) == (9, 9)
    for vote in votes.values():
        assert vote.status is VoteState.CLOSED
        assert len(vote.result["winners"]) == 3
    groups = votes[Franchise.INDIVIDUAL].result["groups"]
    by_sex = {row["group"]: row["counts"] for row in groups}
    assert sum(count is not None for count in by_sex["sex:female"]) >= 5
    assert sum(vote.result["tie_broken"] for vote in votes.values()) <= 1


def test_its_record_lies_ready_and_verifies(city, tmp_path, look):
    public_id = look(lambda session: process_titled(session, "House of Crafts").public_id)
    client = city.test_client()
    package = tmp_path / "record.zip"
    with client.get(f"/record/{public_id}/record.zip") as answer:
        package.write_bytes(answer.data)
    verifier = tmp_path / "verify.py"
    with client.get("/record/verify.py") as answer:
        verifier.write_bytes(answer.data)
    vkey = client.get("/log/vkey").text.strip()
    command = [sys.executable, str(verifier), str(package), "--vkey", vkey]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_city_reached_out_and_says_how(look):
    """Codes read and answered, meetings, reminders, gaps, a correction, somebody who follows."""

    def query(session):
        process = process_titled(session, "creative city")
        invited = session.scalars(select(Invitation).where(Invitation.process_id == process.id)).all()
        activities = session.scalars(select(Activity).where(Activity.process_id == process.id)).all()
        batches = session.scalars(select(InvitationBatch).where(InvitationBatch.process_id == process.id)).all()
        followers = session.scalars(select(Following).where(Following.process_id == process.id)).all()
        return invited, activities, batches, followers, queries.notes_of(session, process, beyond={}, now=TODAY)

    invited, activities, batches, followers, notes = look(query)
    assert {batch.channel for batch in batches} == {each.channel for each in invited}
    assert sum(each.opened_at is not None for each in invited) >= 10
    assert {each.answered_through for each in invited if each.answered_at} >= set(WayIn) - {WayIn.COUNTER}
    assert sum(each.attended_at is not None for each in invited) == 7
    assert sum(each.reminders for each in invited) == 4
    assert {note.kind for note in notes} == set(NoteKind)
    assert sum(each.gap is not None and each.is_current for each in activities) >= 3
    assert [each.number for each in activities if each.corrected_because] == [2]
    of_process = [each for each in followers if each.subject.startswith("process/")]
    assert len(of_process) >= 10
    assert len(followers) > len(of_process)  # authors follow what they wrote


def test_the_city_wrote_to_many_and_keeps_a_draft(look):
    def query(session):
        letters = session.scalars(select(Newsletter).order_by(Newsletter.id)).all()
        return [(each.status.value, each.addressed) for each in letters]

    letters = look(query)
    assert Counter(state for state, _addressed in letters) == {"sent": 3, "draft": 1}
    assert sum(addressed >= 5 for state, addressed in letters if state == "sent") == 2  # the third went to few


def test_six_organisations_of_three_sectors_are_left_to_invite_where_proposals_are_taken(look):
    def query(session):
        return list_uninvited(session, process_titled(session, "creative city"))

    left = look(query)
    assert (len(left), len({each.sector for each in left})) == (6, 3)


def test_one_process_invites_and_another_is_a_draft_with_something_missing(city, look):
    def query(session):
        announced, draft = process_titled(session, "spinning mill"), process_titled(session, "after designation")
        return announced, draft, missing_requirements(announced, TODAY), missing_requirements(draft, TODAY)

    announced, draft, missing_there, missing_here = look(query)
    assert announced.status is ProcessState.PUBLISHED
    assert not missing_there
    assert draft.status is ProcessState.DRAFT
    assert len(missing_here) >= 4
    assert city.test_client().get(f"/p/{draft.public_id}").status_code == 404


def test_documents_are_real_papers_and_pictures(city, look):
    def query(session):
        processes = session.scalars(select(Process).options(selectinload(Process.documents))).all()
        return [document for process in processes for document in process.documents]

    documents = look(query)
    assert {document.media_type for document in documents} == {"application/pdf", "image/webp"}
    store = city.extensions["ucc.store"]
    for document in documents:
        data = store.read(document.sha256)
        assert len(data) == document.size > 10_000
        assert (recognise(data) in DOCUMENTS) == (document.media_type == "application/pdf")


def test_texts_are_in_three_languages_and_persian_keeps_its_own_digits_and_letters(look):
    def query(session):
        proposals = session.scalars(select(Proposal).where(Proposal.language == "fa")).all()
        texts = [text for each in proposals for text in (each.title, each.summary, each.body, each.reason) if text]
        processes = session.scalars(select(Process)).all()
        return texts, processes

    texts, processes = look(query)
    assert all(set(process.title) == set(process.purpose) == {"fa", "en", "fr"} for process in processes)
    persian = texts + [process.purpose["fa"] for process in processes]
    assert [text for text in persian if LATIN_DIGIT.search(text) or ARABIC_LETTER.search(text)] == []


def test_the_delegate_speaks_for_the_weavers(look):
    from ucc_participate.stakeholders.queries import mandates_of

    def query(session):
        account = session.scalar(select(Account).where(Account.email == DELEGATE))
        return [mandate.organisation.name for mandate in mandates_of(session, account)]

    assert look(query) == ["انجمن بانوان بافنده"]


def test_the_weavers_have_three_seats_and_a_ballot_that_waits_for_the_delegate(look):
    from ucc_participate.documents.queries import documents_by_subject
    from ucc_participate.stakeholders.models import Delegate, Organisation
    from ucc_participate.voting.models import BallotProposal

    def query(session):
        weavers = session.scalar(select(Organisation).where(Organisation.name == "انجمن بانوان بافنده"))
        seats = session.scalars(select(Delegate).where(Delegate.organisation_id == weavers.id)).all()
        papers = documents_by_subject(session, [seat.ref for seat in seats])
        waiting = session.scalars(select(BallotProposal.organisation_id)).all()
        ended = [seat for seat in seats if seat.ends_on is not None]
        told = (len(seats), len(ended), sum(map(len, papers.values())), weavers.ballot_confirmations)
        return told, waiting == [weavers.id]

    assert look(query) == ((3, 1, 1, 2), True)


def test_the_resident_sees_who_has_looked_at_their_data(city):
    page = signed_in(city, "resident").get("/account/looks", headers={"Cookie": "ucc_language=en"}).text
    rows = re.findall(r'<tr><th scope="row"><time datetime="([^"]+)"', page[page.index("<tbody>") :])
    assert len([at for at in rows if at != TODAY.isoformat()]) == 2  # other tests' walks are looks of today
    assert "معاون فرهنگی شهرداری سپیدرود" in page
