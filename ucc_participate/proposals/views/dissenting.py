"""Minority statements: filing one, marking it as withdrawn, all of a process, and what stands under a decision."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.web import current_actor, limiter, public, say, see_other
from ...moderation.kinds import Contribution
from ...moderation.models import Standing
from ...moderation.networks import sender
from ...moderation.screening import Blocked, TooMany
from ...processes.frame import phases_of
from ...processes.models import Process
from ...processes.queries import process_to_change
from ...stakeholders.queries import get_organisations
from ...vocabularies import uccn
from .. import disputed as disputes
from .. import operations, policies, queries, wording
from ..disputed import Disputed, Finders
from ..forms import DissentForm
from ..models import Dissent, Proposal
from .blueprint import Answer, bp, load_process
from .reading import place_in_address

FILING_LIMIT = "20 per hour"


def finders() -> Finders:
    found: Finders = current_app.extensions[disputes.EXTENSION]
    return found


@bp.get("/p/<process_id>/minority-statements")
@public
def dissents(process_id: str) -> str:
    """Everything that was filed in a process, the newest first."""
    process = load_process(process_id)
    found = queries.list_dissents(db.session(), process, actor=current_actor(), after=place_in_address("after"))
    return render_template(
        "proposals/dissents.html",
        process=process,
        phases=phases_of(process),
        dissents=found,
        titles=_titles(process, found),
        after=found[-1].id if len(found) == queries.DISSENTS_PAGE else None,
        may_file=_may_file(disputes.on_process(process)),
        **_words(),
    )


def _titles(process: Process, found: list[Dissent]) -> dict[str, Disputed]:
    """What each statement is about, each looked for once."""
    known = {}
    for ref in {dissent.subject for dissent in found}:
        finder = finders().get(ref.partition("/")[0])
        known[ref] = finder(db.session(), ref) if finder is not None else None
    return {ref: each for ref, each in known.items() if each is not None}


@bp.route("/p/<process_id>/minority-statements/new", methods=["GET", "POST"])
@limiter.limit(FILING_LIMIT, methods=["POST"])
def dissent(process_id: str) -> Answer:
    process = load_process(process_id)
    ref = request.args.get("on", process.ref)
    disputed = disputes.find(finders(), db.session(), process, ref)
    require(_may_file(disputed))
    form = DissentForm()
    actor = current_actor()
    form.offer_authors(actor.name or "", get_organisations(db.session(), sorted(actor.delegations)))
    if not form.validate_on_submit():
        return _page(form, process, disputed), 422 if form.errors else 200
    try:
        filed = _file(process, ref, form)
    except (Blocked, TooMany) as refusal:
        form.refuse_screening(refusal)
        return _page(form, process, disputed), refusal.status
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid(refusal.reason))
        return _page(form, process, disputed), refusal.status
    if filed.standing is Standing.HELD:
        say(_("Your minority statement is filed. A moderator reads it before others do."))
    else:
        say(_("Your minority statement is filed. It stands in the record as you wrote it."))
    return see_other("proposals.dissents", process_id=process_id)


def _file(process: Process, ref: str, form: DissentForm) -> Dissent:
    actor, now, known = current_actor(), clock.now(), finders()
    facts: dict[str, Any] = {
        "text": form.text.data or "",
        "language": form.language.data,
        "organisation": form.organisation,
        "shows_name": form.shows_name,
        "network": sender(now),
    }

    def work(session: Session) -> Dissent:
        here = process_to_change(session, process.public_id, actor=actor)
        found = disputes.find(known, session, here, ref)
        return operations.file_dissent(session, found, actor=actor, now=now, **facts)

    return perform(work)


def _page(form: DissentForm, process: Process, disputed: Disputed) -> str:
    rules = queries.answering_rules(db.session(), process)
    return render_template(
        "proposals/dissent.html",
        form=form,
        process=process,
        phases=phases_of(process),
        disputed=disputed,
        ends_at=disputed.ends_at(rules.dissent_days),
        **_words(),
    )


@bp.route("/p/<process_id>/minority-statements/<public_id>/withdraw", methods=["GET", "POST"])
def withdraw_dissent(process_id: str, public_id: str) -> Answer:
    process = load_process(process_id)
    found = queries.get_dissent(db.session(), process, public_id)
    actor, now, ref = current_actor(), clock.now(), found.ref
    require(policies.can_mark_withdrawn(actor, found, now=now))
    if request.method == "GET":
        return render_template("proposals/withdraw_dissent.html", process=process, dissent=found, **_words())

    def work(session: Session) -> None:
        kept = queries.dissent_to_change(session, ref)
        if kept is not None:
            operations.withdraw_dissent(session, kept, actor=actor, now=now)

    perform(work)
    say(_("Your statement is marked as withdrawn. Its text stays."))
    return see_other("proposals.dissents", process_id=process_id)


def _may_file(disputed: Disputed) -> Any:
    actor, session = current_actor(), db.session()
    has_part = queries.takes_part(session, disputed.process, actor)
    may_be_late = has_part or actor.delegations
    days = queries.answering_rules(session, disputed.process).dissent_days if may_be_late else 0
    return policies.can_dissent(actor, disputed, days=days, takes_part=has_part, now=clock.now())


def panel(disputed: Disputed) -> Markup | None:
    """What was filed on something, and the way to file; None where nothing is decided yet."""
    if disputed.decided_at is None:
        return None
    text = render_template(
        "proposals/_dissents.html",
        process=disputed.process,
        disputed=disputed,
        dissents=queries.dissents_on(db.session(), disputed.process, disputed.ref, actor=current_actor()),
        may_file=_may_file(disputed),
        **_words(),
    )
    return Markup(text)  # noqa: S704  # a template has just escaped it


def panel_of_proposal(proposal: Proposal) -> Markup | None:
    return panel(disputes.on_proposal(proposal))


def panel_of_process(process: Process) -> Markup | None:
    return panel(disputes.on_process(process))


def minority_statements(ref: str) -> Markup | str:
    """For templates of other rooms: the panel for anything that registered how to find it."""
    finder = finders().get(ref.partition("/")[0])
    found = finder(db.session(), ref) if finder is not None else None
    return "" if found is None else panel(found) or ""


def contribution(session: Session, ref: str) -> Contribution | None:
    """A statement as moderators see it."""
    found = queries.dissent_by_ref(session, ref)
    if found is None:
        return None
    organisation = found.organisation.public_id if found.organisation is not None else None
    return Contribution(
        ref=found.ref,
        process=found.process,
        author_ids=(found.author_id,) if found.author_id is not None else (),
        title=str(wording.DISSENT_ABOUT[found.about]),
        text=found.text,
        address=f"/p/{found.process.public_id}/minority-statements",
        written_at=found.filed_at,
        standing=found.standing,
        organisation=organisation,
    )


def _words() -> dict[str, Any]:
    return {"wording": wording, "vocabularies": uccn, "sees_text": policies.sees_text}
