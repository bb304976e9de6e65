"""Where a proposal is, and which needs and assets it names: fields that every form of proposals has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ...inventory.models import InventoryItem, ItemKind
from ...kernel.forms import CheckboxesField, DecimalField, Form, NumberRange, SelectField, ValidationError
from ..models import MICRO, MOST_LINKS, Particulars, Proposal


class ParticularsForm(Form):
    """Part of ProposalForm. Fields of questions that a process asks itself are named ``own_<code>``."""

    latitude = DecimalField(_l("Latitude"), [NumberRange(min=-90, max=90)])
    longitude = DecimalField(_l("Longitude"), [NumberRange(min=-180, max=180)])
    district = SelectField(
        _l("District"),
        choices=(),
        blank=_l("Not said"),
        description=_l("If you give a point, the point decides the district."),
    )
    needs = CheckboxesField(_l("Which needs does it answer?"), choices=(), most=MOST_LINKS)
    assets = CheckboxesField(_l("On which assets does it build?"), choices=(), most=MOST_LINKS)

    def offer_particulars(self, districts: Mapping[str, str], items: Sequence[InventoryItem]) -> None:
        """The districts of the city's map by code, and what is on the list of needs and assets."""
        self.district.offer(districts)
        self.needs.offer([(item.public_id, item.title) for item in items if item.kind is ItemKind.NEED])
        self.assets.offer([(item.public_id, item.title) for item in items if item.kind is not ItemKind.NEED])

    def validate_longitude(self, field: Any) -> None:
        if (self.latitude.data is None) != (field.data is None):
            raise ValidationError(_("Give both latitude and longitude, or neither."))

    def particulars(self, fields: dict[str, Any]) -> Particulars:
        return Particulars(
            fields=fields,
            latitude=_micro(self.latitude.data),
            longitude=_micro(self.longitude.data),
            district=self.district.data,
            needs=tuple(self.needs.data or ()),
            assets=tuple(self.assets.data or ()),
        )


def typed_particulars(draft: Proposal) -> dict[str, Any]:
    return {
        "latitude": degrees(draft.latitude),
        "longitude": degrees(draft.longitude),
        "district": draft.district,
        "needs": draft.needs or [],
        "assets": draft.assets or [],
    }


def degrees(micro: int | None) -> Decimal | None:
    return None if micro is None else Decimal(micro) / MICRO


def _micro(value: Decimal | None) -> int | None:
    return None if value is None else round(value * MICRO)
