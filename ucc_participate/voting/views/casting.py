"""Casting a ballot and keeping its receipt."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from flask import Response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit import queries as audit_queries
from ...audit import reading as audit_reading
from ...audit.extension import audit_log
from ...audit.queries import LoggedEntry
from ...audit.receipts import Said, receipt_text
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.identity import Actor
from ...kernel.web import current_actor, say, see_other
from ...stakeholders.models import Organisation
from .. import operations, policies, queries
from ..forms import BallotForm
from ..models import Ballot, Franchise, RollEntry, Vote
from ..rules import unpack
from .blueprint import Answer, bp, load


@dataclass(frozen=True, slots=True)
class OrganisationStanding:
    """How the ballot of one organisation stands. ``counted``: titles, None while none counts; ``waiting``: titles of
    the choices that wait for agreement, with their codes; ``agreed``: names of the delegates who agreed so far."""

    organisation: Organisation
    needed: int
    counted: tuple[str, ...] | None
    waiting: tuple[str, ...] | None
    codes: tuple[str, ...]
    agreed: tuple[str, ...]
    has_agreed: bool


@dataclass(frozen=True, slots=True)
class BallotPage:
    """What the page of a vote says to this person about their ballot.

    ``form`` is None when they cannot cast one. ``organisations``: those for which they can, and whether each has a
    ballot already; ``speaks_for``: the public id of the one that is marked.
    """

    form: BallotForm | None
    slot: int | None = None
    is_counted: bool = False
    organisations: tuple[tuple[Organisation, bool], ...] = ()
    speaks_for: str | None = None
    standings: tuple[OrganisationStanding, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """A person's newest ballot while the vote is open, and its entry in the log (None while it waits)."""

    entry: RollEntry
    ballot: Ballot
    choices: tuple[str, ...]
    logged: LoggedEntry | None
    is_sealed: bool

    @property
    def opening(self) -> dict[str, Any]:
        return {"commitment": self.ballot.commitment, "salt": self.ballot.salt.hex(), "choices": list(self.choices)}


def ballot_of(session: Session, vote: Vote, actor: Actor, now: datetime, form: BallotForm | None) -> BallotPage:
    """Whether the reader may cast a ballot, has cast one, and with what choices."""
    if vote.franchise is Franchise.ORGANISATION:
        return _ballot_of_organisation(session, vote, actor, now, form)
    entry = None
    if actor.account_id is not None and vote.roll_size is not None:
        entry = queries.roll_entry_of(session, vote, account_id=actor.account_id)
    own = queries.current_ballot(session, entry) if entry is not None else None
    chosen = _codes(vote, own.choices) if own is not None else ()
    if entry is None:
        return BallotPage(form=None)
    may = policies.can_cast(actor, vote, now=now)
    return BallotPage(_fresh(vote, form, chosen) if may else None, slot=entry.slot, is_counted=entry.has_voted)


def _ballot_of_organisation(
    session: Session, vote: Vote, actor: Actor, now: datetime, form: BallotForm | None
) -> BallotPage:
    """The organisation that was sent is marked, else the first one without a ballot, else the first."""
    found = queries.organisations_on_roll(session, vote, actor.delegations)
    if not found or not policies.can_cast_for(actor, vote, now=now, organisation=found[0].public_id):
        return BallotPage(form=None)
    ballots = {each.public_id: queries.open_ballot_of(session, vote, each) for each in found}
    waiting = [public_id for public_id, ballot in ballots.items() if ballot is None]
    sent = form.organisation.data if form is not None else None
    marked = sent if sent in ballots else (waiting or list(ballots))[0]
    cast = ballots[marked]
    return BallotPage(
        form=_fresh(vote, form, _codes(vote, cast.choices) if cast is not None else ()),
        is_counted=not waiting,
        organisations=tuple((each, ballots[each.public_id] is not None) for each in found),
        speaks_for=marked,
        standings=tuple(_standing(session, vote, each, actor, now) for each in found),
    )


def _standing(
    session: Session, vote: Vote, organisation: Organisation, actor: Actor, now: datetime
) -> OrganisationStanding:
    """What the delegates of an organisation are shown; nobody else sees a waiting ballot."""
    cast = queries.open_ballot_of(session, vote, organisation)
    waiting = queries.ballot_proposal_of(session, vote, organisation)
    delegates = queries.delegates_now(session, organisation, now)
    agreed = waiting.agreed & delegates.keys() if waiting is not None else set()
    return OrganisationStanding(
        organisation=organisation,
        needed=queries.confirmations_needed(session, vote, organisation),
        counted=_titles(vote, cast.choices) if cast is not None else None,
        waiting=_titles(vote, waiting.choices) if waiting is not None else None,
        codes=_codes(vote, waiting.choices) if waiting is not None else (),
        agreed=tuple(delegates[account_id] for account_id in sorted(agreed)),
        has_agreed=actor.account_id in agreed,
    )


def _titles(vote: Vote, packed: bytes) -> tuple[str, ...]:
    return tuple(vote.options[at].title for at in unpack(packed))


def _fresh(vote: Vote, form: BallotForm | None, chosen: tuple[str, ...]) -> BallotForm:
    form = form or BallotForm(formdata=None, data={"choices": list(chosen)})
    form.offer_options(vote)
    return form


def _codes(vote: Vote, packed: bytes) -> tuple[str, ...]:
    return tuple(vote.options[at].code for at in unpack(packed))


@bp.post("/p/<process_id>/votes/<public_id>/ballot")
def cast(process_id: str, public_id: str) -> Answer:
    from .reading import page

    process, vote = load(process_id, public_id)
    form = BallotForm()
    form.offer_options(vote)
    chosen = [code for code in request.form.getlist("choices") if code]
    try:
        is_counted = _cast(public_id, form, chosen)
    except Invalid as refusal:
        form.refuse(refusal)
        return page(process, vote, form=form), refusal.status
    except Conflict as refusal:
        titles = [option.title for option in vote.options if option.code in chosen]
        return page(process, vote, refused=refusal.reason, chosen=titles), refusal.status
    if vote.franchise is Franchise.ORGANISATION and not is_counted:
        say(_("It waits until the other delegates agree. Until then it does not count."))
    else:
        say(_("Your ballot is counted. You can replace it until the vote closes."))
    if vote.franchise is Franchise.ORGANISATION:
        return see_other("voting.show", process_id=process_id, public_id=public_id)
    return see_other("voting.receipt", process_id=process_id, public_id=public_id)


def _cast(public_id: str, form: BallotForm, chosen: list[str]) -> bool:
    """Whether what was handed in counts already."""
    actor, now = current_actor(), clock.now()
    key, organisation_id = form.idempotency_key.data, form.organisation.data

    def work(session: Session) -> bool:
        vote = queries.vote_to_cast_in(session, public_id)
        facts: dict[str, Any] = {"actor": actor, "now": now, "choices": chosen, "idempotency_key": key}
        if vote.franchise is Franchise.INDIVIDUAL:
            operations.cast_ballot(session, vote, **facts)
            return True
        found = queries.organisations_on_roll(session, vote, frozenset({organisation_id or ""}))
        if not found:
            raise NotFound
        operations.cast_open_ballot(session, vote, found[0], **facts)
        return queries.ballot_proposal_of(session, vote, found[0]) is None

    return perform(work)


def own_ballot(vote: Vote) -> OwnBallot:
    """The reader's own ballot. Raises NotFound when there is none, or when nobody can tell any more (after closing)."""
    session, actor = db.session(), current_actor()
    entry = queries.roll_entry_of(session, vote, account_id=actor.account_id or 0)
    ballot = queries.current_ballot(session, entry) if entry is not None else None
    if entry is None or ballot is None:
        raise NotFound(_l("Your receipt can be shown while the vote is open. After that nobody can tell your ballot."))
    connection = session.connection()
    found = audit_queries.latest_entries(connection, subject=entry.slot_ref(vote), limit=1)
    logged = found[0] if found else None
    is_sealed = (
        logged is not None and audit_reading.latest_checkpoint(connection, covering=logged.position + 1) is not None
    )
    return OwnBallot(entry, ballot, _codes(vote, ballot.choices), logged, is_sealed)


@bp.get("/p/<process_id>/votes/<public_id>/receipt")
def receipt(process_id: str, public_id: str) -> str:
    process, vote = load(process_id, public_id)
    require(policies.can_cast(current_actor(), vote, now=clock.now()))
    own = own_ballot(vote)
    titles = [option.title for option in vote.options if option.code in own.choices]
    return render_template(
        "voting/receipt.html", process=process, vote=vote, own=own, titles=titles, qr=_qr(own.ballot.commitment)
    )


@bp.get("/p/<process_id>/votes/<public_id>/receipt.json")
def receipt_file(process_id: str, public_id: str) -> Response:
    _process, vote = load(process_id, public_id)
    own = own_ballot(vote)
    if own.logged is None:
        raise Conflict(_l("Your ballot is recorded and waits for its line in the log. Try again in a moment."))
    text = receipt_text(audit_log().signer, Said.of(own.logged), logged=own.logged, ballot=own.opening)
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{public_id}.json"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _qr(text: str) -> str:
    buffer = io.BytesIO()
    segno.make(text, error="m").save(buffer, kind="svg", xmldecl=False, omitsize=True, nl=False, svgclass="qr")
    return buffer.getvalue().decode("utf-8")
