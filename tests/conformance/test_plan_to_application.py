"""Real data from the vote to the monitoring report, in one open process, through operations, pages and command line.

The vote of Łódź of 2022 (160 projects, 90,494 ballots) and the 1,467 actions of Barcelona's plan are taken into a
process that goes on from them: merged, answered, planned, laid open, frozen, applied with, handed in, and reported on.
The files are not part of the project; they are looked for in ``shared/data`` beside it, or under ``UCC_SHARED``.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.accounts.making import make_account
from tests.conformance.applying import (
    FORM,
    LANGUAGES,
    Coordinator,
    check_record,
    fetch,
    freeze_dossier,
    write_dossier,
)
from tests.conformance.carrying import (
    BEGINS,
    SETTINGS,
    TEXTS,
    find_partners,
    list_items,
    provide,
    write_initiative,
)
from tests.conformance.reporting import day, report, settle_promises, two_years_of_readings
from tests.conformance.test_barcelona_plans import FILE as PLANS
from tests.conformance.test_pabulib_files import FOLDER
from tests.proposals.making import proposing_process
from tests.stakeholders.making import acting, drift_faults
from ucc_participate.commitments import operations as commitments
from ucc_participate.deliberation import operations as talk
from ucc_participate.deliberation.models import Said, Stance, Voice
from ucc_participate.dossier import operations as dossiers
from ucc_participate.kernel.identity import Role
from ucc_participate.plan import discussing
from ucc_participate.plan import operations as planning
from ucc_participate.plan import queries as plan_queries
from ucc_participate.plan.models import PlanState, Stage
from ucc_participate.processes.models import Gate
from ucc_participate.processes.operations import close_process
from ucc_participate.proposals.models import Outcome, Proposal, ProposalState
from ucc_participate.vocabularies.uccn import CreativeField
from ucc_participate.voting import pabulib
from ucc_participate.voting.models import Vote

VOTE = FOLDER / "Poland_Lodz_2022.pb"
BATCH = 20

pytestmark = pytest.mark.skipif(
    not (PLANS.is_file() and VOTE.is_file()),
    reason=f"no plan of Barcelona at {PLANS} or no vote of Łódź at {VOTE}; set UCC_SHARED",
)


@pytest.fixture
def office(app, perform, clock):
    """A process that takes proposals, and its coordinator."""
    process, clock.at = proposing_process(
        perform, clock.now(), creative_field=CreativeField.MUSIC, title=TEXTS["process"]["title"]
    )
    named = {"display_name": "Leila Moradi", "function": "Head of culture"}
    account = make_account(perform, "leila@city.example", now=clock.now(), roles=(Role.COORDINATOR,), **named)
    made = Coordinator(app, perform, clock, process, acting(account, Role.COORDINATOR), app.test_client())
    made.account = account
    made.at(clock.now())
    return made


def test_what_was_voted_and_planned_is_applied_with_and_reported_on(app, office, perform, read, tmp_path):
    city = pabulib.read(VOTE)
    by_row, by_code = take_in(office, read, city)
    merged = merge(office, read)
    answer_as_voted(office, city, by_code)
    carry_on(office, read, [row for told in TEXTS["initiative"] for row in told["barcelona"]], merged)
    list_items(office)
    office.at(office.clock.now() + timedelta(days=60))
    gates = {Gate.ALL_ANSWERED: TEXTS["gates"]["all_answered"], Gate.SECTOR_PARTICIPATED: TEXTS["gates"]["sector"]}
    office.act(close_process, unanswered=lambda _session, _process: 1450, reasons=gates)

    plan_of_six(office, by_row | by_code, merged)
    lay_open_and_freeze(app, office, perform, read, by_code, city)

    office.dossier = office.act(
        dossiers.begin_dossier, FORM, dossiers.Terms("en", date(2027, 5, 30), date(2027, 6, 30))
    ).public_id
    cited = write_dossier(app, office, read)
    freeze_dossier(app, office)
    hand_in(app, office, tmp_path, cited)

    designate(office)
    settle_promises(office, read)
    two_years_of_readings(office, read)
    report(app, office, read, tmp_path)
    assert drift_faults(app) == []


def take_in(office: Coordinator, read: Any, city: Any) -> tuple[dict[Any, str], dict[Any, str]]:
    """Both files by the command line; public ids by row of the table and by code of the project."""
    into = ("--process", office.process.public_id)
    told = office.flask("proposals", "import-plans", str(PLANS), *into, "--language", "ca", "--named", "Barcelona")
    assert told == ["1467 proposals", office.process.public_id]
    told = office.flask("voting", "import-pabulib", str(VOTE), *into)
    assert told[-4] == "90494 ballots, 160 options, 16 chosen"
    assert told[-3].endswith("chosen as the city published")
    kept = {one.number: one for one in read(lambda s: s.scalars(select(Proposal)).all())}
    assert len(kept) == 1467 + 160
    by_row = {row: kept[row].public_id for row in range(1, 1468)}
    return by_row, {project.id: kept[1468 + at].public_id for at, project in enumerate(city.projects)}


def merge(office: Coordinator, read: Any) -> str:
    """Four rows of four districts become one; public id of what came of them."""
    told = TEXTS["merge"]
    query = "&".join(f"n={row}" for row in told["rows"])
    text = {name: told[name] for name in ("title", "summary", "reason")}
    plan = office.post(f"merging/new?{query}", **text).location
    done = office.desk.post(f"{plan}/carry-out", data={"override_reason": told["nobody"]})
    assert done.status_code == 303, done.text
    return str(done.location.rpartition("/")[2])


def give(office: Coordinator, answers: dict[int, tuple[Outcome, str]]) -> None:
    """Answers at the desk, as many at once as it takes."""
    numbers = sorted(answers)
    for start in range(0, len(numbers), BATCH):
        part = numbers[start : start + BATCH]
        rows: dict[str, Any] = {"n": part, "common": TEXTS["answers"]["common"], "give": "1"}
        for number in part:
            outcome, reason = answers[number]
            rows |= {f"outcome_{number}": outcome.value, f"reason_{number}": reason}
        office.post("answers/several", 200, **rows)


def answer_as_voted(office: Coordinator, city: Any, by_code: dict[Any, str]) -> None:
    """All 160 projects: adopted where the vote has chosen them."""
    said, answers = TEXTS["answers"], {}
    for number, project in enumerate(city.projects, 1468):
        outcome = Outcome.ADOPTED if project.selected else Outcome.NOT_ADOPTED
        text = said["chosen" if project.selected else "not_chosen"]
        answers[number] = outcome, text.format(votes=project.votes, cost=project.cost)
    give(office, answers)


def carry_on(office: Coordinator, read: Any, rows: list[int], merged: str) -> None:
    answers = {row: (Outcome.ADOPTED, TEXTS["answers"]["carried_on"].format(row=row)) for row in rows}
    survivor = read(lambda s: s.scalars(select(Proposal).where(Proposal.public_id == merged)).one())
    answers[survivor.number] = Outcome.ADOPTED, TEXTS["merge"]["adopted"]
    give(office, answers)
    adopted = read(lambda s: s.scalars(select(Proposal).where(Proposal.outcome == Outcome.ADOPTED)).all())
    assert len(adopted) == 16 + 7
    assert all(one.status is ProposalState.ANSWERED for one in adopted)


def plan_of_six(office: Coordinator, ids: dict[Any, str], merged: str) -> None:
    office.act(planning.begin_plan, SETTINGS)
    find_partners(office)
    for told in TEXTS["initiative"]:
        sources = {ids[code]: str(code) for code in [*told["lodz"], *told["barcelona"]]}
        write_initiative(office, told, sources | ({merged: "All of it"} if told.get("merged") else {}))
    provide(office)


def lay_open_and_freeze(
    app: Any, office: Coordinator, perform: Any, read: Any, by_code: dict[Any, str], city: Any
) -> None:
    until = office.clock.now() + timedelta(days=14)
    office.plan(planning.consult_plan, until=until, note="As written in the offices")
    speak(app, office, perform)
    office.at(until + timedelta(hours=1))
    vote = read(lambda s: s.scalars(select(Vote)).one())
    office.post(f"plan/voted/{vote.public_id}")
    office.post("plan/round/end")
    assert "No initiative has a good effect here: Environmental" in office.post("plan/freeze", 409).text
    why = TEXTS["gates"]["environmental"]
    office.post("plan/freeze", **{"because-effect.environmental": why})

    def look(session: Any) -> Any:
        plan = plan_queries.plan_of(session, office.process)
        assert plan is not None
        return plan.status, plan_queries.versions_of(session, plan), plan_queries.get_version(session, plan, 2).content

    status, versions, voted = read(look)
    assert status is PlanState.FROZEN
    assert {each.number: each.stage for each in versions} == {1: Stage.CONSULTED, 2: Stage.VOTED, 3: Stage.SUBMITTED}
    chosen = {f"proposal/{by_code[project.id]}" for project in city.projects if project.selected}
    assert set(voted["vote"]["chosen"]) == chosen
    assert versions_overrides(versions) == {3: {"effect.environmental": why}}
    assert len(voted["vote"]["not_carried"]) == 16 - 4
    assert len(voted["initiatives"]) == 2
    page = office.app.test_client().get(f"/p/{office.process.public_id}/plan/versions")
    assert page.status_code == 200


def versions_overrides(versions: Any) -> dict[int, dict[str, str]]:
    return {each.number: each.overrides for each in versions if each.overrides}


def speak(app: Any, office: Coordinator, perform: Any) -> None:
    """A resident asks about the plan in its round, and the city answers."""
    account = make_account(perform, "sara@people.example", now=office.clock.now())

    def ask(session: Any, process: Any, *, actor: Any, now: datetime) -> Any:
        plan = plan_queries.plan_of(session, process)
        assert plan is not None
        sara = acting(account)
        topic = discussing.PLAN.load(session, plan.ref, sara, now)
        assert topic is not None
        said = Said("Which district gets the instruments first?", Stance.QUESTION, "en")
        asked = talk.post_comment(session, topic, said, actor=sara, now=now)
        answer = Said("The one with the longest waiting list, counted in June.", None, "en", Voice.CITY)
        return talk.reply_to_comment(session, topic, asked, answer, actor=actor, now=now)

    with app.test_request_context():
        office.act(ask)


def hand_in(app: Any, office: Coordinator, folder: Path, cited: int) -> None:
    packed = fetch(office, "dossier.zip")
    (folder / "dossier.zip").write_bytes(packed)
    with zipfile.ZipFile(io.BytesIO(packed)) as bag:
        names = set(bag.namelist())
        assert {
            f"data/dossier/dossier.{language}.{kind}" for language in LANGUAGES for kind in ("pdf", "docx", "txt")
        } < names
        assert {"data/attachments/A1-1.pdf", "data/attachments/A4-1.jpg", "data/attachments/A5-1.pdf"} < names
        rows = list(csv.DictReader(io.StringIO(bag.read("data/plan/plan.csv").decode("utf-8-sig"))))
        assert [row["level"] for row in rows] == ["local"] * 3 + ["international"] * 3
        told = json.loads(bag.read("data/dossier/dossier.json"))
        record = bag.read("data/record/record.zip")
        english = bag.read("data/dossier/dossier.en.txt").decode("utf-8-sig")
    kept = [part for each in told["sections"] for text in each["texts"].values() for part in text["paragraphs"]]
    assert sum(len(part["cites"]) for part in kept) == cited
    assert "1,627 proposals were taken over from elsewhere." in english
    assert "1 vote was taken over from elsewhere: 90,494 ballots were counted." in english
    assert "by residents" not in english
    check_record(app, record, folder, "90494 ballots")


def designate(office: Coordinator) -> None:
    office.at(day(2027, 11, 8))
    facts = {"designated_on": BEGINS + timedelta(days=3), "decision": "Decision of 3 November 2027", "stored": None}
    office.act(commitments.record_designation, today=office.clock.now().date(), **facts)
