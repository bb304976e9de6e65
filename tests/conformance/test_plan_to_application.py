"""Real data from the vote to the monitoring report, in one open process, through operations, pages and command line.

The vote of Łódź of 2022 (160 projects, 90,494 ballots) and the 1,467 actions of Barcelona's plan are taken into a
process that goes on from them: merged, answered, planned, laid open, frozen, applied with, handed in, and reported on.
The files are not part of the project; they are looked for in ``shared/data`` beside it, or under ``UCC_SHARED``.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import zipfile
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from subprocess import run as run_program
from typing import Any

import pytest
from sqlalchemy import select

from tests.accounts.making import make_account, sign_in
from tests.conformance.carrying import (
    BEGINS,
    SETTINGS,
    TEXTS,
    Office,
    find_partners,
    list_items,
    provide,
    write_initiative,
)
from tests.conformance.test_barcelona_plans import FILE as PLANS
from tests.conformance.test_pabulib_files import FOLDER
from tests.proposals.making import proposing_process
from tests.readiness.making import paper, photo
from tests.stakeholders.making import acting, drift_faults
from ucc_participate.citing import operations as citing
from ucc_participate.citing.queries import search_for
from ucc_participate.commitments import operations as commitments
from ucc_participate.commitments import queries as promises
from ucc_participate.commitments.models import Attendance, CommitmentKind, CommitmentState
from ucc_participate.commitments.operations import Moved, Read, Told
from ucc_participate.commitments.promises import indicators_of
from ucc_participate.deliberation import operations as talk
from ucc_participate.deliberation.models import Said, Stance, Voice
from ucc_participate.dossier import operations as dossiers
from ucc_participate.dossier import queries as texts
from ucc_participate.dossier.content import Written
from ucc_participate.dossier.drafts import draft_of
from ucc_participate.dossier.fields import in_words
from ucc_participate.dossier.models import AnswerState, Purpose
from ucc_participate.dossier.sections import SectionKind, section_of, sections_of
from ucc_participate.dossier.shipped import shipped
from ucc_participate.kernel.db import db
from ucc_participate.kernel.identity import Role
from ucc_participate.plan import discussing
from ucc_participate.plan import operations as planning
from ucc_participate.plan import queries as plan_queries
from ucc_participate.plan.models import PlanState, Stage
from ucc_participate.processes.models import Gate
from ucc_participate.processes.operations import close_process
from ucc_participate.proposals.models import Outcome, Proposal, ProposalState
from ucc_participate.readiness import operations as readiness
from ucc_participate.readiness.models import AttachmentState
from ucc_participate.readiness.models import Told as Noted
from ucc_participate.vocabularies.uccn import CreativeField
from ucc_participate.voting import pabulib
from ucc_participate.voting.models import Vote

VOTE = FOLDER / "Poland_Lodz_2022.pb"
FORM, LANGUAGES = "uccn-2021", ("fa", "en")
BATCH = 20
PASSED = "The papers are asked for; this dossier is made from public data to show that it can be made."

pytestmark = pytest.mark.skipif(
    not (PLANS.is_file() and VOTE.is_file()),
    reason=f"no plan of Barcelona at {PLANS} or no vote of Łódź at {VOTE}; set UCC_SHARED",
)


class Coordinator(Office):
    """With the times and dossiers of this story."""

    dossier: str = ""

    def at(self, moment: datetime) -> None:
        """Go on at a later moment, signed in anew."""
        self.clock.at = moment
        self.desk = sign_in(self.app, self.account, now=moment)

    account: Any = None

    def write(self, operation: Any, *args: Any, **facts: Any) -> Any:
        """``operation(session, dossier, …)``."""

        def work(session: Any, process: Any, *, actor: Any, now: datetime) -> Any:
            found = texts.dossier_to_change(session, process, self.dossier, actor=actor, now=now)
            return operation(session, found, *args, actor=actor, now=now, **facts)

        return self.act(work)


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


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, 9, tzinfo=timezone.utc)


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
    page = office.app.test_client().get(f"/processes/{office.process.public_id}/plan/versions")
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


def write_dossier(app: Any, office: Coordinator, read: Any) -> int:
    """Every section in both languages, drafts from facts where they are offered; how many citations."""
    form = shipped()[FORM]
    for told in [*TEXTS["contact"], *TEXTS["text"]]:
        save_both(app, office, form, told)
    for known, typed in (("4", {"choice": "music"}), ("A6", {"urls": ["https://decidim.barcelona/action_plans"]})):
        save_both(app, office, form, {"section": known, "fields": typed})
    attach(app, office)
    return sum(cite_both(office, told) for told in TEXTS["text"] if "cite" in told)


def save_both(app: Any, office: Coordinator, form: Any, told: dict[str, Any]) -> None:
    asked = section_of(form, told["section"])
    assert asked is not None
    for language in LANGUAGES:
        office.write(dossiers.save_answer, asked.id, language, written(app, office, form, asked, told, language))
        for then in (AnswerState.IN_REVIEW, AnswerState.FINAL):
            office.write(dossiers.save_answer, asked.id, language, None, then=then)


def written(app: Any, office: Coordinator, form: Any, asked: Any, told: dict[str, Any], language: str) -> Written:
    of = 1 if language != "fa" else None
    if asked.kind not in (SectionKind.TEXT, SectionKind.INITIATIVES):
        typed = told.get("fields") or {name: value for name, value in told.items() if name != "section"}
        with app.app_context():
            return Written(in_words(asked, typed, language), typed, of_number=of)
    if told.get("draft"):
        return Written(drafted(app, office, asked, language), of_number=of)
    text = form["empty_phrase"]["text"][language] if told.get("phrase") else told[language].strip()
    return Written(text, of_number=of)


def drafted(app: Any, office: Coordinator, asked: Any, language: str) -> str:
    with app.test_request_context():
        dossier = texts.get_dossier(
            db.session(), office.process, office.dossier, actor=office.actor, now=office.clock.now()
        )
        draft = draft_of(dossier, asked, language)
        db.session.remove()
    assert draft is not None, asked.id
    assert draft.left_out == ()
    return draft.text


def cite_both(office: Coordinator, told: dict[str, Any]) -> int:
    """What has the words, for each paragraph in turn, in both languages."""

    def work(session: Any, dossier: Any, **by: Any) -> int:
        count = 0
        for language in LANGUAGES:
            answer = texts.find_answer(session, dossier, told["section"], language)
            assert answer is not None
            for part, (words, kind) in zip(answer.paragraphs, told["cite"], strict=True):
                found = [each.ref for each in search_for(session, dossier, words, kinds={kind}, limit=3)]
                assert found, words
                place = (told["section"], language, part["key"], found[:2])
                count += len(citing.cite(session, dossier, *place, **by))
        return count

    made: int = office.write(work)
    return made


def attach(app: Any, office: Coordinator) -> None:
    """The mayor's letter and a photo with its sheet; the other papers are passed over with a reason."""
    today = office.clock.now().date()
    signed = {"state": AttachmentState.SIGNED, "signed_on": today}
    office.write(readiness.record_attachment, "A1", Noted(signer="Mayor", **signed), paper(app))
    told = Noted(AttachmentState.RECEIVED, author="Anna Nowak", caption="A branch of the library")
    taken = office.write(readiness.record_attachment, "A4", told, photo(app))
    sheet = Noted(signer="Photographer", photo=taken.public_id, **signed)
    office.write(readiness.record_attachment, "A5", sheet, paper(app, name="rights.pdf"))


def freeze_dossier(app: Any, office: Coordinator) -> None:
    """The page names what stands in the way; all of it is papers, and all of it takes a reason."""
    address = f"application/{office.dossier}/freeze"
    page = office.post(address, 409).text
    codes = dict(re.findall(r'name="code-(\d+)" value="([^"]+)"', page))
    assert codes
    assert all(code.startswith("attachment.") for code in codes.values()), codes
    reasons = {f"reason-{number}": PASSED for number in codes}
    office.post(address, **{f"code-{number}": code for number, code in codes.items()}, **reasons)


def fetch(office: Coordinator, name: str, dossier: str = "") -> bytes:
    sent = office.desk.get(
        f"{office.staff}/submission/files/{name}", query_string={"dossier": dossier or office.dossier}
    )
    assert sent.status_code == 200, sent.text[-2000:]
    data = sent.data
    sent.close()
    return data


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


def check_record(app: Any, record: bytes, folder: Path, proof: str) -> None:
    """Its own program, in a Python that sees nothing of ours."""
    (folder / "record.zip").write_bytes(record)
    with zipfile.ZipFile(io.BytesIO(record)) as inner:
        (folder / "verify.py").write_bytes(inner.read("data/verify.py"))
    key = app.test_cli_runner().invoke(args=["audit", "vkey"]).output.strip()
    command = [sys.executable, "-I", "-S", "verify.py", "record.zip", "--vkey", key]
    done = run_program(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert proof in done.stdout


def designate(office: Coordinator) -> None:
    office.at(day(2027, 11, 8))
    facts = {"designated_on": BEGINS + timedelta(days=3), "decision": "Decision of 3 November 2027", "stored": None}
    office.act(commitments.record_designation, today=office.clock.now().date(), **facts)


def settle_promises(office: Coordinator, read: Any) -> None:
    """The first two steps of the plan: one is kept, one is not."""
    steps = [
        each for each in read(lambda s: promises.register_of(s, office.process)) if each.kind is CommitmentKind.STEP
    ]
    office.at(day(2028, 10, 2))
    said = TEXTS["promises"]
    kept = Moved(CommitmentState.KEPT, "", said["kept"])
    for step, told in zip(steps[:2], (kept, Moved(CommitmentState.NOT_KEPT, said["not_kept"])), strict=True):

        def work(session: Any, process: Any, *, known: str = step.public_id, moved: Moved = told, **by: Any) -> None:
            found = promises.commitment_to_change(session, process, known)
            commitments.move_commitment(session, found, moved, stored=None, today=by["now"].date(), **by)

        office.act(work)


def two_years_of_readings(office: Coordinator, read: Any) -> None:
    """Every indicator in both years; the first one of year one ten weeks late, one of year two put right."""
    wanted: dict[tuple[str, str], list[str]] = {
        (told["title"]["en"], kind): told["readings"][kind]
        for told in TEXTS["initiative"]
        for kind in ("output", "impact")
    }
    version = read(lambda s: promises.submitted_version(s, office.process))
    measured = indicators_of(version.content)
    assert len(measured) == len(wanted) == 12
    late, others = measured[0], measured[1:]
    for year, moment in ((1, day(2028, 11, 12)), (2, day(2029, 11, 12))):
        office.at(moment)
        for each in others if year == 1 else measured:
            enter(office, each, year, wanted)
        if year == 1:
            office.at(day(2029, 1, 15))
            assert enter(office, late, 1, wanted).late_by == 43
        confer(office, year)
    office.at(day(2029, 12, 3))
    correct(office, read, measured[3].id)


def enter(office: Coordinator, measured: Any, year: int, wanted: dict[tuple[str, str], list[str]]) -> Any:
    value = Decimal(wanted[measured.initiative_title["en"], measured.kind.value][year - 1])
    today = office.clock.now().date()
    told = Read(value, today, f"Yearly report {today.year} of: {measured.responsible}")
    return office.act(commitments.enter_reading, measured.id, year, told, stored=None, today=today)


def correct(office: Coordinator, read: Any, indicator: str) -> None:
    today = office.clock.now().date()

    def work(session: Any, process: Any, **by: Any) -> Any:
        wrong = promises.readings_of(session, process, indicator)[-1]
        found = promises.get_reading(session, process, wrong.public_id)
        told = Read(wrong.value - 2, wrong.measured_on, "The sheets were counted again")
        because = "Two schools had counted the same residents."
        return commitments.correct_reading(session, found, told, because=because, stored=None, today=today, **by)

    made = office.act(work)
    assert made.late_by == 0
    assert made.corrects_id is not None


def confer(office: Coordinator, year: int) -> None:
    today = office.clock.now().date()
    told = Told(
        today, "Online", Attendance.ONLINE, "Office of culture", {"en": f"Year {year}: the network of schools."}
    )
    office.act(commitments.record_conference, year, told, stored=None, today=today)


def report(app: Any, office: Coordinator, read: Any, folder: Path) -> None:
    """The monitoring report out of the register, in both languages, frozen and handed in with the record of the day."""
    register = read(lambda s: promises.register_of(s, office.process))
    assert sum(each.kind is CommitmentKind.STEP for each in register) == 12
    assert sum(each.kind is CommitmentKind.TARGET for each in register) == 12
    office.post("promises/report")
    found = read(lambda s: texts.dossiers_of(s, office.process))
    [office.dossier] = [each.public_id for each in found if each.purpose is Purpose.REPORT]
    form = shipped()["mmr-2015"]
    for section in sections_of(form):
        if section.is_answered:
            told = TEXTS["report"].get(section.id, {"draft": True})
            save_both(app, office, form, {"section": section.id, **told})
    office.post(f"application/{office.dossier}/freeze")
    packed = fetch(office, "dossier.zip")
    (folder / "report.zip").write_bytes(packed)
    with zipfile.ZipFile(io.BytesIO(packed)) as bag:
        english = bag.read("data/dossier/dossier.en.txt").decode("utf-8-sig")
        record = bag.read("data/record/record.zip")
    assert "Of 39 promises, 3 are kept by 3 December 2029. 1 was not kept" in english
    assert "12 of 12 indicators were read" in english
    assert "1 reading was entered late. 1 reading was corrected; both numbers stay." in english
    check_record(app, record, folder, "90494 ballots")
    duty = read(lambda s: promises.duty(s, office.process, CommitmentKind.REPORT, 4))
    assert duty.status is CommitmentState.KEPT
