"""How sessions and items are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from ..processes.models import WayIn
from ..processes.wording import WAYS_IN
from .models import ASSISTED_WAYS, ItemState

WAYS: dict[WayIn, Any] = {way: WAYS_IN[way] for way in ASSISTED_WAYS}
STATES: dict[ItemState, Any] = {
    ItemState.WAITING: _l("Waits for a second clerk"),
    ItemState.ENTERED: _l("Counts"),
    ItemState.WITHDRAWN: lazy_pgettext("item", "Withdrawn"),
}
STATE_MARKS: dict[ItemState, str] = {ItemState.WAITING: "open", ItemState.ENTERED: "good", ItemState.WITHDRAWN: "quiet"}
