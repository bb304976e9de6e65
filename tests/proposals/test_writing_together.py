"""Several people on one text: who was faster, versions, co-authors, endorsements, amendments; state and entries."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from tests.proposals.making import (
    PAGE,
    answer,
    change,
    content,
    draft,
    official,
    person,
    proposing_process,
    reload,
    submit,
)
from tests.stakeholders.making import CITY, make_delegate, make_organisation
from ucc_participate.accounts.models import Account
from ucc_participate.accounts.operations import erase_account
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from ucc_participate.kernel.identity import Actor
from ucc_participate.notifications.models import OutboxMessage
from ucc_participate.processes.queries import process_to_change
from ucc_participate.proposals import operations, queries
from ucc_participate.proposals.models import (
    AmendedField,
    AmendmentState,
    Endorsement,
    Proposal,
    ProposalVersion,
)
from ucc_participate.proposals.versioning import Overtaken
from ucc_participate.stakeholders.queries import get_organisation

OTHER = "Open the weaving workshops of the bazaar to young people on four evenings a week."
BECAUSE = "Four evenings were asked for in the meeting of weavers."


@pytest.fixture
def process_and_then(perform, now):
    return proposing_process(perform, now)


@pytest.fixture
def process(process_and_then):
    return process_and_then[0]


@pytest.fixture
def then(process_and_then):
    return process_and_then[1]


@pytest.fixture
def sara(perform, now):
    return person(perform, "Sara", now=now)[1]


@pytest.fixture
def reza(perform, now):
    return person(perform, "Reza", now=now)[1]


@pytest.fixture
def guild(perform, now, process):
    """An organisation, and a delegate who speaks for it."""
    made = make_organisation(perform, "Weavers’ Guild", now=now)
    account, actor = person(perform, "Mina", now=now)
    make_delegate(perform, made, account, now=now)
    return made, Actor(actor.key, actor.account_id, actor.roles, frozenset({made.public_id}), actor.name)


def types(entries, subject):
    return [entry.values["type"] for entry in entries(subject)]


def mails(read, template):
    rows = select(OutboxMessage).where(OutboxMessage.template == template).order_by(OutboxMessage.id)
    return read(lambda session: [(one.to, one.data) for one in session.scalars(rows)])


def rule(perform, process, *, now, needed, for_ballot=False, actor=CITY):
    def work(session):
        here = process_to_change(session, process.public_id, actor=actor)
        operations.set_rule(session, here, actor=actor, now=now, needed=needed, is_needed_for_ballot=for_ballot)

    perform(work)


def endorse(perform, proposal, actor, *, now, **facts):
    return change(perform, proposal, operations.endorse_proposal, actor=actor, now=now, **facts)


def rewrite(perform, proposal, actor, *, now, note="", based_on=None, **changes):
    facts = {"address": PAGE, "change": note, "based_on": based_on}
    return change(perform, proposal, operations.change_text, content(**changes), actor=actor, now=now, **facts)


# --- two people on one draft


def test_who_saves_over_a_newer_text_is_told_and_nothing_is_lost(perform, read, entries, process, then, sara):
    kept = draft(perform, process, sara, now=then)
    save = operations.revise_draft
    change(perform, kept, save, content(summary=OTHER), actor=sara, now=then, based_on=1)
    with pytest.raises(Overtaken) as refused:
        change(perform, kept, save, content(summary="Mine."), actor=sara, now=then, based_on=1)
    assert refused.value.newest == 2
    assert reload(read, kept).summary == OTHER
    assert types(entries, kept.ref) == ["proposal.drafted", "proposal.revised"]
    change(perform, kept, save, content(summary="Mine."), actor=sara, now=then, based_on=2)
    assert reload(read, kept).summary == "Mine."


def test_the_same_text_from_an_old_form_is_no_conflict(perform, read, process, then, sara):
    kept = draft(perform, process, sara, now=then)
    change(perform, kept, operations.revise_draft, content(summary=OTHER), actor=sara, now=then, based_on=1)
    change(perform, kept, operations.revise_draft, content(summary=OTHER), actor=sara, now=then, based_on=1)
    assert reload(read, kept).version == 2


def test_of_two_who_save_at_once_one_is_told(app, perform, read, process, then, sara):
    kept = draft(perform, process, sara, now=then)

    def save(text):
        with app.app_context():
            try:
                change(perform, kept, operations.revise_draft, content(summary=text), actor=sara, now=then, based_on=1)
            except Overtaken:
                return None
            return text

    with ThreadPoolExecutor(4) as pool:
        saved = [text for text in pool.map(save, ["One.", "Two.", "Three.", "Four."]) if text]
    assert saved == [reload(read, kept).summary]


def test_an_old_form_does_not_send_over_a_newer_draft(perform, read, process, then, sara):
    kept = draft(perform, process, sara, now=then)
    change(perform, kept, operations.revise_draft, content(summary=OTHER), actor=sara, now=then)

    def send(session):
        here = process_to_change(session, process.public_id, actor=sara)
        found = queries.proposal_to_change(session, here, kept.public_id, actor=sara, now=then)
        facts = {"actor": sara, "now": then, "currency": "IRR", "draft": found, "based_on": 1}
        return operations.submit_proposal(session, here, content(), **facts)

    with pytest.raises(Overtaken):
        perform(send)
    assert reload(read, kept).is_draft


# --- versions


def test_an_author_changes_what_was_sent_and_both_texts_stay(perform, read, entries, drift, process, then, sara):
    sent = submit(perform, process, sara, now=then)
    assert rewrite(perform, sent, sara, now=then, based_on=1, summary=OTHER)
    found = reload(read, sent)
    assert (found.summary, found.text_version, found.number) == (OTHER, 2, 1)
    rows = read(lambda session: list(session.scalars(select(ProposalVersion).order_by(ProposalVersion.number))))
    assert [(row.number, row.content["summary"] == OTHER, row.by_role.value) for row in rows] == [
        (1, False, "resident"),
        (2, True, "resident"),
    ]
    entry = entries(sent.ref)[-1]
    assert entry.values["type"] == "proposal.version_published"
    assert (entry.payload["summary"], entry.payload["text_version"], entry.payload["change"]) == (OTHER, 2, None)
    assert drift() == []


def test_a_changed_text_is_found_by_its_new_words_alone(perform, read, process, then, sara):
    sent = submit(perform, process, sara, now=then)
    rewrite(perform, sent, sara, now=then, title="Night lamps for the weavers of the bazaar", body="")

    def found(words):
        page = read(lambda session: queries.browse(session, process, queries.Filters(words=words)))
        return [key.number for key in page.keys]

    assert found("lamps") == [1]
    assert found("looms") == []


def test_saying_the_same_again_is_no_version(perform, read, process, then, sara):
    sent = submit(perform, process, sara, now=then)
    assert not rewrite(perform, sent, sara, now=then, note="Nothing at all is different.")
    assert reload(read, sent).text_version == 1


def test_an_endorsed_text_changes_only_with_a_word_on_what_is_different(perform, read, process, then, sara, reza):
    sent = submit(perform, process, sara, now=then)
    endorse(perform, sent, reza, now=then)
    with pytest.raises(Invalid) as refused:
        rewrite(perform, sent, sara, now=then, summary=OTHER)
    assert refused.value.field == "change"
    rewrite(perform, sent, sara, now=then, summary=OTHER, note=BECAUSE)
    assert mails(read, "proposal_new_version") == [
        ("reza@city.example", {"title": sent.title, "change": BECAUSE, "address": PAGE})
    ]
    assert reload(read, sent).resident_endorsements == 1


def test_an_answered_text_and_one_on_a_ballot_stay(perform, read, process, then, now, sara):
    answered, chosen = (submit(perform, process, sara, now=then) for _one in range(2))
    answer(perform, answered, official(perform, now=now), now=then)
    change(perform, chosen, _on_ballot, actor=sara, now=then)
    for stays in (answered, chosen):
        with pytest.raises(Conflict):
            rewrite(perform, stays, sara, now=then, summary=OTHER, note=BECAUSE)
        assert reload(read, stays).text_version == 1


def _on_ballot(session, found, *, actor, now):
    from ucc_participate.proposals.events import ProposalEvent
    from ucc_participate.proposals.recording import record_state

    found.put_on_ballot(at=now)
    record_state(session, ProposalEvent.CORRECTED, found, actor=actor, now=now)


def test_a_stranger_changes_nothing(perform, read, process, then, sara, reza):
    sent, kept = submit(perform, process, sara, now=then), draft(perform, process, sara, now=then)
    with pytest.raises(Forbidden):
        rewrite(perform, sent, reza, now=then, summary=OTHER)
    with pytest.raises(NotFound):
        change(perform, kept, operations.revise_draft, content(summary=OTHER), actor=reza, now=then)


# --- co-authors


def invite(perform, proposal, actor, *, now, **facts):
    return change(perform, proposal, operations.invite_co_author, actor=actor, now=now, locale="en", **facts)


def reply(perform, invitation, operation, actor, *, now, **facts):
    def work(session):
        found = queries.asked_to_change(session, invitation.code)
        operation(session, found, actor=actor, now=now, **facts)

    perform(work)


def test_a_co_author_is_asked_by_mail_sees_the_draft_and_stands_on_what_is_sent(
    perform, read, entries, drift, process, then, sara, reza
):
    kept = draft(perform, process, sara, now=then)
    asked = invite(perform, kept, sara, now=then, email="Reza@city.example")
    [(to, data)] = mails(read, "co_author_asked")
    assert (to, data["path"]) == ("reza@city.example", f"/proposals/writing-along/{asked.code}")
    with pytest.raises(NotFound):
        change(perform, kept, operations.revise_draft, content(summary=OTHER), actor=reza, now=then)
    reply(perform, asked, operations.accept_invitation, reza, now=then)
    change(perform, kept, operations.revise_draft, content(summary=OTHER), actor=reza, now=then)
    found = reload(read, kept)
    assert (found.summary, found.author_name, found.co_authors) == (OTHER, "Sara", (f"a:{reza.account_id}",))
    assert read(lambda session: queries.author_ids(session, found)) == [sara.account_id, reza.account_id]
    assert set(types(entries, kept.ref)) == {"proposal.drafted", "proposal.revised"}
    _send(perform, process, kept, sara, now=then, summary=OTHER)
    [entry] = entries(f"{kept.ref}/coauthor/1")
    assert (entry.values["type"], entry.payload["author"]) == ("coauthor.joined", "Reza")
    assert drift() == []


def _send(perform, process, kept, actor, *, now, **changes):
    def work(session):
        here = process_to_change(session, process.public_id, actor=actor)
        found = queries.proposal_to_change(session, here, kept.public_id, actor=actor, now=now)
        facts = {"actor": actor, "now": now, "currency": "IRR", "draft": found}
        return operations.submit_proposal(session, here, content(**changes), **facts)

    return perform(work)


def test_nothing_is_sent_before_everybody_has_answered(perform, read, process, then, sara, reza):
    kept = draft(perform, process, sara, now=then)
    asked = invite(perform, kept, sara, now=then, email="reza@city.example")
    with pytest.raises(Conflict):
        _send(perform, process, kept, sara, now=then)
    change(perform, kept, operations.withdraw_invitation, asked.code, actor=sara, now=then)
    _send(perform, process, kept, sara, now=then)
    with pytest.raises(Conflict):
        reply(perform, asked, operations.accept_invitation, reza, now=then)
    assert reload(read, kept).co_authors == ()


def test_a_co_author_neither_sends_nor_throws_away(perform, read, process, then, sara, reza):
    kept = draft(perform, process, sara, now=then)
    reply(
        perform,
        invite(perform, kept, sara, now=then, email="reza@city.example"),
        operations.accept_invitation,
        reza,
        now=then,
    )
    with pytest.raises(Forbidden):
        _send(perform, process, kept, reza, now=then)
    with pytest.raises(Forbidden):
        change(perform, kept, operations.discard_draft, actor=reza, now=then)
    change(perform, kept, operations.discard_draft, actor=sara, now=then)
    assert read(lambda session: session.scalars(select(Proposal.id)).all()) == []


def test_the_link_of_somebody_else_opens_nothing(perform, process, then, now, sara, reza):
    kept = draft(perform, process, sara, now=then)
    asked = invite(perform, kept, sara, now=then, email="reza@city.example")
    other = person(perform, "Nima", now=now)[1]
    with pytest.raises(Forbidden):
        reply(perform, asked, operations.accept_invitation, other, now=then)
    with pytest.raises(Forbidden):
        reply(perform, asked, operations.accept_invitation, sara, now=then)


def test_an_organisation_writes_along_through_its_delegates(perform, read, entries, drift, process, then, sara, guild):
    organisation, mina = guild
    sent = submit(perform, process, sara, now=then)

    def ask(session, found, actor, now):
        whose = get_organisation(session, organisation.public_id)
        return operations.invite_co_author(session, found, actor=actor, now=now, locale="en", organisation=whose)

    asked = change(perform, sent, ask, actor=sara, now=then)
    assert [to for to, _data in mails(read, "co_author_asked")] == ["mina@city.example"]
    reply(perform, asked, operations.accept_invitation, mina, now=then)
    rewrite(perform, sent, mina, now=then, summary=OTHER)
    assert reload(read, sent).summary == OTHER
    assert types(entries, f"{sent.ref}/coauthor/1") == ["coauthor.asked", "coauthor.joined"]
    change(perform, sent, operations.leave_proposal, actor=mina, now=then)
    assert types(entries, f"{sent.ref}/coauthor/1")[-1] == "coauthor.left"
    assert reload(read, sent).co_authors == ()
    assert drift() == []


def erase(app, perform, person, *, now):
    def work(session):
        account = session.get_one(Account, person.account_id)
        erase_account(session, account, erasers=app.extensions["ucc.erasers"], actor=person, now=now)

    perform(work)


def test_an_erased_co_author_and_amender_lose_their_name_and_the_texts_stay(
    app, perform, read, entries, drift, process, then, sara, reza
):
    kept = draft(perform, process, sara, now=then)
    reply(
        perform,
        invite(perform, kept, sara, now=then, email="reza@city.example"),
        operations.accept_invitation,
        reza,
        now=then,
    )
    _send(perform, process, kept, sara, now=then)
    other = submit(perform, process, sara, now=then)
    endorse(perform, other, reza, now=then)
    made = amend(perform, other, reza, now=then)
    change(perform, other, operations.accept_amendment, made.number, actor=sara, now=then, address=PAGE)
    erase(app, perform, reza, now=then)
    assert "author" not in entries(f"{kept.ref}/coauthor/1")[0].payload
    assert all("author" not in entry.payload for entry in entries(f"{other.ref}/amendment/1"))
    rows = read(lambda session: list(session.scalars(select(ProposalVersion))))
    assert {row.credit for row in rows} == {None}
    assert reload(read, kept).co_authors == ()
    assert reload(read, other).resident_endorsements == 1
    assert reload(read, other).summary == OTHER
    assert drift() == []


def test_an_author_who_is_erased_takes_the_shared_draft_along(app, perform, read, process, then, sara, reza):
    kept = draft(perform, process, sara, now=then)
    reply(
        perform,
        invite(perform, kept, sara, now=then, email="reza@city.example"),
        operations.accept_invitation,
        reza,
        now=then,
    )
    erase(app, perform, sara, now=then)
    assert read(lambda session: session.scalars(select(Proposal.id)).all()) == []


# --- endorsements


def test_an_endorsement_counts_once_and_the_log_does_not_say_of_what(
    perform, read, entries, drift, process, then, sara, reza
):
    sent = submit(perform, process, sara, now=then)
    assert endorse(perform, sent, reza, now=then, text_version=1)
    assert not endorse(perform, sent, reza, now=then)
    assert reload(read, sent).resident_endorsements == 1
    assert types(entries, sent.ref) == ["proposal.submitted"]
    assert entries(f"{sent.ref}/endorsements") == []
    perform(lambda session: operations.recount_endorsements(session, actor=CITY, now=then))
    [told] = entries(f"{sent.ref}/endorsements")
    assert told.payload == {"residents": 1, "organisations": 0, "is_reached": False}
    assert change(perform, sent, operations.withdraw_endorsement, actor=reza, now=then)
    assert reload(read, sent).resident_endorsements == 0
    assert read(lambda session: session.scalars(select(Endorsement)).all()) == []
    assert drift() == []


def test_the_participant_s_chain_says_that_they_endorsed_something(
    perform, read, entries, app, process, then, sara, reza
):
    from ucc_participate.audit.models import LogOpening

    sent = submit(perform, process, sara, now=then)
    endorse(perform, sent, reza, now=then)
    entries(sent.ref)
    told = read(lambda session: [(row.subject, row.fields) for row in session.scalars(select(LogOpening))])
    assert not [subject for subject, _fields in told if "endorsement" in subject]


def test_pressing_twice_at_once_counts_once(app, perform, read, process, then, sara, reza):
    sent = submit(perform, process, sara, now=then)

    def press(_number):
        with app.app_context():
            return endorse(perform, sent, reza, now=then)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == [False, False, False, True]
    assert reload(read, sent).resident_endorsements == 1


def test_an_organisation_endorses_in_public_and_once_for_all_its_delegates(
    perform, read, entries, drift, process, then, sara, guild
):
    organisation, mina = guild
    sent = submit(perform, process, sara, now=then)
    assert endorse(perform, sent, mina, now=then, organisation=organisation.public_id)
    assert not endorse(perform, sent, mina, now=then, organisation=organisation.public_id)
    assert endorse(perform, sent, mina, now=then)
    found = reload(read, sent)
    assert (found.resident_endorsements, found.organisation_endorsements) == (1, 1)
    change(perform, sent, operations.withdraw_endorsement, actor=mina, now=then, organisation=organisation.public_id)
    told = entries(f"{sent.ref}/endorsement/{organisation.public_id}")
    assert [entry.payload["status"] for entry in told] == ["given", "withdrawn"]
    assert endorse(perform, sent, mina, now=then, organisation=organisation.public_id)
    assert drift() == []


def test_authors_do_not_endorse_their_own(perform, process, then, sara, reza):
    kept = draft(perform, process, sara, now=then)
    reply(
        perform,
        invite(perform, kept, sara, now=then, email="reza@city.example"),
        operations.accept_invitation,
        reza,
        now=then,
    )
    _send(perform, process, kept, sara, now=then)
    for author in (sara, reza):
        with pytest.raises(Forbidden):
            endorse(perform, kept, author, now=then)


def test_a_newer_text_is_not_endorsed_unread(perform, process, then, sara, reza):
    sent = submit(perform, process, sara, now=then)
    rewrite(perform, sent, sara, now=then, summary=OTHER)
    with pytest.raises(Conflict):
        endorse(perform, sent, reza, now=then, text_version=1)


def test_the_shortlist_has_only_what_reached_its_endorsements(perform, read, entries, drift, process, then, sara, reza):
    few, many = (submit(perform, process, sara, now=then) for _one in range(2))
    endorse(perform, many, reza, now=then)
    with pytest.raises(Invalid):
        rule(perform, process, now=then, needed=1, for_ballot=True)
    _before_opening(perform, process, needed=2, now=then)
    rule(perform, process, now=then, needed=1, for_ballot=True)

    def listed(session):
        return [one.id for one in queries.shortlist_candidates(session, process)]

    assert read(listed) == [many.id]
    assert read(lambda session: queries.count_without_support(session, process)) == 1
    assert reload(read, many).tags >= {"support:reached"}
    assert types(entries, f"{process.ref}/proposal_rule") == ["proposal_rule.set", "proposal_rule.set"]
    change(perform, many, operations.withdraw_endorsement, actor=reza, now=then)
    assert read(listed) == []
    assert read(lambda session: queries.counts_by_tag(session, process, ["support:reached"])) == {"support:reached": 0}
    assert reload(read, few).supported_at is None
    assert drift() == []


def _before_opening(perform, process, *, needed, now):
    """The rule as it was laid down before the process opened."""
    from ucc_participate.processes.models import Process, ProcessState

    def work(session):
        found = session.get_one(Process, process.id)
        found.status = ProcessState.PUBLISHED
        operations.set_rule(session, found, actor=CITY, now=now, needed=needed, is_needed_for_ballot=True)
        found.status = ProcessState.OPEN

    perform(work)


def test_a_wrong_count_is_put_right_at_night(perform, read, entries, process, then, sara, reza):
    sent = submit(perform, process, sara, now=then)
    endorse(perform, sent, reza, now=then)

    def spoil(session, found, actor, now):
        found.resident_endorsements = 40
        _on_ballot(session, found, actor=actor, now=now)

    change(perform, sent, spoil, actor=sara, now=then)
    assert perform(lambda session: operations.recount_endorsements(session, actor=CITY, now=then)) == 1
    assert reload(read, sent).resident_endorsements == 1


# --- amendments


def amend(perform, proposal, actor, *, now, text=OTHER, **facts):
    given = {"field": AmendedField.SUMMARY, "text": text, "reason": BECAUSE} | facts
    return change(perform, proposal, operations.propose_amendment, actor=actor, now=now, **given)


def test_an_accepted_amendment_is_a_version_with_credit(perform, read, entries, drift, process, then, sara, reza):
    sent = submit(perform, process, sara, now=then)
    made = amend(perform, sent, reza, now=then, based_on=1)
    assert [to for to, _data in mails(read, "amendment_proposed")] == ["sara@city.example"]
    change(perform, sent, operations.accept_amendment, made.number, actor=sara, now=then, address=PAGE)
    found = reload(read, sent)
    assert (found.summary, found.text_version) == (OTHER, 2)
    newest = read(lambda session: queries.list_versions(session, found)[0])
    assert (newest.credit, newest.amendment, newest.change) == ("Reza", 1, BECAUSE)
    told = entries(f"{sent.ref}/amendment/1")
    assert [(entry.values["type"], entry.payload["status"]) for entry in told] == [
        ("amendment.proposed", "proposed"),
        ("amendment.accepted", "accepted"),
    ]
    assert [to for to, _data in mails(read, "amendment_accepted")] == ["reza@city.example"]
    assert drift() == []


def test_an_amendment_is_declined_with_a_reason_for_all_to_read(perform, read, entries, process, then, sara, reza):
    sent = submit(perform, process, sara, now=then)
    made = amend(perform, sent, reza, now=then)
    decline = operations.decline_amendment
    with pytest.raises(Invalid):
        change(perform, sent, decline, made.number, actor=sara, now=then, reason="No.", address=PAGE)
    reason = "The workshops are closed on Thursdays, so there is no fourth evening."
    change(perform, sent, decline, made.number, actor=sara, now=then, reason=reason, address=PAGE)
    assert entries(f"{sent.ref}/amendment/1")[-1].payload["answer"] == reason
    assert reload(read, sent).text_version == 1


def test_an_outdated_amendment_waits_until_it_is_renewed(perform, read, process, then, sara, reza):
    sent = submit(perform, process, sara, now=then)
    made = amend(perform, sent, reza, now=then)
    rewrite(perform, sent, sara, now=then, summary="Open the workshops on three evenings.")
    accept = operations.accept_amendment
    with pytest.raises(Conflict):
        change(perform, sent, accept, made.number, actor=sara, now=then, address=PAGE)
    renewed = {"text": "Open the workshops on four evenings.", "reason": BECAUSE, "based_on": 2}
    change(perform, sent, operations.renew_amendment, made.number, actor=reza, now=then, **renewed)
    change(perform, sent, accept, made.number, actor=sara, now=then, address=PAGE)
    assert reload(read, sent).summary == "Open the workshops on four evenings."


def test_an_amendment_must_change_something_and_comes_once(perform, read, process, then, sara, reza):
    sent = submit(perform, process, sara, now=then)
    with pytest.raises(Invalid) as refused:
        amend(perform, sent, reza, now=then, text=sent.summary)
    assert refused.value.field == "text"
    first, again = (amend(perform, sent, reza, now=then, key="k") for _one in range(2))
    assert first.id == again.id
    with pytest.raises(Forbidden):
        amend(perform, sent, sara, now=then)


def test_a_withdrawn_amendment_is_not_accepted(perform, read, process, then, sara, reza):
    sent = submit(perform, process, sara, now=then)
    made = amend(perform, sent, reza, now=then)
    with pytest.raises(Forbidden):
        change(perform, sent, operations.withdraw_amendment, made.number, actor=sara, now=then)
    change(perform, sent, operations.withdraw_amendment, made.number, actor=reza, now=then)
    with pytest.raises(Conflict):
        change(perform, sent, operations.accept_amendment, made.number, actor=sara, now=then, address=PAGE)
    [row] = read(lambda session: queries.list_amendments(session, sent, actor=sara))
    assert (row.state, reload(read, sent).text_version) == (AmendmentState.WITHDRAWN, 1)
