"""Versions of the whole plan: what they hold, their hash, what is different between two of them (rule K6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask_babel import lazy_gettext as _l

from ..audit.canonical import dumps
from ..kernel.comparing import Difference, compare
from ..resources.models import Resource
from ..voting.models import Vote
from .models import Initiative, Plan, PlanVersion
from .telling import Speaker

Content = dict[str, Any]
LABELS: dict[str, Any] = {
    "number": _l("Number"), "kind": _l("Kind"), "level": _l("Level"), "title": _l("Title"), "summary": _l("Summary"),
    "description": _l("Description"), "objectives": _l("Objectives"), "areas": _l("Areas of action"),
    "creative_fields": _l("Creative fields"), "beneficiaries": _l("Whom it is for"),
    "sdgs": _l("Sustainable development goals"), "access": _l("Who gains access and how"),
    "enters": _l("Enters the city’s plan"), "effects": _l("What becomes of it"),
    "particulars": _l("What its areas ask for"), "steps": _l("Step by step"), "owner": _l("Who is responsible"),
    "partner_search": _l("How a member city will be found"), "starts_on": _l("Begins"), "ends_on": _l("Ends"),
    "origin": _l("Where it comes from"), "added_because": _l("Why the city added it"),
    "dropped_because": _l("Why it was dropped"), "restored_because": _l("Why it was taken back"),
    "sources": _l("Proposals"), "uses": _l("What it builds on"), "partners": _l("With whom"),
    "costs": _l("Cost by year"), "indicators": _l("Indicators"), "begins_on": _l("Expected day of the designation"),
    "calendar": _l("The budget counts"), "currency": _l("Currency"), "vision": _l("What the plan is to bring"),
    "vocabulary": _l("Objectives and areas are shown in"), "limits": _l("Initiatives that the form takes"),
    "gap_plan": _l("Where missing money will come from"),
}  # fmt: skip
PASSING = frozenset({"status", "published_at", "frozen_at", "comments_until"})
"""Fields of a state that say where the plan stands, not what it says."""


def content_of(plan: Plan, initiatives: Iterable[Initiative], resources: Iterable[Resource]) -> Content:
    """The public payload of every part; needs every part loaded."""
    settings = {name: value for name, value in plan.public_payload().items() if name not in PASSING}
    return {
        "plan": settings,
        "initiatives": {each.public_id: each.public_payload() for each in initiatives},
        "resources": {each.ref: each.public_payload() for each in resources},
    }


def chosen_by(vote: Vote) -> list[str]:
    """Refs of the proposals that a vote has chosen, in the order of the ballot; none while the result is sealed."""
    winners = set((vote.result or {}).get("winners", ()))
    return [option.proposal_ref for option in vote.options if option.code in winners and option.proposal_ref]


def hash_of(content: Content) -> str:
    return sha256(dumps(content)).hexdigest()


def payload_of(version: PlanVersion) -> dict[str, Any]:
    """What the log keeps of a version: its hash is of what the row holds now. Needs ``content`` loaded."""
    return {
        "number": version.number,
        "stage": version.stage.value,
        "note": version.note,
        "sha256": hash_of(version.content),
        "initiatives": sorted(version.content["initiatives"]),
        "overrides": version.overrides,
    }


@dataclass(frozen=True, slots=True)
class Changed:
    """One field that is another: what stood there, what stands there, and both compared word by word."""

    label: Any
    old: str
    new: str

    @property
    def difference(self) -> Difference:
        return compare(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Initiated:
    """An initiative in two versions. ``fate``: ``added``, ``gone``, ``changed`` or ``same``."""

    public_id: str
    title: dict[str, str]
    fate: str
    changes: tuple[Changed, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """``provided``: people and money that were written down, changed or do not count any more."""

    plan: tuple[Changed, ...]
    initiatives: tuple[Initiated, ...]
    provided: tuple[Changed, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.plan and not self.provided and all(each.fate == "same" for each in self.initiatives)


def refs_in(*contents: Content) -> set[str]:
    """What versions name without saying what it is called: proposals, needs and assets."""
    every = [each for content in contents for each in content["initiatives"].values()]
    return {ref for each in every for ref in (*each["uses"], *(source["proposal"] for source in each["sources"]))}


def differences(old: Content, new: Content, *, locale: str, names: Mapping[str, str] | None = None) -> Comparison:
    """From the one version to the other. ``locale``: the language of the reader, whose texts come first.

    ``names``: what the things of ``refs_in`` are called, by ref.
    """
    by = _speaker(old, new, locale, names or {}), _speaker(new, old, locale, names or {})
    before, after = old["initiatives"], new["initiatives"]
    order = [*after, *(one for one in before if one not in after)]
    return Comparison(
        _changes(old["plan"], new["plan"], by),
        tuple(_initiated(one, before.get(one), after.get(one), by) for one in order),
        _provided(old["resources"], new["resources"], by),
    )


def _speaker(content: Content, other: Content, locale: str, names: Mapping[str, str]) -> Speaker:
    """Amounts of a version are in its own currency."""
    initiatives = other["initiatives"] | content["initiatives"]
    titles = {f"initiative/{public_id}": each["title"] for public_id, each in initiatives.items()}
    indicators = {
        known["id"]: known["title"]
        for version in (other, content)
        for each in version["initiatives"].values()
        for known in each["indicators"]
    }
    return Speaker(locale, content["plan"]["currency"], names, titles | indicators)


def _initiated(public_id: str, old: Content | None, new: Content | None, by: tuple[Speaker, Speaker]) -> Initiated:
    if old is None:
        return Initiated(public_id, (new or {})["title"], "added")
    if new is None:
        return Initiated(public_id, old["title"], "gone")
    changes = _changes(old, new, by)
    return Initiated(public_id, new["title"], "changed" if changes else "same", changes)


def _changes(old: Content, new: Content, by: tuple[Speaker, Speaker]) -> tuple[Changed, ...]:
    names = [name for name in {**old, **new} if name in LABELS and old.get(name) != new.get(name)]
    return tuple(
        Changed(LABELS[name], by[0].say(name, old.get(name)), by[1].say(name, new.get(name))) for name in names
    )


def _provided(old: Content, new: Content, by: tuple[Speaker, Speaker]) -> tuple[Changed, ...]:
    """Lines that are in one of both alone, or say something else."""
    changed = [ref for ref in {**old, **new} if old.get(ref) != new.get(ref)]
    return tuple(
        Changed(by[1].source(new.get(ref) or old[ref]), by[0].line(old.get(ref)), by[1].line(new.get(ref)))
        for ref in changed
    )
