"""The coarse groups of a voter as one small number on the ballot: all that a count of groups needs, and no more.

Ballots are kept apart from people; what is copied onto them at casting is sector, sex and age band, each as a digit,
and above them the district: its place among the few that enough voters of the roll have named (``Vote.districts``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from ..accounts.models import Profile, Sex
from .rules.ballots import LABELS, NOT_STATED, Dimension, Weights

BASE = 4
ORDER = ("sector", "sex", "age")
DISTRICT = BASE * BASE * BASE
"""One district further is so much more; 0 of them: none stated, or one that too few have named."""
MOST_DISTRICTS = 7
"""With more groups than eight, what can be concluded from hidden cells takes too long to rule out."""
CHANNELS = ("internet", "paper", "kiosk")


def encode(*, sector: str | None, sex: str | None, age: str | None, district: int = 0) -> int:
    """``sector + 4·sex + 16·age + 64·district``, the first three each the position of its label; unknown ones are the
    last label, not stated. ``district``: from 1, the place in ``Vote.districts``; 0: none."""
    code = DISTRICT * district
    for power, (name, value) in enumerate(zip(ORDER, (sector, sex, age), strict=True)):
        labels = LABELS[name]
        place = labels.index(value) if value in labels else len(labels) - 1
        code += place * BASE**power
    return code


def of_profile(profile: Profile | None, year: int, districts: Sequence[str] = ()) -> int:
    """What the voter has stated, as it stands when the ballot is cast. ``districts``: those of the vote."""
    if profile is None:
        return encode(sector=None, sex=None, age=None)
    young = profile.is_under_30(year)
    sex = profile.sex.value if profile.sex in (Sex.FEMALE, Sex.MALE) else None
    age = None if young is None else "under_30" if young else "30_plus"
    name = folded(profile.district)
    district = districts.index(name) + 1 if name in districts else 0
    return encode(sector=profile.sector.value if profile.sector else None, sex=sex, age=age, district=district)


def folded(district: str | None) -> str:
    """A district as people type it, spaces evened out."""
    return " ".join((district or "").split())


def common(districts: Iterable[str | None], *, least: int) -> list[str]:
    """The districts that at least ``least`` people name, the most frequent ones, in the order of their names."""
    named = Counter(folded(each) for each in districts if folded(each))
    frequent = [name for name, people in sorted(named.items(), key=lambda each: (-each[1], each[0])) if people >= least]
    return sorted(frequent[:MOST_DISTRICTS])


def dimensions(codes: Sequence[int] | Weights) -> tuple[Dimension, ...]:
    """The columns of codes that the published result counts."""
    column = np.asarray(codes, dtype=np.int64)
    return tuple(
        Dimension(name, LABELS[name], ((column // BASE**power) % BASE).astype(np.uint8))
        for power, name in enumerate(ORDER)
    )


def further_dimensions(
    codes: Sequence[int], channels: Sequence[str], districts: Sequence[str]
) -> tuple[Dimension, ...]:
    """The columns of the analysis alone: district (where the vote has some) and the way by which the ballot came."""
    places = np.asarray(codes, dtype=np.int64) // DISTRICT
    known = {channel: at for at, channel in enumerate(CHANNELS)}
    ways = np.fromiter((known.get(channel, 0) for channel in channels), dtype=np.uint8, count=len(channels))
    channel = Dimension("channel", CHANNELS, ways)
    if not districts:
        return (channel,)
    labels = (*districts, NOT_STATED)
    at = np.where((places > 0) & (places <= len(districts)), places - 1, len(districts))
    return (Dimension("district", labels, at.astype(np.uint8)), channel)
