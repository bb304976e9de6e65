"""Whether people met, were heard in every sector, and were moderated fairly."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ...kernel.i18n import lazy_number
from ...processes.models import PhaseKind
from ...vocabularies.uccn import Sector
from ..facts import Facts
from .asking import (
    Finding,
    Theme,
    later,
    listed_numbers,
    met,
    named_groups,
    objection,
    question,
    warning,
)

MEETINGS = "meetings.index"
QUEUE = "moderation.queue"


@question("AREA-4", Theme.DISCUSSION, _l("Were there consultative meetings, in person and online?"), "IAP2", "OECD")
def people_met(facts: Facts) -> Finding:
    found, refuse = facts.gatherings, objection if facts.is_closed else warning
    if not found.were_held:
        if found.to_come or not facts.has_opened:
            return later(_l("No meeting has been held yet."))
        return refuse(_l("No meeting was held."), _l("Announce one, in person and online."), MEETINGS)
    says = _l(
        "Held in person: %(in_person)s, online: %(online)s.",
        in_person=lazy_number(found.in_person),
        online=lazy_number(found.online),
    )
    if not found.in_person:
        return warning(says, _l("Meet in person, too: not everybody has the internet."), MEETINGS, proof="meeting.held")
    if not found.online:
        return warning(says, _l("Hold one online, too: not everybody can come."), MEETINGS, proof="meeting.held")
    return met(says, "meeting.held")


@question("AREA-4", Theme.DISCUSSION, _l("Does every meeting have minutes that people could object to?"), "OECD")
def minutes_are_final(facts: Facts) -> Finding:
    found = facts.gatherings
    if not found.were_held:
        return later(_l("No meeting has been held yet."))
    if not found.without_minutes:
        return met(_l("The minutes of every meeting that was held are final."), "minutes.finalised")
    says = lazy_ngettext(
        "%(num)s meeting has no final minutes.", "%(num)s meetings have no final minutes.", found.without_minutes
    )
    todo = _l("Publish a draft, answer the objections, and make them final.")
    return (objection if facts.is_closed else warning)(says, todo, MEETINGS)


@question("P3", Theme.DISCUSSION, _l("Was every sector heard in the discussion?"), "OECD", "IAP2")
def every_sector_is_heard(facts: Facts) -> Finding:
    silent = [sector for sector in Sector if not facts.heard.get(sector)]
    if not silent:
        says = _l(
            "Organisations that spoke, in the three sectors: %(counts)s.",
            counts=listed_numbers(facts.heard[sector] for sector in Sector),
        )
        return met(says, *(f"comment.posted:sector:{sector.value}" for sector in Sector))
    names = named_groups(f"sector:{sector.value}" for sector in silent)
    says = _l("No organisation has said anything: %(sectors)s.", sectors=names)
    is_over = facts.is_closed or facts.is_over(PhaseKind.DISCUSS)
    if not facts.has_opened or (len(silent) == len(Sector) and not is_over):
        return later(says)
    return warning(says, _l("Ask their delegates for their view, or write it down at a meeting."))


@question("P10", Theme.DISCUSSION, _l("Is moderation done with reasons, and are appeals decided?"), "Aarhus 6")
def moderation_gives_reasons(facts: Facts) -> Finding:
    found = facts.moderated
    if found.bare:
        says = lazy_ngettext(
            "%(num)s contribution was hidden without a reason.",
            "%(num)s contributions were hidden without a reason.",
            found.bare,
        )
        return objection(says, _l("Show it again, or hide it with its reason."), QUEUE, proof="moderation.hidden")
    if found.overdue:
        says = lazy_ngettext(
            "%(num)s contribution has waited for a moderator for longer than was promised.",
            "%(num)s contributions have waited for a moderator for longer than was promised.",
            found.overdue,
        )
        return objection(says, _l("Read and decide."), QUEUE)
    if found.appeals_open:
        says = lazy_ngettext(
            "%(num)s appeal waits for another moderator.",
            "%(num)s appeals wait for another moderator.",
            found.appeals_open,
        )
        return objection(says, _l("Let another moderator decide."), QUEUE) if facts.is_closed else later(says)
    says = _l(
        "Hidden, each with a reason: %(hidden)s. Appeals decided: %(appeals)s.",
        hidden=lazy_number(found.withheld),
        appeals=lazy_number(found.appeals_decided),
    )
    return met(says, "moderation.hidden", "moderation.appeal_decided")
