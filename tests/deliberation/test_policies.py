"""Who may speak: every actor against every phase and state, and what each is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from ucc_participate.deliberation import policies
from ucc_participate.deliberation.models import Comment, CommentState, Guest, Thread, Voice
from ucc_participate.deliberation.subjects import Topic
from ucc_participate.kernel.decision import Denied
from ucc_participate.kernel.errors import Conflict, Forbidden, SignInNeeded
from ucc_participate.kernel.identity import VISITOR, Actor, Role
from ucc_participate.moderation.models import Standing
from ucc_participate.processes.models import Phase, PhaseKind, Process, ProcessState

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=timezone.utc)
SARA = Actor("account:1", account_id=1, roles=frozenset({Role.RESIDENT}), name="Sara")
REZA = Actor("account:2", account_id=2, roles=frozenset({Role.RESIDENT}), name="Reza")
LEILA = Actor("account:3", account_id=3, roles=frozenset({Role.COORDINATOR}))
EVALUATOR = Actor("account:4", account_id=4, roles=frozenset({Role.EVALUATOR}))
MODERATOR = Actor("account:5", account_id=5, roles=frozenset({Role.MODERATOR}))
DELEGATE = replace(REZA, delegations=frozenset({"weavers2"}))
GUEST = replace(SARA, guest_of="process2")
INVITED = Guest(until=NOW + timedelta(days=1))


def process(kind: PhaseKind = PhaseKind.DISCUSS, status: ProcessState = ProcessState.OPEN) -> Process:
    phase = Phase(kind=kind, title={"en": "X"}, starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=1))
    return Process(public_id="process2", title={"en": "A"}, status=status, phases=[phase])


def topic(**changes: object) -> Topic:
    facts: dict[str, object] = {"ref": "proposal/x", "process": process(), "title": "T", "language": "en"}
    return Topic(**{**facts, **changes})  # type: ignore[arg-type]


def said(
    author: Actor = SARA, *, standing: Standing = Standing.SHOWN, minutes: float = 5, **changes: object
) -> Comment:
    facts = {"status": CommentState.POSTED, "voice": Voice.RESIDENT, "process": process(), "thread": Thread()}
    written = NOW - timedelta(minutes=minutes)
    return Comment(author_id=author.account_id, standing=standing, written_at=written, **{**facts, **changes})


@pytest.mark.parametrize("kind", list(PhaseKind))
def test_comments_are_taken_in_the_phases_for_them(kind: PhaseKind) -> None:
    takes = kind in (PhaseKind.PROPOSE, PhaseKind.DISCUSS, PhaseKind.ANSWER)
    assert bool(policies.can_comment(SARA, topic(process=process(kind)), now=NOW)) is takes


@pytest.mark.parametrize("status", list(ProcessState))
def test_comments_are_taken_only_while_the_process_is_open(status: ProcessState) -> None:
    open_now = policies.can_comment(LEILA, topic(process=process(status=status)), now=NOW)
    assert bool(open_now) is (status is ProcessState.OPEN)


@pytest.mark.parametrize(
    ("actor", "facts", "error"),
    [
        (SARA, {}, None),
        (VISITOR, {}, SignInNeeded),
        (EVALUATOR, {}, Forbidden),
        (SARA, {"voice": Voice.CITY}, Forbidden),
        (LEILA, {"voice": Voice.CITY}, None),
        (DELEGATE, {"voice": Voice.ORGANISATION, "organisation": "weavers2"}, None),
        (DELEGATE, {"voice": Voice.ORGANISATION, "organisation": "potters2"}, Forbidden),
        (REZA, {"voice": Voice.ORGANISATION, "organisation": "weavers2"}, Forbidden),
        (GUEST, {"guest": INVITED}, None),
        (GUEST, {}, Forbidden),
        (GUEST, {"guest": Guest(until=NOW)}, Forbidden),
        (GUEST, {"guest": Guest(until=NOW + timedelta(days=1), revoked_at=NOW)}, Forbidden),
        (replace(GUEST, guest_of="another2"), {"guest": INVITED}, Forbidden),
    ],
)
def test_who_may_speak_in_which_voice(actor, facts, error):
    decision = policies.can_comment(actor, topic(), now=NOW, **facts)
    assert (decision.error if isinstance(decision, Denied) else None) is error


def test_a_subject_may_refuse_for_reasons_of_its_own():
    decision = policies.can_comment(SARA, topic(refusal="Withdrawn."), now=NOW)
    assert isinstance(decision, Denied)
    assert (decision.error, decision.reason) == (Conflict, "Withdrawn.")


@pytest.mark.parametrize(
    ("actor", "comment", "may"),
    [
        (SARA, said(), True),
        (REZA, said(), False),
        (SARA, said(minutes=14.9), True),
        (SARA, said(minutes=15), False),
        (SARA, said(standing=Standing.HELD), True),
        (SARA, said(standing=Standing.HIDDEN), False),
        (SARA, said(status=CommentState.WITHDRAWN), False),
        (SARA, said(process=process(PhaseKind.VOTE)), False),
        (MODERATOR, said(), False),
    ],
)
def test_who_may_change_the_words(actor, comment, may):
    assert bool(policies.can_edit(actor, comment, now=NOW, minutes=15)) is may


@pytest.mark.parametrize(
    ("actor", "standing", "may"),
    [
        (VISITOR, Standing.SHOWN, True),
        (VISITOR, Standing.HIDDEN, True),
        (VISITOR, Standing.HELD, False),
        (REZA, Standing.HELD, False),
        (SARA, Standing.HELD, True),
        (MODERATOR, Standing.HELD, True),
    ],
)
def test_what_waits_is_there_for_its_author_and_moderators_alone(actor, standing, may):
    assert bool(policies.can_read(actor, said(standing=standing), now=NOW)) is may


def test_nobody_marks_own_words_and_guests_mark_none():
    assert policies.can_mark(REZA, said(), now=NOW)
    for actor in (SARA, VISITOR, EVALUATOR, GUEST):
        assert not policies.can_mark(actor, said(), now=NOW)
    assert not policies.can_mark(REZA, said(standing=Standing.HIDDEN), now=NOW)


def test_words_are_erased_by_their_author_also_when_all_is_over():
    over = process(status=ProcessState.CLOSED)
    assert not policies.can_withdraw(SARA, said(process=over), now=NOW)
    assert policies.can_erase_words(SARA, said(process=over, status=CommentState.WITHDRAWN), now=NOW)
    assert not policies.can_erase_words(REZA, said(), now=NOW)
    assert not policies.can_erase_words(SARA, said(voice=Voice.CITY), now=NOW)
