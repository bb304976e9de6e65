"""Passwords: argon2id with the parameters of OWASP (19 MiB, 2 passes, 1 lane), at most two computed at a time."""

from __future__ import annotations

import threading
import unicodedata
from typing import Any, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ..kernel.text import fold

SHORTEST: Final = 10
LONGEST: Final = 200
FEWEST_DIFFERENT: Final = 4

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_SLOTS = threading.BoundedSemaphore(2)
# The hash of a random text that nobody kept: checking against it takes as long as checking a real one.
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$teXtMvCFTgiE5csC/vC9Zg$vnyTF6vlFGw8ZwRVIwI05N9Z3UyEIaG6s2qXbm8ASmk"


def hash_password(password: str) -> str:
    with _SLOTS:
        return _HASHER.hash(_normal(password))


def is_right(password: str, stored: str | None) -> bool:
    """Whether the password fits the stored hash; takes the same time when there is none."""
    with _SLOTS:
        try:
            _HASHER.verify(stored or _NOBODYS, _normal(password[: 2 * LONGEST]))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def needs_rehash(stored: str | None) -> bool:
    """Whether the hash was made with older parameters than today's."""
    return stored is not None and _HASHER.check_needs_rehash(stored)


def weakness(password: str, *, email: str, name: str) -> Any:
    """Why this password would be guessed first, as lazy text; None when nothing speaks against it."""
    if len(password) < SHORTEST:
        return lazy_ngettext("Write at least %(num)s character.", "Write at least %(num)s characters.", SHORTEST)
    if len(password) > LONGEST:
        return lazy_ngettext("Write at most %(num)s character.", "Write at most %(num)s characters.", LONGEST)
    if len(set(password)) < FEWEST_DIFFERENT:
        return _l("Use more different characters. A few words in a row are easy to keep in mind.")
    if any(part in fold(password) for part in _telling_parts(email, name)):
        return _l("Leave your name and your e-mail address out of the password.")
    return None


def _telling_parts(email: str, name: str) -> list[str]:
    """What somebody who knows the person would try first; short words are left out, they occur by chance."""
    parts = [email.partition("@")[0], *name.split(), name]
    return [folded for part in parts if len(folded := fold(part)) >= 4]


def _normal(password: str) -> str:
    """One form for what keyboards write in several ways (NFKC), as NIST SP 800-63B asks."""
    return unicodedata.normalize("NFKC", password)
