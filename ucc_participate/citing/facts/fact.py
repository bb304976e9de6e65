"""What a fact is, and how numbers are put into words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...kernel.i18n import reader
from ...kernel.i18n.filters import listed
from ...kernel.i18n.numerals import percent
from ...vocabularies.uccn import Sector
from ..ground import Ground
from ..saying import _, ngettext

Value = Mapping[str, Any]
"""Whole numbers, texts and lists of them by name: what the log can hold. No fractions."""


def _none(_value: Value) -> Sequence[Value]:
    return ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A number of the application. ``value``: None while there is nothing to count.

    ``definition``: what is counted, exactly. ``write``: the whole sentence in the reader's language, "" where there is
    nothing to say. ``ranks``: draft → how early it is chosen when the words do not suffice for all, 1 first. The rank
    is fixed and does not look at the number, so that nothing is left out because it does not flatter.
    ``part``: paragraph of a draft that it belongs to, in their order.
    ``earlier``: values that it had before it came to this one, where its sentence was another then.
    ``is_dated``: the sentence says of itself that it was counted when it was written, and stays true.
    """

    code: str
    part: int
    label: Any
    definition: Any
    value: Callable[[Ground], Value | None]
    write: Callable[[Value], str]
    ranks: Mapping[str, int] = field(default_factory=dict)
    earlier: Callable[[Value], Sequence[Value]] = _none
    is_dated: bool = False


def by_sector(value: Value) -> str:
    """“3 of the public sector, 4 of the private sector and 5 of civil society”, without those that are none."""
    told = [
        _("%(count)s of the public sector", count=value[Sector.PUBLIC.value]) if value[Sector.PUBLIC.value] else "",
        _("%(count)s of the private sector", count=value[Sector.PRIVATE.value]) if value[Sector.PRIVATE.value] else "",
        _("%(count)s of civil society", count=value[Sector.CIVIL_SOCIETY.value])
        if value[Sector.CIVIL_SOCIETY.value]
        else "",
    ]
    return listed(each for each in told if each)


def share(part: int, whole: int) -> str:
    return percent(part / whole, locale=reader().locale)


def organisations(number: int) -> str:
    return ngettext("%(num)s organisation", "%(num)s organisations", number)
