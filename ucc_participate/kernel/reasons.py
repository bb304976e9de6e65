"""Reasons that everybody reads: what is done against somebody's expectation is explained, or it is not done."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from .errors import Invalid
from .i18n import lazy_number
from .text import clean_text


def required_reason(typed: str | None, length: tuple[int, int], *, field: str = "reason") -> str:
    """The reason, cleaned. ``length``: fewest and most characters. Raises Invalid, naming ``field``."""
    least, most = length
    cleaned = clean_text(typed, max_length=most)
    if len(cleaned) < least:
        raise Invalid(_l("Give a reason of at least %(least)s characters.", least=lazy_number(least)), field=field)
    return cleaned
