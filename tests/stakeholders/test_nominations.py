"""Naming an organisation that the register lacks, and the city's answer that everybody reads."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.stakeholders.making import ACTORS, details, make_organisation, staff_browser, told
from ucc_participate.audit import drift
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.kernel.identity import VISITOR, Role, new_pseudonym
from ucc_participate.stakeholders import operations, queries
from ucc_participate.stakeholders.models import NominationOutcome
from ucc_participate.stakeholders.operations import Nominated
from ucc_participate.vocabularies.uccn import Sector

TYPED = {"name": "Weavers of the bazaar", "sector": "private", "why": "They employ forty women", "contact": "013-77"}
PRIVATE = ("They employ forty women", "013-77")


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def clerk(app, perform, now):
    return staff_browser(app, perform, Role.CLERK, now=now)


@pytest.fixture
def name_it(perform, now):
    """``name_it("Weavers")``: a visitor names an organisation; the nomination."""

    def run(name, *, key=None, at=now, **more):
        facts = {"sector": Sector.PRIVATE, "why": "They matter", "contact": "013-77"} | more
        said = Nominated(name=name, idempotency_key=key or new_pseudonym()[:22], **facts)
        return perform(lambda s: operations.nominate(s, said, actor=VISITOR, now=at))

    return run


@pytest.fixture
def answer(perform, now):
    """``answer(nomination, outcome, organisation=…)``: the clerk answers it."""

    def run(nomination, outcome, *, actor=ACTORS["clerk"], organisation=None, reason="We looked"):
        def work(session):
            found = queries.nomination_to_change(session, nomination.public_id)
            meant = session.merge(organisation, load=False) if organisation else None
            facts = {"outcome": outcome, "reason": reason, "organisation": meant}
            operations.answer_nomination(session, found, **facts, actor=actor, now=now)

        perform(work)

    return run


def listed(read):
    return read(lambda s: queries.list_nominations(s)).nominations


def test_a_visitor_names_an_organisation_and_the_log_holds_back_the_name(app, name_it):
    made = name_it("Weavers of the bazaar")
    [entry] = told(app, subject=made.ref)
    assert (entry.type, entry.values["role"], entry.values["process"]) == ("nomination.submitted", "visitor", None)
    assert entry.payload == {
        "name": None,
        "sector": "private",
        "times": 1,
        "outcome": None,
        "reason": None,
        "organisation": None,
    }


def test_the_same_organisation_named_again_joins_in(app, name_it, read):
    first = name_it("انجمن سفال‌گران")
    name_it("انجمن سفالگران")
    name_it("انجمن سفال گران!")
    [nomination] = listed(read)
    assert (nomination.public_id, nomination.times) == (first.public_id, 3)
    assert [each.type for each in told(app, subject=first.ref)] == [
        "nomination.submitted",
        *["nomination.repeated"] * 2,
    ]
    with app.app_context():
        assert drift.check(db.session()) == []


def test_a_second_press_of_the_button_counts_once(client, read):
    typed = TYPED | {"idempotency_key": "k" * 22}
    assert client.post("/stakeholders/nominate", data=typed).status_code == 303
    assert client.post("/stakeholders/nominate", data=typed).status_code == 303
    assert [nomination.times for nomination in listed(read)] == [1]


def test_what_is_in_the_register_is_shown_and_not_named(client, perform, read, now):
    made = make_organisation(perform, "کتاب‌خانهٔ شهر", now=now)
    answer = client.post("/stakeholders/nominate", data=TYPED | {"name": "كتابخانه شهر"})
    assert answer.status_code == 422
    assert f"/stakeholders/{made.public_id}" in answer.text
    assert listed(read) == []


@pytest.mark.parametrize("missing", ["name", "sector", "why"])
def test_what_must_be_said_is_asked_for(client, read, missing):
    answer = client.post("/stakeholders/nominate", data=TYPED | {missing: ""})
    assert answer.status_code == 422
    assert "013-77" in answer.text
    assert listed(read) == []


@pytest.mark.parametrize("name", ["?!", "\u202e", "—"])
def test_a_name_without_a_letter_is_no_name(name_it, read, name):
    with pytest.raises(Invalid) as fault:
        name_it(name)
    assert fault.value.field == "name"
    assert listed(read) == []


@pytest.mark.settings(UCC_RATE_LIMITS="yes")
def test_one_address_names_five_a_minute(client, read):
    sent = [client.post("/stakeholders/nominate", data=TYPED | {"name": f"Guild {n}"}).status_code for n in range(7)]
    assert sent == [303] * 5 + [429] * 2
    assert len(listed(read)) == 5


def test_machines_fall_into_the_trap(app, client, read):
    app.config["UCC_HUMAN_CHECK"] = True
    assert client.post("/stakeholders/nominate", data=TYPED | {"homepage": "http://spam.example"}).status_code == 422
    assert listed(read) == []


def test_nobody_but_staff_reads_the_name_and_what_was_said_before_the_answer(client, clerk, read):
    client.post("/stakeholders/nominate", data=TYPED)
    [made] = listed(read)
    public = client.get("/stakeholders/nominations").text
    assert "shown with the answer" in public
    assert TYPED["name"] not in public
    desk = clerk.get(f"/staff/stakeholders/nominations/{made.public_id}").text
    assert TYPED["name"] in clerk.get("/staff/stakeholders/nominations").text
    for private in PRIVATE:
        assert private in desk
        assert private not in public
    assert client.get("/staff/stakeholders/nominations").status_code == 303
    assert client.get(f"/staff/stakeholders/nominations/{made.public_id}").status_code == 303


def test_an_accepted_one_is_registered_and_the_two_stay_joined(app, client, clerk, read):
    client.post("/stakeholders/nominate", data=TYPED)
    [made] = listed(read)
    typed = {"outcome": "registered", "reason": "They are many", "name": TYPED["name"], "sector": "private"}
    typed |= {"subtype": "workshop", "identified_by": "Named by people of the city"}
    address = f"/staff/stakeholders/nominations/{made.public_id}"
    assert clerk.post(address, data=typed | {"subtype": ""}).status_code == 422
    assert clerk.post(address, data=typed).status_code == 303
    [nomination] = listed(read)
    organisation = nomination.organisation
    assert (organisation.name, nomination.outcome) == (TYPED["name"], NominationOutcome.REGISTERED)
    [entry] = told(app, subject=organisation.ref)
    assert entry.type == "organisation.registered"
    last = told(app, subject=nomination.ref)[-1]
    assert (last.type, last.payload["organisation"]) == ("nomination.answered", organisation.ref)
    assert "They are many" in client.get("/stakeholders/nominations").text
    assert "Named by people of the city" in client.get(f"/stakeholders/{organisation.public_id}").text
    assert clerk.post(address, data=typed).status_code == 409
    with app.app_context():
        assert drift.check(db.session()) == []


def test_a_known_one_needs_the_entry_that_is_meant(app, client, clerk, perform, read, now):
    client.post("/stakeholders/nominate", data=TYPED)
    [made] = listed(read)
    known = make_organisation(perform, "Weavers of the bazaar of Sepidrud", now=now)
    address = f"/staff/stakeholders/nominations/{made.public_id}"
    typed = {"outcome": "known", "reason": "Under its full name"}
    assert clerk.post(address, data=typed).status_code == 422
    assert clerk.post(address, data=typed | {"organisation": known.public_id}).status_code == 303
    assert told(app, subject=made.ref)[-1].payload["organisation"] == known.ref


@pytest.mark.parametrize(
    ("outcome", "shown"), [(NominationOutcome.NO_STAKEHOLDER, True), (NominationOutcome.UNFIT, False)]
)
def test_a_refusal_is_public_with_its_reason_and_insults_are_not(app, client, name_it, answer, outcome, shown):
    made = name_it("A rude word")
    answer(made, outcome, reason="It has nothing to do with culture")
    page = client.get("/stakeholders/nominations").text
    assert "It has nothing to do with culture" in page
    assert ("A rude word" in page) is shown
    entries = told(app, subject=made.ref)
    assert ("A rude word" in json.dumps([entry.payload for entry in entries])) is shown


def test_what_people_said_is_forgotten_with_the_answer(name_it, answer, read):
    made = name_it("Weavers")
    answer(made, NominationOutcome.NO_STAKEHOLDER)
    assert read(lambda s: queries.get_nomination(s, made.public_id)).voices == []


def test_an_answered_one_can_be_named_anew_and_is_not_answered_twice(name_it, answer, read):
    first = name_it("Weavers")
    answer(first, NominationOutcome.NO_STAKEHOLDER)
    second = name_it("Weavers")
    assert second.public_id != first.public_id
    with pytest.raises(Conflict):
        answer(first, NominationOutcome.UNFIT)
    with pytest.raises(Invalid) as fault:
        answer(second, NominationOutcome.UNFIT, reason="")
    assert fault.value.field == "reason"


@pytest.mark.parametrize("name", ["visitor", "resident", "delegate", "evaluator"])
def test_nobody_but_staff_answers(name_it, answer, perform, read, now, name):
    made = name_it("Weavers")
    with pytest.raises(Forbidden):
        answer(made, NominationOutcome.UNFIT, actor=ACTORS[name])

    def accept(session):
        found = queries.nomination_to_change(session, made.public_id)
        facts = {"reason": "Good", "actor": ACTORS[name], "now": now}
        operations.accept_nomination(session, found, details("Weavers"), **facts)

    with pytest.raises(Forbidden):
        perform(accept)
    assert read(queries.count_organisations).total == 0


def test_pages_of_nominations_follow_each_other_and_counts_know_the_overdue(name_it, read, now):
    for number in range(5):
        name_it(f"Guild {number}", at=now - timedelta(days=20 - number * 4))
    first = read(lambda s: queries.list_nominations(s, limit=3))
    rest = read(lambda s: queries.list_nominations(s, after=first.after, limit=3))
    seen = [each.name for each in (*first.nominations, *rest.nominations)]
    assert seen == [f"Guild {number}" for number in (4, 3, 2, 1, 0)]
    queue = read(lambda s: queries.waiting_nominations(s, limit=2))
    assert [each.name for each in queue.nominations] == ["Guild 0", "Guild 1"]
    counts = read(lambda s: queries.count_nominations(s, overdue_before=now - timedelta(days=14)))
    assert (counts.total, counts.waiting, counts.overdue) == (5, 5, 2)


def test_the_list_of_nominations_costs_the_same_whatever_its_length(client, name_it, answer, count_queries):
    costs = []
    for number in range(2):
        answer(name_it(f"Guild {number}"), NominationOutcome.NO_STAKEHOLDER)
        client.get("/stakeholders/nominations")
        costs.append(count_queries(lambda: client.get("/stakeholders/nominations")))
    assert costs[0] == costs[1]
