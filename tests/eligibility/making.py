"""Rules, lists, codes and proofs for tests, made through the domain's own operations."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from tests.accounts.making import CITY, acting
from ucc_participate.accounts.models import Account
from ucc_participate.accounts.queries import get_account
from ucc_participate.eligibility import operations
from ucc_participate.eligibility.models import Rules, Verification
from ucc_participate.eligibility.reading import PersonLine
from ucc_participate.kernel.codes import Digests
from ucc_participate.processes.models import Process
from ucc_participate.processes.queries import process_to_change

DIGESTS = Digests("a secret that only tests know, long enough")
NOBODY_CHECKED = Rules((), "A neighbourhood vote in which everybody knows everybody")
CLERK = CITY


def set_rules(perform: Any, process: Process, rules: Rules, *, now: datetime) -> None:
    def work(session: Any) -> None:
        found = process_to_change(session, process.public_id, actor=CITY)
        operations.set_rules(session, found, rules, actor=CITY, now=now)

    perform(work)


def check(perform: Any, account: Account, *, now: datetime, birth_year: int | None = None) -> Verification:
    """A clerk has seen this person's paper."""
    proof: Verification = perform(
        lambda session: operations.record_check(
            session, get_account(session, account.public_id), birth_year=birth_year, actor=CLERK, now=now
        )
    )
    return proof


def issue(perform: Any, process: Process, size: int, *, now: datetime, days: int = 30) -> list[str]:
    def work(session: Any) -> list[str]:
        today = now.date()
        facts: dict[str, Any] = {
            "title": "Letters",
            "size": size,
            "expires_on": today + timedelta(days=days),
            "today": today,
        }
        _batch, codes = operations.issue_codes(session, process, digests=DIGESTS, actor=CITY, now=now, **facts)
        return codes

    codes: list[str] = perform(work)
    return codes


def upload(perform: Any, process: Process, people: list[tuple[str, int | None]], *, now: datetime) -> Any:
    lines = [PersonLine(number, year) for number, year in people]
    facts = {"title": "Census", "asks_for": "your national number", "sha256": "ab" * 32}
    return perform(
        lambda session: operations.upload_list(session, process, lines, digests=DIGESTS, actor=CITY, now=now, **facts)
    )


def prove_by_code(perform: Any, process: Process, account: Account, code: str, *, now: datetime, **facts: Any) -> Any:
    known = {"birth_year": None, "today": date(now.year, now.month, now.day), **facts}

    def work(session: Any) -> Verification:
        person = get_account(session, account.public_id)
        actor = acting(account)
        return operations.prove_by_code(
            session, process, person, typed=code, digests=DIGESTS, actor=actor, now=now, **known
        )

    return perform(work)


def prove_by_list(perform: Any, process: Process, account: Account, number: str, *, now: datetime, year: Any) -> Any:
    def work(session: Any) -> Verification:
        person, actor = get_account(session, account.public_id), acting(account)
        return operations.prove_by_list(
            session, process, person, typed=number, birth_year=year, digests=DIGESTS, actor=actor, now=now
        )

    return perform(work)
