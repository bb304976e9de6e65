"""The lines of the log that a finding cites prove what it says, in every process of the demonstration city."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from ucc_participate.audit.models import LogEntry
from ucc_participate.audit.queries import opened_fields
from ucc_participate.kernel import clock
from ucc_participate.kernel.db import db, table_of
from ucc_participate.objections import queries
from ucc_participate.objections.checks import CHECKS, Finding, Standing
from ucc_participate.objections.facts import Facts
from ucc_participate.processes.models import Process
from ucc_participate.processes.queries import get_process

SECTORS = {"public", "private", "civil_society"}
_entries = table_of(LogEntry)


@dataclass(frozen=True)
class Line:
    type: str
    process: str | None
    fields: dict[str, Any]


Proof = Callable[[Facts, list[Line]], bool]


def sectors(lines: list[Line], kind: str) -> bool:
    """One line for each sector: an organisation of it was invited, or said yes."""
    return {line.type for line in lines} == {kind} and {line.fields["sector"] for line in lines} == SECTORS


PROOFS: dict[str, Proof] = {
    "a_named_person_is_responsible": lambda facts, lines: lines[0].fields["responsible"] == facts.process.responsible,
    "the_promise_is_complete": lambda _facts, lines: all(
        lines[0].fields[name] for name in ("purpose", "scope", "open_questions", "promise", "phases", "documents")
    ),
    "people_had_notice": lambda facts, lines: (
        lines[0].fields["published_at"] == facts.process.public_payload()["published_at"]
        and lines[0].fields["opened_at"] == facts.process.public_payload()["opened_at"]
    ),
    "there_is_enough_time": lambda facts, lines: (
        lines[0].fields["phases"] == facts.process.public_payload()["phases"]
        and lines[0].fields["min_open_days"] == facts.process.min_open_days
    ),
    "every_sector_is_invited": lambda _facts, lines: sectors(lines, "stakeholder.invited"),
    "every_sector_takes_part": lambda _facts, lines: all(
        line.type == "stakeholder.answered" and line.fields["status"] == "answered" for line in lines
    ),
    "no_gate_was_passed": lambda facts, lines: (
        len(lines) == facts.overrides
        and all(line.type == "gate.overridden" and line.fields["reason"] for line in lines)
    ),
    "targets_were_set": lambda facts, lines: lines[0].fields["targets"] == facts.process.targets,
    "there_is_a_way_without_internet": lambda _facts, lines: (
        lines[0].type == "participant.joined" and lines[0].fields["way_in"] in {"paper", "workshop", "phone", "counter"}
    ),
    "womens_groups_are_invited": lambda _facts, lines: (
        lines[0].type == "stakeholder.invited" and lines[0].fields["is_womens_group"] is True
    ),
    "youth_groups_are_invited": lambda _facts, lines: (
        lines[0].type == "stakeholder.invited" and lines[0].fields["is_youth_group"] is True
    ),
    "rules_were_fixed_first": lambda facts, lines: (
        Counter(line.type for line in lines) == {"vote.announced": len(facts.votes)}
    ),
    "votes_are_counted": lambda facts, lines: (
        Counter(line.type for line in lines) == {"vote.tallied": len(facts.votes)}
    ),
    "people_met": lambda _facts, lines: (
        {line.type for line in lines} == {"meeting.held"} and {line.fields["status"] for line in lines} == {"held"}
    ),
    "every_sector_is_heard": lambda _facts, lines: sectors(lines, "comment.posted"),
    "dissent_is_kept": lambda facts, lines: (
        Counter(line.type for line in lines) == {"dissent.filed": facts.dissents}
        and all(line.fields["text"] for line in lines)
    ),
    "rolls_stayed_frozen": lambda _facts, lines: (
        {line.type for line in lines} in ({"roll.frozen"}, {"roll.extended"}, {"roll.reduced"})
    ),
}


@pytest.fixture(scope="module")
def found(city: Flask) -> list[tuple[str, Facts, Finding, list[Line]]]:
    """(name of the check, facts, finding, cited lines) of every process that is not a draft."""
    with city.app_context():
        return [each for public_id in _processes() for each in _cited(public_id)]


def _processes() -> list[str]:
    return list(db.session.scalars(select(Process.public_id).where(Process.published_at.is_not(None))))


def _cited(public_id: str) -> Iterator[tuple[str, Facts, Finding, list[Line]]]:
    session = db.session()
    facts = queries.gather(session, get_process(session, public_id), now=clock.now())
    for check in CHECKS:
        finding = check(facts)
        fields = opened_fields(session.connection(), finding.lines)
        rows = session.execute(
            select(_entries).where(_entries.c.position.in_(finding.lines)).order_by(_entries.c.position)
        )
        yield (
            check.__name__,
            facts,
            finding,
            [Line(row.type, row.process, fields.get(row.position, {})) for row in rows],
        )


def test_every_cited_line_proves_what_is_said_of_this_process(found: Any) -> None:
    cited = [(name, facts, finding, lines) for name, facts, finding, lines in found if finding.lines]
    wrong = [
        (facts.process.public_id, name, str(finding.says), lines)
        for name, facts, finding, lines in cited
        if {line.process for line in lines} != {facts.process.ref} or not PROOFS[name](facts, lines)
    ]
    assert not wrong


def test_the_city_has_an_instance_of_nearly_every_kind_of_proof(found: Any) -> None:
    """The others are tested in tests/objections/test_proofs.py."""
    made = {"no_gate_was_passed", "there_is_a_way_without_internet"}
    assert {name for name, _facts, finding, _lines in found if finding.lines} | made == PROOFS.keys()


def test_what_is_met_and_cites_nothing_is_what_no_few_lines_can_prove(found: Any) -> None:
    met = [
        (name, facts)
        for name, facts, finding, _lines in found
        if finding.standing is Standing.MET and not finding.lines
    ]
    bare = {name for name, facts in met if name != "dissent_is_kept" or facts.dissents}
    assert bare.isdisjoint(PROOFS.keys() - {"no_gate_was_passed"})
