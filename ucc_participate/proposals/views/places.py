"""The map of a process's proposals by district, and the map itself as a coordinator brings it."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request
from flask_babel import gettext as _

from ...kernel import clock
from ...kernel.db import db, perform
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.geography import Picture, draw
from ...kernel.i18n import lazy_number
from ...kernel.visitor_cache import shared_by_visitors
from ...kernel.web import current_actor, public, say, see_other
from ...processes.frame import desk_menu, phases_of
from .. import operations, policies, queries
from ..forms import MapForm
from ..models import DistrictMap
from ..particulars import districts_of
from .blueprint import Answer, bp, load_process

EXTENSION = "ucc.district_picture"
LARGEST_MAP = 3_000_000
STEPS = 4
"""Shades of the map; the number stands in each district too."""


def city_map() -> tuple[DistrictMap, Picture] | None:
    """The newest map and its picture, drawn once in each process of the server."""
    newest = queries.current_map_id(db.session())
    if newest is None:
        return None
    kept = current_app.extensions.get(EXTENSION)
    if kept is None or kept[0].id != newest:
        found = queries.current_map(db.session())
        if found is None:
            return None
        db.session.expunge(found)
        kept = current_app.extensions[EXTENSION] = (found, draw(districts_of(found)))
    known: tuple[DistrictMap, Picture] = kept
    return known


def district_names() -> dict[str, str]:
    found = city_map()
    return found[0].names if found else {}


@bp.get("/p/<process_id>/proposals/map")
@public
@shared_by_visitors
def on_map(process_id: str) -> str:
    process = load_process(process_id)
    found = city_map()
    names = found[0].names if found else {}
    counts = queries.counts_by_district(db.session(), process, list(names)) if names else {}
    return render_template(
        "proposals/map.html",
        process=process,
        phases=phases_of(process),
        picture=found[1] if found else None,
        names=names,
        counts=counts,
        shades=_shades(counts),
        total=queries.counts(db.session(), process, now=clock.now()).total,
        source=found[0].source if found else None,
    )


def _shades(counts: dict[str, int]) -> dict[str, int]:
    """0 for none, else 1 to STEPS by the share of the largest."""
    most = max(counts.values(), default=0)
    return {code: 0 if not count else 1 + (count - 1) * STEPS // most for code, count in counts.items()}


@bp.route("/staff/districts", methods=["GET", "POST"])
def districts() -> Answer:
    """The city's map: what is used now, and bringing a newer one."""
    require(policies.can_bring_map(current_actor()))
    form = MapForm()
    if not form.validate_on_submit():
        return _page(form, 422 if form.errors else 200)
    actor, now, source = current_actor(), clock.now(), form.source.data or ""
    try:
        data = _brought()
        made = perform(lambda session: operations.add_district_map(session, data, source, actor=actor, now=now))
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(form, refusal.status)
    say(_("The map is taken: %(count)s districts.", count=lazy_number(len(made.districts))))
    return see_other("proposals.districts")


def _brought() -> bytes:
    given = request.files.get("file")
    data = given.stream.read(LARGEST_MAP + 1) if given is not None else b""
    if not data:
        raise Invalid(_("Choose a file."))
    if len(data) > LARGEST_MAP:
        raise Invalid(
            _(
                "This file is too large. It may have at most %(most)s MB.",
                most=lazy_number(max(1, LARGEST_MAP // 1_000_000)),
            )
        )
    return data


def _page(form: MapForm, status: int) -> Answer:
    found = city_map()
    facts: dict[str, Any] = {"maps": queries.list_maps(db.session()), "picture": found[1] if found else None}
    page = render_template(
        "proposals/districts.html",
        form=form,
        staff_navigation=desk_menu(),
        names=found[0].names if found else {},
        most=LARGEST_MAP // 1_000_000,
        **facts,
    )
    return page, status
