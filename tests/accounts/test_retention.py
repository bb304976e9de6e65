"""What is kept how long, by a clock that jumps over years. Every job runs twice and finds nothing the second time."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.accounts.making import entries, make_account, newest_link, send_mails, sign_in
from tests.processes.making import change, invite_organisations, make_process
from tests.proposals.making import person, proposing_process, submit
from tests.stakeholders.making import make_organisation
from tests.voting.making import describe
from ucc_participate.accounts import jobs
from ucc_participate.accounts.models import Account, AccountUse, Profile, Sex, SignInAttempt
from ucc_participate.accounts.queries import account_by_email
from ucc_participate.accounts.retention import months_before
from ucc_participate.eligibility.models import PhoneChallenge, ProofAttempt
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.identity import Role
from ucc_participate.portal.views import REMOVED
from ucc_participate.processes.models import Channel, Process, ProcessState


def run(app: Flask) -> dict[str, int]:
    with app.app_context():
        return {name: count for name, count in jobs.run().items() if count}


def retained(app: Flask) -> list[dict[str, Any]]:
    return [entry.payload for entry in entries(app) if entry.values["type"] == "retention.executed"]


@pytest.mark.parametrize(
    ("now", "months", "then"),
    [("2026-03-31", 1, "2026-02-28"), ("2028-03-31", 1, "2028-02-29"), ("2026-03-21", 27, "2023-12-21"),
     ("2026-01-15", 1, "2025-12-15"), ("2026-12-31", 12, "2025-12-31"), ("2026-05-05", 0, "2026-05-05")],
)  # fmt: skip
def test_months_go_back_by_the_calendar(now: str, months: int, then: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=timezone.utc)
    assert months_before(moment, months).date().isoformat() == then


def test_whom_nobody_uses_is_asked_after_two_years_once(app: Flask, perform: Any, clock: FrozenClock) -> None:
    make_account(perform, now=clock.now())
    clock.at = clock.at.replace(year=2028)
    assert run(app) == {}
    clock.advance(days=1)
    assert run(app) == {"asked": 1}
    assert run(app) == {}
    [mail] = send_mails(app)
    assert (mail.to, mail.subject) == ("sara@example.org", "Do you want to keep your account?")
    assert "within 3 months" in mail.body
    assert retained(app) == []


def test_who_does_not_answer_is_erased_three_months_later_with_an_entry_that_counts(
    app: Flask, perform: Any, read: Any, clock: FrozenClock
) -> None:
    for name in ("sara", "omid"):
        make_account(perform, f"{name}@example.org", now=clock.now())
    clock.advance(days=735)
    assert run(app) == {"asked": 2}
    clock.advance(days=80)
    assert run(app) == {}
    clock.advance(days=15)
    assert run(app) == {"unused_accounts": 2}
    assert run(app) == {}
    assert retained(app) == [{"rule": "unused_accounts", "count": 2}]
    erased = [entry for entry in entries(app) if entry.values["type"] == "erasure.executed"]
    assert {entry.payload["reason"] for entry in erased} == {"Nobody used the account any more, and nobody answered."}
    assert read(lambda s: s.scalars(select(Account.is_active)).all()) == [False, False]
    assert "sara" not in str(retained(app))


def test_signing_in_is_the_answer(app: Flask, perform: Any, read: Any, clock: FrozenClock) -> None:
    account = make_account(perform, now=clock.now())
    clock.advance(days=735)
    run(app)
    clock.advance(days=60)
    app.test_client().post("/sign-in", data={"email": account.email})
    app.test_client().post(newest_link(app))
    use = read(lambda s: s.get(AccountUse, account.id))
    assert (use.last_used_on, use.asked_at) == (clock.now().date(), None)
    clock.advance(days=60)
    assert run(app) == {}
    assert read(lambda s: s.get(Account, account.id)).is_active


def test_a_password_is_an_answer_too(app: Flask, perform: Any, read: Any, clock: FrozenClock) -> None:
    account = make_account(perform, password="seven blue lanterns", now=clock.now())
    clock.advance(days=735)
    run(app)
    data = {"by-password-email": account.email, "by-password-password": "seven blue lanterns"}
    assert app.test_client().post("/sign-in/password", data=data).status_code == 303
    assert read(lambda s: s.get(AccountUse, account.id)).asked_at is None


def test_nobody_is_erased_who_was_never_asked(app: Flask, perform: Any, read: Any, clock: FrozenClock) -> None:
    """The jobs did not run for ten years: people are asked first all the same."""
    account = make_account(perform, now=clock.now())
    clock.advance(days=3650)
    assert run(app) == {"asked": 1}
    assert read(lambda s: s.get(Account, account.id)).is_active


def test_neither_officials_nor_people_who_came_on_paper_are_asked(app: Flask, perform: Any, clock: FrozenClock) -> None:
    make_account(perform, "office@example.org", roles=(Role.CLERK,), now=clock.now())
    make_account(perform, "k3x9@paper.invalid", now=clock.now())
    clock.advance(days=3650)
    assert run(app) == {}


def close(perform: Any, process: Process, at: datetime) -> None:
    """As the last phase of a long journey would: only the closing time matters here."""
    from tests.stakeholders.making import CITY
    from ucc_participate.audit.log import record
    from ucc_participate.processes.events import ProcessEvent
    from ucc_participate.processes.queries import process_to_change

    def work(session: Any) -> None:
        found = process_to_change(session, process.public_id, actor=CITY)
        found.status, found.closed_at = ProcessState.CLOSED, at
        facts: dict[str, Any] = {"subject": found.ref, "process": found.ref, "payload": found.public_payload()}
        record(session, ProcessEvent.CLOSED, actor=CITY, now=at, **facts)

    perform(work)


def test_what_people_said_of_themselves_goes_a_year_after_their_last_process(
    app: Flask, perform: Any, read: Any, clock: FrozenClock
) -> None:
    process, then = proposing_process(perform, clock.now())
    made = {name: person(perform, name, now=clock.now()) for name in ("Took", "Stays")}
    for account, actor in made.values():
        describe(perform, account, actor, now=then, sex=Sex.FEMALE, birth_year=1990, district="Old town")
    submit(perform, process, made["Took"][1], now=then)
    clock.at = then
    close(perform, process, then)
    clock.advance(days=365)
    assert run(app) == {}
    clock.advance(days=1)
    assert run(app) == {"profiles": 1}
    assert run(app) == {}
    assert read(lambda s: s.scalars(select(Profile.account_id)).all()) == [made["Stays"][0].id]
    assert retained(app) == [{"rule": "profiles", "count": 1}]


def test_one_process_that_goes_on_keeps_it(app: Flask, perform: Any, read: Any, clock: FrozenClock) -> None:
    first, then = proposing_process(perform, clock.now())
    second, _then = proposing_process(perform, clock.now())
    account, actor = person(perform, "Both", now=clock.now())
    describe(perform, account, actor, now=then, sex=Sex.FEMALE)
    for process in (first, second):
        submit(perform, process, actor, now=then)
    close(perform, first, then)
    clock.at = then
    clock.advance(days=400)
    assert run(app) == {}
    assert read(lambda s: s.get(Profile, account.id)) is not None


@pytest.mark.settings(UCC_PROFILE_MONTHS="2", UCC_UNUSED_ASK_MONTHS="3", UCC_UNUSED_ERASE_MONTHS="4")
def test_the_settings_say_how_long(app: Flask, perform: Any, clock: FrozenClock) -> None:
    process, then = proposing_process(perform, clock.now())
    account, actor = person(perform, "Took", now=clock.now())
    describe(perform, account, actor, now=then, sex=Sex.FEMALE)
    submit(perform, process, actor, now=then)
    close(perform, process, then)
    clock.at = then
    clock.advance(days=63)
    assert run(app) == {"profiles": 1}
    clock.advance(days=25)
    assert run(app)["asked"] == 1
    clock.advance(days=32)
    assert run(app)["unused_accounts"] == 1


def test_links_attempts_codes_and_mails_go_by_themselves(
    app: Flask, perform: Any, read: Any, clock: FrozenClock
) -> None:
    account = make_account(perform, now=clock.now())
    app.test_client().post("/sign-in", data={"email": account.email})
    wrong = {"by-password-email": account.email, "by-password-password": "not this one"}
    app.test_client().post("/sign-in/password", data=wrong)
    send_mails(app)

    def prove(session: Any) -> None:
        session.add(PhoneChallenge(account_id=account.id, phone="d" * 64, code="c" * 64, expires_at=clock.now()))
        session.add(ProofAttempt(key="k" * 64, at=clock.now()))

    perform(prove)
    [file] = Path(app.instance_path, "mails").glob("*.eml")
    os.utime(file, (clock.now().timestamp(),) * 2)
    clock.advance(days=31)
    with app.app_context():
        app.extensions["ucc.jobs"].run_all()
    for model in (SignInAttempt, PhoneChallenge, ProofAttempt):
        assert read(lambda s, model=model: s.scalar(select(func.count()).select_from(model))) == 0
    assert list(Path(app.instance_path, "mails").glob("*.eml")) == []


def test_signing_up_takes_over_the_mail_with_the_link(app: Flask, read: Any) -> None:
    from ucc_participate.notifications.models import OutboxMessage

    client = app.test_client()
    client.post("/sign-up", data={"email": "new@example.org"})
    link = newest_link(app)
    before = read(lambda s: s.scalar(select(OutboxMessage.owner)))
    assert before.startswith("address:")
    assert "new@" not in before
    client.post(link, data={"display_name": "New", "consent": "y"})
    account = read(lambda s: account_by_email(s, "new@example.org"))
    assert read(lambda s: s.scalar(select(OutboxMessage.owner))) == account.key


def test_the_command_line_says_what_was_removed(app: Flask, perform: Any, clock: FrozenClock) -> None:
    make_account(perform, now=clock.now())
    clock.advance(days=735)
    done = app.test_cli_runner().invoke(args=["accounts", "retain"])
    said = dict(line.split() for line in done.output.splitlines())
    assert (said.pop("asked"), set(said.values())) == ("1", {"0"})
    assert said.keys() == REMOVED.keys(), "the page of the staff has words for every rule"


def test_retention_runs_every_day(app: Flask) -> None:
    assert {"accounts.retention", "accounts.leftovers", "eligibility.tidy"} <= set(app.extensions["ucc.jobs"].names)


def test_contacts_that_nobody_needed_for_three_years_are_flagged(app: Flask, perform: Any, clock: FrozenClock) -> None:
    old = make_organisation(perform, "Old weavers", contact_email="old@example.org", now=clock.now())
    make_organisation(perform, "No contact", contact_name=None, contact_email=None, contact_phone=None, now=clock.now())
    officer = make_account(perform, "office@example.org", roles=(Role.COORDINATOR,), now=clock.now())
    page = sign_in(app, officer, now=clock.now()).get("/staff/privacy").text
    assert "Old weavers" not in page
    clock.advance(days=3 * 365 + 2)
    make_organisation(perform, "New weavers", contact_email="new@example.org", now=clock.now())
    page = sign_in(app, officer, now=clock.now()).get("/staff/privacy").text
    assert "Old weavers" in page
    assert "New weavers" not in page
    assert "No contact" not in page
    process = make_process(perform, clock.now(), ProcessState.PUBLISHED)
    channel = Channel.LETTER
    change(perform, process, invite_organisations, [old], channel=channel, now=clock.now())
    assert "Old weavers" not in sign_in(app, officer, now=clock.now()).get("/staff/privacy").text


def test_the_desk_shows_what_was_removed_in_numbers_to_coordinators_alone(
    app: Flask, perform: Any, clock: FrozenClock
) -> None:
    make_account(perform, now=clock.now())
    officer = make_account(perform, "office@example.org", roles=(Role.COORDINATOR,), now=clock.now())
    clerk = make_account(perform, "clerk@example.org", roles=(Role.CLERK,), now=clock.now())
    clock.advance(days=735)
    run(app)
    clock.advance(days=100)
    run(app)
    assert retained(app) != []
    page = sign_in(app, officer, now=clock.now()).get("/staff/privacy").text
    assert "Accounts that nobody used" in page
    assert sign_in(app, clerk, now=clock.now()).get("/staff/privacy").status_code == 403
