"""The pages on which the register goes out and comes in as a table, and entries are merged."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest

from tests.stakeholders.making import ACTORS, CITY, POTTERS, make_account, make_delegate, make_organisation, told
from tests.stakeholders.making import staff_browser as signed_in_staff
from ucc_participate.kernel.identity import Role
from ucc_participate.kernel.tables import write_csv
from ucc_participate.stakeholders import operations, queries
from ucc_participate.vocabularies.uccn import Sector

HEAD = ("نام", "بخش", "نوع", "ستون ناآشنا")
GOOD = ("بافندگان", "جامعهٔ مدنی", "انجمن", "")
BROKEN = ("=cmd()", "نامعلوم", "association", "")


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def clerk(app, perform, now):
    return signed_in_staff(app, perform, Role.CLERK, now=now)


def upload(browser, rows, name="list.csv"):
    data = {"table": (io.BytesIO(write_csv(rows)), name), "identified_by": "List of the chamber"}
    return browser.post("/staff/stakeholders/imports", data=data, content_type="multipart/form-data")


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def registered(read):
    return read(lambda s: queries.list_organisations(s, queries.RegisterFilter())).organisations


# --- taking away --------------------------------------------------------------------------------------------------


def test_everybody_fetches_the_public_columns_and_no_others(client, perform, now):
    made = perform(lambda s: operations.register_organisation(s, POTTERS, actor=CITY, now=now))
    answer = client.get("/stakeholders/register.csv")
    head, line = rows_of(answer)
    assert (head[0], head[1], line[0], line[1]) == ("Id", "Name of the organisation", made.public_id, "Potters’ Guild")
    for private in ("Mina Rahimi", "mina@potters.example", "013-4242", "Call in the morning"):
        assert private.encode() not in answer.data
    assert answer.headers["Content-Disposition"] == 'attachment; filename="register.csv"'


def test_the_table_holds_what_the_page_lists_and_nothing_is_computed_in_it(client, perform, now):
    make_organisation(perform, '=HYPERLINK("http://evil.example")', now=now, website="https://a.example")
    make_organisation(perform, "Bakers", Sector.PRIVATE, now=now)
    [_, only] = rows_of(client.get("/stakeholders/register.csv?sector=civil_society"))
    assert only[1] == '\'=HYPERLINK("http://evil.example")'
    book = openpyxl.load_workbook(io.BytesIO(client.get("/stakeholders/register.xlsx?sector=civil_society").data))
    cell = book.worksheets[0]["B2"]
    assert (cell.data_type, cell.value) == ("s", only[1])


def test_a_persian_table_opens_from_right_to_left(client, perform, now):
    make_organisation(perform, "بافندگان", now=now)
    client.set_cookie("language", "fa")
    client.get("/language/fa?next=/")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/stakeholders/register.xlsx").data))
    assert book.worksheets[0].sheet_view.rightToLeft is True
    assert client.get("/stakeholders/register.csv").data.startswith(b"\xef\xbb\xbf")


def test_staff_fetches_contact_data_and_the_log_notes_it_once_an_hour(app, clerk, client, perform, now):
    perform(lambda s: operations.register_organisation(s, POTTERS, actor=CITY, now=now))
    for _ in range(2):
        assert b"mina@potters.example" in clerk.get("/staff/stakeholders/register.csv").data
    [look] = told(app, subject="register/contacts")
    assert (look.type, look.payload, look.values["role"]) == ("personal_data.read", {"page": "contact"}, "clerk")
    assert client.get("/staff/stakeholders/register.csv").status_code == 303
    assert client.get("/staff/stakeholders/template.csv").status_code == 303


def test_an_exported_table_leads_from_old_ids_to_those_that_hold(app, client, perform, now):
    gone, stays = (make_organisation(perform, name, now=now) for name in ("Guild of potters", "Potters’ guild"))
    merge(app, perform, gone, stays, now)
    lines = rows_of(client.get("/stakeholders/register.csv"))
    at = lines[0].index("Merged into (id)")
    assert [(line[0], line[at]) for line in lines[1:]] == [(stays.public_id, ""), (gone.public_id, stays.public_id)]
    assert len(rows_of(client.get("/stakeholders/register.csv?q=potters"))) == 2


def merge(app, perform, gone, stays, now):
    parts = app.extensions["ucc.merge_parts"]

    def work(session):
        both = queries.organisations_to_merge(session, gone.public_id, stays.public_id)
        operations.merge_organisations(session, *both, reason="One guild", parts=parts, actor=CITY, now=now)

    perform(work)


# --- bringing -----------------------------------------------------------------------------------------------------


def test_a_table_is_looked_at_then_taken_in_and_its_result_kept(clerk, read):
    answer = upload(clerk, [HEAD, GOOD, BROKEN])
    assert answer.status_code == 303
    address = answer.headers["Location"]
    preview = clerk.get(address).text
    assert "Nothing is in the register yet" in preview
    assert "“نامعلوم” is not on the list." in preview
    assert "ستون ناآشنا" in preview
    assert preview.index("=cmd()") < preview.index("بافندگان")
    assert registered(read) == []
    done = clerk.post(f"{address}/carry-out", follow_redirects=True)
    assert "1 row is in the register." in done.text
    assert [each.name for each in registered(read)] == ["بافندگان"]
    lines = rows_of(clerk.get(f"{address}/rows.csv"))
    assert [line[:3] for line in lines] == [
        ["Row", "Organisation", "What becomes of it"],
        ["2", "بافندگان", "Is entered"],
        ["3", "'=cmd()", "Cannot be taken"],
    ]
    assert "“نامعلوم” is not on the list." in lines[2][3]
    assert clerk.get(f"{address}/rows.xlsx").status_code == 200
    assert clerk.post(f"{address}/carry-out").status_code == 409


def test_a_table_can_be_thrown_away(clerk, read):
    address = upload(clerk, [HEAD, GOOD]).headers["Location"]
    assert clerk.post(f"{address}/drop").status_code == 303
    assert clerk.get(address).status_code == 404
    assert registered(read) == []


def test_what_cannot_be_read_is_said_beside_the_file(clerk):
    answer = upload(clerk, [("just", "words"), ("a", "b")])
    assert answer.status_code == 422
    assert "The first row must name the columns" in answer.text
    picture = {"table": (io.BytesIO(b"\x89PNG\r\n\x1a\n\x00\x00"), "list.xlsx")}
    assert "This file is no table" in clerk.post("/staff/stakeholders/imports", data=picture).text


def test_a_register_that_changed_is_shown_again_before_anything_is_done(clerk, perform, read, now):
    address = upload(clerk, [HEAD, GOOD, ("نانوایان", "خصوصی", "شرکت", "")]).headers["Location"]
    made = make_organisation(perform, "نانوایان", Sector.PRIVATE, now=now)
    again = clerk.post(f"{address}/carry-out", follow_redirects=True).text
    assert "The register has changed since this was shown" in again
    assert [each.name for each in registered(read)] == [made.name]
    assert "1 organisation would be new." in again


def test_the_template_comes_back_as_it_went(clerk):
    head = rows_of(clerk.get("/staff/stakeholders/template.csv"))[0]
    answer = upload(clerk, [head, ["", "Weavers", "Civil society", "Association", *[""] * (len(head) - 4)]])
    page = clerk.get(answer.headers["Location"]).text
    assert "1 organisation would be new." in page
    assert "nobody knows what they mean" not in page


def test_the_preview_of_many_rows_asks_no_more_than_that_of_one(clerk, count_queries):
    few = upload(clerk, [HEAD, GOOD]).headers["Location"]
    many = upload(clerk, [HEAD, *[("", "x", "y", "")] * 300]).headers["Location"]
    counts = [count_queries(lambda at=at: clerk.get(at)) for at in (few, many, f"{many}?fate=refused&after=100")]
    assert max(counts) <= counts[0] <= 12
    assert clerk.get(f"{many}?fate=refused&after=100").text.count("is not on the list") == 100


@pytest.mark.parametrize("odd", ["fate=nonsense", "after=x", "after=-5", "after=99999999"])
def test_odd_addresses_of_a_preview_do_no_harm(clerk, odd):
    address = upload(clerk, [HEAD, GOOD]).headers["Location"]
    assert clerk.get(f"{address}?{odd}").status_code == 200


def test_residents_neither_bring_tables_nor_merge(app, perform, now):
    one, other = (make_organisation(perform, name, now=now) for name in ("Guild of potters", "Potters’ guild"))
    resident = signed_in_staff(app, perform, Role.EVALUATOR, now=now)
    for path in (
        *("imports", "register.csv", "template.xlsx", "duplicates", f"{one.public_id}/merge"),
        f"{one.public_id}/merge/{other.public_id}",
    ):
        assert resident.get(f"/staff/stakeholders/{path}").status_code == 403, path


# --- merging ------------------------------------------------------------------------------------------------------


def test_staff_says_that_two_are_two(clerk, perform, now):
    one, other = (make_organisation(perform, name, now=now) for name in ("Potters’ guild", "Potter’s guild"))
    address = f"/staff/stakeholders/{other.public_id}/merge/{one.public_id}"
    assert address in clerk.get("/staff/stakeholders/duplicates").text
    apart = f"/staff/stakeholders/{other.public_id}/apart/{one.public_id}"
    assert f'action="{apart}"' in clerk.get(address).text
    answer = clerk.post(apart, follow_redirects=True)
    assert "Noted." in answer.text
    assert address not in answer.text


def test_staff_compares_two_entries_and_merges_them(app, clerk, client, perform, read, now):
    one, other = (make_organisation(perform, name, now=now) for name in ("Potters’ guild", "Potter’s guild"))
    make_delegate(perform, other, make_account(perform, "sara@example.org", now=now), now=now)
    listed = clerk.get("/staff/stakeholders/duplicates").text
    assert "the same name" in listed
    address = re.search(r"/staff/stakeholders/\w+/merge/\w+", listed)
    assert address is not None
    page = clerk.get(address[0]).text
    assert "This cannot be undone" in page
    assert re.search(r"Mandates of delegates.*?<td[^>]*>1</td>", page, re.DOTALL)
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', page)
    assert seen is not None
    assert clerk.post(address[0], data={"reason": "", "seen": seen[1]}).status_code == 422
    answer = clerk.post(address[0], data={"reason": "One guild", "seen": seen[1]})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/stakeholders/{one.public_id}")
    survivor = client.get(f"/stakeholders/{one.public_id}").text
    assert f"/stakeholders/{other.public_id}" in survivor
    assert "One guild" in survivor
    tombstone = client.get(f"/stakeholders/{other.public_id}")
    assert tombstone.status_code == 200
    assert f"/stakeholders/{one.public_id}" in tombstone.text
    assert [each.type for each in told(app, subject=other.ref)][-1] == "organisation.merged"
    assert clerk.get(address[0]).status_code == 409


def test_what_changed_since_the_page_was_shown_is_looked_at_once_more(app, clerk, perform, read, now):
    one, other = (make_organisation(perform, name, now=now) for name in ("Potters’ guild", "Potter’s guild"))
    address = f"/staff/stakeholders/{other.public_id}/merge/{one.public_id}"
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', clerk.get(address).text)
    assert seen is not None
    make_delegate(perform, other, make_account(perform, "sara@example.org", now=now), now=now)
    answer = clerk.post(address, data={"reason": "One guild", "seen": seen[1]})
    assert answer.status_code == 422
    assert "Something changed since this page was shown" in answer.text
    assert not read(lambda s: queries.get_organisation(s, other.public_id)).is_merged


def test_merging_an_entry_with_itself_or_with_nobody(clerk, perform, now):
    one = make_organisation(perform, "Potters’ guild", now=now)
    address = f"/staff/stakeholders/{one.public_id}/merge"
    page = clerk.get(f"{address}/{one.public_id}").text
    assert "This is one entry" in page
    assert "This cannot be undone" not in page
    refused = clerk.post(f"{address}/{one.public_id}", data={"reason": "x", "seen": "y"})
    assert refused.status_code == 422
    assert clerk.get(f"{address}/nobody").status_code == 404
    assert "No other entry has such a name" in clerk.get(address).text


def test_the_pages_of_merging_ask_a_fixed_number_of_questions(clerk, count_queries, perform, now):
    pages = []
    for name in ("Potters’ guild", "Potter’s guild", "potters guild", "Pottersguild"):
        made = make_organisation(perform, name, now=now)
        pages.append(count_queries(lambda: clerk.get("/staff/stakeholders/duplicates")))
    assert len(set(pages[1:])) == 1
    assert pages[-1] <= 10
    counted = count_queries(lambda: clerk.get(f"/staff/stakeholders/{made.public_id}/merge"))
    assert counted <= 12


def test_naming_one_organisation_many_times_is_one_nomination(client, perform, read, now):
    for at in range(12):
        said = operations.Nominated(
            name=f"Potters {'’' * (at % 2)}guild", sector=Sector.PRIVATE, why="w", contact=None, idempotency_key=str(at)
        )
        perform(lambda s, said=said: operations.nominate(s, said, actor=ACTORS["visitor"], now=now))
    [only] = read(lambda s: queries.waiting_nominations(s)).nominations
    assert only.times == 12
