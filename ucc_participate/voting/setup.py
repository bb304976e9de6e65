"""How votes hook into the application: policies, drift checks, what the clock does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, render_template, url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..audit import drift
from ..kernel import clock
from ..kernel.clock import utc_text
from ..kernel.db import db
from ..kernel.web import current_actor, register_policies
from ..outreach.feeds import Happening
from ..processes.models import Process
from ..proposals.disputed import Disputed
from ..proposals.models import DissentAbout
from . import drift as ballots_and_rolls
from . import jobs, merging, operations, policies, queries
from .models import BallotDraft, Vote, VoteState

CLOCK_SECONDS = 1.0
BATCH_SECONDS = 60.0
ANALYSE_SECONDS = 5.0


def init_app(app: Flask) -> None:
    register_policies(app, policies, Vote)
    drift.register(app, "ucc.vote/1", queries.live_states)
    drift.register(app, "ucc.tally/1", queries.live_tallies)
    drift.register(app, "ucc.lot_draw/1", queries.live_lots)
    drift.register(app, "ucc.certification/1", queries.live_certifications)
    drift.register(app, "ucc.ballot/1", queries.live_open_ballots)
    drift.register_faults(app, ballots_and_rolls.faults)
    app.extensions.setdefault("ucc.personal_data", []).extend([_places_on_rolls, _for_organisations, _drafts])
    app.extensions.setdefault("ucc.erasers", []).extend([operations.forget_agreements, operations.forget_drafts])
    app.extensions.setdefault("ucc.merge_parts", []).append(merging.PART)
    app.extensions["ucc.seat_panels"].append(_open_votes)
    app.extensions["ucc.organisation_stages"]["voted"] = queries.organisations_voting
    app.extensions["ucc.account_stages"]["voted"] = queries.accounts_voting
    app.extensions["ucc.news"].append(queries.closing_news)
    app.extensions["ucc.news"].append(queries.certified_news)
    app.extensions["ucc.feeds"].append(_votes)
    app.extensions["ucc.disputed"]["vote"] = _disputed
    app.extensions["ucc.jobs"].add("voting.open_and_close", jobs.open_and_close, every_seconds=CLOCK_SECONDS)
    app.extensions["ucc.jobs"].add("voting.batch", jobs.batch_waiting, every_seconds=BATCH_SECONDS)
    app.extensions["ucc.jobs"].add("voting.analyse", jobs.analyse_counted, every_seconds=ANALYSE_SECONDS)
    app.extensions.setdefault("ucc.vote_margins", [])


def _votes(session: Session, process: Process, now: datetime) -> list[Happening]:
    """Votes that were opened and closed, for the feed of the process: that they were, and no figures."""
    found = []
    for vote in queries.list_votes(session, process):
        path = url_for("voting.show", process_id=process.public_id, public_id=vote.public_id)
        if vote.status is not VoteState.ANNOUNCED:
            found.append(Happening(f"{vote.ref}/open", _l("A vote is open"), vote.title, vote.opens_at, path))
        if vote.status is VoteState.CLOSED:
            found.append(Happening(f"{vote.ref}/closed", _l("A vote is closed"), vote.title, vote.closes_at, path))
        if vote.certified_at is not None:
            certified = _l("The result of a vote is certified")
            found.append(Happening(f"{vote.ref}/certified", certified, vote.title, vote.certified_at, path))
    return found


def _disputed(session: Session, ref: str) -> Disputed | None:
    """What people may file a minority statement on: a counted vote, from its closing on."""
    vote = queries.vote_by_ref(session, ref)
    if vote is None:
        return None
    decided_at = vote.closes_at if vote.result is not None else None
    path = f"/p/{vote.process.public_id}/votes/{vote.public_id}"
    return Disputed(vote.ref, vote.process, DissentAbout.DECISION, vote.title, path, decided_at, decided_at)


def _open_votes() -> Markup:
    """What the reader can do now for the organisations that they speak for."""
    from .views.organisations import open_standings

    now = clock.now()
    found = open_standings(db.session(), current_actor(), now)
    return Markup(render_template("voting/_open_votes.html", found=found, now=now))  # noqa: S704  # just escaped


def _places_on_rolls(session: Session, account: Account) -> dict[str, Any]:
    """On which rolls the account stands and whether a ballot was cast there; how it voted nobody can tell."""
    found = queries.places_of(session, account)
    return {"votes": [{"vote": vote.title, "slot": entry.slot, "has_voted": entry.has_voted} for vote, entry in found]}


def _drafts(session: Session, account: Account) -> dict[str, Any]:
    """What the account has ticked and not cast: it goes when it is cast, and when the vote closes."""
    found = queries.drafts_by(session, account)
    return {"ballot_drafts": [_draft(vote, draft) for vote, draft in found]}


def _draft(vote: Vote, draft: BallotDraft) -> dict[str, Any]:
    titles = {option.code: option.title for option in vote.options}
    marked = [{"title": titles[code], "mark": mark} for code, mark in draft.typed.items()]
    return {"vote": vote.title, "saved_at": utc_text(draft.saved_at), "marked": marked}


def _for_organisations(session: Session, account: Account) -> dict[str, Any]:
    """Ballots of organisations that the account cast last, and those that wait for more than its agreement."""
    cast = [
        {"vote": vote.title, "organisation": organisation.name, "cast_at": utc_text(ballot.cast_at)}
        for vote, organisation, ballot in queries.cast_by(session, account)
    ]
    agreed = [
        {"vote": vote.title, "organisation": organisation.name, "agreed_at": utc_text(confirmation.confirmed_at)}
        for vote, organisation, confirmation in queries.agreements_of(session, account)
    ]
    return {"organisation_ballots": cast, "agreements": agreed}
