"""The clerks' table: find a voter on the roll, hand out a paper or release a ballot; kiosks; what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import session as browser
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...accounts import sessions
from ...accounts.looks import shows_account
from ...accounts.references import Page
from ...kernel import clock
from ...kernel.codes import read_code, read_number, slip_of
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.web import current_actor, limiter, say, see_other
from ...voting import queries as voting
from ...voting.models import Vote
from .. import operations, policies, queries
from ..codes import digest_of
from ..forms import FindForm, KioskForm, MishapForm, ServeForm
from ..models import Mishap, MishapReason
from ..queries import Voter
from ..setup import KIOSK, digests, seal, unseal
from .blueprint import DESK, Answer, bp, change, desk_page, load_place, serve
from .desk import place_facts

TABLE_LIMIT = "60 per minute"


@bp.route(f"{DESK}/<place_id>/table", methods=["GET", "POST"])
@limiter.limit(TABLE_LIMIT, methods=["POST"])
def table(process_id: str, vote_id: str, place_id: str) -> Answer:
    """Find who stands there: by code, number or name. The answer is shown once and no address names anybody."""
    process, vote, place = load_place(process_id, vote_id, place_id)
    require(policies.can_serve(current_actor(), place, now=clock.now()))
    form = FindForm()
    found: tuple[Voter, ...] = ()
    if form.validate_on_submit():
        try:
            found = _found(vote, form)
        except Invalid as refusal:
            form.refuse(refusal)
    if len(found) == 1:
        return _voter_page(process_id, vote_id, place_id, found[0])
    facts = place_facts(place)
    shown = [(each, seal(each.entry.slot, vote_id)) for each in found[: queries.FOUND]]
    return desk_page("polling/table.html", process, vote, form, found=shown, more=len(found) > queries.FOUND, **facts)


def _found(vote: Vote, form: FindForm) -> tuple[Voter, ...]:
    """Raises Invalid, at the field that was used, when nobody is found."""
    session, keyed = db.session(), digests()
    if form.code.data:
        if read_code(form.code.data) is None:
            raise Invalid(slip_of(form.code.data), field="code")
        voter = queries.voter_by_code(session, vote, digest_of(vote, form.code.data, keyed))
        return _one(voter, "code", _("No letter of this vote has this code, or it was withdrawn."))
    if form.number.data:
        line = keyed("number", vote.process.public_id, read_number(form.number.data))
        voter = queries.voter_by_line(session, vote, line) or queries.voter_by_use(session, vote, line)
        return _one(voter, "number", _("Nobody on the roll has this number."))
    if not (form.person.data or "").strip():
        raise Invalid(_("Type a code, a number or a name."), field="code")
    people = queries.voters_named(session, vote, form.person.data or "")
    if not people:
        raise Invalid(_("Nobody on the roll has this name."), field="person")
    return tuple(people)


def _one(voter: Voter | None, field: str, words: Any) -> tuple[Voter, ...]:
    if voter is None:
        raise Invalid(words, field=field)
    return (voter,)


@bp.post(f"{DESK}/<place_id>/voter")
def voter(process_id: str, vote_id: str, place_id: str) -> Answer:
    """The one whom the clerk chose among several."""
    _process, vote, place = load_place(process_id, vote_id, place_id)
    require(policies.can_serve(current_actor(), place, now=clock.now()))
    return _voter_page(process_id, vote_id, place_id, _sealed(vote, ServeForm()))


def _slot(form: Any, vote_id: str) -> int:
    """Which place on the roll the sealed field names; 0, which nobody has, when it names none any more."""
    return unseal(form.voter.data or "", vote_id) or 0


def _sealed(vote: Vote, form: Any) -> Voter:
    """Raises NotFound when the page was open for too long."""
    found = queries.voter_by_slot(db.session(), vote, _slot(form, vote.public_id))
    if found is None:
        raise NotFound(_("This page was open for too long. Look the person up again."))
    return found


def _voter_page(
    process_id: str, vote_id: str, place_id: str, voter: Voter, *, form: Any = None, refused: Any = None
) -> Answer:
    process, vote, place = load_place(process_id, vote_id, place_id)
    if voter.account is not None:
        shows_account(voter.account, Page.COUNTER)
    mishap = MishapForm(formdata=None)
    mishap.offer_reasons(Mishap.RETURNED)
    facts = place_facts(place) | {
        "voter": voter,
        "sealed": seal(voter.entry.slot, vote_id),
        "refused": refused,
        "mishap": mishap,
        "boxes": [(box, policies.can_put_into(current_actor(), box, now=clock.now())) for box in place.boxes],
    }
    page = desk_page("polling/voter.html", process, vote, form, **facts)
    return (page, 409) if refused is not None and isinstance(page, str) else page


@bp.post(f"{DESK}/<place_id>/paper")
def hand_out(process_id: str, vote_id: str, place_id: str) -> Answer:
    form = ServeForm()
    number, slot = form.box.data or 0, _slot(form, vote_id)

    def work(session: Session, vote: Vote, **who: Any) -> None:
        box = queries.box_to_change(session, vote, place_id, number)
        entry = voting.slot_to_use(session, vote, slot)
        operations.hand_out_paper(session, vote, box, entry, **who)

    return _for_voter(process_id, vote_id, place_id, form, work, _("Hand out one paper now. It is noted on the roll."))


@bp.post(f"{DESK}/<place_id>/release")
def release(process_id: str, vote_id: str, place_id: str) -> Answer:
    form = ServeForm()
    chosen, slot = form.kiosk.data or "", _slot(form, vote_id)

    def work(session: Session, vote: Vote, **who: Any) -> None:
        place = queries.get_place(session, vote, place_id)
        kiosk = queries.kiosk_to_change(session, place, chosen)
        entry = voting.slot_to_use(session, vote, slot)
        operations.release_ballot(session, kiosk, entry, **who)

    return _for_voter(process_id, vote_id, place_id, form, work, _("A ballot waits at the kiosk for ten minutes."))


def _for_voter(process_id: str, vote_id: str, place_id: str, form: Any, work: Callable[..., None], done: Any) -> Answer:
    """Do it and go back to the table; or stay with the person, and say in clear words why not."""
    _process, vote, _place = load_place(process_id, vote_id, place_id)
    _sealed(vote, form)
    try:
        serve(process_id, vote_id, work)
    except (Conflict, Invalid) as refusal:
        db.session.rollback()
        return _voter_page(process_id, vote_id, place_id, _sealed(vote, form), refused=refusal.reason)
    say(done)
    return see_other("polling.table", process_id=process_id, vote_id=vote_id, place_id=place_id)


@bp.post(f"{DESK}/<place_id>/returned")
def returned(process_id: str, vote_id: str, place_id: str) -> Answer:
    """A paper came back unused: a second person must confirm it."""
    form = MishapForm()
    form.offer_reasons(Mishap.RETURNED)
    slot = _slot(form, vote_id)
    if not form.validate():
        _process, vote, _place = load_place(process_id, vote_id, place_id)
        words = _("Choose why, and the box for which it was handed out.")
        return _voter_page(process_id, vote_id, place_id, _sealed(vote, form), refused=words)

    def work(session: Session, vote: Vote, **who: Any) -> None:
        box = queries.box_to_change(session, vote, place_id, form.box.data or 0)
        entry = voting.slot_to_use(session, vote, slot)
        facts: dict[str, Any] = {"kind": Mishap.RETURNED, "reason": MishapReason(form.reason.data), "entry": entry}
        operations.ask_mishap(session, box, **facts, **who)

    words = _("Another one of the staff must confirm it, on the page of the polling place.")
    return _for_voter(process_id, vote_id, place_id, form, work, words)


@bp.route(f"{DESK}/<place_id>/replaced", methods=["GET", "POST"])
def replaced(process_id: str, vote_id: str, place_id: str) -> Answer:
    """A voter spoiled a paper: they get another one, the spoiled one goes into the envelope."""
    process, vote, place = load_place(process_id, vote_id, place_id)
    require(policies.can_serve(current_actor(), place, now=clock.now()))
    form = MishapForm()
    form.offer_reasons(Mishap.REPLACED)
    if form.validate_on_submit():

        def work(session: Session, found: Vote, **who: Any) -> None:
            box = queries.box_to_change(session, found, place_id, form.box.data or 0)
            reason = MishapReason(form.reason.data)
            operations.ask_mishap(session, box, kind=Mishap.REPLACED, reason=reason, entry=None, **who)

        try:
            serve(process_id, vote_id, work)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("Another one of the staff must confirm it, on the page of the polling place."))
            return see_other("polling.place", process_id=process_id, vote_id=vote_id, place_id=place_id)
    return desk_page("polling/replaced.html", process, vote, form, place=place)


@bp.post(f"{DESK}/<place_id>/mishaps/<mishap_id>/confirm")
def confirm(process_id: str, vote_id: str, place_id: str, mishap_id: str) -> Answer:
    def work(session: Session, vote: Vote, **who: Any) -> None:
        mishap = queries.mishap_to_confirm(session, mishap_id)
        if mishap.box.place.public_id != place_id or mishap.box.place.vote_id != vote.id:
            raise NotFound
        entry = voting.slot_to_use(session, vote, mishap.entry.slot) if mishap.entry is not None else None
        operations.confirm_mishap(session, vote, mishap, entry, **who)

    serve(process_id, vote_id, work)
    say(_("Confirmed."))
    return see_other("polling.place", process_id=process_id, vote_id=vote_id, place_id=place_id)


@bp.route(f"{DESK}/<place_id>/kiosks/new", methods=["GET", "POST"])
def start_kiosk(process_id: str, vote_id: str, place_id: str) -> Answer:
    """Make this very browser a kiosk. Whoever started it is signed out in it."""
    process, vote, place = load_place(process_id, vote_id, place_id)
    require(policies.can_serve(current_actor(), place, now=clock.now()))
    form = KioskForm()
    if form.validate_on_submit():
        minutes, keyed = form.idle_minutes.data or 0, digests()

        def work(session: Session, found: Vote, **who: Any) -> str:
            at = queries.place_to_change(session, found, place_id)
            return operations.start_kiosk(session, at, idle_minutes=minutes, digests=keyed, **who)[1]

        token = change(process_id, vote_id, work)
        sessions.end()
        browser.permanent = False
        browser[KIOSK] = token
        return see_other("polling.kiosk")
    return desk_page("polling/start_kiosk.html", process, vote, form, place=place)


@bp.post(f"{DESK}/<place_id>/kiosks/<kiosk_id>/stop")
def stop_kiosk(process_id: str, vote_id: str, place_id: str, kiosk_id: str) -> Answer:
    def work(session: Session, vote: Vote, **who: Any) -> None:
        place = queries.get_place(session, vote, place_id)
        operations.stop_kiosk(session, queries.kiosk_to_change(session, place, kiosk_id), **who)

    change(process_id, vote_id, work)
    say(_("The kiosk is stopped."))
    return see_other("polling.place", process_id=process_id, vote_id=vote_id, place_id=place_id)
