"""The 410 meetings of Barcelona's municipal plan (2015–2016), as its Decidim published them, as outreach of a process.

The file is not part of the project. It is looked for in ``shared/data/barcelona`` beside it, or under ``UCC_SHARED``.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conformance.test_pabulib_files import SHARED
from tests.processes.making import make_process
from tests.stakeholders.making import staff_browser, told
from ucc_participate.audit import drift
from ucc_participate.kernel.db import db
from ucc_participate.kernel.identity import Role
from ucc_participate.outreach import queries
from ucc_participate.outreach.models import Activity, ActivityKind, Counted
from ucc_participate.outreach.queries import ActivityFilter
from ucc_participate.processes.models import Process, ProcessState

FILE = SHARED / "data" / "barcelona" / "meetings.csv"
HEADS = {
    "Data": "date", "Adreça": "place", "Districte": "district", "Assistents": "reached", "Títol": "what was done",
}  # fmt: skip
"""Their columns → ours; what the city's clerk changes in the first row before bringing the table."""

FIRST_DAY, LAST_DAY = date(2015, 3, 29), date(2016, 4, 11)

ROWS = re.compile(r'name="rows" value="([^"]*)"')

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason=f"no meetings of Barcelona at {FILE}; set UCC_SHARED")


def meetings() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(FILE.read_text(encoding="utf-8-sig"), newline="")))


def ours(rows: list[dict[str, str]]) -> bytes:
    """The same table under our heads, every row a meeting."""
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerow(["kind", *HEADS.values()])
    table.writerows(["meeting", *(row[name] for name in HEADS)] for row in rows)
    return written.getvalue().encode()


@pytest.fixture
def process(perform: Any, clock: Any) -> Process:
    made: Process = make_process(perform, clock.now(), ProcessState.OPEN)
    return made


@pytest.fixture
def clerk(app: Any, perform: Any, clock: Any) -> FlaskClient:
    return staff_browser(app, perform, Role.CLERK, now=clock.now())


def bring(clerk: FlaskClient, process: Process, content: bytes) -> Any:
    """Both presses: look at the fates of the rows, then note them; the page of the second, or of a refused table."""
    upload = {"file": (io.BytesIO(content), "meetings.csv")}
    address = f"/staff/processes/{process.public_id}/outreach/bring"
    looked = clerk.post(address, data=upload, content_type="multipart/form-data")
    carried = ROWS.search(looked.text)
    return clerk.post(address, data={"rows": unescape(carried[1])}) if carried else looked


def test_every_meeting_becomes_an_entry_once(app, clerk, read, process):
    assert "410 activities are noted." in bring(clerk, process, ours(meetings())).text
    again = bring(clerk, process, ours(meetings()))
    assert "0 activities are noted." in again.text
    assert again.text.count("the same kind, day, place and deed") == 410
    [total] = read(lambda s: queries.reached(s, process))
    assert (total.kind, total.group, total.activities) == (ActivityKind.MEETING, "all", 410)
    assert (total.counted, total.estimated, total.unknown) == (0, 11_577, 22)
    assert [entry.type for entry in told(app, process=process.ref)].count("outreach.recorded") == 410
    with app.app_context():
        assert drift.check(db.session()) == []
        db.session.rollback()


def test_each_says_what_the_city_published(clerk, read, process):
    rows = meetings()
    bring(clerk, process, ours(rows))
    kept = read(lambda s: s.scalars(select(Activity).order_by(Activity.id)).all())
    assert len(kept) == len(rows) == 410
    for activity, row in zip(kept, rows, strict=True):
        assert activity.held_on.strftime("%d/%m/%Y") == row["Data"]
        assert activity.reached == (int(row["Assistents"]) if row["Assistents"] else None)
        assert activity.counted == (Counted.ESTIMATED if row["Assistents"] else None)
        assert (activity.place, activity.done) == tuple(" ".join(row[name].split()) for name in ("Adreça", "Títol"))
    assert (min(each.held_on for each in kept), max(each.held_on for each in kept)) == (FIRST_DAY, LAST_DAY)
    districts = Counter(each.district for each in kept)
    assert (districts[None], districts["Ciutat Vella"], len(districts)) == (126, 39, 11)


def test_their_own_first_row_is_refused_with_what_it_must_say(clerk, process):
    refused = bring(clerk, process, FILE.read_bytes())
    assert refused.status_code == 422
    assert "The first row must name the columns: kind, date, place." in refused.text


def test_a_log_of_that_size_is_read_page_by_page(clerk, client, read, process, count_queries):
    few = f"/p/{process.public_id}/outreach"
    bring(clerk, process, ours(meetings()[:2]))
    asked = count_queries(lambda: client.get(few))
    bring(clerk, process, ours(meetings()))
    assert count_queries(lambda: client.get(few)) == asked
    seen, after, pages = 0, None, 0
    while pages == 0 or after is not None:
        page = read(lambda s, after=after: queries.list_activities(s, process, ActivityFilter(), after=after))
        seen, after, pages = seen + len(page.activities), page.after, pages + 1
    assert (seen, pages) == (410, 14)
