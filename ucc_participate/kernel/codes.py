"""Personal codes that people type from paper, and keyed digests under which secrets are kept.

A code is ten letters and digits without look-alikes (48 random bits), written in groups, the last one a check letter,
so that most slips of the hand are told apart from wrong codes before anybody is throttled for them.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Any

from flask_babel import lazy_gettext as _l

from .i18n import latin_digits

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXY"
RANDOM_PLACES = 10
_GROUPS = (4, 4, 3)
_SLIPS = str.maketrans({"0": "Q", "O": "Q", "1": "J", "I": "J", "L": "J", "U": "V", "Z": "2"})
_NUMBER = re.compile(r"[^0-9A-Za-z]")
ONE_WRONG = _l("One letter or digit of this code is wrong: compare each with what is printed.")
MISCOUNTED = _l("A code has eleven letters and digits, in groups; here there are more or fewer. Look at it once more.")


def new_code() -> str:
    """A new code as it is printed: ``K7QM-3XPA-R2W``."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_PLACES))
    return written(body + _check_letter(body))


def written(code: str) -> str:
    parts, start = [], 0
    for length in _GROUPS:
        parts.append(code[start : start + length])
        start += length
    return "-".join(parts)


def read_code(typed: str) -> str | None:
    """The code without spaces and dashes; None when a letter is wrong: nobody was given such a code."""
    code = _NUMBER.sub("", latin_digits(typed)).upper().translate(_SLIPS)
    is_whole = len(code) == RANDOM_PLACES + 1 and set(code) <= set(ALPHABET)
    return code if is_whole and code[-1] == _check_letter(code[:-1]) else None


def slip_of(typed: str) -> Any:
    """What is wrong with a code that ``read_code`` does not take, in lazy words."""
    length = len(_NUMBER.sub("", latin_digits(typed)))
    return ONE_WRONG if length == RANDOM_PLACES + 1 else MISCOUNTED


def _check_letter(body: str) -> str:
    """Weighted sum modulo 29, a prime: any one wrong letter and any two exchanged neighbours change it."""
    total = sum(place * ALPHABET.index(letter) for place, letter in enumerate(body, start=1))
    return ALPHABET[total % len(ALPHABET)]


def read_number(typed: str) -> str:
    """A national or membership number: Latin letters and digits alone, capital."""
    return _NUMBER.sub("", latin_digits(typed)).upper()


class Digests:
    """Keyed digests under the server's secret, one purpose apart from the other."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode("utf-8")

    def __call__(self, purpose: str, *parts: Any) -> str:
        """HMAC-SHA-256 in hex. ``purpose``: ``code``, ``number``, ``phone`` …"""
        text = "\0".join(["ucc-code", purpose, *(str(part) for part in parts)])
        return hmac.new(self._secret, text.encode("utf-8"), hashlib.sha256).hexdigest()
