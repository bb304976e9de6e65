"""How groups and stages are called, and what each number means in words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

GROUPS: dict[str, Any] = {
    "all": _l("Everybody"),
    "sector:public": _l("Public sector"),
    "sector:private": _l("Private sector"),
    "sector:civil_society": _l("Civil society"),
    "sector:not_stated": _l("Sector not stated"),
    "womens_group": _l("Women’s groups"),
    "youth_group": _l("Youth groups"),
    "sex:female": _l("Women"),
    "sex:male": _l("Men"),
    "sex:other": _l("Another sex"),
    "sex:not_stated": _l("Sex not stated"),
    "age:under_30": _l("Under 30"),
    "age:30_plus": _l("30 and older"),
    "age:not_stated": _l("Age not stated"),
}
STAGES: dict[str, Any] = {
    "organisations_invited": _l("Organisations invited"),
    "organisations_answered": _l("Organisations that said yes"),
    "organisations_proposing": _l("Organisations that proposed"),
    "organisations_voting": _l("Organisations that voted"),
    "organisations_present": _l("Organisations present"),
    "people_joined": _l("People who took part"),
    "people_proposing": _l("People who proposed"),
    "people_voting": _l("People who voted"),
}
DEFINITIONS: dict[str, Any] = {
    "organisations_invited": _l("An invitation to this process is in the log."),
    "organisations_answered": _l("The organisation answered its invitation with yes."),
    "organisations_proposing": _l("A delegate handed in a proposal for the organisation."),
    "organisations_voting": _l("A delegate cast the organisation’s ballot."),
    "organisations_present": _l("The organisation said yes, proposed or voted."),
    "people_joined": _l("People with at least one act in this process, each counted once."),
    "people_proposing": _l("People who handed in a proposal of their own."),
    "people_voting": _l("People whose slot on a roll was used."),
}
