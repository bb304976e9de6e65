"""A person's own page: what the city holds about them, and changing or erasing it."""

from __future__ import annotations

import json
import tempfile

from flask import current_app, render_template, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ...kernel import clock, i18n
from ...kernel.db import db, perform
from ...kernel.forms import Form
from ...kernel.web import current_actor, decide, limiter, say, see_other
from .. import download, leftovers, looks, operations, passwords, queries, sessions
from ..forms import ROLE_NAMES, AboutYouForm, DetailsForm, NewEmailForm, PasswordForm
from ..models import Account
from ..personal_data import everything_about
from .blueprint import bp
from .signing_in import MAIL_LIMIT, Page

DOWNLOAD_LIMIT = "5 per hour"
IN_MEMORY = 5_000_000
"""Bytes of a download that are held in memory; a larger one lies in a temporary file without a name."""


def _who() -> str:
    return current_actor().key


def _own() -> Account:
    return queries.own_account(db.session(), current_actor())


def _forms(account: Account, **sent: Form) -> dict[str, Form]:
    """Every form of the page, filled from the account; ``sent`` replaces those that came with the request."""
    profile = AboutYouForm.values_of(queries.profile_of(db.session(), account))
    calendar = account.calendar or i18n.default_calendar(account.locale)
    details = DetailsForm(formdata=None, prefix="details", obj=account, data={"calendar": calendar})
    details.calendar.data = calendar
    return {
        "details": details,
        "about": AboutYouForm(formdata=None, prefix="about", data=profile),
        "password": PasswordForm(formdata=None, prefix="password"),
        "new_email": NewEmailForm(formdata=None, prefix="email"),
        **sent,
    }


def _page(account: Account, **sent: Form) -> tuple[str, int]:
    forms = _forms(account, **sent)
    page = render_template(
        "accounts/account.html",
        account=account,
        roles=queries.roles_of(db.session(), account, clock.now()),
        consents=queries.consents_of(db.session(), account),
        role_names=ROLE_NAMES,
        wrong=next(iter(sent.values()), None),
        **forms,
    )
    return page, 422 if sent else 200


@bp.get("/account")
def account() -> Page:
    return _page(_own())


@bp.post("/account/details")
def update_details() -> Page:
    own = _own()
    form = DetailsForm(prefix="details")
    if not current_actor().is_staff:
        del form.function
    if not form.validate_on_submit():
        return _page(own, details=form)
    function = form.function.data or None if "function" in form else own.function
    actor, now = current_actor(), clock.now()
    perform(
        lambda session: operations.update_account(
            session,
            queries.own_account(session, actor),
            display_name=str(form.display_name.data),
            function=function,
            locale=form.locale.data,
            calendar=form.calendar.data,
            actor=actor,
            now=now,
        )
    )
    sessions.remember(form.locale.data, form.calendar.data)
    with i18n.writing_for(form.locale.data):
        say(_("Your details are saved."))
    return see_other("accounts.account")


@bp.post("/account/about-you")
def update_profile() -> Page:
    form = AboutYouForm(prefix="about")
    if not form.validate_on_submit():
        return _page(_own(), about=form)
    actor, now = current_actor(), clock.now()
    perform(
        lambda session: operations.update_profile(
            session, queries.own_account(session, actor), about=form.about, actor=actor, now=now
        )
    )
    say(_("What you said of yourself is saved, apart from your name."))
    return see_other("accounts.account")


@bp.post("/account/password")
@limiter.limit(MAIL_LIMIT)
def set_password() -> Page:
    own = _own()
    form = PasswordForm(prefix="password")
    form.owner_email, form.owner_name = own.email, own.display_name
    if not form.validate_on_submit():
        return _page(own, password=form)
    _store_password(passwords.hash_password(str(form.new_password.data)))
    return _signed_in_again(_("Your password is set. Everywhere else you are signed out."))


@bp.post("/account/password/remove")
@limiter.limit(MAIL_LIMIT)
def remove_password() -> Page:
    _store_password(None)
    return _signed_in_again(_("Your password is removed. You sign in with a link by e-mail."))


@bp.post("/account/email")
@limiter.limit(MAIL_LIMIT)
def request_email_change() -> Page:
    form = NewEmailForm(prefix="email")
    if not form.validate_on_submit():
        return _page(_own(), new_email=form)
    actor, now, email, address = current_actor(), clock.now(), str(form.email.data), sessions.link_addresses()
    perform(
        lambda session: operations.request_email_change(
            session, queries.own_account(session, actor), email=email, address=address, actor=actor, now=now
        )
    )
    say(_("If this address can be used, a link is on its way there. Your address changes when you follow it."))
    return see_other("accounts.account")


@bp.post("/account/sign-out-everywhere")
def sign_out_everywhere() -> Page:
    actor, now = current_actor(), clock.now()
    perform(
        lambda session: operations.sign_out_everywhere(
            session, queries.own_account(session, actor), actor=actor, now=now
        )
    )
    sessions.end()
    say(_("You are signed out everywhere."))
    return see_other("accounts.sign_in")


@bp.get("/account/data.zip")
@limiter.limit(DOWNLOAD_LIMIT, key_func=_who)
def download_archive() -> Response:
    """Everything about the person, to read and for machines, with their documents."""
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # the response closes it
    download.write_archive(target, _own(), now=clock.now())
    target.seek(0)
    response = send_file(target, mimetype="application/zip", as_attachment=True, download_name="my-data.zip")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/account/data.json")
@limiter.limit(DOWNLOAD_LIMIT, key_func=_who)
def download_data() -> Response:
    """Everything that the city stores about the person, for the person."""
    data = everything_about(_own(), now=clock.now())
    response = Response(json.dumps(data, ensure_ascii=False, indent=2) + "\n", mimetype="application/json")
    response.headers["Content-Disposition"] = "attachment; filename=my-data.json"
    return response


@bp.get("/account/terms/withdraw")
def withdraw_consent() -> Page:
    """Taking back consent is erasing: the page says so, and its button erases."""
    own, now = _own(), clock.now()
    facts = {"is_last_coordinator": queries.is_last_coordinator(db.session(), own, now)}
    decision = decide("erase", own, **facts)
    return render_template("accounts/erase.html", decision=decision, form=Form(), withdraws=True)


@bp.get("/account/looks")
def looks_at_me() -> Page:
    """Who of the staff has looked at the person's data."""
    own, session = _own(), db.session()
    shown = looks.looks_at(session, own, looks.subjects_of(own))
    return render_template("accounts/looks.html", looks=shown, pages=looks.PAGES, role_names=ROLE_NAMES)


@bp.route("/account/erase", methods=["GET", "POST"])
def erase() -> Page:
    """The page before the deed, and the deed."""
    form = Form()
    if not form.validate_on_submit():
        own, now = _own(), clock.now()
        facts = {"is_last_coordinator": queries.is_last_coordinator(db.session(), own, now)}
        decision = decide("erase", own, **facts)
        return render_template("accounts/erase.html", decision=decision, form=form, withdraws=False)
    actor, now = current_actor(), clock.now()
    erasers = current_app.extensions["ucc.erasers"]
    perform(
        lambda session: operations.erase_account(
            session, queries.own_account(session, actor), erasers=erasers, actor=actor, now=now
        )
    )
    leftovers.clear()
    sessions.end()
    say(_("Your account is erased. Thank you for having taken part."))
    return see_other("portal.home")


def _store_password(password_hash: str | None) -> None:
    actor, now = current_actor(), clock.now()
    perform(
        lambda session: operations.set_password(
            session, queries.own_account(session, actor), password_hash=password_hash, actor=actor, now=now
        )
    )


def _signed_in_again(words: str) -> Response:
    """After a change that ended every sign-in, this browser gets a new one."""
    sessions.start(_own())
    say(words)
    return see_other("accounts.account")
