"""Inviting in a batch: who, how, in which language; then codes, letters and a list, which are there to be had once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, make_response, request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from ...accounts.looks import shows_each
from ...accounts.references import Page
from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid, NotFound
from ...kernel.i18n import LOCALES
from ...kernel.tables import write_csv
from ...kernel.text import search_terms
from ...kernel.web import current_actor, say, see_other
from ...processes.models import Channel, Process
from ...processes.queries import list_uninvited, process_to_change
from ...stakeholders.models import Organisation
from ...stakeholders.queries import get_organisations
from ...vocabularies.uccn import SECTORS, Sector
from .. import operations, policies, queries
from ..addresses import city_quiet, digests, links, settings, short_address
from ..digests import code_digest
from ..forms import InvitationForm
from ..letters import letters
from ..models import InvitationBatch
from ..operations import Issued, Slip, Terms
from .blueprint import Answer, bp, desk_page, load, today, usual_end

SHOWN = 200


@bp.route("/staff/processes/<public_id>/invite", methods=["GET", "POST"])
def invite(public_id: str) -> Answer:
    process, actor = load(public_id), current_actor()
    require(policies.can_invite(actor, process, now=clock.now()))
    form = InvitationForm(data={"expires_on": usual_end(process)}) if request.method == "GET" else InvitationForm()
    offered = list_uninvited(db.session(), process)
    asked = request.args.get("q", "") if request.method == "GET" else ""
    listed = [each for each in offered if all(term in each.folded for term in search_terms(asked))]
    form.organisations.offer([(each.public_id, each.name, SECTORS[each.sector.value]) for each in listed])
    chosen = form.chosen(offered)
    if form.is_submitted() and not chosen and _are_invited(process):
        return make_response(desk_page("outreach/invited.html", process), 409)
    finished = _offer_sectors(form, process, offered)
    facts: dict[str, Any] = {"listed": listed, "offered": offered, "asked": asked, "finished": finished}
    if form.is_submitted() and form.validate() and not chosen:
        form.refuse(Invalid(_("Choose at least one organisation."), field="organisations"))
    if not form.is_submitted() or form.errors:
        return desk_page("outreach/invite.html", process, form, **facts)
    if not form.confirmed.data:
        return desk_page("outreach/invite_confirm.html", process, form, listed=chosen, shown=SHOWN)
    try:
        issued = _invite(public_id, [each.public_id for each in chosen], _terms(form, chosen))
    except Invalid as refusal:
        form.refuse(refusal)
        return desk_page("outreach/invite.html", process, form, **facts)
    return slips_page(process, issued)


def _are_invited(process: Process) -> bool:
    """Whether those who were sent here have their invitations: somebody loads the page of their codes once more."""
    known = queries.invited_by_sector(db.session(), process)
    sectors = set(request.form.getlist("whole_sectors"))
    single = queries.list_invited(db.session(), process, request.form.getlist("organisations"))
    return bool(single) or bool(sectors & {sector.value for sector in known})


def _offer_sectors(form: InvitationForm, process: Process, offered: Sequence[Organisation]) -> list[str]:
    """Offer the sectors of which somebody is left; the names of those whose organisations are all invited."""
    left = {each.sector for each in offered}
    form.whole_sectors.offer([(sector, label) for sector, label in SECTORS.items() if Sector(sector) in left])
    known = queries.invited_by_sector(db.session(), process)
    return [str(label) for sector, label in SECTORS.items() if Sector(sector) in known and Sector(sector) not in left]


def _terms(form: InvitationForm, chosen: Sequence[Organisation]) -> Terms:
    """The languages that were chosen for single organisations come as ``locale-<public id>``."""
    own = {each.public_id: request.form.get(f"locale-{each.public_id}", "") for each in chosen}
    return Terms(
        channel=form.channel.data,
        expires_on=form.expires_on.data,
        locale=form.locale.data,
        locales={name: locale for name, locale in own.items() if locale in LOCALES},
        remind_after_days=form.remind_after_days.data,
    )


def _invite(public_id: str, chosen: list[str], terms: Terms) -> Issued:
    actor, now = current_actor(), clock.now()
    facts: dict[str, Any] = {
        "today": today(),
        "digests": digests(),
        "addresses": links().addresses(),
        "not_before": city_quiet().next_moment(now),
    }

    def work(session: Session) -> Issued:
        process = process_to_change(session, public_id, actor=actor)
        organisations = get_organisations(session, chosen)
        return operations.invite(session, process, organisations, terms, actor=actor, now=now, **facts)

    return perform(work)


def slips_page(process: Process, issued: Issued) -> Answer:
    """The codes, once: as letters, as a table, on screen. They travel on in the form of this very page."""
    count = len(issued.slips)
    told = ngettext("%(num)s organisation has its code.", "%(num)s organisations have their codes.", count)
    address = links().of_invitation
    page = desk_page(
        "outreach/slips.html",
        process,
        batch=issued.batch,
        by_mail=issued.batch.channel is Channel.EMAIL,
        codes=" ".join(slip.code for slip in issued.slips),
        slips=[(slip, address(slip.code)) for slip in issued.slips[:SHOWN]],
        count=count,
        told=told,
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/staff/processes/<public_id>/invitations/batches/<batch_id>/letters")
def print_letters(public_id: str, batch_id: str) -> Answer:
    process = load(public_id)
    require(policies.can_invite(current_actor(), process, now=clock.now()))
    batch, slips = _slips(process, batch_id)
    _note_looks(slips)
    pdf = letters(
        process,
        slips,
        city=settings().city,
        address=links().of_invitation,
        short_address=short_address(),
        contact=settings().contact,
        today=today(),
        expires_on=batch.expires_on,
    )
    return _attachment(pdf, "application/pdf", f"letters-{batch.public_id}.pdf")


@bp.post("/staff/processes/<public_id>/invitations/batches/<batch_id>/table")
def print_table(public_id: str, batch_id: str) -> Answer:
    process = load(public_id)
    require(policies.can_invite(current_actor(), process, now=clock.now()))
    batch, slips = _slips(process, batch_id)
    _note_looks(slips)
    address: Callable[[str], str] = links().of_invitation
    heads = [_("Organisation"), _("Whom to talk to"), _("Language"), _("Code"), _("Address")]
    rows = [[slip.name, slip.contact, slip.locale, slip.code, address(slip.code)] for slip in slips]
    return _attachment(write_csv([heads, *rows]), "text/csv", f"codes-{batch.public_id}.csv")


def _slips(process: Process, batch_id: str) -> tuple[InvitationBatch, list[Slip]]:
    """The codes that the page carried along, if they are of this batch. Raises NotFound when none is."""
    batch, secret = queries.get_batch(db.session(), process, batch_id), digests()
    typed = {code_digest(secret, code): code for code in request.form.get("codes", "").split()}
    known = queries.slips_of(db.session(), batch, typed)
    slips = [
        Slip(organisation.ref, organisation.name, organisation.contact_name or "", row.locale, typed[row.code])
        for row, organisation in (known[code] for code in typed if code in known)
    ]
    if not slips:
        raise NotFound
    return batch, slips


def _note_looks(slips: Sequence[Slip]) -> None:
    """Letters and tables name whom to talk to."""
    shows_each([slip.organisation_ref for slip in slips if slip.contact], Page.CONTACT)


def _attachment(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/staff/processes/<public_id>/invitations/batches/<batch_id>/withdraw", methods=["GET", "POST"])
def withdraw(public_id: str, batch_id: str) -> Answer:
    process, actor, now = load(public_id), current_actor(), clock.now()
    require(policies.can_invite(actor, process, now=now))
    batch = queries.get_batch(db.session(), process, batch_id)
    if request.method == "GET":
        return desk_page("outreach/withdraw.html", process, batch=batch)

    def work(session: Session) -> None:
        found = process_to_change(session, public_id, actor=actor)
        again = queries.get_batch(session, found, batch_id)
        operations.withdraw_batch(session, found, again, actor=actor, now=now)

    perform(work)
    say(_("The codes are withdrawn. What was answered stays."))
    return see_other("outreach.stages", public_id=public_id)
