"""Minority statements: filed by those who took part, in time, kept word for word."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.accounts.making import make_account, sign_in
from tests.moderation.making import ADDRESSES, WORDS, set_rules
from tests.proposals.making import answer, official, person, proposing_process, submit
from tests.stakeholders.making import ACTORS, CITY, acting, drift_faults, make_delegate, make_organisation
from ucc_participate.accounts.models import Account
from ucc_participate.accounts.operations import erase_account
from ucc_participate.kernel.decision import Denied
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from ucc_participate.kernel.identity import Role
from ucc_participate.moderation import operations as moderation
from ucc_participate.moderation.models import Mode, Reason, Standing
from ucc_participate.processes.models import Process, ProcessState
from ucc_participate.processes.queries import process_to_change
from ucc_participate.proposals import disputed, operations, policies, queries
from ucc_participate.proposals.disputed import Disputed
from ucc_participate.proposals.models import Dissent, DissentAbout, Outcome

TEXT = "The room was promised to the weavers in the third meeting; this answer gives it to nobody."
FINDERS = {"proposal": disputed.of_proposal, "process": disputed.of_process}


@pytest.fixture
def process(perform, now, clock):
    made, then = proposing_process(perform, now)
    clock.at = then
    return made


@pytest.fixture
def then(clock, process):
    return clock.now()


@pytest.fixture
def sara(perform, now):
    return person(perform, "Sara", now=now)


@pytest.fixture
def answered(perform, process, then, sara, now):
    sent = submit(perform, process, sara[1], now=then)
    answer(perform, sent, official(perform, now=now), now=then, outcome=Outcome.NOT_ADOPTED)
    return sent


def file(perform, process, ref, actor, now, *, text=TEXT, organisation=None, shows_name=True):
    def work(session):
        here = process_to_change(session, process.public_id, actor=CITY)
        found = disputed.find(FINDERS, session, here, ref)
        facts = {"text": text, "language": "en", "organisation": organisation, "shows_name": shows_name}
        return operations.file_dissent(session, found, actor=actor, now=now, **facts)

    return perform(work)


def on(perform, process, dissent, operation, actor, now):
    def work(session):
        here = process_to_change(session, process.public_id, actor=CITY)
        operation(session, queries.get_dissent(session, here, dissent.public_id), actor=actor, now=now)

    perform(work)


def again(read, dissent):
    return read(lambda session: session.scalars(select(Dissent).where(Dissent.id == dissent.id)).one())


def test_a_statement_is_kept_word_for_word_in_the_row_and_in_the_log(
    app, perform, read, entries, process, then, sara, answered
):
    made = file(perform, process, answered.ref, sara[1], then)
    assert (again(read, made).text, again(read, made).about) == (TEXT, DissentAbout.ANSWER)
    [entry] = entries(made.ref)
    assert (entry.values["type"], entry.values["role"]) == ("dissent.filed", "resident")
    assert (entry.payload["on"], entry.payload["text"], entry.payload["author"]) == (answered.ref, TEXT, "Sara")
    assert drift_faults(app) == []


def test_a_resident_may_go_without_a_name_and_an_organisation_may_not(perform, entries, process, then, sara, answered):
    unnamed = file(perform, process, answered.ref, sara[1], then, shows_name=False)
    assert entries(unnamed.ref)[0].payload["author"] is None
    guild = make_organisation(perform, "Guild of potters", now=then)
    make_delegate(perform, guild, sara[0], now=then)
    speaker = replace(sara[1], delegations=frozenset({guild.public_id}), roles=sara[1].roles | {Role.DELEGATE})
    named = file(perform, process, answered.ref, speaker, then, organisation=guild.public_id, shows_name=False)
    [entry] = entries(named.ref)
    assert (entry.payload["author"], entry.payload["organisation"]) == ("Guild of potters", guild.ref)
    assert entry.values["role"] == "delegate"


def test_nobody_speaks_for_an_organisation_without_a_mandate(perform, process, then, sara, answered):
    guild = make_organisation(perform, "Guild of potters", now=then)
    with pytest.raises(Conflict):
        file(perform, process, answered.ref, sara[1], then, organisation=guild.public_id)


def test_the_second_press_files_nothing_and_another_text_is_refused(perform, read, process, then, sara, answered):
    first = file(perform, process, answered.ref, sara[1], then)
    assert file(perform, process, answered.ref, sara[1], then).id == first.id
    with pytest.raises(Conflict):
        file(perform, process, answered.ref, sara[1], then, text=TEXT + " And more.")
    assert len(read(lambda session: session.scalars(select(Dissent)).all())) == 1


def test_withdrawing_is_a_mark_and_the_text_stays(app, perform, read, entries, process, then, sara, answered):
    made = file(perform, process, answered.ref, sara[1], then)
    on(perform, process, made, operations.withdraw_dissent, sara[1], then)
    assert (again(read, made).text, again(read, made).withdrawn_at) == (TEXT, then)
    assert [entry.payload["text"] for entry in entries(made.ref)] == [TEXT, TEXT]
    with pytest.raises(Conflict):
        on(perform, process, made, operations.withdraw_dissent, sara[1], then)
    assert file(perform, process, answered.ref, sara[1], then, text=TEXT + " Again.").id != made.id
    assert drift_faults(app) == []


def test_only_the_author_withdraws(perform, process, then, sara, answered, now):
    made = file(perform, process, answered.ref, sara[1], then)
    for actor in (person(perform, "Reza", now=now)[1], ACTORS["coordinator"], CITY):
        with pytest.raises(Forbidden):
            on(perform, process, made, operations.withdraw_dissent, actor, then)


def test_statements_can_be_filed_until_the_days_are_over(perform, process, then, sara, answered):
    with pytest.raises(Conflict):
        file(perform, process, answered.ref, sara[1], then + timedelta(days=30))
    file(perform, process, answered.ref, sara[1], then + timedelta(days=30, seconds=-1))


def test_what_is_not_decided_cannot_be_disagreed_with(perform, process, then, sara):
    waiting = submit(perform, process, sara[1], now=then)
    with pytest.raises(Conflict):
        file(perform, process, waiting.ref, sara[1], then)


@pytest.mark.parametrize("ref", ["proposal/nobody23", "vote/x", "process/other", "", "proposal"])
def test_a_statement_on_nothing_is_refused(perform, process, then, sara, ref):
    with pytest.raises(NotFound):
        file(perform, process, ref, sara[1], then)


@pytest.mark.parametrize("text", ["", "No!", "x" * 4_001])
def test_a_statement_has_a_length(perform, process, then, sara, answered, text):
    with pytest.raises(Invalid):
        file(perform, process, answered.ref, sara[1], then, text=text)


def test_whoever_took_no_part_files_nothing(perform, process, then, answered, now):
    with pytest.raises(Forbidden):
        file(perform, process, answered.ref, person(perform, "Reza", now=now)[1], then)


def test_the_process_as_a_whole_is_open_to_it_from_its_opening_on(perform, process, then, sara, answered):
    made = file(perform, process, process.ref, sara[1], then)
    assert made.about is DissentAbout.PROCESS


def test_hiding_takes_the_text_from_the_log_and_restoring_brings_it_back(
    app, perform, read, entries, process, then, sara, answered
):
    made = file(perform, process, answered.ref, sara[1], then)

    def conceal(standing):
        facts = {"actor": ACTORS["moderator"], "now": then}
        perform(lambda session: operations.conceal_dissent(session, made.ref, standing, **facts))

    conceal(Standing.HIDDEN)
    assert entries(made.ref)[-1].payload["text"] is None
    assert again(read, made).text == TEXT
    conceal(Standing.SHOWN)
    assert (entries(made.ref)[-1].values["type"], entries(made.ref)[-1].payload["text"]) == ("dissent.shown", TEXT)
    assert drift_faults(app) == []


def test_a_held_statement_is_public_nowhere_until_a_moderator_publishes_it(
    app, perform, entries, client, process, then, sara, answered, now
):
    set_rules(perform, process, now=then, mode=Mode.BEFORE)
    made = file(perform, process, answered.ref, sara[1], then)
    assert made.standing is Standing.HELD
    [filed, *_others] = [entry for entry in entries(made.ref) if entry.values["type"] == "dissent.filed"]
    assert (filed.payload["text"], filed.payload["author"]) == (None, None)
    home = f"/p/{process.public_id}/minority-statements"
    places = [home, f"/p/{process.public_id}/proposals/{answered.public_id}", f"/log?subject={made.ref}"]
    reza = sign_in(app, person(perform, "Reza", now=now)[0], now=then)
    for reader in (client, reza):
        texts = [reader.get(place).text for place in places]
        assert not any(TEXT in text or f"dissent-{made.public_id}" in text for text in texts)
        assert "Nobody has filed one" in texts[0]
    assert reza.get(f"{home}/{made.public_id}/withdraw").status_code == 404
    own = sign_in(app, sara[0], now=then).get(home).text
    assert TEXT in own
    assert "waits for a moderator" in own
    assert drift_faults(app) == []
    kinds = {"dissent": app.extensions["ucc.moderated"]["dissent"]}
    judge = replace(person(perform, "Mod", now=now)[1], roles=frozenset({Role.MODERATOR}))
    facts = {"addresses": ADDRESSES, "actor": judge, "now": then}
    perform(lambda session: moderation.publish_contribution(session, kinds, made.ref, **facts))
    assert all(TEXT in client.get(place).text for place in places[:2])
    shown = [entry.payload for entry in entries(made.ref) if entry.values["type"] == "dissent.shown"]
    assert (shown[-1]["text"], shown[-1]["author"]) == (TEXT, "Sara")
    assert drift_faults(app) == []


def test_who_is_blocked_or_in_haste_files_nothing_and_keeps_the_text(app, perform, read, process, then, sara, answered):
    set_rules(perform, process, now=then, per_place=2, per_hour=2)  # the proposal was one
    browser = sign_in(app, sara[0], now=then)
    address = f"/p/{process.public_id}/minority-statements/new"
    data = {"text": TEXT, "language": "en", "author": "named"}
    assert browser.post(f"{address}?on={process.ref}", data=data).status_code == 303
    refused = browser.post(f"{address}?on={answered.ref}", data=data)
    assert refused.status_code == 429
    assert TEXT in refused.text
    perform(lambda session: _block(session, process, sara[0], then))
    refused = browser.post(f"{address}?on={answered.ref}", data=data)
    assert refused.status_code == 403
    assert TEXT in refused.text
    mine = {"account_id": sara[0].id, "organisation_id": None}
    assert read(lambda s: queries.standing_dissent(s, answered.ref, process, **mine)) is None


def _block(session, process, account, now):
    facts: dict[str, Any] = {"days": 3, "reason": Reason.PERSONAL_DATA, "words": WORDS, "address": "", "tz": "UTC"}
    moderation.block_person(session, process, account, **facts, actor=CITY, now=now)


def test_an_erased_author_loses_the_name_and_the_statement_stays(
    app, perform, read, entries, process, then, sara, answered
):
    made = file(perform, process, answered.ref, sara[1], then)

    def erase(session):
        account = session.get_one(Account, sara[0].id)
        erase_account(session, account, erasers=app.extensions["ucc.erasers"], actor=CITY, now=then)

    perform(erase)
    assert (again(read, made).text, again(read, made).author_name) == (TEXT, None)
    [entry] = entries(made.ref)
    assert ("author" in entry.payload, entry.payload["text"]) == (False, TEXT)
    assert drift_faults(app) == []


def test_who_may_file_by_role_time_and_part(now):
    here = Process(id=1, public_id="p", status=ProcessState.OPEN, is_imported=False)

    def verdicts(takes_part, decided_at=now, counts_from=now, at=now):
        on = Disputed("proposal/x", here, DissentAbout.ANSWER, "x", "/", decided_at, counts_from)
        asked = {
            who: policies.can_dissent(actor, on, days=30, takes_part=takes_part, now=at)
            for who, actor in ACTORS.items()
        }
        return {who: decision.error if isinstance(decision, Denied) else None for who, decision in asked.items()}

    outside = {"visitor": SignInNeeded, "system": SignInNeeded, "evaluator": Forbidden}
    assert verdicts(True) == dict.fromkeys(ACTORS) | outside
    assert verdicts(False) == dict.fromkeys(ACTORS, Forbidden) | outside
    assert verdicts(True, decided_at=None) == dict.fromkeys(ACTORS, Conflict) | outside
    assert verdicts(True, at=now + timedelta(days=30)) == dict.fromkeys(ACTORS, Conflict) | outside
    assert verdicts(True, counts_from=None, at=now + timedelta(days=300)) == dict.fromkeys(ACTORS) | outside


def test_a_hidden_text_is_seen_by_its_author_and_moderators():
    hidden = Dissent(author_id=901, standing=Standing.HIDDEN)
    seen = {who for who, actor in ACTORS.items() if policies.sees_text(actor, hidden)}
    assert seen == {"resident", "moderator", "coordinator", "system"}


FORM = {"text": TEXT, "author": "named", "language": "en"}


def test_from_the_answer_to_the_page_of_statements(app, perform, client, clock, process, now):
    account = make_account(perform, "mina@city.example", now=now, display_name="Mina")
    browser = sign_in(app, account, now=clock.now())
    sent = submit(perform, process, acting(account), now=clock.now())
    home = f"/p/{process.public_id}"
    page = browser.get(f"{home}/proposals/{sent.public_id}").text
    assert "Minority statements" not in page.split("<main")[1]
    answer(perform, sent, official(perform, now=now), now=clock.now())
    address = f"{home}/minority-statements/new?on={sent.ref}"
    assert address.replace("&", "&amp;").split("?")[0] in browser.get(f"{home}/proposals/{sent.public_id}").text
    assert browser.get(address).status_code == 200
    assert browser.post(address, data=FORM | {"text": ""}).status_code == 422
    assert browser.post(address, data=FORM).status_code == 303
    for where in (f"{home}/minority-statements", f"{home}/proposals/{sent.public_id}"):
        assert TEXT in client.get(where).text
    assert TEXT not in client.get(home).text
    made = reload_only(app)
    withdraw = f"{home}/minority-statements/{made}/withdraw"
    assert client.post(withdraw).status_code == 303
    assert browser.get(withdraw).status_code == 200
    assert browser.post(withdraw).status_code == 303
    assert "Marked as withdrawn" in client.get(f"{home}/minority-statements").text


def reload_only(app):
    from ucc_participate.kernel.db import db

    with app.app_context():
        return db.session.scalars(select(Dissent.public_id)).one()


def test_a_statement_that_is_markup_is_shown_as_text(app, perform, client, process, then, sara, answered):
    file(perform, process, answered.ref, sara[1], then, text="<script>alert(1)</script> is what I think of it.")
    page = client.get(f"/p/{process.public_id}/minority-statements").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_queries_of_the_page_do_not_grow_with_the_statements(
    perform, client, process, then, sara, answered, count_queries, now
):
    address = f"/p/{process.public_id}/minority-statements"
    file(perform, process, answered.ref, sara[1], then)
    few = count_queries(lambda: client.get(address))
    for at in range(10):
        _account, actor = person(perform, f"Person{at}", now=now)
        submit(perform, process, actor, now=then)
        file(perform, process, answered.ref, actor, then)
    assert count_queries(lambda: client.get(address)) == few
