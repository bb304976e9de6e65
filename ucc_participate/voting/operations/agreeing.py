"""Ballots of organisations, on the record: cast by a delegate, or by so many of them as must agree."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...accounts.queries import accounts_by_id
from ...audit.log import Draft, pseudonym
from ...kernel.decision import require
from ...kernel.errors import Conflict, Forbidden
from ...kernel.identity import Actor, Role
from ...notifications.operations import queue_mail
from ...stakeholders.models import Organisation
from .. import policies, queries
from ..dropping import drop_draft, drop_statement
from ..events import BallotEvent, BallotsEvent
from ..models import BallotConfirmation, BallotProposal, OpenBallot, RollEntry, Vote
from ..packing import open_marks, pack_choices
from ..recording import record_in

CHANGED = _l("Another delegate has changed what waits since you opened this page. Look at it again.")
COUNTS = _l("This ballot counts already. To keep it, do not agree with the one that waits.")


def cast_open_ballot(
    session: Session,
    vote: Vote,
    organisation: Organisation,
    *,
    actor: Actor,
    now: datetime,
    choices: Sequence[str],
    points: Sequence[int] | None = None,
    idempotency_key: str,
) -> Draft | None:
    """Cast or replace the ballot of an organisation; None when this very ballot was cast or agreed on already.

    Where several delegates must agree, the ballot waits, uncounted and apart, until enough of those whose mandates
    hold have agreed; other choices take the place of what waits, and the agreement with it is gone. Raises Conflict for
    the choices that count while others wait.
    """
    act = _begin(session, vote, organisation, actor=actor, now=now)
    packed = pack_choices(vote, choices, points)
    ballot = act.ballot()
    drop_draft(session, act.entry, _account_id(actor))
    if act.entry.confirmations == 1:
        is_repeated = ballot is not None and (ballot.idempotency_key, ballot.choices) == (idempotency_key, packed)
        return None if is_repeated else act.count(ballot, packed, idempotency_key)
    waiting = act.waiting()
    if ballot is not None and ballot.choices == packed:
        if waiting is not None:
            raise Conflict(COUNTS)
        return None
    if waiting is not None and waiting.choices == packed:
        return act.agree(waiting, BallotEvent.CONFIRMED_OPENLY, idempotency_key)
    return act.agree(act.propose(waiting, packed), BallotEvent.PROPOSED_OPENLY, idempotency_key)


def agree_on_ballot(
    session: Session,
    vote: Vote,
    organisation: Organisation,
    *,
    actor: Actor,
    now: datetime,
    choices: Sequence[str],
    points: Sequence[int] | None = None,
    idempotency_key: str,
) -> Draft | None:
    """Agree with the ballot that waits; None when the actor did so before, or this very ballot counts already.

    ``choices`` and ``points``: what the delegate saw. Raises Conflict when something else waits by now, or nothing.
    """
    act = _begin(session, vote, organisation, actor=actor, now=now)
    packed, waiting, ballot = pack_choices(vote, choices, points), act.waiting(), act.ballot()
    if waiting is None and ballot is not None and ballot.choices == packed:
        return None
    if waiting is None or waiting.choices != packed:
        raise Conflict(CHANGED)
    return act.agree(waiting, BallotEvent.CONFIRMED_OPENLY, idempotency_key)


def withdraw_agreement(
    session: Session, vote: Vote, organisation: Organisation, *, actor: Actor, now: datetime
) -> Draft | None:
    """Take back the actor's agreement with the ballot that waits; None when there is none to take back."""
    return _begin(session, vote, organisation, actor=actor, now=now).disagree(_account_id(actor))


def forget_agreements(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """When a person is erased: their agreement with ballots that wait goes. Part of the erasing operation."""
    for vote, organisation, _agreement in queries.agreements_of(session, account):
        entry = queries.roll_entry_to_use(session, vote, organisation_id=organisation.id)
        if entry is not None:
            _Act(session, vote, organisation, entry, actor, now).disagree(account.id)


def drop_waiting(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> None:
    """Remove what still waits when the vote closes, choices and all. No operation: part of the closing one."""
    lapsed = []
    for waiting, entry, organisation in queries.waiting_ballots(session, vote):
        session.delete(waiting)
        if not entry.has_voted:
            entry.has_lapsed = True
            lapsed.append(organisation.ref)
    if lapsed:
        payload = {"organisations": sorted(lapsed)}
        record_in(session, BallotsEvent.LAPSED, vote, actor=actor, now=now, payload=payload)


def _begin(session: Session, vote: Vote, organisation: Organisation, *, actor: Actor, now: datetime) -> _Act:
    """Lock the organisation's slot for a delegate whose mandate holds at this moment.

    The mandate is looked up once more under the lock: it may have been withdrawn since the page was asked for.
    """
    require(policies.can_cast_for(actor, vote, now=now, organisation=organisation.public_id))
    entry = queries.roll_entry_to_use(session, vote, organisation_id=organisation.id)
    if entry is None:
        raise Forbidden(_l("This organisation is not on the roll of this vote."))
    if _account_id(actor) not in queries.delegates_now(session, organisation, now):
        raise Forbidden(policies.NO_DELEGATE)
    return _Act(session, vote, organisation, entry, actor, now)


@dataclass(frozen=True, slots=True)
class _Act:
    """What one person does for one organisation in one vote, while its slot is locked."""

    session: Session
    vote: Vote
    organisation: Organisation
    entry: RollEntry
    actor: Actor
    now: datetime

    def ballot(self) -> OpenBallot | None:
        return queries.open_ballot_of(self.session, self.vote, self.organisation)

    def waiting(self) -> BallotProposal | None:
        return queries.ballot_proposal_of(self.session, self.vote, self.organisation)

    def propose(self, waiting: BallotProposal | None, packed: bytes) -> BallotProposal:
        """Choices that nobody has agreed with yet, in the place of what waited."""
        waiting = waiting or BallotProposal(
            vote_id=self.vote.id, organisation_id=self.organisation.id, confirmations=[]
        )
        waiting.choices, waiting.proposed_at = packed, self.now
        waiting.confirmations.clear()
        self.session.add(waiting)
        self.session.flush()
        return waiting

    def agree(self, waiting: BallotProposal, event: BallotEvent, key: str) -> Draft | None:
        """Let the ballot count once enough delegates agree whose mandates hold; None when nothing has changed."""
        draft, account_id = None, _account_id(self.actor)
        if account_id not in waiting.agreed:
            waiting.confirmations.append(BallotConfirmation(account_id=account_id, confirmed_at=self.now))
            self.session.flush()
            draft = self._record(event)
        delegates = queries.delegates_now(self.session, self.organisation, self.now)
        if len(waiting.agreed & delegates.keys()) < self.entry.confirmations:
            if event is BallotEvent.PROPOSED_OPENLY:
                self._ask(delegates.keys() - waiting.agreed)
            return draft
        packed = waiting.choices
        self.session.delete(waiting)
        return self.count(self.ballot(), packed, key)

    def _ask(self, delegates: Collection[int]) -> None:
        """Write to those whose agreement is lacking that a ballot waits, and nothing of what is on it."""
        data = {
            "organisation": self.organisation.name,
            "title": self.vote.title,
            "path": f"/p/{self.vote.process.public_id}/votes/{self.vote.public_id}",
        }
        for account in accounts_by_id(self.session, delegates):
            facts: dict[str, Any] = {"to": account.email, "owner": account.key, "locale": account.locale}
            queue_mail(self.session, **facts, template="ballot_waits", data=data, now=self.now)

    def disagree(self, account_id: int) -> Draft | None:
        """Where nobody agrees any more, nothing waits any more. None when the account had not agreed."""
        waiting = self.waiting()
        if waiting is None or not waiting.forget(account_id):
            return None
        if not waiting.confirmations:
            self.session.delete(waiting)
        return self._record(BallotEvent.AGREEMENT_WITHDRAWN)

    def count(self, ballot: OpenBallot | None, packed: bytes, key: str) -> Draft:
        """From now on this ballot counts, in the place of the one before."""
        event = BallotEvent.CAST_OPENLY if ballot is None else BallotEvent.RECAST_OPENLY
        ballot = ballot or OpenBallot(vote_id=self.vote.id, organisation_id=self.organisation.id)
        ballot.choices, ballot.idempotency_key, ballot.cast_at = packed, key, self.now
        ballot.delegate_account_id = _account_id(self.actor)
        self.session.add(ballot)
        self.entry.has_voted = True
        drop_statement(self.session, self.vote, self.organisation)
        payload = {
            "organisation": self.organisation.ref,
            "name": self.organisation.name,
            "sector": (self.entry.sector or self.organisation.sector).value,
            **open_marks(self.vote, packed, weight=self.entry.weight),
            "delegate": pseudonym(self.session.connection(), self.actor, self.vote.process.ref),
        }
        return self._record(event, payload=payload, schema="ucc.ballot/1")

    def _record(self, event: BallotEvent, *, schema: str = "ucc.ballot_proposal/1", **more: Any) -> Draft:
        """Without a payload: that somebody acted on a ballot that waits, and nothing of what is on it."""
        subject = f"{self.vote.ref}/{self.organisation.ref}"
        role = None if self.actor.is_system else Role.DELEGATE
        facts = {"subject": subject, "role": role, "schema": schema, **more}
        return record_in(self.session, event, self.vote, actor=self.actor, now=self.now, **facts)


def _account_id(actor: Actor) -> int:
    if actor.account_id is None:
        raise Forbidden(_l("Sign in to vote."))
    return actor.account_id
