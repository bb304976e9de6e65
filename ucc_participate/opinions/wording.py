"""How the choices of opinion maps are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from ..moderation.models import Standing
from ..vocabularies.uccn import SECTORS
from .models import Adding, Answer, Showing

ANSWERS: dict[str, Any] = {Answer.AGREE: _l("Agree"), Answer.DISAGREE: _l("Disagree"), Answer.PASS: _l("Pass")}
COLUMNS: dict[str, Any] = {Answer.AGREE: _l("agreeing"), Answer.DISAGREE: _l("disagreeing"), Answer.PASS: _l("passing")}
ANSWER_ICONS: dict[str, str] = {Answer.AGREE: "check", Answer.DISAGREE: "x", Answer.PASS: "arrow-right"}
SIDES: dict[str, Any] = {"resident": _l("Residents"), **SECTORS}
ADDING: dict[str, Any] = {
    Adding.EVERYBODY: _l("Everybody who answers"),
    Adding.CITY: _l("Only the city"),
}
SHOWING: dict[str, Any] = {
    Showing.ANSWERED: _l("After having answered some statements, and to everybody at the end"),
    Showing.CLOSED: _l("Only at the end"),
    Showing.ALWAYS: _l("At any time"),
}
STANDINGS: dict[str, Any] = {
    Standing.SHOWN: lazy_pgettext("statement", "Shown"),
    Standing.HELD: _l("Waits for a moderator"),
    Standing.HIDDEN: _l("Hidden by a moderator"),
}
