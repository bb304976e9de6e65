"""What people typed, cleaned before it is kept: reasons, and texts in several languages."""

from __future__ import annotations

from ..kernel.reasons import required_reason
from ..kernel.text import clean_line, clean_text
from .models import REASON_LENGTH, Texts


def checked_reason(reason: str) -> str:
    return required_reason(reason, REASON_LENGTH)


def clean_texts(texts: Texts, *, most: int, is_line: bool = False) -> Texts:
    """Each language cleaned, the empty ones left out."""
    clean = clean_line if is_line else clean_text
    cleaned = {language: clean(text, max_length=most) for language, text in texts.items()}
    return {language: text for language, text in cleaned.items() if text}
