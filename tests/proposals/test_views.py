"""Pages of proposals: what a browser gets, with and without a sign-in, with good input and bad."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from sqlalchemy import event, select

from tests.accounts.making import make_account, sign_in, without_tokens
from tests.processes.making import day, make_process
from tests.proposals.making import (
    REASON,
    answer,
    official,
    process_from_elsewhere,
    proposing_process,
    reload,
    submit,
)
from tests.stakeholders.making import CITY, acting, make_organisation
from ucc_participate.audit.extension import audit_log
from ucc_participate.kernel.db import db
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.models import ProcessState
from ucc_participate.proposals import operations, queries
from ucc_participate.proposals.models import Imported, Outcome, Proposal, ProposalState
from ucc_participate.stakeholders import operations as register
from ucc_participate.stakeholders.models import Organisation
from ucc_participate.vocabularies.uccn import Sector

KEY = "abcdefghijklmnopqrstuv"
FORM = {
    "title": "Evening workshops for young weavers",
    "summary": "Open the weaving workshops on three evenings a week.",
    "body": "The looms stand still after five.",
    "kind": "project",
    "level": "local",
    "objectives": ["OBJ-1", "OBJ-2"],
    "for_whom": ["youth"],
    "place": "The old bazaar",
    "cost": "۲٬۵۰۰٬۰۰۰",
    "author": "named",
    "language": "en",
    "idempotency_key": KEY,
}


@pytest.fixture
def process(perform, now, clock):
    made, then = proposing_process(perform, now)
    clock.at = then
    return made


@pytest.fixture
def sara(perform, now):
    return make_account(perform, "sara@city.example", now=now, display_name="Sara")


@pytest.fixture
def hers(app, sara, clock, process):
    """Sara's browser."""
    return sign_in(app, sara, now=clock.now())


@pytest.fixture
def leila(perform, now):
    facts: Any = {"display_name": "Leila Moradi", "function": "Head of culture", "roles": (Role.COORDINATOR,)}
    return make_account(perform, "leila@city.example", now=now, **facts)


@pytest.fixture
def desk(app, leila, clock, process):
    """The browser of an official who answers."""
    return sign_in(app, leila, now=clock.now())


@pytest.fixture
def home(process):
    """The address of the list."""
    return f"/p/{process.public_id}/proposals"


def all_proposals(read):
    return read(lambda session: list(session.scalars(select(Proposal).order_by(Proposal.id))))


def text_of(answer):
    return answer.get_data(as_text=True)


def send(browser, home, **changes):
    """Press "send" on a new form. What is None was not filled in."""
    return browser.post(f"{home}/new", data=_typed({"send": "1"} | changes))


def _typed(changes):
    return {name: value for name, value in (FORM | changes).items() if value is not None}


def save(browser, home, **changes):
    return browser.post(f"{home}/new", data=_typed({"save": "1"} | changes))


# --- writing


def test_a_proposal_that_is_sent_has_a_page_with_its_receipt(hers, home, read):
    done = send(hers, home)
    [sent] = all_proposals(read)
    assert (done.status_code, done.location) == (303, f"{home}/{sent.public_id}")
    assert (sent.status, sent.number, sent.cost, sent.place) == (
        ProposalState.SUBMITTED,
        1,
        2_500_000,
        "The old bazaar",
    )
    assert (sent.currency, sent.language, sent.author_name) == ("IRR", "en", "Sara")
    page = text_of(hers.get(done.location))
    assert "Your proposal has been sent" in page
    assert FORM["title"] in page


def test_a_draft_is_kept_and_can_be_sent_later(hers, home, read):
    done = save(hers, home, title="Half", summary="", objectives=None, author=None)
    [kept] = all_proposals(read)
    assert done.location == f"{home}/{kept.public_id}/edit"
    assert (kept.status, kept.title) == (ProposalState.DRAFT, "Half")
    page = text_of(hers.get(done.location))
    assert 'value="Half"' in page
    sent = hers.post(done.location, data=FORM | {"send": "1", "idempotency_key": ""})
    assert sent.location == f"{home}/{kept.public_id}"
    assert reload(read, kept).number == 1


def test_a_draft_can_be_changed_and_thrown_away(hers, home, read):
    where = save(hers, home).location
    assert hers.post(where, data=FORM | {"save": "1", "title": "Another title, changed"}).status_code == 303
    [kept] = all_proposals(read)
    assert kept.title == "Another title, changed"
    away = where.replace("/edit", "/discard")
    assert "Another title, changed" in text_of(hers.get(away))
    assert hers.post(away).location == "/my/proposals"
    assert all_proposals(read) == []


@pytest.mark.parametrize("button", ["send", "save"])
def test_a_form_sent_twice_leads_to_the_same_proposal(hers, home, read, button):
    first, second = (hers.post(f"{home}/new", data=FORM | {button: "1"}) for _press in range(2))
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert len(all_proposals(read)) == 1


def test_going_back_after_a_draft_and_sending_the_form_sends_that_draft(hers, home, read):
    save(hers, home)
    done = send(hers, home)
    [sent] = all_proposals(read)
    assert (sent.status, done.location) == (ProposalState.SUBMITTED, f"{home}/{sent.public_id}")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "Fill this in."),
        ({"title": "Short"}, "Write at least 10 characters."),
        ({"title": "x" * 161}, "Shorten this to 160 characters. It has 161."),
        ({"summary": ""}, "Fill this in."),
        ({"summary": "x" * 601}, "Shorten this to 600 characters. It has 601."),
        ({"body": "x" * 8001}, "Shorten this to 8,000 characters. It has 8,001."),
        ({"kind": None}, "Choose one."),
        ({"kind": "palace"}, "Choose one of the options."),
        ({"level": None}, "Choose one."),
        ({"objectives": None}, "Choose at least one objective that your proposal serves."),
        ({"objectives": ["OBJ-9"]}, "One choice is not on the list."),
        ({"areas": ["AREA-99"]}, "One choice is not on the list."),
        ({"cost": "much"}, "Write a whole number, in digits only."),
        ({"cost": "-5"}, "Write a number"),
        ({"cost": "9" * 25}, "Write a whole number, in digits only."),
        ({"author": None}, "Choose one."),
        ({"author": "somebody else"}, "Choose one of the options."),
        ({"language": "xx"}, "Choose one of the options."),
        ({"place": "x" * 161}, "Shorten this to 160 characters. It has 161."),
    ],
)
def test_what_is_wrong_is_said_at_the_top_and_nothing_typed_is_lost(hers, home, read, wrong, said):
    refused = send(hers, home, **wrong)
    page = text_of(refused)
    assert refused.status_code == 422
    assert 'class="error-summary"' in page
    assert said in page
    for name in ("title", "summary", "body", "place"):
        assert (wrong.get(name) or FORM[name] if name not in wrong else wrong[name]) in page
    assert "۲٬۵۰۰٬۰۰۰" in page or "cost" in wrong
    assert KEY in page
    assert all_proposals(read) == []


def test_a_draft_needs_nothing_but_what_fits(hers, home, read):
    assert (
        save(hers, home, title="", summary="", kind=None, level=None, objectives=None, author=None).status_code == 303
    )
    too_long = save(hers, home, summary="x" * 601, idempotency_key="")
    assert too_long.status_code == 422
    assert "Shorten this" in text_of(too_long)


def test_markup_and_direction_controls_are_text_or_gone(hers, home, client):
    evil = "<script>alert(1)</script> \u202eyrtne\u202c of the list"
    where = send(hers, home, title=evil, summary=evil, body="**bold** [x](javascript:alert(1)) <img src=x>").location
    for page in (text_of(client.get(where)), text_of(client.get(home)), text_of(hers.get("/my/proposals"))):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; yrtne of the list" in page
        assert "\u202e" not in page
    shown = text_of(client.get(where))
    assert "<strong>bold</strong>" in shown
    assert 'href="javascript' not in shown
    assert "<img src=x" not in shown


def test_a_megabyte_is_refused_with_the_text_kept(hers, home, read):
    refused = send(hers, home, body="x" * 1_000_000)
    assert refused.status_code == 422
    assert "x" * 1_000_000 in text_of(refused)
    assert all_proposals(read) == []


def test_more_than_any_upload_is_refused_on_a_page(hers, home, read):
    refused = send(hers, home, body="x" * 12_000_000)
    assert refused.status_code == 413
    assert "<h1" in text_of(refused)
    assert all_proposals(read) == []


@pytest.mark.csrf
def test_without_its_token_a_form_changes_nothing_and_shows_what_was_typed(hers, home, read):
    refused = send(hers, home)
    assert refused.status_code == 400
    assert FORM["summary"] in text_of(refused)
    assert all_proposals(read) == []


def test_a_closed_phase_answers_409_with_the_reason_and_keeps_the_text(hers, home, read, clock, now):
    page = hers.get(f"{home}/new")
    assert "You cannot send it now" not in text_of(page)
    clock.at = day(now, 22)
    refused = send(hers, home)
    page = text_of(refused)
    assert refused.status_code == 409
    assert "Proposals closed on" in page
    assert FORM["summary"] in page
    assert FORM["body"] in page
    assert all_proposals(read) == []
    assert save(hers, home).status_code == 303
    assert "You cannot send it now" in text_of(hers.get(f"{home}/new"))


def test_a_closed_process_takes_no_draft_either(app, perform, now, clock, sara):
    closed = make_process(perform, now, ProcessState.CLOSED)
    clock.at = day(now, 61)
    browser = sign_in(app, sara, now=clock.now())
    refused = browser.get(f"/p/{closed.public_id}/proposals/new")
    assert refused.status_code == 409
    assert "This process is closed" in text_of(refused)


def test_a_delegate_can_choose_the_organisation(perform, now, clock, app, home, read, sara, process):
    guild = make_organisation(perform, "Potters’ Guild", Sector.PRIVATE, now=now)
    chamber = make_organisation(perform, "Chamber", Sector.PRIVATE, now=now)

    def mandate(session):
        terms = {"mandate": "Letter 12", "starts_on": now.date(), "ends_on": None}
        found = session.get_one(Organisation, guild.id)
        register.grant_delegate(session, found, session.get_one(type(sara), sara.id), **terms, actor=CITY, now=now)

    perform(mandate)
    browser = sign_in(app, sara, now=clock.now())
    page = text_of(browser.get(f"{home}/new"))
    assert "Potters’ Guild" in page
    assert "Chamber" not in page
    assert send(browser, home, author=chamber.public_id).status_code == 422
    where = send(browser, home, author=guild.public_id).location
    [sent] = all_proposals(read)
    assert (sent.author_name, sent.sector) == ("Potters’ Guild", Sector.PRIVATE)
    shown = text_of(browser.get(where))
    assert "Private sector" in shown
    assert f"/stakeholders/{guild.public_id}" in shown


# --- who sees what


def test_a_visitor_is_asked_to_sign_in_and_comes_back(client, home, process):
    asked = client.get(f"{home}/new")
    assert asked.status_code == 303
    assert asked.location in (f"/sign-in?next={home}/new", f"/sign-in?next={home.replace('/', '%2F')}%2Fnew")


def test_another_persons_draft_is_not_there(app, perform, now, clock, client, hers, home, read, desk):
    save(hers, home)
    [kept] = all_proposals(read)
    reza = make_account(perform, "reza@city.example", now=now, display_name="Reza")
    for browser in (sign_in(app, reza, now=clock.now()), desk):
        for part in ("", "/edit", "/discard", "/withdraw", "/receipt.json"):
            hidden, unknown = (browser.get(f"{home}/{each}{part}") for each in (kept.public_id, "nobody23"))
            assert hidden.status_code == unknown.status_code == 404
            told = without_tokens(hidden.text).replace(kept.public_id, "nobody23")
            assert told == without_tokens(unknown.text)  # not even that it exists
        assert browser.post(f"{home}/{kept.public_id}/edit", data=FORM | {"send": "1"}).status_code == 404
    assert client.get(f"{home}/{kept.public_id}").status_code == 404
    assert reload(read, kept).status is ProposalState.DRAFT


def test_ones_own_pages_list_ones_own(app, perform, now, clock, hers, home):
    save(hers, home, title="My own draft of a title")
    send(hers, home, title="My own proposal, sent away", idempotency_key="")
    page = text_of(hers.get("/my/proposals"))
    assert "My own draft of a title" in page
    assert "My own proposal, sent away" in page
    reza = make_account(perform, "reza@city.example", now=now, display_name="Reza")
    assert "My own" not in text_of(sign_in(app, reza, now=clock.now()).get("/my/proposals"))


def test_ones_own_data_holds_what_one_wrote(app, hers, home, sara, clock):
    from ucc_participate.accounts.personal_data import everything_about

    save(hers, home, title="My own draft of a title")
    with app.test_request_context():
        [written] = everything_about(sara, now=clock.now())["proposals"]
    assert (written["title"], written["state"], written["sent_at"]) == ("My own draft of a title", "draft", None)


def test_an_unnamed_author_is_a_resident_to_everybody_and_a_receipt_is_the_authors(client, hers, home):
    where = send(hers, home, author="unnamed").location
    page = text_of(client.get(where))
    assert "a resident" in page
    assert "Sara" not in page
    assert "Your receipt" not in page
    assert client.get(f"{where}/receipt.json").status_code == 303


def test_a_withdrawn_proposal_says_so_and_leaves_the_list(client, hers, home):
    where = send(hers, home).location
    assert "Withdraw the proposal" in text_of(hers.get(f"{where}/withdraw"))
    assert hers.post(f"{where}/withdraw").location == where
    assert "Withdrawn" in text_of(client.get(where))
    assert FORM["title"] not in text_of(client.get(home))
    assert FORM["title"] in text_of(client.get(f"{home}?state=withdrawn"))
    assert hers.post(f"{where}/withdraw").status_code == 409


def test_proposals_of_a_draft_process_are_not_there(perform, now, client):
    hidden = make_process(perform, now, ProcessState.DRAFT)
    assert client.get(f"/p/{hidden.public_id}/proposals").status_code == 404
    assert client.get("/p/nothing-here/proposals").status_code == 404


# --- receipts


def test_the_receipt_verifies_against_the_log(app, hers, home, read):
    from ucc_participate.audit import commitments, notes
    from ucc_participate.audit import log as logging

    where = send(hers, home).location
    with app.app_context():
        logging.sequence(db.engine)
        audit_log().publish()
        vkey = audit_log().signer.vkey
    page = text_of(hers.get(where))
    assert "Your receipt" in page
    proof = re.search(r'href="(/log/proof/\d+\.tlog-proof)"', page)
    assert proof is not None
    assert hers.get(proof.group(1)).status_code == 200
    kept = json.loads(hers.get(f"{where}/receipt.json").get_data())
    assert (kept["format"], kept["type"], kept["ballot"]) == ("ucc-receipt/1", "proposal.submitted", None)
    text, _names = notes.open_note(kept["promise"], [vkey])
    assert text.split("\n")[1:4] == [kept["commit"], kept["subject"], kept["type"]]
    with app.app_context():
        process = queries.by_ids(db.session(), [all_proposals(read)[0].id])
        [proposal] = process.values()
        proposal_state = {**json.loads(json.dumps(_state(proposal)))}
    assert commitments.commit(bytes.fromhex(kept["salt"]), proposal_state) == kept["commit"]


def _state(proposal):
    proposal.organisation = None
    return proposal.public_payload()


# --- the list


def test_the_list_shows_how_many_there_are_and_what_is_counted(client, perform, process, sara, now, clock, home):
    for word in ("spinning", "weaving", "dyeing"):
        submit(perform, process, acting(sara), now=clock.now(), title=f"Workshops of {word}", summary="Evenings.")
    page = text_of(client.get(home))
    assert "3 proposals" in page
    assert "Counted: what was sent to the city and not withdrawn." in page
    narrow = text_of(client.get(f"{home}?q=Dye+of&objective=OBJ-1"))
    assert "1 proposal fits" in narrow
    assert "Workshops of spinning" not in narrow
    assert 'value="Dye of"' in narrow
    assert '<option selected value="OBJ-1">' in narrow


def test_pages_of_the_list_keep_what_was_asked_for(client, perform, process, sara, clock, home, monkeypatch):
    for place in range(queries.PAGE + 1):
        submit(perform, process, acting(sara), now=clock.now(), title=f"Workshop number {place}")
    first = text_of(client.get(f"{home}?q=workshop&sort=number"))
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    address = following.group(1).replace("&amp;", "&")
    assert "q=workshop" in address
    assert "sort=number" in address
    second = text_of(client.get(address))
    assert "Workshop number 20" in second
    assert re.search(r'rel="prev" href="([^"]+)"', second) is not None


@pytest.mark.parametrize(
    "wish",
    [
        "objective=nonsense",
        "after=0",
        "after=-3",
        "after=99999999999999999999",
        "before=x",
        "state=draft",
        "sort=down",
        "q=" + "x" * 3000,
        "q=%22%27%3B--",
        "_external=1&endpoint=x&process_id=y&_anchor=z",
        "q=%E2%80%AE",
    ],
)
def test_a_wish_that_makes_no_sense_shows_a_list_all_the_same(client, perform, process, sara, clock, home, wish):
    submit(perform, process, acting(sara), now=clock.now())
    assert client.get(f"{home}?{wish}").status_code == 200


def test_a_changed_proposal_gets_a_new_card_at_once(client, perform, process, sara, clock, home, now):
    sent = submit(perform, process, acting(sara), now=clock.now())
    assert "Waiting for an answer" in text_of(client.get(home))
    answer(perform, sent, official(perform, now=now), now=clock.now())
    page = text_of(client.get(home))
    cards = page[page.index('class="grid"') :]
    assert "Adopted" in cards
    assert "Waiting for an answer" not in cards


@pytest.fixture
def statements(app):
    """The statements that were sent to the database since ``statements.clear()``."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "ROLLBACK")):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_a_page_of_the_list_costs_as_many_queries_however_long_it_is(
    app, client, perform, process, sara, clock, home, statements
):
    def cost(address):
        statements.clear()
        assert client.get(address).status_code == 200
        return len(statements)

    submit(perform, process, acting(sara), now=clock.now())
    client.get(f"{home}?sort=number")  # the districts that its filters offer are asked for once in a while
    client.get(home)
    submit(perform, process, acting(sara), now=clock.now())
    one = cost(home)
    for _place in range(queries.PAGE + 3):
        submit(perform, process, acting(sara), now=clock.now())
    many, second = cost(home), cost(f"{home}?after=10")
    assert one == many == second
    assert cost(f"{home}?after=10") == one - 1  # its cards are known now


# --- one proposal


def test_the_page_says_when_the_answer_is_due_and_when_it_is_late(client, hers, home, clock, now):
    where = send(hers, home).location
    assert "The city answers by" in text_of(client.get(where))
    clock.at = day(now, 51)
    assert "The city’s answer is overdue" in text_of(client.get(where))


def test_an_answer_is_shown_with_its_reason_and_official(client, perform, process, sara, clock, home, now, entries):
    sent = submit(perform, process, acting(sara), now=clock.now())
    answer(perform, sent, official(perform, now=now), now=clock.now(), outcome=Outcome.PARTLY_ADOPTED)
    assert len(entries(sent.ref)) == 2  # PostgreSQL gives indexes here
    page = text_of(client.get(f"{home}/{sent.public_id}"))
    for words in ("Partly adopted", REASON, "Leila Moradi, Head of culture", "The city answered a proposal."):
        assert words in page
    assert f"/log?subject=proposal%2F{sent.public_id}" in page or f"/log?subject=proposal/{sent.public_id}" in page


def test_an_imported_proposal_has_a_page_without_a_promise(client, perform, now):
    elsewhere = process_from_elsewhere(perform, now)

    def work(session):
        rows = [Imported(title="Plac zabaw przy szkole", cost=1000, currency="PLN", language="pl")]
        found = session.get_one(type(elsewhere), elsewhere.id)
        return operations.import_proposals(session, found, rows, actor=CITY, now=now)

    [imported] = perform(work)
    page = client.get(f"/p/{elsewhere.public_id}/proposals/{imported.public_id}")
    assert page.status_code == 200
    assert "The city answers by" not in text_of(page)
    assert "Plac zabaw" in text_of(client.get(f"/p/{elsewhere.public_id}/proposals"))


# --- the desk


def answers_of(process):
    return f"/staff/processes/{process.public_id}/answers"


def test_the_desk_lists_what_waits_with_its_deadline(app, leila, desk, perform, process, sara, clock, now):
    first = submit(perform, process, acting(sara), now=clock.now(), title="The first of two workshops")
    submit(perform, process, acting(sara), now=clock.now(), title="The second of two workshops")
    answer(perform, first, official(perform, now=now, name="Omid Karimi"), now=clock.now())
    page = text_of(desk.get(answers_of(process)))
    assert "The second of two workshops" in page
    assert "The first of two workshops" not in page
    assert "until 10 May 2026" in re.sub(r"<[^>]+>", "", page)
    assert "The first of two workshops" in text_of(desk.get(f"{answers_of(process)}?state=answered"))
    clock.at = day(now, 51)
    late = sign_in(app, leila, now=clock.now())
    assert "late since 10 May 2026" in re.sub(r"<[^>]+>", "", text_of(late.get(answers_of(process))))


def test_residents_do_not_see_the_desk(hers, client, process):
    assert hers.get(answers_of(process)).status_code == 403
    assert client.get(answers_of(process)).status_code == 303


def test_an_official_answers_one_proposal_after_the_other(desk, perform, process, sara, clock, read):
    sent = [submit(perform, process, acting(sara), now=clock.now()) for _place in range(3)]
    where = [f"{answers_of(process)}/{proposal.public_id}" for proposal in sent]
    page = text_of(desk.get(where[1]))
    assert f'rel="prev" href="{where[0]}"' in page
    assert f'rel="next" href="{where[2]}"' in page
    said = {"outcome": "adopted", "reason": REASON}
    assert desk.post(where[1], data=said).location == where[2]
    assert desk.post(where[2], data=said).location == where[0]
    assert desk.post(where[0], data=said).location == answers_of(process)
    assert {reload(read, proposal).outcome for proposal in sent} == {Outcome.ADOPTED}


def test_a_short_reason_is_refused_with_the_text_kept(desk, perform, process, sara, clock, read):
    sent = submit(perform, process, acting(sara), now=clock.now())
    refused = desk.post(
        f"{answers_of(process)}/{sent.public_id}", data={"outcome": "adopted", "reason": "Because we can."}
    )
    assert refused.status_code == 422
    assert "Write at least 30 characters." in text_of(refused)
    assert "Because we can." in text_of(refused)
    assert reload(read, sent).outcome is None


def test_who_comes_second_keeps_the_text_and_can_correct(desk, perform, process, sara, clock, read, now):
    sent = submit(perform, process, acting(sara), now=clock.now())
    answer(perform, sent, official(perform, now=now, name="Omid Karimi"), now=clock.now())
    where = f"{answers_of(process)}/{sent.public_id}"
    refused = desk.post(where, data={"outcome": "not_adopted", "reason": "I would have said something else here."})
    assert refused.status_code == 409
    assert "answered meanwhile" in text_of(refused)
    assert "I would have said something else here." in text_of(refused)
    assert desk.get(where).location == f"{where}/correct"
    assert REASON in text_of(desk.get(f"{where}/correct"))
    corrected = {"outcome": "not_adopted", "reason": "The council has decided otherwise in the meantime."}
    assert desk.post(f"{where}/correct", data=corrected).status_code == 303
    assert reload(read, sent).outcome is Outcome.NOT_ADOPTED


def test_only_coordinators_answer(app, perform, process, sara, clock, now, hers, read):
    sent = submit(perform, process, acting(sara), now=clock.now())
    clerk = make_account(perform, "clerk@city.example", now=now, display_name="Clerk", roles=(Role.CLERK,))
    where = f"{answers_of(process)}/{sent.public_id}"
    said = {"outcome": "adopted", "reason": REASON}
    for browser in (hers, sign_in(app, clerk, now=clock.now())):
        assert browser.get(where).status_code == 403
        assert browser.post(where, data=said).status_code == 403
    assert reload(read, sent).outcome is None


def test_an_official_without_an_office_is_told_what_to_do(app, perform, process, sara, clock, now, read):
    sent = submit(perform, process, acting(sara), now=clock.now())
    facts: Any = {"display_name": "Omid Karimi", "roles": (Role.COORDINATOR,)}
    nobody = sign_in(app, make_account(perform, "omid@city.example", now=now, **facts), now=clock.now())
    where = f"{answers_of(process)}/{sent.public_id}"
    refused = nobody.post(where, data={"outcome": "adopted", "reason": REASON})
    assert refused.status_code == 409
    assert "Add your function to your account first." in text_of(refused)
    assert REASON in text_of(refused)


def test_the_author_gets_a_mail_in_the_authors_language(app, perform, process, now, clock):
    from tests.accounts.making import send_mails

    for locale, words in (("en", "Partly adopted"), ("fa", REASON)):
        author = make_account(perform, f"{locale}@city.example", now=now, locale=locale, display_name="Sara")
        sent = submit(perform, process, acting(author), now=clock.now(), title=f"Evening workshops, {locale}")
        leila = official(perform, now=now, name=f"Leila {locale}")
        answer(perform, sent, leila, now=clock.now(), outcome=Outcome.PARTLY_ADOPTED)
        [mail] = [mail for mail in send_mails(app) if mail.to == f"{locale}@city.example"]
        assert words in mail.body
        assert "http://city.example/p/x/proposals/y" in mail.body


def test_a_page_says_what_it_is_then_who_supports_it_then_what_is_said_then_how_to_check_it(hers, home, client):
    address = send(hers, home).location
    page = hers.get(address).text
    places = [page.index(mark) for mark in ("<h1", 'id="support"', 'id="discussion"', "What happened", 'id="receipt"')]
    assert places == sorted(places)


def test_an_author_is_not_offered_to_report_the_own_text(hers, home, client):
    address = send(hers, home).location
    assert "/report/proposal/" not in hers.get(address).text
    assert "/report/proposal/" in client.get(address).text
    assert "Keep the draft and add files" not in hers.get(f"{address}/text").text
