"""The lines of the log that a finding cites, where the first of their type would prove nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import event

from tests.accounts.making import make_account
from tests.assisted.making import PROPOSING, begin, clerk, enter, entry, open_process
from tests.meetings.making import announce, hold
from tests.processes.making import change, make_process
from tests.proposals.making import person, proposing_process, submit
from tests.stakeholders.making import make_delegate, make_organisation
from ucc_participate.audit import log
from ucc_participate.audit.queries import opened_fields
from ucc_participate.deliberation.models import Said, Stance, Voice
from ucc_participate.deliberation.operations import post_comment
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.db import db
from ucc_participate.meetings.models import Mode
from ucc_participate.objections import checks, landmarks, queries
from ucc_participate.objections.facts import Facts, Gatherings, Moderated
from ucc_participate.processes.models import Process, ProcessState, WayIn
from ucc_participate.processes.participation import join
from ucc_participate.processes.queries import get_process
from ucc_participate.proposals.discussing import KIND
from ucc_participate.vocabularies.uccn import Sector


def gathered(app: Flask, process: Process, now: datetime) -> Facts:
    with app.app_context():
        log.sequence(db.engine)
        return queries.gather(db.session(), get_process(db.session(), process.public_id), now=now)


def joins(perform: Any, process: Process, email: str, now: datetime) -> None:
    """Somebody takes part on the internet."""
    account = make_account(perform, email, now=now)

    def take_part(session: Any, found: Process, *, actor: Any, now: datetime) -> None:
        join(session, found, account.id, actor=actor, now=now)

    change(perform, process, take_part, now=now)


def opened(app: Flask, line: int) -> dict[str, Any]:
    with app.app_context():
        return opened_fields(db.session.connection(), [line])[line]


def test_who_came_on_paper_is_cited_and_not_whoever_came_first(app: Flask, perform: Any, clock: FrozenClock) -> None:
    process = open_process(perform, clock.now())
    now = clock.now() + PROPOSING
    joins(perform, process, "first@example.org", now)
    _account, actor = clerk(perform, now)
    sitting = begin(perform, process, actor, now=now, way_in=WayIn.PAPER)
    enter(perform, process, sitting, entry("Parvaneh"), actor, now=now)
    joins(perform, process, "last@example.org", now)
    facts = gathered(app, process, now)
    [line] = checks.presence.there_is_a_way_without_internet(facts).lines
    assert opened(app, line) == {"way_in": "paper"}
    assert (line,) != facts.entries["participant.joined"]


def test_nobody_is_cited_where_everybody_came_on_the_internet(app: Flask, perform: Any, clock: FrozenClock) -> None:
    process = open_process(perform, clock.now())
    joins(perform, process, "first@example.org", clock.now())
    assert "participant.joined:assisted" not in gathered(app, process, clock.now()).entries


def test_every_passed_gate_is_cited_with_its_reason(app: Flask, perform: Any, clock: FrozenClock) -> None:
    facts = gathered(app, open_process(perform, clock.now()), clock.now())
    lines = checks.presence.no_gate_was_passed(facts).lines
    assert len(lines) == facts.overrides == 1
    assert opened(app, lines[0])["reason"]


def test_meetings_that_were_held_are_counted_by_their_way_and_cited(
    app: Flask, perform: Any, clock: FrozenClock
) -> None:
    process = make_process(perform, clock.now(), ProcessState.OPEN)
    online = {"mode": Mode.ONLINE, "link": "https://meet.example/x", "place": ""}
    ways: list[dict[str, Any]] = [{}, {"mode": Mode.BOTH, "link": "https://meet.example/y"}, online]
    for way in ways:
        meeting = announce(perform, process, now=clock.now(), **way)
        if meeting.mode is not Mode.ONLINE:
            hold(perform, meeting, now=meeting.ends_at)
    facts = gathered(app, process, clock.now())
    assert facts.gatherings == Gatherings(in_person=2, online=1, without_minutes=2, to_come=1)
    [line] = checks.discussion.people_met(facts).lines
    assert line == facts.entries["meeting.held"][0]


def test_what_an_organisation_said_first_is_cited_for_its_sector(app: Flask, perform: Any, clock: FrozenClock) -> None:
    process, then = proposing_process(perform, clock.now())
    _author, actor = person(perform, "Mina", now=clock.now())
    clock.at = then
    proposal = submit(perform, process, actor, now=then)
    guild = make_organisation(perform, "Guild", Sector.PRIVATE, now=then)
    account, reza = person(perform, "Reza", now=then)
    make_delegate(perform, guild, account, now=then)
    speaker = replace(reza, delegations=frozenset({guild.public_id}))
    said = Said("The looms stand still in the evening.", Stance.FOR, "en", Voice.ORGANISATION, guild.public_id)

    def say(session: Any) -> Any:
        topic = KIND.load(session, proposal.ref, speaker, then)
        assert topic is not None
        return post_comment(session, topic, said, actor=speaker, now=then, key=None, addresses=None)

    perform(say)
    facts = gathered(app, process, then)
    assert facts.heard == {Sector.PRIVATE: 1}
    [line] = facts.entries["comment.posted:sector:private"]
    assert opened(app, line)["sector"] == "private"
    assert (facts.late, facts.dissents, facts.moderated) == (0, 0, Moderated(0, 0, 0, 0, 0))


def test_what_came_since_the_log_was_read_is_found_as_if_it_were_read_anew(
    app: Flask, perform: Any, clock: FrozenClock
) -> None:
    process = open_process(perform, clock.now())
    now = clock.now() + PROPOSING
    joins(perform, process, "first@example.org", now)
    before = gathered(app, process, now).entries
    _account, actor = clerk(perform, now)
    sitting = begin(perform, process, actor, now=now, way_in=WayIn.PAPER)
    enter(perform, process, sitting, entry("Parvaneh"), actor, now=now)
    after = gathered(app, process, now).entries
    landmarks._known.clear()
    assert after == gathered(app, process, now).entries
    assert after["participant.joined"] == before["participant.joined"]
    assert after.keys() - before.keys() >= {"participant.joined:assisted", "proposal.submitted"}


def test_the_log_of_a_process_is_read_once_and_then_only_what_came_since(
    app: Flask, perform: Any, clock: FrozenClock
) -> None:
    process = open_process(perform, clock.now())
    before = gathered(app, process, clock.now()).log_size
    asked: list[Any] = []

    def note(*facts: Any) -> None:
        asked.append((facts[2], facts[3]))

    joins(perform, process, "first@example.org", clock.now())
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        gathered(app, process, clock.now())
        event.remove(db.engine, "before_cursor_execute", note)
    reads = [
        values
        for statement, values in asked
        if "FROM log_entry" in statement and "GROUP BY log_entry.type" in statement
    ]
    assert reads
    firsts = [max(each for each in values if isinstance(each, int)) for values in map(_values, reads)]
    assert min(firsts) >= before - 2


def _values(parameters: Any) -> list[Any]:
    return list(parameters.values() if isinstance(parameters, dict) else parameters)
