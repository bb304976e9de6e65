"""The clerks' table, the kiosk, typing by keyboard, what is printed."""

from __future__ import annotations

import re

import pytest

from tests.accounts.making import make_account, sign_in
from tests.polling.making import box_of, entry_of, hand_out, letters, type_all
from tests.voting.making import codes
from ucc_participate.kernel.identity import Role


def staff(app, perform, now, email, role):
    account = make_account(perform, email, now=now, roles=(role,), display_name=email.partition("@")[0])
    return sign_in(app, account, now=now)


@pytest.fixture
def clerk(app, perform, at_work):
    return staff(app, perform, at_work.now(), "table@clerks.example", Role.CLERK)


@pytest.fixture
def coordinator(app, perform, at_work):
    return staff(app, perform, at_work.now(), "head@clerks.example", Role.COORDINATOR)


@pytest.fixture
def desk(vote):
    return f"/staff/processes/{vote.process.public_id}/votes/{vote.public_id}/polling"


@pytest.fixture
def at_work(clock, during, place):
    clock.advance(seconds=(during - clock.now()).total_seconds())
    return clock


def first(pattern, page):
    """What the pattern's group finds first on the page."""
    return re.findall(pattern, page, re.DOTALL)[0]


def sealed(page):
    return first(r'name="voter" value="([^"]+)"', page)


def test_a_coordinator_announces_a_place_and_everybody_reads_it(app, coordinator, vote, desk, client):
    page = coordinator.get(f"{desk}/new")
    names = ("day", "month", "year", "time")
    fields = {
        f"{field}-{name}": first(
            rf'name="{field}-{name}"[^>]*value="([^"]*)"'
            if name != "month"
            else rf'name="{field}-month".*?<option selected value="([^"]*)"',
            page.text,
        )
        for field in ("opens_at", "closes_at")
        for name in names
    }
    data = fields | {"name": "Library", "location": "Bazaar street", "boxes": "2", "printed": "۱۰۰"}
    answer = coordinator.post(f"{desk}/new", data=data)
    assert answer.status_code == 303, answer.text
    page = client.get(f"/p/{vote.process.public_id}/votes/{vote.public_id}/polling").text
    assert "Library" in page
    assert "Library" in client.get(f"/p/{vote.process.public_id}/votes/{vote.public_id}").text
    assert coordinator.get(answer.location).status_code == 200
    assert "Box 2" in coordinator.get(desk).text
    assert coordinator.get(f"{answer.location}/revise").status_code == 200


def test_a_voter_is_found_by_name_and_gets_a_paper(clerk, read, vote, desk, place, voters, at_work):
    table = f"{desk}/{place.public_id}/table"
    assert clerk.get(table).status_code == 200
    page = clerk.post(table, data={"person": "resident11"}).text
    assert "Has not voted" in page
    assert "Resident11" in page
    token = sealed(page)
    answer = clerk.post(f"{desk}/{place.public_id}/paper", data={"voter": token, "box": "1"})
    assert answer.status_code == 303
    assert "Resident" not in answer.location
    assert entry_of(read, vote, voters[11]).has_voted
    again = clerk.post(f"{desk}/{place.public_id}/paper", data={"voter": token, "box": "1"})
    assert (again.status_code, "A paper ballot was handed out" in again.text) == (409, True)


def test_several_of_a_name_are_shown_to_choose_from(clerk, desk, place, voters, at_work):
    page = clerk.post(f"{desk}/{place.public_id}/table", data={"person": "Resident"}).text
    assert page.count('name="voter"') == 12
    chosen = clerk.post(f"{desk}/{place.public_id}/voter", data={"voter": sealed(page)})
    assert "Has not voted" in chosen.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"code": "AAAA"}, "more or fewer"),
        ({"code": "2222-2222-222"}, "No letter of this vote"),
        ({"number": "777"}, "Nobody on the roll has this number"),
        ({"person": "Nobody at all"}, "Nobody on the roll has this name"),
        ({}, "Type a code, a number or a name"),
    ],
)
def test_who_is_not_found_is_told_so(clerk, desk, place, at_work, typed, words):
    page = clerk.post(f"{desk}/{place.public_id}/table", data=typed)
    assert (page.status_code, words in page.text) == (422, True), page.text


def test_a_kiosk_lends_itself_and_forgets(app, clerk, perform, read, vote, desk, place, voters, at_work, during):
    slot = entry_of(read, vote, voters[0]).slot
    [code] = letters(perform, vote, [slot], now=during)
    started = clerk.post(f"{desk}/{place.public_id}/kiosks/new", data={"idle_minutes": "5"})
    assert started.location.endswith("/kiosk")
    tablet = clerk
    assert tablet.get(desk).location.startswith("/sign-in"), "nobody is signed in"
    assert tablet.get("/sign-in").location.endswith("/kiosk"), "a kiosk shows nothing else"
    assert tablet.get("/").location.endswith("/kiosk")
    start = tablet.get("/kiosk")
    assert start.headers["Refresh"] == "60; url=/kiosk"
    assert tablet.post("/kiosk", data={"code": "2222-2222-222"}).status_code == 422
    assert tablet.post("/kiosk", data={"code": code}).location.endswith("/kiosk/ballot")
    ballot = tablet.get("/kiosk/ballot")
    assert ballot.headers["Cache-Control"].startswith("no-store")
    key = first(r'name="idempotency_key"[^>]*value="([^"]+)"', ballot.text)
    marks = {"choices": codes(vote)[:1], "idempotency_key": key}
    look = tablet.post("/kiosk/ballot", data=marks | {"step": "look"})
    assert "not cast yet" in look.text
    too_many = tablet.post("/kiosk/ballot", data=marks | {"choices": codes(vote), "step": "look"})
    assert (too_many.status_code, "checked" in too_many.text) == (422, True)
    assert tablet.post("/kiosk/ballot", data=marks | {"step": "cast"}).location.endswith("/kiosk/receipt")
    receipt = tablet.get("/kiosk/receipt")
    assert "Your ballot is counted" in receipt.text
    assert receipt.headers["Cache-Control"].startswith("no-store")
    assert tablet.post("/kiosk/done").location.endswith("/kiosk")
    assert tablet.get("/kiosk/receipt").location.endswith("/kiosk")
    assert tablet.get("/kiosk/ballot").location.endswith("/kiosk")
    with tablet.session_transaction() as held:
        assert set(held) <= {"kiosk", "csrf_token", "_flashes"}


def test_whoever_leaves_a_kiosk_is_forgotten_and_nothing_is_kept(
    clerk, perform, read, vote, desk, place, voters, at_work, during
):
    [code] = letters(perform, vote, [entry_of(read, vote, voters[0]).slot], now=during)
    clerk.post(f"{desk}/{place.public_id}/kiosks/new", data={"idle_minutes": "5"})
    clerk.post("/kiosk", data={"code": code})
    at_work.advance(minutes=6)
    page = clerk.get("/kiosk")
    assert "nothing was cast" in page.text
    late = clerk.post("/kiosk/ballot", data={"choices": codes(vote)[:1], "step": "cast"})
    assert late.location.endswith("/kiosk")
    assert not entry_of(read, vote, voters[0]).has_voted
    assert clerk.post("/kiosk", data={"code": code}).location.endswith("/kiosk/ballot"), "the code is as good as before"


def test_a_clerk_releases_a_ballot(app, clerk, perform, now, read, vote, desk, place, voters, at_work):
    tablet = staff(app, perform, at_work.now(), "second@clerks.example", Role.CLERK)
    tablet.post(f"{desk}/{place.public_id}/kiosks/new", data={"idle_minutes": "5"})
    assert tablet.post("/kiosk/released").status_code == 409
    page = clerk.post(f"{desk}/{place.public_id}/table", data={"person": "Resident11"}).text
    kiosk = first(r'name="kiosk" value="([^"]+)"', page)
    released = clerk.post(f"{desk}/{place.public_id}/release", data={"voter": sealed(page), "kiosk": kiosk})
    assert released.status_code == 303
    assert tablet.post("/kiosk/released").location.endswith("/kiosk/ballot")


@pytest.mark.settings(UCC_RATE_LIMITS="yes")
def test_codes_are_not_tried_out_at_a_kiosk(clerk, desk, place, at_work):
    clerk.post(f"{desk}/{place.public_id}/kiosks/new", data={"idle_minutes": "5"})
    answers = [clerk.post("/kiosk", data={"code": "AAAA"}).status_code for _ in range(12)]
    assert answers[-1] == 429


def test_papers_are_typed_by_keyboard_and_nothing_is_lost(
    app, clerk, perform, read, vote, desk, place, voters, clerks, at_work, during, after
):
    for voter in voters[:3]:
        hand_out(perform, vote, place, entry_of(read, vote, voter).slot, actor=clerks[0], now=during)
    at_work.advance(seconds=(after - at_work.now()).total_seconds())
    box = f"{desk}/{place.public_id}/boxes/1"
    assert clerk.get(box).status_code == 200
    assert clerk.post(box, data={"found": "۳"}).status_code == 303
    page = clerk.post(f"{box}/piles/1", data={"paper-1": "۱ ۲", "paper-2": "9", "paper-3": "0"})
    assert page.status_code == 422
    assert "There is no option 9" in page.text
    assert 'value="9"' in page.text
    assert 'value="۱ ۲"' in page.text
    done = clerk.post(f"{box}/piles/1", data={"paper-1": "1 2", "paper-2": "3", "paper-3": "0"})
    assert done.status_code == 303, done.text
    type_all(perform, vote, place, ["1 2", "2", "0"], actor=clerks[1], now=at_work.now())
    page = clerk.get(f"{box}/compare").text
    assert "1 paper differs" in page
    third = staff(app, perform, at_work.now(), "third@clerks.example", Role.CLERK)
    wrong = third.post(f"{box}/compare", data={"paper-2": "9", "reason": "seen by both"})
    assert (wrong.status_code, "no option 9" in wrong.text) == (422, True)
    assert third.post(f"{box}/compare", data={"paper-2": "2", "reason": "seen by both"}).status_code == 303
    assert clerk.get(f"{box}/finish").status_code == 200
    assert clerk.post(f"{box}/finish").status_code == 303
    assert box_of(read, vote, place).differences == 1


def test_what_is_printed_is_pdf_and_every_paper_like_every_other(coordinator, desk, place, at_work):
    pypdf = pytest.importorskip("pypdf")
    import io

    for language in ("fa", "en", "fr"):
        answer = coordinator.post(f"{desk}/ballots", data={"language": language, "papers": "3", "size": "large"})
        assert answer.mimetype == "application/pdf", answer.text[:2000]
        pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
        assert len(pages) == 3
        assert len({page.extract_text() for page in pages}) == 1
        protocol = coordinator.get(f"{desk}/{place.public_id}/protocol.pdf?language={language}")
        assert protocol.data.startswith(b"%PDF")


def test_code_letters_are_the_only_place_of_their_codes(coordinator, perform, vote, desk, place, at_work, now):
    refused = coordinator.post(f"{desk}/letters", data={"language": "en", "whom": "paper"})
    assert (refused.status_code, "nobody on the roll who needs" in refused.text) == (422, True)


@pytest.mark.parametrize(("role", "status"), [(Role.EVALUATOR, 200), (Role.MODERATOR, 403), (Role.CLERK, 200)])
def test_who_may_watch(app, perform, now, desk, place, at_work, role, status):
    browser = staff(app, perform, at_work.now(), "x@clerks.example", role)
    assert browser.get(desk).status_code == status
    assert browser.get(f"{desk}/{place.public_id}").status_code == status


def test_an_observer_looks_nobody_up_and_types_nothing(app, perform, now, desk, place, at_work):
    observer = staff(app, perform, at_work.now(), "y@clerks.example", Role.EVALUATOR)
    assert observer.get(f"{desk}/{place.public_id}/table").status_code == 403
    assert observer.get(f"{desk}/{place.public_id}/boxes/1").status_code == 200
    assert observer.get(f"{desk}/{place.public_id}/boxes/1/piles/1").status_code == 403
    assert observer.post(f"{desk}/enter").status_code in (403, 409)


def test_the_log_of_requests_names_nobody(clerk, desk, place, voters, at_work, caplog):
    with caplog.at_level("DEBUG"):
        clerk.post(f"{desk}/{place.public_id}/table", data={"person": "Resident11"})
    assert "Resident11" not in caplog.text
