"""A process imported from a small Pabulib file, and its record."""

from __future__ import annotations

import io

import pytest

from ucc_participate.kernel.identity import system_actor
from ucc_participate.record import exporting
from ucc_participate.voting import pabulib
from ucc_participate.voting.importing import import_vote

ACTOR = system_actor("test")
FILE = """META
key;value
description;Vote of Testville
country;Poland
unit;Testville
instance;2024
num_projects;3
num_votes;12
budget;1000
vote_type;approval
rule;greedy
date_begin;01.05.2024
date_end;09.05.2024
max_length;2
language;en
currency;PLN
PROJECTS
project_id;cost;votes;name;selected
A/1;600;8;Looms for the school;1
B/2;500;6;Archive of patterns;0
C/3;400;4;Bench under the plane tree;1
VOTES
voter_id;vote;age;sex;voting_method
"""
VOTES = ["A/1,B/2"] * 6 + ["A/1,C/3"] * 2 + ["C/3"] * 2 + [""] * 2


@pytest.fixture
def process(app, perform, clock):
    """The public id of a process imported from FILE."""
    lines = [f"{at};{vote};{20 + at};{'FM'[at % 2]};internet" for at, vote in enumerate(VOTES) if vote]
    text = FILE.replace("num_votes;12", f"num_votes;{len(lines)}") + "\n".join(lines) + "\n"
    file = pabulib.read(io.StringIO(text))
    made = perform(lambda session: import_vote(session, file, source="test.pb", actor=ACTOR, now=clock.now()))
    return made.process.public_id


@pytest.fixture
def exported(app, process):
    with app.app_context():
        return exporting.export(process)
