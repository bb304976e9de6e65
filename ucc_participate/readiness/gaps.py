"""What of attachments, plan and process stands in the way of freezing the dossier (``ucc.dossier_blockers``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from ..dossier.blockers import Blocker
from ..dossier.models import Dossier, Purpose
from ..dossier.wording import number_of
from ..kernel.i18n import reader
from ..plan.queries import plan_of
from ..processes.models import Gate, Process
from ..processes.queries import list_overrides, sectors_without_participants
from ..vocabularies.uccn import SECTORS
from . import queries, wording
from .checklist import Row, Want, rows_of
from .models import COUNCIL
from .pages import address_of
from .rules.asking import named

SIGNED_AFTERWARDS = ("12",)
"""The mayor signs the form once it is frozen."""


PASSED = {
    "plan.not_frozen": _l("The action plan is not frozen."),
    "deadline.national": _l("The deadline of the National Commission is not known."),
    "gate.sector_participated": _l("Nobody took part from one of the sectors."),
    f"attachment.{COUNCIL}.missing": _l("The decision of the city council is still to come."),
}


def words(code: str) -> LazyString | None:
    """Of what may be passed over here (``ucc.blocker_words``)."""
    found = re.fullmatch(r"attachment\.(.+)\.missing", code)
    if code in PASSED or found is None:
        return PASSED.get(code)
    return _l("Attachment %(id)s is not there, or not all of it.", id=number_of(found[1]))


def blockers(session: Session, dossier: Dossier, now: datetime) -> list[Blocker]:
    """Attachments and rights; for an application also the council's decision, the plan, the sectors and the day of
    the Commission."""
    attachments = queries.attachments_of(session, dossier)
    rows = rows_of(dossier.form.content, attachments, wording.OWN)
    url = url_for("readiness.checklist", process_id=dossier.process.public_id)
    is_application = dossier.purpose is Purpose.APPLICATION
    wanted = [row for row in rows if row.is_official or (row.id == COUNCIL and is_application)]
    found = [blocker for row in wanted for blocker in _of_row(row, url)]
    if is_application:
        found += _of_application(session, dossier)
    return found


def _of_row(row: Row, url: str) -> Iterator[Blocker]:
    if row.id in SIGNED_AFTERWARDS or row.want is Want.MADE:
        return
    mark = f"attachment.{row.id}"
    if row.too_many:
        says = lazy_ngettext(
            "%(what)s: %(num)s more than the form takes.",
            "%(what)s: %(num)s more than the form takes.",
            row.too_many,
            what=_name_of(row),
        )
        yield Blocker(f"{mark}.too_many", says, url)
    if row.want is Want.PHOTO:
        yield from _of_photos(row, mark, url)
    if row.want is not Want.CESSION and row.missing > _unceded(row):
        says = lazy_ngettext(
            "%(what)s: %(num)s is still to come.",
            "%(what)s: %(num)s are still to come.",
            row.missing - _unceded(row),
            what=_name_of(row),
        )
        yield Blocker(f"{mark}.missing", says, url, can_override=True)


def _name_of(row: Row) -> LazyString:
    """“A2 Letter of the National Commission”; what the form has no number for goes by its title alone."""

    def write() -> str:
        title = row.title_in(reader().locale)
        return f"{number_of(row.id)} {title}" if row.is_official else title

    return LazyString(write)


def _of_photos(row: Row, mark: str, url: str) -> Iterator[Blocker]:
    """Without the right to hand it in a photo is no gap but a wrong: void it, or get the sheet signed."""
    if bare := _unceded(row):
        says = lazy_ngettext(
            "%(num)s photo without a signed cession of rights.",
            "%(num)s photos without a signed cession of rights.",
            bare,
        )
        yield Blocker(f"{mark}.rights", says, url)


def _unceded(row: Row) -> int:
    if row.want is not Want.PHOTO:
        return 0
    return sum(each.state.has_file and not row.is_ceded(each) for each in row.live)


def _of_application(session: Session, dossier: Dossier) -> Iterator[Blocker]:
    process = dossier.process
    plan = plan_of(session, process)
    if plan is None or not plan.is_frozen:
        says = _l("The action plan is not frozen.")
        yield Blocker("plan.not_frozen", says, address_of(process, "plan.desk") or "", can_override=True)
    if dossier.national_deadline is None:
        url = url_for("dossier.settings", process_id=process.public_id, dossier_id=dossier.public_id)
        yield Blocker("deadline.national", _l("The deadline of the National Commission is not known."), url, True)
    yield from _of_sectors(session, process)


def _of_sectors(session: Session, process: Process) -> Iterator[Blocker]:
    """Rule P2: nothing is handed in while a sector has nobody, unless the gate was passed with a public reason."""
    if any(each.gate is Gate.SECTOR_PARTICIPATED for each in list_overrides(session, process)):
        return
    if absent := sectors_without_participants(session, process):
        says = _l("Nobody took part from: %(sectors)s.", sectors=named([SECTORS[each.value] for each in absent]))
        url = url_for("processes.board", public_id=process.public_id)
        yield Blocker("gate.sector_participated", says, url, can_override=True)
