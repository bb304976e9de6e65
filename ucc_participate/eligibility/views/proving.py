"""Proving that one may vote: a page of its own for each process, four ways, each a form that works alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...accounts import tokens
from ...accounts.queries import own_account
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.forms import Form
from ...kernel.web import current_actor, limiter, say, see_other
from ...processes.models import Process
from ...processes.queries import get_process
from .. import operations, policies, queries, wording
from ..forms import CodeForm, NumberForm, PhoneCodeForm, PhoneForm
from ..models import Method
from ..setup import digests
from .blueprint import Answer, bp, load, today

LIMIT = "20 per minute"
Prove = Callable[..., Any]
"""``prove(session, process, account, digests=, actor=, now=)``: an operation with what was typed filled in."""


@bp.get("/p/<public_id>/may-i-vote")
def show(public_id: str) -> Answer:
    process = load(public_id)
    require(policies.can_prove(current_actor(), process, now=clock.now()))
    return _page(process)


@bp.post("/p/<public_id>/may-i-vote/code")
@limiter.limit(LIMIT)
def by_code(public_id: str) -> Answer:
    form = CodeForm()
    facts: dict[str, Any] = {
        "typed": form.code.data or "",
        "birth_year": form.birth_year.data,
        "today": today(clock.now()),
    }
    return _answer(public_id, form, partial(operations.prove_by_code, **facts))


@bp.post("/p/<public_id>/may-i-vote/list")
@limiter.limit(LIMIT)
def by_list(public_id: str) -> Answer:
    form = NumberForm()
    facts: dict[str, Any] = {"typed": form.number.data or "", "birth_year": form.birth_year.data}
    return _answer(public_id, form, partial(operations.prove_by_list, **facts))


@bp.post("/p/<public_id>/may-i-vote/telephone")
@limiter.limit("5 per minute; 20 per hour")
def send_code(public_id: str) -> Answer:
    form = PhoneForm()
    send = partial(operations.send_phone_code, typed=form.phone.data or "")
    return _answer(public_id, form, send, done=_("The message is on its way. Type its code below."))


@bp.post("/p/<public_id>/may-i-vote/telephone/code")
@limiter.limit(LIMIT)
def by_phone(public_id: str) -> Answer:
    form = PhoneCodeForm()
    facts: dict[str, Any] = {"typed": form.sms_code.data or "", "birth_year": form.birth_year.data}
    return _answer(public_id, form, partial(operations.prove_by_phone, **facts))


def _answer(public_id: str, form: Form, prove: Prove, *, done: str | None = None) -> Answer:
    """Count the try, run one operation, take the try back after a proof; asking for a message (``done``) costs one."""
    process, actor, now = load(public_id), current_actor(), clock.now()
    if not form.validate_on_submit():
        return _page(process, form), 422
    keys = _attempt_keys()
    facts: dict[str, Any] = {"digests": digests(), "actor": actor, "now": now}

    def work(session: Session) -> None:
        found = get_process(session, public_id, actor=actor)
        prove(session, found, own_account(session, actor), **facts)

    try:
        tries = perform(lambda session: operations.begin_attempt(session, keys=keys, actor=actor, now=now))
        perform(work)
    except (Invalid, operations.TooManyAttempts) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return _page(process, form), refusal.status
    if done is None:
        perform(lambda session: operations.finish_attempt(session, tries, actor=actor, now=now))
    say(done or _("Thank you. It is proved."))
    return see_other("eligibility.show", public_id=public_id)


def _attempt_keys() -> list[str]:
    """Tries are counted for the account and for the address, under a secret key."""
    secret, actor = str(current_app.secret_key), current_actor()
    return [tokens.attempt_key(secret, "proof", part) for part in (actor.key, request.remote_addr or "")]


def _page(process: Process, wrong: Form | None = None) -> str:
    session, actor, now = db.session(), current_actor(), clock.now()
    rules = queries.rules_of(session, process)
    account = own_account(session, actor)
    code = CodeForm(formdata=None, data={"code": request.args.get("code", "")})
    forms: dict[str, Form] = {
        "code": code,
        "number": NumberForm(formdata=None),
        "phone": PhoneForm(formdata=None),
        "phone_code": PhoneCodeForm(formdata=None),
    }
    names = {CodeForm: "code", NumberForm: "number", PhoneForm: "phone", PhoneCodeForm: "phone_code"}
    if wrong is not None:
        forms[names[type(wrong)]] = wrong
    return render_template(
        "eligibility/show.html",
        process=process,
        rules=rules,
        sentences=wording.rules_in_words(rules),
        standing=queries.standing_of(session, process, account.id, now=now),
        proofs=queries.proofs_of(session, account),
        lists=[each.thing for each in queries.lists_of(session, process) if each.thing.withdrawn_at is None],
        waits_for_code=queries.is_phone_waiting(session, account, now=now),
        forms=forms,
        wrong=wrong,
        Method=Method,
        wording=wording,
    )
