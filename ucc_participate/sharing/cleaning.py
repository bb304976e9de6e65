"""What people typed, cleaned before it is kept: reasons, and texts in several languages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ..kernel.errors import Invalid
from ..kernel.i18n import lazy_number
from ..kernel.text import clean_line, clean_text
from .models import REASON_LENGTH, Texts


def checked_reason(reason: str) -> str:
    least, most = REASON_LENGTH
    cleaned = clean_text(reason, max_length=most)
    if len(cleaned) < least:
        raise Invalid(_l("Give a reason of at least %(least)s characters.", least=lazy_number(least)), field="reason")
    return cleaned


def clean_texts(texts: Texts, *, most: int, is_line: bool = False) -> Texts:
    """Each language cleaned, the empty ones left out."""
    clean = clean_line if is_line else clean_text
    cleaned = {language: clean(text, max_length=most) for language, text in texts.items()}
    return {language: text for language, text in cleaned.items() if text}
