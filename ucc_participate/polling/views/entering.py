"""Counting a box, typing its papers twice, comparing, deciding, finishing."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.web import current_actor, say, see_other
from ...processes.models import Process
from ...voting.models import Vote
from .. import operations, policies, queries
from ..forms import CountForm, DecideForm, EmptyForm, FinishForm, lines_from
from ..keyboard import INVALID, Read, how_to_type, read_paper, written
from ..models import PILE, BallotBox, BoxState
from .blueprint import DESK, Answer, bp, change, desk_page, load, serve

BOX = f"{DESK}/<place_id>/boxes/<int:number>"


def _load(process_id: str, vote_id: str, place_id: str, number: int) -> tuple[Process, Vote, BallotBox]:
    process, vote = load(process_id, vote_id)
    return process, vote, queries.get_box(db.session(), vote, place_id, number)


@bp.route(BOX, methods=["GET", "POST"])
def box(process_id: str, vote_id: str, place_id: str, number: int) -> Answer:
    """Where a box stands; the number of its papers is typed here."""
    process, vote, found = _load(process_id, vote_id, place_id, number)
    actor, now = current_actor(), clock.now()
    require(policies.can_watch(actor, vote, now=now))
    form = CountForm(data={"found": found.found}) if request.method == "GET" else CountForm()
    if form.validate_on_submit():

        def work(session: Session, held: Vote, **who: Any) -> None:
            at = queries.box_to_change(session, held, place_id, number)
            operations.count_box(session, at, found=form.found.data or 0, **who)

        try:
            serve(process_id, vote_id, work)
        except (Conflict, Invalid) as refusal:
            form.refuse(Invalid(refusal.reason, field="found"))
        else:
            say(_("Now two clerks type its papers, one after the other or side by side."))
            return _to_box(process_id, vote_id, place_id, number)
    return desk_page("polling/box.html", process, vote, form, **_box_facts(found))


def _box_facts(found: BallotBox) -> dict[str, Any]:
    actor, now, session = current_actor(), clock.now(), db.session()
    is_typed = len(found.typists) == 2 and all(typist.is_done for typist in found.typists)
    return {
        "box": found,
        "place": found.place,
        "piles": queries.compared(session, found) if found.state is BoxState.COUNTED else [],
        "side": found.seats().get(actor.account_id),
        "is_typed": is_typed or found.found == 0,
        "may_count": policies.can_count(actor, found, now=now),
        "may_type": policies.can_type(actor, found, now=now),
        "may_decide": policies.can_decide(actor, found, now=now),
        "may_compare": policies.can_compare(actor, found, now=now),
    }


def _to_box(process_id: str, vote_id: str, place_id: str, number: int) -> Answer:
    return see_other("polling.box", process_id=process_id, vote_id=vote_id, place_id=place_id, number=number)


@bp.route(f"{BOX}/piles/<int:pile>", methods=["GET", "POST"])
def type_pile(process_id: str, vote_id: str, place_id: str, number: int, pile: int) -> Answer:
    """One pile by keyboard: what can be read is kept at once, what cannot is shown again with its reason."""
    process, vote, found = _load(process_id, vote_id, place_id, number)
    actor, now = current_actor(), clock.now()
    require(policies.can_type(actor, found, now=now))
    form = EmptyForm()
    typed: dict[int, str] = {}
    faults: dict[int, str] = {}
    if form.validate_on_submit():
        typed = {at: words for at, words in lines_from(request.form).items() if _is_in(found, pile, at)}
        good, faults = _read(vote, typed)
        faults |= _kept(process_id, vote_id, place_id, number, good)
        if not faults and len(good) == found.pile_size(pile):
            say(_("Pile %(number)s is typed.", number=pile))
            return _after(process_id, vote_id, place_id, number, pile)
        db.session.rollback()
        process, vote, found = _load(process_id, vote_id, place_id, number)
    return _pile_page(process, vote, found, pile, form, typed, faults)


def _is_in(found: BallotBox, pile: int, at: int) -> bool:
    return PILE * (pile - 1) < at <= PILE * (pile - 1) + found.pile_size(pile)


def _read(vote: Vote, typed: dict[int, str]) -> tuple[dict[int, Read], dict[int, str]]:
    """What can be read, and for the other papers why not."""
    good: dict[int, Read] = {}
    faults: dict[int, str] = {}
    for at, words in typed.items():
        try:
            good[at] = read_paper(vote, words)
        except Invalid as refusal:
            faults[at] = str(refusal.reason)
    return good, faults


def _kept(process_id: str, vote_id: str, place_id: str, number: int, good: dict[int, Read]) -> dict[int, str]:
    """Keep what could be read; a paper that the other clerk has typed too can no longer be typed over."""
    if not good:
        return {}

    def work(session: Session, held: Vote, **who: Any) -> None:
        operations.type_papers(session, queries.box_to_change(session, held, place_id, number), good, **who)

    try:
        serve(process_id, vote_id, work)
    except Conflict as refusal:
        return dict.fromkeys(good, str(refusal.reason))
    return {}


def _after(process_id: str, vote_id: str, place_id: str, number: int, pile: int) -> Answer:
    """The next pile, or the box after the last one."""
    _process, _vote, found = _load(process_id, vote_id, place_id, number)
    if pile >= found.piles:
        return _to_box(process_id, vote_id, place_id, number)
    facts: dict[str, Any] = {"process_id": process_id, "vote_id": vote_id, "place_id": place_id, "number": number}
    return see_other("polling.type_pile", pile=pile + 1, **facts)


def _pile_page(
    process: Process, vote: Vote, found: BallotBox, pile: int, form: Any, typed: dict[int, str], faults: dict[int, str]
) -> Answer:
    """One's own papers of the pile; never the other clerk's."""
    side = found.seats().get(current_actor().account_id)
    own = queries.typed_by(db.session(), found, side) if side is not None else {}
    numbers = range(PILE * (pile - 1) + 1, PILE * (pile - 1) + max(0, found.pile_size(pile)) + 1)
    lines = [(at, typed.get(at, own[at].text if at in own else ""), faults.get(at)) for at in numbers]
    first = next((at for at, words, fault in lines if fault or not words), None)
    page = desk_page(
        "polling/pile.html",
        process,
        vote,
        form,
        box=found,
        place=found.place,
        pile=pile,
        lines=lines,
        first=first,
        how=how_to_type(vote),
        invalid=INVALID,
        faults=faults,
    )
    return (page, 422) if faults and isinstance(page, str) else page


@bp.route(f"{BOX}/compare", methods=["GET", "POST"])
def compare(process_id: str, vote_id: str, place_id: str, number: int) -> Answer:
    """Where the two differ, pile by pile and paper by paper; a third person decides here."""
    process, vote, found = _load(process_id, vote_id, place_id, number)
    actor, now = current_actor(), clock.now()
    facts = _box_facts(found)
    require(facts["may_compare"])
    if not facts["is_typed"]:
        raise Conflict(_("Not all papers of this box have been typed twice."))
    form = DecideForm()
    typed: dict[int, str] = {}
    faults: dict[int, str] = {}
    if request.method == "POST":
        require(policies.can_decide(actor, found, now=now))
        typed = lines_from(request.form)
        good, faults = _read(vote, typed)
        if form.validate_on_submit() and not faults and good:
            reason = form.reason.data or ""

            def work(session: Session, held: Vote, **who: Any) -> None:
                at = queries.box_to_change(session, held, place_id, number)
                operations.decide_papers(session, at, good, reason=reason, **who)

            serve(process_id, vote_id, work)
            say(_("Decided."))
            here: dict[str, Any] = {"process_id": process_id, "vote_id": vote_id, "place_id": place_id}
            return see_other("polling.compare", number=number, **here)
    said = {at: str(words) for at, words in faults.items()}
    page = desk_page("polling/compare.html", process, vote, form, typed=typed, faults=said, written=written, **facts)
    return (page, 422) if said and isinstance(page, str) else page


@bp.route(f"{BOX}/finish", methods=["GET", "POST"])
def finish(process_id: str, vote_id: str, place_id: str, number: int) -> Answer:
    process, vote, found = _load(process_id, vote_id, place_id, number)
    require(policies.can_compare(current_actor(), found, now=clock.now()))
    form = FinishForm()
    if form.validate_on_submit():

        def work(session: Session, held: Vote, **who: Any) -> None:
            at = queries.box_to_change(session, held, place_id, number)
            operations.finish_box(session, at, reason=(form.reason.data or "").strip() or None, **who)

        try:
            change(process_id, vote_id, work)
        except (Conflict, Invalid) as refusal:
            form.refuse(Invalid(refusal.reason, field="reason"))
        else:
            say(_("The box is agreed on. A coordinator puts its papers to the ballots."))
            return _to_box(process_id, vote_id, place_id, number)
    return desk_page("polling/finish.html", process, vote, form, **_box_facts(found))
