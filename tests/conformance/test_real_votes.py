"""Real votes from file to verified record: what a city published goes in, a package that strangers accept comes out.

One test takes a file all the way, so that it is imported once: through the command line, as an operator does, and then
through tools that know nothing of us. docs/pabulib.md has the files with what agrees and what does not.
"""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frictionless
import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from pabulib.checker import Checker

from tests.conformance.test_pabulib_files import DIFFERENCES, FILES, FOLDER, name
from ucc_participate.voting import pabulib

BIN = Path(sys.executable).parent

pytestmark = pytest.mark.skipif(not FILES, reason=f"no Pabulib files in {FOLDER}; set UCC_SHARED")

REASONS = {
    "greedy": "chosen as the city published",
    "greedy-threshold": "chosen as the city published",
    "greedy-no-skip": "chosen as the city published",
    "equalshares/add1-comparison": "chosen as the city published",
    "unknown": "the file does not say which projects the city chose",
}
"""What the import says of the projects chosen, by the city's rule."""


@dataclass(frozen=True)
class Made:
    """What the command line made of a file: its words, the ids, the published result."""

    output: str
    process: str
    vote: str
    result: Mapping[str, Any]


def flask(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=list(arguments))


def imported(app: Flask, client: FlaskClient, path: Path) -> Made:
    done = flask(app, "voting", "import-pabulib", str(path))
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    [vote] = [line.removeprefix("vote ") for line in lines if line.startswith("vote ")]
    return Made(done.output, lines[-1], vote, json.loads(client.get(f"/api/v1/votes/{vote}/result.json").data))


def require_the_citys_numbers(made: Made, file: pabulib.PabulibFile) -> None:
    """META's numbers and the columns ``votes`` and ``score``, project by project."""
    assert "not taken" not in made.output
    assert made.result["ballots"] == made.result["roll"] == int(file.meta["num_votes"])
    assert len(made.result["counts"]) == int(file.meta["num_projects"])
    lines = {line["id"]: line for line in made.result["counts"]}
    assert {key: line.get("named", line["votes"]) for key, line in lines.items()} == {
        project.id: project.votes for project in file.projects
    }
    scores = {key: line["votes"] for key, line in lines.items() if "named" in line}
    assert scores == {project.id: project.score for project in file.projects if project.score is not None}
    assert made.result["budget"] == file.budget
    assert made.result["spent"] == sum(p.cost for p in file.projects if p.id in made.result["winners"]) <= file.budget


def require_the_citys_choice_or_the_reason(made: Made, file: pabulib.PabulibFile, stem: str) -> None:
    """The city's winners by the city's rule; where the file does not name it, a sentence says so."""
    selected = {project.id for project in file.projects if project.selected}
    ours, rule = set(made.result["winners"]), file.meta["rule"]
    assert (ours - selected, selected - ours) == DIFFERENCES.get(stem, (set(), set()))
    assert f"the city’s rule: {rule}; {REASONS[rule]}" in made.output
    assert (stem in DIFFERENCES) == ("The file does not name the city’s rule." in made.output)


def exported(app: Flask, made: Made, target: Path) -> bytes:
    """The record, made anew: nothing is taken from the shelf."""
    for kept in (Path(app.instance_path) / "records").glob("*"):
        kept.unlink()
    done = flask(app, "record", "export", made.process, "--output", str(target))
    assert done.exit_code == 0, done.output
    return target.read_bytes()


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(list(map(str, command)), cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def require_the_verifier(app: Flask, package: Path, folder: Path, made: Made) -> None:
    """The package's own verify.py, in a Python that sees neither our environment nor any library."""
    key = flask(app, "audit", "vkey").output.strip()
    verifier = folder / "data" / "verify.py"
    report = json.loads(run(sys.executable, "-I", "-S", verifier, package, "--vkey", key, "--json", folder=folder))
    proved = " ".join(report["proved"])
    assert (report["exit"], report["failed"]) == (0, [])
    assert f"Counting {made.result['ballots']} ballots of vote/{made.vote} again gives the published result." in proved
    assert f"data/votes/{made.vote}.pb holds the same ballots and numbers." in proved


def require_strangers_tools(folder: Path) -> None:
    """BagIt's reference tool, coreutils, Frictionless, Pabulib's checker."""
    run(sys.executable, BIN / "bagit.py", "--validate", "--quiet", folder, folder=folder)
    run("sha256sum", "-c", "--quiet", "--strict", "manifest-sha256.txt", "tagmanifest-sha256.txt", folder=folder)
    tables = frictionless.validate(str(folder / "data" / "datapackage.json"))
    assert (tables.valid, tables.stats["errors"], tables.stats["warnings"]) == (True, 0, 0)
    for path in pabulib_files(folder):
        assert pabulib.read(path).rejected == []
        with contextlib.redirect_stdout(io.StringIO()):
            report: dict[Any, Any] = Checker().process_files([path.read_text(encoding="utf-8")])
        assert (report["metadata"]["invalid"], report[1]["results"]["errors"]) == (0, {})


def pabulib_files(folder: Path) -> Iterator[Path]:
    found = sorted((folder / "data" / "votes").glob("*.pb"))
    assert found
    yield from found


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_real_vote_goes_from_the_citys_file_to_a_record_that_strangers_accept(
    app: Flask, client: FlaskClient, path: Path, tmp_path: Path
) -> None:
    file = pabulib.read(path)
    made = imported(app, client, path)
    require_the_citys_numbers(made, file)
    require_the_citys_choice_or_the_reason(made, file, path.stem)

    package, folder = tmp_path / "record.zip", tmp_path / "record"
    first = exported(app, made, package)
    assert exported(app, made, tmp_path / "again.zip") == first
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    assert json.loads((folder / "data" / "votes" / f"{made.vote}.result.json").read_bytes()) == made.result
    require_the_verifier(app, package, folder, made)
    require_strangers_tools(folder)
