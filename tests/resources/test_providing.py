"""People and money by year: what may be written down, what the log says, what the desk shows."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.accounts.making import make_account
from tests.kernel.test_passive import named_script, pdf
from tests.proposals.making import official, proposing_process
from tests.resources.making import MONEY, PEOPLE, begin_plan, change, write_down
from tests.stakeholders.making import acting, drift_faults, staff_browser, told
from ucc_participate.documents.uploads import Evidence, StoredUpload
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.kernel.identity import Role
from ucc_participate.plan.years import Calendar
from ucc_participate.resources import operations
from ucc_participate.resources.models import Certainty, ResourceKind
from ucc_participate.resources.queries import resources_of
from ucc_participate.resources.sums import table_of

FORM = {
    "year": "1406",
    "source-en": "Budget of the municipality",
    "amount": "40,000,000,000",
    "certainty": "secured",
    "basis": "Budget line 30205",
}
PDF = pdf()


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
def planned(perform, process, now):
    begin_plan(perform, process, now=now)
    return process


@pytest.fixture
def desk(app, perform, planned, clock):
    """A coordinator's browser and the address of the desk."""
    return staff_browser(app, perform, Role.COORDINATOR, now=clock.now()), home(planned)


def home(process: Any) -> str:
    return f"/staff/processes/{process.public_id}/resources"


def test_a_line_is_told_whole_in_the_log(app, perform, planned, leila, clock):
    made = write_down(perform, planned, MONEY, actor=leila, now=clock.now())
    [entry] = told(app, subject=made.ref)
    assert entry.type == "resource.recorded"
    assert entry.payload == {
        "kind": "money",
        "year": 1406,
        "source": MONEY.source,
        "amount": 40_000_000_000,
        "certainty": "secured",
        "basis": "Budget line 30205",
        "initiative": None,
        "is_void": False,
        "void_because": None,
        "evidence": [],
    }
    assert entry.values["process"] == planned.ref
    assert drift_faults(app) == []


def test_half_posts_are_kept_exactly(perform, planned, leila, clock):
    made = write_down(perform, planned, PEOPLE, actor=leila, now=clock.now())
    assert (made.amount, made.value) == (250, Decimal("2.5"))
    with pytest.raises(Invalid) as refusal:
        write_down(perform, planned, replace(PEOPLE, amount=Decimal("0.125")), actor=leila, now=clock.now())
    assert refusal.value.field == "amount"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal(-5)}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"amount": Decimal("1.5")}, "amount"),
        ({"amount": Decimal(10**15 + 1)}, "amount"),
        ({"kind": ResourceKind.PEOPLE, "amount": Decimal("9" * 30)}, "amount"),
        ({"kind": ResourceKind.PEOPLE, "amount": Decimal("1.234")}, "amount"),
        ({"year": 1404}, "year"),
        ({"year": 1410}, "year"),
        ({"source": {"fa": "   "}}, "source"),
        ({"basis": ""}, "basis"),
        ({"initiative": "nothere"}, "initiative"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(perform, read, planned, leila, clock, changed, field):
    with pytest.raises(Invalid) as refusal:
        write_down(perform, planned, replace(MONEY, **changed), actor=leila, now=clock.now())
    assert refusal.value.field == field
    assert read(lambda s: resources_of(s, planned)) == []


@pytest.mark.parametrize(
    ("calendar", "typed", "meant"), [(Calendar.JALALI, 2027, "1406"), (Calendar.GREGORIAN, 1406, "2027")]
)
def test_a_year_of_the_other_calendar_is_answered_with_the_right_one(
    app, perform, process, leila, clock, calendar, typed, meant
):
    begin_plan(perform, process, now=clock.now(), calendar=calendar)
    with pytest.raises(Invalid) as refusal:
        write_down(perform, process, replace(MONEY, year=typed), actor=leila, now=clock.now())
    with app.test_request_context():
        assert f"write {meant}." in str(refusal.value.reason)
        assert str(typed) in str(refusal.value.reason)


def test_only_coordinators_write_down(perform, planned, clock, now):
    for role in (Role.CLERK, Role.MODERATOR, Role.EVALUATOR):
        somebody = acting(make_account(perform, f"{role.value}@city.example", now=now), role)
        with pytest.raises(Forbidden):
            write_down(perform, planned, MONEY, actor=somebody, now=clock.now())


def test_the_same_line_twice_is_one(perform, read, planned, leila, clock):
    write_down(perform, planned, MONEY, actor=leila, now=clock.now())
    with pytest.raises(Invalid):
        write_down(perform, planned, MONEY, actor=leila, now=clock.now())
    assert len(read(lambda s: resources_of(s, planned))) == 1


def test_what_does_not_count_any_more_stays_with_its_reason(app, perform, read, planned, leila, clock):
    made = write_down(perform, planned, MONEY, actor=leila, now=clock.now())
    facts = {"actor": leila, "now": clock.now()}
    with pytest.raises(Invalid):
        change(perform, planned, made, operations.void_resource, reason="no", **facts)
    why = "The council struck the budget line."
    change(perform, planned, made, operations.void_resource, reason=why, **facts)
    entry = told(app, subject=made.ref)[-1]
    assert (entry.type, entry.payload["is_void"], entry.payload["void_because"]) == ("resource.voided", True, why)
    assert read(lambda s: resources_of(s, planned)) == []
    [kept] = read(lambda s: resources_of(s, planned, with_void=True))
    assert table_of([kept], ResourceKind.MONEY).sources == []
    with pytest.raises(Conflict):
        change(perform, planned, made, operations.void_resource, reason=why, **facts)
    assert drift_faults(app) == []


def test_who_is_overtaken_is_told_and_changes_nothing(app, perform, read, planned, leila, clock):
    made = write_down(perform, planned, MONEY, actor=leila, now=clock.now())
    more, facts = replace(MONEY, amount=Decimal(50)), {"actor": leila, "now": clock.now()}
    change(perform, planned, made, operations.revise_resource, more, seen=1, **facts)
    with pytest.raises(Conflict):
        change(perform, planned, made, operations.revise_resource, MONEY, seen=1, **facts)
    assert [line.amount for line in read(lambda s: resources_of(s, planned))] == [50]
    assert len(told(app, subject=made.ref)) == 2
    change(perform, planned, made, operations.revise_resource, more, seen=2, **facts)
    assert len(told(app, subject=made.ref)) == 2


def test_evidence_is_told_by_its_fingerprint_and_a_changed_one_is_found(app, perform, read, planned, leila, clock):
    proof = Evidence(StoredUpload("x.pdf", "application/pdf", "ab" * 32, 77, "Letter of Mr Karimi.pdf"))
    made = write_down(perform, planned, MONEY, actor=leila, now=clock.now(), evidence=proof)
    [entry] = told(app, subject=made.ref)
    assert entry.payload["evidence"] == [{"kind": "evidence", "sha256": "ab" * 32, "size": 77}]
    assert "Karimi" not in str(entry.payload)
    assert drift_faults(app) == []


def test_sums_keep_secured_and_expected_apart_and_every_year_of_the_plan(perform, read, planned, leila, clock):
    hoped = replace(MONEY, amount=Decimal(7), certainty=Certainty.EXPECTED, basis="")
    for line in (MONEY, hoped, replace(MONEY, year=1408, amount=Decimal(5)), PEOPLE):
        write_down(perform, planned, line, actor=leila, now=clock.now())
    table = table_of(read(lambda s: resources_of(s, planned)), ResourceKind.MONEY, (1405, 1406, 1407, 1408, 1409))
    assert list(table.years) == [1405, 1406, 1407, 1408, 1409]
    assert (table.years[1406].secured, table.years[1406].expected) == (Decimal(40_000_000_000), Decimal(7))
    assert table.years[1407].together == 0
    assert len(table.sources) == 1
    assert table.whole.together == 40_000_000_012


# --- pages


def test_a_coordinator_adds_money_in_persian_digits_and_the_desk_shows_it(client, desk):
    browser, where = desk
    answer = browser.post(f"{where}/new?kind=money", data=FORM | {"year": "۱۴۰۶", "amount": "۴۰٬۰۰۰٬۰۰۰٬۰۰۰"})
    assert answer.status_code == 303
    page = browser.get(where).text
    assert "Budget of the municipality" in page
    assert "40,000,000,000" in page
    assert "Budget line 30205" in page


def test_a_wrong_year_comes_back_with_everything_that_was_typed(desk):
    browser, where = desk
    answer = browser.post(f"{where}/new", data=FORM | {"year": "2027"})
    assert answer.status_code == 422
    assert "for 2027 write 1406." in answer.text
    assert "Budget line 30205" in answer.text
    assert 'value="40,000,000,000"' in answer.text


def test_two_editors_see_both_texts_and_the_second_decides(perform, read, planned, leila, clock, desk):
    browser, where = desk
    made = write_down(perform, planned, MONEY, actor=leila, now=clock.now())
    newer = replace(MONEY, basis="Decision 12 of the council")
    change(perform, planned, made, operations.revise_resource, newer, seen=1, actor=leila, now=clock.now())
    mine = FORM | {"basis": "Letter 77", "version": "1"}
    refused = browser.post(f"{where}/{made.public_id}", data=mine)
    assert refused.status_code == 409
    assert "Decision 12 of the council" in refused.text
    assert "Letter 77" in refused.text
    assert 'name="version" type="hidden" value="2"' in refused.text
    assert browser.post(f"{where}/{made.public_id}", data=mine | {"version": "2"}).status_code == 303
    assert [line.basis for line in read(lambda s: resources_of(s, planned))] == ["Letter 77"]


def test_a_reason_that_is_too_short_leaves_the_line_as_it_stands_on_the_page(perform, planned, leila, clock, desk):
    browser, where = desk
    made = write_down(perform, planned, MONEY, actor=leila, now=clock.now())
    page = browser.get(f"{where}/{made.public_id}").text
    refused = browser.post(f"{where}/{made.public_id}/void", data={"reason": "Oh"})
    assert refused.status_code == 422
    for name in ("year", "amount", "version"):
        assert field_of(refused.text, name) == field_of(page, name)
        assert 'value="' in field_of(page, name)


def field_of(page: str, name: str) -> str:
    before, _name, after = page.partition(f'name="{name}"')
    return " ".join(
        sorted(each for each in (before.rpartition("<")[2] + after.partition(">")[0]).split() if "=" in each)
    )


def test_a_file_goes_with_a_line_and_only_staff_open_it_unless_it_is_public(client, desk):
    browser, where = desk
    file = (io.BytesIO(PDF), "decision.pdf")
    assert browser.post(f"{where}/new", data=FORM | {"file": file}).status_code == 303
    public = (io.BytesIO(PDF + b"\n"), "budget.pdf")
    shown = FORM | {"basis": "Budget line 4", "file": public, "is_public": "y"}
    assert browser.post(f"{where}/new", data=shown).status_code == 303
    page = browser.get(where).text
    links = [part.partition('"')[0] for part in page.split('href="/documents/')[1:]]
    forms = [part.partition('"')[0] for part in page.split('action="/documents/')[1:]]
    assert (len(links), len(forms)) == (1, 1)
    with client.get(f"/documents/{links[0]}") as opened:
        assert opened.status_code == 200
    assert client.get(f"/documents/{forms[0]}").status_code == 404


def test_a_file_with_programs_is_refused_at_its_field(desk):
    browser, where = desk
    answer = browser.post(f"{where}/new", data=FORM | {"file": (io.BytesIO(pdf(named_script)), "decision.pdf")})
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text
    assert "Budget line 30205" in answer.text


def test_without_a_plan_the_desk_says_so_and_takes_no_money(app, perform, process, clock):
    browser = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    assert "The action plan has not been begun" in browser.get(home(process)).text
    assert browser.get(f"{home(process)}/new").status_code == 409


def test_evaluators_read_the_desk_and_change_nothing(app, perform, planned, leila, clock):
    write_down(perform, planned, MONEY, actor=leila, now=clock.now())
    browser = staff_browser(app, perform, Role.EVALUATOR, now=clock.now())
    page = browser.get(home(planned)).text
    assert "Budget of the municipality" in page
    assert "/new" not in page.partition("<main")[2]
    assert browser.post(f"{home(planned)}/new", data=FORM).status_code == 403


def test_the_desk_asks_as_much_of_the_database_for_many_lines(perform, planned, leila, clock, desk, count_queries):
    browser, where = desk
    write_down(perform, planned, MONEY, actor=leila, now=clock.now())
    browser.get(where)
    few = count_queries(lambda: browser.get(where))
    for amount in range(1, 12):
        write_down(perform, planned, replace(MONEY, amount=Decimal(amount)), actor=leila, now=clock.now())
    assert count_queries(lambda: browser.get(where)) == few
