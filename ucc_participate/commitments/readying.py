"""What the readiness page says of the rules that begin with the designation (``ucc.readiness``): L1, L2, L4, K4, K5."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..kernel.i18n import lazy_day, lazy_number, site_day
from ..processes.models import Process
from ..readiness.facts import Said, Standing
from .models import Attendance, CommitmentState
from .overview import Overview, overview_of


def tell(session: Session, process: Process, *, now: datetime) -> dict[str, Said]:
    """Nothing before the designation: until then readiness says itself what is still to come."""
    found = overview_of(process, site_day(now), session)
    if not found.is_running:
        return {}
    return {rule: say(found) for rule, say in RULES.items()}


def _promises(found: Overview) -> Said:
    counts = found.counts
    says = _l(
        "%(kept)s of %(all)s promises are kept, %(overdue)s are overdue.",
        kept=lazy_number(counts.kept),
        all=lazy_number(counts.all),
        overdue=lazy_number(counts.overdue),
    )
    if not counts.overdue:
        return Said(Standing.MET, says, url=_desk(found))
    return Said(Standing.PARTLY, says, _l("Say of each overdue promise what became of it."), _desk(found))


def _conferences(found: Overview) -> Said:
    attended = sum(each.attendance is not Attendance.ABSENT for each in found.conferences)
    return _duty(found, "conference", _l("%(count)s conferences are told of."), attended)


def _reviews(found: Overview) -> Said:
    begun = sum(each.status is CommitmentState.KEPT for each in found.duties("review"))
    return _duty(found, "review", _l("%(count)s yearly reviews were held."), begun)


def _duty(found: Overview, kind: str, words: str, count: int) -> Said:
    """A duty of every year: met while none is overdue and none was missed."""
    says = words % {"count": lazy_number(count)}
    late = [each for each in found.duties(kind) if each.is_overdue(found.today)]
    if late:
        return Said(Standing.MISSING, says, _l("It is overdue. Enter what became of it."), _desk(found))
    if any(each.status is CommitmentState.NOT_KEPT for each in found.duties(kind)):
        return Said(Standing.PARTLY, says, _l("A year was missed. See that the coming ones are not."), _desk(found))
    return Said(Standing.MET if count else Standing.LATER, says, url=_desk(found))


def _readings(found: Overview) -> Said:
    says = _l("%(count)s readings are entered.", count=lazy_number(len(found.readings)))
    if not found.missing:
        return Said(Standing.MET if found.readings else Standing.LATER, says, url=_desk(found))
    todo = _l("%(count)s indicators wait for a reading that is late.", count=lazy_number(len(found.missing)))
    return Said(Standing.PARTLY, says, todo, _desk(found))


def _report(found: Overview) -> Said:
    duty = found.report
    if duty is None or duty.due_on is None:
        return Said(Standing.LATER, _l("The report is due in the fourth year."))
    if duty.status is CommitmentState.KEPT:
        return Said(Standing.MET, _l("The report is handed in."), url=_desk(found))
    says = _l("The report is due on %(day)s.", day=lazy_day(duty.due_on))
    if duty.is_overdue(found.today) or duty.status is CommitmentState.NOT_KEPT:
        return Said(Standing.MISSING, says, _l("It is not handed in. Finish the report and freeze it."), _desk(found))
    return Said(Standing.LATER, says, url=_desk(found))


def _desk(found: Overview) -> str:
    return url_for("commitments.desk", process_id=found.process.public_id)


RULES: dict[str, Callable[[Overview], Said]] = {
    "L1": _promises,
    "L2": _conferences,
    "L4": _reviews,
    "K4": _readings,
    "K5": _report,
}
