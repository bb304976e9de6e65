"""Four years after: promises, readings, the report. Used by test_plan_to_application.py."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.conformance.applying import (
    Coordinator,
    check_record,
    fetch,
    save_both,
)
from tests.conformance.carrying import (
    TEXTS,
)
from ucc_participate.commitments import operations as commitments
from ucc_participate.commitments import queries as promises
from ucc_participate.commitments.models import Attendance, CommitmentKind, CommitmentState
from ucc_participate.commitments.operations import Moved, Read, Told
from ucc_participate.commitments.promises import indicators_of
from ucc_participate.dossier import queries as texts
from ucc_participate.dossier.models import Purpose
from ucc_participate.dossier.sections import sections_of
from ucc_participate.dossier.shipped import shipped


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, 9, tzinfo=timezone.utc)


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
