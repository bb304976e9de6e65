"""Who was invited, who came, who is missing."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ...vocabularies.uccn import Sector
from ..facts import Facts
from .asking import (
    STATE,
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


@question("P2", Theme.PRESENCE, _l("Was every sector invited?"), "IAP2", "OECD")
def every_sector_is_invited(facts: Facts) -> Finding:
    absent = [sector for sector in Sector if not facts.groups[f"sector:{sector.value}"].invited]
    if absent:
        names = named_groups(f"sector:{sector.value}" for sector in absent)
        says = _l("Nobody was invited: %(sectors)s.", sectors=names)
        return objection(says, _l("Invite organisations of this sector."), "outreach.invite")
    counts = [facts.groups[f"sector:{sector.value}"].invited for sector in Sector]
    says = _l("Invited in the three sectors: %(counts)s.", counts=listed_numbers(counts))
    return met(says, *(f"stakeholder.invited:sector:{sector.value}" for sector in Sector))


@question("P3", Theme.PRESENCE, _l("Was every sector really there?"), "OECD")
def every_sector_takes_part(facts: Facts) -> Finding:
    if not facts.has_opened:
        return later(_l("The process has not opened yet."))
    present = facts.presence.stage("organisations", "present")
    absent = [sector for sector in Sector if not present.count(f"sector:{sector.value}")]
    if not absent:
        counts = [present.count(f"sector:{sector.value}") or 0 for sector in Sector]
        says = _l("Present in the three sectors: %(counts)s.", counts=listed_numbers(counts))
        return met(says, *(f"stakeholder.answered:sector:{sector.value}" for sector in Sector))
    names = named_groups(f"sector:{sector.value}" for sector in absent)
    says = _l("No organisation has answered, proposed or voted: %(sectors)s.", sectors=names)
    todo = _l("Call them, visit them, invite others of this sector.")
    return (objection if facts.is_closed else warning)(says, todo, "processes.board")


@question("P2", Theme.PRESENCE, _l("Did the process go on although somebody was missing?"))
def no_gate_was_passed(facts: Facts) -> Finding:
    if not facts.overrides:
        return met(_l("No gate was passed with a reason in place of what was missing."))
    says = lazy_ngettext(
        "%(num)s gate was passed; the reason is public.",
        "%(num)s gates were passed; the reasons are public.",
        facts.overrides,
    )
    return warning(
        says,
        _l("Make up for what was missing, and write down what was done."),
        "processes.board",
        proof="gate.overridden",
    )


@question("O3", Theme.PRESENCE, _l("Were targets set before the opening?"), "EIGE", "AA1000")
def targets_were_set(facts: Facts) -> Finding:
    if facts.process.targets:
        says = lazy_ngettext("%(num)s target was set.", "%(num)s targets were set.", len(facts.process.targets))
        return met(says, "process.opened" if facts.has_opened else STATE)
    if facts.has_opened:
        return warning(
            _l("No target was set before the opening."), _l("Compare with the population instead, and say so."), None
        )
    return objection(
        _l("No target is set."),
        _l("Set targets for sectors, women and young people now: later it is too late."),
        "processes.targets",
    )


@question("O4", Theme.PRESENCE, _l("Could people without internet take part?"), "IAP2", "EIGE")
def there_is_a_way_without_internet(facts: Facts) -> Finding:
    if facts.assisted:
        says = lazy_ngettext(
            "%(num)s of the participants came on paper, by telephone or in a workshop.",
            "%(num)s of the participants came on paper, by telephone or in a workshop.",
            facts.assisted,
        )
        return met(says, "participant.joined:assisted")
    if not facts.has_opened:
        return later(_l("The process has not opened yet."))
    return warning(
        _l("Everybody came on the internet."),
        _l("Let clerks take proposals on paper, by telephone and at meetings, and enter them."),
    )


@question("P4", Theme.PRESENCE, _l("Can people name organisations that are missing, and are they answered?"), "IAP2")
def nominations_are_answered(facts: Facts) -> Finding:
    named = facts.nominations
    if named.overdue:
        says = lazy_ngettext(
            "%(num)s nomination has waited for more than two weeks.",
            "%(num)s nominations have waited for more than two weeks.",
            named.overdue,
        )
        return objection(says, _l("Answer them, with a reason."), "stakeholders.nomination_queue")
    if not named.total:
        return warning(
            _l("Nobody has named a missing organisation."),
            _l("Tell people that they can: in letters, at meetings, on the page of stakeholders."),
        )
    says = lazy_ngettext(
        "%(num)s organisation was named, and none waits for long.",
        "%(num)s organisations were named, and none waits for long.",
        named.total,
    )
    return met(says)
