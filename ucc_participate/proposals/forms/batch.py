"""Answering several proposals on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from ...kernel.forms import Form, SelectField, TextAreaField
from ..batches import Row, rows_of
from ..models import GIVEN, REASON_LENGTH, Outcome
from ..wording import OUTCOMES


class BatchForm(Form):
    """``numbers``: those of the page; one without an outcome is not answered now."""

    numbers: Sequence[int] = ()

    common = TextAreaField(
        _l("Said to all of them"),
        max_length=REASON_LENGTH[1],
        description=_l("Stands before the words for each. It is no answer by itself: every author gets their own."),
    )

    def rows(self) -> list[Row]:
        """Raises Invalid at the first row that cannot be."""
        typed = {
            number: (Outcome(self[f"outcome_{number}"].data), self[f"reason_{number}"].data or "")
            for number in self.numbers
            if self[f"outcome_{number}"].data
        }
        return rows_of(self.common.data or "", typed)


def batch_form(numbers: Sequence[int], **given: Any) -> BatchForm:
    """A form with a row for each of these numbers."""
    fields: dict[str, Any] = {"numbers": tuple(numbers)}
    choices = {outcome.value: OUTCOMES[outcome] for outcome in GIVEN}
    for number in numbers:
        fields[f"outcome_{number}"] = SelectField(_l("Answer"), choices=choices, blank=_l("Not now"))
        fields[f"reason_{number}"] = TextAreaField(_l("Reason, to this author"), max_length=REASON_LENGTH[1])
    made: BatchForm = type("BatchOf", (BatchForm,), fields)(**given)
    return made
