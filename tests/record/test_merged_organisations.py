"""A record of a process in which two entries of the register were merged: both verifiers accept it alike."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pypdf
import pytest

from tests.processes.making import change, invite_organisations, make_process
from tests.record.attacks import Case, write
from tests.record.test_verify_html import assert_same, by_python, check, context, opened
from tests.stakeholders.making import ACTORS, make_organisation
from ucc_participate.audit.extension import audit_log
from ucc_participate.processes.models import ProcessState
from ucc_participate.record import exporting, verify
from ucc_participate.stakeholders import operations, queries

__all__ = ["context", "opened"]


@pytest.fixture
def record(app, perform, clock):
    """The record of an open process to which both entries were invited before they were merged, and the two."""
    now = clock.now()
    process = make_process(perform, now, ProcessState.OPEN)
    two = [make_organisation(perform, name, now=now) for name in ("Guild of potters", "Potters’ guild")]
    change(perform, process, invite_organisations, two, now=now)
    parts, ids = app.extensions["ucc.merge_parts"], [each.public_id for each in two]

    def merge(session):
        both = queries.organisations_to_merge(session, *ids)
        operations.merge_organisations(session, *both, reason="One guild", parts=parts, actor=ACTORS["clerk"], now=now)

    perform(merge)
    with app.app_context():
        return exporting.export(process.public_id), two


def key_of(app):
    with app.app_context():
        return audit_log().signer.vkey


def test_both_verifiers_accept_it_in_the_same_words(app, record, opened, tmp_path):
    exported, _two = record
    case = Case(write(tmp_path / "record.zip", exported.path.read_bytes()), [key_of(app)])
    found = check(opened, case)
    assert_same(found, by_python(case))
    assert found["failed"] == []


def test_its_tables_keep_both_and_its_log_says_who_stands_for_whom(app, record):
    exported, (gone, stays) = record
    report = verify.verify(str(exported.path), [key_of(app)], [])
    assert report.failed == []
    with zipfile.ZipFile(exported.path) as package:
        rows = list(csv.DictReader(io.StringIO(package.read("data/tables/stakeholders.csv").decode())))
        openings = package.read("data/openings.jsonl").decode()
    assert {row["organisation"] for row in rows} == {gone.ref, stays.ref}
    assert '"merged_into":["' in openings
    assert stays.ref in openings.split('"merged_into"')[1][:200]


def test_the_report_names_the_one_that_stands_for_both(record):
    exported, _two = record
    with zipfile.ZipFile(exported.path) as package:
        report = pypdf.PdfReader(io.BytesIO(package.read("data/record.en.pdf")))
    text = " ".join(page.extract_text() for page in report.pages)
    assert "Potters’ guild" in text
    assert "Guild of potters" not in text
    assert re.search(r"1\s+organisation invited", text)
