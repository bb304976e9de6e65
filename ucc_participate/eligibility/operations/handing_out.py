"""What the city fixes and hands out: rules, lists, codes. Each is a public entry of the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.codes import Digests, new_code, read_code
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, new_public_id
from ...processes.models import Process
from .. import policies, queries
from ..events import ACT, EligibilityEvent
from ..models import CodeBatch, EligibilityRules, EligibleList, ListLine, PersonalCode, Rules
from ..reading import PersonLine

MOST_CODES = 20_000
_BLOCK = 5_000


def set_rules(session: Session, process: Process, rules: Rules, *, actor: Actor, now: datetime) -> None:
    """Fix who may vote. Raises Invalid naming the field, Conflict once the process is open."""
    require(policies.can_set_rules(actor, process, now=now))
    _require_sense(rules)
    row = queries.rules_to_change(session, process)
    if row is None:
        row = EligibilityRules(process_id=process.id)
        session.add(row)
    row.put(rules, at=now)
    subject = f"{process.ref}/eligibility"
    _record(session, EligibilityEvent.SET, process, actor, now, payload=rules.public_payload(), subject=subject)


def _require_sense(rules: Rules) -> None:
    if rules.is_checked and not rules.methods:
        raise Invalid(_l("Choose at least one way in which people can prove it."), field="methods")
    if rules.unchecked_because is not None and len(rules.unchecked_because) < 20:
        raise Invalid(_l("Say why nobody is checked, in at least twenty letters: everybody reads it."), field="reason")
    if rules.min_age and rules.guardian_below is not None and rules.guardian_below <= rules.min_age:
        raise Invalid(_l("Guardians are asked for people above the least age, or for nobody."), field="guardian_below")


def upload_list(
    session: Session,
    process: Process,
    people: Sequence[PersonLine],
    *,
    title: str,
    asks_for: str,
    sha256: str,
    digests: Digests,
    actor: Actor,
    now: datetime,
) -> EligibleList:
    """Keep a list as digests. ``asks_for``: what people type to be found on it, in words; ``sha256``: of the file."""
    require(policies.can_hand_out(actor, process, now=now))
    if not people:
        raise Invalid(_l("There is nobody on this list."), field="file")
    made = EligibleList(
        public_id=new_public_id(),
        process_id=process.id,
        title=title,
        asks_for=asks_for,
        sha256=sha256,
        lines=len(people),
        uploaded_at=now,
    )
    session.add(made)
    session.flush()
    rows = [_line(made.id, person, process, digests) for person in people]
    for start in range(0, len(rows), _BLOCK):
        session.execute(insert(ListLine), rows[start : start + _BLOCK])
    payload = {"list": made.public_id, "lines": made.lines, "sha256": sha256}
    _record(session, EligibilityEvent.LIST_UPLOADED, process, actor, now, payload=payload)
    return made


def _line(list_id: int, person: PersonLine, process: Process, digests: Digests) -> dict[str, Any]:
    number = digests("number", process.public_id, person.number)
    year = person.birth_year
    with_year = digests("number-year", process.public_id, person.number, year) if year is not None else None
    return {"list_id": list_id, "number": number, "with_year": with_year}


def withdraw_list(session: Session, process: Process, found: EligibleList, *, actor: Actor, now: datetime) -> None:
    """Nobody proves anything by it any more; what was proved stays."""
    require(policies.can_hand_out(actor, process, now=now))
    if found.withdrawn_at is not None:
        raise Conflict(_l("This list has been withdrawn already."))
    found.withdrawn_at = now
    _record(session, EligibilityEvent.LIST_WITHDRAWN, process, actor, now, payload={"list": found.public_id})


def issue_codes(
    session: Session,
    process: Process,
    *,
    title: str,
    size: int,
    expires_on: date,
    today: date,
    digests: Digests,
    actor: Actor,
    now: datetime,
) -> tuple[CodeBatch, list[str]]:
    """New personal codes. They are returned here, once, and can be read from nowhere afterwards."""
    require(policies.can_hand_out(actor, process, now=now))
    if not 1 <= size <= MOST_CODES:
        raise Invalid(_l("Ask for between 1 and %(most)s codes at a time.", most=MOST_CODES), field="size")
    if expires_on < today:
        raise Invalid(_l("The codes would have expired already."), field="expires_on")
    batch = CodeBatch(public_id=new_public_id(), process_id=process.id, title=title, size=size, expires_on=expires_on)
    batch.issued_at = now
    session.add(batch)
    session.flush()
    codes = sorted({new_code() for _ in range(size + size // 1000 + 8)})[:size]
    rows = [{"code": digests("code", read_code(code)), "batch_id": batch.id} for code in codes]
    for start in range(0, len(rows), _BLOCK):
        session.execute(insert(PersonalCode), rows[start : start + _BLOCK])
    payload = {"batch": batch.public_id, "size": size, "expires_on": expires_on.isoformat()}
    _record(session, EligibilityEvent.CODES_ISSUED, process, actor, now, payload=payload)
    return batch, codes


def withdraw_codes(session: Session, process: Process, batch: CodeBatch, *, actor: Actor, now: datetime) -> None:
    """Codes that nobody has used prove nothing any more (letters were lost, a list was wrong)."""
    require(policies.can_hand_out(actor, process, now=now))
    if batch.withdrawn_at is not None:
        raise Conflict(_l("These codes have been withdrawn already."))
    batch.withdrawn_at = now
    _record(session, EligibilityEvent.CODES_WITHDRAWN, process, actor, now, payload={"batch": batch.public_id})


def _record(
    session: Session,
    event: EligibilityEvent,
    process: Process,
    actor: Actor,
    now: datetime,
    *,
    payload: dict[str, Any],
    subject: str | None = None,
) -> None:
    about, schema = (process.ref, ACT) if subject is None else (subject, None)
    record(session, event, actor=actor, subject=about, process=process.ref, now=now, payload=payload, schema=schema)
