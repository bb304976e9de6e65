"""Pages of the register: what everybody sees, what coordinators do there, what evaluators may only read."""

from __future__ import annotations

import io
from datetime import datetime, timezone
from typing import Any

import pytest

from tests.accounts.making import make_account, sign_in
from tests.commitments.making import BEGINS, VISITS, correct, designate, frozen_process, official, read_off, register
from tests.processes.making import make_process
from tests.stakeholders.making import staff_browser, told
from ucc_participate.commitments.models import CommitmentState
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.models import ProcessState

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8ffff3f0005fe02fea735814a0000000049454e44ae426082"
)


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=timezone.utc)


def day_fields(name: str, year: int, month: int, day: int) -> dict[str, str]:
    return {f"{name}-day": str(day), f"{name}-month": f"gregorian-{month}", f"{name}-year": str(year)}


@pytest.fixture
def leila(perform, clock):
    return official(perform, clock.now())


@pytest.fixture
def process(perform, clock, leila):
    made = frozen_process(perform, clock.now())
    clock.at = noon(2028, 12, 10)
    return made


@pytest.fixture
def member(perform, process, leila):
    designate(perform, process, on=BEGINS, actor=leila, now=noon(2028, 12, 1))
    return process


@pytest.fixture
def desk(process):
    return f"/staff/processes/{process.public_id}/promises"


@pytest.fixture
def coordinator(app, perform, clock, process):
    account = make_account(
        perform, "mina@city.example", now=clock.now(), roles=(Role.COORDINATOR,), function="Planner", locale="en"
    )
    return sign_in(app, account, now=clock.now())


def text(answer: Any) -> str:
    found: str = answer.get_data(as_text=True)
    return found


def test_before_the_designation_nothing_is_overdue(client, process):
    page = text(client.get(f"/p/{process.public_id}/promises?lang=en"))
    assert "Buy the house" in page
    assert "state-low" not in page


def test_everybody_sees_what_is_overdue_first(client, member):
    page = text(client.get(f"/p/{member.public_id}/promises"))
    assert page.index("notice-low") < page.index("Buy the house") < page.index("Light the kiln")
    assert "state-low" in page


def test_a_process_without_a_frozen_plan_says_so(client, perform, clock):
    empty = make_process(perform, clock.now(), ProcessState.OPEN)
    answer = client.get(f"/p/{empty.public_id}/promises")
    assert answer.status_code == 200
    assert 'class="empty"' in text(answer)


def test_a_draft_of_a_process_has_no_public_register(client, perform, clock):
    draft = make_process(perform, clock.now(), ProcessState.DRAFT)
    assert client.get(f"/p/{draft.public_id}/promises").status_code == 404
    assert client.get(f"/p/{draft.public_id}/promises.json").status_code == 404


def test_a_corrected_number_is_shown_struck_out_beside_the_new_one(client, perform, member, leila):
    first = read_off(perform, member, 1, 210, actor=leila, now=noon(2028, 12, 5))
    correct(perform, member, first, 190, "Two doors were counted twice.", actor=leila, now=noon(2028, 12, 6))
    page = text(client.get(f"/p/{member.public_id}/promises/indicators/{VISITS}"))
    assert "<s>" in page
    assert "Two doors were counted twice." in page
    assert "<svg" in page
    assert client.get(f"/p/{member.public_id}/promises/indicators/nobody").status_code == 404


def test_the_register_is_open_data(client, perform, member, leila):
    read_off(perform, member, 1, "210.5", actor=leila, now=noon(2028, 12, 5))
    told_ = client.get(f"/p/{member.public_id}/promises.json").get_json()
    assert told_["format"] == "ucc-promises/1"
    assert told_["designation"]["designated_on"] == "2027-11-01"
    overdue = [each["title"].get("en") for each in told_["promises"] if each["overdue"]]
    assert overdue == ["Buy the house", None, None]  # and the review and the conference of the first year
    assert [each["value"] for each in told_["readings"]] == ["210.5"]


def test_the_pages_ask_the_database_as_often_whatever_the_number_of_promises(
    client, perform, member, leila, count_queries
):
    address = f"/p/{member.public_id}/promises"
    client.get(address)
    before = count_queries(lambda: client.get(address))
    first = read_off(perform, member, 1, 210, actor=leila, now=noon(2028, 12, 5))
    correct(perform, member, first, 190, "Two doors were counted twice.", actor=leila, now=noon(2028, 12, 6))
    after = count_queries(lambda: client.get(address))
    assert after == before <= 20


def test_a_coordinator_enters_the_designation_and_says_what_became_of_a_promise(app, coordinator, read, process, desk):
    typed = {"decision": "Letter CLT/2027/118", **day_fields("designated_on", 2027, 11, 1)}
    assert coordinator.post(f"{desk}/designation", data=typed).status_code == 303
    promise = register(read, process)["Buy the house"]
    address = f"{desk}/{promise.public_id}"
    refused = coordinator.post(address, data={"state": "kept", "note": "It is ours since spring."})
    assert refused.status_code == 422
    assert "It is ours since spring." in text(refused)
    file = (io.BytesIO(PNG), "deed.png")
    kept = {"state": "kept", "note": "It is ours.", "document": file, **day_fields("settled_on", 2028, 4, 3)}
    assert coordinator.post(address, data=kept, content_type="multipart/form-data").status_code == 303
    found = register(read, process)["Buy the house"]
    assert (found.status, str(found.settled_on)) == (CommitmentState.KEPT, "2028-04-03")
    assert len(told(app, subject=found.ref)[-1].payload["files"]) == 1
    assert "<bdi>deed" in text(coordinator.get(f"/p/{process.public_id}/promises"))


def test_two_people_on_one_promise_or_conference_overwrite_nothing_unseen(coordinator, perform, read, member, desk):
    step = register(read, member)["Buy the house"]
    told = {"state": "under_way", "seen": str(step.version)}
    page = f"{desk}/{step.public_id}"
    assert coordinator.post(page, data=told | {"note": "The notary has been asked."}).status_code == 303
    refused = coordinator.post(page, data=told | {"note": "Nobody has been asked."})
    assert refused.status_code == 409
    for said in ("The notary has been asked.", "Nobody has been asked.", "Somebody else has saved this meanwhile"):
        assert said in text(refused)
    met = {"place": "Fez", "attendance": "absent", "held_on-day": "1", "held_on-month": "gregorian-2"}
    met |= {"held_on-year": "2028", "seen": "0"}
    assert coordinator.post(f"{desk}/conferences/1", data=met).status_code == 303
    assert coordinator.post(f"{desk}/conferences/1", data=met | {"place": "Lyon"}).status_code == 409


def test_a_day_that_has_not_come_is_refused_and_nothing_typed_is_lost(coordinator, process, desk):
    typed = {"decision": "Letter CLT/2027/118", **day_fields("designated_on", 2029, 11, 1)}
    refused = coordinator.post(f"{desk}/designation", data=typed)
    assert refused.status_code == 422
    assert "Letter CLT/2027/118" in text(refused)


def test_a_coordinator_reads_off_an_indicator_and_corrects_it(coordinator, member, desk):
    typed = {"value": "۲۱۰٫۵", "evidence": "Tickets", **day_fields("measured_on", 2028, 12, 9)}
    address = f"{desk}/indicators/{VISITS}"
    assert coordinator.post(f"{address}/1", data={"evidence": "Tickets"}).status_code == 422
    assert coordinator.post(f"{address}/1", data=typed).status_code == 303
    again = coordinator.post(f"{address}/1", data=typed)
    assert again.status_code == 409
    page = text(coordinator.get(address))
    correcting = page.partition("/correct")[0].rpartition('href="')[2] + "/correct"
    answer = coordinator.post(correcting, data=typed | {"value": "190", "because": "Two doors were counted twice."})
    assert answer.status_code == 303
    assert coordinator.get(f"{address}/9").status_code == 404


def test_a_coordinator_enters_a_conference_drafts_a_review_and_begins_the_report(coordinator, read, member, desk):
    typed = {"place": "Łódź", "attendance": "online", "achievements-en": "The kiln burns again."}
    typed |= day_fields("held_on", 2028, 7, 3)
    assert coordinator.post(f"{desk}/conferences/1", data=typed).status_code == 303
    assert coordinator.get(f"{desk}/conferences/5").status_code == 404
    review = coordinator.post(f"{desk}/reviews/1")
    assert review.status_code == 303
    assert coordinator.get(review.headers["Location"]).status_code == 200
    assert coordinator.post(f"{desk}/reviews/1").status_code == 409
    report = coordinator.post(f"{desk}/report")
    assert report.status_code == 303
    assert coordinator.get(report.headers["Location"]).status_code == 200
    page = text(coordinator.get(desk))
    assert report.headers["Location"].rpartition("/")[2] in page
    found = register(read, member)
    assert found["conference 1"].status is CommitmentState.KEPT
    assert found["review 1"].status is found["report 4"].status is CommitmentState.UNDER_WAY
    public = text(coordinator.get(f"/p/{member.public_id}/promises"))
    assert "The kiln burns again." in public
    assert str(found["review 1"].about).partition("/")[2] not in public  # its process is a draft


@pytest.mark.parametrize("show", ["overdue", "open", "settled", "nonsense"])
def test_the_desk_filters_promises(coordinator, member, desk, show):
    assert coordinator.get(f"{desk}?show={show}").status_code == 200


def test_evaluators_read_the_desk_and_change_nothing(app, perform, read, member, desk, clock):
    evaluator = staff_browser(app, perform, Role.EVALUATOR, now=clock.now())
    promise = register(read, member)["Buy the house"]
    assert evaluator.get(desk).status_code == 200
    assert evaluator.get(f"{desk}/{promise.public_id}").status_code == 200
    assert evaluator.post(f"{desk}/{promise.public_id}", data={"state": "under_way"}).status_code == 403
    assert evaluator.get(f"{desk}/designation").status_code == 403
    assert evaluator.post(f"{desk}/report").status_code == 403


def test_strangers_do_not_see_the_desk(client, member, desk):
    assert client.get(desk).status_code in (302, 303)
