"""Forms of what happens to the plan as a whole: the comment round, taking it up again."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ...kernel.forms import Form, Length, MomentField, Required, TextAreaField
from ..models.written import REASON_LENGTH


class RoundForm(Form):
    """Until when people comment."""

    until = MomentField(_l("Until when can people comment?"), [Required()])
    note = TextAreaField(
        _l("What should people look at above all?"),
        max_length=REASON_LENGTH[1],
        description=_l("It stands with the version of the plan that they read."),
    )


class ExtendForm(Form):
    until = MomentField(_l("Until when can people comment?"), [Required()])


class UnfreezeForm(Form):
    reason = TextAreaField(
        _l("Why is it taken up again?"),
        [Required(), Length(min=REASON_LENGTH[0])],
        max_length=REASON_LENGTH[1],
        description=_l("Everybody can read this. The frozen version stays as it is."),
    )
