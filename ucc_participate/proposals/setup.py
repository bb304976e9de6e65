"""How proposals hook into the application."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..accounts.retention import months_before
from ..audit import drift
from ..kernel import clock, web
from ..kernel.atom import MOST_ENTRIES
from ..kernel.clock import utc_text
from ..kernel.db import perform
from ..kernel.identity import Actor, system_actor
from ..moderation import kinds
from ..moderation.kinds import ModeratedKind
from ..outreach.feeds import Happening
from ..outreach.subjects import Followed
from ..processes.models import Process
from ..settings import Settings
from . import amendments, discussing, disputed, merging, moderating, operations, policies, queries
from .models import DISSENT_TEXTS, Amendment, CoAuthor, Proposal, ProposalState
from .operations.appraising import RETENTION
from .views import appraising, batch, dissenting, endorsing, fragments, particulars, regrouping, setting_up

RECOUNT_SECONDS = 24 * 3600.0


def init_app(app: Flask) -> None:
    """``ucc.unanswered`` counts, for the gate of closing, the proposals of a process that have no answer.

    ``ucc.proposal_panels``: callables (proposal) → Markup or None, shown on the proposal's page; those of
    ``ucc.proposal_talk`` come after them all.
    """
    app.extensions.setdefault("ucc.proposal_talk", [])
    app.extensions.setdefault("ucc.proposal_panels", [])
    app.extensions["ucc.proposal_panels"].append(particulars.panel)
    sections = app.extensions.setdefault(setting_up.SECTIONS, [])
    sections += [setting_up.questions_section, setting_up.districts_section]
    sections += [endorsing.endorsements_section, appraising.rules_section]
    app.extensions["ucc.inventory_uses"].append(particulars.uses)
    drift.register(app, "ucc.proposal_field/1", queries.field_states)
    drift.register(app, "ucc.district_map/1", queries.map_states)
    app.extensions["ucc.proposal_panels"].append(regrouping.panel)
    app.extensions.setdefault("ucc.process_panels", []).append(batch.panel)
    web.register_policies(app, policies, Proposal)
    web.register_policies(app, policies, CoAuthor, Amendment)
    drift.register(app, "ucc.proposal/1", queries.live_states)
    drift.register(app, "ucc.coauthor/1", queries.live_co_authors)
    drift.register(app, "ucc.endorsement/1", queries.live_endorsements)
    drift.register(app, "ucc.endorsement_count/1", queries.live_counts)
    drift.register(app, "ucc.proposal_rule/1", queries.live_rules)
    drift.register(app, "ucc.amendment/1", queries.live_amendments)
    fragments.init_app(app)
    discussing.init_app(app)
    kinds.register(app, moderating.MODERATED)
    kinds.register(app, amendments.MODERATED)
    drift.register(app, "ucc.regrouping/1", queries.live_regroupings)
    drift.register(app, "ucc.lineage/1", queries.live_lineage)
    drift.register(app, "ucc.dissent/1", queries.live_dissents)
    _take_dissent(app)
    _appraise(app)
    app.extensions["ucc.unanswered"] = queries.count_unanswered
    app.extensions["ucc.organisation_stages"]["proposed"] = queries.organisations_proposing
    app.extensions["ucc.account_stages"]["proposed"] = queries.accounts_proposing
    app.extensions["ucc.news"].extend([queries.answer_news, queries.version_news, queries.merged_news])
    app.extensions["ucc.followable"]["proposal"] = _followable
    app.extensions["ucc.feeds"].append(_answers)
    app.extensions.setdefault("ucc.erasers", []).append(operations.forget_author)
    app.extensions["ucc.erasers"].append(operations.forget_company)
    app.extensions["ucc.erasers"].append(operations.forget_consents)
    app.extensions["ucc.erasers"].append(operations.forget_dissents)
    app.extensions["ucc.erasers"].append(operations.forget_tasks)
    app.extensions.setdefault("ucc.personal_data", []).append(_written_by)
    app.extensions["ucc.personal_data"].append(_company_of)
    app.extensions.setdefault("ucc.merge_parts", []).append(merging.PART)
    app.extensions["ucc.jobs"].add("proposals.recount", _recount, every_seconds=RECOUNT_SECONDS)


def _appraise(app: Flask) -> None:
    drift.register(app, "ucc.appraisal/1", queries.live_appraisals)
    app.extensions["ucc.proposal_panels"].append(appraising.panel)
    app.extensions.setdefault("ucc.retention", {})[RETENTION] = _purge_notes


def _purge_notes(session: Session, known: Settings, actor: Actor, now: datetime) -> int:
    closed_before = months_before(now, known.profile_months)
    return operations.purge_notes(session, closed_before=closed_before, actor=actor, now=now)


def _take_dissent(app: Flask) -> None:
    """``ucc.disputed``: noun of a ref → callable (session, ref) → what people may disagree with (disputed.py)."""
    app.extensions.setdefault(disputed.EXTENSION, {}).update(proposal=disputed.of_proposal, process=disputed.of_process)
    app.extensions["ucc.proposal_talk"].append(dissenting.panel_of_proposal)
    app.extensions["ucc.process_panels"].append(dissenting.panel_of_process)
    app.jinja_env.globals["minority_statements"] = dissenting.minority_statements
    label = _l("Minority statement")
    kinds.register(
        app, ModeratedKind("dissent", label, dissenting.contribution, operations.conceal_dissent, DISSENT_TEXTS)
    )


def _written_by(session: Session, account: Account) -> dict[str, Any]:
    """What the account has written, agreed to and appraised, drafts too, as data for that person."""
    written = [
        {
            "process": proposal.process.public_id,
            "number": proposal.number,
            "state": proposal.status.value,
            "title": proposal.title,
            "summary": proposal.summary,
            "body": proposal.body,
            "shown_name": proposal.author_name,
            "begun_at": utc_text(proposal.created_at),
            "sent_at": utc_text(proposal.submitted_at) if proposal.submitted_at else None,
        }
        for proposal in queries.written_by(session, account)
    ]
    return {
        "proposals": written,
        "minority_statements": [
            {
                "process": each.process.public_id,
                "on": each.subject,
                "text": each.text,
                "shown_name": each.author_name,
                "filed_at": utc_text(each.filed_at),
                "withdrawn_at": utc_text(each.withdrawn_at) if each.withdrawn_at else None,
            }
            for each in queries.dissents_of(session, account)
        ],
        "asked_for_consent": [
            {
                "process": process.public_id,
                "title": plan.parts[0]["title"],
                "agreed": consent.is_given,
                "decided_at": utc_text(consent.decided_at) if consent.decided_at else None,
            }
            for consent, plan, process in queries.consents_of_account(session, account)
        ],
        "appraisals": [
            {
                "title": None if task.proposal.is_concealed else task.proposal.title,
                "due_on": task.due_on.isoformat() if task.due_on else None,
                "done_at": utc_text(task.done_at) if task.done_at else None,
                "conflict": task.conflict,
            }
            for task in queries.tasks_given_to(session, account)
        ],
    }


def _followable(session: Session, ref: str, actor: Actor) -> Followed | None:
    """A proposal that stands on the list, or has left it by being merged: not a draft, not withdrawn.

    One that moderation withholds is named only to those who read it.
    """
    found = queries.find_by_ref(session, ref)
    if found is None or found.is_draft or not policies.can_view(actor, found, now=clock.now()):
        return None
    if not policies.reads_text(actor, found):
        return None
    if found.status is ProposalState.WITHDRAWN or found.process.is_imported:
        return None
    address = url_for("proposals.show", process_id=found.process.public_id, public_id=found.public_id)
    return Followed(found.title, address, found.process)


def _answers(session: Session, process: Process, now: datetime) -> list[Happening]:
    """The newest answers, for the feed of the process."""
    return [
        Happening(
            f"{proposal.ref}/answer",
            _l("The city has answered"),
            proposal.title,
            proposal.answered_at or now,
            url_for("proposals.show", process_id=process.public_id, public_id=proposal.public_id),
            proposal.reason,
        )
        for proposal in queries.newest_answers(session, process, limit=MOST_ENTRIES)
    ]


def _company_of(session: Session, account: Account) -> dict[str, Any]:
    """What the account writes along, endorses and has proposed to change, as data for that person."""
    along = [
        {
            "proposal": one.proposal.public_id,
            "organisation": one.organisation.name if one.organisation is not None else None,
            "state": one.state.value,
            "shown_name": one.name,
            "invited_at": utc_text(one.invited_at),
            "answered_at": utc_text(one.answered_at) if one.answered_at else None,
        }
        for one in queries.invitations_of(session, account)
    ]
    endorsed = [
        {
            "proposal": one.proposal.public_id,
            "title": None if one.proposal.is_concealed else one.proposal.title,
            "organisation": one.organisation.name if one.organisation is not None else None,
            "given_at": utc_text(one.given_at),
        }
        for one in queries.endorsements_of(session, account)
    ]
    amended = [
        {
            "proposal": one.proposal.public_id,
            "number": one.number,
            "state": one.state.value,
            "new_text": one.new_text,
            "reason": one.reason,
            "shown_name": one.author_name,
            "proposed_at": utc_text(one.proposed_at),
        }
        for one in queries.amendments_of(session, account)
    ]
    return {"written_along": along, "endorsements": endorsed, "amendments": amended}


def _recount() -> None:
    actor, now = system_actor("recount"), clock.now()
    perform(lambda session: operations.recount_tags(session, actor=actor, now=now))
    perform(lambda session: operations.recount_endorsements(session, actor=actor, now=now))
