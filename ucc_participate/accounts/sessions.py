"""Who is signed in: between the signed cookie of flask-login and the Actor that operations know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Flask, Response, after_this_request, current_app, g, request, session
from flask_login import LoginManager, current_user, login_user, logout_user

from ..kernel import clock, i18n
from ..kernel.db import db
from ..kernel.identity import Actor, Role
from ..settings import Settings
from . import queries
from .links import LinkAddress
from .models import Account

_SINCE = "since"

login_manager = LoginManager()
login_manager.session_protection = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The account behind the present request as it was when the request came, also ``current_user`` of templates."""

    account_id: int
    public_id: str
    session_version: int
    display_name: str
    locale: str
    calendar: str | None
    roles: frozenset[Role]
    guest_of: str | None = None

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return f"{self.public_id}.{self.session_version}"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the account has chosen and this browser has not chosen otherwise since."""

    locale: str | None
    calendar: str | None


def start(account: Account) -> None:
    """Sign this browser in: a new session, in the account's language. Nothing of the old session stays."""
    session.clear()
    session.permanent = True
    session[_SINCE] = int(clock.now().timestamp())
    login_user(_signed_in(account, frozenset()))
    g.pop("actor", None)
    remember(account.locale, account.calendar)


def remember(locale: str, calendar: str | None) -> None:
    """Let this browser use what the account has chosen, from the next page on."""

    @after_this_request
    def _set_cookies(response: Response) -> Response:
        i18n.remember(response, locale=locale, calendar=calendar)
        return response


def end() -> None:
    """Sign this browser out."""
    logout_user()
    session.clear()
    g.pop("actor", None)


def load_actor() -> Actor | None:
    """The signed-in account as an Actor, with what other domains know of it; None for visitors."""
    user = current_user._get_current_object()
    if not user.is_authenticated:
        return None
    roles = user.roles | {Role.RESIDENT}
    name, guest_of = user.display_name, user.guest_of
    key, at = f"account:{user.account_id}", user.account_id
    actor = Actor(key, account_id=at, roles=roles, name=name, guest_of=guest_of)
    for facts in current_app.extensions["ucc.actor_facts"]:
        actor = _with_facts(actor, facts(user.account_id, clock.now()))
    return actor


def _with_facts(actor: Actor, facts: Mapping[str, Any]) -> Actor:
    """Fields of the Actor that another domain knows; its roles and delegations are added to those that are there."""
    sets = {name: getattr(actor, name) | value for name, value in facts.items() if isinstance(value, frozenset)}
    return replace(actor, **{**facts, **sets})


def load_preferences() -> Preferences | None:
    """A language switched in this browser wins over the account's until the next sign-in."""
    user = current_user._get_current_object()
    if not user.is_authenticated:
        return None
    locale = None if i18n.LANGUAGE_COOKIE in request.cookies else user.locale
    return Preferences(locale, None if i18n.CALENDAR_COOKIE in request.cookies else user.calendar)


def link_addresses() -> LinkAddress:
    """Where mailed links lead, by their tokens; usable without a context, in the writer's thread."""
    settings: Settings = current_app.extensions["ucc.settings"]
    paths = current_app.url_map.bind("localhost")
    return lambda token: settings.public_url + paths.build("accounts.link", {"token": token})


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.user_loader(_load)
    app.extensions.setdefault("ucc.actor_facts", [])
    app.extensions["ucc.load_actor"] = load_actor
    i18n.use_preferences(app, load_preferences)


def _load(identifier: str) -> Any:
    """The account that a cookie names, unless it was signed out everywhere, closed, or signed in too long ago."""
    public_id, _dot, version = identifier.partition(".")
    now = clock.now()
    found = queries.account_with_roles(db.session(), public_id, now)
    if found is None or _is_over(now):
        return None
    account, roles = found
    if not account.is_active or str(account.session_version) != version:
        return None
    return _signed_in(account, roles)


def _is_over(now: datetime) -> bool:
    age = now.timestamp() - session.get(_SINCE, 0)
    return bool(age > current_app.permanent_session_lifetime.total_seconds())


def _signed_in(account: Account, roles: frozenset[Role]) -> SignedIn:
    return SignedIn(
        account_id=account.id,
        public_id=account.public_id,
        session_version=account.session_version,
        display_name=account.display_name,
        locale=account.locale,
        calendar=account.calendar,
        roles=roles,
        guest_of=account.guest_of,
    )
