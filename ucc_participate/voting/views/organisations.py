"""Ballots of organisations: how they stand for their delegates, agreeing on one, and what all of them chose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...documents.models import Document
from ...documents.uploads import store_upload
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.errors import Conflict, NotFound
from ...kernel.identity import Actor
from ...kernel.web import current_actor, public, say, see_other
from ...stakeholders.models import Organisation
from ...vocabularies.uccn import SECTORS
from .. import operations, policies, queries
from ..ballot_words import Line, lines
from ..forms import AgreementForm, StatementForm
from ..models import Franchise, RollEntry, Vote
from ..packing import Marks, marks_of
from .blueprint import Answer, bp, load

ROWS = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """How the ballot of one organisation stands, for its delegates' eyes alone.

    ``needed`` of them must agree, ``delegates`` can do so now. ``counted``: titles, None while no ballot of it counts;
    ``waiting``: titles of the choices that wait for agreement; ``agreed``: names of those who agreed so far.
    ``marks``: what the form begins with: what waits, else what counts.
    """

    organisation: Organisation
    entry: RollEntry
    needed: int
    delegates: int
    counted: tuple[Line, ...] | None
    waiting: tuple[Line, ...] | None
    agreed: tuple[str, ...]
    has_agreed: bool
    marks: Marks | None

    @property
    def lacking(self) -> int:
        """How many more must agree with what waits."""
        return max(0, self.needed - len(self.agreed))

    @property
    def too_few(self) -> bool:
        """Nothing can be agreed on: fewer delegates hold a mandate than must agree."""
        return self.delegates < self.needed


@dataclass(frozen=True, slots=True)
class Choice:
    """What one organisation chose; ``titles`` None when it did not vote."""

    organisation: Organisation
    entry: RollEntry
    titles: tuple[Line, ...] | None
    statement: Document | None = None


def standings(session: Session, vote: Vote, actor: Actor, now: datetime) -> tuple[Standing, ...]:
    """Of the organisations on the roll for which the actor speaks, in the order of the register."""
    found = queries.seats_of(session, vote, actor.delegations, now)
    return tuple(_standing(vote, seats, actor) for seats in found)


def open_standings(session: Session, actor: Actor, now: datetime) -> list[tuple[Vote, tuple[Standing, ...]]]:
    """Votes that take ballots of organisations for which the actor speaks now, the first to close first."""
    votes = queries.votes_of_delegate(session, actor.delegations, now)
    return [(vote, standings(session, vote, actor, now)) for vote in votes]


def _standing(vote: Vote, seats: queries.Seats, actor: Actor) -> Standing:
    agreed = seats.waiting.agreed & seats.delegates.keys() if seats.waiting is not None else set()
    newest = seats.waiting or seats.ballot
    return Standing(
        organisation=seats.organisation,
        entry=seats.entry,
        needed=seats.entry.confirmations,
        delegates=len(seats.delegates),
        counted=_titles(vote, seats.ballot.choices) if seats.ballot is not None else None,
        waiting=_titles(vote, seats.waiting.choices) if seats.waiting is not None else None,
        agreed=tuple(name for account_id, name in seats.delegates.items() if account_id in agreed),
        has_agreed=actor.account_id in agreed,
        marks=marks_of(vote, newest.choices) if newest is not None else None,
    )


def _titles(vote: Vote, packed: bytes) -> tuple[Line, ...]:
    return lines(vote, marks_of(vote, packed))


@bp.post("/p/<process_id>/votes/<public_id>/ballot/agree")
def agree(process_id: str, public_id: str) -> Answer:
    """One press beside the ballot that waits."""
    form = AgreementForm()
    facts: dict[str, Any] = {
        "choices": request.form.getlist("choices"),
        "points": request.form.getlist("points", type=int) or None,
        "idempotency_key": form.idempotency_key.data,
    }
    return _act(process_id, public_id, form, operations.agree_on_ballot, **facts)


@bp.post("/p/<process_id>/votes/<public_id>/ballot/disagree")
def disagree(process_id: str, public_id: str) -> Answer:
    return _act(process_id, public_id, AgreementForm(), operations.withdraw_agreement)


@dataclass(frozen=True, slots=True)
class Statements:
    """By the public id of an organisation: the form for its signed statement, and the one that is filed."""

    forms: dict[str, StatementForm]
    filed: dict[str, Document]


def statements_for(
    session: Session, vote: Vote, found: Sequence[Standing], sent: StatementForm | None = None
) -> Statements:
    """For organisations whose ballot counts; ``sent``: the form with what was wrong in it."""
    counted = [each.organisation for each in found if each.counted is not None]
    forms = {each.public_id: StatementForm(formdata=None, prefix=each.public_id) for each in counted}
    if sent is not None and sent.organisation.data in forms:
        forms[sent.organisation.data] = sent
    return Statements(forms, queries.statements_of(session, vote, counted))


@bp.post("/p/<process_id>/votes/<public_id>/ballot/statement")
def statement(process_id: str, public_id: str) -> Answer:
    """A signed statement about the ballot that counts."""
    from .reading import page

    process, vote = load(process_id, public_id)
    organisation_id = request.form.get("organisation", "")
    form = StatementForm(prefix=organisation_id)
    form.organisation.data = organisation_id
    if not form.validate_on_submit():
        return page(process, vote, statement=form), 422
    actor, now, stored = current_actor(), clock.now(), store_upload(form.statement.data)

    def work(session: Session) -> list[str]:
        found = queries.vote_to_cast_in(session, public_id)
        organisation = queries.organisation_on_roll(session, found, organisation_id)
        return operations.file_statement(session, found, organisation, actor=actor, now=now, stored=stored)

    try:
        gone = perform(work)
    except Conflict as refusal:
        return page(process, vote, refused=refusal.reason), refusal.status
    for sha256 in gone:
        current_app.extensions["ucc.store"].erase(sha256)
    say(_("The statement is attached. Everybody can read it once the vote is closed."))
    return see_other("voting.show", process_id=process_id, public_id=public_id)


def _act(process_id: str, public_id: str, form: AgreementForm, operation: Callable[..., Any], **facts: Any) -> Answer:
    """Do it for the organisation that was sent, and say how its ballot stands now."""
    from .reading import page

    process, vote = load(process_id, public_id)
    actor, now, organisation_id = current_actor(), clock.now(), form.organisation.data or ""

    def work(session: Session) -> None:
        found = queries.vote_to_cast_in(session, public_id)
        organisation = queries.organisation_on_roll(session, found, organisation_id)
        operation(session, found, organisation, actor=actor, now=now, **facts)

    try:
        perform(work)
    except Conflict as refusal:
        return page(process, vote, refused=refusal.reason), refusal.status
    if operation is operations.withdraw_agreement:
        say(_("Your agreement is taken back."))
    return told_of_organisation(vote, organisation_id, process_id=process_id)


def told_of_organisation(vote: Vote, organisation_id: str, *, process_id: str) -> Response:
    """Back to the vote, which says for whom something was done and whether the ballot counts."""
    for seats in queries.seats_of(db.session(), vote, {organisation_id}, clock.now()):
        name = seats.organisation.name
        if seats.waiting is not None:
            say(
                _(
                    "For %(name)s: this ballot waits until enough delegates agree. Until then it does not count.",
                    name=name,
                )
            )
        elif seats.ballot is not None:
            say(_("For %(name)s: this ballot is counted. It can be replaced until the vote closes.", name=name))
        else:
            say(_("For %(name)s: nothing waits any more, and no ballot is counted.", name=name))
    return see_other("voting.show", process_id=process_id, public_id=vote.public_id)


@bp.get("/p/<process_id>/votes/<public_id>/organisations")
@public
def organisations(process_id: str, public_id: str) -> str:
    """What each organisation chose, once the vote is closed."""
    process, vote = load(process_id, public_id)
    if vote.franchise is not Franchise.ORGANISATION:
        raise NotFound
    facts: dict[str, Any] = {"actor": current_actor(), "now": clock.now()}
    is_sealed = not policies.can_see_result(vote=vote, **facts)
    after = request.args.get("after")
    found = [] if is_sealed else queries.ballots_by_name(db.session(), vote, after=after, limit=ROWS + 1, **facts)
    statements = queries.statements_of(db.session(), vote, [row[0] for row in found])
    return render_template(
        "voting/organisations.html",
        process=process,
        vote=vote,
        is_sealed=is_sealed,
        sectors=SECTORS,
        choices=[
            Choice(
                organisation,
                entry,
                _titles(vote, ballot.choices) if ballot is not None else None,
                statements.get(organisation.public_id),
            )
            for organisation, entry, ballot in found[:ROWS]
        ],
        next_after=found[ROWS - 1][0].public_id if len(found) > ROWS else None,
    )
