"""Things that went wrong at the edges: odd numbers, things taken off lists, buttons pressed twice, drafts on paper."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from tests.inventory.test_inventory import ASSET
from tests.inventory.test_inventory import add as add_item
from tests.inventory.test_inventory import change as change_item
from tests.plan.builders import BASICS, SETTINGS, WHY, add, begin, change, change_plan
from tests.plan.test_initiative_pages import hidden
from tests.plan.test_staying_true import MONEY, provide
from tests.plan.test_whole import city, consult, initiatives, now
from tests.processes.making import make_process
from tests.stakeholders.making import drift_faults, staff_browser
from ucc_participate.inventory.operations import retire_item
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Conflict
from ucc_participate.kernel.identity import Role
from ucc_participate.plan import operations
from ucc_participate.plan.models import Budget, Foundations
from ucc_participate.processes.models import ProcessState

__all__ = ["city", "now"]
NEW = {"title-en": "A fair of pots", "kind": "project", "level": "local", "objectives": "OBJ-1", "added_because": WHY}
INDICATOR = {"kind": "output", "title-en": "Courses held", "frequency": "yearly"}


@pytest.fixture
def desk(app, perform, clock, city):
    return staff_browser(app, perform, Role.COORDINATOR, now=clock.now())


@pytest.fixture
def home(city):
    return f"/staff/processes/{city[0].public_id}/plan"


@pytest.mark.parametrize("number", ["0", "2", "2147483648", "9" * 30])
def test_a_version_that_cannot_be_there_is_not_found(client, perform, city, number):
    consult(perform, city)
    assert client.get(f"/p/{city[0].public_id}/plan/versions/{number}.json").status_code == 404


def test_a_hash_that_is_changed_in_the_database_is_named(app, perform, city):
    version = consult(perform, city)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(f"UPDATE plan_version SET sha256 = '{'0' * 64}'"))
    assert any(version.ref in fault and "sha256" in fault for fault in drift_faults(app))


def test_an_indicator_chosen_without_an_expectation_is_not_thrown_away(desk, home, perform, read, city):
    process, _leila, _later = city
    made = initiatives(read, process)[0]
    address = f"{home}/initiatives/{made.public_id}"
    desk.post(f"{address}/indicators/new", data=INDICATOR)
    indicator = initiatives(read, process)[0].indicators[0].public_id
    page = desk.get(f"{address}/effects").text
    refused = desk.post(f"{address}/effects", data={"seen": hidden(page), "social_indicator": indicator})
    assert refused.status_code == 422
    assert "Choose what effect you expect." in refused.text


def test_two_presses_make_one_initiative_and_one_indicator(desk, home, read, city):
    process, _leila, _later = city
    assert [desk.post(f"{home}/initiatives/new", data=NEW).status_code for _ in range(2)] == [303, 422]
    made = initiatives(read, process)[-1]
    address = f"{home}/initiatives/{made.public_id}/indicators/new"
    assert [desk.post(address, data=INDICATOR).status_code for _ in range(2)] == [303, 422]
    assert len(initiatives(read, process)) == 3
    assert len(initiatives(read, process)[-1].indicators) == 1


def test_every_asset_of_the_list_can_be_chosen(desk, home, perform, read, city, monkeypatch):
    process, leila, later = city
    monkeypatch.setattr("ucc_participate.inventory.queries.MOST_OFFERED", 1)
    items = [add_item(perform, process, ASSET, actor=leila, now=later) for _ in range(205)]
    made = initiatives(read, process)[0]
    page = desk.get(f"{home}/initiatives/{made.public_id}/foundations").text
    assert items[-1].public_id in page


def test_an_asset_that_was_taken_off_the_list_still_stands_in_the_matrix(client, perform, read, city):
    process, leila, later = city
    item = add_item(perform, process, ASSET, actor=leila, now=later)
    made = initiatives(read, process)[0]
    change(perform, process, made, operations.revise_initiative, Foundations((item.public_id,)), actor=leila, now=later)
    consult(perform, city)
    change_item(perform, process, item, retire_item, reason="It burned down.", actor=leila, now=later)
    page = client.get(f"/p/{process.public_id}/plan/matrices?lang=en").text
    assert page.count(ASSET.title) > 1


def test_a_year_left_outside_is_told_at_its_own_field(desk, home, perform, read, city):
    process, leila, later = city
    made = initiatives(read, process)[0]
    change(perform, process, made, operations.revise_initiative, Budget({1406: 500}), actor=leila, now=later)
    settings = replace(SETTINGS, begins_on=SETTINGS.begins_on.replace(year=2028))
    change_plan(perform, process, operations.revise_plan, settings, actor=leila, now=later)
    address = f"{home}/initiatives/{made.public_id}/budget"
    page = desk.get(address).text
    refused = desk.post(address, data={"seen": hidden(page), "cost_1406": "500", "cost_1408": "70"})
    assert refused.status_code == 422
    assert 'href="#cost_1406"' in refused.text


def test_a_line_keeps_the_initiative_that_was_dropped(desk, perform, read, city):
    process, leila, later = city
    made = initiatives(read, process)[0]
    line = provide(perform, city, replace(MONEY, initiative=made.public_id))
    change(perform, process, made, operations.drop_initiative, reason=WHY, actor=leila, now=later)
    address = f"/staff/processes/{process.public_id}/resources/{line.public_id}?lang=en"
    page = desk.get(address).text
    assert "An initiative that was dropped" in page
    assert f'<option selected value="{made.public_id}"' in page or f'value="{made.public_id}" selected' in page


def test_a_letter_that_no_font_has_keeps_nobody_from_the_one_page(client, perform, city):
    process, leila, later = city
    add(perform, process, actor=leila, now=later, basics=replace(BASICS, title={"en": "A fair of peace 和平 🎉"}))
    consult(perform, city)
    answer = client.get(f"/p/{process.public_id}/plan/overview.pdf")
    assert answer.status_code == 200
    assert "A fair of peace □□" in PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()


def test_the_one_page_says_that_it_is_a_draft(client, perform, city):
    consult(perform, city)
    home = f"/p/{city[0].public_id}/plan/overview"
    assert "Open for comments" in client.get(f"{home}?lang=en").text
    document = PdfReader(io.BytesIO(client.get(f"{home}.pdf").data))
    assert "Open for comments" in document.pages[0].extract_text()


def test_the_plan_of_a_process_that_nobody_knows_of_is_laid_open_to_nobody(perform, city):
    _process, leila, later = city
    draft = make_process(perform, later, ProcessState.DRAFT)
    begin(perform, draft, actor=leila, now=later)
    add(perform, draft, actor=leila, now=later)
    facts = {"actor": leila, "now": later}
    with pytest.raises(Conflict):
        change_plan(perform, draft, operations.consult_plan, until=later + timedelta(days=20), **facts)
    with pytest.raises(Conflict) as refused:
        change_plan(perform, draft, operations.freeze_plan, **facts)
    assert not isinstance(refused.value, operations.Standing)
