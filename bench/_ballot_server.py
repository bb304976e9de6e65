"""The product behind granian; with BENCH_WITHOUT=log the same product without a log, without grouping of commits."""

from __future__ import annotations

import os
from typing import Any

from ucc_participate.app import create_app
from ucc_participate.audit.log import Draft
from ucc_participate.kernel import db
from ucc_participate.processes import participation
from ucc_participate.voting import operations


def note_nothing(session: Any, event: Any, *, subject: str, **_facts: Any) -> Draft:
    """What an operation asks the log for, without a log: the door must still see that something was said."""
    draft = Draft({"commit": "", "subject": subject, "type": str(event)}, None, None)
    session.info["entries"].append(draft)
    return draft


app = create_app()
if os.environ.get("BENCH_WITHOUT") == "log":
    db.BATCH_LIMIT = 1
    app.extensions["ucc.door"].append = lambda _connection, _entries: None
    participation.record = operations.record = note_nothing  # type: ignore[assignment]
    participation.pseudonym = lambda *_facts: "0" * 32
