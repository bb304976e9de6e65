"""Ballots cast over HTTP on a real server that is killed with SIGKILL while they come in, and what is left of them.

Every voter sends one ballot after the other and writes down what was acknowledged. After each kill the server starts
again and what was not acknowledged is sent again with the same key, as a browser's reload does. Then there must be
exactly one entry for every ballot that was sent, acknowledged or not, and nothing else may have changed.
"""

from __future__ import annotations

import base64
import json
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, select

from tests.accounts.making import sign_in
from tests.applications import close_app, make_app
from tests.faults.city import CHOICES, City, slot_of, voting_city
from tests.processes.making import day
from ucc_participate.accounts.models import Account
from ucc_participate.audit import drift, log, queries, reading
from ucc_participate.audit.models import LogQueue
from ucc_participate.kernel.clock import SystemClock
from ucc_participate.kernel.db import db, perform
from ucc_participate.voting import queries as voting_queries
from ucc_participate.voting.building import codes_of
from ucc_participate.voting.models import Ballot, BallotLink, RollEntry

TOKEN = re.compile(r'name="csrf_token"[^>]*? value="([^"]+)"')
STARTING_SECONDS, ANSWER_SECONDS = 60.0, 30.0
CLIENTS, VOTERS_EACH = 8, 3
SOONEST, LATEST = 0.02, 0.6
"""Seconds after the first ballot within which the server is killed."""


class Server:
    """The product as it is deployed, in a process group of its own, so that one signal ends all of it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._environment = {**os.environ, **environment, "UCC_PUBLIC_URL": f"http://127.0.0.1:{self.port}"}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", "1", "--blocking-threads", "8", "--no-ws", "wsgi:app"]
        self._process = subprocess.Popen(
            command,
            env=self._environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + STARTING_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError("the server does not start")

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", "/log/vkey")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            threading.Event().wait(0.05)
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """SIGKILL to every process of the server: none of them can finish anything."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


@dataclass
class Attempt:
    """A ballot that was sent; acknowledged when the server answered that it is counted."""

    key: str
    choices: list[str]
    is_acknowledged: bool = False


@dataclass
class Voter:
    account: Account
    cookie: str
    token: str
    attempts: list[Attempt] = field(default_factory=list)
    receipts: dict[int, bytes] = field(default_factory=dict)
    """Index and entry of every receipt that the server gave out."""

    def next_attempt(self) -> Attempt:
        """The ballot that waits for its answer, or a new one."""
        if not self.attempts or self.attempts[-1].is_acknowledged:
            self.attempts.append(Attempt(secrets.token_urlsafe(16), random.choice(CHOICES)))
        return self.attempts[-1]


@dataclass
class Tally:
    """What became of the ballots: ``faults`` in words must be empty, ``lost`` acknowledged ballots none."""

    kills: int = 0
    sent: int = 0
    acknowledged: int = 0
    answered_by_silence: int = 0
    lost: int = 0
    doubled: int = 0
    receipts: int = 0
    entries: int = 0
    faults: list[str] = field(default_factory=list)


class Siege:
    """A vote on a server under fire. ``environment``: the settings of the product, its database among them."""

    def __init__(self, environment: Mapping[str, str], *, clients: int = CLIENTS, voters: int = VOTERS_EACH) -> None:
        self._server = Server(environment)
        own = {**environment, "UCC_PUBLIC_URL": f"http://127.0.0.1:{self._server.port}", "UCC_JOBS_IN_SERVER": "no"}
        self.app = make_app(own)
        with self.app.app_context():
            now = SystemClock().now()
            self.city = voting_city(perform, day(now, -36), residents=clients * voters)
        voters_of = [_voter(self.app, self.city, account, now) for account in self.city.residents]
        self._voters = voters_of
        self._shares = [voters_of[number::clients] for number in range(clients)]
        self._path = f"/p/{self.city.process.public_id}/votes/{self.city.vote_id}"
        self.tally = Tally()

    def start(self) -> None:
        self._server.start()

    def end(self) -> None:
        self._server.kill()
        close_app(self.app)

    def one_kill(self, chance: random.Random) -> None:
        """Ballots come in, the server dies, starts again, and answers for everything that it was sent."""
        first, stop = threading.Event(), threading.Event()
        threads = [
            threading.Thread(target=self._vote, args=(share, first, stop), name=f"client-{number}")
            for number, share in enumerate(self._shares)
        ]
        for thread in threads:
            thread.start()
        first.wait(ANSWER_SECONDS)
        stop.wait(chance.uniform(SOONEST, LATEST))
        self._server.kill()
        stop.set()
        for thread in threads:
            thread.join()
        self.tally.kills += 1
        silent = [voter for voter in self._voters if voter.attempts and not voter.attempts[-1].is_acknowledged]
        self.tally.answered_by_silence += len(silent)
        self._server.start()
        self._send_again(silent)
        self.check()

    def _vote(self, share: list[Voter], first: threading.Event, stop: threading.Event) -> None:
        """One client: ballot after ballot, until the server is gone."""
        connection = HTTPConnection("127.0.0.1", self._server.port, timeout=ANSWER_SECONDS)
        try:
            for voter in cycle(share):
                if stop.is_set():
                    return
                self._keep_receipt(connection, voter)
                self._send(connection, voter)
                first.set()
        except (OSError, HTTPException):
            return
        finally:
            connection.close()

    def _send_again(self, silent: list[Voter]) -> None:
        connection = HTTPConnection("127.0.0.1", self._server.port, timeout=ANSWER_SECONDS)
        for voter in silent:
            self._send(connection, voter)
        connection.close()

    def _send(self, connection: HTTPConnection, voter: Voter) -> None:
        attempt = voter.next_attempt()
        body = urlencode(
            {"csrf_token": voter.token, "idempotency_key": attempt.key, "choices": attempt.choices}, doseq=True
        )
        headers = {"Cookie": voter.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"{self._path}/ballot", body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status == 303:
            attempt.is_acknowledged = True
        else:
            self.tally.faults.append(f"a ballot was answered with {answer.status}")

    def _keep_receipt(self, connection: HTTPConnection, voter: Voter) -> None:
        if not voter.attempts or not voter.attempts[-1].is_acknowledged:
            return
        connection.request("GET", f"{self._path}/receipt.json", headers={"Cookie": voter.cookie})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status == 200:
            receipt = json.loads(body)
            voter.receipts[receipt["index"]] = base64.b64decode(receipt["entry"])

    def check(self) -> None:
        """Hold log and tables to what the clients wrote down."""
        with self.app.app_context():
            session = db.session()
            self.tally.faults += drift.standing_faults(db.engine, session) + self._waiting(session)
            session.rollback()
            size, faults = queries.verify_log(session.connection())
            self.tally.entries = size
            self.tally.faults += faults
            self._count(session)
            db.session.rollback()

    def _waiting(self, session: Any) -> list[str]:
        """Entries that get no index. The server's own jobs may have written some a moment ago: those do not count."""
        session.rollback()
        waiting = set(session.scalars(select(LogQueue.id)))
        log.sequence(db.engine)
        session.rollback()
        left = waiting & set(session.scalars(select(LogQueue.id)))
        return [f"{len(left)} entries wait for ever"] if left else []

    def _count(self, session: Any) -> None:
        vote = voting_queries.get_vote(session, self.city.vote_id)
        cast = [voter for voter in self._voters if voter.attempts]
        self.tally.sent = sum(len(voter.attempts) for voter in cast)
        self.tally.acknowledged = sum(attempt.is_acknowledged for voter in cast for attempt in voter.attempts)
        self.tally.receipts = sum(len(voter.receipts) for voter in cast)
        for voter in cast:
            slot = slot_of(session, vote, voter.account.id)
            kinds = [
                entry.values["type"]
                for entry in queries.latest_entries(session.connection(), subject=slot, limit=100_000)[::-1]
            ]
            missing = len(voter.attempts) - len(kinds)
            self.tally.lost += max(0, missing)
            self.tally.doubled += max(0, -missing)
            if kinds != ["ballot.cast", *["ballot.recast"] * (len(voter.attempts) - 1)]:
                self.tally.faults.append(f"{slot}: {len(voter.attempts)} ballots were sent, the log has {kinds[:3]}…")
            self.tally.faults += self._ballot_faults(session, vote, voter, slot)
            for index, entry in voter.receipts.items():
                if reading.entry_bytes(session.connection(), index, index + 1) != [entry]:
                    self.tally.faults.append(f"{slot}: the receipt of entry {index} is an orphan")
        self.tally.faults += self._table_faults(session, vote, len(cast))

    def _ballot_faults(self, session: Any, vote: Any, voter: Voter, slot: str) -> list[str]:
        """The ballot that counts is the one that was sent last."""
        newest = voter.attempts[-1]
        row = session.execute(
            select(BallotLink.idempotency_key, Ballot.choices, Ballot.is_superseded)
            .join(Ballot, Ballot.key == BallotLink.ballot_key)
            .join(RollEntry, RollEntry.id == BallotLink.roll_entry_id)
            .where(RollEntry.vote_id == vote.id, RollEntry.account_id == voter.account.id)
        ).one_or_none()
        if row is None:
            return [f"{slot}: there is no ballot"]
        counted = (row.idempotency_key, codes_of(vote, row.choices), row.is_superseded)
        return [] if counted == (newest.key, newest.choices, False) else [f"{slot}: another ballot counts: {counted}"]

    def _table_faults(self, session: Any, vote: Any, voters: int) -> list[str]:
        ballots, valid = session.execute(
            select(func.count(), func.count().filter(~Ballot.is_superseded)).where(Ballot.vote_id == vote.id)
        ).one()
        used = session.scalar(select(func.count()).where(RollEntry.vote_id == vote.id, RollEntry.has_voted))
        expected = (self.tally.sent, voters, voters)
        found = (ballots, valid, used)
        return [] if found == expected else [f"ballots, valid ones, used slots are {found} and not {expected}"]


def _voter(app: Flask, city: City, account: Account, now: datetime) -> Voter:
    """A browser that has opened the page of the vote: its session and the token of the form."""
    client = sign_in(app, account, now=now)
    page = client.get(f"/p/{city.process.public_id}/votes/{city.vote_id}").text
    found, cookie = TOKEN.search(page), client.get_cookie("session")
    assert found is not None
    assert cookie is not None
    return Voter(account, f"session={cookie.value}", found[1])


@contextmanager
def siege(environment: Mapping[str, str], **size: int) -> Iterator[Siege]:
    made = Siege(environment, **size)
    try:
        made.start()
        yield made
    finally:
        made.end()
