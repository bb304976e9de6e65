"""Partner cities: who writes them down, what is proven, what everybody reads and what only staff do."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest

from tests.accounts.making import make_account
from tests.proposals.making import official, proposing_process
from tests.resources.test_providing import PDF
from tests.stakeholders.making import CITY, acting, drift_faults, staff_browser, told
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.kernel.identity import Role
from ucc_participate.partners import operations, queries
from ucc_participate.partners.models import TRANSITIONS, CityText, PartnerCity, PartnerState
from ucc_participate.partners.wording import COOPERATION
from ucc_participate.processes.queries import process_to_change
from ucc_participate.vocabularies.uccn import CreativeField

FABRIANO = CityText(
    name="Fabriano",
    country="IT",
    creative_field=CreativeField.CRAFTS,
    since=2013,
    cooperation=("training", "people"),
    about="Letter of 3 May: two papermakers may come in spring.",
    contact="Office of culture, cultura@fabriano.example",
    status=PartnerState.CONTACTED,
)
FORM = {
    "name": "Fabriano",
    "country": "IT",
    "since": "2013",
    "creative_field": "crafts",
    "cooperation": ["people", "training"],
    "about": "Letter of 3 May",
    "contact": "cultura@fabriano.example",
    "status": "agreed",
}


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


@pytest.fixture
def home(process) -> str:
    return f"/staff/processes/{process.public_id}/partners"


def add(perform: Any, process: Any, city: CityText, *, actor: Any, now: Any) -> PartnerCity:
    def work(session: Any) -> PartnerCity:
        here = process_to_change(session, process.public_id, actor=CITY)
        return operations.record_city(session, here, city, actor=actor, now=now)

    made: PartnerCity = perform(work)
    return made


def revise(perform: Any, process: Any, city: Any, told_: CityText, *, seen: int, actor: Any, now: Any) -> None:
    def work(session: Any) -> None:
        here = process_to_change(session, process.public_id, actor=CITY)
        found = queries.city_to_change(session, here, city.public_id)
        operations.revise_city(session, found, told_, seen=seen, actor=actor, now=now)

    perform(work)


def test_the_log_tells_everything_of_a_city_but_whom_to_write_to(app, perform, process, leila, clock):
    made = add(perform, process, FABRIANO, actor=leila, now=clock.now())
    [entry] = told(app, subject=made.ref)
    assert entry.type == "partner_city.recorded"
    assert entry.payload == {
        "name": "Fabriano",
        "country": "IT",
        "creative_field": "crafts",
        "since": 2013,
        "cooperation": ["people", "training"],
        "about": FABRIANO.about,
        "status": "contacted",
        "evidence": [],
    }
    assert drift_faults(app) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"country": "Italy"}, "country"),
        ({"country": ""}, "country"),
        ({"since": 1392}, "since"),
        ({"since": 2003}, "since"),
        ({"since": 2190}, "since"),
        ({"cooperation": ("magic",)}, "cooperation"),
        ({"status": PartnerState.AGREED, "about": ""}, "about"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(app, perform, read, process, leila, clock, changed, field):
    with pytest.raises(Invalid) as refusal:
        add(perform, process, replace(FABRIANO, **changed), actor=leila, now=clock.now())
    assert refusal.value.field == field
    assert read(lambda s: queries.partners_of(s, process)) == []


def test_a_city_stands_in_the_directory_once(perform, process, leila, clock):
    add(perform, process, FABRIANO, actor=leila, now=clock.now())
    with pytest.raises(Invalid):
        add(perform, process, replace(FABRIANO, since=None), actor=leila, now=clock.now())
    other = add(perform, process, replace(FABRIANO, country="FR"), actor=leila, now=clock.now())
    assert other.country == "FR"
    with pytest.raises(Invalid) as refusal:
        revise(perform, process, other, FABRIANO, seen=1, actor=leila, now=clock.now())
    assert refusal.value.field == "name"


@pytest.mark.parametrize("begun", list(PartnerState))
@pytest.mark.parametrize("wanted", list(PartnerState))
def test_a_city_goes_only_along_the_table(perform, read, process, leila, clock, begun, wanted):
    made = add(perform, process, replace(FABRIANO, status=begun), actor=leila, now=clock.now())
    goal = replace(FABRIANO, status=wanted)
    if wanted is begun or wanted in TRANSITIONS[begun]:
        revise(perform, process, made, goal, seen=1, actor=leila, now=clock.now())
        expected = wanted
    else:
        with pytest.raises(Invalid):
            revise(perform, process, made, goal, seen=1, actor=leila, now=clock.now())
        expected = begun
    assert [city.status for city in read(lambda s: queries.partners_of(s, process))] == [expected]


def test_who_is_overtaken_changes_nothing(app, perform, process, leila, clock):
    made = add(perform, process, FABRIANO, actor=leila, now=clock.now())
    revise(perform, process, made, replace(FABRIANO, about="New"), seen=1, actor=leila, now=clock.now())
    with pytest.raises(Conflict):
        revise(perform, process, made, FABRIANO, seen=1, actor=leila, now=clock.now())
    assert len(told(app, subject=made.ref)) == 2


def test_a_new_contact_is_kept_and_told_by_no_word(app, perform, read, process, leila, clock):
    made = add(perform, process, FABRIANO, actor=leila, now=clock.now())
    moved = replace(FABRIANO, contact="The new office, hello@fabriano.example")
    revise(perform, process, made, moved, seen=1, actor=leila, now=clock.now())
    revise(perform, process, made, moved, seen=2, actor=leila, now=clock.now())
    assert read(lambda s: queries.partners_of(s, process))[0].contact == moved.contact
    entries = told(app, subject=made.ref)
    assert len(entries) == 2
    assert entries[0].payload == entries[1].payload


def test_only_coordinators_write_cities_down(perform, process, now, clock):
    for role in (Role.CLERK, Role.MODERATOR, Role.EVALUATOR):
        somebody = acting(make_account(perform, f"{role.value}@city.example", now=now), role)
        with pytest.raises(Forbidden):
            add(perform, process, FABRIANO, actor=somebody, now=clock.now())


def test_those_it_works_with_come_first(perform, read, process, leila, clock):
    states = (("Ended", PartnerState.ENDED), ("Sought", PartnerState.SOUGHT), ("At work", PartnerState.ACTIVE))
    for name, state in states:
        add(perform, process, replace(FABRIANO, name=name, status=state), actor=leila, now=clock.now())
    assert [city.name for city in read(lambda s: queries.partners_of(s, process))] == ["At work", "Sought", "Ended"]
    assert len(read(lambda s: queries.partners_of(s, process, with_ended=False))) == 2


def test_every_kind_of_cooperation_has_a_name():
    assert set(COOPERATION) == operations.CODES


# --- pages


def test_everybody_reads_the_list_without_contacts(app, client, perform, process, home, clock):
    browser = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    file = (io.BytesIO(PDF), "memorandum.pdf")
    assert browser.post(f"{home}/new", data=FORM | {"file": file, "is_public": "y"}).status_code == 303
    assert "cultura@fabriano.example" in browser.get(home).text
    page = client.get(f"/p/{process.public_id}/partners").text
    for shown in ("Fabriano", "Italy", "member since 2013", "Crafts and folk art", "Letter of 3 May", "memorandum"):
        assert shown in page
    assert "cultura@fabriano.example" not in page


def test_evaluators_read_the_directory_without_contacts(app, perform, process, leila, home, clock):
    add(perform, process, FABRIANO, actor=leila, now=clock.now())
    browser = staff_browser(app, perform, Role.EVALUATOR, now=clock.now())
    page = browser.get(home).text
    assert "Fabriano" in page
    assert "cultura@fabriano.example" not in page
    assert browser.post(f"{home}/new", data=FORM).status_code == 403


def test_a_jalali_year_of_designation_is_explained_and_nothing_typed_is_lost(app, perform, home, clock):
    browser = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    answer = browser.post(f"{home}/new", data=FORM | {"since": "۱۳۹۲"})
    assert answer.status_code == 422
    assert "from 2004 to" in answer.text
    assert "cultura@fabriano.example" in answer.text


def test_two_editors_see_both_texts(app, perform, process, leila, home, clock):
    made = add(perform, process, FABRIANO, actor=leila, now=clock.now())
    revise(perform, process, made, replace(FABRIANO, about="They said yes."), seen=1, actor=leila, now=clock.now())
    browser = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    refused = browser.post(f"{home}/{made.public_id}", data=FORM | {"version": "1"})
    assert refused.status_code == 409
    assert "They said yes." in refused.text
    assert "Letter of 3 May" in refused.text
    assert browser.post(f"{home}/{made.public_id}", data=FORM | {"version": "2"}).status_code == 303


def test_the_list_asks_as_much_of_the_database_for_many_cities(client, perform, process, leila, clock, count_queries):
    where = f"/p/{process.public_id}/partners"
    add(perform, process, FABRIANO, actor=leila, now=clock.now())
    client.get(where)
    few = count_queries(lambda: client.get(where, query_string={"a": 1}))
    for number in range(8):
        add(perform, process, replace(FABRIANO, name=f"City {number}"), actor=leila, now=clock.now())
    assert count_queries(lambda: client.get(where, query_string={"a": 2})) == few
