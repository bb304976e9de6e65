"""Proposals under moderation: held texts are visible nowhere, hidden ones leave lists and log and keep their number."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.accounts.making import sign_in
from tests.moderation.making import ADDRESSES, WORDS, set_rules
from tests.proposals.making import answer, change, official, person, proposing_process, reload, submit
from tests.stakeholders.making import make_organisation
from ucc_participate.accounts.models import Account
from ucc_participate.accounts.operations import erase_account
from ucc_participate.accounts.queries import get_account
from ucc_participate.audit.models import LogOpening
from ucc_participate.audit.queries import opening_object
from ucc_participate.kernel.errors import Conflict, Forbidden, NotFound
from ucc_participate.kernel.identity import Role
from ucc_participate.moderation import operations as moderation
from ucc_participate.moderation.models import Mode, Reason, Standing
from ucc_participate.processes.queries import process_in_brief
from ucc_participate.proposals import moderating, operations, policies, queries
from ucc_participate.proposals.events import ProposalEvent
from ucc_participate.proposals.queries import Filters
from ucc_participate.proposals.recording import record_state

SECRET = "Golestan street 12, third floor"
KINDS = {"proposal": moderating.MODERATED}


@pytest.fixture
def process_and_now(perform, now):
    return proposing_process(perform, now)


@pytest.fixture
def moderator(perform, now):
    return person(perform, "Mod", now=now)[1]


def judging(actor, *roles):
    return replace(actor, roles=actor.roles | {Role.MODERATOR, *roles})


def do(perform, operation, proposal, actor, now, **facts):
    known = {"addresses": ADDRESSES} | facts
    return perform(lambda s: operation(s, KINDS, proposal.ref, **known, actor=judging(actor), now=now))


def hide(perform, proposal, actor, now):
    do(perform, moderation.hide_contribution, proposal, actor, now, reason=Reason.PERSONAL_DATA, words=WORDS)


def everything_public(app, read, process, proposal, client):
    """Every place from which the public reads: pages, search, the log's openings, the receipt."""
    base = f"/p/{process.public_id}/proposals"
    pages = [base, f"{base}?q=Golestan", f"{base}?state=submitted", f"{base}/{proposal.public_id}", "/"]
    pages += [f"/p/{process.public_id}", f"/log?subject={proposal.ref}"]
    texts = [client.get(page).text for page in pages]
    openings = read(lambda session: [opening_object(row) for row in session.scalars(select(LogOpening))])
    return "\n".join([*texts, json.dumps(openings, ensure_ascii=False)])


def test_a_held_text_is_visible_nowhere_until_it_is_published(
    app, perform, read, clock, now, process_and_now, moderator, client, entries, drift
):
    process, at = process_and_now
    clock.advance(days=8)
    set_rules(perform, process, now=at, mode=Mode.BEFORE)
    _account, sara = person(perform, "Sara", now=now)
    held = submit(perform, process, sara, now=at, body=SECRET, summary=f"See {SECRET}", title=f"Ramp at {SECRET}")
    assert (held.number, held.standing) == (1, Standing.HELD)
    assert "third floor" not in everything_public(app, read, process, held, client)
    assert client.get(f"/p/{process.public_id}/proposals/{held.public_id}").status_code == 404
    assert drift() == []
    assert read(lambda s: queries.browse(s, process, Filters(words="Golestan")).keys) == []
    do(perform, moderation.publish_contribution, held, moderator, at)
    assert "third floor" in everything_public(app, read, process, held, client)
    assert [key.number for key in read(lambda s: queries.browse(s, process, Filters(words="Golestan")).keys)] == [1]
    assert [entry.values["type"] for entry in entries(held.ref)][-2:] == ["proposal.shown", "moderation.published"]
    assert drift() == []


def test_a_hidden_text_leaves_every_place_and_keeps_its_number(
    app, perform, read, clock, now, process_and_now, moderator, client, entries, drift
):
    process, at = process_and_now
    clock.advance(days=8)
    account, sara = person(perform, "Sara", now=now)
    shown = submit(perform, process, sara, now=at, body=SECRET)
    assert "third floor" in everything_public(app, read, process, shown, client)
    hide(perform, shown, moderator, at)
    public = everything_public(app, read, process, shown, client)
    assert "third floor" not in public
    assert shown.title not in public
    page = client.get(f"/p/{process.public_id}/proposals/{shown.public_id}")
    assert page.status_code == 200
    assert WORDS in page.text
    assert "personal data" in page.text
    own = sign_in(app, account, now=at).get(f"/p/{process.public_id}/proposals/{shown.public_id}").text
    assert SECRET in own
    assert "appeal" in own
    assert reload(read, shown).number == 1
    assert read(lambda s: queries.counts(s, process, now=at)).total == 0
    assert drift() == []
    assert entries(shown.ref)[-1].payload["words"] == WORDS


def test_restoring_brings_it_back_into_list_search_and_log(
    app, perform, read, clock, now, process_and_now, moderator, client, entries, drift
):
    process, at = process_and_now
    clock.advance(days=8)
    _account, sara = person(perform, "Sara", now=now)
    shown = submit(perform, process, sara, now=at, body=SECRET)
    hide(perform, shown, moderator, at)
    do(perform, moderation.restore_contribution, shown, moderator, at)
    assert "third floor" in everything_public(app, read, process, shown, client)
    assert read(lambda s: queries.counts(s, process, now=at)).total == 1
    assert drift() == []
    state = next(entry for entry in entries(shown.ref)[::-1] if entry.values["type"] == "proposal.shown")
    assert (state.payload["body"], state.payload["author"]) == (SECRET, "Sara")


def test_what_is_on_a_ballot_cannot_be_hidden(perform, read, now, process_and_now, moderator):
    process, at = process_and_now
    _account, sara = person(perform, "Sara", now=now)
    shown = submit(perform, process, sara, now=at)

    def announce(session, proposal, *, actor, now):
        proposal.put_on_ballot(at=now)
        record_state(session, ProposalEvent.CORRECTED, proposal, actor=actor, now=now)

    change(perform, shown, announce, actor=sara, now=at)
    with pytest.raises(Conflict, match="ballot"):
        hide(perform, shown, moderator, at)
    assert reload(read, shown).standing is Standing.SHOWN


def test_a_hidden_proposal_is_on_no_ballot_needs_no_answer_and_gets_none(
    perform, read, now, process_and_now, moderator
):
    process, at = process_and_now
    _account, sara = person(perform, "Sara", now=now)
    hidden = submit(perform, process, sara, now=at)
    hide(perform, hidden, moderator, at)
    assert read(lambda s: queries.shortlist_candidates(s, process)) == []
    assert read(lambda s: queries.count_unanswered(s, process)) == 0
    with pytest.raises(Conflict, match="Moderation"):
        answer(perform, hidden, official(perform, now=now), now=at)


def test_a_held_proposal_keeps_the_process_from_closing(perform, read, now, process_and_now):
    process, at = process_and_now
    set_rules(perform, process, now=at, mode=Mode.BEFORE)
    submit(perform, process, person(perform, "Sara", now=now)[1], now=at)
    assert read(lambda s: queries.count_unanswered(s, process)) == 1


def test_a_delegate_does_not_judge_what_the_own_organisation_wrote(perform, now, process_and_now, moderator, read):
    process, at = process_and_now
    guild = make_organisation(perform, "Potters", now=now)
    speaker = replace(person(perform, "Sara", now=now)[1], delegations=frozenset({guild.public_id}))
    shown = submit(perform, process, speaker, now=at, organisation=guild.public_id)
    with pytest.raises(Forbidden, match="organisation"):
        hide(perform, shown, replace(moderator, delegations=frozenset({guild.public_id})), at)
    hide(perform, shown, moderator, at)


def test_who_knows_of_a_held_proposal(perform, read, now, process_and_now, moderator):
    process, at = process_and_now
    set_rules(perform, process, now=at, mode=Mode.BEFORE)
    _account, sara = person(perform, "Sara", now=now)
    held = submit(perform, process, sara, now=at)
    for actor, sees in ((sara, True), (judging(moderator), True), (person(perform, "Ali", now=now)[1], False)):

        def look(session, actor=actor):
            here = process_in_brief(session, process.public_id, actor=actor)
            return queries.get_proposal(session, here, held.public_id, actor=actor, now=at)

        if sees:
            assert policies.reads_text(actor, read(look))
        else:
            with pytest.raises(NotFound):
                read(look)


def test_a_limit_keeps_what_was_typed_on_the_page(app, perform, read, clock, now, process_and_now):
    process, at = process_and_now
    clock.advance(days=8)
    set_rules(perform, process, now=at, per_place=1, per_hour=1, per_day=1)
    account, _sara = person(perform, "Sara", now=now)
    browser = sign_in(app, account, now=at)
    typed = {
        "title": "A ramp for the old bridge",
        "summary": "So that everybody comes over the river",
        "kind": "project",
        "level": "local",
        "objectives": ["OBJ-1"],
        "author": "named",
        "language": "en",
        "send": "1",
    }
    address = f"/p/{process.public_id}/proposals/new"
    assert browser.post(address, data=typed).status_code == 303
    again = browser.post(address, data=typed | {"title": "A second bridge for the town", "seen": "1"})
    assert again.status_code == 429
    assert "A second bridge for the town" in again.text
    assert "keep your text" in again.text


def test_a_proposal_has_a_page_to_report_it_and_its_author_one_to_appeal(
    app, perform, read, clock, now, process_and_now, moderator, client
):
    process, at = process_and_now
    clock.advance(days=8)
    account, sara = person(perform, "Sara", now=now)
    shown = submit(perform, process, sara, now=at, body=SECRET)
    assert f"/report/{shown.ref}" in client.get(f"/p/{process.public_id}/proposals/{shown.public_id}").text
    other = sign_in(app, person(perform, "Ali", now=now)[0], now=at)
    assert shown.title in other.get(f"/report/{shown.ref}").text
    assert other.post(f"/report/{shown.ref}", data={"reason": "spam"}).status_code == 303
    hide(perform, shown, moderator, at)
    assert other.get(f"/report/{shown.ref}").status_code == 404
    page = sign_in(app, account, now=at).get(f"/p/{process.public_id}/proposals/{shown.public_id}").text
    own = page.partition(f"/p/{process.public_id}/moderation/case/")[2].partition('"')[0]
    found = sign_in(app, account, now=at).get(f"/p/{process.public_id}/moderation/case/{own}")
    assert SECRET in found.text
    assert "Send the appeal" in found.text
    receipt = sign_in(app, account, now=at).get(f"/p/{process.public_id}/proposals/{shown.public_id}/receipt.json")
    assert receipt.status_code == 200
    assert SECRET not in receipt.text


def test_withdrawing_a_hidden_proposal_does_not_bring_its_text_back(
    app, perform, read, clock, now, process_and_now, moderator, client, drift
):
    process, at = process_and_now
    clock.advance(days=8)
    _account, sara = person(perform, "Sara", now=now)
    hidden = submit(perform, process, sara, now=at, body=SECRET)
    hide(perform, hidden, moderator, at)
    change(perform, hidden, operations.withdraw_proposal, actor=sara, now=at)
    assert "third floor" not in everything_public(app, read, process, hidden, client)
    assert "third floor" not in client.get(f"/p/{process.public_id}/proposals?state=withdrawn").text
    assert drift() == []


def test_erasing_the_author_of_a_hidden_proposal_leaves_nothing_of_them(app, perform, read, now, process_and_now):
    process, at = process_and_now
    account, sara = person(perform, "Sara", now=now)
    hidden = submit(perform, process, sara, now=at)
    moderator = person(perform, "Mod", now=now)[1]
    hide(perform, hidden, moderator, at)
    erasers = app.extensions["ucc.erasers"]

    def erase(session):
        erase_account(session, get_account(session, account.public_id), erasers=erasers, actor=sara, now=at)

    perform(erase)
    openings = read(lambda s: [opening_object(row) for row in s.scalars(select(LogOpening))])
    assert "Sara" not in json.dumps(openings)
    assert read(lambda s: s.scalar(select(Account.display_name).where(Account.id == account.id))) == "—"


def test_who_proposed_is_counted_by_what_everybody_reads(perform, read, clock, now, process_and_now, moderator):
    process, at = process_and_now
    clock.advance(days=8)
    guild = make_organisation(perform, "Guild of potters", now=now)
    _account, sara = person(perform, "Sara", now=now)
    speaks = replace(sara, delegations=frozenset({guild.public_id}))
    gone = submit(perform, process, speaks, now=at, organisation=guild.public_id)
    submit(perform, process, person(perform, "Reza", now=now)[1], now=at)

    def counted():
        return read(
            lambda s: (
                sorted(queries.count_proposers(s, process).values()),
                len(s.execute(queries.accounts_proposing(process)).all()),
                len(s.execute(queries.organisations_proposing(process)).all()),
            )
        )

    assert counted() == ([1, 1], 2, 1)
    hide(perform, gone, moderator, at)
    assert counted() == ([1], 1, 0)
