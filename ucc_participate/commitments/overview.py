"""What the pages, the report and the reminders of one process start from, read in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from ..kernel.db import db
from ..kernel.errors import NotFound
from ..kernel.i18n import TextIn, in_language, lazy_number, reader
from ..plan.models import PlanVersion
from ..processes.models import Process
from . import queries
from .models import YEARS, Commitment, CommitmentKind, Conference, Designation, Reading
from .promises import Measured, indicators_of, moved_by, year_end
from .standing import Counts, Series, counts_of, duties_in, series_of
from .wording import DUTIES


@dataclass(frozen=True, slots=True)
class Overview:
    """``version``: the frozen plan, None before there is one. ``today``: of the city. ``dropped``: what was read of
    indicators that an earlier version had: the readings stay (rule K4)."""

    process: Process
    today: date
    version: PlanVersion | None
    designation: Designation | None
    register: list[Commitment]
    readings: list[Reading]
    series: list[Series]
    dropped: list[Series]
    conferences: list[Conference]

    @property
    def is_running(self) -> bool:
        return self.designation is not None

    @property
    def counts(self) -> Counts:
        return counts_of(self.register, self.today, is_running=self.is_running)

    @property
    def overdue(self) -> list[Commitment]:
        return [each for each in self.register if each.is_overdue(self.today)] if self.is_running else []

    @property
    def missing(self) -> list[Series]:
        """Indicators with a reading that is late and not there."""
        return [each for each in self.series if each.missing(self.today)] if self.is_running else []

    @property
    def report(self) -> Commitment | None:
        return next(iter(duties_in(self.register, CommitmentKind.REPORT)), None)

    @property
    def year(self) -> int | None:
        """The year of membership that today falls in, from 1 to 4."""
        if self.designation is None:
            return None
        days = (year_end(self.designation.designated_on, year) for year in YEARS)
        return min(YEARS[-1], 1 + sum(day < self.today for day in days))

    def duties(self, kind: str) -> list[Commitment]:
        return duties_in(self.register, CommitmentKind(kind))

    def conference(self, year: int | None) -> Conference | None:
        return next((each for each in self.conferences if each.year == year), None)

    def find(self, indicator: str) -> Series:
        """Raises NotFound."""
        found = next((each for each in (*self.series, *self.dropped) if each.measured.id == indicator), None)
        if found is None:
            raise NotFound()
        return found

    def by_initiative(self) -> list[tuple[str, TextIn, list[Commitment]]]:
        """Promises of the plan under their initiatives, in the order of the plan; withdrawn ones last."""
        groups: dict[str, list[Commitment]] = {}
        for each in sorted((one for one in self.register if one.kind.is_of_plan), key=lambda one: one.id):
            groups.setdefault(each.initiative or "", []).append(each)
        locale = reader().locale
        return [(key, in_language(found[0].of_title, locale), _by_day(found)) for key, found in groups.items()]


def overview_of(process: Process, today: date, session: Session | None = None) -> Overview:
    session = session or db.session()
    version = queries.submitted_version(session, process)
    designation = queries.designation_of(session, process)
    readings = list(queries.readings_of(session, process))
    measured = indicators_of(version.content) if version is not None else []
    moved = moved_by(version.content, designation) if version is not None else timedelta()
    gone = {reading.indicator for reading in readings} - {each.id for each in measured}
    earlier = _earlier(session, process, gone) if gone else []
    return Overview(
        process=process,
        today=today,
        version=version,
        designation=designation,
        register=list(queries.register_of(session, process)),
        readings=readings,
        series=series_of(measured, readings, moved),
        dropped=series_of(earlier, readings, moved, is_asked=False),
        conferences=list(queries.conferences_of(session, process)),
    )


def _earlier(session: Session, process: Process, gone: set[str]) -> list[Measured]:
    """These indicators as the newest version that has them says."""
    found: dict[str, Measured] = {}
    for version in queries.submitted_versions(session, process):
        for each in indicators_of(version.content):
            if each.id in gone:
                found.setdefault(each.id, each)
    return list(found.values())


def title_of(commitment: Commitment, locale: str | None = None) -> TextIn:
    """What is promised, in the reader's language; what membership asks is said in our words."""
    locale = locale or reader().locale
    if commitment.kind in DUTIES:
        return TextIn(str(DUTIES[commitment.kind]) % {"year": _written(commitment.year)}, locale)
    return in_language(commitment.title, locale)


def _written(year: int | None) -> str:
    return str(lazy_number(year or 0))


def _by_day(found: list[Commitment]) -> list[Commitment]:
    return sorted(found, key=lambda each: (each.due_on is None, each.due_on or date.max, each.id))
