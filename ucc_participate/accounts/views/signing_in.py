"""Signing up and in, by mailed link or by password, and out."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ...kernel import clock, i18n
from ...kernel.db import db, perform
from ...kernel.errors import Invalid
from ...kernel.identity import Actor
from ...kernel.web import current_actor, limiter, public, safe_next, say, see_other
from .. import operations, passwords, queries, sessions, tokens
from ..forms import ConsentForm, LinkForm, PasswordSignInForm, SignUpForm
from ..links import LINK_LIFE, LinkSpent
from ..models import NEXT_LENGTH, TERMS_VERSION, Account, LinkPurpose, SignInLink
from ..references import actor_of
from .blueprint import bp

Page = str | Response | tuple[str, int]

MAIL_LIMIT = "5 per minute; 30 per hour"
PASSWORD_LIMIT = "10 per minute; 100 per hour"  # noqa: S105
LINK_LIMIT = "30 per minute"


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit(MAIL_LIMIT, methods=["POST"])
def sign_in() -> Page:
    """Ask for a link by e-mail; the form for passwords stands below."""
    if current_actor().is_signed_in:
        return redirect(_wanted(), 303)
    form = LinkForm()
    if form.validate_on_submit():
        return _mail_link(str(form.email.data))
    return _sign_in_page(form, PasswordSignInForm(formdata=None, prefix="by-password"))


@bp.post("/sign-in/password")
@public
@limiter.limit(PASSWORD_LIMIT)
def sign_in_with_password() -> Page:
    form = PasswordSignInForm(prefix="by-password")
    if not form.validate_on_submit():
        return _sign_in_page(LinkForm(formdata=None), form)
    try:
        account = _account_by_password(str(form.email.data), str(form.password.data))
    except operations.TooManyAttempts as refusal:
        form.refuse(Invalid(refusal.reason))
        return _sign_in_page(LinkForm(formdata=None), form, refusal.status)
    if account is None:
        form.refuse(Invalid(_("The address or the password is not right.")))
        return _sign_in_page(LinkForm(formdata=None), form)
    return _enter(account, request.args.get("next"))


@bp.route("/sign-up", methods=["GET", "POST"])
@public
@limiter.limit(MAIL_LIMIT, methods=["POST"])
def sign_up() -> Page:
    """Ask for a link with which to open an account. Who has one already gets a link to sign in."""
    if current_actor().is_signed_in:
        return redirect(_wanted(), 303)
    form = LinkForm()
    if form.validate_on_submit():
        return _mail_link(str(form.email.data))
    return render_template("accounts/sign_up.html", form=form, next=_next()), 422 if form.errors else 200


@bp.get("/sign-in/sent")
@public
def link_sent() -> str:
    """The same page whoever asked: it tells nothing about the address."""
    minutes = int(LINK_LIFE.total_seconds() // 60)
    return render_template("accounts/link_sent.html", minutes=minutes, shows_mails=_shows_mails())


@bp.route("/sign-in/link/<token>", methods=["GET", "POST"])
@public
@limiter.limit(LINK_LIMIT)
def link(token: str) -> Page:
    """Where a mailed link leads. Opening it changes nothing, because programs open links too; the button does."""
    found = queries.find_link(db.session(), token)
    if found is None or not found.is_usable(clock.now()):
        raise LinkSpent
    if found.purpose is LinkPurpose.SIGN_UP:
        return _sign_up_by(found, token)
    if request.method == "GET":
        return render_template("accounts/link.html", link=found, purpose=found.purpose.value)
    if found.purpose is LinkPurpose.CHANGE_EMAIL:
        return _change_email_by(token)
    actor, now = current_actor(), clock.now()
    account, next_url = perform(lambda session: operations.sign_in_by_link(session, token, actor=actor, now=now))
    return _enter(account, next_url)


@bp.post("/sign-in/link/<token>/again")
@public
@limiter.limit(MAIL_LIMIT)
def renew_link(token: str) -> Page:
    """Mail a new link in place of one that no longer works."""
    actor, now, locale, address = current_actor(), clock.now(), i18n.reader().locale, sessions.link_addresses()
    perform(lambda session: operations.renew_link(session, token, locale=locale, address=address, actor=actor, now=now))
    return see_other("accounts.link_sent")


@bp.post("/sign-out")
@public
def sign_out() -> Page:
    sessions.end()
    say(_("You are signed out."))
    return see_other("portal.home")


@bp.route("/account/terms", methods=["GET", "POST"])
def agree() -> Page:
    """Ask for consent from people whose account somebody else opened, and when the terms are new."""
    form = ConsentForm()
    if not form.validate_on_submit():
        page = render_template("accounts/agree.html", form=form, next=_next(), terms_version=TERMS_VERSION)
        return page, 422 if form.errors else 200
    actor, now = current_actor(), clock.now()
    perform(
        lambda session: operations.give_consent(
            session, queries.own_account(session, actor), terms_version=TERMS_VERSION, actor=actor, now=now
        )
    )
    return redirect(_wanted(), 303)


@bp.after_request
def _keep_links_private(response: Response) -> Response:
    if request.endpoint == "accounts.link":
        response.headers["Cache-Control"] = "no-store"
    return response


@bp.errorhandler(LinkSpent)
def _show_spent(_refusal: LinkSpent) -> tuple[str, int]:
    token = (request.view_args or {})["token"]
    known = queries.find_link(db.session(), token) is not None
    return render_template("accounts/link_spent.html", token=token if known else None), LinkSpent.status


def _sign_in_page(form: LinkForm, password_form: PasswordSignInForm, status: int = 422) -> tuple[str, int]:
    page = render_template("accounts/sign_in.html", form=form, password_form=password_form, next=_next())
    return page, status if form.error_list or password_form.error_list else 200


def _mail_link(email: str) -> Response:
    actor, now, locale, next_url = current_actor(), clock.now(), i18n.reader().locale, _next()
    address = sessions.link_addresses()
    perform(
        lambda session: operations.request_link(
            session, email=email, locale=locale, next_url=next_url, address=address, actor=actor, now=now
        )
    )
    return see_other("accounts.link_sent")


def _sign_up_by(found: SignInLink, token: str) -> Page:
    form = SignUpForm()
    form.owner_email = found.email
    if not form.validate_on_submit():
        page = render_template("accounts/open_account.html", form=form, email=found.email, terms_version=TERMS_VERSION)
        return page, 422 if form.errors else 200
    password_hash = passwords.hash_password(form.new_password.data) if form.new_password.data else None
    actor, now, locale = current_actor(), clock.now(), i18n.reader().locale
    account, next_url = perform(
        lambda session: operations.sign_up(
            session,
            token,
            display_name=str(form.display_name.data),
            locale=locale,
            password_hash=password_hash,
            about=form.about,
            terms_version=TERMS_VERSION,
            actor=actor,
            now=now,
        )
    )
    response = _enter(account, next_url)
    say(_("Welcome, %(name)s. Your account is open.", name=account.display_name))
    return response


def _change_email_by(token: str) -> Response:
    actor, now = current_actor(), clock.now()
    account = perform(lambda session: operations.change_email(session, token, actor=actor, now=now))
    sessions.start(account)
    say(_("Your e-mail address is changed."))
    return see_other("accounts.account")


def _account_by_password(email: str, password: str) -> Account | None:
    """The account that these open, None when they do not fit; either way it takes the same time."""
    actor, now = current_actor(), clock.now()
    keys = _attempt_keys(email)
    perform(lambda session: operations.begin_password_sign_in(session, keys=keys, actor=actor, now=now))
    account = queries.account_by_email(db.session(), email)
    stored = account.password_hash if account is not None and account.is_active else None
    if not passwords.is_right(password, stored) or account is None:
        return None
    known = account.public_id
    perform(
        lambda session: operations.finish_password_sign_in(
            session, queries.get_account(session, known), keys=keys, actor=actor, now=now
        )
    )
    if passwords.needs_rehash(stored):
        _renew_hash(actor_of(account), password)
    return account


def _renew_hash(actor: Actor, password: str) -> None:
    now, password_hash = clock.now(), passwords.hash_password(password)
    perform(
        lambda session: operations.renew_password_hash(
            session, queries.own_account(session, actor), password_hash=password_hash, actor=actor, now=now
        )
    )


def _attempt_keys(email: str) -> tuple[str, str]:
    secret = str(current_app.secret_key)
    return tokens.attempt_key(secret, email, request.remote_addr or ""), tokens.attempt_key(secret, email)


def _enter(account: Account, next_url: str | None) -> Response:
    """Sign in and go on to where the person wanted to be; past the terms when they have not agreed to them yet."""
    target = safe_next(next_url, url_for("portal.home"))
    if not queries.has_consented(db.session(), account, TERMS_VERSION):
        target = url_for("accounts.agree", next=target)
    sessions.start(account)
    return redirect(target, 303)


def _next() -> str | None:
    """Where the person wanted to go, when that is on this site."""
    target = safe_next(request.args.get("next"), "")
    return target if 0 < len(target) <= NEXT_LENGTH else None


def _wanted() -> str:
    return _next() or url_for("portal.home")


def _shows_mails() -> bool:
    return bool(current_app.extensions["ucc.settings"].show_mails)
