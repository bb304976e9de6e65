"""What every form of a part of an initiative is: laid out for the initiative, holding what stands there."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

from ...inventory.models import InventoryItem
from ...partners.models import PartnerCity
from ...proposals.models import Proposal
from ...stakeholders.models import Organisation
from ..models import (
    Initiative,
    Written,
)
from .whole import SeenForm


@dataclass(frozen=True, slots=True)
class Offered:
    """What there is to choose from in the city and its process.

    ``proposals``: that stood on the page which was sent, whether they still stand behind the initiative or not.
    """

    items: Sequence[InventoryItem] = ()
    proposals: Sequence[Proposal] = ()
    organisations: Sequence[Organisation] = ()
    cities: Sequence[PartnerCity] = ()


class PartForm(SeenForm):
    """A part of an initiative. ``fields_for`` names what depends on the initiative; ``typed`` is what stands there."""

    @classmethod
    def fields_for(cls, _initiative: Initiative, _offered: Offered, _rows: int) -> dict[str, Any]:
        return {}

    @staticmethod
    def typed(_initiative: Initiative) -> dict[str, Any]:
        return {}

    def take_in(self, _initiative: Initiative, _sent: Container[str]) -> None:
        """Show what somebody else has added since the page was asked for, as it stands. ``sent``: names of fields."""

    def told(self, initiative: Initiative) -> Written:
        """Raises Invalid naming the field."""
        raise NotImplementedError
