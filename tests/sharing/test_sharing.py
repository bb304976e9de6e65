"""Giving and taking: sheets, exchanges, files of other cities; what the log says and what the pages show."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.processes.making import make_process
from tests.proposals.making import official, person, proposing_process
from tests.sharing.making import add_city, add_plan
from tests.sharing.test_bundle import ORIGIN, OTHER, SIGNER, note
from tests.stakeholders.making import ACTORS, CITY, drift_faults, staff_browser, told
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from ucc_participate.kernel.identity import VISITOR, Role
from ucc_participate.plan.queries import initiatives_of, plan_to_change
from ucc_participate.processes.models import Process, ProcessState
from ucc_participate.processes.queries import process_to_change
from ucc_participate.sharing import operations, policies, queries
from ucc_participate.sharing.bundle import open_share
from ucc_participate.sharing.models import Direction, ExchangeFacts, ExchangeKind, PracticeState, PracticeText

SHEET = PracticeText(
    title={"fa": "کوره‌های شبانه", "en": "Night kilns"},
    parts={"summary": {"en": "Kilns are shared."}, "done": {"en": "A rota."}, "results": {"en": "31 potters."}},
    areas=("AREA-2",),
    objectives=("OBJ-1",),
)
REASON = "The kilns were closed in spring."


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def process(perform, now, clock):
    made, then = proposing_process(perform, now)
    clock.at = then
    return made


@pytest.fixture
def leila(perform, now):
    return official(perform, now=now)


def within(perform: Any, process: Any, work: Any) -> Any:
    return perform(lambda session: work(session, process_to_change(session, process.public_id, actor=CITY)))


def draft(perform: Any, process: Any, sheet: PracticeText, *, actor: Any, now: Any) -> Any:
    return within(perform, process, lambda s, p: operations.draft_practice(s, p, sheet, actor=actor, now=now))


def change(perform: Any, process: Any, practice: Any, operation: Any, *args: Any, **facts: Any) -> None:
    def work(session: Any, here: Any) -> None:
        operation(session, queries.practice_to_change(session, here, practice.public_id), *args, **facts)

    within(perform, process, work)


def receive(perform: Any, process: Any, data: bytes, *, actor: Any, now: Any, has_compared: bool = True) -> Any:
    def work(session: Any, here: Any) -> Any:
        return operations.receive_share(session, here, data, has_compared=has_compared, actor=actor, now=now)

    return within(perform, process, work)


def test_a_sheet_is_nobodys_business_until_it_is_published(app, perform, read, process, leila, clock):
    made = draft(perform, process, SHEET, actor=leila, now=clock.now())
    assert [entry.payload for entry in told(app, subject=made.ref)] == [{}]
    assert read(lambda s: queries.practices_of(s, process, actor=VISITOR)) == []
    with pytest.raises(NotFound):
        read(lambda s: queries.get_practice(s, process, made.public_id, actor=VISITOR, now=clock.now()))
    change(perform, process, made, operations.publish_practice, actor=leila, now=clock.now())
    entry = told(app, subject=made.ref)[-1]
    assert (entry.type, entry.payload["status"]) == ("practice.published", "published")
    assert entry.payload["title"] == SHEET.title
    assert len(read(lambda s: queries.practices_of(s, process, actor=VISITOR))) == 1
    assert drift_faults(app) == []


def test_a_sheet_without_results_is_not_published_and_says_what_is_missing(perform, process, leila, clock):
    thin = PracticeText(title={"en": "Night kilns"}, parts={"summary": {"en": "x"}, "done": {"en": "y"}})
    made = draft(perform, process, thin, actor=leila, now=clock.now())
    with pytest.raises(Invalid) as refusal:
        change(perform, process, made, operations.publish_practice, actor=leila, now=clock.now())
    assert refusal.value.field == "results"


def test_a_sheet_names_no_initiative_of_a_plan_that_is_not_public_and_none_of_another_city(
    app, client, perform, read, process, leila, clock
):
    initiative = within(perform, process, lambda s, p: add_plan(s, p, clock.now(), is_public=False).id)
    sheet = replace(SHEET, initiative_id=initiative)
    made = draft(perform, process, sheet, actor=leila, now=clock.now())
    change(perform, process, made, operations.publish_practice, actor=leila, now=clock.now())
    page = f"/p/{process.public_id}/sharing/practices/{made.public_id}?lang=en"
    assert "Workshops of women weavers" not in client.get(page).text
    browser = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    assert "Workshops of women weavers" in browser.get(page).text
    other = make_process(perform, clock.now(), ProcessState.OPEN)
    with pytest.raises(Invalid) as refusal:
        draft(perform, other, sheet, actor=leila, now=clock.now())
    assert refusal.value.field == "initiative"


def test_what_was_published_is_withdrawn_with_a_reason_that_stays(app, perform, read, process, leila, clock):
    made = draft(perform, process, SHEET, actor=leila, now=clock.now())
    facts = {"actor": leila, "now": clock.now()}
    with pytest.raises(Conflict):
        change(perform, process, made, operations.withdraw_practice, reason=REASON, **facts)
    change(perform, process, made, operations.publish_practice, **facts)
    change(perform, process, made, operations.withdraw_practice, reason=REASON, **facts)
    assert told(app, subject=made.ref)[-1].payload["reason"] == REASON
    found = read(lambda s: queries.get_practice(s, process, made.public_id, actor=leila, now=clock.now()))
    assert found.status is PracticeState.WITHDRAWN
    change(perform, process, made, operations.publish_practice, **facts)
    assert drift_faults(app) == []


@pytest.mark.parametrize("who", sorted(ACTORS))
def test_coordinators_alone_give_and_take(read, process, clock, who):
    is_allowed = bool(policies.can_share(ACTORS[who], process, now=clock.now()))
    assert is_allowed is (who in ("coordinator", "system"))


def test_an_exchange_is_corrected_in_the_open_and_taken_back(app, perform, read, process, leila, clock):
    city = within(perform, process, lambda s, p: add_city(s, p, "Kütahya", clock.now()).id)
    facts = ExchangeFacts(
        city_id=city,
        kind=ExchangeKind.TRAINEES,
        direction=Direction.RECEIVED,
        held_on=date(2026, 1, 5),
        what={"en": "Three potters for a month"},
        people=3,
    )
    within(perform, process, lambda s, p: operations.record_exchange(s, p, facts, actor=leila, now=clock.now()))
    with pytest.raises(Invalid):
        within(perform, process, lambda s, p: operations.record_exchange(s, p, facts, actor=leila, now=clock.now()))
    [made] = read(lambda s: queries.exchanges_of(s, process))

    def correct(session: Any, here: Any) -> None:
        found = queries.get_exchange(session, here, made.public_id, for_update=True)
        changed = ExchangeFacts(**{**_facts(facts), "people": 4})
        operations.correct_exchange(session, found, changed, reason="One more came.", actor=leila, now=clock.now())

    def take_back(session: Any, here: Any) -> None:
        found = queries.get_exchange(session, here, made.public_id, for_update=True)
        operations.void_exchange(session, found, reason="It was postponed.", actor=leila, now=clock.now())

    within(perform, process, correct)
    within(perform, process, take_back)
    log = told(app, subject=made.ref)
    assert [entry.payload["people"] for entry in log] == [3, 4, 4]
    for again in (correct, take_back):
        with pytest.raises(Conflict):
            within(perform, process, again)
    browser = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    page = browser.get(f"/staff/processes/{process.public_id}/sharing/exchanges/{made.public_id}?lang=en").text
    assert ("It was postponed." in page, "<textarea" in page) == (True, False)
    assert (log[-1].payload["is_void"], log[-1].payload["corrected_because"]) == (True, "It was postponed.")
    assert read(lambda s: queries.exchanges_of(s, process)) == []
    assert drift_faults(app) == []


def test_an_exchange_that_is_still_to_come_is_not_noted(perform, process, leila, clock):
    city = within(perform, process, lambda s, p: add_city(s, p, "Kütahya", clock.now()).id)
    facts = ExchangeFacts(
        city_id=city,
        kind=ExchangeKind.VISIT,
        direction=Direction.MUTUAL,
        held_on=(clock.now() + timedelta(days=3)).date(),
        what={"en": "A visit"},
    )
    with pytest.raises(Invalid) as refusal:
        within(perform, process, lambda s, p: operations.record_exchange(s, p, facts, actor=leila, now=clock.now()))
    assert refusal.value.field == "held_on"


def test_a_new_city_is_taken_in_only_by_who_has_compared_its_key(app, perform, read, process, leila, clock):
    with pytest.raises(Invalid) as refusal:
        receive(perform, process, note(), actor=leila, now=clock.now(), has_compared=False)
    assert refusal.value.field == "has_compared"
    share = receive(perform, process, note(), actor=leila, now=clock.now())
    entry = told(app, subject=share.ref)[-1]
    assert (entry.type, entry.payload["origin"], entry.payload["vkey"]) == ("share.received", ORIGIN, SIGNER.vkey)
    assert read(lambda s: queries.origin_of(s, ORIGIN)).compared_by == "Leila Moradi, Head of culture"
    again = note(city="Other city, later")
    assert receive(perform, process, again, actor=leila, now=clock.now(), has_compared=False).city.endswith("later")
    with pytest.raises(Conflict):
        receive(perform, process, note(), actor=leila, now=clock.now())
    assert drift_faults(app) == []


def test_a_bad_signature_leaves_nothing(perform, read, process, leila, clock):
    receive(perform, process, note(), actor=leila, now=clock.now())
    for data in (note(OTHER), note(OTHER, vkey=OTHER.vkey), note().replace(b"Night", b"Noght")):
        with pytest.raises(Invalid):
            receive(perform, process, data, actor=leila, now=clock.now())
    assert len(read(lambda s: queries.shares_of(s, process))) == 1


def test_a_process_is_drafted_after_the_pattern_of_another_city(app, perform, read, process, leila, clock):
    share = receive(perform, process, note(), actor=leila, now=clock.now())

    def work(session: Any, here: Any) -> Process:
        found = queries.get_share(session, here, share.public_id, for_update=True)
        return operations.take_process(session, found, begins_on=date(2027, 3, 21), actor=leila, now=clock.now())

    made = within(perform, process, work)
    assert made.status is ProcessState.DRAFT
    assert made.title == {"en": "title"}
    [phase] = made.phases
    assert (phase.kind.value, phase.length.days) == ("propose", 30)
    assert told(app, subject=share.ref)[-1].payload["used"] == [{"what": "process", "became": made.ref}]
    assert drift_faults(app) == []


def test_an_indicator_of_another_city_is_measured_here_without_its_target(app, perform, read, process, leila, clock):
    share = receive(perform, process, note(), actor=leila, now=clock.now())
    initiative = within(perform, process, lambda s, p: add_plan(s, p, clock.now(), is_public=False).id)

    def work(session: Any, here: Any) -> Any:
        found = queries.get_share(session, here, share.public_id, for_update=True)
        [mine] = [each for each in initiatives_of(session, plan_to_change(session, here)) if each.id == initiative]
        return operations.take_indicator(session, found, 0, mine, actor=leila, now=clock.now())

    made = within(perform, process, work)
    assert (made.kind.value, made.target, made.baseline) == ("output", None, None)
    with pytest.raises(Conflict):
        within(perform, process, work)
    _person, sara = person(perform, "Sara", now=clock.now())
    with pytest.raises(Forbidden):
        receive(perform, process, note(city="x"), actor=sara, now=clock.now())


def test_the_file_that_a_city_gives_is_one_that_another_can_take(app, client, perform, process, leila, clock):
    made = draft(perform, process, SHEET, actor=leila, now=clock.now())
    change(perform, process, made, operations.publish_practice, actor=leila, now=clock.now())
    within(perform, process, lambda s, p: add_plan(s, p, clock.now()).id)
    answer = client.get(f"/p/{process.public_id}/sharing/ucc-share.note")
    received = open_share(answer.data)
    assert [each["title"]["en"] for each in received.content["practices"]] == ["Night kilns"]
    assert [each["title"]["en"] for each in received.content["indicators"]] == ["Women trained"]
    assert "target" not in received.content["indicators"][0]
    assert received.content["process"]["phases"][0]["starts_after_days"] == 0
    assert not {"responsible", "contact"} & set(answer.get_data(as_text=True).split('"'))


def test_the_pages_lead_a_coordinator_from_the_file_to_a_drafted_process(app, perform, process, clock):
    browser = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    home = f"/staff/processes/{process.public_id}/sharing"
    unknown = browser.post(f"{home}/receive", data={"file": (io.BytesIO(note()), "x.note")})
    assert unknown.status_code == 422
    assert SIGNER.vkey.split("+")[1] in unknown.get_data(as_text=True)
    sent = {"file": (io.BytesIO(note()), "x.note"), "has_compared": "y"}
    taken = browser.post(f"{home}/receive", data=sent)
    assert taken.status_code == 303
    page = browser.get(taken.location).get_data(as_text=True)
    assert "Night kilns" in page
    assert "Women trained" in page
    begun = browser.post(
        f"{taken.location}/process",
        data={"begins_on-day": "1", "begins_on-month": "gregorian-3", "begins_on-year": "2027"},
    )
    assert begun.status_code == 303
    assert begun.location.endswith("/edit")
    forged = browser.post(f"{home}/receive", data={"file": (io.BytesIO(note(OTHER)), "x.note")})
    assert forged.status_code == 422
    assert "signature of this file is wrong" in forged.get_data(as_text=True)


def test_two_people_on_one_sheet_overwrite_nothing_unseen(app, perform, read, process, leila, clock):
    made = draft(perform, process, SHEET, actor=leila, now=clock.now())
    browser = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    page = f"/staff/processes/{process.public_id}/sharing/practices/{made.public_id}/edit"
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', browser.get(page).text)
    assert seen is not None
    mine = {"title-en": "Night kilns", "done-en": "Mine.", "seen": seen[1]}
    assert browser.post(page, data=mine | {"done-en": "Theirs."}).status_code == 303
    refused = browser.post(page, data=mine)
    assert (refused.status_code, "Mine." in refused.text) == (409, True)
    again = re.search(r'name="seen"[^>]*value="(\d+)"', refused.text)
    assert again is not None
    assert browser.post(page, data=mine | {"seen": again[1]}).status_code == 303
    found = read(lambda s: queries.get_practice(s, process, made.public_id, actor=leila, now=clock.now()))
    assert found.parts["done"] == {"en": "Mine."}


def test_what_a_coordinator_types_comes_back_when_something_is_wrong(app, perform, process, clock):
    browser = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    home = f"/staff/processes/{process.public_id}/sharing"
    answer = browser.post(f"{home}/practices/new", data={"title-en": "abc", "done-en": "We lit the kilns at night."})
    assert answer.status_code == 422
    assert "We lit the kilns at night." in answer.get_data(as_text=True)
    kept = browser.post(f"{home}/practices/new", data={"title-en": "Night kilns", "done-en": "At night."})
    assert kept.status_code == 303
    sheet = browser.get(kept.location).get_data(as_text=True)
    assert "Night kilns" in sheet
    assert "At night." in sheet
    refused = browser.post(kept.location.replace("/p/", "/staff/processes/") + "/publish")
    assert refused.status_code == 422
    assert browser.get(home).status_code == browser.get(f"/p/{process.public_id}/sharing").status_code == 200


def _facts(facts: ExchangeFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in facts.__slots__}
