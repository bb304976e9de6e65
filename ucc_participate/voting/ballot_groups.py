"""The coarse groups of a voter as one small number on the ballot: all that a count of groups needs, and no more.

Ballots are kept apart from people; what is copied onto them at casting is sector, sex and age band, each as a digit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..accounts.models import Profile, Sex
from .rules.ballots import LABELS, Codes, Dimension

BASE = 4
ORDER = ("sector", "sex", "age")


def encode(*, sector: str | None, sex: str | None, age: str | None) -> int:
    """``sector + 4·sex + 16·age``, each the position of its label; unknown ones are the last label, not stated."""
    code = 0
    for power, (name, value) in enumerate(zip(ORDER, (sector, sex, age), strict=True)):
        labels = LABELS[name]
        place = labels.index(value) if value in labels else len(labels) - 1
        code += place * BASE**power
    return code


def of_profile(profile: Profile | None, year: int) -> int:
    """What the voter has stated, as it stands when the ballot is cast."""
    if profile is None:
        return encode(sector=None, sex=None, age=None)
    young = profile.is_under_30(year)
    sex = profile.sex.value if profile.sex in (Sex.FEMALE, Sex.MALE) else None
    age = None if young is None else "under_30" if young else "30_plus"
    return encode(sector=profile.sector.value if profile.sector else None, sex=sex, age=age)


def dimensions(codes: Sequence[int] | Codes) -> tuple[Dimension, ...]:
    """The columns of codes, for the counting."""
    column = np.asarray(codes, dtype=np.uint8)
    return tuple(
        Dimension(name, LABELS[name], ((column // BASE**power) % BASE).astype(np.uint8))
        for power, name in enumerate(ORDER)
    )
