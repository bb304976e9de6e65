"""What the indicators show: each reading signed and dated, each correction a reading of its own (rule K4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...documents.uploads import StoredUpload
from ...dossier.recording import named
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.i18n import lazy_number
from ...kernel.identity import Actor, new_public_id
from ...kernel.text import clean_text
from ...plan.models.written import LARGEST_FIGURE
from ...processes.models import Process
from .. import policies, queries
from ..entries import Read
from ..events import ReadingEvent
from ..models import NOTE_LENGTH, Designation, Reading
from ..promises import GRACE, Measured, indicators_of, moved_by
from ..recording import checked_line, checked_note, keep_file, note, require_past

PLACES = Decimal("0.001")


def enter_reading(
    session: Session,
    process: Process,
    indicator: str,
    period: int,
    read: Read,
    *,
    stored: StoredUpload | None,
    today: date,
    actor: Actor,
    now: datetime,
) -> Reading:
    """Enter what an indicator of the frozen plan shows in one period. Raises NotFound, Conflict, Invalid."""
    designation = queries.designation_of(session, process)
    require(policies.can_read_indicators(actor, process, now=now, designation=designation))
    measured, moved = _measured(session, process, indicator, designation)
    if not 1 <= period <= measured.periods:
        raise NotFound()
    if measured.begins(period, moved) > today:
        raise Conflict(_l("This period has not begun. What belongs to it cannot be known yet."))
    if any(each.period == period for each in queries.readings_of(session, process, indicator)):
        raise Conflict(_l("This period has a reading already. Correct it if it is wrong."))
    made = Reading(
        process=process, initiative=measured.initiative, indicator=indicator, period=period, corrects=None, because=None
    )
    made.late_by = max(0, (today - (measured.due_on(period, moved) + GRACE)).days)
    _write(session, made, read, stored, today=today, actor=actor, now=now)
    note(session, ReadingEvent.ENTERED, made, actor=actor, now=now)
    return made


def correct_reading(
    session: Session,
    wrong: Reading,
    read: Read,
    *,
    because: str,
    stored: StoredUpload | None,
    today: date,
    actor: Actor,
    now: datetime,
) -> Reading:
    """Put a new reading in the place of one that is wrong; both stay, with the reason. Only what stands is corrected.

    It is as late as the one that it corrects: the city had told a number in time, or not.
    """
    later = queries.readings_of(session, wrong.process, wrong.indicator)
    is_newest = all(each.corrects_id != wrong.id for each in later)
    require(policies.can_correct(actor, wrong, now=now, is_newest=is_newest))
    made = Reading(
        process=wrong.process,
        initiative=wrong.initiative,
        indicator=wrong.indicator,
        period=wrong.period,
        corrects=wrong,
        because=checked_note(because, field="because"),
        late_by=wrong.late_by,
    )
    _write(session, made, read, stored, today=today, actor=actor, now=now)
    note(session, ReadingEvent.CORRECTED, made, actor=actor, now=now)
    return made


def _write(
    session: Session,
    made: Reading,
    read: Read,
    stored: StoredUpload | None,
    *,
    today: date,
    actor: Actor,
    now: datetime,
) -> None:
    require_past(read.measured_on, today, field="measured_on")
    made.public_id, made.process_id = new_public_id(), made.process.id
    made.value, made.measured_on = _checked(read.value), read.measured_on
    made.evidence = checked_line(read.evidence, field="evidence")
    made.note = clean_text(read.note, max_length=NOTE_LENGTH[1])
    made.signed_by, made.entered_at, made.files = named(session, actor), now, []
    session.add(made)
    session.flush()
    if stored is not None:
        made.files = [keep_file(session, made, stored, actor=actor, now=now)]


def _checked(value: Decimal) -> Decimal:
    """As large as a target may be: what is larger would not come back from every database as it was signed."""
    if abs(value) > LARGEST_FIGURE or value != value.quantize(PLACES):
        most = lazy_number(LARGEST_FIGURE)
        raise Invalid(_l("Write a number up to %(most)s, with at most three decimals.", most=most), field="value")
    return value


def _measured(
    session: Session, process: Process, indicator: str, designation: Designation | None
) -> tuple[Measured, timedelta]:
    """The indicator as the newest frozen plan has it, and by how much its days moved."""
    version = queries.submitted_version(session, process)
    known = indicators_of(version.content) if version is not None else []
    found = next((each for each in known if each.id == indicator), None)
    if found is None or version is None or designation is None:
        raise NotFound()
    return found, moved_by(version.content, designation)
