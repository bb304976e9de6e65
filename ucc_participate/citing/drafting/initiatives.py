"""Sentences of one initiative of the plan, for the sections on local and international initiatives.

A text that the city has not written in the language of the section is left out, not replaced by another language's;
only the title is, so that the reader knows what is spoken of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...kernel.i18n import in_language, number, reader
from ...kernel.i18n.filters import listed
from ...kernel.i18n.numerals import money_in_words
from ...plan.models import Indicator, IndicatorKind, Initiative
from ...vocabularies.uccn import AREAS, OBJECTIVES
from ..saying import _, ngettext
from .choosing import Piece

Texts = Mapping[str, Any]


def pieces_of_initiatives(initiatives: Sequence[Initiative], *, currency: str) -> list[Piece]:
    """A paragraph each. All titles come first when words are few, then where they come from, then the rest in turn."""
    return [piece for at, each in enumerate(initiatives) for piece in _pieces(each, at, currency)]


def _pieces(initiative: Initiative, at: int, currency: str) -> list[Piece]:
    sentences = {
        "what": _what(initiative),
        "from": _origin(initiative),
        "access": _ended(_own(initiative.access)),
        "aims": _aims(initiative),
        "when": _when(initiative),
        "partners": _partners(initiative),
        "output": _expected(initiative, IndicatorKind.OUTPUT),
        "impact": _expected(initiative, IndicatorKind.IMPACT),
        "cost": _cost(initiative, currency),
        "more": _ended(_own(initiative.description)),
    }
    order = ("what", "from", "output", "impact", "when", "partners", "aims", "access", "cost", "more")
    return [
        Piece(f"initiative.{initiative.public_id}.{name}", at, order.index(name) + 1, text)
        for name, text in sentences.items()
    ]


def _own(texts: Texts) -> str:
    """In the language that is being written, else nothing."""
    return " ".join(str(texts.get(reader().locale) or "").split())


def _ended(text: str) -> str:
    return text if not text or text[-1] in ".!?؟…" else f"{text}."


def _what(initiative: Initiative) -> str:
    title = in_language(initiative.title, reader().locale).text.rstrip(".")
    summary = _own(initiative.summary)
    return _ended(_("%(title)s: %(summary)s", title=title, summary=summary)) if summary else f"{title}."


def _origin(initiative: Initiative) -> str:
    if not initiative.sources:
        return ""
    return ngettext(
        "It was made from %(num)s proposal of the participation process.",
        "It was made from %(num)s proposals of the participation process.",
        len(initiative.sources),
    )


def _aims(initiative: Initiative) -> str:
    aims = listed(OBJECTIVES[code] for code in initiative.objectives if code in OBJECTIVES)
    areas = listed(AREAS[code] for code in initiative.areas if code in AREAS)
    if not aims:
        return ""
    if not areas:
        return _("It serves: %(objectives)s.", objectives=aims)
    return _("It serves: %(objectives)s. Areas of action: %(areas)s.", objectives=aims, areas=areas)


def _when(initiative: Initiative) -> str:
    if initiative.starts_on is None or initiative.ends_on is None:
        return ""
    return _("It runs from %(start)s to %(end)s.", start=initiative.starts_on, end=initiative.ends_on)


def _partners(initiative: Initiative) -> str:
    names = listed(partner.shown_name for partner in initiative.partners)
    if names:
        return _("It is carried with: %(partners)s.", partners=names)
    return _ended(_own(initiative.partner_search))


def _expected(initiative: Initiative, kind: IndicatorKind) -> str:
    told = listed(_indicator(each) for each in initiative.indicators if each.kind is kind)
    if not told:
        return ""
    if kind is IndicatorKind.OUTPUT:
        return _("Output to be measured: %(indicators)s.", indicators=told)
    return _("Impact to be measured: %(indicators)s.", indicators=told)


def _indicator(indicator: Indicator) -> str:
    locale = reader().locale
    title = in_language(indicator.title, locale).text.rstrip(".")
    if indicator.target is None:
        return title
    target = f"{number(indicator.target, locale=locale)} {_own(indicator.unit)}".strip()
    if indicator.baseline is None:
        return _("%(title)s (target %(target)s)", title=title, target=target)
    baseline = number(indicator.baseline, locale=locale)
    return _("%(title)s (from %(baseline)s to %(target)s)", title=title, baseline=baseline, target=target)


def _cost(initiative: Initiative, currency: str) -> str:
    if not initiative.total_cost:
        return ""
    amount = money_in_words(initiative.total_cost, currency, locale=reader().locale)
    return _("It costs %(amount)s.", amount=amount)
