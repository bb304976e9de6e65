"""Ballots of two cities with age and sex, measured against their population: the product against plain counting.

The populations are rounded from memory of the Polish statistical office's yearly tables (GUS, end of 2022 and 2023) and
may be wrong by a few per cent (docs/representation.md); nothing here depends on how right they are.
"""

from __future__ import annotations

import csv
from collections import Counter
from math import sqrt
from pathlib import Path
from typing import Any

import pytest

from tests.accounts.making import CITY
from tests.representation.making import make_population
from ucc_participate.kernel.text import fold
from ucc_participate.processes.queries import process_to_change
from ucc_participate.representation import operations, queries, report
from ucc_participate.representation.operations import Source
from ucc_participate.representation.population import DEFAULT_BANDS, Census, Line, half_of
from ucc_participate.representation.snapshots import Measures, Someone, renew, tally
from ucc_participate.voting import pabulib
from ucc_participate.voting.importing import import_vote

CITIES = {
    "Poland_Warszawa_2026.pb": {"female": 1_005_000, "male": 856_000, "young": 0.31},
    "Poland_Lodz_2022.pb": {"female": 357_000, "male": 301_000, "young": 0.27},
}
DISTRICTS = {
    "Bemowo": 128_000,
    "Białołęka": 152_000,
    "Bielany": 131_000,
    "Mokotów": 225_000,
    "Ochota": 80_000,
    "Praga-Południe": 185_000,
    "Praga-Północ": 60_000,
    "Rembertów": 25_000,
    "Targówek": 124_000,
    "Ursus": 67_000,
    "Ursynów": 150_000,
    "Wawer": 88_000,
    "Wesoła": 26_000,
    "Wilanów": 50_000,
    "Wola": 150_000,
    "Włochy": 48_000,
    "Śródmieście": 100_000,
    "Żoliborz": 55_000,
}


def voters_of(path: Path) -> list[dict[str, str]]:
    """The lines of the file's last section, read by the csv module alone."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    start = next(number for number, line in enumerate(lines) if line.strip() == "VOTES")
    return list(csv.DictReader(lines[start + 1 :], delimiter=";"))


def wilson(part: int, whole: int) -> tuple[float, float]:
    """As textbooks write it: the two roots of (p - x)² = z² x (1 - x) / n."""
    z, p = 1.959963984540054, part / whole
    a, b, c = 1 + z * z / whole, -(2 * p + z * z / whole), p * p
    root = sqrt(b * b - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def table_of(city: dict[str, Any]) -> Census:
    young = {"0-17": 0.55, "18-24": 0.24, "25-29": 0.21}
    old = {"30-44": 0.36, "45-59": 0.28, "60+": 0.36}
    lines = [
        Line(sex, band, None, round(city[sex] * share * within))
        for sex in ("female", "male")
        for share, bands in ((city["young"], young), (1 - city["young"], old))
        for band, within in bands.items()
    ]
    return Census(tuple(lines), {})


@pytest.mark.parametrize("name", CITIES)
def test_an_imported_vote_says_what_plain_counting_says(perform, read, clock, shared, name):
    path = shared / "data" / "pabulib" / name
    rows = voters_of(path)
    file = pabulib.read(path)
    made = perform(lambda session: import_vote(session, file, source=name, actor=CITY, now=clock.now()))
    population = make_population(perform, clock.now(), table_of(CITIES[name]), Source("GUS, rounded", 2023, None, ""))

    def choose(session: Any) -> None:
        process = process_to_change(session, made.process.public_id, actor=CITY)
        table = queries.get_population(session, population.public_id)
        operations.choose_population(session, process, table, actor=CITY, now=clock.now())

    perform(choose)
    shown = read(lambda session: queries.presence(session, made.process, now=clock.now()))
    parts = {part.dimension: part for part in report.parts(shown, population.census.margins())}
    sexes = Counter(row["sex"] for row in rows if row["vote"])
    women = next(line for line in parts["sex"].lines if line.group == "sex:female")
    stated = sexes["F"] + sexes["M"]
    assert women.share is not None
    assert (women.share.part, women.share.whole) == (sexes["F"], stated)
    assert [women.share.low, women.share.high] == pytest.approx(wilson(sexes["F"], stated))
    told = [int(row["age"]) for row in rows if row["vote"] and row["age"].isdigit() and int(row["age"]) > 0]
    ages = Counter("young" if age < 30 else "old" for age in told)  # 204 voters of Łódź say that they are 0 years old
    young = next(line for line in parts["age"].lines if line.group == "age:under_30")
    assert young.share is not None
    assert (young.share.part, young.share.whole) == (ages["young"], ages.total())
    in_city = population.census.margins()["age:under_30"]
    assert young.reached is not None
    assert young.reached.value == pytest.approx(ages["young"] / in_city)
    assert young.parity is not None
    assert young.parity.value == pytest.approx(ages["young"] / ages.total() / (in_city / population.census.total))


def test_a_city_by_district_and_band_agrees_with_plain_counting_and_hides_what_is_small(shared):
    rows = [row for row in voters_of(shared / "data" / "pabulib" / "Poland_Warszawa_2026.pb") if row["vote"]]
    measures = Measures(DEFAULT_BANDS, {fold(name): name for name in DISTRICTS}, 2026)
    counted = Counter((_sex(row), _band(row), row.get("neighborhood") or None, row["voting_method"]) for row in rows)
    people = [Someone(*key, frozenset({"joined", "voting"}), number) for key, number in counted.items()]
    true = tally(people, measures, fold)
    [joined, _proposing, _commenting, voting] = renew(true, measures, [], floor=5, at="2026-07-01T08:00:00Z")
    shown = {cell["group"]: cell["count"] for cell in joined["cells"]}
    assert shown["all"] == len(rows)
    plain = Counter(row.get("neighborhood") or "" for row in rows)
    for name in DISTRICTS:
        assert shown[f"district:{name}"] in (plain[name], None)
    assert sum(shown[f"district:{name}"] is not None for name in DISTRICTS) >= len(DISTRICTS) - 2
    ages = Counter(_band_of_row(row) for row in rows)
    for band in DEFAULT_BANDS:
        assert shown[f"band:{band}"] == ages[band]
    halves = Counter(half_of(band) for band in ages.elements() if band)
    assert shown["age:under_30"] == halves["age:under_30"]
    assert [cell["count"] for cell in voting["cells"] if cell["group"] == "sex:female"] == [shown["sex:female"]]
    small = {group for group, count in true["joined"].groups.items() if 0 < count < 5}
    assert all(shown.get(group) is None for group in small if not group.startswith("way:"))


def _sex(row: dict[str, str]) -> str | None:
    return {"F": "female", "M": "male"}.get(row["sex"])


def _band(row: dict[str, str]) -> int | None:
    """The five years of birth that a profile would keep, of somebody who had their birthday this year."""
    return (2026 - int(row["age"])) // 5 * 5 if row["age"].isdigit() else None


def _band_of_row(row: dict[str, str]) -> str | None:
    """By hand: the oldest age in the five years of birth, then the band that holds it."""
    if not row["age"].isdigit():
        return None
    oldest = 2026 - (2026 - int(row["age"])) // 5 * 5
    limits = ((18, "0-17"), (25, "18-24"), (30, "25-29"), (45, "30-44"), (60, "45-59"))
    return next((band for limit, band in limits if oldest < limit), "60+")
