"""Newsletters: the desk where they are written and sent, and the public pages on which they stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response, abort, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...accounts.queries import own_account
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.i18n import LANGUAGE_NAMES, LOCALES
from ...kernel.visitor_cache import shared_by_visitors
from ...kernel.web import current_actor, public, say, see_other
from ...notifications.layout import FRAMED, framed
from ...notifications.models import OutboxMessage
from ...notifications.outbox import KEPT
from ...notifications.queries import undelivered
from ...notifications.writing import Written, write
from ...processes.models import Process
from ...processes.queries import process_to_change
from .. import operations, policies, queries, wording
from ..addresses import beyond, newsletter_post, settings
from ..forms import NewsletterForm
from ..models import Newsletter, NewsletterState
from ..newsletter import mail_data
from ..segments import Segment
from .blueprint import Answer, bp, desk_page, load

SHOWN = 100
DESK = "/staff/processes/<process_id>/newsletters"


@bp.get(DESK)
def newsletters(process_id: str) -> Answer:
    """All of a process with drafts, and what of the city's mails did not arrive."""
    process, now = _desk(process_id), clock.now()
    found = queries.list_newsletters(db.session(), process, after=request.args.get("after"))
    return _page(
        "outreach/newsletters.html",
        process,
        newsletters=found[: queries.PAGE],
        after=found[queries.PAGE - 1].public_id if len(found) > queries.PAGE else None,
        undelivered=undelivered(db.session(), now - KEPT),
        days=KEPT // timedelta(days=1),
        may_write=bool(policies.can_write_newsletter(current_actor(), process, now=now)),
    )


@bp.route(f"{DESK}/new", methods=["GET", "POST"])
def write_newsletter(process_id: str) -> Answer:
    process = _desk(process_id)
    require(policies.can_write_newsletter(current_actor(), process, now=clock.now()))
    return _written(process, NewsletterForm(), None)


@bp.route(f"{DESK}/<letter_id>/edit", methods=["GET", "POST"])
def edit_newsletter(process_id: str, letter_id: str) -> Answer:
    process, letter = _load(process_id, letter_id)
    require(policies.can_write_newsletter(current_actor(), process, now=clock.now()))
    if letter.status is not NewsletterState.DRAFT:
        return see_other("outreach.newsletter_desk", process_id=process_id, letter_id=letter_id)
    form = NewsletterForm.of(letter) if request.method == "GET" else NewsletterForm()
    return _written(process, form, letter)


def _written(process: Process, form: NewsletterForm, letter: Newsletter | None) -> Answer:
    if form.validate_on_submit():
        new, letter_id = form.letter(), letter.public_id if letter is not None else None

        def keep(session: Session, process: Process, draft: Newsletter | None, **who: Any) -> str:
            return operations.write_newsletter(session, process, new, draft=draft, **who).public_id

        try:
            kept = _change(process.public_id, letter_id, keep)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("It is kept as a draft. Look at it, try it out, then send it."))
            return see_other("outreach.newsletter_desk", process_id=process.public_id, letter_id=kept)
    return _page("outreach/newsletter_edit.html", process, form, letter=letter)


@bp.get(f"{DESK}/<letter_id>")
def newsletter_desk(process_id: str, letter_id: str) -> Answer:
    """How it looks in each language, how many get it, and what can be done with it."""
    process, letter = _load(process_id, letter_id)
    actor, now = current_actor(), clock.now()
    is_draft = letter.status is NewsletterState.DRAFT
    return _page(
        "outreach/newsletter_desk.html",
        process,
        letter=letter,
        size=_size(process, letter) if is_draft else letter.addressed,
        progress=None if is_draft else queries.progress(db.session(), letter),
        texts={locale: _mail(process, letter, locale) for locale in LOCALES if locale in letter.title},
        may_write=bool(policies.can_write_newsletter(actor, process, now=now)),
        may_send=policies.can_send_newsletter(actor, process, now=now),
    )


@bp.get(f"{DESK}/<letter_id>/preview.<locale>.html")
def preview_newsletter(process_id: str, letter_id: str, locale: str) -> Response:
    """The HTML of its mail, for a frame."""
    process, letter = _load(process_id, letter_id)
    if locale not in letter.title:
        abort(404)
    return Response(framed(_mail(process, letter, locale).html), mimetype="text/html", headers=FRAMED)


@bp.post(f"{DESK}/<letter_id>/try")
def try_newsletter(process_id: str, letter_id: str) -> Answer:
    post = newsletter_post()

    def to_oneself(session: Session, process: Process, letter: Newsletter, **who: Any) -> None:
        account = own_account(session, who["actor"])
        operations.try_newsletter(session, process, letter, account, post, **who)

    _change(process_id, letter_id, to_oneself)
    say(_("It goes to your own address, in every language that it has."))
    return see_other("outreach.newsletter_desk", process_id=process_id, letter_id=letter_id)


@bp.route(f"{DESK}/<letter_id>/send", methods=["GET", "POST"])
def send_newsletter(process_id: str, letter_id: str) -> Answer:
    """First whom it reaches, in which languages, and what stays; the second press sends it."""
    process, letter = _load(process_id, letter_id)
    require(policies.can_send_newsletter(current_actor(), process, now=clock.now()))
    if letter.status is not NewsletterState.DRAFT:
        return see_other("outreach.newsletter_desk", process_id=process_id, letter_id=letter_id)
    refusal = None
    if request.method == "POST":
        facts = {"beyond": beyond(), "smallest_group": settings().smallest_group}
        seen = request.form.get("version", type=int) or 0
        try:
            _change(process_id, letter_id, operations.send_newsletter, version=seen, **facts)
        except Conflict as conflict:
            refusal = conflict.reason
        else:
            say(_("It goes out now, a portion at a time. Everybody can read it on the pages of the process."))
            return see_other("outreach.newsletter_desk", process_id=process_id, letter_id=letter_id)
    page = _page(
        "outreach/newsletter_send.html",
        process,
        letter=letter,
        size=_size(process, letter),
        missing=[name for locale, name in LANGUAGE_NAMES.items() if locale not in letter.title],
        refusal=refusal,
    )
    return page if refusal is None else (str(page), 409)


@bp.post(f"{DESK}/<letter_id>/stop")
def stop_newsletter(process_id: str, letter_id: str) -> Answer:
    _change(process_id, letter_id, operations.stop_newsletter)
    say(_("It is stopped. Those not yet reached get nothing until you resume."))
    return see_other("outreach.newsletter_desk", process_id=process_id, letter_id=letter_id)


@bp.post(f"{DESK}/<letter_id>/resume")
def resume_newsletter(process_id: str, letter_id: str) -> Answer:
    _change(process_id, letter_id, operations.resume_newsletter)
    say(_("It goes on where it was stopped. Nobody gets it twice."))
    return see_other("outreach.newsletter_desk", process_id=process_id, letter_id=letter_id)


@bp.route(f"{DESK}/<letter_id>/discard", methods=["GET", "POST"])
def discard_newsletter(process_id: str, letter_id: str) -> Answer:
    process, letter = _load(process_id, letter_id)
    require(policies.can_write_newsletter(current_actor(), process, now=clock.now()))
    if request.method == "POST":
        _change(process_id, letter_id, operations.discard_newsletter)
        say(_("The draft is gone."))
        return see_other("outreach.newsletters", process_id=process_id)
    return _page("outreach/newsletter_discard.html", process, letter=letter)


@bp.get("/p/<public_id>/newsletters")
@public
@shared_by_visitors
def newsletter_list(public_id: str) -> Answer:
    process = load(public_id)
    found = queries.sent_newsletters(db.session(), process, limit=SHOWN)
    return render_template("outreach/newsletter_list.html", process=process, newsletters=found)


@bp.get("/p/<public_id>/newsletters/<letter_id>")
@public
@shared_by_visitors
def newsletter(public_id: str, letter_id: str) -> Answer:
    """What was sent, as it was sent. Raises NotFound for a draft."""
    process = load(public_id)
    found = queries.get_newsletter(db.session(), process, letter_id)
    if found.sent_at is None:
        raise NotFound()
    facts = {"number": found.number_for_others(settings().smallest_group), "wording": wording}
    return render_template("outreach/newsletter.html", process=process, letter=found, **facts)


def _desk(process_id: str) -> Process:
    process = load(process_id)
    require(policies.can_see_newsletters(current_actor(), process, now=clock.now()))
    return process


def _load(process_id: str, letter_id: str) -> tuple[Process, Newsletter]:
    process = _desk(process_id)
    return process, queries.get_newsletter(db.session(), process, letter_id)


def _change(process_id: str, letter_id: str | None, operation: Callable[..., Any], **facts: Any) -> Any:
    """Run one operation on the newsletter, None for a new one, loaded and locked inside its unit of work."""
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> Any:
        process = process_to_change(session, process_id, actor=actor)
        letter = queries.newsletter_to_change(session, process, letter_id) if letter_id is not None else None
        return operation(session, process, letter, actor=actor, now=now, **facts)

    return perform(work)


def _size(process: Process, letter: Newsletter) -> int:
    return queries.count_addressees(db.session(), process, Segment.of(letter.segment), beyond())


def _mail(process: Process, letter: Newsletter, locale: str) -> Written:
    """As a reader of this language gets it; the links that stop are those of whoever looks at it."""
    account = own_account(db.session(), current_actor())
    data = mail_data(process, letter, locale, newsletter_post(), account=account)
    return write(OutboxMessage(id=0, to=account.email, locale=locale, template="newsletter", data=data), settings())


def _page(template: str, process: Process, form: Any = None, **facts: Any) -> Answer:
    return desk_page(template, process, form, smallest_group=settings().smallest_group, **facts)
