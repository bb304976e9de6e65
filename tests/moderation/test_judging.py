"""Hiding, restoring, publishing and refusing: the contribution, the log, the mail."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.accounts.making import send_mails
from tests.moderation.making import WORDS, flag, hide, judge, set_rules
from ucc_participate.kernel.errors import Conflict, Forbidden
from ucc_participate.moderation import operations, queries
from ucc_participate.moderation.models import Act, Decision, Mode, Reason, Standing

SECRET = "Reza lives in Golestan street 12"


def test_a_hidden_text_leaves_the_log_too_and_its_author_is_told(app, perform, notes, process, sara, mod, now, told):
    note = notes.write(perform, process, sara, SECRET, now=now)
    assert SECRET in str(told(note.ref))
    hide(perform, notes, note.ref, mod, now=now, reason=Reason.PERSONAL_DATA)
    assert notes.kept[note.ref].standing is Standing.HIDDEN
    assert SECRET not in str(told(note.ref))
    newest = dict(told(note.ref))
    assert newest["moderation.hidden"] == {"kind": "note", "reason": "personal_data", "words": WORDS}
    assert newest["redaction.declared"]["withheld"][0][1] == "text"
    mail = send_mails(app)[0]
    assert mail.to == "sara@city.example"
    assert "personal data" in mail.body
    assert WORDS in mail.body


def test_restoring_writes_the_text_into_the_log_anew(perform, notes, process, sara, mod, now, told):
    note = notes.write(perform, process, sara, SECRET, now=now)
    hide(perform, notes, note.ref, mod, now=now)
    judge(perform, notes, operations.restore_contribution, note.ref, mod, now=now)
    assert notes.kept[note.ref].standing is Standing.SHOWN
    assert [payload.get("text") for kind, payload in told(note.ref) if kind == "moderation.kept"] == [
        None,
        None,
        SECRET,
    ]


def test_a_refused_text_never_reaches_the_log(perform, notes, process, sara, mod, now, told, read):
    set_rules(perform, process, now=now, mode=Mode.BEFORE)
    note = notes.write(perform, process, sara, SECRET, now=now)
    known = {"reason": Reason.PERSONAL_DATA, "words": WORDS}
    judge(perform, notes, operations.refuse_contribution, note.ref, mod, now=now, **known)
    assert notes.kept[note.ref].standing is Standing.HIDDEN
    assert SECRET not in str(told(note.ref))
    [decision] = read(lambda session: list(session.scalars(select(Decision))))
    assert (decision.act, decision.waited_since, decision.decided_by_id) == (Act.REFUSED, now, mod.account_id)


def test_nobody_judges_what_they_wrote(perform, notes, process, mod, other_mod, now):
    note = notes.write(perform, process, mod, SECRET, now=now)
    with pytest.raises(Forbidden, match="own contribution"):
        hide(perform, notes, note.ref, mod, now=now)
    assert notes.kept[note.ref].standing is Standing.SHOWN
    hide(perform, notes, note.ref, other_mod, now=now)


def test_two_moderators_at_once_decide_once(perform, notes, process, sara, mod, other_mod, now):
    note = notes.write(perform, process, sara, SECRET, now=now)
    hide(perform, notes, note.ref, mod, now=now)
    with pytest.raises(Conflict):
        hide(perform, notes, note.ref, other_mod, now=now)


def test_a_flag_is_answered_by_leaving_the_text_as_it_is(perform, read, notes, process, sara, mod, other_mod, now):
    note = notes.write(perform, process, sara, SECRET, now=now)
    flag(perform, notes, note.ref, other_mod, now=now)
    assert read(lambda session: queries.case_of(session, note.ref)).waiting_since == now
    judge(perform, notes, operations.keep_contribution, note.ref, mod, now=now)
    case = read(lambda session: queries.case_of(session, note.ref))
    assert (case.waits_for, case.waiting_since, case.weight) == (None, None, 0)
    assert notes.kept[note.ref].standing is Standing.SHOWN
