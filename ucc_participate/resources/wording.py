"""How people, money and bodies are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from .models import Certainty, ResourceKind

KINDS: dict[str, Any] = {ResourceKind.MONEY: _l("Money"), ResourceKind.PEOPLE: _l("Full-time equivalents")}
CERTAINTIES: dict[str, Any] = {
    Certainty.SECURED: lazy_pgettext("resource", "Secured"),
    Certainty.EXPECTED: lazy_pgettext("resource", "Expected"),
}
CERTAINTY_HINTS: dict[str, Any] = {
    Certainty.SECURED: _l("Decided or signed: a budget line, a decision of the council, a contract."),
    Certainty.EXPECTED: _l("Asked for or promised, and not decided yet."),
}
SEXES: dict[str, Any] = {"female": _l("Woman"), "male": _l("Man")}
