"""The pages of who takes part: public, coordinator's, population tables, and what a broken table is told."""

from __future__ import annotations

import io
import re

import pytest

from tests.accounts.making import CITY, make_account, sign_in, types
from tests.processes.making import REASONS, change, invite_every_sector, make_draft, make_process, reload
from tests.representation.making import census, make_population, take_part
from ucc_participate.audit.extension import audit_log
from ucc_participate.kernel.db import db
from ucc_participate.kernel.identity import Role
from ucc_participate.processes import operations as processes
from ucc_participate.processes.models import ProcessState, WayIn
from ucc_participate.processes.queries import get_process, process_to_change
from ucc_participate.record import exporting, verify
from ucc_participate.representation import operations, queries
from ucc_participate.representation.publishing import make_figures, publish

TABLE = "sex,age,district,sector,count\n"
BANDS = ("0-17", "۱۸-۲۴", "25 تا 29", "30-44", "45–59", "60+")


def coordinator(app, perform, clock):
    return sign_in(app, make_account(perform, now=clock.now(), roles=(Role.COORDINATOR,)), now=clock.now())


def publish_now(app, process, clock):
    with app.app_context():
        return publish(process.public_id, actor=CITY, now=clock.now())


def rows(people=10, districts=("Old town",)):
    return [
        f"{sex},{band},{district},,{people}" for district in districts for band in BANDS for sex in ("women", "مرد")
    ]


def bring(client, lines, **facts):
    said = {"source": "Census", "year": "1395", **facts}
    return client.post(
        "/staff/population/import", data={**said, "table": (io.BytesIO((TABLE + "\n".join(lines)).encode()), "t.csv")}
    )


@pytest.fixture
def city(app, perform, clock):
    """An open process with a population, 60 women and 40 men, most of them of the old town."""
    make_population(perform, clock.now())
    process = make_process(perform, clock.now(), ProcessState.OPEN)
    invite_every_sector(perform, process, now=clock.now())
    take_part(perform, process, 60, now=clock.now())
    take_part(perform, process, 30, now=clock.now(), sex="male", band="18-24")
    take_part(perform, process, 10, now=clock.now(), sex="male", band="60+", district="New town", way=WayIn.PAPER)
    return process


def test_before_the_first_publication_the_page_says_so_and_shows_no_number_of_people(client, city):
    page = client.get(f"/p/{city.public_id}/presence")
    assert page.status_code == 200
    assert page.text.count("not counted yet") == 2
    assert "Old town" not in page.text
    assert "On paper" not in page.text


def test_the_public_page_shows_counts_shares_intervals_and_parity_with_the_source(app, client, city, clock):
    assert publish_now(app, city, clock)
    page = client.get(f"/p/{city.public_id}/presence").text
    assert "60% (50% to 69%)" in page  # women among those who said, Wilson
    assert "1.20 (1.00 to 1.38)" in page  # against half of the city
    assert "Census of 1395" in page
    assert "Wilson" in page
    assert "On paper" in page
    assert "Old town" in page


def test_a_group_of_three_is_hidden_on_every_page_and_in_every_file(app, client, perform, city, clock):
    take_part(perform, city, 3, now=clock.now(), sex="other", band=None)
    publish_now(app, city, clock)
    shown = queries_of(app, city, clock)
    assert shown.stage("people", "joined").count("sex:other") is None
    table = client.get(f"/p/{city.public_id}/presence.csv").text
    assert "Another sex,hidden" in table
    page = client.get(f"/p/{city.public_id}/presence").text
    assert "hidden" in page


def queries_of(app, process, clock):
    with app.app_context():
        found = get_process(db.session(), process.public_id, actor=CITY)
        return queries.presence(db.session(), found, now=clock.now())


def test_figures_are_published_once_a_day_and_the_page_shows_the_last_ones(app, perform, city, clock):
    jobs = app.extensions["ucc.jobs"]
    jobs.run_all()
    assert types(app).count("figures.published") == 1
    take_part(perform, city, 20, now=clock.now())
    jobs.run_all()
    assert queries_of(app, city, clock).stage("people", "joined").count("all") == 100
    clock.advance(days=1)
    jobs.run_all()
    assert types(app).count("figures.published") == 2
    assert queries_of(app, city, clock).stage("people", "joined").count("sex:female") == 80


def test_figures_made_from_older_ones_than_the_last_are_not_published(app, perform, city, clock):
    """Two publishers at once: what the second would say was never compared with what the first said."""
    with app.app_context():
        second = make_figures(
            db.session(), get_process(db.session(), city.public_id, actor=CITY), floor=5, now=clock.now()
        )
    publish_now(app, city, clock)
    told = perform(
        lambda s: operations.publish_figures(
            s, process_to_change(s, city.public_id, actor=CITY), second, after=None, actor=CITY, now=clock.now()
        )
    )
    assert told is False
    assert types(app).count("figures.published") == 1


def test_a_group_that_grew_by_two_keeps_its_older_number_with_its_day(app, perform, city, clock):
    publish_now(app, city, clock)
    then = clock.now()
    clock.advance(days=1)
    take_part(perform, city, 2, now=clock.now())
    take_part(perform, city, 12, now=clock.now(), sex="male", band="18-24")
    publish_now(app, city, clock)
    women = queries_of(app, city, clock).stage("people", "joined").cell("sex:female")
    assert (women.count, women.of, women.at[:10]) == (60, 100, then.date().isoformat())


def test_the_desk_says_who_is_missing_and_what_could_be_done(app, client, perform, clock):
    make_population(perform, clock.now())
    made = make_draft(perform, clock.now())
    change(perform, made, processes.set_targets, {"sex:female": 50, "womens_group": 2}, now=clock.now())
    change(perform, made, processes.publish_process, now=clock.now())
    change(perform, made, processes.open_process, now=clock.now(), reasons=REASONS)
    take_part(perform, made, 40, now=clock.now(), sex="male")
    take_part(perform, made, 10, now=clock.now())
    page = coordinator(app, perform, clock).get(f"/staff/processes/{made.public_id}/presence")
    assert page.status_code == 200
    assert "20% of those who said; the target is 50%." in page.text
    assert "About 30 more people would close it." in page.text
    assert "Hold a session for women alone" in page.text
    assert "0 are there; the target is 2." in page.text
    assert client.get(f"/staff/processes/{made.public_id}/presence").status_code == 303


def test_a_resident_does_not_see_who_is_missing(app, perform, city, clock):
    someone = sign_in(app, make_account(perform, now=clock.now()), now=clock.now())
    assert someone.get(f"/staff/processes/{city.public_id}/presence").status_code == 403
    assert someone.get("/staff/population").status_code == 403
    assert someone.get("/staff/population/import").status_code == 403


@pytest.mark.parametrize("path", ["presence", "presence.csv"])
def test_the_pages_ask_the_database_as_often_whatever_the_size(app, perform, city, clock, count_queries, path):
    publish_now(app, city, clock)
    reader = coordinator(app, perform, clock)
    small = count_queries(lambda: reader.get(f"/p/{city.public_id}/{path}"))
    take_part(perform, city, 50, now=clock.now(), district="New town")
    clock.advance(days=1)
    publish_now(app, city, clock)
    assert count_queries(lambda: reader.get(f"/p/{city.public_id}/{path}")) == small


def test_the_record_with_population_targets_and_older_numbers_verifies(app, perform, clock):
    make_population(perform, clock.now())
    made = make_draft(perform, clock.now())
    late = make_population(perform, clock.now(), census(("محلهٔ نو", "محلهٔ کهن")))
    change(perform, made, processes.set_targets, {"district:%D9%86%D9%88": 20, "sex:female": 45}, now=clock.now())
    where = f"/staff/processes/{made.public_id}/population"
    assert coordinator(app, perform, clock).post(where, data={"population": late.public_id}).status_code == 303
    change(perform, made, processes.publish_process, now=clock.now())
    change(perform, made, processes.open_process, now=clock.now(), reasons=REASONS)
    take_part(perform, made, 30, now=clock.now(), district="محله نو")
    take_part(perform, made, 20, now=clock.now(), district="محلهٔ کهن", sex="male")
    publish_now(app, made, clock)
    clock.advance(days=1)
    take_part(perform, made, 9, now=clock.now(), district="محلهٔ نو")
    take_part(perform, made, 2, now=clock.now(), district="محلهٔ کهن", sex="male")
    with app.app_context():
        exported = exporting.export(made.public_id)
        found = verify.verify(str(exported.path), [audit_log().signer.vkey])
    assert found.failed == []
    cells = {
        cell["group"]: cell
        for stage in exported.summary["presence"]["stages"]
        for cell in stage["cells"][::-1]
        if stage["stage"] == "people_joined"
    }
    assert (cells["district:محلهٔ نو"]["count"], cells["district:محلهٔ کهن"]["count"]) == (30, 20)
    assert cells["district:محلهٔ کهن"]["at"] < cells["all"].get("at", "9")
    assert exported.summary["presence"]["population"]["number"] == 2


# --- population tables --------------------------------------------------------------------------------------------


def test_a_file_is_kept_whole_with_its_hash_in_the_log(app, perform, read, clock):
    answer = bring(coordinator(app, perform, clock), [*rows(), ",,,public,12", ",,,,120"])
    assert answer.status_code == 303
    [kept] = read(queries.list_populations)
    assert (kept.number, kept.census.total, kept.sectors) == (1, 120, {"public": 12})
    assert kept.census.margins()["age:under_30"] == 60
    assert types(app)[-1] == "population.added"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (",,,,121", "Row 14: This row says 121 people, its parts add up to 120."),
        ("women,0-17,Old town,,5", "Row 14: This group stands in row 2 already."),
        ("women,0-17,Old town,,-5", "Row 14: “-5” is no number of people: a whole number, 0 or more."),
        ("women,teens,Old town,,5", "Row 14: “teens” is no age band. Write 18-24 or 60+."),
        ("x,0-17,Old town,,5", "Row 14: “x” is no sex that the table knows: women, men, other."),
        (",,,trade,5", "Row 14: “trade” is no sector: public, private or civil society."),
        (",,New town,,120", "Row 2: “Old town” is in this row and not among the rows of totals."),
        ("women,18-29,Old town,,5", "Row 14: Age bands must follow each other: 18-24, then 18-29."),
    ],
)
def test_a_table_with_a_fault_is_refused_naming_the_row_and_nothing_is_lost(app, perform, read, clock, line, says):
    answer = bring(coordinator(app, perform, clock), [*rows(), line], source="Census of the year ۱۳۹۵")
    assert answer.status_code == 422
    assert says in answer.text, answer.text[answer.text.find("error") :][:3000]
    assert "Census of the year ۱۳۹۵" in answer.text
    assert read(queries.list_populations) == []
    assert "population.added" not in types(app)


def test_a_table_can_be_typed_in_a_grid_with_persian_digits(app, perform, read, clock):
    desk = coordinator(app, perform, clock)
    shape = desk.get(
        "/staff/population/shape", query_string={"bands": "0-17, 18-24, 25-29, 30-44, 45-59, 60+", "districts": "A\nB"}
    )
    assert shape.status_code == 303
    grid = desk.get(shape.location)
    assert grid.status_code == 200
    cells = {
        f"cell_{at}_{age}_{sex}": "۱٬۰۰۰"
        for at in (0, 1)
        for age in (0, 18, 25, 30, 45, 60)
        for sex in ("female", "male")
    }
    wrong = desk.post(shape.location, data={**cells, "cell_1_60_male": "", "source": "Register", "year": "1404"})
    assert wrong.status_code == 422
    assert wrong.text.count('value="1,000"') + wrong.text.count('value="۱٬۰۰۰"') == 23
    kept = desk.post(shape.location, data={**cells, "source": "Register", "year": "۱۴۰۴", "sector_public": "7"})
    assert kept.status_code == 303
    [found] = read(queries.list_populations)
    assert (found.census.total, found.year, found.sectors) == (24_000, 1404, {"public": 7})
    assert desk.get(kept.location).status_code == 200
    assert desk.get("/staff/population").status_code == 200


def test_a_shape_that_makes_no_sense_is_explained(app, perform, clock):
    desk = coordinator(app, perform, clock)
    wrong = desk.get("/staff/population/shape", query_string={"bands": "young, old", "districts": "A\nA"})
    assert wrong.status_code == 422
    assert "“young” is no age band" in wrong.text
    assert "“A” stands there twice." in wrong.text


def test_the_table_of_a_process_is_fixed_when_it_opens(app, perform, read, clock):
    first = make_population(perform, clock.now())
    draft = make_draft(perform, clock.now())
    desk = coordinator(app, perform, clock)
    second = make_population(perform, clock.now(), census(each=2000))
    where = f"/staff/processes/{draft.public_id}/population"
    assert desk.post(where, data={"population": first.public_id}).status_code == 303
    assert "yardstick.chosen" in types(app)
    opened = make_process(perform, clock.now(), ProcessState.OPEN)
    clock.advance(hours=1)
    make_population(perform, clock.now(), census(each=3000))
    assert (
        desk.post(f"/staff/processes/{opened.public_id}/population", data={"population": first.public_id}).status_code
        == 409
    )
    assert read(lambda s: queries.population_of(s, reload(read, opened))).number == second.number
    assert read(lambda s: queries.population_of(s, draft)).number == first.number


def test_an_open_process_without_a_table_may_get_one_once(app, perform, read, clock):
    opened = make_process(perform, clock.now(), ProcessState.OPEN)
    clock.advance(hours=1)
    late = make_population(perform, clock.now())
    desk = coordinator(app, perform, clock)
    where = f"/staff/processes/{opened.public_id}/population"
    assert desk.get(where).status_code == 200
    assert desk.post(where, data={"population": late.public_id}).status_code == 303
    assert read(lambda s: queries.population_of(s, reload(read, opened))).number == late.number
    assert desk.post(where, data={"population": late.public_id}).status_code == 409


OFFERED = re.compile(r'<datalist id="known-districts">(.*?)</datalist>')


def test_people_are_offered_the_districts_by_which_they_will_be_counted(app, perform, clock):
    resident = sign_in(app, make_account(perform, now=clock.now()), now=clock.now())
    assert OFFERED.findall(resident.get("/account").text) == [""]
    make_population(perform, clock.now())
    page = resident.get("/account").text
    [offered] = OFFERED.findall(page)
    assert re.findall(r'value="([^"]+)"', offered) == ["Old town", "New town"]
    [field] = re.findall(r'<input[^>]*list="known-districts"[^>]*>', page)
    assert 'name="about-district"' in field


def test_the_year_of_the_ages_is_one_of_the_calendar(app, client, city, clock):
    publish_now(app, city, clock)
    assert "Ages are those of 2026," in client.get(f"/p/{city.public_id}/presence").text
    client.get("/language/fa?next=/")
    page = client.get(f"/p/{city.public_id}/presence").text
    assert "۱۴۰۴–۱۴۰۵" in page
    assert "۲۰۲۶" not in page
