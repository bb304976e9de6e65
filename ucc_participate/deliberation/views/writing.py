"""Where people speak: comments, replies, other words, translations. A text that is refused stays on the page."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ...kernel import clock
from ...kernel.codes import Digests
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound, UccError
from ...kernel.i18n import reader
from ...kernel.identity import Role
from ...kernel.web import current_actor, limiter, say, see_other, takes_long_texts
from ...moderation import networks
from ...moderation.models import Standing
from ...processes.frame import phases_of
from ...stakeholders.queries import get_organisations
from ...vocabularies.uccn import SECTORS
from .. import operations, policies, queries, wording
from ..forms import CITY, NAMED, CommentForm, EditForm, ReplyForm, SpeakingForm, TranslationForm
from ..models import Comment, Stance, Voice
from .blueprint import (
    Answer,
    Place,
    addresses_of,
    bp,
    change,
    change_in,
    fresh_topic,
    in_place,
    load_comment,
    load_place,
    settings,
)

SPEAKING_LIMIT = "60 per hour"
ADDRESS = "/p/<process_id>/comments/<public_id>"


@bp.route("/p/<process_id>/discussion/<kind>/<thing>/write", methods=["GET", "POST"])
@limiter.limit(SPEAKING_LIMIT, methods=["POST"])
@takes_long_texts
def write(process_id: str, kind: str, thing: str) -> Answer:
    place = load_place(process_id, f"{kind}/{thing}")
    draft = queries.draft_of(db.session(), current_actor().account_id, place.topic.ref)
    begun = {"text": draft.text, "stance": draft.stance} if draft is not None else {}
    asked = request.args.get("stance")
    form = CommentForm(data={"author": NAMED, **begun, **({"stance": Stance(asked)} if asked in set(Stance) else {})})
    _offer(form)
    if request.method == "GET":
        _require_a_chance(place)
    if not form.validate_on_submit():
        return _write_page(form, place, status=422 if form.errors else 200, draft=draft)
    said, key, addresses = form.comment(), form.idempotency_key.data, addresses_of(place)
    facts: dict[str, Any] = {"key": key, "addresses": addresses, "network": _network()}
    try:
        made = in_place(
            place, lambda session, topic, **by: operations.post_comment(session, topic, said, **by, **facts)
        )
    except UccError as refusal:
        status = _refused(form, refusal, place.topic.ref, said.text, said.stance)
        return _write_page(form, load_place(process_id, f"{kind}/{thing}"), status=status)
    _say_what_happens(made)
    return see_other("deliberation.comment", process_id=process_id, public_id=made.public_id)


def _require_a_chance(place: Place) -> None:
    """Who may not speak here at all learns it before writing."""
    actor, now = current_actor(), clock.now()
    guest = queries.guest_of(db.session(), actor)
    require(policies.can_comment(actor, place.topic, now=now, guest=guest))


def _offer(form: SpeakingForm) -> None:
    actor = current_actor()
    if actor.is_guest:
        form.offer_guest()
        return
    organisations = get_organisations(db.session(), sorted(actor.delegations))
    form.offer_voices(actor.name or "", organisations, for_city=actor.has(Role.COORDINATOR))


def _refused(form: Any, refusal: UccError, place: str, text: str, stance: Stance | None = None) -> int:
    """Show why at the form, keep the text as a draft when only the moment was wrong; the status of the answer.

    What was read before has to be read again: keeping a draft begins another look at the database.
    """
    if isinstance(refusal, NotFound):
        raise refusal
    form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
    if not isinstance(refusal, Invalid):
        actor, now = current_actor(), clock.now()
        perform(lambda session: operations.keep_draft(session, place, text, stance=stance, actor=actor, now=now))
    return refusal.status


def _network() -> str | None:
    """Whence it came, as moderation remembers it: a digest, for bursts from one place."""
    digests = Digests(str(current_app.secret_key))
    return networks.sketch(request.remote_addr, digests=digests, now=clock.now())


def _say_what_happens(comment: Comment) -> None:
    if comment.standing is Standing.HELD:
        say(_("Thank you. A moderator reads this before everybody can. You are told when it appears."))
    else:
        say(_("Thank you. Everybody can read this now."))


def _write_page(form: CommentForm, place: Place, *, status: int, draft: Any = None) -> Answer:
    page = render_template(
        "deliberation/write.html",
        form=form,
        place=place,
        process=place.process,
        phases=phases_of(place.process),
        draft=draft,
        wording=wording,
    )
    return page, status


@bp.route(f"{ADDRESS}/reply", methods=["GET", "POST"])
@limiter.limit(SPEAKING_LIMIT, methods=["POST"])
@takes_long_texts
def reply(process_id: str, public_id: str) -> Answer:
    place, parent = load_comment(process_id, public_id)
    draft = queries.draft_of(db.session(), current_actor().account_id, parent.ref)
    begun = {"text": draft.text} if draft is not None else {}
    for_city = CITY if current_actor().has(Role.COORDINATOR) else NAMED
    form = ReplyForm(data={"author": for_city, "quoted_edition": parent.edition, **begun})
    _offer(form)
    if request.method == "GET":
        _require_a_reply(place, parent)
    if not form.validate_on_submit():
        return _reply_page(form, place, parent, status=422 if form.errors else 200)
    try:
        made = _send_reply(form, place, public_id)
    except UccError as refusal:
        status = _refused(form, refusal, parent.ref, str(form.text.data))
        return _reply_page(form, *load_comment(process_id, public_id), status=status)
    _say_what_happens(made)
    return see_other("deliberation.comment", process_id=process_id, public_id=made.public_id)


def _require_a_reply(place: Place, parent: Comment) -> None:
    """Who cannot reply, in the voice that the form offers first, learns it before writing."""
    actor = current_actor()
    voice = Voice.CITY if actor.has(Role.COORDINATOR) else Voice.RESIDENT
    guest = queries.guest_of(db.session(), actor)
    require(policies.can_reply(actor, parent, place.topic, now=clock.now(), voice=voice, guest=guest))


def _send_reply(form: ReplyForm, place: Place, public_id: str) -> Comment:
    actor, now, said = current_actor(), clock.now(), form.reply()
    process_id, kind, ref = place.process.public_id, place.kind, place.topic.ref
    facts: dict[str, Any] = {"key": form.idempotency_key.data, "addresses": addresses_of(place), "network": _network()}

    def work(session: Session) -> Comment:
        parent = queries.comment_to_change(session, process_id, public_id, actor=actor, now=now)
        topic = fresh_topic(session, kind, ref, actor, now)
        return operations.reply_to_comment(session, topic, parent, said, actor=actor, now=now, **facts)

    made: Comment = perform(work)
    return made


def _reply_page(form: ReplyForm, place: Place, parent: Comment, *, status: int) -> Answer:
    page = render_template(
        "deliberation/reply.html",
        form=form,
        place=place,
        process=place.process,
        phases=phases_of(place.process),
        parent=parent,
        wording=wording,
        SECTORS=SECTORS,
    )
    return page, status


@bp.route(f"{ADDRESS}/edit", methods=["GET", "POST"])
@takes_long_texts
def edit(process_id: str, public_id: str) -> Answer:
    place, found = load_comment(process_id, public_id)
    minutes = settings().comment_edit_minutes
    form = EditForm(data={"text": found.text})
    if request.method == "GET":
        guest = queries.guest_of(db.session(), current_actor())
        facts: dict[str, Any] = {"minutes": minutes, "guest": guest, "topic": place.round}
        require(policies.can_edit(current_actor(), found, now=clock.now(), **facts))
    if not form.validate_on_submit():
        return _edit_page(form, place, found, status=422 if form.errors else 200)
    try:
        change_in(place, public_id, operations.edit_comment, form.text.data, minutes=minutes)
    except (Conflict, Invalid) as refusal:
        status = _refused(form, refusal, place.topic.ref, str(form.text.data), found.stance)
        return _edit_page(form, *load_comment(process_id, public_id), status=status)
    say(_("Your words are changed. What they were before stays readable."))
    return see_other("deliberation.comment", process_id=process_id, public_id=public_id)


def _edit_page(form: EditForm, place: Place, comment: Comment, *, status: int) -> Answer:
    page = render_template(
        "deliberation/edit.html",
        form=form,
        place=place,
        process=place.process,
        phases=phases_of(place.process),
        comment=comment,
        wording=wording,
    )
    return page, status


@bp.route(f"{ADDRESS}/withdraw", methods=["GET", "POST"])
def withdraw(process_id: str, public_id: str) -> Answer:
    """Take it back; with ``words`` in the form its words go for ever."""
    place, found = load_comment(process_id, public_id)
    erases = request.values.get("words") == "erase"
    actor, now = current_actor(), clock.now()
    may_erase = policies.can_erase_words(actor, found, now=now)
    require(may_erase if erases else policies.can_withdraw(actor, found, now=now, topic=place.round))
    if request.method == "GET":
        return render_template(
            "deliberation/withdraw.html",
            place=place,
            process=place.process,
            phases=phases_of(place.process),
            comment=found,
            erases=erases,
            may_erase=bool(may_erase),
        )
    if erases:
        change(process_id, public_id, operations.erase_comment)
    else:
        change_in(place, public_id, operations.withdraw_comment)
    say(_("Your words are erased.") if erases else _("Your comment is withdrawn."))
    return see_other("deliberation.comment", process_id=process_id, public_id=public_id)


@bp.post("/p/<process_id>/discussion/<kind>/<thing>/helpful")
def helpful(process_id: str, kind: str, thing: str) -> Response:
    """Mark a comment as helpful (``mark``), or take the mark back (``unmark``)."""
    place = load_place(process_id, f"{kind}/{thing}")
    public_id = request.form.get("mark") or request.form.get("unmark") or ""
    operation = operations.mark_helpful if "mark" in request.form else operations.unmark_helpful
    change_in(place, public_id, operation)
    target = request.form.get("back")
    if target == "comment":
        return see_other("deliberation.comment", process_id=process_id, public_id=public_id)
    if target == "subject":
        return Response(status=303, headers={"Location": f"{place.url}#c-{public_id}"})
    return see_other("deliberation.show", **place.names, _anchor=f"c-{public_id}")


@bp.route(f"{ADDRESS}/translate", methods=["GET", "POST"])
@takes_long_texts
def translate(process_id: str, public_id: str) -> Answer:
    place, found = load_comment(process_id, public_id)
    require(policies.can_translate(current_actor(), found, now=clock.now()))
    form = TranslationForm(data={"language": request.args.get("language") or _other(found), "shows_name": True})
    if request.method == "GET" and found.language != form.language.data:
        existing = queries.translation_in(db.session(), found, form.language.data)
        form.text.data = existing.text if existing is not None else ""
    if not form.validate_on_submit():
        return _translate_page(form, place, found, status=422 if form.errors else 200)
    facts = {"language": form.language.data, "shows_name": form.shows_name.data}
    try:
        change(process_id, public_id, operations.translate_comment, form.text.data, **facts)
    except UccError as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return _translate_page(form, place, found, status=refusal.status)
    say(_("Thank you. Your translation stands beside the original."))
    return see_other("deliberation.comment", process_id=process_id, public_id=public_id)


def _other(comment: Comment) -> str:
    """A language in which the comment is not written: the reader's, if it can be."""
    own = reader().locale
    return own if own != comment.language else "en" if own != "en" else "fa"


def _translate_page(form: TranslationForm, place: Place, comment: Comment, *, status: int) -> Answer:
    page = render_template(
        "deliberation/translate.html",
        form=form,
        place=place,
        process=place.process,
        phases=phases_of(place.process),
        comment=comment,
        wording=wording,
    )
    return page, status
