"""Following what one has written: part of the operation that hands it in, no operation of its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from .models import Following


def begin_following(session: Session, account_id: int, subject: str, process_id: int | None, *, now: datetime) -> None:
    """From now on the account is told what happens to the subject; nothing changes when it is told already.

    Authors follow their own works so. They can stop it, and are not made to follow again by a later version.
    """
    if session.get(Following, (account_id, subject)) is None:
        session.add(Following(account_id=account_id, subject=subject, process_id=process_id, since=now))
