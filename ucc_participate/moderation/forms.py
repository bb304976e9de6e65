"""What is typed in moderation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ..kernel.errors import Invalid
from ..kernel.forms import HumanCheck, RadioField, Required, TextAreaField
from .models import Reason
from .screening import Blocked, TooMany
from .wording import REASON_HINTS, REASONS

REASON_CHOICES = [(reason.value, REASONS[reason], REASON_HINTS[reason]) for reason in Reason]


class FlagForm(HumanCheck):
    reason = RadioField(_l("What is wrong with it?"), [Required()], choices=REASON_CHOICES)
    words = TextAreaField(
        _l("In your own words"),
        max_length=600,
        description=_l("Only moderators read this. Needed when you choose another reason."),
    )


class ScreenedForm(HumanCheck):
    """Base of every form with which people contribute: trap, shortest time, and refusals in plain words.

    A view calls ``form.refuse_screening(refusal)`` for what screening raises, and shows the form again with what was
    typed: nothing that somebody has written is lost to a limit.
    """

    def refuse_screening(self, refusal: Blocked | TooMany) -> None:
        self.refuse(Invalid(refusal.reason))
