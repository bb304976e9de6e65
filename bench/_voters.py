"""An open vote with voters who are signed in: `python -m bench._voters COUNT FILE`.

Written to FILE: the address of the ballot box, and for every voter the cookie and the token that a browser would send.
The application is the one that the environment describes.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer

from tests.accounts.making import CITY, make_account
from tests.processes.making import make_process
from ucc_participate.accounts.models import Account
from ucc_participate.app import create_app
from ucc_participate.audit.extension import audit_log
from ucc_participate.kernel.clock import SystemClock
from ucc_participate.kernel.db import perform
from ucc_participate.processes.models import ProcessState
from ucc_participate.processes.queries import process_to_change
from ucc_participate.settings import Settings
from ucc_participate.voting import operations
from ucc_participate.voting.building import OptionLine
from ucc_participate.voting.models import Franchise, Vote
from ucc_participate.voting.queries import vote_to_change

RULES = {"method": "votes", "ballot": "approval", "winners": 3, "max_choices": 5}
OPTIONS = 12


def announce(now: Any) -> tuple[str, Vote]:
    """A vote that opened yesterday and closes in six days, and the public id of its process."""
    process = make_process(perform, now - timedelta(days=36), ProcessState.OPEN)
    opened = now - timedelta(days=1)

    def work(session: Any) -> Vote:
        return operations.announce_vote(
            session,
            process_to_change(session, process.public_id, actor=CITY),
            actor=CITY,
            now=opened,
            title={"en": "Priorities"},
            franchise=Franchise.INDIVIDUAL,
            rules=RULES,
            options=[OptionLine(f"o{number}", f"Option {number}") for number in range(OPTIONS)],
            opens_at=opened,
            closes_at=opened + timedelta(days=6),
        )

    return process.public_id, perform(work)


def signed_in(app: Flask, account: Account, since: int) -> dict[str, str]:
    """The cookie of a browser in which this account is signed in, and the token of a form shown there."""
    raw = secrets.token_hex(20)
    session = {"_user_id": f"{account.public_id}.{account.session_version}", "since": since, "csrf_token": raw}
    sessions: Any = app.session_interface
    signer = sessions.get_signing_serializer(app)
    token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(raw)  # type: ignore[arg-type]
    return {"cookie": f"session={signer.dumps(session)}", "token": token}


def main(count: int, target: Path) -> None:
    app, now = create_app(Settings.from_environment(os.environ)), SystemClock().now()
    with app.app_context():
        upgrade()
        people = [make_account(perform, f"voter{number}@example.org", now=now) for number in range(count)]
        process, vote = announce(now)
        perform(lambda s: operations.open_vote(s, vote_to_change(s, vote.public_id), actor=CITY, now=now))
        audit_log().publish()
        voters = [signed_in(app, account, int(now.timestamp())) for account in people]
        address = f"/p/{process}/votes/{vote.public_id}/ballot"
    target.write_text(json.dumps({"address": address, "voters": voters}))
    app.extensions["ucc.door"].close()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
