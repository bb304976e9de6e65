"""The plan as a whole for everybody: the plan itself, its matrices, one page in plain words, its versions."""

from __future__ import annotations

from flask import Response, current_app, render_template, request, url_for
from sqlalchemy.orm.attributes import set_committed_value

from ...audit.canonical import dumps
from ...inventory.models import ItemKind
from ...kernel import clock
from ...kernel.db import db
from ...kernel.errors import NotFound
from ...kernel.i18n import lazy_money_in_words, reader
from ...kernel.web import current_actor, public
from ...processes.frame import phases_of
from ...processes.models import Process
from ...vocabularies import uccn
from .. import charts, discussing, lineage, queries, wording
from ..matrices import matrices, with_used
from ..models import Plan, Vocabulary
from ..money import money_of
from ..overview import Overview, pdf
from ..overview import overview as overview_of
from ..saying import passed_over
from ..versions import differences, refs_in
from .blueprint import bp, load_process


def load_plan(process_id: str) -> tuple[Process, Plan]:
    """The process with its phases and its plan. Raises NotFound where there is none to be read."""
    process = load_process(process_id)
    plan = queries.get_plan(db.session(), process, actor=current_actor(), now=clock.now())
    set_committed_value(plan, "process", process)
    return process, plan


@bp.get("/p/<process_id>/plan")
@public
def show(process_id: str) -> str:
    """Before there is a plan to read the page says so: the menu of every process leads here."""
    try:
        process, plan = load_plan(process_id)
    except NotFound:
        process = load_process(process_id)
        return render_template("plan/none.html", process=process, phases=phases_of(process))
    session = db.session()
    initiatives = queries.initiatives_of(session, plan)
    money = money_of(plan, initiatives, queries.resources_of(session, process))
    return render_template(
        "plan/show.html",
        process=process,
        phases=phases_of(process),
        plan=plan,
        now=clock.now(),
        initiatives=initiatives,
        money=money,
        totals={
            "cost": lazy_money_in_words(money.cost, plan.currency),
            "there": lazy_money_in_words(money.secured + money.expected, plan.currency),
        },
        gantt=charts.gantt(plan, initiatives),
        budget=charts.budget(money),
        versions=queries.versions_of(session, plan),
        talk=discussing.plan_panel(plan),
        vocabularies=uccn,
        wording=wording,
    )


@bp.get("/p/<process_id>/plan/matrices")
@public
def tables(process_id: str) -> str:
    """``?words=now`` or ``2013``: in which words of the Network; the plan's own without it."""
    process, plan = load_plan(process_id)
    words = request.args.get("words", plan.vocabulary.value)
    vocabulary = Vocabulary(words) if words in set(Vocabulary) else plan.vocabulary
    initiatives = queries.initiatives_of(db.session(), plan)
    items = with_used(queries.listed_items(db.session(), process), initiatives)
    found = matrices(
        initiatives,
        needs=[item for item in items if item.kind is ItemKind.NEED],
        assets=[item for item in items if item.kind.is_asset],
        vocabulary=vocabulary,
    )
    return render_template(
        "plan/matrices.html",
        process=process,
        phases=phases_of(process),
        plan=plan,
        initiatives=initiatives,
        matrices=found,
        vocabulary=vocabulary,
        wording=wording,
    )


@bp.get("/p/<process_id>/plan/overview")
@public
def overview(process_id: str) -> str:
    """Everything on one page, in the language of the reader."""
    process, plan = load_plan(process_id)
    return render_template(
        "plan/overview.html", process=process, phases=phases_of(process), plan=plan, page=_page_of(process, plan)
    )


@bp.get("/p/<process_id>/plan/overview.pdf")
@public
def overview_pdf(process_id: str) -> Response:
    process, plan = load_plan(process_id)
    settings = current_app.extensions["ucc.settings"]
    address = settings.public_url + url_for("plan.show", process_id=process_id)
    made = pdf(_page_of(process, plan), city=settings.city(reader().locale), address=address)
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="plan-{plan.public_id}-{reader().locale}.pdf"'
    return answer


def _page_of(process: Process, plan: Plan) -> Overview:
    initiatives = queries.initiatives_of(db.session(), plan)
    money = money_of(plan, initiatives, queries.resources_of(db.session(), process))
    return overview_of(plan, initiatives, money, now=clock.now())


@bp.get("/p/<process_id>/plan/versions")
@public
def versions(process_id: str) -> str:
    """Every version; ``?from=1&to=3`` compares two of them, without them the last two."""
    process, plan = load_plan(process_id)
    every = queries.versions_of(db.session(), plan)
    titles = queries.titles_of(db.session(), plan, with_dropped=True)
    known = [version.number for version in every]
    chosen = [request.args.get(name, type=int) for name in ("from", "to")]
    old, new = chosen if all(one in known for one in chosen) else (known[-2:] if len(known) > 1 else (None, None))
    compared = None
    if old is not None and new is not None:
        before, after = (queries.get_version(db.session(), plan, number) for number in (old, new))
        names = lineage.names_of(db.session(), refs_in(before.content, after.content))
        compared = differences(before.content, after.content, locale=reader().locale, names=names)
    return render_template(
        "plan/versions.html",
        process=process,
        phases=phases_of(process),
        plan=plan,
        versions=every,
        passed={each.number: passed_over(each, titles) for each in every},
        voted=lineage.voted_in(db.session(), plan),
        sectors=uccn.SECTORS,
        old=old,
        new=new,
        compared=compared,
        wording=wording,
    )


@bp.get("/p/<process_id>/plan/versions/<int:number>.json")
@public
def version_json(process_id: str, number: int) -> Response:
    """What a version holds, in the bytes that its hash is of."""
    _process, plan = load_plan(process_id)
    version = queries.get_version(db.session(), plan, number)
    return Response(dumps(version.content), mimetype="application/json")
