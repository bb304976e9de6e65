"""What people prove, and what clerks write down for them.

A wrong guess must be counted although the unit of work that finds it wrong leaves nothing: attempts are noted in a unit
of work of their own before, and taken back after a success.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ...accounts.leftovers import leave_uploads
from ...accounts.models import Account
from ...accounts.references import account_ref
from ...audit.log import record
from ...documents.attaching import attach, detach_all
from ...documents.uploads import StoredUpload
from ...kernel.codes import Digests, read_code, read_number, slip_of
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, UccError
from ...kernel.identity import Actor, new_public_id
from ...notifications.operations import queue_sms
from ...processes.models import Process
from .. import policies, queries
from ..events import ACT, EligibilityEvent, VerificationEvent
from ..models import GuardianConsent, Method, PhoneChallenge, ProofAttempt, Verification
from ..telephones import new_sms_code, read_phone

PAUSE = timedelta(minutes=15)
MOST_ATTEMPTS = 5
KEPT = timedelta(days=1)
SMS_LIFE = timedelta(minutes=10)
ERASED = "erased"
USED = _l("This has been used by another account already. If that was not you, go to the city’s counter.")
UNKNOWN_NUMBER = _l("This number is not on the list, or the year does not fit it. Look at it once more.")
UNKNOWN_CODE = _l("This code is not valid here: unknown, expired or withdrawn. The city’s counter can help.")


class TooManyAttempts(UccError):
    """Somebody is guessing, or in despair: the reason says until when to wait and who helps meanwhile."""

    status = 429


def begin_attempt(
    session: Session, *, keys: Sequence[str], actor: Actor, now: datetime, most: int = MOST_ATTEMPTS
) -> list[int]:
    """Note a try under each key (account, address); their ids, for `finish_attempt`.

    Raises TooManyAttempts after ``most`` within PAUSE.
    """
    if any(queries.count_attempts(session, key, now - PAUSE) >= most for key in keys):
        raise TooManyAttempts(
            _l("That was tried too often. Wait a quarter of an hour, or let a clerk at the city’s counter check it.")
        )
    session.execute(delete(ProofAttempt).where(ProofAttempt.at < now - KEPT))
    tries = [ProofAttempt(key=key, at=now) for key in keys]
    session.add_all(tries)
    session.flush()
    return [each.id for each in tries]


def finish_attempt(session: Session, tries: Sequence[int], *, actor: Actor, now: datetime) -> None:
    """Take back a try that succeeded, and no other: one good code must not pay for guesses at other ones."""
    session.execute(delete(ProofAttempt).where(ProofAttempt.id.in_(tries)))


def prove_by_code(
    session: Session,
    process: Process,
    account: Account,
    *,
    typed: str,
    digests: Digests,
    birth_year: int | None,
    today: date,
    actor: Actor,
    now: datetime,
) -> Verification:
    """Use up a personal code. Raises Invalid (field ``code``) for one with a slip, an unknown or a used one."""
    _require_way(session, process, Method.CODE, actor, now)
    code = read_code(typed)
    if code is None:
        raise Invalid(slip_of(typed), field="code")
    used = digests("code", code)
    if queries.find_code(session, process, used, today=today) is None:
        raise Invalid(UNKNOWN_CODE, field="code")
    return _prove(session, process, account, Method.CODE, used, birth_year, field="code", actor=actor, now=now)


def prove_by_list(
    session: Session,
    process: Process,
    account: Account,
    *,
    typed: str,
    birth_year: int | None,
    digests: Digests,
    actor: Actor,
    now: datetime,
) -> Verification:
    """Find oneself on a list; where the list has years of birth, the year must fit. Raises Invalid (``number``)."""
    _require_way(session, process, Method.LIST, actor, now)
    number = read_number(typed)
    line = queries.find_line(session, process, digests("number", process.public_id, number))
    fits = line is not None and line.with_year in (
        None,
        digests("number-year", process.public_id, number, birth_year) if birth_year is not None else "",
    )
    if line is None or not fits:
        raise Invalid(UNKNOWN_NUMBER, field="number")
    return _prove(session, process, account, Method.LIST, line.number, birth_year, field="number", actor=actor, now=now)


def send_phone_code(
    session: Session,
    process: Process,
    account: Account,
    *,
    typed: str,
    digests: Digests,
    actor: Actor,
    now: datetime,
) -> None:
    """Send a code to a telephone that no account has used. Raises Invalid (``phone``)."""
    _require_way(session, process, Method.SMS, actor, now)
    number = read_phone(typed)
    if number is None:
        raise Invalid(_l("Write a mobile number such as 0912 345 6789, or +33 6 12 34 56 78."), field="phone")
    phone = digests("phone", number)
    if queries.is_used(session, phone):
        raise Invalid(USED, field="phone")
    code = new_sms_code()
    session.execute(delete(PhoneChallenge).where(PhoneChallenge.account_id == account.id))
    session.add(
        PhoneChallenge(
            account_id=account.id,
            phone=phone,
            code=digests("sms", account.public_id, code),
            expires_at=now + SMS_LIFE,
        )
    )
    minutes = int(SMS_LIFE.total_seconds() // 60)
    data = {"code": code, "minutes": minutes}
    facts = {"to": number, "owner": account.key, "locale": account.locale}
    queue_sms(session, **facts, template="phone_code", data=data, now=now)


def prove_by_phone(
    session: Session,
    process: Process,
    account: Account,
    *,
    typed: str,
    digests: Digests,
    birth_year: int | None,
    actor: Actor,
    now: datetime,
) -> Verification:
    """Type the code that came to the telephone. Raises Invalid (``sms_code``)."""
    _require_way(session, process, Method.SMS, actor, now)
    challenge = queries.challenge_of(session, account)
    given = digests("sms", account.public_id, read_number(typed))
    if challenge is None or challenge.expires_at <= now or challenge.code != given:
        raise Invalid(_l("This is not the code, or it is too old. You can ask for a new one."), field="sms_code")
    session.delete(challenge)
    return _prove(
        session, process, account, Method.SMS, challenge.phone, birth_year, field="sms_code", actor=actor, now=now
    )


def record_check(
    session: Session, account: Account, *, birth_year: int | None, actor: Actor, now: datetime
) -> Verification:
    """A clerk has seen a paper that shows who the person is: holds for every process of the city."""
    require(policies.can_check(actor, account, now=now))
    return _add(session, None, account, Method.CLERK, None, birth_year, actor=actor, now=now)


def record_guardian(
    session: Session,
    process: Process,
    account: Account,
    *,
    guardian: str,
    scan: StoredUpload | None,
    actor: Actor,
    now: datetime,
) -> GuardianConsent:
    """A guardian agreed before a clerk; ``scan``: the signed sheet."""
    require(policies.can_record_guardian(actor, account, process, now=now))
    consent = GuardianConsent(
        public_id=new_public_id(),
        account_id=account.id,
        process_id=process.id,
        guardian=guardian,
        recorded_by=actor.key,
        recorded_at=now,
    )
    session.add(consent)
    payload: dict[str, Any] = {}
    if scan is not None:
        document = attach(session, consent.ref, scan, kind="consent", title=guardian, actor=actor, now=now)
        payload = {"scan": document.public_payload()}
    record(
        session,
        EligibilityEvent.GUARDIAN_CONSENTED,
        actor=actor,
        subject=process.ref,
        process=process.ref,
        payload=payload,
        schema=ACT,
        now=now,
    )
    return consent


def revoke_proof(session: Session, proof: Verification, *, reason: str, actor: Actor, now: datetime) -> None:
    """What was proved turns out wrong; slots of votes that are open already stay (their roll is frozen)."""
    session.refresh(proof, with_for_update=True)
    require(policies.can_revoke(actor, proof, now=now))
    if len(reason) < 10:
        raise Invalid(_l("Say why, in at least ten letters."), field="reason")
    proof.revoked_at, proof.revoked_by, proof.revoked_because = now, actor.key, reason
    account = session.get_one(Account, proof.account_id)
    subject = account_ref(session, account)
    payload = {"method": proof.method.value}
    record(session, VerificationEvent.REVOKED, actor=actor, subject=subject, payload=payload, now=now)


def forget_proofs(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """When a person is erased: only digests stay, so that nothing proves a second voter. Part of the erasing one."""
    mine = Verification.account_id == account.id
    by_themselves = (mine, Verification.verified_by == account.key)
    session.execute(update(Verification).where(*by_themselves).values(verified_by=ERASED))
    session.execute(update(Verification).where(mine).values(account_id=None, birth_year=None, revoked_because=None))
    session.execute(delete(PhoneChallenge).where(PhoneChallenge.account_id == account.id))
    for consent in session.scalars(select(GuardianConsent).where(GuardianConsent.account_id == account.id)).all():
        leave_uploads(session, detach_all(session, consent.ref), now=now)
        session.delete(consent)


def remove_stale(session: Session, *, actor: Actor, now: datetime) -> None:
    """Throw away codes that were sent to telephones, and attempts, a day after they are of any use."""
    session.execute(delete(PhoneChallenge).where(PhoneChallenge.expires_at < now - KEPT))
    session.execute(delete(ProofAttempt).where(ProofAttempt.at < now - KEPT))


def _require_way(session: Session, process: Process, method: Method, actor: Actor, now: datetime) -> None:
    require(policies.can_prove(actor, process, now=now))
    rules = queries.rules_of(session, process)
    if not rules.is_checked or method not in rules.methods:
        raise Conflict(_l("This process does not ask for that."))


def _prove(
    session: Session,
    process: Process,
    account: Account,
    method: Method,
    used: str,
    birth_year: int | None,
    *,
    field: str,
    actor: Actor,
    now: datetime,
) -> Verification:
    if queries.is_used(session, used):
        raise Invalid(USED, field=field)
    everywhere = method is Method.SMS
    return _add(session, None if everywhere else process, account, method, used, birth_year, actor=actor, now=now)


def _add(
    session: Session,
    process: Process | None,
    account: Account,
    method: Method,
    used: str | None,
    birth_year: int | None,
    *,
    actor: Actor,
    now: datetime,
) -> Verification:
    proof = Verification(
        public_id=new_public_id(),
        account_id=account.id,
        process_id=process.id if process is not None else None,
        method=method,
        used=used,
        birth_year=birth_year,
        verified_by=actor.key,
        verified_at=now,
    )
    session.add(proof)
    payload = {"method": method.value}
    subject = account_ref(session, account)
    record(session, VerificationEvent.VERIFIED, actor=actor, subject=subject, payload=payload, now=now)
    return proof
