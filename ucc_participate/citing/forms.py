"""What people type about citations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ..kernel.forms import Form, StringField
from .models import NOTE_LENGTH


class CiteForm(Form):
    """The things themselves are ticked in the list of what was found."""

    because = StringField(
        _l("What was taken from it?"),
        max_length=NOTE_LENGTH,
        description=_l("A few words that everybody will read beside the paragraph. You can leave it empty."),
    )
