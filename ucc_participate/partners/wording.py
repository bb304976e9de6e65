"""How partner cities are called on screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel import Locale
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

from ..kernel.i18n import reader
from .models import PartnerState

COOPERATION: dict[str, Any] = {
    "people": _l("Exchange of artists, craftspeople and trainees"),
    "training": _l("Training together"),
    "events": _l("Festivals, fairs and exhibitions"),
    "works": _l("Works and products made together"),
    "studies": _l("Studies and data"),
    "practices": _l("Good practices given and taken"),
    "policy": _l("Advice on policies and plans"),
    "north_south": _l("A programme between North and South"),
    "south_south": _l("A programme among cities of the South"),
}
STATES: dict[str, Any] = {
    PartnerState.SOUGHT: lazy_pgettext("partner city", "Sought"),
    PartnerState.CONTACTED: lazy_pgettext("partner city", "Written to"),
    PartnerState.AGREED: lazy_pgettext("partner city", "Agreed"),
    PartnerState.ACTIVE: lazy_pgettext("partner city", "At work together"),
    PartnerState.ENDED: lazy_pgettext("partner city", "Ended"),
}
STATE_HINTS: dict[str, Any] = {
    PartnerState.SOUGHT: _l("The city would like to work with it and has not asked yet."),
    PartnerState.CONTACTED: _l("It has been asked; there is no answer or no agreement yet."),
    PartnerState.AGREED: _l("It has agreed, in a letter or a memorandum."),
    PartnerState.ACTIVE: _l("Something is being done together."),
    PartnerState.ENDED: _l("Nothing is done together any more."),
}
LOOKS: dict[str, str] = {
    PartnerState.SOUGHT: "quiet",
    PartnerState.CONTACTED: "open",
    PartnerState.AGREED: "",
    PartnerState.ACTIVE: "good",
    PartnerState.ENDED: "quiet",
}


def countries() -> Mapping[str, str]:
    """ISO 3166-1 codes with the countries' names in the reader's language, by alphabet."""
    names = {str(code): str(name) for code, name in Locale.parse(reader().locale).territories.items()}
    known = {code: name for code, name in names.items() if len(code) == 2 and code not in NO_COUNTRIES}
    return dict(sorted(known.items(), key=lambda entry: entry[1]))


NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})
"""Codes of Unicode's data that name no country."""


def country(code: str) -> str:
    """Its name in the reader's language, or the code."""
    return str(Locale.parse(reader().locale).territories.get(code, code))


COUNTRIES: dict[str, Any] = {
    str(code): LazyString(country, code)
    for code in Locale("en").territories
    if len(str(code)) == 2 and code not in NO_COUNTRIES
}
"""Every country's name as a text that waits for its reader."""
