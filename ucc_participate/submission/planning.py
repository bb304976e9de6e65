"""The action plan for handing in: JSON, a table, and the blocks of its paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..kernel.i18n import LOCALES, day, digits, listed, money, number
from ..kernel.tables import write_csv
from ..plan.years import Calendar, in_other
from ..vocabularies.uccn import AREAS, OBJECTIVES
from .blocks import Block, in_words

KINDS: Mapping[str, Any] = {"project": _l("Project"), "innovation": _l("Innovation"), "policy": _l("Policy")}
LEVELS: Mapping[str, Any] = {"local": _l("Local"), "international": _l("International")}
INDICATORS: Mapping[str, Any] = {"output": _l("Output"), "impact": _l("Impact")}
COLUMNS = (
    *("number", "id", "kind", "level", *(f"title_{language}" for language in LOCALES), "starts_on", "ends_on"),
    *("owner", "origin", "objectives", "areas", "sdgs", "partners", "proposals", "cost", "currency"),
    *("output_indicators", "impact_indicators"),
)

Content = Mapping[str, Any]


def as_csv(content: Content) -> bytes:
    """An initiative a line; lists are parted by ``|``."""
    currency = content["plan"]["currency"]
    rows = [
        [_cell(initiative, known, column, currency) for column in COLUMNS] for known, initiative in ordered(content)
    ]
    return write_csv([COLUMNS, *rows])


def ordered(content: Content) -> list[tuple[str, Content]]:
    """Initiatives of the plan by number."""
    return sorted(content["initiatives"].items(), key=lambda pair: (pair[1]["number"], pair[0]))


def _cell(initiative: Content, known: str, column: str, currency: str) -> Any:
    found: dict[str, Any] = {
        "id": known,
        "partners": "|".join(partner["name"] for partner in initiative["partners"]),
        "proposals": "|".join(source["proposal"] for source in initiative["sources"]),
        "cost": sum(initiative["costs"].values()),
        "currency": currency,
        "output_indicators": _indicators(initiative, "output"),
        "impact_indicators": _indicators(initiative, "impact"),
    }
    if column in found:
        return found[column]
    if column.startswith("title_"):
        return initiative["title"].get(column.removeprefix("title_"), "")
    value = initiative[column]
    return "|".join(value) if isinstance(value, list) else ("" if value is None else value)


def _indicators(initiative: Content, kind: str) -> str:
    return "|".join(in_words(each["title"], "en") for each in initiative["indicators"] if each["kind"] == kind)


def of_plan(content: Content, language: str) -> Iterator[Block]:
    """To be called while writing for ``language``."""
    plan = content["plan"]
    if content.get("version") is None:
        yield Block("note", _("A draft: this plan is not frozen yet, it may change."), language)
    yield Block("heading", _("What the plan is to bring"), language, 1)
    yield Block("text", in_words(plan["vision"], language), language)
    yield Block("heading", _("Initiatives"), language, 1)
    yield _overview(content, language)
    for _known, initiative in ordered(content):
        yield from _of_initiative(initiative, plan, language)


def _overview(content: Content, language: str) -> Block:
    head = (_("No."), _("Initiative"), _("Level"), _("From"), _("Until"), _("Cost"))
    rows = [
        (
            number(initiative["number"], locale=language),
            in_words(initiative["title"], language),
            str(LEVELS[initiative["level"]]),
            _day(initiative["starts_on"], language),
            _day(initiative["ends_on"], language),
            money(sum(initiative["costs"].values()), content["plan"]["currency"], locale=language),
        )
        for _known, initiative in ordered(content)
    ]
    return Block("table", language=language, rows=(head, *rows))


def _of_initiative(initiative: Content, plan: Content, language: str) -> Iterator[Block]:
    title = f"{number(initiative['number'], locale=language)}. {in_words(initiative['title'], language)}"
    yield Block("heading", title, language, 2)
    for told in ("summary", "description"):
        if in_words(initiative[told], language):
            yield Block("text", in_words(initiative[told], language), language)
    yield Block("facts", language=language, rows=tuple(_facts(initiative, language)))
    if initiative["costs"]:
        yield _costs(initiative["costs"], plan, language)
    if initiative["indicators"]:
        yield _targets(initiative["indicators"], language)


def _facts(initiative: Content, language: str) -> Iterator[tuple[str, str]]:
    yield _("Kind"), listed((KINDS[initiative["kind"]], LEVELS[initiative["level"]]))
    days = [_day(initiative[end], language) for end in ("starts_on", "ends_on")]
    yield _("From when until when"), " – ".join(days)
    lists = ((_("Objectives"), OBJECTIVES, "objectives"), (_("Areas of action"), AREAS, "areas"))
    for label, names, key in lists:
        if initiative[key]:
            yield label, listed(names.get(each, each) for each in initiative[key])
    if initiative["owner"]:
        yield _("Responsible"), initiative["owner"]
    if initiative["partners"]:
        yield _("Partners"), listed(partner["name"] for partner in initiative["partners"])
    texts = ((_("Who gains access"), "access"), (_("What it enters"), "enters"))
    for label, key in texts:
        if in_words(initiative[key], language):
            yield label, in_words(initiative[key], language)
    made_of = len(initiative["sources"])
    if made_of:
        yield _("Made from proposals"), number(made_of, locale=language)


def _costs(costs: Mapping[str, int], plan: Content, language: str) -> Block:
    rows = [
        (budget_year(int(year), plan["calendar"], language), money(amount, plan["currency"], locale=language))
        for year, amount in sorted(costs.items())
    ]
    return Block("table", language=language, rows=((_("Year"), _("Cost")), *rows))


def budget_year(year: int, calendar: str, language: str) -> str:
    """As the treasury counts; for who reads no Persian calendar also the Gregorian years: 1406 (2027/28)."""
    written = digits(year, locale=language)
    if calendar != Calendar.JALALI or language == "fa":
        return written
    begins = in_other(year, Calendar.JALALI)
    return f"{written} ({begins}/{(begins + 1) % 100:02d})"


def _targets(indicators: list[Content], language: str) -> Block:
    head = (_("Kind"), _("Indicator"), _("Baseline"), _("Target"), _("Responsible"))
    rows = [
        (
            str(INDICATORS[each["kind"]]),
            in_words(each["title"], language),
            _measure(each["baseline"], each, language),
            _measure(each["target"], each, language),
            each["responsible"],
        )
        for each in indicators
    ]
    return Block("table", language=language, rows=(head, *rows), wide=(1, 2, 3, 4))


def _measure(value: str | None, indicator: Content, language: str) -> str:
    if value is None:
        return str(_("not known yet"))
    return f"{digits(value, locale=language)} {in_words(indicator['unit'], language)}".strip()


def _day(text: str | None, language: str) -> str:
    return day(date.fromisoformat(text), locale=language) if text else str(_("open"))
