"""Drafts of the membership monitoring report along its sections (rule K5), out of what was entered and nothing else.

Every sentence is one fact with its code; what people wrote in another language alone is left to the translator. Where a
form has a limit of words, the facts that matter least are left out whole; no sentence is cut. A person takes the draft
over and writes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from ...dossier.drafts import Draft, DraftOf
from ...dossier.models import Dossier
from ...dossier.sections import Section
from ...kernel import clock
from ...kernel.db import db
from ...kernel.errors import NotFound
from ...kernel.i18n import in_language, listed, reader, site_day, writing_for
from ...kernel.text import word_count
from ...plan.models import IndicatorKind, Level
from ...vocabularies.uccn import CREATIVE_FIELDS
from .. import queries
from ..models import Attendance, Commitment, CommitmentKind, CommitmentState, Conference, Designation, Reading
from ..overview import Overview, overview_of, title_of
from ..standing import Series, duties_in
from . import outlook
from .fact import Fact, Facts


def draft(gather: Facts) -> DraftOf:
    """What the answer page asks: the draft of one section in one language, None while nothing is known."""

    def make(dossier: Dossier, section: Section, language: str) -> Draft | None:
        overview = overview_of(dossier.process, site_day(clock.now()))
        if overview.designation is None:
            return None
        with writing_for(language):
            return chosen(list(gather(overview, section)), section.words)

    return make


def chosen(facts: list[Fact], limit: int | None) -> Draft | None:
    """The weightiest facts that fit together into the limit, in the order in which they were told."""
    taken: set[int] = set()
    room = limit
    for place, fact in sorted(enumerate(facts), key=lambda each: (each[1].weight, each[0])):
        words = word_count(fact.text)
        if room is None or words <= room:
            taken.add(place)
            room = room - words if room is not None else None
    kept = [fact for place, fact in enumerate(facts) if place in taken]
    left_out = tuple(fact.code for place, fact in enumerate(facts) if place not in taken)
    return Draft(_paragraphs(kept), tuple(fact.code for fact in kept), left_out) if kept else None


def _paragraphs(facts: list[Fact]) -> str:
    parts: dict[str, list[str]] = {}
    for fact in facts:
        parts.setdefault(fact.part, []).append(fact.text)
    return "\n\n".join(" ".join(texts) for texts in parts.values())


def _designation(overview: Overview) -> Designation:
    """``draft`` asks for nothing before it is there."""
    if overview.designation is None:
        raise NotFound()
    return overview.designation


def _summary(overview: Overview, _section: Section) -> Iterator[Fact]:
    counts, designation = overview.counts, _designation(overview)
    yield Fact(
        "report.designated", _("The city became a member of the Network on %(day)s.", day=designation.designated_on), 1
    )
    yield Fact(
        "report.promises",
        _("Of %(all)s promises, %(kept)s are kept by %(day)s.", all=counts.all, kept=counts.kept, day=overview.today),
        1,
    )
    yield Fact(
        "report.not_kept",
        ngettext(
            "%(num)s was not kept, with its published reason.",
            "%(num)s were not kept, each with its published reason.",
            counts.not_kept,
        ),
        1,
    )
    overdue = ngettext(
        "%(num)s is overdue, and the city says so in public.",
        "%(num)s are overdue, and the city says so in public.",
        counts.overdue,
    )
    yield Fact("report.overdue", overdue, 1)
    yield from _figures(overview)
    yield Fact("report.conferences", _conferences(overview))
    reviews = [
        each for each in duties_in(overview.register, CommitmentKind.REVIEW) if each.status is CommitmentState.KEPT
    ]
    yield Fact(
        "report.reviews",
        ngettext(
            "People looked at the plan together in %(num)s yearly review.",
            "People looked at the plan together in %(num)s yearly reviews.",
            len(reviews),
        ),
    )


def _conferences(overview: Overview) -> str:
    attended = [each for each in overview.conferences if each.attendance is not Attendance.ABSENT]
    text = ngettext(
        "It took part in %(num)s yearly conference of the Network.",
        "It took part in %(num)s yearly conferences of the Network.",
        len(attended),
    )
    return str(text)


def _figures(overview: Overview) -> Iterator[Fact]:
    read = [series for series in overview.series if series.last is not None]
    reached = [series for series in read if series.is_reached]
    corrected = sum(1 for reading in overview.readings if reading.corrects_id is not None)
    late = sum(1 for reading in overview.readings if reading.late_by and reading.corrects_id is None)
    yield Fact(
        "report.indicators",
        _(
            "%(read)s of %(all)s indicators were read; %(reached)s have reached their target.",
            read=len(read),
            all=len(overview.series),
            reached=len(reached),
        ),
        1,
    )
    yield Fact(
        "report.readings",
        f"{_late(late)} {_corrected(corrected)}",
        3,
    )


def _late(number: int) -> str:
    return str(ngettext("%(num)s reading was entered late.", "%(num)s readings were entered late.", number))


def _corrected(number: int) -> str:
    told = ngettext(
        "%(num)s reading was corrected; both numbers stay.",
        "%(num)s readings were corrected; both numbers stay.",
        number,
    )
    return str(told)


def _general(overview: Overview, _section: Section) -> Iterator[Fact]:
    process, designation, locale = overview.process, _designation(overview), reader().locale
    if process.creative_field is not None:
        field = str(CREATIVE_FIELDS[process.creative_field])
        yield Fact("report.field", _("Creative field: %(field)s.", field=field), 1)
    yield Fact("report.designated", _("Day of designation: %(day)s.", day=designation.designated_on), 1)
    yield Fact("report.decision", _("Decision: %(decision)s.", decision=designation.decision.rstrip(".")))
    yield Fact("report.day", _("Day of this report: %(day)s.", day=overview.today), 1)
    yield Fact("report.responsible", _("Responsible in the city: %(who)s.", who=process.responsible), 1)
    title = str(in_language(process.title, locale))
    yield Fact("report.process", _("The plan was made in the process “%(title)s”.", title=title))


def _network(overview: Overview, _section: Section) -> Iterator[Fact]:
    yield Fact("report.conferences", _conferences(overview), 1)
    for each in overview.conferences:
        yield from _conference(each, reader().locale)


def _conference(conference: Conference, locale: str) -> Iterator[Fact]:
    facts = {"year": conference.year, "place": conference.place, "day": conference.held_on}
    code, part = f"conference/{conference.public_id}", str(conference.year)
    if conference.attendance is Attendance.ABSENT:
        text = _("In year %(year)s (%(place)s, %(day)s) the city was not there.", **facts)
    elif conference.attendance is Attendance.ONLINE:
        text = _("In year %(year)s (%(place)s, %(day)s) the city took part online.", **facts)
    else:
        text = _("In year %(year)s (%(place)s, %(day)s) the city was there in person.", **facts)
    yield Fact(code, text, 1, part)
    told = in_language(conference.achievements, locale)
    if told and told.locale == locale:
        yield Fact(f"{code}#told", str(told), 2, part)


def _initiatives(level: Level) -> Facts:
    def gather(overview: Overview, section: Section) -> Iterator[Fact]:
        """Where the form takes only so many, those with the most kept promises."""
        for key, promises in _of_level(overview, level)[: section.items]:
            yield from _initiative(overview, key, _initiatives_of(overview)[key], promises)
        if level is Level.INTERNATIONAL:
            yield from _partners(overview)

    return gather


def _initiatives_of(overview: Overview) -> Mapping[str, Any]:
    """What the frozen plan says of each, by public id."""
    found: Mapping[str, Any] = overview.version.content["initiatives"] if overview.version is not None else {}
    return found


def _of_level(overview: Overview, level: Level) -> list[tuple[str, list[Commitment]]]:
    content = _initiatives_of(overview)
    found = [
        (key, promises)
        for key, _title, promises in overview.by_initiative()
        if content.get(key, {}).get("level") == level.value
    ]
    return sorted(found, key=lambda each: -_kept(each[1]))


def _kept(promises: list[Commitment]) -> int:
    return sum(1 for each in promises if each.status is CommitmentState.KEPT)


def _initiative(overview: Overview, key: str, told: Mapping[str, Any], promises: list[Commitment]) -> Iterator[Fact]:
    locale = reader().locale
    title, code = str(in_language(told["title"], locale)), f"initiative/{key}"
    yield Fact(code, f"{title}.", 1, key)
    summary = in_language(told.get("summary") or {}, locale)
    if summary and summary.locale == locale:
        yield Fact(f"{code}#summary", str(summary), 3, key)
    counted = [each for each in promises if each.status is not CommitmentState.WITHDRAWN]
    yield Fact(
        f"{code}#promises",
        _("%(kept)s of its %(all)s promises are kept.", kept=_kept(counted), all=len(counted)),
        1,
        key,
    )
    for series in overview.series:
        standing = series.last.standing if series.last is not None else None
        if series.measured.initiative == key and standing is not None:
            yield Fact(f"indicator/{series.measured.id}", _read(series, standing, locale), 2, key)


def _read(series: Series, reading: Reading, locale: str) -> str:
    """Output and impact in the same words, with baseline, target and the day of the last reading."""
    measured = series.measured
    facts = {
        "title": str(in_language(measured.title, locale)),
        "value": reading.value,
        "unit": str(in_language(measured.unit, locale)),
        "baseline": measured.baseline if measured.baseline is not None else "–",
        "target": measured.target if measured.target is not None else "–",
        "day": reading.measured_on,
    }
    if measured.kind is IndicatorKind.OUTPUT:
        told = _("Output: %(title)s %(value)s %(unit)s on %(day)s (before %(baseline)s, target %(target)s).", **facts)
    else:
        told = _("Impact: %(title)s %(value)s %(unit)s on %(day)s (before %(baseline)s, target %(target)s).", **facts)
    return str(told)


def _partners(overview: Overview) -> Iterator[Fact]:
    for city in queries.cities_at_work(db.session(), overview.process):
        text = _("The city works with %(city)s.", city=city.name)
        yield Fact(city.ref, f"{text} {city.about}".strip(), 2, "partners")


def _open_promises(level: Level) -> Facts:
    def gather(overview: Overview, _section: Section) -> Iterator[Fact]:
        """What was promised and is not done is the first thing that the next four years owe."""
        locale = reader().locale
        for key, promises in _of_level(overview, level):
            still = [each for each in promises if each.is_open and each.kind is not CommitmentKind.END]
            if still:
                titles = listed(str(title_of(each, locale)) for each in still)
                facts = {"title": str(in_language(still[0].of_title, locale)), "promises": titles}
                yield Fact(f"initiative/{key}#open", _("%(title)s, still to be done: %(promises)s.", **facts), 1, key)

    return gather


DRAFTS: dict[str, DraftOf] = {
    "report_summary": draft(_summary),
    "report_general": draft(_general),
    "report_network": draft(_network),
    "report_local": draft(_initiatives(Level.LOCAL)),
    "report_cooperation": draft(_initiatives(Level.INTERNATIONAL)),
    "report_next_local": draft(_open_promises(Level.LOCAL)),
    "report_next_international": draft(_open_promises(Level.INTERNATIONAL)),
    "report_budget": draft(outlook.budget),
    "report_communication": draft(outlook.communication),
}
