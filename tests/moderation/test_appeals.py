"""Appeals go to another moderator, once for each decision; the outcome is mailed and can bring the text back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.accounts.making import send_mails
from tests.moderation.making import ADDRESSES, WORDS, hide
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.moderation import operations, queries
from ucc_participate.moderation.models import Act, Appeal, AppealOutcome, Standing, Waiting

WHY = "It is my own telephone number, and I want people to call me."


@pytest.fixture
def hidden(perform, notes, process, sara, mod, now):
    note = notes.write(perform, process, sara, "Call me at 0912", now=now)
    hide(perform, notes, note.ref, mod, now=now)
    return note


def the_case(session, ref) -> Any:
    return queries.case_to_change(session, ref)


def appeal(perform, notes, ref, actor, *, now, words=WHY):
    def work(session):
        case = the_case(session, ref)
        decision = queries.decisions_of(session, case)[0]
        return operations.appeal(session, notes.kinds, case, decision, words=words, actor=actor, now=now)

    return perform(work)


def decide(perform, notes, ref, actor, outcome, *, now, answer=WORDS):
    def work(session):
        case = the_case(session, ref)
        operations.decide_appeal(
            session, notes.kinds, case, outcome, answer=answer, addresses=ADDRESSES, actor=actor, now=now
        )

    perform(work)


def case(read, ref):
    return read(lambda session: queries.case_of(session, ref))


def test_an_appeal_puts_the_case_back_into_the_queue(perform, read, notes, hidden, sara, now, told):
    appeal(perform, notes, hidden.ref, sara, now=now)
    assert case(read, hidden.ref).waits_for is Waiting.APPEALED
    assert told(hidden.ref)[-1] == ("moderation.appealed", {"kind": "note"})
    assert WHY not in str(told(hidden.ref))


def test_the_moderator_who_hid_it_cannot_decide_the_appeal(perform, read, notes, hidden, sara, mod, other_mod, now):
    appeal(perform, notes, hidden.ref, sara, now=now)
    with pytest.raises(Forbidden, match="another moderator"):
        decide(perform, notes, hidden.ref, mod, AppealOutcome.UPHELD, now=now)
    assert read(lambda s: s.scalar(select(Appeal.outcome))) is None
    decide(perform, notes, hidden.ref, other_mod, AppealOutcome.UPHELD, now=now)
    assert case(read, hidden.ref).waits_for is None
    assert notes.kept[hidden.ref].standing is Standing.HIDDEN


def test_an_appeal_that_succeeds_shows_the_text_again_and_is_mailed(
    app, perform, read, notes, hidden, sara, other_mod, now, told
):
    appeal(perform, notes, hidden.ref, sara, now=now)
    decide(perform, notes, hidden.ref, other_mod, AppealOutcome.OVERTURNED, now=now)
    assert notes.kept[hidden.ref].standing is Standing.SHOWN
    found: Any = case(read, hidden.ref)
    assert read(lambda s: queries.decisions_of(s, found)[0].act) is Act.RESTORED
    assert told(hidden.ref)[-1][1] == {"kind": "note", "outcome": "overturned", "words": WORDS}
    assert told(hidden.ref)[-2][1]["text"] == "Call me at 0912"
    mail = send_mails(app)[0]
    assert "took the decision back" in mail.body
    assert WORDS in mail.body


def test_a_decision_has_one_appeal_by_its_author_with_words(perform, notes, hidden, sara, mod, other_mod, now):
    with pytest.raises(Forbidden, match="author"):
        appeal(perform, notes, hidden.ref, other_mod, now=now)
    with pytest.raises(Invalid):
        appeal(perform, notes, hidden.ref, sara, now=now, words="No!")
    appeal(perform, notes, hidden.ref, sara, now=now)
    with pytest.raises(Conflict, match="already"):
        appeal(perform, notes, hidden.ref, sara, now=now)
    decide(perform, notes, hidden.ref, other_mod, AppealOutcome.UPHELD, now=now)
    with pytest.raises(Conflict):
        appeal(perform, notes, hidden.ref, sara, now=now)
