"""Facts of how the application was prepared: when, what was said, what the city answered, what was voted on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l

from ...kernel.i18n import site_day
from ...kernel.i18n.filters import listed
from ...meetings.models import Mode
from ...vocabularies.uccn import Sector
from ..ground import Ground
from ..saying import _, ngettext
from .fact import Fact, Value, share

OUTCOMES = ("adopted", "partly_adopted", "not_adopted", "out_of_scope", "merged", "split", "unanswered")
ELSEWHERE = "elsewhere"
"""Taken over from elsewhere: nobody handed it in here, and who could vote is not known."""
WHO = ("resident", *(sector.value for sector in Sector), ELSEWHERE)


def _period(ground: Ground) -> Value | None:
    opened, closed = ground.process.opened_at, ground.process.closed_at
    if opened is None:
        return None
    first, last = site_day(opened), site_day(closed or ground.now)
    return {"from": first.isoformat(), "until": last.isoformat() if closed else "", "days": (last - first).days + 1}


def _write_period(value: Value) -> str:
    first = date.fromisoformat(value["from"])
    if not value["until"]:
        return _("The participation process has been open since %(start)s.", start=first)
    return ngettext(
        "The participation process was open for %(num)s day, from %(start)s to %(end)s.",
        "The participation process was open for %(num)s days, from %(start)s to %(end)s.",
        value["days"],
        start=first,
        end=date.fromisoformat(value["until"]),
    )


def _still_open(value: Value) -> Sequence[Value]:
    return [{**value, "until": ""}] if value["until"] else []


def _outreach(ground: Ground) -> Value | None:
    return {"activities": ground.activities} if ground.activities else None


def _write_outreach(value: Value) -> str:
    return ngettext(
        "The city recorded %(num)s activity to reach people who would not have come by themselves.",
        "The city recorded %(num)s activities to reach people who would not have come by themselves.",
        value["activities"],
    )


def _proposals(ground: Ground) -> Value | None:
    by = Counter(dict.fromkeys(WHO, 0))
    for (who, _outcome), number in ground.proposals.items():
        by[who] += number
    return {"all": by.total() - by[ELSEWHERE], **by} if by.total() else None


def _write_proposals(value: Value) -> str:
    taken = ngettext(
        "%(num)s proposal was taken over from elsewhere.",
        "%(num)s proposals were taken over from elsewhere.",
        value.get(ELSEWHERE, 0),
    )
    told = [_handed_in(value) if value["all"] else "", taken if value.get(ELSEWHERE) else ""]
    return " ".join(sentence for sentence in told if sentence)


def _handed_in(value: Value) -> str:
    by_all = ngettext("%(num)s proposal was handed in", "%(num)s proposals were handed in", value["all"])
    parts = [
        _("%(count)s by residents", count=value["resident"]) if value["resident"] else "",
        _("%(count)s by public bodies", count=value["public"]) if value["public"] else "",
        _("%(count)s by private organisations", count=value["private"]) if value["private"] else "",
        _("%(count)s by civil society", count=value["civil_society"]) if value["civil_society"] else "",
    ]
    return _("%(number)s: %(parts)s.", number=by_all, parts=listed(part for part in parts if part))


def _answers(ground: Ground) -> Value | None:
    by = Counter(dict.fromkeys(OUTCOMES, 0))
    for (_who, outcome), number in ground.proposals.items():
        by[outcome] += number
    return {"all": by.total(), "answered": by.total() - by["unanswered"], **by} if by.total() else None


def _write_answers(value: Value) -> str:
    parts = [
        _("%(count)s adopted", count=value["adopted"]) if value["adopted"] else "",
        _("%(count)s partly adopted", count=value["partly_adopted"]) if value["partly_adopted"] else "",
        _("%(count)s merged or split and answered there", count=value["merged"] + value["split"])
        if value["merged"] + value["split"]
        else "",
        _("%(count)s not adopted", count=value["not_adopted"]) if value["not_adopted"] else "",
        _("%(count)s outside the scope", count=value["out_of_scope"]) if value["out_of_scope"] else "",
    ]
    if not value["answered"]:
        return _("None of the proposals has been answered so far.")
    told = {"answered": value["answered"], "all": value["all"], "parts": listed(part for part in parts if part)}
    return _("The city answered %(answered)s of %(all)s proposals with a published reason: %(parts)s.", **told)


def _unanswered(value: Value) -> Sequence[Value]:
    return [{**value, "answered": 0}] if value["answered"] else []


def _comments(ground: Ground) -> Value | None:
    number = ground.comments.total()
    return (
        {"all": number, **{voice: ground.comments[voice] for voice in ("resident", "organisation", "guest")}}
        if number
        else None
    )


def _write_comments(value: Value) -> str:
    told = ngettext(
        "%(num)s comment was published in the discussions",
        "%(num)s comments were published in the discussions",
        value["all"],
    )
    if not value["organisation"]:
        return f"{told}."
    return _("%(told)s, %(count)s of them in the name of organisations.", told=told, count=value["organisation"])


def _meetings(ground: Ground) -> Value | None:
    if not ground.meetings:
        return None
    modes = Counter(meeting.mode.value for meeting in ground.meetings)
    return {"held": len(ground.meetings), **{mode.value: modes[mode.value] for mode in Mode}}


def _write_meetings(value: Value) -> str:
    held = ngettext("%(num)s public meeting was held", "%(num)s public meetings were held", value["held"])
    parts = [
        _("%(count)s in person", count=value["in_person"]) if value["in_person"] else "",
        _("%(count)s online", count=value["online"]) if value["online"] else "",
        _("%(count)s in both ways", count=value["both"]) if value["both"] else "",
    ]
    return _("%(number)s: %(parts)s.", number=held, parts=listed(part for part in parts if part))


def _attendance(ground: Ground) -> Value | None:
    counted = [meeting.counts["people"] for meeting in ground.meetings if meeting.counts and meeting.counts["people"]]
    return {"attendances": sum(counted), "meetings": len(counted)} if counted else None


def _write_attendance(value: Value) -> str:
    return ngettext(
        "The attendance lists of the meetings count %(num)s attendance.",
        "The attendance lists of the meetings count %(num)s attendances.",
        value["attendances"],
    )


def _votes(ground: Ground) -> Value | None:
    if not ground.votes:
        return None
    found = Counter(dict.fromkeys(("people", "people_ballots", "people_roll"), 0))
    found.update(dict.fromkeys(("organisations", "organisations_ballots", "organisations_roll"), 0))
    found.update(dict.fromkeys((ELSEWHERE, f"{ELSEWHERE}_ballots", f"{ELSEWHERE}_roll"), 0))
    for vote in ground.votes:
        who = "people" if vote.franchise.value == "individual" else "organisations"
        who = ELSEWHERE if vote.id in ground.votes_elsewhere else who
        found[who] += 1
        found[f"{who}_ballots"] += vote.result["ballots"] if vote.result else 0
        found[f"{who}_roll"] += vote.result["roll"] if vote.result else 0
    return dict(found)


def _write_votes(value: Value) -> str:
    told = []
    if value["people"]:
        number = ngettext("%(num)s secret vote of residents", "%(num)s secret votes of residents", value["people"])
        told.append(_counted(number, value["people_ballots"], value["people_roll"]))
    if value["organisations"]:
        number = ngettext("%(num)s vote of organisations", "%(num)s votes of organisations", value["organisations"])
        told.append(_counted(number, value["organisations_ballots"], value["organisations_roll"]))
    if value.get(ELSEWHERE):
        number = ngettext(
            "%(num)s vote was taken over from elsewhere",
            "%(num)s votes were taken over from elsewhere",
            value[ELSEWHERE],
        )
        told.append(_counted(number, value[f"{ELSEWHERE}_ballots"], roll=0))
    return " ".join(told)


def _counted(number: str, ballots: int, roll: int) -> str:
    if not roll:
        return _("%(number)s: %(ballots)s ballots were counted.", number=number, ballots=ballots)
    told = {"number": number, "ballots": ballots, "roll": roll, "share": share(ballots, roll)}
    return _("%(number)s: %(ballots)s ballots were counted, of %(roll)s who could vote (%(share)s).", **told)


def _dissents(ground: Ground) -> Value | None:
    return {"statements": ground.dissents} if ground.dissents else None


def _write_dissents(value: Value) -> str:
    return ngettext(
        "%(num)s minority statement stands in the record as it was written.",
        "%(num)s minority statements stand in the record as they were written.",
        value["statements"],
    )


def _items(ground: Ground) -> Value | None:
    found = {kind: ground.items[kind] for kind in ("need", "heritage", "creative")}
    return found if sum(found.values()) else None


def _write_items(value: Value) -> str:
    parts = [
        ngettext("%(num)s need", "%(num)s needs", value["need"]) if value["need"] else "",
        ngettext("%(num)s heritage asset", "%(num)s heritage assets", value["heritage"]) if value["heritage"] else "",
        ngettext("%(num)s creative asset of today", "%(num)s creative assets of today", value["creative"])
        if value["creative"]
        else "",
    ]
    return _("The public inventory lists %(parts)s.", parts=listed(part for part in parts if part))


def _record(ground: Ground) -> Value | None:
    return {"entries": ground.head.size, "url": ground.url} if ground.head.size else None


def _write_record(value: Value) -> str:
    return _(
        "Every step stands in a public log, which had %(count)s entries when this was written and which anybody can "
        "verify: %(url)s",
        count=value["entries"],
        url=value["url"],
    )


PROCESS = (
    Fact(
        "period",
        1,
        _l("How long the process was open"),
        _l("Days from the opening to the closing of the process, both included, in the city’s time zone."),
        _period,
        _write_period,
        {"process": 1},
        _still_open,
    ),
    Fact(
        "outreach",
        2,
        _l("Activities to reach people"),
        _l("Entries of the public outreach log that hold: corrected and void ones count once or not at all."),
        _outreach,
        _write_outreach,
        {"process": 11, "vulnerable": 9},
    ),
    Fact(
        "proposals",
        3,
        _l("Proposals by who handed them in"),
        _l(
            "Proposals that were handed in and not withdrawn or hidden. What was made by merging or splitting is "
            "not counted; what went in is. What was taken over from elsewhere is counted apart."
        ),
        _proposals,
        _write_proposals,
        {"process": 5, "groups": 6},
    ),
    Fact(
        "comments",
        3,
        _l("Comments"),
        _l("Comments and replies that everybody reads, without those of the city."),
        _comments,
        _write_comments,
        {"process": 9},
    ),
    Fact(
        "meetings",
        3,
        _l("Meetings"),
        _l("Meetings of the process that were held, by way: in person, online, both."),
        _meetings,
        _write_meetings,
        {"process": 7, "groups": 8},
    ),
    Fact(
        "attendance",
        3,
        _l("People at meetings"),
        _l(
            "Sum of the people counted when the attendance lists were closed; somebody who came twice counts "
            "twice. Lists of fewer people than may be published are left out."
        ),
        _attendance,
        _write_attendance,
        {"process": 12},
    ),
    Fact(
        "answers",
        4,
        _l("Answers of the city"),
        _l("Of the same proposals, how many have an answer, by what came of them."),
        _answers,
        _write_answers,
        {"process": 6},
        _unanswered,
    ),
    Fact(
        "dissents",
        4,
        _l("Minority statements"),
        _l("Minority statements that stand, not withdrawn and not hidden."),
        _dissents,
        _write_dissents,
        {"process": 13},
    ),
    Fact(
        "votes",
        4,
        _l("Votes"),
        _l(
            "Votes that are closed and counted; ballots counted, blank ones included, and slots of their rolls, "
            "added over these votes. Somebody who voted twice counts twice. Of votes that were taken over from "
            "elsewhere only ballots are counted: how many could vote is not known here."
        ),
        _votes,
        _write_votes,
        {"process": 4, "groups": 7},
    ),
    Fact(
        "items",
        5,
        _l("Needs and assets"),
        _l("Needs, heritage and creative assets on the public list."),
        _items,
        _write_items,
        {"process": 15},
    ),
    Fact(
        "record",
        7,
        _l("Public record"),
        _l("Entries of the public log, and the address of the record of this process."),
        _record,
        _write_record,
        {"process": 2},
        is_dated=True,
    ),
)
