"""Women and young people among those who take part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ...kernel.i18n import lazy_number
from ...representation import charts
from ..facts import Facts
from .asking import (
    Finding,
    Theme,
    later,
    met,
    objection,
    percent_of,
    question,
    warning,
)

STATED_ENOUGH = 0.5


@question("OBJ-2", Theme.WOMEN_AND_YOUTH, _l("Were women’s groups invited?"), "EIGE")
def womens_groups_are_invited(facts: Facts) -> Finding:
    return _group_invited(
        facts, "womens_group", _l("Invite women’s organisations: associations, cooperatives, groups.")
    )


@question("OBJ-2", Theme.WOMEN_AND_YOUTH, _l("Were youth groups invited?"), "Lundy: space")
def youth_groups_are_invited(facts: Facts) -> Finding:
    return _group_invited(facts, "youth_group", _l("Invite youth organisations: student councils, clubs, groups."))


def _group_invited(facts: Facts, group: str, todo: Any) -> Finding:
    invited = facts.groups[group].invited
    if not invited:
        return objection(_l("None was invited."), todo, "outreach.invite")
    says = lazy_ngettext("%(num)s group was invited.", "%(num)s groups were invited.", invited)
    return met(says, f"stakeholder.invited:{group}")


@question("O3", Theme.WOMEN_AND_YOUTH, _l("Do women take part as planned?"), "EIGE")
def women_take_part(facts: Facts) -> Finding:
    return _share(facts, "sex:female", ("sex:female", "sex:male", "sex:other"))


@question("O3", Theme.WOMEN_AND_YOUTH, _l("Do people under 30 take part as planned?"), "Lundy: voice")
def young_people_take_part(facts: Facts) -> Finding:
    return _share(facts, "age:under_30", ("age:under_30", "age:30_plus"))


def _share(facts: Facts, group: str, stated: Iterable[str]) -> Finding:
    goal = facts.process.targets.get(group)
    if not facts.has_opened:
        return later(_l("The process has not opened yet."))
    joined = facts.presence.stage("people", "joined")
    count, known = joined.count(group), charts.known(joined, tuple(stated))
    everybody = joined.count("all") or 0
    if count is None or not known:
        return warning(
            _l("Too few have said so: nothing can be shown."),
            _l("Ask people to say so in their account, and tell them what it is for."),
        )
    share = count / known
    says = _l(
        "%(share)s of those who told us; %(known)s of %(everybody)s did.",
        share=percent_of(share),
        known=lazy_number(known),
        everybody=lazy_number(everybody),
    )
    if goal is not None and share < goal / 100:
        todo = _l(
            "The target is %(goal)s. Go where they are: their groups, schools, workplaces.", goal=percent_of(goal / 100)
        )
        return (objection if facts.is_closed else warning)(says, todo, "processes.board")
    if everybody and known / everybody < STATED_ENOUGH:
        return warning(
            says, _l("Half of the participants have not said. Ask them once more, and tell them what it is for.")
        )
    return met(says)
