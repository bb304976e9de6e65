"""The parts of an initiative: what each holds, whether somebody changed it meanwhile, what it still lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


INDICATORS = "indicators"
LACKS: dict[Part | str, dict[str, Any]] = {
    Part.BASICS: {
        "summary": _l("a summary"),
        "description": _l("a description"),
        "objectives": _l("at least one objective"),
        "areas": _l("at least one area of action"),
    },
    Part.BEGINNINGS: {"added_because": _l("why the city added it")},
    Part.BENEFIT: {
        "beneficiaries": _l("whom it is for"),
        "access": _l("who gains access and how"),
        "enters": _l("which local plan, article or budget line it enters"),
    },
    Part.FOUNDATIONS: {"asset": _l("an asset that it builds on")},
    Part.EFFECTS: {key: _l("the effect: %(level)s", level=label) for key, label in DIMENSIONS.items()},
    Part.SCHEDULE: {
        "owner": _l("who is responsible"),
        "starts_on": _l("when it begins"),
        "ends_on": _l("when it ends"),
        "steps": _l("its steps"),
    },
    Part.BUDGET: {"costs": _l("what it costs, year by year")},
    Part.TOGETHER: {
        "partners": _l("who carries it too"),
        "city": _l("a member city, or how one will be found"),
    },
    Part.PARTICULARS: {"asked": _l("what its areas of action ask for")},
    INDICATORS: {
        "output": _l("an indicator of its output"),
        "impact": _l("an indicator of its impact"),
        "whole": _l("baseline, target, unit, source and office of every indicator"),
    },
}
"""What an initiative may lack, by part; the codes stand in the log where one was passed over with a reason."""


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


def missing(initiative: Initiative) -> Iterator[tuple[Part | str, str]]:
    """What is still to be written before the plan can be frozen: the part, or "indicators", and a code of LACKS."""
    for part, look in _LOOKS.items():
        for code, is_missing in look(initiative).items():
            if is_missing:
                yield part, code


def lacking(initiative: Initiative) -> dict[Part | str, list[Any]]:
    """The same in words, by part (rule K1)."""
    found: dict[Part | str, list[Any]] = {}
    for part, code in missing(initiative):
        found.setdefault(part, []).append(LACKS[part][code])
    return found


def _basics(initiative: Initiative) -> dict[str, bool]:
    return {name: not getattr(initiative, name) for name in LACKS[Part.BASICS]}


def _beginnings(initiative: Initiative) -> dict[str, bool]:
    return {"added_because": initiative.origin is Origin.ADDED and not initiative.added_because}


def _benefit(initiative: Initiative) -> dict[str, bool]:
    return {name: not getattr(initiative, name) for name in LACKS[Part.BENEFIT]}


def _foundations(initiative: Initiative) -> dict[str, bool]:
    return {"asset": not any(use.item.kind.is_asset for use in initiative.uses)}


def _effects(initiative: Initiative) -> dict[str, bool]:
    return {key: key not in initiative.effects for key in DIMENSIONS}


def _schedule(initiative: Initiative) -> dict[str, bool]:
    return {name: not getattr(initiative, name) for name in LACKS[Part.SCHEDULE]}


def _budget(initiative: Initiative) -> dict[str, bool]:
    return {"costs": not initiative.costs}


def _together(initiative: Initiative) -> dict[str, bool]:
    """For an initiative abroad a city of the Network, or the way to one (rule X2)."""
    cities = [each for each in initiative.partners if each.city is not None and each.city.stands_for_network]
    is_abroad = initiative.level is Level.INTERNATIONAL
    return {
        "partners": not initiative.partners and not is_abroad,
        "city": is_abroad and not cities and not initiative.partner_search,
    }


def _particulars(initiative: Initiative) -> dict[str, bool]:
    told = initiative.particulars
    empty = [area for area in initiative.areas if any(not told.get(area, {}).get(name) for name in ASKED.get(area, ()))]
    return {"asked": bool(empty)}


def _indicators(initiative: Initiative) -> dict[str, bool]:
    kinds = {indicator.kind for indicator in initiative.indicators}
    unfinished = any(
        each.baseline is None or each.target is None or not each.unit or not each.data_source or not each.responsible
        for each in initiative.indicators
    )
    return {
        "output": IndicatorKind.OUTPUT not in kinds,
        "impact": IndicatorKind.IMPACT not in kinds,
        "whole": unfinished,
    }


_LOOKS: dict[Part | str, Callable[[Initiative], dict[str, bool]]] = {
    Part.BASICS: _basics,
    Part.BEGINNINGS: _beginnings,
    Part.BENEFIT: _benefit,
    Part.FOUNDATIONS: _foundations,
    Part.EFFECTS: _effects,
    Part.SCHEDULE: _schedule,
    Part.BUDGET: _budget,
    Part.TOGETHER: _together,
    Part.PARTICULARS: _particulars,
    INDICATORS: _indicators,
}
