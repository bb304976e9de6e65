"""What an invitation opens: without sign-in, on a telephone, with nothing on it but the organisation's public name.

Opening an address shows a cover and looks nothing up: programs that follow links in mails note nothing and learn
nothing. Pressing “Read the invitation” looks the code up (tries are counted), notes once that it was read, and keeps
the code's digest in the signed session cookie for the pages behind.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, make_response, render_template, request, session
from flask_babel import gettext as _

from ...accounts import tokens
from ...eligibility.operations import TooManyAttempts, begin_attempt, finish_attempt
from ...kernel import clock
from ...kernel.codes import read_code, slip_of, written
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Forbidden, Invalid
from ...kernel.i18n import LANGUAGE_COOKIE, remember
from ...kernel.identity import VISITOR
from ...kernel.web import limiter, public, say, see_other
from ...processes import wording as process_wording
from ...processes.models import InvitationState
from .. import operations, policies, queries
from ..addresses import digests, settings
from ..forms import ANSWERS, AnswerForm, DelegateForm, TypedCodeForm
from ..models import InvitationCode
from .blueprint import Answer, bp, today

LIMIT = "20 per minute"
MOST_ATTEMPTS = 10
"""Of one address in a quarter of an hour: whole districts come through one."""
KEPT_AS = "invitation"


@bp.get("/i")
@public
def type_code() -> Answer:
    return _cover(TypedCodeForm())


@bp.get("/i/<code>")
@public
def cover(code: str) -> Answer:
    """The cover of the envelope: the same for every code that was typed right, whether it was ever given or not."""
    form = TypedCodeForm(data={"code": code[:40]})
    if read_code(code) is None:
        form.refuse(Invalid(slip_of(code), field="code"))
        return _cover(form, status=404)
    return _cover(form, code=written(read_code(code) or ""))


@bp.post("/i")
@public
@limiter.limit(LIMIT)
def open_code() -> Answer:
    form = TypedCodeForm()
    if not form.validate_on_submit():
        return _cover(form)
    if read_code(form.code.data or "") is None:
        form.refuse(Invalid(slip_of(form.code.data or ""), field="code"))
        return _cover(form)
    try:
        found = _open(form.code.data or "")
    except Forbidden as refusal:
        form.refuse(Invalid(refusal.reason, field="code"))
        return _cover(form, status=refusal.status)
    except TooManyAttempts as refusal:
        wait = _("Too many codes were tried from here. Wait a quarter of an hour, or call the city: it can help you.")
        form.refuse(Invalid(wait, field="code"))
        return _cover(form, status=refusal.status)
    session[KEPT_AS] = found.code
    response = make_response(see_other("outreach.invitation"))
    if LANGUAGE_COOKIE not in request.cookies:
        remember(response, locale=found.locale)
    return response


def _open(typed: str) -> InvitationCode:
    """Count the try, look, take the try back when it was none."""
    secret, day = digests(), today()
    by: dict[str, Any] = {"actor": VISITOR, "now": clock.now()}
    keys = [tokens.attempt_key(str(current_app.secret_key), "invitation", request.remote_addr or "")]
    tries = perform(lambda unit: begin_attempt(unit, keys=keys, most=MOST_ATTEMPTS, **by))
    found = perform(lambda unit: operations.open_invitation(unit, typed, digests=secret, today=day, **by))
    perform(lambda unit: finish_attempt(unit, tries, **by))
    return found


def _cover(form: TypedCodeForm, *, code: str | None = None, status: int = 200) -> Answer:
    page = render_template("outreach/cover.html", form=form, code=code, contact=settings().contact)
    return page, status if status != 200 or not form.error_list else 422


@bp.get("/invitation")
@public
def invitation() -> Answer:
    found = _held()
    return see_other("outreach.type_code") if found is None else _page(found)


@bp.post("/invitation/answer")
@public
@limiter.limit(LIMIT)
def answer() -> Answer:
    form = AnswerForm()
    facts: dict[str, Any] = {"answer": form.answer.data, "because": form.because.data or ""}
    found = _held()
    if found is None:
        return see_other("outreach.type_code")
    if not form.validate_on_submit():
        return _page(found, form)
    code, day, now = found.code, today(), clock.now()
    perform(lambda unit: operations.answer_invitation(unit, code, today=day, actor=VISITOR, now=now, **facts))
    say(_thanks(form.answer.data))
    return see_other("outreach.invitation")


@bp.post("/invitation/delegate")
@public
@limiter.limit(LIMIT)
def delegate() -> Answer:
    """Who shall speak for the organisation."""
    form, found = DelegateForm(), _held()
    if found is None:
        return see_other("outreach.type_code")
    if not form.validate_on_submit():
        return _page(found, form)
    said = {"name": form.name.data or "", "reach": form.reach.data or "", "text": form.text.data or ""}
    code, day, now = found.code, today(), clock.now()
    perform(lambda unit: operations.name_delegate(unit, code, **said, today=day, actor=VISITOR, now=now))
    say(_("Thank you. The city asks that person for the mandate, and then opens the seat."))
    return see_other("outreach.invitation")


def _thanks(given: InvitationState | None) -> str:
    if given is InvitationState.ANSWERED:
        return str(_("Thank you, the city counts on you. Now name who speaks for you, below."))
    return str(_("Thank you for telling us. You can still change your mind here."))


def _held() -> InvitationCode | None:
    """What the code in the session still opens."""
    kept = session.get(KEPT_AS)
    found = queries.find_code(db.session(), kept) if isinstance(kept, str) else None
    decision = policies.can_use_code(found, found.batch.process if found else None, today=today())
    if found is not None and not decision and found.is_valid(today()):
        require(decision)
    return found if decision else None


def _page(found: InvitationCode, wrong: AnswerForm | DelegateForm | None = None) -> Answer:
    page = render_template(
        "outreach/invitation.html",
        found=found,
        process=found.batch.process,
        invited=found.invitation,
        organisation=found.invitation.organisation,
        form=wrong if isinstance(wrong, AnswerForm) else AnswerForm(formdata=None),
        delegate_form=wrong if isinstance(wrong, DelegateForm) else DelegateForm(formdata=None),
        wrong=wrong,
        named=queries.delegate_note(db.session(), found.invitation),
        contact=settings().contact,
        answers=ANSWERS,
        levels=process_wording.PROMISE_LEVELS,
        meanings=process_wording.PROMISE_MEANINGS,
    )
    return page if wrong is None else (page, 422)
