"""Barcelona's plan goes on in a city's own open process, through the pages: from the table to the checked record.

Its 410 meetings stand in a process held elsewhere, its 1,467 action plans in an open one: searched, compared, counted
by district, twenty of them merged, twenty answered, handed over. The files are not part of the project; they are looked
for in ``shared/data/barcelona`` beside it, or under ``UCC_SHARED``.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from subprocess import run as run_program

import pytest
from sqlalchemy import select

from tests.accounts.making import make_account, sign_in
from tests.conformance.test_barcelona_meetings import FILE as MEETINGS
from tests.conformance.test_barcelona_plans import FILE, bring_map, plans
from tests.proposals.making import proposing_process
from tests.stakeholders.making import drift_faults
from ucc_participate.audit.extension import audit_log
from ucc_participate.kernel.identity import Role
from ucc_participate.proposals import similar
from ucc_participate.proposals.models import LineageKind, Outcome, Proposal, ProposalLineage
from ucc_participate.record import verify
from ucc_participate.record.exporting import export

pytestmark = pytest.mark.skipif(
    not (FILE.is_file() and MEETINGS.is_file()), reason=f"no plan of Barcelona at {FILE}; set UCC_SHARED"
)

CITY = "Ajuntament de Barcelona"
DISTRICT = "Nou Barris"
MERGED, ANSWERED = 20, 20
WHY = "All twenty name works in the same streets; one programme with one budget serves them better."
NOBODY = "They come from the plan of 2016, whose authors cannot be asked here; the list of all twenty is published."


@pytest.fixture
def place(app, perform, clock, tmp_path):
    """An open process with the whole plan, and the map of the districts."""
    process, clock.at = proposing_process(perform, clock.now())
    bring_map(app, tmp_path)
    assert bring(app, process) == ["1467 proposals", process.public_id]
    return process


@pytest.fixture
def desk(app, perform, clock):
    named = {"display_name": "Leila Moradi", "function": "Head of culture"}
    leila = make_account(perform, "leila@city.example", now=clock.now(), roles=(Role.COORDINATOR,), **named)
    return sign_in(app, leila, now=clock.now())


def bring(app, process):
    arguments = ("--process", process.public_id, "--language", "ca", "--named", CITY)
    told = app.test_cli_runner().invoke(args=["proposals", "import-plans", str(FILE), *arguments])
    assert told.exit_code == 0, told.output
    return told.output.strip().split("\n")


def everything(read):
    return {one.number: one for one in read(lambda s: s.scalars(select(Proposal)).all())}


def in_district(rows, name):
    return [number for number, row in enumerate(rows, start=1) if row["Districte"] == name]


def on_the_map(client, home, district):
    found = re.search(rf"{district}: ([\d,]+) proposals", client.get(f"{home}/map").text)
    return int(found[1].replace(",", "")) if found else 0


def merge_twenty(desk, process, numbers):
    """Chosen at the desk, where a preview says what they are; nobody can be asked, so a reason is published."""
    staff = f"/staff/processes/{process.public_id}/merging"
    query = [("n", number) for number in numbers]
    assert f"{MERGED} proposals are chosen" in desk.get(staff, query_string=query).text
    text = {"title": "Un programa per als carrers de Nou Barris", "summary": "Vint actuacions en una.", "reason": WHY}
    plan = desk.post(f"{staff}/new", query_string=query, data=text)
    assert plan.status_code == 303, plan.text
    refused = desk.post(f"{plan.location}/carry-out", data={"override_reason": ""})
    assert refused.status_code == 422
    done = desk.post(f"{plan.location}/carry-out", data={"override_reason": NOBODY})
    assert done.status_code == 303, done.text
    return done.location


def answer_twenty(desk, process, numbers):
    several = f"/staff/processes/{process.public_id}/answers/several"
    rows = {"n": numbers, "common": "The plan of 2016 was carried on with the budget of each district."}
    outcomes = [Outcome.ADOPTED, Outcome.PARTLY_ADOPTED, Outcome.NOT_ADOPTED, Outcome.OUT_OF_SCOPE]
    for at, number in enumerate(numbers):
        own = f"Action {number} stands in the report of its district with a date of its own."
        rows |= {f"outcome_{number}": outcomes[at % 4].value, f"reason_{number}": own}
    looked = desk.post(several, data=rows).text
    assert f"{ANSWERED} answers would be published" in looked
    assert desk.post(several, data=rows | {"give": "1"}).status_code == 200


def test_a_plan_goes_on_in_an_open_process_to_a_record_that_anybody_can_check(
    app, client, desk, place, perform, read, tmp_path
):
    rows, home = plans(), f"/p/{place.public_id}/proposals"
    assert bring(app, place) == ["1467 known already", "0 proposals", place.public_id]
    shown = client.get(home).text
    assert "1,467 proposals" in shown
    assert CITY in shown
    assert "a resident" not in shown
    assert client.get(f"{home}?q=camins+escolars").text.count("camins escolars") > 1
    theirs = in_district(rows, DISTRICT)
    assert on_the_map(client, home, DISTRICT) == len(theirs) == Counter(r["Districte"] for r in rows)[DISTRICT]

    kept = everything(read)
    one = kept[theirs[0]]
    near = read(lambda s: similar.nearest(s, place, one.title, one.summary))
    assert one.public_id in {each.proposal.public_id for each in near}
    survivor = merge_twenty(desk, place, theirs[:MERGED])
    assert on_the_map(client, home, DISTRICT) == len(theirs) - MERGED + 1
    assert "several people together" not in client.get(survivor).text
    page = client.get(f"{survivor}/lineage").text
    assert len(re.findall('<rect class="bar-', page)) == MERGED + 1
    assert all(f"proposals/{kept[number].public_id}" in page for number in theirs[:MERGED])
    edges = read(lambda s: s.scalars(select(ProposalLineage)).all())
    assert {(edge.kind, edge.consent.value, edge.reason) for edge in edges} == {(LineageKind.MERGE, "reasoned", NOBODY)}
    assert survivor in client.get(f"{home}/{kept[theirs[0]].public_id}").text

    answer_twenty(desk, place, theirs[MERGED : MERGED + ANSWERED])
    now_kept = everything(read)
    reasons = [now_kept[number].reason for number in theirs[MERGED : MERGED + ANSWERED]]
    assert len(set(reasons)) == ANSWERED
    assert all(now_kept[number].body == kept[number].body for number in kept)
    assert drift_faults(app) == []
    hand_over(app, place, tmp_path)


def hand_over(app, process, folder):
    """The record, checked by the program as anybody runs it: another Python with nothing of ours."""
    with app.app_context():
        made, key = export(process.public_id), audit_log().signer.vkey
    checker = [sys.executable, "-I", verify.__file__, str(made.path), "--vkey", key]
    told = run_program(checker, capture_output=True, text=True, cwd=folder, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_its_meetings_stand_beside_it_as_a_process_held_elsewhere(app, client):
    told = app.test_cli_runner().invoke(args=["meetings", "import", str(MEETINGS), "--language", "en"])
    assert told.exit_code == 0, told.output
    counted, process_id = told.output.strip().split("\n")[-2:]
    assert counted == "taken 410 known 0 refused 0"
    assert client.get(f"/p/{process_id}/meetings").status_code == 200
    with app.app_context():
        report = verify.verify(str(export(process_id).path), [audit_log().signer.vkey])
    assert report.failed == []
