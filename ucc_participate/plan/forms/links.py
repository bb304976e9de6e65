"""Parts that tie an initiative to something else: assets and needs, partners, the proposals behind it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ...inventory.models import InventoryItem, ItemKind
from ...kernel.errors import Invalid
from ...kernel.forms import (
    BooleanField,
    CheckboxesField,
    LocalizedTextField,
    SelectField,
    StringField,
    TextAreaField,
)
from ...kernel.i18n import latin_digits
from ...proposals.models import Proposal
from ..models import (
    Beginnings,
    Foundations,
    Initiative,
    Together,
    Written,
)
from ..models.written import REASON_LENGTH, TEXT_LENGTH
from .base import Offered, PartForm

EMPTY_ROWS = 3
MOST_NUMBERS = 200


class FoundationsForm(PartForm):
    """Kept first in the list: what is linked already, retired or not."""

    @classmethod
    def fields_for(cls, initiative: Initiative, offered: Offered, _rows: int) -> dict[str, Any]:
        linked = [use.item for use in initiative.uses]
        known = {item.public_id: item for item in [*linked, *offered.items]}
        needs = [_item(item) for item in known.values() if item.kind is ItemKind.NEED]
        assets = [_item(item) for item in known.values() if item.kind is not ItemKind.NEED]
        return {
            "assets": CheckboxesField(
                _l("Assets that it builds on"),
                choices=assets,
                description=_l("At least one: the city’s heritage and its creative life carry the plan."),
            ),
            "needs": CheckboxesField(_l("Needs that it answers"), choices=needs),
        }

    @staticmethod
    def typed(initiative: Initiative) -> dict[str, Any]:
        linked = [(use.item.kind is ItemKind.NEED, use.item.public_id) for use in initiative.uses]
        return {
            "assets": [one for is_need, one in linked if not is_need],
            "needs": [one for is_need, one in linked if is_need],
        }

    def told(self, _initiative: Initiative) -> Written:
        return Foundations((*self["assets"].data, *self["needs"].data))


def _item(item: InventoryItem) -> tuple[str, str, str]:
    return item.public_id, item.title, item.place or ""


class TogetherForm(PartForm):
    @classmethod
    def fields_for(cls, initiative: Initiative, offered: Offered, rows: int) -> dict[str, Any]:
        linked = [partner.organisation for partner in initiative.partners if partner.organisation is not None]
        known = {each.public_id: each.name for each in [*offered.organisations, *linked]}
        places = max(len(linked) + EMPTY_ROWS, min(rows, 60))
        linked_cities = [partner.city for partner in initiative.partners if partner.city is not None]
        cities = {each.public_id: each for each in [*linked_cities, *offered.cities]}
        made: dict[str, Any] = {
            f"organisation{number}": SelectField(
                _("Organisation %(number)s", number=number + 1), choices=known, blank=_l("None")
            )
            for number in range(places)
        }
        return made | {
            "names": TextAreaField(
                _l("Others, one in each line"),
                max_length=TEXT_LENGTH,
                description=_l("Whoever does not stand in the register."),
                render_kw={"rows": 3},
            ),
            "cities": CheckboxesField(
                _l("Partner cities"), choices=[(each.public_id, each.name, each.country) for each in cities.values()]
            ),
            "partner_search": LocalizedTextField(
                _l("How will a member city be found?"),
                multiline=True,
                max_length=TEXT_LENGTH,
                description=_l("Needed for an initiative with other cities that names none yet."),
            ),
        }

    @staticmethod
    def typed(initiative: Initiative) -> dict[str, Any]:
        organisations = [each.organisation.public_id for each in initiative.partners if each.organisation is not None]
        rows = {f"organisation{number}": one for number, one in enumerate(organisations)}
        in_words = [each.name for each in initiative.partners if each.organisation is None and each.city is None]
        return {
            **rows,
            "names": "\n".join(filter(None, in_words)),
            "cities": [each.city.public_id for each in initiative.partners if each.city is not None],
            "partner_search": initiative.partner_search,
        }

    @property
    def rows(self) -> list[Any]:
        return [each for name, each in self._fields.items() if name.startswith("organisation")]

    def told(self, _initiative: Initiative) -> Written:
        organisations = tuple(dict.fromkeys(each.data for each in self.rows if each.data))
        names = tuple((self["names"].data or "").splitlines())
        return Together(organisations, tuple(self["cities"].data), names, self["partner_search"].data)


class BeginningsForm(PartForm):
    numbers = StringField(
        _l("Add adopted proposals by number"),
        max_length=400,
        description=_l("Several with commas between: 12, 45"),
        render_kw={"inputmode": "numeric", "dir": "ltr"},
    )
    added_because = TextAreaField(
        _l("Why does the city add it?"),
        max_length=REASON_LENGTH[1],
        description=_l("Only when no proposal stands behind it. Everybody reads this reason."),
    )

    behind: Sequence[Proposal] = ()

    @classmethod
    def fields_for(cls, initiative: Initiative, offered: Offered, _rows: int) -> dict[str, Any]:
        behind = [source.proposal for source in initiative.sources]
        behind += [each for each in offered.proposals if each.public_id not in {one.public_id for one in behind}]
        made: dict[str, Any] = {"behind": behind}
        for public_id in (proposal.public_id for proposal in behind):
            made[f"keep_{public_id}"] = BooleanField(_l("This proposal stands behind it"))
            made[f"how_{public_id}"] = TextAreaField(
                _l("What of it was taken"), max_length=REASON_LENGTH[1], render_kw={"rows": 2}
            )
        return made

    @staticmethod
    def typed(initiative: Initiative) -> dict[str, Any]:
        found: dict[str, Any] = {"added_because": initiative.added_because}
        for source in initiative.sources:
            found |= {f"keep_{source.proposal.public_id}": True, f"how_{source.proposal.public_id}": source.how}
        return found

    def groups(self, _initiative: Initiative) -> list[tuple[Proposal, Any, Any]]:
        return [(each, self[f"keep_{each.public_id}"], self[f"how_{each.public_id}"]) for each in self.behind]

    def take_in(self, initiative: Initiative, sent: Container[str]) -> None:
        for source in initiative.sources:
            public_id = source.proposal.public_id
            if f"how_{public_id}" not in sent:
                self[f"keep_{public_id}"].data, self[f"how_{public_id}"].data = True, source.how

    def typed_numbers(self) -> list[int]:
        """Raises Invalid when something else than numbers stands there."""
        words = latin_digits(self.numbers.data or "").replace("،", ",").replace("#", "").replace(",", " ").split()
        if not all(word.isdecimal() and len(word) < 8 for word in words) or len(words) > MOST_NUMBERS:
            raise Invalid(_l("Write numbers of proposals with commas between, such as 12, 45."), field="numbers")
        return list(dict.fromkeys(int(word) for word in words))

    def told(self, initiative: Initiative) -> Written:
        kept = {proposal.public_id: how.data or "" for proposal, keep, how in self.groups(initiative) if keep.data}
        return Beginnings(kept, self.added_because.data or "", tuple(self.typed_numbers()))
