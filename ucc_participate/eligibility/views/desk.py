"""The desk: rules before the opening, lists and codes, and the counter at which a clerk checks people."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from ...accounts.looks import shows_account
from ...accounts.models import Account
from ...accounts.queries import account_by_email, get_account
from ...accounts.references import Page
from ...documents.queries import documents_by_subject
from ...documents.uploads import store_upload
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.qr import qr_svg
from ...kernel.tables import write_csv
from ...kernel.web import current_actor, say, see_other
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from ...processes.queries import get_process, process_to_change
from .. import operations, policies, queries, wording
from ..forms import CheckForm, CodesForm, FindForm, GuardianForm, ListForm, ReasonForm, RulesForm
from ..reading import ReadList, read_list
from ..setup import digests
from .blueprint import Answer, bp, load, today

SHOWN_REFUSALS = 100


@bp.route("/staff/processes/<public_id>/eligibility", methods=["GET", "POST"])
def desk(public_id: str) -> Answer:
    """The rules, and what has been handed out."""
    process, actor, now = load(public_id), current_actor(), clock.now()
    require(policies.can_see_desk(actor, process, now=now))
    rules = queries.rules_of(db.session(), process)
    form = RulesForm.of(rules) if request.method == "GET" else RulesForm()
    if form.validate_on_submit():
        try:
            perform(
                lambda session: operations.set_rules(
                    session, process_to_change(session, public_id, actor=actor), form.rules, actor=actor, now=now
                )
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("It is fixed who may vote. The log says so, and everybody can read it."))
            return see_other("eligibility.desk", public_id=public_id)
    session = db.session()
    return _desk_page(
        "eligibility/desk.html",
        process,
        form,
        rules=rules,
        sentences=wording.rules_in_words(rules),
        verified=queries.count_verified(session, process, rules),
        lists=queries.lists_of(session, process),
        batches=queries.batches_of(session, process),
        may_set=bool(policies.can_set_rules(actor, process, now=now)),
        may_hand_out=bool(policies.can_hand_out(actor, process, now=now)),
    )


@bp.route("/staff/processes/<public_id>/eligibility/lists/new", methods=["GET", "POST"])
def upload(public_id: str) -> Answer:
    process, actor, now = load(public_id), current_actor(), clock.now()
    require(policies.can_hand_out(actor, process, now=now))
    form, read = ListForm(), None
    if form.validate_on_submit():
        read = read_list(form.file.data)
        try:
            _keep(public_id, form, read)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            taken = ngettext("%(num)s person is on the list.", "%(num)s people are on the list.", len(read.people))
            if not read.refused:
                say(taken)
                return see_other("eligibility.desk", public_id=public_id)
            return _desk_page("eligibility/uploaded.html", process, form, read=read, taken=taken, shown=SHOWN_REFUSALS)
    return _desk_page("eligibility/upload.html", process, form, read=read, shown=SHOWN_REFUSALS)


def _keep(public_id: str, form: ListForm, read: ReadList) -> None:
    actor, now = current_actor(), clock.now()
    facts: dict[str, Any] = {
        "title": form.title.data or "",
        "asks_for": form.asks_for.data or "",
        "sha256": form.file.data.sha256,
    }
    under = digests()

    def work(session: Session) -> None:
        process = get_process(session, public_id, actor=actor)
        operations.upload_list(session, process, read.people, digests=under, actor=actor, now=now, **facts)

    perform(work)


@bp.post("/staff/processes/<public_id>/eligibility/lists/<list_id>/withdraw")
def withdraw_list(public_id: str, list_id: str) -> Answer:
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        process = get_process(session, public_id, actor=actor)
        found = queries.get_list(session, process, list_id)
        operations.withdraw_list(session, process, found, actor=actor, now=now)

    perform(work)
    say(_("The list is withdrawn. What people have proved by it stays."))
    return see_other("eligibility.desk", public_id=public_id)


@bp.route("/staff/processes/<public_id>/eligibility/codes/new", methods=["GET", "POST"])
def issue(public_id: str) -> Answer:
    """Make codes. The answer to this very request is the only place where they can ever be read."""
    process, actor, now = load(public_id), current_actor(), clock.now()
    require(policies.can_hand_out(actor, process, now=now))
    form = CodesForm()
    if form.validate_on_submit():
        try:
            codes = _issue(public_id, form)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return _codes_file(codes) if request.form.get("as") == "csv" else _cards(process, codes)
    return _desk_page("eligibility/issue.html", process, form)


def _issue(public_id: str, form: CodesForm) -> list[str]:
    actor, now = current_actor(), clock.now()
    facts: dict[str, Any] = {
        "title": form.title.data or "",
        "size": form.size.data or 0,
        "expires_on": form.expires_on.data,
        "today": today(now),
        "digests": digests(),
    }

    def work(session: Session) -> list[str]:
        process = get_process(session, public_id, actor=actor)
        _batch, codes = operations.issue_codes(session, process, actor=actor, now=now, **facts)
        return codes

    return perform(work)


def _codes_file(codes: list[str]) -> Response:
    response = Response(write_csv([["code"], *([code] for code in codes)]), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="codes.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _cards(process: Process, codes: list[str]) -> Answer:
    """Cards to print and cut, each with its address as a QR code."""
    address = partial(url_for, "eligibility.show", public_id=process.public_id, _external=True)
    cards = [(code, qr_svg(address(code=code))) for code in codes[:500]]
    return _desk_page("eligibility/cards.html", process, None, cards=cards, codes=codes)


@bp.post("/staff/processes/<public_id>/eligibility/codes/<batch_id>/withdraw")
def withdraw_codes(public_id: str, batch_id: str) -> Answer:
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        process = get_process(session, public_id, actor=actor)
        batch = queries.get_batch(session, process, batch_id)
        operations.withdraw_codes(session, process, batch, actor=actor, now=now)

    perform(work)
    say(_("The codes that nobody had used are withdrawn."))
    return see_other("eligibility.desk", public_id=public_id)


@bp.get("/staff/processes/<public_id>/counter")
def counter(public_id: str) -> Answer:
    """Find the person who stands at the counter."""
    process, actor, now = load(public_id), current_actor(), clock.now()
    require(policies.can_see_desk(actor, process, now=now))
    form = FindForm(request.args, meta={"csrf": False})
    account = None
    if request.args.get("email"):
        form.validate()
        account = account_by_email(db.session(), form.email.data or "")
        if account is not None and account.is_active:
            return see_other("eligibility.check", public_id=public_id, account_id=account.public_id)
        if not form.errors:
            form.refuse(Invalid(_("Nobody has an account with this address."), field="email"))
    return _desk_page("eligibility/counter.html", process, form)


@bp.route("/staff/processes/<public_id>/counter/<account_id>", methods=["GET", "POST"])
def check(public_id: str, account_id: str) -> Answer:
    process, actor, now = load(public_id), current_actor(), clock.now()
    require(policies.can_see_desk(actor, process, now=now))
    account = get_account(db.session(), account_id)
    form = CheckForm()
    if form.validate_on_submit():
        perform(
            lambda session: operations.record_check(
                session,
                get_account(session, account_id),
                birth_year=form.birth_year.data,
                actor=actor,
                now=now,
            )
        )
        say(_("It is noted that you have seen the paper."))
        return see_other("eligibility.check", public_id=public_id, account_id=account_id)
    return _person_page(process, account, form)


def _person_page(process: Process, account: Account, form: Any) -> Answer:
    session, actor, now = db.session(), current_actor(), clock.now()
    shows_account(account, Page.COUNTER)
    consents = queries.guardians_of(session, process, account)
    return _desk_page(
        "eligibility/check.html",
        process,
        form,
        account=account,
        standing=queries.standing_of(session, process, account.id, now=now),
        rules=queries.rules_of(session, process),
        proofs=queries.proofs_of(session, account),
        consents=consents,
        scans=documents_by_subject(session, [consent.ref for consent in consents]),
        may_check=policies.can_check(actor, account, now=now),
    )


@bp.route("/staff/processes/<public_id>/counter/<account_id>/guardian", methods=["GET", "POST"])
def guardian(public_id: str, account_id: str) -> Answer:
    process, actor, now = load(public_id), current_actor(), clock.now()
    account = get_account(db.session(), account_id)
    require(policies.can_record_guardian(actor, account, process, now=now))
    form = GuardianForm()
    if not form.validate_on_submit():
        shows_account(account, Page.COUNTER)
        return _desk_page("eligibility/guardian.html", process, form, account=account)
    scan = store_upload(form.scan.data) if form.scan.data is not None else None

    def work(session: Session) -> None:
        found = get_process(session, public_id, actor=actor)
        person = get_account(session, account_id)
        name = form.guardian.data or ""
        operations.record_guardian(session, found, person, guardian=name, scan=scan, actor=actor, now=now)

    perform(work)
    say(_("The guardian’s consent is noted."))
    return see_other("eligibility.check", public_id=public_id, account_id=account_id)


@bp.route("/staff/processes/<public_id>/counter/<account_id>/revoke/<proof_id>", methods=["GET", "POST"])
def revoke(public_id: str, account_id: str, proof_id: str) -> Answer:
    process, actor, now = load(public_id), current_actor(), clock.now()
    require(policies.can_revoke(actor, queries.get_proof(db.session(), proof_id), now=now))
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            perform(
                lambda session: operations.revoke_proof(
                    session,
                    queries.get_proof(session, proof_id),
                    reason=form.reason.data or "",
                    actor=actor,
                    now=now,
                )
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            say(_("The proof is revoked."))
            return see_other("eligibility.check", public_id=public_id, account_id=account_id)
    account = get_account(db.session(), account_id)
    shows_account(account, Page.COUNTER)
    return _desk_page("eligibility/revoke.html", process, form, account=account)


def _desk_page(template: str, process: Process, form: Any, **facts: Any) -> Answer:
    menu = process_desk_menu(process)
    page = render_template(template, process=process, form=form, wording=wording, staff_navigation=menu, **facts)
    return (page, 422) if form is not None and form.error_list else page
