"""Exporting a whole dossier at size: `python -m bench.dossier [entries]`.

A log of 100,000 entries (or as many as asked for), as bench/export_record.py writes it, and in it a dossier on the form
of 2021 with every text of about 250 words in Persian and English and a plan. The archive is
made in fresh processes: with the record still to be made, with the record on its shelf, and beside them the record
alone and the command line doing next to nothing. Printed: medians of CPU seconds and peak memory.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from bench._measuring import Spent, flask, in_turns, report, run

BIG = 100_000
WORDS = {
    "fa": "در این شهر بافندگان، سفالگران و هنرستان‌ها با هم نشستند و گفتند چه می‌خواهند و چه می‌توانند UCCN 2027",
    "en": "In this city weavers, potters and art schools sat down and said what they want and what they can do",
}


def fill(process_id: str) -> None:
    """A dossier and a plan, through the operations; run in a process of its own."""
    from sqlalchemy import select

    from tests.dossier.making import begin, content_of, enter, write
    from tests.stakeholders.making import CITY
    from tests.submission.making import plan_of_two
    from ucc_participate.app import create_app
    from ucc_participate.dossier.sections import SectionKind, sections_of
    from ucc_participate.kernel import clock
    from ucc_participate.kernel.db import db, perform
    from ucc_participate.processes.models import Process

    app = create_app()
    with app.app_context():
        now = clock.now()
        process = db.session.scalar(select(Process).where(Process.public_id == process_id))
        db.session.expunge_all()  # it is used on the thread of the writer
        content = content_of() | {"code": "bench-2021"}
        dossier = begin(perform, process, enter(perform, content, now), now)
        for section in sections_of(content):
            for language, words in WORDS.items():
                if section.kind is SectionKind.TEXT:
                    text = "\n\n".join([" ".join([words] * 4)] * 3)
                    write(perform, (process, dossier), section.id, language, text, actor=CITY, now=now)
        perform(lambda session: plan_of_two(session, process, now))


def hand_in(process_id: str) -> None:
    """The archive, as the page makes it; run in a process of its own."""
    from ucc_participate.app import create_app
    from ucc_participate.kernel.db import db
    from ucc_participate.kernel.identity import system_actor
    from ucc_participate.processes.queries import get_process
    from ucc_participate.submission import exporting, queries

    with create_app().app_context():
        actor = system_actor("bench")
        process = get_process(db.session(), process_id, actor=actor)
        dossier = queries.find_dossier(db.session(), process, None)
        assert dossier is not None
        path = exporting.package_of(dossier, is_whole=True, actor=actor)
        print(path.stat().st_size)


def inside(folder: Path, *arguments: str) -> Spent:
    """One of the steps above, in a fresh process on that folder."""
    return run([sys.executable, "-m", "bench.dossier", *arguments], {"UCC_INSTANCE_PATH": str(folder)})


def measured(folder: Path, process: str, *, with_record: bool) -> Spent:
    shutil.rmtree(folder / "submissions", ignore_errors=True)
    if with_record:
        shutil.rmtree(folder / "records", ignore_errors=True)
    return inside(folder, "--hand-in", process)


def main(most: int) -> None:
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root, "city")
        made = run([sys.executable, "-m", "bench._filling", folder, str(most)])
        process = made.output.split()[-1]
        inside(folder, "--fill", process)
        spent = in_turns(
            {
                "command line alone": lambda: flask(folder, "audit", "vkey"),
                "dossier and record": lambda: measured(folder, process, with_record=True),
                "dossier, record on its shelf": lambda: measured(folder, process, with_record=False),
            }
        )
        size = max((folder / "submissions").iterdir()).stat().st_size / 1e6
    report(f"{most:,} entries; the archive has {size:.1f} MB", spent)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fill"]:
        fill(sys.argv[2])
    elif sys.argv[1:2] == ["--hand-in"]:
        hand_in(sys.argv[2])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else BIG)
