"""The parts of an initiative: what each holds, whether somebody changed it meanwhile, what it still lacks."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from flask_babel import lazy_gettext as _l

from ..audit.canonical import dumps
from ..kernel.errors import Conflict
from ..vocabularies.uccn import DIMENSIONS
from .models import IndicatorKind, Initiative, Level, Origin, Part

HOLDS: dict[Part, tuple[str, ...]] = {
    Part.BASICS: ("kind", "level", "title", "summary", "description", "objectives", "areas", "creative_fields"),
    Part.BEGINNINGS: ("origin", "added_because", "sources"),
    Part.BENEFIT: ("beneficiaries", "access", "enters", "sdgs"),
    Part.FOUNDATIONS: ("uses",),
    Part.EFFECTS: ("effects",),
    Part.SCHEDULE: ("owner", "starts_on", "ends_on", "steps"),
    Part.BUDGET: ("costs",),
    Part.TOGETHER: ("partners", "partner_search"),
    Part.PARTICULARS: ("particulars",),
}
"""Fields of the public payload by part: together everything that people write but the indicators."""

ASKED: dict[str, tuple[str, ...]] = {
    "AREA-1": ("hypothesis", "ends", "result"),
    "AREA-2": ("origin", "proof"),
    "AREA-3": ("question", "author", "publication"),
    "AREA-4": ("mode", "minutes"),
    "AREA-5": ("direction", "partner", "given", "received"),
    "AREA-6": ("trainees", "host", "length"),
    "AREA-7": ("changed", "level"),
}
"""What each area of action asks for beside the common fields (rule A2)."""
CODED: dict[str, tuple[str, ...]] = {
    "mode": ("in_person", "online", "both"),
    "direction": ("north_south", "south_south", "north_south_south"),
    "level": ("local", "national"),
}
"""Fields of areas that are chosen, not typed."""


class Overtaken(Conflict):
    """Somebody else has saved this part since it was opened: both texts are shown, nothing is lost."""

    def __init__(self) -> None:
        super().__init__(
            _l("Somebody else has saved this part meanwhile. Both texts stand here: put yours right and save again.")
        )


def state_of(initiative: Initiative, part: Part) -> dict[str, Any]:
    """What the log would keep of this part; needs every part loaded."""
    payload = initiative.public_payload()
    return {name: payload[name] for name in HOLDS[part]}


def mark_of(state: Any) -> str:
    """A short mark that two states share only if they are the same."""
    return sha256(dumps(state)).hexdigest()[:20]


def lacking(initiative: Initiative) -> dict[Part | str, list[Any]]:
    """What is still to be written before the plan can be frozen, by part and under "indicators" (rule K1)."""
    found: dict[Part | str, list[Any]] = {part: look(initiative) for part, look in _LOOKS.items()}
    found["indicators"] = _indicators(initiative)
    return {part: texts for part, texts in found.items() if texts}


def _basics(initiative: Initiative) -> list[Any]:
    return _named(
        (not initiative.summary, _l("a summary")),
        (not initiative.description, _l("a description")),
        (not initiative.objectives, _l("at least one objective")),
        (not initiative.areas, _l("at least one area of action")),
    )


def _beginnings(initiative: Initiative) -> list[Any]:
    unexplained = initiative.origin is Origin.ADDED and not initiative.added_because
    return _named((unexplained, _l("why the city added it")))


def _benefit(initiative: Initiative) -> list[Any]:
    return _named(
        (not initiative.beneficiaries, _l("whom it is for")),
        (not initiative.access, _l("who gains access and how")),
        (not initiative.enters, _l("which local plan, article or budget line it enters")),
    )


def _foundations(initiative: Initiative) -> list[Any]:
    kinds = {use.item.kind.value for use in initiative.uses}
    return _named((not kinds - {"need"}, _l("an asset that it builds on")))


def _effects(initiative: Initiative) -> list[Any]:
    return [
        _l("the effect: %(level)s", level=label) for key, label in DIMENSIONS.items() if key not in initiative.effects
    ]


def _schedule(initiative: Initiative) -> list[Any]:
    return _named(
        (not initiative.owner, _l("who is responsible")),
        (initiative.starts_on is None, _l("when it begins")),
        (initiative.ends_on is None, _l("when it ends")),
        (not initiative.steps, _l("its steps")),
    )


def _budget(initiative: Initiative) -> list[Any]:
    return _named((not initiative.costs, _l("what it costs, year by year")))


def _together(initiative: Initiative) -> list[Any]:
    cities = [partner for partner in initiative.partners if partner.city_id is not None]
    is_abroad = initiative.level is Level.INTERNATIONAL
    return _named(
        (not initiative.partners and not is_abroad, _l("who carries it too")),
        (is_abroad and not cities and not initiative.partner_search, _l("a member city, or how one will be found")),
    )


def _particulars(initiative: Initiative) -> list[Any]:
    told = initiative.particulars
    empty = [area for area in initiative.areas if any(not told.get(area, {}).get(name) for name in ASKED.get(area, ()))]
    return _named((bool(empty), _l("what its areas of action ask for")))


def _indicators(initiative: Initiative) -> list[Any]:
    kinds = {indicator.kind for indicator in initiative.indicators}
    unfinished = any(
        each.baseline is None or each.target is None or not each.unit or not each.data_source or not each.responsible
        for each in initiative.indicators
    )
    return _named(
        (IndicatorKind.OUTPUT not in kinds, _l("an indicator of its output")),
        (IndicatorKind.IMPACT not in kinds, _l("an indicator of its impact")),
        (unfinished, _l("baseline, target, unit, source and office of every indicator")),
    )


def _named(*pairs: tuple[bool, Any]) -> list[Any]:
    return [text for is_missing, text in pairs if is_missing]


_LOOKS: dict[Part, Callable[[Initiative], list[Any]]] = {
    Part.BASICS: _basics,
    Part.BEGINNINGS: _beginnings,
    Part.BENEFIT: _benefit,
    Part.FOUNDATIONS: _foundations,
    Part.EFFECTS: _effects,
    Part.SCHEDULE: _schedule,
    Part.BUDGET: _budget,
    Part.TOGETHER: _together,
    Part.PARTICULARS: _particulars,
}
