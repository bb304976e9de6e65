"""Who may come to which address: nothing without sign-in but what is named here, nothing changed without a token."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from tests.accounts.making import make_account, sign_in
from tests.processes.making import make_process
from tests.stakeholders.making import staff_browser
from ucc_participate.audit import log
from ucc_participate.audit.models import LogEntry
from ucc_participate.kernel.db import db
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.models import ProcessState

# Every address that answers people who are not signed in. Add one with the decision to open it to the world.
PUBLIC = {
    "accounts": "link link_sent renew_link sign_in sign_in_with_password sign_out sign_up",
    "assisted": "own_correct own_item own_withdraw paper_form slip take_over",
    "audit": "checkpoint index proof tile vkey",
    "commitments": "as_json figure show",
    "deliberation": "as_json come comment csv show side versions",
    "documents": "show",
    "moderation": "policy",
    "notifications": "mail mails",
    "opinions": "index results results_csv show statements",
    "outreach": "activities activity answer cover delegate feed invitation newsletter newsletter_list open_code stop stop_now type_code",
    "meetings": "calendar feed hand here index minutes show",
    "polling": "kiosk kiosk_ballot kiosk_code kiosk_done kiosk_leave kiosk_receipt kiosk_released show",
    "portal": "help_page home privacy set_language styleguide terms",
    "processes": "document index show",
    "proposals": "amendment amendments answers_feed clock dissents feed file index lineage on_map proposal_feed show versions",
    "inventory": "file index ranking show",
    "partners": "index",
    "plan": "initiative overview overview_pdf show tables version_json versions",
    "record": "download show verifier verifier_page verify_page",
    "representation": "download show",
    "submission": "ask come fetch leave show tallies",
    "stakeholders": "download index nominate nominations show",
    "sharing": "file index show",
    "voting": "analysis_csv analysis_json by_groups comparison find index lot on_one_page option"
    " organisations roll rounds sheet show slots trial_count",
    "voting_api": "ballots result",
}
UNKNOWN = "nobody23"
# RFC 8058: mail programs post here by themselves; the signed address is what is asked for in place of a token.
TOKENLESS = frozenset({"outreach.stop_now"})
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def is_public(app: Flask, rule: Rule) -> bool:
    return rule.endpoint == "static" or getattr(app.view_functions[rule.endpoint], "is_public", False)


def rules(app: Flask, *methods: str) -> list[tuple[Rule, str]]:
    """Every (rule, method) of the application with one of these methods."""
    return [
        (rule, method)
        for rule in sorted(app.url_map.iter_rules(), key=str)
        for method in sorted((rule.methods or set()) & set(methods))
        if rule.endpoint != "static"
    ]


def address(app: Flask, rule: Rule, process_id: str = UNKNOWN) -> str:
    """An address that the rule answers; the process is ``process_id``, everything else is not there."""
    is_of_process = str(rule).startswith(("/p/<public_id>", "/staff/processes/<public_id>"))
    values: dict[str, Any] = {}
    for name in rule.arguments:
        known = process_id if name == "process_id" or (name == "public_id" and is_of_process) else UNKNOWN
        values[name] = 7 if "<int:" + name in str(rule) else known
    return app.url_map.bind("localhost").build(rule.endpoint, values)


def log_size(app: Flask) -> int:
    with app.app_context():
        log.sequence(db.engine)
        size = db.session.scalar(select(func.count()).select_from(LogEntry))
        db.session.rollback()
    return size or 0


@pytest.fixture
def process_id(perform, clock) -> str:
    return make_process(perform, clock.now(), ProcessState.OPEN).public_id


@pytest.fixture
def people(app, perform, clock) -> dict[str, Any]:
    """A browser of a visitor, of a resident, and of a coordinator."""
    resident = make_account(perform, "resident@city.example", now=clock.now())
    return {
        "visitor": app.test_client(),
        "resident": sign_in(app, resident, now=clock.now()),
        "coordinator": staff_browser(app, perform, Role.COORDINATOR, now=clock.now()),
    }


def test_the_addresses_that_need_no_sign_in_are_these(app):
    found = {rule.endpoint for rule, _method in rules(app, "GET", "POST") if is_public(app, rule)}
    assert found == {f"{domain}.{name}" for domain, names in PUBLIC.items() for name in names.split()}


def test_nothing_answers_other_methods_than_reading_and_posting(app):
    assert [str(rule) for rule, _method in rules(app, "PUT", "PATCH", "DELETE")] == []


def test_every_other_address_leads_to_the_sign_in_page(app, client, process_id):
    before = log_size(app)
    closed = [(rule, method) for rule, method in rules(app, "GET", "POST") if not is_public(app, rule)]
    assert len(closed) > 50
    for rule, method in closed:
        answer = client.open(address(app, rule, process_id), method=method)
        assert answer.status_code == 303, rule
        assert answer.location.startswith("/sign-in"), rule
        assert answer.headers["Cache-Control"] == "no-cache", rule
    assert log_size(app) == before


@pytest.mark.csrf
@pytest.mark.parametrize("who", ["visitor", "resident", "coordinator"])
def test_no_address_takes_a_form_without_its_token(app, people, process_id, who):
    """Whatever is missing besides: the token is asked for before anything else."""
    before = log_size(app)
    posting = [(rule, method) for rule, method in rules(app, *CHANGING) if rule.endpoint not in TOKENLESS]
    assert len(posting) > 40
    for rule, method in posting:
        for token in (None, "", "made.up.token"):
            typed = {} if token is None else {"csrf_token": token}
            answer = people[who].open(address(app, rule, process_id), method=method, data=typed)
            assert (answer.status_code, "open for too long" in answer.text) == (400, True), rule
    assert log_size(app) == before


@pytest.mark.csrf
def test_a_token_of_another_session_is_none(app, people, process_id):
    with people["visitor"].session_transaction() as session:
        session["csrf_token"] = "0" * 40
    page = people["resident"].get("/account").text
    token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    assert len(token) > 40
    for rule, _method in rules(app, "POST"):
        if rule.endpoint in TOKENLESS:
            continue
        answer = people["visitor"].post(address(app, rule, process_id), data={"csrf_token": token})
        assert answer.status_code == 400, rule


def test_residents_come_to_no_page_of_the_staff(app, people, process_id):
    """Where the process is there, they are refused; what is not there looks the same as for everybody."""
    before = log_size(app)
    desk = [(rule, method) for rule, method in rules(app, "GET", "POST") if str(rule).startswith("/staff/")]
    assert len(desk) > 40
    for rule, method in desk:
        answer = people["resident"].open(address(app, rule, process_id), method=method)
        expected = {403} if rule.arguments <= {"public_id", "process_id"} and "/processes/" in str(rule) else {403, 404}
        assert answer.status_code in expected | ({404} if rule.arguments - {"process_id"} else set()), (rule, method)
    assert log_size(app) == before


def test_reading_changes_nothing(app, people, process_id):
    """GET of every page there is, by whoever may see most; what does not exist is 404, nothing breaks."""
    before = log_size(app)
    for rule, _method in rules(app, "GET"):
        answer = people["coordinator"].get(address(app, rule, process_id))
        answer.close()
        assert answer.status_code in (200, 303, 403, 404, 409, 410), (rule, answer.status_code)
    assert log_size(app) == before
