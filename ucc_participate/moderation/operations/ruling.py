"""How a process is moderated."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor
from ...kernel.text import clean_text
from ...processes.models import Process
from .. import policies, queries
from ..events import ModerationEvent
from ..models import POLICY_LENGTH, ModerationRules, Rules


def set_rules(session: Session, process: Process, rules: Rules, *, actor: Actor, now: datetime) -> None:
    """Fix how the process is moderated from now on. Raises Invalid naming the field."""
    require(policies.can_set_rules(actor, process, now=now))
    _require_sense(rules)
    policy = {lang: clean_text(text, max_length=POLICY_LENGTH) for lang, text in rules.policy.items()}
    cleaned = replace(rules, policy={lang: text for lang, text in policy.items() if text})
    row = queries.rules_to_change(session, process)
    if row is None:
        row = ModerationRules(process_id=process.id)
        session.add(row)
    row.put(cleaned, at=now)
    record(
        session,
        ModerationEvent.SET,
        actor=actor,
        subject=f"{process.ref}/moderation",
        process=process.ref,
        payload=cleaned.public_payload(),
        now=now,
    )


def _require_sense(rules: Rules) -> None:
    if rules.per_day < rules.per_hour:
        raise Invalid(_l("The number per day cannot be smaller than the number per hour."), field="per_day")
    if rules.per_hour < rules.per_place:
        raise Invalid(_l("One place cannot allow more than the whole process."), field="per_place")
