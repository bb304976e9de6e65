"""The plan on one page, in plain words, for everybody: on screen, on paper, as a PDF of one sheet (rule B4)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from ..kernel.i18n import dates, in_language, money, reader, text_direction
from ..vocabularies import uccn
from .models import IndicatorKind, Initiative, Level, Plan
from .money import Money
from .wording import where_it_stands

TYPESETTING_SECONDS = 60


class TypesettingError(RuntimeError):
    """Typst could not set the page; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Line:
    """An initiative in three short lines. ``url`` part: its public id."""

    public_id: str
    title: str
    summary: str
    when: str
    cost: str
    shows: str
    proposals: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Words ready in one language. ``facts``: (what, how much)."""

    title: str
    vision: str
    facts: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    objectives: tuple[str, ...]
    money: str


def overview(plan: Plan, initiatives: Sequence[Initiative], have: Money, *, now: datetime) -> Overview:
    """In the language of the reader; needs every part of the initiatives. A draft says that it is one."""
    people = {source.proposal_id for each in initiatives for source in each.sources}
    state = () if plan.is_frozen else ((_("Where it stands"), str(where_it_stands(plan, now)[0])),)
    facts = (
        *state,
        (_("Years of the plan"), _period(plan)),
        (_("Initiatives"), ngettext("%(num)s initiative", "%(num)s initiatives", len(initiatives))),
        (_("From your proposals"), ngettext("%(num)s proposal", "%(num)s proposals", len(people))),
        (_("Cost of four years"), _money(have.cost, plan)),
    )
    headings = ((Level.LOCAL, _("In our city")), (Level.INTERNATIONAL, _("With other cities")))
    groups = [
        (words, tuple(_line(plan, each) for each in initiatives if each.level is level)) for level, words in headings
    ]
    served = [
        str(label) for key, label in uccn.OBJECTIVES.items() if any(key in each.objectives for each in initiatives)
    ]
    return Overview(
        title=in_language(plan.process.title, reader().locale).text,
        vision=_text(plan.vision),
        facts=facts,
        groups=tuple(group for group in groups if group[1]),
        objectives=tuple(served),
        money=_of_money(plan, have),
    )


def _line(plan: Plan, initiative: Initiative) -> Line:
    impact = [each for each in initiative.indicators if each.kind is IndicatorKind.IMPACT]
    return Line(
        initiative.public_id,
        _text(initiative.title),
        _text(initiative.summary),
        _days(initiative),
        _money(initiative.total_cost, plan) if initiative.costs else "",
        _text(impact[0].title) if impact else "",
        ngettext("from %(num)s proposal", "from %(num)s proposals", len(initiative.sources))
        if initiative.sources
        else "",
    )


def _of_money(plan: Plan, have: Money) -> str:
    """One sentence on whether there is enough."""
    if not have.cost:
        return ""
    facts = {"secured": _money(have.secured, plan), "expected": _money(have.expected, plan)}
    if have.short:
        words = _(
            "%(secured)s of it is secured, %(expected)s is expected, %(short)s is still to be found.",
            short=_money(have.short, plan),
            **facts,
        )
    else:
        words = _("%(secured)s of it is secured, %(expected)s is expected.", **facts)
    return str(words)


def _period(plan: Plan) -> str:
    now = reader()
    ends = [
        dates.month_year(day, locale=now.locale, calendar=now.calendar, tz=now.tz)
        for day in (plan.begins_on, plan.ends_on)
    ]
    return f"{ends[0]} – {ends[1]}"


def _days(initiative: Initiative) -> str:
    now = reader()
    return (
        dates.period(initiative.starts_on, initiative.ends_on, locale=now.locale, calendar=now.calendar, tz=now.tz)
        or ""
    )


def _money(amount: int, plan: Plan) -> str:
    return str(money(amount, plan.currency, locale=reader().locale))


def _text(texts: dict[str, str]) -> str:
    return str(in_language(texts, reader().locale).text) if texts else ""


def pdf(page: Overview, *, city: str, address: str) -> bytes:
    """One A4 sheet. ``address``: of the whole plan. Raises TypesettingError."""
    locale = reader().locale
    data: dict[str, Any] = {
        "locale": locale,
        "direction": text_direction(locale),
        "heading": _("Our plan for four years"),
        "city": city,
        "title": page.title,
        "vision": page.vision,
        "facts": [list(fact) for fact in page.facts],
        "groups": [{"heading": heading, "lines": [_typed(line) for line in lines]} for heading, lines in page.groups],
        "serves_heading": _("What it serves"),
        "serves": list(page.objectives),
        "money": page.money,
        "address_words": _("The whole plan, with everything behind it:"),
        "address": address,
    }
    made = subprocess.run(  # our own program
        [sys.executable, "-m", "ucc_participate.plan.typesetting"],
        input=json.dumps(data, ensure_ascii=False).encode("utf-8"),
        capture_output=True,
        timeout=TYPESETTING_SECONDS,
        check=False,
    )
    if made.returncode:
        raise TypesettingError(made.stderr.decode("utf-8", "replace")[-2000:])
    return made.stdout


def _typed(line: Line) -> dict[str, Any]:
    more = [part for part in (line.when, line.cost, line.proposals) if part]
    return {"title": line.title, "summary": line.summary, "more": " · ".join(more), "shows": line.shows}
