"""The monitoring report: drafted from what was entered, begun once, handed in when its dossier is frozen."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest
from sqlalchemy import update

from tests.commitments.making import (
    BEGINS,
    act,
    conference,
    designate,
    frozen_process,
    move,
    official,
    read_off,
    register,
)
from tests.stakeholders.making import CITY
from ucc_participate.audit.log import record
from ucc_participate.commitments import operations
from ucc_participate.commitments.drafting import DRAFTS, Fact, chosen
from ucc_participate.commitments.models import CommitmentState
from ucc_participate.commitments.operations import Moved
from ucc_participate.commitments.review import review_of
from ucc_participate.commitments.views.yearly import REPORT_FORM
from ucc_participate.dossier import operations as dossiers
from ucc_participate.dossier.drafts import draft_of
from ucc_participate.dossier.sections import sections_of
from ucc_participate.kernel.db import db, table_of
from ucc_participate.kernel.errors import Conflict, Invalid
from ucc_participate.outreach.models import Activity, ActivityKind
from ucc_participate.processes import operations as processes
from ucc_participate.processes.models import Process
from ucc_participate.resources.events import ResourceEvent
from ucc_participate.resources.models import Certainty, Resource, ResourceKind


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=timezone.utc)


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def leila(perform, now):
    return official(perform, now)


@pytest.fixture
def process(perform, now, leila):
    made = frozen_process(perform, now)
    designate(perform, made, on=BEGINS, actor=leila, now=noon(2027, 11, 20))
    return made


def report(perform: Any, process: Any, actor: Any, now: datetime) -> Any:
    def work(session: Any, here: Any, *, today: date, actor: Any, now: datetime) -> Any:
        dossier = dossiers.begin_dossier(session, here, REPORT_FORM, dossiers.Terms(), actor=actor, now=now)
        operations.begin_report(session, here, dossier, actor=actor, now=now)
        return dossier

    return act(perform, process, work, actor=actor, now=now)


def drafts(app: Any, dossier: Any, language: str) -> dict[str, Any]:
    with app.test_request_context():
        found = {section.id: draft_of(dossier, section, language) for section in sections_of(dossier.form.content)}
    return {known: draft.text if draft else None for known, draft in found.items()}


def test_the_report_is_drafted_from_what_was_entered(app, perform, read, process, leila, clock):
    read_off(perform, process, 1, 210, actor=leila, now=noon(2028, 11, 10))
    conference(perform, process, 1, actor=leila, now=noon(2028, 7, 3))
    kept = Moved(CommitmentState.KEPT, evidence="Deed 1407/22")
    move(perform, process, register(read, process)["Buy the house"], kept, actor=leila, now=noon(2028, 4, 3))
    clock.at = noon(2028, 12, 1)
    written = drafts(app, report(perform, process, leila, clock.now()), "en")
    assert "Of 14 promises, 2 are kept by 1 December 2028." in written["1"]
    assert "1 of 2 indicators were read; 0 have reached their target." in written["1"]
    assert "Day of designation: 1 November 2027." in written["2"]
    assert "In year 1 (Łódź, 3 July 2028) the city was there in person." in written["3"]
    assert "The kiln burns again." in written["3"]
    assert "Kilns." in written["4"]
    assert "1 of its 4 promises are kept." in written["4"]
    assert "Visits 210 people on 10 November 2028 (before 100, target 500)" in written["4"]
    assert "School." in written["5"]
    assert "School" not in written["4"]
    assert "Kilns, still to be done: Light the kiln" in written["6.1"]
    assert written["6.1"].count("Kilns") == 1
    assert written["6.3"] is None
    address = f"{app.extensions['ucc.settings'].public_url}/p/{process.public_id}/promises"
    assert written["6.4"] == f"Every promise and what became of it is public: {address}"


def test_the_same_facts_are_told_in_persian_with_persian_digits(app, perform, process, leila, clock):
    read_off(perform, process, 1, 210, actor=leila, now=noon(2028, 11, 10))
    clock.at = noon(2028, 12, 1)
    written = drafts(app, report(perform, process, leila, clock.now()), "fa")
    assert "۲۱۰ نفر" in written["4"]
    assert not any("0" <= letter <= "9" for letter in written["4"])


def test_a_limit_leaves_whole_facts_out_and_cuts_no_sentence():
    facts = [Fact("a", "One two three.", 2), Fact("b", "Four five.", 1), Fact("c", "Six seven eight nine.", 3)]
    draft = chosen(facts, 5)
    assert draft is not None
    assert (draft.text, draft.used, draft.left_out) == ("One two three. Four five.", ("a", "b"), ("c",))
    assert chosen(facts, 1) is None
    everything = chosen(facts, None)
    assert everything is not None
    assert everything.left_out == ()


def test_every_draft_that_the_form_names_is_made(app, perform, process, leila, clock):
    clock.at = noon(2028, 12, 1)
    dossier = report(perform, process, leila, clock.now())
    named = {section.draft for section in sections_of(dossier.form.content) if section.draft}
    assert named == set(DRAFTS)


def test_the_budget_is_drafted_from_what_is_written_down_for_the_coming_years(app, perform, process, leila, clock):
    clock.at = noon(2028, 12, 1)
    perform(lambda session: lay_down_money(session, process, clock.now()))
    written = drafts(app, report(perform, process, leila, clock.now()), "en")["6.3"].replace("\xa0", " ")
    first, years, sources = written.split("\n\n")
    assert first == "Money for the coming years: IRR 3,000 secured, IRR 500 expected."
    assert years == "2028: IRR 1,000 secured, IRR 500 expected. 2029: IRR 2,000 secured, IRR 0 expected."
    assert sources == "City budget: IRR 3,000 secured, IRR 0 expected. Sponsors: IRR 0 secured, IRR 500 expected."


def lay_down_money(session: Any, process: Any, now: datetime) -> None:
    lines = (
        *((2027, "City budget", 9_000, Certainty.SECURED), (2028, "City budget", 1_000, Certainty.SECURED)),
        *((2028, "Sponsors", 500, Certainty.EXPECTED), (2029, "City budget", 2_000, Certainty.SECURED)),
    )
    for place, (year, source, amount, certainty) in enumerate(lines):
        facts: dict[str, Any] = {"year": year, "source": {"en": source}, "amount": amount, "certainty": certainty}
        known = {"public_id": f"money{place}", "process_id": process.id, "kind": ResourceKind.MONEY, "created_at": now}
        session.add(Resource(**facts, **known))
    record(session, ResourceEvent.RECORDED, actor=CITY, subject="rows/made", now=now, schema="ucc.rows/1")


def test_what_was_done_to_reach_people_since_the_designation_is_drafted(app, perform, process, leila, clock):
    clock.at = noon(2028, 12, 1)
    for day, void in ((date(2027, 10, 1), False), (date(2028, 2, 1), False), (date(2028, 3, 1), True)):
        perform(lambda session, day=day, void=void: reach_out(session, process, day, clock.now(), is_void=void))
    written = drafts(app, report(perform, process, leila, clock.now()), "en")["6.4"]
    assert written.startswith("Since the designation the city reached out to people in these ways: Workshop 1. ")


def reach_out(session: Any, process: Any, day: date, now: datetime, *, is_void: bool) -> None:
    known = {"public_id": f"act{day:%m%d}", "number": 1, "process_id": process.id, "recorded_at": now}
    facts: dict[str, Any] = {"kind": ActivityKind.WORKSHOP, "held_on": day, "place": "Bazaar", "group": "all"}
    session.add(Activity(**known, **facts, done="We wove.", is_void=is_void, evidence=[], recorded_by=CITY.key))
    record(session, ResourceEvent.RECORDED, actor=CITY, subject="rows/made", now=now, schema="ucc.rows/1")


def test_the_report_is_handed_in_when_its_dossier_is_frozen(app, perform, read, process, leila, clock):
    clock.at = noon(2031, 9, 1)
    dossier = report(perform, process, leila, clock.now())
    assert register(read, process)["report 4"].status is CommitmentState.UNDER_WAY

    def frozen(session: Any, here: Any, *, today: date, actor: Any, now: datetime) -> None:
        found = session.merge(dossier, load=True)
        found.process = here
        own = [each for each in app.extensions["ucc.dossier_frozen"] if "commitments" in each.__module__]
        for tell in own:
            tell(session, found, actor=actor, now=now, size=1)

    with app.test_request_context():
        act(perform, process, frozen, actor=leila, now=clock.now())
    duty = register(read, process)["report 4"]
    assert (duty.status, duty.about) == (CommitmentState.KEPT, dossier.ref)


def review(perform: Any, app: Any, process: Any, actor: Any, now: datetime) -> Any:
    def begin(session: Any, here: Any, *, today: date, actor: Any, now: datetime) -> Any:
        made = processes.create_process(session, description, actor=actor, now=now)
        return operations.begin_review(session, here, made, year=1, actor=actor, now=now)

    with app.app_context():
        description, _phases = review_of(process, year=1, today=now.date())
    return act(perform, process, begin, actor=actor, now=now)


def test_a_review_that_is_only_drafted_is_neither_kept_nor_counted(app, perform, read, process, leila, clock):
    duty = review(perform, app, process, leila, noon(2028, 6, 1))
    kept = Moved(CommitmentState.KEPT)
    with pytest.raises(Invalid) as refusal:
        move(perform, process, duty, kept, actor=leila, now=noon(2028, 7, 1))
    assert refusal.value.field == "evidence"
    clock.at = noon(2028, 12, 1)
    dossier = report(perform, process, leila, clock.now())
    assert "in 0 yearly review" in drafts(app, dossier, "en")["1"]
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(
            update(table_of(Process)).where(table_of(Process).c.public_id == duty.about[8:]).values(status="open")
        )
    move(perform, process, duty, kept, actor=leila, now=noon(2028, 12, 1))
    assert "in 1 yearly review" in drafts(app, dossier, "en")["1"]


def test_the_report_is_begun_once_and_another_report_does_not_settle_it(app, perform, read, process, leila, clock):
    clock.at = noon(2031, 9, 1)
    mine = report(perform, process, leila, clock.now())
    with pytest.raises(Conflict):
        report(perform, process, leila, clock.now())
    assert register(read, process)["report 4"].about == mine.ref

    def other(session: Any, here: Any, *, today: date, actor: Any, now: datetime) -> None:
        dossier = dossiers.begin_dossier(session, here, REPORT_FORM, dossiers.Terms(), actor=actor, now=now)
        operations.hand_in_report(session, dossier, today=today, actor=actor, now=now)

    act(perform, process, other, actor=leila, now=clock.now())
    assert register(read, process)["report 4"].status is CommitmentState.UNDER_WAY


def test_what_was_written_in_another_language_alone_is_in_no_draft(app, perform, process, leila, clock):
    conference(perform, process, 1, actor=leila, now=noon(2028, 7, 3), achievements={"fa": "کوره دوباره روشن است."})
    clock.at = noon(2028, 12, 1)
    written = drafts(app, report(perform, process, leila, clock.now()), "en")
    assert "the city was there in person" in written["3"]
    assert "کوره" not in written["3"]
