"""How needs and assets are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from .models import ItemKind, ItemState

KINDS: dict[str, Any] = {
    ItemKind.NEED: _l("Need"),
    ItemKind.HERITAGE: _l("Heritage"),
    ItemKind.CREATIVE: _l("Creative asset of today"),
}
KIND_HINTS: dict[str, Any] = {
    ItemKind.NEED: _l("What the city or some of its people lack."),
    ItemKind.HERITAGE: _l("Crafts, places, stories and knowledge that were handed down."),
    ItemKind.CREATIVE: _l("People, workshops, schools, festivals and works that are alive today."),
}
STATES: dict[str, Any] = {
    ItemState.SUGGESTED: _l("Waits for the city"),
    ItemState.LISTED: _l("On the list"),
    ItemState.DECLINED: _l("Not taken"),
    ItemState.RETIRED: _l("Taken off the list"),
}
