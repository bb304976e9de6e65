"""Versions of the whole plan: what they hold, their hash, what is different between two of them (rule K6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask_babel import lazy_gettext as _l

from ..audit.canonical import dumps
from ..kernel.comparing import Difference, compare
from ..resources.models import Resource
from ..voting.models import Vote
from .models import Initiative, Plan, PlanVersion

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
    plan: tuple[Changed, ...]
    initiatives: tuple[Initiated, ...]

    @property
    def is_empty(self) -> bool:
        return not self.plan and all(each.fate == "same" for each in self.initiatives)


def differences(old: Content, new: Content, *, locale: str) -> Comparison:
    """From the one version to the other. ``locale``: the language in which texts are compared, where there is one."""
    before, after = old["initiatives"], new["initiatives"]
    order = [*after, *(one for one in before if one not in after)]
    plan = _changes(old["plan"], new["plan"], locale)
    return Comparison(plan, tuple(_initiated(one, before.get(one), after.get(one), locale) for one in order))


def _initiated(public_id: str, old: Content | None, new: Content | None, locale: str) -> Initiated:
    if old is None:
        return Initiated(public_id, (new or {})["title"], "added")
    if new is None:
        return Initiated(public_id, old["title"], "gone")
    changes = _changes(old, new, locale)
    return Initiated(public_id, new["title"], "changed" if changes else "same", changes)


def _changes(old: Content, new: Content, locale: str) -> tuple[Changed, ...]:
    names = [name for name in {**old, **new} if name in LABELS and old.get(name) != new.get(name)]
    return tuple(Changed(LABELS[name], words(old.get(name), locale), words(new.get(name), locale)) for name in names)


def words(value: Any, locale: str) -> str:
    """A field of a state as lines of text: a text in the language wanted, lists line by line."""
    if value is None:
        return ""
    if isinstance(value, dict):
        if value and set(value) <= {"fa", "en", "fr"}:
            return "\n".join(f"{text}" for one, text in _by_language(value, locale))
        return "\n".join(f"{name}: {words(each, locale)}" for name, each in value.items() if each not in (None, {}, ""))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "\n".join(words(each, locale) for each in value)
    return str(value)


def _by_language(texts: dict[str, str], locale: str) -> list[tuple[str, str]]:
    return sorted(texts.items(), key=lambda each: (each[0] != locale, each[0]))
