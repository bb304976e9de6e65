"""Reading who may vote and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..kernel.errors import NotFound
from ..processes.models import Process
from .models import (
    CodeBatch,
    EligibilityRules,
    EligibleList,
    GuardianConsent,
    ListLine,
    PersonalCode,
    PhoneChallenge,
    ProofAttempt,
    Rules,
    Standing,
    Verification,
)

PAGE = 50


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A list or a batch of codes with how many people have used it."""

    thing: EligibleList | CodeBatch
    used: int


def rules_of(session: Session, process: Process) -> Rules:
    """The rules of a process; everybody is checked where nothing else was said."""
    row = session.get(EligibilityRules, process.id)
    return row.rules if row is not None else Rules()


def rules_to_change(session: Session, process: Process) -> EligibilityRules | None:
    return session.scalar(select(EligibilityRules).where(EligibilityRules.process_id == process.id).with_for_update())


def standing_of(session: Session, process: Process, account_id: int, *, now: datetime) -> Standing:
    """How one account stands towards a process now."""
    rules = rules_of(session, process)
    found = session.execute(_facts(process, rules).where(Account.id == account_id)).one_or_none()
    return _standing(rules, found, now.year) if found is not None else Standing.UNVERIFIED


def eligible_accounts(session: Session, process: Process, *, now: datetime) -> list[int]:
    """Ids of the active accounts that may vote in the process now, in the order of their ids."""
    rules = rules_of(session, process)
    query = _facts(process, rules).where(Account.is_active).order_by(Account.id)
    if rules.is_checked:
        query = query.where(_verified(process, rules))
    return [row.id for row in session.execute(query) if _standing(rules, row, now.year).may_vote]


def _facts(process: Process, rules: Rules) -> Select[Any]:
    """Of every account: whether it is verified for the process, year of birth, whether a guardian agreed."""
    year = (
        select(func.max(Verification.birth_year))
        .where(Verification.account_id == Account.id, Verification.revoked_at.is_(None))
        .scalar_subquery()
    )
    guardian = exists().where(GuardianConsent.account_id == Account.id, GuardianConsent.process_id == process.id)
    return select(
        Account.id, _verified(process, rules).label("verified"), year.label("born"), guardian.label("guardian")
    )


def _verified(process: Process, rules: Rules) -> Any:
    """SQL: a proof that holds now, for this process or for all, in one of the ways that the rules take."""
    return exists().where(
        Verification.account_id == Account.id,
        Verification.revoked_at.is_(None),
        or_(Verification.process_id.is_(None), Verification.process_id == process.id),
        Verification.method.in_(rules.methods),
    )


def _standing(rules: Rules, row: Any, year: int) -> Standing:
    return rules.standing(
        is_verified=bool(row.verified), birth_year=row.born, has_guardian=bool(row.guardian), year=year
    )


def proofs_of(session: Session, account: Account) -> Sequence[Verification]:
    """Everything that an account has proved, newest first."""
    rows = select(Verification).where(Verification.account_id == account.id)
    return session.scalars(rows.order_by(Verification.id.desc())).all()


def get_proof(session: Session, public_id: str) -> Verification:
    """Raises NotFound."""
    found = session.scalar(select(Verification).where(Verification.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def is_used(session: Session, used: str) -> bool:
    return session.scalar(select(Verification.id).where(Verification.used == used)) is not None


def used_by(session: Session, account_id: int) -> list[str]:
    """Digests of the numbers, codes and telephones by which an account has proved something."""
    rows = select(Verification.used).where(Verification.account_id == account_id, Verification.used.is_not(None))
    return [used for used in session.scalars(rows) if used is not None]


def account_by_use(session: Session, used: str) -> int | None:
    """Id of the account that has proved something by the number, code or telephone of this digest."""
    rows = select(Verification.account_id).where(Verification.used == used, Verification.revoked_at.is_(None))
    return session.scalar(rows)


def unclaimed_lines(session: Session, process: Process) -> list[str]:
    """Digests of the numbers on the lists of the process by which nobody has proved anything yet, each once."""
    mine = (EligibleList.process_id == process.id, EligibleList.withdrawn_at.is_(None))
    claimed = exists().where(Verification.used == ListLine.number)
    rows = select(ListLine.number).join(EligibleList, EligibleList.id == ListLine.list_id).where(*mine, ~claimed)
    return sorted(set(session.scalars(rows)))


def find_line(session: Session, process: Process, number: str) -> ListLine | None:
    """A person on a list that holds for the process."""
    query = select(ListLine).join(EligibleList, EligibleList.id == ListLine.list_id)
    mine = (EligibleList.process_id == process.id, EligibleList.withdrawn_at.is_(None), ListLine.number == number)
    return session.scalars(query.where(*mine).limit(1)).first()


def find_code(session: Session, process: Process, code: str, *, today: date) -> CodeBatch | None:
    """The valid batch of this process that a code comes from."""
    batch = session.scalar(
        select(CodeBatch)
        .join(PersonalCode, PersonalCode.batch_id == CodeBatch.id)
        .where(PersonalCode.code == code, CodeBatch.process_id == process.id)
    )
    return batch if batch is not None and batch.is_valid(today) else None


def challenge_of(session: Session, account: Account) -> PhoneChallenge | None:
    return session.scalar(select(PhoneChallenge).where(PhoneChallenge.account_id == account.id).with_for_update())


def lists_of(session: Session, process: Process) -> list[HandedOut]:
    """The lists of a process, newest first, with how many people on them have proved it."""
    lists = session.scalars(select(EligibleList).where(EligibleList.process_id == process.id))
    used = (
        select(ListLine.list_id, func.count())
        .join(Verification, Verification.used == ListLine.number)
        .group_by(ListLine.list_id)
    )
    counts = {row[0]: row[1] for row in session.execute(used)}
    return [HandedOut(each, counts.get(each.id, 0)) for each in lists.all()[::-1]]


def batches_of(session: Session, process: Process) -> list[HandedOut]:
    """The batches of codes of a process, newest first, with how many codes were used."""
    batches = session.scalars(select(CodeBatch).where(CodeBatch.process_id == process.id).order_by(CodeBatch.id))
    used = (
        select(PersonalCode.batch_id, func.count())
        .join(Verification, Verification.used == PersonalCode.code)
        .group_by(PersonalCode.batch_id)
    )
    counts = {row[0]: row[1] for row in session.execute(used)}
    return [HandedOut(each, counts.get(each.id, 0)) for each in batches.all()[::-1]]


def get_list(session: Session, process: Process, public_id: str) -> EligibleList:
    """Raises NotFound."""
    mine = and_(EligibleList.public_id == public_id, EligibleList.process_id == process.id)
    found = session.scalar(select(EligibleList).where(mine).with_for_update())
    if found is None:
        raise NotFound
    return found


def get_batch(session: Session, process: Process, public_id: str) -> CodeBatch:
    """Raises NotFound."""
    mine = and_(CodeBatch.public_id == public_id, CodeBatch.process_id == process.id)
    found = session.scalar(select(CodeBatch).where(mine).with_for_update())
    if found is None:
        raise NotFound
    return found


def count_attempts(session: Session, key: str, since: datetime) -> int:
    return session.scalar(select(func.count()).where(ProofAttempt.key == key, ProofAttempt.at > since)) or 0


def count_verified(session: Session, process: Process, rules: Rules) -> int:
    """How many active accounts have proved what the rules ask for."""
    query = select(func.count()).select_from(Account).where(Account.is_active, _verified(process, rules))
    return session.scalar(query) or 0


def live_rules(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check: the rules of every process for which some were set."""
    rows = select(EligibilityRules, Process).join(Process, Process.id == EligibilityRules.process_id)
    for row, process in session.execute(rows.where(EligibilityRules.set_at.is_not(None))):
        yield f"{process.ref}/eligibility", row.rules.public_payload()


def is_phone_waiting(session: Session, account: Account, *, now: datetime) -> bool:
    """Whether a code was sent to a telephone and can still be typed."""
    waiting = select(PhoneChallenge.account_id).where(
        PhoneChallenge.account_id == account.id, PhoneChallenge.expires_at > now
    )
    return session.scalar(waiting) is not None


def guardians_of(session: Session, process: Process, account: Account) -> list[GuardianConsent]:
    mine = (GuardianConsent.account_id == account.id, GuardianConsent.process_id == process.id)
    return list(session.scalars(select(GuardianConsent).where(*mine).order_by(GuardianConsent.id)))


def consents_to(session: Session, account: Account) -> list[GuardianConsent]:
    """Every guardian's consent to the account's part, in whatever process."""
    rows = select(GuardianConsent).where(GuardianConsent.account_id == account.id)
    return list(session.scalars(rows.order_by(GuardianConsent.id)))
