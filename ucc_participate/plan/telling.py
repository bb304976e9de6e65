"""What a version holds, field by field, as readers say it: words for codes, days of their calendar, sums of money."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ..kernel.i18n import lazy_day, lazy_digits, lazy_money, lazy_number
from ..resources import wording as resources
from ..resources.models import ResourceKind
from ..vocabularies import uccn
from . import wording
from .models import Texts


@dataclass(frozen=True, slots=True)
class Speaker:
    """``locale``: whose texts come first. ``names``: of proposals, needs and assets, by ref.

    ``titles``: of initiatives by ref, and of indicators by public id.
    """

    locale: str
    currency: str
    names: Mapping[str, str]
    titles: Mapping[str, Texts]

    def say(self, name: str, value: Any) -> str:
        """Lines of text; nothing for what is not said."""
        if value in (None, "", {}, []):
            return ""
        return _SAY.get(name, _plain)(value, self)

    def texts(self, texts: Texts, between: str = " / ") -> str:
        """In every language that there is."""
        return between.join(sorted(texts.values(), key=lambda text: texts.get(self.locale) != text))

    def money(self, amount: int) -> str:
        return str(lazy_money(amount, self.currency))

    def source(self, resource: Mapping[str, Any]) -> str:
        return f"{resources.KINDS[resource['kind']]}: {self.texts(resource['source'])}"

    def line(self, resource: Mapping[str, Any] | None) -> str:
        """A year's people or money: how much, how certain, on what it rests, for what."""
        if resource is None:
            return ""
        is_money = resource["kind"] == ResourceKind.MONEY
        amount = self.money(resource["amount"]) if is_money else lazy_number(Decimal(resource["amount"]) / 100)
        title = self.titles.get(resource["initiative"] or "")
        facts = [resources.CERTAINTIES[resource["certainty"]], resource["basis"], self.texts(title) if title else ""]
        return f"{lazy_digits(resource['year'])}: {_joined([amount, *facts])}"


def _plain(value: Any, by: Speaker) -> str:
    return by.texts(value, "\n") if isinstance(value, dict) else str(value)


def _label(labels: Mapping[str, Any]) -> Callable[[Any, Speaker], str]:
    return lambda value, _by: str(labels.get(value, value))


def _labels(labels: Mapping[str, Any]) -> Callable[[Any, Speaker], str]:
    return lambda values, _by: _lines(labels.get(each, each) for each in values)


def _day(value: str, _by: Speaker) -> str:
    return str(lazy_day(date.fromisoformat(value)))


def _effects(effects: Mapping[str, Any], by: Speaker) -> str:
    return _lines(f"{uccn.DIMENSIONS[level]}: {_effect(told, by)}" for level, told in effects.items())


def _effect(told: Mapping[str, Any], by: Speaker) -> str:
    shown_by = by.titles.get(told.get("indicator") or "", {})
    texts = [by.texts(each) for each in (told.get("text") or {}, told.get("trade_off") or {}, shown_by)]
    return _joined([wording.EXPECTED[told["expected"]], *texts])


def _particulars(particulars: Mapping[str, Any], _by: Speaker) -> str:
    return _lines(
        f"{uccn.AREAS[area]} – {wording.PARTICULARS[name]}: {_particular(name, value)}"
        for area, told in particulars.items()
        for name, value in told.items()
    )


def _particular(name: str, value: str) -> Any:
    return wording.PARTICULAR_CHOICES.get(name, {}).get(value, value)


def _steps(steps: Iterable[Mapping[str, Any]], by: Speaker) -> str:
    return _lines(f"{_day(step['due_on'], by)}: {by.texts(step['title'])}" for step in steps)


def _sources(sources: Iterable[Mapping[str, Any]], by: Speaker) -> str:
    return _lines(_joined([by.names.get(each["proposal"], each["proposal"]), each["how"]]) for each in sources)


def _uses(refs: Iterable[str], by: Speaker) -> str:
    return _lines(by.names.get(ref, ref) for ref in refs)


def _partners(partners: Iterable[Mapping[str, Any]], _by: Speaker) -> str:
    return _lines(each["name"] for each in partners)


def _costs(costs: Mapping[str, int], by: Speaker) -> str:
    return _lines(f"{lazy_digits(year)}: {by.money(amount)}" for year, amount in costs.items())


def _limits(limits: Mapping[str, int], _by: Speaker) -> str:
    return _lines(f"{wording.LEVELS[level]}: {lazy_number(most)}" for level, most in limits.items())


def _indicators(indicators: Iterable[Mapping[str, Any]], by: Speaker) -> str:
    return _lines(_indicator(each, by) for each in indicators)


def _indicator(each: Mapping[str, Any], by: Speaker) -> str:
    figures = [lazy_number(Decimal(each[name])) if each[name] else "–" for name in ("baseline", "target")]
    return _joined([
        f"{wording.INDICATOR_KINDS[each['kind']]}: {by.texts(each['title'])}",
        f"{figures[0]} → {figures[1]} {by.texts(each['unit'])}",
        wording.FREQUENCIES[each["frequency"]],
        by.texts(each["data_source"]),
        each["responsible"],
    ])  # fmt: skip


def _lines(lines: Iterable[Any]) -> str:
    return "\n".join(str(line) for line in lines)


def _joined(parts: Iterable[Any]) -> str:
    return " · ".join(text for part in parts if (text := str(part).strip()))


_SAY: dict[str, Callable[[Any, Speaker], str]] = {
    "number": lambda value, _by: str(lazy_number(value)),
    "kind": _label(wording.KINDS),
    "level": _label(wording.LEVELS),
    "origin": _label(wording.ORIGINS),
    "calendar": _label(wording.CALENDARS),
    "currency": _label(wording.CURRENCIES),
    "vocabulary": _label(wording.VOCABULARIES),
    "objectives": _labels(uccn.OBJECTIVES),
    "areas": _labels(uccn.AREAS),
    "creative_fields": _labels(uccn.CREATIVE_FIELDS),
    "beneficiaries": _labels(uccn.BENEFICIARIES),
    "sdgs": _labels(wording.SDGS),
    "starts_on": _day,
    "ends_on": _day,
    "begins_on": _day,
    "effects": _effects,
    "particulars": _particulars,
    "steps": _steps,
    "sources": _sources,
    "uses": _uses,
    "partners": _partners,
    "costs": _costs,
    "limits": _limits,
    "indicators": _indicators,
}
