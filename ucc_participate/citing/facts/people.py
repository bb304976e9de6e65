"""Facts of who took part: organisations by sector, women's and youth groups, people as published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from ...kernel.i18n.filters import listed
from ...vocabularies.uccn import BENEFICIARIES, SECTORS, Sector
from ..ground import Ground
from ..saying import _, ngettext
from .fact import Fact, Value, by_sector, organisations, share


def _sectors(ground: Ground, stage: str) -> dict[str, int]:
    found = ground.presence.stage("organisations", stage)
    return {sector.value: found.count(f"sector:{sector.value}") or 0 for sector in Sector}


def _invited(ground: Ground) -> Value | None:
    found = _sectors(ground, "invited")
    return {"all": sum(found.values()), **found} if sum(found.values()) else None


def _write_invited(value: Value) -> str:
    told = {"number": organisations(value["all"]), "parts": by_sector(value)}
    return _("The city invited %(number)s: %(parts)s.", **told)


def _present(ground: Ground) -> Value | None:
    if _invited(ground) is None and not sum(_sectors(ground, "present").values()):
        return None
    found = _sectors(ground, "present")
    return {"all": sum(found.values()), **found}


def _write_present(value: Value) -> str:
    if not value["all"]:
        return _("No organisation has taken part so far.")
    absent = [sector for sector in Sector if not value[sector.value]]
    told = {"number": organisations(value["all"]), "parts": by_sector(value)}
    sentence = _(
        "Present, with an answer, at a meeting, with proposals, comments or ballots, were %(number)s: %(parts)s.",
        **told,
    )
    names = listed(SECTORS[sector.value] for sector in absent)
    return f"{sentence} {_('Nobody came from: %(sectors)s.', sectors=names)}" if absent else sentence


def _nobody(value: Value) -> Sequence[Value]:
    return [dict.fromkeys(value, 0)] if value["all"] else []


def _groups(group: str) -> Any:
    def value(ground: Ground) -> Value | None:
        invited = ground.presence.stage("organisations", "invited").count(group) or 0
        present = ground.presence.stage("organisations", "present").count(group) or 0
        return {"invited": invited, "present": present} if invited or present else None

    return value


def _write_womens(value: Value) -> str:
    return _("Of women’s groups, %(invited)s were invited and %(present)s took part.", **value)


def _write_youth(value: Value) -> str:
    return _("Of youth groups, %(invited)s were invited and %(present)s took part.", **value)


def _joined(ground: Ground) -> Value | None:
    found = {stage.stage: stage.count("all") or 0 for stage in ground.presence.people}
    return found if sum(found.values()) else None


def _write_joined(value: Value) -> str:
    joined = ngettext("%(num)s resident took part", "%(num)s residents took part", value["joined"])
    parts = [
        _("%(count)s handed in proposals", count=value["proposing"]) if value["proposing"] else "",
        _("%(count)s commented", count=value["commenting"]) if value["commenting"] else "",
        _("%(count)s voted", count=value["voting"]) if value["voting"] else "",
    ]
    told = listed(part for part in parts if part)
    return _("%(number)s: %(parts)s.", number=joined, parts=told) if told else f"{joined}."


def _part_of(group: str, rest: tuple[str, ...]) -> Any:
    """``part`` of the ``whole`` who said; ``target`` in percent and the ``city``'s share in hundredths of a percent."""

    def value(ground: Ground) -> Value | None:
        stage = ground.presence.stage("people", "joined")
        counts = [stage.count(name) for name in (group, *rest)]
        if any(count is None for count in counts) or not sum(count or 0 for count in counts):
            return None
        found: dict[str, Any] = {"part": counts[0], "whole": sum(count or 0 for count in counts)}
        if group in ground.presence.targets:
            found["target"] = ground.presence.targets[group]
        if group in ground.city:
            found["city"] = round(ground.city[group] * 10_000)
        return found

    return value


def _write_women(value: Value) -> str:
    told = {"share": share(value["part"], value["whole"]), "whole": value["whole"]}
    sentence = _("Of %(whole)s participants who stated their sex, %(share)s are women", **told)
    return _measured(sentence, value)


def _write_young(value: Value) -> str:
    told = {"share": share(value["part"], value["whole"]), "whole": value["whole"]}
    sentence = _("Of %(whole)s participants who stated their age, %(share)s are under 30", **told)
    return _measured(sentence, value)


def _measured(sentence: str, value: Value) -> str:
    """With the target that was set before the opening, and the population, where there are any."""
    more = []
    if "target" in value:
        more.append(_("the target was %(share)s", share=share(value["target"], 100)))
    if "city" in value:
        more.append(_("in the city it is %(share)s", share=share(value["city"], 10_000)))
    return _("%(sentence)s (%(more)s).", sentence=sentence, more=listed(more)) if more else f"{sentence}."


def _ways(ground: Ground) -> Value | None:
    stage = ground.presence.stage("people", "joined")
    found = {way: stage.count(f"way:{way}") or 0 for way in ("paper", "workshop", "phone", "counter")}
    return found if sum(found.values()) else None


def _write_ways(value: Value) -> str:
    parts = [
        _("%(count)s on paper", count=value["paper"]) if value["paper"] else "",
        _("%(count)s at a workshop", count=value["workshop"]) if value["workshop"] else "",
        _("%(count)s by telephone", count=value["phone"]) if value["phone"] else "",
        _("%(count)s at a counter", count=value["counter"]) if value["counter"] else "",
    ]
    told = listed(part for part in parts if part)
    return _("People without internet took part with the help of a clerk: %(parts)s.", parts=told)


def _sessions(ground: Ground) -> Value | None:
    found = {
        "women": sum(meeting.is_for_women for meeting in ground.meetings),
        "youth": sum(meeting.is_for_youth for meeting in ground.meetings),
        "childcare": sum(bool(meeting.childcare.strip()) for meeting in ground.meetings),
        "accessibility": sum(bool(meeting.accessibility.strip()) for meeting in ground.meetings),
    }
    return {"held": len(ground.meetings), **found} if sum(found.values()) else None


def _write_sessions(value: Value) -> str:
    parts = [
        _("%(count)s for women", count=value["women"]) if value["women"] else "",
        _("%(count)s for young people", count=value["youth"]) if value["youth"] else "",
        _("%(count)s with child care", count=value["childcare"]) if value["childcare"] else "",
        _("%(count)s that said how people with disabilities come in", count=value["accessibility"])
        if value["accessibility"]
        else "",
    ]
    told = listed(part for part in parts if part)
    return ngettext("Of %(num)s meeting: %(parts)s.", "Of %(num)s meetings: %(parts)s.", value["held"], parts=told)


def _for_whom(ground: Ground) -> Value | None:
    found = {code: ground.for_whom.get(f"for:{code}", 0) for code in BENEFICIARIES}
    return found if sum(found.values()) else None


def _write_for_whom(value: Value) -> str:
    return _("Proposals name whom they are for: %(groups)s.", groups=_groups_named(value))


def _groups_named(value: Value) -> str:
    """“Women 12, Children 3”, the most frequent first."""
    told = sorted(((count, code) for code, count in value.items() if count), key=lambda each: -each[0])
    return listed(_("%(group)s %(count)s", group=BENEFICIARIES[code], count=count) for count, code in told)


def _beneficiaries(ground: Ground) -> Value | None:
    found = {code: sum(code in each.beneficiaries for each in ground.initiatives) for code in BENEFICIARIES}
    return found if sum(found.values()) else None


def _write_beneficiaries(value: Value) -> str:
    return _("Initiatives of the action plan are for these groups: %(groups)s.", groups=_groups_named(value))


PEOPLE = (
    Fact(
        "invited",
        2,
        _l("Organisations invited"),
        _l(
            "Organisations with an invitation to this process, by sector; entries of the register that were "
            "merged count once."
        ),
        _invited,
        _write_invited,
        {"process": 8, "groups": 1},
    ),
    Fact(
        "present",
        2,
        _l("Organisations that took part"),
        _l(
            "Organisations that answered their invitation, came to a meeting, handed in a proposal, commented or "
            "voted, by sector, each once."
        ),
        _present,
        _write_present,
        {"process": 3, "groups": 2},
        _nobody,
    ),
    Fact(
        "womens_groups",
        2,
        _l("Women’s groups"),
        _l("Organisations marked as women’s groups in the register: invited, and present as above."),
        _groups("womens_group"),
        _write_womens,
        {"groups": 3, "vulnerable": 3},
    ),
    Fact(
        "youth_groups",
        2,
        _l("Youth groups"),
        _l("Organisations marked as youth groups in the register: invited, and present as above."),
        _groups("youth_group"),
        _write_youth,
        {"groups": 4, "vulnerable": 4},
    ),
    Fact(
        "joined",
        2,
        _l("Residents who took part"),
        _l(
            "Accounts that joined the process, and how many of them handed in proposals, commented or voted, as "
            "last published."
        ),
        _joined,
        _write_joined,
        {"process": 3, "groups": 5, "vulnerable": 6},
    ),
    Fact(
        "women",
        2,
        _l("Women among the participants"),
        _l(
            "Of participants who stated their sex, those who are women, as last published; the target set before "
            "opening; women in the city’s population."
        ),
        _part_of("sex:female", ("sex:male", "sex:other")),
        _write_women,
        {"process": 10, "vulnerable": 1},
    ),
    Fact(
        "young",
        2,
        _l("Young people among the participants"),
        _l(
            "Of participants who stated their year of birth, those under 30, as last published; the target set "
            "before opening; people under 30 in the city’s population."
        ),
        _part_of("age:under_30", ("age:30_plus",)),
        _write_young,
        {"process": 10, "vulnerable": 2},
    ),
    Fact(
        "ways",
        3,
        _l("People who came without internet"),
        _l(
            "Participants whose first way in was paper, a workshop, the telephone or a counter, written down by a "
            "clerk."
        ),
        _ways,
        _write_ways,
        {"process": 14, "vulnerable": 5},
    ),
    Fact(
        "sessions",
        3,
        _l("Meetings for women, for young people, with help"),
        _l(
            "Meetings held whose notice says that they are for women or for young people, names child care, or "
            "says how people with disabilities come in."
        ),
        _sessions,
        _write_sessions,
        {"vulnerable": 5},
    ),
    Fact(
        "for_whom",
        4,
        _l("For whom proposals are"),
        _l("Proposals on the list that name each group; a proposal may name several."),
        _for_whom,
        _write_for_whom,
        {"vulnerable": 8, "groups": 11},
    ),
    Fact(
        "beneficiaries",
        5,
        _l("For whom initiatives are"),
        _l("Initiatives of the plan that name each group among their beneficiaries; an initiative may name several."),
        _beneficiaries,
        _write_beneficiaries,
        {"vulnerable": 7, "groups": 10},
    ),
)
