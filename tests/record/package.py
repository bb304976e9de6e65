"""A small city with a whole process, and the record packed from it, made of pure functions only.

``sample()`` gives a ``City`` whose drafts can be bent before they are sealed, as the holder of the true key could.
``files_of()`` gives the package's files, to be bent afterwards. ``bag()`` makes the manifests fit, ``pack()`` the ZIP.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

from ucc_participate.audit import canonical, commitments, notes, proofs, tiles, tree
from ucc_participate.record import verify

ORIGIN = "log.roshanshahr.example"
SIGNER = notes.Signer(ORIGIN, sha256(b"the key of the log").digest())
STRANGER = notes.Signer(ORIGIN, sha256(b"another key of the same name").digest())
PROCESS = "process/p1"
SYSTEM = "0" * 32
START = datetime(2026, 3, 21, 8, 0, tzinfo=timezone.utc)
RULES = {
    "method": "greedy",
    "ballot": "choose",
    "min_choices": 1,
    "max_choices": 2,
    "budget": 100,
    "currency": "IRR",
    "winners": None,
    "skip": True,
    "threshold": 0,
    "group_floor": 5,
    "tie": "option_order",
}
OPTIONS = [
    {"id": "a", "title": "باغ موسیقی", "cost": 60, "proposal": "proposal/x1"},
    {"id": "b", "title": "Atelier ouvert", "cost": 70, "proposal": "proposal/x2"},
    {"id": "c", "title": "Craft school", "cost": 30, "proposal": "proposal/x3"},
]
SECRET, OPEN = "vote/v1", "vote/v2"
JOINED = 260
"""So many entries of people who joined that the log has a full tile and a second level."""


@dataclass
class Draft:
    """An entry to be sealed. ``hidden``: no opening at all; ``withheld``: names of fields that are not opened."""

    kind: str
    subject: str
    payload: dict[str, Any]
    time: str
    process: str | None = PROCESS
    role: str = "coordinator"
    actor: str = SYSTEM
    withheld: tuple[str, ...] = ()
    hidden: bool = False
    prev: str | None = ""
    salt: bytes = b""

    @property
    def commit(self) -> str:
        return commitments.commit(self.salt, self.payload)


@dataclass
class City:
    """A log that is being written, and the published ballots of its secret votes: lines by vote."""

    drafts: list[Draft] = field(default_factory=list)
    ballots: dict[str, list[tuple[str, str, tuple[str, ...]]]] = field(default_factory=dict)
    signer: notes.Signer = SIGNER

    def add(self, kind: str, subject: str, payload: dict[str, Any] | None = None, **more: Any) -> Draft:
        """Append a draft, one minute after the one before."""
        at = START + timedelta(minutes=len(self.drafts))
        draft = Draft(kind, subject, payload or {}, at.strftime("%Y-%m-%dT%H:%M:%SZ"), **more)
        draft.salt = sha256(f"salt {len(self.drafts)}".encode()).digest()
        self.drafts.append(draft)
        return draft

    def insert(self, at: int, kind: str, subject: str, payload: dict[str, Any] | None = None, **more: Any) -> Draft:
        """Put a draft in before index ``at``, at the time of the one before it."""
        draft = Draft(kind, subject, payload or {}, self.drafts[at - 1].time, **more)
        draft.salt = sha256(f"inserted {len(self.drafts)}".encode()).digest()
        self.drafts.insert(at, draft)
        return draft

    def index(self, kind: str, subject: str | None = None) -> int:
        """Of the first entry of a type."""
        return next(i for i, d in enumerate(self.drafts) if d.kind == kind and subject in (None, d.subject))

    def draft(self, kind: str, subject: str | None = None) -> Draft:
        return self.drafts[self.index(kind, subject)]

    def entries(self) -> list[bytes]:
        """The canonical bytes of all entries, chained by subject (a draft's own ``prev`` wins)."""
        last: dict[str, str] = {}
        sealed = []
        for draft in self.drafts:
            prev = last.get(draft.subject) if draft.prev == "" else draft.prev
            sealed.append(canonical.dumps(_entry(draft, prev)))
            last[draft.subject] = draft.commit
        return sealed

    def openings(self) -> list[dict[str, Any]]:
        return [
            _opening(index, draft)
            for index, draft in enumerate(self.drafts)
            if draft.payload and not draft.hidden and (draft.process or draft.kind == "erasure.executed")
        ]


def _entry(draft: Draft, prev: str | None) -> dict[str, Any]:
    return {
        "actor": draft.actor,
        "commit": draft.commit,
        "prev": prev,
        "process": draft.process,
        "role": draft.role,
        "schema": f"ucc.{draft.kind.partition('.')[0]}/1",
        "subject": draft.subject,
        "time": draft.time,
        "type": draft.kind,
        "v": 1,
    }


def _opening(index: int, draft: Draft) -> dict[str, Any]:
    opened = commitments.open_fields(draft.salt, draft.payload)
    withheld = {}
    for name in draft.withheld:
        salt, value = opened.pop(name)
        withheld[name] = commitments.field_digest(bytes.fromhex(str(salt)), name, value).hex()
    return commitments.opening(index, opened, withheld)


# ------------------------------------------------------------------------------------------------ a process


def sample() -> City:
    """A process from its draft to its closing: stakeholders, proposals, answers, two votes, figures."""
    city = City()
    for number, (sector, name) in enumerate(
        [("public", "Museum"), ("private", "Studio"), ("civil_society", "Weavers")]
    ):
        payload = {"name": name, "sector": sector, "is_womens_group": number == 2}
        city.add("organisation.registered", f"organisation/o{number}", payload, process=None)
    _prepare(city)
    for number in range(JOINED):
        actor = sha256(f"resident {number}".encode()).hexdigest()[:32]
        city.add("participant.joined", f"{PROCESS}/participant/{actor}", actor=actor, role="resident")
    _propose(city)
    _vote_secretly(city)
    _vote_openly(city)
    city.add("figures.published", PROCESS, {"figures": FIGURES})
    city.add("process.closed", PROCESS, process_state(status="closed", closed_at="2026-05-01T00:00:00Z"))
    return city


def reaching_out(city: City) -> City:
    """What was done to reach people, noted and then corrected; and something else that never took place."""
    state = {"kind": "workshop", "held_on": "2026-03-20", "place": 'خانهٔ صنایع, "north"', "reached": 24}
    city.add("outreach.recorded", f"{PROCESS}/outreach/a1", {**state, "counted": "counted", "gap": "Few weavers"})
    city.add("outreach.recorded", f"{PROCESS}/outreach/a2", {**state, "kind": "radio", "counted": "estimated"})
    corrected = {"counted": "counted", "gap": "Few weavers", "reached": 42, "corrected_because": "Two lists"}
    city.add("outreach.corrected", f"{PROCESS}/outreach/a1", state | corrected)
    city.add("outreach.corrected", f"{PROCESS}/outreach/a2", {**state, "kind": "radio", "is_void": True})
    return city


def asking(city: City) -> City:
    """An opinion map with two statements, one of them hidden later, and its result."""
    state = {"map": "opinion_map/m1", "language": "en", "by": "city", "author": None, "organisation": None}
    asked = {"title": {"en": "Parks"}, "question": {"en": "What of the parks?"}, "seed": 7, "status": "running"}
    city.add("opinion_map.announced", "opinion_map/m1", asked)
    one, two = {**state, "number": 1, "text": "Plant trees"}, {**state, "number": 2, "text": "Buy my soap"}
    city.add("statement.added", "statement/s1", {**one, "standing": "shown"})
    city.add("statement.added", "statement/s2", {**two, "standing": "shown"})
    city.add("statement.moderated", "statement/s2", {**two, "text": None, "standing": "hidden"})
    line = {"number": 1, "agrees": 7, "disagrees": 0, "passes": 2, "is_accepted": True}
    city.add("opinion_map.closed", "opinion_map/m1", {**asked, "status": "closed", "result": {"statements": [line]}})
    return city


def discussing(city: City) -> City:
    """A proposal under discussion: a side with its reason, a guest's reply, a comment that was withdrawn."""
    state: dict[str, Any] = {"about": "proposal/x1", "in_reply_to": None, "stance": "for", "author": "Sara"}
    state |= {"voice": "resident"}
    state |= {"text": 'کارگاه‌ها شب خالی است, "always"', "language": "fa", "edition": 1, "status": "posted"}
    state |= {"standing": "shown", "written_at": "2026-03-21T08:00:00Z"}
    reply = {"in_reply_to": "comment/c1", "stance": None, "voice": "guest", "author": "Léa", "city": "Lyon"}
    city.add("comment.posted", "comment/c1", state)
    city.add("comment.posted", "comment/c2", {**state, **reply, "quote": "شب خالی", "quoted_edition": 1})
    city.add("comment.posted", "comment/c3", {**state, "stance": "against", "text": "It is too loud"})
    city.add("comment.withdrawn", "comment/c3", {**state, "stance": "against", "text": None, "status": "withdrawn"})
    return city


def saying_more(city: City) -> City:
    """A proposal with answers to the process's own questions, a place, a need; JavaScript would sort its codes."""
    label = {"fa": "چند نفر؟", "en": "How many?"}
    choices = [{"id": "c1", "label": {"fa": "با اتوبوس", "en": "By bus"}}, {"id": "c2", "label": {"en": "On foot"}}]
    asked = {"label": {"en": "How do you come?"}, "kind": "choices", "options": choices, "state": "asked"}
    city.add("proposal_field.added", f"{PROCESS}/field/333333aa", {"label": label, "kind": "number", "options": []})
    city.add("proposal_field.added", f"{PROCESS}/field/44444444", asked)
    city.add("inventory.listed", "inventory/n1", {"kind": "need", "title": "A weaving hall", "status": "listed"})
    more = {
        "fields": {"44444444": ["c1", "c2"], "333333aa": 40, "unknown1": True},
        "latitude": 31_318_300,
        "longitude": -48_669_000,
        "district": "old",
        "needs": ["inventory/n1"],
    }
    city.add("proposal.submitted", "proposal/more", {"number": 9, "title": "More", "status": "submitted", **more})
    return city


def planning(city: City) -> City:
    """An action plan: drafted out of sight, then public and fixed; what it draws on; what is given to other cities."""
    city.add("initiative.added", "initiative/i1", {})
    told = {"number": 1, "kind": "project", "title": {"fa": "کوره‌ها", "en": "Kilns"}, "sdgs": ["5", "11"]}
    told |= {"costs": {"1406": 2000}, "status": "planned", "effects": {"social": {"expected": "positive"}}}
    measured = {"id": "k1", "kind": "output", "title": {"en": "Potters"}, "target": "120", "baseline": None}
    city.add("plan.frozen", "plan/p1", {"begins_on": "2027-11-01", "calendar": "jalali", "status": "frozen"})
    city.add("initiative.revised", "initiative/i1", {**told, "indicators": [measured]})
    fixed = {"number": 1, "stage": "submitted", "sha256": "ab", "initiatives": ["i1"], "overrides": {}}
    city.add("plan_version.fixed", "plan_version/p1-1", fixed)
    said = [{"text": 'We asked, "first".', "cites": ["proposal/x1", "vote/v1"]}, {"text": "=Then", "cites": []}]
    city.add("answer.saved", "answer/d1-8-en", {})
    city.add("answer.frozen", "answer/d1-8-en", {"section": "8", "language": "en", "paragraphs": said, "number": 2})
    city.add("attachment.recorded", "attachment/a1", {"section": "A1", "state": "signed", "file": {"size": 9}})
    city.add("fact.fixed", "fact/d1-joined", {"definition": "People who joined", "value": {"people": 7}, "size": 9})
    city.add(
        "evaluator_question.put", "evaluator_question/q1", {"office": "Commission", "text": "Who?", "answer": None}
    )
    city.add("commitment.made", "commitment/c1", {"kind": "step", "title": {"en": "Buy"}, "status": "promised"})
    read = {"indicator": "k1", "period": 1, "value": "12.5", "late_by": 3, "files": ["ab" * 32, "cd" * 32]}
    city.add("reading.entered", "reading/r1", read)
    city.add("evaluator.invited", "evaluator/s1", {"office": "Commission", "until": "2027-01-01T00:00:00Z"})
    city.add("designation.recorded", "designation/x1", {"designated_on": "2027-10-31", "decision": "Letter 7"})
    city.add("designation.reminded", "designation/x1", {"things": 2, "people": 1})
    city.add("conference.recorded", "conference/n1", {"year": 1, "achievements": {"en": "The kiln burns"}})
    for number, amount in enumerate((900, 150)):
        city.add("resource.recorded", f"resource/r{number}", {"kind": "money", "year": 1406, "amount": amount})
    city.add(
        "management_body.set", "management_body/b1", {"name": {"en": "Council"}, "members": [{"sector": "public"}]}
    )
    city.add("partner_city.recorded", "partner_city/c1", {"name": "Kütahya", "country": "TR", "status": "active"})
    city.add("exchange.recorded", "exchange/e1", {"city": "partner_city/c1", "kind": "visit", "people": 3})
    city.add("practice.published", "practice/g1", {"title": {"en": "=Night kilns"}, "parts": {"done": {"en": "x"}}})
    return city


def merging(city: City) -> City:
    """Two proposals become one, and somebody does not agree; another statement is marked as withdrawn."""
    edge = {"kind": "merge", "at": "2026-04-01T00:00:00Z", "by": "@official, culture", "reason": 'Same, "twice"'}
    edge |= {"to": "proposal/x9", "consent": "reasoned"}
    for source in ("x1", "x2"):
        city.add("lineage.recorded", f"lineage/{source}/x9", {**edge, "from": f"proposal/{source}"})
    said = {"on": "proposal/x9", "about": "merge", "text": "=We do not agree", "language": "en", "author": None}
    for number in ("d1", "d2"):
        city.add("dissent.filed", f"dissent/{number}", said, role="resident")
    city.add("dissent.withdrawn", "dissent/d2", {**said, "withdrawn_at": "2026-04-03T00:00:00Z"}, role="resident")
    return city


def meeting(city: City) -> City:
    """A meeting that was moved and held, whose draft minutes gave way to final ones; another that was called off."""
    state: dict[str, Any] = {
        "title": {"en": "Crafts"},
        "mode": "both",
        "place": 'Hall, "north"',
        "starts_at": "2026-04-01T08:00:00Z",
    }
    state |= {"status": "announced", "counts": None, "moved_because": None, "is_for_women": True}
    city.add("meeting.announced", "meeting/m1", state)
    city.add("meeting.announced", "meeting/m2", {**state, "mode": "online", "place": ""})
    city.add("meeting.moved", "meeting/m1", {**state, "moved_because": "=No lift"})
    city.add("meeting.held", "meeting/m1", {**state, "status": "held", "counts": {"people": 42, "groups": []}})
    city.add("meeting.cancelled", "meeting/m2", {**state, "status": "cancelled", "cancelled_because": "Nobody came"})
    decided: dict[str, Any] = {
        "number": 1,
        "text": "Open the hall",
        "proposals": ["proposal/x1", "proposal/x2"],
        "organisations": [],
    }
    draft: dict[str, Any] = {
        "number": 1,
        "state": "draft",
        "text": "They spoke.",
        "decisions": [{**decided, "text": "Close it"}],
    }
    city.add("minutes.published", "meeting/m1/minutes/1", draft)
    final = {**draft, "number": 2, "state": "final", "decisions": [decided]}
    city.add("minutes.finalised", "meeting/m1/minutes/2", final)
    return city


def without_outreach(city: City) -> dict[str, bytes]:
    """The files of a record as they were written before there was a table of outreach."""
    return without_tables(city, "outreach")


def without_tables(city: City, *names: str) -> dict[str, bytes]:
    """The files of a record as they were written before there were these tables."""
    files = files_of(city)
    record = json.loads(files["data/record.json"])
    for name in names:
        del files[f"data/tables/{name}.csv"]
        del record["tables"][name]
    return {**files, "data/record.json": json.dumps(record, ensure_ascii=False).encode()}


FIGURES = {
    "stages": [
        {"stage": "invited", "cells": [{"group": "sector:public", "count": 1, "of": 1}]},
        {"stage": "voted", "cells": [{"group": "sex:female", "count": None, "of": None}]},
    ],
    "targets": {"sex:female": 50},
}


def process_state(**changes: Any) -> dict[str, Any]:
    phase = {
        "kind": "propose",
        "title": {"fa": "پیشنهاد"},
        "starts_at": "2026-03-22T00:00:00Z",
        "ends_at": "2026-04-22T00:00:00Z",
    }
    return {
        "title": {"fa": "شهر موسیقی", "en": "City of Music"},
        "creative_field": "music",
        "purpose": "To apply, together",
        "status": "open",
        "phases": [phase],
        "min_open_days": 21,
        "opened_at": "2026-03-22T00:00:00Z",
        "closed_at": None,
        "documents": [],
        "responsible": 'Head of culture, "Ms. R."',
        **changes,
    }


def _prepare(city: City) -> None:
    city.add("process.created", PROCESS, process_state(status="draft", opened_at=None))
    city.add("process.published", PROCESS, process_state(status="draft", opened_at=None))
    for number, sector in enumerate(("public", "private", "civil_society")):
        subject = f"{PROCESS}/organisation/o{number}"
        state = {
            "organisation": f"organisation/o{number}",
            "name": f"@name {number}",
            "sector": sector,
            "channel": "letter",
        }
        city.add("stakeholder.invited", subject, {**state, "status": "invited"})
        if number:
            city.add("stakeholder.answered", subject, {**state, "status": "answered"})
    city.add("process.opened", PROCESS, process_state())


def _propose(city: City) -> None:
    for number in (1, 2, 3):
        state = {
            "number": number,
            "title": f"=Proposal {number}",
            "summary": "Short,\nand to the point",
            "body": "متن",
            "kind": "project",
            "level": "local",
            "objectives": ["OBJ-1", "OBJ-2"],
            "cost": 10 * number,
            "sector": None,
            "author": "Somebody",
            "status": "submitted",
            "place": {"lat": 35, "lon": 51},
        }
        actor = sha256(f"author {number}".encode()).hexdigest()[:32]
        city.add("proposal.drafted", f"proposal/x{number}", actor=actor, role="resident")
        city.add("proposal.submitted", f"proposal/x{number}", state, actor=actor, role="resident")
        answer = {
            "outcome": "adopted",
            "reason": "It fits the plan.",
            "answered_by": "A. B., culture",
            "status": "answered",
        }
        city.add("proposal.answered", f"proposal/x{number}", {**state, **answer})


def vote_state(ref: str, status: str, **changes: Any) -> dict[str, Any]:
    agreed: dict[str, Any] = {
        "options": OPTIONS,
        "rules": RULES,
        **{name: changes[name] for name in ("options", "rules") if name in changes},
    }
    return {
        "title": f"Vote {ref}",
        "franchise": "individual" if ref == SECRET else "organisation",
        "status": status,
        "opens_at": "2026-04-23T00:00:00Z",
        "closes_at": "2026-04-30T00:00:00Z",
        "roll_size": None,
        **agreed,
        "rules_sha256": sha256(canonical.dumps(agreed)).hexdigest(),
        **changes,
    }


BALLOTS = [("a",), ("a", "b"), ("a", "c"), ("b", "c"), (), ("b",)]
SLOTS = 10


def secret_ballot(number: int, choices: tuple[str, ...], ref: str = SECRET) -> tuple[str, str, tuple[str, ...]]:
    """A line of the ballots' file: commitment, salt, choices."""
    salt = sha256(f"ballot {ref} {number}".encode()).digest()
    return commitments.ballot(salt, ref, choices), salt.hex(), choices


def _vote_secretly(city: City) -> None:
    """Six of ten slots vote; the first one votes again."""
    city.add("vote.announced", SECRET, vote_state(SECRET, "announced"))
    city.add("roll.frozen", SECRET, {"slots": SLOTS, "by_sector": {}})
    city.add("vote.opened", SECRET, vote_state(SECRET, "open", roll_size=SLOTS))
    lines = [secret_ballot(number, choices) for number, choices in enumerate(BALLOTS)]
    replaced = secret_ballot(99, ("c",))
    for number in range(len(lines)):
        city.add("ballot.cast", f"{SECRET}/slot/{number + 1:06d}", actor=_voter(number), role="resident")
    city.add("ballots.batched", SECRET, {"commitments": sorted([line[0] for line in lines[1:]] + [replaced[0]])})
    city.add("ballot.recast", f"{SECRET}/slot/000001", actor=_voter(0), role="resident")
    city.add("ballots.batched", SECRET, {"commitments": [lines[0][0]]})
    city.add("vote.closed", SECRET, vote_state(SECRET, "closed", roll_size=SLOTS))
    city.add("ballots.superseded", SECRET, {"commitments": [replaced[0]]})
    city.add("ballots.unlinked", SECRET, {"count": 6})
    city.ballots[SECRET] = sorted(lines)
    city.add("vote.tallied", SECRET, {"result": {}})
    count_again(city, SECRET)


def _voter(number: int) -> str:
    return sha256(f"voter {number}".encode()).hexdigest()[:32]


def _vote_openly(city: City) -> None:
    city.add("vote.announced", OPEN, vote_state(OPEN, "announced"))
    city.add("roll.frozen", OPEN, {"slots": 3, "by_sector": {"public": 1, "private": 1, "civil_society": 1}})
    city.add("vote.opened", OPEN, vote_state(OPEN, "open", roll_size=3))
    for number, (sector, choices) in enumerate([("public", ["a"]), ("private", ["b", "c"]), ("civil_society", ["a"])]):
        cast_openly(city, number, sector, choices)
    cast_openly(city, 2, "civil_society", ["c"], again=True)
    city.add("vote.closed", OPEN, vote_state(OPEN, "closed", roll_size=3))
    city.add("vote.tallied", OPEN, {"result": {}})
    count_again(city, OPEN)


def cast_openly(city: City, number: int, sector: str, choices: list[str], *, again: bool = False) -> Draft:
    kind = "ballot.recast_openly" if again else "ballot.cast_openly"
    ballot = {
        "organisation": f"organisation/o{number}",
        "name": f"@name {number}",
        "sector": sector,
        "choices": choices,
    }
    actor = sha256(f"delegate {number}".encode()).hexdigest()[:32]
    return city.add(kind, f"{OPEN}/organisation/o{number}", {**ballot, "delegate": actor}, actor=actor, role="delegate")


def agreeing(city: City, at: int, kind: str, number: int, who: str) -> Draft:
    """A delegate acts on a ballot of an organisation that waits, in front of entry ``at``."""
    actor = sha256(who.encode()).hexdigest()[:32]
    return city.insert(at, kind, f"{OPEN}/organisation/o{number}", actor=actor, role="delegate")


def agreed_sample() -> City:
    """The sample, with a ballot on which two delegates agreed, and one that another had withdrawn before."""
    city = sample()
    at = city.index("ballot.cast_openly", f"{OPEN}/organisation/o1")
    for kind, who in [
        ("ballot.confirmed_openly", "delegate 1"),
        ("ballot.proposed_openly", "another"),
        ("ballot.agreement_withdrawn", "another"),
        ("ballot.proposed_openly", "another"),
    ]:
        agreeing(city, at, kind, 1, who)
    lapsed = {"organisations": ["organisation/o9"]}
    city.insert(city.index("vote.closed", OPEN), "ballots.lapsed", OPEN, lapsed)
    return city


def cast_choices(city: City, ref: str) -> list[tuple[str, tuple[str, ...]]]:
    """Sector (or nothing) and choices of every ballot that counts."""
    if ref == SECRET:
        return [("", line[2]) for line in city.ballots[SECRET]]
    last = {d.subject: d.payload for d in city.drafts if d.kind in ("ballot.cast_openly", "ballot.recast_openly")}
    return [(ballot["sector"], tuple(ballot["choices"])) for ballot in last.values()]


def count_again(city: City, ref: str, **changes: Any) -> dict[str, Any]:
    """Write the result of the vote as the drafts and ballots now have it into ``vote.tallied``; ``changes`` on top."""
    state = city.draft("vote.opened", ref).payload
    ballots = cast_choices(city, ref)
    votes = Counter(choice for _, choices in ballots for choice in choices)
    options = state["options"]
    ranked = sorted(range(len(options)), key=lambda i: (-votes[options[i]["id"]], i))
    left, winners = state["rules"]["budget"], []
    for i in ranked:
        if options[i]["cost"] <= left:
            left -= options[i]["cost"]
            winners.append(options[i]["id"])
    counts = [
        {**{name: option[name] for name in ("id", "title", "cost")}, "votes": votes[option["id"]]}
        | {"rank": ranked.index(i) + 1, "selected": option["id"] in winners}
        for i, option in enumerate(options)
    ]
    result = {
        "vote": ref,
        "title": state["title"],
        "franchise": state["franchise"],
        "rules": state["rules"],
        "rules_sha256": state["rules_sha256"],
        "budget": state["rules"]["budget"],
        "roll": state["roll_size"],
        "ballots": len(ballots),
        "blank": sum(not choices for _, choices in ballots),
        "counts": counts,
        "winners": winners,
        "spent": state["rules"]["budget"] - left,
        "tie_broken": _tied(counts),
        "groups": [_group(sector, ballots, options) for sector in ("public", "private", "civil_society")],
        **changes,
    }
    if ref == SECRET:
        result["groups"] = []
    result.update(changes)
    city.draft("vote.tallied", ref).payload["result"] = result
    return result


def _tied(counts: list[dict[str, Any]]) -> bool:
    return bool({c["votes"] for c in counts if c["selected"]} & {c["votes"] for c in counts if not c["selected"]})


def _group(sector: str, ballots: list[tuple[str, tuple[str, ...]]], options: list[dict[str, Any]]) -> dict[str, Any]:
    own = [choices for of, choices in ballots if of == sector]
    counts = [sum(option["id"] in choices for choices in own) for option in options]
    return {"group": f"sector:{sector}", "label_id": sector, "voters": len(own), "counts": counts}


# ------------------------------------------------------------------------------------------------ the package


def files_of(
    city: City, entries: list[bytes] | None = None, openings: list[dict[str, Any]] | None = None
) -> dict[str, bytes]:
    """Every file of the record but the manifests. ``entries`` and ``openings``: instead of the city's own."""
    entries = city.entries() if entries is None else entries
    openings = city.openings() if openings is None else openings
    lines = b"".join(canonical.dumps(opening) + b"\n" for opening in openings)
    files = {**log_files(entries, city.signer), "data/openings.jsonl": lines, "data/README.html": b"<p>Read me.</p>\n"}
    for ref in {draft.subject for draft in city.drafts if draft.kind == "vote.tallied"}:
        files |= _vote_files(city, ref)
    return files | summary_files(entries, openings)


def log_files(entries: list[bytes], signer: notes.Signer) -> dict[str, bytes]:
    leaves = [tree.leaf_hash(entry) for entry in entries]
    files = {
        "data/log/checkpoint": checkpoint(entries, signer).encode(),
        "data/log/vkeys.txt": f"{signer.vkey}\n".encode(),
    }
    levels = [leaves]
    while len(levels[-1]) >= tiles.WIDTH:
        below = levels[-1]
        levels.append([tree.root_of(below[at : at + 256]) for at in range(0, len(below) - 255, 256)])
    for place in tiles.places(len(entries)):
        start = place.n * tiles.WIDTH
        span = slice(start, start + place.width)
        content = tiles.encode_bundle(entries[span]) if place.level is None else b"".join(levels[place.level][span])
        files[f"data/log/{place.path}"] = content
    return files


def checkpoint(entries: list[bytes], signer: notes.Signer = SIGNER) -> str:
    root = tree.root_of(map(tree.leaf_hash, entries))
    return signer.sign(notes.checkpoint_text(ORIGIN, len(entries), root))


def _vote_files(city: City, ref: str) -> dict[str, bytes]:
    result = city.draft("vote.tallied", ref).payload["result"]
    name = f"data/votes/{ref.partition('/')[2]}"
    files = {f"{name}.result.json": json.dumps(result).encode()}
    if ref in city.ballots:
        files[f"{name}.ballots.csv"] = ballots_csv(city.ballots[ref])
        files[f"{name}.pb"] = pabulib(result, [line[2] for line in city.ballots[ref]])
    return files


def ballots_csv(lines: list[tuple[str, str, tuple[str, ...]]]) -> bytes:
    rows = [f"{commitment},{salt},{'|'.join(choices)}\n" for commitment, salt, choices in lines]
    return "".join(["commitment,salt,choices\n", *rows]).encode()


def pabulib(result: dict[str, Any], ballots: list[tuple[str, ...]]) -> bytes:
    """A Pabulib file of the vote; blank ballots have no place in one."""
    cast = [choices for choices in ballots if choices]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerows([["META"], ["key", "value"], ["num_votes", len(cast)], ["budget", result["budget"]]])
    writer.writerows([["PROJECTS"], ["project_id", "cost", "votes", "score", "name", "selected"]])
    writer.writerows(
        [c["id"], c["cost"], c.get("named", c["votes"]), c["votes"], c["title"], int(c["selected"])]
        for c in result["counts"]
    )
    writer.writerows([["VOTES"], ["voter_id", "vote"]])
    writer.writerows([number, ",".join(choices)] for number, choices in enumerate(cast))
    return out.getvalue().encode()


def summary_files(entries: list[bytes], openings: list[dict[str, Any]]) -> dict[str, bytes]:
    """Tables and record.json as an exporter writes them."""
    opened = {o["index"]: {name: value for name, (_, value) in o["fields"].items()} for o in openings}
    own = [(i, e) for i, e in enumerate(json.loads(entry) for entry in entries) if e.get("process") == PROCESS]
    tables = verify.derive_tables([(i, e["type"], e["subject"], e["time"]) for i, e in own], opened)
    files = {f"data/tables/{name}.csv": verify.table_csv(table) for name, table in tables.items()}
    states = [opened[i] for i, e in own if e["type"].startswith("process.") and i in opened]
    figures = [opened[i]["figures"] for i, e in own if e["type"] == "figures.published" and i in opened]
    root = base64.b64encode(tree.root_of(map(tree.leaf_hash, entries))).decode()
    record = {
        "format": "ucc-record/1",
        "process": PROCESS,
        "title": states[-1]["title"],
        "origin": ORIGIN,
        "size": len(entries),
        "root": root,
        "checkpoint_time": "2026-05-02T00:00:00Z",
        "citation": f"{ORIGIN} · {len(entries)} · {root} · https://roshanshahr.example/r/p1",
        "presence": figures[-1] if figures else None,
        "process_state": states[-1],
        "tables": {
            name: {"rows": len(table) - 1, "sha256": sha256(files[f"data/tables/{name}.csv"]).hexdigest()}
            for name, table in tables.items()
        },
    }
    return files | {"data/record.json": json.dumps(record, ensure_ascii=False).encode()}


def bag(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with bag declarations and manifests that fit them."""
    tags = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": b"Source-Organization: Roshanshahr\n",
        "manifest-sha256.txt": _manifest({n: c for n, c in files.items() if n.startswith("data/")}),
    }
    return {**files, **tags, "tagmanifest-sha256.txt": _manifest(tags)}


def _manifest(files: dict[str, bytes]) -> bytes:
    return "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def pack(files: dict[str, bytes], path: Path) -> Path:
    """Write the ZIP: names sorted, times fixed."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return path


def proof_of(entries: list[bytes], index: int, signer: notes.Signer = SIGNER) -> str:
    """The tlog-proof file of an entry in the log of these entries."""
    leaves = [tree.leaf_hash(entry) for entry in entries]

    def node(level: int, at: int) -> bytes:
        return tree.root_of(leaves[at << level : (at + 1) << level])

    hashes = tree.inclusion_proof(index, len(entries), node)
    return proofs.build(index, entries[index], hashes, checkpoint(entries, signer))


def receipt_of(
    city: City,
    entries: list[bytes],
    index: int,
    *,
    ballot: tuple[str, str, tuple[str, ...]] | None = None,
    waiting: bool = False,
    signer: notes.Signer = SIGNER,
) -> dict[str, Any]:
    """The receipt for an entry; ``waiting``: given before the entry had an index."""
    draft = city.drafts[index]
    said = [f"{ORIGIN}/promise", draft.commit, draft.subject, draft.kind, ballot[0] if ballot else "-", draft.time]
    opened = ballot and {"commitment": ballot[0], "salt": ballot[1], "choices": list(ballot[2])}
    return {
        "format": "ucc-receipt/1",
        "origin": ORIGIN,
        "commit": draft.commit,
        "subject": draft.subject,
        "entry": None if waiting else base64.b64encode(entries[index]).decode(),
        "index": None if waiting else index,
        "type": draft.kind,
        "salt": draft.salt.hex(),
        "ballot": opened,
        "promise": signer.sign("\n".join(said) + "\n"),
    }
