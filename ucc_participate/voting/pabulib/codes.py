"""Project ids in the letters that a ballot of ours may hold (docs/record-format.md §5)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

LONGEST = 60
_SAFE = re.compile(rf"[A-Za-z0-9_.:/-]{{1,{LONGEST}}}")
_STRANGE = re.compile(r"[^A-Za-z0-9_.:/-]+")


def codes_of(ids: Iterable[str]) -> dict[str, str]:
    """A code for each id: the id itself wherever it may be one, else what is left of it, none twice."""
    names = list(ids)
    codes = {name: name for name in names if _SAFE.fullmatch(name)}
    taken, times = set(codes), Counter[str]()
    for name in names:
        while name not in codes:
            plain = _plain(name)
            times[plain] += 1
            code = plain if times[plain] == 1 else f"{plain}-{times[plain]}"
            if code not in taken:
                codes[name] = code
                taken.add(code)
    return codes


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _STRANGE.sub("_", letters).strip("_")[: LONGEST - 6] or "project"
