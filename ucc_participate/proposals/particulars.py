"""What an author gives beyond the text, on its way into a proposal: checked against what the process asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..inventory.models import ItemKind
from ..inventory.queries import by_public_ids
from ..kernel.errors import Invalid
from ..kernel.geography import District, district_at
from ..kernel.i18n import lazy_number
from ..kernel.text import clean_line, clean_text
from . import queries
from .models import (
    LARGEST_NUMBER,
    LONG_LENGTH,
    MICRO,
    MOST_LINKS,
    SHORT_LENGTH,
    DistrictMap,
    FieldKind,
    Particulars,
    Proposal,
    ProposalField,
)

OWN = "own_"
"""What a form puts before the code of a question."""


def values_of(session: Session, proposal: Proposal, told: Particulars) -> dict[str, Any]:
    """Columns of the proposal, checked. Raises Invalid naming the field of the form."""
    fields = queries.fields_of(session, proposal.process)
    values: dict[str, Any] = {
        "fields": _answers(fields, told.fields, kept=proposal.fields or {}) or None,
        **_place(session, told),
    }
    for name, is_asset in (("needs", False), ("assets", True)):
        values[name] = _links(session, proposal, getattr(told, name), name, is_asset=is_asset) or None
    return values


def require_answers(session: Session, proposal: Proposal) -> None:
    """Every question that the process requires has its answer. Raises Invalid naming the field of the form."""
    answered = proposal.fields or {}
    for asked in queries.fields_of(session, proposal.process):
        if asked.is_asked and asked.is_required and asked.code not in answered:
            raise Invalid(_l("Answer this question of the city."), field=OWN + asked.code)


def districts_of(found: DistrictMap) -> list[District]:
    return [District(one["code"], one["name"], one["shape"]) for one in found.districts]


def _answers(fields: Sequence[ProposalField], given: dict[str, Any], *, kept: dict[str, Any]) -> dict[str, Any]:
    """Answers to what is asked; those to retired questions stay as they were."""
    answers: dict[str, Any] = {}
    for asked in fields:
        if not asked.is_asked:
            value = kept.get(asked.code)
        elif given.get(asked.code) in (None, "", [], ()):
            value = None
        else:
            value = _CHECKS[asked.kind](asked, given[asked.code])
        if value is not None:
            answers[asked.code] = value
    return answers


def _wrong(asked: ProposalField, reason: Any) -> Invalid:
    return Invalid(reason, field=OWN + asked.code)


def _short(_asked: ProposalField, value: Any) -> Any:
    return clean_line(str(value), max_length=SHORT_LENGTH) or None


def _long(_asked: ProposalField, value: Any) -> Any:
    return clean_text(str(value), max_length=LONG_LENGTH) or None


def _number(asked: ProposalField, value: Any) -> Any:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST_NUMBER:
        raise _wrong(asked, _l("Write a whole number."))
    return value


def _one_of(asked: ProposalField, value: Any) -> Any:
    if value not in asked.known_options:
        raise _wrong(asked, _l("Choose from the list."))
    return value


def _some_of(asked: ProposalField, value: Any) -> Any:
    if not isinstance(value, (list, tuple)) or not set(value) <= set(asked.known_options):
        raise _wrong(asked, _l("Choose from the list."))
    return [option for option in asked.known_options if option in value]


def _day(asked: ProposalField, value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise _wrong(asked, _l("Write a day.")) from None


def _yes_no(asked: ProposalField, value: Any) -> Any:
    if not isinstance(value, bool):
        raise _wrong(asked, _l("Choose yes or no."))
    return value


_CHECKS: dict[FieldKind, Callable[[ProposalField, Any], Any]] = {
    FieldKind.SHORT_TEXT: _short,
    FieldKind.LONG_TEXT: _long,
    FieldKind.NUMBER: _number,
    FieldKind.CHOICE: _one_of,
    FieldKind.CHOICES: _some_of,
    FieldKind.DATE: _day,
    FieldKind.YES_NO: _yes_no,
}


def _place(session: Session, told: Particulars) -> dict[str, Any]:
    """The point, if there is a whole one, and the district in which it lies, else the one that was chosen."""
    latitude, longitude = told.latitude, told.longitude
    if (latitude is None) != (longitude is None):
        missing = "latitude" if latitude is None else "longitude"
        raise Invalid(_l("Give both latitude and longitude, or neither."), field=missing)
    if latitude is not None and longitude is not None:
        if abs(latitude) > 90 * MICRO:
            raise Invalid(_l("A latitude lies between −90 and 90 degrees."), field="latitude")
        if abs(longitude) > 180 * MICRO:
            raise Invalid(_l("A longitude lies between −180 and 180 degrees."), field="longitude")
    return {"latitude": latitude, "longitude": longitude, "district": _district(session, told)}


def _district(session: Session, told: Particulars) -> str | None:
    if told.latitude is None and told.district is None:
        return None
    found = queries.current_map(session)
    if found is None:
        return None
    if told.latitude is not None and told.longitude is not None:
        return district_at(districts_of(found), told.longitude, told.latitude)
    if told.district not in found.names:
        raise Invalid(_l("Choose from the list."), field="district")
    return told.district


def _links(session: Session, proposal: Proposal, chosen: Sequence[str], name: str, *, is_asset: bool) -> list[str]:
    """Needs or assets of the process, in the order in which they were chosen."""
    wanted = list(dict.fromkeys(chosen))
    if len(wanted) > MOST_LINKS:
        raise Invalid(_l("Choose at most %(most)s.", most=lazy_number(MOST_LINKS)), field=name)
    found = by_public_ids(session, proposal.process, wanted)
    right = [one for one, item in found.items() if (item.kind is not ItemKind.NEED) is is_asset]
    if len(right) != len(wanted):
        raise Invalid(_l("Choose from the list."), field=name)
    return right
