"""What everybody reads: the votes of a process, one of them with its result, the used slots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext

from ...kernel import clock
from ...kernel.db import db
from ...kernel.i18n import lazy_number
from ...kernel.qr import qr_svg
from ...kernel.web import current_actor, decide, public
from ...processes.queries import get_process
from .. import ballot_words, marking, policies, queries, telling, wording
from ..forms import BallotForm
from ..models import Franchise, Vote
from .ballot_page import ballot_of, picture_url
from .blueprint import bp, load
from .organisations import statements_for

SLOTS = 500


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of macros/charts.html tally()."""

    label: str
    value: int
    words: str
    chosen: bool
    note: str | None
    url: str | None


@bp.get("/p/<process_id>/votes")
@public
def index(process_id: str) -> str:
    session, actor, now = db.session(), current_actor(), clock.now()
    process = get_process(session, process_id, actor=actor)
    votes = queries.list_votes(session, process)
    return render_template(
        "voting/index.html",
        process=process,
        votes=[(vote, queries.turnout(session, vote)) for vote in votes],
        wording=wording,
        now=now,
        may_announce=policies.can_announce_in(actor, process, now=now),
    )


@bp.get("/p/<process_id>/votes/<public_id>")
@public
def show(process_id: str, public_id: str) -> str:
    process, vote = load(process_id, public_id)
    return page(process, vote)


@bp.get("/p/<process_id>/votes/<public_id>/sheet")
@public
def sheet(process_id: str, public_id: str) -> str:
    """The ballot to read and to talk about on paper, before it is cast."""
    process, vote = load(process_id, public_id)
    address = url_for("voting.show", process_id=process_id, public_id=public_id, _external=True)
    rule = wording.rule_in_words(vote)
    facts = {"rule": rule, "wording": wording, "address": address, "qr": qr_svg(address)}
    return render_template("voting/sheet.html", process=process, vote=vote, **facts)


def page(
    process: Any,
    vote: Vote,
    *,
    form: Any = None,
    refused: Any = None,
    chosen: Any = None,
    overtaken: Any = None,
    statement: Any = None,
) -> str:
    """The page of a vote; with ``refused`` the reason why a ballot was not taken, and what was on it. ``overtaken``:
    another device saved meanwhile, and what was sent is not saved."""
    if form is None and request.args.get("for"):
        form = BallotForm(formdata=None, data={"organisation": request.args["for"]})
    session, actor, now = db.session(), current_actor(), clock.now()
    ballot = ballot_of(session, vote, actor, now, form)
    can_see = policies.can_see_result(actor, vote, now=now)
    result = queries.result_of(vote, actor=actor, now=now) if can_see else None
    return render_template(
        "voting/show.html",
        process=process,
        vote=vote,
        now=now,
        wording=wording,
        telling=telling,
        rule=wording.rule_in_words(vote),
        turnout=queries.turnout(session, vote),
        ballot=ballot,
        how_to=ballot_words.how_to(vote),
        grades=ballot_words.grades(vote) if vote.kind.has_points and not vote.points_to_give else [],
        is_set=marking.is_set(vote),
        picture_url=picture_url,
        overtaken=overtaken,
        statements=statements_for(session, vote, ballot.standings, statement),
        result=result,
        bars=_bars(process, vote, result) if result else [],
        lapsed=queries.lapsed_organisations(session, vote)
        if result and vote.franchise is Franchise.ORGANISATION
        else [],
        is_explained=bool(result) and queries.is_analysed(session, vote),
        may_extend=decide("extend", vote),
        may_extend_roll=decide("extend_roll", vote),
        may_open=decide("open", vote),
        may_close=decide("close", vote),
        refused=refused,
        chosen=chosen or [],
    )


def _bars(process: Any, vote: Vote, result: dict[str, Any]) -> list[Bar]:
    rows = sorted(result["counts"], key=lambda line: line["rank"])
    medians = dict(
        zip((line["id"] for line in result["counts"]), (result.get("details") or {}).get("medians", ()), strict=False)
    )
    return [
        Bar(
            label=line["title"],
            value=line["votes"],
            words=telling.count_in_words(vote.rules, line),
            chosen=line["selected"],
            note=_note(vote, line, medians.get(line["id"])),
            url=url_for("voting.option", process_id=process.public_id, public_id=vote.public_id, code=line["id"]),
        )
        for line in rows
    ]


def _note(vote: Vote, line: dict[str, Any], median: int | None) -> str | None:
    """What the option costs, and by majority judgment the grade that decides."""
    cost = str(wording.money_of(vote, line["cost"]))
    grade = "" if median is None else gettext("grade in the middle: %(grade)s", grade=lazy_number(median))
    return " · ".join(part for part in (grade, cost) if part) or None


@bp.get("/p/<process_id>/votes/<public_id>/slots")
@public
def slots(process_id: str, public_id: str) -> str:
    """The slots that have voted: who did not vote can see that theirs is not among them."""
    process, vote = load(process_id, public_id)
    after = max(0, request.args.get("after", 0, type=int))
    used = queries.used_slots(db.session(), vote, after=after, limit=SLOTS + 1)
    return render_template(
        "voting/slots.html",
        process=process,
        vote=vote,
        slots=used[:SLOTS],
        next_after=used[SLOTS - 1] if len(used) > SLOTS else None,
        turnout=queries.turnout(db.session(), vote),
    )
