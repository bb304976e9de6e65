"""Answering a map, one statement at a time; one's own answers; adding a statement."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.web import current_actor, decide, public, say, see_other
from ...stakeholders.models import Organisation
from ...stakeholders.queries import get_organisations
from .. import operations, policies, queries, wording
from ..choosing import choose
from ..forms import NAMED, UNNAMED, StatementForm
from ..models import Answer as Said
from ..models import OpinionMap, OpinionParticipant, Statement
from ..operations import LooksAlike, Voice
from .blueprint import Answer, bp, change, load
from .reading import LARGEST_NUMBER, decision_on_results, place_in_address


@bp.get("/p/<process_id>/opinions/<public_id>")
@public
def show(process_id: str, public_id: str) -> str:
    """The next statement with three buttons, for whoever may answer; for all others what this is."""
    found, actor, session = load(process_id, public_id), current_actor(), db.session()
    participant = queries.participant_of(session, found, actor)
    decision = policies.can_answer(actor, found, now=clock.now())
    answered, counts = queries.count_answered(session, participant), queries.counts_of(session, [found])[found.id]
    return render_template(
        "opinions/show.html",
        process=found.process,
        map=found,
        decision=decision,
        may_add=policies.can_add(actor, found, now=clock.now()),
        may_see_results=decision_on_results(found, answered, counts),
        statement=_next(found, participant, answered) if decision else None,
        answered=answered,
        counts=counts,
        voices=_voices() if participant is None and decision else [],
        wording=wording,
        now=clock.now(),
    )


def _next(found: OpinionMap, participant: OpinionParticipant | None, answered: int) -> Statement | None:
    """The statement that is drawn for this person now."""
    left = queries.unanswered(db.session(), found, participant)
    number = choose(left, seed=found.seed, person=current_actor().key, answered=answered)
    return None if number is None else queries.statement_numbered(db.session(), found, number)


def _voices() -> list[Organisation]:
    """The organisations for which the present actor may speak."""
    ids = sorted(current_actor().delegations)
    return get_organisations(db.session(), ids) if ids else []


@bp.post("/p/<process_id>/opinions/<public_id>/answer")
def answer(process_id: str, public_id: str) -> Answer:
    """One tap. Sending it twice is the same; sending something else changes one's mind."""
    number, said = request.form.get("statement", type=int), request.form.get("answer")
    if number is None or said not in set(Said):
        raise Invalid(_("Choose one of the three answers."))
    if not 0 < number <= LARGEST_NUMBER:
        raise NotFound()
    voice, actor, now = _voice(request.form.get("voice") or None), current_actor(), clock.now()

    def work(session: Session) -> None:
        found = queries.map_to_answer(session, process_id, public_id, actor=actor)
        operations.answer_statement(session, found, number, Said(said), actor=actor, now=now, voice=voice)

    perform(work)
    if request.form.get("from") == "mine":
        after = request.form.get("after", type=int)
        return see_other("opinions.mine", process_id=process_id, public_id=public_id, after=after, _anchor=f"s{number}")
    return see_other("opinions.show", process_id=process_id, public_id=public_id, _anchor="answer")


def _voice(organisation: str | None) -> Voice:
    require(policies.can_speak_for(current_actor(), organisation))
    found = get_organisations(db.session(), [organisation]) if organisation else []
    return Voice(found[0] if found else None)


@bp.get("/p/<process_id>/opinions/<public_id>/mine")
def mine(process_id: str, public_id: str) -> str:
    """What one has answered, to read again and to change."""
    found, session = load(process_id, public_id), db.session()
    participant, after = queries.participant_of(session, found, current_actor()), place_in_address()
    given = queries.answers_of(session, participant, after=after)
    return render_template(
        "opinions/mine.html",
        process=found.process,
        map=found,
        answers=given[: queries.PAGE],
        after=after or None,
        following=given[queries.PAGE - 1][0].number if len(given) > queries.PAGE else None,
        participant=participant,
        decision=policies.can_answer(current_actor(), found, now=clock.now()),
        wording=wording,
        now=clock.now(),
    )


@bp.route("/p/<process_id>/opinions/<public_id>/add", methods=["GET", "POST"])
def add(process_id: str, public_id: str) -> Answer:
    found = load(process_id, public_id)
    require(decide("add", found))
    voices, account = _voices(), db.session.get_one(Account, current_actor().account_id)
    form = StatementForm(data={"author": UNNAMED} if request.method == "GET" else None)
    near: tuple[int, ...] = ()
    form.offer_authors(account.display_name, voices)
    status = 200
    if form.validate_on_submit():
        try:
            made = _add(process_id, public_id, form, account.display_name, voices)
        except LooksAlike as refusal:
            near, status = refusal.numbers, refusal.status
        except (Conflict, Invalid) as fault:
            form.refuse(fault if isinstance(fault, Invalid) else Invalid(fault.reason, field="text"))
            status = fault.status
        else:
            say(_thanks(made))
            return see_other("opinions.show", process_id=process_id, public_id=public_id)
    elif form.errors:
        status = 422
    alike = list(queries.statements_by_number(db.session(), found, near).values()) if near else []
    page = render_template(
        "opinions/add.html", process=found.process, map=found, form=form, alike=alike, now=clock.now()
    )
    return page, status


def _add(process_id: str, public_id: str, form: StatementForm, own_name: str, voices: list[Organisation]) -> Statement:
    chosen = form.author.data
    facts: dict[str, Any] = {
        "language": form.language.data,
        "author_name": own_name if chosen == NAMED else None,
        "organisation": next((one for one in voices if one.public_id == chosen), None),
        "is_different": form.is_different.data,
    }
    made: Statement = change(process_id, public_id, operations.add_statement, form.text.data, **facts)
    return made


def _thanks(made: Statement) -> str:
    if made.is_shown:
        return str(_("Your statement is in the map. Others answer it from now on."))
    return str(_("Your statement waits for a moderator. You will find it among the statements."))
