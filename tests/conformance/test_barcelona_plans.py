"""The 1,467 action plans of Barcelona's municipal plan (2016–2019), as its Decidim published them, as proposals.

The file is not part of the project. It is looked for in ``shared/data/barcelona`` beside it, or under ``UCC_SHARED``.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.conformance.test_pabulib_files import SHARED
from tests.stakeholders.making import drift_faults
from ucc_participate.audit.extension import audit_log
from ucc_participate.processes.models import Process
from ucc_participate.proposals import queries, similar
from ucc_participate.proposals.models import Proposal
from ucc_participate.proposals.particulars import districts_of
from ucc_participate.proposals.queries import Filters
from ucc_participate.record import verify
from ucc_participate.record.exporting import export

FILE = SHARED / "data" / "barcelona" / "action_plans.csv"
FIGURES = {
    "Propostes": "proposals", "Suports": "supports", "Comentaris": "comments", "Participants": "participants",
    "Intervencions": "interventions",
}  # fmt: skip
TAG = re.compile(r"<[a-z/][^>]*>", re.IGNORECASE)
LETTERS = re.compile(r"[^\W_]+")

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason=f"no action plans of Barcelona at {FILE}; set UCC_SHARED")


def plans() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(FILE.read_text(encoding="utf-8-sig"), newline="")))


def ten_squares() -> str:
    """A map of the ten districts that the file names; the shapes are invented, the names are theirs."""
    names = sorted({row["Districte"] for row in plans()} - {""})
    squares = [
        [[at, 41.0], [at + 0.5, 41.0], [at + 0.5, 41.5], [at, 41.5], [at, 41.0]] for at in (2 + n for n in range(10))
    ]
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [square]}}
        for name, square in zip(names, squares, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def bring_map(app: Any, folder: Path) -> None:
    drawn = folder / "districts.geojson"
    drawn.write_text(ten_squares(), encoding="utf-8")
    bring = ["proposals", "bring-districts", str(drawn), "--source", "Invented squares"]
    brought = app.test_cli_runner().invoke(args=bring)
    assert brought.exit_code == 0, brought.output


@pytest.fixture
def imported(app, read, tmp_path) -> Process:
    """The process as the command line makes it, with the map first."""
    bring_map(app, tmp_path)
    take = ["proposals", "import-plans", str(FILE), "--title", "PAM 2016–2019", "--language", "ca"]
    told = app.test_cli_runner().invoke(args=take)
    assert told.exit_code == 0, told.output
    count, public_id = told.output.split("\n")[-3:-1]
    assert count == "1467 proposals"
    found: Process = read(lambda s: s.scalars(select(Process).where(Process.public_id == public_id)).one())
    return found


def words(text: str) -> list[str]:
    return LETTERS.findall(unescape(text))


def test_every_plan_keeps_its_words_its_figures_and_its_district(app, read, imported):
    rows = plans()
    kept: list[Proposal] = read(lambda s: list(s.scalars(select(Proposal).order_by(Proposal.number))))
    city_map: Any = read(queries.current_map)
    names = {one.code: one.name for one in districts_of(city_map)}
    assert len(kept) == len(rows) == 1467
    for number, (proposal, row) in enumerate(zip(kept, rows, strict=True), start=1):
        assert proposal.number == number
        assert words(proposal.title) == words(row["Títol"])
        assert words(proposal.body) == words(TAG.sub(" ", row["Descripció"]))
        assert TAG.search(proposal.body) is None
        given, fields = proposal.given or {}, proposal.fields or {}
        assert given["figures"] == {ours: int(row[theirs]) for theirs, ours in FIGURES.items()}
        assert given["source"] == row["URL"]
        assert (names[proposal.district] if proposal.district else "") == row["Districte"]
        assert set(fields.values()) == {" ".join(row[name].split()) for name in ("Categoria", "Subcategoria")} - {""}
    assert drift_faults(app) == []


def test_they_are_listed_searched_and_counted_by_district(client, read, imported):
    rows = plans()
    home = f"/p/{imported.public_id}/proposals"
    seen, after = 0, None
    while seen == 0 or after is not None:
        page = read(lambda s, at=after: queries.browse(s, imported, Filters(), after=at, limit=100))
        seen, after = seen + len(page.keys), page.after
    assert seen == 1467
    assert "1,467 proposals" in client.get(home).text
    found = read(lambda s: queries.browse(s, imported, Filters(words="camins escolars"), limit=300))
    theirs = [row for row in rows if {"camins", "escolars"} <= {w.lower() for w in words(row["Títol"])}]
    assert len(found.keys) >= len(theirs) > 0
    districts = Counter(row["Districte"] for row in rows)
    shown = client.get(f"{home}/map").text
    for name, number in districts.items():
        if name:
            assert f"{name.replace(chr(39), '&#39;')}: {number} proposal" in shown
    assert f"{districts['']} proposals say no district" in shown
    assert client.get(f"{home}?district=nou-barris").status_code == 200


def test_each_is_the_nearest_to_its_own_text_and_harmless_on_its_page(client, read, imported):
    kept: list[Proposal] = read(lambda s: list(s.scalars(select(Proposal).order_by(Proposal.number))))
    found = lost = 0
    for proposal in kept:
        near = read(lambda s, one=proposal: similar.nearest(s, imported, one.title, one.summary))
        numbers = [one.proposal.number for one in near]
        texts = {(one.proposal.title, one.proposal.summary) for one in near}
        if proposal.number in numbers or (proposal.title, proposal.summary) in texts:
            found += 1
        else:
            lost += 1
    assert (found, lost) == (1467, 0)
    for proposal in kept[::97]:
        page = client.get(f"/p/{imported.public_id}/proposals/{proposal.public_id}")
        assert page.status_code == 200
        assert "<script>" not in page.text


def test_their_record_is_whole_and_says_their_figures(app, perform, clock, imported):
    with app.app_context():
        made = export(imported.public_id)
        report = verify.verify(str(made.path), [audit_log().signer.vkey])
    assert report.failed == []
    with zipfile.ZipFile(made.path) as package:
        rows = list(csv.DictReader(io.TextIOWrapper(package.open("data/tables/particulars.csv"), "utf-8")))
        answers = list(csv.DictReader(io.TextIOWrapper(package.open("data/tables/answers.csv"), "utf-8")))
    assert len(rows) == 1467
    supports = sum(json.loads(row["given"])["figures"]["supports"] for row in rows)
    assert supports == sum(int(row["Suports"]) for row in plans())
    asked = Counter(row["question"] for row in answers)
    assert asked["Categoria"] == sum(1 for row in plans() if row["Categoria"].strip())
