"""Numbers as each language writes them. Babel writes Latin digits for Persian, so the digit table comes last."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel.numbers import (
    format_compact_decimal,
    format_currency,
    format_decimal,
    get_currency_name,
    get_currency_symbol,
)

Number = int | float | Decimal

PERSIAN_DIGITS: Final = "۰۱۲۳۴۵۶۷۸۹"
ARABIC_INDIC_DIGITS: Final = "٠١٢٣٤٥٦٧٨٩"

_TO_PERSIAN = str.maketrans("0123456789", PERSIAN_DIGITS)
_TO_LATIN = str.maketrans(PERSIAN_DIGITS + ARABIC_INDIC_DIGITS, "0123456789" * 2)
_PERCENT = {"fa": "٪", "en": "%", "fr": "\u202f%"}
# CLDR's Persian minus: a mark keeps the sign at the left of its number inside right-to-left text.
_PERSIAN_MINUS = "\u200e\u2212"
_PERSIAN_CURRENCIES = {"IRR": "ریال", "IRT": "تومان", "EUR": "یورو", "USD": "دلار"}
_NO_BREAK = "\u00a0"
_NAMED_POWERS = (10**12, 10**9, 10**6)


def digits(text: object, *, locale: str) -> str:
    """The text with its digits in the script of ``locale``: ``SHA-256``-like codes should not pass through here."""
    return str(text).translate(_TO_PERSIAN) if locale == "fa" else str(text)


def code_digits(text: str, *, locale: str) -> str:
    """A short name such as that of a section: 9.1 in the digits of ``locale``, A4 as it is."""
    return text if text[:1].isascii() and text[:1].isalpha() else digits(text, locale=locale)


def latin_digits(text: str) -> str:
    """Persian and Arabic-Indic digits as 0-9; everything else stays."""
    return text.translate(_TO_LATIN)


@lru_cache(maxsize=4096)
def number(value: Number, *, locale: str, decimals: int | None = None) -> str:
    """Grouped, with the separators and digits of ``locale``; at most three decimals, or exactly ``decimals``."""
    positive = -value if value < 0 else value
    written = format_decimal(positive, format=_pattern(decimals), locale=locale, numbering_system="default")
    return _minus(locale, value, written) + digits(written, locale=locale)


@lru_cache(maxsize=1024)
def percent(ratio: Number, *, locale: str, decimals: int = 0) -> str:
    """A ratio (0.25) as a percentage (25 %)."""
    return number(Decimal(str(ratio)) * 100, locale=locale, decimals=decimals) + _PERCENT[locale]


@lru_cache(maxsize=1024)
def money(amount: Number, currency: str, *, locale: str) -> str:
    """An amount with its currency (ISO 4217, or IRT for toman); decimals only when there are any."""
    decimals = 0 if amount == int(amount) else 2
    if locale == "fa":
        return f"{number(amount, locale=locale, decimals=decimals)}{_NO_BREAK}{_persian_currency(currency)}"
    figure = _pattern(decimals)
    pattern = f"{figure}{_NO_BREAK}¤" if locale == "fr" else f"¤{_gap(currency)}{figure}"
    return format_currency(amount, currency, format=pattern, locale=locale, currency_digits=False)


def money_in_words(amount: Number, currency: str, *, locale: str) -> str:
    """As ``money``, with millions and milliards in words where two decimals say it exactly: ۱۲٫۷۵ میلیارد ریال."""
    unit = next((power for power in _NAMED_POWERS if amount >= power), None)
    if unit is None or amount % (unit // 100):
        return money(amount, currency, locale=locale)
    compact = format_compact_decimal(
        amount, format_type="long", locale=locale, fraction_digits=2, numbering_system="default"
    )
    if locale == "fr" and amount < 2 * unit:  # Babel writes 1 millions
        compact = compact.removesuffix("s")
    figure = digits(compact, locale=locale).replace(" ", _NO_BREAK)
    if locale == "fa":
        return f"{figure}{_NO_BREAK}{_persian_currency(currency)}"
    symbol = get_currency_symbol(currency, locale=locale)
    return f"{figure}{_NO_BREAK}{symbol}" if locale == "fr" else f"{symbol}{_gap(currency)}{figure}"


def _pattern(decimals: int | None) -> str:
    if decimals is None:
        return "#,##0.###"
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _minus(locale: str, value: Number, written: str) -> str:
    if value >= 0 or not any(sign in written for sign in "123456789"):
        return ""
    return _PERSIAN_MINUS if locale == "fa" else "\u2212"


def _persian_currency(currency: str) -> str:
    return _PERSIAN_CURRENCIES.get(currency) or get_currency_name(currency, locale="fa")


def _gap(currency: str) -> str:
    """English sets symbols against the figure (€12) and codes apart (IRR 12)."""
    return "" if currency in ("EUR", "USD", "GBP", "JPY") else _NO_BREAK
