"""Setting rules, handing out and proving: the state, the log, and what stays out of both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from tests.accounts.making import CITY, acting, entries, make_account
from tests.eligibility.making import (
    DIGESTS,
    NOBODY_CHECKED,
    check,
    issue,
    prove_by_code,
    prove_by_list,
    set_rules,
    upload,
)
from tests.processes.making import make_process, reload
from ucc_participate.accounts import operations as accounts
from ucc_participate.accounts.queries import get_account
from ucc_participate.audit import drift
from ucc_participate.eligibility import operations, queries
from ucc_participate.eligibility.models import Method, Rules, Standing, Verification
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.notifications.models import Medium, OutboxMessage
from ucc_participate.processes.models import ProcessState


@pytest.fixture
def process(perform, clock, read):
    return reload(read, make_process(perform, clock.now(), ProcessState.PUBLISHED))


@pytest.fixture
def sara(perform, clock):
    return make_account(perform, now=clock.now())


def standing(read, process, account, now) -> Standing:
    return read(lambda session: queries.standing_of(session, process, account.id, now=now))


def types(app) -> list[str]:
    return [entry.values["type"] for entry in entries(app)]


def test_rules_are_on_record_and_agree_with_the_log(app, perform, process, clock, read):
    rules = Rules((Method.CODE,), None, 16, 18)
    set_rules(perform, process, rules, now=clock.now())
    assert read(lambda session: queries.rules_of(session, process)) == rules
    newest = entries(app)[-1]
    assert newest.values["type"] == "eligibility.set"
    assert newest.payload == rules.public_payload()
    with app.app_context():
        assert drift.check(db.session()) == []


def test_once_the_process_is_open_the_rules_stay(perform, clock):
    opened = make_process(perform, clock.now(), ProcessState.OPEN)
    with pytest.raises(Conflict):
        set_rules(perform, opened, NOBODY_CHECKED, now=clock.now())


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (Rules(()), "methods"),
        (Rules((), "because"), "reason"),
        (Rules(min_age=18, guardian_below=16), "guardian_below"),
    ],
)
def test_rules_without_sense_are_refused_and_leave_nothing(app, perform, process, clock, rules, field):
    before = types(app)
    with pytest.raises(Invalid) as refusal:
        set_rules(perform, process, rules, now=clock.now())
    assert refusal.value.field == field
    assert types(app) == before


def test_by_default_nobody_votes_who_has_not_proved_it(perform, process, sara, clock, read):
    assert standing(read, process, sara, clock.now()) is Standing.UNVERIFIED
    assert read(lambda session: queries.eligible_accounts(session, process, now=clock.now())) == []
    check(perform, sara, now=clock.now())
    assert read(lambda session: queries.eligible_accounts(session, process, now=clock.now())) == [sara.id]


def test_where_nobody_is_checked_everybody_votes(perform, process, sara, clock, read):
    set_rules(perform, process, NOBODY_CHECKED, now=clock.now())
    assert standing(read, process, sara, clock.now()) is Standing.OPEN
    assert read(lambda session: queries.eligible_accounts(session, process, now=clock.now())) == [sara.id]


def test_a_code_proves_one_account_and_the_log_says_only_that(app, perform, process, sara, clock, read):
    [code, _other] = issue(perform, process, 2, now=clock.now())
    prove_by_code(perform, process, sara, code.lower(), now=clock.now())
    assert standing(read, process, sara, clock.now()) is Standing.ELIGIBLE
    newest = entries(app)[-1]
    assert (newest.values["type"], newest.payload) == ("account.verified", {"method": "code"})
    somebody = make_account(perform, "ali@example.org", now=clock.now())
    with pytest.raises(Invalid, match="another account"):
        prove_by_code(perform, process, somebody, code, now=clock.now())


def test_codes_are_digests_in_every_table_and_entry(app, perform, process, sara, clock):
    [code] = issue(perform, process, 1, now=clock.now())
    prove_by_code(perform, process, sara, code, now=clock.now())
    assert_nowhere(app, code, code.replace("-", ""))


def assert_nowhere(app, *needles: str) -> None:
    """No table holds any of these texts in any column."""
    with app.app_context(), db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"')):
                whole = " ".join(
                    bytes(v).decode("latin1") if isinstance(v, (bytes, memoryview)) else str(v) for v in row
                )
                assert not [needle for needle in needles if needle in whole], table.name


@pytest.mark.parametrize("days", [31, -1])
def test_an_expired_or_withdrawn_code_proves_nothing(perform, process, sara, clock, read, days):
    [code] = issue(perform, process, 1, now=clock.now())
    if days < 0:
        batch = read(lambda session: queries.batches_of(session, process)[0].thing)
        perform(
            lambda s: operations.withdraw_codes(
                s, process, queries.get_batch(s, process, batch.public_id), actor=CITY, now=clock.now()
            )
        )
    with pytest.raises(Invalid, match="not valid here"):
        prove_by_code(perform, process, sara, code, now=clock.now() + timedelta(days=max(days, 0)))


def test_a_code_of_another_process_proves_nothing_here(perform, process, sara, clock, read):
    other = reload(read, make_process(perform, clock.now(), ProcessState.PUBLISHED))
    [code] = issue(perform, other, 1, now=clock.now())
    with pytest.raises(Invalid, match="not valid here"):
        prove_by_code(perform, process, sara, code, now=clock.now())


def test_a_slip_is_told_apart_from_a_wrong_code(perform, process, sara, clock):
    [code] = issue(perform, process, 1, now=clock.now())
    slip = code[:-1] + ("2" if code[-1] != "2" else "3")
    with pytest.raises(Invalid, match="One letter or digit"):
        prove_by_code(perform, process, sara, slip, now=clock.now())


def test_codes_that_cannot_be_issued(perform, process, clock):
    for size, days in ((0, 5), (20_001, 5), (3, -1)):
        with pytest.raises(Invalid):
            issue(perform, process, size, now=clock.now(), days=days)


@pytest.mark.parametrize(("number", "year", "fits"), [
    ("0012345678", 1991, True), ("۰۰۱۲۳۴۵۶۷۸", 1991, True), ("0012345678", 1990, False), ("0012345678", None, False),
    ("0099999999", 1991, False), ("M-77", None, True), ("m77", 1950, True),
])  # fmt: skip
def test_a_number_on_a_list_with_its_year_proves_it(perform, process, sara, clock, number, year, fits):
    upload(perform, process, [("0012345678", 1991), ("M77", None)], now=clock.now())
    if fits:
        proof = prove_by_list(perform, process, sara, number, now=clock.now(), year=year)
        assert proof.method is Method.LIST
    else:
        with pytest.raises(Invalid, match="not on the list"):
            prove_by_list(perform, process, sara, number, now=clock.now(), year=year)


def test_a_list_keeps_no_number_and_the_log_its_fingerprint(app, perform, process, sara, clock):
    upload(perform, process, [("0012345678", 1991)], now=clock.now())
    newest = entries(app)[-1]
    assert newest.values["type"] == "eligibility.list_uploaded"
    assert (newest.payload["lines"], newest.payload["sha256"]) == (1, "ab" * 32)
    prove_by_list(perform, process, sara, "0012345678", now=clock.now(), year=1991)
    assert_nowhere(app, "0012345678")


def test_a_withdrawn_list_proves_nothing_more_and_takes_nothing_back(perform, process, sara, clock, read):
    made = upload(perform, process, [("1111", None), ("2222", None)], now=clock.now())
    prove_by_list(perform, process, sara, "1111", now=clock.now(), year=None)
    perform(
        lambda s: operations.withdraw_list(
            s, process, queries.get_list(s, process, made.public_id), actor=CITY, now=clock.now()
        )
    )
    assert standing(read, process, sara, clock.now()) is Standing.ELIGIBLE
    ali = make_account(perform, "ali@example.org", now=clock.now())
    with pytest.raises(Invalid):
        prove_by_list(perform, process, ali, "2222", now=clock.now(), year=None)


def send_code(perform, process, account, phone, *, now):
    perform(
        lambda s: operations.send_phone_code(
            s, process, get_account(s, account.public_id), typed=phone, digests=DIGESTS, actor=acting(account), now=now
        )
    )


def type_code(perform, process, account, code, *, now):
    return perform(
        lambda s: operations.prove_by_phone(
            s,
            process,
            get_account(s, account.public_id),
            typed=code,
            digests=DIGESTS,
            birth_year=None,
            actor=acting(account),
            now=now,
        )
    )


def sent_code(read) -> str:
    message = read(lambda s: s.scalars(select(OutboxMessage).where(OutboxMessage.medium == Medium.SMS)).all())[-1]
    return str(message.data["code"])


def test_a_telephone_proves_one_account_for_all_processes(perform, process, sara, clock, read):
    send_code(perform, process, sara, "0912 345 6789", now=clock.now())
    proof = type_code(perform, process, sara, sent_code(read), now=clock.now())
    assert (proof.method, proof.process_id) == (Method.SMS, None)
    ali = make_account(perform, "ali@example.org", now=clock.now())
    with pytest.raises(Invalid, match="another account"):
        send_code(perform, process, ali, "+98 912 345 6789", now=clock.now())


@pytest.mark.parametrize(("code", "minutes"), [("000000", 0), (None, 11)])
def test_a_wrong_or_late_telephone_code_proves_nothing(perform, process, sara, clock, read, code, minutes):
    send_code(perform, process, sara, "09123456789", now=clock.now())
    typed = code if code is not None and code != sent_code(read) else sent_code(read)
    with pytest.raises(Invalid, match="too old"):
        type_code(perform, process, sara, typed if minutes else "x", now=clock.now() + timedelta(minutes=minutes))


def test_a_way_that_the_rules_do_not_take_is_refused(perform, process, sara, clock):
    set_rules(perform, process, Rules((Method.CLERK,)), now=clock.now())
    [code] = issue(perform, process, 1, now=clock.now())
    with pytest.raises(Conflict):
        prove_by_code(perform, process, sara, code, now=clock.now())


def begin_attempt(perform, now):
    return perform(lambda s: operations.begin_attempt(s, keys=["k" * 64, "a" * 64], actor=CITY, now=now))


def test_tries_are_counted_and_locked_for_a_while(perform, clock):
    for _ in range(operations.proving.MOST_ATTEMPTS):
        begin_attempt(perform, clock.now())
    with pytest.raises(operations.TooManyAttempts):
        begin_attempt(perform, clock.now())
    begin_attempt(perform, clock.now() + timedelta(minutes=16))


def test_a_success_costs_nothing_and_pays_for_no_guess(perform, clock):
    for _ in range(operations.proving.MOST_ATTEMPTS - 1):
        begin_attempt(perform, clock.now())
        good = begin_attempt(perform, clock.now())
        perform(lambda s, good=good: operations.finish_attempt(s, good, actor=CITY, now=clock.now()))
    begin_attempt(perform, clock.now())
    with pytest.raises(operations.TooManyAttempts):
        begin_attempt(perform, clock.now())


def test_a_clerk_cannot_check_themselves(perform, clock):
    clerk = make_account(perform, now=clock.now())
    from ucc_participate.kernel.identity import Role

    actor = acting(clerk, Role.CLERK)
    with pytest.raises(Forbidden):
        perform(
            lambda s: operations.record_check(
                s, get_account(s, clerk.public_id), birth_year=None, actor=actor, now=clock.now()
            )
        )


def test_a_revoked_proof_no_longer_counts(app, perform, process, sara, clock, read):
    proof = check(perform, sara, now=clock.now())
    perform(
        lambda s: operations.revoke_proof(
            s,
            queries.get_proof(s, proof.public_id),
            reason="The paper was somebody else’s",
            actor=CITY,
            now=clock.now(),
        )
    )
    assert standing(read, process, sara, clock.now()) is Standing.UNVERIFIED
    assert types(app)[-1] == "account.verification_revoked"
    assert "somebody else" not in str(entries(app)[-1].payload)


def test_a_minor_votes_with_a_guardian(app, perform, process, sara, clock, read):
    set_rules(perform, process, Rules(min_age=12, guardian_below=18), now=clock.now())
    check(perform, sara, now=clock.now(), birth_year=clock.now().year - 14)
    assert standing(read, process, sara, clock.now()) is Standing.NEEDS_GUARDIAN
    perform(
        lambda s: operations.record_guardian(
            s,
            process,
            get_account(s, sara.public_id),
            guardian="Maryam Moradi",
            scan=None,
            actor=CITY,
            now=clock.now(),
        )
    )
    assert standing(read, process, sara, clock.now()) is Standing.ELIGIBLE
    assert types(app)[-1] == "eligibility.guardian_consented"
    assert "Moradi" not in str(entries(app)[-1].payload)


def test_erasing_leaves_a_digest_that_stops_a_second_voter_and_no_person(app, perform, process, sara, clock, read):
    [code] = issue(perform, process, 1, now=clock.now())
    prove_by_code(perform, process, sara, code, now=clock.now(), birth_year=1990)
    perform(
        lambda s: accounts.erase_account(
            s,
            get_account(s, sara.public_id),
            erasers=app.extensions["ucc.erasers"],
            actor=acting(sara),
            now=clock.now(),
        )
    )
    [left] = read(lambda s: s.scalars(select(Verification)).all())
    assert (left.account_id, left.birth_year) == (None, None)
    assert left.verified_by == "erased"
    ali = make_account(perform, "ali@example.org", now=clock.now())
    with pytest.raises(Invalid):
        prove_by_code(perform, process, ali, code, now=clock.now())
