"""Facts for the sections of the monitoring report on the next four years that promises do not answer: money, and how
the Network is made known."""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from ...dossier.sections import Section
from ...kernel.db import db
from ...kernel.i18n import in_language, listed, money, number, reader
from ...outreach.wording import ACTIVITY_KINDS
from ...plan.models import Plan
from ...plan.years import year_of
from ...resources.models import Resource, ResourceKind
from ...resources.queries import resources_of
from ...resources.sums import Sum, Table, table_of
from ...submission.planning import budget_year
from .. import queries
from ..overview import Overview
from .fact import Fact


def budget(overview: Overview, _section: Section) -> Iterator[Fact]:
    """Amounts and sources from the present budget year on, as they are written down among the resources."""
    if overview.version is None:
        return
    plan = overview.version.plan
    table, locale = table_of(_ahead(overview, plan), ResourceKind.MONEY), reader().locale
    if not table.years:
        return
    yield Fact("report.budget", _sum(_("Money for the coming years"), table.whole, plan.currency), 1)
    for year, each in table.years.items():
        yield Fact(
            f"report.budget.{year}", _sum(budget_year(year, plan.calendar, locale), each, plan.currency), 2, "years"
        )
    for place, source in enumerate(table.sources, 1):
        told = _sum(str(in_language(source.name, locale)), Table(source.years).whole, plan.currency)
        yield Fact(f"report.budget.source.{place}", told, 3, "sources")


def _ahead(overview: Overview, plan: Plan) -> list[Resource]:
    now = year_of(overview.today, plan.calendar)
    return [each for each in resources_of(db.session(), overview.process) if each.year >= now]


def _sum(what: str, each: Sum, currency: str) -> str:
    locale = reader().locale
    secured, expected = (money(amount, currency, locale=locale) for amount in (each.secured, each.expected))
    return str(
        _("%(what)s: %(secured)s secured, %(expected)s expected.", what=what, secured=secured, expected=expected)
    )


def communication(overview: Overview, _section: Section) -> Iterator[Fact]:
    """What was done since the designation to reach people, and where everybody reads on."""
    if overview.designation is None:
        return
    since, session, locale = overview.designation.designated_on, db.session(), reader().locale
    done = queries.activities_since(session, overview.process, since)
    if done:
        kinds = [f"{ACTIVITY_KINDS[kind]} {number(count, locale=locale)}" for kind, count in done.items()]
        text = _("Since the designation the city reached out to people in these ways: %(kinds)s.", kinds=listed(kinds))
        yield Fact("report.reached", text, 1)
    letters = queries.newsletters_since(session, overview.process, since)
    if letters:
        text = ngettext("It sent %(num)s newsletter.", "It sent %(num)s newsletters.", letters)
        yield Fact("report.newsletters", text, 2)
    address = current_app.extensions["ucc.settings"].public_url
    path = url_for("commitments.show", process_id=overview.process.public_id)
    yield Fact("report.public", _("Every promise and what became of it is public: %(url)s", url=f"{address}{path}"), 2)
