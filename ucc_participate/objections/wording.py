"""How themes and standings are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from .checks import Standing, Theme

THEMES: dict[Theme, Any] = {
    Theme.PROMISE: _l("The promise"),
    Theme.PRESENCE: _l("Who is there"),
    Theme.WOMEN_AND_YOUTH: _l("Women and young people"),
    Theme.PROPOSALS: _l("Proposals and answers"),
    Theme.VOTE: _l("The vote"),
    Theme.PROOF: _l("The proof"),
}
STANDINGS: dict[Standing, Any] = {
    Standing.OBJECTION: _l("Would be objected to"),
    Standing.WARNING: _l("Could be asked about"),
    Standing.LATER: _l("Cannot be said yet"),
    Standing.MET: _l("Met"),
}
STANDING_MARKS: dict[Standing, str] = {
    Standing.OBJECTION: "low",
    Standing.WARNING: "open",
    Standing.LATER: "quiet",
    Standing.MET: "good",
}
