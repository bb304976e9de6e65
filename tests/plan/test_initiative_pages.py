"""Pages of initiatives: the desk, a part at a time, two editors, bad years and amounts, what everybody reads."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from tests.plan.builders import BASICS, add, answered_process, begin, change, freeze, reload, show
from tests.stakeholders.making import make_organisation, staff_browser, told
from ucc_participate.kernel.identity import Role
from ucc_participate.plan import operations, queries
from ucc_participate.plan.models import Budget, Part

NEW = {
    "title-en": "A school of the loom",
    "kind": "project",
    "level": "local",
    "objectives": ["OBJ-2"],
    "areas": ["AREA-6"],
    "summary-en": "Evening lessons in the workshops of the bazaar.",
    "description-en": "Forty evenings a year.",
}
ADDED = NEW | {"added_because": "The council decided it in spring, before the process began."}
PLAN = {
    "begins_on-day": "1",
    "begins_on-month": "gregorian-10",
    "begins_on-year": "2027",
    "calendar": "jalali",
    "currency": "IRR",
    "vocabulary": "2013",
}


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def city(perform, now, clock):
    process, leila, proposals, later = answered_process(perform, now)
    begin(perform, process, actor=leila, now=later)
    clock.at = later
    return process, leila, proposals


@pytest.fixture
def desk(app, perform, clock, city):
    return staff_browser(app, perform, Role.COORDINATOR, now=clock.now())


@pytest.fixture
def home(city):
    return f"/staff/processes/{city[0].public_id}/plan"


@pytest.fixture
def made(perform, city, clock):
    process, leila, proposals = city
    return add(perform, process, actor=leila, now=clock.now(), sources=proposals)


def hidden(page: str, name: str = "seen") -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) or re.search(
        rf'value="([^"]*)"[^>]*name="{name}"', page
    )
    assert found
    return found[1]


def test_a_plan_is_begun_on_the_page_and_then_offers_what_was_adopted(app, perform, now, clock):
    process, _leila, _proposals, later = answered_process(perform, now)
    clock.at = later
    desk = staff_browser(app, perform, Role.COORDINATOR, now=later)
    home = f"/staff/processes/{process.public_id}/plan"
    assert "There is no action plan yet" in desk.get(home).text
    assert "2 adopted proposals wait for it" in desk.get(home).text
    refused = desk.post(f"{home}/begin", data=PLAN | {"begins_on-day": "40"})
    assert refused.status_code == 422
    assert 'value="40"' in refused.text
    assert desk.post(f"{home}/begin", data=PLAN).status_code == 303
    page = desk.get(home).text
    assert "Adopted, and not in the plan yet" in page
    assert "Evening workshops number 2" in page


def test_two_proposals_become_one_initiative_and_leave_the_work_list(desk, home, city, read):
    process, _leila, proposals = city
    query = "&".join(f"from={each.public_id}" for each in proposals)
    page = desk.get(f"{home}/initiatives/new?{query}").text
    assert "Made from 2 proposals" in page
    assert "Evening workshops number 1" in page
    where = desk.post(f"{home}/initiatives/new", data=NEW | {"proposals": hidden(page, "proposals")}).location
    assert "Evening workshops number 2" in desk.get(where).text
    assert "Every adopted proposal is in the plan." in desk.get(home).text
    assert read(lambda s: queries.unplanned(s, process).count) == 0


def test_one_without_a_proposal_keeps_what_was_typed_until_it_has_a_reason(desk, home):
    refused = desk.post(f"{home}/initiatives/new", data=NEW)
    assert refused.status_code == 422
    assert "No proposal stands behind this initiative" in refused.text
    assert "Forty evenings a year." in refused.text
    assert desk.post(f"{home}/initiatives/new", data=ADDED).status_code == 303
    assert "Added by the city" in desk.get(home).text


@pytest.mark.parametrize("part", list(Part))
def test_every_part_opens_and_saves_what_it_holds(desk, home, made, part):
    """What a page holds, sent back as it is, changes nothing and is no error."""
    address = f"{home}/initiatives/{made.public_id}/{part}"
    page = desk.get(address)
    assert page.status_code == 200
    saved = desk.post(address, data=sent_by(page.text))
    assert saved.status_code == 303


def sent_by(page: str) -> dict[str, list[str]]:
    """What a browser sends of the page's form that nobody touched."""
    from lxml import html  # type: ignore[import-untyped]  # no types are published for it

    [form] = [one for one in html.fromstring(page).forms if one.get("class", "").startswith("form section")]
    found: dict[str, list[str]] = {}
    for name, value in form.form_values():
        found.setdefault(name, []).append(value)
    return found


def test_saving_goes_on_to_the_next_part_when_asked(desk, home, made):
    address = f"{home}/initiatives/{made.public_id}/basics"
    onward = desk.post(address, data=sent_by(desk.get(address).text) | {"next": "1"})
    assert onward.location.endswith("/beginnings")


def test_whoever_saves_second_sees_both_texts_and_can_save_again(desk, home, made, city, read):
    address = f"{home}/initiatives/{made.public_id}/basics"
    first, second = desk.get(address).text, desk.get(address).text
    assert desk.post(address, data=NEW | {"title-en": "Looms for the young", "seen": hidden(first)}).status_code == 303
    late = desk.post(address, data=NEW | {"title-en": "Looms for women", "seen": hidden(second)})
    assert late.status_code == 409
    assert "Looms for the young" in late.text
    assert "Looms for women" in late.text
    assert reload(read, city[0], made).title == {"en": "Looms for the young"}
    again = desk.post(address, data=NEW | {"title-en": "Looms for young women", "seen": hidden(late.text)})
    assert again.status_code == 303
    assert reload(read, city[0], made).title == {"en": "Looms for young women"}


def test_days_outside_the_four_years_are_refused_and_nothing_typed_is_lost(desk, home, made):
    address = f"{home}/initiatives/{made.public_id}/schedule"
    typed = {
        "seen": hidden(desk.get(address).text),
        "owner": "The culture office",
        "starts_on-day": "1",
        "starts_on-month": "gregorian-1",
        "starts_on-year": "2035",
        "step0_title-en": "Hire two teachers",
        "step0_due-day": "1",
        "step0_due-month": "gregorian-3",
        "step0_due-year": "2028",
    }
    refused = desk.post(address, data=typed)
    assert refused.status_code == 422
    assert "The plan runs four years from the designation: from 1 October 2027" in refused.text
    assert "Hire two teachers" in refused.text
    assert 'value="2035"' in refused.text


def test_more_rows_than_the_page_offers_come_back_too(desk, home, made, city, read):
    address = f"{home}/initiatives/{made.public_id}/schedule"
    typed = {"seen": hidden(desk.get(address).text), "owner": "The culture office"}
    for number in range(6):
        typed |= {
            f"step{number}_title-en": f"Step number {number}",
            f"step{number}_due-day": str(number + 1),
            f"step{number}_due-month": "gregorian-3",
            f"step{number}_due-year": "2028",
        }
    assert desk.post(address, data=typed).status_code == 303
    assert [step["title"]["en"] for step in reload(read, city[0], made).steps] == [f"Step number {n}" for n in range(6)]


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("2028 5000", "2028 is a Gregorian year. This budget counts Persian years: write 1407."),
        ("1415 5000", "1415 lies outside the plan. Its budget runs from 1406 to 1410."),
        ("1407 5000 تومان", "One toman is ten rials"),
        ("1407 5000 EUR", "This budget counts IRR"),
        ("1407 12.5", "The amount in this line is no whole number"),
        ("1407 12٫5", "The amount in this line is no whole number"),
        ("1407 1234.567", "The amount in this line is no whole number"),
        ("1407 3 5000", "The amount in this line is no whole number"),
        ("1407 1,000.000", "The amount in this line is no whole number"),
        ("five thousand", "Write a year and an amount in each line"),
    ],
)
def test_wrong_years_and_currencies_are_named(desk, home, made, pasted, said):
    address = f"{home}/initiatives/{made.public_id}/budget"
    refused = desk.post(address, data={"seen": hidden(desk.get(address).text), "pasted": pasted, "cost_1408": "77"})
    assert refused.status_code == 422
    assert said in refused.text
    assert pasted in refused.text
    assert 'value="77"' in refused.text


def test_amounts_are_taken_in_persian_digits_and_from_a_table(desk, home, made, city, read):
    address = f"{home}/initiatives/{made.public_id}/budget"
    typed = {
        "seen": hidden(desk.get(address).text),
        "cost_1408": "۲٬۵۰۰٬۰۰۰",
        "pasted": "۱۴۰۷\t۱٬۲۵۰٬۰۰۰ ریال\n1409: 500",
    }
    assert desk.post(address, data=typed).status_code == 303
    assert {cost.year: cost.amount for cost in reload(read, city[0], made).costs} == {
        1407: 1_250_000,
        1408: 2_500_000,
        1409: 500,
    }


def test_partners_are_chosen_and_named(desk, home, made, city, perform, clock, read):
    from tests.processes.making import change as change_process
    from tests.processes.making import invite_organisations

    weavers = make_organisation(perform, "Weavers of Balarud", now=clock.now())
    change_process(perform, city[0], invite_organisations, [weavers], now=clock.now())
    address = f"{home}/initiatives/{made.public_id}/together"
    page = desk.get(address).text
    assert "Weavers of Balarud" in page
    typed = {"seen": hidden(page), "organisation0": weavers.public_id, "names": "The dyers\nThe carders\n"}
    assert desk.post(address, data=typed).status_code == 303
    assert [each.shown_name for each in reload(read, city[0], made).partners] == [
        "Weavers of Balarud",
        "The dyers",
        "The carders",
    ]
    assert "The carders" in desk.get(f"{home}/initiatives/{made.public_id}").text


def test_a_proposal_is_added_by_its_number(desk, home, city, perform, clock, read):
    process, leila, proposals = city
    one = add(perform, process, actor=leila, now=clock.now(), sources=proposals[:1])
    address = f"{home}/initiatives/{one.public_id}/beginnings"
    sent = sent_by(desk.get(address).text)
    assert desk.post(address, data=sent | {"numbers": "99"}).status_code == 422
    assert "12;45" in desk.post(address, data=sent | {"numbers": "12;45"}).text
    assert desk.post(address, data=sent | {"numbers": "۲"}).status_code == 303
    assert len(reload(read, process, one).sources) == 2


def test_indicators_are_added_changed_by_one_at_a_time_and_taken_out(desk, home, made, city, read):
    base = f"{home}/initiatives/{made.public_id}/indicators"
    typed = {
        "kind": "impact",
        "title-en": "Share who stay",
        "unit-en": "percent",
        "baseline": "12.5",
        "target": "۴۰",
        "frequency": "yearly",
        "data_source-en": "A survey",
        "responsible": "The culture office",
    }
    assert desk.post(f"{base}/new", data=typed | {"target": "many"}).status_code == 422
    assert desk.post(f"{base}/new", data=typed).status_code == 303
    [indicator] = reload(read, city[0], made).indicators
    assert (indicator.baseline, indicator.target) == (Decimal("12.5"), Decimal(40))
    one = f"{base}/{indicator.public_id}"
    first = hidden(desk.get(one).text)
    assert desk.post(one, data=typed | {"target": "50", "seen": first}).status_code == 303
    late = desk.post(one, data=typed | {"target": "60", "seen": first})
    assert late.status_code == 409
    assert 'value="60"' in late.text
    assert desk.post(f"{one}/remove").status_code == 303
    assert reload(read, city[0], made).indicators == []


def test_dropping_asks_for_a_reason_and_the_desk_shows_it(desk, home, made):
    base = f"{home}/initiatives/{made.public_id}"
    assert desk.post(f"{base}/drop", data={"reason": "no"}).status_code == 422
    why = "The money for it went into the flood relief."
    assert desk.post(f"{base}/drop", data={"reason": why}).status_code == 303
    page = desk.get(home).text
    assert why in page
    assert "The city has promised 2 things" in page
    assert desk.get(f"{base}/drop").status_code == 404
    assert desk.post(f"{base}/restore", data={"reason": "The money came back from the fund."}).status_code == 303
    assert "The city has promised" not in desk.get(home).text


def test_order_is_changed_by_buttons(desk, home, made, city, perform, clock):
    other = add(perform, city[0], actor=city[1], now=clock.now(), basics=BASICS)
    base = f"{home}/initiatives/{other.public_id}/move"
    assert desk.post(base, data={"way": "up"}).status_code == 303
    page = desk.get(home).text
    assert page.index(f'id="i{other.public_id}"') < page.index(f'id="i{made.public_id}"')
    assert "stands at the end" in desk.post(base, data={"way": "up"}, follow_redirects=True).text


def test_everybody_reads_an_initiative_with_its_lineage_once_the_plan_is_public(client, made, city, perform, clock):
    process, leila, proposals = city
    address = f"/p/{process.public_id}/plan/initiatives/{made.public_id}"
    assert client.get(address).status_code == 404
    show(perform, process, actor=leila, now=clock.now())
    page = client.get(address).text
    for proposal in proposals:
        assert f"/p/{process.public_id}/proposals/{proposal.public_id}" in page
        assert proposal.title in page
    assert "Sara" in page


def test_evaluators_read_the_desk_and_write_nothing(app, perform, home, made, clock, city):
    reader = staff_browser(app, perform, Role.EVALUATOR, now=clock.now())
    assert reader.get(home).status_code == 200
    assert reader.get(f"{home}/initiatives/{made.public_id}").status_code == 200
    assert "Write this part" not in reader.get(f"{home}/initiatives/{made.public_id}").text
    entries = len(told(app, process=city[0].ref))
    for path in ("basics", "drop", "indicators/new"):
        assert reader.get(f"{home}/initiatives/{made.public_id}/{path}").status_code == 403
        assert reader.post(f"{home}/initiatives/{made.public_id}/{path}", data=NEW).status_code == 403
    assert reader.post(f"{home}/initiatives/{made.public_id}/move", data={"way": "up"}).status_code == 403
    assert len(told(app, process=city[0].ref)) == entries


def test_residents_see_no_desk(app, perform, home, clock):
    from tests.stakeholders.making import make_account, sign_in

    sara = sign_in(app, make_account(perform, "omid@city.example", now=clock.now()), now=clock.now())
    for path in ("", "/begin", "/adopted", "/initiatives/new"):
        assert sara.get(home + path).status_code == 403


def test_a_frozen_plan_says_so_and_takes_nothing(desk, home, made, city, perform, clock):
    freeze(perform, city[0], actor=city[1], now=clock.now())
    assert "This plan is frozen" in desk.get(home).text
    late = desk.post(f"{home}/initiatives/{made.public_id}/basics", data=NEW)
    assert late.status_code == 409
    assert "This plan is frozen" in late.text


def test_the_desk_asks_the_same_number_of_questions_whatever_its_size(desk, home, city, perform, clock, count_queries):
    process, leila, proposals = city
    one = add(perform, process, actor=leila, now=clock.now(), sources=proposals)
    change(perform, process, one, operations.revise_initiative, Budget({1407: 5}), actor=leila, now=clock.now())
    small = count_queries(lambda: desk.get(home))
    for _ in range(5):
        more = add(perform, process, actor=leila, now=clock.now(), sources=proposals)
        change(perform, process, more, operations.revise_initiative, Budget({1408: 7}), actor=leila, now=clock.now())
    assert count_queries(lambda: desk.get(home)) == small
    assert small <= 25
