"""Years and amounts as people type them: in either calendar and any digits, with an error that names the right ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.errors import Invalid
from ..kernel.i18n import digits, latin_digits, reader
from ..kernel.text import clean_line
from .models import Plan
from .models.written import LARGEST_AMOUNT
from .years import in_other, is_of

CURRENCIES: Mapping[str, tuple[str, ...]] = {
    "IRR": ("ریال", "irr", "rial", "rials"),
    "EUR": ("یورو", "eur", "€", "euro", "euros"),
    "USD": ("دلار", "usd", "$", "dollar", "dollars"),
}
"""What people write behind an amount, by the code of the currency."""
_TOMAN = ("تومان", "تومن", "toman", "tomans", "irt")
_LINE = re.compile(r"(\d{4})(?:\s*[:;=\t]\s*|\s+)(.+)")
_FIGURES = re.compile(r"[\d\s,.٬٫،'’]+")
_WHOLE = re.compile(r"\d+|\d{1,3}([\s,.٬،'’])\d{3}(?:\1\d{3})*")


def budget_year(plan: Plan, typed: int, *, field: str = "pasted") -> int:
    """A year in which this plan's budget counts. Raises Invalid that names the right one."""
    if typed in plan.years:
        return typed
    if not is_of(typed, plan.calendar) and is_of(typed, plan.calendar.other):
        meant = in_other(typed, plan.calendar.other)
        reason = (
            _l("%(year)s is a Gregorian year. This budget counts Persian years: write %(right)s.")
            if plan.calendar.value == "jalali"
            else _l("%(year)s is a Persian year. This budget counts Gregorian years: write %(right)s.")
        )
        raise Invalid(_filled(reason, year=typed, right=meant), field=field)
    first, last = plan.years[0], plan.years[-1]
    reason = _l("%(year)s lies outside the plan. Its budget runs from %(first)s to %(last)s.")
    raise Invalid(_filled(reason, year=typed, first=first, last=last), field=field)


def pasted_costs(plan: Plan, typed: str) -> dict[int, int]:
    """Lines of a table, a year and an amount in each. Raises Invalid that shows the line it cannot read."""
    found: dict[int, int] = {}
    for line in filter(None, (clean_line(each) for each in typed.splitlines())):
        parts = _LINE.fullmatch(latin_digits(line))
        if parts is None:
            raise Invalid(
                _l("Write a year and an amount in each line. This line has not both: %(line)s", line=line),
                field="pasted",
            )
        year = budget_year(plan, int(parts[1]))
        found[year] = found.get(year, 0) + _amount(plan, parts[2], line)
    return found


def checked_costs(plan: Plan, costs: Mapping[int, int]) -> dict[int, int]:
    """Amounts by year without the years that cost nothing. Raises Invalid."""
    for year, amount in costs.items():
        if amount and year not in plan.years:
            budget_year(plan, year, field=f"cost_{year}")
        if not 0 <= amount <= LARGEST_AMOUNT:
            raise Invalid(_l("An amount is a whole number from 0 on, without decimals."), field=f"cost_{year}")
    return {year: amount for year, amount in sorted(costs.items()) if amount}


def _amount(plan: Plan, typed: str, line: str) -> int:
    """Thousands may stand apart, all by the same sign; what is no such number is nothing that we guess at."""
    word = clean_line(_FIGURES.sub(" ", typed)).lower()
    if word and word not in CURRENCIES.get(plan.currency, (plan.currency.lower(),)):
        raise Invalid(_currency_wanted(plan, word), field="pasted")
    figures = re.sub(r"[^\d\s,.٬٫،'’]", "", typed).strip()
    if not _WHOLE.fullmatch(figures) or sum(map(str.isdigit, figures)) > 15:
        raise Invalid(_l("The amount in this line is no whole number: %(line)s", line=line), field="pasted")
    return int("".join(filter(str.isdigit, figures)))


def _currency_wanted(plan: Plan, word: str) -> Any:
    if word in _TOMAN and plan.currency == "IRR":
        return _l("This budget counts rials. One toman is ten rials: write the amount with one zero more.")
    return _l(
        "This budget counts %(currency)s. Change the amount into it; “%(word)s” stands there.",
        currency=plan.currency,
        word=word,
    )


def _filled(reason: Any, **years: int) -> str:
    """Years are no amounts: they stand without separators, in the reader's digits."""
    locale = reader().locale
    return str(reason) % {name: digits(year, locale=locale) for name, year in years.items()}
