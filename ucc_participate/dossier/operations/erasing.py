"""What is left of somebody erased: officials' names stand under what they wrote, as under every act of office."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...kernel.identity import Actor
from .. import queries


def forget_writer(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Nobody in particular shall write what this person was given."""
    for answer in queries.assigned_to(session, account):
        answer.assigned_to_id = None
