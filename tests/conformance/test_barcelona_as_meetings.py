"""The 410 meetings of Barcelona's municipal plan (2015–2016), as its Decidim published them, taken over as meetings.

The file is not part of the project. It is looked for in ``shared/data/barcelona`` beside it, or under ``UCC_SHARED``.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.conformance.test_pabulib_files import SHARED
from ucc_participate.audit import drift, log
from ucc_participate.kernel.db import db
from ucc_participate.meetings import queries
from ucc_participate.meetings.models import Attendance, Meeting, MeetingState
from ucc_participate.processes.models import Participation
from ucc_participate.processes.queries import get_process

FILE = SHARED / "data" / "barcelona" / "meetings.csv"

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason=f"no meetings of Barcelona at {FILE}; set UCC_SHARED")


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(FILE.read_text(encoding="utf-8-sig"), newline="")))


def bring(app: Any, *more: str) -> list[str]:
    result = app.test_cli_runner().invoke(args=["meetings", "import", str(FILE), *more])
    assert result.exit_code == 0, result.output
    return result.output.strip().split("\n")


def test_all_of_them_are_taken_once_with_their_own_numbers_and_nobody_is_counted(app, client, read, clock):
    said = bring(app, "--title", "Pla d’Actuació Municipal")
    assert said[-2] == "taken 410 known 0 refused 0"
    process_id = said[-1]
    again = bring(app, "--into", process_id)
    assert again == ["taken 0 known 410 refused 0", process_id]
    kept = {each.source: each for each in read(lambda s: s.scalars(select(Meeting)).all())}
    assert len(kept) == 410
    for row in rows():
        meeting = kept[row["ID de cita"]]
        assert meeting.reported == {
            "attended": int(row["Assistents"]) if row["Assistents"] else None,
            "proposals": int(row["Propostes"]) if row["Propostes"] else None,
            "interventions": int(row["Intervencions"]) if row["Intervencions"] else None,
        }
        assert (meeting.status, meeting.counts, meeting.has_hours) == (MeetingState.HELD, None, False)
    reported = sum(each.reported["attended"] or 0 for each in kept.values())
    assert reported == sum(int(row["Assistents"] or 0) for row in rows()) == 11_577
    districts = Counter(each.district for each in kept.values())
    assert (districts[None], districts["Ciutat Vella"]) == (126, 39)
    assert read(lambda s: s.scalar(select(func.count()).select_from(Attendance))) == 0
    assert read(lambda s: s.scalar(select(func.count()).select_from(Participation))) == 0
    with app.app_context():
        log.sequence(db.engine)
        assert drift.check(db.session()) == []
        db.session.rollback()


def test_the_list_of_410_is_read_page_by_page_with_as_many_queries_as_a_short_one(
    app, client, read, clock, count_queries
):
    process_id = bring(app)[-1]
    process = read(lambda s: get_process(s, process_id))
    seen, after, asked = 0, None, set()
    while seen == 0 or after is not None:
        address = f"/p/{process_id}/meetings" + (f"?after={after}" if after else "")
        asked.add(count_queries(lambda address=address: client.get(address)))
        page = read(lambda s, after=after: queries.list_past(s, process, now=clock.now(), after=after))
        seen, after = seen + len(page.meetings), page.after
    assert seen == 410
    assert max(asked) <= 12
    one = page.meetings[0]
    shown = client.get(f"/p/{process_id}/meetings/{one.public_id}").text
    assert "As its source reports" in shown
