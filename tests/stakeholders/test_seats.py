"""The seats of an organisation: mandates with their documents, how many delegates must agree, for whom one speaks."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.accounts.making import acting
from tests.documents.test_documents import PDF
from tests.stakeholders.making import (
    ACTORS,
    make_account,
    make_delegate,
    make_organisation,
    revoke,
    set_quorum,
    sign_in,
    staff_browser,
    told,
)
from ucc_participate.accounts.models import Account, Leftover
from ucc_participate.accounts.operations import erase_account
from ucc_participate.documents.models import Document
from ucc_participate.kernel.errors import Forbidden, Invalid
from ucc_participate.kernel.identity import Role
from ucc_participate.stakeholders import operations, policies, queries
from ucc_participate.stakeholders.models import MOST_CONFIRMATIONS, Delegate, Organisation

EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(64)


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def weavers(perform, now):
    return make_organisation(perform, "Weavers", now=now)


@pytest.fixture
def sara(perform, now):
    return make_account(perform, "sara@weavers.example", now=now, name="Sara")


@pytest.fixture
def coordinator(app, perform, now):
    return staff_browser(app, perform, Role.COORDINATOR, now=now)


@pytest.fixture
def clerk(app, perform, now):
    return staff_browser(app, perform, Role.CLERK, now=now)


def desk(organisation):
    return f"/staff/stakeholders/{organisation.public_id}/delegates"


def typed(email="sara@weavers.example", **more):
    day = {"starts_on-day": "21", "starts_on-month": "gregorian-3", "starts_on-year": "2026"}
    return {"email": email, "mandate": "Letter no. 12"} | day | more


def live_row(read, organisation):
    return read(lambda session: queries.get_organisation(session, organisation.public_id))


# --- the mandate as a file


def test_a_mandate_comes_as_a_file_that_the_log_knows_by_its_hash(app, clerk, read, weavers, sara):
    answer = clerk.post(desk(weavers), data=typed(document=(io.BytesIO(PDF), "mandate.pdf")))
    assert answer.status_code == 303
    [document] = read(lambda session: session.scalars(select(Document)).all())
    [seat] = read(lambda session: queries.list_delegates(session, weavers))
    assert (document.subject, document.kind, document.is_public) == (seat.ref, "mandate", False)
    entry = told(app, subject=weavers.ref)[-1]
    assert (entry.type, entry.payload) == ("delegate.granted", {"document": document.public_payload()})


def test_staff_opens_it_and_is_noted_and_nobody_else_can(app, client, clerk, read, now, weavers, sara):
    clerk.post(desk(weavers), data=typed(document=(io.BytesIO(PDF), "mandate.pdf")))
    [document] = read(lambda session: session.scalars(select(Document)).all())
    assert "mandate.pdf" in clerk.get(desk(weavers)).text
    opened = clerk.post(f"/documents/{document.public_id}")
    assert (opened.status_code, opened.data) == (200, PDF)
    opened.close()
    assert [entry.type for entry in told(app, subject=document.ref)] == ["document.read"]
    hers = sign_in(app, sara, now=now)
    assert (client.get(f"/documents/{document.public_id}").status_code) == 404
    assert hers.post(f"/documents/{document.public_id}").status_code == 404
    assert "a document of yours that is not public" in hers.get("/account/looks").text


@pytest.mark.parametrize("content", [EXE, b"PK\x03\x04" + bytes(80), b"just words"], ids=["exe", "zip", "text"])
def test_a_program_that_calls_itself_a_pdf_is_refused_and_nothing_is_kept(app, clerk, read, weavers, sara, content):
    answer = clerk.post(desk(weavers), data=typed(document=(io.BytesIO(content), "mandate.pdf")))
    assert answer.status_code == 422
    assert "Letter no. 12" in answer.text
    assert 'id="document-error"' in answer.text
    assert read(lambda session: session.scalars(select(Delegate.id)).all()) == []
    assert read(lambda session: session.scalars(select(Document.id)).all()) == []
    assert "delegate.granted" not in [entry.type for entry in told(app, subject=weavers.ref)]


def test_the_file_of_an_erased_delegate_goes_with_them(app, perform, clerk, read, now, weavers, sara):
    clerk.post(desk(weavers), data=typed(document=(io.BytesIO(PDF), "mandate.pdf")))
    [document] = read(lambda session: session.scalars(select(Document)).all())

    def erase(session):
        found = session.get(Account, sara.id)
        erase_account(session, found, erasers=app.extensions["ucc.erasers"], actor=acting(sara), now=now)

    perform(erase)
    assert read(lambda session: session.scalars(select(Document.id)).all()) == []
    assert f"upload:{document.sha256}" in read(lambda session: session.scalars(select(Leftover.task)).all())


# --- how they stand


def test_the_desk_tells_each_mandate_by_its_days_and_who_gave_and_withdrew_it(clerk, perform, now, weavers):
    today = now.date()
    seats = {
        "Ada": {},
        "Bita": {"starts_on": today - timedelta(days=9), "ends_on": today - timedelta(days=1)},
        "Cyrus": {"starts_on": today + timedelta(days=1)},
    }
    made = {
        name: make_delegate(
            perform, weavers, make_account(perform, f"{name}@w.example", now=now, name=name), now=now, **days
        )
        for name, days in seats.items()
    }
    clerk.post(desk(weavers), data=typed("ada@w.example", mandate="Second letter"))
    revoke(perform, weavers, made["Ada"], now=now)
    page = clerk.get(desk(weavers)).text
    states = {name: row_of(page, seat) for name, seat in made.items()}
    assert "Withdrawn" in states["Ada"]
    assert "Ended" in states["Bita"]
    assert "Begins later" in states["Cyrus"]
    assert "the system" in states["Bita"]
    assert page.split("<tbody>")[1].split("</tbody>")[0].count("<bdi>Clerk</bdi>") == 1
    assert "Withdraw…" not in states["Ada"] + states["Bita"]
    assert "Withdraw…" in states["Cyrus"]


def row_of(page, seat):
    return page.split(f'id="seat-{seat.public_id}"')[1].split("</tr>")[0]


def test_the_name_of_a_giver_goes_with_their_account(app, clerk, perform, read, now, weavers, sara):
    clerk.post(desk(weavers), data=typed())
    [seat] = read(lambda session: queries.list_delegates(session, weavers))
    giver = read(lambda session: session.scalars(select(Account).where(Account.email == "clerk@city.example")).one())
    assert seat.granted_by == giver.key


# --- the quorum


@pytest.mark.parametrize("name", ACTORS)
def test_a_coordinator_says_how_many_must_agree(name):
    decision = policies.can_set_quorum(ACTORS[name], Organisation(), now=None)  # type: ignore[arg-type]
    assert bool(decision) == (name in {"coordinator", "system"})


@pytest.mark.parametrize("name", ACTORS)
def test_whoever_is_signed_in_reads_for_whom_they_speak(name):
    decision = policies.can_see_seats(ACTORS[name], Delegate, now=None)  # type: ignore[arg-type]
    assert bool(decision) == ACTORS[name].is_signed_in


def test_the_quorum_is_set_and_told(app, coordinator, read, weavers):
    address = f"/staff/stakeholders/{weavers.public_id}/quorum"
    assert coordinator.post(address, data={"confirmations": "۲"}).status_code == 303
    assert live_row(read, weavers).ballot_confirmations == 2
    entry = told(app, subject=weavers.ref)[-1]
    assert (entry.type, entry.values["role"]) == ("organisation.quorum_set", "coordinator")
    assert entry.payload["ballot_confirmations"] == 2


@pytest.mark.parametrize("number", ["0", "-1", "21", "two", ""])
def test_a_quorum_that_makes_no_sense_is_refused(coordinator, read, weavers, number):
    answer = coordinator.post(f"/staff/stakeholders/{weavers.public_id}/quorum", data={"confirmations": number})
    assert answer.status_code == 422
    assert live_row(read, weavers).ballot_confirmations == 1


def test_a_quorum_beyond_the_most_is_refused_by_the_operation_too(perform, read, now, weavers):
    for number in (0, MOST_CONFIRMATIONS + 1):
        with pytest.raises(Invalid):
            set_quorum(perform, weavers, number, now=now)
    assert live_row(read, weavers).ballot_confirmations == 1


def test_a_clerk_reads_the_quorum_and_cannot_set_it(clerk, read, perform, now, weavers):
    set_quorum(perform, weavers, 2, now=now)
    page = clerk.get(desk(weavers)).text
    assert "2 delegates must agree before a ballot of this organisation counts." in page
    assert 'name="confirmations"' not in page
    answer = clerk.post(f"/staff/stakeholders/{weavers.public_id}/quorum", data={"confirmations": "3"})
    assert (answer.status_code, live_row(read, weavers).ballot_confirmations) == (403, 2)


def test_the_operation_asks_who_sets_it(perform, read, now, weavers):
    def work(session):
        found = queries.organisation_to_change(session, weavers.public_id)
        operations.set_quorum(session, found, confirmations=2, actor=ACTORS["clerk"], now=now)

    with pytest.raises(Forbidden):
        perform(work)
    assert live_row(read, weavers).ballot_confirmations == 1


def test_revising_an_entry_leaves_its_quorum(perform, read, now, weavers, coordinator):
    set_quorum(perform, weavers, 2, now=now)
    form = {"name": "Weavers’ guild", "sector": "civil_society", "subtype": "association"}
    form["identified_by"] = "Public register"
    answer = coordinator.post(f"/staff/stakeholders/{weavers.public_id}/edit", data=form)
    assert answer.status_code == 303, answer.text
    assert (live_row(read, weavers).name, live_row(read, weavers).ballot_confirmations) == ("Weavers’ guild", 2)


@pytest.mark.parametrize(("holding", "is_said"), [(1, True), (2, False)])
def test_too_few_delegates_are_said_clearly(app, coordinator, perform, now, weavers, sara, holding, is_said):
    set_quorum(perform, weavers, 2, now=now)
    make_delegate(perform, weavers, sara, now=now)
    make_delegate(perform, weavers, sara, now=now, mandate="Second seat of the same person")
    if holding == 2:
        make_delegate(perform, weavers, make_account(perform, "bita@weavers.example", now=now), now=now)
    pages = [coordinator.get(desk(weavers)).text, sign_in(app, sara, now=now).get("/account/seats").text]
    assert {"Too few delegates" in page for page in pages} == {is_said}
    assert ("Name another delegate below" in pages[0]) == is_said
    assert ("Ask the city’s staff to name another delegate" in pages[1]) == is_said


# --- for whom one speaks


def test_a_delegate_reads_for_whom_they_speak_spoke_and_will_speak(app, perform, now, sara, weavers):
    potters, dyers = (make_organisation(perform, name, now=now) for name in ("Potters", "Dyers"))
    make_delegate(perform, weavers, sara, now=now, mandate="Letter no. 12")
    make_delegate(perform, potters, sara, now=now, starts_on=now.date() + timedelta(days=2))
    revoke(perform, dyers, make_delegate(perform, dyers, sara, now=now), now=now)
    browser = sign_in(app, sara, now=now)
    page = browser.get("/account/seats").text
    parts = {name: part_of(page, name) for name in ("Weavers", "Potters", "Dyers")}
    assert "Holds" in parts["Weavers"]
    assert "Letter no. 12" in parts["Weavers"]
    assert "Each delegate can cast its ballot alone." in parts["Weavers"]
    assert "Begins later" in parts["Potters"]
    assert "Withdrawn on" in parts["Dyers"]
    assert "/account/seats" in browser.get("/").text


def part_of(page, name):
    return next(part for part in page.split("<section")[1:] if f"<bdi>{name}</bdi>" in part)


def test_whoever_speaks_for_nobody_is_told_how_to(app, client, perform, now, sara):
    page = sign_in(app, sara, now=now).get("/account/seats").text
    assert "You speak for nobody but yourself" in page
    assert client.get("/account/seats").status_code == 303


def test_the_pages_of_seats_ask_the_same_however_many_there_are(
    app, coordinator, perform, now, weavers, sara, count_queries
):
    hers = sign_in(app, sara, now=now)
    reads = [lambda: coordinator.get(desk(weavers)), lambda: hers.get("/account/seats")]
    make_delegate(perform, weavers, sara, now=now)
    for read in reads:
        read()
    few = [count_queries(read) for read in reads]
    for number in range(5):
        account = make_account(perform, f"d{number}@weavers.example", now=now)
        make_delegate(perform, weavers, account, now=now)
        make_delegate(perform, make_organisation(perform, f"Body {number}", now=now), sara, now=now)
    assert [count_queries(read) for read in reads] == few
