"""A population table: reading it from rows that people typed, checking that it adds up, sums by group.

Rows are counts by sex, age band and district, any of them left out for "all". Every sum that can be made twice must
come out the same. Bands are named by their ages: ``0-17``, ``18-24``, ``60+``.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ..audit import canonical
from ..kernel.i18n import digits, lazy_number, reader
from ..kernel.text import clean_line, fold
from ..vocabularies.uccn import SECTORS

NEEDED: Final = (0, 18, 25, 30, 45, 60)
"""Ages at which a band must begin: youth is counted under 30, and under 18 apart."""
DEFAULT_BANDS: Final = ("0-17", "18-24", "25-29", "30-44", "45-59", "60+")
YOUNG: Final = 30
OLDEST: Final = 150
MOST_PEOPLE: Final = 100_000_000
DISTRICT_LENGTH: Final = 80
HEADINGS: Final = {
    "sex": ("sex", "جنس", "جنسیت", "sexe"),
    "age": ("age", "age band", "سن", "گروه سنی", "âge", "tranche d’âge"),
    "district": ("district", "منطقه", "محله", "quartier"),
    "sector": ("sector", "بخش", "secteur"),
    "count": ("count", "people", "تعداد", "جمعیت", "nombre", "population"),
}
SEXES: Final = {
    "female": ("female", "f", "women", "woman", "زن", "زنان", "femme", "femmes"),
    "male": ("male", "m", "men", "man", "مرد", "مردان", "homme", "hommes"),
    "other": ("other", "another", "دیگر", "autre"),
}
SECTOR_WORDS: Final = {
    "public": ("public", "عمومی", "دولتی"),
    "private": ("private", "خصوصی", "privé"),
    "civil_society": ("civil_society", "civil society", "جامعهٔ مدنی", "جامعه مدنی", "société civile"),
}
ALL: Final = ("", "all", "total", "همه", "کل", "جمع", "tous", "ensemble")


@dataclass(frozen=True, slots=True)
class Line:
    """People of one sex, age band and district; None for all of them."""

    sex: str | None
    band: str | None
    district: str | None
    people: int

    @property
    def pattern(self) -> frozenset[str]:
        return frozenset(name for name in ("sex", "band", "district") if getattr(self, name) is not None)

    def key(self, pattern: Iterable[str]) -> tuple[str | None, ...]:
        return tuple(getattr(self, name) if name in pattern else None for name in ("sex", "band", "district"))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row, by its number in the table; 0 for the table as a whole."""

    row: int
    says: Any


@dataclass(frozen=True)
class Census:
    """A table that adds up."""

    lines: tuple[Line, ...]
    sectors: Mapping[str, int]

    @cached_property
    def bands(self) -> tuple[str, ...]:
        """Age bands from the youngest; those that everybody uses where the table has none."""
        return tuple(sorted({line.band for line in self.lines if line.band}, key=first_age)) or DEFAULT_BANDS

    @cached_property
    def districts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.district for line in self.lines if line.district))

    @property
    def total(self) -> int:
        return next(iter(self._sums([]).values()), 0)

    @property
    def sha256(self) -> str:
        rows = [[line.sex, line.band, line.district, line.people] for line in self.lines]
        return hashlib.sha256(canonical.dumps({"lines": rows, "sectors": dict(self.sectors)})).hexdigest()

    def margins(self) -> dict[str, int]:
        """People by group, as figures name groups: ``sex:female``, ``age:under_30``, ``band:18-24``, ``district:…``,
        ``sex:female&band:18-24``."""
        found: dict[str, int] = {}
        for (sex, _b, _d), people in self._sums(["sex"]).items():
            found[f"sex:{sex}"] = people
        for (_s, band, _d), people in self._sums(["band"]).items():
            found[f"band:{band}"] = people
            half = half_of(str(band))
            found[half] = found.get(half, 0) + people
        for (_s, _b, district), people in self._sums(["district"]).items():
            found[f"district:{district}"] = people
        for (sex, band, _d), people in self._sums(["sex", "band"]).items():
            found[f"sex:{sex}&band:{band}"] = people
        return found

    def _sums(self, names: Sequence[str]) -> dict[tuple[str | None, ...], int]:
        """Sums over everything else, from the coarsest rows that tell these apart; empty where none do."""
        wanted = frozenset(names)
        patterns = sorted(
            {line.pattern for line in self.lines if line.pattern >= wanted}, key=lambda p: (len(p), sorted(p))
        )
        if not patterns:
            return {}
        sums: Counter[tuple[str | None, ...]] = Counter()
        for line in self.lines:
            if line.pattern == patterns[0]:
                sums[line.key(wanted)] += line.people
        return dict(sums)


def first_age(band: str) -> int:
    return int(re.split(r"[-+]", band)[0])


def half_of(band: str) -> str:
    return "age:under_30" if first_age(band) < YOUNG else "age:30_plus"


def band_of(age: int, bands: Sequence[str]) -> str:
    """The band that this age belongs to."""
    return next(band for band in reversed(bands) if first_age(band) <= age)


def read_band(typed: str) -> str | None:
    """``18-24`` of "18–24", "۱۸ تا ۲۴", "60+", "under 18"; None when it is no band."""
    text = fold(typed).replace(" ", "")
    numbers = [int(each) for each in re.findall(r"\d+", text)]
    if any(number > OLDEST for number in numbers):
        return None
    if len(numbers) == 2 and numbers[0] <= numbers[1]:
        return f"{numbers[0]}-{numbers[1]}"
    if len(numbers) == 1 and (re.search(r"\+|andover|andolder|بالا|بیشتر|plus|etplus", typed.replace(" ", "").lower())):
        return f"{numbers[0]}+"
    if len(numbers) == 1 and re.search(r"<|under|زیر|moins", typed.lower()):
        return f"0-{numbers[0] - 1}" if numbers[0] else None
    return None


def _said(band: str) -> LazyString:
    """A band with the digits of the reader."""
    return LazyString(lambda: digits(band, locale=reader().locale))


def check(lines: Sequence[tuple[int, Line]], sectors: Mapping[str, int]) -> list[Fault]:
    """What does not add up, is there twice, or is missing; each names its row."""
    if not lines and not sectors:
        return [Fault(0, _l("The table has no row with people."))]
    return _doubles(lines) or [*_wrong_bands(lines), *_wrong_sums(lines)]


def _doubles(lines: Sequence[tuple[int, Line]]) -> list[Fault]:
    seen: dict[tuple[str | None, ...], int] = {}
    faults = []
    for row, line in lines:
        key = line.key(("sex", "band", "district"))
        if key in seen:
            faults.append(Fault(row, _l("This group stands in row %(row)s already.", row=lazy_number(seen[key]))))
        seen.setdefault(key, row)
    return faults


def _wrong_bands(lines: Sequence[tuple[int, Line]]) -> list[Fault]:
    """Bands must follow each other without gap and begin at the ages that are counted everywhere."""
    rows: dict[str, int] = {line.band: row for row, line in reversed(lines) if line.band is not None}
    bands = sorted(rows, key=lambda band: (first_age(band), rows[band]))
    if not bands:
        return []
    faults = []
    for one, other in zip(bands, [*bands[1:], None], strict=True):
        last = one.rpartition("-")[2]
        if other is None and not one.endswith("+"):
            faults.append(
                Fault(
                    rows[one], _l("The oldest band has no end: write it as %(band)s.", band=_said(f"{first_age(one)}+"))
                )
            )
        elif other is not None and (one.endswith("+") or int(last) + 1 != first_age(other)):
            faults.append(
                Fault(
                    rows[other],
                    _l(
                        "Age bands must follow each other: %(one)s, then %(other)s.", one=_said(one), other=_said(other)
                    ),
                )
            )
    begin = {first_age(band) for band in bands}
    missing = [age for age in NEEDED if age not in begin]
    if missing and not faults:
        faults.append(
            Fault(
                rows[bands[0]],
                _l(
                    "A band must begin at %(age)s years: 0, 18, 25, 30, 45 and 60 are needed.",
                    age=lazy_number(missing[0]),
                ),
            )
        )
    return faults


def _wrong_sums(lines: Sequence[tuple[int, Line]]) -> list[Fault]:
    """Every pattern of rows against every finer one, and all totals against each other."""
    by_pattern: dict[frozenset[str], list[tuple[int, Line]]] = defaultdict(list)
    for row, line in lines:
        by_pattern[line.pattern].append((row, line))
    faults: dict[int, Fault] = {}
    for coarse, rows in by_pattern.items():
        for fine, parts in by_pattern.items():
            if coarse < fine:
                for fault in _differences(coarse, rows, parts):
                    faults.setdefault(fault.row, fault)
    if not faults:
        faults = {fault.row: fault for fault in _different_totals(by_pattern)}
    return [faults[row] for row in sorted(faults)]


def _differences(
    coarse: frozenset[str], rows: Sequence[tuple[int, Line]], parts: Sequence[tuple[int, Line]]
) -> Iterable[Fault]:
    sums: Counter[tuple[str | None, ...]] = Counter()
    first: dict[tuple[str | None, ...], int] = {}
    for row, line in parts:
        sums[line.key(coarse)] += line.people
        first.setdefault(line.key(coarse), row)
    known = {line.key(coarse) for _row, line in rows}
    for key, row in first.items():
        if key not in known:
            names = ", ".join(str(part) for part in key if part is not None)
            yield Fault(row, _l("“%(name)s” is in this row and not among the rows of totals.", name=names))
    for row, line in rows:
        found = sums[line.key(coarse)]
        if line.key(coarse) in first and found != line.people:
            yield Fault(
                row,
                _l(
                    "This row says %(said)s people, its parts add up to %(found)s.",
                    said=lazy_number(line.people),
                    found=lazy_number(found),
                ),
            )


def _different_totals(by_pattern: Mapping[frozenset[str], Sequence[tuple[int, Line]]]) -> Iterable[Fault]:
    totals = [(sum(line.people for _row, line in rows), rows[0][0]) for rows in by_pattern.values()]
    for total, row in totals[1:]:
        if total != totals[0][0]:
            yield Fault(
                row,
                _l(
                    "From this row on the table adds up to %(found)s people, from row %(row)s on to %(said)s.",
                    found=lazy_number(total),
                    row=lazy_number(totals[0][1]),
                    said=lazy_number(totals[0][0]),
                ),
            )


@dataclass(frozen=True, slots=True)
class Reading:
    """A table as it was read: rows with what became of each, and the census when nothing was wrong."""

    census: Census | None
    rows: tuple[tuple[int, tuple[str, ...], Any], ...]
    faults: tuple[Fault, ...]


def read(rows: Iterable[tuple[int, Sequence[str]]]) -> Reading:
    """Read rows of text, the first one the headings. Nothing is taken unless everything is right."""
    given = list(rows)
    columns = _columns(given[0][1]) if given else {}
    if "count" not in columns:
        says = _l("The first row names the columns: sex, age, district, sector, count. “count” is needed.")
        return Reading(None, (), (Fault(given[0][0] if given else 0, says),))
    lines: list[tuple[int, Line]] = []
    sectors: dict[str, int] = {}
    faults: list[Fault] = []
    for number, cells in given[1:]:
        said = {name: clean_line(cells[place]) if place < len(cells) else "" for name, place in columns.items()}
        found = _read_row(number, said, sectors)
        if isinstance(found, Fault):
            faults.append(found)
        elif found is not None:
            lines.append((number, found))
    faults = faults or check(lines, sectors)
    by_row = {fault.row: fault.says for fault in faults}
    shown = tuple((number, tuple(cells), by_row.get(number)) for number, cells in given[1:])
    census = None if faults else Census(tuple(line for _n, line in lines), dict(sorted(sectors.items())))
    return Reading(census, shown, tuple(faults))


def _columns(headings: Sequence[str]) -> dict[str, int]:
    known = {fold(word).strip(): name for name, words in HEADINGS.items() for word in words}
    found = {known.get(fold(heading).strip()): place for place, heading in enumerate(headings)}
    return {name: place for name, place in found.items() if name is not None}


def _read_row(number: int, said: Mapping[str, str], sectors: dict[str, int]) -> Line | Fault | None:
    people = read_count(said["count"])
    if people is None:
        return Fault(number, _l("“%(typed)s” is no number of people: a whole number, 0 or more.", typed=said["count"]))
    sector = _word(said.get("sector", ""), SECTOR_WORDS)
    if sector == "":
        return Fault(number, _l("“%(typed)s” is no sector: public, private or civil society.", typed=said["sector"]))
    if sector is not None:
        if sector in sectors:
            return Fault(number, _l("This sector stands in the table already."))
        sectors[sector] = people
        return None
    sex = _word(said.get("sex", ""), SEXES)
    if sex == "":
        return Fault(number, _l("“%(typed)s” is no sex that the table knows: women, men, other.", typed=said["sex"]))
    age = said.get("age", "")
    band = None if _is_all(age) else read_band(age)
    if band is None and not _is_all(age):
        return Fault(number, _l("“%(typed)s” is no age band. Write 18-24 or 60+.", typed=age))
    district = said.get("district", "")
    return Line(sex, band, None if _is_all(district) else district[:DISTRICT_LENGTH], people)


def read_count(typed: str) -> int | None:
    """A whole number as people type it: Persian digits, groups of three. None when it is none, or negative."""
    text = re.sub(r"[\s,٬،'’]", "", fold(typed)) if typed else ""
    raw = re.sub(r"[\s,٬،'’\u00a0\u202f]", "", typed)
    if raw.startswith(("-", "−", "–")) or not re.fullmatch(r"\d{1,9}", text):
        return None
    value = int(text)
    return value if value <= MOST_PEOPLE else None


def _is_all(typed: str) -> bool:
    return fold(typed).strip() in {fold(word).strip() for word in ALL}


def _word(typed: str, words: Mapping[str, Sequence[str]]) -> str | None:
    """The id of a word, None for "all", an empty text for a word that is not known."""
    if _is_all(typed):
        return None
    text = fold(typed).strip()
    return next((name for name, known in words.items() if text in {fold(word).strip() for word in known}), "")


def sector_ids() -> tuple[str, ...]:
    return tuple(SECTORS)
