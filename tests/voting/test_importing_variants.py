"""Odd files through the import and out again: counted, exported and verified, or refused with nothing left behind."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tests.processes.making import make_process
from tests.proposals.making import answer, official, proposing_process
from tests.stakeholders.making import drift_faults
from tests.voting import test_pabulib_kinds as kinds
from tests.voting.test_pabulib_variants import PLAIN, put
from ucc_participate.audit.extension import audit_log
from ucc_participate.kernel.db import db
from ucc_participate.kernel.identity import system_actor
from ucc_participate.processes.models import Process, ProcessState
from ucc_participate.proposals.models import Proposal
from ucc_participate.record import exporting, verify
from ucc_participate.voting import importing, pabulib
from ucc_participate.voting.models import Ballot, Vote

ACTOR = system_actor("test")
ONE = PLAIN.replace("num_projects;3", "num_projects;1").replace("num_votes;5", "num_votes;2")


def import_text(perform: Any, clock: Any, text: str) -> Any:
    file = pabulib.read(io.StringIO(text))
    return perform(lambda s: importing.import_vote(s, file, source="town.pb", actor=ACTOR, now=clock.now()))


def command(app: Flask, folder: Path, content: str | bytes) -> Any:
    path = folder / "town.pb"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return app.test_cli_runner().invoke(args=["voting", "import-pabulib", str(path)])


def verified(app: Flask, process: str) -> tuple[verify.Report, list[str]]:
    """The verifier's report on the record, and the project lines of its Pabulib file."""
    with app.app_context():
        made = exporting.export(process)
        report = verify.verify(str(made.path), [audit_log().signer.vkey])
    with zipfile.ZipFile(made.path) as package:
        [name] = [name for name in package.namelist() if name.endswith(".pb")]
        text = package.read(name).decode()
    return report, text.partition("PROJECTS\n")[2].partition("VOTES\n")[0].splitlines()[1:]


def counts(vote: Vote) -> dict[str, int]:
    assert vote.result is not None
    return {line["id"]: line["votes"] for line in vote.result["counts"]}


@pytest.mark.parametrize("name", ["p 1", "p|1", "Ż/1", "باغ", 'p"1', "p" * 200])
def test_ids_of_any_letters_make_a_record_that_verifies(app, perform, clock, name):
    made = import_text(perform, clock, renamed(PLAIN, name))
    assert list(counts(made.vote).values()) == [3, 3, 2]
    report, projects = verified(app, made.process.public_id)
    assert report.failed == []
    assert sorted(line.split(";")[2] for line in projects) == ["2", "3", "3"]


def renamed(text: str, name: str) -> str:
    """The file with another id for p1, every cell quoted that holds it."""
    cells = [line.split(";") for line in text.splitlines()]
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", lineterminator="\n").writerows(
        [c.replace("p1", name) for c in row] for row in cells
    )
    return stream.getvalue()


def test_a_vote_on_one_project_alone_is_taken(app, perform, clock):
    text = ONE[: ONE.index("p2;500")] + "VOTES\nvoter_id;vote\n1;p1\n2;p1\n"
    made = import_text(perform, clock, text)
    assert counts(made.vote) == {"p1": 2}
    assert verified(app, made.process.public_id)[0].failed == []


def test_names_of_any_length_fit(app, perform, clock):
    made = import_text(perform, clock, PLAIN.replace("Library", "Bibliotheque " * 100))
    assert counts(made.vote) == {"p1": 3, "p2": 3, "p3": 2}
    title, other, _ = [option.title for option in made.vote.options]
    assert (title[:12], title[-2:], len(title) <= 300, other) == ("Bibliotheque", "e…", True, "Square")
    assert verified(app, made.process.public_id)[0].failed == []


@pytest.mark.parametrize(("currency", "known"), [("zł", "XXX"), ("", "XXX"), ("eur", "EUR")])
@pytest.mark.parametrize("language", ["Polish", "", "PL", "123"])
def test_a_currency_and_a_language_of_any_spelling_are_no_obstacle(perform, clock, currency, known, language):
    text = PLAIN.replace("currency;PLN", f"currency;{currency}\nlanguage;{language}")
    made = import_text(perform, clock, text)
    assert made.vote.rules["currency"] == known


def test_where_the_city_had_a_rule_that_is_not_known_page_and_command_say_so(app, client, tmp_path):
    done = command(app, tmp_path, put("rule;greedy", "rule;greedy-custom")(PLAIN).replace("Square;0", "Square;1"))
    assert done.exit_code == 0
    assert "row 11, rule: The city has a rule of its own, which the file tells in words at most." in done.output
    assert "the city’s rule: greedy-custom; chosen only here: none; only by the city: p2\n" in done.output
    page = client.get(f"/p/{done.output.splitlines()[-1]}")
    assert "The city has a rule of its own" in page.text
    assert "the projects chosen here may be others" in page.text


def test_where_the_city_says_nothing_of_its_choice_no_comparison_is_claimed(app, tmp_path):
    text = PLAIN.replace(";name;selected", ";name").replace("Library;1", "Library").replace("Square;0", "Square")
    done = command(app, tmp_path, text.replace("Trees;1", "Trees"))
    assert "the file does not say which projects the city chose\n" in done.output


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (PLAIN.replace("approval", "quadratic"), "row 10, vote_type: Votes of the type “quadratic”"),
        (PLAIN.replace("9;p1", "8;p1"), "row 25, voter_id: Voter 8 is here twice."),
        (PLAIN.replace("Square", '"Square'), "row 19, cell 4: A quotation mark opens"),
        (PLAIN.replace("budget;1000", "budget;1,000"), "row 9, budget: “1,000” may be read in two ways."),
        (PLAIN.encode("utf-16"), "row 1, cell 1: This row is not UTF-8 text."),
        ("", "row 1, META: The section META is missing."),
    ],
)
def test_a_refused_file_leaves_nothing_and_says_where(app, read, tmp_path, content, words):
    done = command(app, tmp_path, content)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"town.pb: {words}")
    assert len(done.stderr.splitlines()) == 1
    assert read(lambda s: s.scalar(select(func.count()).select_from(Process))) == 0
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Vote)) == 0


def test_votes_not_taken_are_listed_by_row_and_the_rest_counts(app, client, tmp_path):
    done = command(app, tmp_path, PLAIN.replace("num_votes;5", "num_votes;7") + "20;p1,p1;;;\n21;p9;;;\n")
    lines = done.output.splitlines()
    assert lines[0] == "row 28, vote: not taken: This vote names a project twice."
    assert lines[1] == "row 29, vote: not taken: Project p9 does not exist in this file."
    [vote] = [line.removeprefix("vote ") for line in lines if line.startswith("vote ")]
    result = client.get(f"/api/v1/votes/{vote}/result.json").json
    assert [line["votes"] for line in result["counts"]] == [3, 3, 2]
    assert (result["ballots"], result["roll"]) == (5, 5)


KINDS: dict[str, tuple[str, list[str], list[str]]] = {
    "rankings": ("ordinal", ["p3,p1", "p1,p2", "p1", "p2,p3"], ["max_length;2"]),
    "points": ("cumulative", ["p3,p1;2,1", "p2;3", "p1;3", "p1,p2;1,1"], ["max_sum_points;3"]),
    "scores": ("scoring", ["p3,p1;5,0", "p2;3", "p1,p3;4,4", "p1;5"], ["max_points;5"]),
    "knapsacks": ("knapsack", ["p1,p3", "p2,p3", "p1", "p1"], []),
}


@pytest.mark.parametrize("rule", ["greedy", "greedy-no-skip", "equalshares", "equalshares/add1", "greedy-custom"])
@pytest.mark.parametrize(("kind", "votes", "meta"), KINDS.values(), ids=KINDS)
def test_votes_of_every_kind_are_taken_sealed_counted_and_verified(app, perform, read, clock, kind, votes, meta, rule):
    text = kinds.text(kind, votes, *meta, rule=rule)
    made = import_text(perform, clock, text)
    file = kinds.read(text)
    stored = read(lambda s: s.scalars(select(Ballot).where(Ballot.vote_id == made.vote.id)).all())
    assert sorted(ballot.choices for ballot in stored) == sorted(file.votes.ballots.to_packed())
    assert made.vote.result["winners"] == list(kinds.counted(file).winners)
    report, lines = verified(app, made.process.public_id)
    assert report.failed == []
    assert f"Counting {len(votes)} ballots of {made.vote.ref} again gives the published result." in report.proved
    assert len(lines) == 4


def test_a_vote_goes_into_an_open_process_whose_record_counts_it_again(app, perform, read, clock, tmp_path):
    process, clock.at = proposing_process(perform, clock.now())
    path = tmp_path / "town.pb"
    path.write_text(PLAIN)
    bring = ["voting", "import-pabulib", str(path), "--process", process.public_id]
    done = app.test_cli_runner().invoke(args=bring)
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, process.public_id)
    [vote] = read(lambda s: s.scalars(select(Vote)).all())
    assert vote.title == {"en": "Budget of a town (2024, held elsewhere: town.pb)"}
    assert sum(counts(vote).values()) == 8
    assert read(lambda s: s.scalar(select(func.count()).select_from(Process))) == 1
    official_ = official(perform, now=clock.now())
    chosen = read(lambda s: s.scalars(select(Proposal).where(Proposal.number == 1)).one())
    answer(perform, read(lambda s: proposal_of(s, chosen)), official_, now=clock.now())
    again = app.test_cli_runner().invoke(args=bring)
    assert (again.exit_code, "in the process already" in again.output) == (1, True)
    assert drift_faults(app) == []
    report, projects = verified(app, process.public_id)
    assert (report.failed, len(projects)) == ([], 3)


def proposal_of(session: Any, proposal: Proposal) -> Proposal:
    return session.scalars(
        select(Proposal).where(Proposal.id == proposal.id).options(joinedload(Proposal.process))
    ).one()


def test_a_vote_is_taken_only_into_a_process_that_is_open(app, perform, clock, tmp_path):
    process = make_process(perform, clock.now(), ProcessState.PUBLISHED)
    path = tmp_path / "town.pb"
    path.write_text(PLAIN)
    done = app.test_cli_runner().invoke(args=["voting", "import-pabulib", str(path), "--process", process.public_id])
    assert (done.exit_code, "into an open process" in done.output) == (1, True)
