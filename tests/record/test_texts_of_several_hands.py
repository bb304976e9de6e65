"""A record with versions, co-authors, endorsements and amendments: both verifiers accept it; no supporter is named."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest

from tests.proposals.making import PAGE, change, content, person, proposing_process, submit
from tests.proposals.test_writing_together import OTHER, amend, endorse, invite, reply
from tests.record.attacks import Case, write
from tests.record.test_verify_html import assert_same, by_python, check, context, opened
from tests.stakeholders.making import CITY
from ucc_participate.audit.extension import audit_log
from ucc_participate.proposals import operations
from ucc_participate.record import exporting

__all__ = ["context", "opened"]


@pytest.fixture
def exported(app, perform, clock):
    process, then = proposing_process(perform, clock.now())
    sara, reza, nima = (person(perform, name, now=clock.now())[1] for name in ("Sara", "Reza", "Nima"))
    sent = submit(perform, process, sara, now=then)
    reply(
        perform,
        invite(perform, sent, sara, now=then, email="reza@city.example"),
        operations.accept_invitation,
        reza,
        now=then,
    )
    endorse(perform, sent, nima, now=then)
    made = amend(perform, sent, nima, now=then)
    change(perform, sent, operations.accept_amendment, made.number, actor=sara, now=then, address=PAGE)
    last = content(summary=OTHER, title="Evening workshops for weavers of all ages")
    facts = {"change": "The workshops are for everybody now.", "address": PAGE}
    change(perform, sent, operations.change_text, last, actor=reza, now=then, **facts)
    perform(lambda session: operations.recount_endorsements(session, actor=CITY, now=then))
    clock.at = then
    with app.app_context():
        return exporting.export(process.public_id), audit_log().signer.vkey


def test_both_verifiers_accept_it_in_the_same_words(exported, opened, tmp_path):
    record, key = exported
    case = Case(write(tmp_path / "record.zip", record.path.read_bytes()), [key])
    found = check(opened, case)
    assert_same(found, by_python(case))
    assert found["failed"] == []


def test_its_table_has_the_newest_text_and_its_log_ties_no_resident_to_a_proposal(exported):
    record, _key = exported
    with zipfile.ZipFile(record.path) as package:
        [row] = csv.DictReader(io.StringIO(package.read("data/tables/proposals.csv").decode()))
        openings = package.read("data/openings.jsonl").decode()
    assert (row["summary"], row["title"]) == (OTHER, "Evening workshops for weavers of all ages")
    assert '"residents"' in openings
    assert "endorsement/" not in openings
