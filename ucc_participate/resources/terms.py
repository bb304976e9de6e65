"""What a resource must know of the plan above it: in which years and currency it counts, and for which initiatives.

The plan lies above this room, so it puts a callable ``(session, process) -> PlanTerms | None`` into
``app.extensions["ucc.plan_terms"]``; None: no plan has been begun.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from ..kernel.errors import Invalid
from ..kernel.i18n import lazy_digits
from ..kernel.text import clean_text
from .models import Texts


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """``years``: the budget years of the plan. ``twins``: by year of the other calendar, the year that is meant.

    ``initiatives``: titles by public id, in the order of the plan.
    """

    currency: str
    years: tuple[int, ...]
    twins: Mapping[int, int] = field(default_factory=dict)
    initiatives: Mapping[str, Texts] = field(default_factory=dict)

    def check_year(self, year: int) -> int:
        """Raises Invalid for a year outside the plan, naming the right one where the calendars were mixed up."""
        if year in self.years:
            return year
        if year in self.twins:
            meant = {"year": lazy_digits(year), "meant": lazy_digits(self.twins[year])}
            words = _l("The plan counts in the other calendar: for %(year)s write %(meant)s.", **meant)
            raise Invalid(words, field="year")
        span = {"first": lazy_digits(self.years[0]), "last": lazy_digits(self.years[-1])}
        raise Invalid(_l("The plan runs from %(first)s to %(last)s. Write one of its years.", **span), field="year")


def cleaned_texts(texts: Texts, *, most: int, field: str, wanted: bool = True) -> Texts:
    """Texts by language without the blank ones. Raises Invalid when one is ``wanted`` and none is there."""
    cleaned = {locale: clean_text(text, max_length=most) for locale, text in texts.items()}
    found = {locale: text for locale, text in cleaned.items() if text}
    if wanted and not found:
        raise Invalid(_l("Write this in at least one language."), field=field)
    return found
