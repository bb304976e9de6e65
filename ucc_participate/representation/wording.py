"""How groups and stages are called, and what each number means in words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from ..voting.wording import GROUPS

__all__ = ["DEFINITIONS", "GROUPS", "STAGES"]

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
