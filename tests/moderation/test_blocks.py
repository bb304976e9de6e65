"""Blocks have an end and a reason, are told to the person, and name nobody in the log."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.accounts.making import entries, send_mails, sign_in
from tests.moderation.making import WORDS, person
from tests.stakeholders.making import ACTORS
from ucc_participate.accounts.operations import erase_account
from ucc_participate.accounts.queries import get_account
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.moderation import operations, queries
from ucc_participate.moderation.models import Reason
from ucc_participate.moderation.screening import Blocked

FACTS = {"address": "http://city.example/p/x", "tz": "Asia/Tehran"}


def block(perform, process, account, actor, *, now, days=7, words=WORDS):
    known = {"days": days, "reason": Reason.INSULT, "words": words}
    return perform(
        lambda s: operations.block_person(
            s, process, get_account(s, account.public_id), **known, **FACTS, actor=actor, now=now
        )
    )


@pytest.fixture
def ali(perform, now):
    return person(perform, "Ali", now=now)


def test_a_blocked_person_is_refused_with_reason_and_end_until_it_is_over(app, perform, notes, process, ali, mod, now):
    account, actor = ali
    made = block(perform, process, account, mod, now=now)
    assert made.until == now + timedelta(days=7)
    with pytest.raises(Blocked) as refusal:
        notes.write(perform, process, actor, "Hello again", now=now + timedelta(days=6))
    with app.test_request_context():
        assert WORDS in str(refusal.value)
        assert "Insult" in str(refusal.value)
    notes.write(perform, process, actor, "After a week", now=now + timedelta(days=7))


def test_the_log_says_that_somebody_was_blocked_and_not_who(app, perform, process, ali, mod, now):
    account, _actor = ali
    made = block(perform, process, account, mod, now=now)
    newest = entries(app)[-1]
    assert (newest.values["type"], newest.values["subject"]) == ("person.blocked", made.ref)
    assert newest.payload == {"reason": "insult", "words": WORDS, "until": "2026-03-28T08:00:00Z"}
    assert account.public_id not in newest.entry.decode()
    mail = send_mails(app)[0]
    assert mail.to == account.email
    assert "28 March 2026" in mail.body
    assert WORDS in mail.body


def test_a_block_ends_early_with_a_reason_by_somebody_else(app, perform, notes, process, ali, mod, now, read):
    account, actor = ali
    made = block(perform, process, account, mod, now=now)

    def end(session, by):
        held = queries.block_to_change(session, process, made.public_id)
        operations.end_block(session, process, held, because="You asked for pardon.", **FACTS, actor=by, now=now)

    with pytest.raises(Forbidden):
        perform(lambda session: end(session, actor))
    perform(lambda session: end(session, mod))
    notes.write(perform, process, actor, "Thank you", now=now)
    with pytest.raises(Conflict):
        perform(lambda session: end(session, mod))
    assert read(lambda s: queries.block_of(s, process, account.id, now=now)) is None
    assert "before its time" in send_mails(app)[0].body


def test_a_block_needs_an_end_and_words_and_holds_once(perform, process, ali, mod, now):
    account, _actor = ali
    for days in (0, 91):
        with pytest.raises(Invalid):
            block(perform, process, account, mod, now=now, days=days)
    with pytest.raises(Invalid):
        block(perform, process, account, mod, now=now, words="No")
    block(perform, process, account, mod, now=now)
    with pytest.raises(Conflict):
        block(perform, process, account, mod, now=now)


def test_nobody_blocks_themselves_and_clerks_block_nobody(perform, process, ali, now, read):
    account, actor = ali
    with pytest.raises(Forbidden):
        block(perform, process, account, ACTORS["clerk"], now=now)
    with pytest.raises(Forbidden):
        block(perform, process, account, actor, now=now)


def test_the_person_reads_the_block_in_the_account_and_in_the_download(app, perform, process, ali, mod, now):
    account, _actor = ali
    block(perform, process, account, mod, now=now)
    browser = sign_in(app, account, now=now)
    page = browser.get("/account").text
    assert "You cannot contribute until" in page
    assert WORDS in page
    assert WORDS in browser.get(f"/p/{process.public_id}/moderation").text


def test_an_erased_person_leaves_no_words_of_their_block(app, perform, read, notes, process, ali, mod, now):
    account, actor = ali
    block(perform, process, account, mod, now=now, words="Because Ali Rahimi shouted at people")
    erasers = app.extensions["ucc.erasers"]
    perform(
        lambda s: erase_account(
            s, get_account(s, account.public_id), erasers=erasers, actor=actor, now=now, reason="own wish"
        )
    )
    assert "Rahimi" not in str([entry.payload for entry in entries(app)])
    assert read(lambda s: [blocked.words for blocked, _who in queries.list_blocks(s, process)]) == ["—"]
