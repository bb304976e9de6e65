"""People and roles, for coordinators."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.identity import Role
from ...kernel.web import current_actor, decide, say, see_other
from .. import looks, operations, queries
from ..forms import ROLE_NAMES, GrantForm, SearchForm
from ..models import Account
from ..references import Page as Shown
from .blueprint import bp
from .signing_in import Page

PAGE = 30


@bp.get("/staff/people")
def people() -> Page:
    """Who holds a role, and a search for anybody by e-mail address."""
    require(decide("see_people", Account))
    form = SearchForm(request.args)
    search, before = form.email.data or "", request.args.get("before")
    found = queries.accounts_page(db.session(), search=search, before=before, limit=PAGE + 1)
    return render_template(
        "accounts/people.html",
        form=form,
        search=search,
        found=found[:PAGE],
        next_before=found[PAGE - 1].public_id if len(found) > PAGE else None,
        staff=queries.staff_with_roles(db.session(), clock.now()),
        role_names=ROLE_NAMES,
    )


@bp.route("/staff/people/<public_id>", methods=["GET", "POST"])
def person(public_id: str) -> Page:
    """One person's roles, and giving another."""
    require(decide("see_people", Account))
    form = GrantForm()
    if not form.validate_on_submit():
        return _person_page(public_id, form)
    actor, now, role = current_actor(), clock.now(), Role(form.role.data)
    perform(
        lambda session: operations.grant_role(
            session, queries.get_account(session, public_id), role, actor=actor, now=now
        )
    )
    say(_("The role is given, from now on."))
    return see_other("accounts.person", public_id=public_id)


@bp.route("/staff/people/<public_id>/revoke/<role>", methods=["GET", "POST"])
def revoke(public_id: str, role: str) -> Page:
    """The page before a role ends, and its end."""
    require(decide("see_people", Account))
    actor, now = current_actor(), clock.now()
    if request.method == "GET":
        account = queries.get_account(db.session(), public_id)
        grant = queries.get_grant(db.session(), account, role, now)
        facts = {"coordinators": queries.coordinator_count(db.session(), now)}
        decision = decide("revoke", grant, **facts)
        looks.shows_account(account, Shown.PERSON)
        return render_template("accounts/revoke.html", account=account, role=ROLE_NAMES[role], decision=decision)
    perform(
        lambda session: operations.revoke_role(
            session, queries.get_account(session, public_id), role, actor=actor, now=now
        )
    )
    say(_("The role has ended."))
    return see_other("accounts.person", public_id=public_id)


def _person_page(public_id: str, form: GrantForm) -> tuple[str, int]:
    account, now = queries.get_account(db.session(), public_id), clock.now()
    looks.shows_account(account, Shown.PERSON)
    grants = queries.grants_of(db.session(), account)
    keys = [key for grant in grants for key in (grant.granted_by, grant.revoked_by)]
    page = render_template(
        "accounts/person.html",
        account=account,
        form=form,
        grants=[(grant, grant.holds(now)) for grant in grants],
        givers=queries.names_by_key(db.session(), keys),
        role_names=ROLE_NAMES,
    )
    return page, 422 if form.errors else 200
